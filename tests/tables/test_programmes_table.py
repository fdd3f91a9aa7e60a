"""The comparison table: ten cells for each programme, every fact with its source, in five languages."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis import figures, indicators, tables
from kij_analysis.codebook import load_codebook, profiles
from kij_analysis.errors import UsageError
from kij_analysis.tables import Table
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES, Words
from kij_analysis.words.facts import spoken_number, spoken_years

FOLDER = template_folder()
BOOK = load_codebook(FOLDER / "codebook")
SOURCES = indicators.sources(FOLDER / "data" / "raw" / "published")
THREE, TWO = ("kvinfo", "fika", "sajo"), ("kvinder_i_job_course", "kvinner_ut")


def table(language: str = "en", programmes: tuple[str, ...] = THREE, **options: object) -> Table:
    shown = {"sources": SOURCES, **options}
    return tables.programmes(profiles(BOOK, programmes), Words(language, BOOK), **shown)  # type: ignore[arg-type]


def cell(of: Table, topic: str, column: int) -> list[str]:
    """The lines of a cell without the numbers of their sources and with plain blanks."""
    text = next(row[column] for row in of.rows if row[0] == topic)
    return [re.sub(r" ?\[[\d, ]+\]", "", line.replace("\xa0", " ")) for line in text.split("\n")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("programmes", [THREE, TWO])
def test_the_table_has_ten_rows_and_says_something_in_each_cell(language: str, programmes: tuple[str, ...]):
    found = table(language, programmes)
    assert len(found.rows) == 10
    assert all(len(row) == 1 + len(programmes) and all(row) for row in found.rows)
    assert not [text for row in found.rows for text in row if "{" in text or "nan" in text.lower().split()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_carries_its_source_and_every_source_is_listed_once(language: str):
    for programmes in (THREE, TWO):
        found = table(language, programmes)
        silent = Words(language)("programmes.not_published")
        lines = [line for row in found.rows for text in row[1:] for line in text.split("\n")]
        assert [line for line in lines if not re.search(r"\[\d+", line) and line != silent] == []
        cited = {int(n) for line in lines for group in re.findall(r"\[([\d,\xa0]+)\]", line)
                 for n in group.split(",\xa0")}  # fmt: skip
        assert cited == set(range(1, len(found.sources) + 1))
        assert [text.split(" ")[0] for text, _ in found.sources] == [f"[{n}]" for n in sorted(cited)]


def test_the_columns_have_the_full_names_and_countries_in_the_language_of_the_page():
    assert table("fi").header == (
        "Aihe", "KVINFOs Mentornetværk, Tanska", "FIKA, Suomi", "Sammen om en jobb, Norja",
    )  # fmt: skip


def test_the_course_is_told_apart_from_the_project_of_the_same_name():
    assert table("da", TWO).header[1] == "Kvinder i job (FSI), Danmark"


@pytest.mark.parametrize(
    "language, length, silent",
    [
        ("da", "6 måneder", "Ikke offentliggjort"),
        ("nb", "6 måneder", "Ikke publisert"),
        ("sv", "6 månader", "Inte publicerat"),
        ("fi", "6 kuukautta", "Ei julkaistu"),
        ("en", "6 months", "Not published"),
    ],
)
def test_what_is_not_published_says_so(language: str, length: str, silent: str):
    found, words = table(language), Words(language)
    assert cell(found, words("programmes.cell.length"), 2) == [length]
    assert cell(found, words("programmes.cell.intensity"), 3) == [silent]
    assert cell(found, words("programmes.cell.evidence"), 3) == [silent]


def test_sources_that_differ_stand_side_by_side_each_with_its_number():
    row = next(row for row in table().rows if row[0] == "Published figures")
    line = next(line for line in row[1].split("\n") if line.startswith("In work"))
    assert re.fullmatch(
        r"In work: 44%\xa0\[(\d+)\] / 47%\xa0\[(?!\1\])\d+\] \(2021\) – the sources differ", line
    )


def test_a_number_whose_unit_is_not_printed_says_so():
    assert cell(table(), "Length", 1)[0] == "4–12; the unit is missing in the source (2022)"


def test_targets_and_plans_are_not_told_as_results():
    assert "A target, not a result: 30% in work or education (2021)" in cell(table(), "Goals", 1)
    assert cell(table(), "Goals", 3)[1].startswith("A plan, not a result")


def test_a_programme_of_outputs_has_its_outputs_and_no_share():
    lines = cell(table(programmes=TWO), "Published figures", 2)
    assert "Over five years: almost 150 local chapters" in lines
    assert "Over five years: more than 600 activities" in lines
    assert "9 local chapters named in the pilot (2022–2024)" in lines
    assert not [line for line in lines if "%" in line]


def test_a_source_is_shown_with_publisher_year_and_link():
    found = table()
    html = found.html()
    assert "KVINFO, 2017, document of the project, not on the web</li>" in html
    address = "https://kavlifondet.no/2020/12/sammen-om-en-jobb/"
    assert f'<a href="{address}">kavlifondet.no/2020/12/sammen-om-en-jobb</a>' in html
    assert [address for _, address in found.sources if address and not address.startswith("http")] == []


def test_an_unlisted_source_stands_with_its_id():
    assert table(sources=None).sources[0] == ("[1] kvinfo_fact_sheet_2017", "")


def test_several_facts_of_a_cell_are_a_list_and_signs_of_html_stay_text():
    frame = profiles(BOOK, ["sajo"])
    html = tables.programmes(frame, Words("en", BOOK)).html()
    assert "<ul><li>Higher education" in html
    spoiled = frame.assign(label_en="<b>" + frame["label_en"])
    assert "<b>" not in tables.programmes(spoiled, Words("en", BOOK)).html()


def test_the_file_holds_the_sources(tmp_path: Path):
    with table("sv").save(tmp_path).open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    assert len(lines) == 1 + 10 + len(table("sv").sources)
    assert lines[11][0].startswith("[1] KVINFO")
    assert lines[-1][0].startswith(f"[{len(table('sv').sources)}]")


def test_without_profiles_there_is_no_table():
    with pytest.raises(UsageError, match="no profiles to compare"):
        tables.programmes(profiles(BOOK, ["fika"]).iloc[:0], "en")


def test_the_table_is_made_from_the_frame_alone():
    frame = profiles(BOOK, ["fika"])
    before = frame.copy()
    longer = frame.assign(value=frame["value"].where(frame["cell"] != "length", 7))
    found = tables.programmes(longer, Words("en", BOOK))
    assert cell(found, "Length", 1) == ["7 months"]
    pd.testing.assert_frame_equal(frame, before)


def test_a_chapter_takes_the_table_and_the_figure_in_every_language(tmp_path: Path):
    chapter = kij.chapter("data", study=FOLDER, languages=["da", "fi"], out=tmp_path)
    chapter.table(tables.programmes, profiles(BOOK, THREE), sources=SOURCES)
    record = indicators.load(FOLDER / "data" / "raw" / "published")
    own = record[record["programme"].isin(["kvinner_ut", "sammen_for_inkludering"])]
    chapter.figure(figures.outputs, own, sources=SOURCES)
    assert [item["data_status"] for item in chapter.items] == [["published"], ["published"]]
    for language in ("da", "fi"):
        assert (tmp_path / "report" / "tables" / language / "programmes.csv").exists()
        assert (tmp_path / "figures" / language / "outputs.svg").exists()
        assert "81" in str(chapter.items[1]["texts"][language]["rows"])


# ---------------------------------------------------------------- numbers and years as they are spoken


@pytest.mark.parametrize(
    "language, number, spoken",
    [
        ("en", {"value": 3, "unit": "meetings_per_month", "precision": "about"}, "about 3 meetings a month"),
        ("en", {"value": 1, "unit": "meetings_per_month", "precision": "about"}, "about one meeting a month"),
        ("da", {"value": 4, "high": 8, "unit": "hours_per_month"}, "4-8 timer om måneden"),
        ("sv", {"value": 4, "high": 8, "unit": "hours_per_month"}, "4–8 timmar i månaden"),
        ("nb", {"value": 500000, "unit": "NOK"}, "500\xa0000 norske kroner"),
        ("da", {"value": 2000000, "unit": "DKK_per_year"}, "2.000.000 danske kroner om året"),
        ("fi", {"value": 600, "unit": "count", "precision": "more_than"}, "yli 600"),
        ("fi", {"value": 50, "unit": "per_cent", "precision": "about"}, "noin 50\xa0%"),
        ("en", {"value": 42.5, "unit": "per_cent"}, "42.5%"),
        ("nb", {"value": 4, "high": 12, "unit": "unknown"}, "4–12; enheten mangler i kilden"),
    ],
)
def test_numbers_are_spoken_with_unit_and_qualifier(language: str, number: dict[str, object], spoken: str):
    assert spoken_number(Words(language), **number) == spoken  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "language, when, spoken",
    [("en", "2021", "2021"), ("sv", "2002–2013", "2002–2013"), ("da", "2002–2013", "2002-2013"),
     ("fi", "2012–", "vuodesta 2012")],
)  # fmt: skip
def test_years_are_written_as_the_language_writes_them(language: str, when: str, spoken: str):
    assert spoken_years(Words(language), when) == spoken
