"""Who has answered: response by wave, one panel for each programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.codebook.instruments import ROLES, WAVES
from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.panels import draw, plan
from kij_analysis.figures.shares import drawn, placing, spoken_base, told_gaps
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import styled
from kij_analysis.words import Words, as_words


def response(estimates: pd.DataFrame, words: Words | str, *, name: str = "response") -> Figure:
    r"""The share of those who were asked that has answered, one row for each wave.

    Parameters
    ----------
    estimates
        Response rates (`kij_analysis.survey.response`), after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no response rates.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "fika", "variable": "response", "category": "mentee_end", "measure": "share",
    ...        "estimate": 0.6, "count": 54, "n": 90, "method": "counted", "data_status": "synthetic",
    ...        "role": "mentee", "wave": "end"}
    >>> response(e.make([row]), "en").title.replace("\N{NO-BREAK SPACE}", " ")
    'Mentees who answered at the end: FIKA 60%'
    """
    say = as_words(words)
    if estimates.empty or "wave" not in estimates.columns:
        raise UsageError("There are no response rates to draw.", fix="Use kij_analysis.survey.response.")
    rows = _rows(estimates, say)
    placed = placing(estimates, estimates["category"], say)
    programmes = list(dict.fromkeys(estimates["programme"]))
    bases = {p: spoken_base(estimates[estimates["programme"] == p], say) for p in programmes}
    texts = {
        "title": _headline(estimates, say),
        "subtitle": say("figure.response.subtitle"),
        "footer": say(
            "figure.footer",
            source=say("source.surveys"),
            base=say("figure.response.base"),
            method=say("method.counted"),
        ),
        "mark": say.mark(estimates["data_status"]),
    }
    with styled():
        planned = plan(placed, programmes, rows, bases, say)
        paper = sheet(**texts, body=planned.body)
        draw(paper, planned, placed, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(placed, rows, say, texts["mark"]),
        data=_drawn(placed, rows, say),
        canvas=paper.canvas,
    )


def _rows(estimates: pd.DataFrame, say: Words) -> dict[str, str]:
    """The label of each role and wave, in the order of time, mentees first."""
    there = estimates.drop_duplicates("category")
    ordered = sorted(there.to_dict("records"), key=lambda r: (ROLES.index(r["role"]), WAVES.index(r["wave"])))
    return {
        r["category"]: say.sentence(
            say("figure.response.row", role=say(f"role.{r['role']}"), wave=say(f"wave.{r['wave']}"))
        )
        for r in ordered
    }


def _headline(estimates: pd.DataFrame, say: Words) -> str:
    """The response of the mentees at the end, or else in the latest wave there is."""
    known = estimates[(estimates["role"] == "mentee") & estimates["estimate"].notna()]
    waves = [wave for wave in ("end", "follow_up", "entry", "single") if (known["wave"] == wave).any()]
    if not waves:
        return say("figure.response.none")
    own = known[known["wave"] == waves[0]]
    parts = [
        say("figure.response.part", programme=say.programme(p), share=say.share(share))
        for p, share in zip(own["programme"], own["estimate"], strict=True)
    ]
    return say("figure.response.headline", wave=say(f"wave.{waves[0]}"), list=say.listing(parts))


def _alt(placed: pd.DataFrame, rows: dict[str, str], say: Words, mark: str) -> str:
    parts = [say("figure.response.alt", items=say.number(len(rows)))]
    for programme in dict.fromkeys(placed["programme"]):
        own = placed[placed["programme"] == programme]
        told = own[own["estimate"].notna()].to_dict("records")
        values = [f"{rows[row['category']]}: {_counted(row, say)}" for row in told]
        if values:
            spoken = say.programme(programme)
            parts.append(say("figure.response.alt_panel", programme=spoken, list="; ".join(values)))
        parts += told_gaps(own, [rows[c] for c in own["category"]], say)
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _counted(row: Mapping[str, Any], say: Words) -> str:
    count, total = say.number(row["count"]), say.number(row["n"])
    return say("figure.response.shown", share=say.share(row["estimate"]), count=count, total=total)


def _drawn(placed: pd.DataFrame, rows: dict[str, str], say: Words) -> pd.DataFrame:
    order = {row: place for place, row in enumerate(rows)}
    ordered = placed.sort_values("category", key=lambda c: c.map(order), kind="stable", ignore_index=True)
    return drawn(ordered, [rows[c] for c in ordered["category"]], say)
