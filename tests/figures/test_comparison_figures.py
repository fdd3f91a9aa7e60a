"""Figures of comparisons: what they say, what they draw, and what they refuse."""

from __future__ import annotations

import pandas as pd
import pytest
from measuring import faults

from kij_analysis import effects, figures, tables
from kij_analysis.errors import UsageError
from kij_analysis.words import LANGUAGES, as_words, causal_words

COVARIATES = ["age", "network_score_before", "education_group"]


@pytest.fixture(scope="module")
def persons() -> pd.DataFrame:
    import numpy as np

    rng = np.random.default_rng(4)
    n = 240
    age, before = rng.normal(35, 8, n), rng.choice([0.0, 25, 50, 75, 100], n)
    took = rng.random(n) < 1 / (1 + np.exp(-(before - 50) / 50))
    after = 20 + 0.5 * before + 6 * took + rng.normal(0, 15, n)
    group = pd.Categorical(rng.choice(["low", "medium", "high"], n), ["low", "medium", "high"])
    return pd.DataFrame(
        {
            "programme": "kvinfo", "age": age, "network_score_before": before, "education_group": group,
            "took_part": took, "network_score": after, "employed": after > 50, "gender": "woman",
            "data_status": "synthetic",
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def drawn(persons) -> dict[str, dict[str, figures.Figure]]:
    how = {"treated": "took_part", "covariates": COVARIATES, "outcome": "network_score"}
    found, alike = effects.compare(persons, **how), effects.balance(persons, **how)
    fragile = effects.fragility(persons, **how)
    plane = effects.contours(fragile)
    change = pd.DataFrame([{"estimate": 14.0, "conf_low": 9.0, "conf_high": 19.0}])
    return {
        language: {
            "side_by_side": figures.side_by_side(found, language, change=change, truth=6.0),
            "balance": figures.balance(alike, language),
            "sensitivity": figures.sensitivity(plane, language, fragile=fragile),
        }
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["side_by_side", "balance", "sensitivity"])
def test_nothing_meets_nothing_leaves_the_sheet_and_no_cause_is_named(drawn, language: str, name: str):
    figure = drawn[language][name]
    assert faults(figure) == []
    assert not causal_words(f"{figure.title} {figure.subtitle} {figure.alt}", language)
    assert figure.mark == as_words(language).mark(["synthetic"]) and figure.mark in figure.alt


@pytest.mark.parametrize("name", ["side_by_side", "balance", "sensitivity"])
def test_the_table_behind_a_figure_holds_what_was_drawn(drawn, name: str):
    figure = drawn["en"][name]
    table = tables.behind(figure, "en")
    assert len(table.rows) == figure.data["label"].notna().sum() > 0


def test_the_ladder_leads_from_the_change_to_the_truth(drawn):
    headings = drawn["en"]["side_by_side"].data["heading"].drop_duplicates().tolist()
    assert headings == [
        "No comparison group", "A comparison group as it is", "Made comparable",
        "Known, because the data are synthetic",
    ]  # fmt: skip


def test_the_largest_difference_stands_on_top_and_entropy_balancing_leaves_none(drawn):
    table = drawn["en"]["balance"].data
    assert table["before"].abs().is_monotonic_decreasing
    assert table["after"].abs().max() < 1e-9
    assert drawn["en"]["balance"].title.startswith("0 of 5 traits still differ")


def test_shares_are_told_in_percentage_points(persons):
    found = effects.compare(persons, outcome="employed", treated="took_part", covariates=COVARIATES)
    figure = figures.side_by_side(found, "en")
    assert "percentage points" in figure.title
    assert figure.data["estimate"].iloc[0] == pytest.approx(100 * found["estimate"].iloc[0])


def test_who_cannot_be_compared_is_said_in_the_figure(persons):
    apart = persons.assign(age=persons["took_part"] * 40.0 + persons.index % 3)
    found = effects.compare(apart, outcome="network_score", treated="took_part", covariates=["age"])
    figure = figures.side_by_side(found, "en")
    assert figure.title == "The groups cannot be made comparable"
    assert "Nobody in the comparison group resembles those who took part" in set(figure.data["label"])
    alike = effects.balance(apart, treated="took_part", covariates=["age"])
    with pytest.raises(UsageError, match="says nothing of the balance"):
        figures.balance(alike, "en")


def test_a_truth_is_drawn_for_synthetic_data_only(persons):
    found = effects.compare(
        persons.assign(data_status="observed"), outcome="network_score", treated="took_part",
        covariates=["age"],
    )  # fmt: skip
    with pytest.raises(UsageError, match="synthetic data only"):
        figures.side_by_side(found, "en", truth=6.0)
