"""Answer scales: cuts that say where they lie, means that say what they assume, reliability."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.errors import UsageError
from kij_analysis.estimates import COLUMNS
from kij_analysis.survey.polychoric import bivariate_normal, polychoric_matrix
from kij_analysis.words import LANGUAGES, load

SHARED = os.environ.get("KIJ_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")
CASE = Path(SHARED or ".") / "cases" / "statistics" / "28_likert_scale_reliability"
ITEMS = ["A1", "A2", "A3", "A4", "A5"]


def table(text: str, **columns: object) -> pd.DataFrame:
    frame = pd.read_csv(io.StringIO(text), sep=r"\s+", na_values=["-"], dtype={"round": "str"})
    return frame.assign(gender="woman", data_status="observed", **columns)


def steps(values: pd.Series, last: int) -> pd.Categorical:
    return pd.Categorical(values, categories=range(1, last + 1), ordered=True)


# ------------------------------------------------------------------ case 28 against R's psych and polycor


@pytest.fixture(scope="module")
def bfi() -> pd.DataFrame:
    frame = pd.read_csv(CASE / "input.csv").assign(gender="woman", data_status="published", programme="fika")
    return frame.assign(**{item: steps(frame[item], 6) for item in ITEMS})


@pytest.fixture(scope="module")
def reference() -> dict:
    return json.loads((CASE / "reference.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def alphas(bfi: pd.DataFrame) -> pd.DataFrame:
    return survey.reliability(bfi, ITEMS, reverse=["A1"]).set_index("category")


@needs_shared
def test_cronbach_alpha_and_its_interval_agree_with_r(alphas: pd.DataFrame, reference: dict):
    row = alphas.loc["cronbach_alpha"]
    assert row["n"] == reference["n_complete"]
    assert row["missing"] == 2800 - reference["n_complete"]
    assert row["estimate"] == pytest.approx(reference["alpha_complete"], abs=1e-10)
    assert [row["conf_low"], row["conf_high"]] == pytest.approx(reference["feldt_ci"], abs=1e-10)
    assert row["standardised"] == pytest.approx(reference["std_alpha_complete"], abs=1e-10)
    assert row["sem"] == pytest.approx(reference["sem_scale_mean"], abs=1e-10)
    # The reference has 1.96 for the quantile.
    assert row["mdc"] == pytest.approx(reference["mdc95"], rel=2e-5)


@needs_shared
def test_ordinal_alpha_and_the_polychoric_correlations_agree_with_r(
    bfi: pd.DataFrame, alphas: pd.DataFrame, reference: dict
):
    row = alphas.loc["ordinal_alpha"]
    assert row["estimate"] == pytest.approx(reference["ordinal_alpha_polychoric"], abs=1e-4)
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    complete = bfi[ITEMS].dropna()
    codes = np.column_stack([complete[item].cat.codes for item in ITEMS]).astype(int)
    codes[:, 0] = 5 - codes[:, 0]
    matrix, _ = polychoric_matrix(codes)
    expected = [[reference["polychoric_matrix_psych"][a][b] for b in ITEMS] for a in ITEMS]
    assert np.abs(matrix - np.array(expected)).max() < 1e-4
    two_step = survey.polychoric(pd.crosstab(complete["A2"], complete["A3"]).to_numpy())
    assert two_step == pytest.approx(reference["polychoric_A2_A3"]["two_step"], abs=1e-4)


@needs_shared
def test_what_each_item_adds_agrees_with_r(bfi: pd.DataFrame, reference: dict):
    found = survey.item_statistics(bfi, ITEMS, reverse=["A1"]).set_index("variable")
    for item in ITEMS:
        told = found.loc[item]
        assert told["alpha_without"] == pytest.approx(reference["alpha_if_dropped"][item], abs=1e-10)
        assert told["estimate"] == pytest.approx(reference["corrected_item_total"][item], abs=1e-10)
        assert told["conf_low"] < told["estimate"] < told["conf_high"]


@needs_shared
def test_floor_ceiling_top_shares_means_and_medians_of_items_agree_with_r(bfi: pd.DataFrame, reference: dict):
    complete = bfi.dropna(subset=ITEMS)
    complete = complete.assign(A1=steps(7 - complete["A1"].astype(int), 6))
    for told in reference["item_stats"]:
        item = told["item"]
        ends = survey.floor_ceiling(complete, item).set_index("category")["estimate"]
        assert ends.to_dict() == pytest.approx(
            {"floor": told["floor"], "ceiling": told["ceiling"]}, abs=1e-12
        )
        top = survey.top_shares(complete, item)
        assert top["category"].tolist() == ["top_2_of_6"]
        assert top["estimate"].tolist() == pytest.approx([told["top2"]], abs=1e-12)
        mean = survey.scale_means(complete, item).iloc[0]
        assert mean["estimate"] == pytest.approx(told["mean"], abs=1e-12)
        assert mean["std_error"] * np.sqrt(mean["n"]) == pytest.approx(told["sd"], abs=1e-10)
        assert survey.medians(complete, item).iloc[0]["category"] == str(told["median"])


@needs_shared
def test_the_score_of_those_who_answered_half_of_the_items_agrees_with_r(bfi: pd.DataFrame, reference: dict):
    scores = survey.scale_scores(bfi, ITEMS, reverse=["A1"])
    expected = reference["scale_score_half_rule"]
    assert scores.notna().sum() == expected["n_scored"]
    assert (scores.mean(), scores.std()) == pytest.approx((expected["mean"], expected["sd"]), abs=1e-10)


# ------------------------------------------------------------------ polychoric correlations


def test_the_bivariate_normal_distribution_is_that_of_scipy():
    from scipy.stats import multivariate_normal

    for h, k, rho in ((0.3, -1.2, 0.6), (0.0, 0.7, -0.4), (-2.0, -0.1, 0.95), (1.5, 0.0, 0.1)):
        expected = multivariate_normal.cdf([h, k], cov=[[1, rho], [rho, 1]])
        assert bivariate_normal(np.array(h), np.array(k), rho) == pytest.approx(expected, abs=1e-6)


def test_a_table_cut_from_a_normal_distribution_gives_its_correlation_back():
    from kij_analysis.survey.polychoric import _cells

    cuts = np.array([-1.0, 0.2, 1.1])
    for rho in (-0.7, 0.0, 0.35, 0.9):
        table = _cells(cuts, cuts[:2], rho) * 1000
        assert survey.polychoric(table) == pytest.approx(rho, abs=1e-5)


def test_a_correlation_without_one_person_is_that_of_the_others():
    rng = np.random.default_rng(3)
    base = rng.normal(size=120)
    codes = np.column_stack([np.digitize(base + rng.normal(size=120), [-1, 0, 1]) for _ in range(2)])
    _, without = polychoric_matrix(codes)
    for person in (0, 17, 80):
        rest = np.delete(codes, person, axis=0)
        refitted = survey.polychoric(pd.crosstab(rest[:, 0], rest[:, 1]).to_numpy())
        assert without[0, person] == pytest.approx(refitted, abs=2e-4)


def test_an_item_with_one_answer_has_no_polychoric_correlation():
    assert np.isnan(survey.polychoric(np.array([[3, 4, 5]])))
    assert np.isnan(survey.polychoric(np.array([[3, 4], [0, 0]])))


def test_the_interval_of_ordinal_alpha_holds_the_truth_about_as_often_as_it_says():
    """The short form of benchmarks/alpha_coverage.py: the alpha behind the answers is known."""
    rng, items, r, samples = np.random.default_rng(28), 3, 0.5, 40
    truth = items * r / (1 + (items - 1) * r)
    held = 0
    for _ in range(samples):
        common = rng.normal(size=(80, 1)) * np.sqrt(r)
        latent = common + rng.normal(size=(80, items)) * np.sqrt(1 - r)
        codes = pd.DataFrame(np.digitize(latent, [-0.8, 0.3, 1.0]))
        frame = codes.set_axis([f"i{k}" for k in range(items)], axis=1)
        found = survey.reliability(
            frame.assign(gender="woman", data_status="synthetic"), list(frame.columns), kind="ordinal"
        )
        held += bool(found["conf_low"].iloc[0] <= truth <= found["conf_high"].iloc[0])
    assert held / samples >= 0.85


# ------------------------------------------------------------------ cuts that say where they lie

ANSWERS = """
    programme instrument round trust_score
    kvinfo    k_end      2024  100
    kvinfo    k_end      2024  75
    kvinfo    k_end      2024  50
    kvinfo    k_end      2024  -
    fika      f_end      2024  100
    fika      f_end      2024  66.67
    fika      f_end      2024  33.33
    sajo      s_end      2024  -
"""
PROPERTIES = pd.DataFrame(
    {
        "instrument": ["k_end", "f_end"],
        "round": "2024",
        "column": "trust_score",
        "scale": ["degree5", "agreement4"],
        "steps": pd.array([5, 4], dtype="Int64"),
    }
)


def test_scales_of_different_lengths_have_cuts_with_different_names():
    found = survey.top_shares(table(ANSWERS), "trust_score", steps=PROPERTIES, by="programme")
    assert found[["programme", "category", "count", "n", "missing"]].values.tolist() == [
        ["kvinfo", "top_2_of_5", 2.0, 3.0, 1],
        ["fika", "top_2_of_4", 2.0, 3.0, 0],
        ["sajo", "", pytest.approx(np.nan, nan_ok=True), 0.0, 1],
    ]
    assert found["note"].tolist() == ["", "", "no_answers"]


def test_a_group_with_two_scales_has_a_row_for_each():
    frame = table(ANSWERS).assign(place="all")
    found = survey.top_shares(frame.iloc[:7], "trust_score", steps=PROPERTIES, by="place")
    assert found["category"].tolist() == ["top_2_of_5", "top_2_of_4"]


def test_a_cut_below_the_lowest_step_says_nothing():
    found = survey.top_shares(table(ANSWERS), "trust_score", steps=PROPERTIES, top=4, by="programme")
    fika = found[found["programme"] == "fika"].iloc[0]
    assert (fika["category"], fika["note"]) == ("top_4_of_4", "not_applicable")
    assert np.isnan(fika["estimate"])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"steps": 6}, "are no steps of such a scale"),
        ({}, "not known of how many steps"),
        ({"steps": PROPERTIES, "top": 0}, "highest 0 steps are none"),
    ],
)
def test_a_cut_that_cannot_be_is_told(options: dict, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        survey.top_shares(table(ANSWERS), "trust_score", **options)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_cut(language: str):
    words = load(language)
    assert all(number in words.category("trust_score", "top_2_of_5") for number in "25")
    labels = {words.category("trust_score", code) for code in ("top_2_of_5", "floor", "ceiling")}
    assert len(labels) == 3
    assert not any("_" in label or label in ("floor", "ceiling") for label in labels)


def test_a_mean_of_a_scale_says_what_it_takes_for_granted():
    found = survey.scale_means(table(ANSWERS), "trust_score", bounds=(0, 100), by="programme")
    assert found["note"].tolist() == ["equal_steps", "equal_steps", "no_answers"]
    assert set(found["assumption"]) == {"equal_steps"}


def test_categories_without_an_order_have_no_mean():
    frame = table(ANSWERS).assign(trust_score=pd.Categorical(["a"] * 8))
    with pytest.raises(UsageError, match="have no order"):
        survey.scale_means(frame, "trust_score")


def test_a_score_needs_its_ends():
    with pytest.raises(UsageError, match="ends of 'trust_score' are not known"):
        survey.floor_ceiling(table(ANSWERS), "trust_score")
    with pytest.raises(UsageError, match="lie outside 0 to 5"):
        survey.floor_ceiling(table(ANSWERS), "trust_score", bounds=(0, 5))


# ------------------------------------------------------------------ scales of several items

SCALE = """
    programme a b c
    fika      1 5 1
    fika      2 4 3
    fika      3 3 2
    fika      4 2 5
    fika      5 1 4
    fika      4 1 4
    fika      5 - -
"""


def test_a_reversed_item_is_turned_and_too_few_items_give_no_score():
    scores = survey.scale_scores(table(SCALE), ["a", "b", "c"], reverse=["b"], bounds=(1, 5))
    assert scores.tolist() == pytest.approx([1, 7 / 3, 8 / 3, 13 / 3, 14 / 3, 13 / 3, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"items": ["a"]}, "scale of 1 item"),
        ({"items": ["a", "bb"]}, "Did you mean 'b'"),
        ({"items": ["a", "b"], "reverse": ["c"]}, "is no item"),
        ({"items": ["a", "b"], "reverse": ["b"]}, "between which numbers"),
        ({"items": ["a", "b"], "answered": 0}, "fraction of items is 0"),
    ],
)
def test_what_is_no_scale_is_told(options: dict, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        survey.scale_scores(table(SCALE), **options)


def test_items_with_scales_of_different_lengths_have_no_mean_score_but_an_alpha():
    frame = table(SCALE)
    frame = frame.assign(a=steps(frame["a"], 5), c=steps(frame["c"], 6))
    with pytest.raises(UsageError, match="run from '1 to 5', '1 to 6'"):
        survey.scale_scores(frame, ["a", "c"])
    assert survey.reliability(frame, ["a", "c"], kind="cronbach")["estimate"].notna().all()


def test_an_item_that_runs_the_other_way_has_a_correlation_below_zero():
    frame = pd.concat([table(SCALE)] * 5, ignore_index=True)
    found = survey.item_statistics(frame, ["a", "b", "c"]).set_index("variable")
    assert found.loc["b", "conf_high"] < 0


NOBODY = {"a": [], "b": [], "c": []}
CASES = {
    "nobody": (NOBODY, "no_answers"),
    "all missing": ({"a": [np.nan] * 9, "b": [np.nan] * 9, "c": [np.nan] * 9}, "no_answers"),
    "one person": ({"a": [1.0], "b": [2.0], "c": [3.0]}, "too_few"),
    "two persons": ({"a": [1.0, 2], "b": [2.0, 4], "c": [3.0, 3.5]}, ""),
    "constant item": ({"a": [1.0, 2, 3] * 4, "b": [2.0] * 12, "c": [1.0, 2, 3] * 4}, "no_variation"),
    "all the same": ({"a": [1.0] * 9, "b": [1.0] * 9, "c": [1.0] * 9}, "no_variation"),
    "wholly together": ({name: [1.0, 2, 3] * 4 for name in "abc"}, "too_few"),
    "against each other": ({"a": [1.0, 2, 3] * 4, "b": [3.0, 2, 1] * 4, "c": [1.0, 3, 1] * 4}, ""),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", CASES)
def test_reliability_has_a_row_and_a_reason_whatever_the_answers(name: str):
    values, note = CASES[name]
    frame = pd.DataFrame(values, dtype=float).assign(gender="woman", data_status="synthetic")
    found = survey.reliability(frame, ["a", "b", "c"])
    assert list(found.columns[: len(COLUMNS)]) == list(COLUMNS)
    assert found["category"].tolist() == ["cronbach_alpha", "ordinal_alpha"]
    assert found["note"].iloc[0] == note
    silent = found[found["note"] == ""]
    assert silent[["estimate", "conf_low", "conf_high"]].notna().all(axis=None)
    items = survey.item_statistics(frame, ["a", "b", "c"])
    assert len(items) == 3
    assert (items["note"] != "").sum() == items["conf_low"].isna().sum()


def test_a_number_with_many_values_has_no_ordinal_alpha():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(40, 3)), columns=list("abc"))
    found = survey.reliability(frame.assign(gender="woman", data_status="synthetic"), list("abc"))
    assert found.set_index("category")["note"].to_dict() == {
        "cronbach_alpha": "", "ordinal_alpha": "not_applicable"
    }  # fmt: skip


def test_a_scale_that_a_programme_did_not_ask_says_so():
    frame = table(SCALE).assign(c=np.nan, c_missing="not_asked", a_missing=None, b_missing=None)
    assert survey.reliability(frame, ["a", "b", "c"], kind="cronbach")["note"].tolist() == ["not_asked"]


# ------------------------------------------------------------------ whether programmes may be compared


def two_programmes(**second: object) -> pd.DataFrame:
    """Sixty answers to three items in each of two programmes; the second is changed as told."""
    rng = np.random.default_rng(7)
    parts = []
    for programme in ("fika", "sajo"):
        base = rng.integers(0, 5, size=60)
        items = {n: np.clip(base + rng.integers(-1, 2, size=60), 0, 4) * 25.0 for n in "abc"}
        parts.append(pd.DataFrame(items).assign(programme=programme, instrument=f"{programme}_end"))
    parts[1] = parts[1].assign(**{k: v(parts[1]) if callable(v) else v for k, v in second.items()})
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(gender="woman", data_status="synthetic", round="2024")


def scales(first: tuple[str, int], second: tuple[str, int]) -> pd.DataFrame:
    rows = [
        {"instrument": f"{p}_end", "round": "2024", "column": item, "scale": scale, "steps": steps}
        for p, (scale, steps) in (("fika", first), ("sajo", second))
        for item in "abc"
    ]
    return pd.DataFrame(rows).astype({"steps": "Int64"})


def verdict(frame: pd.DataFrame, properties: pd.DataFrame | None = None) -> pd.Series:
    found = survey.scale_comparability(frame, list("abc"), properties=properties)
    assert found["category"].tolist() == ["cronbach_alpha", "cronbach_alpha", "level"]
    return found.iloc[-1]


def test_the_same_scale_may_be_compared_and_its_difference_is_welchs():
    from scipy.stats import ttest_ind

    frame = two_programmes()
    row = verdict(frame, scales(("s", 5), ("s", 5)))
    assert (row["verdict"], row["reasons"], row["note"]) == ("comparable", "", "equal_steps")
    means = [part[list("abc")].mean(axis=1) for _, part in frame.groupby("programme")]
    expected = ttest_ind(*means, equal_var=False)
    assert row["p_value"] == pytest.approx(expected.pvalue)
    assert row["estimate"] == pytest.approx(means[0].mean() - means[1].mean())
    low, high = expected.confidence_interval()
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("second", "properties", "reason"),
    [
        ({"c": np.nan}, None, "items_differ"),
        ({}, scales(("s", 5), ("t", 4)), "steps_differ"),
        ({"c": lambda f: 100 - f["c"]}, None, "direction_differs"),
    ],
)
def test_levels_that_must_not_be_compared_have_no_difference(
    second: dict, properties: pd.DataFrame | None, reason: str
):
    row = verdict(two_programmes(**second), properties)
    assert (row["verdict"], row["note"]) == ("not_comparable", "not_comparable")
    assert reason in row["reasons"].split("|")
    assert np.isnan(row["estimate"])


def test_other_words_on_as_many_steps_ask_for_caution():
    row = verdict(two_programmes(), scales(("s", 5), ("t", 5)))
    assert (row["verdict"], row["reasons"], row["note"]) == ("caution", "scale_differs", "equal_steps")


def test_items_that_hardly_go_together_ask_for_caution():
    rng = np.random.default_rng(5)
    noise = {name: rng.integers(0, 5, size=60) * 25.0 for name in "abc"}
    row = verdict(two_programmes(**noise))
    assert "low_reliability" in row["reasons"] or "direction_differs" in row["reasons"]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_programme_with_hardly_anybody_has_rows_with_reasons(kept: int):
    frame = two_programmes(**dict.fromkeys("abc", np.nan)) if not kept else two_programmes()
    frame = pd.concat([frame.iloc[:60], frame.iloc[60 : 60 + max(kept, 3 * (kept == 0))]])
    found = survey.scale_comparability(frame, list("abc"))
    row = found.iloc[-1]
    assert row["note"] == {0: "one_group_empty", 1: "too_few", 2: "equal_steps"}[kept]
    assert found.loc[found["estimate"].isna(), "note"].ne("").all()


def test_one_programme_is_compared_with_nothing():
    with pytest.raises(UsageError, match="fewer than two groups"):
        survey.scale_comparability(two_programmes().iloc[:60], list("abc"))
