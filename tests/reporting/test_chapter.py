"""A chapter: its parameters as a notebook gets them, and where it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis import estimates
from kij_analysis.errors import StudyError, UsageError
from kij_analysis.reporting.chapter import as_list
from kij_analysis.template import template_folder

STUDY = template_folder()


def shares() -> pd.DataFrame:
    row = {
        "variable": "barrier_language", "category": "yes", "measure": "share", "estimate": 0.5, "count": 20,
        "n": 40, "method": "none", "data_status": "synthetic",
    }  # fmt: skip
    return estimates.make([{**row, "programme": "fika"}, {**row, "programme": "sajo"}])


@pytest.mark.parametrize(
    "given, languages",
    [
        ('["da"]', ("da",)),
        ("['fi', 'da']", ("da", "fi")),
        ("da, fi", ("da", "fi")),
        ("fi", ("fi",)),
        (["en", "sv"], ("sv", "en")),
        (("nb",), ("nb",)),
        ("", ("da", "nb", "sv", "fi", "en")),
        ("[]", ("da", "nb", "sv", "fi", "en")),
        ([], ("da", "nb", "sv", "fi", "en")),
    ],
)
def test_languages_are_read_as_papermill_passes_them(given: object, languages: tuple[str, ...]):
    assert kij.chapter("barriers", study=STUDY, languages=given).study.languages == languages


@pytest.mark.parametrize("given, programmes", [("fika", ("fika",)), ('["sajo", "fika"]', ("sajo", "fika"))])
def test_so_are_programmes(given: str, programmes: tuple[str, ...]):
    assert kij.chapter("barriers", study=STUDY, programmes=given).programmes == programmes


@pytest.mark.parametrize(
    "value, items",
    [
        ("", []),
        (" ", []),
        (None, []),
        ("a,,b ,", ["a", "b"]),
        ("[]", []),
        (("a",), ["a"]),
        ('["a, b"]', ["a, b"]),
    ],
)
def test_a_list_is_read_from_what_looks_like_one(value: object, items: list[str]):
    assert as_list(value) == items  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ['["da"', "[da]", 5, 0.5, True, [1, 2], {"da": 1}, '["da", 5]'])
def test_what_is_no_list_is_refused_with_a_list_that_is_one(value: object):
    with pytest.raises(UsageError, match=r'Write \["da", "fi"\]'):
        as_list(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"name": "bariers"}, "There is no chapter 'bariers'."),
        ({"languages": "dk"}, "The language is 'dk', which is not known."),
        ({"programmes": "fikka"}, "There is no programme 'fikka'. Did you mean 'fika'?"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is(options: dict[str, str], sentence: str):
    with pytest.raises(UsageError) as caught:
        kij.chapter(**{"name": "barriers", "study": STUDY, **options})  # type: ignore[arg-type]
    assert sentence in str(caught.value)
    assert "Known: " in str(caught.value)


def test_a_study_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(StudyError):
        kij.chapter("barriers", study=tmp_path / "nothing")


def test_a_chapter_keeps_the_programmes_that_it_was_asked_for():
    kept = kij.chapter("barriers", study=STUDY, programmes="fika").keep(shares())
    assert kept["programme"].tolist() == ["fika"]
    assert len(kij.chapter("barriers", study=STUDY).keep(shares())) == 2


def test_a_programme_without_data_is_refused_with_those_that_have_some():
    chapter = kij.chapter("barriers", study=STUDY, programmes="fika, kvinfo")
    with pytest.raises(UsageError, match=r"nothing of the programme 'kvinfo'\. It has 'fika', 'sajo'"):
        chapter.keep(shares())


def test_a_chapter_writes_every_figure_and_table_in_every_language(tmp_path: Path):
    chapter = kij.chapter("barriers", study=STUDY, languages="da, en", out=tmp_path)
    first = chapter.figure(kij.figures.dots, shares())
    chapter.table(kij.tables.estimates, shares())
    listed = json.loads(chapter.close().read_text("utf-8"))
    assert first.language == "da"
    forms = ("csv", "json", "png", "svg")
    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()) == [
        *(f"figures/{language}/barriers.{form}" for language in ("da", "en") for form in forms),
        "processed/chapters/barriers.json",
        "processed/numbers/figure-barriers.csv",
        "processed/numbers/table-estimates.csv",
        *(
            f"report/tables/{language}/estimates.{form}"
            for language in ("da", "en")
            for form in ("csv", "xlsx")
        ),
    ]
    figure, table = listed["items"]
    assert (figure["variables"], figure["programmes"]) == (["barrier_language"], ["fika", "sajo"])
    assert figure["texts"].keys() == table["texts"].keys() == {"da", "en"}


def test_a_chapter_writes_where_it_is_told_even_if_that_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    kij.chapter("barriers", study=STUDY, languages="en", out=".").figure(kij.figures.dots, shares())
    assert (tmp_path / "figures" / "en" / "barriers.svg").exists()


def test_without_a_word_it_writes_into_the_folders_of_the_study(tmp_path: Path):
    study = kij.open_study(kij.init(tmp_path / "s"))
    kij.chapter("barriers", study=study, languages="en").close()
    assert (tmp_path / "s" / "data" / "processed" / "chapters" / "barriers.json").exists()
