"""Figures of changes, movements, dose and pairs: they have room in every language and say what was drawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd
import pytest
from measuring import beyond, faults

from kij_analysis import claims, figures, tables
from kij_analysis.disclosure import suppress, suppress_flows
from kij_analysis.effects import (
    agreement,
    change,
    dose,
    dose_levels,
    job_between,
    low_start,
    mentees,
    standardised,
    transitions,
    two_way,
)
from kij_analysis.errors import UsageError
from kij_analysis.words import LANGUAGES, causal_words

PROGRAMMES = ("kvinfo", "fika", "sajo")
STATUSES = ["employed", "subsidised_job", "internship", "education", "unemployed"]
RATINGS = ("language_self_rated", "network", "confidence")


@cache
def answers() -> pd.DataFrame:
    """Sixty mentees of each programme at three times, and their mentors; FIKA asks less."""
    rng = np.random.default_rng(4)
    rows = []
    for programme in PROGRAMMES:
        usual = rng.normal(50, 18, 60)
        for time, wave in enumerate(("entry", "end", "follow_up")):
            for person in np.flatnonzero(rng.random(60) > 0.25 * time):
                row = {"person_id": str(person), "pair_id": str(person), "role": "mentee", "wave": wave}
                row["labour_status"] = STATUSES[min(int(rng.integers(0, 5)), 4 - time)]
                row |= {f"{name}_score": usual[person] + 8 * time + rng.normal(0, 10) for name in RATINGS}
                row |= {f"{name}_high": row[f"{name}_score"] > 55 for name in RATINGS}
                row |= (
                    said(rng, programme) | {"meetings": float(rng.integers(1, 15))} if wave == "end" else {}
                )
                rows.append(row | {"programme": programme})
        for person in range(45):
            row = {"person_id": f"m{person}", "pair_id": str(person), "role": "mentor", "wave": "end"}
            row |= {"mentor_insight_high": rng.random() < 0.6, "mentor_network_high": rng.random() < 0.5}
            rows.append(row | said(rng, programme) | {"programme": programme})
    frame = pd.DataFrame(rows).assign(gender="woman", data_status="synthetic")
    highs = {name: "boolean" for name in frame.columns if name.endswith("_high")}
    status = pd.Categorical(frame["labour_status"], categories=STATUSES)
    return frame.astype(highs).assign(labour_status=status)


def said(rng: np.random.Generator, programme: str) -> dict[str, object]:
    asked = ("equality", "trust") if programme == "fika" else ("equality", "mutuality", "trust")
    scores = {f"relationship_{name}_score": float(rng.choice([25, 50, 75, 100])) for name in asked}
    return scores | {f"{name[:-6]}_high": score > 50 for name, score in scores.items()}


def of_mentees() -> pd.DataFrame:
    return answers().query("role == 'mentee'")


def by_job() -> pd.DataFrame:
    found = change(job_between(of_mentees()), by=["programme", "job"])
    return suppress(found[found["job"] != "before"])


DRAWN: dict[str, Callable[[], tuple[Callable[..., figures.Figure], pd.DataFrame]]] = {
    "change": lambda: (figures.change, suppress(change(of_mentees()))),
    "change_by_job": lambda: (figures.change, by_job()),
    "effect_sizes": lambda: (figures.effect_sizes, suppress(standardised(of_mentees()))),
    "low_start": lambda: (figures.low_start, suppress(low_start(of_mentees(), "confidence"))),
    "transitions": lambda: (figures.transitions, suppress_flows(transitions(of_mentees()))),
    "dose": lambda: (figures.dose, suppress(dose_levels(mentees(answers()), "meetings"))),
    "associations": lambda: (
        figures.associations,
        suppress(dose(mentees(answers()), outcomes=["work_end", "confidence_change", "answered_follow_up"])),
    ),
    "two_way": lambda: (figures.two_way, suppress(two_way(answers()))),
    "agreement": lambda: (
        figures.agreement,
        suppress(
            agreement(answers(), ["relationship_equality", "relationship_mutuality", "relationship_trust"])
        ),
    ),
}


@cache
def estimates(name: str) -> tuple[Callable[..., figures.Figure], pd.DataFrame]:
    return DRAWN[name]()


@cache
def drawn(name: str, language: str = "en") -> figures.Figure:
    draw, frame = estimates(name)
    return draw(frame, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_has_room_for_its_words_and_names_no_cause(name: str, language: str):
    frame, figure = estimates(name)[1], drawn(name, language)
    assert faults(figure) + beyond(figure) == []
    for text in (figure.title, figure.subtitle, figure.footer, figure.alt):
        assert causal_words(text, language) == []
    assert figure.mark and figure.mark in figure.alt
    assert len(figure.data) >= len(frame)


@pytest.mark.parametrize("name", DRAWN)
def test_the_table_behind_a_figure_tells_the_level(name: str):
    frame, behind = estimates(name)[1], tables.behind(drawn(name), "en")
    place = behind.header.index("Level")
    assert {row[place] for row in behind.rows} <= {"1", "2"}
    assert len(behind.rows) >= len(frame)


def test_the_same_numbers_stand_in_picture_alt_text_and_table():
    frame, figure = estimates("change")[1], drawn("change")
    row = frame[(frame["programme"] == "sajo") & (frame["variable"] == "confidence_score")].iloc[0]
    shown = f"+{row['estimate']:.1f} ({row['conf_low']:.1f} to {row['conf_high']:.1f})"
    assert shown in figure.alt
    assert shown in {text.get_text() for text in figure.canvas.texts}
    values = tables.behind(figure, "en").rows
    assert any(
        cells[2:4] == (f"+{row['estimate']:.1f} points", shown[shown.index("(") + 1 : -1]) for cells in values
    )


def test_hidden_movements_are_not_drawn_and_not_told():
    frame, figure = estimates("transitions")[1], drawn("transitions")
    bands = sum(len([p for p in axes.patches if not hasattr(p, "get_width")]) for axes in figure.canvas.axes)
    assert bands == (frame["count"].notna() & (frame["first"] != "") & (frame["count"] > 0)).sum()
    assert figure.data["count"].isna().sum() == frame["count"].isna().sum() > 0


def test_what_was_not_asked_stands_below_the_correlations():
    draw, frame = estimates("associations")
    asked = frame.assign(note=frame["note"].mask(frame["dose"] == "months", "not_asked"))
    figure = draw(asked, "en")
    assert "Not asked: months with meetings" in figure.footer and "Not asked: months" in figure.alt
    assert "Months with meetings" not in {text.get_text() for text in figure.canvas.texts}


def test_other_estimates_are_refused():
    with pytest.raises(UsageError, match="no estimates"):
        figures.change(estimates("change")[1].iloc[:0], "en")
    with pytest.raises(UsageError, match="not of 'g_av'"):
        figures.change(estimates("effect_sizes")[1], "en")
    with pytest.raises(UsageError, match="one dose"):
        figures.dose(estimates("dose")[1].iloc[:0], "en")


def test_nothing_to_show_is_a_figure_that_says_so():
    frame = change(
        of_mentees().assign(wave=lambda own: own["wave"].replace("end", "single")),
        wave=("entry", "follow_up"),
    )
    emptied = frame.assign(estimate=np.nan, conf_low=np.nan, conf_high=np.nan, note="hidden_small_count")
    assert figures.change(emptied, "en").title == "No change can be shown"


def test_sentences_and_what_carries_them_are_tables():
    frame = estimates("change")[1]
    told = tables.sentences(frame, "da")
    assert len(told.rows) == len(frame) and all("ingen sammenligningsgruppe" in row[2] for row in told.rows)
    both = claims.gathered([frame, estimates("associations")[1]])
    carried = tables.carried(both, "fi")
    assert [row[2] for row in carried.rows] == ["2", "1"]


def test_a_correlation_is_told_as_going_together():
    frame = estimates("associations")[1]
    row = frame[frame["estimate"].notna()].iloc[[0]]
    told = claims.claim(row, "en")
    assert "where “number of meetings” is higher (rank correlation" in told and "go together" in told
