"""Nothing meets and nothing leaves the sheet: every text is measured as it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from measuring import beyond, faults

from kij_analysis import estimates as e
from kij_analysis.codebook.crosswalks import STATUSES
from kij_analysis.estimates import NOTES
from kij_analysis.figures import benchmark, dots, forest, incidence, nonresponse, status_matrix
from kij_analysis.figures.sheet import text_width, wrapped
from kij_analysis.survey import leave_one_out, partial_pool, pool, wilson
from kij_analysis.words import LANGUAGES, Words

THREE = ("kvinfo", "fika", "sajo")
FIVE = (*THREE, "piaac_fi", "piaac_no")
SENTENCE = "A made-up label of eighty letters, as an analyst may write one in her codebook, x"
COMPOUND = "Arbetsmarknadsanpassningsutbildningsmöjligheter" * 2


class Labelled(Words):
    """Words in which one variable, or every one, has another label."""

    def __init__(self, language: str, label: str, only: str = "") -> None:
        super().__init__(language)
        self._label, self._only = label, only

    def variable(self, name: str) -> str:
        return self._label if self._only in ("", name) else super().variable(name)


def shares(programmes: Sequence[str], say: Words, *, top: int = 36, n: int = 40) -> pd.DataFrame:
    """A share, or a note, for every barrier of the codebook in every programme."""
    barriers = [name for name in say.codebook.columns if name.startswith("barrier_")]
    notes = [note for note in NOTES if note]
    last = min(len(notes), len(barriers) - 6)
    rows = []
    for column, programme in enumerate(programmes):
        for place, barrier in enumerate(barriers):
            row = {"programme": programme, "variable": barrier, "category": "yes", "measure": "share"}
            row |= {"data_status": "synthetic", "method": "wilson"}
            if place >= len(barriers) - last:
                note = notes[(place + column * last) % len(notes)]
                rows.append(row | {"note": note, "n": 0, "method": "none"})
                continue
            count = max(1, top - 3 * place - column)
            low, high = wilson(count, n)
            interval = {"conf_low": low[0], "conf_high": high[0]}
            rows.append(row | {"estimate": count / n, "count": count, "n": n, **interval})
    return e.make(rows)


def matrix(programmes: Sequence[str], say: Words, *, each: int = 1) -> pd.DataFrame:
    """A status for every column of the codebook in every questionnaire; every status occurs."""
    rows = [
        {"column": column, "variable": column, "instrument": f"{programme}_follow_up_{2020 + wave}",
         "programme": programme, "status": STATUSES[(place + wave) % len(STATUSES)]}
        for programme in programmes
        for wave in range(each)
        for place, column in enumerate(say.codebook.columns)
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(data_status="synthetic")


def curves(programmes: Sequence[str], *, n: int = 40) -> pd.DataFrame:
    """Shares that rise over months; the last programme shows nothing."""
    rows = []
    for column, programme in enumerate(programmes):
        for place, category in enumerate(("job", "education", "left")):
            for month in (3, 6, 9, 12, 15, 18):
                share = month / (19 + 10 * column + 20 * place)
                row = {
                    "programme": programme,
                    "category": category,
                    "month": month,
                    "measure": "share",
                    "n": n,
                }
                row |= {
                    "method": "aalen_johansen",
                    "data_status": "synthetic",
                    "at_risk": n - n * month // 20,
                }
                if column and column == len(programmes) - 1:
                    rows.append(row | {"note": "hidden_small_count", "at_risk": None})
                    continue
                ends = {"conf_low": 0.8 * share, "conf_high": min(1, 1.3 * share)}
                ends |= {"known_low": 0.9 * share, "known_high": min(1, 1.2 * share)}
                rows.append(
                    row | ends | {"estimate": share, "count": round(n * share), "note": "between_answers"}
                )
    return e.make(rows)


def effects(
    programmes: Sequence[str], *, measure: str = "risk_difference", factor: float = 1
) -> pd.DataFrame:
    """One estimate for each programme; ratios lie around 1."""
    rows = []
    for place, programme in enumerate(programmes):
        value = (1.5**place if measure == "hazard_ratio" else 0.2 + 0.1 * place) * factor
        error = 0.1 * factor
        row = {
            "programme": programme,
            "variable": "labour_status",
            "category": "employed",
            "measure": measure,
        }
        row |= {"estimate": value, "std_error": error, "method": "newcombe", "data_status": "synthetic"}
        rows.append(row | {"conf_low": value - 2 * error, "conf_high": value + 2 * error, "n": 100})
    return e.make(rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_dots_have_room_for_their_words_in_every_language(language: str):
    figure = dots(shares(THREE, Words(language)), language)
    assert faults(figure) + beyond(figure) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_matrix_has_room_for_its_words_in_every_language(language: str):
    assert faults(status_matrix(matrix(THREE, Words(language)), language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_curves_have_room_for_their_words_in_every_language(language: str):
    figure = incidence(curves(THREE), language)
    assert faults(figure) + beyond(figure) == []


@pytest.mark.parametrize(("count", "n"), [(1, 40), (2, 1240), (4, 124000), (5, 40)])
def test_curves_of_fewer_and_more_programmes_have_room(count: int, n: int):
    figure = incidence(curves(FIVE[:count], n=n), "fi")
    assert faults(figure) + beyond(figure) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forest_has_room_for_its_words_in_every_language(language: str):
    rows = effects(THREE)
    together = {
        "pooled": pool(rows),
        "partial": partial_pool(rows, scale=0.1),
        "without": leave_one_out(rows),
    }
    assert faults(forest(rows, language, **together)) == []


@pytest.mark.parametrize("measure", ["risk_difference", "hazard_ratio", "amount", "share", "mean"])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_forest_of_any_measure_has_room(measure: str, count: int):
    factor = {"amount": 100000, "mean": 30}.get(measure, 1)
    rows = effects(FIVE[:count], measure=measure, factor=factor)
    assert faults(forest(rows, "da", pooled=pool(rows))) == []


def ways(programmes: Sequence[str]) -> pd.DataFrame:
    """A share under every way of dealing with those who did not answer, some with the longest notes."""
    rows = []
    for place, programme in enumerate(programmes):
        own = {"programme": programme, "variable": "labour_status", "category": "employed|subsidised_job"}
        own |= {
            "measure": "share",
            "wave": "end",
            "count": 40,
            "n": 100,
            "asked": 1240,
            "data_status": "synthetic",
        }
        sure = {"estimate": 0.4 + place / 10, "conf_low": 0.1, "conf_high": 1.0}
        rows += [
            own | sure | {"approach": "complete_cases", "method": "wilson_finite"},
            own | {"approach": "margins", "note": "no_margins", "method": "none"},
            own | {"approach": "dropout", "note": "no_entry", "method": "inverse_probability"},
            own | {"approach": "imputation", "note": "hidden_small_count", "method": "multiple_imputation"},
            own | sure | {"approach": "delta", "shift": -0.25, "method": "delta_adjusted"},
            own
            | {
                "approach": "worst_case",
                "low": 0.0,
                "high": 1.0,
                "note": "bounds_only",
                "method": "worst_case",
            },
        ]
    return e.make(rows)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 3])
def test_non_response_has_room_for_its_words_in_every_language(language: str, count: int):
    assert faults(nonresponse(ways(THREE[:count]), language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", [True, False])
def test_participants_beside_the_population_have_room_in_every_language(language: str, known: bool):
    groups = ("participants", "alike", "foreign_born", "native_born")
    own = {"variable": "employed", "measure": "share", "survey": "piaac", "year": "2012", "wave": "follow_up"}
    own |= {"ages": "20-64", "minimum": 15, "level": 0.95, "data_status": "synthetic", "category": "yes"}
    counts = {"participants": 1200, "on_all": 1000, "on_fewer": 150, "unmatched": 50}
    shown = {
        "estimate": 0.5,
        "conf_low": 0.0,
        "conf_high": 1.0,
        "n": 12345,
        "method": "directly_standardised",
    }
    missing = {"note": "no_file", "file": "prgdnkp1.csv", "method": "none"}
    rows = [
        own | counts | (shown if known or group == "participants" else missing)
        | {"programme": programme, "country": country, "group": group}
        for programme, country in (("kvinfo", "DK"), ("fika", "FI"), ("sajo", "NO"))
        for group in groups
    ]  # fmt: skip
    assert faults(benchmark(e.make(rows), language)) == []


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_fewer_and_more_programmes_have_room(count: int):
    figure = dots(shares(FIVE[:count], Words("fi"), n=1240, top=1200), "fi")
    assert faults(figure) + beyond(figure) == []
    assert len(figure.canvas.axes) == count
    assert faults(status_matrix(matrix(FIVE[:count], Words("fi")), "fi")) == []


@pytest.mark.parametrize("label", [SENTENCE, COMPOUND])
@pytest.mark.parametrize("only", ["barrier_cost", "barrier_network", ""])
def test_a_label_of_eighty_letters_has_room(label: str, only: str):
    assert len(label) >= 80
    say = Labelled("sv", label, only)
    figure = dots(shares(THREE, say), say)
    assert faults(figure) + beyond(figure) == []
    assert faults(status_matrix(matrix(THREE, say), say)) == []


@pytest.mark.parametrize("each", [2, 4])
def test_a_programme_with_several_questionnaires_has_room(each: int):
    assert faults(status_matrix(matrix(THREE, Words("da"), each=each), "da")) == []


@pytest.mark.parametrize("top", [40, 39, 3])
def test_shares_from_nobody_to_everybody_have_room(top: int):
    frame = shares(THREE, Words("da"), top=top)
    frame.loc[frame["count"] == 40, "conf_high"] = 1.0
    figure = dots(frame, "da")
    assert faults(figure) + beyond(figure) == []


def test_the_measuring_itself_finds_what_meets_and_what_leaves():
    figure = dots(shares(THREE, Words("en")), "en")
    figure.canvas.text(0.5, 0.5, "over the dots" * 3)
    figure.canvas.text(0.95, 0.01, "over the edge" * 3)
    figure.canvas.axes[0].text(1.0, 1.0, "out of the panel")
    found = faults(figure)
    assert any("meets" in fault for fault in found)
    assert any("leaves the sheet" in fault for fault in found)
    assert any("out of the panel" in fault for fault in beyond(figure))


def test_lines_of_text_are_no_wider_than_they_may_be_and_lose_no_letter():
    for text in (SENTENCE, COMPOUND, "a", f"short {COMPOUND} end"):
        lines = wrapped(text, 1.5, 9)
        assert max(text_width(line, 9) for line in lines) <= 1.5
        assert "".join(lines).replace("-", "").replace(" ", "") == text.replace("-", "").replace(" ", "")
