"""A study file: where it is looked for, what it says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kij_analysis.errors import StudyError, UsageError
from kij_analysis.study import open_study, weakest
from kij_analysis.template import template_folder

STUDY = """\
study: {id: a, title: "A study", data_status: synthetic}
folders: {raw: somewhere/raw}
languages: [en, fi, da]
sources:
  - {crosswalk: kv_end, file: a.csv, data_status: synthetic, rows: 3}
  - {crosswalk: kv_end, file: b.csv, data_status: observed, round: "2025"}
disclosure: {profile: n10, confirmed_by: A data owner, on: 2026-03-02}
"""


def written(folder: Path, text: str = STUDY, name: str = "study.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(folder: Path, text: str) -> str:
    with pytest.raises(StudyError) as caught:
        open_study(written(folder, text))
    return str(caught.value)


def test_a_study_knows_its_sources_and_where_they_lie(tmp_path: Path):
    study = open_study(written(tmp_path))
    first, second = study.sources
    assert (first.file, first.shown, first.rows) == (tmp_path / "somewhere/raw/a.csv", "a.csv", 3)
    assert (second.round, second.data_status, second.rows) == ("2025", "observed", None)
    assert study.crosswalk(first) == tmp_path / "codebook/crosswalks/kv_end.yaml"
    assert (study.root, study.threshold) == (tmp_path, 10)
    assert study.confirmed is not None
    assert (study.confirmed.by, study.confirmed.on) == ("A data owner", "2026-03-02")


def test_languages_stand_in_the_reports_order_whatever_the_files_is(tmp_path: Path):
    study = open_study(written(tmp_path))
    assert study.languages == ("da", "fi", "en")
    assert study.speaking(["en", "sv"]).languages == ("sv", "en")
    assert study.speaking([]).languages == study.languages


def test_a_language_that_the_report_does_not_have_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="The language is 'se', which is not known"):
        open_study(written(tmp_path)).speaking(["se"])


def test_another_raw_folder_may_be_named(tmp_path: Path):
    study = open_study(written(tmp_path), raw=tmp_path / "elsewhere")
    assert study.sources[0].file == tmp_path / "elsewhere/a.csv"


def test_from_a_folder_below_the_study_file_is_found_above(tmp_path: Path):
    written(tmp_path)
    (tmp_path / "notebooks").mkdir()
    assert open_study(tmp_path / "notebooks").path == (tmp_path / "study.yaml").resolve()
    assert open_study(str(tmp_path)).id == "a"


def test_a_folder_that_is_not_there_is_told_even_if_a_study_lies_above(tmp_path: Path):
    written(tmp_path)
    with pytest.raises(StudyError, match="There is no folder"):
        open_study(tmp_path / "my-stdy")


def test_a_folder_without_a_study_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(StudyError, match=r"There is no study\.yaml .* kij init"):
        open_study(tmp_path)


def test_a_study_file_that_is_not_there_names_those_that_are(tmp_path: Path):
    written(tmp_path, name="study-piaac.yaml")
    with pytest.raises(StudyError, match=r"Did you mean 'study-piaac\.yaml'\?"):
        open_study(tmp_path / "study-piac.yaml")


def test_one_crosswalk_reads_two_files_only_with_two_rounds(tmp_path: Path):
    found = told(tmp_path, STUDY.replace(', round: "2025"', ""))
    assert found.startswith("study.yaml, line 6: The crosswalk 'kv_end' reads two files of the same round.")


def test_a_study_does_not_claim_more_than_its_weakest_source(tmp_path: Path):
    found = told(
        tmp_path, STUDY.replace('"A study", data_status: synthetic', '"A study", data_status: observed')
    )
    assert found == (
        "study.yaml, line 1: The study says 'observed', but a source is 'synthetic'. "
        "Write data_status: synthetic."
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("crosswalk: kv_end, file: a.csv", "crosswalks: kv_end, file: a.csv", 5, "Did you mean 'crosswalk'?"),
        ("languages: [en, fi, da]", "languages: [no]", 3, "'no' is not known."),
        ("profile: n10", "profile: n2", 7, "'n2' is not known."),
        (
            "profile: n10",
            "threshold: 10",
            7,
            "the key 'threshold' is no longer read. A profile stands in its",
        ),
        (", on: 2026-03-02", "", 7, "'on' is missing. Add it."),
        ("on: 2026-03-02", "on: in March", 7, "'in March' stands where a date such as 2026-03-02 belongs."),
        ("rows: 3", "rows: three", 5, "'three' stands where a whole number belongs."),
        ("folders: {raw:", "folders: {rawdata:", 2, "the key 'rawdata' is not known. Did you mean 'raw'?"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str):
    found = [row for row in told(tmp_path, STUDY.replace(old, new)).splitlines() if says in row]
    assert found[0].startswith(f"study.yaml, line {line}: ")


def test_a_result_of_several_kinds_of_data_is_the_weakest(tmp_path: Path):
    assert weakest(["observed", "assumed", "published"]) == "assumed"
    assert weakest([]) == "observed"


@pytest.mark.parametrize(
    "name", ["study.yaml", "study-piaac.yaml", "study-ess.yaml", "study-eurobarometer.yaml"]
)
def test_the_shipped_studies_open_and_their_crosswalks_are_there(name: str):
    study = open_study(template_folder() / name)
    assert study.sources
    assert all(study.crosswalk(source).is_file() for source in study.sources)
