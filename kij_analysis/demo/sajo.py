"""SAJO's end survey as its tool exports it: SPSS with Norwegian labels and user-missing codes.

The wording is a reconstruction for demonstration; the topics follow the barriers and the aim (a relevant
job) that the programme prints.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from kij_analysis.demo.exports import drawn, said
from kij_analysis.files import EPOCH

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


def export(answers: pd.DataFrame, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The file's name and bytes."""
    data: dict[str, Sequence[object]] = {**_plain(answers, rng), **_coded(answers), **_barriers(answers)}
    data["sp10_annet"] = drawn(rng, OTHER, answers["barrier_other"])
    data["sp11"] = drawn(rng, REMARKS, answers["remark"])
    titles = _titles()
    return {NAME: _bytes(pd.DataFrame({name: data[name] for name in titles}), titles)}


def _plain(answers: pd.DataFrame, rng: np.random.Generator) -> dict[str, Sequence[object]]:
    def number(item: str, write: Callable[[str], float]) -> list[float]:
        return said(answers, item, write, MARKS)

    minutes = [float(3 + int(u * u * 20)) for u in rng.random(len(answers))]
    return {
        "id": [f"S-2024-{one:03d}" for one in answers["number"]],
        "par": [f"SP-{pair:03d}" for pair in answers["pair"]],
        "dato": list(answers["date"]),
        "varighet": minutes,
        "sp2": number("age", float),
        "sp4": number("years_since_arrival", lambda value: float(int(value))),
        "sp5": number("children_at_home", float),
        "sp8": number("hours", lambda value: float(round(float(value) / FULL_TIME * 100))),
    }


def _coded(answers: pd.DataFrame) -> dict[str, list[float]]:
    def codes(item: str, categories: Coded) -> list[float]:
        return said(answers, item, lambda value: float(categories[value][0]), MARKS)

    ratings = {name: said(answers, f"{item}_step", float, MARKS) for name, (item, _, _) in RATINGS.items()}
    return {
        "sp1": codes("gender", GENDER),
        "sp3": codes("region_of_origin", REGIONS),
        "sp6": codes("education_level", EDUCATION),
        "sp7": codes("labour_status", STATUS),
        "sp8_1": codes("job_matches", MATCHES),
        **ratings,
    }


def _barriers(answers: pd.DataFrame) -> dict[str, list[float]]:
    rows = {}
    for name, (code, _) in BARRIERS.items():
        pairs = zip(answers[f"barrier_{code}"], answers["barriers_mark"], strict=True)
        rows[name] = [MARKS[mark] if mark else float(named) for named, mark in pairs]
    return rows


def _titles() -> dict[str, str]:
    """Every variable of the file in order, with its label."""
    return {
        "id": "Løpenummer",
        "par": "Parnummer",
        "dato": "Dato for svar",
        "varighet": "Varighet i minutter",
        "sp1": "Kjønn",
        "sp2": "Alder",
        "sp3": "Hvilken del av verden er du født i?",
        "sp4": "Hvor mange hele år har du bodd i Norge?",
        "sp5": "Hvor mange barn under 18 år bor hos deg?",
        "sp6": "Høyeste fullførte utdanning",
        "sp7": "Hva gjør du nå?",
        "sp8": "Stillingsprosent",
        "sp8_1": "Er jobben relevant for utdanningen din?",
        **{name: label for name, (_, label, _) in RATINGS.items()},
        **{name: f"{BLOCK} {label}" for name, (_, label) in BARRIERS.items()},
        "sp10_annet": "Annet, beskriv",
        "sp11": "Andre kommentarer",
    }


def _value_labels() -> dict[str, dict[int | float, str]]:
    coded: dict[str, Coded] = {
        "sp1": GENDER,
        "sp3": REGIONS,
        "sp6": EDUCATION,
        "sp7": STATUS,
        "sp8_1": MATCHES,
    }
    labels: dict[str, dict[int | float, str]] = {name: dict(MISSING) for name in ("sp2", "sp4", "sp5", "sp8")}
    labels |= {name: {**dict(categories.values()), **MISSING} for name, categories in coded.items()}
    for name, (_, _, steps) in RATINGS.items():
        labels[name] = {**dict(enumerate(steps, start=1)), **MISSING}
    return labels | {name: {0: "Nei", 1: "Ja", **MISSING} for name in BARRIERS}


def _bytes(frame: pd.DataFrame, titles: Mapping[str, str]) -> bytes:
    """The .sav file; the writer knows files only, and stamps it with the clock."""
    labels = _value_labels()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        pyreadstat.write_sav(
            frame,
            path,
            file_label="SAJO slutt 2024 (syntetisk)",
            column_labels=dict(titles),
            variable_value_labels=labels,
            missing_ranges={name: list(MISSING) for name in labels},
            variable_measure=dict.fromkeys(labels, "nominal"),
            variable_format={"dato": "EDATE10", "varighet": "F8.0", **dict.fromkeys(labels, "F8.0")},
        )
        return _fixed_time(path.read_bytes())


def _fixed_time(content: bytes) -> bytes:
    """The same file with the fixed date and time in its header (`dd mmm yy` and `hh:mm:ss`)."""
    moment = dt.datetime.fromisoformat(EPOCH)
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    stamp = f"{moment.day:02d} {months[moment.month - 1]} {moment:%y}{moment:%H:%M:%S}".encode("ascii")
    return content[:92] + stamp + content[109:]
