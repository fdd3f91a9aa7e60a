"""One share under every way of dealing with those who did not answer, a group of rows for each programme."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.printed import shares_scale
from kij_analysis.figures.rows import Row, draw, height
from kij_analysis.figures.shares import level_of
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import looks, styled
from kij_analysis.words import Words, as_words

ORDER = ("complete_cases", "margins", "dropout", "imputation", "delta", "worst_case")


def nonresponse(estimates: pd.DataFrame, words: Words | str, *, name: str = "nonresponse") -> Figure:
    """How much a share depends on those who did not answer: one row for each way of dealing with them.

    Parameters
    ----------
    estimates
        What `kij_analysis.survey.nonresponse` gives for one question and answer, after
        `kij_analysis.disclosure.suppress`. The rows of differences assumed become one row with a bar, and so
        do the worst-case bounds.
    words
        The words, or the name of a language.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no such estimates, or they are of several questions or answers.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> own = {"programme": "fika", "variable": "confidence_high", "category": "yes", "measure": "share",
    ...     "count": 10, "n": 25, "asked": 40, "data_status": "synthetic", "wave": "end", "level": 0.95}
    >>> rows = [own | {"approach": "complete_cases", "estimate": 0.4, "conf_low": 0.3, "conf_high": 0.51,
    ...     "method": "wilson_finite"}, own | {"approach": "worst_case", "note": "bounds_only", "low": 0.25,
    ...     "high": 0.625, "method": "worst_case"}]
    >>> nonresponse(e.make(rows), "en").title
    'Of all who were asked, rates own self-confidence as good: FIKA 25–62%'
    """
    say = as_words(words)
    _check(estimates)
    shown = _shown(estimates, say)
    texts = {
        "title": _headline(estimates, say),
        "subtitle": say(
            "figure.nonresponse.subtitle",
            wave=say(f"wave.{estimates['wave'].iloc[0]}"),
            level=say.share(level_of(estimates)),
        ),
        "footer": say(
            "figure.footer",
            source=say("source.surveys"),
            base=say("figure.nonresponse.base"),
            method=" ".join(say(f"method.{m}") for m in dict.fromkeys(estimates["method"]) if m != "none"),
        ),
        "mark": say.mark(estimates["data_status"]),
    }
    look = looks(list(dict.fromkeys(shown["programme"])), order=list(say.codebook.programmes))
    rows = [_row(row, look[row["programme"]]) for row in shown.to_dict("records")]
    with styled():
        paper = sheet(**texts, body=height(rows))
        draw(paper, rows, shares_scale(say))
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(shown, say, texts["mark"]),
        data=shown.drop(columns="heading"),
        canvas=paper.canvas,
    )


def _check(estimates: pd.DataFrame) -> None:
    if estimates.empty or "approach" not in estimates.columns:
        raise UsageError(
            "There is nothing to draw about non-response.", fix="Use kij_analysis.survey.nonresponse."
        )
    if estimates[["variable", "category", "wave"]].drop_duplicates().shape[0] > 1:
        raise UsageError(
            "The figure is about one answer to one question in one wave.", fix="Choose one, with answer=…."
        )


def _item(estimates: pd.DataFrame, say: Words) -> str:
    variable, category = estimates["variable"].iloc[0], str(estimates["category"].iloc[0])
    if category in ("yes", ""):
        return say.variable(variable)
    return " / ".join(say.category(variable, code) for code in category.split("|"))


def _headline(estimates: pd.DataFrame, say: Words) -> str:
    """The worst-case bounds of each programme: what is certain."""
    known = estimates[(estimates["approach"] == "worst_case") & estimates["low"].notna()]
    if known.empty:
        return say("figure.nonresponse.none")
    parts = [
        say("figure.nonresponse.part", programme=say.programme(p), range=_range(low, high, say))
        for p, low, high in zip(known["programme"], known["low"], known["high"], strict=True)
    ]
    return say("figure.nonresponse.headline", item=_item(estimates, say), list=say.listing(parts))


def _shown(estimates: pd.DataFrame, say: Words) -> pd.DataFrame:
    """One row for each programme and way, with its words; assumed differences become a range."""
    rows: list[dict[str, Any]] = []
    for programme, part in estimates.groupby("programme", sort=False):
        heading = _heading(str(programme), part, say)
        for approach in ORDER:
            own = part[part["approach"] == approach]
            if own.empty:
                continue
            row = own.iloc[0].to_dict() | {"heading": heading}
            if row["note"] == "bounds_only" and pd.isna(row["low"]):
                row["note"] = "hidden_small_count"
            if approach == "delta":
                row |= _spread(own, part)
            rows.append(row | {"label": _label(approach, own, say), "number": _number(row, say)})
    frame = pd.DataFrame(rows)
    front = ["programme", "variable", "category", "approach", "heading", "label", "number"]
    numbers = ["estimate", "conf_low", "conf_high", "low", "high"]
    notes = [say(f"note.{note}") if note else "" for note in frame["note"]]
    rest = frame.reindex(columns=["count", "n", "asked"]).astype("Float64").round().astype("Int64")
    shown = frame.reindex(columns=[*front, *numbers])
    shown[numbers] = shown[numbers].astype("float64").round(6)
    return pd.concat([shown, rest, frame[["method", "data_status", "note"]].assign(note_text=notes)], axis=1)


def _spread(own: pd.DataFrame, part: pd.DataFrame) -> dict[str, Any]:
    """The shares that the assumed differences lead to, from the lowest to the highest."""
    known = own["estimate"].dropna()
    complete = part.loc[part["approach"] == "complete_cases", "estimate"].dropna()
    everything = [*known, *complete] if len(known) else []
    low, high = (min(everything), max(everything)) if everything else (math.nan, math.nan)
    return {"estimate": math.nan, "conf_low": math.nan, "conf_high": math.nan, "low": low, "high": high}


def _heading(programme: str, part: pd.DataFrame, say: Words) -> str:
    n, asked = part["n"].max(), part["asked"].max() if "asked" in part.columns else math.nan
    spoken = say.programme(programme)
    if pd.isna(n):
        return spoken
    if pd.isna(asked):
        return say("figure.nonresponse.heading_unknown", programme=spoken, count=say.number(n))
    return say("figure.nonresponse.heading", programme=spoken, count=say.number(n), total=say.number(asked))


def _label(approach: str, own: pd.DataFrame, say: Words) -> str:
    if approach == "delta":
        shift = float(own["shift"].abs().max())
        return say("figure.nonresponse.row.delta", points=say.number(100 * shift))
    return say(f"figure.nonresponse.row.{approach}")


def _number(row: dict[str, Any], say: Words) -> str:
    if not pd.isna(row["estimate"]):
        return say.share(row["estimate"])
    if not pd.isna(row.get("low")):
        return _range(row["low"], row["high"], say)
    return say(f"short.{row['note']}") if row["note"] else ""


def _range(low: float, high: float, say: Words) -> str:
    return say("figure.nonresponse.range", low=say.number(100 * low), high=say.share(high))


def _row(row: dict[str, Any], look: tuple[str, str]) -> Row:
    bar = not pd.isna(row["low"])
    return Row(
        heading=row["heading"],
        label=row["label"],
        number=row["number"],
        value=row["estimate"],
        look=look,
        low=math.nan if bar else row["conf_low"],
        high=math.nan if bar else row["conf_high"],
        reach=(row["low"], row["high"]) if bar else None,
        hollow=row["note"] != "",
    )


def _alt(shown: pd.DataFrame, say: Words, mark: str) -> str:
    parts = [say("figure.nonresponse.alt", items=say.number(shown["approach"].nunique()))]
    for heading, rows in shown.groupby("heading", sort=False):
        told: Sequence[str] = [f"{row['label']}: {_spoken(row, say)}" for row in rows.to_dict("records")]
        parts.append(say("figure.nonresponse.alt_panel", heading=heading, list="; ".join(told)))
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _spoken(row: dict[str, Any], say: Words) -> str:
    if pd.isna(row["estimate"]) or pd.isna(row["conf_low"]):
        return str(row["number"])
    ends = {"low": say.share(row["conf_low"]), "high": say.share(row["conf_high"])}
    return f"{row['number']} ({say('table.interval', **ends)})"
