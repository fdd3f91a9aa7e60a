"""The whole report, from a new study folder to its pages, made twice."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest
from test_running import in_this_process

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.files import checksum

pytestmark = pytest.mark.slow
AGAIN = ("published", "change", "effects")
"""Chapters with figures of every kind of drawing: rows, lanes, curves, flows, scales, a plane."""


def snapshot(study: Path) -> dict[str, str]:
    """The checksums of all that leaves the house, and of the harmonised data."""
    found = [*study.glob("figures/**/*"), *study.glob("report/**/*"), *study.glob("data/processed/*.csv")]
    files = sorted(path for path in found if path.is_file())
    return {path.relative_to(study).as_posix(): checksum(path) for path in files}


@dataclass(frozen=True)
class Twice:
    """A study whose report was made twice, with what stood there after each run."""

    study: Path
    first: Mapping[str, str]
    second: Mapping[str, str]
    out: str
    err: str


def make_twice(folder: Path) -> Twice:
    study = kij.init(folder / "study")
    command = [sys.executable, "-m", "kij_analysis", "report", "--language", "fi"]
    run = subprocess.run(command, cwd=study, capture_output=True, text=True, encoding="utf-8", check=True)
    first = snapshot(study)
    (study / "figures" / "fi" / "notes.txt").write_text("mine", encoding="utf-8")
    (study / "figures" / "sketch-fi.png").write_bytes(b"mine")
    (study / "figures" / "fi" / "gone.svg").write_text("of an earlier run", encoding="utf-8")
    (study / "figures" / "da").mkdir()
    (study / "figures" / "da" / "gone.svg").write_text("of an earlier run", encoding="utf-8")
    path = study / "report" / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["outputs"] |= {"figures/fi/gone.svg": "", "figures/da/gone.svg": ""}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    # Some chapters a second time, without kernels, which must make no difference; the others stay.
    again = [part for name in AGAIN for part in ("--only", name)]
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setattr(import_module("kij_analysis.reporting.report"), "run_notebooks", in_this_process)
        with contextlib.redirect_stderr(io.StringIO()):
            assert main(["report", str(study), "--language", "fi", *again]) == 0
    return Twice(study, first, snapshot(study), run.stdout, run.stderr)


@pytest.fixture(scope="session")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    """Made once, also where several workers share the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made-twice"
    done = folder / "done.json"
    try:
        folder.mkdir()
    except FileExistsError:
        while not done.exists():
            time.sleep(0.1)
        return Twice(**{**(told := json.loads(done.read_text("utf-8"))), "study": Path(told["study"])})
    made = None
    try:
        made = make_twice(folder)
    finally:
        part = folder / "done.part"
        part.write_text(
            json.dumps({**made.__dict__, "study": str(made.study)} if made else {}), encoding="utf-8"
        )
        part.rename(done)
    return made


def test_the_report_is_made_from_a_new_study_folder(twice: Twice):
    assert "report/report-fi.html" in twice.first
    assert {
        f"figures/fi/{name}.{form}"
        for name in ("barriers", "status_matrix")
        for form in ("svg", "png", "csv", "json")
    } <= set(twice.first)
    assert {"report/manifest.json", "report/tables/fi/sources.csv", "data/processed/answers.csv"} <= set(
        twice.first
    )


def test_the_same_inputs_give_the_same_bytes(twice: Twice):
    planted = {"figures/fi/notes.txt", "figures/sketch-fi.png", "figures/da/gone.svg", "report/manifest.json"}
    assert {path: sha for path, sha in twice.second.items() if path not in planted} == {
        path: sha for path, sha in twice.first.items() if path != "report/manifest.json"
    }


def test_the_manifest_is_the_same_but_for_what_another_language_left(twice: Twice):
    content = (twice.study / "report" / "manifest.json").read_bytes()
    left = b'"figures/da/gone.svg": ""'
    assert left in content
    again = json.loads(content) | {"earlier": {}}
    text = json.dumps(again, ensure_ascii=False, indent=2) + "\n"
    assert hashlib.sha256(text.encode()).hexdigest() == twice.first["report/manifest.json"]


def test_what_an_earlier_run_left_in_the_same_language_is_removed(twice: Twice):
    assert not (twice.study / "figures" / "fi" / "gone.svg").exists()
    assert (twice.study / "figures" / "da" / "gone.svg").exists()


def test_files_of_others_are_left_alone(twice: Twice):
    assert (twice.study / "figures" / "fi" / "notes.txt").read_text("utf-8") == "mine"
    assert (twice.study / "figures" / "sketch-fi.png").read_bytes() == b"mine"


def test_no_working_folder_is_left(twice: Twice):
    assert not [path for path in twice.study.rglob(".*") if path.name not in (".", "..")]


def test_the_progress_stands_on_the_error_stream_and_the_result_on_the_other(twice: Twice):
    assert "05_barriers.ipynb" in twice.err and "100%" in twice.err
    assert len(twice.out.splitlines()) == 1
    assert "report-fi.html" in twice.out and "%" not in twice.out


def test_the_manifest_lists_every_input_with_its_checksum(twice: Twice):
    manifest = json.loads((twice.study / "report" / "manifest.json").read_text("utf-8"))
    study = kij.open_study(twice.study)
    files = [
        twice.study / "study.yaml",
        *twice.study.glob("codebook/*.yaml"),
        *twice.study.glob("codebook/payers/*.yaml"),
        *twice.study.glob("codebook/scenarios/*.yaml"),
        *twice.study.glob("notebooks/[0-9]*.ipynb"),
        *twice.study.glob("data/raw/published/**/*.csv"),
    ]
    files += [study.crosswalk(source) for source in study.sources]
    expected = {path.relative_to(twice.study).as_posix(): checksum(path) for path in files}
    expected |= {source.shown: checksum(source.file) for source in study.sources}
    assert {entry["file"]: entry["sha256"] for entry in manifest["inputs"]} == expected
    assert {e["data_status"] for e in manifest["inputs"] if e["kind"] == "data"} == {"synthetic"}


def test_the_manifest_lists_every_output_with_its_checksum(twice: Twice):
    manifest = json.loads((twice.study / "report" / "manifest.json").read_text("utf-8"))
    made = {path for path in twice.first if path.startswith(("figures/", "report/"))} - {
        "report/manifest.json"
    }
    assert set(manifest["outputs"]) == made
    assert all(manifest["outputs"][path] == twice.first[path] for path in made)


def test_every_figure_can_be_traced_to_its_data(twice: Twice):
    manifest = json.loads((twice.study / "report" / "manifest.json").read_text("utf-8"))
    assert {figure["name"] for figure in manifest["figures"]} >= {"status_matrix", "barriers"}
    sources = ["demo/kvinfo_end_2024.csv", "demo/fika_slut_2024.xlsx", "demo/sajo_slutt_2024.sav"]
    there = {source.shown for source in kij.open_study(twice.study).sources}
    for figure in manifest["figures"]:
        assert set(figure["files"]) <= set(manifest["outputs"])
        record = all(file.startswith("data/raw/published/") for file in figure["data_files"])
        assumed = all(file.startswith("codebook/") for file in figure["data_files"])
        assert assumed == (figure["data_status"] == ["assumed"])
        # Some stand beside printed numbers, and their files are told too.
        own = {file for file in figure["data_files"] if not file.startswith("data/raw/published/")}
        assert figure["data_files"] and (record or assumed or own <= there)
        assert record == (figure["data_status"] == ["published"])
    (barriers,) = [figure for figure in manifest["figures"] if figure["name"] == "barriers"]
    assert barriers["data_files"] == sources
    assert "barrier_language" in barriers["variables"]


def test_internal_accounts_stay_out_of_the_report(twice: Twice):
    names = {
        path.relative_to(twice.study / "report").as_posix() for path in (twice.study / "report").rglob("*.*")
    }
    rest = {name for name in names if not re.fullmatch(r"tables/fi/\w+\.(csv|xlsx)", name)}
    assert rest == {"index.html", "report-fi.html", "report-fi.xlsx", "manifest.json"}
    assert not [name for name in names if "ledger" in name or "counts" in name]


def test_an_attacker_learns_no_hidden_count_from_all_that_left_the_house(twice: Twice):
    found = kij.disclosure.attack([twice.study / "report", twice.study / "figures"], profile="n5")
    assert len(found) > 100 and not found["told"].any()


def test_no_machine_folder_stands_in_what_leaves_the_house(twice: Twice):
    for path in [*twice.study.glob("report/**/*"), *twice.study.glob("figures/**/*")]:
        if path.is_file():
            assert str(twice.study.parent).encode() not in path.read_bytes(), path.name


def test_a_notebook_runs_under_plain_papermill(twice: Twice, tmp_path: Path):
    """> papermill notebooks/08_two_way.ipynb out.ipynb -p languages '["fi"]'   # in the study folder"""
    study = kij.init(tmp_path / "study")
    command = [sys.executable, "-m", "papermill", "notebooks/08_two_way.ipynb", "out.ipynb"]
    parameters = ["-p", "languages", '["fi"]', "--no-progress-bar"]
    run = subprocess.run([*command, *parameters], cwd=study, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert (study / "out.ipynb").exists()
    made = {path: sha for path, sha in snapshot(study).items() if path.startswith("figures/")}
    told = json.loads((twice.study / "report" / "manifest.json").read_text("utf-8"))["figures"]
    files = [path for figure in told if figure["chapter"] == "two_way" for path in figure["files"]]
    assert made == {path: twice.first[path] for path in files} and files
