"""The figure of definitions: one set of persons, a spread as wide as the printed one, and why in words."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis import estimates as shape
from kij_analysis.errors import UsageError
from kij_analysis.figures import Figure, definitions
from kij_analysis.harmonisation import Harmonised
from kij_analysis.indicators import RECOMMENDED, beside, load
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES

RECORD = load(template_folder() / "data" / "raw" / "published")
BESIDE = beside(RECORD)


def row(programme: str, indicator: str, denominator: str, count: int, **changes: object) -> dict[str, object]:
    n = 40
    return {
        "programme": programme, "group": f"{indicator}|{denominator}|at_end|mentee", "variable": indicator,
        "indicator": indicator, "denominator": denominator, "timing": "at_end", "role": "mentee",
        "measure": "share", "estimate": count / n, "conf_low": max(0, count / n - 0.1),
        "conf_high": min(1, count / n + 0.1), "count": count, "n": n, "method": "wilson",
        "recommended": False, "data_status": "synthetic",
    } | changes  # fmt: skip


HIDDEN = {
    "estimate": None, "conf_low": None, "conf_high": None, "count": None, "n": None,
    "note": "hidden_small_count", "method": "none",
}  # fmt: skip


def small() -> pd.DataFrame:
    return shape.make(
        [
            row("kvinfo", "employed", "respondents", 20, recommended=True),
            row("kvinfo", "employed", "all_starters", 10),
            row("fika", "employed", "respondents", 16, recommended=True),
            row("fika", "employed", "all_starters", 0) | HIDDEN,
        ]
    )


@cache
def of_small(language: str) -> Figure:
    """Drawn once for all tests that only look at it."""
    return definitions(small(), language)


def strokes(figure: Figure, programme: str) -> list[float]:
    [axes] = [axes for axes in figure.canvas.axes if axes.get_label() == programme]
    return sorted(float(line.get_xdata()[0]) for line in axes.get_lines() if line.get_marker() == "|")


def test_every_share_is_drawn_in_the_panel_of_its_programme():
    figure = of_small("en")
    [axes] = [axes for axes in figure.canvas.axes if axes.get_label() == "kvinfo"]
    dots = [float(x.get_xdata()[0]) for x in axes.get_lines() if x.get_marker() == "o"]
    assert sorted(dots) == [0.25, 0.5]


def test_the_headline_gives_the_ends_for_the_widest_programme_and_the_mark_its_kind_of_data():
    figure = of_small("en")
    assert figure.title == "From 25% to 50% of the same women in KVINFO, depending on what is counted"
    assert figure.mark == "Synthetic data, not real answers"


def test_the_recommended_definition_is_bold():
    figure = of_small("en")
    bold = {text.get_text().replace("\n", " ") for text in figure.canvas.texts if text.get_weight() == "bold"}
    assert "In work at the end – of those who answered" in bold
    assert not any("of all who started" in text for text in bold)


def test_printed_shares_are_strokes_beside_their_own_definition():
    figure = definitions(small(), "en", printed=BESIDE)
    assert strokes(figure, "kvinfo") == [0.44]
    assert strokes(figure, "fika") == []
    assert figure.data.set_index("definition").loc[RECOMMENDED["work"].code, "printed"].tolist() == [
        "0.44",
        "",
    ]


def test_what_is_hidden_is_said_and_no_number_of_it_is_anywhere():
    figure = of_small("en")
    hidden = figure.data[figure.data["note"] == "hidden_small_count"]
    assert hidden[["estimate", "conf_low", "count", "n"]].isna().all(axis=None)
    assert "FIKA. Hidden because it concerns too few persons: In work at the end – of all who started." in (
        figure.alt
    )


TWO = pd.DataFrame(
    {
        "programme": "kvinfo",
        "group": ["employed|respondents|at_end|mentee", "employed|all_starters|at_end|mentee"],
        "value": [0.5, 0.4],
        "id": ["x", "y"],
    }
)


def test_the_words_say_whether_ways_of_counting_reach_as_far_as_the_printed_shares_lie_apart():
    wide = definitions(small(), "en", printed=TWO)
    assert "shares that lie 25 points apart, the printed ones 10 points" in wide.subtitle
    assert wide.subtitle.endswith("is enough to make up that spread.")
    narrow = definitions(small(), "en", printed=TWO.assign(value=[0.9, 0.2]))
    assert narrow.subtitle.endswith("makes up a part of that spread.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_leaves_the_sheet_in_any_language(language: str):
    figure = definitions(small(), language, printed=TWO)
    renderer = figure.canvas.canvas.get_renderer()
    width, height = figure.canvas.get_size_inches() * figure.canvas.dpi
    for text in figure.canvas.texts:
        box = text.get_window_extent(renderer)
        assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height, text.get_text()


def test_nothing_to_draw_is_refused():
    with pytest.raises(UsageError, match="no estimates to draw"):
        definitions(small().head(0), "en")


def test_the_same_estimates_give_the_same_bytes():
    assert definitions(small(), "en").svg() == of_small("en").svg()


@pytest.fixture(scope="module")
def made_up(demonstration: Harmonised) -> pd.DataFrame:
    threshold = kij.open_study(template_folder()).threshold
    return kij.indicators.definitions(demonstration.answers, threshold=threshold)


def test_one_set_of_persons_spans_a_range_as_wide_as_the_printed_one_and_the_figure_says_why(made_up):
    kvinfo = made_up[(made_up["programme"] == "kvinfo") & (made_up["role"] == "mentee")]
    low, high = kvinfo["estimate"].min(), kvinfo["estimate"].max()
    printed = BESIDE.loc[BESIDE["programme"] == "kvinfo", "value"]
    assert (printed.min(), printed.max()) == (0.25, 0.59)
    assert low <= printed.min() and high >= printed.max()
    assert (round(low, 2), round(high, 2)) == (0.24, 0.71)
    figure = definitions(made_up, "en", printed=BESIDE)
    assert figure.title == "From 24% to 71% of the same women in KVINFO, depending on what is counted"
    assert "what is counted, among whom and when is enough to make up that spread" in figure.subtitle
    assert figure.mark
