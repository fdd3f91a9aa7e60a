"""Forms as Word documents: to be printed, or to be changed where a programme has its own opening words."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from kij_analysis.files import EPOCH, timeless_zip
from kij_analysis.questionnaire.forms import Block, Choice, Form, Item

BOX = "☐"
LINE = "_" * 24
SMALL, CODE = 8, 9
"""Sizes in points: names of columns and codes."""
LANGUAGE_TAGS = {"da": "da-DK", "nb": "nb-NO", "sv": "sv-SE", "fi": "fi-FI", "en": "en-GB"}


def docx(form: Form) -> bytes:
    """A form as a Word file; the same form gives the same bytes.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.questionnaire import form
    >>> from kij_analysis.template import template_folder
    >>> docx(form(open_study(template_folder()), role="mentor", wave="end", language="da"))[:2]
    b'PK'
    """
    from docx import Document

    document = Document()
    _set_up(document, form)
    document.add_heading(form.title, level=0)
    intro = " ".join(form.words[name] for name in ("intro", "mark_one", "small_print"))
    for text in (form.notice, intro, form.words["programme_writes"]):
        if text:
            document.add_paragraph(text)
    _keys(document, form)
    for part in form.parts:
        document.add_heading(part.title, level=1)
        for block in part.blocks:
            if block.is_table:
                _ratings(document, block, form)
            else:
                _question(document, block.items[0], form)
    document.add_paragraph(form.words["thanks"])
    stream = io.BytesIO()
    document.save(stream)
    return timeless_zip(stream.getvalue(), compress=True)


def _set_up(document: Any, form: Form) -> None:
    """Page, language and what the file says about itself."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.size, normal.paragraph_format.space_after = Pt(11), Pt(4)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE_TAGS[form.language])
    about, made = document.core_properties, dt.datetime.fromisoformat(EPOCH)
    about.title, about.language = form.title, LANGUAGE_TAGS[form.language]
    about.author = about.last_modified_by = "kij_analysis"
    about.comments, about.revision = "", 1
    about.created = about.modified = made


def _keys(document: Any, form: Form) -> None:
    """The box that the coordinator fills in."""
    table = document.add_table(rows=2, cols=len(form.keys), style="Table Grid")
    whole = table.rows[0].cells[0].merge(table.rows[0].cells[-1])
    _run(whole.paragraphs[0], form.words["coordinator"], bold=True)
    for cell, (name, label) in zip(table.rows[1].cells, form.keys.items(), strict=True):
        _run(cell.paragraphs[0], f"{label}: {LINE[:14]} ")
        _run(cell.paragraphs[0], name, size=SMALL, grey=True)


def _question(document: Any, item: Item, form: Form) -> None:
    """One question; its lines stay on one page."""
    lines = [_asked(document.add_paragraph(), item)]
    for text in (item.condition, item.hint):
        if text:
            lines.append(document.add_paragraph())
            _run(lines[-1], text, italic=text == item.condition)
    if item.kind in ("number", "date"):
        lines.append(document.add_paragraph())
        _run(lines[-1], f"{LINE[:12]} {item.unit}".rstrip())
    for choice in (*item.choices, *item.beside):
        lines.append(_choice(document.add_paragraph(), choice, form, grey=choice in item.beside))
    for line in lines[:-1]:
        line.paragraph_format.keep_with_next = True


def _asked(paragraph: Any, item: Item) -> Any:
    from docx.shared import Pt

    paragraph.paragraph_format.space_before = Pt(10)
    _run(paragraph, f"{item.number}. {item.text} ", bold=True)
    _run(paragraph, item.name, size=SMALL, grey=True)
    return paragraph


def _choice(paragraph: Any, choice: Choice, form: Form, *, grey: bool) -> Any:
    """A box, the code and the answer, with the text hanging behind the code."""
    from docx.shared import Cm, Pt

    shape = paragraph.paragraph_format
    shape.left_indent, shape.first_line_indent, shape.space_after = Cm(1.6), Cm(-1.6), Pt(1)
    for stop in (Cm(0.7), Cm(1.6)):
        shape.tab_stops.add_tab_stop(stop)
    _run(paragraph, f"{BOX}\t")
    _run(paragraph, f"{choice.code}\t", size=CODE, grey=True)
    _run(paragraph, choice.text, grey=grey)
    if choice.text_column:
        _run(paragraph, f"  {form.words['write_what']} {LINE} ")
        _run(paragraph, choice.text_column, size=SMALL, grey=True)
    return paragraph


def _ratings(document: Any, block: Block, form: Form) -> None:
    """Ratings as the rows of a table whose heading is repeated on every page."""
    from docx.shared import Cm

    choices = (*block.items[0].choices, *block.items[0].beside)
    table = document.add_table(rows=1, cols=1 + len(choices), style="Table Grid")
    table.autofit = False
    _repeat(table.rows[0])
    for cell, text in zip(
        table.rows[0].cells, (form.words["question"], *(c.text for c in choices)), strict=True
    ):
        _run(cell.paragraphs[0], text, size=CODE)
    for item in block.items:
        row = table.add_row()
        _whole(row)
        _run(row.cells[0].paragraphs[0], f"{item.number}. {item.text} ", bold=True)
        _run(row.cells[0].paragraphs[0], item.name, size=SMALL, grey=True)
        for cell, choice in zip(row.cells[1:], (*item.choices, *item.beside), strict=True):
            _run(cell.paragraphs[0], f"{BOX} ")
            _run(cell.paragraphs[0], choice.code, size=CODE, grey=True)
    widths = [Cm(6.4), *[Cm(10.6 / len(choices))] * len(choices)]
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _repeat(row: Any) -> None:
    """The row is the heading of its table, for readers' software too."""
    _flag(row, "w:tblHeader")
    _whole(row)


def _whole(row: Any) -> None:
    _flag(row, "w:cantSplit")


def _flag(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _run(
    paragraph: Any, text: str, *, bold: bool = False, italic: bool = False, grey: bool = False, size: int = 0
) -> None:
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    if grey:
        run.font.color.rgb = RGBColor(0x5F, 0x5F, 0x5F)
    if size:
        run.font.size = Pt(size)
