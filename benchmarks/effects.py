"""How far each estimator strays from a known difference, and how often its interval holds it.

    python benchmarks/effects.py          the two tables of docs/methods.md (about ten minutes)
    python benchmarks/effects.py 20 5     fewer draws, of the simulation and of the demonstration

The outcome has a standard deviation of about 10; mentoring makes 4 of it for everybody who takes part. Bias
is in standard deviations of the outcome. "Refused" are draws in which the check of overlap lets no estimate
through.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from kij_analysis import demo, effects
from kij_analysis.template import template_folder

SEED, N, MADE = 20261122, 240, 4.0
COVARIATES = ["age", "schooling", "network"]
SCENARIOS = ("no confounding", "measured confounding", "poor overlap", "drop-out by outcome", "few clusters")
RATINGS = ("network", "language", "confidence")


def persons(scenario: str, rng: np.random.Generator) -> pd.DataFrame:
    """Persons of one draw; what the scenario does to them is the only difference between scenarios."""
    age, schooling, network = (rng.normal(0, 1, N) for _ in range(3))
    pull = {"no confounding": 0.0, "poor overlap": 2.2}.get(scenario, 0.6)
    took = rng.random(N) < 1 / (1 + np.exp(-pull * (schooling + network)))
    score = 50 + 2 * age + 4 * schooling + 5 * network + MADE * took + rng.normal(0, 7, N)
    mentor = np.where(took, rng.integers(0, 10, N), -1)
    if scenario == "few clusters":
        talent = rng.normal(0, 4, 10)
        score = score + np.where(took, talent[mentor], 0.0)
    if scenario == "drop-out by outcome":
        score = np.where(took & (rng.random(N) < 1 / (1 + np.exp((score - 45) / 4))), np.nan, score)
    return pd.DataFrame(
        {
            "age": age, "schooling": schooling, "network": network, "took_part": took, "score": score,
            "mentor": [str(one) if one >= 0 else None for one in mentor], "gender": "woman",
            "data_status": "synthetic",
        }
    )  # fmt: skip


def simulated(draws: int) -> pd.DataFrame:
    """Bias, spread, mean standard error, coverage and refusals by scenario and estimator."""
    rows = []
    for number, scenario in enumerate(SCENARIOS):
        rng = np.random.default_rng([SEED, number])
        for _ in range(draws):
            found = effects.compare(
                persons(scenario, rng), outcome="score", treated="took_part", covariates=COVARIATES,
                cluster="mentor" if scenario == "few clusters" else "",
            )  # fmt: skip
            rows += [
                (scenario, name, row["estimate"] - MADE, row["std_error"],
                 row["conf_low"] <= MADE <= row["conf_high"])
                for name, row in zip(effects.ESTIMATORS, found.to_dict("records"), strict=True)
            ]  # fmt: skip
    return summary(pd.DataFrame(rows, columns=["scenario", "estimator", "bias", "error", "holds"]), 10.0)


def summary(rows: pd.DataFrame, spread: float) -> pd.DataFrame:
    """One line for each scenario and estimator; refused draws count in `refused` only."""
    lines = []
    for (scenario, estimator), own in rows.groupby(["scenario", "estimator"], sort=False):
        kept = own[own["bias"].notna()]
        lines.append(
            {
                "scenario": scenario,
                "estimator": estimator,
                "bias": kept["bias"].mean() / spread,
                "sd": kept["bias"].std() / spread,
                "se": kept["error"].mean() / spread,
                "coverage": 100 * kept["holds"].mean() if kept["error"].notna().any() else np.nan,
                "refused": 100 * (1 - len(kept) / len(own)),
            }
        )
    return pd.DataFrame(lines)


def both_groups(given: demo.Assumptions, seed: int) -> pd.DataFrame:
    """KVINFO's mentees and its waiting list, as they answer."""
    told = demo.surveys(given, "kvinfo", seed=seed)
    parts = []
    for took, first, second in ((True, "entry", "end"), (False, "waiting_entry", "waiting_end")):
        before, after = (scores(told[wave].set_index("number")) for wave in (first, second))
        begun = told[first].set_index("number")[["age", "education", "years"]]
        parts.append(begun.join(before.add_suffix("_before")).join(after).assign(took_part=took))
    return pd.concat(parts, ignore_index=True).assign(gender="woman", data_status="synthetic")


def scores(answers: pd.DataFrame) -> pd.DataFrame:
    """The ratings from 0 to 100, missing where somebody gave none."""
    steps = {
        item: pd.to_numeric(answers[f"{item}_step"].where(answers[f"{item}_step_mark"] == ""))
        for item in RATINGS
    }
    return pd.DataFrame(steps) * 25 - 25


def demonstrated(seeds: int, item: str = "network") -> pd.DataFrame:
    """The same for the demonstration: a new draw of everybody with every seed, the truth known."""
    given = demo.read_assumptions(template_folder() / "data" / "raw" / "demo" / demo.ASSUMPTIONS)
    covariates = ["age", "education", "years", *(f"{rating}_before" for rating in RATINGS)]
    rows, spread = [], []
    for seed in range(1, seeds + 1):
        frame = both_groups(given, seed)
        truth = demo.difference_made(given, "kvinfo", seed=seed)[item]
        own = frame[frame["took_part"]]
        rows.append(
            ("demonstration", "change", (own[item] - own[f"{item}_before"]).mean() - truth, np.nan, False)
        )
        found = effects.compare(frame, outcome=item, treated="took_part", covariates=covariates)
        spread.append(found["spread"].iloc[0])
        rows += [
            ("demonstration", name, row["estimate"] - truth, row["std_error"],
             row["conf_low"] <= truth <= row["conf_high"])
            for name, row in zip(effects.ESTIMATORS, found.to_dict("records"), strict=True)
        ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["scenario", "estimator", "bias", "error", "holds"])
    return summary(frame, float(np.mean(spread)))


def printed(table: pd.DataFrame) -> str:
    """The table as docs/methods.md holds it."""
    head = "| scenario | estimator | bias | spread | mean standard error | coverage, % | refused, % |"
    lines = [head, "| --- | --- | --- | --- | --- | --- | --- |"]
    for row in table.to_dict("records"):
        error = "–" if np.isnan(row["se"]) else f"{row['se']:.2f}"
        coverage = "–" if np.isnan(row["coverage"]) else f"{row['coverage']:.0f}"
        name = row["estimator"].replace("_", " ")
        lines.append(
            f"| {row['scenario']} | {name} | {row['bias']:+.2f} | {row['sd']:.2f} | {error} | {coverage} | "
            f"{row['refused']:.0f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    draws, seeds = (int(one) for one in (sys.argv[1:] + ["300", "200"][len(sys.argv) - 1 :]))
    print(printed(simulated(draws)))
    print()
    print(printed(demonstrated(seeds)))
