"""The pages in a real browser: accessible, whole on a phone, silent, and asking nothing of other machines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from visits import Visiting

WIDTHS = (1280, 390)

MADE = os.environ.get("KIJ_PAGES", "")
PAGES = sorted(Path(MADE).resolve().glob("*.html")) if MADE else []
"""The pages of a report that has been made, where KIJ_PAGES names its folder."""


def check(page: Path, visiting: Visiting, width: int) -> None:
    """With everything unfolded on a wide window, as it opens on a phone."""
    with visiting(page.as_uri(), width=width) as visit:
        assert visit.overflow() <= 0
        if width == WIDTHS[0]:
            visit.open_details()
        assert visit.violations() == []
        visit.open_details()
        assert visit.overflow() <= 0
        assert visit.outside == visit.errors == []
        if width == WIDTHS[0]:
            assert visit.too_wide_for_paper() == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["da", "nb", "sv", "fi", "en"])
def test_a_small_page_of_every_language_keeps_to_wcag_22_aa(
    language: str, width: int, visiting: Visiting, small_pages: Path
):
    check(small_pages / f"report-{language}.html", visiting, width)


def test_the_index_does_so_too(visiting: Visiting, small_pages: Path):
    for width in WIDTHS:
        check(small_pages / "index.html", visiting, width)


def test_the_keyboard_reaches_the_content_and_every_region_that_scrolls(
    visiting: Visiting, small_pages: Path
):
    with visiting((small_pages / "report-da.html").as_uri(), width=390) as visit:
        page = visit.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").bounding_box()["x"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#content"
        reached = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.className"))
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert shown == "solid" or page.evaluate("document.activeElement === document.body")
        assert {"scroll", "picture"} <= reached


def test_the_language_switch_leads_from_page_to_page(visiting: Visiting, small_pages: Path):
    with visiting((small_pages / "index.html").as_uri()) as visit:
        visit.page.click("main section[lang=fi] h2 a")
        assert visit.page.evaluate("document.documentElement.lang") == "fi"
        visit.page.click("nav.languages a[hreflang=nb]")
        assert visit.page.evaluate("document.documentElement.lang") == "nb"
        assert visit.outside == visit.errors == []


def test_paper_shows_figures_and_tables_and_leaves_out_what_only_a_screen_can_do(
    visiting: Visiting, small_pages: Path
):
    with visiting((small_pages / "report-en.html").as_uri()) as visit:
        visit.page.emulate_media(media="print")
        shown = {
            what: visit.page.locator(what).first.is_visible() for what in ("img", "main > section table")
        }
        hidden = {what: visit.page.locator(what).first.is_visible() for what in ("details", ".languages")}
        assert all(shown.values()) and not any(hidden.values())


@pytest.mark.skipif(not MADE, reason="KIJ_PAGES names no folder with a report that has been made")
@pytest.mark.parametrize("width", WIDTHS)
def test_so_do_all_pages_of_a_report_that_was_made(width: int, visiting: Visiting):
    assert PAGES
    for page in PAGES:
        check(page, visiting, width)
