"""Binding: what was drawn, as pages, workbooks, documents and an index, in every language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kij_analysis.errors import ReportError, UsageError, listed
from kij_analysis.files import write_bytes
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting.documents import document
from kij_analysis.reporting.index import editions_of, index
from kij_analysis.reporting.manifest import Manifest
from kij_analysis.reporting.pages import bind, methods_of
from kij_analysis.reporting.parts import Division, divisions
from kij_analysis.reporting.printing import find_chromium, print_page
from kij_analysis.study import Study
from kij_analysis.tables.workbook import sheet_names, workbook
from kij_analysis.words import LANGUAGES, Words

ASKED = ("docx", "pdf")
"""The forms of a report that are made when they are asked for; pages and workbooks always are."""


def check_forms(forms: Sequence[str]) -> None:
    """Refuse, before anything is run, what cannot be made.

    Raises
    ------
    UsageError
        If a form is not known.
    ReportError
        If a PDF is asked for and no browser is installed.
    """
    unknown = [form for form in forms if form not in ASKED]
    if unknown:
        raise UsageError(f"There is no form {listed(unknown)}.", fix=f"Known: {listed(ASKED)}.")
    if "pdf" in forms and find_chromium() is None:
        raise ReportError(
            "There is no browser to print the PDF with.",
            fix="Install Chromium, Chrome or Edge, or leave out --pdf and print the page from any browser.",
        )


def bind_all(
    chapters: Sequence[Mapping[str, Any]],
    study: Study,
    data: Harmonised,
    work: Path,
    *,
    forms: Sequence[str] = (),
    old: Manifest | None = None,
) -> None:
    """Write the report of a working folder in all its languages and forms, and the index.

    Parameters
    ----------
    work
        The folder with ``figures`` and ``report/tables``.
    forms
        Which of `ASKED` are wanted beside the pages.
    old
        The manifest of the last run, whose pages in other languages the index names too.
    """
    figures, into = work / "figures", work / "report"
    some = any(chapter["items"] for chapter in chapters)
    made = (*(["xlsx"] if some else []), *(form for form in ASKED if form in forms))
    for language in study.languages:
        words = Words(language, data.codebook, reader=study.readers.get(language, ""))
        parts = divisions(chapters, words, figures)
        if some:
            write_bytes(into / f"report-{language}.xlsx", all_tables(parts, words))
        if "docx" in forms:
            document(
                parts,
                words,
                into / f"report-{language}.docx",
                synthetic=study.data_status == "synthetic",
                closing=methods_of(study, words),
            )
        page = bind(chapters, study, data, language=language, figures=figures, into=into, forms=made)
        if "pdf" in forms:
            print_page(page, into / f"report-{language}.pdf")
    left = {**old.earlier, **old.outputs} if old else {}
    earlier = [code for code in LANGUAGES if f"report/report-{code}.html" in left]
    index(study, editions_of(study, chapters, forms=made, earlier=earlier), into)


def all_tables(chapters: Sequence[Division], words: Words) -> bytes:
    """The workbook of all tables and of the data behind all figures; the sheets are named as on the page."""
    parts = [part for chapter in chapters for part in chapter.parts]
    names = sheet_names([words("report.contents"), *(part.caption for part in parts)])
    tables = {name: part.table for name, part in zip(names[1:], parts, strict=True)}
    return workbook(tables, title=words("report.title"), words=(names[0], words("report.contents")))
