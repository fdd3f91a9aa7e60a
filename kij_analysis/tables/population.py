"""Tables of population surveys: shares by country and group, gaps, participants beside women like them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.benchmark import missing_files, said, told
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import country_name

HEAD = ("country", "survey", "what", "who", "value", "interval", "n", "note")
BENCHMARK = ("programme", "country", "who", "share", "interval", "n", "note")
BANDS = {"years_band": "years", "age_band": "age"}


def population(frame: pd.DataFrame, words: Words | str, *, name: str = "population") -> Table:
    """Shares, means or gaps in the population by country and group, with intervals.

    Below stands which files are missing and how to get them.

    Parameters
    ----------
    frame
        What `kij_analysis.context.population`, `overview` or `population_gap` returns, after
        `kij_analysis.disclosure.suppress`; gaps stand in a table of their own.
    words
        The words, or the name of a language.
    name
        The name of the table's file.

    Raises
    ------
    UsageError
        If there is nothing to print, or gaps stand among shares.

    Examples
    --------
    >>> from kij_analysis import context
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> survey = context.piaac(open_study(template_folder() / "study-piaac.yaml", raw="nowhere"))
    >>> population(context.population(survey), "en").rows[0][:3]
    ('Denmark', 'PIAAC 2012', '–')
    """
    say = as_words(words)
    gaps = frame["measure"] == "risk_difference"
    if frame.empty or (gaps.any() and not gaps.all()):
        raise UsageError("Gaps and shares are not one table.", fix="Make a table of each.")
    head = [say(f"population.table.{'gap' if key == 'value' and gaps.any() else key}") for key in HEAD]
    notes = [say("population.table.method"), missing_files(frame, say)]
    # One row for each missing file, whatever would have been counted in it.
    lacking = frame["note"] == "no_file"
    printed = frame[~(lacking & frame.duplicated(["survey", "country", "note"]))]
    return Table(
        name=name,
        language=say.language,
        title=_title(frame, say, gap=bool(gaps.any())),
        header=tuple(head),
        rows=tuple(_row(row, say) for row in printed.to_dict("records")),
        numeric=(False, False, False, False, True, True, True, False),
        mark=say.mark(frame["data_status"]),
        note=" ".join(filter(None, notes)),
    )


def benchmark(
    frame: pd.DataFrame, words: Words | str, *, title: str = "", name: str = "benchmark_table"
) -> Table:
    """Participants in work beside the women of the population, with what that does not show.

    Parameters
    ----------
    frame
        What `kij_analysis.context.benchmark` returns, after `kij_analysis.disclosure.suppress`; or the data
        of `kij_analysis.figures.benchmark`.
    words
        The words, or the name of a language.
    title
        The title; one of the catalogue if empty.
    name
        The name of the table's file.

    Raises
    ------
    UsageError
        If there is nothing to print.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "sajo", "group": "participants", "variable": "employed", "measure": "share",
    ...        "estimate": 0.5, "n": 40, "method": "wilson", "data_status": "synthetic", "country": "NO",
    ...        "survey": "piaac", "wave": "end"}
    >>> benchmark(e.make([row]), "en").rows
    (('SAJO', 'Norway', 'Participants at the end', '50%', '–', '40', ''),)
    """
    say = as_words(words)
    if frame.empty:
        raise UsageError("There are no estimates to print.", fix="Look at which programmes were kept.")
    rows = frame if "who" in frame else told(frame, say)
    notes = [said(rows, say), missing_files(rows, say)]
    return Table(
        name=name,
        language=say.language,
        title=title or say("population.benchmark.table.title"),
        header=tuple(say(f"population.benchmark.table.{key}") for key in BENCHMARK),
        rows=tuple(_beside(row, say) for row in rows.to_dict("records")),
        numeric=(False, False, False, True, True, True, False),
        mark=say.mark(frame["data_status"]),
        note=" ".join(filter(None, notes)),
    )


def _title(frame: pd.DataFrame, say: Words, *, gap: bool) -> str:
    ages = ", ".join(dict.fromkeys(frame["ages"])).replace("-", "–")
    if gap:
        return say("population.table.title_gap", ages=ages)
    sexes = set(frame["sex"])
    if sexes == {"women"}:
        return say("population.table.title", ages=ages)
    if sexes == {"men"}:
        return say("population.table.title_men", ages=ages)
    return say("population.table.title_all", ages=ages)


def _row(row: Mapping[str, Any], say: Words) -> tuple[str, ...]:
    what = "–" if row["note"] == "no_file" else say(f"population.variable.{row['variable']}")
    if row["category"] not in ("", "yes"):
        what = f"{what}: {_answer(row, say)}"
    survey = say(f"population.short.{row['survey']}")
    return (
        country_name(say, row["country"]),
        f"{survey} {row['year']}",
        what,
        _who(row, say),
        _value(row["estimate"], row["measure"], say),
        _interval(row, say),
        say.number(row["n"]) if pd.notna(row["n"]) and row["n"] else "–",
        say(f"note.{row['note']}") if row["note"] else "",
    )


def _answer(row: Mapping[str, Any], say: Words) -> str:
    key = f"population.reason.{row['category']}"
    if row["variable"].startswith("reason_") and say.has(key):
        return say(f"population.reason.{row['category']}")
    return say.category(row["variable"], row["category"])


def _who(row: Mapping[str, Any], say: Words) -> str:
    if row["measure"] == "risk_difference":
        if not row["first"]:
            return "–"
        first, second = (say.category("birth_place", row[name]) for name in ("first", "second"))
        return say("population.table.pair", first=first, second=second)
    named = []
    for column in ("gender", "birth_place", "education_group", *BANDS):
        code = row.get(column)
        if isinstance(code, str) and code:
            named.append(_group(column, code, say))
    return ", ".join(named) or ("–" if row["note"] == "no_file" else say("population.group.everybody"))


def _group(column: str, code: str, say: Words) -> str:
    if column in BANDS:
        return say(f"population.group.{BANDS[column]}_{code}")
    return say.category(column, code)


def _value(value: float, measure: str, say: Words) -> str:
    if pd.isna(value):
        return "–"
    if measure == "share":
        return say.share(value)
    if measure == "mean":
        return say.number(value)
    points = say.number(100 * value, digits=1)
    return f"+{points}" if value > 0 else points


def _interval(row: Mapping[str, Any], say: Words) -> str:
    if pd.isna(row["conf_low"]):
        return "–"
    ends = (_value(row[name], row["measure"], say) for name in ("conf_low", "conf_high"))
    low, high = ends
    return say("table.interval", low=low, high=high)


def _beside(row: Mapping[str, Any], say: Words) -> tuple[str, ...]:
    return (
        say.programme(row["programme"]),
        country_name(say, row["country"]),
        row["who"],
        row["number"],
        _interval({**row, "measure": "share"}, say),
        say.number(row["n"]) if pd.notna(row["n"]) and row["n"] else "–",
        row["note_text"],
    )
