"""What one table hides no other tells: identical counts, sums, several bases, and the last release."""

from __future__ import annotations

import pandas as pd
import pytest

from kij_analysis import disclosure, estimates
from kij_analysis.disclosure import Leaving, Together, together
from kij_analysis.disclosure.releases import CELLS
from kij_analysis.errors import UsageError

Row = dict[str, object]


def share(count: int, n: int, **others: object) -> Row:
    row: Row = {"programme": "fika", "variable": "network", "category": "yes", "measure": "share"}
    row |= {"count": count, "n": n, "estimate": count / n, "method": "wilson", "data_status": "observed"}
    return row | others


def leaving(name: str, rows: list[Row], **others: object) -> Leaving:
    given = {"kind": "figure", "chapter": "barriers", "protect": disclosure.suppress, **others}
    return Leaving(name=name, frame=estimates.make(rows), **given)


def counts(made: Together, name: str) -> list[float]:
    return made.frames["figure", name]["count"].fillna(-1).tolist()


def reasons(made: Together, name: str) -> list[str]:
    return made.log.loc[made.log["item"] == name, "reason"].tolist()


def groups(of: list[tuple[str, int, int]]) -> list[Row]:
    return [share(count, n, group=name, education=name) for name, count, n in of]


def test_a_total_row_elsewhere_costs_a_second_group():
    parts = leaving("parts", groups([("low", 3, 20), ("medium", 8, 20), ("high", 12, 40)]))
    alone = together([parts])
    assert counts(alone, "parts") == [-1, 8, 12]
    beside = together([parts, leaving("whole", [share(23, 80)])])
    assert counts(beside, "parts") == [-1, -1, 12]
    assert reasons(beside, "parts") == ["primary", "secondary"]
    assert counts(beside, "whole") == [23]


def test_hidden_rows_look_alike_whatever_the_reason():
    parts = leaving("parts", groups([("low", 3, 20), ("medium", 8, 20), ("high", 12, 40)]))
    frame = together([parts, leaving("whole", [share(23, 80)])]).frames["figure", "parts"]
    gone = frame[frame["note"] == "hidden_small_count"]
    assert len(gone) == 2
    assert gone[["estimate", "std_error", "conf_low", "conf_high", "count"]].isna().all(axis=None)
    assert not {"reason", "primary"} & set(frame.columns)


def test_a_count_that_is_hidden_in_one_place_is_hidden_in_all():
    parts = leaving("parts", groups([("low", 3, 20), ("medium", 8, 20), ("high", 12, 40)]))
    again = leaving("again", [share(8, 20, education="medium", group="medium")])
    made = together([parts, leaving("whole", [share(23, 80)]), again])
    assert counts(made, "again") == [-1]


def test_a_difference_of_two_programmes_goes_with_the_share_that_it_would_tell():
    levels = [share(k, 40, variable="status", category=c) for c, k in (("a", 3), ("b", 12), ("c", 25))]
    gap = share(37, 80, variable="status", category="b", programme="all", measure="risk_difference")
    gap |= {"first": "fika", "second": "sajo", "count_1": 12, "n_1": 40, "count_2": 25, "n_2": 40}
    made = together([leaving("levels", levels), leaving("gap", [gap])])
    assert counts(made, "levels") == [-1, -1, 25]
    assert counts(made, "gap") == [-1]
    assert reasons(made, "gap") == ["same_as"]


def test_a_category_of_several_does_not_tell_one_of_them():
    rows = [share(3, 60, variable="labour_status", category="subsidised_job")]
    rows += [share(20, 60, variable="labour_status", category="employed")]
    union = share(23, 60, variable="labour_status", category="employed|subsidised_job")
    made = together([leaving("each", rows), leaving("union", [union])])
    assert counts(made, "each") == [-1, -1]
    assert counts(made, "union") == [23]


def test_in_work_is_such_a_category():
    rows = [share(3, 60, variable="labour_status", category="subsidised_job")]
    rows += [share(20, 60, variable="labour_status", category="employed")]
    work = share(23, 60, variable="labour_status", category="work")
    made = together([leaving("each", rows), leaving("work", [work])])
    assert counts(made, "each")[0] == -1
    assert -1 in (counts(made, "each")[1], counts(made, "work")[0])


def test_two_outcomes_of_which_one_holds_the_other_do_not_tell_of_the_few_between():
    """In work, and in work or education, of the same women: three are in education."""
    work = share(23, 60, variable="labour_status", category="employed|subsidised_job")
    wider = share(26, 60, variable="employed_or_education", category="")
    made = together([leaving("one", [work]), leaving("two", [wider])])
    assert counts(made, "one") + counts(made, "two") == [-1, 26]
    same = share(23, 60, variable="employed", category="")
    made = together([leaving("one", [work]), leaving("two", [same])])
    assert counts(made, "one") + counts(made, "two") == [23, 23]


def test_bases_that_differ_by_few_do_not_tell_of_those_few():
    near = together([leaving("one", [share(30, 60)]), leaving("two", [share(32, 63)])])
    assert counts(near, "one") + counts(near, "two") == [-1, 32]
    assert "difference" in set(near.log["reason"])
    far = together([leaving("one", [share(30, 60)]), leaving("two", [share(32, 65)])])
    assert counts(far, "one") + counts(far, "two") == [30, 32]


@pytest.mark.parametrize(("more", "open_"), [(1, False), (4, False), (5, True)])
def test_means_of_nearly_the_same_persons_do_not_tell_of_the_few_between(more: int, open_: bool):
    mean = {**share(0, 60), "category": "", "measure": "mean", "estimate": 3.5, "count": None}
    other = mean | {"estimate": 3.6, "n": 60 + more}
    made = together([leaving("one", [mean]), leaving("two", [other])])
    shown = [made.frames["figure", name]["estimate"].notna().all() for name in ("one", "two")]
    assert shown == [open_, True]
    assert reasons(made, "one") == ([] if open_ else ["difference"])


def test_at_least_one_barrier_does_not_tell_how_many_named_none():
    rows = [share(k, 63, variable="barriers_named", category=c) for c, k in (("0", 7), ("1", 3), ("2", 53))]
    at_least = share(56, 63, variable="barrier_any", category="yes")
    made = together([leaving("numbers", rows), leaving("any", [at_least])])
    assert counts(made, "numbers") == [-1, -1, 53]
    assert counts(made, "any") == [-1]


def test_different_questionnaires_are_about_different_answers():
    one = leaving("one", [share(30, 60)], behind=("fika_end_2024",))
    two = leaving("two", [share(32, 63)], behind=("fika_entry_2024",))
    made = together([one, two])
    assert counts(made, "one") + counts(made, "two") == [30, 32]


def test_groups_that_leave_out_a_few_do_not_tell_of_them():
    parts = leaving("parts", groups([("low", 10, 30), ("high", 15, 38)]))
    made = together([parts, leaving("whole", [share(27, 70)])])
    assert sorted(counts(made, "parts") + counts(made, "whole"))[0] == -1
    assert sorted(made.log["reason"]) == ["difference"]


@pytest.mark.parametrize(("more", "open_"), [(1, False), (4, False), (5, True)])
def test_a_release_may_not_differ_from_the_last_by_few(more: int, open_: bool):
    first = together([leaving("it", [share(30, 60)])])
    assert counts(first, "it") == [30]
    second = together([leaving("it", [share(31, 60 + more)])], earlier=first.cells)
    assert (counts(second, "it") == [31]) is open_
    assert reasons(second, "it") == ([] if open_ else ["difference_to_release"])


def test_an_equal_release_may_leave_again():
    items = [leaving("it", groups([("low", 3, 20), ("medium", 8, 20), ("high", 12, 40)]))]
    items += [leaving("whole", [share(23, 80)])]
    first = together(items)
    second = together(items, earlier=first.cells)
    assert counts(second, "it") == counts(first, "it")
    assert counts(second, "whole") == counts(first, "whole")


def test_what_the_last_release_told_cannot_be_taken_back():
    """The medium group is known from last time, so another one has to go beside the hidden group."""
    items = [leaving("it", groups([("low", 3, 20), ("medium", 8, 20), ("high", 12, 40)]))]
    items += [leaving("whole", [share(23, 80)])]
    told = together([leaving("it", groups([("medium", 8, 20)]))]).cells
    made = together(items, earlier=told)
    assert counts(made, "it") == [-1, 8, -1]


def test_a_record_that_lacks_a_column_is_refused():
    with pytest.raises(UsageError, match="lacks 'behind'"):
        together([leaving("it", [share(30, 60)])], earlier=pd.DataFrame(columns=CELLS).drop(columns="behind"))


def test_the_record_holds_open_counts_only():
    made = together([leaving("it", groups([("low", 3, 20), ("high", 12, 40)]), behind=("fika_end",))])
    assert made.cells.to_dict("records") == [
        {
            "programme": "fika", "variable": "network", "category": "yes", "by": "education=high",
            "behind": "fika_end", "count": 12.0, "n": 40.0,
        }
    ]  # fmt: skip


def test_a_table_that_is_mostly_hidden_asks_for_coarser_classes():
    rows = [share(k, 40, variable="origin", category=c) for c, k in (("a", 1), ("b", 3), ("c", 30), ("d", 6))]
    made = together([leaving("it", rows)])
    assert made.log["advice"].str.contains("coarser categories").all()
    assert len(made.log) == 3


def test_frames_that_are_no_estimates_pass_as_they_are():
    plain = pd.DataFrame({"programme": ["fika"], "rows": [3]})
    item = Leaving(
        name="it", kind="table", chapter="data", frame=plain, protect=lambda frame, threshold: frame
    )
    assert together([item]).frames["table", "it"].equals(plain)


def test_items_are_not_changed():
    item = leaving("it", groups([("low", 3, 20), ("high", 12, 40)]))
    before = item.frame.copy()
    together([item])
    pd.testing.assert_frame_equal(item.frame, before)


@pytest.mark.parametrize("rows", [[], [share(0, 40)], [share(40, 40)], [share(1, 1)], [share(1, 2)]])
def test_edges_are_rows_like_others(rows: list[Row]):
    made = together([leaving("it", rows)])
    assert made.frames["figure", "it"]["estimate"].isna().all()
    assert len(made.log) == len(rows)


def test_the_mean_number_does_not_tell_a_hidden_number():
    """How many named none and so on up to three; two hidden ones would follow from the base and the mean."""
    numbers = (6, 14, 3, 40)
    rows = [share(k, 63, variable="barriers_named", category=str(c)) for c, k in enumerate(numbers)]
    total = sum(number * k for number, k in enumerate(numbers))
    mean = {**rows[0], "category": "", "measure": "mean", "count": None, "estimate": total / 63}
    without = together([leaving("numbers", rows)])
    assert counts(without, "numbers") == [-1, 14, -1, 40]
    made = together([leaving("numbers", [*rows, mean])]).frames["figure", "numbers"]
    shown = made["estimate"].notna().tolist()
    assert shown == [False, True, False, True, False] or sum(shown[:4]) == 1
