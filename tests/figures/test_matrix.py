"""The matrix of comparability shows for every two printed shares the verdict that the rules give."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from kij_analysis.errors import UsageError
from kij_analysis.figures import comparability_matrix
from kij_analysis.figures.matrix import COLOURS, MOST, SIGNS
from kij_analysis.indicators import comparability, load, matrix, to_compare
from kij_analysis.tables import behind
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES

RECORD = load(template_folder() / "data" / "raw" / "published")
CHOSEN = to_compare(RECORD, RECORD.head(0))
PAIRS = matrix(CHOSEN)


@cache
def draw(language: str = "en"):
    return of(CHOSEN, language)


def of(chosen: pd.DataFrame, language: str = "en"):
    return comparability_matrix(matrix(chosen), language, record=chosen)


def cells(figure) -> dict[tuple[int, int], tuple[str, str]]:
    """Colour and sign of each cell, by row and column."""
    from matplotlib.colors import to_hex

    [axes] = figure.canvas.axes
    colours = {(int(p.get_y()), int(p.get_x())): to_hex(p.get_facecolor()).upper() for p in axes.patches}
    signs = {
        (int(t.get_position()[1]), int(t.get_position()[0])): t.get_text()
        for t in axes.texts
        if t.get_text() in SIGNS.values()
    }
    return {place: (colour, signs.get(place, "")) for place, colour in colours.items()}


def test_each_cell_has_the_colour_and_the_sign_of_its_verdict_and_the_matrix_is_symmetric():
    drawn = cells(draw())
    rows = CHOSEN.to_dict("records")
    for y, one in enumerate(rows):
        for x, other in enumerate(rows):
            if x != y:
                verdict = comparability(one, other).verdict
                assert drawn[y, x] == (COLOURS[verdict], SIGNS[verdict])
        assert drawn[y, y][1] == ""


def test_the_headline_counts_the_verdicts():
    counts = PAIRS["verdict"].value_counts()
    assert draw().title == (
        f"{counts.get('comparable', 0)} of {len(PAIRS)} pairs of printed shares may be compared, "
        f"{counts['caution']} more with caution"
    )


def test_every_row_says_whose_share_it_is_and_of_whom():
    texts = " ".join(text.get_text().replace("\n", " ") for text in draw().canvas.texts)
    assert "1  KVINFO 2021: 44% in work at the end – of those who answered" in texts
    assert "KVINFO 2015: about 50% in work – base not printed" in texts


def test_the_table_behind_holds_the_reasons_the_best_verdicts_first():
    table = behind(draw(), "en")
    verdicts = [row[2] for row in table.rows]
    assert verdicts == sorted(verdicts, key=["comparable", "comparable with caution", "not comparable"].index)
    assert all(row[3] for row in table.rows if row[2] != "comparable")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_leaves_the_sheet_in_any_language(language: str):
    figure = draw(language)
    renderer = figure.canvas.canvas.get_renderer()
    width, height = figure.canvas.get_size_inches() * figure.canvas.dpi
    for text in [*figure.canvas.texts, *figure.canvas.axes[0].texts]:
        box = text.get_window_extent(renderer)
        assert box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height, text.get_text()


def test_as_many_as_fit_are_drawn_and_more_are_refused():
    shares = RECORD[(RECORD["unit"] == "per_cent") & (RECORD["outcome_type"] == "status")]
    assert len(of(shares.head(MOST)).data) == MOST * (MOST - 1) // 2
    with pytest.raises(UsageError, match="do not fit a sheet"):
        of(shares.head(MOST + 1))
    with pytest.raises(UsageError, match="no pairs to draw"):
        of(shares.head(1))


def test_numbers_that_were_entered_come_first_and_none_of_them_is_lost():
    own = CHOSEN.head(1).assign(id="fika_employed_2025", programme="fika", year_from=2025, year_to=2025)
    older = own.assign(id="fika_employed_1999", year_from=1999, year_to=1999)
    record = pd.concat([RECORD, older, own], ignore_index=True)
    chosen = to_compare(record, pd.concat([older, own]), most=4)
    assert chosen["id"].tolist()[:2] == ["fika_employed_2025", "fika_employed_1999"]
    assert len(chosen) == 4
