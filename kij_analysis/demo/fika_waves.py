"""FIKA's entry survey, follow-up and mentors' survey, with the slips that real exports have."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kij_analysis.demo import fika as end
from kij_analysis.demo.assumptions import Programme
from kij_analysis.demo.exports import doubled, drawn, lower, misdated, short, spaced, spelt, tried_before
from kij_analysis.demo.spreadsheet import workbook

ENTRY, FOLLOW_UP, MENTORS = "fika_start_2024.xlsx", "fika_uppfoljning_2025.xlsx", "fika_mentorer_2024.xlsx"
MOVING = {item: end.RATINGS[item] for item in ("language", "network", "confidence")}
LEVELS: end.Words = {
    "pre_a1": ("Under A1", "Alle A1", "Below A1"),
    **{level.lower(): (level,) * 3 for level in ("A1", "A2", "B1", "B2", "C1", "C2")},
}
FIELDS: end.Words = {
    "education": ("Pedagogik", "Kasvatusala", "Education"),
    "arts_humanities": ("Humaniora eller konst", "Humanistinen ala tai taide", "Arts or humanities"),
    "business_law": (
        "Ekonomi, handel eller juridik",
        "Kauppa, hallinto tai oikeus",
        "Business, administration or law",
    ),
    "ict": ("Data och it", "Tietotekniikka", "ICT"),
    "engineering": ("Teknik", "Tekniikka", "Engineering"),
    "health_welfare": ("Vård eller socialt arbete", "Terveys- tai sosiaaliala", "Health or welfare"),
    "services": ("Service", "Palveluala", "Services"),
}
YES: end.Words = {"yes": ("Ja", "Kyllä", "Yes"), "no": ("Nej", "Ei", "No")}
RELATIONSHIP = {
    "equality": "Vi var jämlika / Olimme tasavertaisia",
    "trust": "Jag litar på min aktör / Luotan aktoriini",
}
GAINS = {
    "insight": "Jag har fått insikt i hur det är att flytta hit / "
    "Olen ymmärtänyt, millaista on muuttaa tänne",
    "contacts": "Jag har fått nya kontakter / Olen saanut uusia kontakteja",
    "content": "Jag är nöjd med att vara mentor / Olen tyytyväinen mentorina",
}
VIEWS = {
    "view_language": "Min aktör talar bättre / Aktorini puhuu paremmin",
    "view_network": "Min aktör har fler kontakter / Aktorillani on enemmän kontakteja",
    "view_confidence": "Min aktör tror mer på sig själv / Aktorini uskoo enemmän itseensä",
}
GOALS = ("Lära mig svenska", "Työpaikka omalta alalta", "Meet people", "Studieplats", "Ystäviä")
THOUGHTS = ("Vi fortsätter att ses.", "Antoisaa!", "I would do it again.")


def entry(answers: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The entry survey's name and bytes; some people began twice."""
    rows = end.in_tongues(tried_before(answers, rng, int(given.repeated_rows.value)), rng)
    numbers = end.ids(rows)
    written = spelt(rng, numbers, given.other_spelling.value, short, spaced, lower)
    heads = end.heads(rows, written)
    wrong = misdated(end.days(rows), rng, int(given.wrong_dates.value), _no_day, numbers)
    before: end.Cells = {
        **heads,
        "Datum / Päivämäärä": wrong,
        **end.background(rows, rng),
        "Utbildningsområde / Koulutusala": end.words(rows, "field_of_education", FIELDS, rng),
        end.SITUATION: end.words(rows, "labour_status", end.STATUS, rng),
        "Nivå i svenska eller finska / Ruotsin tai suomen taso": end.words(rows, "cefr", LEVELS, rng),
        **end.rated(rows, MOVING, rng),
    }
    after: end.Cells = {
        "Annat hinder, vilket? / Muu este, mikä?": drawn(rng, end.OTHER, rows["barrier_other"]),
        "Mål / Tavoitteet": drawn(rng, GOALS, rng.random(len(rows)) < 0.7),
    }
    columns = {**end.alone(before), **end.barriers(rows, rng), **end.alone(after)}
    return {ENTRY: workbook(end.SHEET, columns)}


def follow_up(answers: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The follow-up's name and bytes."""
    rows = end.in_tongues(answers, rng)
    written = spelt(rng, end.ids(rows), given.other_spelling.value, lower, short)
    columns: end.Cells = {
        **end.heads(rows, written),
        end.SITUATION: end.words(rows, "labour_status", end.STATUS, rng),
        end.FULL: end.spoken(rows, "hours", end.full_or_part),
        "Motsvarar jobbet din utbildning? / Vastaako työ koulutustasi?": end.words(
            rows, "job_matches", YES, rng
        ),
        **end.rated(rows, MOVING, rng),
        "Fri kommentar / Vapaa sana": drawn(rng, end.REMARKS, rows["remark"]),
    }
    return {FOLLOW_UP: workbook(end.SHEET, end.alone(columns))}


def mentors(answers: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The mentors' survey's name and bytes."""
    rows = end.in_tongues(answers, rng)
    heads = end.heads(rows, [f"FM-{number:02d}" for number in rows["number"]])
    columns: end.Cells = {
        **heads,
        "Par / Pari": spelt(
            rng, [f"FP{pair:02d}" for pair in rows["pair"]], given.other_spelling.value, short, spaced
        ),
        "Kön / Sukupuoli": end.words(rows, "gender", end.GENDER, rng),
        "Ålder / Ikä": end.number(rows, "age", int),
        "Född i Finland / Syntynyt Suomessa": end.words(
            rows, "birth_place", {"native_born": YES["yes"], "foreign_born": YES["no"]}, rng
        ),
        end.MEETINGS: end.number(rows, "meetings", int),
        **end.rated(rows, RELATIONSHIP, rng),
        **end.rated(rows, GAINS, rng),
        **end.rated(rows, VIEWS, rng),
        "Fri kommentar / Vapaa sana": drawn(rng, THOUGHTS, rows["remark"]),
    }
    twice = doubled(columns, rng, int(given.repeated_rows.value) // 2, but={})
    return {MENTORS: workbook(end.SHEET, end.alone(dict(twice)))}


def _no_day(date: str) -> str:
    """The thirtieth of February of the same year."""
    return "30.2." + date.rsplit(".", 1)[1]
