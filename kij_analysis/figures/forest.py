"""Estimates one under another, with what they say together and how little that is."""

from __future__ import annotations

import math

import pandas as pd

from kij_analysis.errors import one_of
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.forest_rows import (
    LABELS,
    RATIOS,
    forest_frame,
    forest_row,
    forest_scale,
    measure_of,
    spoken,
    unit_of,
)
from kij_analysis.figures.rows import SIZE, Row, draw, height
from kij_analysis.figures.shares import level_of
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, sheet, wrapped
from kij_analysis.figures.style import styled
from kij_analysis.words import Words, as_words

UNITS = ("", "points", "number")
FEW = 5
"""Below so many a caution is printed."""


def forest(
    estimates: pd.DataFrame,
    words: Words | str,
    *,
    pooled: pd.DataFrame | None = None,
    partial: pd.DataFrame | None = None,
    without: pd.DataFrame | None = None,
    unit: str = "",
    source: str = "",
    name: str = "forest",
) -> Figure:
    """Points with intervals, one row for each programme or study, then what they say together.

    With fewer than five of them a caution is printed under the rows. Ratios stand on a logarithmic scale.

    Parameters
    ----------
    estimates
        Any estimates of one measure; a row without an estimate is told by its note.
    words
        The words, or the name of a language.
    pooled, partial, without
        What `kij_analysis.survey.pool`, `partial_pool` and `leave_one_out` return.
    unit
        ``"points"``: fractions, spoken as per cent; ``"number"``: as they are. If empty, shares and
        differences of shares are fractions, others where no end lies beyond 1.
    source
        The source in words; the programmes' surveys if empty.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there is nothing to draw, or if the estimates are of more than one measure.

    Examples
    --------
    >>> from kij_analysis import estimates as e, survey
    >>> rows = e.make([{"programme": p, "variable": "employed", "measure": "risk_difference", "estimate": y,
    ...          "std_error": s, "conf_low": y - 2 * s, "conf_high": y + 2 * s, "method": "none",
    ...          "data_status": "observed"}
    ...         for p, y, s in (("kvinfo", 0.25, 0.06), ("sajo", 0.02, 0.04), ("fika", 0.14, 0.09))])
    >>> forest(rows, "en", pooled=survey.pool(rows)).title
    'Employed: together 13 (−17 to 43), from 3 numbers'
    """
    say = as_words(words)
    one_of(unit, UNITS, name="The unit")
    frame = forest_frame(estimates, pooled, partial, without, say)
    measure = measure_of(frame)
    kind = unit or unit_of(frame, measure)
    rows = [forest_row(row, say, measure, kind) for row in frame.to_dict("records")]
    texts = _texts(frame, pooled, measure, kind, source, say)
    caution = _caution(frame, pooled, measure, kind, say)
    with styled():
        lines = wrapped(caution, WIDTH - 2 * MARGIN - 0.3, SIZE) if caution else []
        below = len(lines) * SIZE * LINE / 72 + (0.36 if lines else 0)
        paper = sheet(**texts, body=height(rows, labels=LABELS) + below)
        scale = forest_scale(frame, rows, say, measure, kind)
        draw(paper, rows, scale, bottom=paper.bottom + below, labels=LABELS)
        _cautioned(paper, lines, below, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(frame, rows, caution, texts["mark"], say),
        data=_data(frame, measure, kind, say),
        canvas=paper.canvas,
    )


def _texts(
    frame: pd.DataFrame, pooled: pd.DataFrame | None, measure: str, unit: str, source: str, say: Words
) -> dict[str, str]:
    own = frame[frame["part"] == "own"]
    known = own[own["estimate"].notna()]
    variable, category = str(own["variable"].iloc[0]), str(own["category"].iloc[0])
    what = say.variable(variable) if own["variable"].nunique() == 1 else ""
    if what and category and category != "yes" and own["category"].nunique() == 1:
        first = f"waiting.outcome.{category}"  # times to a first job are told by what came first
        what = f"{what}: {say(first) if say.has(first) else say.category(variable, category)}"
    kind = say(f"forest.measure.{measure}")
    if unit == "points" and measure not in ("share", "survival"):
        kind = say("forest.in_points", measure=kind)
    subtitle = say("forest.subtitle", measure=kind, level=say.share(level_of(own.dropna(axis=1, how="all"))))
    methods = [method for method in dict.fromkeys(frame["method"]) if method != "none"]
    return {
        "title": _about(what, _title(known, pooled, measure, unit, say), say),
        "subtitle": f"{say.sentence(what)}. {say.sentence(subtitle)}" if what else say.sentence(subtitle),
        "footer": say(
            "figure.footer",
            source=source or say("source.surveys"),
            base=say("forest.base", count=say.number(len(known))),
            method=" ".join(say(f"method.{method}") for method in methods),
        ),
        "mark": say.mark(frame["data_status"]),
    }


def _about(what: str, title: str, say: Words) -> str:
    """The headline with what it is about in front."""
    if not what:
        return title
    return say("forest.about", what=say.sentence(what), title=title[:1].lower() + title[1:])


def _title(known: pd.DataFrame, pooled: pd.DataFrame | None, measure: str, unit: str, say: Words) -> str:
    if known.empty:
        return say("forest.none")
    if pooled is not None and len(pooled) and pooled["estimate"].notna().any():
        row = pooled.iloc[0]
        told = {
            key: spoken(row[name], measure, unit, say)
            for key, name in (("estimate", "estimate"), ("low", "conf_low"), ("high", "conf_high"))
        }
        return say("forest.title", count=say.number(row["k"]), **told)
    ends = {
        "low": spoken(known["estimate"].min(), measure, unit, say),
        "high": spoken(known["estimate"].max(), measure, unit, say),
    }
    return say("forest.title_some", count=say.number(len(known)), **ends)


def _caution(frame: pd.DataFrame, pooled: pd.DataFrame | None, measure: str, unit: str, say: Words) -> str:
    """What so few numbers cannot tell; empty where there are enough, or nothing is put together."""
    known = int(frame.loc[frame["part"] == "own", "estimate"].notna().sum())
    together = (frame["part"] != "own").any()
    if not together or not 2 <= known < FEW:
        return ""
    parts = [say("forest.caution", count=say.number(known))]
    if pooled is not None and pd.notna(pooled["tau2_high"].iloc[0]):
        row = pooled.iloc[0]
        ends = [math.sqrt(row[name]) for name in ("tau2_low", "tau2_high")]
        plain = "difference" if measure in ("share", "survival") else measure
        low, high = (
            say.number(end, digits=2) if measure in RATIOS else spoken(end, plain, unit, say) for end in ends
        )
        parts.append(say("forest.tau", low=low, high=high))
        ahead = pd.notna(row["predicted_low"])
        parts.append(say("forest.prediction") if ahead else say("forest.no_prediction"))
    silent = frame[(frame["part"] == "own") & frame["estimate"].isna()]
    if len(silent):
        parts.append(say("forest.left_out", list=say.listing(list(silent["label"]))))
    return " ".join(parts)


def _cautioned(paper: Sheet, lines: list[str], below: float, say: Words) -> None:
    if not lines:
        return
    top = paper.bottom + below - 0.12
    paper.text(MARGIN, top, say("forest.caution_title"), fontsize=9, fontweight="bold", va="top")
    paper.text(MARGIN, top - 0.19, "\n".join(lines), fontsize=SIZE, va="top", linespacing=LINE - 0.12)


def _alt(frame: pd.DataFrame, rows: list[Row], caution: str, mark: str, say: Words) -> str:
    parts = [say("forest.alt", count=say.number(len(rows)))]
    for part in dict.fromkeys(frame["part"]):
        told = [
            f"{row.label} {row.number}" for row, own in zip(rows, frame["part"], strict=True) if own == part
        ]
        parts.append(
            say("forest.alt_part", part=say.sentence(say(f"forest.part.{part}")), list="; ".join(told))
        )
    if caution:
        parts.append(caution)
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _data(frame: pd.DataFrame, measure: str, unit: str, say: Words) -> pd.DataFrame:
    """The rows drawn, with their numbers as they are spoken."""
    texts: dict[str, list[str]] = {"label": [], "number": [], "interval": []}
    for row in frame.to_dict("records"):
        part = say.sentence(say(f"forest.part.{row['part']}"))
        low, high, value = (row[name] for name in ("conf_low", "conf_high", "estimate"))
        told = {"low": spoken(low, measure, unit, say), "high": spoken(high, measure, unit, say)}
        texts["label"].append(say("forest.row", part=part, label=row["label"]))
        texts["number"].append(spoken(value, measure, unit, say) if pd.notna(value) else "–")
        texts["interval"].append(say("table.interval", **told) if pd.notna(low) else "–")
    numbers = frame[["estimate", "std_error", "conf_low", "conf_high"]].astype("float64").round(6)
    names = frame[["part", "programme", "group", "variable", "category", "measure"]]
    rest = frame[["n", "method", "data_status", "note"]]
    return pd.concat([names.assign(**texts), numbers, rest], axis=1)
