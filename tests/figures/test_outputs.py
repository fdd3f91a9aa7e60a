"""The figure of outputs: printed counts, each by itself, with the words that its source gave it."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
import pytest

from kij_analysis import figures, indicators, tables
from kij_analysis.codebook import load_codebook
from kij_analysis.errors import UsageError
from kij_analysis.figures import Figure
from kij_analysis.figures.style import looks
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES, Words

FOLDER = template_folder()
BOOK = load_codebook(FOLDER / "codebook")
RECORD = indicators.load(FOLDER / "data" / "raw" / "published")
SOURCES = indicators.sources(FOLDER / "data" / "raw" / "published")


def fresh(language: str = "en", programme: str = "kvinner_ut") -> Figure:
    return figures.outputs(RECORD, Words(language, BOOK), programme=programme, sources=SOURCES)


drawn = cache(fresh)
"""Drawn once for all tests that only look at it."""


def row(**changes: object) -> pd.DataFrame:
    fine = {
        "id": "x", "programme": "fika", "indicator": "pairs", "value": 28.0, "value_high": float("nan"),
        "unit": "pairs", "precision": "exact", "outcome_type": "volume", "year_from": 2022, "year_to": 2022,
        "year_basis": "stated", "source": "luckan_ukraine_2022", "data_status": "published",
    }  # fmt: skip
    frame = pd.DataFrame([{**fine, **changes}])
    return frame.astype({"year_from": "Int64", "year_to": "Int64"})


def texts(figure: Figure) -> list[str]:
    """What stands on the sheet."""
    return [text.get_text() for text in figure.canvas.texts]


def test_the_numbers_drawn_are_those_of_the_record():
    own = RECORD[RECORD["programme"].isin(["kvinner_ut", "sammen_for_inkludering"])]
    counts = own[own["outcome_type"].isin(["volume", "plan"])]
    assert sorted(drawn().data["id"]) == sorted(counts["id"])
    assert {"81", "400", "22", "5", "150", "600"} <= set(texts(drawn()))


def test_each_number_keeps_the_qualifier_of_its_source():
    data = drawn().data.set_index("id")
    assert data.loc["kvinner_ut_chapters_five_years", "text"] == "almost 150 local chapters (undated)"
    assert data.loc["kvinner_ut_activities_five_years", "text"] == "more than 600 activities (undated)"
    assert data.loc["kvinner_ut_chapters_2017_2018", "text"] == "81 local chapters (2017–2018)"


def test_what_was_only_planned_says_so():
    data = drawn().data.set_index("indicator")
    assert data.loc["municipalities", "text"] == "5 municipalities (2022–2024, planned)"


def test_a_year_that_was_inferred_is_about():
    assert (
        drawn(programme="fika").data.set_index("id").loc["fika_pairs_per_year_2017", "years"] == "about 2017"
    )


def test_money_and_lengths_are_no_outputs():
    assert not set(drawn().data["unit"]) & {"NOK", "year", "months"}
    assert not {"intensity", "duration"} & set(drawn(programme="fika").data["indicator"])


def test_the_headline_counts_the_numbers_and_says_that_there_are_no_outcomes():
    assert drawn().title == (
        "KvinnerUT: 6 published numbers about the activities, none about what became of the participants"
    )
    assert drawn(programme="kvinfo").title == "KVINFO: 29 published numbers about the activities"


def test_one_number_is_one():
    one = figures.outputs(row(), Words("da", BOOK))
    assert one.title == "FIKA: ét offentliggjort tal om aktiviteterne, ingen om hvordan det gik deltagerne"
    with_outcome = pd.concat([row(), row(outcome_type="status", indicator="employed", unit="per_cent")])
    assert figures.outputs(with_outcome, Words("en", BOOK)).title == (
        "FIKA: one published number about the activities"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("programme", ["kvinner_ut", "fika"])
def test_the_alt_text_tells_every_number_and_the_kind_of_data(language: str, programme: str):
    figure = drawn(language, programme)
    for text in figure.data["text"]:
        assert text in figure.alt or text[0].upper() + text[1:] in figure.alt
    assert Words(language)("mark.synthetic") not in figure.alt
    assert not re.search(r"[{}]|nan", figure.alt)


def test_the_footer_names_the_publishers():
    assert drawn("fi").footer.startswith("Lähde: Norges Bygdekvinnelag. ")
    assert "kommuntorget_fika" in figures.outputs(RECORD, Words("en", BOOK), programme="fika").footer


def test_there_is_no_axis_that_would_compare_unlike_things():
    assert drawn().canvas.axes == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("programme", ["kvinner_ut", "fika", "kvinfo"])
def test_no_text_meets_another_or_leaves_the_sheet(language: str, programme: str):
    canvas = drawn(language, programme).canvas
    renderer = canvas.canvas.get_renderer()  # type: ignore[attr-defined]
    boxes = [text.get_window_extent(renderer) for text in canvas.texts if text.get_text()]
    for number, box in enumerate(boxes):
        assert box.x0 >= 0 and box.y0 >= 0
        assert box.x1 <= canvas.bbox.width and box.y1 <= canvas.bbox.height
        for other in boxes[number + 1 :]:
            apart = (
                box.x1 <= other.x0 or other.x1 <= box.x0 or box.y1 <= other.y0 + 2 or other.y1 <= box.y0 + 2
            )
            assert apart


def test_the_tiles_have_the_colour_of_the_programme():
    colour = looks(["kvinner_ut"], order=list(BOOK.programmes))["kvinner_ut"][0]
    numbers = [text for text in drawn().canvas.texts if text.get_text() == "600"]
    assert [text.get_color() for text in numbers] == [colour]


def test_the_programme_may_be_left_out_where_the_rows_leave_no_doubt():
    own = RECORD[RECORD["programme"].isin(["kvinner_ut", "sammen_for_inkludering"])]
    assert figures.outputs(own, Words("en", BOOK)).title == drawn().title


@pytest.mark.parametrize("record", [RECORD, RECORD.iloc[:0]])
def test_rows_of_several_programmes_or_none_need_the_name_of_one(record: pd.DataFrame):
    with pytest.raises(UsageError, match="shows one programme"):
        figures.outputs(record, Words("en", BOOK))


def test_a_programme_without_printed_counts_is_refused():
    with pytest.raises(UsageError, match="No count of activities is printed for the programme 'sajo'"):
        drawn(programme="sajo")


def test_the_table_behind_holds_each_number_with_its_source():
    table = tables.behind(drawn("nb"), Words("nb", BOOK))
    assert table.header == ("Hva", "Tall", "År", "Kilde")
    assert ("Lokallag", "nesten 150", "uten år", "bygdekvinnelaget_pilot") in table.rows
    assert table.mark == ""


def test_the_same_record_gives_the_same_bytes():
    assert fresh().svg() == drawn().svg()


def test_the_record_is_left_as_it_was():
    before = RECORD.copy()
    fresh()
    pd.testing.assert_frame_equal(RECORD, before)
