"""Whether the ways of dealing with non-response hold what they say, on the demonstration's known truth.

Run with `python benchmarks/nonresponse.py` (200 populations, some minutes); the tables that it prints stand
in docs/methods.md. People are drawn in memory from the demonstration's assumptions, one population for each
seed, and what became of all of them is known.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
import pandas as pd

from kij_analysis import demo
from kij_analysis.demo.assumptions import Assumptions
from kij_analysis.demo.draws import highest, score, stream, whole
from kij_analysis.survey import nonresponse
from kij_analysis.template import template_folder

SEEDS = 200
JOB = ("employed", "subsidised_job")
LOW, HIGH = ("isced_0_1", "isced_2"), ("isced_5", "isced_6", "isced_7", "isced_8")
EUROPE = ("eu_eea_nordic", "other_europe")
PREDICTORS = ("education_group", "language", "age", "children")
QUESTIONS = {
    "elsewhere": "region_of_origin_mark",
    "recognition": "barriers_mark",
    "confident": "confidence_step_mark",
    "in_job": "labour_status_mark",
}
"""The questions, and the mark that says who has left each of them out."""
NAMES = {
    "elsewhere": "origin outside Europe",
    "recognition": "recognition is a barrier",
    "confident": "high self-confidence",
    "in_job": "in a job",
}
SPOKEN = {
    "complete_cases": "complete cases",
    "margins": "margins",
    "dropout": "drop-out",
    "imputation": "imputation",
    "worst_case": "worst case",
}
READERS = {"education": 1.0}
"""The second scenario: only schooling, in three groups, decides who answers, and much."""


def assumed() -> Assumptions:
    """The demonstration's assumptions as they are."""
    return demo.read_assumptions(template_folder() / "data" / "raw" / "demo" / demo.ASSUMPTIONS)


def known_truth(people: pd.DataFrame, steps: int) -> pd.DataFrame:
    """What is true of all participants, in the words of the benchmark."""
    level = people["education_level"]
    group = np.select([level.isin(LOW), level.isin(HIGH)], ["low", "high"], "medium")
    truth = pd.DataFrame(
        {
            "person_id": people["number"].astype("str"),
            "gender": people["gender"].astype("str"),
            "education_group": pd.Categorical(group, ["low", "medium", "high"]),
            "age": people["age"].astype(float),
            "children": people["children"],
            "elsewhere": ~people["region_of_origin"].isin(EUROPE),
        }
    )
    for wave in ("entry", "end"):
        job = people[f"status_{wave}"].isin(JOB)
        barrier = people[f"barrier_qualification_recognition_{wave}"]
        high = people[f"confidence_{wave}"].astype(int) >= steps - 1
        moving = {"in_job": job, "recognition": barrier.astype(bool), "confident": high}
        truth = truth.assign(**{f"{name}_{wave}": value for name, value in moving.items()})
    return truth.assign(language=people["language_entry"].astype(float))


def surveyed(
    given: Assumptions, programme: str, seed: int, *, readers: dict[str, float] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The truth about all participants, and the answers of those who answered at entry and at the end.

    With `readers` not the demonstration decides who answers at the end, but a score of these weights alone.
    """
    own = given.programmes[programme]
    people = demo.participants(given, programme, seed=seed)
    truth = known_truth(people, len(own.confidence.shares))
    entry = demo.entry_survey(people, given, programme, seed=seed)
    end = demo.end_survey(people, given, programme, seed=seed)
    if readers:
        rng = stream(seed, programme, "benchmark")
        groups = people.assign(education=truth["education_group"].cat.codes)
        chosen = highest(score(groups, readers, rng), whole(own.response_rate.value, len(people)))
        left_out = {
            mark: np.where(rng.random(chosen.sum()) < 0.05, "blank", "") for mark in QUESTIONS.values()
        }
        end = people[chosen].assign(**left_out)
    parts = []
    for wave, survey in (("entry", entry), ("end", end)):
        marks = survey.assign(person_id=survey["number"].astype("str")).set_index("person_id")
        told = truth[truth["person_id"].isin(marks.index)].assign(wave=wave)
        for name, mark in QUESTIONS.items():
            value = told[f"{name}_{wave}"] if f"{name}_{wave}" in told else told[name]
            kept = told["person_id"].map(marks[mark]) == ""
            told = told.assign(**{name: value.astype("boolean").where(kept)})
        parts.append(told)
    frame = pd.concat(parts, ignore_index=True)
    return truth, frame.assign(programme=programme, data_status="synthetic")


def margins(truth: pd.DataFrame, programme: str) -> pd.DataFrame:
    """What a programme's register knows: how many it asked, of which gender and education."""
    rows: list[tuple[str, str, str, float]] = [(programme, "", "", float(len(truth)))]
    for name in ("gender", "education_group"):
        rows += [
            (programme, name, str(code), float(n)) for code, n in truth[name].value_counts().items() if n
        ]
    return pd.DataFrame(rows, columns=["programme", "variable", "category", "total"])


def results(
    given: Assumptions, programmes: tuple[str, ...], seeds: range, readers: dict[str, float] | None = None
) -> Iterator[pd.DataFrame]:
    """Every way of dealing with silence for every question, with the truth beside it."""
    for seed in seeds:
        for programme in programmes:
            truth, frame = surveyed(given, programme, seed, readers=readers)
            women = truth[truth["gender"] == "woman"]
            for name in QUESTIONS:
                found = nonresponse(
                    frame, name, predictors=PREDICTORS, margins=margins(truth, programme), m=20, seed=seed
                )
                column = f"{name}_end" if f"{name}_end" in women else name
                yield found.assign(truth=float(women[column].mean()), seed=seed)


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """By question, programme and way: mean error, how often the interval holds the truth, its mean width."""
    held = (rows["conf_low"] <= rows["truth"] + 1e-9) & (rows["truth"] - 1e-9 <= rows["conf_high"])
    inside = (rows["low"] <= rows["truth"] + 1e-9) & (rows["truth"] - 1e-9 <= rows["high"])
    worst = rows["approach"] == "worst_case"
    known = rows.assign(
        error=rows["estimate"] - rows["truth"],
        held=np.where(worst, inside, held).astype(float),
        width=np.where(worst, rows["high"] - rows["low"], rows["conf_high"] - rows["conf_low"]),
    )
    known = known[known["approach"].isin(SPOKEN) & known["width"].notna()]
    grouped = known.groupby(["variable", "programme", "approach"], sort=False)
    return grouped.agg(
        truth=("truth", "mean"), error=("error", "mean"), held=("held", "mean"), width=("width", "mean"),
        runs=("held", "size"),
    ).reset_index()  # fmt: skip


def printed(found: pd.DataFrame, seeds: int) -> None:
    """A row for each question and programme; of each way the mean error in points and how often it holds."""
    print(f"| question | programme | {' | '.join(SPOKEN.values())} |\n|{' --- |' * (2 + len(SPOKEN))}")
    cells = found.set_index(["variable", "programme", "approach"])
    for name, programme in dict.fromkeys(zip(found["variable"], found["programme"], strict=True)):
        own = [_cell(cells, (name, programme, way), seeds) for way in SPOKEN]
        print(f"| {NAMES[name]} | {programme} | {' | '.join(own)} |")


def _cell(cells: pd.DataFrame, key: tuple[str, str, str], seeds: int) -> str:
    if key not in cells.index:
        return "–"
    row = cells.loc[key]
    error = "" if np.isnan(row["error"]) else f"{100 * row['error']:+.1f}, "
    runs = "" if row["runs"] == seeds else f" ({row['runs']:.0f})"
    return f"{error}{100 * row['held']:.1f}{runs}"


def main() -> None:
    part = argparse.ArgumentParser(description=__doc__)
    part.add_argument("--seeds", type=int, default=SEEDS)
    chosen = part.parse_args()
    given, seeds = assumed(), range(1, chosen.seeds + 1)
    everybody = tuple(given.programmes)
    # Of the others too few with little schooling answer for anybody to be weighted up.
    for title, programmes, readers in (
        ("As the demonstration is", everybody, None),
        ("Only schooling decides", ("kvinfo",), READERS),
    ):
        print(f"\n{title}, {chosen.seeds} populations\n", flush=True)
        rows = pd.concat(results(given, programmes, seeds, readers), ignore_index=True)
        printed(table(rows), chosen.seeds)


if __name__ == "__main__":
    main()
