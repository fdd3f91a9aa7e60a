"""SAJO's application, follow-up, mentors' survey and log of meetings, with the slips of real exports."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from kij_analysis.demo import sajo as end
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

ENTRY, FOLLOW_UP, MENTORS, LOG = (
    "sajo_start_2024.sav",
    "sajo_oppfolging_2025.sav",
    "sajo_mentorer_2024.sav",
    "sajo_motelogg_2024.csv",
)
GROUND = {
    "protection": (1, "Flyktning eller annen beskyttelse"),
    "family": (2, "Familiegjenforening eller ekteskap"),
    "work": (3, "Arbeid"),
    "study": (4, "Studier eller au pair"),
    "free_movement": (5, "Nordisk statsborger eller EU/EØS-borger"),
    "other": (6, "Annet"),
}
FIELDS = {
    "education": (1, "Pedagogikk og lærerutdanning"),
    "arts_humanities": (2, "Humanistiske og estetiske fag"),
    "social_sciences": (3, "Samfunnsfag, økonomi og psykologi"),
    "business_law": (4, "Administrasjon, handel og juss"),
    "natural_sciences": (5, "Naturvitenskap og matematikk"),
    "ict": (6, "Informatikk"),
    "engineering": (7, "Teknikk, bygg og håndverk"),
    "health_welfare": (8, "Helse, omsorg og sosialt arbeid"),
    "services": (9, "Service, transport og sikkerhet"),
}
RECOGNISED = {
    "recognised": (1, "Godkjent"),
    "partly_recognised": (2, "Delvis godkjent"),
    "pending": (3, "Har søkt, ikke fått svar"),
    "not_recognised": (4, "Avslag"),
    "not_applied": (5, "Har ikke søkt"),
    "none": (6, "Har ikke utdanning fra utlandet"),
}
LEVELS = {
    code: (place, label)
    for place, (code, label) in enumerate(
        {
            "pre_a1": "Under A1",
            "a1": "A1",
            "a2": "A2",
            "b1": "B1",
            "b2": "B2",
            "c1": "C1",
            "c2": "C2",
        }.items(),
        start=1,
    )
}
BORN = {"native_born": (1, "Ja"), "foreign_born": (2, "Nei")}
MOVING = {name: entry for name, entry in end.RATINGS.items() if entry[0] != "satisfaction"}
KNOWLEDGE = {
    "sp9_5": ("labour_market_knowledge", "Hvor godt kjenner du norsk arbeidsliv?", end.SKILL),
}
RELATIONSHIP = {
    "m5_1": ("equality", "Den jeg er mentor for, og jeg var likeverdige", end.AGREEMENT),
    "m5_2": ("mutuality", "Vi lærte av hverandre", end.AGREEMENT),
    "m5_3": ("trust", "Jeg har tillit til den jeg er mentor for", end.AGREEMENT),
}
GAINS = {
    "m6_1": ("insight", "Jeg har fått innsikt i hvordan det er å komme til Norge", end.AGREEMENT),
    "m6_2": ("contacts", "Jeg har fått nye kontakter", end.AGREEMENT),
    "m6_3": ("content", "Jeg er fornøyd med å være mentor", end.AGREEMENT),
}
VIEWS = {
    "m7_1": ("view_language", "Norsken er blitt bedre", end.AGREEMENT),
    "m7_2": ("view_network", "Nettverket er blitt større", end.AGREEMENT),
    "m7_3": ("view_confidence", "Troen på egne muligheter er blitt større", end.AGREEMENT),
    "m7_4": ("view_job", "Veien til jobb er blitt kortere", end.AGREEMENT),
}
FORMS = ("Fysisk", "Fysisk", "Fysisk", "Video", "Video", "Telefon")
GOALS = ("Jobb i eget yrke", "Autorisasjon", "Bedre fagspråk", "Større nettverk")
THOUGHTS = ("Lærerikt.", "Jeg savnet mer oppfølging underveis.", "Vi har fortsatt kontakt.")
NOTES = ("Gikk gjennom cv", "Øvde på intervju", "Besøkte en bedrift", "Snakket om fagspråk", "Satte mål")


def entry(answers: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The application's name and bytes; some people applied twice."""
    rows = tried_before(answers, rng, int(given.repeated_rows.value))
    written = spelt(rng, end.ids(rows), given.other_spelling.value, lower, _together)
    columns = {
        **end.heads(rows, written, rng),
        **end.background(rows),
        "sp6_1": end.coded(rows, "field_of_education", "Fagområde", FIELDS),
        "sp6_2": end.coded(rows, "education_recognised", "Er utdanningen fra utlandet godkjent?", RECOGNISED),
        "sp14": end.coded(rows, "ground_for_residence", "Grunnlag for opphold", GROUND),
        "sp15": end.number(rows, "work_experience_before", "År i arbeid før du kom til Norge"),
        "sp16": end.number(rows, "work_experience_here", "År i arbeid i Norge"),
        "sp7": end.coded(rows, "labour_status", "Hva gjør du nå?", end.STATUS),
        "sp17": end.coded(rows, "cefr", "Nivå på siste norskprøve", LEVELS),
        **end.rated(rows, MOVING),
        **end.rated(rows, KNOWLEDGE),
        **end.barriers(rows, "Hva gjør det vanskelig å få jobb?"),
        "sp10_annet": end.Column("Annet, beskriv", drawn(rng, end.OTHER, rows["barrier_other"])),
        "sp18": end.Column("Hva er målet ditt?", drawn(rng, GOALS, rng.random(len(rows)) < 0.7)),
    }
    return {ENTRY: end.table(columns, "SAJO start 2024 (syntetisk)")}


def follow_up(answers: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The follow-up's name and bytes."""
    written = spelt(rng, end.ids(answers), given.other_spelling.value, lower, _together)
    first = said(answers, "first_job", lambda day: day, {**end.MARKS, "filtered": None})
    columns = {
        **end.heads(answers, written, rng),
        **end.work(answers),
        "sp19": end.Column("Første arbeidsdag etter oppstart i programmet", first, format="EDATE10"),
        **end.rated(answers, MOVING),
        "sp11": end.Column("Andre kommentarer", drawn(rng, end.REMARKS, answers["remark"])),
    }
    return {FOLLOW_UP: end.table(columns, "SAJO oppfølging 2025 (syntetisk)")}


def mentors(answers: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The mentors' survey's name and bytes."""
    numbers = [f"SM-{number:03d}" for number in answers["number"]]
    columns = {
        **end.heads(answers, numbers, rng),
        "m1": end.coded(answers, "gender", "Kjønn", end.GENDER),
        "m2": end.number(answers, "age", "Alder"),
        "m3": end.coded(answers, "birth_place", "Er du født i Norge?", BORN),
        **{name.replace("sp13", "m4"): column for name, column in end.ending(answers).items()},
        **end.rated(answers, RELATIONSHIP),
        **end.rated(answers, GAINS),
        **end.rated(answers, VIEWS),
        "m8": end.Column("Andre kommentarer", drawn(rng, THOUGHTS, answers["remark"])),
    }
    twice = doubled(
        {name: c.cells for name, c in columns.items()},
        rng,
        int(given.repeated_rows.value) // 2,
        but={"varighet": 1.0},
    )
    columns = {name: replace(column, cells=twice[name]) for name, column in columns.items()}
    return {MENTORS: end.table(columns, "SAJO mentorer 2024 (syntetisk)")}


def log(people: pd.DataFrame, given: Programme, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The log's name and bytes: one row for each meeting of a pair, in the order of the dates."""
    first, last = given.entry_fieldwork.days[-1], given.fieldwork.days[0]
    rows = []
    for person in people.sort_values("pair").to_dict("records"):
        span = (last - first).days * (1.0 if person["completion"] == "completed" else 0.5)
        for u, v, w in rng.random((int(person["meetings"]), 3)):
            minutes = max(15, round(person["minutes"] / 15 + 4 * v - 2) * 15)
            day = first + dt.timedelta(days=int(u * span))
            rows.append((day.isoformat(), f"SP-{person['pair']:03d}", minutes, FORMS[int(w * len(FORMS))]))
    rows.sort()
    columns = {
        name: list(cells) for name, cells in zip(("d", "p", "m", "f"), zip(*rows, strict=True), strict=True)
    }
    numbers = [f"a0X{place:05d}" for place in range(1, len(rows) + 1)]
    table = {
        "Møte-ID": numbers,
        "Par": spelt(rng, columns["p"], 0.1, short, spaced),
        "Møtedato": misdated(columns["d"], rng, int(given.wrong_dates.value), _no_day, numbers),
        "Varighet (min)": [
            "" if u < 0.02 else str(m) for m, u in zip(columns["m"], rng.random(len(rows)), strict=True)
        ],
        "Møteform": columns["f"],
        "Notat": drawn(rng, NOTES, rng.random(len(rows)) < 0.2),
    }
    table = doubled(table, rng, int(given.repeated_rows.value), but={"Møte-ID": "a0X99999"})
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(table)
    writer.writerows(zip(*table.values(), strict=True))
    return {LOG: text.getvalue().encode("utf-8-sig")}


def _together(text: str) -> str:
    """The id with blanks for its dashes."""
    return text.replace("-", " ")


def _no_day(date: str) -> str:
    """The thirty-first of a month of thirty days."""
    return f"{date[:5]}{'06' if date[5:7] < '08' else '09'}-31"
