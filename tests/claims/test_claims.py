"""What a result may be said to show: its design and level, and the sentence that may be printed."""

from __future__ import annotations

import pandas as pd
import pytest

from kij_analysis import estimates
from kij_analysis.claims import (
    ASSUMPTIONS,
    CAUSAL_ESTIMANDS,
    CLAIM_COLUMNS,
    DESIGNS,
    WOULD_RAISE,
    check_claims,
    check_text,
    claim,
    declare,
    explained,
    level_of,
    weakest,
)
from kij_analysis.errors import UsageError
from kij_analysis.indicators.evidence import LEVELS
from kij_analysis.words import LANGUAGES, causal_words


def one(**values: object) -> pd.DataFrame:
    row = {
        "programme": "fika", "variable": "confidence_score", "measure": "change", "estimate": 5.2,
        "conf_low": 2.1, "conf_high": 8.3, "n": 40, "unit": "points", "wave_1": "entry", "wave_2": "end",
        "method": "none", "data_status": "observed",
    }  # fmt: skip
    return estimates.make([row | values])


def changed(**values: object) -> pd.DataFrame:
    return declare(one(**values), design="before_after", estimand="mean_change")


def compared(design: str = "doubly_robust", estimand: str = "att", **values: object) -> pd.DataFrame:
    own = {
        "measure": "risk_difference",
        "estimate": 0.12,
        "conf_low": 0.02,
        "conf_high": 0.22,
        "unit": "share",
    }
    return declare(one(**(own | values)), design=design, estimand=estimand)


def test_designs_that_the_printed_evidence_knows_have_the_same_level_there():
    both = set(DESIGNS) & set(LEVELS)
    assert {"randomised", "matched", "discontinuity", "timing_of_events"} <= both
    assert {design: DESIGNS[design].level for design in both} == {design: LEVELS[design] for design in both}


def test_the_levels_are_those_of_the_maryland_scale():
    levels = {code: design.level for code, design in DESIGNS.items()}
    assert levels["outcome_only"] == levels["association"] == 1
    assert levels["before_after"] == levels["comparison_raw"] == 2
    assert levels["matched"] == levels["weighted"] == levels["difference_in_differences"] == 3
    assert levels["randomised"] == 5


@pytest.mark.parametrize("code", DESIGNS)
def test_a_design_says_what_it_takes_for_granted_and_what_would_raise_it(code):
    design = DESIGNS[code]
    assert design.lowest <= design.level <= design.highest
    assert set(design.assumptions) <= set(ASSUMPTIONS) and design.assumptions
    assert set(design.would_raise) <= set(WOULD_RAISE) and design.would_raise


def test_declaring_adds_columns_to_the_right_and_leaves_the_frame_alone():
    before = one()
    found = declare(before, design="before_after", estimand="mean_change", also=["proportional"])
    assert list(found.columns) == [*before.columns, *CLAIM_COLUMNS]
    assert "maryland" not in before.columns
    assert found.loc[0, "assumptions"].split("|")[-1] == "proportional"
    assert found.loc[0, "would_raise"] == "comparison_group|waiting_list"


def test_the_execution_may_move_the_level_within_the_bounds_of_the_design():
    assert declare(one(), design="matched", estimand="att", level=4).loc[0, "maryland"] == 4
    assert declare(one(), design="matched", estimand="att", level=2).loc[0, "maryland"] == 2
    with pytest.raises(UsageError, match=r"'matched' cannot have level 5\. It has from 2 to 4"):
        declare(one(), design="matched", estimand="att", level=5)
    with pytest.raises(UsageError, match=r"cannot have level 3\. It has 2"):
        declare(one(), design="before_after", estimand="mean_change", level=3)


def test_an_unknown_code_names_the_nearest():
    with pytest.raises(UsageError, match="Did you mean 'before_after'"):
        declare(one(), design="before-after", estimand="mean_change")
    with pytest.raises(UsageError, match="An assumption is 'overlapp'"):
        declare(one(), design="matched", estimand="att", also=["overlapp"])


def test_a_frame_carries_its_lowest_level():
    frame = pd.concat([compared(), changed()], ignore_index=True)
    assert level_of(frame) == 2
    assert weakest(frame)["design"] == "before_after"
    with pytest.raises(UsageError, match=r"claims\.declare"):
        level_of(one())


def test_columns_that_were_changed_by_hand_are_refused():
    with pytest.raises(UsageError, match="cannot have level 5"):
        check_claims(changed().assign(maryland=5))
    with pytest.raises(UsageError, match="no column 'design'"):
        check_claims(changed().drop(columns="design"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "frame", [changed(), compared("comparison_raw"), compared("association", "association")]
)
def test_below_level_three_no_sentence_names_a_cause(language, frame):
    assert causal_words(claim(frame, language), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("estimand", CAUSAL_ESTIMANDS)
def test_from_level_three_on_the_sentence_names_it_with_its_assumptions(language, estimand):
    told = claim(compared(estimand=estimand), language)
    assert causal_words(told, language)
    assert told.count(";") >= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cause_is_refused_below_level_three_with_a_way_out(language):
    with pytest.raises(UsageError, match=r"level 2; .* need level 3\. .* 'comparison_group', 'waiting_list'"):
        claim(changed(), language, causal=True)
    with pytest.raises(UsageError, match="level 2"):
        claim(compared("matched").assign(maryland=2), language, causal=True)


def test_a_cause_is_refused_where_the_estimand_is_none():
    with pytest.raises(UsageError, match="'mean_difference' does not ask"):
        claim(compared(estimand="mean_difference"), "en", causal=True)


def test_a_strong_result_may_be_told_weakly():
    told = claim(compared(), "en", causal=False)
    assert "12 percentage points higher among those who took part" in told
    assert causal_words(told, "en") == [] and told.endswith("does not tell where it comes from.")


def test_a_change_says_between_which_times_among_whom_and_what_is_not_known():
    assert claim(changed(), "en") == (
        "FIKA, own rating of self-confidence (score 0–100): 5.2 points higher at the end than at entry, "
        "among those who answered both times (95% interval from 2.1 to 8.3, n = 40). "
        "There is no comparison group: how things would have gone without the programme is not known."
    )


def test_the_direction_is_told_from_the_printed_number():
    assert "points lower at the end" in claim(changed(estimate=-5.2, conf_low=-8, conf_high=-2), "en")
    flat = claim(changed(estimate=0.04, conf_low=-1, conf_high=1), "en")
    assert "the same at the end as at entry" in flat and "both directions" in flat


def test_a_result_without_an_estimate_says_why():
    told = claim(changed(estimate=None, conf_low=None, conf_high=None, note="no_pairs"), "en")
    assert told.endswith("no number. Nobody answered at both times.")


def test_synthetic_results_say_so():
    assert claim(changed(data_status="synthetic"), "en").endswith("Synthetic data, not real answers.")


def test_several_rows_make_a_paragraph():
    both = pd.concat([changed(), changed(programme="kvinfo")], ignore_index=True)
    assert claim(both, "en").count("n = 40") == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", DESIGNS)
def test_every_design_can_be_explained_and_told(language, code):
    frame = compared(code)
    (row,) = explained(frame, language).to_dict("records")
    assert row["maryland"] == DESIGNS[code].level and all(row.values())
    assert claim(frame, language, assumptions=True).count(".") >= 2


def test_own_words_may_name_a_cause_from_level_three_on_only():
    text = "Selvtilliden er steget takket være mentorerne."
    assert check_text(text, "da", level=3) == text
    with pytest.raises(UsageError, match=r"'takket være'.* needs level 3"):
        check_text(text, "da", level=2)
