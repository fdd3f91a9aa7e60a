"""What is left out of the printed record, and the record held against the facts that were collected."""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from kij_analysis.indicators import load, read_sheet, sources
from kij_analysis.template import template_folder

ROOT = template_folder()
FOLDER = ROOT / "data" / "raw" / "published"
LEFT_OUT = ROOT / "docs" / "left_out.csv"
OUTCOMES = ("status", "perceived_change", "perceived_help", "satisfaction")
SHARED = os.environ.get("KIJ_SHARED")
with_facts = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the collected facts lie")


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return load(FOLDER).set_index("id", drop=False)


@pytest.fixture(scope="module")
def left_out() -> pd.DataFrame:
    frame, problems = read_sheet(LEFT_OUT, sheet="left_out")
    assert problems == []
    return frame


def test_every_duplicate_names_the_record_it_repeats(record, left_out) -> None:
    same = left_out.set_index("reason")["same_as"]
    assert set(same["duplicate"]) <= set(record["id"])
    assert (same.drop("duplicate") == "").all()


def test_each_fact_is_either_in_the_record_or_left_out_and_only_once(record, left_out) -> None:
    kept = [fact for facts in record["facts"] for fact in facts.split("|")]
    dropped = [
        f"{material}:{row}" for material, row in zip(left_out["material"], left_out["row"], strict=True)
    ]
    assert len(set(kept + dropped)) == len(kept) + len(dropped)
    for document in [f"document_{number:03d}" for number in range(5)]:
        rows = sorted(int(fact.split(":")[1]) for fact in kept + dropped if fact.startswith(document))
        assert rows == list(range(1, len(rows) + 1)) and rows


FACTS = {"programme_facts": "programme", "investment_facts": "system"}


def facts(material: str) -> list[dict[str, str]]:
    path = Path(SHARED or ".") / "data" / "published" / f"{material}.csv"
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


@with_facts
@pytest.mark.parametrize("material", FACTS)
def test_every_collected_fact_is_in_the_record_or_left_out_with_a_reason(record, left_out, material) -> None:
    kept = {fact for rows in record["facts"] for fact in rows.split("|")}
    dropped = left_out[left_out["material"] == material].set_index("row")
    for number, fact in enumerate(facts(material), start=1):
        if f"{material}:{number}" not in kept:
            row = dropped.loc[number]
            named = [fact[FACTS[material]], fact["year_or_period"], fact["indicator"]]
            assert list(row[["programme", "year", "fact"]]) == named, f"{material} {number}"


@with_facts
def test_values_confidence_years_and_addresses_are_those_of_the_collected_facts(record) -> None:
    addresses = sources(FOLDER).set_index("id")["address"]
    collected = {name: facts(name) for name in FACTS}
    strength = ["low", "medium", "high"]
    for _, row in record.iterrows():
        named = [part.split(":") for part in row["facts"].split("|") if not part.startswith("document")]
        found = [collected[material][int(number) - 1] for material, number in named]
        for fact in found:
            assert float(fact["value"]) in (row["value"], row["value_high"]), row["id"]
            assert fact["source_url"] == addresses[row["source"]], row["id"]
            years = [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", fact["year_or_period"])]
            printed = years if not fact["year_or_period"].startswith("n.d.") else []
            shown = [] if pd.isna(row["year_from"]) else [row["year_from"], row["year_to"]]
            assert shown == ([printed[0], printed[-1]] if printed else []), row["id"]
            about = bool(re.search(r"\bc\d", fact["year_or_period"]))
            assert (row["year_basis"] == "inferred") == (about and bool(printed)), row["id"]
        if found:
            weakest = min((fact["confidence"] for fact in found), key=strength.index)
            assert row["confidence"] == weakest, row["id"]


@with_facts
def test_a_base_is_given_where_and_only_where_the_collected_fact_has_one(record) -> None:
    """The collections write the base as a number, as '37 of 101', or within words."""
    collected = {name: facts(name) for name in FACTS}
    for _, row in record[record["outcome_type"].isin(OUTCOMES)].iterrows():
        material, number = row["facts"].split("|")[0].split(":")
        if material in collected and not pd.isna(row["n"]):
            base = collected[material][int(number) - 1]["n_or_denominator"].replace(",", "")
            assert str(row["n"]) in re.findall(r"\d+", base), row["id"]
    for material, rows in collected.items():
        for number, fact in enumerate(rows, start=1):
            holders = record[
                record["facts"].str.split("|").map(lambda f, key=f"{material}:{number}": key in f)
            ]
            outcome = holders[holders["outcome_type"].isin(OUTCOMES)]
            if fact["n_or_denominator"].isdigit() and len(outcome):
                assert outcome["n"].tolist() == [int(fact["n_or_denominator"])], outcome["id"].tolist()


@with_facts
def test_a_bound_in_the_collected_fact_is_a_bound_in_the_record(record) -> None:
    above = {"more_than", "at_least"}
    bounds = {
        "lower bound": above, "more than": above, "over)": above, "(almost": {"almost"},
        "'almost": {"almost"}, "nearly": {"almost"}, "just under": {"almost"}, "approx.": {"about"},
        "(about": {"about"}, "roughly": {"about"}, "upper bound": {"less_than"},
    }  # fmt: skip
    collected = {name: facts(name) for name in FACTS}
    held = 0
    for _, row in record.iterrows():
        for material, number in (part.split(":") for part in row["facts"].split("|")):
            fact = collected[material][int(number) - 1] if material in FACTS else {}
            said = f"{fact.get('population')} {fact.get('unit')}"
            for word, precisions in bounds.items():
                if word in said:
                    held += 1
                    assert row["precision"] in precisions, row["id"]
    assert held > 35


DOCUMENTS = """
document | printed   | where
000      | 1,2       | kvinder_i_job_report_funding_frame
000      | 16        | kvinder_i_job_report_duration
001      | 7         | date
001      | 11        | date
001      | 14        | date
001      | 7.5       | date
002      | 15.000    | kvinder_i_job_course_municipal_cost
002      | 25.000    | kvinder_i_job_course_municipal_cost
002      | 10        | kvinder_i_job_course_years_of_experience
002      | 20        | kvinder_i_job_course_duration
002      | 1         | footnote
002      | 2         | footnote
003      | 150       | kvinner_ut_chapters_five_years
003      | 600       | kvinner_ut_activities_five_years
003      | 1         | list
003      | 2         | list
004      | 10        | date
004      | 50        | kvinfo_employed_2015
004      | 42        | kvinfo_matching_job_2015_fact_sheet
004      | 8.500     | kvinfo_members_2002_2017
004      | 27        | kvinfo_sister_countries_2017_fact_sheet
004      | 2         | kvinfo_funding_per_year_2017
"""


@with_facts
def test_every_figure_of_the_source_documents_is_accounted_for(record) -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in DOCUMENTS.strip().splitlines()[1:]]
    for number in range(5):
        [path] = (Path(SHARED or ".") / "source-documents").glob(f"{number:03d}_*.txt")
        lines = [line for line in path.read_text("utf-8").splitlines() if not re.search(r"tlf|Mobil", line)]
        figures = {text.rstrip(".,") for text in re.findall(r"\d[\d.,]*", "\n".join(lines))}
        figures = {text for text in figures if not re.fullmatch(r"(?:19|20)\d\d", text)}
        assert figures == {printed for document, printed, _ in rows if int(document) == number}
    for _, printed, where in rows:
        if where in record.index:
            amount = float(printed.replace(".", "").replace(",", "."))
            held = record.loc[where, ["value", "value_high"]]
            assert any(held.eq(amount * scale).any() for scale in (1, 1_000_000)), where


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@with_facts
def test_no_more_than_five_words_in_a_row_are_taken_from_a_source() -> None:
    ours: set[tuple[str, ...]] = set()
    for path in (FOLDER / "indicators.csv", FOLDER / "sources.csv", LEFT_OUT):
        for line in csv.reader(io.StringIO(path.read_text("utf-8"))):
            for cell in (words(cell) for cell in line if not cell.startswith("http")):
                ours |= {tuple(cell[start : start + 6]) for start in range(len(cell) - 5)}
    theirs = [fact["exact_wording"] for name in FACTS for fact in facts(name)]
    theirs += [path.read_text("utf-8") for path in (Path(SHARED or ".") / "source-documents").glob("*.txt")]
    assert len(theirs) > 400
    for wording in map(words, theirs):
        for start in range(len(wording) - 5):
            assert tuple(wording[start : start + 6]) not in ours


def test_the_sheets_are_plain_utf8_and_hold_no_machine_paths() -> None:
    for path in (*sorted(FOLDER.glob("*.csv")), LEFT_OUT):
        content = path.read_bytes()
        assert content.decode("utf-8").endswith("\n") and b"\r" not in content
        assert b"/work/" not in content and b"/tmp/" not in content
