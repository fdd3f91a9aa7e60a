"""The demonstration's waves and roles: linked people, slips, and who answers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from python_calamine import CalamineWorkbook
from ruamel.yaml import YAML

from kij_analysis import demo
from kij_analysis.codebook import load_codebook, load_crosswalk
from kij_analysis.privacy import normal_id
from kij_analysis.study import open_study
from kij_analysis.template import template_folder

ROOT = template_folder()
FOLDER = ROOT / "data" / "raw" / "demo"
CODES = ("kvinfo", "fika", "sajo")
JOB = ("employed", "subsidised_job")
SOURCES = {
    "kvinfo_entry_2024": "kvinfo_start_2024.csv",
    "kvinfo_end_2024": "kvinfo_end_2024.csv",
    "kvinfo_follow_up_2025": "kvinfo_opfoelgning_2025.csv",
    "kvinfo_mentor_end_2024": "kvinfo_mentorer_2024.csv",
    "kvinfo_waiting_entry_2024": "kvinfo_venteliste_start_2024.csv",
    "kvinfo_waiting_end_2024": "kvinfo_venteliste_slut_2024.csv",
    "fika_entry_2024": "fika_start_2024.xlsx",
    "fika_end_2024": "fika_slut_2024.xlsx",
    "fika_follow_up_2025": "fika_uppfoljning_2025.xlsx",
    "fika_mentor_end_2024": "fika_mentorer_2024.xlsx",
    "sajo_entry_2024": "sajo_start_2024.sav",
    "sajo_end_2024": "sajo_slutt_2024.sav",
    "sajo_follow_up_2025": "sajo_oppfolging_2025.sav",
    "sajo_mentor_end_2024": "sajo_mentorer_2024.sav",
    "sajo_meetings_2024": "sajo_motelogg_2024.csv",
}
MENTEES = ("entry_2024", "end_2024", "follow_up_2025")


def table(name: str) -> pd.DataFrame:
    """A committed file as its tool would show it, with two header rows joined."""
    path = FOLDER / name
    if path.suffix == ".sav":
        return pyreadstat.read_sav(path, user_missing=True)[0]
    if path.suffix == ".csv":
        mark, encoding = (";", "cp1252") if name.startswith("kvinfo") else (",", "utf-8-sig")
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=mark))
        return pd.DataFrame(rows[1:], columns=rows[0])
    titles, options, *rows = CalamineWorkbook.from_path(path).get_sheet_by_name("Svar").to_python()
    names: list[str] = []
    for title, option in zip(titles, options, strict=True):
        block = str(title) or names[-1].split(": ")[0]
        names.append(f"{block}: {option}" if option else str(title))
    return pd.DataFrame(rows, columns=names)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {instrument: table(name) for instrument, name in SOURCES.items()}


@pytest.fixture(scope="module")
def people(given) -> dict[str, pd.DataFrame]:
    return {code: demo.participants(given, code, seed=given.seed) for code in CODES}


@pytest.fixture(scope="module")
def answers(given) -> dict[str, dict[str, pd.DataFrame]]:
    return {code: demo.surveys(given, code, seed=given.seed) for code in CODES}


@cache
def declared(instrument: str) -> dict:
    path = ROOT / "codebook" / "crosswalks" / f"{instrument}.yaml"
    return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))["instrument"]


def spelt_as(tables: dict[str, pd.DataFrame], instrument: str, key: str = "person_id") -> list[str]:
    return [str(text) for text in tables[instrument][declared(instrument)["keys"][key]]]


def linked(tables: dict[str, pd.DataFrame], instrument: str, key: str = "person_id") -> list[str]:
    ignoring: Sequence[str] = declared(instrument)["ids"]
    return [normal_id(text, ignoring) for text in spelt_as(tables, instrument, key)]


# ---------------------------------------------------------------- the same people


@pytest.mark.parametrize("code", CODES)
def test_ids_differ_between_waves_and_link_once_the_differences_are_declared(tables, people, code):
    texts = [set(spelt_as(tables, f"{code}_{wave}")) for wave in MENTEES]
    ids = [set(linked(tables, f"{code}_{wave}")) for wave in MENTEES]
    for (text, one), (other_text, other) in pairwise(zip(texts, ids, strict=True)):
        assert len(text & other_text) < len(one & other)
    assert len(set.union(*ids)) <= len(people[code])


@pytest.mark.parametrize("code", CODES)
def test_declared_differences_never_make_two_people_one(tables, answers, code):
    for wave, name in zip(MENTEES, ("entry", "end", "follow_up"), strict=True):
        assert len(set(linked(tables, f"{code}_{wave}"))) == len(answers[code][name])


@pytest.mark.parametrize("code", CODES)
def test_mentors_lead_to_pairs_of_mentees_and_have_ids_of_their_own(tables, people, code):
    pairs = linked(tables, f"{code}_mentor_end_2024", "pair_id")
    numbers = {int(re.sub(r"\D", "", pair)) for pair in pairs}
    assert numbers <= set(people[code]["pair"])
    assert not set(linked(tables, f"{code}_mentor_end_2024")) & set(linked(tables, f"{code}_end_2024"))


def test_men_are_among_the_mentees_of_fika_and_sajo_only(people):
    men = {code: int((frame["gender"] == "man").sum()) for code, frame in people.items()}
    assert men["kvinfo"] == 0
    assert men["fika"] >= 20 and men["sajo"] >= 40


# ---------------------------------------------------------------- slips


@pytest.mark.parametrize(
    ("instrument", "rows"),
    [
        ("kvinfo_entry_2024", 2), ("kvinfo_follow_up_2025", 2), ("kvinfo_mentor_end_2024", 1),
        ("fika_entry_2024", 2), ("fika_mentor_end_2024", 1),
        ("sajo_entry_2024", 2), ("sajo_mentor_end_2024", 1),
    ],
)  # fmt: skip
def test_some_people_stand_in_a_file_twice_and_its_crosswalk_says_what_holds(tables, instrument, rows):
    ids = pd.Series(linked(tables, instrument))
    assert int(ids.duplicated().sum()) == rows
    frame, form = tables[instrument], declared(instrument)
    used = frame.drop(columns=[*form.get("ignored", ()), *form["free_text"]]).assign(id=ids)
    used = used.drop(columns=form["keys"]["person_id"])
    twice = used[ids.duplicated(keep=False)].astype(str)
    assert form["repeated"] == ("identical" if twice.duplicated().sum() == rows else "last")


@pytest.mark.parametrize("code", CODES)
def test_nobody_stands_twice_in_an_end_survey(tables, code):
    assert not pd.Series(linked(tables, f"{code}_end_2024")).duplicated().any()


def unreadable(cells: pd.Series, pattern: str) -> int:
    given = cells[cells != ""].astype(str)
    return int(pd.to_datetime(given, format=pattern, errors="coerce").isna().sum())


@pytest.mark.parametrize(
    ("instrument", "column", "number"),
    [
        ("kvinfo_entry_2024", "Besvaret", 2),
        ("kvinfo_follow_up_2025", "Hvornår begyndte du i dit første job efter start i Mentornetværket?", 2),
        ("fika_entry_2024", "Datum / Päivämäärä", 1),
        ("sajo_meetings_2024", "Møtedato", 3),
    ],
)  # fmt: skip
def test_some_dates_are_of_no_day_and_the_crosswalk_lets_them_be_missing(tables, instrument, column, number):
    form = declared(instrument)
    assert unreadable(tables[instrument][column], form["file"]["dates"]) == number
    assert form["unreadable_dates"] == "missing"


@pytest.mark.parametrize("code", CODES)
def test_every_survey_of_mentees_has_free_text_that_never_passes(tables, code):
    for wave in MENTEES:
        columns = declared(f"{code}_{wave}")["free_text"]
        assert any((tables[f"{code}_{wave}"][column] != "").any() for column in columns)


# ---------------------------------------------------------------- who answers


@pytest.mark.parametrize("code", CODES)
def test_fewer_answer_at_each_wave(answers, people, code):
    numbers = [len(people[code]), *(len(answers[code][wave]) for wave in ("entry", "end", "follow_up"))]
    assert all(later < earlier for earlier, later in pairwise(numbers))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("wave", ["end", "follow_up"])
def test_who_is_in_a_job_answers_more_often(answers, people, code, wave):
    everybody = people[code]
    there = everybody["number"].isin(answers[code][wave]["number"])
    in_job = everybody[f"status_{wave}"].isin(JOB)
    assert there[in_job].mean() > there[~in_job].mean() + 0.04


@pytest.mark.parametrize("code", CODES)
def test_who_has_higher_education_answers_more_often(answers, people, code):
    everybody = people[code]
    there = everybody["number"].isin(answers[code]["end"]["number"])
    high = everybody["education"] >= 5
    assert there[high].mean() > there[~high].mean() + 0.1


def test_the_answers_therefore_show_more_people_in_a_job_than_there_are(answers, people):
    for code in CODES:
        shown = answers[code]["follow_up"]
        valid = shown.loc[shown["labour_status_mark"] == "", "labour_status"].isin(JOB)
        assert valid.mean() > people[code]["status_follow_up"].isin(JOB).mean() + 0.05


# ---------------------------------------------------------------- the known truth


def test_the_truth_in_the_assumptions_is_what_the_people_are(given):
    assert given.truth == demo.truth(given)


def test_the_truth_does_not_depend_on_who_answers(given):
    text = (FOLDER / demo.ASSUMPTIONS).read_text("utf-8")
    content = YAML(typ="safe", pure=True).load(text)
    for programme in content["programmes"].values():
        programme["entry_rate"]["value"] = programme["follow_up_rate"]["value"] = 0.2
    assert demo.truth(demo.read_assumptions(content)) == given.truth


def test_more_meetings_and_work_at_entry_go_with_work_at_the_end(people):
    everybody = pd.concat(people.values())
    in_job = everybody["status_end"].isin(JOB)
    before = everybody["status_entry"].isin(JOB)
    assert in_job[before].mean() > 1.5 * in_job[~before].mean()
    for frame in people.values():
        more = frame["meetings"] > frame["meetings"].median()
        now = frame["status_end"].isin(JOB)
        assert now[more].mean() > now[~more].mean()


def test_ratings_rise_more_for_those_who_meet_often(people):
    everybody = pd.concat([frame.assign(code=code) for code, frame in people.items()])
    moved = everybody["confidence_end"].astype(int) - everybody["confidence_entry"].astype(int)
    more = everybody["meetings"] > everybody.groupby("code")["meetings"].transform("median")
    assert moved[more].mean() > moved[~more].mean()


@pytest.mark.parametrize("code", CODES)
def test_barriers_at_entry_depend_on_language_years_and_education(people, code):
    frame = people[code]
    assert frame.loc[frame["barrier_language_entry"], "language"].mean() < frame["language"].mean()
    assert frame.loc[frame["barrier_labour_market_knowledge_entry"], "years"].mean() < frame["years"].mean()
    named = frame.loc[frame["barrier_qualification_recognition_entry"], "education"]
    assert named.mean() > frame["education"].mean()


@pytest.mark.parametrize("code", CODES)
def test_a_first_job_begins_between_entry_and_follow_up_of_those_who_had_none(people, given, code):
    frame, programme = people[code], given.programmes[code]
    begun = frame["first_job"].notna()
    assert not begun[frame["status_entry"].isin(JOB)].any()
    days = frame.loc[begun, "first_job"]
    assert programme.entry_fieldwork.days[-1] <= days.min()
    assert days.max() <= programme.follow_up_fieldwork.days[0]


# ---------------------------------------------------------------- the log of meetings


def test_the_log_holds_one_row_for_each_meeting_of_each_pair(tables, people):
    log = tables["sajo_meetings_2024"]
    pairs = pd.Series(linked(tables, "sajo_meetings_2024", "pair_id"))
    again = log.drop(columns="Møte-ID").assign(Par=pairs).duplicated()
    assert int(log["Møte-ID"].eq("a0X99999").sum()) == 2 and again[log["Møte-ID"] == "a0X99999"].all()
    counted = pairs[log["Møte-ID"] != "a0X99999"].value_counts()
    expected = {f"SP{row.pair}": int(row.meetings) for row in people["sajo"].itertuples()}
    assert counted.to_dict() == expected


def test_the_log_is_utf_8_with_a_byte_order_mark_and_tells_minutes_and_form(tables):
    assert (FOLDER / SOURCES["sajo_meetings_2024"]).read_bytes().startswith(b"\xef\xbb\xbf")
    log = tables["sajo_meetings_2024"]
    minutes = pd.to_numeric(log["Varighet (min)"], errors="coerce")
    assert minutes.between(15, 300).sum() + (log["Varighet (min)"] == "").sum() == len(log)
    assert set(log["Møteform"]) == {"Fysisk", "Video", "Telefon"}


# ---------------------------------------------------------------- crosswalks


@pytest.mark.parametrize("instrument", list(SOURCES))
def test_every_column_has_a_rule_or_a_reason(tables, instrument):
    crosswalk = load_crosswalk(
        ROOT / f"codebook/crosswalks/{instrument}.yaml", load_codebook(ROOT / "codebook")
    )
    form = crosswalk.instrument
    used = {column for rule in crosswalk.rules for column in rule.sources}
    spoken_for = used | set(form.keys.values()) | set(form.free_text) | set(form.ignored)
    assert spoken_for == set(tables[instrument].columns)


@pytest.mark.parametrize("instrument", list(SOURCES))
def test_no_column_is_without_a_decision(instrument):
    path = ROOT / f"codebook/crosswalks/{instrument}.yaml"
    codebook = load_codebook(ROOT / "codebook")
    frames = ("pairs", "meetings") if "meetings" in instrument else ("people", "answers", "pairs")
    rules = load_crosswalk(path, codebook).rules
    concerned = [rule for rule in rules if codebook.columns[rule.column].frame in frames]
    assert [rule.column for rule in concerned if rule.because == "no rule yet"] == []


def test_the_study_lists_every_file_with_its_rows(tables):
    found = {source.crosswalk: (Path(source.shown).name, source.rows) for source in open_study(ROOT).sources}
    assert found == {instrument: (SOURCES[instrument], len(frame)) for instrument, frame in tables.items()}
