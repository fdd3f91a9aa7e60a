"""Beside official obstacles, and between women who are alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from barriers.making import answers

from kij_analysis import barriers, disclosure, estimates, survey
from kij_analysis.errors import UsageError

# ------------------------------------------------------------------ official obstacles


def official(**changes: object) -> pd.DataFrame:
    row = {
        "variable": "barrier_language", "category": "yes", "measure": "share", "estimate": 0.233,
        "sex": "women", "base": "faced_an_obstacle", "country": "EU27", "year": 2021, "method": "printed",
        "data_status": "published",
    }  # fmt: skip
    return estimates.make([row | changes])


def verdict(frame: pd.DataFrame, name: str = "barrier_language") -> tuple[str, set[str]]:
    row = frame[(frame["side"] == "official") & (frame["variable"] == name)].iloc[0]
    return row["verdict"], set(row["reasons"].split("|"))


PROGRAMMES = barriers.prevalence(answers({"ab": 10, "c": 10}, asked="abc"))


def test_one_main_obstacle_is_never_compared_with_several():
    found = barriers.beside_official(PROGRAMMES, official())
    assert verdict(found) == ("not_comparable", {"one_answer", "base_faced", "elsewhere"})
    row = found[found["side"] == "official"].iloc[0]
    assert (row["note"], row["estimate"]) == ("not_comparable", 0.233)


def test_the_same_question_is_compared_with_caution_and_every_reason_is_named():
    asked = official(question="any", base="worked_or_looked", sex="all")
    assert verdict(barriers.beside_official(PROGRAMMES, asked)) == (
        "caution",
        {"base_differs", "sexes_differ", "elsewhere"},
    )
    unknown = official(question="any", base="not_stated")
    assert "base_unknown" in verdict(barriers.beside_official(PROGRAMMES, unknown))[1]


def test_a_question_about_something_else_is_not_comparable():
    found = barriers.beside_official(PROGRAMMES, official(question="training", base="answered"))
    assert verdict(found)[0] == "not_comparable"


def test_what_one_side_does_not_ask_has_a_row_that_says_so():
    found = barriers.beside_official(PROGRAMMES, official(variable="barrier_legal_status"))
    assert verdict(found, "barrier_legal_status") == ("not_comparable", {"not_on_list"})
    assert verdict(found, "barrier_network") == ("not_comparable", {"not_on_list"})
    network = found[(found["variable"] == "barrier_network") & (found["side"] == "official")].iloc[0]
    assert network["note"] == "not_asked" and np.isnan(network["estimate"])


def test_at_least_one_barrier_is_the_rest_of_those_who_named_none():
    counts = barriers.number(answers({"ab": 10, "c": 6, "-": 8}, asked="abc"))
    anyone = official(variable="barrier_any", base="all")
    found = barriers.beside_official(PROGRAMMES, anyone, counts=counts)
    row = found[(found["variable"] == "barrier_any") & (found["side"] == "programme")].iloc[0]
    assert (row["estimate"], row["count"], row["n"]) == (pytest.approx(16 / 24), 16, 24)
    low, high = survey.wilson(16, 24)
    assert row[["conf_low", "conf_high"]].tolist() == pytest.approx([low[0], high[0]])
    assert verdict(found, "barrier_any")[0] == "caution"


def test_what_is_hidden_among_the_numbers_stays_hidden_in_at_least_one():
    counts = barriers.number(answers({"ab": 10, "c": 2, "-": 8}, asked="abc"))
    shown = disclosure.suppress(counts)
    assert "hidden_small_count" in set(shown.loc[shown["category"] == "0", "note"])
    found = barriers.beside_official(PROGRAMMES, official(variable="barrier_any"), counts=shown)
    row = found[(found["variable"] == "barrier_any") & (found["side"] == "programme")].iloc[0]
    assert np.isnan(row["estimate"]) and row["note"] == "hidden_small_count"


def test_answers_that_name_no_barrier_are_left_out_and_doubles_and_made_up_rows_refused():
    both = pd.concat([official(), official(variable="barrier_none")])
    assert "barrier_none" not in set(barriers.beside_official(PROGRAMMES, both)["variable"])
    with pytest.raises(UsageError, match="several rows for 'barrier_language'"):
        barriers.beside_official(PROGRAMMES, pd.concat([official(), official(country="FI")]))
    with pytest.raises(UsageError, match="not published"):
        barriers.beside_official(PROGRAMMES, official(data_status="synthetic"))


# ------------------------------------------------------------------ differences between programmes


def three_programmes(seed: int = 3, n: int = 120) -> pd.DataFrame:
    """Women who differ in education alone; who has little of it names the barrier more often."""
    rng = np.random.default_rng(seed)
    parts = []
    for programme, low in (("kvinfo", 0.2), ("fika", 0.5), ("sajo", 0.8)):
        little = rng.random(n) < low
        named = rng.random(n) < np.where(little, 0.7, 0.3)
        own = answers({"-": n}, asked="ab", programme=programme)
        own["barrier_language"] = pd.array(named, dtype="boolean")
        own["education"] = pd.Categorical(np.where(little, "low", "high"))
        own["children"] = np.nan if programme == "fika" else rng.integers(0, 4, n).astype(float)
        parts.append(own)
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def compared() -> pd.DataFrame:
    return barriers.adjusted(three_programmes(), predictors=["education", "children"])


def test_every_two_programmes_are_compared_as_answered_and_adjusted(compared: pd.DataFrame):
    own = compared[compared["variable"] == "barrier_language"]
    assert own[["first", "second", "model"]].values.tolist() == [
        [one, other, model]
        for one, other in (("kvinfo", "fika"), ("kvinfo", "sajo"), ("fika", "sajo"))
        for model in ("crude", "adjusted")
    ]
    crude = own[own["model"] == "crude"].set_index(["first", "second"])["estimate"]
    adjusted = own[own["model"] == "adjusted"].set_index(["first", "second"])["estimate"]
    assert crude["kvinfo", "sajo"] < -0.15
    assert abs(adjusted["kvinfo", "sajo"]) < abs(crude["kvinfo", "sajo"]) / 2


def test_the_adjusted_difference_is_that_of_the_model_of_these_two(compared: pd.DataFrame):
    frame = three_programmes().query("programme in ['kvinfo', 'sajo']")
    theirs = survey.marginal(
        frame, "barrier_language", ["education", "children"], of="programme", reference="sajo"
    ).iloc[0]
    own = compared.query(
        "variable == 'barrier_language' and model == 'adjusted' and first == 'kvinfo' and second == 'sajo'"
    ).iloc[0]
    assert own[["estimate", "conf_low"]].tolist() == theirs[["estimate", "conf_low"]].tolist()


def test_what_one_programme_did_not_ask_is_left_out_and_named(compared: pd.DataFrame):
    told = compared.drop_duplicates(["first", "second"]).set_index(["first", "second"])["not_in_both"]
    assert told.to_dict() == {
        ("kvinfo", "fika"): "children",
        ("kvinfo", "sajo"): "",
        ("fika", "sajo"): "children",
    }


def test_the_adjusted_rows_are_one_family_and_the_others_none(compared: pd.DataFrame):
    own = compared[compared["model"] == "adjusted"]
    assert set(own["family_size"]) == {own["p_value"].notna().sum()}
    assert compared.loc[compared["model"] == "crude", "p_adjusted"].isna().all()


def test_a_barrier_that_nobody_names_or_was_not_asked_has_a_reason(compared: pd.DataFrame):
    own = compared[compared["model"] == "adjusted"].set_index("variable")
    assert set(own.loc["barrier_health", "note"]) == {"not_asked"}
    assert (
        own.loc["barrier_network", "conf_low"].isna().all()
        and (own.loc["barrier_network", "note"] != "").all()
    )


def test_several_waves_or_a_single_programme_are_refused():
    frame = three_programmes(n=12)
    with pytest.raises(UsageError, match="several values of 'wave'"):
        barriers.adjusted(frame.assign(wave=["entry", "end"] * 18), predictors=["education"])
    with pytest.raises(UsageError, match="one group only"):
        barriers.adjusted(frame.query("programme == 'fika'"), predictors=["education"])


def test_answers_at_entry_stand_beside_later_ones_and_doubles_are_refused():
    frame = pd.DataFrame(
        {"programme": "fika", "person_id": ["a", "b", "a", "c"], "role": "mentee", "data_status": "synthetic",
         "wave": ["entry", "entry", "end", "end"], "score": [1.0, 2.0, 9.0, 9.0]}
    )  # fmt: skip
    found = barriers.at_entry(frame, ["score"])
    assert found["score_at_entry"].tolist()[:3] == [1.0, 2.0, 1.0] and np.isnan(
        found["score_at_entry"].iloc[3]
    )
    with pytest.raises(UsageError, match="twice"):
        barriers.at_entry(frame.assign(wave="entry"), ["score"])
