"""Which places in the order can be told apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from barriers.making import answers, drawn
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from kij_analysis import barriers
from kij_analysis.barriers.ranking import _holm, _mcnemar
from kij_analysis.errors import UsageError
from kij_analysis.survey import Design

PLACES = ["rank", "rank_low", "rank_high"]


def places(frame: pd.DataFrame) -> dict[str, list[float]]:
    told = frame[frame["estimate"].notna()]
    return {
        name.removeprefix("barrier_"): list(row)
        for name, row in told.set_index("variable")[PLACES].iterrows()
    }


def test_what_the_answers_tell_apart_has_ranks_that_do_not_overlap():
    found = barriers.ranking(answers({"ab": 20, "a": 10, "b": 8, "c": 2, "-": 10}))
    assert places(found) == {
        "language": [1, 1, 2],
        "network": [2, 1, 2],
        "health": [3, 3, 4],
        "cost": [4, 3, 4],
    }


def test_equal_shares_have_the_same_rank_and_nothing_is_told_apart():
    found = barriers.ranking(answers({"a": 3, "b": 3, "-": 30}, asked="ab"))
    assert places(found) == {"language": [1, 1, 2], "network": [1, 1, 2]}


def test_the_tests_are_mcnemars_of_the_same_persons():
    hits = drawn(40, (0.6, 0.4, 0.3), seed=1)
    p = _mcnemar(hits, "exact")
    for one, other in ((0, 1), (0, 2), (1, 2)):
        table = pd.crosstab(hits[:, one], hits[:, other]).to_numpy()
        assert min(1, 2 * min(p[one, other], p[other, one])) == pytest.approx(
            mcnemar(table, exact=True).pvalue
        )


def test_the_family_is_every_ordered_pair():
    p = np.array([[1.0, 0.02, 0.006], [0.99, 1.0, 0.3], [0.999, 0.7, 1.0]])
    low, high = barriers.rank_intervals(p, level=0.95)
    # 0.006 is above 0.05/6 only in a smaller family, and 0.02 above 0.05/5.
    assert (low.tolist(), high.tolist()) == ([1, 1, 2], [2, 3, 3])


@pytest.mark.parametrize(
    "p", [[0.01, 0.04, 0.02], [0.001, 0.5, 0.02, 0.02], [0.5], [], [0.0, 0.0], [0.025, 0.05]]
)
def test_holms_rejections_are_those_of_statsmodels(p: list[float]):
    theirs = multipletests(p, alpha=0.05, method="holm")[0].tolist() if p else []
    assert _holm(np.array(p), 0.05).tolist() == theirs


@pytest.mark.parametrize("shares", [(0.5, 0.5, 0.5, 0.5), (0.7, 0.5, 0.5, 0.2), (0.1, 0.1, 0.05, 0.05)])
def test_all_true_ranks_lie_in_their_intervals_at_least_as_often_as_is_said(shares: tuple[float, ...]):
    truth = np.array([1 + sum(other > own for other in shares) for own in shares])
    last = np.array([sum(other >= own for other in shares) for own in shares])
    held = 0
    for seed in range(300):
        low, high = barriers.rank_intervals(_mcnemar(drawn(40, shares, seed=seed), "exact"))
        # Where shares are equal, every one of their places is a true one.
        held += bool(((low <= truth) & (last <= high)).all())
    assert held / 300 >= 0.94


def test_only_persons_who_answered_for_every_barrier_count():
    frame = answers({"a": 10, "b": 5}, asked="ab")
    frame.loc[0, "barrier_network"] = None
    found = barriers.ranking(frame).iloc[0]
    assert (found["n"], found["count"], found["missing"]) == (14, 9, 1)


def test_the_rest_class_has_no_rank_and_what_was_not_asked_says_so():
    found = barriers.ranking(answers({"ae": 5, "-": 5}, asked="abe")).set_index("variable")
    assert "barrier_other" not in found.index
    assert found.loc["barrier_cost", ["note", "n"]].tolist() == ["not_asked", 0]
    assert np.isnan(found.loc["barrier_cost", "rank"])


def test_waves_and_roles_are_ranked_apart():
    frame = pd.concat([answers({"a": 5}, wave="entry"), answers({"b": 5}, wave="end")])
    assert barriers.ranking(frame)["group"].unique().tolist() == ["entry", "end"]


def test_equal_weights_rank_as_none_and_large_weights_turn_the_order():
    frame = answers({"a": 30, "b": 20, "-": 10}, asked="ab").assign(w=1.0)
    design = Design(weight="w")
    plain = barriers.ranking(frame)
    even = barriers.ranking(frame, design=design)
    assert np.allclose(even["estimate"][:2], plain["estimate"][:2])
    assert even["test"].tolist()[:2] == ["t", "t"]
    turned = frame.assign(w=np.where(frame["barrier_network"], 9.0, 1.0))
    first = barriers.ranking(turned, design=design).iloc[0]
    assert first["variable"] == "barrier_network" and first["rank_high"] == 1


@pytest.mark.parametrize("sets", [{}, {"a": 1}, {"a": 2}, {"ab": 9}, {"-": 9}])
@pytest.mark.parametrize("design", [None, Design(weight="w")])
def test_hardly_any_answers_give_rows_with_a_rank_for_everybody_or_a_reason(
    sets: dict, design: Design | None
):
    found = barriers.ranking(answers(sets, asked="ab").assign(w=1.0), by=[], design=design)
    told = found[found["estimate"].notna()]
    assert (told["rank_low"] == 1).all() and (told["rank_high"] == told["ranked"]).all()
    assert (found.loc[found["estimate"].isna(), "note"] != "").all()


def test_an_unknown_test_and_nothing_to_rank_are_refused():
    with pytest.raises(UsageError, match="mid_p"):
        barriers.ranking(answers({"a": 2}), test="midp")
    with pytest.raises(UsageError, match="left out"):
        barriers.ranking(
            answers({"a": 2}), leave_out=list(answers({"a": 1}).filter(regex="^barrier_[a-z]+$"))
        )
