"""The same persons under many definitions: how far a spread of shares is a spread of definitions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.panels import Plan, draw, plan
from kij_analysis.figures.shares import drawn, level_of, placing, spoken_base, told_gaps
from kij_analysis.figures.sheet import Sheet, sheet
from kij_analysis.figures.style import MUTED, styled
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import spoken_result


def definitions(
    estimates: pd.DataFrame,
    words: Words | str,
    *,
    printed: pd.DataFrame | None = None,
    name: str = "definitions",
) -> Figure:
    """Dots with intervals, one row for each definition, the widest on top.

    Parameters
    ----------
    estimates
        One row per programme and definition (`kij_analysis.indicators.definitions`).
    words
        The words, or the name of a language.
    printed
        Printed shares to be set beside them as upright strokes: the columns `programme`, `group` (the code
        of a definition) and `value` (a fraction).
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there is nothing to draw.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "group": f"employed|{base}|at_end|mentee", "variable": "employed",
    ...          "indicator": "employed", "denominator": base, "timing": "at_end", "role": "mentee",
    ...          "measure": "share", "estimate": k / 40, "count": k, "n": 40, "method": "wilson",
    ...          "recommended": False, "data_status": "synthetic"}
    ...         for base, k in (("respondents", 20), ("all_starters", 10))]
    >>> definitions(e.make(rows), "en").title
    'From 25% to 50% of the same women in FIKA, depending on what is counted'
    """
    say = as_words(words)
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Look at which programmes were kept.")
    rows = {group: say.sentence(_label(row, say)) for group, row in _ordered(estimates).items()}
    strong = set(estimates.loc[estimates["recommended"].astype(bool), "group"])
    programmes = list(dict.fromkeys(estimates["programme"]))
    bases = {p: spoken_base(estimates[estimates["programme"] == p], say) for p in programmes}
    placed = placing(estimates, estimates["group"], say)
    beside = _beside(printed, placed)
    texts = {
        "title": _headline(placed, say),
        "subtitle": _subtitle(placed, beside, say),
        "footer": say(
            "figure.footer",
            source=say("source.surveys"),
            base=say("definitions.base"),
            method=say("method.wilson"),
        ),
        "mark": say.mark(estimates["data_status"]),
    }
    with styled():
        planned = plan(placed, programmes, rows, bases, say, strong=strong)
        paper = sheet(**texts, body=planned.body)
        draw(paper, planned, placed, say)
        _strokes(paper, planned, beside)
    data = drawn(placed, [rows[group] for group in placed["group"]], say)
    told: dict[tuple[str, str], list[str]] = {}
    for row in beside.to_dict("records"):
        told.setdefault((row["programme"], row["group"]), []).append(f"{row['value']:g}")
    values = [" ".join(told.get(key, [])) for key in zip(placed["programme"], placed["group"], strict=True)]
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(placed, rows, beside, say, texts["mark"]),
        data=data.assign(definition=placed["group"], printed=values),
        canvas=paper.canvas,
    )


def _ordered(estimates: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Each definition once, by its mean over the programmes; mentors' answers last."""
    means = estimates.groupby("group")["estimate"].mean()
    once = estimates.drop_duplicates("group").set_index("group", drop=False).to_dict("index")
    order = sorted(once, key=lambda g: (once[g]["role"] == "mentor", -np.nan_to_num(means[g], nan=-1.0)))
    return {group: once[group] for group in order}


def _label(row: dict[str, Any], say: Words) -> str:
    what = spoken_result(row, say)
    return say("definitions.mentors", what=what) if row["role"] == "mentor" else what


def _beside(printed: pd.DataFrame | None, placed: pd.DataFrame) -> pd.DataFrame:
    """The printed shares whose definition is drawn."""
    if printed is None:
        return pd.DataFrame({"programme": [], "group": [], "value": []})
    return printed[printed["group"].isin(placed["group"])].drop_duplicates(["programme", "group", "value"])


def _strokes(paper: Sheet, planned: Plan, beside: pd.DataFrame) -> None:
    panels = {axes.get_label(): axes for axes in paper.canvas.axes}
    for row in beside.to_dict("records"):
        if row["programme"] in panels:
            y = planned.middles[row["group"]]
            panels[row["programme"]].plot(
                row["value"], y - 0.1, marker="|", markersize=6, markeredgewidth=1.6, color=MUTED, zorder=1
            )


def _mentees(placed: pd.DataFrame, programme: str) -> pd.DataFrame:
    own = placed[(placed["programme"] == programme) & (placed["role"] != "mentor")]
    return own[own["estimate"].notna()]


def _headline(placed: pd.DataFrame, say: Words) -> str:
    """The programme with the widest span."""
    spans = {}
    for programme in dict.fromkeys(placed["programme"]):
        shares = _mentees(placed, programme)["estimate"]
        if len(shares):
            spans[programme] = (shares.min(), shares.max())
    if not spans:
        return say("definitions.none")
    widest = max(spans, key=lambda p: spans[p][1] - spans[p][0])
    low, high = (say.share(end) for end in spans[widest])
    return say("definitions.title", low=low, high=high, programme=say.programme(widest))


def _subtitle(placed: pd.DataFrame, beside: pd.DataFrame, say: Words) -> str:
    """What is drawn; and for the programme with the widest printed span, how far ways of counting reach."""
    parts = [say("definitions.subtitle", level=say.share(level_of(placed)))]
    printed = beside.groupby("programme")["value"].agg(lambda values: values.max() - values.min())
    printed = printed[[programme in set(placed["programme"]) for programme in printed.index]]
    if len(printed) and printed.max() > 0:
        programme = str(printed.idxmax())
        shares = _mentees(placed, programme)["estimate"]
        spans = {"own": 100 * (shares.max() - shares.min()), "printed": 100 * printed.max()}
        told = {name: say.number(points) for name, points in spans.items()}
        if spans["own"] >= spans["printed"]:
            parts.append(say("definitions.as_wide", programme=say.programme(programme), **told))
        elif len(shares):
            parts.append(say("definitions.narrower", programme=say.programme(programme), **told))
    return ". ".join(parts)


def _alt(placed: pd.DataFrame, rows: dict[str, str], beside: pd.DataFrame, say: Words, mark: str) -> str:
    parts = [say("definitions.alt", items=say.number(len(rows)))]
    for programme in dict.fromkeys(placed["programme"]):
        own, spoken = _mentees(placed, programme), say.programme(programme)
        if len(own):
            low, high = (own.loc[i] for i in (own["estimate"].idxmin(), own["estimate"].idxmax()))
            parts.append(
                say(
                    "definitions.alt_panel",
                    programme=spoken,
                    low=say.share(low["estimate"]),
                    lowest=rows[low["group"]],
                    high=say.share(high["estimate"]),
                    highest=rows[high["group"]],
                )
            )
        values = beside.loc[beside["programme"] == programme, "value"]
        if len(values):
            ends = {"low": say.share(values.min()), "high": say.share(values.max())}
            parts.append(say("definitions.printed", programme=spoken, **ends))
        gone = placed[(placed["programme"] == programme) & placed["estimate"].isna()]
        if len(gone):
            parts += told_gaps(gone, [rows[group] for group in gone["group"]], say)
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()
