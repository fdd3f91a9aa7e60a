"""Notebooks are run as they are asked to, and a failure is one line that leaves nothing behind."""

from __future__ import annotations

import json
import shutil
from importlib import import_module
from pathlib import Path

import pytest
from study_maker import in_this_process, with_sources

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.errors import ReportError, UsageError
from kij_analysis.reporting.chapter import CHAPTERS
from kij_analysis.reporting.runner import notebooks_of, run_notebooks

REPORT = import_module("kij_analysis.reporting.report")  # the function of the same name hides the module
PARAMETERS = 'languages: list = []\nprogrammes: list = []\nstudy: str = "."\nout: str = ""'
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def notebook(path: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """A notebook of a few code cells, its parameters first."""
    code = [
        {"cell_type": "code", "id": str(number), "execution_count": None, "outputs": [], "source": source,
         "metadata": {} if number else {"tags": ["parameters"]}}
        for number, source in enumerate([parameters, *cells])
    ]  # fmt: skip
    content = {"cells": code, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def study_with(folder: Path, **notebooks: list[str]) -> Path:
    """The template's study with tiny notebooks in place of its own."""
    place = kij.init(folder / "study")
    shutil.rmtree(place / "notebooks")
    for name, cells in notebooks.items():
        notebook(place / "notebooks" / f"{name}.ipynb", *cells)
    return place


def with_barriers_alone(folder: Path) -> Path:
    """The template's study in which only the chapter on barriers draws anything, and one figure only."""
    drawn = (
        "ended = chapter.data.answers.query(\"role == 'mentee' and wave == 'end'\")\n"
        "shown = kij.disclosure.suppress(kij.barriers.prevalence(ended))\n"
        "chapter.figure(kij.figures.dots, shown, behind=ended['instrument'].unique())"
    )
    books = {}
    for number, name in enumerate(CHAPTERS, 1):
        opened = f"chapter = kij.chapter({name!r}, study=study, languages=languages, out=out)"
        cells = [f"import kij_analysis as kij\n{opened}", *([drawn] if name == "barriers" else [])]
        books[f"{number:02d}_{name}"] = [*cells, "chapter.close()"]
    return with_sources(study_with(folder, **books), "kvinfo_entry_2024", "kvinfo_end_2024")


def test_notebooks_are_run_in_the_order_of_their_numbers(tmp_path: Path):
    for name in ("10_last", "02_second", "notes", "01_first"):
        notebook(tmp_path / f"{name}.ipynb")
    assert [path.stem for path in notebooks_of(tmp_path)] == ["01_first", "02_second", "10_last"]


def test_a_folder_without_notebooks_is_refused(tmp_path: Path):
    with pytest.raises(ReportError, match=r"no notebooks such as 05_barriers\.ipynb"):
        notebooks_of(tmp_path)


def test_a_parameter_that_a_notebook_does_not_take_is_refused_with_those_it_takes(tmp_path: Path):
    path = notebook(tmp_path / "01_a.ipynb", parameters='langauges: list = []\nstudy: str = "."')
    with pytest.raises(UsageError) as caught:
        run_notebooks([path], {"languages": ["da"]}, outputs=tmp_path / "out")
    assert str(caught.value) == (
        "01_a.ipynb takes no parameter 'languages'. Did you mean 'langauges'? It takes 'langauges', 'study'."
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", ["", "{}", "[1]", "not a notebook", '{"cells": 5}'])
def test_a_file_that_is_no_notebook_is_refused_by_name(tmp_path: Path, content: str):
    path = tmp_path / "01_a.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReportError) as caught:
        run_notebooks([path], {"languages": ["da"]}, outputs=tmp_path / "out")
    assert str(caught.value).startswith("01_a.ipynb: This is not a notebook that can be read")
    assert len(str(caught.value).splitlines()) == 1


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_notebooks_that_fail_give_one_line_each_and_leave_nothing_half_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    figure = (
        "import kij_analysis as kij\nchapter = kij.chapter('data', study=study, languages=languages, out=out)"
    )
    place = study_with(
        tmp_path,
        **{
            "01_fine": [figure, "chapter.close()"],
            "02_fails": ["x = 1", "raise ValueError('one line\\nand another')"],
            "03_dies": ["import os", "x = 1", "os._exit(1)", "x = 2"],
            "04_asks_wrongly": [
                "import kij_analysis as kij",
                "kij.chapter('data', study=study, languages='dk')",
            ],
        },
    )
    before = files_of(place)
    code = main(["report", str(place), "--language", "en"])
    told = capfd.readouterr()
    assert code == 6
    lines = [line for line in told.err.splitlines() if line.startswith("error:")]
    kept = "The run is kept in data/processed/notebooks"
    assert (
        lines[0] == f"error: 02_fails.ipynb: cell 4: ValueError: one line and another. {kept}/02_fails.ipynb."
    )
    assert lines[1] == (
        "error: 03_dies.ipynb: cell 5: the kernel failed: DeadKernelError: Kernel died. "
        f"{kept}/03_dies.ipynb."
    )
    assert lines[2].startswith("error: 04_asks_wrongly.ipynb: cell 4: UsageError: The language is 'dk'")
    assert len(lines) == 3
    assert "Traceback" not in told.err + told.out
    left = files_of(place) - before
    assert {path.rpartition("/")[0] for path in left} == {"data/processed/notebooks"}
    assert {path.rpartition("/")[2] for path in left} <= {
        path.name for path in (place / "notebooks").iterdir()
    }
    assert "data/processed/notebooks/02_fails.ipynb" in left
    assert not list((place / "data" / "processed").glob(".staging*"))


@pytest.mark.slow
def test_a_notebook_that_closes_no_chapter_is_missed_and_no_page_is_made(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    place = study_with(tmp_path, **{"01_data": ["x = 1"]})
    assert main(["report", str(place), "--language", "en"]) == 6
    assert "No notebook has closed the chapters 'data', " in capfd.readouterr().err
    assert files_of(place / "report") == files_of(place / "figures") == set()


@pytest.mark.slow
def test_a_file_that_cannot_be_replaced_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """As on Windows, where another program holds a file open; here a folder stands in its place."""
    monkeypatch.setattr(REPORT, "run_notebooks", in_this_process)
    place = with_barriers_alone(tmp_path)
    (place / "report" / "manifest.json" / "in the way").mkdir(parents=True)
    (place / "figures" / "en").mkdir()
    (place / "figures" / "en" / "barriers.csv").write_text("as it was", encoding="utf-8")
    before = files_of(place)
    assert main(["report", str(place), "--language", "en"]) == 2
    assert "manifest.json: The file cannot be written" in capsys.readouterr().err
    assert files_of(place) == before
    assert (place / "figures" / "en" / "barriers.csv").read_text("utf-8") == "as it was"
    assert not list(place.rglob(".staging*"))


def test_the_folders_of_a_study_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(REPORT, "run_notebooks", in_this_process)
    place = with_barriers_alone(tmp_path)
    path = place / "study.yaml"
    path.write_text(
        path.read_text("utf-8").replace("figures: figures", "figures: ../pictures"), encoding="utf-8"
    )
    made = kij.report(kij.open_study(place), languages=["en"])
    assert (tmp_path / "pictures" / "en" / "barriers.svg").exists()
    outputs = json.loads(made.manifest.read_text("utf-8"))["outputs"]
    assert {"figures/en/barriers.svg", "report/report-en.html"} <= set(outputs)
    assert made.figures == 1 and [page.name for page in made.pages] == ["report-en.html"]


def small_chapters(folder: Path) -> Path:
    """The template's study with one table in its first chapter and nothing in the others."""
    drawn = "chapter.table(kij.tables.sources, chapter.data.ledger.sources)"
    books = {}
    for number, name in enumerate(CHAPTERS, 1):
        opened = f"chapter = kij.chapter({name!r}, study=study, languages=languages, out=out)"
        cells = [f"import kij_analysis as kij\n{opened}", "chapter.close()"]
        if name == "data":
            cells.insert(1, drawn)
        books[f"{number:02d}_{name}"] = cells
    return with_sources(study_with(folder, **books), "kvinfo_end_2024")


def test_one_chapter_is_made_anew_and_the_others_stay_unless_the_data_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(REPORT, "run_notebooks", in_this_process)
    place = small_chapters(tmp_path)
    with pytest.raises(UsageError, match=r"There is no chapter 'barrier'\. Did you mean 'barriers'\?"):
        kij.report(kij.open_study(place), only=["barrier"])
    whole = kij.report(kij.open_study(place), languages=["fi"])
    page, manifest = whole.pages[0].read_bytes(), whole.manifest.read_bytes()
    again = kij.report(kij.open_study(place), languages=["fi"], only=["barriers"])
    assert again.pages[0].read_bytes() == page and again.manifest.read_bytes() == manifest
    assert not [notice for notice in again.notices if "page is without" in notice.what]
    (place / "report" / "tables" / "fi" / "sources.csv").write_text("edited", encoding="utf-8")
    edited = kij.report(kij.open_study(place), languages=["fi"], only=["barriers"])
    assert "The page is without 'data':" in edited.notices[-1].what
    with (place / "study.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# changed\n")
    changed = kij.report(kij.open_study(place), languages=["fi"], only=["barriers"])
    assert "The page is without 'data', 'published'" in changed.notices[-1].what
