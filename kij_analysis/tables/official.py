"""Tables of official statistics: rates by country, group and year; obstacles; what barriers map to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kij_analysis.context.speaking import acknowledgement, spoken_age, spoken_group, spoken_place
from kij_analysis.figures.obstacles import spoken_obstacle
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words
from kij_analysis.words.speaking import NO_BREAK

OBSTACLES = ("country", "who", "obstacle", "base", "share")
MAP = ("barrier", "programmes", "eurostat_2021", "eurostat_2014", "piaac_b_q26b", "piaac_c_q03")


def official(estimates: pd.DataFrame, words: Words | str, *, name: str = "official") -> Table:
    """Rates by country and group, a column for each year, with the offices' flags; gaps as rows of their own.

    Parameters
    ----------
    estimates
        Rows of `kij_analysis.context.official`, and of `kij_analysis.context.gap` if wanted.
    words
        The words, or the name of a language.
    name
        The name of the table's file.

    Examples
    --------
    >>> from kij_analysis import context
    >>> from kij_analysis.template import template_folder
    >>> found = context.official(template_folder() / "data/raw/published/official", table="LFSA_ERGAN",
    ...     sex="women", country="DK", years=[2010, 2024])
    >>> official(found, "en").rows
    (('Denmark', 'foreign citizens', '53.9', '68.7'), ('Denmark', 'nationals', '70.4', '75.0'))
    """
    say = as_words(words)
    years = sorted({int(year) for year in estimates["year"].dropna()})
    rows = []
    for _, lines in estimates.groupby(["country", "series"], sort=False):
        own: dict[int, dict[str, Any]] = {}
        for row in lines[lines["year"].notna()].to_dict("records"):
            own.setdefault(int(row["year"]), row)
        rows.append((*_front(lines, say), *(_cell(own.get(year), say) for year in years)))
    return Table(
        name=name,
        language=say.language,
        title=_title(estimates, say),
        header=(say("official.table.country"), say("official.table.group"), *map(str, years)),
        rows=tuple(rows),
        numeric=(False, False, *[True] * len(years)),
        mark=say.mark(estimates["data_status"]),
        note=f"{say('official.table.note')} {acknowledgement(estimates, say).rstrip('.')}.",
    )


def _title(estimates: pd.DataFrame, say: Words) -> str:
    one = estimates[["variable", "sex", "age"]].drop_duplicates()
    if len(one) > 1 or not say.has(f"official.indicator.{one['variable'].iloc[0]}"):
        return say("official.table.title_several")
    row = one.iloc[0]
    indicator = say.sentence(say(f"official.indicator.{row['variable']}"))
    sex = say(f"official.sex.{row['sex']}")
    return say("official.table.title", indicator=indicator, sex=sex, age=spoken_age(row["age"]))


def _front(lines: pd.DataFrame, say: Words) -> tuple[str, str]:
    row = lines.iloc[0]
    group = spoken_group(row["basis"], row["group"], say)
    place = spoken_place(row["country"], say)
    place = f"{place}, {row['region']}" if row["region"] else place
    return place, say("official.gap.group", group=group) if row["measure"] == "difference" else group


def _cell(row: Mapping[str, Any] | None, say: Words) -> str:
    if row is None or pd.isna(row["estimate"]):
        return "–"
    factor, digits = (1, 0) if row["measure"] == "count" else (100, 1)
    flags = "".join(flag for flag in row["flag"] if flag in "bu")
    return say.number(factor * row["estimate"], digits=digits) + (f"{NO_BREAK}{flags}" if flags else "")


def obstacles(
    estimates: pd.DataFrame, words: Words | str, *, title: str = "", name: str = "obstacles_table"
) -> Table:
    """The obstacles to a suitable job, each share with its base.

    Examples
    --------
    >>> from kij_analysis import context
    >>> from kij_analysis.template import template_folder
    >>> found = context.obstacles(template_folder() / "data/raw/published/official")
    >>> obstacles(found[found["country"] == "NO"], "en").rows[0][1:4]
    ('women and men, born outside the EU', 'any obstacle', 'those who worked or looked for a job')
    """
    say = as_words(words)
    return Table(
        name=name,
        language=say.language,
        title=title or say("official.obstacles.subtitle"),
        header=tuple(say(f"official.obstacles.table.{key}") for key in OBSTACLES),
        rows=tuple(_obstacle(row, say) for row in estimates.to_dict("records")),
        numeric=(False, False, False, False, True),
        mark=say.mark(estimates["data_status"]),
        note=say("official.obstacles.base"),
    )


def _obstacle(row: Mapping[str, Any], say: Words) -> tuple[str, ...]:
    who = [spoken_group(row["basis"], row["group"], say)]
    if row["sex"] != "not_stated":
        who = [say(f"official.sex.{row['sex']}"), *who]
    missing = pd.isna(row["estimate"])
    return (
        spoken_place(row["country"], say),
        ", ".join(who),
        spoken_obstacle(row["variable"], say),
        say(f"official.obstacles.of.{row['base']}"),
        say(f"short.{row['note']}") if missing else say.share(row["estimate"]),
    )


def barrier_map(frame: pd.DataFrame, words: Words | str, *, name: str = "barrier_map") -> Table:
    """Which barriers the programmes ask about, and which stand in the classifications of others.

    Parameters
    ----------
    frame
        What `kij_analysis.context.barrier_map` returns.
    words
        The words, or the name of a language.
    name
        The name of the table's file.

    Examples
    --------
    >>> from kij_analysis import context
    >>> barrier_map(context.barrier_map(), "en").rows[0]
    ('Lack of language skills', 'yes', 'yes', 'yes', '–', '–')
    """
    say = as_words(words)
    return Table(
        name=name,
        language=say.language,
        title=say("official.map.title"),
        header=tuple(say(f"official.map.{key}") for key in MAP),
        rows=tuple(_mapped(row, say) for row in frame.to_dict("records")),
        numeric=(False,) * len(MAP),
        note=say("official.map.note"),
    )


def _mapped(row: Mapping[str, Any], say: Words) -> tuple[str, ...]:
    there: Sequence[bool] = [bool(row["asked"]), *(bool(row[key]) for key in MAP[2:])]
    label = say.sentence(spoken_obstacle(row["variable"], say))
    return (label, *(say("answer.yes") if one else "–" for one in there))
