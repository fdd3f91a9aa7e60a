"""Data that cannot carry a result: every function gives a row, and every gap in a row has its reason."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.codebook import load_codebook
from kij_analysis.estimates import COLUMNS
from kij_analysis.survey import Design
from kij_analysis.template import template_folder

ANSWERS = ("low", "middle", "high")
REPLICATED = Design(weight="w", replicates=("r1", "r2", "r3", "r4", "r5"), replicate_method="JK1")
CLUSTERED = Design(weight="w", cluster="place")
CODEBOOK = load_codebook(template_folder() / "codebook")


def persons(first: list[str], second: list[str]) -> pd.DataFrame:
    """Two groups that answered so at entry and at the end; an empty answer is missing."""
    given = [("a", answer) for answer in first] + [("b", answer) for answer in second]
    group, answer = zip(*given, strict=True) if given else ((), ())
    once = pd.DataFrame({"arm": pd.Categorical(group, ["a", "b"], ordered=True), "answer": answer})
    once = once.assign(person_id=[f"p{place}" for place in range(len(once))], age=np.nan)
    both = pd.concat([once.assign(wave="entry"), once.assign(wave="end")], ignore_index=True)
    known = both["answer"].where(both["answer"] != "")
    places = known.map({code: float(place) for place, code in enumerate(ANSWERS)}).astype("float64")
    rows = np.arange(len(both))
    return both.assign(
        answer=pd.Categorical(known, ANSWERS, ordered=True),
        score=places,
        age=places * 20,
        yes=(places > 0).astype("boolean").where(known.notna()),
        programme=np.where(rows % 2 == 0, "fika", "sajo"),
        gender="woman",
        data_status="synthetic",
        w=1.0 + rows % 3,
        place=[f"t{row % 5}" for row in rows],
        **{f"r{k + 1}": (1.0 + rows % 3) * np.where(rows % 5 == k, 0, 5 / 4) for k in range(5)},
    )


FUNCTIONS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "shares": lambda f: survey.shares(f, "answer", by="arm"),
    "shares, Jeffreys": lambda f: survey.shares(f, "yes", by="arm", interval="jeffreys"),
    "shares, Clopper-Pearson": lambda f: survey.shares(f, "yes", interval="clopper_pearson"),
    "shares, known population": lambda f: survey.shares(f, "yes", by="arm", population_size=500),
    "shares, weighted": lambda f: survey.shares(f, "yes", by="arm", weight="w"),
    "shares, clusters": lambda f: survey.shares(f, "answer", by="arm", design=CLUSTERED),
    "shares, replicates": lambda f: survey.shares(f, "answer", by="arm", design=REPLICATED),
    "means": lambda f: survey.means(f, "score", by="arm"),
    "means, known population": lambda f: survey.means(f, "score", by="arm", population_size=500),
    "means, clusters": lambda f: survey.means(f, "score", by="arm", design=CLUSTERED),
    "means, replicates": lambda f: survey.means(f, "score", by="arm", design=REPLICATED),
    "medians": lambda f: survey.medians(f, "answer", by="arm"),
    "medians of numbers": lambda f: survey.medians(f, "score", by="arm"),
    "medians, clusters": lambda f: survey.medians(f, "answer", by="arm", design=CLUSTERED),
    "profile": lambda f: survey.profile(f, ["age", "yes"], codebook=CODEBOOK, by="arm"),
    "differences": lambda f: survey.differences(f, "answer", by="arm"),
    "differences, Miettinen-Nurminen": lambda f: survey.differences(
        f, "yes", by="arm", interval="miettinen_nurminen", test="mid_p"
    ),
    "ratios": lambda f: survey.differences(f, "yes", by="arm", measure="ratio"),
    "ratios, Miettinen-Nurminen": lambda f: survey.differences(
        f, "yes", by="arm", measure="ratio", interval="miettinen_nurminen"
    ),
    "differences, clusters": lambda f: survey.differences(f, "yes", by="arm", design=CLUSTERED),
    "ratios, replicates": lambda f: survey.differences(
        f, "yes", by="arm", measure="ratio", design=REPLICATED
    ),
    "differences within": lambda f: survey.differences(f, "yes", by="arm", within="programme"),
    "association": lambda f: survey.association(f, "answer", by="arm"),
    "association, clusters": lambda f: survey.association(f, "answer", by="arm", design=CLUSTERED),
    "association, replicates": lambda f: survey.association(f, "answer", by="arm", design=REPLICATED),
    "ordinal": lambda f: survey.ordinal(f, "answer", by="arm"),
    "trend of shares": lambda f: survey.trend(f, "yes", by="arm"),
    "trend of answers": lambda f: survey.trend(f, "answer", by="arm"),
    "paired": lambda f: survey.paired(f.drop(columns="programme"), "answer", by="arm"),
    "paired, yes and no": lambda f: survey.paired(f.drop(columns="programme"), "yes", test="mid_p"),
    "stratified": lambda f: survey.stratified(f, "yes", by="arm"),
    "top shares": lambda f: survey.top_shares(f, "answer", by="arm"),
    "means of scales": lambda f: survey.scale_means(f, "answer", by="arm"),
    "floor and ceiling": lambda f: survey.floor_ceiling(f, "score", bounds=(0, 2), by="arm"),
    "nonresponse": lambda f: survey.nonresponse(
        f.drop(columns="programme"), "answer", predictors=["score"], m=3
    ),
    "adjusted": lambda f: survey.adjusted(survey.differences(f, "answer", by="arm"), family="category"),
}

CASES = {
    "nobody": ([], []),
    "one person": (["low"], []),
    "one person in each group": (["low"], ["high"]),
    "two persons": (["low", "high"], []),
    "two persons in each group": (["low", "high"], ["high", "high"]),
    "all yes": (["high"] * 12, ["high"] * 12),
    "all no": (["low"] * 12, ["low"] * 12),
    "one group empty": (["low", "high"] * 6, []),
    "one group without answers": (["low", "high"] * 6, [""] * 12),
    "no answers": ([""] * 12, [""] * 12),
    "one says no": (["high"] * 11 + ["low"], ["high"] * 12),
    "no overlap": (["low"] * 12, ["high"] * 12),
    "enough": (["low", "middle", "high"] * 8, ["low", "high", "high"] * 8),
}
WITHOUT_INTERVAL = ("pearson", "rao_scott", "jonckheere_terpstra")
"""Methods that give an estimate and a test, and no interval."""


FRAMES = {name: persons(*groups) for name, groups in CASES.items()}


def gaps(result: pd.DataFrame) -> list[str]:
    """What a result leaves open without a reason."""
    silent = result[result["note"] == ""]
    closed = silent[~silent["method"].isin(WITHOUT_INTERVAL)]
    found = {
        "no row": result.empty,
        "other columns": list(result.columns[: len(COLUMNS)]) != list(COLUMNS),
        "no estimate": silent["estimate"].isna().any(),
        "no interval": closed[["conf_low", "conf_high"]].isna().any(axis=None),
        "no method": (silent["method"] == "none").any(),
        "endless": np.isinf(result[["estimate", "std_error", "p_value"]].to_numpy(float)).any(),
    }
    return [name for name, wrong in found.items() if wrong]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_gives_rows_and_every_gap_has_its_reason(function: str):
    assert {name: gaps(FUNCTIONS[function](frame)) for name, frame in FRAMES.items()} == {
        name: [] for name in FRAMES
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_enough_answers_give_every_function_a_full_row_and_leave_them_as_they_were(function: str):
    frame = FRAMES["enough"]
    before = frame.copy(deep=True)
    assert FUNCTIONS[function](frame)["note"].isin(["", "equal_steps"]).any()
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("function", "note"),
    [
        ("shares", "no_answers"), ("means", "no_answers"), ("medians", "no_answers"),
        ("differences", "one_group_empty"), ("ordinal", "one_group_empty"),
        ("trend of shares", "one_group_empty"), ("association", "one_group_empty"),
        ("stratified", "one_group_empty"), ("paired", "no_answers"),
    ],
)  # fmt: skip
def test_a_group_without_answers_is_told_as_such(function: str, note: str):
    result = FUNCTIONS[function](FRAMES["one group without answers"])
    assert note in set(result["note"])


def test_a_question_that_one_programme_did_not_ask_is_told_as_such():
    frame = FRAMES["one group without answers"]
    reasons = pd.Series("not_asked", index=frame.index).where(frame["yes"].isna())
    result = survey.differences(frame.assign(yes_missing=reasons), "yes", by="arm")
    assert result["note"].tolist() == ["not_asked"]


def test_no_function_of_frames_is_forgotten_here():
    source = Path(__file__).read_text("utf-8")
    functions = {name: getattr(survey, name) for name in survey.__all__}
    of_frames = [
        name for name, function in functions.items()
        if inspect.isfunction(function) and "variable" in inspect.signature(function).parameters
    ]  # fmt: skip
    assert len(of_frames) >= 9
    assert [name for name in of_frames if f"survey.{name}(" not in source] == []
