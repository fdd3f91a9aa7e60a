"""Population surveys: the public-use files that are there, with the variances of their designs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from kij_analysis import context, disclosure, survey
from kij_analysis.codebook import load_codebook
from kij_analysis.context import PopulationSurvey
from kij_analysis.context.plausible import plausible_means
from kij_analysis.context.population import VARIABLES
from kij_analysis.context.public_files import GIVEN, raw_columns
from kij_analysis.context.surveys import FILES as FILE_NAMES
from kij_analysis.context.surveys import REPLICATES, surveys
from kij_analysis.errors import SourceError, UsageError
from kij_analysis.study import open_study
from kij_analysis.survey import Design
from tests.study_maker import small_study

SHARED = os.environ.get("KIJ_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the public-use files lie")
ROOT = Path(__file__).resolve().parents[2]
RAW = Path(SHARED or ".") / "data" / "microdata"
FILES = {"FI": "prgfinp1.csv", "NO": "prgnorp1.csv", "SE": "prgswep1.csv"}
VALUES = [f"PVLIT{number}" for number in range(1, 11)]


@pytest.fixture(scope="module")
def piaac() -> PopulationSurvey:
    return context.piaac(open_study(ROOT / "study-piaac.yaml", raw=RAW / "piaac"))


@pytest.fixture(scope="module")
def ess() -> PopulationSurvey:
    return context.ess(open_study(ROOT / "study-ess.yaml", raw=RAW / "ess"))


@pytest.fixture(scope="module")
def plain() -> dict[str, pd.DataFrame]:
    """The files of PIAAC as they stand there, read without this package."""
    columns = ["GENDER_R", "AGE_R", "C_D05", "J_Q04a", "EDCAT8", "ISCOSKIL4", "SPFWT0", *REPLICATES, *VALUES]
    return {
        country: pd.read_csv(RAW / "piaac" / file, usecols=columns, low_memory=False).apply(
            pd.to_numeric, errors="coerce"
        )
        for country, file in FILES.items()
    }


def percent(found: pd.DataFrame, **chosen: Any) -> dict[tuple[str, str], float]:
    rows = found[found["estimate"].notna()]
    for column, value in chosen.items():
        rows = rows[rows[column] == value]
    keys = rows[["country", "group"]].itertuples(index=False, name=None)
    return dict(zip(keys, (100 * rows["estimate"]).round(1), strict=True))


# ------------------------------------------------------------------ what was computed from the same files


@needs_shared
def test_women_in_work_are_as_many_as_was_computed_from_the_same_files(piaac: PopulationSurvey):
    """The reference keeps three native-born women in Finland whose status is not known in the base."""
    asked = context.population(piaac, ages=(25, 65), base="asked")
    assert percent(asked) == {
        ("FI", "native_born"): 75.7, ("FI", "foreign_born"): 71.8,
        ("NO", "native_born"): 81.5, ("NO", "foreign_born"): 75.2,
        ("SE", "native_born"): 80.0, ("SE", "foreign_born"): 65.6,
    }  # fmt: skip
    foreign = asked[asked["birth_place"] == "foreign_born"].set_index("country")
    assert foreign["n"].to_dict() == {"FI": 101, "NO": 263, "SE": 333}
    assert foreign["note"].to_dict() == {"FI": "small_sample", "NO": "", "SE": ""}
    assert foreign.loc["FI", "conf_high"] - foreign.loc["FI", "conf_low"] > 0.15
    answered = context.population(piaac, ages=(25, 65))
    native = answered[answered["birth_place"] == "native_born"].set_index("country")
    assert (round(100 * native.loc["FI", "estimate"], 1), native.loc["FI", "missing"]) == (75.8, 3)
    assert set(answered["data_status"]) == {"observed"}


@needs_shared
def test_care_keeps_as_many_women_from_a_training_as_was_computed(piaac: PopulationSurvey):
    reasons = context.population(piaac, "reason_not_trained", ages=(16, 65))
    assert percent(reasons, category="care_family") == {
        ("FI", "native_born"): 12.0, ("FI", "foreign_born"): 20.3,
        ("NO", "native_born"): 11.8, ("NO", "foreign_born"): 25.6,
        ("SE", "native_born"): 13.1, ("SE", "foreign_born"): 13.8,
    }  # fmt: skip
    assert percent(reasons, category="cost")[("NO", "foreign_born")] == 16.8
    adding_up = reasons[reasons["estimate"].notna()].groupby(["country", "group"])["estimate"].sum()
    assert adding_up.tolist() == pytest.approx([1] * 6)


@needs_shared
def test_norwegian_women_in_paid_work_are_as_many_in_the_social_survey(ess: PopulationSurvey):
    found = context.population(ess)
    assert percent(found) == {("NO", "native_born"): 80.7, ("NO", "foreign_born"): 78.6}
    assert found.set_index("group").loc["foreign_born", "n"] == 56
    assert (ess.design.strata, ess.design.cluster) == ("stratum", "psu")


@needs_shared
def test_mean_literacy_is_what_the_oecd_printed(piaac: PopulationSurvey):
    """OECD Skills Outlook 2013: 288, 278 and 279 points among adults of 16 to 65 years."""
    found = context.population(piaac, "literacy", by=[], sex="all", ages=(16, 65)).set_index("country")
    there = found.loc[["FI", "NO", "SE"]]
    assert there["estimate"].round(0).tolist() == [288, 278, 279]
    assert there["std_error"].round(1).between(0.5, 0.8).all()
    assert set(there["note"]) == {""} and set(there["method"]) == {"plausible_values"}


# ------------------------------------------------------------------ standard errors, without this package


def jackknife(weights: np.ndarray, answer: np.ndarray) -> tuple[float, float]:
    """A weighted mean, and its paired jackknife variance: full weights first, then the replicates."""
    means = (weights * answer[:, None]).sum(axis=0) / weights.sum(axis=0)
    return float(means[0]), float(((means[1:] - means[0]) ** 2).sum())


def own(rows: pd.DataFrame, birth: int, ages: tuple[int, int] = (20, 64)) -> pd.DataFrame:
    inside = (rows["GENDER_R"] == 2) & rows["AGE_R"].between(*ages) & (rows["J_Q04a"] == birth)
    return rows[inside]


@needs_shared
def test_errors_agree_with_a_computation_by_hand(piaac: PopulationSurvey, plain: Mapping[str, pd.DataFrame]):
    found = context.population(piaac).set_index(["country", "group"])
    for country, rows in plain.items():
        for birth, group in ((1, "native_born"), (2, "foreign_born")):
            women = own(rows, birth)
            women = women[women["C_D05"].isin([1, 2, 3])]
            weights = women[["SPFWT0", *REPLICATES]].to_numpy()
            share, variance = jackknife(weights, (women["C_D05"] == 1).to_numpy(float))
            row = found.loc[(country, group)]
            assert row["estimate"] == pytest.approx(share, rel=1e-12)
            assert row["std_error"] == pytest.approx(np.sqrt(variance), rel=1e-9)


@needs_shared
def test_literacy_has_the_errors_of_sampling_and_of_imputation(
    piaac: PopulationSurvey, plain: Mapping[str, pd.DataFrame]
):
    found = context.population(piaac, "literacy").set_index(["country", "group"])
    for country, rows in plain.items():
        women = own(rows, 2)
        women = women[women["PVLIT1"].notna()]
        weights = women[["SPFWT0", *REPLICATES]].to_numpy()
        draws = [jackknife(weights, women[name].to_numpy()) for name in VALUES]
        means, sampling = np.array(draws).T
        total = sampling.mean() + 1.1 * means.var(ddof=1)
        row = found.loc[(country, "foreign_born")]
        assert row["estimate"] == pytest.approx(means.mean(), rel=1e-12)
        assert row["std_error"] == pytest.approx(np.sqrt(total), rel=1e-9)
        assert row["imputation_share"] == pytest.approx(1.1 * means.var(ddof=1) / total, rel=1e-9)


@needs_shared
def test_overqualified_are_those_in_work_with_a_degree_whose_job_asks_for_less(
    piaac: PopulationSurvey, plain: Mapping[str, pd.DataFrame]
):
    found = context.population(piaac, "overqualified").set_index(["country", "group"])
    women = own(plain["SE"], 2)
    women = women[(women["C_D05"] == 1) & (women["EDCAT8"] >= 5) & women["ISCOSKIL4"].notna()]
    low = women["ISCOSKIL4"] > 1
    row = found.loc[("SE", "foreign_born")]
    assert row["estimate"] == pytest.approx((women["SPFWT0"] * low).sum() / women["SPFWT0"].sum(), rel=1e-12)
    assert (row["count"], row["n"]) == (low.sum(), len(women))


@needs_shared
def test_the_gap_is_the_difference_of_the_shares(piaac: PopulationSurvey):
    shares = context.population(piaac).set_index(["country", "group"])["estimate"]
    gaps = context.population_gap(piaac).set_index("country")
    for country in FILES:
        wanted = shares[(country, "foreign_born")] - shares[(country, "native_born")]
        assert gaps.loc[country, "estimate"] == pytest.approx(wanted, rel=1e-12)
    assert gaps.loc["SE", "conf_high"] < 0 < gaps.loc["FI", "conf_high"]
    assert gaps["note"].to_dict() == {"DK": "no_file", "FI": "small_sample", "NO": "", "SE": ""}


@needs_shared
def test_groups_by_years_hold_the_foreign_born_only(piaac: PopulationSurvey):
    found = context.population(piaac, by="years_band")
    there = found[found["country"] == "NO"]
    assert there["years_band"].tolist() == ["0_5", "6_15", "16_plus"]
    foreign = context.population(piaac).set_index(["country", "group"]).loc[("NO", "foreign_born"), "n"]
    assert there["n"].sum() == foreign
    both = context.population(piaac, by=["gender", "birth_place"], sex="all")
    assert both.loc[both["country"] == "FI", "group"].tolist() == [
        "woman|native_born", "woman|foreign_born", "man|native_born", "man|foreign_born",
    ]  # fmt: skip


@needs_shared
def test_cells_below_the_threshold_are_hidden_and_say_so(piaac: PopulationSurvey):
    shown = disclosure.suppress(context.population(piaac, "reason_not_trained"))
    few = shown[(shown["country"] == "FI") & (shown["group"] == "foreign_born")].set_index("category")
    assert (few.loc["cost", "note"], np.isnan(few.loc["cost", "estimate"])) == ("hidden_small_count", True)
    assert few.loc["care_family", "note"] == "small_sample"


# ------------------------------------------------------------------ files that are missing, or others


def test_without_files_every_country_says_which_one_is_missing():
    empty = context.piaac(open_study(ROOT / "study-piaac.yaml", raw="nowhere"))
    assert empty.there == ()
    for variable in ("employed", "literacy", "reason_not_looking"):
        found = context.population(empty, variable)
        assert found["country"].tolist() == ["DK", "FI", "NO", "SE"]
        assert set(found["note"]) == {"no_file"} and found["estimate"].isna().all()
    assert context.population_gap(empty)["file"].tolist()[0] == "prgdnkp1.csv"


def test_a_study_without_the_surveys_study_files_has_none(tmp_path: Path):
    found = surveys(small_study(tmp_path, "id;v\n1;a\n", "v: {direct: {from: v}}"))
    assert [(part.name, part.there) for part in found] == [("piaac", ()), ("ess", ())]


@needs_shared
def test_denmark_has_a_row_although_it_has_no_file(piaac: PopulationSurvey):
    denmark = context.population(piaac).set_index("country").loc["DK"]
    assert (denmark["note"], denmark["file"], denmark["survey"]) == ("no_file", "prgdnkp1.csv", "piaac")


RULES = """
gender:
  map: {from: sex, values: {1: man, 2: woman}}
  status: complete
"""
TABLE = "Id;sex;VEMETHOD;VENREPS;VEFAYFAC;w\n1;1;JK2;80;0;2,5\n2;2;JK2;80;0;\n"


def columns(folder: Path, table: str, **options: Any) -> pd.DataFrame:
    study = small_study(folder, table, RULES)
    book = load_codebook(study.folders["codebook"])
    return raw_columns(study, study.sources[0], book, **options)


def test_columns_of_the_raw_file_come_with_their_ids(tmp_path: Path):
    found = columns(tmp_path, TABLE, numbers=["w"], texts=["VEMETHOD"], given=GIVEN)
    assert found["person_id"].tolist() == ["1", "2"]
    assert found["w"].tolist()[0] == 2.5 and np.isnan(found["w"].tolist()[1])


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("JK2", "JK1", "'VEMETHOD' says 'JK1'"),
        ("80", "45", "'VENREPS' says '45'"),
        (";0;", ";0.5;", "'VEFAYFAC' says '0.5'"),
        ("2,5", "two", "'w' holds 1 different entries that are no numbers"),
        ("VENREPS", "VENREP", "no column 'VENREPS'. Did you mean 'VENREP'"),
    ],
)
def test_a_file_of_another_design_is_refused(tmp_path: Path, before: str, after: str, says: str):
    with pytest.raises(SourceError) as refused:
        columns(tmp_path, TABLE.replace(before, after), numbers=["w"], given=GIVEN)
    assert says in str(refused.value)


# ------------------------------------------------------------------ small made-up surveys


def made(rows: list[tuple[Any, ...]], *, replicates: int = 4) -> PopulationSurvey:
    """A survey of (country, birth, employed, score); each replicate leaves out every fourth person."""
    frame = pd.DataFrame(rows, columns=["country", "birth_place", "employed", "score"])
    count = len(frame)
    weights = {f"r{k}": np.where(np.arange(count) % replicates == k, 0.0, 1.2) for k in range(replicates)}
    persons = frame.assign(
        birth_place=pd.Categorical(frame["birth_place"], ["native_born", "foreign_born"]),
        employed=frame["employed"].astype("boolean"), gender="woman", age=30, data_status="observed", w=1.0,
        **weights, **{f"literacy_{k}": frame["score"] + k % 2 for k in range(1, 11)},
    )  # fmt: skip
    design = Design(weight="w", replicates=list(weights), replicate_method="JK2", samples="country")
    absent = pd.DataFrame({"country": ["DK"], "file": ["prgdnkp1.csv"]})
    return PopulationSurvey(name="piaac", year=2012, persons=persons, design=design, absent=absent)


TEN = [("FI", "foreign_born", k % 2 == 0, 250.0 + k) for k in range(10)]


def test_what_cannot_be_computed_is_a_row_with_a_note():
    all_yes = made([("FI", "foreign_born", True, 250.0)] * 8)
    row = context.population(all_yes).set_index("country").loc["FI"]
    assert (row["estimate"], row["note"]) == (1.0, "no_variation")
    nobody = made([("FI", "foreign_born", None, 250.0)] * 8)
    row = context.population(nobody).set_index("country").loc["FI"]
    assert (row["note"], row["n"]) == ("no_answers", 0)
    one = made([("FI", "foreign_born", True, 250.0), *[("FI", "native_born", True, 250.0)] * 7])
    found = context.population(one).set_index("group")
    assert np.isnan(found.loc["foreign_born", "conf_low"]) and found.loc["foreign_born", "note"]


def test_a_group_that_is_missing_leaves_a_gap_with_a_note():
    gaps = context.population_gap(made([*TEN, ("FI", "native_born", None, 250.0)]))
    assert gaps.set_index("country").loc["FI", "note"] == "one_group_empty"
    gaps = context.population_gap(made(TEN))
    assert gaps[["country", "note", "second"]].values.tolist() == [
        ["DK", "no_file", "native_born"], ["FI", "one_group_empty", "native_born"],
    ]  # fmt: skip


def test_literacy_that_nobody_or_everybody_alike_has_is_noted():
    alike = made([("FI", "foreign_born", True, 250.0)] * 8)
    plain_values = alike.persons.assign(literacy_2=250.0, literacy_1=250.0)
    options = {"variable": "literacy", "by": ["country"], "design": alike.design}
    found = plausible_means(plain_values, ["literacy_1", "literacy_2"], **options)
    assert found.loc[0, ["estimate", "note"]].tolist() == [250.0, "no_variation"]
    lacking = plain_values.assign(literacy_1=np.nan)
    found = plausible_means(lacking, ["literacy_1", "literacy_2"], **options)
    assert found.loc[0, ["n", "note"]].tolist() == [0, "no_answers"]
    with pytest.raises(UsageError, match="One plausible value"):
        plausible_means(plain_values, ["literacy_1"], **options)


def test_literacy_means_carry_no_imputation_error_where_the_values_agree():
    survey_made = made(TEN)
    same = survey_made.persons.assign(literacy_2=survey_made.persons["literacy_1"])
    options = {"by": ["country"], "design": survey_made.design}
    found = plausible_means(same, ["literacy_1", "literacy_2"], variable="literacy", **options)
    alone = survey.means(same, "literacy_1", population="all", **options)
    for name in ("estimate", "std_error", "n"):
        assert found.loc[0, name] == pytest.approx(alone.loc[0, name])
    assert found.loc[0, "imputation_share"] == 0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"variable": "employd"}, "Did you mean 'employed'"),
        ({"by": "birth"}, "A column to group by is 'birth'"),
        ({"sex": "girls"}, "The sex is 'girls'"),
        ({"ages": (64, 20)}, "The ages run from 64 to 20"),
        ({"variable": "education_group", "by": "education_group"}, "counted and grouped by at once"),
    ],
)
def test_what_a_survey_does_not_know_is_refused(options: dict[str, Any], says: str):
    with pytest.raises(UsageError, match=says):
        context.population(made(TEN), **options)


def test_the_social_survey_has_no_literacy():
    empty = context.ess(open_study(ROOT / "study-ess.yaml", raw="nowhere"))
    with pytest.raises(UsageError, match="The variable is 'literacy'"):
        context.population(empty, "literacy")


def test_several_surveys_stand_in_one_frame_and_gaps_in_another():
    found = context.overview([made(TEN)], variables=["employed", "literacy"])
    assert found[["variable", "measure"]].drop_duplicates().values.tolist() == [
        ["employed", "share"], ["literacy", "mean"],
    ]  # fmt: skip
    gaps = context.overview([made(TEN)], variables=["employed", "literacy"], gap=True)
    assert set(gaps["variable"]) == {"employed"}
    with pytest.raises(UsageError, match="No survey has 'wages'"):
        context.overview([made(TEN)], variables=["wages"])


# ------------------------------------------------------------------ Denmark, as the guide says


@needs_shared
def test_a_danish_file_is_read_as_soon_as_its_line_is_uncommented(tmp_path: Path):
    """The Norwegian file in the place of the Danish one: the same columns, another country."""
    text = (ROOT / "study-piaac.yaml").read_text("utf-8")
    assert text.count("#  - {crosswalk: piaac_dk_2012") == 1
    kept = [line for line in text.splitlines() if "- {crosswalk:" not in line or "piaac_dk" in line]
    (tmp_path / "study-piaac.yaml").write_text("\n".join(kept).replace("#  - {", "  - {"), "utf-8")
    shutil.copytree(ROOT / "codebook", tmp_path / "codebook")
    raw = tmp_path / "data" / "raw" / "piaac"
    raw.mkdir(parents=True)
    lines = (RAW / "piaac" / FILES["NO"]).read_bytes().splitlines(keepends=True)[:401]
    (raw / "prgdnkp1.csv").write_bytes(b"".join(lines))
    danish = context.piaac(tmp_path / "study-piaac.yaml")
    assert danish.there == ("DK",)
    assert "DK" not in set(danish.absent["country"])
    found = context.population(danish).set_index("country")
    assert found.loc["DK", "estimate"].notna().all() and found.loc["FI", "note"] == "no_file"


def test_the_guide_names_the_files_that_are_looked_for():
    guide = (ROOT / "docs" / "population-surveys.md").read_text("utf-8")
    for name in ("prgdnkp1.csv", "prgfinp1.csv", "prgnorp1.csv", "prgswep1.csv", "ESS9NO.dta"):
        assert f"`{name}`" in guide
    assert {"prgdnkp1.csv", "prgfinp1.csv"} <= set(FILE_NAMES["piaac"].values())
    for variable in VARIABLES["piaac"]:
        assert f"`{variable}`" in guide
