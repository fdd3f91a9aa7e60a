"""Tables of the printed record: where sources differ, and what studies of other programmes have printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from kij_analysis.indicators.speaking import label, number
from kij_analysis.indicators.study_words import (
    spoken_estimate,
    spoken_level,
    spoken_place,
    spoken_when,
    spoken_who,
)
from kij_analysis.tables.programmes import listed_sources
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words
from kij_analysis.words.speaking import NO_BREAK

CONFLICTS = ("what", "first", "second", "why")
EVIDENCE = ("study", "type", "who", "outcome", "result", "design")


def conflicts(
    pairs: pd.DataFrame,
    words: Words | str,
    *,
    record: pd.DataFrame,
    sources: pd.DataFrame | None = None,
    name: str = "conflicts",
) -> Table:
    """Both numbers side by side wherever the sources differ, and what else differs between them.

    Nothing is averaged, and neither number is called the right one.

    Parameters
    ----------
    pairs
        What `kij_analysis.indicators.conflicts` returns.
    words
        The words, or the name of a language.
    record
        The record that the ids belong to.
    sources
        The publications; without them the ids stand for themselves.
    name
        The name of the table's file.

    Examples
    --------
    >>> from kij_analysis import indicators
    >>> from kij_analysis.template import template_folder
    >>> record = indicators.load(template_folder() / "data" / "raw" / "published")
    >>> table = conflicts(indicators.conflicts(record), "en", record=record)
    >>> table.rows[0][0], table.rows[0][1]
    ('KVINFO 2021: in work', '44% at the end – of those who answered\\xa0[1]')
    """
    say = as_words(words)
    rows = record.set_index("id", drop=False)
    both = [(rows.loc[pair["a"]], rows.loc[pair["b"]], pair) for pair in pairs.to_dict("records")]
    numbers = _numbered(row["source"] for one, other, _ in both for row in (one, other))
    return Table(
        name=name,
        language=say.language,
        title=say("conflicts.title"),
        header=tuple(say(f"conflicts.{key}") for key in CONFLICTS),
        rows=tuple(
            (
                _thing(one, say),
                *(_side(row, numbers, say) for row in (one, other)),
                say.sentence(_why(pair, say)),
            )
            for one, other, pair in both
        ),
        numeric=(False,) * len(CONFLICTS),
        mark=say.mark(pairs["data_status"]),
        note=say("conflicts.note"),
        sources=listed_sources(numbers, sources, say),
    )


def _numbered(sources: Iterable[str]) -> dict[str, int]:
    return {source: number for number, source in enumerate(dict.fromkeys(sources), start=1)}


def _thing(row: Mapping[str, Any] | pd.Series, say: Words) -> str:
    """What both numbers are about: programme, years, outcome."""
    head = label(row, say).split(": ")[0]
    code = row["indicator"]
    if say.has(f"printed.indicator.{code}"):
        return f"{head}: {say(f'printed.indicator.{code}')}"
    if say.has(f"programmes.outputs.what.{code}"):
        return f"{head}: {say(f'programmes.outputs.what.{code}')}"
    return f"{head}: {say(f'conflicts.thing.{code}') if say.has(f'conflicts.thing.{code}') else code}"


def _side(row: Mapping[str, Any] | pd.Series, numbers: Mapping[str, int], say: Words) -> str:
    """One number with its base, its time and the number of its source."""
    shown = number(row, say)
    if row["denominator"] != "not_applicable":
        timed = row["timing"] not in ("unknown", "not_applicable")
        months = say.number(12 if pd.isna(row["timing_months"]) else row["timing_months"])
        when = say(f"printed.timing.{row['timing']}", number=months) if timed else ""
        base = say(f"printed.denominator.{row['denominator']}")
        shown = f"{' '.join(part for part in (shown, when) if part)} – {base}"
    return f"{shown}{NO_BREAK}[{numbers[row['source']]}]"


def _why(pair: Mapping[str, Any], say: Words) -> str:
    if pair["kind"] == "precision":
        return say("conflicts.precision")
    fields = [field for field in pair["differs"].split("|") if field]
    if not fields:
        return say("conflicts.nothing")
    return "; ".join(say(f"conflicts.field.{field}") for field in fields)


def evidence(
    evidence: pd.DataFrame,
    words: Words | str,
    *,
    sources: pd.DataFrame | None = None,
    name: str = "evidence_table",
) -> Table:
    """What studies of other programmes have printed, each with its design and level.

    Parameters
    ----------
    evidence
        What `kij_analysis.indicators.evidence` returns.
    words
        The words, or the name of a language.
    sources
        The publications; without them the ids stand for themselves.
    name
        The name of the table's file.

    Examples
    --------
    >>> from kij_analysis import indicators
    >>> from kij_analysis.template import template_folder
    >>> base = indicators.evidence(template_folder() / "data" / "raw" / "published")
    >>> evidence(base, "en").rows[1][4:]
    ('+13 percentage points', 'Drawn by lot (level 5)')
    """
    say = as_words(words)
    numbers = _numbered(evidence["source"])
    return Table(
        name=name,
        language=say.language,
        title=say("evidence.table.title"),
        header=tuple(say(f"evidence.table.{key}") for key in EVIDENCE),
        rows=tuple(_study(row, numbers, say) for row in evidence.to_dict("records")),
        numeric=(False,) * len(EVIDENCE),
        mark=say.mark(evidence["data_status"]),
        note=say("evidence.table.note"),
        sources=listed_sources(numbers, sources, say),
    )


def _study(row: Mapping[str, Any], numbers: Mapping[str, int], say: Words) -> tuple[str, ...]:
    country = spoken_place(row, say)
    study = f"{row['study']}, {country}" if country else row["study"]
    design = say.sentence(say(f"evidence.design.{row['design']}"))
    outcome = say.sentence(say(f"evidence.outcome.{row['outcome']}"))
    return (
        f"{study}{NO_BREAK}[{numbers[row['source']]}]",
        say.sentence(say(f"evidence.type.{row['programme_type']}")),
        say.sentence(spoken_who(row, say)),
        f"{outcome}, {spoken_when(row, say)}",
        say.sentence(spoken_estimate(row, say)),
        f"{design} ({spoken_level(row, say)}){_persons(row, say)}",
    )


def _persons(row: Mapping[str, Any], say: Words) -> str:
    """The printed numbers of persons: in both groups, in one, or in all; empty if none is printed."""
    total = pd.notna(row["n_total"])
    groups = [row["n_total"]] if total else [row["n_treated"], row["n_control"]]
    known = [say.number(n) for n in groups if pd.notna(n)]
    return f", {say('evidence.table.n')}{NO_BREAK}={NO_BREAK}{' + '.join(known)}" if known else ""
