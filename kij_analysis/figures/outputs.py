"""What a programme has printed of its activities, as large numbers without a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, sheet, wrapped
from kij_analysis.figures.style import INK, MUTED, STYLE, looks
from kij_analysis.indicators.record import RESULTS
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import spoken_number, spoken_years

TYPES = ("volume", "plan")
COUNTED = ("count", "persons", "pairs", "courses", "pairs_per_year")
"""The units of what is counted; what was granted or how long a course is, are no outputs."""

ABREAST, GAP = 3, 0.2
BIG, TEXT, SMALL = 24.0, 9.0, 8.0
"""Type sizes of the number, of what it counts, and of its qualifier and years."""


def outputs(
    record: pd.DataFrame,
    words: Words | str,
    *,
    programme: str = "",
    sources: pd.DataFrame | None = None,
    name: str = "outputs",
) -> Figure:
    """The printed counts of one programme's activities, each large and by itself.

    There is no common scale: chapters, activities and pairs are unlike things, and one number may hold
    another. Rows of outcomes are not drawn; whether there are any stands in the headline.

    Parameters
    ----------
    record
        Rows of the printed record, as `kij_analysis.indicators.load` gives them.
    words
        The words, or the name of a language.
    programme
        Whose numbers are drawn; may be left out if the rows are of one programme and its parts.
    sources
        The publications by `id` with `publisher`, as `kij_analysis.indicators.sources` gives them; without
        them the footer names ids.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If the rows are of several programmes, or if none of them is a printed count.

    Examples
    --------
    >>> from kij_analysis.indicators import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published")
    >>> print(outputs(record, "en", programme="fika").title)
    FIKA: 5 published numbers about the activities, none about what became of the participants
    """
    import matplotlib as mpl

    say = as_words(words)
    code, own = _own(record, programme, say)
    rows = _counts(own)
    if rows.empty:
        fix = "Look at its profile instead."
        raise UsageError(f"No count of activities is printed for the programme '{code}'.", fix=fix)
    drawn = _drawn(rows, say)
    shown = say.programme(code)
    texts = {
        "title": _headline(shown, len(drawn), bool(own["outcome_type"].isin(RESULTS).any()), say),
        "subtitle": say("programmes.outputs.subtitle"),
        "footer": _footer(rows, sources, say),
        "mark": say.mark(rows["data_status"]),
    }
    listing = say.sentence("; ".join(drawn["text"]))
    alt = say("programmes.outputs.alt", programme=shown, list=listing)
    colour = looks([code], order=list(say.codebook.programmes))[code][0]
    with mpl.rc_context(STYLE):
        planned = _plan(drawn)
        paper = sheet(**texts, body=planned.body)
        _draw(paper, planned, colour)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=" ".join([alt, f"{texts['mark']}." if texts["mark"] else ""]).strip(),
        data=drawn,
        canvas=paper.canvas,
    )


def _headline(shown: str, count: int, results: bool, say: Words) -> str:
    kind = "headline" if results else "none_of_outcomes"
    if count == 1:
        return say(f"programmes.outputs.one.{kind}", programme=shown)
    return say(f"programmes.outputs.{kind}", programme=shown, count=say.number(count))


def _own(record: pd.DataFrame, programme: str, say: Words) -> tuple[str, pd.DataFrame]:
    """The programme and the rows of it and of its parts."""
    there = list(dict.fromkeys(record["programme"]))
    parts = {code: (code, *one.parts) for code, one in say.codebook.programmes.items()}
    whole = [code for code in there if set(there) <= set(parts.get(code, (code,)))]
    if not programme and len(whole) != 1:
        what = f"The numbers are of {listed(there)}." if there else "There are no numbers."
        raise UsageError(f"{what} A figure of outputs shows one programme.", fix="Name it: programme=…")
    code = programme or whole[0]
    return code, record[record["programme"].isin(parts.get(code, (code,)))]


def _counts(own: pd.DataFrame) -> pd.DataFrame:
    """The counts in the order of their years, those without a year last."""
    rows = own[own["outcome_type"].isin(TYPES) & own["unit"].isin(COUNTED)]
    return rows.sort_values(["year_from", "year_to"], kind="stable", na_position="last", ignore_index=True)


def _drawn(rows: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The numbers drawn, with the words that stand on their tiles."""
    tiles = [_tile(row, say) for row in rows.to_dict("records")]
    kept = ["id", "programme", "indicator", "value", "value_high", "unit", "precision", "outcome_type"]
    kept += ["year_from", "year_to", "source", "data_status"]
    return pd.concat([rows[kept], pd.DataFrame(tiles, index=rows.index)], axis=1)


def _tile(row: dict[str, Any], say: Words) -> dict[str, str]:
    number = spoken_number(say, row["value"], high=row["value_high"], unit="count")
    qualifier = ""
    if row["precision"] != "exact":
        qualifier = say(f"programmes.precision.{row['precision']}", number="").strip()
    key = "pairs_per_year" if row["unit"] == "pairs_per_year" else row["indicator"]
    what = say(f"programmes.outputs.what.{key}") if say.has(f"programmes.outputs.what.{key}") else key
    years = _years(row, say)
    if row["outcome_type"] == "plan":
        years = f"{years}, {say('programmes.outputs.planned')}"
    text = f"{f'{qualifier} {number}'.strip()} {what} ({years})"
    return {"qualifier": qualifier, "number": number, "what": what, "years": years, "text": text}


def _years(row: dict[str, Any], say: Words) -> str:
    if pd.isna(row["year_from"]):
        return say("programmes.undated")
    first, last = int(row["year_from"]), int(row["year_to"])
    years = spoken_years(say, str(first) if first == last else f"{first}–{last}")
    return say("programmes.precision.about", number=years) if row["year_basis"] == "inferred" else years


def _footer(rows: pd.DataFrame, sources: pd.DataFrame | None, say: Words) -> str:
    publishers = {} if sources is None else dict(zip(sources["id"], sources["publisher"], strict=True))
    named = list(dict.fromkeys(publishers.get(source, source) for source in rows["source"]))
    base, method = say("programmes.outputs.base"), say("programmes.outputs.method")
    return say("figure.footer", source=say.listing(named), base=base, method=method)


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """The tiles in bands, what they count in lines, and the height of each band."""

    bands: Sequence[Sequence[dict[str, Any]]]
    heights: Sequence[float]
    width: float

    @property
    def body(self) -> float:
        return sum(self.heights) + 0.05


def _plan(drawn: pd.DataFrame) -> _Plan:
    width = (WIDTH - 2 * MARGIN - GAP * (ABREAST - 1)) / ABREAST
    tiles = [{**row, "lines": wrapped(row["what"], width, TEXT)} for row in drawn.to_dict("records")]
    bands = [list(band) for band in np.array_split(np.array(tiles, dtype=object), -(-len(tiles) // ABREAST))]
    sizes = [[SMALL, BIG, TEXT * max(len(tile["lines"]) for tile in band), SMALL] for band in bands]
    return _Plan(bands=bands, heights=[sum(size) * LINE / 72 + 0.22 for size in sizes], width=width)


def _draw(paper: Sheet, planned: _Plan, colour: str) -> None:
    from matplotlib.lines import Line2D

    top = paper.top
    for band, height in zip(planned.bands, planned.heights, strict=True):
        for position, tile in enumerate(band):
            x = MARGIN + position * (planned.width + GAP)
            ends, y = [x / paper.width, (x + planned.width) / paper.width], (top - 0.04) / paper.height
            paper.canvas.add_artist(Line2D(ends, [y, y], color=colour, linewidth=1.6))
            y = top - 0.09
            for text, size, look in (
                (tile["qualifier"], SMALL, {"color": MUTED}),
                (tile["number"], BIG, {"color": colour, "fontweight": "bold"}),
                *((line, TEXT, {"color": INK}) for line in tile["lines"]),
                (tile["years"], SMALL, {"color": MUTED}),
            ):
                paper.text(x, y, text, fontsize=size, va="top", **look)
                y -= size * LINE / 72
        top -= height
