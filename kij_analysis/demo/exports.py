"""What the exports of all tools need: answers in words, and texts drawn for some rows."""

from __future__ import annotations

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
