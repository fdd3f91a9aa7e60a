"""KVINFO's entry survey, follow-up and mentors' survey, with the slips that real exports have."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kij_analysis.demo import kvinfo as end
from kij_analysis.demo.assumptions import Programme
from kij_analysis.demo.exports import (
    doubled,
    drawn,
    lower,
    misdated,
    said,
    short,
    spaced,
    spelt,
    tried_before,
)

ENTRY, FOLLOW_UP, MENTORS = (
    "kvinfo_start_2024.csv",
    "kvinfo_opfoelgning_2025.csv",
    "kvinfo_mentorer_2024.csv",
)
GROUND = {
    "protection": "Flygtning eller anden beskyttelse",
    "family": "Familiesammenføring",
    "work": "Arbejde",
    "study": "Studie eller au pair",
    "free_movement": "Nordisk statsborger eller EU-borger",
    "other": "Andet grundlag",
}
ABROAD = {"yes": "Ja", "no": "Nej"}
SKILLS = {"job_search_skills": "I hvilken grad kan du selv søge job?"}
MOVING = {item: end.RATINGS[item] for item in ("language", "network", "confidence")}
GENDER = {"woman": "Kvinde", "man": "Mand", "other": "Andet"}
BORN = {"native_born": "Ja", "foreign_born": "Nej"}
GAINS = {
    "insight": "I hvilken grad har du fået indsigt i, hvordan det er at komme til Danmark og søge job?",
    "contacts": "I hvilken grad har du fået nye kontakter?",
    "content": "I hvilken grad er du tilfreds med at være mentor?",
}
VIEWS = {
    "view_language": "I hvilken grad er din mentee blevet bedre til dansk?",
    "view_network": "I hvilken grad har din mentee fået flere kontakter?",
    "view_confidence": "I hvilken grad tror din mentee mere på sig selv?",
    "view_job": "I hvilken grad er din mentee kommet tættere på et job?",
}
RELATIONSHIP = {
    "equality": "I hvilken grad var du og din mentee ligeværdige?",
    "mutuality": "I hvilken grad lærte I begge noget af hinanden?",
    "trust": "I hvilken grad har du tillid til din mentee?",
    "voluntariness": "I hvilken grad var det dit eget valg at være med?",
}
HOPES = ("Et job i mit fag", "Bedre dansk", "Kende flere mennesker", "Hjælp til mit cv", "Jeg ved det ikke")
THOUGHTS = ("En god oplevelse.", "Jeg savnede et kursus før start.", "Vi ses stadig.")


def entry(answers: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The entry survey's name and bytes."""
    numbers = end.ids(answers)
    columns = {
        "Løbenr": spelt(rng, numbers, given.other_spelling.value, short, spaced, lower),
        "Parnr": end.pairs(answers),
        "Besvaret": misdated(end.days(answers), rng, int(given.wrong_dates.value), _no_day, numbers),
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
    columns = doubled(columns, rng, int(given.repeated_rows.value), but={"Browser": "Chrome 121"})
    return {ENTRY: end.table(columns)}


def follow_up(answers: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The follow-up's name and bytes; some people began twice."""
    answers = tried_before(answers, rng, int(given.repeated_rows.value))
    numbers = end.ids(answers)
    first = said(answers, "first_job", lambda day: day.strftime(end.DATES), end.MARKS)
    columns = {
        "Løbenr": spelt(rng, numbers, given.other_spelling.value, lower, short),
        "Besvaret": end.days(answers),
        "Hvad er din situation nu?": end.words(answers, "labour_status", end.STATUS),
        **end.work(answers),
        "Hvornår begyndte du i dit første job efter start i Mentornetværket?": misdated(
            first, rng, int(given.wrong_dates.value), _no_day, numbers
        ),
        **end.rated(answers, MOVING),
        "Har du andre kommentarer?": drawn(rng, end.REMARKS, answers["remark"]),
    }
    return {FOLLOW_UP: end.table(columns)}


def mentors(answers: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The mentors' survey's name and bytes."""
    columns = {
        "Mentornr": [f"M{number:03d}" for number in answers["number"]],
        "Parnr": spelt(rng, end.pairs(answers), given.other_spelling.value, short, spaced),
        "Besvaret": end.days(answers),
        "Browser": end.browsers(answers, rng),
        "Hvad er dit køn?": end.words(answers, "gender", GENDER),
        "Hvor gammel er du?": end.number(answers, "age"),
        "Er du født i Danmark?": end.words(answers, "birth_place", BORN),
        **end.ending(answers),
        **end.rated(answers, RELATIONSHIP),
        **end.rated(answers, GAINS),
        **end.rated(answers, VIEWS),
        "Har du andre kommentarer?": drawn(rng, THOUGHTS, answers["remark"]),
    }
    columns = doubled(columns, rng, int(given.repeated_rows.value) // 2, but={"Browser": "Chrome 121"})
    return {MENTORS: end.table(columns)}


def _no_day(date: str) -> str:
    """The thirtieth of February, or the thirty-first of June, of the same year."""
    return ("30-02" if date[3:5] < "06" else "31-06") + date[5:]
