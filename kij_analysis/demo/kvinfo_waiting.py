"""KVINFO's waiting list: the form that everybody fills in who wants a mentor, and a survey at the end."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kij_analysis.demo import kvinfo as end
from kij_analysis.demo.exports import drawn
from kij_analysis.demo.kvinfo_waves import ABROAD, GROUND, HOPES, MOVING, SKILLS

ENTRY, END = "kvinfo_venteliste_start_2024.csv", "kvinfo_venteliste_slut_2024.csv"


def ids(answers: pd.DataFrame) -> list[str]:
    """The ids of those who wait."""
    return [f"V{number:04d}" for number in answers["number"]]


def waiting_entry(answers: pd.DataFrame, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The entry survey of those who wait: the same form, with nobody in the column of the pair."""
    columns = {
        "Løbenr": ids(answers),
        "Parnr": [""] * len(answers),
        "Besvaret": end.days(answers),
        "Browser": end.browsers(answers, rng),
        **end.background(answers, rng),
        "Hvad er dit opholdsgrundlag?": end.words(answers, "ground_for_residence", GROUND),
        "Har du taget din uddannelse i udlandet?": end.words(answers, "education_from_abroad", ABROAD),
        "Hvor mange år har du arbejdet, før du kom til Danmark?": end.number(
            answers, "work_experience_before"
        ),
        "Hvor mange år har du arbejdet i Danmark?": end.number(answers, "work_experience_here"),
        "Hvad er din situation nu?": end.words(answers, "labour_status", end.STATUS),
        **end.rated(answers, MOVING),
        **end.rated(answers, SKILLS),
        "Hvad gør det svært at få job?": end.barriers(answers),
        "Andet - skriv": drawn(rng, end.OTHER, answers["barrier_other"]),
        "Hvad håber du at få ud af forløbet?": drawn(rng, HOPES, rng.random(len(answers)) < 0.6),
    }
    return {ENTRY: end.table(columns)}


def waiting_end(answers: pd.DataFrame, rng: np.random.Generator) -> Mapping[str, bytes]:
    """What those who still wait answer when the courses of the others end."""
    columns = {
        "Løbenr": ids(answers),
        "Besvaret": end.days(answers),
        "Hvad er din situation nu?": end.words(answers, "labour_status", end.STATUS),
        **end.rated(answers, MOVING),
        "Har du andre kommentarer?": drawn(rng, end.REMARKS, answers["remark"]),
    }
    return {END: end.table(columns)}
