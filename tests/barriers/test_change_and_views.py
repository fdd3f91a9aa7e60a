"""Before and after in the same women; mentees and mentors side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from barriers.making import answers

from kij_analysis import barriers, survey
from kij_analysis.errors import UsageError

# ------------------------------------------------------------------ change


def waves(entry: dict[str, int], end: dict[str, int], **columns: object) -> pd.DataFrame:
    return pd.concat([answers(entry, wave="entry", **columns), answers(end, wave="end", **columns)])


def test_a_change_is_the_one_of_the_paired_shares_with_its_family():
    frame = waves({"a": 16, "-": 4}, {"a": 6, "-": 14})
    found = barriers.change(frame).set_index("variable")
    own = survey.paired(frame, "barrier_language", by="programme", test="mid_p").iloc[0]
    assert (
        found.loc["barrier_language", ["estimate", "p_value"]].tolist()
        == own[["estimate", "p_value"]].tolist()
    )
    assert found.loc["barrier_language", "family_size"] == 4
    assert "barrier_other" not in found.index


def test_mentors_are_no_part_of_the_mentees_change():
    mentees = waves({"a": 8}, {"-": 8}, role="mentee")
    mentors = waves({"a": 8}, {"a": 8}, role="mentor")
    assert barriers.change(pd.concat([mentees, mentors])).iloc[0]["estimate"] == -1.0


@pytest.mark.parametrize("sets", [({}, {}), ({"a": 1}, {"a": 1}), ({"a": 2}, {"-": 2}), ({"-": 5}, {"-": 5})])
def test_hardly_any_pairs_give_rows_with_a_change_or_a_reason(sets: tuple[dict, dict]):
    found = barriers.change(waves(*sets))
    assert (found["estimate"].notna() | (found["note"] != "")).all()


# ------------------------------------------------------------------ whose women


def pairs(mentor_barriers: str = "", **mentors: object) -> pd.DataFrame:
    """Six women and two men with mentors, men all of them, who were asked about progress."""
    mentees = answers({"a": 4, "-": 4}, role="mentee", wave="end")
    mentees = mentees.assign(pair_id=mentees["person_id"], gender=["woman"] * 6 + ["man"] * 2)
    theirs = answers({"b": 8}, asked=mentor_barriers, role="mentor", wave="end", gender="man")
    progress = pd.array([True] * 3 + [False] * 5, dtype="boolean")
    theirs = theirs.assign(
        pair_id=theirs["person_id"], person_id="m" + theirs["person_id"], mentor_view_language_high=progress,
        **mentors,
    )  # fmt: skip
    return pd.concat([mentees, theirs], ignore_index=True)


def test_the_mentors_of_women_count_whatever_their_own_gender():
    found = barriers.views(pairs()).set_index(["area", "role"])
    assert found.loc[("barrier_language", "mentor"), ["n", "count", "left_out"]].tolist() == [6, 3, 2]
    assert found.loc[("barrier_language", "mentee"), ["n", "count"]].tolist() == [6, 4]


def test_another_question_is_named_as_one_and_no_question_has_a_reason():
    found = barriers.views(pairs()).set_index(["area", "role"])
    assert found.loc[("barrier_language", "mentor"), ["question", "variable"]].tolist() == [
        "progress",
        "mentor_view_language_high",
    ]
    assert found.loc[("barrier_network", "mentor"), ["question", "note"]].tolist() == ["", "not_asked"]


def test_mentors_who_were_asked_about_barriers_are_told_by_them():
    found = barriers.views(pairs("abcd")).set_index(["area", "role"])
    assert found.loc[("barrier_network", "mentor"), ["question", "estimate"]].tolist() == ["barrier", 1.0]
    assert set(found.index.get_level_values("area")) >= {"barrier_health", "barrier_cost"}


def test_mentees_and_mentors_are_never_pooled():
    found = barriers.prevalence(pairs("abcd"))
    assert found.loc[found["variable"] == "barrier_network", ["group", "n"]].values.tolist() == [
        ["mentee", 6.0],
        ["mentor", 6.0],
    ]


def test_mentors_without_their_mentees_are_refused_unless_everybody_counts():
    alone = pairs("abcd").query("role == 'mentor'")
    with pytest.raises(UsageError, match="mentees whom they are about"):
        barriers.prevalence(alone)
    assert barriers.prevalence(alone, population="all")["n"].iloc[0] == 8
    with pytest.raises(UsageError, match="No mentor answered"):
        barriers.views(pairs().query("role == 'mentee'"))


def test_a_wave_in_which_nobody_answered_is_refused():
    with pytest.raises(UsageError, match="'follow_up'"):
        barriers.views(pairs(), wave="follow_up")


def test_prevalence_with_a_design_is_that_of_the_shares():
    frame = answers({"a": 5, "b": 7, "-": 3}).assign(w=np.linspace(1, 2, 15), unit=np.arange(15) // 3)
    design = survey.Design(weight="w", cluster="unit")
    found = barriers.prevalence(frame, design=design).iloc[0]
    own = survey.shares(frame, "barrier_language", by="programme", design=design).iloc[0]
    assert found[["estimate", "std_error"]].tolist() == own[["estimate", "std_error"]].tolist()
