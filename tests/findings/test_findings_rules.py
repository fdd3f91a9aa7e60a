"""Every kind of test gives every verdict that it can give, each on data made for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from findings.making import evidence_of, finding, persons, twice

from kij_analysis.findings import KINDS, VERDICTS, Evidence, held
from kij_analysis.findings.overall import ALL
from kij_analysis.indicators import load
from kij_analysis.study import open_study
from kij_analysis.template import template_folder

FOLDER = template_folder()
STUDY = open_study(FOLDER)
SAID = ("borne_out", "contradicted", "inconclusive", "not_testable")


def verdict(kind: str, options: dict[str, Any], evidence: Evidence, **more: Any) -> tuple[str, str]:
    """The verdict of the first part, and what is needed."""
    rows = held(finding(kind, options, **more), evidence)
    first = rows[rows["programme"] != ALL].iloc[0]
    assert first["verdict"] in VERDICTS
    return first["would_say"], first["needed"]


# ---------------------------------------------------------------- shares

SHARES = """
kind           | hits | n   | rule                          | says
share_at_least | 18   | 20  | share 0.5                     | borne_out
share_at_least | 2    | 20  | share 0.5                     | contradicted
share_at_least | 11   | 20  | share 0.5                     | inconclusive
share_at_least | 20   | 20  | share 0.5                     | borne_out
share_at_least | 0    | 20  | share 0.5                     | contradicted
share_at_least | 1    | 1   | share 0.5                     | inconclusive
share_at_least | 2    | 2   | share 0.5                     | inconclusive
share_at_least | 0    | 0   | share 0.5                     | not_testable
share_near     | 200  | 400 | share 0.5 within 0.1          | borne_out
share_near     | 40   | 400 | share 0.5 within 0.1          | contradicted
share_near     | 390  | 400 | share 0.5 within 0.1          | contradicted
share_near     | 10   | 20  | share 0.5 within 0.1          | inconclusive
share_near     | 0    | 0   | share 0.5 within 0.1          | not_testable
"""


NOTHING = pd.array([pd.NA] * 3, dtype="boolean")


def rows_of(table: str) -> list[tuple[str, ...]]:
    return [tuple(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines()[1:]]


def options_of(text: str) -> dict[str, Any]:
    parts = text.split()
    return {name: float(value) for name, value in zip(parts[::2], parts[1::2], strict=True)}


@pytest.mark.parametrize(("kind", "hits", "n", "rule", "says"), rows_of(SHARES))
def test_a_share_is_judged_by_its_interval(kind, hits, n, rule, says):
    evidence = evidence_of(persons(int(hits), int(n)) if int(n) else persons(0, 3, network_high=NOTHING))
    assert verdict(kind, {"variable": "network_high", **options_of(rule)}, evidence)[0] == says


def test_the_bounds_of_a_share_are_one_sided_at_the_level_asked_for():
    evidence = evidence_of(persons(14, 20))
    rows = held(finding("share_at_least", {"variable": "network_high", "share": 0.5}), evidence)
    assert rows["level"].round(2).tolist() == [0.9, 0.9]
    # Wilson with z = 1.645: (0.7 + 0.0676 - 1.645 * 0.1104) / 1.1353.
    assert rows["conf_low"][0] == pytest.approx(0.5162, abs=5e-4) and rows["would_say"][0] == "borne_out"
    strict = held(finding("share_at_least", {"variable": "network_high", "share": 0.5}), evidence, level=0.99)
    assert strict["would_say"][0] == "inconclusive"


def test_a_share_of_categories_counts_those_that_are_named():
    status = pd.Categorical(["employed"] * 9 + ["unemployed"] * 9 + ["education"] * 9 + [None] * 3)
    evidence = evidence_of(persons(0, 30, labour_status=status))
    options = {"variable": "labour_status", "answers": ["employed", "education"], "share": 0.5}
    (row, _) = held(finding("share_at_least", options), evidence).to_dict("records")
    assert (row["count"], row["n"], row["category"]) == (18, 27, "employed|education")


def test_only_persons_whom_the_finding_is_about_count():
    status = pd.Categorical(["unemployed"] * 10 + ["employed"] * 10)
    evidence = evidence_of(persons(10, 20, labour_status=status), persons(0, 5, gender="man"))
    among = {"variable": "labour_status", "wave": "end", "answers": ["unemployed"]}
    options = {"variable": "network_high", "share": 0.5, "among": among}
    (row, _) = held(finding("share_at_least", options), evidence).to_dict("records")
    assert (row["count"], row["n"]) == (10, 10)


def test_a_share_can_follow_the_definition_of_a_printed_one():
    entry = persons(0, 20, wave="entry", labour_status=pd.Categorical(["unemployed"] * 20))
    end = persons(0, 10, labour_status=pd.Categorical(["employed"] * 8 + ["unemployed"] * 2))
    named = {"indicator": "employed", "denominator": "all_starters", "timing": "at_end"}
    rows = held(
        finding("share_near", {"definition": named, "share": 0.4, "within": 0.3}), evidence_of(entry, end)
    )
    assert (rows["count"][0], rows["n"][0], rows["would_say"][0]) == (8, 20, "borne_out")


# ---------------------------------------------------------------- changes

UP, DOWN = [20.0] * 10, [10.0, 20, 30, 40] * 5
CHANGES = {
    "it rises in all by different amounts": (DOWN, [x + 10 + i % 3 for i, x in enumerate(DOWN)], SAID[0]),
    "it falls": (DOWN, [x - 10 - i % 3 for i, x in enumerate(DOWN)], SAID[1]),
    "up in some, down in others": (DOWN, [x + (-1) ** i * 10 for i, x in enumerate(DOWN)], SAID[2]),
    "all by the same, so no interval": (UP, [30.0] * 10, SAID[2]),
    "one person": ([20.0], [40.0], SAID[2]),
    "nobody at the end": (UP, [np.nan] * 10, SAID[3]),
}


@pytest.mark.parametrize(("before", "after", "says"), CHANGES.values(), ids=CHANGES)
def test_a_change_is_judged_by_its_interval(before, after, says):
    found = verdict("change_above", {"variable": "confidence_score"}, evidence_of(twice(before, after)))
    assert found[0] == says
    assert (found[1] == "both_waves") == (says == "not_testable")


@pytest.mark.parametrize(
    ("shift", "spread", "says"),
    [
        (0.0, 1.0, SAID[0]),
        (20.0, 1.0, SAID[1]),
        (5.0, 1.0, SAID[2]),
        (0.0, 30.0, SAID[2]),
        (np.nan, 1.0, SAID[3]),
    ],
)
def test_that_nothing_has_changed_needs_an_interval_within_the_limit(shift, spread, says):
    after = [x + shift + (-1) ** i * spread for i, x in enumerate(DOWN)]
    options = {"variable": "confidence_score", "within": 5.0}
    assert verdict("change_near", options, evidence_of(twice(DOWN, after)))[0] == says


def test_a_change_below_the_margin_does_not_count():
    after = [x + 3 + i % 2 for i, x in enumerate(DOWN)]
    evidence = evidence_of(twice(DOWN, after))
    options = {"variable": "confidence_score"}
    assert verdict("change_above", options, evidence)[0] == "borne_out"
    assert verdict("change_above", {**options, "margin": 5.0}, evidence)[0] == "contradicted"


def test_a_time_that_nobody_was_asked_at_is_needed():
    only = evidence_of(twice(DOWN, DOWN)[:20])
    assert verdict("change_above", {"variable": "confidence_score"}, only) == ("not_testable", "answers")


# ---------------------------------------------------------------- differences

BETWEEN = {"variable": "network_high", "between": "role", "first": "mentor", "second": "mentee"}


@pytest.mark.parametrize(
    ("mentors", "mentees", "says"),
    [
        ((18, 20), (4, 20), SAID[0]), ((4, 20), (18, 20), SAID[1]), ((10, 20), (9, 20), SAID[2]),
        ((9, 10), (0, 0), SAID[3]),
    ],
)  # fmt: skip
def test_a_difference_is_judged_by_its_interval(mentors, mentees, says):
    parts = [persons(*mentors, role="mentor", gender="man"), persons(*mentees)]
    assert verdict("difference_above", BETWEEN, evidence_of(*parts))[0] == says


@pytest.mark.parametrize(("fika", "sajo", "says"), [(18, 3, SAID[0]), (3, 18, SAID[1]), (10, 9, SAID[2])])
def test_two_programmes_are_one_comparison(fika, sajo, says):
    options = {"variable": "network_high", "between": "programme", "first": "fika", "second": "sajo"}
    evidence = evidence_of(persons(fika, 20), persons(sajo, 20, programme="sajo"))
    rows = held(finding("difference_above", options, said_of=("fika", "sajo")), evidence)
    assert rows["part"].tolist() == ["fika-sajo", ""] and rows["would_say"].tolist() == [says, says]
    alone = held(finding("difference_above", options, said_of=("fika", "sajo")), evidence_of(persons(3, 9)))
    assert alone["would_say"].tolist() == ["not_testable", "not_testable"]


# ---------------------------------------------------------------- barriers


@pytest.mark.parametrize(
    ("language", "network", "health", "top", "says"),
    [
        (40, 5, 5, 1, SAID[0]), (5, 40, 40, 2, SAID[1]), (20, 21, 20, 1, SAID[2]),
        (20, 21, 20, 3, SAID[0]),
    ],
)  # fmt: skip
def test_a_rank_is_judged_by_its_simultaneous_interval(language, network, health, top, says):
    counts = {"barrier_language": language, "barrier_network": network, "barrier_health": health}
    named = {k: pd.array([place < n for place in range(50)], dtype="boolean") for k, n in counts.items()}
    named["barrier_network"] = named["barrier_network"][::-1]
    evidence = evidence_of(persons(0, 50, **named))
    assert verdict("barrier_among_top", {"barrier": "language", "top": top}, evidence)[0] == says


def test_a_barrier_that_was_not_asked_about_cannot_be_tested():
    unasked = {
        "barrier_language": pd.array([pd.NA] * 9, dtype="boolean"),
        "barrier_language_missing": "not_asked",
    }
    evidence = evidence_of(persons(0, 9, barrier_network=True, **unasked))
    options = {"barrier": "language", "top": 3}
    assert verdict("barrier_among_top", options, evidence) == ("not_testable", "question")


# ---------------------------------------------------------------- associations


@pytest.mark.parametrize(
    ("slope", "n", "says"), [(1, 30, SAID[0]), (-1, 30, SAID[1]), (0, 30, SAID[2]), (1, 3, SAID[3])]
)
def test_an_association_is_judged_by_its_interval(slope, n, says):
    trust = [float(place * 37 % n) for place in range(n)]
    noise = [float(place * 17 % n) for place in range(n)]
    frame = twice([50.0] * n, [50 + 3 * slope * a + b for a, b in zip(trust, noise, strict=True)])
    frame = frame.assign(
        relationship_trust_score=trust * 2, labour_status=pd.Categorical(["employed"] * 2 * n)
    )
    options = {"dose": "relationship_trust_score", "outcome": "confidence_change"}
    assert verdict("association_above", options, evidence_of(frame))[0] == says


# ---------------------------------------------------------------- beside a comparison group


def two_groups(mentees: float, others: float, *, apart: float = 0.0) -> pd.DataFrame:
    """Eighty mentees and eighty others with a score before, and a share with a good network after."""
    parts = []
    for role, share in (("mentee", mentees), ("comparison", others)):
        before = [float(place % 10 * 10) + apart * (role == "mentee") for place in range(80)]
        after = [(place * 7 % 80) < share * 80 for place in range(80)]
        both = {"role": role, "network_score": before}
        parts += [
            persons(0, 80, programme="kvinfo", wave="entry", **both),
            persons(0, 80, programme="kvinfo", **both).assign(network_high=pd.array(after, dtype="boolean")),
        ]
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(person_id=frame["person_id"] + frame["role"])


@pytest.mark.parametrize(
    ("mentees", "others", "apart", "says", "needed"),
    [
        (0.8, 0.3, 0, SAID[0], ""), (0.3, 0.8, 0, SAID[1], ""), (0.5, 0.5, 0, SAID[2], ""),
        (0.8, 0.3, 500, SAID[3], "alike_groups"),
    ],
)  # fmt: skip
def test_what_would_have_been_without_is_judged_beside_a_comparison_group(
    mentees, others, apart, says, needed
):
    options = {"outcome": "network_high", "before": ["network_score"]}
    evidence = evidence_of(two_groups(mentees, others, apart=apart))
    assert verdict("effect_above", options, evidence, said_of=("kvinfo",)) == (says, needed)


def test_without_a_comparison_group_nothing_tells_what_would_have_been():
    frame = two_groups(0.9, 0.1)
    options = {"outcome": "network_high", "before": ["network_score"]}
    alone = evidence_of(frame[frame["role"] == "mentee"])
    found = verdict("effect_above", options, alone, said_of=("kvinfo",))
    assert found == ("not_testable", "comparison_group")


# ---------------------------------------------------------------- official figures, accounts, print

GAP = {
    "indicator": "employment_rate", "basis": "citizenship", "group": "foreign", "reference": "national",
    "sex": "women", "age": "15-64", "countries": ["FI"],
}  # fmt: skip


@pytest.mark.parametrize(("gap", "says"), [(-0.05, SAID[0]), (-0.5, SAID[1]), (-0.228, SAID[2])])
def test_an_official_gap_is_judged_with_room_for_what_is_not_printed(gap, says):
    evidence = evidence_of(persons(0, 0), place=FOLDER / "data/raw/published/official")
    assert verdict("official_gap", {**GAP, "gap": gap}, evidence, said_of=())[0] == says


def test_a_country_without_figures_cannot_be_tested():
    evidence = evidence_of(persons(0, 0), place=FOLDER / "data/raw/published/official")
    options = {**GAP, "countries": ["FI", "IS"], "gap": -0.05}
    rows = held(finding("official_gap", options, said_of=()), evidence)
    assert rows["would_say"].tolist() == ["borne_out", "not_testable", "inconclusive"]
    assert rows["needed"].tolist()[1] == "official_figures"


WORKED = (FOLDER / "codebook/scenarios/worked_example.yaml").read_text("utf-8")
(WITHOUT,) = [line for line in WORKED.splitlines(keepends=True) if line.startswith("  without:")]


@pytest.mark.parametrize(
    ("payer", "changed", "says", "needed"),
    [
        ("municipality", {}, SAID[0], ""),
        ("investor", {"gross: {value: 0.5": "gross: {value: 0.26"}, SAID[1], ""),
        ("investor", {}, SAID[2], ""),
        ("participant", {}, SAID[3], "scenario"),
        ("public", {"benchmark": "none", WITHOUT: ""}, SAID[3], "counterfactual"),
    ],
)
def test_an_account_is_judged_by_how_probable_a_loss_is(payer, changed, says, needed, tmp_path):
    text = WORKED
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "own.yaml").write_text(text, "utf-8")
    options = {"payer": payer, "loss_at_most": 0.1, "scenario": str(tmp_path / "own.yaml")}
    evidence = evidence_of(persons(0, 0), place=STUDY)
    assert verdict("account", options, evidence, said_of=()) == (says, needed)


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return load(FOLDER / "data" / "raw" / "published")


def printed(record: pd.DataFrame, **changes: Any) -> Evidence:
    """The printed record with another number for one Womento share."""
    frame = record.copy()
    for name, value in changes.items():
        frame.loc[frame["id"] == "womento_employed_2012_2014", name] = value
    return evidence_of(persons(0, 0), record=frame)


@pytest.mark.parametrize(
    ("changes", "share", "says"),
    [({}, 0.25, SAID[0]), ({}, 0.6, SAID[1]), ({}, 0.37, SAID[2]), ({"n": pd.NA}, 0.1, SAID[3])],
)
def test_a_printed_share_is_judged_by_the_interval_of_its_printed_base(record, changes, share, says):
    options = {"record": "womento_employed_2012_2014", "share": share}
    found = verdict("printed_at_least", options, printed(record, **changes), said_of=())
    assert found == (says, "printed_base" if says == "not_testable" else "")


@pytest.mark.parametrize(
    ("changes", "within", "says", "needed"),
    [
        ({"value": 30.0, "n": 600}, 0.3, SAID[0], ""), ({"value": 90.0}, 0.1, SAID[1], ""),
        ({}, 0.1, SAID[2], ""), ({"n": pd.NA}, 0.3, SAID[3], "printed_base"),
        ({"unit": "persons"}, 0.3, SAID[3], "printed_number"),
        ({"role": "mentor"}, 0.3, SAID[3], "comparable_record"),
    ],
)  # fmt: skip
def test_two_printed_shares_are_judged_by_both_intervals(record, changes, within, says, needed):
    other = record[record["id"] == "womento_employed_2012_2014"].assign(id="twin", programme="kvinfo")
    both = pd.concat([record, other], ignore_index=True)
    options = {"record": "womento_employed_2012_2014", "beside": "twin", "within": within}
    found = verdict("printed_near", options, printed(both, **changes), said_of=())
    assert found == (says, needed)


# ---------------------------------------------------------------- what all kinds have in common


def test_what_is_declared_not_testable_says_what_is_needed():
    rows = held(
        finding("not_testable", {"needed": ["employers_survey", "real_costs"]}, said_of=()),
        Evidence(answers=persons(0, 0)),
    )
    assert rows[["programme", "verdict", "needed"]].values.tolist() == [
        ["all", "not_testable", "employers_survey|real_costs"]
    ]


def test_the_cases_above_hold_every_verdict_of_every_kind():
    """The table of cases is complete: three verdicts and not testable for all kinds but the declared one."""
    assert set(VERDICTS) == {*SAID, "test_runs"}
    assert set(KINDS) == {
        "share_at_least", "share_near", "change_above", "change_near", "difference_above",
        "barrier_among_top", "association_above", "effect_above", "official_gap", "account",
        "printed_at_least", "printed_near", "not_testable",
    }  # fmt: skip


@pytest.mark.parametrize("says", SAID[:3])
@pytest.mark.parametrize("status", ["synthetic", "assumed"])
def test_made_up_data_and_assumed_amounts_show_only_that_the_test_runs(says, status):
    hits = {"borne_out": 18, "contradicted": 2, "inconclusive": 10}[says]
    options = {"variable": "network_high", "share": 0.5}
    rows = held(finding("share_at_least", options), evidence_of(persons(hits, 20, status=status)))
    assert rows["verdict"].tolist() == ["test_runs", "test_runs"]
    assert rows["would_say"].tolist() == [says, says]


def test_one_synthetic_programme_makes_the_whole_no_evidence():
    both = evidence_of(persons(19, 20), persons(19, 20, programme="sajo", status="synthetic"))
    options = {"variable": "network_high", "share": 0.5}
    rows = held(finding("share_at_least", options, said_of=("fika", "sajo")), both)
    assert rows["verdict"].tolist() == ["borne_out", "test_runs", "test_runs"]
