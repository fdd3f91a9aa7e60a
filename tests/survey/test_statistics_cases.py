"""Survey statistics against R: numbers copied with the command that made them, and the shared cases."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kij_analysis import estimates, survey
from kij_analysis.errors import UsageError
from kij_analysis.survey import Design
from kij_analysis.survey.trend import exact_trend

REFERENCE = Path(__file__).parents[1] / "reference"
R = json.loads((REFERENCE / "survey_statistics.json").read_text("utf-8"))
PIAAC = json.loads((REFERENCE / "piaac_jk2.json").read_text("utf-8"))
SHARED = os.environ.get("KIJ_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")


def shared_case(name: str) -> tuple[pd.DataFrame, dict]:
    folder = Path(SHARED or ".") / "cases" / "statistics" / name
    return pd.read_csv(folder / "input.csv"), json.loads((folder / "reference.json").read_text("utf-8"))


def frame_of(cells: list[tuple[dict, int]], **columns: object) -> pd.DataFrame:
    """One row for each person of a table of counts."""
    rows = [place for place, count in cells for _ in range(count)]
    return pd.DataFrame(rows).assign(data_status="published", gender="woman", **columns)


# ------------------------------------------------------------------ case 01: intervals of shares


@pytest.mark.parametrize("interval", ["wilson", "clopper_pearson", "jeffreys"])
def test_intervals_of_shares_agree_with_R(interval: str):
    pairs = R["binomial"]["pairs"].values()
    low, high = getattr(survey, interval)([pair["x"] for pair in pairs], [pair["n"] for pair in pairs])
    theirs = np.array([pair[interval] for pair in pairs])
    assert np.abs(np.column_stack([low, high]) - theirs).max() < 1e-9


@needs_shared
@pytest.mark.parametrize("level", ["0.90", "0.99"])
@pytest.mark.parametrize("interval", ["wilson", "clopper_pearson"])
def test_intervals_of_other_levels_agree_with_R(level: str, interval: str):
    rows, reference = shared_case("01_binomial_intervals")
    theirs = reference["other_levels"][level]
    own = rows.set_index("case_id").loc[list(theirs)]
    found = getattr(survey, interval)(own["x"], own["n"], level=float(level))
    assert np.abs(np.column_stack(found) - np.array([one[interval] for one in theirs.values()])).max() < 1e-9


# ------------------------------------------------------------------ case 03: families of p-values


@pytest.mark.parametrize("method", ["holm", "benjamini_hochberg"])
@pytest.mark.parametrize("name", list(R["adjusted"]["sets"]))
def test_adjusted_p_values_agree_with_R_and_a_missing_one_does_not_count(name: str, method: str):
    theirs = R["adjusted"]["sets"][name]
    rows = [{"p_value": p, "estimate": 0.0, "measure": "change", "method": "none"} for p in theirs["p"]]
    frame = estimates.make(pd.DataFrame(rows).assign(data_status="published"))
    found = survey.adjusted(frame, family=[], method=method)
    expected = np.array(theirs[method], float)
    assert np.allclose(found["p_adjusted"], expected, rtol=0, atol=1e-12, equal_nan=True)
    assert set(found["family_size"]) == {sum(p is not None for p in theirs["p"])}


# ------------------------------------------------------------------ case 04: designs

DESIGNS = {
    "strat_fpc": ("apistrat", Design(weight="pw", strata="stype", fpc="fpc")),
    "strat_nofpc": ("apistrat", Design(weight="pw", strata="stype")),
    "clus1_fpc": ("apiclus1", Design(weight="pw", cluster="dnum", fpc="fpc")),
    "weights_only": ("apistrat", Design(weight="pw")),
}


@pytest.fixture(scope="module")
def schools() -> tuple[pd.DataFrame, dict]:
    rows, reference = shared_case("04_survey_proportions")
    wide, awards = rows["sch.wide"] == "Yes", rows["awards"] == "Yes"
    return rows.assign(data_status="published", schwide=wide, awards=awards), reference


@needs_shared
@pytest.mark.parametrize("name", DESIGNS)
def test_shares_and_means_of_a_design_agree_with_R(name: str, schools: tuple[pd.DataFrame, dict]):
    """> svyciprop(~I(sch.wide == "Yes"), des, method = "xlogit"); svymean(~api00, des)   # survey 4.5"""
    sample, design = DESIGNS[name]
    rows, theirs = schools[0][schools[0]["design"] == sample], schools[1]["designs"][name]
    for variable in ("schwide", "awards"):
        row = survey.shares(rows, variable, design=design, population="all").iloc[0]
        exact, iterated = (theirs[f"svyciprop_{variable}"][method] for method in ("xlogit", "logit"))
        assert [row["estimate"], row["conf_low"], row["conf_high"]] == pytest.approx(
            [exact["est"], *exact["ci"]], abs=1e-12
        )
        assert [row["conf_low"], row["conf_high"]] == pytest.approx(iterated["ci"], abs=1e-6)
        assert row["df"] == theirs["degf"]
    share = survey.shares(rows, "schwide", design=design, population="all").iloc[0]
    assert share["std_error"] == pytest.approx(theirs["prop_schwide"]["se"], abs=1e-14)
    mean = survey.means(rows, "api00", design=design, population="all").iloc[0]
    wanted = theirs["mean_api00"]
    assert [mean["estimate"], mean["std_error"]] == pytest.approx([wanted["est"], wanted["se"]], rel=1e-12)
    assert [mean["conf_low"], mean["conf_high"]] == pytest.approx(wanted["ci_t"], rel=1e-12)


@needs_shared
@pytest.mark.parametrize("name", ["strat_fpc", "clus1_fpc"])
def test_parts_of_a_sample_agree_with_R(name: str, schools: tuple[pd.DataFrame, dict]):
    """> svyby(~I(sch.wide == "Yes"), ~stype, des, svyciprop, method = "logit"); svyby(~api00, ~stype, …)"""
    sample, design = DESIGNS[name]
    rows, theirs = schools[0][schools[0]["design"] == sample], schools[1]["domains"][name]
    share = survey.shares(rows, "schwide", by="stype", design=design, population="all").set_index("stype")
    mean = survey.means(rows, "api00", by="stype", design=design, population="all").set_index("stype")
    for one, logit, other in zip(
        *(theirs[key] for key in ("prop", "prop_logit_ci", "mean_api00")), strict=True
    ):
        own = share.loc[one["stype"]]
        assert [own["estimate"], own["std_error"]] == pytest.approx([one["est"], one["se"]], abs=1e-12)
        assert [own["conf_low"], own["conf_high"]] == pytest.approx([logit["lo"], logit["hi"]], abs=1e-6)
        assert mean.loc[one["stype"], "std_error"] == pytest.approx(other["se"], rel=1e-12)


@needs_shared
def test_the_weighted_median_agrees_with_R(schools: tuple[pd.DataFrame, dict]):
    rows = schools[0].query("design == 'apistrat'")
    found = survey.medians(rows, "api00", design=DESIGNS["strat_fpc"][1], population="all").iloc[0]
    assert found["estimate"] == schools[1]["quantile_api00_strat"][1]
    assert found["conf_low"] < found["estimate"] < found["conf_high"]


@needs_shared
def test_the_rao_scott_test_agrees_with_R(schools: tuple[pd.DataFrame, dict]):
    """> svychisq(~sch.wide + stype, dclus1)

    survey's own help prints F = 5.1934, ndf = 1.495, ddf = 20.925, p-value = 0.02175.
    """
    rows = schools[0].query("design == 'apiclus1'")
    design = DESIGNS["clus1_fpc"][1]
    found = survey.association(rows, "schwide", by="stype", design=design, population="all").iloc[0]
    assert found[["statistic", "df", "df_2"]].tolist() == pytest.approx([5.1934, 1.4946, 20.925], abs=5e-4)
    assert found["p_value"] == pytest.approx(0.02175, abs=5e-6)


@needs_shared
def test_a_stratum_with_one_school_is_refused_and_not_guessed(schools: tuple[pd.DataFrame, dict]):
    rows = schools[0].query("design == 'apistrat'")
    middle = rows.index[rows["stype"] == "M"]
    lonely = rows.drop(index=middle[1:])
    with pytest.raises(UsageError, match=r"single unit: 'M'"):
        survey.means(lonely, "api00", design=DESIGNS["strat_nofpc"][1], population="all")


# ------------------------------------------------------------------ PIAAC: 80 replicate weights


@pytest.fixture(scope="module")
def adults() -> pd.DataFrame:
    columns = ["GENDER_R", "AGE_R", "C_D05", "J_Q04a", "PVNUM1", *(f"SPFWT{n}" for n in range(81))]
    parts = []
    for country in PIAAC["countries"]:
        path = Path(SHARED or ".") / "data" / "microdata" / "piaac" / f"prg{country}p1.csv"
        part = pd.read_csv(path, usecols=columns, low_memory=False).apply(pd.to_numeric, errors="coerce")
        parts.append(part.assign(programme=country))
    rows = pd.concat(parts, ignore_index=True)
    inside = (rows["GENDER_R"] == 2) & rows["AGE_R"].between(25, 65) & rows["C_D05"].isin([1, 2, 3])
    born = rows["J_Q04a"].map({1: "native", 2: "foreign_born"}).where(inside)
    employed = (rows["C_D05"] == 1).astype("boolean")
    return rows.assign(data_status="observed", birth=born, employed=employed)


JK2 = Design(
    weight="SPFWT0",
    replicates=[f"SPFWT{n}" for n in range(1, 81)],
    replicate_method="JK2",
    samples="programme",
)


@needs_shared
def test_replicate_weights_agree_with_another_program(adults: pd.DataFrame):
    """The command stands in tests/reference/piaac_jk2.json."""
    place = ["programme", "birth"]
    found = {
        "employed": survey.shares(adults, "employed", by=place, design=JK2, population="all"),
        "numeracy_pv1": survey.means(adults, "PVNUM1", by=place, design=JK2, population="all"),
    }
    for country, groups in PIAAC["countries"].items():
        for birth, theirs in groups.items():
            for name, wanted in theirs.items():
                row = found[name].set_index(place).loc[(country, birth)]
                numbers = row[["estimate", "std_error", "conf_low", "conf_high"]].tolist()
                assert numbers == pytest.approx([wanted["est"], wanted["se"], *wanted["ci"]], rel=1e-9)
                assert (row["n"], row["df"]) == (wanted["n"], PIAAC["df"])


@needs_shared
def test_two_countries_of_one_frame_are_two_samples(adults: pd.DataFrame):
    """The variance of a difference of two countries is the sum of theirs, though replicates share numbers."""
    native = adults[adults["birth"] == "native"]
    shares = survey.shares(native, "employed", by="programme", design=JK2, population="all")
    found = survey.differences(native, "employed", design=JK2, population="all").iloc[0]
    assert found["std_error"] == pytest.approx(np.hypot(*shares["std_error"]), rel=1e-12)
    assert found["df"] == shares["df"].sum()


# ------------------------------------------------------------------ case 09: ordered groups


@pytest.mark.parametrize("name", list(R["trend"]["sets"]))
def test_trends_of_shares_agree_with_R(name: str):
    theirs = R["trend"]["sets"][name]
    cells = [
        ({"dose": s, "yes": yes}, k) for s, x, n in theirs["table"] for yes, k in ((True, x), (False, n - x))
    ]
    rows = frame_of(cells)
    found = survey.trend(rows, "yes", by="dose", test="asymptotic").iloc[0]
    wanted = [theirs[key] for key in ("slope_ls", "z", "p_asymptotic")]
    assert found[["estimate", "statistic", "p_value"]].tolist() == pytest.approx(wanted, abs=1e-10)
    exact = survey.trend(rows, "yes", by="dose", test="exact").iloc[0]
    assert exact["p_value"] == pytest.approx(theirs["exact_p_two_sided_abs_dev"], abs=1e-10)
    scores, counts, sizes = np.array(theirs["table"]).T
    upper, lower, _ = exact_trend(counts, sizes, scores)
    sides = (theirs["exact_p_one_sided_upper"], theirs["exact_p_one_sided_lower"])
    assert (upper, lower) == pytest.approx(sides, abs=1e-10)


def test_trends_of_ordered_answers_agree_with_R():
    theirs = R["jonckheere"]
    rows = frame_of([({"dose": int(g), "score": x}, 1) for g, own in theirs["groups"].items() for x in own])
    found = survey.trend(rows, "score", by="dose").iloc[0]
    wanted = [theirs[key] for key in ("kendall_tau_b", "z_ties", "p_two_sided_ties")]
    assert found[["estimate", "statistic", "p_value"]].tolist() == pytest.approx(wanted, abs=1e-10)


# ------------------------------------------------------------------ case 11: strata


def check_stratified(rows: pd.DataFrame, theirs: dict, by: str, reference: str):
    found = survey.stratified(rows, "yes", by=by, reference=reference)
    odds, ratio, difference, standard = (found.iloc[place] for place in range(4))
    assert odds[["estimate", "conf_low", "conf_high"]].tolist() == pytest.approx(
        [theirs["mh_common_or"], *theirs["mh_or_ci_robins_breslow_greenland"]], abs=1e-8
    )
    cmh = theirs["cmh"]
    assert odds[["statistic", "p_value"]].tolist() == pytest.approx([cmh["stat"], cmh["p"]], abs=1e-8)
    same = theirs["homogeneity"]
    tarone = [same["Tarone"], same["Tarone_p"]]
    assert odds[["homogeneity", "p_homogeneity"]].tolist() == pytest.approx(tarone, abs=1e-8)
    log = theirs["rma_mh_logRR"]
    assert np.log(ratio[["estimate", "conf_low", "conf_high"]].astype(float)).tolist() == pytest.approx(
        [log["est"], *log["ci"]], abs=1e-8
    )
    plain = theirs["rma_mh_RD"]
    assert difference[["estimate", "std_error", "conf_low", "conf_high"]].tolist() == pytest.approx(
        [plain["est"], plain["se"], *plain["ci"]], abs=1e-8
    )
    whole = theirs["standardised_RD_total_population"]
    assert standard[["estimate", "std_error"]].tolist() == pytest.approx(
        [whole["est"], whole["se"]], abs=1e-8
    )


def test_programmes_put_together_agree_with_R():
    cells = [
        ({"programme": p, "group": g, "yes": answer == "employed"}, count)
        for p, groups in R["stratified"]["cells"].items()
        for g, answers in groups.items()
        for answer, count in answers.items()
    ]
    rows = frame_of(cells).rename(columns={"group": "arm"})
    check_stratified(rows, R["stratified"], "arm", "control")


@needs_shared
def test_departments_put_together_agree_with_R():
    rows, reference = shared_case("11_stratified_tables")
    own = rows[rows["set"] == "ucb"]
    cells = [
        ({"programme": s, "sex": g, "yes": answer == "Admitted"}, n)
        for _, s, g, answer, n in own.itertuples(index=False)
    ]
    check_stratified(frame_of(cells), reference["ucb_male_vs_female_admitted"], "sex", "Female")


# ------------------------------------------------------------------ the copies


@needs_shared
def test_the_copied_numbers_are_those_of_the_shared_cases():
    def numbers(case: str) -> dict:
        return shared_case(case)[1]

    three = numbers("11_stratified_tables")["three_programmes"]
    assert {key: three[key] for key in R["stratified"] if key in three} == {
        key: value for key, value in R["stratified"].items() if key in three
    }
    families = numbers("03_multiple_testing")["adjusted"]
    for name, own in R["adjusted"]["sets"].items():
        assert (families[name]["holm"], families[name]["BH"]) == (own["holm"], own["benjamini_hochberg"])
    trends = numbers("09_trend_and_ordered_tests")
    for name, own in R["trend"]["sets"].items():
        theirs = trends["cochran_armitage"][name]
        assert all(theirs[key] == value for key, value in own.items() if key != "table")
    assert all(trends["jonckheere"][key] == R["jonckheere"][key] for key in ("z_ties", "kendall_tau_b"))
    shares = numbers("01_binomial_intervals")["intervals"]
    assert all(shares[name]["wilson"] == own["wilson"] for name, own in R["binomial"]["pairs"].items())
    folder = Path(SHARED or ".") / "cases" / "statistics" / "01_binomial_intervals" / "input.csv"
    with folder.open(encoding="utf-8", newline="") as stream:
        pairs = {row["case_id"]: (int(row["x"]), int(row["n"])) for row in csv.DictReader(stream)}
    assert pairs == {name: (own["x"], own["n"]) for name, own in R["binomial"]["pairs"].items()}
