"""Answer keys, and answers as numbers and dates."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kij_analysis.codebook.instruments import FileForm
from kij_analysis.errors import SourceError, UsageError
from kij_analysis.sources import (
    AnswerKey,
    ColumnNotes,
    RawTable,
    date_hint,
    normalise,
    number_hint,
    to_dates,
    to_numbers,
)


def table(cells: list[object], *, dtype: object = None, **notes: object) -> RawTable:
    column = ColumnNotes(**{"name": "q", "kind": "text", **notes})
    frame = pd.DataFrame({"q": pd.Series(cells, dtype=dtype)})
    place = Path("a.csv")
    return RawTable(
        path=place, name=place.name, frame=frame, columns={"q": column}, encoding="", sha256="", first_row=2
    )


def spellings(cells: list[object], *, dtype: object = None) -> list[str]:
    return [answer.key for answer in table(cells, dtype=dtype).keys("q")[1]]


def typed(*texts: str) -> list[AnswerKey]:
    return [AnswerKey(key=text, text=normalise(text)) for text in texts]


def test_each_kind_of_value_has_one_spelling():
    day, moment = datetime.date(2024, 5, 31), datetime.datetime(2024, 5, 31, 13, 5)
    cells = ["ja", 3.0, 2.5, ".a", day, moment, datetime.time(8, 0), True, np.nan]
    assert spellings(cells, dtype=object) == [
        "ja", "3", "2.5", ".a", "2024-05-31", "2024-05-31T13:05:00", "08:00:00", "TRUE", "",
    ]  # fmt: skip


def test_text_is_spelt_as_it_stands_and_matched_normalised():
    answers = table([" i  HØJ grad ", "I ho\u0308g\u00a0grad"], dtype="str").keys("q")[1]
    assert [answer.key for answer in answers] == [" i  HØJ grad ", "I ho\u0308g\u00a0grad"]
    assert [answer.text for answer in answers] == ["i høj grad", "i hög grad"]


def test_an_empty_cell_blanks_alone_and_a_missing_cell_are_one_answer():
    codes, answers = table(["", "  ", None, "x"], dtype=object).keys("q")
    assert [answer.key for answer in answers] == ["", "x"]
    assert codes.tolist() == [0, 0, 0, 1]


def test_the_number_3_and_the_text_3_are_one_answer_and_true_is_not_1():
    codes, answers = table([3.0, "3", True, 1.0], dtype=object).keys("q")
    assert [answer.key for answer in answers] == ["3", "TRUE", "1"]
    assert codes.tolist() == [0, 0, 1, 2]


def test_na_null_and_a_dash_are_answers_like_others():
    assert spellings(["NA", "NULL", "-", "nan"], dtype="str") == ["NA", "NULL", "-", "nan"]


def test_codes_lead_back_to_every_row():
    cells = ["b", "a", "b", "", "a"]
    codes, answers = table(cells, dtype="str").keys("q")
    assert [answers[code].key for code in codes] == cells


def test_a_large_number_keeps_all_its_digits():
    assert spellings([12345678901.0, -0.0, 0.1], dtype="float64") == ["12345678901", "0", "0.1"]


def test_labels_and_declared_missing_codes_come_with_the_answer():
    notes = {"value_labels": {"8": "Ved ikke"}, "user_missing_ranges": ((8.0, 9.0),), "kind": "number"}
    answers = table([1.0, 8.0, 9.5], **notes).keys("q")[1]
    assert [(a.label, a.declared_missing) for a in answers] == [
        (None, False),
        ("Ved ikke", True),
        (None, False),
    ]


def test_a_text_that_looks_like_a_code_in_a_missing_range_is_not_declared_missing():
    answers = table(["8"], dtype="str", user_missing_ranges=((8.0, 9.0),)).keys("q")[1]
    assert not answers[0].declared_missing


def test_an_unknown_column_is_named_with_the_nearest():
    with pytest.raises(UsageError, match="no column 'qq'"):
        table([1.0]).keys("qq")


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "number"),
    [
        ("17,5", ",", "", 17.5),
        ("1.234,5", ",", ".", 1234.5),
        ("1.234.567", ",", ".", 1234567),
        ("1234,5", ",", ".", 1234.5),
        ("1 234", ",", " ", 1234),
        ("1\u00a0234,5", ",", " ", 1234.5),
        ("1\u202f234", ",", " ", 1234),
        ("  12.5 ", ".", "", 12.5),
        (",5", ",", "", 0.5),
        ("\u22123", ".", "", -3),
        ("-3,25", ",", "", -3.25),
        ("+3", ".", "", 3),
        ("1.5E+03", ".", "", 1500),
        ("007", ".", "", 7),
    ],
)
def test_a_number_is_read_by_its_declared_signs(text: str, decimal: str, thousands: str, number: float):
    form = FileForm(format="delimited", decimal=decimal, thousands=thousands)
    numbers, strangers = to_numbers(typed(text), form)
    assert (numbers.tolist(), strangers) == ([number], [])


@pytest.mark.parametrize(
    ("text", "decimal", "thousands"),
    [
        ("12.5", ",", ""),
        ("12,5", ".", ""),
        ("1.23", ",", "."),
        ("1234.567,5", ",", "."),
        ("1 234", ",", ""),
        ("1 234", ",", "."),
        ("5,", ",", ""),
        (",", ",", ""),
        ("1,2,3", ",", ""),
        ("12 %", ".", ""),
        ("ja", ".", ""),
        ("nan", ".", ""),
        ("inf", ".", ""),
        ("1_000", ".", ""),
        ("٣", ".", ""),
        (".a", ".", ""),
        ("2024-05-31", ".", ""),
    ],
)
def test_what_the_declared_signs_do_not_read_is_no_number(text: str, decimal: str, thousands: str):
    form = FileForm(format="delimited", decimal=decimal, thousands=thousands)
    numbers, strangers = to_numbers(typed(text), form)
    assert np.isnan(numbers[0])
    assert [stranger.key for stranger in strangers] == [text]


def test_an_empty_answer_is_no_number_and_no_stranger():
    numbers, strangers = to_numbers(typed("", "2"), FileForm(format="delimited"))
    assert np.isnan(numbers[0])
    assert numbers[1] == 2
    assert strangers == []


def test_a_number_that_the_file_holds_as_a_number_needs_no_decimal_sign():
    answers = table([2.5, "2,5"], dtype=object).keys("q")[1]
    numbers, strangers = to_numbers(answers, FileForm(format="xlsx", decimal=","))
    assert (numbers.tolist(), strangers) == ([2.5, 2.5], [])


def test_a_date_is_no_number_and_true_is_none_either():
    answers = table([datetime.datetime(2024, 5, 31), True], dtype=object).keys("q")[1]
    assert len(to_numbers(answers, FileForm(format="xlsx"))[1]) == 2


def test_the_same_sign_for_decimals_and_thousands_is_refused():
    with pytest.raises(SourceError, match="both declared as ','"):
        to_numbers(typed("1"), FileForm(format="delimited", decimal=",", thousands=","))


def test_a_wrong_decimal_sign_is_answered_with_the_right_one():
    form = FileForm(format="delimited", decimal=".")
    strangers = to_numbers(typed("17,5", "19,0", "20"), form)[1]
    assert number_hint(strangers, form) == "Declare decimal: ','."
    assert number_hint(typed("1.234,5"), form) == "Declare decimal: ',' and thousands: '.'."
    assert number_hint(typed("many"), form) == ""


def test_dates_are_read_by_the_declared_pattern_alone():
    form = FileForm(format="delimited", dates="%d-%m-%Y")
    dates, strangers = to_dates(typed("31-05-2024", " 1-6-2024 ", "2024-05-31", ""), form)
    assert [str(date)[:10] for date in dates] == ["2024-05-31", "2024-06-01", "NaT", "NaT"]
    assert [stranger.key for stranger in strangers] == ["2024-05-31"]


@pytest.mark.parametrize(
    "text", ["31-02-2024", "29-02-2023", "00-01-2024", "01-13-2024", "1-1-24", "tomorrow"]
)
def test_a_day_that_does_not_exist_is_no_date(text: str):
    dates, strangers = to_dates(typed(text), FileForm(format="delimited", dates="%d-%m-%Y"))
    assert np.isnat(dates[0])
    assert len(strangers) == 1


def test_a_date_that_the_file_holds_as_a_date_needs_no_pattern():
    answers = table([datetime.date(2024, 5, 31), pd.Timestamp("2024-06-01 12:00")], dtype=object).keys("q")[1]
    dates, strangers = to_dates(answers, FileForm(format="xlsx", dates="%d.%m.%Y"))
    assert dates.tolist() == [datetime.datetime(2024, 5, 31), datetime.datetime(2024, 6, 1, 12)]
    assert strangers == []


def test_a_number_such_as_20240531_is_a_date_if_the_pattern_says_so():
    answers = table([20240531.0]).keys("q")[1]
    dates, _ = to_dates(answers, FileForm(format="spss", dates="%Y%m%d"))
    assert str(dates[0])[:10] == "2024-05-31"


def test_a_wrong_date_pattern_is_answered_with_the_right_one_if_only_one_fits():
    form = FileForm(format="delimited", dates="%Y-%m-%d")
    assert date_hint(typed("31/05/2024"), form) == "Declare dates: '%d/%m/%Y'."
    assert date_hint(typed("01/02/2024"), form) == ""
