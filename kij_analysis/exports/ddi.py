"""The codebook as DDI-Codebook 2.5, which data archives read; labels in every language at once.

It describes the SPSS files, in which a category is a number and each reason for a missing value a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from xml.etree import ElementTree as ET

from kij_analysis.codebook.variables import Column, Variable
from kij_analysis.exports import entries as say_of
from kij_analysis.exports.codebooks import Entry, StudyCodebook, Use
from kij_analysis.exports.numbers import SPSS
from kij_analysis.words.speaking import Words

NAMESPACE = "ddi:codebook:2_5"
LOCATION = "https://ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
REPRESENTED = {
    "category": "code", "boolean": "code", "number": "numeric", "date": "datetime", "text": "text"
}  # fmt: skip
Attributes = Mapping[str, str]


def ddi(book: StudyCodebook, words: Sequence[Words]) -> str:
    """The XML text.

    Parameters
    ----------
    words
        The languages of the labels, the first of them that of the document.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.exports.codebooks import study_codebook
    >>> from kij_analysis.template import template_folder
    >>> book = study_codebook(open_study(template_folder()))
    >>> text = ddi(book, [Words("fi", book.codebook), Words("en", book.codebook)])
    >>> '<labl xml:lang="fi">sukupuoli</labl>' in text, '<catgry missing="Y"' in text
    (True, True)
    """
    root = ET.Element(
        "codeBook",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {LOCATION}",
            "version": "2.5",
            LANGUAGE: words[0].language,
        },
    )
    _study(root, book, words)
    for name in book.frames:
        _file(root, book, name, words)
    data = _add(root, "dataDscr")
    for name in book.frames:
        for column in say_of.key_columns(book, name, words[0]):
            _key(data, column, name, book, words)
        for entry in book.frame(name):
            _variable(data, entry, book, words)
    ET.indent(root, space=" ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add(parent: ET.Element, name: str, text: str = "", attributes: Attributes | None = None) -> ET.Element:
    """A child element; signs that XML cannot hold are left out of its text."""
    child = ET.SubElement(parent, name, dict(attributes or {}))
    child.text = re.sub(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text) or None
    return child


def _spoken(
    parent: ET.Element, name: str, texts: Iterable[tuple[str, str]], attributes: Attributes | None = None
) -> None:
    """One element for each language that has a text."""
    for language, text in texts:
        if text:
            _add(parent, name, text, {**(attributes or {}), LANGUAGE: language})


def _study(root: ET.Element, book: StudyCodebook, words: Sequence[Words]) -> None:
    study = _add(root, "stdyDscr")
    citation = _add(study, "citation")
    titles = _add(citation, "titlStmt")
    _add(titles, "titl", book.title)
    _spoken(titles, "parTitl", [(say.language, say("codebook.title")) for say in words])
    _add(_add(citation, "prodStmt"), "software", "kij_analysis", {"version": version("kij-analysis")})
    about = _add(study, "stdyInfo")
    _spoken(about, "abstract", [(say.language, say("codebook.intro")) for say in words])
    summary = _add(about, "sumDscr")
    for country in dict.fromkeys(one.instrument.country for one in book.fielded if one.instrument.country):
        _add(summary, "nation", country, {"abbr": country})
    _spoken(summary, "dataKind", [(say.language, say(f"mark.{book.data_status}")) for say in words])
    for one in book.fielded:
        kind = {"type": "questionnaire", "subject": one.instrument.id}
        _spoken(study, "notes", [(say.language, one.name(say)) for say in words], kind)


def _file(root: ET.Element, book: StudyCodebook, name: str, words: Sequence[Words]) -> None:
    file = _add(root, "fileDscr", attributes={"ID": f"F_{name}"})
    text = _add(file, "fileTxt")
    _add(text, "fileName", f"{name}.sav")
    first = words[0]
    _spoken(text, "fileCont", [(first.language, first(f"codebook.rows.{name}"))])
    _add(text, "fileStrc", attributes={"type": "rectangular"})
    columns = [entry.column for entry in book.entries if name in book.files(entry.column)]
    texts = sum(column.type == "text" for column in columns)
    count = len(say_of.key_columns(book, name, first)) + len(columns) + texts
    _add(_add(text, "dimensns"), "varQnty", str(count))
    _add(text, "fileType", "SPSS")


def _key(data: ET.Element, column: Column, frame: str, book: StudyCodebook, words: Sequence[Words]) -> None:
    variable = book.codebook.variables.get(column.name)
    found = _open(data, column, [frame])
    columns = {say.language: say_of.key_columns(book, frame, say) for say in words}
    labels = [
        (language, next(one.labels[language] for one in known if one.name == column.name))
        for language, known in columns.items()
    ]
    _spoken(found, "labl", labels)
    _codes(found, column, words)
    if variable:
        _spoken(found, "concept", [("en", variable.concept)])
    _format(found, column)


def _variable(data: ET.Element, entry: Entry, book: StudyCodebook, words: Sequence[Words]) -> None:
    column, variable = entry.column, entry.variable
    found = _open(data, column, book.files(column))
    _spoken(found, "labl", [(say.language, say.variable(column.name)) for say in words])
    for use in entry.uses:
        _question(found, use)
    _range(found, column)
    _universe(found, variable, words)
    _spoken(found, "txt", [("en", variable.concept)])
    if variable.standard:
        _add(found, "stdCatgry", variable.standard, {"URI": variable.source} if variable.source else {})
    _codes(found, column, words)
    if column.type != "text":
        for reason in book.codebook.missing.values():
            attributes = {"missing": "Y", "missType": reason.code}
            _category(
                found,
                str(reason.spss),
                [(say.language, say.reason(reason.code)) for say in words],
                attributes,
            )
    _format(found, column)
    for use in entry.uses:
        _note(found, use)
    if column.type == "text":
        _companion(data, entry, book, words)


def _companion(data: ET.Element, entry: Entry, book: StudyCodebook, words: Sequence[Words]) -> None:
    """The column that says why a text is missing."""
    column = Column(
        name=entry.column.missing,
        variable=entry.column.variable,
        output="",
        frame=entry.column.frame,
        type="category",
        labels={},
    )
    found = _open(data, column, book.files(column))
    texts = [(say, say.variable(entry.column.name)) for say in words]
    _spoken(found, "labl", [(say.language, say("codebook.reason_for", label=label)) for say, label in texts])
    for number, reason in enumerate(book.codebook.missing.values(), start=1):
        _category(found, str(number), [(say.language, say.reason(reason.code)) for say in words])
    _format(found, column)


def _open(data: ET.Element, column: Column, frames: Sequence[str]) -> ET.Element:
    attributes = {
        "ID": f"V_{frames[0]}_{column.name}",
        "name": column.name,
        "files": " ".join(f"F_{frame}" for frame in frames),
        "intrvl": "contin" if column.type in ("number", "date") else "discrete",
        "representationType": REPRESENTED[column.type],
    }
    if column.unit:
        attributes["measUnit"] = column.unit
    if column.type == "category":
        attributes["nature"] = "ordinal" if column.ordered else "nominal"
    return _add(data, "var", attributes=attributes)


def _question(parent: ET.Element, use: Use) -> None:
    """The question as it was asked in one questionnaire."""
    language = say_of.language_of(use)
    for text in use.questions:
        question = _add(parent, "qstn")
        _add(question, "qstnLit", text, {LANGUAGE: language} if language else {})


def _range(parent: ET.Element, column: Column) -> None:
    bounds = {"min": column.minimum, "max": column.maximum}
    given = {name: f"{bound:g}" for name, bound in bounds.items() if bound is not None}
    if given:
        _add(_add(parent, "valrng"), "range", attributes={"UNITS": "REAL", **given})


def _universe(parent: ET.Element, variable: Variable, words: Sequence[Words]) -> None:
    for say in words:
        parts = [part for part in (say_of.asked_of(variable, say), say_of.only_if(variable, say)) if part]
        _spoken(parent, "universe", [(say.language, ". ".join(parts))], {"clusion": "I"})


def _codes(parent: ET.Element, column: Column, words: Sequence[Words]) -> None:
    spoken = {say.language: say_of.values(column, say) for say in words}
    for place, (code, number, *_) in enumerate(spoken[words[0].language]):
        labels = [(language, rows[place][2]) for language, rows in spoken.items()]
        category = _category(parent, str(number), labels)
        _add(category, "labl", code, {"level": "code"})
        meaning = column.categories[code].meaning if code in column.categories else ""
        _spoken(category, "txt", [("en", meaning)])


def _category(
    parent: ET.Element, value: str, labels: Iterable[tuple[str, str]], attributes: Attributes | None = None
) -> ET.Element:
    category = _add(parent, "catgry", attributes=attributes)
    _add(category, "catValu", value)
    _spoken(category, "labl", labels)
    return category


def _format(parent: ET.Element, column: Column) -> None:
    attributes = {"type": "character" if column.type == "text" else "numeric"}
    if column.type == "date":
        attributes |= {"formatname": SPSS.day, "schema": "SPSS", "category": "date"}
    _add(parent, "varFormat", attributes=attributes)


def _note(parent: ET.Element, use: Use) -> None:
    """How the column comes about in one questionnaire, and who decided so."""
    rule = use.rule
    parts = {
        "status": rule.status,
        "detail": rule.detail,
        "rule": rule.kind,
        "columns": " | ".join(use.columns),
        "because": rule.because,
        "decided by": rule.decided_by,
        "on": rule.on,
    }
    text = "; ".join(f"{name}: {value}" for name, value in parts.items() if value)
    _add(parent, "notes", text, {"type": "harmonisation", "subject": use.fielded.instrument.id})
