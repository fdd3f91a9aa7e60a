"""What the exports of all tools need: answers in words, texts for some rows, the slips of real files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import pandas as pd

Cell = TypeVar("Cell")


def said(
    answers: pd.DataFrame, item: str, words: Callable[[Any], Cell], marks: Mapping[str, Cell]
) -> list[Cell]:
    """Each person's answer to an item in the tool's words, or the tool's mark for an answer that is none."""
    pairs = zip(answers[item], answers[f"{item}_mark"], strict=True)
    return [marks[mark] if mark else words(value) for value, mark in pairs]


def decimal_comma(value: object) -> str:
    """A number with one decimal behind a comma.

    Examples
    --------
    >>> decimal_comma("37")
    '37,0'
    """
    return f"{float(str(value)):.1f}".replace(".", ",")


def drawn(rng: np.random.Generator, texts: Sequence[str], rows: Iterable[Any]) -> list[str]:
    """One of the texts where a row is true, else nothing."""
    flags = list(rows)
    places = [int(u * len(texts)) for u in rng.random(len(flags))]
    return [texts[place] if flag else "" for place, flag in zip(places, flags, strict=True)]


def spelt(
    rng: np.random.Generator, ids: Sequence[str], share: float, *forms: Callable[[str], str]
) -> list[str]:
    """The ids, a share of them as somebody else would have typed them."""
    draws = rng.random(len(ids))
    places = [int(u / share * len(forms)) if u < share else -1 for u in draws]
    return [forms[place](one) if place >= 0 else one for one, place in zip(ids, places, strict=True)]


def lower(text: str) -> str:
    """The id in small letters."""
    return text.lower()


def spaced(text: str) -> str:
    """The id with a blank between its letters and its number.

    Examples
    --------
    >>> spaced("K0028")
    'K 0028'
    """
    return re.sub(r"(?<=[A-Z])-?(?=\d)", " ", text, count=1)


def short(text: str) -> str:
    """The id without the zeros before its number, in small letters.

    Examples
    --------
    >>> short("K0028"), short("SP-007")
    ('k28', 'sp-7')
    """
    return re.sub(r"(?<!\d)0+(?=\d)", "", text).lower()


def doubled(
    columns: Mapping[Any, Sequence[Any]], rng: np.random.Generator, number: int, *, but: Mapping[Any, Any]
) -> dict[Any, list[Any]]:
    """The rows with some of them twice, the same but for the columns that `but` gives another cell."""
    size = len(next(iter(columns.values())))
    again = set(np.argsort(rng.random(size), kind="stable")[:number].tolist())
    places = [(place, copy) for place in range(size) for copy in range(2 if place in again else 1)]
    return {
        name: [but[name] if copy and name in but else cells[place] for place, copy in places]
        for name, cells in columns.items()
    }


def tried_before(answers: pd.DataFrame, rng: np.random.Generator, number: int) -> pd.DataFrame:
    """The answers after a first attempt of some people: two days earlier, no ratings or barriers."""
    chosen = np.sort(np.argsort(rng.random(len(answers)), kind="stable")[:number])
    first = answers.iloc[chosen]
    skipped = [name for name in answers.columns if name.endswith("_step_mark")]
    barriers = [name for name in answers.columns if name == "barrier_other"]
    first = first.assign(
        date=[day - dt.timedelta(days=2) for day in first["date"]],
        remark=False,
        **dict.fromkeys(skipped, "blank"),
        **({"barriers_mark": "blank"} if "barriers_mark" in answers else {}),
        **dict.fromkeys(barriers, False),
    )
    return pd.concat([first, answers], ignore_index=True)


def misdated(
    cells: Sequence[str],
    rng: np.random.Generator,
    number: int,
    wrong: Callable[[str], str],
    ids: Sequence[str],
) -> list[str]:
    """The dates, some of them of days that no calendar has; never of people who stand there twice."""
    free = [i for i, (cell, one) in enumerate(zip(cells, ids, strict=True)) if cell and ids.count(one) == 1]
    order = np.argsort(rng.random(len(free)), kind="stable")[:number]
    chosen = {free[place] for place in order}
    return [wrong(cell) if place in chosen else cell for place, cell in enumerate(cells)]
