"""KVINFO's surveys as its tool exports them: semicolon CSV in Windows-1252, in Danish.

The wording is a reconstruction for demonstration: the topics follow what the network has printed, and so
do the three highest steps of the scale; the rest is assumed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kij_analysis.demo.exports import decimal_comma, drawn, said

NAME = "kvinfo_end_2024.csv"
DATES = "%d-%m-%Y"
MARKS = {"dont_know": "Ved ikke", "refused": "Ønsker ikke at svare", "blank": "", "filtered": ""}
REGIONS = {
    "eu_eea_nordic": "Norden, EU eller EØS",
    "other_europe": "Øvrige Europa",
    "western_asia_northern_africa": "Mellemøsten eller Nordafrika",
    "sub_saharan_africa": "Afrika syd for Sahara",
    "south_central_asia": "Sydasien",
    "east_southeast_asia": "Øst- eller Sydøstasien",
    "latin_america": "Latinamerika",
    "north_america_oceania": "Nordamerika eller Oceanien",
}
EDUCATION = {
    "isced_0_1": "Ingen eller få års skolegang",
    "isced_2": "Grundskole",
    "isced_3": "Erhvervsuddannelse",
    "isced_5": "Kort videregående uddannelse",
    "isced_6": "Mellemlang videregående uddannelse eller bachelor",
    "isced_7": "Lang videregående uddannelse",
    "isced_8": "Ph.d.",
}
GENERAL_UPPER_SECONDARY = "Gymnasial uddannelse"
STATUS = {
    "employed": "I job uden støtte",
    "subsidised_job": "I job med løntilskud",
    "internship": "I praktik",
    "education": "Under uddannelse",
    "language_course": "På danskuddannelse",
    "parental_leave": "På barselsorlov",
    "unemployed": "Ledig",
    "outside_labour_force": "Uden for arbejdsmarkedet",
}
MATCHES = {"no": "Nej", "yes": "Ja"}
DEGREE = {
    "1": "Slet ikke",
    "2": "I mindre grad",
    "3": "I nogen grad",
    "4": "I høj grad",
    "5": "I meget høj grad",
}
RATINGS = {
    "language": "I hvilken grad kan du klare dig på dansk?",
    "network": "I hvilken grad har du et netværk, der kan hjælpe dig til job?",
    "confidence": "I hvilken grad tror du på, at du kan finde et job og klare det?",
    "satisfaction": "I hvilken grad er du tilfreds med den introduktion, du fik?",
}
RELATIONSHIP = {
    "equality": "I hvilken grad var du og din mentor ligeværdige?",
    "mutuality": "I hvilken grad lærte I begge noget af hinanden?",
    "trust": "I hvilken grad har du tillid til din mentor?",
    "voluntariness": "I hvilken grad var det dit eget valg at være med?",
}
COMPLETION = {"completed": "Ja, som planlagt", "dropped_out": "Nej, det stoppede før tid"}
REASONS = {
    "job": "Job",
    "education": "Uddannelse",
    "moved": "Flytning",
    "health": "Sygdom",
    "family": "Familie",
    "mismatch": "Vi passede ikke sammen",
    "time": "For lidt tid",
    "other": "Andet",
}
BARRIERS = {
    "language": "Sprog",
    "network": "Netværk",
    "labour_market_knowledge": "Kendskab til det danske arbejdsmarked",
    "work_experience": "Manglende erfaring fra Danmark",
    "qualification_recognition": "Min uddannelse bliver ikke anerkendt",
    "education_prerequisites": "Manglende uddannelse",
    "care_family": "Børnepasning eller familie",
    "health": "Helbred",
    "discrimination": "Diskrimination",
    "self_confidence": "Manglende selvtillid",
    "other": "Andet",
}
NO_BARRIER = "Intet har gjort det svært"
OTHER = ("Lang transporttid", "Jeg mangler kørekort", "Få stillinger i mit fag", "Skiftende arbejdstider")
REMARKS = (
    "Tak for et godt forløb.",
    "Jeg ville gerne have haft flere møder.",
    "Min mentor hjalp mig med mit cv; det gjorde en forskel.",
    "Det var rart at tale dansk med nogen uden for skolen.",
    "Det tog lang tid at finde en mentor.",
)
BROWSERS = ("Chrome 130", "Safari 18", "Edge 130", "Samsung Internet 26")


def export(answers: pd.DataFrame, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The end survey's name and bytes."""
    return {NAME: table(_columns(answers, rng))}


def table(columns: Mapping[str, Sequence[str]]) -> bytes:
    """A CSV file as the tool writes it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue().encode("cp1252")


def words(answers: pd.DataFrame, item: str, texts: Mapping[str, str]) -> list[str]:
    """Each person's answer in the tool's words."""
    return said(answers, item, texts.__getitem__, MARKS)


def number(answers: pd.DataFrame, item: str) -> list[str]:
    """Each person's answer as a whole number."""
    return said(answers, item, lambda value: str(int(value)), MARKS)


def ids(answers: pd.DataFrame) -> list[str]:
    """The ids as KVINFO gives them out."""
    return [f"K{number:04d}" for number in answers["number"]]


def pairs(answers: pd.DataFrame) -> list[str]:
    """The numbers of the pairs as KVINFO gives them out."""
    return [f"KP{pair:03d}" for pair in answers["pair"]]


def days(answers: pd.DataFrame) -> list[str]:
    """The days of answering."""
    return [day.strftime(DATES) for day in answers["date"]]


def browsers(answers: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """What the tool notes of the machine."""
    return drawn(rng, BROWSERS, [True] * len(answers))


def background(answers: pd.DataFrame, rng: np.random.Generator) -> dict[str, list[str]]:
    """Who the person is, asked at entry and again at the end."""
    years = said(answers, "years_since_arrival", decimal_comma, MARKS)
    return {
        "Hvor gammel er du?": number(answers, "age"),
        "Hvilken del af verden er du født i?": words(answers, "region_of_origin", REGIONS),
        "Hvor mange år har du boet i Danmark?": years,
        "Hvor mange børn under 18 år bor du sammen med?": said(answers, "children_at_home", str, MARKS),
        "Hvad er din højeste fuldførte uddannelse?": _education(
            words(answers, "education_level", EDUCATION), rng
        ),
    }


def work(answers: pd.DataFrame) -> dict[str, list[str]]:
    """What those in a job are asked."""
    return {
        "Hvor mange timer arbejder du om ugen?": said(answers, "hours", decimal_comma, MARKS),
        "Svarer dit job til dine kvalifikationer?": words(answers, "job_matches", MATCHES),
    }


def rated(answers: pd.DataFrame, items: Mapping[str, str]) -> dict[str, list[str]]:
    """Ratings by five steps."""
    return {title: words(answers, f"{item}_step", DEGREE) for item, title in items.items()}


def ending(answers: pd.DataFrame) -> dict[str, list[str]]:
    """How often and how long the pair met, and whether it held to the end."""
    return {
        "Hvor mange gange har I mødtes?": number(answers, "meetings"),
        "Hvor mange minutter varede et møde som regel?": number(answers, "minutes"),
        "Blev forløbet gennemført?": words(answers, "completion", COMPLETION),
        "Hvorfor stoppede forløbet før tid?": words(answers, "reason_not_completed", REASONS),
    }


def _columns(answers: pd.DataFrame, rng: np.random.Generator) -> dict[str, list[str]]:
    return {
        "Løbenr": ids(answers),
        "Parnr": pairs(answers),
        "Besvaret": days(answers),
        "Browser": browsers(answers, rng),
        **background(answers, rng),
        "Hvad er din situation nu?": words(answers, "labour_status", STATUS),
        **work(answers),
        **rated(answers, RATINGS),
        "Hvad har gjort det svært at få job?": barriers(answers),
        "Andet - skriv": drawn(rng, OTHER, answers["barrier_other"]),
        **ending(answers),
        **rated(answers, RELATIONSHIP),
        "Har du andre kommentarer?": drawn(rng, REMARKS, answers["remark"]),
    }


def _education(texts: list[str], rng: np.random.Generator) -> list[str]:
    """Two answers of the form stand for one ISCED level."""
    general = rng.random(len(texts)) < 0.4
    pairs = zip(general, texts, strict=True)
    return [GENERAL_UPPER_SECONDARY if one and text == EDUCATION["isced_3"] else text for one, text in pairs]


def barriers(answers: pd.DataFrame) -> list[str]:
    """All barriers that a person names, in one cell."""
    cells = []
    for row in answers.to_dict("records"):
        named = [text for code, text in BARRIERS.items() if row[f"barrier_{code}"]]
        cells.append(MARKS[row["barriers_mark"]] if row["barriers_mark"] else "; ".join(named) or NO_BARRIER)
    return cells
