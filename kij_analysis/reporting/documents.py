"""The report as a Word document, for authors who write their prose there."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from kij_analysis.files import EPOCH, timeless_zip, write_bytes
from kij_analysis.reporting.parts import Division, Part
from kij_analysis.tables import Table
from kij_analysis.tables.workbook import TAGS
from kij_analysis.words import Words

RUST, PALE, NAVY, GREY = "8C2F00", "FFF3EC", "0B2E66", "5F5F5F"
WIDTH_CM, HIGHEST_CM = 16.6, 21.5
"""What a page of A4 holds within its margins; a figure leaves room for its caption."""
MANY_COLUMNS = 6
"""From so many on, a table is set in smaller type."""


def document(
    chapters: Sequence[Division], words: Words, into: Path, *, synthetic: bool, closing: Sequence[str] = ()
) -> Path:
    """Write the report in one language as a Word file; the same report gives the same bytes.

    Headings are Word's headings and captions its captions, numbered by fields, so that an author can move,
    leave out and cross-refer; figures are pictures with their alt text; the data behind them is left to the
    page and the workbook.

    Parameters
    ----------
    chapters
        What `kij_analysis.reporting.parts.divisions` returns.
    into
        The Word file.
    synthetic
        Whether the page says that data are made up.
    closing
        The sentences on methods, for the last heading.
    """
    from docx import Document

    made = Document()
    _set_up(made, words, synthetic=synthetic)
    made.add_heading(words("report.title"), level=0)
    made.add_paragraph(words("report.subtitle"), style="Subtitle")
    if synthetic:
        _banner(made, f"{words('mark.synthetic')}. {words('mark.synthetic_page')}")
    made.add_paragraph(words.review)
    _contents(made, chapters, words)
    for chapter in chapters:
        _heading(made, chapter.title, chapter.name)
        made.add_paragraph(chapter.intro)
        made.add_paragraph(chapter.reading)
        for part in chapter.parts:
            _figure(made, part, words) if part.picture else _table(made, part, words)
    _heading(made, words("report.sources_and_methods"), "methods")
    for sentence in closing:
        made.add_paragraph(sentence, style="List Bullet")
    stream = io.BytesIO()
    made.save(stream)
    return write_bytes(into, timeless_zip(stream.getvalue(), compress=True))


def _set_up(made: Any, words: Words, *, synthetic: bool) -> None:
    """Page, type, language, what the file says about itself, and the mark on every page."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.2)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size, normal.paragraph_format.space_after = "Calibri", Pt(11), Pt(6)
    caption = made.styles["Caption"]
    caption.font.size, caption.font.color.rgb = Pt(9.5), RGBColor.from_string("222222")
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(4), Pt(4)
    for name in ("Title", "Heading 1"):
        made.styles[name].font.color.rgb = RGBColor.from_string(NAVY)
    made.styles["Heading 1"].paragraph_format.page_break_before = True
    tag = TAGS[words.language]
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), tag)
    about, moment = made.core_properties, dt.datetime.fromisoformat(EPOCH)
    about.title, about.subject, about.language = words("report.title"), words("report.subtitle"), tag
    about.author = about.last_modified_by = "kij_analysis"
    about.comments, about.revision = "", 1
    about.created = about.modified = moment
    if synthetic:
        line = page.header.paragraphs[0]
        line.text = words("mark.synthetic")
        line.runs[0].font.size, line.runs[0].font.color.rgb = Pt(9), RGBColor.from_string(RUST)


def _banner(made: Any, text: str) -> None:
    """A paragraph in a box that nobody overlooks."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="12" w:space="6" w:color="C2470C"/>'
        for side in ("top", "left", "bottom", "right")
    )
    shape = f'<w:pBdr>{sides}</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="{PALE}"/>'
    _add(made, f"<w:p><w:pPr>{shape}</w:pPr>{_run(text, bold=True, colour=RUST)}</w:p>")


def _contents(made: Any, chapters: Sequence[Division], words: Words) -> None:
    """Word's table of contents, already filled with the chapters; page numbers come with *Update field*."""
    listed = [(chapter.name, chapter.title) for chapter in chapters]
    listed.append(("methods", words("report.sources_and_methods")))
    _add(made, f"<w:p>{_run(words('report.contents'), bold=True, colour=NAVY)}</w:p>")
    start = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + (
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-1" \\h \\z \\u </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    for number, (name, title) in enumerate(listed):
        link = f'<w:hyperlink w:anchor="{_bookmark(name)}" w:history="1">{_run(title)}</w:hyperlink>'
        end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>' if number == len(listed) - 1 else ""
        _add(made, f"<w:p>{start if not number else ''}{link}{end}</w:p>")


def _heading(made: Any, title: str, name: str) -> None:
    heading = made.add_heading(title, level=1)
    number = sum(1 for _ in made.element.body.iter("{*}bookmarkStart"))
    opening = f'<w:bookmarkStart {{ns}} w:id="{number}" w:name="{_bookmark(name)}"/>'
    heading._p.insert(1 if heading._p.pPr is not None else 0, _element(opening))
    heading._p.append(_element(f'<w:bookmarkEnd {{ns}} w:id="{number}"/>'))


def _bookmark(name: str) -> str:
    return f"kij_{name}"


def _figure(made: Any, part: Part, words: Words) -> None:
    """The picture with its alt text, and its caption below."""
    from docx.shared import Cm

    assert part.picture is not None
    line = made.add_paragraph()
    line.paragraph_format.keep_with_next = True
    shape = line.add_run().add_picture(str(part.picture.with_suffix(".png")), width=Cm(WIDTH_CM))
    if shape.height > Cm(HIGHEST_CM):
        shape.width, shape.height = int(shape.width * Cm(HIGHEST_CM) / shape.height), Cm(HIGHEST_CM)
    about = shape._inline.docPr
    about.set("descr", part.alt)
    about.set("title", part.caption)
    about.set("name", part.name)
    _caption(made, part, words, below=True)


def _table(made: Any, part: Part, words: Words) -> None:
    """The caption above, the table with its header row repeated on every page, then note and sources."""
    table = part.table
    _caption(made, part, words, below=False)
    size = 15 if len(table.header) >= MANY_COLUMNS else 17
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in _widths(table))
    rows = _row(table.header, table, size, head=True) + "".join(_row(row, table, size) for row in table.rows)
    about = (
        f'<w:tblCaption w:val="{_quoted(part.caption)}"/><w:tblDescription w:val="{_quoted(part.title)}"/>'
    )
    look = '<w:tblLook w:val="0620" w:firstRow="1" w:firstColumn="0" w:noHBand="1" w:noVBand="1"/>'
    layout = '<w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="autofit"/>'
    _add(
        made, f"<w:tbl><w:tblPr>{layout}{look}{about}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )
    below = [*filter(None, [table.note]), *(f"{text}: {way}" if way else text for text, way in table.sources)]
    for text in below or [""]:
        _add(made, f'<w:p><w:pPr><w:spacing w:after="60"/></w:pPr>{_run(text, size=17, colour=GREY)}</w:p>')


def _row(cells: Sequence[str], table: Table, size: int, *, head: bool = False) -> str:
    """One row as the XML of Word: python-docx builds long tables slowly."""
    line = '<w:bottom w:val="single" w:sz="{}" w:space="0" w:color="{}"/>'.format(
        *((8, "222222") if head else (4, "D9D9D9"))
    )
    shape = f"<w:tcPr><w:tcBorders>{line}</w:tcBorders></w:tcPr>"
    written = "".join(
        f"<w:tc>{shape}{_paragraphs(text, size, right=right, bold=head)}</w:tc>"
        for text, right in zip(cells, table.numeric, strict=True)
    )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{written}</w:tr>"


def _paragraphs(text: str, size: int, *, right: bool, bold: bool) -> str:
    side = f'<w:jc w:val="{"right" if right else "left"}"/>'
    keep = "<w:keepNext/>" if bold else ""
    shape = f'<w:pPr>{keep}<w:spacing w:before="20" w:after="20"/>{side}</w:pPr>'
    return "".join(f"<w:p>{shape}{_run(line, bold=bold, size=size)}</w:p>" for line in text.split("\n"))


def _widths(table: Table) -> list[int]:
    """Twentieths of a point for each column, by its longest cell; Word fits them further."""
    longest = [
        min(max(max(len(text) for text in column), 5), 40)
        for column in zip(table.header, *table.rows, strict=True)
    ]
    return [round(WIDTH_CM * 567 * one / sum(longest)) for one in longest]


def _caption(made: Any, part: Part, words: Words, *, below: bool) -> None:
    """A caption whose number is a field, so that Word renumbers and cross-refers."""
    label, number = _label(part, words)
    field = f" SEQ {label.replace(' ', '_')} \\* ARABIC "
    numbered = f'<w:fldSimple w:instr="{_quoted(field)}">{_run(number, bold=True)}</w:fldSimple>'
    shown = f"{_run(label + ' ', bold=True)}{numbered}{_run('. ', bold=True)}{_run(part.title)}"
    mark = _run(" ") + _run(f"[{part.mark}]", bold=True, colour=RUST, fill=PALE) if part.mark else ""
    keep = "" if below else "<w:keepNext/>"
    style = f'<w:pStyle w:val="{made.styles["Caption"].style_id}"/>'
    _add(made, f"<w:p><w:pPr>{style}{keep}</w:pPr>{shown}{mark}</w:p>")


def _label(part: Part, words: Words) -> tuple[str, str]:
    """The word and the number of a caption: *Figure*, *5*."""
    label = words(f"report.{part.kind}", number="").strip()
    return label, re.sub(r"\D", "", part.caption)


def _run(text: str, *, bold: bool = False, size: int = 0, colour: str = "", fill: str = "") -> str:
    """A piece of text; `size` in half points."""
    shape = "".join(
        piece
        for piece, wanted in (
            ("<w:b/>", bold),
            (f'<w:color w:val="{colour}"/>', colour),
            (f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>', size),
            (f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>', fill),
        )
        if wanted
    )
    return f'<w:r><w:rPr>{shape}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _add(made: Any, xml: str) -> None:
    """Put an element at the end of the document, before what the last section says of its pages."""
    opening = re.match(r"<[\w:]+", xml)
    assert opening is not None
    body = made.element.body
    body.insert(len(body) - 1, _element(f"{opening[0]} {{ns}}{xml[opening.end() :]}"))


def _element(xml: str) -> Any:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    return parse_xml(xml.replace("{ns}", nsdecls("w"), 1))
