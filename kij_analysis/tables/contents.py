"""What the tables of the report hold."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.disclosure import at_least
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.status_matrix import questionnaires
from kij_analysis.indicators.judging import VERDICTS
from kij_analysis.tables.as_drawn import as_drawn
from kij_analysis.tables.barriers import told
from kij_analysis.tables.comparison import MARKS, comparison
from kij_analysis.tables.official import obstacles, official
from kij_analysis.tables.participants import standardised
from kij_analysis.tables.population import benchmark
from kij_analysis.tables.programmes import outputs
from kij_analysis.tables.published import evidence
from kij_analysis.tables.results import results
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words

SOURCES = (
    "programme", "languages", "format", "role", "wave", "invited", "answers", "response", "data_status",
)  # fmt: skip


def sources(ledger_sources: pd.DataFrame, words: Words | str, *, threshold: int = 5) -> Table:
    """The questionnaires: who answered when and in which language, how many were asked and how many answered.

    Parameters
    ----------
    ledger_sources
        `data.ledger.sources`, one row per file.
    words
        The words, or the name of a language.
    threshold
        Numbers of persons below it are not printed, and no response rate that would tell them.

    Examples
    --------
    >>> frame = pd.DataFrame([{"programme": "fika", "role": "mentee", "wave": "end", "format": "xlsx",
    ...     "languages": "sv, fi", "invited": 90, "rows_out": 45, "data_status": "synthetic"}])
    >>> sources(frame, "en").rows[0][5:8]
    ('90', '45', '50%')
    """
    say = as_words(words)
    return Table(
        name="sources",
        language=say.language,
        title=say("table.sources.title"),
        header=tuple(say(f"table.sources.{key}") for key in SOURCES),
        rows=tuple(_source(entry, say, threshold) for entry in ledger_sources.to_dict("records")),
        numeric=tuple(key in ("invited", "answers", "response") for key in SOURCES),
        mark=say.mark(ledger_sources["data_status"]),
        note=say("table.sources.note"),
    )


def _source(entry: dict[str, Any], say: Words, threshold: int) -> tuple[str, ...]:
    invited, answers = entry["invited"], entry["rows_out"]
    known = pd.notna(invited) and invited > 0
    told = known and pd.notna(answers)
    told = told and all(at_least(x, threshold=threshold) is not None for x in (invited, answers))
    spoken = [say(f"language.{code.strip()}") for code in str(entry["languages"]).split(",") if code.strip()]
    return (
        say.programme(entry["programme"]),
        say.sentence(say.listing(spoken)),
        say(f"form.{entry['format']}"),
        say(f"role.{entry['role']}"),
        say(f"wave.{entry['wave']}"),
        _persons(invited if known else None, say, threshold),
        _persons(answers, say, threshold),
        say.share(answers / invited) if told else "–",
        say(f"data.{entry['data_status']}"),
    )


def _persons(count: float | None, say: Words, threshold: int) -> str:
    if count is None:
        return "–"
    if pd.isna(count) or at_least(count, threshold=threshold) is None:
        return say("table.few", threshold=say.number(threshold))
    return say.number(count)


def estimates(
    frame: pd.DataFrame, words: Words | str, *, title: str = "", name: str = "estimates", mark: bool = True
) -> Table:
    """Shares with intervals and bases; what is missing says why.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "fika", "variable": "barrier_language", "category": "yes", "measure": "share",
    ...        "note": "not_asked", "data_status": "synthetic", "method": "none"}
    >>> estimates(e.make([row]), "en").rows[0]
    ('FIKA', 'Lack of language skills', '–', '–', '–', 'Not asked')
    """
    say = as_words(words)
    keys = ("programme", "variable", "share", "interval", "n", "note")
    rows = tuple(_estimate(entry, say) for entry in frame.to_dict("records"))
    return Table(
        name=name,
        language=say.language,
        title=title or say("table.estimates.title"),
        header=tuple(say(f"table.estimates.{key}") for key in keys),
        rows=rows,
        numeric=(False, False, True, True, True, False),
        mark=say.mark(frame["data_status"]) if mark else "",
    )


def _estimate(entry: dict[str, Any], say: Words) -> tuple[str, ...]:
    label = say.variable(entry["variable"])
    if entry["category"] not in ("", "yes"):
        label = f"{label}: {say.category(entry['variable'], entry['category'])}"
    if entry["variable"] not in say.codebook.columns and entry.get("label"):
        label = entry["label"]  # no question of the codebook, such as who answered: as the figure says it
    low, high = entry["conf_low"], entry["conf_high"]
    share = say.share(entry["estimate"]) if pd.notna(entry["estimate"]) else "–"
    if "approach" in entry:
        # The rows are ways of dealing with those who did not answer; some give a range and no single share.
        label = entry["label"]
        share = entry["number"] if pd.notna(entry["low"]) else share
    return (
        say.programme(entry["programme"]),
        say.sentence(label),
        share,
        say("table.interval", low=say.share(low), high=say.share(high)) if pd.notna(low) else "–",
        say.number(entry["n"]) if pd.notna(entry["n"]) and entry["n"] else "–",
        say(f"note.{entry['note']}") if entry["note"] else "",
    )


def statuses(frame: pd.DataFrame, words: Words | str, *, name: str = "statuses") -> Table:
    """The harmonisation status of each variable in each questionnaire, in words.

    Examples
    --------
    >>> frame = pd.DataFrame({"column": ["gender"], "instrument": ["a"], "programme": ["fika"],
    ...     "status": ["partial"], "data_status": ["synthetic"]})
    >>> statuses(frame, "en").rows
    (('Gender', 'partial'),)
    """
    say = as_words(words)
    columns = list(dict.fromkeys(frame["column"]))
    instruments = frame.drop_duplicates("instrument")
    wide = frame.pivot(index="column", columns="instrument", values="status").fillna("undetermined")
    rows = [
        (
            say.sentence(say.variable(column)),
            *(say(f"status.{wide.loc[column, i]}") for i in instruments["instrument"]),
        )
        for column in columns
    ]
    names = questionnaires(frame, say)
    return Table(
        name=name,
        language=say.language,
        title=say("figure.status.subtitle"),
        header=(say("table.status.variable"), *names),
        rows=tuple(rows),
        numeric=(False,) * (1 + len(names)),
        mark=say.mark(frame["data_status"]),
    )


def verdicts(
    pairs: pd.DataFrame, words: Words | str, *, title: str = "", name: str = "comparability"
) -> Table:
    """The verdict about every two printed shares, with the reasons; the best verdicts first.

    Parameters
    ----------
    pairs
        The data of `kij_analysis.figures.comparability_matrix`: pairs with their labels and words.

    Examples
    --------
    >>> pair = {"first": "a", "second": "b", "verdict": "comparable", "verdict_text": "comparable",
    ...         "reasons_text": "", "data_status": "published"}
    >>> verdicts(pd.DataFrame([pair]), "en").rows
    (('a', 'b', 'comparable', ''),)
    """
    say = as_words(words)
    order = pairs.sort_values("verdict", key=lambda v: v.map(VERDICTS.index), kind="stable")
    columns = ("first", "second", "verdict_text", "reasons_text")
    return Table(
        name=name,
        language=say.language,
        title=title or say("matrix.subtitle"),
        header=tuple(say(f"matrix.table.{key}") for key in ("first", "second", "verdict", "reasons")),
        rows=tuple(tuple(str(row[key]) for key in columns) for row in order.to_dict("records")),
        numeric=(False,) * 4,
        mark=say.mark(pairs["data_status"]),
    )


def behind(figure: Figure, words: Words | str) -> Table:
    """The table behind a figure: the numbers or statuses that were drawn.

    Examples
    --------
    >>> from kij_analysis.figures import status_matrix
    >>> frame = pd.DataFrame({"column": ["gender"], "instrument": ["a"], "programme": ["fika"],
    ...     "status": ["partial"], "data_status": ["synthetic"]})
    >>> behind(status_matrix(frame, "en"), "en").header
    ('Variable', 'FIKA')
    """
    say = as_words(words)
    if "told" in figure.data.columns:
        return told(figure, say)
    if "programme_type" in figure.data.columns:
        return evidence(figure.data, say, name=figure.name)
    if "on_fewer" in figure.data.columns:
        return benchmark(figure.data, say, title=figure.title, name=figure.name)
    if "by_chance" in figure.data.columns:
        return standardised(figure.data, say, title=figure.title, name=figure.name)
    if set(MARKS) & set(figure.data.columns):
        return comparison(figure.data, say, title=figure.title, name=figure.name)
    if "maryland" in figure.data.columns:
        return results(figure.data, say, title=figure.title, name=figure.name)
    if {"label", "number", "interval"} <= set(figure.data.columns):
        return as_drawn(figure.data, say, title=figure.title, name=figure.name)
    if "series" in figure.data.columns and "label" in figure.data.columns:
        return obstacles(figure.data, say, title=figure.title, name=figure.name)
    if "series" in figure.data.columns:
        return official(figure.data, say, name=figure.name)
    if "estimate" in figure.data.columns:
        return estimates(figure.data, say, title=figure.title, name=figure.name)
    if "verdict" in figure.data.columns:
        return verdicts(figure.data, say, title=figure.title, name=figure.name)
    if "qualifier" in figure.data.columns:
        return outputs(figure, say)
    return statuses(figure.data, say, name=figure.name)
