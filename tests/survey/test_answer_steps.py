"""The share at every step of a scale, each questionnaire on the scale that it used."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation import Harmonised

ASKED = ("k_end", "degree5", 5, "kvinfo"), ("f_end", "agreement4", 4, "fika")
PROPERTIES = pd.DataFrame(
    [
        {"instrument": i, "round": "2024", "column": f"trust_{part}", "variable": "trust", "scale": s,
         "steps": k, "threshold": k - 1 if part == "high" else None, "turned": i == "f_end"}
        for i, s, k, _ in ASKED
        for part in ("score", "high")
    ]
)  # fmt: skip


def answers(**scores: list[float | None]) -> pd.DataFrame:
    """Scores by programme; a programme that is not in the properties was not asked."""
    instruments = {programme: instrument for instrument, _, _, programme in ASKED}
    rows = [
        {"programme": p, "instrument": instruments.get(p, "x_end"), "round": "2024", "trust_score": score,
         "trust_score_missing": None if score is not None else "not_asked" if p == "sajo" else "no_answer"}
        for p, own in scores.items()
        for score in own
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(
        gender="woman", data_status="observed", trust_score=lambda own: own["trust_score"].astype("float64")
    )


def test_every_programme_keeps_the_steps_of_its_own_scale():
    found = survey.step_shares(
        answers(kvinfo=[0, 25, 25, 100, None], fika=[0, 66.67, 100, 100]), "trust_score", steps=PROPERTIES
    )
    counts = {p: own["count"].tolist() for p, own in found.groupby("programme", sort=False)}
    assert counts == {"kvinfo": [1, 2, 0, 0, 1], "fika": [1, 0, 1, 2]}
    assert found["category"].tolist()[4:6] == ["step_5_of_5", "step_1_of_4"]
    kvinfo = found[found["programme"] == "kvinfo"]
    assert (kvinfo["n"] == 4).all() and (kvinfo["missing"] == 1).all()
    assert kvinfo["estimate"].sum() == pytest.approx(1)


def test_scale_and_cut_come_from_the_properties_and_a_turned_cut_is_counted_from_the_other_end():
    found = survey.step_shares(answers(kvinfo=[0, 100], fika=[0, 100]), "trust_score", steps=PROPERTIES)
    told = found.drop_duplicates("programme").set_index("programme")
    assert told.loc["kvinfo", ["scale", "steps", "cut", "turned"]].tolist() == ["degree5", 5, 4, False]
    assert told.loc["fika", ["scale", "steps", "cut", "turned"]].tolist() == ["agreement4", 4, 2, True]


def test_a_programme_that_did_not_ask_has_one_row_that_says_so():
    found = survey.step_shares(answers(kvinfo=[0], sajo=[None, None]), "trust_score", steps=PROPERTIES)
    (row,) = found[found["programme"] == "sajo"].to_dict("records")
    assert (row["note"], row["category"], row["n"]) == ("not_asked", "", 0)
    assert np.isnan(row["estimate"]) and np.isnan(row["step"])


def test_nobody_one_and_all_alike_have_rows():
    nobody = survey.step_shares(answers(kvinfo=[None]), "trust_score", steps=PROPERTIES)
    assert nobody["note"].unique().tolist() == ["no_answers"] and len(nobody) == 5
    one = survey.step_shares(answers(kvinfo=[50]), "trust_score", steps=PROPERTIES)
    assert one["estimate"].tolist() == [0, 0, 1, 0, 0]
    empty = survey.step_shares(answers(kvinfo=[0]).iloc[:0], "trust_score", steps=5)
    assert empty["estimate"].isna().all() and (empty["note"] != "").all()


def test_ordered_categories_are_their_own_steps():
    given = pd.Categorical(["low", "high", "high"], categories=["low", "high"], ordered=True)
    frame = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "observed", "how": given})
    assert survey.step_shares(frame, "how")["estimate"].round(2).tolist() == [0.33, 0.67]


def test_a_score_between_two_steps_is_refused():
    with pytest.raises(UsageError, match="no steps of such a scale"):
        survey.step_shares(answers(kvinfo=[10]), "trust_score", steps=PROPERTIES)
    with pytest.raises(UsageError, match="No question is named"):
        survey.step_shares(answers(kvinfo=[0]), [], steps=5)


def test_the_upper_steps_add_up_to_the_share_that_the_codebook_calls_high(demonstration: Harmonised):
    frame = demonstration.answers.query("role == 'mentee' and wave == 'end'")
    steps = survey.step_shares(frame, "confidence_score", steps=demonstration.properties)
    above = steps[steps["step"] >= steps["cut"]].groupby("programme")["count"].sum()
    high = survey.shares(frame, "confidence_high", by="programme").set_index("programme")["count"]
    assert above.to_dict() == high.to_dict()
