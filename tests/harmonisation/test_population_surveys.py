"""Real surveys of the population through the shipped crosswalks, against the raw files read another way."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from unicodedata import normalize

import pandas as pd
import pyreadstat
import pytest

import kij_analysis as kij
from kij_analysis.codebook.instruments import FileForm
from kij_analysis.harmonisation import Harmonised
from kij_analysis.sources import read
from kij_analysis.survey import shares

SHARED = os.environ.get("KIJ_SHARED")
pytestmark = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the public files lie")
DATA = Path(SHARED or ".") / "data" / "microdata"
ROOT = Path(__file__).parents[2]
ESS = DATA / "ess" / "ESS9NO.dta"
EB = {"eurobarometer_67_1": "ZA4529_sample.sav", "eurobarometer_82_4": "ZA5933_sample.sav"}


@cache
def harmonised(name: str) -> Harmonised:
    return kij.harmonise(kij.open_study(ROOT / f"study-{name}.yaml", raw=DATA / name))


@cache
def ess() -> pd.DataFrame:
    """The raw codes, read by pandas, which knows nothing of our rules; a tag is a missing value there."""
    return pd.read_stata(ESS, convert_categoricals=False)


@cache
def tags(column: str) -> dict[str, int]:
    """How often each tag stands in a column, by pyreadstat."""
    frame, _ = pyreadstat.read_dta(ESS, usecols=[column], user_missing=True, encoding="utf-8")
    return {
        f".{tag}": int(count) for tag, count in frame[column].value_counts().items() if isinstance(tag, str)
    }


def reasons(data: Harmonised, frame: str, column: str) -> dict[str, int]:
    found = getattr(data, frame)[f"{column}_missing"].value_counts()
    return {reason: int(count) for reason, count in found.items() if count}


@pytest.mark.parametrize("name", ["ess", "eurobarometer", "piaac"])
def test_the_shipped_crosswalks_fit_their_files(name: str):
    data = harmonised(name)
    told = [problem for problem in data.ledger.problems if "3 lie outside 0–100" not in str(problem)]
    assert told == []
    rules = data.ledger.rules
    assert not (rules["status"] == "undetermined").any()
    decided = rules[rules["status"].isin(["partial", "impossible"])]
    assert (decided["because"] != "").all() and (decided["decided_by"] != "").sum() > 0


@pytest.mark.parametrize("name", ["ess", "eurobarometer", "piaac"])
def test_every_row_comes_out_or_is_listed_as_lost(name: str):
    ledger = harmonised(name).ledger
    lost = ledger.lost.groupby("instrument")["rows"].sum()
    sources = ledger.sources.set_index("instrument")
    gone = (sources["rows_in"] - sources["rows_out"]).astype(int)
    assert gone[gone > 0].to_dict() == lost.to_dict()
    counted = ledger.counts.groupby(["instrument", "column"])["rows"].sum()
    assert (counted == counted.index.get_level_values("instrument").map(sources["rows_out"])).all()


def test_the_norwegian_social_survey_has_1406_persons_of_whom_629_are_women():
    people = harmonised("ess").people
    assert len(people) == len(ess()) == 1406
    assert people["gender"].value_counts().to_dict() == {"man": 777, "woman": 629, "other": 0}
    raw = ess().set_index(ess()["idno"].astype(int).astype(str))["agea"]
    ages = people.set_index("person_id")["age"].astype("float64")
    pd.testing.assert_series_equal(ages.sort_index(), raw.sort_index().astype("float64"), check_names=False)


@pytest.mark.parametrize("weight", [None, "weight"], ids=["unweighted", "weighted"])
def test_the_share_of_norwegian_women_in_paid_work_is_that_of_the_raw_codes(weight: str | None):
    raw = ess()
    women = raw[(raw["gndr"] == 2) & raw["mnactic"].notna() & (raw["mnactic"] != 9)]
    mass = women["anweight"].astype("float64") if weight else pd.Series(1.0, index=women.index)
    expected = mass[women["mnactic"] == 1].sum() / mass.sum()
    found = shares(harmonised("ess").answers, "labour_status", weight=weight).set_index("category")
    assert found.loc["employed", "estimate"] == pytest.approx(expected, abs=1e-12)
    assert found.loc["employed", "n"] == len(women)
    assert 0.5 < expected < 0.6


def test_the_hours_of_norwegians_are_those_of_people_in_paid_work():
    raw = ess()
    working = raw.loc[raw["pdwrk"] == 1, "wkhtot"].astype("float64")
    answers = harmonised("ess").answers
    expected = working[working <= 100]
    assert answers["hours"].notna().sum() == len(expected)
    assert answers["hours"].mean() == pytest.approx(expected.mean(), abs=1e-12)
    found = reasons(harmonised("ess"), "answers", "hours")
    assert found["invalid"] == (working > 100).sum() == 3
    assert found["not_applicable"] == (raw["pdwrk"] == 0).sum()


def test_the_children_at_home_are_the_sons_and_daughters_among_the_members():
    raw = ess()
    related = raw[[f"rshipa{number}" for number in range(2, 16)]]
    children = related.eq(2).sum(axis=1).groupby(raw["idno"].astype(int).astype(str)).first()
    people = harmonised("ess").people.set_index("person_id")["children_at_home"]
    known = people.dropna()
    assert (known == children.loc[known.index]).all()
    unsure = raw["hhmmb"].isna() | tagged_relations().any(axis=1)
    assert people.isna().sum() == unsure.sum() < 20


def tagged_relations() -> pd.DataFrame:
    """Where a relation within the household is refused, not known or left out."""
    names = [f"rshipa{number}" for number in range(2, 16)]
    frame, _ = pyreadstat.read_dta(ESS, usecols=names, user_missing=True, encoding="utf-8")
    return frame.isin(["b", "c", "d"])


def test_years_since_arrival_are_the_difference_of_two_years():
    raw = ess()
    expected = (raw["inwyys"] - raw["livecnta"]).dropna()
    found = harmonised("ess").people["years_since_arrival"].dropna()
    assert sorted(found.tolist()) == sorted(expected.astype("float64").tolist())


def test_tagged_missing_answers_keep_their_reasons():
    data = harmonised("ess")
    names = {".a": "not_applicable", ".b": "refused", ".c": "dont_know", ".d": "no_answer"}
    for column, source, frame in (
        ("age", "agea", "people"),
        ("municipality_type", "domicil", "people"),
        ("education_level", "edulvlb", "people"),
        ("labour_status", "mnactic", "answers"),
    ):
        expected = {names[tag]: count for tag, count in tags(source).items()}
        found = reasons(data, frame, column)
        assert {reason: found.get(reason, 0) for reason in expected} == expected
    assert tags("domicil") == {".c": 2, ".b": 1}


def test_missing_codes_of_four_digits_in_a_column_of_countries_are_reasons():
    people = harmonised("ess").people
    assert (ess()["cntbrthd"].isin(["6666", "9999"])).sum() == people["region_of_origin"].isna().sum()
    assert reasons(harmonised("ess"), "people", "region_of_origin") == {
        "not_applicable": 1257,
        "no_answer": 2,
    }
    born = people[people["birth_place"] == "native_born"]
    assert set(born["region_of_origin_missing"]) == {"not_applicable"}


def test_labels_cut_at_eighty_bytes_read_letter_by_letter():
    """Fetched byte for byte and decoded strictly: the file cuts its labels after a whole letter."""
    fetched = pyreadstat.read_dta(ESS, metadataonly=True, encoding="LATIN1")[1]
    table = read(ESS, FileForm(format="stata", encoding="utf-8"))
    longest = 0
    for column, labels in fetched.variable_value_labels.items():
        ours = list(table.columns[column].value_labels.values())
        for text, label in zip(labels.values(), ours, strict=True):
            whole = text.encode("latin-1")
            longest = max(longest, len(whole))
            meant = normalize("NFC", whole.decode("utf-8"))
            assert " ".join(meant.split()) == " ".join(label.split())
    assert longest == 80
    norwegian = table.columns["edlvdno"].value_labels
    assert norwegian["10"] == "Fullført 3-4 årig utdanning fra høgskole (Bachelor-, cand.mag., lærerhøgsko"


def test_eurobarometer_rows_of_other_countries_are_left_out_and_counted():
    data = harmonised("eurobarometer")
    for programme, file in EB.items():
        frame, _ = pyreadstat.read_sav(DATA / "eurobarometer" / file)
        iso = frame["v7" if programme == "eurobarometer_67_1" else "isocntry"]
        expected = iso[iso.isin(["DK", "FI", "SE"])].value_counts().to_dict()
        people = data.people[data.people["programme"] == programme]
        found = people["country_of_residence"].value_counts()
        assert found[found > 0].to_dict() == expected
        lost = data.ledger.lost[data.ledger.lost["file"].str.endswith(file)]
        assert lost["rows"].tolist() == [len(frame) - sum(expected.values())]


def test_the_ages_of_eurobarometer_are_those_of_the_file():
    frame, _ = pyreadstat.read_sav(DATA / "eurobarometer" / EB["eurobarometer_82_4"])
    nordic = frame[frame["isocntry"].isin(["DK", "FI", "SE"])]
    people = harmonised("eurobarometer").people
    ages = people.loc[people["programme"] == "eurobarometer_82_4", "age"]
    assert sorted(ages.tolist()) == sorted(nordic["d11"].tolist())


def test_swedish_adults_are_counted_as_in_the_raw_file():
    raw = pd.read_csv(DATA / "piaac" / "prgswep1.csv", usecols=["GENDER_R", "J_Q04a", "C_D05", "SPFWT0"])
    women = raw[(raw["GENDER_R"] == 2) & (raw["J_Q04a"] == 2) & raw["C_D05"].isin([1, 2, 3])]
    expected = women.loc[women["C_D05"] == 1, "SPFWT0"].sum() / women["SPFWT0"].sum()
    everybody = harmonised("piaac").with_people()
    foreign = everybody[(everybody["programme"] == "piaac_se") & (everybody["birth_place"] == "foreign_born")]
    found = shares(foreign, "labour_status", weight="weight").set_index("category").loc["employed"]
    assert found["estimate"] == pytest.approx(expected, abs=1e-12)
    assert found["n"] == len(women)
