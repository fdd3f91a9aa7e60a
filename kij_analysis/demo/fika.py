"""FIKA's surveys as its tool exports them: XLSX with two header rows and one column per barrier.

People answer in Swedish, Finnish or English, and the labels stand mixed in one column. The wording is a
reconstruction for demonstration; the topics follow the goals that the programme prints for its pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.demo.exports import decimal_comma, drawn, said
from kij_analysis.demo.spreadsheet import workbook

NAME = "fika_slut_2024.xlsx"
SHEET = "Svar"
FORM = ("sv", "fi", "en")
LANGUAGES = ("sv", "sv", "sv", "fi", "fi", "en", "en")
"""Drawn from evenly: about three in seven answer in Swedish, two in Finnish, two in English."""
Words = Mapping[str, tuple[str, str, str]]
MARKS: Words = {
    "dont_know": ("Vet ej", "En osaa sanoa", "Don't know"),
    "refused": ("Vill inte svara", "En halua vastata", "Prefer not to say"),
    "blank": ("-", "-", "-"),
    "filtered": ("", "", ""),
}
GENDER: Words = {
    "woman": ("Kvinna", "Nainen", "Woman"),
    "man": ("Man", "Mies", "Man"),
    "other": ("Annat", "Muu", "Other"),
}
REGIONS: Words = {
    "eu_eea_nordic": ("Norden, EU eller EES", "Pohjoismaat, EU tai ETA", "Nordic countries, EU or EEA"),
    "other_europe": ("Övriga Europa", "Muu Eurooppa", "Other Europe"),
    "western_asia_northern_africa": (
        "Mellanöstern eller Nordafrika", "Lähi-itä tai Pohjois-Afrikka", "Middle East or North Africa",
    ),
    "sub_saharan_africa": ("Afrika söder om Sahara", "Saharan eteläpuolinen Afrikka", "Sub-Saharan Africa"),
    "south_central_asia": ("Sydasien", "Etelä-Aasia", "South Asia"),
    "east_southeast_asia": ("Öst- eller Sydostasien", "Itä- tai Kaakkois-Aasia", "East or Southeast Asia"),
    "latin_america": ("Latinamerika", "Latinalainen Amerikka", "Latin America"),
    "north_america_oceania": (
        "Nordamerika eller Oceanien", "Pohjois-Amerikka tai Oseania", "North America or Oceania",
    ),
}  # fmt: skip
_BASIC = ("Grundskola eller mindre", "Enintään peruskoulu", "Basic education or less")
_SECOND = ("Andra stadiet", "Toinen aste", "Upper secondary")
_LOWER = ("Lägre högskoleexamen", "Alempi korkeakoulututkinto", "Bachelor's degree")
_HIGHER = (
    "Högre högskoleexamen eller doktorsexamen",
    "Ylempi korkeakoulututkinto tai tohtori",
    "Master's degree or doctorate",
)
EDUCATION: Words = {
    "isced_2": _BASIC, "isced_3": _SECOND, "isced_6": _LOWER, "isced_7": _HIGHER, "isced_8": _HIGHER,
}  # fmt: skip
_WORK = ("Jobbar", "Töissä", "Working")
STATUS: Words = {
    "employed": _WORK,
    "subsidised_job": _WORK,
    "internship": (
        "Praktik eller arbetsprövning",
        "Harjoittelu tai työkokeilu",
        "Internship or work trial",
    ),
    "education": ("Studerar", "Opiskelen", "Studying"),
    "language_course": ("Språkkurs", "Kielikurssilla", "Language course"),
    "parental_leave": ("Familjeledig", "Perhevapaalla", "On family leave"),
    "unemployed": ("Arbetslös", "Työtön", "Unemployed"),
    "outside_labour_force": ("Söker inte jobb", "En etsi työtä", "Not looking for work"),
}
AGREEMENT: Words = {
    "4": ("Helt av samma åsikt", "Täysin samaa mieltä", "Strongly agree"),
    "3": ("Delvis av samma åsikt", "Jokseenkin samaa mieltä", "Somewhat agree"),
    "2": ("Delvis av annan åsikt", "Jokseenkin eri mieltä", "Somewhat disagree"),
    "1": ("Helt av annan åsikt", "Täysin eri mieltä", "Strongly disagree"),
}
HOURS: Words = {"full": ("Heltid", "Kokoaika", "Full time"), "part": ("Deltid", "Osa-aika", "Part time")}
RATINGS = {
    "language": "Jag klarar mig på svenska eller finska / Pärjään ruotsiksi tai suomeksi",
    "network": "Jag har ett nätverk som kan hjälpa mig / Minulla on verkosto, joka voi auttaa minua",
    "confidence": "Jag tror på mina möjligheter / Uskon mahdollisuuksiini",
    "satisfaction": "Jag är nöjd med FIKA / Olen tyytyväinen FIKAan",
}
RELATIONSHIP = {
    "equality": "Vi var jämlika / Olimme tasavertaisia",
    "mutuality": "Vi lärde oss av varandra / Opimme toisiltamme",
    "trust": "Jag litar på min mentor / Luotan mentoriini",
}
SITUATION = "Situation nu / Tilanne nyt"
FULL = "Heltid eller deltid / Koko- vai osa-aika"
MEETINGS = "Antal träffar / Tapaamisten määrä"
BLOCK = "Hinder för jobb / Työllistymisen esteet"
BARRIERS = {
    "language": "Språk / Kieli",
    "network": "Nätverk / Verkostot",
    "labour_market_knowledge": "Kunskap om arbetsmarknaden / Työmarkkinoiden tuntemus",
    "no_suitable_job": "Inga lämpliga jobb / Ei sopivia työpaikkoja",
    "work_experience": "Arbetserfarenhet / Työkokemus",
    "qualification_recognition": "Examen erkänns inte / Tutkintoa ei tunnusteta",
    "self_confidence": "Självförtroende / Itseluottamus",
    "care_family": "Familj och ork / Perhe ja jaksaminen",
    "discrimination": "Diskriminering / Syrjintä",
    "legal_status": "Uppehållstillstånd / Oleskelulupa",
    "other": "Annat / Muu",
}
NO_BARRIER = "Inga hinder / Ei esteitä"
OTHER = ("Långa avstånd", "Julkinen liikenne puuttuu", "My field is small here", "Branschen är liten")
REMARKS = (
    "Tack för trevliga träffar!",
    "Kiitos, sain uusia ystäviä.",
    "Six months is a short time.",
    "Jag skulle gärna fortsätta en termin till.",
    "Mentorini oli hyvä kuuntelija.",
)


Cells = dict[str, Sequence[object]]


def export(answers: pd.DataFrame, rng: np.random.Generator) -> Mapping[str, bytes]:
    """The end survey's name and bytes."""
    rows = in_tongues(answers, rng)
    before: Cells = {
        **heads(rows, ids(rows)),
        **background(rows, rng),
        SITUATION: words(rows, "labour_status", STATUS, rng),
        FULL: spoken(rows, "hours", full_or_part),
        **rated(rows, RATINGS, rng),
    }
    after: Cells = {
        MEETINGS: number(rows, "meetings", int),
        **rated(rows, RELATIONSHIP, rng),
        "Annat hinder, vilket? / Muu este, mikä?": drawn(rng, OTHER, rows["barrier_other"]),
        "Fri kommentar / Vapaa sana": drawn(rng, REMARKS, rows["remark"]),
    }
    return {NAME: workbook(SHEET, {**alone(before), **barriers(rows, rng), **alone(after)})}


def in_tongues(answers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The answers with the language in which each person answers."""
    return answers.assign(tongue=[LANGUAGES[int(u * len(LANGUAGES))] for u in rng.random(len(answers))])


def alone(columns: Cells) -> dict[tuple[str, str], Sequence[object]]:
    """Columns without a second header."""
    return {(title, ""): cells for title, cells in columns.items()}


def ids(answers: pd.DataFrame) -> list[str]:
    """The ids as FIKA gives them out."""
    return [f"F-{number:03d}" for number in answers["number"]]


def days(answers: pd.DataFrame) -> list[str]:
    """The days of answering."""
    return [f"{day.day}.{day.month}.{day.year}" for day in answers["date"]]


def heads(answers: pd.DataFrame, numbers: Sequence[str]) -> Cells:
    """The first columns of every survey of mentees."""
    return {
        "Nr / Nro": numbers,
        "Par / Pari": [f"FP{pair:02d}" for pair in answers["pair"]],
        "Datum / Päivämäärä": days(answers),
        "Svarsspråk / Vastauskieli": list(answers["tongue"]),
    }


def background(answers: pd.DataFrame, rng: np.random.Generator) -> Cells:
    """Who the person is, asked at entry and again at the end."""
    return {
        "Kön / Sukupuoli": words(answers, "gender", GENDER, rng),
        "Ålder / Ikä": number(answers, "age", int),
        "Födelseregion / Syntymäalue": words(answers, "region_of_origin", REGIONS, rng),
        "År i Finland / Vuosia Suomessa": number(answers, "years_since_arrival", _short),
        "Högsta utbildning / Korkein koulutus": words(answers, "education_level", EDUCATION, rng),
    }


def rated(answers: pd.DataFrame, items: Mapping[str, str], rng: np.random.Generator) -> Cells:
    """Ratings by four steps of agreement."""
    return {title: words(answers, f"{item}_step", AGREEMENT, rng) for item, title in items.items()}


def words(answers: pd.DataFrame, item: str, texts: Words, rng: np.random.Generator) -> list[str]:
    """Each person's answer in her or his language, with a slip here and there."""
    return _typed(spoken(answers, item, texts.__getitem__), rng)


def number(answers: pd.DataFrame, item: str, write: Callable[[Any], object]) -> list[object]:
    """Each person's answer as a number."""
    return spoken(answers, item, lambda value: (write(value),) * len(FORM))


def spoken(answers: pd.DataFrame, item: str, texts: Callable[[Any], tuple[object, ...]]) -> list[Any]:
    """Each person's answer in the language in which she or he answered."""
    marks: Mapping[str, tuple[object, ...]] = MARKS
    triples = said(answers, item, texts, marks)
    return [triple[FORM.index(tongue)] for triple, tongue in zip(triples, answers["tongue"], strict=True)]


def full_or_part(hours: str) -> tuple[str, str, str]:
    """Full time from 35 hours a week on."""
    return HOURS["full" if float(hours) >= 35 else "part"]


def _short(value: object) -> str:
    """Years as people type them: a comma only where it is needed."""
    return decimal_comma(value).removesuffix(",0")


def _typed(texts: list[str], rng: np.random.Generator) -> list[str]:
    """A few cells as an older form of the tool left them: capitals, or a blank too many."""
    slips = rng.random(len(texts))
    return [
        text.upper() if slip < 0.02 else f"{text} " if text and slip < 0.04 else text
        for text, slip in zip(texts, slips, strict=True)
    ]


def barriers(answers: pd.DataFrame, rng: np.random.Generator) -> dict[tuple[str, str], list[str]]:
    """One column per option with a cross where it is chosen; nothing anywhere if nobody answered."""
    answered = (answers["barriers_mark"] == "").tolist()
    chosen = {text: answers[f"barrier_{code}"].tolist() for code, text in BARRIERS.items()}
    named = answers[[f"barrier_{code}" for code in BARRIERS]].any(axis=1).tolist()
    chosen[NO_BARRIER] = [ok and not some for ok, some in zip(answered, named, strict=True)]
    return {(BLOCK, text): _crosses(column, rng) for text, column in chosen.items()}


def _crosses(column: Sequence[bool], rng: np.random.Generator) -> list[str]:
    slips = rng.random(len(column))
    return [("X" if slip < 0.1 else "x") if one else "" for one, slip in zip(column, slips, strict=True)]
