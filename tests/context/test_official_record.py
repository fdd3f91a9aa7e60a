"""The shipped figures are those that were collected; wrong sheets give sentences."""

from __future__ import annotations

import csv
import io
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from kij_analysis import context
from kij_analysis.errors import StudyError, UsageError
from kij_analysis.template import template_folder

FOLDER = template_folder() / "data" / "raw" / "published" / "official"
SHARED = os.environ.get("KIJ_SHARED")
with_facts = pytest.mark.skipif(not SHARED, reason="KIJ_SHARED does not say where the collected facts lie")


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return context.load(FOLDER)


def facts(name: str) -> list[dict[str, str]]:
    path = Path(SHARED or ".") / "data" / "published" / f"{name}.csv"
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


# ---------------------------------------------------------------- held against what was collected


@with_facts
def test_every_collected_figure_is_shipped_once_and_every_derived_one_that_has_a_rate(record):
    numbers = [fact.split(":") for fact in record["facts"]]
    published = sorted(int(row) for name, row in numbers if name == "official_facts")
    derived = sorted(int(row) for name, row in numbers if name != "official_facts")
    rates = facts("official_derived_employment_by_birth")
    assert published == list(range(1, len(facts("official_facts")) + 1))
    assert derived == [place for place, row in enumerate(rates, 1) if row["employment_rate_derived"]]


@with_facts
def test_every_shipped_figure_equals_its_row_in_the_collection(record):
    collected = {"official_facts": facts("official_facts")}
    units = {"percent": {"per_cent", "per_cent_change"}, "percentage_points": {"percentage_points"}}
    sexes = {"women": "F", "men": "M", "all": "T"}
    for row in record[record["status"] == "published"].to_dict("records"):
        fact = collected["official_facts"][int(row["facts"].split(":")[1]) - 1]
        parts = dict(part.split("=", 1) for part in fact["breakdown"].split(";"))
        assert float(fact["value"]) == row["value"], row["facts"]
        assert row["unit"] in units.get(fact["unit"], {fact["unit"]})
        assert fact["geography"] == ":".join(filter(None, (row["country"], row["region"])))
        assert fact["year"] == ("" if pd.isna(row["year"]) else str(row["year"]))
        assert parts.get("sex", "") == sexes.get(row["sex"], "")
        assert parts.get("age", "not_stated").removesuffix("_per_context") == row["age"]
        assert parts.get("flag", "") == row["flag"]
        assert fact["confidence"] == row["confidence"]
        if row["table"].startswith(("LFS", "10824")):
            assert row["table"].casefold() in fact["source_title"].casefold()


@with_facts
def test_a_derived_rate_equals_its_row_and_follows_from_the_two_published_rates(record):
    rates = facts("official_derived_employment_by_birth")
    derived = record[record["status"] == "derived"]
    assert len(derived) > 700 and set(derived["table"]) == {"LFSA_ARGACOB x LFSA_URGACOB"}
    for row in derived.to_dict("records"):
        fact = rates[int(row["facts"].split(":")[1]) - 1]
        assert (fact["country"], fact["year"]) == (row["country"], str(row["year"]))
        assert float(fact["employment_rate_derived"]) == row["value"]
        participation, unemployment = float(fact["lfp_avg_value"]), float(fact["unemp_avg_value"])
        assert abs(participation * (1 - unemployment / 100) - row["value"]) < 0.06


@with_facts
def test_no_more_than_five_words_in_a_row_are_taken_from_a_source(record):
    def words(text: str) -> list[str]:
        return re.findall(r"\w+", text.casefold())

    ours = set()
    for cell in [*record["note"].unique(), *context.sources(FOLDER)["title"]]:
        told = words(cell)
        ours |= {tuple(told[start : start + 6]) for start in range(len(told) - 5)}
    for wording in {fact["exact_wording"] for fact in facts("official_facts")}:
        told = words(wording)
        assert not ours & {tuple(told[start : start + 6]) for start in range(len(told) - 5)}


# ---------------------------------------------------------------- what a row says


def test_every_row_says_table_or_source_age_group_and_where_it_was_read(record):
    assert (record[["source", "age", "basis", "group", "office"]] != "").all(axis=None)
    assert record["address"].str.startswith("https://").all() | record["address"].str.startswith("http").all()
    assert (record.loc[record["basis"] == "country_of_birth", "group"] != "national").all()


def test_the_breaks_of_the_labour_force_survey_are_flagged_in_2021_in_all_four_countries(record):
    found = context.official(record, table="LFSA_ERGAN", sex="women", group="foreign", years=[2021])
    assert found["break_before"].tolist() == [True] * 4


def test_shares_are_fractions_counts_are_persons_and_what_is_derived_is_marked(record):
    everything = context.official(record)
    assert len(everything) == len(record)
    assert set(everything["data_status"]) == {"published"}
    assert (everything["method"] == "derived").sum() == (record["status"] == "derived").sum()
    thousands = context.official(record, indicator="employed_persons", table="lfsa_pganws", country="DK")
    assert set(thousands["measure"]) == {"count"} and thousands["estimate"].min() > 10_000
    assert everything[["conf_low", "conf_high", "std_error"]].isna().all(axis=None)


def test_what_an_office_calls_unreliable_and_what_a_source_leaves_open_has_a_note(record):
    everything = context.official(record)
    assert (everything.loc[everything["flag"].str.contains("u"), "note"] == "unreliable").all()
    assert (everything["note"] == "unclear_source").sum() == (record["confidence"] == "low").sum() == 8


def test_a_choice_that_leaves_nothing_names_what_there_is(record):
    with pytest.raises(UsageError, match=r"fits the other.*country 'DE'.*There is 'DK', 'FI', 'NO', 'SE'"):
        context.official(record, table="LFSA_ERGAN", country="DE")
    with pytest.raises(UsageError, match="Did you mean 'employment_rate'"):
        context.official(record, indicator="employment_rates")
    with pytest.raises(UsageError, match="They are about 2010 to 2024"):
        context.official(record, table="LFSA_ERGAN", years=[1999])


# ---------------------------------------------------------------- never one series without saying so


def test_two_age_bands_two_groups_and_two_tables_are_never_one_line(record):
    danish = context.official(record, indicator="employment_rate", country="DK", sex="women")
    with pytest.raises(UsageError, match=r"age \('15-64'.*joining=\['age'"):
        context.line(danish)
    one = danish[(danish["table"] == "LFSA_ERGAN") & (danish["group"] == "foreign")]
    assert context.line(one)["joined"].unique().tolist() == [""]
    other = danish[(danish["status"] == "derived") & (danish["group"] == "foreign")]
    with pytest.raises(UsageError, match="basis") as caught:
        context.line(pd.concat([one, other]))
    assert "joining=['basis', 'table', 'status']" in str(caught.value)


def test_two_indicators_of_one_table_and_two_articles_without_a_table_are_never_one_line(record):
    numbers = context.official(record, table="LFSA_PGANWS", country="DK", sex="women")
    with pytest.raises(UsageError, match="differ in variable"):
        context.line(numbers)
    articles = context.official(record, indicator="employment_rate", country="DK", office="dst", age="16-64",
                                sex="women", group="non_western_immigrant")  # fmt: skip
    with pytest.raises(UsageError, match="source"):
        context.line(articles)


def test_what_is_joined_knowingly_is_cut_where_it_changes_and_says_so(record):
    rates = context.official(record, indicator="employment_rate", country="DK", sex="women", group="foreign")
    earlier = rates[(rates["status"] == "derived") & (rates["year"] < 2010)]
    later = rates[rates["table"] == "LFSA_ERGAN"]
    found = context.line(pd.concat([later, earlier]), joining=["basis", "table", "status"])
    assert set(found["joined"]) == {"basis, table, status"}
    pieces = found.set_index("year")["piece"]
    assert pieces[2009] < pieces[2010] == pieces[2015] < pieces[2016]


def test_a_line_is_cut_at_breaks_and_gaps_and_a_year_that_stands_twice_is_refused(record):
    rates = context.official(record, table="LFSA_ERGAN", country="SE", sex="women", group="foreign")
    pieces = context.line(rates[rates["year"] != 2014]).set_index("year")["piece"]
    changes = [
        year for year in pieces.index[1:] if pieces[year] != pieces[pieces.index[pieces.index < year][-1]]
    ]
    assert changes == [2015, 2018, 2021]
    with pytest.raises(UsageError, match="stand twice"):
        context.line(pd.concat([rates, rates.head(1)]), joining=["table"])
    with pytest.raises(UsageError, match="have no year"):
        context.line(rates.assign(year=rates["year"].mask(rates["year"] == 2014)))


# ---------------------------------------------------------------- wrong sheets give sentences

WRONG = """
file                | column    | value     | sentence
by_citizenship.csv  | value     | 153.9     | 153.9 per cent lies outside 0–100
by_citizenship.csv  | value     | 53,9      | has a decimal comma
by_citizenship.csv  | value     |           | Nothing stands here
by_citizenship.csv  | age       | 15 to 64  | does not have the form of this column
by_citizenship.csv  | group     |           | Nothing stands here
by_citizenship.csv  | source    | natix_ergen | Did you mean 'natix_ergan'?
by_citizenship.csv  | year      | 2011      | The same figure stands in row
by_citizenship.csv  | category  | language  | does not fit the indicator 'employment_rate'
by_citizenship.csv  | flag      | break     | does not have the form
by_citizenship.csv  | basis     | nationality | is not known
"""


@pytest.mark.parametrize("line", WRONG.strip().splitlines()[1:], ids=lambda line: line.split("|")[3].strip())
def test_a_wrong_row_is_named_with_its_place(line: str, tmp_path: Path):
    name, column, value, sentence = (cell.strip() for cell in line.split("|"))
    folder = tmp_path / "official"
    folder.mkdir()
    (folder / "sources.csv").write_bytes((FOLDER / "sources.csv").read_bytes())
    rows = list(csv.DictReader(io.StringIO((FOLDER / name).read_text("utf-8"))))[:2]
    rows[0][column] = value
    pd.DataFrame(rows).to_csv(folder / name, index=False)
    with pytest.raises(StudyError) as caught:
        context.load(folder)
    said = [str(problem) for problem in caught.value.problems]
    assert any(sentence in text and f"official/{name}, row" in text for text in said), said


def test_a_folder_without_sheets_says_how_to_get_them(tmp_path: Path):
    with pytest.raises(StudyError, match="kij init"):
        context.load(tmp_path)
