"""A notebook shows estimates as tables, all else as pandas does; outside IPython nothing happens."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import kij_analysis as kij
from kij_analysis import estimates
from kij_analysis.template import template_folder

SHARES = estimates.make(
    [
        {
            "programme": "fika", "variable": "barrier_language", "category": "yes", "measure": "share",
            "estimate": 0.5, "conf_low": 0.4, "conf_high": 0.6, "count": 20, "n": 40, "method": "wilson",
            "data_status": "synthetic",
        }
    ]
)  # fmt: skip


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    InteractiveShell.clear_instance()
    yield InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    InteractiveShell.clear_instance()


def html(shell: InteractiveShell, frame: pd.DataFrame) -> str:
    assert shell.display_formatter is not None
    return shell.display_formatter.format(frame)[0]["text/html"]


def test_estimates_are_shown_as_a_table_with_interval_n_method_and_mark(shell: InteractiveShell):
    assert kij.display.in_notebooks()
    told = html(shell, SHARES)
    for text in ("Lack of language skills", "50%", "40% to 60%", ">40<", "Wilson", "Synthetic data"):
        assert text in told, text
    assert "0.5" not in told


def test_other_frames_are_shown_as_pandas_shows_them(shell: InteractiveShell):
    kij.display.in_notebooks()
    for frame in (pd.DataFrame({"age": [31]}), SHARES[["programme", "estimate"]], SHARES.iloc[:0]):
        assert html(shell, frame) == frame._repr_html_()


def test_a_frame_that_only_looks_like_estimates_is_shown_as_pandas_shows_it(shell: InteractiveShell):
    kij.display.in_notebooks()
    odd = SHARES.assign(method="by_eye")
    assert html(shell, odd) == odd._repr_html_()


def test_a_chapter_speaks_its_first_language_to_the_notebook(shell: InteractiveShell):
    kij.display.in_notebooks()
    kij.chapter("barriers", study=template_folder(), languages="fi, en")
    assert "Puutteellinen kielitaito" in html(shell, SHARES)
    kij.chapter("barriers", study=template_folder(), languages="en")
    assert "Lack of language skills" in html(shell, SHARES)


def test_outside_ipython_nothing_happens():
    InteractiveShell.clear_instance()
    assert not kij.display.in_notebooks()


def test_importing_the_package_in_a_notebook_is_enough_and_loads_no_pandas():
    code = (
        "import sys\nfrom IPython.core.interactiveshell import InteractiveShell\n"
        "from traitlets.config import Config\n"
        "shell = InteractiveShell.instance(config=Config(HistoryManager={'enabled': False}))\n"
        "import kij_analysis as kij\n"
        "assert 'pandas' not in sys.modules\n"
        "frame = kij.survey.shares(__import__('pandas').DataFrame({'gender': ['woman'] * 9, "
        "'yes': [True] * 9, 'data_status': 'synthetic'}), 'yes')\n"
        "print(shell.display_formatter.format(frame)[0]['text/html'])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "100%" in run.stdout and "<caption>" in run.stdout
