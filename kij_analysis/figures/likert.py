"""How answers lie on the scales on which they were asked, around the middle of each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.likert_bars import Bar, Panel, Segment, draw, height
from kij_analysis.figures.shares import drawn
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import looks, steps_of, styled
from kij_analysis.words import Words, as_words

ASKED = ["programme", "scale", "steps"]


def likert(
    estimates: pd.DataFrame,
    words: Words | str,
    *,
    role: str = "mentee",
    wave: str = "end",
    name: str = "likert",
) -> Figure:
    """Stacked bars around the middle of the scale, a panel for each programme and scale.

    The middle step of a scale lies half on each side of the line. The questions of a panel stand by how many
    answered above the middle. Panels are not compared with each other: their scales differ.

    Parameters
    ----------
    estimates
        What `kij_analysis.survey.step_shares` returns for one role and wave, after
        `kij_analysis.disclosure.join_steps`.
    words
        The words, or the name of a language.
    role, wave
        Who answered and when, for the subtitle.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no estimates, if one is no share of a step, or if a programme has several for one step.

    Notes
    -----
    Heiberger and Robbins 2014, J. Stat. Softw. 57(5).

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "variable": "confidence_score", "category": f"step_{k}_of_4",
    ...          "measure": "share", "estimate": k / 10, "count": 4 * k, "n": 40, "step": k, "last": k,
    ...          "steps": 4, "scale": "agreement4_fika", "missing": 3, "method": "wilson",
    ...          "data_status": "synthetic"} for k in (1, 2, 3, 4)]
    >>> likert(e.make(rows), "en").title
    'Own rating of self-confidence, above the middle of the scale: FIKA 70%'
    """
    say = as_words(words)
    shown = _checked(estimates)
    look = looks(list(shown["programme"]), order=list(say.codebook.programmes))
    parts = [(keys[0], keys[1], own) for keys, own in _by_scale(shown)]
    panels = [_panel(programme, scale, own, look[programme], say) for programme, scale, own in parts]
    mark = say.mark(shown["data_status"])
    texts = {
        "title": _headline(shown, say),
        "subtitle": say("likert.subtitle", who=say(f"likert.who.{role}"), wave=say(f"wave.{wave}")),
        "footer": _footer(shown, say),
        "mark": mark,
    }
    with styled():
        paper = sheet(**texts, body=height(panels))
        draw(paper, panels, say)
    spoken = [say("likert.alt", items=say.number(sum(len(p.bars) for p in panels)))]
    spoken += [_alt_panel(programme, scale, own, say) for programme, scale, own in parts]
    labels = [_label(row, say) for row in shown.to_dict("records")]
    beside = shown[["scale", "step", "last", "steps", "missing"]].reset_index(drop=True)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=" ".join([*spoken, f"{mark}." if mark else ""]).strip(),
        data=pd.concat([drawn(shown, labels, say).reset_index(drop=True), beside], axis=1),
        canvas=paper.canvas,
    )


def _checked(estimates: pd.DataFrame) -> pd.DataFrame:
    """The estimates with `last`; refused where they are no shares of steps."""
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Look at which programmes were kept.")
    absent = [name for name in ("step", "steps", "scale", "missing") if name not in estimates.columns]
    if absent:
        raise UsageError(f"The estimates have no {listed(absent)}.", fix="Use survey.step_shares.")
    whole = estimates if "last" in estimates.columns else estimates.assign(last=estimates["step"])
    several = whole.duplicated(["programme", "variable", "scale", "steps", "step"])
    if several.any():
        named = whole.loc[several, ["programme", "variable"]].agg(" / ".join, axis=1).unique()
        raise UsageError(
            f"There are several estimates for {listed(named)}.", fix="Keep one role, wave and group."
        )
    met = {programme: place for place, programme in enumerate(dict.fromkeys(whole["programme"]))}
    order = whole.assign(met=whole["programme"].map(met)).sort_values(["met", "step"], kind="stable")
    return order.drop(columns="met").reset_index(drop=True)


def _by_scale(shown: pd.DataFrame) -> Iterator[tuple[tuple[str, str, float], pd.DataFrame]]:
    """Programme and scale with their rows; what a programme did not ask stands with its first scale."""
    for programme, own in shown.groupby("programme", sort=False):
        scales = [keys for keys, _ in own.dropna(subset="steps").groupby(["scale", "steps"], sort=False)]
        for place, (scale, steps) in enumerate(scales or [("", np.nan)]):
            mine = (own["scale"] == scale) & (own["steps"] == steps)
            rows = own[mine | own["steps"].isna()] if place == 0 else own[mine]
            yield (str(programme), str(scale), float(steps)), rows


def _panel(programme: str, scale: str, own: pd.DataFrame, look: tuple[str, str], say: Words) -> Panel:
    named = say.programme(programme)
    known = own["steps"].dropna()
    if known.empty:
        return Panel(heading=named, look=look, key=(), bars=_bars(own, say))
    count = int(known.iloc[0])
    names = [_step(own, scale, place, count, say) for place in range(1, count + 1)]
    heading = say("likert.panel", programme=named, steps=say.number(count))
    return Panel(
        heading=heading, look=look, bars=_bars(own, say), key=list(zip(names, steps_of(count), strict=True))
    )


def _step(own: pd.DataFrame, scale: str, place: int, count: int, say: Words) -> str:
    """What the questionnaire calls a step; of a scale that was turned round the lowest is its last."""
    turned = "turned" in own.columns and own["turned"].fillna(False).astype(bool).any()
    return say.step(scale, count + 1 - place if turned else place)


def _bars(own: pd.DataFrame, say: Words) -> list[Bar]:
    """The bars of a panel, the one with most answers above the middle first."""
    rows = {str(variable): part for variable, part in own.groupby("variable", sort=False)}
    above = {variable: _side(part, 1) for variable, part in rows.items()}
    order = sorted(rows, key=lambda variable: (np.isnan(above[variable]), -above[variable]))
    return [_bar(variable, rows[variable], say) for variable in order]


def _bar(variable: str, part: pd.DataFrame, say: Words) -> Bar:
    there = part[part["estimate"].notna()]
    first, n, absent = part.iloc[0], part["n"].iloc[0], part["missing"].iloc[0]
    return Bar(
        label=_question(variable, say),
        segments=list(_segments(there)),
        hidden=max(0.0, 1 - float(there["estimate"].sum())) if 0 < len(there) < len(part) else 0.0,
        n=say.number(n) if n > 0 else "–",
        absent="–" if not n > 0 else say("likert.few") if np.isnan(absent) else say.number(absent),
        note="" if len(there) else say(f"short.{first['note']}"),
    )


def _segments(there: pd.DataFrame) -> Iterator[Segment]:
    """The steps from the lowest on; the bar begins so that its middle lies at zero."""
    if there.empty:
        return
    count = int(there["steps"].iloc[0])
    colours, middle = steps_of(count), (count + 1) / 2
    centre = float(there.loc[there["step"] == middle, "estimate"].sum())
    x = -float(there.loc[there["last"] < middle, "estimate"].sum()) - centre / 2
    for row in there.to_dict("records"):
        own = colours[int(row["step"]) - 1 : int(row["last"])]
        yield Segment(start=x, wide=row["estimate"], colours=own)
        x += row["estimate"]


def _side(part: pd.DataFrame, side: int) -> float:
    """The share above (1) or below (-1) the middle; missing where a part of it is hidden."""
    middle = (part["steps"] + 1) / 2
    own = part.loc[(part["step"] - middle) * side > 0, "estimate"]
    return float(own.sum(skipna=False)) if len(own) else np.nan


def _question(variable: str, say: Words) -> str:
    """The question with a capital letter, as it stands alone."""
    return say.sentence(_plain(variable, say))


def _plain(variable: str, say: Words) -> str:
    """The question itself, without the name of the output in which its answers stand."""
    column = say.codebook.columns.get(variable)
    return say.variable(column.variable if column else variable)


def _label(row: dict[str, object], say: Words) -> str:
    if not row["category"]:
        return _question(str(row["variable"]), say)
    count = int(float(str(row["steps"])))
    places = range(int(float(str(row["step"]))), int(float(str(row["last"]))) + 1)
    one = pd.DataFrame([row])
    steps = " / ".join(_step(one, str(row["scale"]), place, count, say) for place in places)
    return say("likert.label", variable=_question(str(row["variable"]), say), step=steps)


def _headline(shown: pd.DataFrame, say: Words) -> str:
    tops: dict[str, tuple[str, float]] = {}
    for programme, own in shown.groupby("programme", sort=False):
        found = {str(v): _side(part, 1) for v, part in own.groupby("variable", sort=False)}
        known = {variable: share for variable, share in found.items() if not np.isnan(share)}
        if known:
            tops[str(programme)] = max(known.items(), key=lambda item: item[1])
    if not tops:
        return say("likert.none")
    shares = {p: {"programme": say.programme(p), "share": say.share(top[1])} for p, top in tops.items()}
    if len({top[0] for top in tops.values()}) == 1:
        parts = [say("likert.part", **shares[p]) for p in tops]
        question = _question(next(iter(tops.values()))[0], say)
        return say("likert.same", variable=question, list=say.listing(parts))
    parts = [say("likert.part_named", variable=_plain(tops[p][0], say), **shares[p]) for p in tops]
    return say("likert.different", list=say.listing(parts))


def _footer(shown: pd.DataFrame, say: Words) -> str:
    base = [say("likert.base")]
    if (shown["last"] > shown["step"]).any():
        base.append(say("likert.joined"))
    if (shown["note"] == "hidden_small_count").any():
        base.append(say("likert.hidden"))
    methods = " ".join(say(f"method.{m}") for m in dict.fromkeys(shown["method"]) if m != "none")
    return say("figure.footer", source=say("source.surveys"), base=" ".join(base), method=methods).strip()


def _alt_panel(programme: str, scale: str, own: pd.DataFrame, say: Words) -> str:
    told = []
    for variable, part in own.groupby("variable", sort=False):
        label, above, below = _question(str(variable), say), _side(part, 1), _side(part, -1)
        if part["estimate"].isna().all():
            told.append(say("likert.alt_gap", variable=label, note=say(f"note.{part['note'].iloc[0]}")))
            continue
        ends = [say("likert.hidden_side") if np.isnan(end) else say.share(end) for end in (above, below)]
        n = say.number(part["n"].iloc[0])
        told.append(say("likert.alt_row", variable=label, above=ends[0], below=ends[1], n=n))
    known = own["steps"].dropna()
    if known.empty:
        return f"{say.programme(programme)}: {'; '.join(told)}."
    count = int(known.iloc[0])
    low, high = (_step(own, scale, place, count, say) for place in (1, count))
    heading = say("likert.panel", programme=say.programme(programme), steps=say.number(count))
    return say("likert.alt_panel", panel=heading, low=low, high=high, list="; ".join(told))
