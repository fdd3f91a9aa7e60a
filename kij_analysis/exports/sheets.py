"""The codebook as an XLSX workbook, for those who look things up in Excel."""

from __future__ import annotations

from pathlib import Path

from kij_analysis.codebook.variables import Column
from kij_analysis.exports import entries as say_of
from kij_analysis.exports.codebooks import Entry, StudyCodebook
from kij_analysis.exports.spreadsheets import workbook
from kij_analysis.words.speaking import Words

Rows = list[list[object]]
WIDTHS = (24, 34, 34, 26, 26, 34, 34, 20, 14, 26)


def xlsx(book: StudyCodebook, words: Words) -> bytes:
    """Sheets of the variables, their values, how each comes about in each questionnaire, and the reasons.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.exports.codebooks import study_codebook
    >>> from kij_analysis.template import template_folder
    >>> book = study_codebook(open_study(template_folder()))
    >>> xlsx(book, Words("da", book.codebook))[:2]
    b'PK'
    """
    sheets = {
        words("codebook.sheet.about"): _about(book, words),
        words("codebook.variables"): _variables(book, words),
        words("codebook.values"): _values(book, words),
        words("table.sources.title"): _uses(book, words),
        words("codebook.sheet.missing"): _reasons(book, words),
    }
    return workbook(sheets, widths=WIDTHS)


def _about(book: StudyCodebook, words: Words) -> Rows:
    texts = [words("codebook.title"), book.title, words.mark([book.data_status])]
    texts += [words.review]
    texts += [words(f"codebook.{name}") for name in ("intro", "as_written", "numbers", "missing_intro")]
    return [[text] for text in texts if text]


def _heads(words: Words, *names: str) -> list[object]:
    return [words(f"codebook.sheet.{name}") for name in names]


def _variables(book: StudyCodebook, words: Words) -> Rows:
    heads = ["table", "column", "label", "type", "allowed", "standard", "asked"]
    english = words.language == "en"
    rows = [_heads(words, *heads, *(["meaning"] if english else []))]
    for entry in book.entries:
        rows.append([*_variable(entry, words), *([entry.variable.concept] if english else [])])
    return rows


def _variable(entry: Entry, words: Words) -> list[object]:
    column, variable = entry.column, entry.variable
    asked = [part for part in (say_of.asked_of(variable, words), say_of.only_if(variable, words)) if part]
    return [
        column.frame,
        column.name,
        words.variable(column.name),
        say_of.kind(column, words),
        say_of.allowed(column, words),
        variable.standard,
        ". ".join(asked),
    ]


def _values(book: StudyCodebook, words: Words) -> Rows:
    rows = [_heads(words, "table", "column", "code", "number", "label", "meaning")]
    for entry in book.entries:
        rows += _codes(entry.column, words)
    return rows


def _codes(column: Column, words: Words) -> Rows:
    return [
        [column.frame, column.name, code, number, label, meaning]
        for code, number, label, meaning in say_of.values(column, words)
    ]


def _uses(book: StudyCodebook, words: Words) -> Rows:
    heads = ["table", "column", "instrument", "question", "source", "status", "because", "decided_by", "on"]
    rows = [_heads(words, *heads, "file")]
    for entry in book.entries:
        for use in entry.uses:
            rows.append(
                [
                    entry.column.frame,
                    entry.column.name,
                    use.fielded.name(words),
                    " / ".join(use.questions),
                    " / ".join(use.columns),
                    say_of.how_it_fits(use.rule, words),
                    use.rule.because if use.told else "",
                    use.rule.decided_by,
                    use.rule.on,
                    Path(use.fielded.source.shown).name,
                ]
            )
    return rows


def _reasons(book: StudyCodebook, words: Words) -> Rows:
    rows = [_heads(words, "code", "label", "spss", "stata")]
    rows += [
        [one.code, words.reason(one.code), one.spss, one.stata] for one in book.codebook.missing.values()
    ]
    return rows
