"""SAJO's surveys as its tool exports them: SPSS with Norwegian labels and user-missing codes.

The wording is a reconstruction for demonstration; the topics follow the barriers and the aim (a relevant
job) that the programme prints.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from kij_analysis.demo.exports import drawn, said
from kij_analysis.files import timeless_sav

NAME = "sajo_slutt_2024.sav"
NONE = float("nan")
MARKS = {"dont_know": 98.0, "refused": 99.0, "blank": NONE, "filtered": 97.0}
MISSING: Mapping[int | float, str] = {97: "Ikke relevant", 98: "Vet ikke", 99: "Ønsker ikke å svare"}
GENDER = {"woman": (1, "Kvinne"), "man": (2, "Mann"), "other": (3, "Annet")}
REGIONS = {
    "eu_eea_nordic": (1, "Norden, EU eller EØS"),
    "other_europe": (2, "Europa ellers"),
    "western_asia_northern_africa": (3, "Midtøsten eller Nord-Afrika"),
    "sub_saharan_africa": (4, "Afrika sør for Sahara"),
    "south_central_asia": (5, "Sør- eller Sentral-Asia, også Iran og Afghanistan"),
    "east_southeast_asia": (6, "Øst- eller Sørøst-Asia"),
    "latin_america": (7, "Latin-Amerika"),
    "north_america_oceania": (8, "Nord-Amerika eller Oseania"),
}
EDUCATION = {
    "isced_3": (1, "Fagbrev"),
    "isced_5": (2, "Fagskole"),
    "isced_6": (3, "Høyere utdanning, bachelor eller tilsvarende"),
    "isced_7": (4, "Høyere utdanning, master eller tilsvarende"),
    "isced_8": (5, "Doktorgrad"),
}
STATUS = {
    "employed": (1, "I jobb"),
    "subsidised_job": (2, "I jobb med lønnstilskudd"),
    "internship": (3, "I praksis eller arbeidstrening"),
    "education": (4, "Under utdanning"),
    "language_course": (5, "På norskkurs"),
    "parental_leave": (6, "I foreldrepermisjon"),
    "unemployed": (7, "Arbeidssøker uten jobb"),
    "outside_labour_force": (8, "Ikke i jobb og søker ikke"),
}
MATCHES = {"yes": (1, "Ja, helt"), "partly": (2, "Ja, delvis"), "no": (3, "Nei")}
SKILL = ("Svært dårlig", "Dårlig", "Nokså dårlig", "Nokså godt", "Godt", "Svært godt")
AGREEMENT = ("Helt uenig", "Uenig", "Litt uenig", "Litt enig", "Enig", "Helt enig")
RATINGS = {
    "sp9_1": ("language", "Hvor godt behersker du norsk i arbeidslivet?", SKILL),
    "sp9_2": ("network", "Jeg har et nettverk som kan hjelpe meg til jobb", AGREEMENT),
    "sp9_3": ("confidence", "Jeg har tro på at jeg kan finne en jobb og mestre den", AGREEMENT),
    "sp9_4": ("satisfaction", "Jeg er fornøyd med programmet", AGREEMENT),
}
RELATIONSHIP = {
    "sp12_1": ("equality", "Mentoren og jeg var likeverdige", AGREEMENT),
    "sp12_2": ("mutuality", "Vi lærte av hverandre", AGREEMENT),
    "sp12_3": ("trust", "Jeg har tillit til mentoren min", AGREEMENT),
    "sp12_4": ("voluntariness", "Det var mitt eget valg å delta", AGREEMENT),
}
COMPLETION = {"completed": (1, "Ja"), "dropped_out": (2, "Nei, avsluttet før tiden")}
REASONS = {
    "job": (1, "Jobb"),
    "education": (2, "Utdanning"),
    "moved": (3, "Flytting"),
    "health": (4, "Helse"),
    "family": (5, "Familie"),
    "mismatch": (6, "Vi passet ikke sammen"),
    "time": (7, "For lite tid"),
    "other": (8, "Annet"),
}
YES_NO = {"yes": (1, "Ja"), "no": (2, "Nei")}
BARRIERS = {
    "sp10_1": ("language", "Begrensede norskkunnskaper"),
    "sp10_2": ("network", "Manglende nettverk"),
    "sp10_3": ("labour_market_knowledge", "Lite kjennskap til norsk arbeidsliv"),
    "sp10_4": ("work_experience", "Manglende arbeidserfaring i Norge"),
    "sp10_5": ("qualification_recognition", "Utdanningen er ikke godkjent"),
    "sp10_6": ("discrimination", "Fordommer eller opplevd risiko hos arbeidsgiver"),
    "sp10_7": ("no_suitable_job", "Ingen passende jobber"),
    "sp10_8": ("employer_support", "For lite opplæring hos arbeidsgiver"),
    "sp10_9": ("care_family", "Omsorg for barn eller familie"),
    "sp10_10": ("cost", "Kostnader til kurs eller autorisasjon"),
    "sp10_11": ("other", "Annet"),
}
BLOCK = "Hva har gjort det vanskelig å få jobb?"
OTHER = ("Lang reisevei", "Mangler førerkort", "Få stillinger i mitt fag")
REMARKS = (
    "Takk for gode samtaler.",
    "Fagseminarene var nyttige.",
    "Jeg skulle ønske at vi hadde mer tid.",
    "Mentoren min kjente bransjen godt.",
)
FULL_TIME = 37.5
"""Hours a week that the made-up posts are per cent of; the questionnaire does not say."""
Coded = Mapping[str, tuple[int, str]]


@dataclass(frozen=True)
class Column:
    """A variable of the file: its label, its cells, and the value labels if it is coded."""

    label: str
    cells: Sequence[object]
    labels: Mapping[int | float, str] | None = None
    format: str = "F8.0"


Columns = dict[str, Column]


def export(answers: pd.DataFrame, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The end survey's name and bytes."""
    columns = {
        **heads(answers, ids(answers), rng),
        **background(answers),
        **work(answers),
        **rated(answers, RATINGS),
        **barriers(answers, BLOCK),
        "sp10_annet": Column("Annet, beskriv", drawn(rng, OTHER, answers["barrier_other"])),
        **ending(answers),
        "sp13_3": coded(answers, "same_occupation", "Jobber mentoren i ditt yrke?", YES_NO),
        **rated(answers, RELATIONSHIP),
        "sp11": Column("Andre kommentarer", drawn(rng, REMARKS, answers["remark"])),
    }
    return {NAME: table(columns, "SAJO slutt 2024 (syntetisk)")}


def ids(answers: pd.DataFrame) -> list[str]:
    """The ids as the programme gives them out."""
    return [f"S-2024-{one:03d}" for one in answers["number"]]


def pairs(answers: pd.DataFrame) -> list[str]:
    """The numbers of the pairs as the programme gives them out."""
    return [f"SP-{pair:03d}" for pair in answers["pair"]]


def heads(answers: pd.DataFrame, numbers: Sequence[str], rng: np.random.Generator) -> Columns:
    """The first columns of every survey."""
    minutes = [float(3 + int(u * u * 20)) for u in rng.random(len(answers))]
    return {
        "id": Column("Løpenummer", numbers),
        "par": Column("Parnummer", pairs(answers)),
        "dato": Column("Dato for svar", list(answers["date"]), format="EDATE10"),
        "varighet": Column("Varighet i minutter", minutes),
    }


def number(
    answers: pd.DataFrame,
    item: str,
    label: str,
    write: Callable[[Any], float] = lambda value: float(int(value)),
) -> Column:
    """Each person's answer as a number."""
    return Column(label, said(answers, item, write, MARKS), dict(MISSING))


def coded(answers: pd.DataFrame, item: str, label: str, categories: Coded) -> Column:
    """Each person's answer as a code with its label."""
    cells = said(answers, item, lambda value: float(categories[value][0]), MARKS)
    return Column(label, cells, {**dict(categories.values()), **MISSING})


def rated(answers: pd.DataFrame, items: Mapping[str, tuple[str, str, Sequence[str]]]) -> Columns:
    """Ratings by six steps."""
    return {
        name: Column(
            label,
            said(answers, f"{item}_step", float, MARKS),
            {**dict(enumerate(steps, start=1)), **MISSING},
        )
        for name, (item, label, steps) in items.items()
    }


def background(answers: pd.DataFrame) -> Columns:
    """Who the person is, asked at entry and again at the end."""
    return {
        "sp1": coded(answers, "gender", "Kjønn", GENDER),
        "sp2": number(answers, "age", "Alder"),
        "sp3": coded(answers, "region_of_origin", "Hvilken del av verden er du født i?", REGIONS),
        "sp4": number(answers, "years_since_arrival", "Hvor mange hele år har du bodd i Norge?"),
        "sp5": number(answers, "children_at_home", "Hvor mange barn under 18 år bor hos deg?"),
        "sp6": coded(answers, "education_level", "Høyeste fullførte utdanning", EDUCATION),
    }


def work(answers: pd.DataFrame) -> Columns:
    """What people do, and what those in a job are asked."""
    return {
        "sp7": coded(answers, "labour_status", "Hva gjør du nå?", STATUS),
        "sp8": number(
            answers, "hours", "Stillingsprosent", lambda value: float(round(float(value) / FULL_TIME * 100))
        ),
        "sp8_1": coded(answers, "job_matches", "Er jobben relevant for utdanningen din?", MATCHES),
    }


def ending(answers: pd.DataFrame) -> Columns:
    """Whether the pair held to the end; how often it met stands in the log of meetings."""
    return {
        "sp13_1": coded(answers, "completion", "Gjennomførte dere programmet?", COMPLETION),
        "sp13_2": coded(answers, "reason_not_completed", "Hvorfor ble det avsluttet?", REASONS),
    }


def barriers(answers: pd.DataFrame, block: str) -> Columns:
    """One column per barrier, no or yes."""
    rows = {}
    for name, (code, label) in BARRIERS.items():
        both = zip(answers[f"barrier_{code}"], answers["barriers_mark"], strict=True)
        cells = [MARKS[mark] if mark else float(named) for named, mark in both]
        rows[name] = Column(f"{block} {label}", cells, {0: "Nei", 1: "Ja", **MISSING})
    return rows


def table(columns: Columns, title: str) -> bytes:
    """The .sav file; the writer knows files only, and stamps it with the clock."""
    labels = {name: dict(column.labels) for name, column in columns.items() if column.labels}
    formats = {
        name: c.format for name, c in columns.items() if name in labels or name in ("dato", "varighet")
    }
    formats |= {name: c.format for name, c in columns.items() if c.format != "F8.0"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        pyreadstat.write_sav(
            pd.DataFrame({name: list(column.cells) for name, column in columns.items()}),
            path,
            file_label=title,
            column_labels={name: column.label for name, column in columns.items()},
            variable_value_labels=labels,
            missing_ranges={name: list(MISSING) for name in labels},
            variable_measure=dict.fromkeys(labels, "nominal"),
            variable_format=formats,
        )
        return timeless_sav(path.read_bytes())
