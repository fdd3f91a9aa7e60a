"""A trace as lines to be read, one block for each file and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kij_analysis.harmonisation.rule_words import Labels


def trace_words(frame: pd.DataFrame, labels: Labels) -> list[str]:
    """A trace as indented lines, one block for each file and column."""
    lines: list[str] = []
    heading = None
    for row in frame.to_dict("records"):
        place = (row["column"], row["instrument"], row["file"])
        if place != heading:
            heading = place
            lines += _heading(row, labels)
        if "answer" in frame.columns:
            lines.append(_cell_words(row, labels))
        else:
            answer = f"'{row['from']}'" if row["from"] else "(not shown, or nothing)"
            lines.append(f"    {answer} → {_result(row, row['to'], labels)}: {row['rows']} rows")
    return lines


def rule_words(frame: pd.DataFrame, labels: Labels) -> list[str]:
    """The rules of a trace without its counts: where each stands, its status and who decided."""
    return [line for row in frame.to_dict("records") for line in _heading(row, labels)]


def _heading(row: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    yield f"{labels.column(row['column'])}: {row['instrument']}, {row['file']}"
    line = "" if pd.isna(row["line"]) else f", line {int(row['line'])}"
    yield f"  rule: {row['rule']} ({row['crosswalk']}{line})"
    because = f", because {row['because']}" if row["because"] else ""
    decided = f"; decided by {row['decided_by']} {row['on']}".rstrip() if row["decided_by"] else ""
    detail = f" ({row['detail']})" if row["detail"] else ""
    yield f"  status: {row['status']}{detail}{because}{decided}"
    if row["question"]:
        yield f"  question: {row['question']}"


def _cell_words(row: Mapping[str, Any], labels: Labels) -> str:
    source = f"column '{row['source']}', answer '{row['answer']}'" if row["source"] else "no column"
    unused = "" if row["used"] else " (another wave gives the value)"
    return f"    row {row['row']}, {source} → {_result(row, row['result'], labels)}{unused}"


def _result(row: Mapping[str, Any], value: str, labels: Labels) -> str:
    if row["missing"]:
        return f"missing ({labels.reason(row['missing'])})"
    return labels.value(value, row["column"])
