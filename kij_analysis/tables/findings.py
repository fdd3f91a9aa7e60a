"""The score-card of published findings as a table that an author can print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kij_analysis.findings import Finding, settled, told_number, told_rule
from kij_analysis.findings.overall import ALL
from kij_analysis.findings.speaking import told_needed, told_part
from kij_analysis.indicators.speaking import number as printed_number
from kij_analysis.tables.programmes import listed_sources
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import spoken_years
from kij_analysis.words.speaking import NO_BREAK

HEAD = ("finding", "test", "result", "verdict")
MARKED = ("synthetic", "assumed")


def scorecard(
    card: pd.DataFrame,
    words: Words | str,
    *,
    findings: Mapping[str, Finding],
    record: pd.DataFrame | None = None,
    sources: pd.DataFrame | None = None,
    topic: str = "",
    name: str = "scorecard",
) -> Table:
    """Published findings, how each is tested, what the data give beside what is in print, and the verdict.

    A number that is hidden takes its verdict with it, and the verdict over all is made of the others. On
    synthetic data and assumed amounts every verdict says that it is none.

    Parameters
    ----------
    card
        What `kij_analysis.findings.scorecard` returns, passed through `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    findings
        The findings by id, as `kij_analysis.findings.load` gives them.
    record
        The printed record; without it printed numbers are left out.
    sources
        The publications; without them the ids stand for themselves.
    topic
        A key of `kij_analysis.findings.TOPICS`; all if empty.
    name
        The name of the table's file.

    Examples
    --------
    >>> from kij_analysis import findings, open_study
    >>> from kij_analysis.findings import Evidence
    >>> from kij_analysis.template import template_folder
    >>> known = findings.load(open_study(template_folder()))
    >>> one = {"cooperation_works": known["cooperation_works"]}
    >>> nobody = pd.DataFrame({"programme": [], "data_status": []})
    >>> card = findings.scorecard(None, Evidence(answers=nobody), findings=one)
    >>> scorecard(card, "en", findings=one).rows[0][3].split(". ")[0]
    'Not testable with these data'
    """
    say = as_words(words)
    shown = settled(card)
    shown = shown[(shown["topic"] == topic) | (not topic)]
    chosen = [findings[code] for code in dict.fromkeys(shown["finding"])]
    numbers = {
        s: place for place, s in enumerate(dict.fromkeys(s for f in chosen for s in f.source), start=1)
    }
    known = None if record is None else record.set_index("id", drop=False)
    rows = [_row(one, shown[shown["finding"] == one.id], numbers, known, say) for one in chosen]
    title = (
        say("findings.title_topic", topic=say(f"findings.topic.{topic}")) if topic else say("findings.title")
    )
    return Table(
        name=name,
        language=say.language,
        title=title,
        header=tuple(say(f"findings.head.{key}") for key in HEAD),
        rows=tuple(rows),
        numeric=(False,) * len(HEAD),
        mark=say.mark(shown["data_status"]),
        note=_note(shown, say),
        sources=listed_sources(numbers, sources, say),
    )


def _note(card: pd.DataFrame, say: Words) -> str:
    """How to read the verdicts, and that some would hold by chance."""
    levels = card.loc[card["level"].notna(), "level"]
    level = float(levels.median()) if len(levels) else 0.9
    parts = [say("findings.note", level=say.share((1 + level) / 2), interval=say.share(level))]
    if set(card["data_status"]) & set(MARKED):
        parts.append(say("findings.note_synthetic"))
    return " ".join(parts)


def _row(
    finding: Finding, rows: pd.DataFrame, numbers: Mapping[str, int], record: pd.DataFrame | None, say: Words
) -> tuple[str, ...]:
    cited = f",{NO_BREAK}".join(str(number) for number in sorted(numbers[s] for s in finding.source))
    sentence = f"{finding.sentence[say.language]}{NO_BREAK}[{cited}]"
    whole = rows[rows["programme"] == ALL].iloc[0]
    parts = rows[rows["programme"] != ALL].to_dict("records")
    results = [_result({str(k): v for k, v in row.items()}, finding, record, say) for row in parts]
    return (
        sentence,
        told_rule(finding, say, record=record),
        "\n".join(results) if results else "–",
        _verdict(whole, finding, say),
    )


def _result(row: Mapping[str, Any], finding: Finding, record: pd.DataFrame | None, say: Words) -> str:
    """One part: its number, what is in print beside it, and its verdict."""
    told = told_number(row, say)
    printed = _printed(str(row["printed"]), record, say)
    if printed:
        told = say("findings.beside", number=told, printed=printed)
    said = say(f"findings.verdict.{row['would_say']}")
    if row["verdict"] == "test_runs":
        said = say("findings.would_part", says=said)
    part = str(row["part"])
    if not part:
        return say("findings.line_one", number=told, verdict=said)
    return say("findings.line", who=say.sentence(told_part(part, say)), number=told, verdict=said)


def _printed(ids: str, record: pd.DataFrame | None, say: Words) -> str:
    """The printed numbers with their years."""
    if record is None:
        return ""
    told = []
    for id in (one for one in ids.split("|") if one in record.index):
        entry = record.loc[id]
        years = [entry["year_from"], entry["year_to"]]
        known = [str(int(year)) for year in dict.fromkeys(years) if pd.notna(year)]
        when = spoken_years(say, "–".join(known))
        value = printed_number(entry, say)
        told.append(say("findings.printed", number=value, years=when) if when else value)
    return "; ".join(told)


def _verdict(row: pd.Series, finding: Finding, say: Words) -> str:
    said = say.sentence(say(f"findings.verdict.{row['verdict']}"))
    if row["verdict"] == "test_runs":
        said = say("findings.would", verdict=said, says=say(f"findings.verdict.{row['would_say']}"))
    needed: Sequence[str] = []
    if row["would_say"] in ("not_testable", "inconclusive") and row["needed"]:
        needed = [say("findings.need", list=told_needed(str(row["needed"]), finding, say))]
    return " ".join([f"{said}.", *needed])
