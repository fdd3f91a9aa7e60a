"""The page: whole in itself, read by a screen reader in its order, and marked wherever data is synthetic."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

import kij_analysis as kij
from kij_analysis.errors import ReportError
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting.pages import bind, read_chapters
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES, Words

BESIDE = r"\.\./figures/da/\w+\.(svg|png|csv)$|tables/da/\w+\.(xlsx|csv)$"
EMPTY = {"meta", "link", "img", "br", "hr", "input"}


class Page(HTMLParser):
    """The elements of a page in their order, each with its attributes, its text and its ancestors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.found: list[dict] = []
        self._open: list[int] = []
        self.crossed: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(
            {"tag": tag, "text": "", "within": [self.found[i]["tag"] for i in self._open]} | dict(attrs)
        )
        if tag not in EMPTY:
            self._open.append(len(self.found) - 1)

    def handle_endtag(self, tag: str) -> None:
        last = self._open.pop()
        if self.found[last]["tag"] != tag:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        for place in self._open:
            self.found[place]["text"] += data

    def of(self, *tags: str) -> list[dict]:
        return [element for element in self.found if element["tag"] in tags]


def made(folder: Path, language: str, data_status: str = "synthetic") -> Page:
    """The page of the template's study, its chapters drawn as the notebooks draw them."""
    study = kij.open_study(template_folder())
    sources = tuple(replace(source, data_status=data_status) for source in study.sources)
    study = replace(study.speaking([language]), data_status=data_status, sources=sources)
    data = kij.harmonise(study)
    first = kij.chapter("data", study=study, out=folder)
    first.table(kij.tables.sources, data.ledger.sources)
    first.figure(kij.figures.status_matrix, kij.statuses(data.ledger.rules))
    first.close()
    second = kij.chapter("barriers", study=study, out=folder)
    ended = data.answers.query("role == 'mentee' and wave == 'end'")
    second.figure(kij.figures.dots, kij.disclosure.suppress(kij.barriers.prevalence(ended)))
    second.close()
    listed = folder / "processed" / "chapters"
    chapters = [json.loads((listed / f"{name}.json").read_text("utf-8")) for name in ("data", "barriers")]
    path = bind(chapters, study, data, language=language, figures=folder / "figures", into=folder / "report")
    return Page(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return made(folder, "da")


def test_the_page_says_its_language_and_has_a_title(page: Page):
    assert page.text.startswith("<!DOCTYPE html>")
    assert page.of("html")[0]["lang"] == "da"
    assert page.of("title")[0]["text"] == Words("da")("report.title")


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "da"])
def test_so_does_the_page_of_every_other_language(language: str, tmp_path: Path, demonstration: Harmonised):
    study = kij.open_study(template_folder()).speaking([language])
    chapters = [{"chapter": "barriers", "items": []}]
    path = bind(chapters, study, demonstration, language=language, figures=tmp_path, into=tmp_path)
    page, say = Page(path.read_text("utf-8")), Words(language)
    assert page.of("html")[0]["lang"] == language
    assert say("report.title") == page.of("h1")[0]["text"]
    assert [element["text"] for element in page.of("h2")] == [
        say("report.contents"),
        say("chapter.barriers.title"),
        say("report.sources_and_methods"),
    ]


def test_every_element_ends_where_it_should(page: Page):
    assert page.crossed == [] and page._open == []


def test_every_picture_is_inside_the_page_and_says_what_it_shows(page: Page, folder: Path):
    images = page.of("img")
    names = ("status_matrix", "barriers")
    told = [json.loads((folder / "figures" / "da" / f"{name}.json").read_text("utf-8")) for name in names]
    assert [image["alt"] for image in images] == [figure["alt"] for figure in told]
    assert all(len(image["alt"]) > 80 for image in images)
    for image, name in zip(images, names, strict=True):
        kind, _, content = image["src"].partition(",")
        picture, file = unquote(content), folder / "figures" / "da" / f"{name}.svg"
        assert kind == "data:image/svg+xml"
        assert picture.split("</desc>")[0].endswith(json_text(file, "alt"))
        assert len(picture) < 0.6 * file.stat().st_size
        assert ElementTree.fromstring(picture).tag.endswith("svg")
        loads = re.findall(r"(?:href|src)='([^']*)'|url\(([^)]*)\)", picture)
        assert loads and all((one or other).startswith("#") for one, other in loads)


def json_text(file: Path, name: str) -> str:
    """A text of a figure as its SVG holds it."""
    return html.escape(json.loads(file.with_suffix(".json").read_text("utf-8"))[name])


def test_the_page_loads_nothing_from_anywhere(page: Page):
    assert not page.of("script", "iframe", "object", "embed", "video", "audio", "base")
    for element in page.found:
        for name in ("src", "href", "srcset", "data", "action", "poster"):
            address = element.get(name) or ""
            assert re.match(r"$|data:|#|report-[a-z]{2}\.html$|" + BESIDE, address), address[:60]
    styles = " ".join([*(e["text"] for e in page.of("style")), *(e.get("style") or "" for e in page.found)])
    assert "url(" not in styles and "@import" not in styles
    # The name of SVG is written like an address, and is none.
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg')", page.text)


def test_headings_come_in_order_without_a_jump(page: Page):
    levels = [int(element["tag"][1]) for element in page.of("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert all(element["text"].strip() for element in page.of("h1", "h2", "h3"))


def test_ids_are_unique_and_every_link_inside_the_page_has_its_end(page: Page):
    ids = Counter(element["id"] for element in page.found if element.get("id"))
    assert max(ids.values()) == 1
    inner = [e["href"][1:] for e in page.of("a") if e["href"].startswith("#")]
    inner += [e["aria-labelledby"] for e in page.found if e.get("aria-labelledby")]
    shown = {"figure-status_matrix", "figure-barriers", "table-sources"}
    assert {"content", "contents", "data", "barriers", "methods"} | shown == set(inner)
    assert set(inner) <= set(ids)


def test_every_table_has_a_caption_and_every_heading_its_scope(page: Page):
    tables = page.of("table")
    assert len(tables) == len(page.of("caption")) == 3
    assert all(cell["scope"] in ("col", "row") for cell in page.of("th"))
    assert all(cell["text"].strip() for cell in page.of("caption"))


def test_the_mark_stands_on_the_page_and_at_every_figure_and_table(page: Page):
    mark = Words("da")("mark.synthetic")
    assert mark in next(e["text"] for e in page.found if e.get("class") == "banner")
    captions = page.of("figcaption", "caption")
    assert len(captions) == 5
    assert all(mark in caption["text"] for caption in captions)
    assert all(image["alt"].endswith(f"{mark}.") for image in page.of("img"))


def test_a_page_of_observed_data_has_no_banner_and_no_mark(tmp_path: Path):
    page = made(tmp_path, "en", "observed")
    say = Words("en")
    assert not [element for element in page.found if element.get("class") == "banner"]
    for word in (say("mark.synthetic"), say("mark.synthetic_page"), "ynthetic"):
        assert word not in page.text
    assert not any(say("mark.observed") in caption["text"] for caption in page.of("figcaption", "caption"))


def test_figures_and_tables_are_numbered_through_the_chapters(page: Page):
    say = Words("da")
    captions = [element["text"] for element in page.of("figcaption")]
    assert [text.startswith(say("report.figure", number=str(n))) for n, text in enumerate(captions, 1)] == [
        True
    ] * 2
    assert page.of("caption")[0]["text"].startswith(say("report.table", number="1"))
    assert "{caption}" not in page.text


def test_the_data_behind_a_figure_stands_below_it_and_hides_what_the_figure_hides(page: Page):
    say = Words("da")
    assert [e["text"] for e in page.of("summary") if "figure" in e["within"]] == [
        say("report.data_behind")
    ] * 2
    hidden = html.escape(Words("da")("note.hidden_small_count"))
    rows = [row for row in re.findall(r"<tr>.*?</tr>", page.text) if hidden in row]
    assert rows
    for row in rows:
        assert not re.search(r"\d+\s?%", row)


def test_a_language_that_nobody_has_reviewed_says_so(page: Page):
    say = Words("da")
    assert (say("report.unreviewed") in page.text) is not say.reviewed


def test_the_page_names_its_data_files_without_their_folders(page: Page):
    shown = [element["text"] for element in page.of("code")]
    assert len(shown) == 15 and not [name for name in shown if "/" in name]
    assert {"kvinfo_end_2024.csv", "fika_slut_2024.xlsx", "sajo_slutt_2024.sav"} <= set(shown)


def test_a_chapter_that_no_notebook_has_closed_is_missed_by_name(tmp_path: Path):
    (tmp_path / "data.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReportError, match=r"closed the chapters .*'barriers'"):
        read_chapters(tmp_path)


def test_two_tables_of_one_name_are_refused_because_one_would_overwrite_the_other(tmp_path: Path):
    table = {"kind": "table", "name": "carried"}
    for name in ("change", "effects"):
        content = {"chapter": name, "items": [table, {"kind": "figure", "name": name}]}
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ReportError, match="Several figures or tables have the name 'carried'"):
        read_chapters(tmp_path, partial=True)


def test_the_contents_lead_to_every_figure_and_table_by_its_number(page: Page):
    say = Words("da")
    listed = [e for e in page.of("a") if "nav" in e["within"] and "details" in e["within"]]
    assert [(e["href"], e["text"]) for e in listed] == [
        ("#table-sources", say("report.table", number="1") + "."),
        ("#figure-status_matrix", say("report.figure", number="1") + "."),
        ("#figure-barriers", say("report.figure", number="2") + "."),
    ]


def test_the_files_of_figures_and_tables_are_named_where_they_were_made(page: Page, folder: Path):
    ways = [e["href"] for e in page.of("a") if (e.get("aria-label") or "").startswith(("Figur", "Tabel"))]
    assert ways[:2] == ["tables/da/sources.xlsx", "tables/da/sources.csv"]
    assert {way.rpartition(".")[2] for way in ways[2:]} == {"svg", "png", "csv"}
    assert all((folder / "report" / way).exists() for way in ways)


def test_a_page_without_its_files_names_none(tmp_path: Path, folder: Path, demonstration: Harmonised):
    study = kij.open_study(template_folder()).speaking(["da"])
    chapters = [json.loads((folder / "processed" / "chapters" / "data.json").read_text("utf-8"))]
    path = bind(
        chapters, study, demonstration, language="da", figures=folder / "figures", into=tmp_path / "report"
    )
    assert "tables/da" not in path.read_text("utf-8")


def test_the_same_chapters_give_the_same_page(tmp_path: Path, folder: Path, demonstration: Harmonised):
    study = kij.open_study(template_folder()).speaking(["da"])
    chapters = [json.loads((folder / "processed" / "chapters" / "data.json").read_text("utf-8"))]
    one, other = (
        bind(chapters, study, demonstration, language="da", figures=folder / "figures", into=tmp_path / name)
        for name in ("one", "other")
    )
    assert one.read_bytes() == other.read_bytes()
