"""Official figures are drawn by definition, cut at breaks, and name Eurostat in every language."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest
from measuring import faults

from kij_analysis import context, tables
from kij_analysis.context.speaking import acknowledgement
from kij_analysis.errors import UsageError
from kij_analysis.figures import Figure, gaps, obstacles
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES

RECORD = context.load(template_folder() / "data" / "raw" / "published" / "official")
FOUR = ["DK", "FI", "NO", "SE"]
CITIZENS = context.official(RECORD, table="LFSA_ERGAN", sex="women", country=FOUR)
BORN = context.official(RECORD, status="derived", sex="women", country=FOUR, group=["foreign", "native"])
OBSTACLES = context.obstacles(RECORD)


def of_rates(rates: pd.DataFrame, language: str = "en") -> Figure:
    return gaps(rates, language, gap=context.gap(rates))


@cache
def by_citizenship(language: str = "en") -> Figure:
    return of_rates(CITIZENS, language)


@cache
def by_birth(language: str = "en") -> Figure:
    return gaps(BORN, language, gap=context.gap(BORN, reference="native"), name="gap_birth")


@cache
def of_obstacles(language: str = "en") -> Figure:
    return obstacles(OBSTACLES, language)


def strokes(figure: Figure, country: str) -> list[list[int]]:
    """The years that are joined by a stroke in a panel, each piece by itself."""
    [axes] = [axes for axes in figure.canvas.axes if axes.get_label() == country]
    lines = [line for line in axes.get_lines() if line.get_linestyle() == "-"]
    return sorted([int(year) for year in line.get_xdata()] for line in lines)


def dashed(figure: Figure, country: str) -> list[float]:
    [axes] = [axes for axes in figure.canvas.axes if axes.get_label() == country]
    return sorted({float(line.get_xdata()[0]) for line in axes.get_lines() if line.get_linestyle() == "--"})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "draw", [by_citizenship, by_birth, of_obstacles], ids=["citizens", "birth", "obstacles"]
)
def test_nothing_meets_and_nothing_leaves_the_sheet_and_eurostat_is_named(draw, language: str):
    figure = draw(language)
    assert faults(figure) == []
    assert "Eurostat" in figure.footer and "©" in figure.footer
    assert "{" not in figure.alt + figure.footer and "nan" not in figure.alt.lower().split()
    assert ".." not in figure.footer


def test_lines_are_cut_at_breaks_and_a_dashed_stroke_stands_there():
    figure = by_citizenship()
    assert dashed(figure, "Denmark") == [2015.5, 2016.5, 2020.5, 2022.5]
    pieces = strokes(figure, "Denmark")
    assert pieces == sorted(
        2 * [[*range(2010, 2016)], [2016], [*range(2017, 2021)], [2021, 2022], [2023, 2024]]
    )
    assert strokes(figure, "Finland") == sorted(2 * [[*range(2010, 2021)], [*range(2021, 2025)]])


def test_a_missing_year_is_a_gap_in_the_line():
    pieces = strokes(by_birth(), "Finland")
    assert [1996, 1997, 1998, 1999] in pieces and [*range(2001, 2021)] in pieces


def test_the_headline_and_the_panels_give_the_gaps():
    figure = by_citizenship()
    assert "Denmark −6.3, Finland −22.8, Norway −6.1 and Sweden −18.1" in figure.title
    texts = [text.get_text() for text in figure.canvas.texts]
    assert "Gap −16.5 (2010), −6.3 (2024)" in texts
    assert "Breaks before 2016, 2017, 2021 and 2023." in figure.alt


def test_what_we_have_computed_is_told_apart_from_what_was_published():
    assert "The gap is computed by us" in by_citizenship().footer
    footer = by_birth().footer
    assert "Computed by us from Eurostat’s figures" in footer
    assert "Breaks are known for 2010–2019 only" in footer and "Eurostat is not responsible" in footer
    assert "omputed" not in acknowledgement(CITIZENS, "en")


def test_definitions_are_never_mixed_in_one_figure():
    both = pd.concat([CITIZENS, BORN])
    with pytest.raises(UsageError, match=r"basis .*so they are not one figure"):
        gaps(both, "en", gap=context.gap(CITIZENS))
    men = context.official(RECORD, table="LFSA_ERGAN", country="DK")
    with pytest.raises(UsageError, match=r"sex .*'men', 'women'"):
        gaps(men, "en", gap=context.gap(men))


def test_an_unreliable_figure_is_hollow_and_the_footer_says_so():
    one = (CITIZENS["country"] == "FI") & (CITIZENS["year"] == 2012) & (CITIZENS["group"] == "foreign")
    rates = CITIZENS.assign(
        note=CITIZENS["note"].mask(one, "unreliable"), flag=CITIZENS["flag"].mask(one, "u")
    )
    figure = of_rates(rates)
    assert "Hollow: Eurostat calls the figure unreliable" in figure.footer
    [axes] = [axes for axes in figure.canvas.axes if axes.get_label() == "Finland"]
    hollow = [line for line in axes.get_lines() if line.get_markerfacecolor() == "white"]
    assert [list(line.get_xdata()) for line in hollow] == [[2012]]
    assert "Hollow" not in by_citizenship().footer


def test_countries_of_which_one_rate_is_missing_are_left_out_and_none_is_an_error():
    without = CITIZENS[~((CITIZENS["country"] == "SE") & (CITIZENS["group"] == "national"))]
    assert "Sweden" not in of_rates(without).alt
    empty = CITIZENS.assign(estimate=float("nan"), note="not_published")
    with pytest.raises(UsageError, match="No country has figures of both groups"):
        of_rates(empty)


def test_denmark_says_that_no_figure_was_found():
    figure = of_obstacles()
    danish = figure.data[figure.data["country"] == "DK"]
    assert danish["number"].tolist() == ["no figure found"]
    assert "No figure was found for: Denmark." in figure.footer
    assert "Denmark: no figure found" in figure.alt


def test_without_any_share_by_country_there_is_nothing_to_draw():
    empty = OBSTACLES.assign(estimate=OBSTACLES["estimate"].mask(OBSTACLES["variable"] == "barrier_any"))
    with pytest.raises(UsageError, match="No country has a share"):
        obstacles(empty, "en")


# ---------------------------------------------------------------- tables


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_speak_every_language(language: str):
    three = CITIZENS[CITIZENS["year"].isin([2010, 2019, 2024])]
    table = tables.official(pd.concat([three, context.gap(three)]), language)
    assert len(table.rows) == 12 and table.header[2:] == ("2010", "2019", "2024")
    assert "Eurostat" in table.note
    found = tables.obstacles(OBSTACLES, language)
    assert len(found.rows) == len(OBSTACLES)
    mapped = tables.barrier_map(context.barrier_map(), language)
    assert len(mapped.rows) == len(context.barrier_map()) and len(set(mapped.header)) == 6


def test_flags_stand_beside_their_figure():
    rows = tables.official(context.official(RECORD, table="LFSA_ERGAN", sex="women", country="DK",
                                            group="foreign", years=[2020, 2021]), "en").rows  # fmt: skip
    assert rows == (("Denmark", "foreign citizens", "59.0", "61.9\xa0b"),)


@pytest.mark.parametrize("draw", [by_citizenship, of_obstacles], ids=["gaps", "obstacles"])
def test_the_table_behind_a_figure_is_one_of_official_figures(draw):
    table = tables.behind(draw("en"), "en")
    assert table.header[0] == "Country" and len(table.rows) >= 12
