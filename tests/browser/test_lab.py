"""Every notebook run in JupyterLab by a real browser, as a user would: start page, link, Run All Cells."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from visits import Visiting

import kij_analysis as kij
from kij_analysis.template import template_folder

NOTEBOOKS = sorted(path.stem for path in (template_folder() / "notebooks").glob("*.ipynb"))
TOKEN = "only-for-this-test"
PATIENCE = 480
"""Seconds that a notebook may take on a busy machine."""
ERRORS = ("application/vnd.jupyter.error", "application/vnd.jupyter.stderr")

pytestmark = pytest.mark.skipif(
    not os.environ.get("KIJ_LAB"),
    reason="every notebook is run in JupyterLab, which takes minutes; KIJ_LAB=1 does so",
)


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs, and the study that it runs in."""

    address: str
    study: Path

    def ask(self, path: str, method: str = "GET") -> Any:
        """What the server answers."""
        headers = {"Authorization": f"token {TOKEN}"}
        with urlopen(Request(f"{self.address}/api/{path}", headers=headers, method=method)) as answer:
            content = answer.read()
        return json.loads(content) if content else None


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def in_one_language(notebooks: Path) -> None:
    """Change the cell of parameters, as the start page tells users to."""
    for path in notebooks.glob("*.ipynb"):
        text = path.read_text("utf-8")
        path.write_text(text.replace("languages: list = []", "languages: list = ['en']", 1), encoding="utf-8")


def wait_for(there: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not there():
        if time.monotonic() > end:
            pytest.fail(f"{what} did not happen within {PATIENCE} seconds")
        time.sleep(0.5)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """`kij lab` in a study of its own, with no settings of the user who runs the tests."""
    folder = tmp_path_factory.mktemp("lab")
    study = kij.init(folder / "study")
    in_one_language(study / "notebooks")
    port = free_port()
    own = {f"JUPYTER_{part}_DIR": str(folder / part) for part in ("CONFIG", "DATA", "RUNTIME")}
    environment = {
        **os.environ, **own, "IPYTHONDIR": str(folder / "ipython"), "JUPYTER_TOKEN": TOKEN,
        "PYTHONPATH": str(Path(kij.__file__).parents[1]),
    }  # fmt: skip
    command = [sys.executable, "-m", "kij_analysis", "lab", str(study), "--no-browser", "--port", str(port)]
    log = folder / "lab.log"
    with log.open("w") as stream:
        server = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)
        try:
            wait_for(
                lambda: server.poll() is not None or f":{port}/lab" in log.read_text("utf-8"),
                "the start of JupyterLab",
            )
            assert server.poll() is None, log.read_text("utf-8")
            yield Lab(address=f"http://127.0.0.1:{port}", study=study)
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def test_jupyterlab_opens_on_a_page_that_leads_to_every_notebook(lab: Lab, visiting: Visiting):
    with visiting(f"{lab.address}/?token={TOKEN}") as visit:
        page = visit.page
        page.wait_for_selector(".jp-MarkdownViewer table a", timeout=PATIENCE * 1000)
        assert page.locator(".jp-MarkdownViewer h1").inner_text().startswith("Start here")
        links = page.locator(".jp-MarkdownViewer table a")
        assert sorted(links.all_inner_texts()) == NOTEBOOKS
        links.first.click()
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=PATIENCE * 1000)
        assert page.url.endswith("/lab/tree/notebooks/01_data.ipynb")
        assert visit.outside == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_from_its_first_cell_to_its_last_and_shows_what_it_makes(
    name: str, lab: Lab, visiting: Visiting
):
    with visiting(f"{lab.address}/lab/tree/notebooks/{name}.ipynb?token={TOKEN}&reset") as visit:
        page = visit.page
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=PATIENCE * 1000)
        wait_for(lambda: [one for one in lab.ask("kernels") if one["execution_state"] == "idle"], "a kernel")
        page.click('.lm-MenuBar-itemLabel:has-text("Run")')
        page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
        wait_for(lambda: finished(page), f"the end of {name}")
        errors = [f'[data-mime-type="{kind}"]' for kind in ERRORS]
        assert page.locator(", ".join(errors)).all_inner_texts() == []
        pictures = page.locator(".jp-OutputArea img")
        alts = [picture.get_attribute("alt") or "" for picture in pictures.all()]
        assert all(len(alt) > 30 for alt in alts)
        assert visit.outside == []
        if name[0].isdigit():
            listed = lab.study / "data" / "processed" / "chapters" / f"{name.partition('_')[2]}.json"
            kinds = [item["kind"] for item in json.loads(listed.read_text("utf-8"))["items"]]
            assert len(alts) == kinds.count("figure")
            assert page.locator(".jp-OutputArea table caption").count() >= kinds.count("table")
        else:
            assert page.locator(".jp-OutputArea table").count() >= 3
    for session in lab.ask("sessions"):
        lab.ask(f"sessions/{session['id']}", "DELETE")


def finished(page: Any) -> bool:
    """Whether every cell with code has run, or one has failed."""
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    failed = page.locator(f'[data-mime-type="{ERRORS[0]}"]').count()
    return bool(failed) or (bool(prompts) and all(prompt.strip("[]: ").isdigit() for prompt in prompts))
