"""Answers around the middle of a scale: what stands where, in which colour, and in which words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle
from measuring import beyond, faults

from kij_analysis import disclosure, survey
from kij_analysis import estimates as e
from kij_analysis.codebook import load_codebook
from kij_analysis.errors import UsageError
from kij_analysis.figures import likert
from kij_analysis.figures.likert_bars import HIGH
from kij_analysis.figures.style import PAPER, contrast, readable_on, steps_of
from kij_analysis.harmonisation import Harmonised
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES, Words


def rows(*counts: int, programme: str = "fika", variable: str = "confidence_score", scale: str = "") -> list:
    n, k = sum(counts), len(counts)
    return [
        {"programme": programme, "variable": variable, "category": f"step_{place}_of_{k}", "n": n,
         "measure": "share", "estimate": count / n, "count": count, "method": "wilson", "scale": scale,
         "step": place, "last": place, "steps": k, "missing": 3, "data_status": "synthetic"}
        for place, count in enumerate(counts, start=1)
    ]  # fmt: skip


def bars(figure) -> list[tuple[float, float]]:
    """Where each segment begins and ends, in the order of drawing."""
    frames = [
        (patch.get_x(), patch.get_x() + patch.get_width())
        for axes in figure.canvas.axes
        for patch in axes.patches
        if isinstance(patch, Rectangle) and np.isclose(patch.get_height(), HIGH) and patch.get_hatch() is None
        and not patch.get_fill()
    ]  # fmt: skip
    return [(round(a, 6), round(b, 6)) for a, b in frames]


def test_a_middle_step_lies_half_on_each_side_and_an_even_scale_parts_at_zero():
    odd = likert(e.make(rows(10, 20, 40, 20, 10)), "en")
    assert bars(odd) == [(-0.5, -0.4), (-0.4, -0.2), (-0.2, 0.2), (0.2, 0.4), (0.4, 0.5)]
    even = likert(e.make(rows(10, 20, 40, 30)), "en")
    assert bars(even) == [(-0.3, -0.2), (-0.2, 0.0), (0.0, 0.4), (0.4, 0.7)]


def test_no_axis_has_a_negative_number():
    figure = likert(e.make(rows(10, 20, 40, 20, 10)), "da")
    texts = [label.get_text() for axes in figure.canvas.axes for label in axes.get_xticklabels()]
    assert "0" in texts and texts == texts[::-1]
    assert not any(sign in text for text in texts for sign in "-\N{MINUS SIGN}")


def test_segments_under_seven_per_cent_carry_no_number():
    figure = likert(e.make(rows(6, 34, 33, 27)), "en")
    texts = [text.get_text() for axes in figure.canvas.axes for text in axes.texts]
    assert texts == ["34", "33", "27"]


def test_questions_stand_by_how_many_answered_above_the_middle():
    frame = e.make([*rows(30, 30, 20, 20), *rows(10, 20, 30, 40, variable="network_score")])
    figure = likert(frame, "en")
    labels = [text.get_text() for text in figure.canvas.texts if "rating" in text.get_text()]
    assert "network" in labels[1] and "confidence" in labels[2]
    assert "FIKA 70%" in figure.title and "network" in figure.title


def test_the_headline_names_one_question_for_all_or_one_for_each():
    same = e.make([*rows(10, 10, 10, 10), *rows(5, 5, 10, 20, programme="sajo")])
    assert "FIKA 50% and SAJO 75%" in likert(same, "en").title
    other = e.make([*rows(10, 10, 10, 10), *rows(5, 5, 10, 20, programme="sajo", variable="network_score")])
    assert "FIKA 50% (own rating of self-confidence)" in likert(other, "en").title


def test_scales_of_one_programme_have_panels_of_their_own():
    scales = e.make([
        *rows(*[10] * 6, programme="sajo", scale="skill6_nb", variable="language_self_rated_score"),
        *rows(*[10] * 6, programme="sajo", scale="agreement6_nb"),
    ])  # fmt: skip
    assert len(likert(scales, "nb").canvas.axes) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_steps_are_named_in_the_language_of_the_page(language: str):
    scales = load_codebook(template_folder() / "codebook").scales
    say = Words(language)
    for scale in scales.values():
        for place, step in enumerate(scale.categories, start=1):
            own = {**step.translations, **step.labels}
            assert own.get(language), f"{scale.id}, step {place} has no words in {language}"
            assert say.step(scale.id, place) == own[language]
    figure = likert(e.make(rows(*[10] * 6, programme="sajo", scale="agreement6_nb")), language)
    assert say.step("agreement6_nb", 6) in figure.alt


def test_a_turned_scale_begins_with_its_last_step():
    frame = e.make(rows(10, 10, 10, 10, scale="agreement4_fika")).assign(turned=True)
    assert "from “Strongly agree” to “Strongly disagree”" in likert(frame, "en").alt


def test_what_is_hidden_stands_apart_and_is_told():
    frame = e.make(rows(10, 10, 10, 10))
    part = frame.assign(
        estimate=[np.nan, np.nan, 0.25, 0.25], count=[np.nan, np.nan, 10, 10],
        note=["hidden_small_count"] * 2 + [""] * 2,
    )  # fmt: skip
    figure = likert(e.make(part), "en")
    (hatched,) = [patch for axes in figure.canvas.axes for patch in axes.patches if patch.get_hatch()]
    assert hatched.get_width() == pytest.approx(0.5) and hatched.get_x() > 0.5
    assert "Hatched" in figure.footer and "hidden below" in figure.alt
    whole = frame.assign(estimate=np.nan, count=np.nan, note="hidden_small_count")
    figure = likert(e.make(whole), "en")
    assert [text.get_text() for text in figure.canvas.axes[0].texts] == ["hidden"]
    assert figure.title == "No answers can be shown"


def test_what_was_not_asked_is_a_word_and_no_number():
    gap = {"programme": "fika", "variable": "network_score", "measure": "share", "note": "not_asked", "n": 0}
    gap |= {"data_status": "synthetic", "method": "none", "scale": "", "missing": np.nan, "category": ""}
    figure = likert(e.make([*rows(10, 10, 10, 10), gap]), "en")
    assert "not asked" in [text.get_text() for text in figure.canvas.axes[0].texts]
    assert "few" not in [text.get_text() for text in figure.canvas.texts]


def test_every_number_can_be_read_on_its_colour():
    for count in range(2, 12):
        colours = steps_of(count)
        assert len(colours) == count == len(set(colours))
        if count <= 7:
            assert min(contrast(readable_on(colour), colour) for colour in colours) >= 4.5, count
        assert contrast(colours[0], PAPER) >= 3 and contrast(colours[-1], PAPER) >= 3


def test_estimates_that_are_no_steps_are_refused():
    with pytest.raises(UsageError, match="no estimates"):
        likert(e.make(rows(10, 10)).iloc[:0], "en")
    with pytest.raises(UsageError, match="have no 'step'"):
        likert(e.make(rows(10, 10)).drop(columns="step"), "en")
    with pytest.raises(UsageError, match="several estimates for 'fika / confidence_score'"):
        likert(e.make([*rows(10, 10), *rows(10, 10)]), "en")


@pytest.fixture(scope="module")
def asked(demonstration: Harmonised) -> pd.DataFrame:
    """The self-ratings of the demonstration at the end, protected."""
    frame = demonstration.answers.query("role == 'mentee' and wave == 'end'")
    rated = ["language_self_rated_score", "network_score", "confidence_score"]
    return disclosure.join_steps(survey.step_shares(frame, rated, steps=demonstration.properties))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ratings_of_the_demonstration_have_room_and_words(asked: pd.DataFrame, language: str):
    figure = likert(asked, language)
    assert faults(figure) + beyond(figure) == []
    for part in (figure.title, figure.subtitle, figure.footer, figure.mark, figure.alt):
        assert part
