"""Binding: the index, the workbook of all tables, and what is refused before anything is run."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

import kij_analysis as kij
from kij_analysis.errors import ReportError, UsageError
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting import binding, printing
from kij_analysis.reporting.binding import bind_all, check_forms
from kij_analysis.reporting.index import editions_of, index
from kij_analysis.reporting.manifest import Manifest
from kij_analysis.reporting.printing import find_chromium, print_page
from kij_analysis.study import Study
from kij_analysis.tables import Table
from kij_analysis.template import template_folder
from kij_analysis.words import Words


@pytest.fixture
def study() -> Study:
    return kij.open_study(template_folder()).speaking(["da", "fi"])


def chapters() -> list[dict]:
    def table(language: str) -> dict:
        return Table(
            name="people", language=language, title="A", header=("x", "y"), rows=(("a", "1"),),
            numeric=(False, True),
        ).texts()  # fmt: skip

    item = {"kind": "table", "name": "people", "texts": {code: table(code) for code in ("da", "fi")}}
    return [{"chapter": "data", "items": [item]}, {"chapter": "barriers", "items": []}]


def test_the_index_leads_to_every_language_and_its_chapters(study: Study, tmp_path: Path):
    text = index(study, editions_of(study, chapters(), forms=("xlsx",)), tmp_path).read_text("utf-8")
    for code in ("da", "fi"):
        say = Words(code)
        assert f'<section lang="{code}"' in text
        assert say("report.title") in text and say("mark.synthetic_page") in text
        for name in ("data", "barriers"):
            assert f'href="report-{code}.html#{name}">{say(f"chapter.{name}.title")}<' in text
        assert f'href="report-{code}.xlsx"' in text
    assert "<script" not in text and not re.search(r"https?://", text)


def test_the_index_of_observed_data_has_no_banner(study: Study, tmp_path: Path):
    real = replace(study, data_status="observed")
    text = index(real, editions_of(real, chapters()), tmp_path).read_text("utf-8")
    assert Words("da")("mark.synthetic") not in text and 'class="banner"' not in text


def test_the_index_keeps_the_languages_of_an_earlier_run(
    study: Study, tmp_path: Path, demonstration: Harmonised
):
    old = Manifest(outputs={"report/report-en.html": ""}, earlier={"report/report-sv.html": ""})
    bind_all(chapters(), study, demonstration, tmp_path, old=old)
    text = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert re.findall(r'<h2 id="in-(\w+)"', text) == ["da", "fi", "sv", "en"]
    assert "report-en.html#" not in text


def test_every_language_has_a_workbook_whose_sheets_are_named_as_on_the_page(
    study: Study, tmp_path: Path, demonstration: Harmonised
):
    bind_all(chapters(), study, demonstration, tmp_path)
    made = {path.name for path in (tmp_path / "report").iterdir()}
    assert made == {"index.html", "report-da.html", "report-fi.html", "report-da.xlsx", "report-fi.xlsx"}
    book = CalamineWorkbook.from_path(str(tmp_path / "report" / "report-fi.xlsx"))
    assert book.sheet_names == ["Sisällys", "Taulukko 1"]
    assert 'href="report-fi.xlsx"' in (tmp_path / "report" / "report-fi.html").read_text("utf-8")


def test_a_word_document_is_made_when_it_is_asked_for(
    study: Study, tmp_path: Path, demonstration: Harmonised
):
    bind_all(chapters(), study.speaking(["da"]), demonstration, tmp_path, forms=["docx"])
    assert (tmp_path / "report" / "report-da.docx").read_bytes()[:2] == b"PK"
    assert 'href="report-da.docx"' in (tmp_path / "report" / "report-da.html").read_text("utf-8")


def test_an_unknown_form_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match=r"There is no form 'odt'.*'docx', 'pdf'"):
        check_forms(["odt"])


def test_a_pdf_without_a_browser_is_refused_before_anything_is_run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(binding, "find_chromium", lambda: None)
    with pytest.raises(ReportError, match=r"no browser to print the PDF with.*leave out --pdf"):
        kij.report(kij.open_study(template_folder()), forms=["pdf"])


def test_a_page_is_printed_by_the_browser_that_is_found(tmp_path: Path):
    (tmp_path / "page.html").write_text("<p>x", encoding="utf-8")
    prints = 'for a; do case $a in --print-to-pdf=*) echo "%PDF" > "${a#*=}";; esac; done'
    browser = program(tmp_path / "browser", prints)
    assert print_page(tmp_path / "page.html", tmp_path / "new" / "page.pdf", browser=browser).exists()


def test_a_browser_that_prints_nothing_is_told_in_a_sentence(tmp_path: Path):
    (tmp_path / "page.html").write_text("<p>x", encoding="utf-8")
    browser = program(tmp_path / "browser", "exit 0")
    with pytest.raises(ReportError, match=r"browser did not print page.html"):
        print_page(tmp_path / "page.html", tmp_path / "page.pdf", browser=browser)
    assert not (tmp_path / "page.pdf").exists()


def test_a_page_cannot_be_printed_without_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(printing, "find_chromium", lambda: None)
    with pytest.raises(ReportError, match="There is no browser"):
        print_page(tmp_path / "page.html", tmp_path / "page.pdf")


def test_the_browser_is_looked_for_by_name_and_where_windows_keeps_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(printing.shutil, "which", lambda name: "edge" if name == "msedge" else None)
    assert find_chromium() == Path("edge")
    monkeypatch.setattr(printing.shutil, "which", lambda name: None)
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    place = tmp_path / "Google" / "Chrome" / "Application" / "chrome.exe"
    place.parent.mkdir(parents=True)
    place.touch()
    assert find_chromium() == place


def program(path: Path, body: str) -> Path:
    """A program of a few lines that stands for a browser."""
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IEXEC)
    return path
