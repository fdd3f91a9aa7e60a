"""Pages on paper: PDF by the Chromium, Chrome or Edge that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from kij_analysis.errors import ReportError
from kij_analysis.files import write_bytes

PROGRAMS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
    "msedge",
)  # fmt: skip
"""What the browsers that can print a page are called."""

PLACES = (
    "Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe", "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium", "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)  # fmt: skip
"""Where they lie under the folders of programs of Windows and macOS."""

QUIET = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""The browser shows a page of our own and asks nothing of other machines."""

PATIENCE = 180
"""How many seconds a browser may take for one page."""


def find_chromium() -> Path | None:
    """The first browser found that can print a page; nothing if none is installed."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return Path(found)
    roots = [os.environ.get(name, "") for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
    places = (Path(root) / place for root in (*filter(None, roots), "/Applications") for place in PLACES)
    return next((place for place in places if place.is_file()), None)


def print_page(page: Path, into: Path, *, browser: Path | None = None) -> Path:
    """Print a page of the report as PDF, as its style sheet for print says.

    Two prints of one page differ in their bytes: the browser writes the time of day.

    Parameters
    ----------
    page
        The HTML file.
    into
        The PDF file.
    browser
        The program to print with; the first that `find_chromium` finds if it is left out.

    Raises
    ------
    ReportError
        If no browser is installed, or it prints nothing.
    """
    program = browser or find_chromium()
    if program is None:
        raise ReportError(
            "There is no browser to print the PDF with.",
            fix="Install Chromium, Chrome or Edge, or open the page in any browser and print it to a file.",
        )
    with tempfile.TemporaryDirectory(prefix="kij-print-", ignore_cleanup_errors=True) as folder:
        printed = Path(folder) / "page.pdf"
        options = ("--headless", *QUIET, *_as_superuser(), f"--user-data-dir={folder}/profile")
        command = [str(program), *options, "--no-pdf-header-footer", f"--print-to-pdf={printed}"]
        try:
            subprocess.run(
                [*command, page.resolve().as_uri()], capture_output=True, timeout=PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ReportError(f"{program.name} did not print {page.name} ({error}).") from error
        if not printed.exists():
            raise ReportError(
                f"{program.name} did not print {page.name}.",
                fix="Open the page in a browser and print it to a file.",
            )
        return write_bytes(into, printed.read_bytes())


def _as_superuser() -> list[str]:
    """Chromium refuses to start in its sandbox for the superuser, as whom containers run."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
