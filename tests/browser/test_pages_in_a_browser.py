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
    with visiting(page.as_uri(), width=width) as visit:
        assert visit.outside == []
        assert visit.overflow() <= 0
        visit.open_details()
        assert visit.overflow() <= 0
        assert visit.violations() == []
        assert visit.errors == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["da", "nb", "sv", "fi", "en"])
def test_a_small_page_of_every_language_keeps_to_wcag_22_aa(
    language: str, width: int, visiting: Visiting, small_pages: Path
):
    check(small_pages / f"report-{language}.html", visiting, width)


@pytest.mark.skipif(not MADE, reason="KIJ_PAGES names no folder with a report that has been made")
@pytest.mark.parametrize("width", WIDTHS)
def test_so_do_all_pages_of_a_report_that_was_made(width: int, visiting: Visiting):
    assert PAGES
    for page in PAGES:
        check(page, visiting, width)
