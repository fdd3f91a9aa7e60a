"""The evidence base: what studies of other programmes print, with design and level, and nothing more."""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from kij_analysis.errors import StudyError
from kij_analysis.indicators import codes, evidence, poolable, read_sheet, sources
from kij_analysis.indicators.evidence import LEVELS
from kij_analysis.template import template_folder

ROOT = template_folder()
FOLDER = ROOT / "data" / "raw" / "published"
SHARED = os.environ.get("KIJ_SHARED")
with_facts = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the collected facts lie")


@pytest.fixture(scope="module")
def base() -> pd.DataFrame:
    return evidence(FOLDER).set_index("id", drop=False)


# ---------------------------------------------------------------- what it says


def test_no_study_of_migrants_prints_a_standard_error_and_none_is_made_up(base):
    migrants = base[base["background"] != "not_migrants"]
    assert len(migrants) > 30
    assert migrants[["standard_error", "conf_low", "conf_high"]].isna().all(axis=None)


def test_women_of_forwork_are_told_apart_from_men(base):
    found = base[base["study"] == "FORWORK 2021"].set_index("sex")["estimate"]
    assert found.to_dict() == {"all": 15, "women": 13, "men": 17}


def test_a_finding_in_words_has_no_number(base):
    words = base[base["measure"] == "text"]
    assert len(words) == 23
    assert words["estimate"].isna().all()
    assert (words["precision"] == "not_printed").all()


def test_the_level_follows_from_the_design_and_the_schema_says_so():
    meanings = codes("design", sheet="evidence")
    assert set(meanings) == set(LEVELS)
    for design, level in LEVELS.items():
        assert meanings[design].endswith("no level" if level is None else f"level {level}")


def test_a_difference_of_two_printed_shares_is_marked_as_derived(base):
    derived = base[base["precision"] == "derived"]
    assert set(derived["estimate"] + derived["control_level"]) == {42, 30}


# ---------------------------------------------------------------- what may be pooled


def test_nothing_may_be_pooled_as_long_as_no_standard_error_is_printed(base):
    found = poolable(base)
    assert not found["poolable"].any()
    assert set(found["why_not"]) == {"no_standard_error", "no_number", "no_comparison"}


def with_errors(base: pd.DataFrame, **changes: object) -> pd.DataFrame:
    """Three trials of refugees with the same outcome and time, and made-up standard errors."""
    ids = ["abbiati_employed_without_internships", "battisti_employed_12_months_2018", "forwork_employed"]
    three = base.loc[ids].assign(outcome="employed", months_to=[18.0, 12.0, 20.0], standard_error=4.0)
    return three.assign(**changes)


def test_two_studies_with_one_estimand_and_standard_errors_may_be_pooled(base):
    found = poolable(with_errors(base))
    assert found["poolable"].tolist() == [True, True, False]
    assert found["estimand"].tolist()[:2] == ["employed|risk_difference|all|refugees|to_18"] * 2
    assert found["why_not"].tolist()[2] == "alone"  # after 20 months, in the next band


@pytest.mark.parametrize(
    "change",
    [
        {"sex": ["women", "men", "all"]},
        {"outcome": ["employed", "regular_job", "earnings"]},
        {"measure": ["risk_difference", "amount_EUR", "relative_difference"]},
        {"background": ["refugees", "not_migrants", "mixed"]},
        {"study": ["one", "one", "two"]},
    ],
)
def test_what_differs_in_any_part_of_the_estimand_is_not_pooled_nor_one_study_with_itself(base, change):
    assert not poolable(with_errors(base, **change))["poolable"].any()


# ---------------------------------------------------------------- wrong sheets give sentences

WRONG = """
id                                   | column         | value    | sentence
forwork_employed                     | level          | 4        | does not have the level 4. Write 5.
card_review                          | level          | 5        | does not have the level 5. Leave it empty.
forwork_employed                     | design         | random   | Did you mean 'randomised'?
forwork_employed                     | estimate       |          | No number stands here
battisti_employed_6_months_2019      | estimate       | 0        | but the measure is text
battisti_employed_6_months_2019      | standard_error | 2        | It stands here without an estimate
forwork_employed                     | conf_low       | 3        | Only one end of the interval
forwork_employed                     | months_to      | 6        | ends before it begins
forwork_employed                     | n_total        | 600      | The groups have 1262 persons
forwork_employed                     | source         | forwork  | Did you mean 'forwork_page'?
forwork_employed_women               | id             | forwork_employed | is the id of another row
"""


@pytest.mark.parametrize("line", WRONG.strip().splitlines()[1:], ids=lambda line: line.split("|")[3].strip())
def test_a_wrong_row_is_named_with_its_place(line: str, tmp_path: Path):
    name, column, value, sentence = (cell.strip() for cell in line.split("|"))
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "sources.csv").write_bytes((FOLDER / "sources.csv").read_bytes())
    rows = list(csv.DictReader(io.StringIO((FOLDER / "evidence.csv").read_text("utf-8"))))
    next(row for row in rows if row["id"] == name)[column] = value
    pd.DataFrame(rows).to_csv(folder / "evidence.csv", index=False)
    with pytest.raises(StudyError) as caught:
        evidence(folder)
    said = [str(problem) for problem in caught.value.problems]
    assert any(sentence in text and "published/evidence.csv, row" in text for text in said), said


# ---------------------------------------------------------------- held against what was collected


def facts() -> list[dict[str, str]]:
    path = Path(SHARED or ".") / "data" / "published" / "effect_evidence.csv"
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


@with_facts
def test_every_collected_result_is_in_the_base_or_left_out_with_a_reason(base):
    left, problems = read_sheet(ROOT / "docs" / "left_out.csv", sheet="left_out")
    left = left[left["material"] == "effect_evidence"]
    kept = [int(fact.split(":")[1]) for fact in base["facts"]]
    collected = facts()
    assert problems == [] and sorted([*kept, *left["row"]]) == list(range(1, len(collected) + 1))
    for row in left.to_dict("records"):
        fact = collected[row["row"] - 1]
        assert (row["programme"], row["fact"]) == (fact["study"], fact["outcome"])


@with_facts
def test_estimates_persons_addresses_and_confidence_are_those_of_the_collected_results(base):
    addresses = sources(FOLDER).set_index("id")["address"]
    collected = facts()
    for row in base.to_dict("records"):
        fact = collected[int(row["facts"].split(":")[1]) - 1]
        assert addresses[row["source"]] == fact["source_url"], row["id"]
        assert fact["confidence"].startswith(row["confidence"]), row["id"]
        assert fact["se_or_ci"].startswith(("not seen", "Fisher")) == bool(pd.isna(row["standard_error"]))
        if row["precision"] in ("exact", "about"):
            assert float(fact["estimate"]) == row["estimate"], row["id"]
        if row["precision"] == "derived":
            printed = {float(x) for x in re.findall(r"\d+", f"{fact['estimate']} {fact['estimate_type']}")}
            assert {row["control_level"], row["control_level"] + row["estimate"]} <= printed, row["id"]
        for name in ("n_treated", "n_control", "n_total"):
            if not pd.isna(row[name]):
                printed = f"{fact['n_treated']} {fact['n_control']} {fact['design']}"
                assert str(row[name]) in re.findall(r"\d+", printed), (row["id"], name)
        for name in ("months_from", "months_to"):
            if not pd.isna(row[name]) and re.search(r"\d", fact["follow_up_months"]):
                months = re.sub(r"within 3 years", "36", fact["follow_up_months"])
                assert f"{row[name]:g}" in re.findall(r"\d+(?:\.\d+)?", months), (row["id"], name)


@with_facts
def test_no_more_than_five_words_in_a_row_are_taken_from_a_study():
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.casefold())

    ours = set()
    for path in (FOLDER / "evidence.csv", FOLDER / "sources.csv", ROOT / "docs" / "left_out.csv"):
        for line in csv.reader(io.StringIO(path.read_text("utf-8"))):
            for cell in (words(cell) for cell in line if not cell.startswith("http")):
                ours |= {tuple(cell[start : start + 6]) for start in range(len(cell) - 5)}
    for wording in (words(fact["exact_wording"]) for fact in facts()):
        assert not ours & {tuple(wording[start : start + 6]) for start in range(len(wording) - 5)}
