"""Comparisons of groups, of two times, and over strata: published examples, directions, and traps."""

from __future__ import annotations

from math import comb

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, mannwhitneyu
from statsmodels.stats.multitest import multipletests

from kij_analysis import estimates
from kij_analysis.disclosure import suppress
from kij_analysis.errors import UsageError
from kij_analysis.survey import (
    adjusted,
    association,
    differences,
    mcnemar_p,
    miettinen_nurminen,
    mover,
    newcombe,
    newcombe_paired,
    ordinal,
    paired,
    stratified,
    stuart_maxwell,
    trend,
)
from kij_analysis.survey.two_shares import p_value


def people(cells: list[tuple[str, object, int]], **columns: object) -> pd.DataFrame:
    """Persons from (programme, answer, how many)."""
    rows = [{"programme": p, "answer": answer} for p, answer, count in cells for _ in range(count)]
    return pd.DataFrame(rows).assign(gender="woman", data_status="synthetic", **columns)


PERONDI = [("high", True, 7), ("high", False, 27), ("standard", True, 1), ("standard", False, 33)]

# ------------------------------------------------------------------ two shares


def test_intervals_of_two_shares_agree_with_contingencytables():
    """> Newcombe_hybrid_score_CI_2x2(perondi_2004); MOVER_R_Wilson_CI_ratio_2x2(perondi_2004)
    > MiettinenNurminen_asymptotic_score_CI_ratio_2x2(perondi_2004); …_CI_difference_2x2(ritland_2007)

    R package contingencytables, as its own tests print them; the data of Perondi and others 2004 and
    Ritland and others 2007, in Fagerland, Lydersen and Laake 2017.
    """
    assert np.concatenate(newcombe(7, 34, 1, 34)).round(4).tolist() == [0.0189, 0.3404]
    assert np.concatenate(mover(7, 34, 1, 34)).round(4).tolist() == [1.1537, 41.9763]
    score = np.concatenate(miettinen_nurminen(7, 34, 1, 34, ratio=True)).round(4)
    assert score.tolist() == [1.2086, 43.033]
    assert np.concatenate(miettinen_nurminen(0, 16, 15, 72)).round(4).tolist() == [-0.3164, -0.0056]


def test_the_score_interval_is_the_right_one_where_that_of_statsmodels_is_wrong():
    """statsmodels 0.15 gives 0.0526 to 0.3440 (issue 10269); right is 0.0528 to 0.3382."""
    assert np.concatenate(miettinen_nurminen(56, 70, 48, 80)).round(4).tolist() == [0.0528, 0.3382]


@pytest.mark.parametrize("ratio", [False, True])
def test_the_ends_of_a_score_interval_are_where_the_test_rejects(ratio: bool):
    """At the true end the constrained score is 1.96; found here by a search over all nuisance shares."""
    low, high = (edge[0] for edge in miettinen_nurminen(9, 20, 5, 25, ratio=ratio))
    for end in (low, high):
        other = np.linspace(1e-6, 1 - 1e-6, 400_001)
        one = other * end if ratio else other + end
        inside = (one > 0) & (one < 1)
        one, other = one[inside], other[inside]
        likelihood = 9 * np.log(one) + 11 * np.log(1 - one) + 5 * np.log(other) + 20 * np.log(1 - other)
        p, q = one[likelihood.argmax()], other[likelihood.argmax()]
        weight = end if ratio else 1.0
        error = np.sqrt((p * (1 - p) / 20 + weight**2 * q * (1 - q) / 25) * 45 / 44)
        assert abs(9 / 20 - (end * 5 / 25 if ratio else 5 / 25 + end)) / error == pytest.approx(
            1.96, abs=1e-4
        )


def test_exchanging_the_groups_turns_the_interval_round():
    for interval in (newcombe, miettinen_nurminen):
        low, high = interval([3, 0, 9], [10, 8, 9], [5, 4, 2], [20, 5, 7])
        back_low, back_high = interval([5, 4, 2], [20, 5, 7], [3, 0, 9], [10, 8, 9])
        assert low == pytest.approx(-back_high, abs=1e-10)
        assert high == pytest.approx(-back_low, abs=1e-10)


def test_the_test_is_exact_where_few_are_expected_and_says_which_it_was():
    both_ends = 2 * sum(comb(34, k) * comb(34, 8 - k) for k in (7, 8)) / comb(68, 8)
    assert p_value(7, 34, 1, 34) == (pytest.approx(both_ends), "fisher")
    assert p_value(30, 60, 20, 60)[1] == "score"
    assert p_value(30, 60, 20, 60, test="score")[0] == pytest.approx(chi2.sf(24 / 7, 1))


def test_the_mid_p_takes_half_of_the_observed_table_off():
    exact, middle = p_value(7, 34, 1, 34, test="fisher")[0], p_value(7, 34, 1, 34, test="mid_p")[0]
    chance = comb(34, 7) * comb(34, 1) / comb(68, 8)
    assert exact - middle == pytest.approx(chance / 2, rel=1e-12)


def test_two_groups_that_all_answer_alike_differ_in_nothing():
    row = differences(people([("a", True, 9), ("b", True, 7)]), "answer").iloc[0]
    assert (row["estimate"], row["p_value"], row["note"]) == (0.0, 1.0, "")
    assert row["conf_low"] < 0 < row["conf_high"]


# ------------------------------------------------------------------ frames of groups

THREE = people(
    [("a", True, 8), ("a", False, 12), ("b", True, 15), ("b", False, 5), ("c", True, 4), ("c", False, 6)]
)


def test_every_two_groups_are_compared_the_first_less_the_second():
    found = differences(THREE, "answer")
    assert found["group"].tolist() == ["a-b", "a-c", "b-c"]
    assert found["estimate"].tolist() == pytest.approx([0.4 - 0.75, 0.0, 0.35])
    assert found[["count_1", "n_1", "count_2", "n_2"]].values.tolist()[0] == [8, 20, 15, 20]


def test_with_a_reference_each_other_group_is_compared_with_it():
    found = differences(THREE, "answer", reference="c")
    assert found[["first", "second"]].values.tolist() == [["a", "c"], ["b", "c"]]
    with pytest.raises(UsageError, match="No group of 'programme' is 'd'"):
        differences(THREE, "answer", reference="d")


def test_a_ratio_is_that_of_the_two_shares():
    row = differences(THREE, "answer", reference="a", measure="ratio").iloc[0]
    assert (row["measure"], row["estimate"]) == ("ratio", pytest.approx(0.75 / 0.4))


def test_a_comparison_within_groups_stays_within_them():
    frame = pd.concat([THREE.assign(wave="entry"), THREE.iloc[:40].assign(wave="end")])
    found = differences(frame, "answer", within="wave")
    assert found["group"].tolist() == ["entry|a-b", "entry|a-c", "entry|b-c", "end|a-b"]


def test_men_are_left_out_and_counted():
    frame = THREE.assign(gender=["man"] * 3 + ["woman"] * 47)
    row = differences(frame, "answer").iloc[0]
    assert (row["left_out"], row["n_1"]) == (3, 17)


def test_a_comparison_with_a_small_group_is_hidden():
    frame = people([("a", True, 3), ("a", False, 27), ("b", True, 20), ("b", False, 10)])
    row = suppress(differences(frame, "answer")).iloc[0]
    assert row["note"] == "hidden_small_count"
    assert row[["estimate", "conf_low", "p_value", "count_1", "count_2"]].isna().all()


# ------------------------------------------------------------------ ordered answers

GIVEN = {"a": [1, 2, 2, 3, 3, 3, 4], "b": [2, 3, 3, 4, 4, 5, 5, 5]}


def test_superiority_counts_pairs_with_ties_as_half():
    cells = [(name, float(answer), 1) for name, own in GIVEN.items() for answer in own]
    row = ordinal(people(cells), "answer").iloc[0]
    pairs = [(x > y) + (x == y) / 2 for x in GIVEN["a"] for y in GIVEN["b"]]
    assert row["superiority"] == pytest.approx(np.mean(pairs))
    assert row["estimate"] == pytest.approx(2 * np.mean(pairs) - 1)
    assert row["superiority_low"] == pytest.approx((row["conf_low"] + 1) / 2)


def test_groups_that_do_not_overlap_have_an_exact_p_and_not_0():
    """scipy's Brunner–Munzel test says p = 0 here."""
    low, high = [1.0, 1, 2, 2], [3.0, 3, 4, 5, 5]
    cells = [("a", answer, 1) for answer in low] + [("b", answer, 1) for answer in high]
    row = ordinal(people(cells), "answer").iloc[0]
    assert (row["estimate"], row["note"]) == (-1.0, "no_overlap")
    untied = mannwhitneyu([1, 2, 3, 4], [5, 6, 7, 8, 9], method="exact").pvalue
    assert row["p_value"] == pytest.approx(untied)


def test_categories_without_an_order_are_refused():
    frame = people([("a", "x", 2), ("b", "y", 2)])
    frame = frame.assign(answer=pd.Categorical(frame["answer"]))
    for function in (ordinal, lambda *args: trend(args[0].assign(g=1), args[1], by="g")):
        with pytest.raises(UsageError, match="have no order"):
            function(frame, "answer")


def test_a_table_with_few_answers_is_tested_by_shuffling_it_always_with_the_same_seed():
    frame = people([("a", True, 4), ("b", False, 4), ("b", True, 1)])
    one, other = association(frame, "answer").iloc[0], association(frame, "answer").iloc[0]
    assert (one["test"], one["p_value"]) == ("permutation", other["p_value"])
    assert one["p_value"] == pytest.approx(p_value(4, 4, 1, 5, test="fisher")[0], abs=0.02)


# ------------------------------------------------------------------ two times


def waves(first: str, second: str, **columns: object) -> pd.DataFrame:
    """Persons whose answers at entry and at the end are letters; a dot is no answer, a blank is nobody."""
    rows = [
        {"person_id": f"p{place}", "wave": wave, "answer": None if letter == "." else letter}
        for wave, letters in (("entry", first), ("end", second))
        for place, letter in enumerate(letters)
        if letter != " "
    ]
    frame = pd.DataFrame(rows).assign(programme="fika", gender="woman", data_status="synthetic", **columns)
    return frame.assign(answer=pd.Categorical(frame["answer"], list("abc")))


def test_paired_intervals_and_tests_agree_with_fagerland_and_others():
    """Airway hyper-responsiveness, Bentur and others 2009 (1, 1, 7, 12); Cavo and others 2012.

    Fagerland, Lydersen and Laake 2013, table 5, and the tests of the R package contingencytables.
    """
    assert (round(mcnemar_p(7, 1), 3), round(mcnemar_p(7, 1, test="mid_p"), 3)) == (0.07, 0.039)
    assert round(mcnemar_p(7, 1, test="score"), 3) == 0.034
    assert [round(edge, 4) for edge in newcombe_paired(59, 16, 6, 80)] == [0.0046, 0.1186]
    assert [round(edge, 3) for edge in newcombe_paired(1, 7, 1, 12)] == [0.026, 0.507]


def test_as_many_gained_as_lost_is_no_evidence_at_all():
    assert [mcnemar_p(3, 3, test=test) for test in ("exact", "mid_p", "score")] == [1.0, 1.0, 1.0]
    assert mcnemar_p(0, 0) == 1.0


def test_only_who_answered_at_both_times_is_paired():
    found = paired(waves("aab. ", "ab.aa"), "answer")
    row = found[found["category"] == "b"].iloc[0]
    assert (row["n"], row["missing"], row["gained"], row["lost"]) == (2, 3, 1, 0)
    assert row["estimate"] == 0.5


def test_the_change_is_the_second_time_less_the_first():
    row = paired(waves("aaaaab", "bbbbab"), "answer").set_index("category").loc["b"]
    assert (row["estimate"], row["count_1"], row["count_2"]) == (pytest.approx(4 / 6), 1, 5)


def test_three_answers_have_one_test_of_all():
    found = paired(waves("aaabbbccc", "abcbbcccc"), "answer")
    row = found[found["category"] == "changed"].iloc[0]
    table = np.array([[1.0, 1, 1], [0, 2, 1], [0, 0, 3]])
    assert (row["estimate"], row["measure"], row["count"]) == (pytest.approx(3 / 9), "share", 3)
    assert row["p_value"] == pytest.approx(stuart_maxwell(table)[2])


def test_an_answer_that_nobody_took_up_or_left_does_not_break_the_test():
    """statsmodels' matrix is singular with it; without it this is McNemar's test."""
    statistic, df, p = stuart_maxwell(np.array([[5.0, 6, 0], [1, 5, 0], [0, 0, 4]]))
    assert (statistic, df) == (pytest.approx(25 / 7), 1)
    assert p == pytest.approx(mcnemar_p(6, 1, test="score"))


def test_a_person_who_stands_twice_in_a_wave_is_refused():
    frame = waves("ab", "ab")
    with pytest.raises(UsageError, match="2 rows repeat a person within a wave"):
        paired(pd.concat([frame, frame.query("wave == 'end'")]), "answer")


def test_a_wave_that_is_not_there_is_refused_and_one_without_answers_is_told():
    with pytest.raises(UsageError, match=r"has no wave 'ende'\. Did you mean 'end'"):
        paired(waves("ab", "ab"), "answer", wave=("entry", "ende"))
    assert set(paired(waves("ab", ".."), "answer")["note"]) == {"no_pairs"}
    unasked = waves("ab", "..").assign(answer_missing=[None, None, "not_asked", "not_asked"])
    assert set(paired(unasked, "answer")["note"]) == {"not_asked"}


def test_persons_stay_in_the_group_of_the_first_time():
    frame = waves("aabb", "abab", status=["x", "x", "y", "y", "y", "y", "y", "x"])
    found = paired(frame, "answer", by="status").query("category == 'b'")
    assert found[["status", "n"]].values.tolist() == [["x", 2], ["y", 2]]


def test_few_who_gained_or_lost_are_hidden_and_the_change_stays():
    frame = waves("a" * 12 + "b" * 12 + "a" * 8, "a" * 12 + "b" * 12 + "b" * 8)
    row = suppress(paired(frame, "answer")).set_index("category").loc["b"]
    assert row["estimate"] == pytest.approx(0.25)
    assert row[["gained", "lost"]].isna().all()


# ------------------------------------------------------------------ strata and families


def strata(*cells: tuple[str, str, int, int]) -> pd.DataFrame:
    rows = [(p, arm, answer, k) for p, arm, yes, no in cells for answer, k in ((True, yes), (False, no))]
    parts = [people([(p, answer, k)], arm=arm) for p, arm, answer, k in rows if k]
    return pd.concat(parts, ignore_index=True)


def test_a_programme_with_one_group_only_is_left_out_and_counted():
    frame = strata(("a", "x", 5, 5), ("a", "y", 2, 8), ("b", "x", 9, 1))
    row = stratified(frame, "answer", by="arm").iloc[0]
    assert (row["strata"], row["strata_left_out"]) == (1, 1)
    assert row["estimate"] == pytest.approx(4.0)
    assert np.isnan(row["p_homogeneity"])


def test_a_common_odds_ratio_of_1_has_a_test_of_homogeneity_too():
    """statsmodels divides 0 by 0 there."""
    frame = strata(("a", "x", 6, 4), ("a", "y", 4, 6), ("b", "x", 4, 6), ("b", "y", 6, 4))
    row = stratified(frame, "answer", by="arm").iloc[0]
    assert row["estimate"] == pytest.approx(1.0)
    # Every expected cell is 5 and its variance 5/4: (1 + 1) / 1.25.
    assert row["homogeneity"] == pytest.approx(1.6, abs=1e-6)


def test_an_odds_ratio_without_an_end_is_told_and_the_difference_stays():
    frame = strata(("a", "x", 5, 0), ("a", "y", 3, 2), ("b", "x", 4, 0), ("b", "y", 1, 3))
    found = stratified(frame, "answer", by="arm").set_index(["measure", "method"])
    assert found.loc[("odds_ratio", "none"), "note"] == "few_events"
    assert found.loc[("risk_difference", "mantel_haenszel"), "note"] == ""


def family(p: list[float | None], names: list[str | None]) -> pd.DataFrame:
    rows = [
        {"variable": "v", "estimate": 0.0, "measure": "change", "method": "none", "p_value": one} for one in p
    ]
    return estimates.make(pd.DataFrame(rows).assign(data_status="synthetic")).assign(question=names)


def test_each_family_is_adjusted_by_itself_and_the_rows_keep_their_order():
    found = adjusted(family([0.04, 0.01, 0.03, None], ["q", "r", "q", "r"]), family="question")
    assert found["p_adjusted"].tolist()[:3] == pytest.approx([0.06, 0.01, 0.06])
    assert np.isnan(found["p_adjusted"].iloc[3])
    assert found["family_size"].tolist() == [2, 1, 2, 1]


def test_a_row_without_a_family_is_refused():
    with pytest.raises(UsageError, match="1 rows belong to no family"):
        adjusted(family([0.1, 0.2], ["q", None]), family="question")


def test_a_family_of_missing_p_values_stays_missing():
    found = adjusted(family([None, None], ["q", "q"]), family="question", method="benjamini_hochberg")
    assert found["p_adjusted"].isna().all()
    assert found["family_size"].tolist() == [0, 0]


@pytest.mark.parametrize(("method", "theirs"), [("holm", "holm"), ("benjamini_hochberg", "fdr_bh")])
@pytest.mark.parametrize("p", [[0.2], [0.03, 0.03, 1.0, 0.0, 0.9], [0.01, 0.02, 0.022, 0.04, 0.5, 0.03]])
def test_adjusted_p_values_are_those_of_statsmodels(p: list[float], method: str, theirs: str):
    found = adjusted(family(p, ["q"] * len(p)), family="question", method=method)
    assert found["p_adjusted"].tolist() == multipletests(p, method=theirs)[1].tolist()
