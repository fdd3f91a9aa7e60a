"""Ways of comparing side by side: from a change with nothing beside it to persons made comparable."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, nan
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.rows import Row, Scale, draw, height
from kij_analysis.figures.sheet import sheet, text_width
from kij_analysis.figures.style import MUTED, NEUTRAL, looks, styled
from kij_analysis.words import Words, as_words

PLAIN = "difference_in_means"


def side_by_side(
    estimates: pd.DataFrame,
    words: Words | str,
    *,
    change: pd.DataFrame | None = None,
    truth: float = nan,
    name: str = "side_by_side",
) -> Figure:
    """What each way of comparing finds, one under the other, with intervals.

    Parameters
    ----------
    estimates
        What `kij_analysis.effects.compare` returns, for one group.
    words
        The words, or the name of a language.
    change
        What `kij_analysis.effects.change` returns for those who took part, one row: it stands first, as
        what a programme would print that has nothing to compare with.
    truth
        The difference that was put into synthetic data; drawn only for these.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no estimates, or several groups, or a truth is given for data that is not synthetic.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "kvinfo", "variable": "network_score", "measure": "difference", "estimate": 8.0,
    ...          "conf_low": 2.0, "conf_high": 14.0, "n": 160, "method": method, "data_status": "synthetic",
    ...          "unit": "points", "n_treated": 90, "n_comparison": 70, "level": 0.95}
    ...         for method in ("difference_in_means", "doubly_robust")]
    >>> side_by_side(e.make(rows), "en", truth=7.9).title
    'Among comparable persons the difference is +8.0; as the groups are, it is +8.0'
    """
    say = as_words(words)
    _check(estimates, truth)
    rows = _rows(estimates, say, change, truth)
    texts = _texts(estimates, say)
    with styled():
        paper = sheet(**texts, body=height(rows))
        draw(paper, rows, _scale(rows, say))
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(rows, texts["mark"], say),
        data=_drawn(estimates, rows),
        canvas=paper.canvas,
    )


def _check(estimates: pd.DataFrame, truth: float) -> None:
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Use effects.compare(…).")
    if estimates[["programme", "group"]].drop_duplicates().shape[0] > 1:
        raise UsageError("The frame holds several groups.", fix="Draw one: found[found['programme'] == …].")
    if isfinite(truth) and set(estimates["data_status"]) != {"synthetic"}:
        raise UsageError("The truth is known of synthetic data only.", fix="Leave truth out.")


def _rows(estimates: pd.DataFrame, say: Words, change: pd.DataFrame | None, truth: float) -> list[Row]:
    colour = looks([estimates.iloc[0]["programme"]], order=list(say.codebook.programmes))
    look = next(iter(colour.values()))
    plain = (NEUTRAL, "o")
    rows = []
    unit = estimates.iloc[0].get("unit", "")
    if change is not None and len(change):
        row = dict(change.iloc[0]) | {"unit": unit}
        rows.append(_row(row, "change", "change", plain, say, hollow=True))
    for row in estimates.to_dict("records"):
        first = row["method"] == PLAIN
        code = row["method"] if row["method"] != "none" else ""
        if code:
            rows.append(
                _row(row, "plain" if first else "alike", code, plain if first else look, say, hollow=first)
            )
    notes = sorted(set(estimates.loc[estimates["estimate"].isna(), "note"]))
    rows += [
        Row(heading=say("effects.heading.alike"), label=say(f"note.{note}"), number="–", value=nan, look=look)
        for note in notes
    ]
    if isfinite(truth):
        known = {"estimate": truth, "conf_low": nan, "conf_high": nan, "unit": unit}
        rows.append(_row(known, "truth", "truth", (MUTED, "D"), say))
    return rows


def _row(
    row: Mapping[Any, Any],
    heading: str,
    code: str,
    look: tuple[str, str],
    say: Words,
    *,
    hollow: bool = False,
) -> Row:
    factor = _factor(row)
    return Row(
        heading=say(f"effects.heading.{heading}"),
        label=say(f"effects.way.{code}"),
        number=signed(float(row["estimate"]) * factor, say),
        value=float(row["estimate"]) * factor,
        low=float(row["conf_low"]) * factor,
        high=float(row["conf_high"]) * factor,
        look=look,
        hollow=hollow,
    )


def _factor(row: Mapping[Any, Any]) -> float:
    """Shares are drawn in percentage points."""
    return 100.0 if row.get("unit") == "share" else 1.0


def signed(value: float, say: Words) -> str:
    """A difference with its sign.

    Examples
    --------
    >>> signed(7.25, as_words("en")), signed(-1.0, as_words("fi"))
    ('+7.2', '−1,0')
    """
    return ("+" if value > 0 else "") + say.number(value, digits=1)


def _amount(row: Mapping[Any, Any], say: Words) -> str:
    """A difference with its unit, as the title says it."""
    number = signed(float(row["estimate"]) * _factor(row), say)
    return say("fragility.points", number=number) if row.get("unit") == "share" else number


def _scale(rows: list[Row], say: Words) -> Scale:
    ends = [end for row in rows for end in (row.value, row.low, row.high) if isfinite(end)] or [0.0]
    low, high = min(0.0, *ends), max(0.0, *ends)
    wide = max(high - low, 1e-9)
    step = next(s for s in _steps(wide) if wide / s <= 6)
    ticks = np.arange(np.floor(low / step) * step, high + step, step)
    ticks = ticks[(ticks >= low - 0.1 * wide) & (ticks <= high + 0.1 * wide)]
    digits = 0 if step >= 1 else 1 if step >= 0.1 else 2
    texts = [say.number(float(tick) + 0.0, digits=digits) for tick in ticks]
    room = 0.2 + max(text_width(row.number, 8.5) for row in rows)
    return Scale(low=low - 0.04 * wide, high=high + 0.04 * wide, ticks=list(ticks), texts=texts, room=room)


def _steps(wide: float) -> list[float]:
    base = 10.0 ** np.floor(np.log10(wide) - 1)
    return [base * factor for factor in (1, 2, 5, 10, 20, 50, 100)]


def _texts(estimates: pd.DataFrame, say: Words) -> dict[str, str]:
    found = estimates[estimates["estimate"].notna()]
    plain = found[found["method"] == PLAIN]
    best = found[found["method"] != PLAIN]
    last = (best if len(best) else estimates).iloc[-1]
    methods = " ".join(say(f"method.{m}") for m in dict.fromkeys(best["method"]))
    row = estimates.iloc[0]
    title = say("effects.sides.none")
    if len(best) and len(plain):
        told = [_amount(dict(one), say) for one in (last, plain.iloc[0])]
        title = say("effects.sides.title", amount=told[0], plain=told[1])
    level = float(row["level"])
    base = say(
        "effects.sides.base", treated=say.number(row["n_treated"]), others=say.number(row["n_comparison"])
    )
    return {
        "title": title,
        "subtitle": say(
            "effects.sides.subtitle",
            programme=say.programme(row["programme"]),
            what=say.variable(row["variable"]),
            level=say.share(level),
        ),
        "footer": say("figure.footer", source=say("source.surveys"), base=base, method=methods).strip(),
        "mark": say.mark(estimates["data_status"]),
    }


def _alt(rows: list[Row], mark: str, say: Words) -> str:
    items = []
    for row in rows:
        number = row.number
        if isfinite(row.low):
            ends = {"low": signed(row.low, say), "high": signed(row.high, say)}
            number = say("effects.sides.interval", number=row.number, **ends)
        items.append(say("effects.sides.item", label=row.label, number=number))
    return f"{say('effects.sides.alt', list='; '.join(items))} {mark + '.' if mark else ''}".strip()


def _drawn(estimates: pd.DataFrame, rows: list[Row]) -> pd.DataFrame:
    first = estimates.iloc[0]
    frame = pd.DataFrame(
        [(row.heading, row.label, row.value, row.low, row.high, row.number) for row in rows],
        columns=["heading", "label", "estimate", "conf_low", "conf_high", "shown"],
    )
    return frame.assign(
        programme=first["programme"], variable=first["variable"], data_status=first["data_status"]
    )
