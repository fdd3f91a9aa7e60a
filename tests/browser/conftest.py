"""A headless Chromium for tests that need one: skipped with the reason where it is absent.

`pip install -r requirements-browser.lock` and Chromium make these tests run; with KIJ_BROWSER=required, as in
CI, what is absent is a failure instead.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from visits import OWN, Visit, Visiting, absent

import kij_analysis as kij
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting.binding import bind_all
from kij_analysis.reporting.printing import QUIET, find_chromium
from kij_analysis.template import template_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        absent("playwright is not installed: pip install -r requirements-browser.lock")
    program = find_chromium()
    if program is None:
        absent("no Chromium, Chrome or Edge is installed")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, headless=True, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def visiting(chromium: Browser) -> Visiting:
    """Opens an address in a tab of its own: ``with visiting(address, width=390) as visit``."""

    @contextmanager
    def visiting(address: str, *, width: int = 1280, height: int = 900, **options: Any) -> Iterator[Visit]:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        visit = Visit(page=context.new_page())
        page = visit.page
        page.on("console", lambda said: visit.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        page.on("request", lambda asked: _note(asked.url, visit))
        try:
            page.goto(address)
            yield visit
        finally:
            context.close()

    return visiting


def _note(url: str, visit: Visit) -> None:
    if not url.startswith(OWN):
        visit.outside.append(url)


@pytest.fixture(scope="session")
def small_pages(demonstration: Harmonised, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small report in five languages: a table, two figures, and the data behind them."""
    folder = tmp_path_factory.mktemp("pages")
    study = kij.open_study(template_folder())
    first = kij.chapter("data", study=study, out=folder)
    first.table(kij.tables.sources, demonstration.ledger.sources)
    first.figure(kij.figures.status_matrix, kij.statuses(demonstration.ledger.rules))
    first.close()
    second = kij.chapter("barriers", study=study, out=folder)
    ended = demonstration.answers.query("role == 'mentee' and wave == 'end'")
    second.figure(kij.figures.dots, kij.barriers.prevalence(ended))
    second.close()
    listed = folder / "processed" / "chapters"
    chapters = [json.loads((listed / f"{name}.json").read_text("utf-8")) for name in ("data", "barriers")]
    bind_all(chapters, study, demonstration, folder)
    return folder / "report"
