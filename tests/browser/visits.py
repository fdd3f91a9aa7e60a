"""A visit of a page: what it complained of, what it asked of other machines, what axe-core finds."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
"""What axe-core checks: WCAG 2.2 to level AA, and what it counts as good practice."""

PAPER = 673
"""The width of A4 within the margins of the print style, in pixels."""

OWN = ("file:", "data:", "blob:", "http://127.0.0.1", "http://localhost", "ws://127.0.0.1", "ws://localhost")
"""How the addresses begin that do not leave the machine."""


@dataclass
class Visit:
    """A page in a tab of its own, with what it complained of and what it asked of other machines."""

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """What axe-core finds: rule, where, and what it says."""
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.add_script_tag(content=axe_core())
        only = {"runOnly": {"type": "tag", "values": list(RULES)}, "resultTypes": ["violations"]}
        found: dict[str, Any] = self.page.evaluate(f"axe.run(document, {json.dumps(only)})")
        return [_told(rule, rule["nodes"]) for rule in found["violations"]]

    def open_details(self) -> None:
        """Open what the page keeps folded, so that it is checked too."""
        self.page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")

    def too_wide_for_paper(self) -> list[str]:
        """The tables that A4 would cut, when the page is laid out for print."""
        self.page.set_viewport_size({"width": PAPER, "height": 980})
        self.page.emulate_media(media="print")
        wide = "[...document.querySelectorAll('table')].filter(one => one.offsetWidth > innerWidth)"
        found: list[str] = self.page.evaluate(f"{wide}.map(one => one.caption.textContent)")
        return found

    def overflow(self) -> int:
        """How many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))


def _told(rule: dict[str, Any], places: list[dict[str, Any]]) -> str:
    first = places[0]
    where = f"{len(places)} times, first at {first['target']}: {first['html'][:200]}"
    return f"{rule['id']}: {rule['help']} ({where}) {first['failureSummary'][:300]}"


Visiting = Callable[..., AbstractContextManager[Visit]]


def absent(reason: str) -> NoReturn:
    """Skip, or fail where a browser is required."""
    if os.environ.get("KIJ_BROWSER") == "required":
        pytest.fail(f"KIJ_BROWSER=required, and {reason}")
    pytest.skip(reason)


def axe_core() -> str:
    """The script of axe-core, as the Python package of the lock file carries it."""
    try:
        return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    except ModuleNotFoundError:
        absent("axe-core is not installed: pip install -r requirements-browser.lock")
