"""The report as a Word document: what an author needs to go on writing in it."""

from __future__ import annotations

import base64
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from kij_analysis.reporting.documents import document
from kij_analysis.reporting.parts import Division, Part
from kij_analysis.tables import Table
from kij_analysis.words import LANGUAGES, Words

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one point."""

TABLE = Table(
    name="people", language="fi", title='Osallistujat & "muut"', header=("Ohjelma", "Määrä"),
    rows=(("FIKA", "40"), ("SAJO", "a\nb")), numeric=(False, True), mark="Synteettinen", note="Kaikki.",
    sources=(("Raportti", "https://example.org/a"),),
)  # fmt: skip


def parts(picture: Path) -> list[Division]:
    picture.with_suffix(".png").write_bytes(DOT)
    figure = Part(
        kind="figure", name="barriers", caption="Kuvio 7", title="Esteet <1>", mark="Synteettinen",
        alt="Pisteet ja 'välit' & \"luvut\"", table=TABLE, picture=picture,
    )  # fmt: skip
    table = Part(
        kind="table", name="people", caption="Taulukko 2", title=TABLE.title, mark=TABLE.mark, table=TABLE
    )
    shown = Division(name="data", title="Aineisto", intro="Alku.", reading="Luku.", parts=(figure, table))
    return [shown, Division(name="barriers", title="Esteet", intro="A", reading="B", parts=())]


def written(folder: Path, language: str = "fi", *, synthetic: bool = True) -> Path:
    words = Words(language)
    return document(
        parts(folder / "dot"),
        words,
        folder / "report.docx",
        synthetic=synthetic,
        closing=["Näin laskettiin."],
    )


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("docx"))


def xml(path: Path) -> str:
    with zipfile.ZipFile(path) as file:
        return file.read("word/document.xml").decode("utf-8")


def test_chapters_are_headings_of_word_and_stand_in_its_contents(path: Path):
    found = Document(str(path))
    headings = [p.text for p in found.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["Aineisto", "Esteet", Words("fi")("report.sources_and_methods")]
    text = xml(path)
    assert 'TOC \\o "1-1"' in text
    for name in ("kij_data", "kij_barriers", "kij_methods"):
        assert f'w:anchor="{name}"' in text and f'w:name="{name}"' in text


def test_captions_are_captions_with_a_number_that_word_counts(path: Path):
    captions = [p for p in Document(str(path)).paragraphs if p.style.name == "Caption"]
    fields = [p._p.find(qn("w:fldSimple")).get(qn("w:instr")).strip() for p in captions]
    assert fields == ["SEQ Kuvio \\* ARABIC", "SEQ Taulukko \\* ARABIC"]
    assert "".join(t.text for t in captions[0]._p.iter(qn("w:t"))) == "Kuvio 7. Esteet <1> [Synteettinen]"


def test_a_figure_is_a_picture_with_its_alt_text(path: Path):
    (shape,) = Document(str(path)).inline_shapes
    assert shape._inline.docPr.get("descr") == "Pisteet ja 'välit' & \"luvut\""
    assert shape._inline.docPr.get("title") == "Kuvio 7"


def test_a_table_is_a_table_of_word_whose_header_row_is_repeated(path: Path):
    (table,) = Document(str(path)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Ohjelma", "Määrä"], ["FIKA", "40"], ["SAJO", "a\nb"],
    ]  # fmt: skip
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True, False, False]
    assert "Raportti: https://example.org/a" in [p.text for p in Document(str(path)).paragraphs]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_says_its_language_and_title(language: str, tmp_path: Path):
    found = Document(str(written(tmp_path, language)))
    tag = next(found.styles.element.iter(qn("w:lang"))).get(qn("w:val"))
    assert tag.startswith(language) and found.core_properties.language == tag
    assert found.core_properties.title == Words(language)("report.title")


def test_what_is_synthetic_is_told_at_the_start_and_on_every_page(path: Path):
    say, found = Words("fi"), Document(str(path))
    assert any(say("mark.synthetic_page") in p.text for p in found.paragraphs)
    assert found.sections[0].header.paragraphs[0].text == say("mark.synthetic")


def test_a_document_of_observed_data_has_no_mark(tmp_path: Path):
    say = Words("fi")
    shown = [
        replace(one, parts=tuple(replace(p, mark="", table=replace(TABLE, mark="")) for p in one.parts))
        for one in parts(tmp_path / "dot")
    ]
    path = document(shown, say, tmp_path / "report.docx", synthetic=False)
    found = Document(str(path))
    assert found.sections[0].header.paragraphs[0].text == ""
    assert say("mark.synthetic") not in xml(path) and "[" not in xml(path).split("<w:body>")[1]


def test_the_same_report_gives_the_same_document(path: Path, tmp_path: Path):
    assert written(tmp_path).read_bytes() == path.read_bytes()
