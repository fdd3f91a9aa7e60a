"""Shares by group: who stands in the base, who is counted beside it, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis.errors import UsageError
from kij_analysis.estimates import COLUMNS
from kij_analysis.survey import linearised, shares, wilson, women


def table(
    text: str, *, categories: tuple[str, ...] = ("employed", "unemployed", "education")
) -> pd.DataFrame:
    """A frame from lines of cells between bars; `answer` is a category, `yes` true or false."""
    head, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines, columns=head).replace("", np.nan).assign(data_status="synthetic")
    if "answer" in frame:
        frame["answer"] = pd.Categorical(frame["answer"], categories=categories)
    if "yes" in frame:
        frame["yes"] = frame["yes"].map({"1": True, "0": False}).astype("boolean")
    for name in {"w", "age"} & set(frame.columns):
        frame[name] = frame[name].astype("float64")
    return frame


ANSWERS = """
    programme | gender | answer     | answer_missing
    fika      | woman  | employed   |
    fika      | woman  | employed   |
    fika      | woman  | unemployed |
    fika      | woman  |            | dont_know
    fika      | woman  |            | not_asked
    fika      | man    | education  |
    fika      |        | education  |
    sajo      | woman  | employed   |
"""


def picked(result: pd.DataFrame, category: str, *columns: str) -> list[list[object]]:
    rows = result[result["category"] == category]
    return rows[list(columns)].values.tolist()


def test_every_answer_has_a_row_even_if_nobody_gave_it():
    result = shares(table(ANSWERS), "answer", by="programme")
    assert result[["programme", "category", "count", "n"]].values.tolist() == [
        ["fika", "employed", 2, 3],
        ["fika", "unemployed", 1, 3],
        ["fika", "education", 0, 3],
        ["sajo", "employed", 1, 1],
        ["sajo", "unemployed", 0, 1],
        ["sajo", "education", 0, 1],
    ]


def test_the_columns_stand_in_the_order_of_all_estimates():
    result = shares(table(ANSWERS), "answer", by=["programme", "gender"])
    assert list(result.columns) == [*COLUMNS, "gender", "missing", "left_out", "ungrouped", "level"]


def test_shares_and_intervals_are_those_of_wilson():
    row = shares(table(ANSWERS), "answer", level=0.9).iloc[0]
    low, high = wilson(3, 4, level=0.9)
    assert row[["estimate", "conf_low", "conf_high", "level"]].tolist() == [0.75, low[0], high[0], 0.9]
    assert (row["method"], row["measure"]) == ("wilson", "share")


def test_women_are_the_population_and_who_is_left_out_is_counted():
    result = shares(table(ANSWERS), "answer", by="programme")
    assert picked(result, "employed", "programme", "missing", "left_out") == [["fika", 2, 2], ["sajo", 0, 0]]


def test_everybody_is_counted_where_all_are_asked_for():
    result = shares(table(ANSWERS), "answer", by="programme", population="all")
    assert picked(result, "education", "n", "count", "left_out")[0] == [5, 2, 0]


def test_a_group_of_men_has_a_row_that_says_that_nobody_answered():
    frame = table(ANSWERS).query("gender == 'man'")
    result = shares(frame, "answer", by="programme")
    assert result["note"].unique().tolist() == ["no_answers"]
    assert result["left_out"].tolist() == [1, 1, 1]
    assert result["estimate"].isna().all() and (result["n"] == 0).all()


def test_who_was_asked_and_did_not_answer_stays_in_the_base_on_request():
    answered = shares(table(ANSWERS), "answer", by="programme")
    asked = shares(table(ANSWERS), "answer", by="programme", base="asked")
    assert picked(answered, "employed", "n", "estimate", "missing")[0] == [3, pytest.approx(2 / 3), 2]
    assert picked(asked, "employed", "n", "estimate", "missing")[0] == [4, 0.5, 2]


def test_the_base_of_those_asked_needs_to_know_who_was_asked():
    with pytest.raises(UsageError, match="does not say who was asked"):
        shares(table(ANSWERS).drop(columns="answer_missing"), "answer", base="asked")


@pytest.mark.parametrize("base", ["answered", "asked"])
@pytest.mark.parametrize("n", [1, 2])
def test_one_and_two_persons_have_shares(n: int, base: str):
    frame = table(ANSWERS).head(n)
    row = shares(frame, "answer", base=base).iloc[0]
    assert (row["estimate"], row["count"], row["n"], row["conf_high"]) == (1.0, n, n, 1.0)
    assert 0 < row["conf_low"] < 1


def test_no_persons_at_all_give_rows_that_say_so():
    empty = table(ANSWERS).head(0)
    assert shares(empty, "answer")["note"].tolist() == ["no_answers"] * 3
    grouped = shares(empty, "answer", by=["programme", "gender"])
    assert grouped[["programme", "gender", "note"]].values.tolist() == [["all", "", "no_answers"]] * 3
    assert list(grouped.columns) == [*COLUMNS, "gender", "missing", "left_out", "ungrouped", "level"]


YES_NO = """
    programme | gender | yes | yes_missing
    fika      | woman  | 1   |
    fika      | woman  | 1   |
    fika      | woman  | 1   |
"""


def test_a_yes_or_no_question_has_the_row_yes_only():
    result = shares(table(YES_NO), "yes", by="programme")
    assert result[["category", "estimate", "count", "n"]].values.tolist() == [["yes", 1.0, 3, 3]]
    assert result["conf_high"].item() == 1.0


def test_all_no_is_a_share_of_0_and_not_a_gap():
    frame = table(YES_NO).assign(yes=pd.array([False] * 3, dtype="boolean"))
    row = shares(frame, "yes").iloc[0]
    assert (row["estimate"], row["count"], row["conf_low"], row["note"]) == (0.0, 0, 0.0, "")


@pytest.mark.parametrize("plain", [True, False])
def test_plain_and_nullable_truth_values_give_the_same(plain: bool):
    frame = table(YES_NO)
    frame["yes"] = pd.Series([True, False, True], dtype="bool" if plain else "boolean")
    assert shares(frame, "yes")["count"].tolist() == [2]


@pytest.mark.parametrize(
    "reasons, note",
    [
        (["not_asked"] * 3, "not_asked"),
        (["not_comparable"] * 3, "not_comparable"),
        (["undetermined"] * 3, "undetermined"),
        (["not_applicable"] * 3, "not_applicable"),
        (["dont_know"] * 3, "no_answers"),
        (["not_asked", "not_asked", "dont_know"], "no_answers"),
    ],
)
def test_a_question_without_answers_says_why(reasons: list[str], note: str):
    frame = table(YES_NO).assign(yes=pd.array([None] * 3, dtype="boolean"), yes_missing=reasons)
    for base in ("answered", "asked"):
        row = shares(frame, "yes", base=base).iloc[0]
        assert (row["note"], row["n"], row["missing"], row["method"]) == (note, 0, 3, "none")
        assert row[["estimate", "conf_low", "conf_high", "count"]].isna().all()


def test_a_category_column_without_categories_still_has_a_row():
    frame = table(YES_NO).assign(answer=pd.Categorical([None] * 3))
    assert shares(frame, "answer")["note"].tolist() == ["no_answers"]


def test_several_columns_make_a_group_of_every_combination_that_occurs():
    frame = table(
        """
        programme | gender | birth   | wave | answer
        sajo      | woman  | abroad  | end  | employed
        sajo      | woman  | here    | end  | employed
        fika      | woman  | abroad  | end  | employed
        """
    )
    result = shares(frame, "answer", by=["programme", "birth", "wave"])
    assert picked(result, "employed", "programme", "group", "birth", "wave") == [
        ["sajo", "abroad|end", "abroad", "end"],
        ["sajo", "here|end", "here", "end"],
        ["fika", "abroad|end", "abroad", "end"],
    ]


def test_a_programme_is_named_where_the_frame_has_only_one():
    frame = table(ANSWERS)
    assert set(shares(frame, "answer")["programme"]) == {"all"}
    assert set(shares(frame[frame["programme"] == "fika"], "answer", by="gender")["programme"]) == {"fika"}


def test_persons_without_a_group_are_counted():
    frame = table(
        """
        programme | gender | birth   | answer
        fika      | woman  | abroad  | employed
        fika      | woman  |         | employed
        fika      | man    |         | employed
        """
    )
    result = shares(frame, "answer", by=["programme", "birth"])
    assert picked(result, "employed", "n", "ungrouped") == [[1, 1]]
    assert shares(frame, "answer", by="programme")["ungrouped"].tolist() == [0, 0, 0]


def test_an_index_that_repeats_itself_counts_nobody_twice():
    repeated = table(ANSWERS).set_axis([0] * 8)
    expected = shares(table(ANSWERS), "answer", by="programme")
    pd.testing.assert_frame_equal(shares(repeated, "answer", by="programme"), expected)


def test_the_argument_stays_as_it_was():
    frame = table(ANSWERS).assign(w=1.0)
    before = frame.copy(deep=True)
    shares(frame, "answer", by="programme", weight="w", base="asked")
    pd.testing.assert_frame_equal(frame, before)


def test_a_result_that_mixes_kinds_of_data_carries_the_weakest():
    frame = table(ANSWERS).assign(data_status=["observed"] * 6 + ["synthetic"] + ["observed"])
    by_programme = shares(frame, "answer", by="programme")
    assert picked(by_programme, "employed", "programme", "data_status") == [
        ["fika", "synthetic"],
        ["sajo", "observed"],
    ]
    assert set(shares(frame, "answer")["data_status"]) == {"synthetic"}


def test_a_frame_that_does_not_say_its_kind_of_data_is_refused():
    with pytest.raises(UsageError, match=r"assign\(data_status="):
        shares(table(ANSWERS).drop(columns="data_status"), "answer")


WEIGHTED = """
    programme | gender | answer     | answer_missing | w
    fika      | woman  | employed   |                | 2
    fika      | woman  | unemployed |                | 1
    fika      | woman  | unemployed |                | 1
    fika      | woman  | employed   |                |
    fika      | woman  | employed   |                | 0
    fika      | woman  |            | refused        | 4
    fika      | man    | employed   |                | 1
"""


def test_a_person_without_a_weight_is_missing():
    row = shares(table(WEIGHTED), "answer", weight="w").iloc[0]
    assert (row["estimate"], row["count"], row["n"], row["missing"]) == (0.5, 1, 3, 3)
    assert row["method"] == "linearised"


def test_the_frame_is_the_sample_of_which_the_groups_are_parts():
    row = shares(table(WEIGHTED), "answer", weight="w").iloc[0]
    # Five persons have a weight, the man and the woman who refused among them.
    expected = linearised([1, 0, 0], [2, 1, 1], size=5)
    assert row[["estimate", "std_error", "conf_low", "conf_high"]].tolist() == list(expected)


def test_weights_count_those_who_were_asked():
    row = shares(table(WEIGHTED), "answer", weight="w", base="asked").iloc[0]
    assert (row["estimate"], row["count"], row["n"], row["missing"]) == (0.25, 1, 4, 3)


def test_weights_that_hold_the_nullable_missing_value_are_read():
    frame = table(WEIGHTED)
    nullable = frame.assign(w=frame["w"].astype("Float64"))
    pd.testing.assert_frame_equal(shares(nullable, "answer", weight="w"), shares(frame, "answer", weight="w"))


def test_persons_who_all_lack_a_weight_give_a_note():
    frame = table(WEIGHTED).assign(w=np.nan)
    for base in ("answered", "asked"):
        result = shares(frame, "answer", weight="w", base=base)
        assert result["note"].unique().tolist() == ["no_answers"]


@pytest.mark.parametrize("weights", [["1"] * 7, [1.0] * 6 + [-1.0], [1.0] * 6 + [np.inf]])
def test_weights_that_are_none_are_refused(weights: list[object]):
    with pytest.raises(UsageError, match="weights 'w'"):
        shares(table(WEIGHTED).assign(w=weights), "answer", weight="w")


@pytest.mark.parametrize("asked", [{"variable": "answr"}, {"by": "programe"}, {"weight": "weigth"}])
def test_a_column_that_is_not_there_is_refused(asked: dict[str, str]):
    frame = table(ANSWERS).assign(weight=1.0)
    with pytest.raises(UsageError, match=r"has no column .* Did you mean '(answer|programme|weight)'\?"):
        shares(frame, **{"variable": "answer", **asked})  # type: ignore[arg-type]


@pytest.mark.parametrize("column", [[1.0] * 8, ["text"] * 8, pd.date_range("2024-01-01", periods=8)])
def test_numbers_dates_and_texts_have_no_shares(column: object):
    with pytest.raises(UsageError, match="neither a category nor true and false"):
        shares(table(ANSWERS).assign(x=column), "x")


@pytest.mark.parametrize("options", [{"population": "girls"}, {"base": "invited"}, {"level": 95}])
def test_options_that_are_not_known_are_refused(options: dict[str, object]):
    with pytest.raises(UsageError):
        shares(table(ANSWERS), "answer", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["group", "n", "missing", "level", "category"])
def test_a_group_may_not_take_a_name_of_the_results(name: str):
    with pytest.raises(UsageError, match="of their own"):
        shares(table(ANSWERS).assign(**{name: "a"}), "answer", by=name)


def test_without_a_gender_the_women_cannot_be_told():
    frame = table(ANSWERS).drop(columns="gender")
    with pytest.raises(UsageError, match="population='all'"):
        shares(frame, "answer")
    assert shares(frame, "answer", population="all")["n"].tolist() == [6, 6, 6]


def test_women_are_kept_and_the_others_counted_whatever_the_column_holds():
    for dtype in ("str", "category", "object"):
        frame = pd.DataFrame({"gender": pd.Series(["woman", "man", None, "other"]).astype(dtype)})
        kept = women(frame)
        assert (len(kept.frame), kept.left_out) == (1, 3)
