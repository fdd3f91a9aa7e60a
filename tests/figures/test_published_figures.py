"""Intervals, open ranges and derived shares are drawn as what they are; studies say design and level."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from kij_analysis import indicators
from kij_analysis.errors import UsageError
from kij_analysis.figures import Figure, comparators, evidence, printed
from kij_analysis.indicators import computed, counts_agreeing, derived
from kij_analysis.survey import wilson
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES

PLACE = template_folder() / "data" / "raw" / "published"
RECORD, SOURCES, BASE = indicators.load(PLACE), indicators.sources(PLACE), indicators.evidence(PLACE)
INTERVALS, DERIVED = computed(RECORD), derived(RECORD)


def of_record(record: pd.DataFrame, language: str = "en") -> Figure:
    return printed(
        record,
        language,
        programme="kvinfo",
        sources=SOURCES,
        intervals=computed(record),
        derived=derived(record),
    )


@cache
def of_kvinfo(language: str = "en") -> Figure:
    return of_record(RECORD, language)


@cache
def others(language: str = "en") -> Figure:
    return comparators(RECORD, language, sources=SOURCES, intervals=INTERVALS)


@cache
def studies(language: str = "en") -> Figure:
    return evidence(BASE, language)


def lines(figure: Figure) -> list[list[float]]:
    """The ends of the intervals that are drawn, from the top."""
    found = [
        [float(segment[0][0]), float(segment[1][0])]
        for axes in figure.canvas.axes
        for collection in axes.collections
        for segment in collection.get_segments()
        if segment[0][1] == segment[1][1]
    ]
    return [[round(end, 6) for end in ends] for ends in found]


def bands(figure: Figure) -> list[tuple[float, float]]:
    return [(round(p.get_x(), 4), round(p.get_x() + p.get_width(), 4)) for p in figure.canvas.axes[0].patches]


# ---------------------------------------------------------------- what is printed


def test_an_interval_is_drawn_exactly_where_a_number_of_persons_is_printed():
    counts = counts_agreeing(25, 3200)
    low, high = wilson([counts[0], counts[-1]], 3200)
    assert lines(of_kvinfo()) == [[round(min(low), 6), round(max(high), 6)]]
    assert len(lines(others())) == len(others().data) - 1  # one is printed as about


def test_a_word_leaves_a_band_open_and_rounding_none():
    shown = bands(of_kvinfo())
    assert (0.45, 0.55) in shown and (0.28, 0.38) in shown
    assert not any(low <= 0.44 <= high for low, high in shown if high - low < 0.05)


def test_a_response_rate_leaves_open_what_the_others_would_have_said():
    record = RECORD.set_index("id", drop=False)
    record.loc["kvinfo_employed_2021_may", "response_rate"] = 60.0
    shown = bands(of_record(record.reset_index(drop=True)))
    assert (round(0.6 * 0.435, 4), round(0.6 * 0.445 + 0.4, 4)) in shown


def test_at_most_points_downwards_as_at_least_points_upwards():
    def arrows(precision: str) -> list[float]:
        record = RECORD.set_index("id", drop=False)
        record.loc["kvinfo_employed_2011_job_seekers", "precision"] = precision
        axes = of_record(record.reset_index(drop=True)).canvas.axes[0]
        return [text.xy[0] for text in axes.texts if hasattr(text, "xy")]

    [up], [down] = arrows("at_least"), arrows("up_to")
    assert down < 0.40 < up


def test_derived_shares_are_a_group_of_their_own_hollow_and_never_among_the_printed():
    figure = of_kvinfo()
    own = figure.data[figure.data["outcome_type"] == "derived"]
    assert own["number"].tolist() == ["about 25%", "about 21%", "about 21%"]
    assert own["label"].str.contains("42% of about 50%").any()
    assert "Derived from two printed shares, not printed itself" in figure.alt
    assert not set(own["id"]) & set(RECORD["id"])
    without = printed(RECORD, "en", programme="kvinfo", sources=SOURCES)
    assert len(without.data) == len(figure.data) - len(own)


def test_shares_with_a_number_of_persons_stand_by_programme_and_say_women_or_men():
    figure = others()
    assert (
        figure.title
        == "14 printed shares come with a number of persons, 1 of them about the three programmes"
    )
    labels = figure.data.set_index("id")["label"]
    assert labels["introduction_programme_no_employed_or_education_men_2023"].endswith(
        "(men, n\xa0=\xa01,326)"
    )
    assert labels["womento_employed_2012_2014"].endswith("(women, n\xa0=\xa060)")
    order = figure.data["programme"].tolist()
    assert order == sorted(order, key=order.index)
    assert "37% (26% to 49%)" in figure.alt


def test_without_a_number_of_persons_there_is_nothing_to_draw():
    with pytest.raises(UsageError, match="No share comes with a number of persons"):
        comparators(RECORD[RECORD["n"].isna()], "en", sources=SOURCES, intervals=INTERVALS)


# ---------------------------------------------------------------- studies of other programmes


def test_every_difference_in_points_is_drawn_once_and_none_has_an_interval():
    figure = studies()
    points = sorted(
        float(x.get_xdata()[0]) for x in figure.canvas.axes[0].get_lines() if len(x.get_xdata()) == 1
    )
    expected = BASE[BASE["measure"] == "risk_difference"]
    assert points == sorted(expected["estimate"])
    assert lines(figure) == []
    assert "no interval can be drawn" in figure.title


def test_women_of_forwork_have_a_row_and_a_marker_of_their_own():
    figure = studies()
    label = "FORWORK 2021, Italy: in work, women (refugees), after 20 months (level\xa05)"
    [row] = figure.data[figure.data["label"] == label].to_dict("records")
    assert (row["estimate"], row["number"]) == (13, "+13 points")
    circles = [float(x.get_xdata()[0]) for x in figure.canvas.axes[0].get_lines() if x.get_marker() == "o"]
    women = BASE[(BASE["measure"] == "risk_difference") & (BASE["sex"] == "women")]
    assert sorted(circles) == sorted(women["estimate"])


def test_a_printed_standard_error_gives_an_interval_and_another_headline():
    one = BASE["id"] == "forwork_employed"
    figure = evidence(BASE.assign(standard_error=BASE["standard_error"].mask(one, 5.0)), "en")
    assert lines(figure) == [[pytest.approx(15 - 1.96 * 5, abs=0.01), pytest.approx(15 + 1.96 * 5, abs=0.01)]]
    assert "no interval" not in figure.title


def test_a_finding_in_words_is_listed_as_one_without_a_number():
    figure = studies()
    texts = [text.get_text() for text in figure.canvas.texts]
    assert "No number printed" in texts
    below = " ".join(texts[texts.index("No number printed") + 1].split())
    assert "No difference found: Månsson & Delander 2017 (Sweden, women)" in below
    for study in BASE.loc[BASE["measure"] == "text", "study"]:
        assert study in below
    assert "No number printed" in figure.alt


def test_the_words_claim_nothing_about_the_three_programmes_and_name_the_scale():
    figure = studies()
    assert "nothing is pooled, and nothing is said about the three programmes" in figure.subtitle
    assert "Maryland scale" in figure.footer


def test_without_differences_in_points_there_is_nothing_to_draw():
    with pytest.raises(UsageError, match="No difference in percentage points"):
        evidence(BASE[BASE["measure"] == "text"], "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", [of_kvinfo, others, studies], ids=["printed", "comparators", "evidence"])
def test_no_text_leaves_the_sheet_in_any_language(draw, language: str):
    figure = draw(language)
    renderer = figure.canvas.canvas.get_renderer()
    width, height = figure.canvas.get_size_inches() * figure.canvas.dpi
    for text in [*figure.canvas.texts, *(t for axes in figure.canvas.axes for t in axes.texts)]:
        box = text.get_window_extent(renderer)
        assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height, text.get_text()
    assert "{" not in figure.alt and "nan" not in figure.alt.lower().split()
