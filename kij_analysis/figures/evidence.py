"""What studies of other programmes have printed: differences by kind of programme, and findings in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.rows import Row, Scale, draw, height
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, sheet, wrapped
from kij_analysis.figures.style import MUTED, styled
from kij_analysis.indicators.study_words import (
    spoken_estimate,
    spoken_level,
    spoken_place,
    spoken_when,
    spoken_who,
)
from kij_analysis.words import Words, as_words
from kij_analysis.words.speaking import NO_BREAK

LOOKS: Mapping[str, tuple[str, str]] = {
    "women": ("#7A3E9D", "o"),
    "men": ("#7A5C00", "s"),
    "all": (MUTED, "^"),
}
"""None of them is the look of a programme: these are others' programmes."""

COMPARED = ("higher", "lower", "no_difference", "mixed", "not_established")
SIZE = 8.5


def evidence(
    evidence: pd.DataFrame, words: Words | str, *, level: float = 0.95, name: str = "evidence"
) -> Figure:
    """Printed differences in percentage points by kind of programme, and below them the findings in words.

    Each row says who, when, and at which level of the Maryland scale. An interval is drawn only where one
    follows from what is printed; nothing is pooled.

    Parameters
    ----------
    evidence
        What `kij_analysis.indicators.evidence` returns.
    words
        The words, or the name of a language.
    level
        The confidence level of intervals that are made from a printed standard error.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If no difference in percentage points is printed.

    Examples
    --------
    >>> from kij_analysis.indicators import evidence as read
    >>> from kij_analysis.template import template_folder
    >>> evidence(read(template_folder() / "data" / "raw" / "published"), "en").title[:72]
    'Studies of other programmes print differences of 10 to 29 percentage poi'
    """
    say = as_words(words)
    points = evidence[evidence["measure"] == "risk_difference"]
    if points.empty:
        raise UsageError("No difference in percentage points is printed.", fix="Look at the table instead.")
    drawn = _drawn(evidence, say, level)
    shown = drawn[drawn["measure"] == "risk_difference"]
    paragraphs = _paragraphs(evidence[evidence["estimate"].isna()], say)
    texts = _texts(evidence, points, shown, say)
    rows = [_row(row, say) for row in shown.to_dict("records")]
    with styled():
        lines = [line for text in paragraphs for line in wrapped(text, WIDTH - 2 * MARGIN - 0.3, SIZE)]
        below = len(lines) * SIZE * LINE / 72 + (0.36 if lines else 0)
        paper = sheet(**texts, body=height(rows) + below)
        draw(paper, rows, _scale(shown, say), bottom=paper.bottom + below)
        _words(paper, lines, below, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(shown, paragraphs, texts["mark"], say),
        data=drawn,
        canvas=paper.canvas,
    )


def _texts(evidence: pd.DataFrame, points: pd.DataFrame, shown: pd.DataFrame, say: Words) -> dict[str, str]:
    sure = shown["conf_low"].notna().any()
    ends = {"low": say.number(points["estimate"].min()), "high": say.number(points["estimate"].max())}
    others = evidence["estimate"].notna() & (evidence["measure"] != "risk_difference")
    method = say("evidence.method", count=say.number(int(others.sum())))
    return {
        "title": say("evidence.title_some", **ends) if sure else say("evidence.title", **ends),
        "subtitle": say("evidence.subtitle"),
        "footer": say(
            "figure.footer",
            source=say("evidence.source", count=say.number(evidence["source"].nunique())),
            base=say("evidence.base"),
            method=f"{say('evidence.interval')} {method}" if sure else method,
        ),
        "mark": say.mark(evidence["data_status"]),
    }


def _drawn(evidence: pd.DataFrame, say: Words, level: float) -> pd.DataFrame:
    """The rows in the order of the picture, with their words and with intervals where they follow."""
    order = list(dict.fromkeys(evidence["programme_type"]))
    place = evidence["programme_type"].map(order.index)
    rows = evidence.assign(place=place).sort_values("place", kind="stable").drop(columns="place")
    rows = rows.reset_index(drop=True)
    low, high = _intervals(rows, level)
    labels = [_label(row, say) for row in rows.to_dict("records")]
    numbers = [
        spoken_estimate(row, say, short=row["measure"] == "risk_difference")
        for row in rows.to_dict("records")
    ]
    return rows.assign(conf_low=low, conf_high=high, label=labels, number=numbers)


def _intervals(rows: pd.DataFrame, level: float) -> tuple[pd.Series, pd.Series]:
    """The printed interval, or else that of the printed standard error."""
    from statistics import NormalDist

    reach = NormalDist().inv_cdf((1 + level) / 2) * rows["standard_error"]
    low = rows["conf_low"].fillna(rows["estimate"] - reach)
    return low, rows["conf_high"].fillna(rows["estimate"] + reach)


def _label(row: Mapping[str, Any], say: Words) -> str:
    return say(
        "evidence.row",
        study=row["study"],
        country=spoken_place(row, say),
        outcome=say(f"evidence.outcome.{row['outcome']}"),
        who=spoken_who(row, say),
        when=spoken_when(row, say),
        level=spoken_level(row, say).replace(" ", NO_BREAK),
    )


def _row(row: Mapping[str, Any], say: Words) -> Row:
    return Row(
        heading=say.sentence(say(f"evidence.type.{row['programme_type']}")),
        label=row["label"],
        number=row["number"],
        value=row["estimate"],
        look=LOOKS[row["sex"]],
        low=row["conf_low"],
        high=row["conf_high"],
        hollow=row["precision"] != "exact",
    )


def _scale(shown: pd.DataFrame, say: Words) -> Scale:
    """From nought, or the lowest end, to the highest end, in steps of ten points."""
    ends = pd.concat([shown["estimate"], shown["conf_low"], shown["conf_high"]])
    low = 10 * math.floor(min(0.0, ends.min()) / 10)
    high = 10 * math.ceil(max(ends.max(), 10.0) / 10)
    ticks = list(range(low, high + 1, 10))
    return Scale(low=low, high=high, ticks=ticks, texts=[say.number(tick) for tick in ticks], room=1.4)


def _paragraphs(silent: pd.DataFrame, say: Words) -> list[str]:
    """The findings in words, one paragraph for each direction."""
    found = []
    for direction in COMPARED:
        named = [_named(row, say) for row in silent[silent["direction"] == direction].to_dict("records")]
        if named:
            spoken = say.sentence(say(f"evidence.direction.{direction}"))
            found.append(say("evidence.group", direction=spoken, list="; ".join(dict.fromkeys(named))))
    return found


def _named(row: Mapping[str, Any], say: Words) -> str:
    """The study with its country, and with the sex where it is one."""
    sex = say(f"evidence.sex.{row['sex']}") if row["sex"] != "all" else ""
    where = ", ".join(part for part in (spoken_place(row, say), sex) if part)
    return say("evidence.named", study=row["study"], where=where) if where else str(row["study"])


def _words(paper: Sheet, lines: list[str], below: float, say: Words) -> None:
    if not lines:
        return
    top = paper.bottom + below - 0.12
    paper.text(MARGIN, top, say("evidence.no_number"), fontsize=9, fontweight="bold", va="top")
    paper.text(MARGIN, top - 0.19, "\n".join(lines), fontsize=SIZE, va="top", linespacing=LINE - 0.12)


def _alt(shown: pd.DataFrame, paragraphs: list[str], mark: str, say: Words) -> str:
    parts = [say("evidence.alt", count=say.number(len(shown)))]
    for kind, rows in shown.groupby("programme_type", sort=False):
        listed = "; ".join(f"{row['label']}: {row['number']}" for row in rows.to_dict("records"))
        spoken = say.sentence(say(f"evidence.type.{kind}"))
        parts.append(say("evidence.group", direction=spoken, list=listed))
    if paragraphs:
        parts += [f"{say('evidence.no_number')}.", *paragraphs]
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()
