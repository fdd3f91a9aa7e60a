"""Mentors beside mentees: what each say, and how far the two of a pair answer alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.change_rows import data_of, signed, texts_of
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of, spoken_value
from kij_analysis.figures.style import looks
from kij_analysis.figures.tracks import Axis, Mark, Track, scale, tracked
from kij_analysis.words import Words, as_words

ROLES = ("mentor", "mentee")


def two_way(
    estimates: pd.DataFrame,
    words: Words | str,
    *,
    lead: str = "relationship_mutuality_high",
    name: str = "two_way",
) -> Figure:
    """Shares of mentors and of mentees, each role on an axis of its own, the programmes under each other.

    Parameters
    ----------
    estimates
        What `kij_analysis.effects.two_way` returns, after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    lead
        The question that the headline is about, asked of both roles.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no estimates, or they do not say whose they are.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "variable": "relationship_mutuality_high", "category": "yes",
    ...          "measure": "share", "estimate": k / 40, "count": k, "n": 40, "role": r, "method": "wilson",
    ...          "data_status": "synthetic"} for r, k in (("mentor", 30), ("mentee", 20))]
    >>> two_way(e.make(rows), "en").title.split(": ")[1]
    'FIKA 75% of mentors, 50% of mentees'
    """
    say = as_words(words)
    if estimates.empty or "role" not in estimates.columns:
        raise UsageError("There are no estimates with a role to draw.", fix="Use effects.two_way.")
    look = looks(list(estimates["programme"]), order=list(say.codebook.programmes))
    shown = estimates.sort_values(
        ["variable", "programme"],
        key=lambda own: own.map(
            {code: place for place, code in enumerate(dict.fromkeys(estimates[own.name]))}
        ),
        kind="stable",
    )
    tracks: list[Track] = []
    alt: list[str] = []
    for (variable, programme), own in shown.groupby(["variable", "programme"], sort=False):
        by = own.set_index("role").to_dict("index")
        marks = [_mark(by[role], look[programme], place) for place, role in enumerate(ROLES) if role in by]
        notes = [by[role]["note"] for role in ROLES if role in by and np.isnan(by[role]["estimate"])]
        number = say("two_way.row", one=_share(by.get("mentor"), say), other=_share(by.get("mentee"), say))
        whole = len(notes) == len(by)
        tracks.append(
            Track(
                heading=say.sentence(say.variable(variable)),
                label=say.programme(programme),
                marks=[mark for mark in marks if mark],
                number="" if whole else number,
                note=say(f"short.{notes[0]}") if whole else "",
            )
        )
        alt += [_alt(row, role, str(variable), programme, say) for role, row in by.items()]
    labels = [
        say("two_way.label", programme=say.programme(p), role=say(f"role.{r}"), what=say.variable(v))
        for p, r, v in zip(estimates["programme"], estimates["role"], estimates["variable"], strict=True)
    ]
    texts = texts_of(
        estimates,
        say,
        title=_title(estimates, lead, say),
        subtitle=say("two_way.subtitle", level=say.share(level_of(estimates))),
        base=say("two_way.base"),
        alt=[say("two_way.alt", items=say.number(len(tracks))), *alt],
    )
    axes = [scale(0, 1, say, share=True, title=say.sentence(say(f"role.{role}"))) for role in ROLES]
    details = [say(f"role.{role}") for role in estimates["role"]]
    data = data_of(estimates, labels, say, details=details).assign(role=estimates["role"].to_numpy())
    return tracked(tracks, axes, texts, data, say, name=name)


def agreement(estimates: pd.DataFrame, words: Words | str, *, name: str = "agreement") -> Figure:
    """How often the two of a pair give the same answer, kappa, and how far mentees answer higher.

    Parameters
    ----------
    estimates
        What `kij_analysis.effects.agreement` returns, after `kij_analysis.disclosure.suppress`.

    Raises
    ------
    UsageError
        If there are no estimates.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "variable": "relationship_trust_score", "category": "alike", "n": 20,
    ...          "measure": "share", "estimate": 0.45, "count": 9, "method": "wilson", "unit": "",
    ...          "data_status": "synthetic"}]
    >>> agreement(e.make(rows), "en").title
    'The two of a pair give the same answer in 45% to 45% of the pairs'
    """
    say = as_words(words)
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Use effects.agreement.")
    look = looks(list(estimates["programme"]), order=list(say.codebook.programmes))
    tracks, alt = [], []
    for (variable, programme), own in estimates.groupby(["variable", "programme"], sort=False):
        by = own.set_index("measure").to_dict("index")
        tracks.append(_agreeing(by, look[programme], str(variable), say.programme(programme), say))
        alt.append(_alt_pair(by, str(variable), say.programme(programme), say))
    known = estimates.loc[estimates["measure"] == "share", "estimate"].dropna()
    title = say("agreement.none")
    if len(known):
        title = say("agreement.title", low=say.share(known.min()), high=say.share(known.max()))
    texts = texts_of(
        estimates,
        say,
        title=title,
        subtitle=say("agreement.subtitle", level=say.share(level_of(estimates))),
        base=say("agreement.base"),
        alt=[say("agreement.alt", items=say.number(len(tracks))), *alt],
    )
    labels = [
        say("agreement.label", programme=say.programme(p), what=say.variable(v))
        for p, v in zip(estimates["programme"], estimates["variable"], strict=True)
    ]
    spoken = {"share": "alike", "kappa": "kappa", "difference": "difference"}
    details = [say(f"agreement.{spoken[measure]}") for measure in estimates["measure"]]
    data = data_of(estimates.assign(category=""), labels, say, details=details)
    return tracked(tracks, _agreement_axes(estimates, say), texts, data, say, name=name)


def _agreement_axes(estimates: pd.DataFrame, say: Words) -> list[Axis]:
    kappas = estimates.loc[estimates["measure"] == "kappa", ["conf_low", "estimate"]].to_numpy(float)
    low = min(-0.2, float(np.nanmin(kappas)) - 0.05) if (~np.isnan(kappas)).any() else -0.2
    return [
        scale(0, 1, say, share=True, title=say("agreement.alike")),
        scale(max(low, -1.0), 1, say, title=say("agreement.kappa")),
    ]


def _agreeing(
    by: Mapping[Any, Any], look: tuple[str, str], variable: str, programme: str, say: Words
) -> Track:
    shown = [(place, by[m]) for place, m in enumerate(("share", "kappa")) if m in by]
    marks = [mark for place, row in shown if (mark := _mark(row, look, place))]
    number, difference = "", by.get("difference")
    if difference is not None and not np.isnan(difference["estimate"]):
        digits = 0 if difference["unit"] == "points" else 1
        number = signed(difference["estimate"], say, digits=digits)
        if not np.isnan(difference["conf_low"]):
            ends = [say.number(difference[end], digits=digits) for end in ("conf_low", "conf_high")]
            number = say("change.number", change=number, low=ends[0], high=ends[1])
    note = "" if marks else say(f"short.{next(iter(by.values()))['note']}")
    heading = say.sentence(say.variable(variable))
    return Track(heading=heading, label=programme, marks=marks, number=number, note=note)


def _mark(row: Mapping[str, Any], look: tuple[str, str], axis: int) -> Mark | None:
    if np.isnan(row["estimate"]):
        return None
    return Mark(value=row["estimate"], look=look, low=row["conf_low"], high=row["conf_high"], axis=axis)


def _share(row: Mapping[str, Any] | None, say: Words) -> str:
    if row is None or np.isnan(row["estimate"]):
        return "–"
    return say.share(row["estimate"])


def _title(estimates: pd.DataFrame, lead: str, say: Words) -> str:
    parts = []
    rows = estimates[(estimates["variable"] == lead) & estimates["estimate"].notna()]
    for programme, own in rows.groupby("programme", sort=False):
        by = own.set_index("role")["estimate"]
        if set(ROLES) <= set(by.index):
            shares = {"one": say.share(by["mentor"]), "other": say.share(by["mentee"])}
            parts.append(say("two_way.part", programme=say.programme(programme), **shares))
    if not parts:
        return say("two_way.none")
    return say("two_way.title", what=say.sentence(say.variable(lead)), list="; ".join(parts))


def _alt(row: Mapping[str, Any], role: str, variable: str, programme: str, say: Words) -> str:
    label = say(
        "two_way.label",
        programme=say.programme(programme),
        role=say(f"role.{role}"),
        what=say.variable(variable),
    )
    if np.isnan(row["estimate"]):
        return say("change.alt_gap", label=label, note=say(f"note.{row['note']}"))
    return f"{spoken_value(row, f'{label}:', say)}."


def _alt_pair(by: Mapping[Any, Any], variable: str, programme: str, say: Words) -> str:
    label = say("agreement.label", programme=programme, what=say.variable(variable))
    share, kappa = by.get("share"), by.get("kappa")
    if share is None or np.isnan(share["estimate"]):
        note = (share or kappa or {"note": "no_pairs"})["note"]
        return say("change.alt_gap", label=label, note=say(f"note.{note}"))
    own = "–" if kappa is None or np.isnan(kappa["estimate"]) else say.number(kappa["estimate"], digits=2)
    n = "–" if np.isnan(share["n"]) else say.number(share["n"])
    return say("agreement.alt_row", label=label, share=say.share(share["estimate"]), kappa=own, n=n)
