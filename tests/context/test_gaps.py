"""Gaps between groups, and the table of rates that is printed in one call."""

from __future__ import annotations

import pandas as pd
import pytest

from kij_analysis import context, estimates
from kij_analysis.errors import UsageError
from kij_analysis.template import template_folder

FOUR = ["DK", "FI", "NO", "SE"]


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return context.load(template_folder() / "data" / "raw" / "published" / "official")


def test_one_call_gives_2010_2019_and_2024_by_country_and_citizenship(record):
    found = context.table(record)
    assert found.columns.tolist() == [2010, 2019, 2024]
    assert found.index.tolist() == [(country, group) for country in FOUR for group in ("foreign", "national")]
    assert found.notna().all(axis=None)
    assert found.loc[("FI", "foreign"), [2010, 2024]].tolist() == [0.484, 0.513]
    assert found.loc[("SE", "national"), [2010, 2024]].tolist() == [0.711, 0.768]


def test_rates_by_birth_are_another_table_and_two_kinds_in_one_cell_are_refused(record):
    born = context.table(record, basis="country_of_birth", years=[2010, 2019])
    assert born.loc[("DK", "native")].tolist() == [0.707, 0.738]
    both = pd.concat([record, record[record["status"] == "derived"].assign(status="published")])
    with pytest.raises(UsageError, match=r"several figures: of 'derived', 'published'.*status="):
        context.table(both, basis="country_of_birth", years=[2010])


def test_a_gap_is_the_rate_of_the_group_less_that_of_the_reference_in_the_same_year_and_table(record):
    rates = context.official(record, table="LFSA_ERGAN", sex="women")
    found = context.gap(rates)
    assert len(found) == len(rates) / 2
    wide = rates.pivot(index=["country", "year"], columns="group", values="estimate")
    expected = (wide["foreign"] - wide["national"]).round(9)
    assert (found.set_index(["country", "year"])["estimate"] == expected).all()
    assert set(found["measure"]) == {"difference"} and set(found["method"]) == {"derived"}
    broken = found[found["break_before"]].groupby("country")["year"].apply(list).to_dict()
    assert broken == {"DK": [2016, 2017, 2021, 2023], "FI": [2021], "NO": [2021], "SE": [2018, 2021]}


def test_gaps_of_several_definitions_stay_apart(record):
    both = ["employment_rate", "unemployment_rate"]
    rates = context.official(record, country="DK", sex="women", indicator=both, basis="citizenship")
    found = context.gap(rates)
    assert found["series"].nunique() == 2
    with pytest.raises(UsageError, match=r"2 series, not one: they differ in variable"):
        context.line(found)


def test_a_year_with_one_rate_only_has_a_row_that_says_so(record):
    rates = context.official(record, table="LFSA_ERGAN", sex="women", country="FI")
    gone = rates[~((rates["group"] == "national") & (rates["year"] == 2012))]
    found = context.gap(gone).set_index("year")
    assert pd.isna(found.loc[2012, "estimate"]) and found.loc[2012, "note"] == "not_published"
    silent = rates.assign(estimate=rates["estimate"].mask(rates["year"] == 2013), note="not_published")
    assert context.gap(silent).set_index("year").loc[2013, "note"] == "not_published"


def test_a_gap_of_unreliable_rates_is_unreliable(record):
    rates = context.official(record, table="LFSA_URGAN")
    unsure = rates[rates["note"] == "unreliable"]
    found = context.gap(rates)
    keys = ["country", "year", "sex"]
    marked = found[found["note"] == "unreliable"]
    assert sorted(map(tuple, marked[keys].values)) == sorted(set(map(tuple, unsure[keys].values)))


def test_a_group_that_is_not_there_is_told_with_those_that_are(record):
    rates = context.official(record, status="derived")
    with pytest.raises(UsageError, match=r"No row has the reference 'national'.*'native'"):
        context.gap(rates)


def test_what_comes_out_has_the_shape_of_all_estimates(record):
    rates = context.official(record, table="LFSA_ERGAN")
    for frame in (rates, context.gap(rates), context.obstacles(record)):
        assert list(frame.columns[: len(estimates.COLUMNS)]) == list(estimates.COLUMNS)
