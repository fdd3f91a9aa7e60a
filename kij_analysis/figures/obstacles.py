"""Obstacles to a suitable job that migrants name in official surveys, by country and by obstacle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.context.speaking import acknowledgement, spoken_place
from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.rows import Row, Scale, draw, height
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import MUTED, styled
from kij_analysis.words import Words, as_words

LOOKS: Mapping[str, tuple[str, str]] = {
    "women": ("#7A3E9D", "o"),
    "men": ("#7A5C00", "s"),
    "all": (MUTED, "^"),
}
ANY = "barrier_any"
NORDIC = ("DK", "FI", "NO", "SE")


def obstacles(estimates: pd.DataFrame, words: Words | str, *, name: str = "obstacles") -> Figure:
    """Who reports an obstacle to a suitable job by country, and which one is the main one in the EU.

    The two halves have different bases, and each says its own. A country without a figure says so.

    Parameters
    ----------
    estimates
        What `kij_analysis.context.obstacles` returns.
    words
        The words, or the name of a language.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If no country has a share.

    Examples
    --------
    >>> from kij_analysis import context
    >>> from kij_analysis.template import template_folder
    >>> found = context.obstacles(template_folder() / "data/raw/published/official")
    >>> obstacles(found, "en").title
    'Born outside the EU and report an obstacle to a suitable job: Norway 45%, Finland 43% and Sweden 42%'
    """
    say = as_words(words)
    countries, main = _halves(estimates)
    if countries["estimate"].isna().all():
        raise UsageError("No country has a share of those who report an obstacle.", fix="Look at the table.")
    drawn = pd.concat([countries, main], ignore_index=True)
    rows = [_by_country(row, say) for row in countries.to_dict("records")]
    rows += [_by_obstacle(row, say) for row in main.to_dict("records")]
    drawn = drawn.assign(label=[row.label for row in rows], number=[row.number for row in rows])
    texts = _texts(countries, drawn, say)
    with styled():
        paper = sheet(**texts, body=height(rows))
        draw(paper, rows, _scale(drawn, say))
    return Figure(
        name=name, language=say.language, **texts, alt=_alt(rows, say), data=drawn, canvas=paper.canvas
    )


def _halves(estimates: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Any obstacle by country, the Nordic ones first; the main obstacle of women and men in the EU."""
    one = (estimates["variable"] == ANY) & (estimates["base"] == "worked_or_looked")
    whole = estimates["country"].str.startswith("EU")
    countries = estimates[one & ~whole & (estimates["sex"] == "all")]
    place = (~countries["country"].isin(NORDIC)).astype("int64")
    countries = countries.assign(place=place).sort_values(
        ["place", "estimate"], ascending=[True, False], kind="stable", na_position="last"
    )
    main = estimates[(estimates["base"] == "faced_an_obstacle") & (estimates["sex"] != "all")]
    women = main[main["sex"] == "women"].set_index("variable")["estimate"]
    main = main.assign(place=main["variable"].map(women).rsub(1) + (main["variable"] == "barrier_other"))
    main = main.sort_values(["place", "sex"], ascending=[True, False], kind="stable")
    return countries.drop(columns="place"), main.drop(columns="place")


def _by_country(row: Mapping[str, Any], say: Words) -> Row:
    return Row(
        heading=say("official.obstacles.any"),
        label=spoken_place(row["country"], say),
        number=_number(row, say),
        value=row["estimate"],
        look=LOOKS[row["sex"]],
    )


def _by_obstacle(row: Mapping[str, Any], say: Words) -> Row:
    label = spoken_obstacle(row["variable"], say)
    return Row(
        heading=say("official.obstacles.main"),
        label=say("official.obstacles.row", item=say.sentence(label), sex=say(f"official.sex.{row['sex']}")),
        number=_number(row, say),
        value=row["estimate"],
        look=LOOKS[row["sex"]],
    )


def _number(row: Mapping[str, Any], say: Words) -> str:
    return say(f"short.{row['note']}") if pd.isna(row["estimate"]) else say.share(row["estimate"])


def spoken_obstacle(variable: str, say: Words) -> str:
    """The label of an obstacle: that of the barrier, also of those that the programmes do not ask about."""
    if variable == ANY:
        return say("official.obstacles.any_obstacle")
    barrier = say.codebook.barriers.get(variable.removeprefix("barrier_"))
    return barrier.labels[say.language] if barrier else variable


def _texts(countries: pd.DataFrame, drawn: pd.DataFrame, say: Words) -> dict[str, str]:
    named = countries[countries["estimate"].notna() & countries["country"].isin(NORDIC)]
    named = named if len(named) else countries[countries["estimate"].notna()]
    told = [
        say(
            "official.obstacles.part",
            country=spoken_place(row["country"], say),
            share=say.share(row["estimate"]),
        )
        for row in named.to_dict("records")
    ]
    silent = [spoken_place(code, say) for code in countries.loc[countries["estimate"].isna(), "country"]]
    missing = say("official.obstacles.missing", list=say.listing(silent)) if silent else ""
    source = acknowledgement(drawn[drawn["estimate"].notna()], say)
    return {
        "title": say("official.obstacles.title", list=say.listing(told)),
        "subtitle": say("official.obstacles.subtitle"),
        "footer": say(
            "figure.footer",
            source=f"{source.rstrip('.')}.",
            base=say("official.obstacles.base"),
            method=" ".join(filter(None, (missing, say("official.no_interval")))),
        ).replace("..", "."),
        "mark": say.mark(drawn["data_status"]),
    }


def _scale(drawn: pd.DataFrame, say: Words) -> Scale:
    high = 0.1 * -(-float(drawn["estimate"].max()) // 0.1)
    ticks = [tick / 10 for tick in range(round(high * 10) + 1)]
    texts = [say.share(tick) if place % 2 == 0 else "" for place, tick in enumerate(ticks)]
    return Scale(low=0, high=high, ticks=ticks, texts=texts, room=1.3)


def _alt(rows: list[Row], say: Words) -> str:
    parts = [say("official.obstacles.alt", count=say.number(len(rows)))]
    for heading in dict.fromkeys(row.heading for row in rows):
        listed = "; ".join(f"{row.label}: {row.number}" for row in rows if row.heading == heading)
        parts.append(f"{heading}: {listed}.")
    return " ".join(parts)
