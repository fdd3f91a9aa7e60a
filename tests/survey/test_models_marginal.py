"""Adjusted shares and their differences, against R and against other ways of computing them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey

SHARED = os.environ.get("KIJ_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the shared data lies")
OTHERS = ["age", "lwt", "race", "ht", "ui"]


@pytest.fixture(scope="module")
def births() -> tuple[pd.DataFrame, dict]:
    """189 births, of case 24."""
    folder = Path(SHARED or ".") / "cases" / "statistics" / "24_marginal_effects_logit"
    rows = pd.read_csv(folder / "input.csv")
    race = pd.Categorical(rows["race"], ["white", "black", "other"])
    theirs = json.loads((folder / "reference.json").read_text("utf-8"))
    return rows.assign(race=race, gender="woman", data_status="published"), theirs


def numbers_of(row: pd.Series, *names: str) -> list[float]:
    return [float(row[name]) for name in names or ("estimate", "std_error")]


@needs_shared
@pytest.mark.parametrize(
    ("errors", "name"), [("model", "standardised_risks_model_vcov"), ("hc1", "standardised_risks_HC1")]
)
def test_standardised_shares_and_their_comparisons_agree_with_R(
    errors: str, name: str, births: tuple[pd.DataFrame, dict]
):
    """> m <- glm(low ~ smoke + age + lwt + race + ht + ui, binomial); p1 <- plogis(X1 %*% beta); …"""
    rows, theirs = births[0], births[1][name]
    asked = {"of": "smoke", "errors": errors}
    difference, none, smokes = (
        row for _, row in survey.marginal(rows, "low", OTHERS, averages=True, **asked).iterrows()
    )
    assert numbers_of(difference) == pytest.approx(theirs["rd"], abs=1e-7)
    assert numbers_of(none) == pytest.approx(theirs["p0"], abs=1e-7)
    assert numbers_of(smokes) == pytest.approx(theirs["p1"], abs=1e-7)
    assert difference["method"] == ("marginal" if errors == "model" else "marginal_robust")
    for measure, log in (("ratio", "log_rr"), ("odds_ratio", "log_or")):
        row = survey.marginal(rows, "low", OTHERS, measure=measure, **asked).iloc[0]
        found = [np.log(row["estimate"]), row["std_error"] / row["estimate"]]
        assert found == pytest.approx(theirs[log], abs=1e-7)
    assert survey.marginal(rows, "low", OTHERS, measure="ratio", **asked)["estimate"].tolist() == (
        pytest.approx([theirs["rr"]], abs=1e-7)
    )


@needs_shared
def test_the_difference_for_those_in_a_group_agrees_with_R(births: tuple[pd.DataFrame, dict]):
    row = survey.marginal(births[0], "low", OTHERS, of="smoke", over="first").iloc[0]
    theirs = births[1]["att_rd"]
    assert numbers_of(row) == pytest.approx([theirs["est"], theirs["se"]], abs=1e-7)


@needs_shared
@pytest.mark.parametrize("of", ["age", "lwt"])
def test_mean_slopes_of_numbers_agree_with_R(of: str, births: tuple[pd.DataFrame, dict]):
    row = survey.marginal(births[0], "low", [*OTHERS, "smoke"], of=of).iloc[0]
    theirs = births[1][f"ame_{of}"]
    assert numbers_of(row) == pytest.approx([theirs["est"], theirs["se"]], abs=1e-7)
    assert (row["group"], row["measure"]) == (of, "risk_difference")


@needs_shared
def test_mean_shares_by_group_agree_with_R(births: tuple[pd.DataFrame, dict]):
    found = survey.marginal(births[0], "low", [*OTHERS, "smoke"], of="race", averages=True)
    shares = found[found["measure"] == "share"].set_index("first")["estimate"]
    assert shares.to_dict() == pytest.approx(births[1]["average_risk_by_race"], abs=1e-7)
    assert found["group"].tolist()[:2] == ["black-white", "other-white"]
