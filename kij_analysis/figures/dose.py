"""Little and much mentoring beside outcomes and beside who stays; and how strongly they go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.change_rows import data_of, texts_of
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.panels import draw, plan
from kij_analysis.figures.shares import level_of, placing, spoken_base, spoken_value, told_gaps
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import looks, styled
from kij_analysis.figures.tracks import Mark, Track, scale, tracked
from kij_analysis.words import Words, as_words

WHOLE_REASONS = ("not_asked", "not_comparable", "not_applicable", "undetermined")
"""Why a programme has nothing to draw."""


def dose(estimates: pd.DataFrame, words: Words | str, *, name: str = "dose") -> Figure:
    """The share with each outcome among those with little and much of a dose, one panel for each programme.

    Parameters
    ----------
    estimates
        Of one dose (`kij_analysis.effects.dose_levels`), after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no estimates or they are of several doses.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "variable": "work_end", "category": "yes", "measure": "share",
    ...          "estimate": k / 20, "count": k, "n": 20, "dose": "meetings", "dose_level": d,
    ...          "method": "wilson", "data_status": "synthetic"} for d, k in (("low", 6), ("high", 9))]
    >>> dose(e.make(rows), "en").title
    'In work at the end, by number of meetings: FIKA 30% (lowest third) and 45% (highest third)'
    """
    say = as_words(words)
    if estimates.empty or estimates["dose"].nunique() > 1:
        raise UsageError("A figure shows one dose.", fix="Use effects.dose_levels for one of them.")
    programmes = list(dict.fromkeys(estimates["programme"]))
    bases = {p: spoken_base(estimates[estimates["programme"] == p], say) for p in programmes}
    what = say.variable(str(estimates["dose"].iloc[0]))
    placed, rows, headings = _spread(estimates, say)
    texts = texts_of(
        estimates,
        say,
        title=_title(estimates, programmes, what, say),
        subtitle=say("dose.subtitle", dose=what, level=say.share(level_of(estimates))),
        base=say("dose.base"),
        alt=_alt(estimates, programmes, bases, what, say),
    )
    around = {key: getattr(texts, key) for key in ("title", "subtitle", "footer", "mark")}
    with styled():
        planned = plan(placed, programmes, rows, bases, say, headings=headings)
        paper = sheet(**around, body=planned.body)
        draw(paper, planned, placed, say)
    labels = [rows.get(row, "") for row in placed["row"]]
    return Figure(
        name=name, language=say.language, **around, alt=texts.alt,
        data=data_of(placed, labels, say, details=labels).assign(dose_level=placed["dose_level"].to_numpy()),
        canvas=paper.canvas,
    )  # fmt: skip


def associations(estimates: pd.DataFrame, words: Words | str, *, name: str = "associations") -> Figure:
    """Rank correlations of doses with outcomes, with intervals.

    Parameters
    ----------
    estimates
        What `kij_analysis.effects.dose` returns, after suppression.

    Raises
    ------
    UsageError
        If there are no estimates.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "fika", "variable": "work_end", "measure": "correlation", "estimate": 0.2,
    ...        "n": 40, "conf_low": -0.1, "conf_high": 0.5, "dose": "meetings", "method": "spearman",
    ...        "data_status": "synthetic"}
    >>> associations(e.make([row]), "en").title
    '0 of 1 correlations have an interval on one side of zero'
    """
    say = as_words(words)
    if estimates.empty or "dose" not in estimates.columns:
        raise UsageError("There are no correlations with a dose to draw.", fix="Use effects.dose.")
    look = looks(list(estimates["programme"]), order=list(say.codebook.programmes))
    unasked = estimates["note"].isin(WHOLE_REASONS)
    gaps, everything = _unasked(estimates[unasked], say), estimates
    estimates = estimates[~unasked].reset_index(drop=True)
    rows = estimates.to_dict("records")
    labels = [
        say(
            "dose.row",
            dose=say.sentence(say.variable(row["dose"])),
            programme=say.programme(row["programme"]),
        )
        for row in rows
    ]
    tracks = [_correlation(row, label, look, say) for row, label in zip(rows, labels, strict=True)]
    known = estimates[estimates["conf_low"].notna()]
    apart = int(((known["conf_low"] > 0) | (known["conf_high"] < 0)).sum())
    texts = texts_of(
        estimates,
        say,
        title=say("dose.title_all", count=say.number(apart), total=say.number(len(known))),
        subtitle=say("dose.subtitle_all", level=say.share(level_of(estimates))),
        base=" ".join([say("dose.base"), *gaps]),
        alt=[say("dose.alt_all", items=say.number(len(rows)))]
        + [_alt_row(row, label, say) for row, label in zip(rows, labels, strict=True)]
        + gaps,
    )
    details = [say.variable(name) for name in everything["dose"]]
    data = data_of(everything, details, say, details=details).assign(dose=everything["dose"].to_numpy())
    return tracked(tracks, [scale(-1, 1, say)], texts, data, say, name=name)


def _unasked(rows: pd.DataFrame, say: Words) -> list[str]:
    """What a programme did not ask, each dose once: not drawn, but told."""
    told = []
    once = rows.drop_duplicates(["programme", "dose"])
    for _, own in once.groupby("programme", sort=False):
        told += told_gaps(own, [say.variable(name) for name in own["dose"]], say)
    return told


def _spread(estimates: pd.DataFrame, say: Words) -> tuple[pd.DataFrame, dict[str, str], set[str]]:
    """The rows: each outcome a heading, the levels of the dose under it; a gap of a programme in each."""
    rows: dict[str, str] = {}
    headings, parts = set(), []
    for outcome, part in estimates.groupby("variable", sort=False):
        levels = [code for code in dict.fromkeys(part["dose_level"]) if code]
        rows[f"{outcome}|"] = say.sentence(say.variable(str(outcome)))
        headings.add(f"{outcome}|")
        rows |= {f"{outcome}|{code}": say(f"dose.level.{code}") for code in levels}
        empty = part[part["dose_level"] == ""]
        filled = [empty.assign(dose_level=code) for code in levels]
        parts.append(pd.concat([part[part["dose_level"] != ""], *filled], ignore_index=True))
    whole = pd.concat(parts, ignore_index=True)
    places = whole["variable"] + "|" + whole["dose_level"]
    return placing(whole, places, say), rows, headings


def _title(estimates: pd.DataFrame, programmes: Sequence[str], what: str, say: Words) -> str:
    lead = str(estimates["variable"].iloc[0])
    parts = []
    for programme in programmes:
        own = estimates[(estimates["programme"] == programme) & (estimates["variable"] == lead)]
        own = own[own["estimate"].notna()]
        if len(own) > 1:
            one, other = own.iloc[0], own.iloc[-1]
            parts.append(
                say(
                    "dose.part",
                    programme=say.programme(programme),
                    one=say.share(one["estimate"]),
                    other=say.share(other["estimate"]),
                    low=say(f"dose.level.{one['dose_level']}"),
                    high=say(f"dose.level.{other['dose_level']}"),
                )
            )
    if not parts:
        return say("dose.none")
    return say("dose.title", outcome=say.sentence(say.variable(lead)), dose=what, list="; ".join(parts))


def _alt(
    estimates: pd.DataFrame, programmes: Sequence[str], bases: Mapping[str, str], what: str, say: Words
) -> list[str]:
    parts = [say("dose.alt", items=say.number(estimates["variable"].nunique()), dose=what)]
    for programme in programmes:
        own = estimates[estimates["programme"] == programme]
        labels = [_label(row, say) for row in own.to_dict("records")]
        shown = [
            spoken_value(row, label, say)
            for row, label in zip(own.to_dict("records"), labels, strict=True)
            if not np.isnan(row["estimate"])
        ]
        if shown:
            name = say.programme(programme)
            parts.append(say("dose.alt_panel", programme=name, n=bases[programme], list=say.listing(shown)))
        parts += told_gaps(own, labels, say)
    return parts


def _label(row: Mapping[str, Any], say: Words) -> str:
    outcome = say.variable(str(row["variable"]))
    if not row["dose_level"]:
        return outcome
    return say("dose.alt_level", outcome=outcome, level=say(f"dose.level.{row['dose_level']}"))


def _correlation(
    row: Mapping[str, Any], label: str, look: Mapping[str, tuple[str, str]], say: Words
) -> Track:
    heading = say.sentence(say.variable(str(row["variable"])))
    if np.isnan(row["estimate"]):
        return Track(heading=heading, label=label, note=say(f"short.{row['note']}"))
    mark = Mark(
        value=row["estimate"], look=look[row["programme"]], low=row["conf_low"], high=row["conf_high"]
    )
    return Track(heading=heading, label=label, marks=[mark], number=_number(row, say))


def _number(row: Mapping[str, Any], say: Words) -> str:
    value = say.number(row["estimate"], digits=2)
    if np.isnan(row["conf_low"]):
        return value
    low, high = (say.number(row[end], digits=2) for end in ("conf_low", "conf_high"))
    return say("change.number", change=value, low=low, high=high)


def _alt_row(row: Mapping[str, Any], label: str, say: Words) -> str:
    what = f"{label}, {say.variable(str(row['variable']))}"
    if np.isnan(row["estimate"]):
        return say("change.alt_gap", label=what, note=say(f"note.{row['note']}"))
    n = say.number(row["n"])
    return say("dose.alt_row", label=what, change=_number(row, say), n=n)
