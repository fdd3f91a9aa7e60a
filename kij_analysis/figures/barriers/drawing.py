"""What the figures of barriers have in common: marks, numbers in words, gaps, and putting them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.estimates import NOTES
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.lanes import Lane, draw, plan
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import looks, styled
from kij_analysis.words import Words
from kij_analysis.words.speaking import NO_BREAK

STEPS = (0.1, 0.2, 0.25, 0.5, 1.0)
CAUSES = ("not_asked", "not_comparable", "not_applicable", "undetermined", "no_answers")
"""Why a barrier is not on the list of a programme at all."""
COLUMNS = (
    "block", "label", "what", "told", "n", "note_text", "programme", "variable", "category", "lane",
    "measure", "estimate", "conf_low", "conf_high", "count", "method", "data_status", "note",
)  # fmt: skip
"""What the data of such a figure hold: first what is read, then what is computed with."""


def checked(estimates: pd.DataFrame, *, measure: str) -> None:
    """Refuse a frame that holds nothing, or nothing of the measure that is drawn."""
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Look at which programmes were kept.")
    if measure not in set(estimates["measure"]):
        raise UsageError(
            f"No row has the measure '{measure}'.", fix="Give the estimates that this figure is made for."
        )


def label_of(variable: str, say: Words) -> str:
    """The label of a barrier, with a capital letter."""
    return say.sentence(say.variable(variable))


def look_of(programmes: Sequence[str], say: Words) -> dict[str, tuple[str, str]]:
    """Colour and marker of each programme."""
    return looks(list(dict.fromkeys(programmes)), order=list(say.codebook.programmes))


def mark(
    row: Mapping[str, Any],
    *,
    block: str,
    label: str,
    lane: int,
    what: str,
    look: tuple[str, str],
    say: Words,
    told: str = "",
    shown: str | None = None,
    hollow: bool = False,
) -> dict[str, Any]:
    """One mark; where there is no estimate, the word that says why.

    `told` is the number in words, `shown` what is written beside the mark, if that is something else.
    """
    missing = pd.isna(row["estimate"])
    beside = told if shown is None else shown
    gap = (say(f"short.{row['note']}") if row["note"] else "–") if missing else ""
    return {
        **{name: row.get(name) for name in COLUMNS if name in row},
        "block": block, "label": label, "lane": lane, "what": what, "hollow": hollow,
        "told": "" if missing else told,
        "shown": beside if shown or not missing else "", "gap": gap, "colour": look[0], "marker": look[1],
        "note_text": say(f"note.{row['note']}") if row["note"] else "",
    }  # fmt: skip


def shares_lane(
    title: str, marks: Sequence[Mapping[str, Any]], lane: int, say: Words, **options: Any
) -> Lane:
    """A lane from nothing to the largest share drawn in it."""
    own = [m for m in marks if m["lane"] == lane]
    values = [m[name] for m in own for name in ("estimate", "conf_high") if not pd.isna(m[name])]
    high = min(1.0, float(np.ceil(max([0.2, *values]) * 10 - 1e-9) / 10))
    return Lane(title=title, low=0.0, high=high, steps=STEPS, speak=say.share, **options)


def points_lane(
    title: str, marks: Sequence[Mapping[str, Any]], lane: int, say: Words, **options: Any
) -> Lane:
    """A lane of differences, in percentage points, as wide to the left as to the right."""
    own = [m for m in marks if m["lane"] == lane]
    names = ("estimate", "conf_low", "conf_high")
    values = [abs(m[name]) for m in own for name in names if not pd.isna(m[name])]
    high = float(np.ceil(max([0.1, *values]) * 10 - 1e-9) / 10)
    return Lane(
        title=title, low=-high, high=high, steps=STEPS, speak=lambda x: points(x, say), zero=True, **options
    )


def points(value: float, say: Words) -> str:
    """A difference of shares in percentage points, with its sign."""
    rounded = round(100 * value)
    return f"+{say.number(rounded)}" if rounded > 0 else say.number(rounded)


def points_told(row: Mapping[str, Any], say: Words) -> str:
    """A difference with its interval."""
    if pd.isna(row["estimate"]):
        return ""
    if pd.isna(row["conf_low"]):
        note = say(f"short.{row['note']}") if row["note"] else ""
        return ", ".join(text for text in (points(row["estimate"], say), note) if text)
    ends = {"low": points(row["conf_low"], say), "high": points(row["conf_high"], say)}
    return say("barriers.with_interval", number=points(row["estimate"], say), **ends)


def unasked(rows: pd.DataFrame, say: Words) -> str:
    """Which barriers a programme was not asked about, or not so that they can be compared, by reason."""
    told = []
    for note in CAUSES:
        own = rows[(rows["note"] == note) & rows["estimate"].isna()]
        if len(own):
            items = [say.variable(name) for name in dict.fromkeys(own["variable"])]
            told.append(say("barriers.gap", note=say(f"note.{note}"), list=say.listing(items)))
    return " ".join(told)


def with_base(programme: str, rows: pd.DataFrame, say: Words) -> str:
    """The name of a programme with the number of persons behind its rows."""
    bases = sorted(set(rows.loc[rows["estimate"].notna() & (rows["n"] > 0), "n"].dropna()))
    name = say.programme(programme)
    if not bases:
        return name
    ends = [say.number(base) for base in dict.fromkeys((bases[0], bases[-1]))]
    return kept_together(say("figure.panel", programme=name, n="–".join(ends)))


def kept_together(text: str) -> str:
    """The text in which no line breaks within *n = 121*."""
    return text.replace(" = ", f"{NO_BREAK}={NO_BREAK}")


def footer(say: Words, *, base: str, method: str, source: str = "") -> str:
    """Where the numbers come from, of whom they are, and how they were computed."""
    source = source or say("source.end_surveys")
    return say("figure.footer", source=source, base=base, method=method).strip()


def alt_of(lead: str, marks: pd.DataFrame, say: Words, mark_text: str, *, most: int = 3) -> str:
    """What the picture shows: the first rows of each block, in words."""
    parts = [lead]
    for block, rows in marks.groupby("block", sort=False):
        labels = list(dict.fromkeys(rows["label"]))[:most]
        told = []
        for label in labels:
            own = rows[rows["label"] == label]
            said = [
                f"{what} {text or gap}"
                for what, text, gap in zip(own["what"], own["told"], own["gap"], strict=True)
                if text or gap
            ]
            told.append(f"{label}: {', '.join(said)}")
        parts.append(say("barriers.alt_block", block=block, list="; ".join(told)))
    return " ".join([*parts, f"{mark_text}." if mark_text else ""]).strip()


def composed(
    name: str,
    marks: Sequence[Mapping[str, Any]],
    lanes: Sequence[Lane],
    say: Words,
    *,
    title: str,
    subtitle: str,
    foot: str,
    alt: str,
    notes: Mapping[str, str] | None = None,
    labels: float = 2.2,
) -> Figure:
    """The figure of these marks."""
    frame = marks_frame(marks)
    mark_text = say.mark(frame["data_status"])
    texts = {"title": title, "subtitle": subtitle, "footer": foot, "mark": mark_text}
    with styled():
        planned = plan(frame, lanes, notes=notes, labels=labels)
        paper = sheet(**texts, body=planned.body)
        draw(paper, planned)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=alt_of(alt, frame, say, mark_text),
        data=data_of(frame),
        canvas=paper.canvas,
    )


def marks_frame(marks: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The marks as a frame, with every column there."""
    frame = pd.DataFrame(list(marks))
    for name in COLUMNS:
        if name not in frame.columns:
            frame[name] = np.nan if name in ("n", "count") else ""
    return frame


def data_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The numbers drawn, with their words, in the order of the picture."""
    told = frame.assign(told=frame["told"].where(frame["told"] != "", frame["gap"]))
    own = told[list(COLUMNS)]
    numbers = own[["estimate", "conf_low", "conf_high"]].astype("float64").round(6)
    persons = own[["n", "count"]].astype("float64").round().astype("Int64")
    # How many gave an answer is told of shares alone: sums of two groups and changes would tell of others.
    persons["count"] = persons["count"].where(frame["measure"] == "share")
    known = {note: note for note in NOTES}
    return own.assign(**numbers, **persons, note=own["note"].map(known).fillna(""))
