"""Forms as pages and as Word documents."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser

import pytest

from kij_analysis.questionnaire import docx, form, html, write
from kij_analysis.words import LANGUAGES

FORMS = [("mentee", "entry"), ("mentee", "end"), ("mentee", "follow_up"), ("mentor", "end")]


class Page(HTMLParser):
    """The fields, labels and ids of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language, self.ids, self.labelled, self.inputs = "", [], set(), []
        self.wrapped, self.depth = set(), 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.language = found["lang"] if tag == "html" else self.language
        self.ids += [found["id"]] if "id" in found else []
        self.depth += tag == "label"
        if tag == "label" and "for" in found:
            self.labelled.add(found["for"])
        if tag == "input":
            self.inputs.append(found)
            if self.depth:
                self.wrapped.add(found["name"])

    def handle_endtag(self, tag):
        self.depth -= tag == "label"

    def name_of(self, field) -> bool:
        """Whether a screen reader has a name for a field."""
        named = field.get("aria-label") or field.get("id") in self.labelled or field["name"] in self.wrapped
        return bool(named) or set(field.get("aria-labelledby", "-").split()) <= set(self.ids)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("role", "wave"), FORMS)
def test_a_page_has_its_language_and_a_labelled_field_for_every_answer(core, role, wave, language):
    made = form(core, role=role, wave=wave, language=language)
    page = Page(html(made))
    assert page.language == language
    assert len(page.ids) == len(set(page.ids))
    assert [field for field in page.inputs if not page.name_of(field)] == []
    fields = {(field["name"], field.get("value")) for field in page.inputs}
    wanted = {(item.name, c.code) for item in made.items for c in (*item.choices, *item.beside)}
    assert wanted <= fields
    assert {name for name, _ in fields} == set(made.columns)


def test_a_page_shows_codes_and_filters_and_needs_no_network(core):
    text = html(form(core, role="mentee", wave="entry", language="sv"))
    assert '<span class="code">-3</span> Vet inte' in text
    assert "Bara om du har svarat 1 eller 2 på fråga" in text
    assert re.findall(r"(?:src|href)=\"(?!data:)", text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_unread_texts_say_so_on_the_form(core, language):
    made = form(core, role="mentor", wave="end", language=language)
    assert made.notice
    assert made.notice in html(made)


def test_what_stands_in_the_questionnaire_is_text_on_the_page(core):
    made = form(core, role="mentor", wave="end", language="en")
    assert "[The programme writes here" in html(made)
    assert "<script" not in html(made)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("role", "wave"), FORMS)
def test_a_word_document_opens_and_holds_every_question_and_answer(core, role, wave, language):
    from docx import Document

    made = form(core, role=role, wave=wave, language=language)
    document = Document(io.BytesIO(docx(made)))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    text += "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    wanted = [f"{item.number}. {item.text}" for item in made.items]
    wanted += [choice.text for item in made.items for choice in (*item.choices, *item.beside)]
    assert [part for part in wanted if part not in text] == []
    assert document.core_properties.title == made.title
    assert document.core_properties.language.startswith(language)


def test_a_table_of_ratings_repeats_its_heading_and_has_a_box_for_every_code(core):
    from docx import Document

    made = form(core, role="mentor", wave="end", language="nb")
    ratings = Document(io.BytesIO(docx(made))).tables[1:]
    tables = [block for part in made.parts for block in part.blocks if block.is_table]
    assert len(ratings) == len(tables) > 1
    for table, block in zip(ratings, tables, strict=True):
        assert "w:tblHeader" in table.rows[0]._tr.xml
        assert [cell.text for cell in table.rows[1].cells[1:]] == [
            "☐ 1",
            "☐ 2",
            "☐ 3",
            "☐ 4",
            "☐ 5",
            "☐ -3",
            "☐ -4",
        ]
        assert len(table.rows) == 1 + len(block.items)


def test_the_same_form_gives_the_same_bytes_at_any_time(core, monkeypatch):
    import time

    made = form(core, role="mentee", wave="entry", language="fi")
    first, page = docx(made), html(made)
    later = time.localtime(time.time() + 10_000)
    monkeypatch.setattr(time, "localtime", lambda *_: later)
    assert (docx(made), html(made)) == (first, page)
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_the_command_writes_forms_crosswalks_and_empty_exports(core, tmp_path):
    made = write(core, tmp_path, roles=["mentee"], waves=["end"], languages=["fi"])
    programmes = [entry.id for entry in core.codebook.programmes.values() if entry.kind == "programme"]
    assert [path.name for path in made] == [
        "core_mentee_end_fi.docx",
        "core_mentee_end_fi.html",
        *(
            f"{programme}_core_mentee_end{ending}"
            for programme in sorted(programmes)
            for ending in (".yaml", "_blank.csv")
        ),
    ]
    header = (tmp_path / "fika_core_mentee_end_blank.csv").read_bytes()
    columns = ";".join(form(core, role="mentee", wave="end", language="fi").columns)
    assert header == f"{columns}\r\n".encode()


def test_without_options_every_form_is_written_in_every_language(core, tmp_path):
    made = write(core, tmp_path, programmes=["fika"])
    pages = [path.name for path in made if path.suffix == ".html"]
    assert len(pages) == len(FORMS) * len(LANGUAGES)
    assert sum(path.suffix == ".yaml" for path in made) == len(FORMS)
