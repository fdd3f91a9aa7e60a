"""Crosswalks written as sheets for Excel."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

from kij_analysis.codebook.crosswalks import STATUSES
from kij_analysis.codebook.decision_files import spread
from kij_analysis.codebook.rule_files import ABSENT, KINDS
from kij_analysis.codebook.sheet_cells import written
from kij_analysis.codebook.sheet_rows import (
    COLUMNS,
    INSTRUMENT,
    SHORT,
    Row,
    above_rules,
    instrument_rows,
    rule_rows,
)
from kij_analysis.files import EPOCH

TEXT = 49
"""The number of the format *text* in every workbook."""
WIDTHS = {
    "variable": 26, "output": 10, "rule": 13, "part": 18, "from": 40, "value": 36, "result": 28, "scale": 13,
    "status": 11, "detail": 13, "because": 50, "decided_by": 12, "on": 12, "proposed": 10,
}  # fmt: skip
NOTES = {
    "variable": "A variable of codebook/variables.yaml, or barriers for the whole list. In every row.",
    "output": "Of a variable with several outputs: which one. Else empty.",
    "rule": f"The kind of rule: {', '.join(KINDS)}. In every row.",
    "part": "Empty for an answer and its result. Else what the row fills: missing, labels, separator …",
    "from": "The column of the data file, as it stands there.",
    "value": 'The answer or code in the data file; "" is the empty cell. A text of digits stands in quotes.',
    "result": "What it leads to: a code of the codebook, a number, true, false, or missing: no_answer.",
    "scale": "The answer scale, from codebook/scales.yaml.",
    "status": "complete or partial; once for each rule. Empty where no value can be had.",
    "detail": "identical, compatible, incompatible or unavailable.",
    "because": "What is lost, or why no value can be had.",
    "decided_by": "Who decided.",
    "on": "When, such as 2026-03-02.",
    "proposed": "The score of a rule that kij draft proposed; empty it once somebody has confirmed the rule.",
}
"""What each column is for, shown beside its name in the workbook."""


def csv_of(data: Mapping[str, Any]) -> bytes:
    """A crosswalk as one CSV sheet that Nordic Excel opens by a double click.

    UTF-8 with a byte order mark, semicolons, decimal commas; what Excel would take for a date, a number or
    a formula stands in quotes.
    """
    rows = [{"variable": INSTRUMENT, **row} for row in instrument_rows(above_rules(data))]
    rules = rule_rows(spread(data)["rules"])
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in (*rows, *rules):
        writer.writerow([written(row[name], name, guarded=True) if name in row else "" for name in COLUMNS])
    return stream.getvalue().encode("utf-8-sig")


def xlsx_of(data: Mapping[str, Any]) -> bytes:
    """A crosswalk as a workbook with the sheets *rules* and *instrument*.

    All columns are of the type text, so that a code such as 007 stays as it is typed.
    """
    import xlsxwriter

    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True})
    book.set_properties({"created": dt.datetime.fromisoformat(EPOCH)})
    rules = rule_rows(spread(data)["rules"])
    _sheet(book, "rules", COLUMNS, rules)
    _lists(book.get_worksheet_by_name("rules"), len(rules) + 200)
    _sheet(book, INSTRUMENT, SHORT, instrument_rows(above_rules(data)))
    book.close()
    return memory.getvalue()


def _sheet(book: Any, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    page = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": TEXT, "text_wrap": True, "valign": "top"})
    for place, column in enumerate(columns):
        page.set_column(place, place, WIDTHS[column], text)
        page.write_string(0, place, column, bold)
        page.write_comment(0, place, NOTES[column], {"author": "kij", "x_scale": 2})
    for number, row in enumerate(rows, 1):
        for place, column in enumerate(columns):
            if column in row:
                cell = written(row[column], column, guarded=False)
                if isinstance(cell, str):
                    page.write_string(number, place, cell, text)
                else:
                    page.write_number(number, place, cell, text)
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)


def _lists(page: Any, last: int) -> None:
    """Lists to choose from where a column is closed."""
    for column, known in (
        ("rule", KINDS),
        ("status", [status for status in STATUSES if status not in ABSENT]),
        ("detail", ("identical", "compatible", "incompatible", "unavailable")),
    ):
        place = COLUMNS.index(column)
        page.data_validation(1, place, last, place, {"validate": "list", "source": list(known)})
