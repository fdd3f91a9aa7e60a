"""Distances of groups: the numbers drawn are the frame's, chance is drawn beside them, words fit."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from measuring import beyond, faults

from kij_analysis import estimates as e
from kij_analysis.disclosure import suppress
from kij_analysis.errors import UsageError
from kij_analysis.estimates import NOTES
from kij_analysis.figures import Figure, standardised
from kij_analysis.survey import standardised_differences
from kij_analysis.tables import Table
from kij_analysis.tables.contents import behind
from kij_analysis.words import LANGUAGES, Words

QUESTIONS = ["education_group", "age", "children_at_home", "ground_for_residence", "region_of_origin"]
WORDS = {language: Words(language) for language in LANGUAGES}


def women(programmes: tuple[str, ...] = ("kvinfo", "fika", "sajo")) -> pd.DataFrame:
    """Forty women of each programme, older and with other educations from one to the next."""
    rng, parts = np.random.default_rng(11), []
    for place, code in enumerate(programmes):
        grounds = rng.choice(["protection", "family", "work"], size=40)
        part = {
            "programme": code, "age": rng.normal(35 + 12 * place, 8, size=40),
            "children_at_home": np.nan if code == "fika" else rng.integers(0, 4, size=40).astype(float),
            "education_group": pd.Categorical(
                rng.choice(["low", "high"], size=40, p=[0.8 - 0.3 * place, 0.2 + 0.3 * place])
                if place < 3 else ["low"] * 40, categories=["low", "medium", "high"]),
            "ground_for_residence": pd.Categorical(grounds, categories=["protection", "family", "work"]),
            "region_of_origin": pd.Categorical(rng.choice(list("abcd"), size=40), categories=list("abcd")),
        }  # fmt: skip
        parts.append(pd.DataFrame(part))
    frame = pd.concat(parts, ignore_index=True).assign(gender="woman", data_status="synthetic")
    return frame.assign(children_at_home_missing=pd.Series("not_asked", index=frame.index))


FRAME = standardised_differences(women(), QUESTIONS)
ANSWERED = standardised_differences(
    women().assign(response=lambda f: np.where(f.index % 3 == 0, "not_answered", "answered")),
    QUESTIONS, by="response", within="programme",
)  # fmt: skip


@cache
def shown(language: str) -> Figure:
    """The distances of the programmes, drawn once for all tests that only look at them."""
    return standardised(FRAME, WORDS[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_distances_have_room_for_their_words_in_every_language(language: str):
    for figure in (shown(language), standardised(ANSWERED, WORDS[language], topic="response")):
        assert faults(figure) + beyond(figure) == []
        assert len(figure.canvas.axes) == 3


@pytest.mark.parametrize("count", [2, 4])
def test_two_and_four_programmes_have_room(count: int):
    codes = ("kvinfo", "fika", "sajo", "piaac_no")[:count]
    figure = standardised(standardised_differences(women(codes), QUESTIONS), WORDS["fi"])
    assert faults(figure) + beyond(figure) == []
    assert len(figure.canvas.axes) == count * (count - 1) // 2


def test_every_reason_has_room():
    notes = [note for note in NOTES if note]
    rows = []
    for group in ("kvinfo-fika", "kvinfo-sajo", "fika-sajo"):
        first, second = group.split("-")
        row = {"programme": "all", "group": group, "first": first, "second": second, "method": "none"}
        row |= {"measure": "standardised_difference", "data_status": "synthetic", "by_chance": 0.3}
        row |= {"level": 0.95, "n_1": 226.0, "n_2": 70.0}
        rows += [row | {"variable": f"q{k}", "note": note} for k, note in enumerate(notes)]
        told = {"estimate": -1.4, "conf_low": -1.9, "conf_high": -0.9, "method": "pooled_sd"}
        rows.append(row | {"variable": "age"} | told)
    for language in LANGUAGES:
        figure = standardised(e.make(rows), WORDS[language])
        assert faults(figure) + beyond(figure) == []


def test_the_distances_are_drawn_without_signs_beside_what_chance_gives():
    figure = shown("en")
    dots, bands = [], []
    for axes in figure.canvas.axes:
        dots += [line.get_xdata()[0] for line in axes.lines if line.get_marker() not in ("None", "", None)]
        bands += [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)]
        assert any(set(line.get_xdata()) == {0.1} for line in axes.lines)
    known = FRAME[FRAME["estimate"].notna()]
    assert sorted(np.round(dots, 9)) == sorted(known["estimate"].abs().round(9))
    assert sorted(np.round(bands, 9)) == sorted(known["by_chance"].round(9))


def test_the_interval_of_a_distance_is_that_of_the_difference_without_its_sign():
    row = {
        "programme": "all", "group": "fika-sajo", "first": "fika", "second": "sajo", "n_1": 40.0, "n_2": 40.0,
        "measure": "standardised_difference", "method": "pooled_sd", "data_status": "observed", "level": 0.95,
        "by_chance": 0.4,
    }  # fmt: skip
    values = {"age": (-0.8, -1.2, -0.4), "children_at_home": (-0.1, -0.5, 0.3), "years": (0.1, -0.3, 0.5)}
    rows = [
        row | {"variable": name, "estimate": d, "conf_low": low, "conf_high": high}
        for name, (d, low, high) in values.items()
    ]
    (axes,) = standardised(e.make(rows), "en").canvas.axes
    drawn = {
        tuple(np.round(path.vertices[:, 0], 6))
        for lines in axes.collections
        for path in lines.get_paths()
        if path.vertices[0, 1] == path.vertices[1, 1]
    }
    assert {(0.4, 1.2), (0.0, 0.5)} <= drawn


def test_the_headline_names_what_is_further_apart_than_chance():
    title = shown("en").title
    assert "age at entry (" in title
    alike = FRAME.assign(by_chance=9.0)
    assert "no further apart than chance" in standardised(alike, "en").title
    none = standardised_differences(women(("kvinfo", "fika")), ["children_at_home"])
    assert standardised(none, "en").title == "No difference can be shown"


def test_a_question_that_was_not_asked_is_told_in_the_picture_the_data_and_the_alt_text():
    figure = shown("en")
    assert "KVINFO and FIKA. Not asked: number of children living at home." in figure.alt
    rows = figure.data.query("variable == 'children_at_home' and note == 'not_asked'")
    assert len(rows) == 2
    assert set(rows["note_text"]) == {"Not asked"}


def test_hidden_differences_leave_no_number_anywhere():
    frame = women().assign(rare=lambda f: f.index % 41 == 0)
    protected = suppress(standardised_differences(frame, ["age", "rare"]))
    figure = standardised(protected, "en")
    gone = figure.data.query("variable == 'rare'")
    assert set(gone["note"]) == {"hidden_small_count"}
    assert gone[["estimate", "conf_low", "conf_high", "by_chance", "n_1"]].isna().all(axis=None)
    assert "rare 0" not in figure.alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_behind_holds_the_numbers_with_their_signs(language: str):
    figure = shown(language)
    table = behind(figure, WORDS[language])
    assert isinstance(table, Table)
    assert len(table.rows) == len(FRAME)
    assert any(row[2].startswith("−") for row in table.rows)
    assert not any("%" in cell for row in table.rows for cell in row[2:5])


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (e.make([]), "no standardised differences"),
        (pd.concat([FRAME, FRAME]), "stands twice"),
    ],
)
def test_what_is_no_such_frame_is_told(frame: pd.DataFrame, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        standardised(frame, "en")


def test_an_unknown_topic_is_told():
    with pytest.raises(UsageError, match="topic"):
        standardised(FRAME, "en", topic="waves")


def test_the_same_numbers_give_the_same_picture():
    assert standardised(FRAME, WORDS["en"]).svg() == shown("en").svg()
