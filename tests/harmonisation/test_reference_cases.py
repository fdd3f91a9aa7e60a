"""Cases of other harmonisation programs: the same answers, or a reason why ours differ."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from study_maker import case_study, sav_study, shared_case

from kij_analysis.errors import HarmonisationError
from kij_analysis.harmonisation import harmonise

VISITS = {"entry": 1, "end": 2, "follow_up": 3}


def test_three_cohorts_with_visits_as_waves_agree_in_every_cell(tmp_path: Path):
    case = shared_case("psharmonize_three_cohorts")
    data = harmonise(case_study(tmp_path, case.name, case))
    keys = ["cohort", "ID", "visit"]
    expected = pd.read_csv(case / "expected_long.csv", dtype={"ID": "str"}).set_index(keys)
    found = data.answers.assign(
        cohort=data.answers["programme"].map(lambda code: f"Cohort {code[-1].upper()}"),
        ID=data.answers["person_id"],
        visit=data.answers["wave"].map(VISITS),
        education=data.answers["education"].map(
            {code: c.labels["en"] for code, c in data.codebook.columns["education"].categories.items()}
        ),
    ).set_index(keys)
    assert len(found) == 1500 and found.index.is_unique
    found = found.loc[expected.index]
    for column in ("age", "height", "weight"):
        assert found[column].isna().tolist() == expected[column].isna().tolist(), column
        assert (found[column] - expected[column]).abs().max() < 1e-9, column
    assert found["education"].astype("str").fillna("").tolist() == expected["education"].fillna("").tolist()
    later = found.index.get_level_values("visit") > 1
    assert set(found.loc[later, "age_missing"]) == {"not_asked"}


TAGS = {"not_applicable": "a", "invalid": "b", "no_answer": "b"}
"""Two of our reasons are one tag there: a number outside the interval, and an empty cell."""


def test_intervals_codes_and_the_rest_agree_whatever_their_order(tmp_path: Path):
    case = shared_case("recodeflow_intervals_tagged_missing")
    expected = pd.read_csv(case / "expected.csv", dtype="str").fillna("")
    rows = expected[["age", "albumin", "ascites"]]
    raw = tmp_path / "raw"
    raw.mkdir()
    rows.assign(row=range(1, 8)).to_csv(raw / "rows.csv", index=False)
    found = harmonise(case_study(tmp_path / "study", case.name, raw)).answers
    for column in ("age", "albumin"):
        value = pd.to_numeric(expected[f"{column}_value"])
        pd.testing.assert_series_equal(found[column], value, check_names=False, check_dtype=False)
        tags = found[f"{column}_missing"].map(TAGS).astype("str").fillna("")
        assert tags.tolist() == expected[f"{column}_tag"].tolist()
    tags = "NA(" + found["ascites_missing"].map(TAGS).astype("str") + ")"
    assert found["ascites"].astype("str").fillna(tags).tolist() == expected["ascites_value"].tolist()


def test_three_files_take_codes_and_names_from_one_key_file(tmp_path: Path):
    case = shared_case("crosswalkr_three_files")
    data = harmonise(case_study(tmp_path, case.name, case))
    found = data.answers[["person_id", "last_name", "score", "state_code", "state_name"]]
    expected = pd.read_csv(case / "expected.csv").astype({"id": "str"})
    assert found.to_numpy().tolist() == expected.to_numpy().tolist()
    keys = data.ledger.key_files
    assert keys["path"].unique().tolist() == ["state_crosswalk.csv"]
    assert keys[["keys", "used", "unmatched"]].drop_duplicates().to_numpy().tolist() == [[51, 3, 0]]


RANGED = """
in_work: {map: {from: q, values: {0: false, 1: true}, missing: {8: dont_know, 9: refused}}, status: complete}
"""
SEVEN = """
hours: {{direct: {{from: q, missing: {{{missing}}}}}, status: complete}}
"""


def spss(folder: Path, codes: list[float], rules: str, ranges: list[dict[str, float]] | None):
    frame = pd.DataFrame({"id": [float(i) for i in range(1, len(codes) + 1)], "q": [float(c) for c in codes]})
    options = {"missing_ranges": {"q": ranges}} if ranges else {}
    return sav_study(folder, frame, rules, **options)


@pytest.fixture(scope="module")
def ranges() -> list[dict[str, object]]:
    return json.loads((shared_case("retroharmonize_missing_range") / "case.json").read_text("utf-8"))["cases"]


def test_the_codes_of_a_missing_range_that_occur_are_missing(tmp_path: Path, ranges: list):
    case = ranges[0]
    low, high = case["missing_range"]
    found = harmonise(spss(tmp_path, case["codes"], RANGED, [{"lo": low, "hi": high}])).answers
    expected = [None if number is None else bool(number) for number in case["expected_numeric"]]
    assert found["in_work"].astype(object).where(found["in_work"].notna(), None).tolist() == expected
    assert found["in_work_missing"].dropna().tolist() == ["dont_know", "refused"]


def test_a_missing_range_is_never_widened(tmp_path: Path, ranges: list):
    """The other program widens 8–12 to 7–12, because 7 is missing as well.

    What lies between 7 and 8 would be lost with it. Ours takes each code for itself: 7 is missing because
    the crosswalk says so, 9 because it says so too, and 7.5 stays a number.
    """
    case = ranges[1]
    low, high = case["missing_range"]
    rules = SEVEN.format(missing="7: dont_know, 9: refused")
    codes = [*case["codes"], 7.5]
    found = harmonise(spss(tmp_path, codes, rules, [{"lo": low, "hi": high}])).answers
    assert found["hours_missing"].astype("str").fillna("").tolist() == [*[""] * 5, "dont_know", "refused", ""]
    assert found["hours"].tolist()[-1] == 7.5


def test_a_number_outside_the_missing_range_stays_one(tmp_path: Path, ranges: list):
    """On a scale from 0 to 7 the widened range would make the highest answer missing."""
    codes = [code for code in ranges[1]["codes"] if code != 9]
    low, high = ranges[1]["missing_range"]
    found = harmonise(spss(tmp_path, codes, SEVEN.format(missing=""), [{"lo": low, "hi": high}])).answers
    assert found["hours"].tolist() == codes


def test_a_code_in_the_missing_range_without_a_reason_stops_the_work(tmp_path: Path, ranges: list):
    low, high = ranges[1]["missing_range"]
    with pytest.raises(HarmonisationError, match=r"The file declares it missing: say under missing: why\."):
        harmonise(spss(tmp_path, ranges[1]["codes"], SEVEN.format(missing=""), [{"lo": low, "hi": high}]))


def test_without_a_missing_range_nothing_is_missing(tmp_path: Path, ranges: list):
    case = ranges[2]
    found = harmonise(spss(tmp_path, case["codes"], SEVEN.format(missing=""), None)).answers
    assert np.array_equal(found["hours"], case["codes"])
