"""The programmes: every cell has a source or says so, nothing is invented, outcomes are not conjured up."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from ruamel.yaml import YAML

import kij_analysis as kij
from kij_analysis import indicators
from kij_analysis.codebook import (
    known_programme,
    load_codebook,
    load_crosswalk,
    needs_outcomes,
    profiles,
    schema,
)
from kij_analysis.codebook.programme_files import read_programmes
from kij_analysis.codebook.programmes import CELLS, Fact
from kij_analysis.codebook.yaml_files import read_yaml
from kij_analysis.errors import StudyError, UsageError
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES

FOLDER = template_folder()
BOOK = load_codebook(FOLDER / "codebook")
FIVE = ("kvinfo", "fika", "sajo", "kvinder_i_job_course", "kvinner_ut")
PUBLISHED = FOLDER / "data" / "raw" / "published"
SHARED = os.environ.get("KIJ_SHARED", "")
with_shared = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not name the folder of the collections")


def facts() -> Iterator[tuple[str, Fact]]:
    for code in FIVE:
        for name, cell in BOOK.programmes[code].profile.items():
            for fact in cell.facts:
                yield f"{code} {name}", fact


FACTS = list(facts())


# ---------------------------------------------------------------- the five profiles


@pytest.mark.parametrize("code", FIVE)
def test_each_of_the_five_programmes_has_the_ten_cells(code: str):
    assert tuple(BOOK.programmes[code].profile) == CELLS
    assert len(CELLS) == 10


def test_every_cell_has_a_source_or_says_that_nothing_was_found():
    frame = profiles(BOOK)
    assert list(frame["programme"].unique()) == list(FIVE)
    assert (frame["published"] == (frame["source"] != "")).all()
    silent = frame.loc[~frame["published"], ["programme", "cell"]].apply(tuple, axis=1).tolist()
    assert ("sajo", "evidence") in silent and ("kvinner_ut", "length") in silent


def test_every_source_stands_in_the_list_of_publications():
    listed = set(indicators.sources(PUBLISHED)["id"])
    assert {source for _, fact in FACTS for source in fact.cited} <= listed


def test_every_phrase_stands_in_five_languages_and_english_and_finnish_are_like_no_other():
    for place, fact in FACTS:
        assert set(fact.labels) in (set(LANGUAGES), set()), place
        for language in ("en", "fi") if fact.labels else ():
            assert list(fact.labels.values()).count(fact.labels[language]) == 1, place


def test_the_evidence_code_says_what_has_been_printed():
    codes = {code: BOOK.programmes[code].evidence for code in FIVE}
    assert codes == {
        "kvinfo": "outcomes",
        "fika": "outputs_only",
        "sajo": "none_published",
        "kvinder_i_job_course": "outcomes",
        "kvinner_ut": "outputs_only",
    }
    assert [code for code in FIVE if BOOK.programmes[code].has_outcomes] == ["kvinfo", "kvinder_i_job_course"]


def test_the_length_in_months_is_known_only_where_one_number_is_printed():
    months = {code: BOOK.programmes[code].months for code in FIVE}
    assert months == {
        "kvinfo": None, "fika": 6, "sajo": 6, "kvinder_i_job_course": None, "kvinner_ut": None,
    }  # fmt: skip


def test_a_number_without_a_printed_unit_gets_none():
    rows = profiles(BOOK, ["kvinfo"]).query("cell == 'length'")
    assert rows[["value", "high", "unit"]].iloc[0].tolist() == [4, 12, "unknown"]


def test_sources_that_differ_stand_side_by_side():
    frame = profiles(BOOK, ["kvinfo"]).query("cell == 'evidence' and when == '2021'")
    pairs = frame.groupby("fact")["value"].apply(list).tolist()
    assert pairs == [[44, 47], [15, 20]]
    assert frame.groupby("fact")["source"].nunique().tolist() == [2, 2]


# ---------------------------------------------------------------- nothing is invented


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return indicators.load(PUBLISHED).set_index("id")


def test_numbers_agree_with_the_printed_record(record: pd.DataFrame):
    linked = [(fact, number) for _, fact in FACTS for number in fact.numbers if number.record]
    assert len(linked) > 30
    for fact, number in linked:
        row = record.loc[number.record]
        high = None if pd.isna(row["value_high"]) else row["value_high"]
        assert (number.value, number.high) == (row["value"], high), number.record
        assert (number.unit, number.precision) == (row["unit"], row["precision"]), number.record
        assert row["source"] in (number.sources or fact.sources), number.record
        years = [int(year) for year in re.findall(r"\d{4}", fact.when)]
        printed = [] if pd.isna(row["year_from"]) else [row["year_from"], row["year_to"]]
        assert not years or years[0] == printed[0], number.record
        if len(years) == 2:
            assert years == printed, number.record


def test_a_programme_that_has_results_in_the_record_is_one_with_outcomes(record: pd.DataFrame):
    results = record[record["outcome_type"].isin(indicators.record.RESULTS)]
    for code in FIVE:
        there = results["programme"].isin([code, *BOOK.programmes[code].parts]).any()
        assert BOOK.programmes[code].has_outcomes == there, code


def test_only_two_numbers_are_not_in_the_record():
    """The cities stand in a list without a year, the chapters were counted from their names."""
    loose = {(place, n.value) for place, fact in FACTS for n in fact.numbers if not n.record}
    assert loose == {("kvinfo model", 5), ("kvinner_ut evidence", 9)}


def document(number: str) -> str:
    return next((Path(SHARED) / "source-documents").glob(f"{number}_*.txt")).read_text("utf-8")


def collections() -> str:
    """All that was collected about the programmes, as one text."""
    shared = Path(SHARED)
    texts = [
        (shared / "reference" / f"{name}.md").read_text("utf-8") for name in ("programmes", "investment")
    ]
    published = shared / "data" / "published"
    texts += [(published / f"{name}_facts.csv").read_text("utf-8") for name in ("programme", "investment")]
    return "\n".join([*texts, *(document(f"00{number}") for number in range(5))])


@with_shared
def test_the_two_others_stand_in_what_was_collected():
    cities = re.search(r"Five cities: ([^.]*?), placed", collections())
    assert cities and len(cities[1].split(", ")) == 5
    names = re.findall(r"• (.*) Bygdekvinnelag", document("003"))
    assert len([name for line in names for name in re.split(r", | og ", line)]) == 9


@with_shared
def test_every_number_and_year_stands_in_what_was_collected():
    text = re.sub(r"(?<=\d)[., \u00a0](?=\d{3}(?!\d))", "", collections())
    spelled = {2: "twice", 5: "fem", 9: "nine"}
    for place, fact in FACTS:
        ends = [end for number in fact.numbers for end in (number.value, number.high) if end is not None]
        for end in ends:
            in_words = spelled.get(int(end), "(?!)")
            assert re.search(rf"(?<![\d.]){end:.0f}(?!\d)|\b(?:{in_words})\b", text), f"{place}: {end}"
        for year in re.findall(r"\d{4}", fact.when):
            assert year in text, f"{place}: {year}"


@with_shared
def test_every_address_of_a_cited_source_stands_in_what_was_collected():
    text, addresses = collections(), indicators.sources(PUBLISHED).set_index("id")["address"]
    cited = {addresses[source] for _, fact in FACTS for source in fact.cited}
    assert {address for address in cited if address not in text} == {"project document"}


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@with_shared
def test_no_more_than_five_words_in_a_row_are_taken_from_a_source():
    ours = {
        (tuple(run[start : start + 6]), place)
        for place, fact in FACTS
        for run in map(words, fact.labels.values())
        for start in range(len(run) - 5)
    }
    published = Path(SHARED) / "data" / "published"
    theirs = [path.read_text("utf-8") for path in (Path(SHARED) / "source-documents").glob("*.txt")]
    for name in ("programme_facts.csv", "investment_facts.csv"):
        with (published / name).open(encoding="utf-8", newline="") as stream:
            theirs += [row["exact_wording"] for row in csv.DictReader(stream)]
    printed = {tuple(run[i : i + 6]) for run in map(words, theirs) for i in range(len(run) - 5)}
    names = {("stjørdal", "frogn", "suldal", "kvinnherad", "og", "harstad")}
    assert {(six, place) for six, place in ours if six in printed - names} == set()


# ---------------------------------------------------------------- two things called Kvinder i job


def test_the_two_that_are_called_kvinder_i_job_have_two_ids():
    called = {code: one for code, one in BOOK.programmes.items() if one.name == "Kvinder i job"}
    assert {code: one.kind for code, one in called.items()} == {
        "kvinder_i_job_course": "programme",
        "kvinder_i_job_report": "project",
    }
    assert len({one.short for one in called.values()}) == 2


@pytest.mark.parametrize("asked", ["Kvinder i job", "kvinder_i_job", "kvinder  i job"])
def test_whoever_asks_for_kvinder_i_job_is_told_of_both(asked: str):
    with pytest.raises(UsageError, match=r"kvinder_i_job_course .* or kvinder_i_job_report") as caught:
        known_programme(BOOK, asked)
    assert "Write one of the two codes." in str(caught.value)


def test_a_full_name_leads_to_the_code():
    with pytest.raises(UsageError, match="Did you mean 'sajo'"):
        known_programme(BOOK, "Sammen om en jobb")


def test_a_project_has_no_profile():
    with pytest.raises(UsageError, match="is a project without a profile"):
        profiles(BOOK, ["kvinder_i_job_report"])


def test_a_questionnaire_cannot_be_that_of_a_project(tmp_path: Path):
    text = (FOLDER / "codebook" / "crosswalks" / "kvinfo_end_2024.yaml").read_text("utf-8")
    path = tmp_path / "kvinfo_end_2024.yaml"
    path.write_text(text.replace("programme: kvinfo", "programme: kvinder_i_job_report"), "utf-8")
    with pytest.raises(StudyError, match="'kvinder_i_job_report' is a project; it has no participants"):
        load_crosswalk(path, BOOK)


# ---------------------------------------------------------------- what needs outcomes is refused


def test_a_programme_with_outputs_only_is_refused_with_what_it_has_published():
    with pytest.raises(UsageError) as caught:
        needs_outcomes(BOOK, ["kvinner_ut"])
    sentence = str(caught.value)
    assert sentence.startswith("KvinnerUT (kvinner_ut) has published outputs only")
    assert "almost 150 local chapters" in sentence and "more than 600 activities" in sentence
    assert "no outcomes" in sentence and "Leave it out, or add a survey" in sentence


def test_all_that_are_refused_are_named_at_once():
    with pytest.raises(UsageError) as caught:
        needs_outcomes(BOOK, ["kvinfo", "kvinner_ut", "sajo", "kvinder_i_job_report", "kvinner_ut"])
    starts = [problem.what.split(" (")[0] for problem in caught.value.problems]
    assert starts == ["KvinnerUT", "SAJO", "Kvinder i job"]


@pytest.mark.parametrize("asked", [["kvinfo"], ["kvinder_i_job_course"], ["piaac_fi"], []])
def test_a_programme_with_outcomes_in_print_and_a_survey_pass(asked: list[str]):
    needs_outcomes(BOOK, asked)


def test_answers_of_the_study_itself_are_outcomes_enough():
    needs_outcomes(BOOK, ["fika", "sajo", "kvinner_ut"], at_hand=["fika", "sajo", "kvinner_ut"])


def test_a_chapter_refuses_the_programme_where_its_rows_would_be_needed():
    chapter = kij.chapter("barriers", study=FOLDER, programmes=["kvinner_ut"])
    rows = pd.DataFrame({"programme": ["fika"], "variable": ["employed"]})
    with pytest.raises(UsageError, match="has published outputs only"):
        chapter.keep(rows)
    assert set(profiles(chapter.codebook, chapter.programmes)["programme"]) == {"kvinner_ut"}


def test_a_chapter_keeps_the_rows_of_a_programme_that_brings_its_own_answers():
    chapter = kij.chapter("barriers", study=FOLDER, programmes=["kvinner_ut"])
    rows = pd.DataFrame({"programme": ["fika", "kvinner_ut"]})
    assert chapter.keep(rows)["programme"].tolist() == ["kvinner_ut"]


# ---------------------------------------------------------------- mistakes in the file


NOTHING = {name: {"published": False} for name in CELLS}
LABELS = dict.fromkeys(LANGUAGES, "a phrase")


def problems(tmp_path: Path, **changes: object) -> list[str]:
    """The problems of a file with one programme, whose profile has been changed."""
    entry = {
        "kind": "programme", "name": "X", "short": "X", "country": "DK", "source": "test",
        "evidence": "none_published", "profile": NOTHING, **changes,
    }  # fmt: skip
    path = tmp_path / "programmes.yaml"
    entry = {key: value for key, value in entry.items() if value is not None}
    with path.open("w", encoding="utf-8") as stream:
        YAML().dump({"programmes": {"x": entry}}, stream)
    document, found = read_yaml(path, against="programmes")
    if not found:
        assert document is not None
        found = read_programmes(document)[1]
    return [str(problem) for problem in found]


def with_cell(cell: object) -> dict[str, object]:
    return {"profile": {**NOTHING, "length": cell}}


def with_fact(**fact: object) -> dict[str, object]:
    return with_cell({"facts": [{"source": "s", **fact}]})


def test_a_profile_may_say_nothing_at_all(tmp_path: Path):
    assert problems(tmp_path) == []


def test_a_programme_may_have_no_profile_yet(tmp_path: Path):
    assert problems(tmp_path, profile=None, evidence=None) == []


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in NOTHING.items() if key != name}


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"profile": without("goals")}, "x: 'goals' is missing in the profile. Add it; where nothing"),
        ({"profile": {**NOTHING, "gaols": {}}}, "the key 'gaols' is not known. Did you mean 'goals'?"),
        ({"kind": "project"}, "x: a project has no profile."),
        ({"evidence": None}, "x: the profile has no evidence code beside it."),
        ({"profile": None}, "x: evidence stands here without a profile."),
        ({"evidence": "outcomes"}, "x: evidence is 'outcomes', but its cell is not published."),
        (with_cell({}), "length: exactly one of 'published: false' and 'facts' must stand here."),
        (with_cell({"published": True}), "'True' is not known."),
        (with_cell({"facts": []}), "nothing stands here."),
        (with_fact(value=6, unit="months", hours=3), "the key 'hours' is not known."),
        (with_fact(value=6, unit="month"), "'month' is not known. Did you mean 'months'?"),
        (with_fact(value=6), "length: fact 1: the number has no unit."),
        (with_fact(unit="months"), "a number is either value, or low and high."),
        (with_fact(value=6, low=4, high=8, unit="months"), "a number is either value, or low and high."),
        (with_fact(low=8, high=4, unit="months"), "low does not lie below high."),
        (with_fact(), "neither labels nor a number stands here."),
        (with_fact(labels=LABELS, source=[]), "nothing stands here."),
        (with_cell({"facts": [{"labels": LABELS}]}), "fact 1: the source is missing."),
        (with_fact(labels={**LABELS, "da": "6 uger"}), "the phrase holds a number: '6 uger'."),
        (with_fact(labels={**LABELS, "fi": "{number}"}), "but no number stands beside it"),
        (with_fact(value=6, unit="weeks", labels=LABELS), "the phrase must hold {number} once"),
        (with_fact(labels={"da": "kort"}), "'fi' is missing. Add it."),
        (with_fact(labels=LABELS, when="last year"), "'last year' is not a year. Write 2021, 2002–2013, or"),
        (with_fact(labels=LABELS, when=2021), "'2021' stands where text belongs. Put it in quotes"),
        (with_fact(conflicting=[{"value": 1, "unit": "weeks", "source": "a"}] * 2), "beside conflicting"),
        (
            with_cell({"facts": [{"conflicting": [{"value": 1, "unit": "weeks"}] * 2}]}),
            "fact 1: the source is missing.",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_a_profile_gets_a_sentence_with_its_line(
    tmp_path: Path, changes: dict[str, object], sentence: str
):
    found = [problem for problem in problems(tmp_path, **changes) if sentence in problem]
    assert found, problems(tmp_path, **changes)
    assert all(re.match(r"programmes\.yaml, line \d+: ", problem) for problem in found)


def test_two_programmes_may_not_share_a_short_name(tmp_path: Path):
    entry = {"kind": "programme", "name": "X", "country": "DK", "source": "test"}
    path = tmp_path / "programmes.yaml"
    with path.open("w", encoding="utf-8") as stream:
        YAML().dump({"programmes": {"x": {**entry, "short": "One"}, "y": {**entry, "short": "one"}}}, stream)
    document, _ = read_yaml(path, against="programmes")
    assert document is not None
    found = [problem.what for problem in read_programmes(document)[1]]
    assert found == [
        "x: the short name 'One' belongs to several programmes.",
        "y: the short name 'one' belongs to several programmes.",
    ]


def test_mistakes_reach_the_user_with_those_of_the_other_files(tmp_path: Path):
    book = tmp_path / "codebook"
    book.mkdir()
    for path in (FOLDER / "codebook").glob("*.yaml"):
        text = path.read_text("utf-8").replace("evidence: outputs_only", "evidence: none_published")
        (book / path.name).write_text(text, "utf-8")
    with pytest.raises(StudyError) as caught:
        load_codebook(book)
    assert len(caught.value.problems) == 2
    assert "codebook/programmes.yaml, line" in str(caught.value)
    assert "fika: evidence is 'none_published', but its cell tells facts." in str(caught.value)


def test_the_units_and_precisions_are_those_of_the_printed_record():
    printed = schema("programmes")["$defs"]["fact"]["properties"]
    assert printed["precision"]["enum"] == list(indicators.codes("precision"))
    assert set(printed["unit"]["enum"]) <= set(indicators.codes("unit"))
