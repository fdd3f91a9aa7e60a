"""The figure of printed shares draws what was printed, each with its base, and joins nothing."""

from __future__ import annotations

from functools import cache

import pytest

from kij_analysis import indicators
from kij_analysis.errors import UsageError
from kij_analysis.figures import printed
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES

PLACE = template_folder() / "data" / "raw" / "published"
RECORD, SOURCES = indicators.load(PLACE), indicators.sources(PLACE)
KVINFO = RECORD[(RECORD["programme"] == "kvinfo") & (RECORD["unit"] == "per_cent")]


def fresh(language: str = "en", programme: str = "kvinfo"):
    return printed(RECORD, language, programme=programme, sources=SOURCES)


draw = cache(fresh)
"""Drawn once for all tests that only look at it."""


def test_every_printed_share_of_the_programme_is_drawn_where_it_was_printed():
    figure = draw()
    points = [
        float(line.get_xdata()[0])
        for line in figure.canvas.axes[0].get_lines()
        if line.get_marker() not in ("None", None, "") and len(line.get_xdata()) == 1
    ]
    assert sorted(round(100 * x, 6) for x in points) == sorted(KVINFO["value"])
    assert sorted(figure.data["id"]) == sorted(KVINFO["id"])


def test_status_and_perceived_change_are_groups_of_their_own():
    kinds = draw().data["outcome_type"].tolist()
    assert kinds == sorted(kinds, key=lambda kind: list(dict.fromkeys(kinds)).index(kind))
    assert {"status", "perceived_change", "perceived_help", "satisfaction", "target"} == set(kinds)


def test_every_row_says_among_whom_and_contradictions_are_marked():
    data = draw().data.set_index("id")
    assert (
        data.loc["kvinfo_employed_2021_may", "label"] == "2021: in work at the end – of those who answered *"
    )
    assert data.loc["kvinfo_employed_2021_november", "label"].endswith("of the courses evaluated *")
    assert data["label"].str.endswith("*").sum() == (KVINFO["conflicts_with"] != "").sum()


def test_words_of_precision_are_drawn_and_printed():
    data = draw().data
    about = data[data["precision"] == "about"]
    assert len(about) and about["number"].str.startswith("about ").all()
    hollow = [line for line in draw().canvas.axes[0].get_lines() if line.get_markerfacecolor() == "white"]
    assert len(hollow) == (KVINFO["precision"].ne("exact") | KVINFO["outcome_type"].eq("target")).sum()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_alt_text_holds_every_share_and_no_text_leaves_the_sheet(language: str):
    figure = draw(language)
    assert all(number in figure.alt for number in figure.data["number"])
    figure.canvas.draw_without_rendering()
    renderer = figure.canvas.canvas.get_renderer()
    width, height = figure.canvas.get_size_inches() * figure.canvas.dpi
    for text in [*figure.canvas.texts, *(t for axes in figure.canvas.axes for t in axes.texts)]:
        box = text.get_window_extent(renderer)
        assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height, text.get_text()


def test_a_programme_without_printed_shares_gets_a_sentence():
    with pytest.raises(UsageError, match="No share of the programme 'sajo' is printed"):
        draw(programme="sajo")


def test_the_same_record_gives_the_same_bytes():
    assert fresh().svg() == draw().svg()
