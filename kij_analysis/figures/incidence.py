"""How many have found a first job by each month, and what else came first, with who still waits below."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.disclosure.primary import THRESHOLD
from kij_analysis.errors import UsageError
from kij_analysis.figures.curves import OUTCOMES, draw_curves, planned_curves, shown
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of, spoken_base
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import styled
from kij_analysis.words import Words, as_words


def incidence(
    estimates: pd.DataFrame, words: Words | str, *, threshold: int = THRESHOLD, name: str = "incidence"
) -> Figure:
    """Cumulative shares by month, one panel for each programme, with how many still wait under the axis.

    The curves are read at the months given only, and joined by straight lines. An upright line is the
    interval; a light bar is what the share may be, where days are only known to lie between two answers.
    Hidden months are left out.

    Parameters
    ----------
    estimates
        What `kij_analysis.effects.incidence` returns, by programme; with real answers first
        `kij_analysis.disclosure.suppress_steps`.
    words
        The words, or the name of a language.
    threshold
        Below how many persons nothing is shown, for the words that say so.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there is nothing to draw.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "fika", "category": "job", "measure": "share", "n": 40, "level": 0.95,
    ...        "method": "aalen_johansen", "data_status": "synthetic"}
    >>> rows = [row | {"month": m, "count": c, "estimate": c / 40, "at_risk": 40 - c}
    ...         for m, c in ((6, 9), (12, 20))]
    >>> incidence(e.make(rows), "en").title
    'In work within 12 months of entry: FIKA 50%'
    """
    say = as_words(words)
    if estimates.empty or "month" not in estimates.columns:
        raise UsageError("There are no curves to draw.", fix="Use the estimates of effects.incidence.")
    curves = _curves(estimates)
    planned = planned_curves(curves, say)
    texts = {
        "title": _headline(curves, say),
        "subtitle": say("waiting.subtitle", level=say.share(level_of(curves))),
        "footer": _footer(curves, threshold, say),
        "mark": say.mark(curves["data_status"]),
    }
    with styled():
        paper = sheet(**texts, body=planned.body)
        draw_curves(paper, planned, curves, threshold, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(curves, texts["mark"], say),
        data=_data(curves, say),
        canvas=paper.canvas,
    )


def _curves(estimates: pd.DataFrame) -> pd.DataFrame:
    """The rows in order, with the columns that may be missing."""
    absent = [name for name in ("at_risk", "known_low", "known_high") if name not in estimates.columns]
    frame = estimates.assign(**dict.fromkeys(absent, np.nan))
    frame = frame[frame["category"].isin(OUTCOMES)]
    return frame.sort_values("month", kind="stable").reset_index(drop=True)


def _headline(curves: pd.DataFrame, say: Words) -> str:
    """The share in work at the month that most programmes show, the latest of them."""
    jobs = curves[(curves["category"] == "job") & curves["estimate"].notna()]
    if jobs.empty:
        return say("waiting.none")
    counts = jobs.groupby("month")["programme"].nunique()
    month = counts[counts == counts.max()].index.max()
    rows = jobs[jobs["month"] == month]
    parts = [
        say("waiting.part", programme=say.programme(row["programme"]), share=say.share(row["estimate"]))
        for row in rows.to_dict("records")
    ]
    return say("waiting.title", month=say.number(month), list=", ".join(parts))


def _footer(curves: pd.DataFrame, threshold: int, say: Words) -> str:
    parts = [say("method.aalen_johansen")]
    if (curves["known_low"] < curves["known_high"]).any():
        parts.append(say("waiting.between"))
    if (curves["note"] == "hidden_small_count").any() or curves["at_risk"].isna().any():
        parts.append(say("waiting.hidden", threshold=say.number(threshold)))
    return say(
        "figure.footer", source=say("source.surveys"), base=say("waiting.base"), method=" ".join(parts)
    )


def _alt(curves: pd.DataFrame, mark: str, say: Words) -> str:
    parts = [say("waiting.alt")]
    for programme in dict.fromkeys(curves["programme"]):
        told: list[str] = []
        gone: dict[str, list[str]] = {}
        for outcome in OUTCOMES:
            label = say(f"waiting.outcome.{outcome}")
            own = shown(curves, programme, outcome)
            if own.empty:
                notes = curves.loc[
                    (curves["programme"] == programme) & (curves["category"] == outcome), "note"
                ]
                gone.setdefault(next(filter(None, notes), "no_answers"), []).append(label)
            for row in own.iloc[[-1]].to_dict("records") if len(own) else []:
                month, share = say.number(row["month"]), say.share(row["estimate"])
                told.append(say("waiting.alt_value", outcome=label, month=month, share=share))
        spoken = say.programme(programme)
        base = spoken_base(curves[curves["programme"] == programme], say) or "–"
        if told:
            parts.append(say("waiting.alt_panel", programme=spoken, n=base, list="; ".join(told)))
        for code, labels in gone.items():
            note, listed = say(f"note.{code}"), say.listing(labels)
            parts.append(say("figure.alt_gap", programme=spoken, note=note, list=listed))
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _data(curves: pd.DataFrame, say: Words) -> pd.DataFrame:
    notes = [say(f"note.{note}") if note else "" for note in curves["note"]]
    rows = curves.to_dict("records")
    labels = [
        say("waiting.row", outcome=say(f"waiting.outcome.{row['category']}"), month=say.number(row["month"]))
        for row in rows
    ]
    front = curves[["programme", "variable", "category", "month"]].assign(
        label=labels,
        number=[say.share(row["estimate"]) if pd.notna(row["estimate"]) else "–" for row in rows],
        interval=[
            say("table.interval", low=say.share(row["conf_low"]), high=say.share(row["conf_high"]))
            if pd.notna(row["conf_low"])
            else "–"
            for row in rows
        ],
    )
    shares = curves[["estimate", "conf_low", "conf_high"]].round(6)
    open_days = curves[["known_low", "known_high"]].round(2)
    persons = curves[["count", "n", "at_risk"]].astype("Int64")
    rest = curves[["method", "data_status", "note"]].assign(note_text=notes)
    return pd.concat([front, shares, open_days, persons, rest], axis=1)
