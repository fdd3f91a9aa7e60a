"""The manifest: what an older run has left, and where it lies."""

from __future__ import annotations

from pathlib import Path

import pytest

import kij_analysis as kij
from kij_analysis.reporting.manifest import Manifest, place_of, read_manifest

STUDY = kij.open_study(kij.template.template_folder())


def test_what_is_no_longer_made_is_stale_in_the_languages_of_the_run_only():
    made = {
        "figures/da/old.svg": "1",
        "figures/fi/old.svg": "2",
        "figures/da/kept.svg": "3",
        "report/manifest.json": "4",
    }
    newer, stale = Manifest(outputs={"figures/da/kept.svg": "5"}).after(Manifest(outputs=made), ["da"])
    assert stale == ["figures/da/old.svg"]
    assert newer.earlier == {"figures/fi/old.svg": "2"}


def test_files_of_a_language_are_remembered_over_runs_in_another():
    first = Manifest(outputs={"figures/da/old.svg": "1", "report/report-da.html": "2"})
    second, stale = Manifest(outputs={"report/report-fi.html": "3"}).after(first, ["fi"])
    assert (stale, second.earlier) == ([], first.outputs)
    third, stale = Manifest(outputs={"report/report-da.html": "4"}).after(second, ["da"])
    assert stale == ["figures/da/old.svg"]
    assert third.earlier == {"report/report-fi.html": "3"}


def test_the_name_of_a_page_and_the_folder_of_a_figure_tell_the_language():
    made = {"report/report-da.html": "", "report/tables/da/a.csv": "", "figures/fi/a-da.svg": ""}
    _, stale = Manifest().after(Manifest(outputs=made), ["da"])
    assert stale == ["report/report-da.html", "report/tables/da/a.csv"]


@pytest.mark.parametrize(
    "path", ["", "figures/../../x", "data/raw/x.csv", "/etc/x", "figures//etc/../x", "study.yaml"]
)
def test_a_path_out_of_the_folders_of_the_report_leads_nowhere(path: str):
    assert place_of(path, STUDY) is None


def test_a_path_leads_into_the_folder_that_the_study_names():
    assert place_of("figures/da/a.svg", STUDY) == STUDY.folders["figures"] / "da" / "a.svg"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"unknown": 1}', "5"])
def test_a_manifest_that_cannot_be_read_is_as_none(content: str, tmp_path: Path):
    path = tmp_path / "manifest.json"
    path.write_text(content, encoding="utf-8")
    assert read_manifest(path) == Manifest() == read_manifest(tmp_path / "nothing.json")


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path):
    manifest = Manifest(
        study={"id": "demo"},
        outputs={"figures/da/a.svg": "1"},
        earlier={"b": "2"},
        inputs=[],
        figures=[],
        tables=[],
    )
    assert read_manifest(manifest.write(tmp_path / "manifest.json")) == manifest
