"""Forests and curves say what was found from the numbers drawn, and print what few numbers cannot tell."""

from __future__ import annotations

import pandas as pd
import pytest

from kij_analysis import estimates as shape
from kij_analysis.disclosure import suppress_steps
from kij_analysis.effects import incidence as computed
from kij_analysis.errors import UsageError
from kij_analysis.figures import forest, incidence
from kij_analysis.survey import partial_pool, pool
from kij_analysis.tables import behind
from kij_analysis.words import LANGUAGES, load

THREE = [("kvinfo", 0.25, 0.06), ("sajo", 0.02, 0.04), ("fika", 0.14, 0.09)]


def rows(numbers: list[tuple[str, float, float]], **columns: object) -> pd.DataFrame:
    fixed = {"variable": "labour_status", "category": "employed", "measure": "risk_difference", "n": 80}
    fixed |= {"method": "newcombe", "data_status": "synthetic"} | columns
    return shape.make(
        [
            fixed
            | {"programme": p, "estimate": y, "std_error": s}
            | {"conf_low": y - 2 * s, "conf_high": y + 2 * s}
            for p, y, s in numbers
        ]
    )  # fmt: skip


# ------------------------------------------------------------------ forest


def test_the_headline_is_the_mean_of_all_with_its_interval():
    frame = rows(THREE)
    assert forest(frame, "en", pooled=pool(frame)).title.endswith(": together 13 (−17 to 43), from 3 numbers")
    assert forest(frame, "en").title == "Labour status: in work: from 2 to 25 in 3 numbers"


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_numbers_carry_the_caution_in_every_language(language: str):
    frame = rows(THREE)
    figure = forest(frame, language, pooled=pool(frame))
    caution = load(language)("forest.caution", count="3")
    drawn = " ".join(text.get_text().replace("\n", " ") for text in figure.canvas.texts)
    assert caution in figure.alt and caution in drawn
    assert load(language)("forest.prediction") in drawn


def test_there_is_no_caution_where_nothing_is_put_together_or_numbers_are_many():
    assert "say little" not in forest(rows(THREE), "en").alt
    many = rows([(f"study {number}", 0.1 + number / 50, 0.05) for number in range(5)])
    assert "say little" not in forest(many, "en", pooled=pool(many)).alt


def test_two_numbers_say_that_a_further_one_cannot_be_told():
    frame = rows(THREE[:2])
    assert "cannot be said at all" in forest(frame, "en", pooled=pool(frame)).alt


def test_a_programme_without_a_number_is_named():
    silent = rows(THREE[:1]).assign(programme="sajo", note="not_asked", method="none")
    silent = silent.assign(**dict.fromkeys(("estimate", "std_error", "conf_low", "conf_high"), float("nan")))
    frame = shape.make(pd.concat([rows([THREE[0], THREE[2]]), silent]))
    figure = forest(frame, "en", pooled=pool(frame))
    assert "Left out, because there is no number: SAJO." in figure.alt
    assert "SAJO not asked" in figure.alt


def test_ratios_stand_on_a_scale_of_doublings():
    frame = rows([(p, 2 * y + 0.5, s) for p, y, s in THREE], measure="hazard_ratio")
    figure = forest(frame, "en", pooled=pool(frame))
    ticks = [text.get_text() for text in figure.canvas.axes[0].get_xticklabels()]
    assert "1.00" in ticks
    assert ": together 0.7" in figure.title


def test_the_data_hold_every_row_that_is_drawn():
    frame = rows(THREE)
    figure = forest(frame, "da", pooled=pool(frame), partial=partial_pool(frame, scale=0.1))
    assert figure.data["part"].tolist() == ["own"] * 3 + ["together"] * 2 + ["drawn"] * 5
    assert figure.data["estimate"].iloc[:3].tolist() == [0.25, 0.02, 0.14]
    assert figure.mark


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (rows(THREE).iloc[:0], "no estimates to draw"),
        (rows(THREE).assign(measure=["mean", "share", "share"]), "several measures"),
    ],
)
def test_what_is_no_forest_is_refused(frame: pd.DataFrame, sentence: str):
    with pytest.raises(UsageError, match=sentence):
        forest(frame, "en")


def test_nothing_but_gaps_is_still_a_figure():
    gone = dict.fromkeys(("estimate", "std_error", "conf_low", "conf_high"), float("nan"))
    frame = rows(THREE).assign(**gone, note="not_asked")
    assert forest(frame, "en", pooled=pool(frame)).title.endswith(": no number can be shown")


# ------------------------------------------------------------------ curves


def persons(jobs: int, waiting: int, *, programme: str = "fika") -> pd.DataFrame:
    months = [1 + 16 * place / max(jobs, 1) for place in range(jobs)] + [20.0] * waiting
    frame = pd.DataFrame({"months": months, "outcome": ["job"] * jobs + ["none"] * waiting})
    return frame.assign(programme=programme, gender="woman", data_status="synthetic")


def test_the_headline_names_the_last_month_and_each_programme():
    frame = pd.concat([persons(20, 20), persons(10, 30, programme="sajo")])
    figure = incidence(suppress_steps(computed(frame, months=[18])), "en")
    assert figure.title == "In work within 18 months of entry: FIKA 50%, SAJO 25%"


def test_hidden_months_are_neither_drawn_nor_in_the_data():
    found = suppress_steps(computed(persons(12, 28)))
    figure = incidence(found, "en")
    shown = figure.data[figure.data["category"] == "job"]
    assert shown["estimate"].isna().any() and shown["count"].dropna().ge(5).all()
    (curve,) = (line for line in figure.canvas.axes[0].lines if line.get_linewidth() == 1.8)
    assert len(curve.get_xdata()) == 1 + shown["estimate"].notna().sum()
    assert "Steps of fewer than 5 women are not shown" in figure.footer


def test_too_few_to_show_anything_says_so():
    figure = incidence(suppress_steps(computed(persons(2, 30))), "en")
    assert figure.title == "No share in work can be shown"
    assert "Hidden because it concerns too few persons" in figure.alt
    assert "hidden" in [text.get_text() for text in figure.canvas.axes[0].texts]


def test_what_dates_leave_open_is_told_only_where_something_is_open():
    frame = persons(20, 20)
    assert "light bar" not in incidence(computed(frame), "en").footer
    wide = frame.assign(months_earliest=frame["months"] - 1, months_latest=frame["months"])
    assert "light bar" in incidence(computed(wide), "en").footer


def test_curves_need_estimates_by_month():
    with pytest.raises(UsageError, match="no curves"):
        incidence(rows(THREE), "en")


def test_another_threshold_is_said_with_its_number():
    found = suppress_steps(computed(persons(12, 28)), threshold=10)
    assert "fewer than 10 women" in incidence(found, "en", threshold=10).footer


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tables_behind_say_what_is_drawn(language: str):
    curve = incidence(computed(persons(20, 20), months=[9, 18]), language)
    table = behind(curve, language)
    say = load(language)
    label = say.sentence(say("waiting.row", outcome=say("waiting.outcome.job"), month="18"))
    assert ["FIKA", label, say.share(0.5)] in [list(row[:3]) for row in table.rows]
    frame = rows(THREE)
    together = behind(forest(frame, language, pooled=pool(frame)), language)
    assert [row[2] for row in together.rows[:4]] == ["25", "2", "14", "13"]
    assert together.rows[3][5] == say("note.few_estimates")
