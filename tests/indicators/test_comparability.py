"""Two records that differ in one field get the verdict and the reason that an evaluator would give."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kij_analysis.errors import StudyError, UsageError
from kij_analysis.indicators import comparability, load, matrix, rules
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES

RECORD = load(template_folder() / "data" / "raw" / "published")

BASE: dict[str, Any] = {
    "programme": "kvinfo", "indicator": "employed", "unit": "per_cent", "precision": "exact",
    "outcome_type": "status", "denominator": "completers", "timing": "at_end", "timing_months": None,
    "year_from": 2021, "year_to": 2021, "cut_off": "not_applicable", "role": "mentee", "population": "women",
    "n": 120, "response_rate": None, "confidence": "high", "data_status": "published",
}  # fmt: skip
PERCEIVED = {"indicator": "improved_language", "outcome_type": "perceived_change", "cut_off": "top_2"}
ANSWERED = {"denominator": "respondents", "response_rate": 60}
LATER = {"timing": "after_k_months"}
WITHIN = {"timing": "within_k_months"}

PAIRS: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    ("the same twice is comparable", {}, {}, "comparable", ""),
    ("another year soon after is comparable", {}, {"year_from": 2023, "year_to": 2023}, "comparable", ""),
    ("a share and a number are not", {}, {"unit": "persons"}, "not_comparable", "unit_differs"),
    ("a target is no result", {}, {"outcome_type": "target"}, "not_comparable", "target_or_plan"),
    ("nor is a plan", {}, {"outcome_type": "plan"}, "not_comparable", "target_or_plan"),
    ("what one does is not what one sees changed", {}, {"outcome_type": "perceived_change"},
     "not_comparable", "status_and_perception"),
    ("nor what one thinks has helped", {}, {"outcome_type": "perceived_help"},
     "not_comparable", "status_and_perception"),
    ("change seen and help ascribed differ", PERCEIVED, PERCEIVED | {"outcome_type": "perceived_help"},
     "not_comparable", "type_differs"),
    ("satisfaction is no change", PERCEIVED, PERCEIVED | {"outcome_type": "satisfaction"},
     "not_comparable", "type_differs"),
    ("work is a part of work or education", {}, {"indicator": "employed_or_education"},
     "not_comparable", "part_of_the_other"),
    ("and of work, placement or education", {}, {"indicator": "job_placement_or_education"},
     "not_comparable", "part_of_the_other"),
    ("a matching job is a part of work", {}, {"indicator": "matching_job"},
     "not_comparable", "part_of_the_other"),
    ("by way of work, it is a part of work or education", {"indicator": "matching_job"},
     {"indicator": "employed_or_education"}, "not_comparable", "part_of_the_other"),
    ("work and education are two things", {}, {"indicator": "in_education"},
     "not_comparable", "indicator_differs"),
    ("language and chances of work are two things", PERCEIVED,
     PERCEIVED | {"indicator": "improved_chance_of_work"}, "not_comparable", "indicator_differs"),
    ("mentors do not speak for mentees", PERCEIVED, PERCEIVED | {"role": "mentor"},
     "not_comparable", "roles_differ"),
    ("nor do they make a register", {}, {"role": "mentor"}, "not_comparable", "roles_differ"),
    ("a mix of both is neither", PERCEIVED, PERCEIVED | {"role": "both"}, "not_comparable", "roles_mixed"),
    ("a register counts in its own way", {}, {"role": "register"}, "caution", "register_and_account"),
    ("who answered may not be known", {}, {"role": "unknown"}, "caution", "role_unknown"),
    ("all who began are more than those who completed", {}, {"denominator": "all_starters"},
     "not_comparable", "denominator_differs"),
    ("those who wanted a job are fewer than all", {"denominator": "all_starters"},
     {"denominator": "job_seekers"}, "not_comparable", "denominator_differs"),
    ("those in work are another base than those who completed", {"indicator": "matching_job"},
     {"indicator": "matching_job", "denominator": "employed"}, "not_comparable", "denominator_differs"),
    ("those who answered are not all", {"denominator": "all_starters"}, ANSWERED,
     "not_comparable", "respondents_only"),
    ("nor all who completed", {}, ANSWERED, "not_comparable", "respondents_only"),
    ("those who left are nearly those who completed", {}, {"denominator": "leavers"},
     "caution", "denominator_close"),
    ("those who left are nearly those who began", {"denominator": "leavers"}, {"denominator": "all_starters"},
     "caution", "denominator_close"),
    ("an evaluated course may lack answers", ANSWERED, {"denominator": "evaluated_courses"},
     "caution", "denominator_close"),
    ("a base that is not printed may be any", {}, {"denominator": "unknown"},
     "caution", "denominator_unknown"),
    ("how many answered should be printed", ANSWERED, ANSWERED | {"response_rate": None},
     "caution", "non_response_unknown"),
    ("both response rates printed are enough", ANSWERED, ANSWERED | {"response_rate": 40}, "comparable", ""),
    ("at the end is not ever", {}, {"timing": "ever"}, "not_comparable", "moment_and_period"),
    ("nor during", {}, {"timing": "during"}, "not_comparable", "moment_and_period"),
    ("in work on a day is not having found work within a year", {}, WITHIN | {"timing_months": 12},
     "not_comparable", "moment_and_period"),
    ("a year after the end is not the end", {}, LATER | {"timing_months": 12},
     "not_comparable", "months_apart"),
    ("two months after nearly is", {}, LATER | {"timing_months": 2}, "caution", "timing_close"),
    ("within six months is less than within two years", WITHIN | {"timing_months": 6},
     WITHIN | {"timing_months": 24}, "not_comparable", "months_apart"),
    ("within six months is nearly within eight", WITHIN | {"timing_months": 6},
     WITHIN | {"timing_months": 8}, "caution", "timing_close"),
    ("during is not ever", {"timing": "during"}, {"timing": "ever"}, "not_comparable", "months_apart"),
    ("when it was measured may not be known", {}, {"timing": "unknown"}, "caution", "timing_unknown"),
    ("the three best answers are more than the two best", PERCEIVED, PERCEIVED | {"cut_off": "top_3"},
     "not_comparable", "cut_off_differs"),
    ("a yes is no place on a scale", PERCEIVED, PERCEIVED | {"cut_off": "yes_no"},
     "not_comparable", "cut_off_differs"),
    ("which answers count may not be known", PERCEIVED, PERCEIVED | {"cut_off": "unknown"},
     "caution", "cut_off_unknown"),
    ("women are not men", {}, {"population": "men"}, "not_comparable", "sexes_differ"),
    ("women are a part of all", {}, {"population": "all"}, "caution", "population_differs"),
    ("whether men are counted may not be known", {}, {"population": "unknown"},
     "caution", "population_unknown"),
    ("ten years change a programme", {}, {"year_from": 2011, "year_to": 2011}, "caution", "years_apart"),
    ("a period that reaches near is near", {}, {"year_from": 2005, "year_to": 2017}, "comparable", ""),
    ("the year may not be known", {}, {"year_from": None, "year_to": None}, "caution", "year_unknown"),
    ("Finland is not Denmark", {}, {"programme": "fika"}, "caution", "countries_differ"),
    ("another programme in Denmark is in Denmark", {}, {"programme": "pift"}, "comparable", ""),
    ("about a number is a range", {}, {"precision": "about"}, "caution", "not_exact"),
    ("at least is a range", {}, {"precision": "at_least"}, "caution", "not_exact"),
    ("a second-hand claim is weak", {}, {"confidence": "low"}, "caution", "source_weak"),
    ("without a base nobody knows how sure it is", {}, {"n": None}, "caution", "uncertainty_unknown"),
    ("made-up numbers are no evidence", {}, {"data_status": "synthetic"},
     "not_comparable", "synthetic_data"),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "one", "other", "verdict", "reason"), PAIRS, ids=[p[0] for p in PAIRS])
def test_one_difference_has_its_verdict_and_its_reason(sentence, one, other, verdict, reason):
    found = comparability(BASE | one, BASE | other)
    assert (found.verdict, found.codes) == (verdict, (reason,) if reason else ())


@pytest.mark.parametrize(("sentence", "one", "other", "verdict", "reason"), PAIRS, ids=[p[0] for p in PAIRS])
def test_the_order_of_the_two_does_not_matter(sentence, one, other, verdict, reason):
    assert comparability(BASE | one, BASE | other) == comparability(BASE | other, BASE | one)


def test_every_difference_of_the_rules_is_among_the_pairs():
    assert {pair[4] for pair in PAIRS} - {""} == set(rules().differences)


def test_the_gravest_reason_decides_and_stands_first():
    found = comparability(BASE, BASE | {"n": None, "population": "all", "unit": "persons"})
    assert found.verdict == "not_comparable"
    assert found.codes[0] == "unit_differs"
    assert set(found.codes) == {"unit_differs", "population_differs", "uncertainty_unknown"}


def test_the_danish_public_scheme_is_never_pooled_over_roles():
    scheme = RECORD[RECORD["programme"] == "public_mentor_scheme_dk"].set_index("role", drop=False)
    found = comparability(scheme.loc["mentor"], scheme.loc["mentee"])
    assert found.verdict == "not_comparable"
    assert "mentors answered one, mentees the other" in found.sentence("en")


def test_the_matrix_holds_every_pair_once():
    few = RECORD[RECORD["unit"] == "per_cent"].head(6)
    pairs = matrix(few)
    assert len(pairs) == 15
    assert set(pairs["a"]) | set(pairs["b"]) == set(few["id"])
    assert set(pairs["data_status"]) == {"published"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_spoken_in_every_language(language):
    for one, other in ((pair[1], pair[2]) for pair in PAIRS):
        sentence = comparability(BASE | one, BASE | other).sentence(language)
        assert sentence.endswith(".")
        assert "_" not in sentence


def test_a_study_may_judge_otherwise(tmp_path):
    shipped = template_folder() / "codebook" / "comparability.yaml"
    text = shipped.read_text("utf-8").replace(
        "countries_differ:\n    {field: programme, verdict: caution",
        "countries_differ:\n    {field: programme, verdict: not_comparable",
    )
    (tmp_path / "comparability.yaml").write_text(text, "utf-8")
    own = rules(tmp_path)
    assert comparability(BASE, BASE | {"programme": "fika"}, rules=own).verdict == "not_comparable"
    assert comparability(BASE, BASE | {"programme": "fika"}).verdict == "caution"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "[completers, leavers]",
            "[completers, leaverss]",
            "no denominator 'leaverss'.*Did you mean 'leavers'",
        ),
        ("employed: [matching_job", "employed: [employed_or_education, matching_job", "made of itself"),
        ("verdict: caution", "verdict: careful", "careful"),
        ("limits: {months: 3, years: 5}", "limits: {months: 3}", "years"),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(tmp_path, old, new, sentence):
    shipped = (template_folder() / "codebook" / "comparability.yaml").read_text("utf-8")
    assert old in shipped
    (tmp_path / "comparability.yaml").write_text(shipped.replace(old, new, 1), "utf-8")
    with pytest.raises(StudyError, match=rf"(?s)comparability\.yaml, line \d+.*{sentence}"):
        rules(tmp_path)


def test_a_record_without_a_field_is_refused_by_name():
    with pytest.raises(UsageError, match="lacks 'timing'"):
        comparability({k: v for k, v in BASE.items() if k != "timing"}, BASE)


def test_ids_that_stand_twice_are_refused():
    with pytest.raises(UsageError, match="stand twice"):
        matrix(pd.concat([RECORD.head(2), RECORD.head(1)]))
