"""Pooling agrees with other programs, is honest with two or three studies, and refuses what differs."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pandas as pd
import pytest

from kij_analysis import estimates as shape
from kij_analysis.errors import UsageError
from kij_analysis.survey import pool

SHARED = os.environ.get("KIJ_SHARED")
CASE = Path(SHARED or ".") / "cases" / "statistics" / "13_meta_k3"
with_case = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the reference cases lie")
NAMES = {"PM": "paule_mandel", "DL": "dersimonian_laird"}

# Trials of the BCG vaccine (Colditz and others 1994): vaccinated cases and others, control cases and others.
BCG = """
4 119 11 128; 6 300 29 274; 3 228 11 209; 62 13536 248 12619; 33 5036 47 5761; 180 1361 372 1079;
8 2537 10 619; 505 87886 499 87892; 29 7470 45 7232; 17 1699 65 1600; 186 50448 141 27197;
5 2493 3 2338; 27 16886 29 17825
"""


def studies(rows: list[tuple[str, float, float]]) -> pd.DataFrame:
    fixed = {
        "variable": "employed",
        "measure": "risk_difference",
        "method": "none",
        "data_status": "observed",
    }
    return shape.make([fixed | {"programme": p, "estimate": y, "std_error": s} for p, y, s in rows])


def bcg() -> pd.DataFrame:
    """Log risk ratios with their standard errors."""
    from math import log, sqrt

    rows = []
    trials = [trial.split() for trial in BCG.split(";")]
    for number, trial in enumerate(trials):
        a, b, c, d = (float(cell) for cell in trial)
        error = sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
        rows.append((str(number), log(a / (a + b)) - log(c / (c + d)), error))
    return studies(rows)


def test_the_trials_of_bcg_are_pooled_as_metafor_pools_them():
    """rma(yi, vi, data = escalc("RR", …, data = dat.bcg), method = "DL"): -0.7141 (se 0.1787), tau² 0.3088.

    REML, metafor's own default, gives -0.7145 (0.1798); Paule and Mandel lie near it.
    """
    found = pool(bcg(), heterogeneity="dersimonian_laird").iloc[0]
    assert found["estimate"] == pytest.approx(-0.7141, abs=5e-5)
    assert found["tau2"] == pytest.approx(0.3088, abs=5e-5)
    effect, variance = bcg()["estimate"], bcg()["std_error"] ** 2
    assert (1 / (variance + found["tau2"])).sum() ** -0.5 == pytest.approx(0.1787, abs=5e-5)
    assert len(effect) == found["k"] == 13
    assert found["i2"] == pytest.approx(0.9212, abs=5e-5)
    near = pool(bcg()).iloc[0]
    assert near["estimate"] == pytest.approx(-0.7145, abs=1e-3)
    assert near["std_error"] == pytest.approx(0.1798, abs=3e-3)


def test_the_eight_schools_agree_so_well_that_they_are_pooled_as_one():
    """Rubin 1981: 7.69 with standard error 4.07 and no variance between the schools."""
    rows = [(str(i), y, s) for i, (y, s) in enumerate(zip(
        (28, 8, -3, 7, -1, 1, 18, 12), (15, 10, 16, 11, 9, 11, 10, 18), strict=True))]  # fmt: skip
    for heterogeneity in NAMES.values():
        found = pool(studies(rows), heterogeneity=heterogeneity).iloc[0]
        assert (found["tau2"], found["i2"]) == (0, 0)
        assert (found["estimate"], found["std_error"]) == pytest.approx((7.69, 4.07), abs=5e-3)


@with_case
@pytest.mark.parametrize("name", ["homog", "heter", "bcg3", "crins2"])
@pytest.mark.parametrize("method", NAMES)
def test_two_and_three_studies_are_pooled_as_metafor_pools_them(name: str, method: str):
    rows = [
        (row["study"], float(row["yi"]), float(row["sei"]))
        for row in csv.DictReader((CASE / "input.csv").open(encoding="utf-8"))
        if row["set"] == name
    ]
    found = pool(studies(rows), heterogeneity=NAMES[method]).iloc[0]
    expected = json.loads((CASE / "reference.json").read_text("utf-8"))["sets"][name]["frequentist"][method]
    adhoc = expected["adhoc"]
    for ours, theirs in (
        ("estimate", adhoc["est"]), ("std_error", adhoc["se"]), ("tau2", adhoc["tau2"]), ("q", adhoc["Q"]),
        ("conf_low", adhoc["ci"][0]), ("conf_high", adhoc["ci"][1]), ("p_value", adhoc["p"]),
        ("i2", adhoc["I2"] / 100),
    ):  # fmt: skip
        assert found[ours] == pytest.approx(theirs, rel=1e-8, abs=1e-9), ours
    ahead = adhoc["pi_HTS_t_kminus2"]
    if ahead is None:
        assert pd.isna(found["predicted_low"])
    else:
        assert [found["predicted_low"], found["predicted_high"]] == pytest.approx(ahead, rel=1e-8)


def test_agreement_by_chance_does_not_make_the_interval_narrower():
    found = pool(studies([("DK", 0.10, 0.06), ("SE", 0.12, 0.05), ("FI", 0.11, 0.08)])).iloc[0]
    plain = (1 / 0.06**2 + 1 / 0.05**2 + 1 / 0.08**2) ** -0.5
    assert found["std_error"] == pytest.approx(plain, rel=1e-12)


TWO = [("DK", 0.10, 0.06), ("SE", 0.12, 0.05)]


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (studies(TWO[:1]), "1 estimate cannot be pooled"),
        (studies([TWO[0], ("SE", 0.12, float("nan"))]), "no estimate with a standard error for 'SE'"),
        (studies([TWO[0], TWO[0]]), "'DK' stands twice"),
        (
            studies(TWO).assign(variable=["employed", "in_education"]),
            "variable is 'employed', 'in_education'",
        ),
        (studies(TWO).assign(measure=["share", "change"]), "measure is 'change', 'share'"),
        (studies(TWO).assign(estimand=["to_6", "to_18"]), "estimand is 'to_18', 'to_6'"),
    ],
)
def test_what_does_not_estimate_the_same_thing_is_refused(frame: pd.DataFrame, sentence: str):
    with pytest.raises(UsageError) as caught:
        pool(frame)
    assert sentence in str(caught.value)
