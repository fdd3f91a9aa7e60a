"""Figures of barriers: what they say, what they never say, and room for every word."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from figures.test_layout import COMPOUND, SENTENCE, Labelled
from measuring import beyond, faults

from kij_analysis import barriers, disclosure, estimates, figures, tables
from kij_analysis.barriers.views import AREAS
from kij_analysis.errors import UsageError
from kij_analysis.figures import Figure
from kij_analysis.words import LANGUAGES, Words

PROGRAMMES = {"kvinfo": 200, "fika": 60, "sajo": 60}
SHARES = np.array([0.95, 0.85, 0.75, *np.linspace(0.4, 0.02, 12)])


@cache
def women() -> pd.DataFrame:
    """Answers of mentees at entry and at the end and of mentors at the end, on every barrier there is."""
    rng = np.random.default_rng(4)
    names = list(Words("en").codebook.barrier_variables)
    parts = []
    for programme, n in PROGRAMMES.items():
        lean = rng.standard_normal((n, 1))
        score = lean + rng.standard_normal((n, len(names)))
        from scipy.stats import norm

        for wave, less in (("entry", 1.0), ("end", 0.7)):
            hits = score < norm.ppf(SHARES * less) * np.sqrt(2)
            own = pd.DataFrame(hits, columns=names).astype("boolean")
            own["person_id"], own["pair_id"] = [f"{programme}{i}" for i in range(n)], np.arange(n).astype(str)
            parts.append(own.assign(programme=programme, role="mentee", wave=wave))
        mentors = pd.DataFrame(index=range(n), columns=names, dtype="boolean")
        for name in AREAS.values():
            mentors[name] = pd.array(rng.random(n) < 0.5, dtype="boolean")
        mentors["person_id"], mentors["pair_id"] = (
            [f"m{programme}{i}" for i in range(n)],
            np.arange(n).astype(str),
        )
        parts.append(mentors.assign(programme=programme, role="mentor", wave="end"))
    whole = pd.concat(parts, ignore_index=True).assign(gender="woman", data_status="synthetic")
    not_asked = (whole["programme"] == "sajo").to_numpy()
    for name in names[4:7]:
        whole[name] = whole[name].mask(not_asked)
        whole[f"{name}_missing"] = pd.Series("not_asked", index=whole.index).where(not_asked)
    return whole


@cache
def made() -> dict[str, tuple[Callable[..., Figure], pd.DataFrame, dict[str, Any]]]:
    """Each figure with the estimates that it is drawn from."""
    whole = women()
    mentees = whole[whole["role"] == "mentee"]
    ended = mentees[mentees["wave"] == "end"]
    shown = disclosure.suppress
    counts = shown(barriers.number(ended))
    levels = shown(barriers.prevalence(mentees, by=["programme", "wave"]))
    return {
        "ranks": (figures.barrier_ranks, shown(barriers.ranking(ended)), {}),
        "numbers": (figures.barrier_numbers, counts, {}),
        "sets": (figures.barrier_sets, disclosure.group_rare(barriers.combinations(ended)), {}),
        "changes": (
            figures.barrier_changes,
            disclosure.suppress_changes(barriers.change(mentees)),
            {"levels": levels},
        ),
        "views": (figures.barrier_views, shown(barriers.views(whole)), {}),
        "official": (
            figures.barrier_official,
            shown(barriers.beside_official(barriers.prevalence(ended), obstacles(), counts=counts)),
            {"source": "Eurostat"},
        ),
        "differences": (figures.barrier_differences, differences(), {}),
    }


def obstacles() -> pd.DataFrame:
    row = {"category": "yes", "measure": "share", "method": "printed", "data_status": "published",
           "country": "EU27", "year": 2021, "sex": "women", "base": "faced_an_obstacle"}  # fmt: skip
    given = {"language": 0.233, "discrimination": 0.0758, "no_suitable_job": 0.1487}
    rows = [row | {"variable": f"barrier_{code}", "estimate": share} for code, share in given.items()]
    return estimates.make([*rows, row | {"variable": "barrier_any", "estimate": 0.279, "base": "all"}])


def differences() -> pd.DataFrame:
    """Differences as `barriers.adjusted` gives them, of every kind that there is."""
    rows = []
    for first, second in (("kvinfo", "fika"), ("kvinfo", "sajo"), ("fika", "sajo")):
        for place, name in enumerate(Words("en").codebook.barrier_variables[:10]):
            row = {"programme": "all", "variable": name, "category": "yes", "n": 260,
                   "measure": "risk_difference",
                   "first": first, "second": second, "data_status": "synthetic", "method": "marginal",
                   "adjusted_for": "education_group|years_since_arrival|language_self_rated_high_at_entry",
                   "not_in_both": "children_at_home" if "fika" in (first, second) else ""}  # fmt: skip
            at = 0.25 - 0.05 * place
            told = {
                "estimate": at,
                "conf_low": at - 0.15,
                "conf_high": at + 0.15,
                "p_adjusted": 0.02 * (place + 1),
            }
            if place == 7:
                told = {"estimate": 0.1, "note": "few_events"}
            if place > 7:
                told = {"note": "not_asked" if place == 8 else "hidden_small_count"}
            rows.append(row | told | {"model": "adjusted"})
            rows.append(
                row | {"estimate": at + 0.03, "conf_low": at - 0.1, "conf_high": at + 0.2, "model": "crude"}
            )
    return estimates.make(rows)


@cache
def drawn(which: str, words: Words | str) -> Figure:
    draw, frame, options = made()[which]
    return draw(frame, words, **options)


NAMES = ("ranks", "numbers", "sets", "changes", "views", "official", "differences")


# ------------------------------------------------------------------ room


@pytest.mark.parametrize(
    ("which", "language"),
    [(which, language) for which in NAMES for language in LANGUAGES],
)
def test_every_word_has_room(which: str, language: str):
    assert faults(drawn(which, language)) == []


@pytest.mark.parametrize(
    ("which", "label"), [(which, (SENTENCE, COMPOUND)[place % 2]) for place, which in enumerate(NAMES)]
)
def test_long_labels_have_room(which: str, label: str):
    say = Labelled("fi", label, "" if which == "sets" else "barrier_network")
    assert faults(drawn(which, say)) == []


@pytest.mark.parametrize("which", ["ranks", "sets", "official"])
def test_a_single_programme_has_room(which: str):
    draw, frame, options = made()[which]
    own = frame[(frame["programme"] == "fika") | (frame.get("side") == "official")]
    figure = draw(own, "sv", **options)
    assert faults(figure) + beyond(figure) == []


# ------------------------------------------------------------------ what is told


@pytest.mark.parametrize("which", NAMES)
def test_the_table_behind_tells_every_number_that_is_drawn(which: str):
    figure = drawn(which, "en")
    told = {cell for row in tables.behind(figure, "en").rows for cell in row}
    texts = {text.get_text() for text in figure.canvas.texts}
    numbers = {text for text in texts if text.endswith("%") and "→" not in text}
    assert numbers <= told
    assert figure.alt and figure.title and figure.mark


def test_the_headline_of_the_ranks_names_who_is_among_three_and_no_order():
    figure = drawn("ranks", "en")
    assert figure.title == (
        "Among the three most named in all programmes: lack of language skills, lack of recognition of "
        "qualifications and lack of education"
    )
    few = barriers.ranking(women().query("role == 'mentee' and wave == 'end' and programme == 'kvinfo'"))
    one = figures.barrier_ranks(few, "en")
    assert one.title.startswith("The most named in KVINFO: ")


def test_below_each_programme_stands_what_is_sure_and_what_was_not_asked():
    texts = " ".join(text.get_text().replace("\n", " ") for text in drawn("ranks", "en").canvas.texts)
    assert "Surely among the three most common: lack of language skills" in texts
    assert "Not asked: " in texts


def test_a_rank_that_is_sure_of_its_place_is_one_number():
    figure = drawn("ranks", "en")
    places = figure.data[figure.data["what"] == "Place in the order"]
    ranged = places["conf_low"] < places["conf_high"]
    assert places.loc[ranged, "told"].str.contains("–").all()
    assert (places.loc[~ranged & places["conf_low"].notna(), "told"].str.isdecimal()).all()


def test_a_hidden_share_tells_neither_number_nor_place():
    _, frame, _ = made()["ranks"]
    hidden = frame[frame["note"] == "hidden_small_count"]
    assert len(hidden) and hidden[["estimate", "count", "rank", "rank_low", "rank_high"]].isna().all(
        axis=None
    )


def test_only_changes_told_from_chance_reach_the_headline():
    _, frame, options = made()["changes"]
    quiet = frame.assign(p_adjusted=0.2)
    figure = figures.barrier_changes(quiet, "en", **options)
    assert (
        figure.title
        == "For no barrier can the difference between the shares at entry and at the end be told from chance"
    )
    up = frame[frame["variable"] == "barrier_language"].assign(
        estimate=0.2, conf_low=0.1, conf_high=0.3, p_adjusted=0.01
    )
    told = figures.barrier_changes(up, "en", **options)
    assert (
        told.title
        == "Named by more women at the end than at entry: lack of language skills (KVINFO, FIKA and SAJO)"
    )


def test_dumbbells_are_the_shares_of_all_who_answered():
    figure = drawn("changes", "en")
    levels = made()["changes"][2]["levels"]
    own = figure.data.query("programme == 'kvinfo' and variable == 'barrier_health' and lane == 0")
    wanted = levels.query("programme == 'kvinfo' and variable == 'barrier_health'")
    assert own["estimate"].tolist() == wanted["estimate"].round(6).tolist()
    assert figure.data.loc[figure.data["measure"] == "change", "count"].isna().all()


def test_differences_are_told_with_what_was_and_was_not_taken_into_account():
    figure = drawn("differences", "en")
    assert figure.title.endswith("6 of 21 differences between the programmes can be told from chance")
    texts = " ".join(text.get_text().replace("\n", " ") for text in figure.canvas.texts)
    assert (
        "Not known in both programmes, so not taken into account: number of children living at home." in texts
    )
    assert "+10, too few cases" in {text.get_text() for text in figure.canvas.texts}
    quiet = differences().assign(p_adjusted=0.3)
    assert (
        "no difference between the programmes can be told from chance"
        in figures.barrier_differences(quiet, "en").title
    )


def test_lists_of_their_own_are_said_not_to_be_comparable():
    texts = " ".join(text.get_text().replace("\n", " ") for text in drawn("numbers", "en").canvas.texts)
    assert "must not be compared between programmes" in texts
    assert "Answers on the list: 15 (KVINFO), 15 (FIKA) and 12 (SAJO)." in texts


def test_two_questions_never_share_a_lane():
    figure = drawn("views", "en")
    lanes = figure.data.groupby("lane")["what"].unique().map(list).tolist()
    assert lanes == [["Mentees: named it as a barrier"], ["Mentors: see much progress in it"]]
    assert figure.title.startswith("Mentees and mentors were asked different things about ")


def test_official_shares_stand_under_what_may_be_compared():
    figure = drawn("official", "en")
    blocks = figure.data.groupby("block", sort=False)["variable"].unique().map(list)
    assert blocks["Comparable with caution"] == ["barrier_any"]
    assert "barrier_language" in blocks["Not comparable: side by side only"]
    assert "barrier_network" in blocks["Not on the official list, or only on it"]
    texts = " ".join(text.get_text().replace("\n", " ") for text in figure.canvas.texts)
    assert "official statistics count one main obstacle for each person" in texts


def test_folded_combinations_say_so_and_nothing_small_is_drawn():
    figure = drawn("sets", "en")
    assert (figure.data["count"].dropna() >= 5).all()
    gone = figure.data[figure.data["estimate"].isna()]
    assert set(gone["told"]) <= {"among the others", "–", "hidden"}


@pytest.mark.parametrize("draw", [figures.barrier_ranks, figures.barrier_numbers, figures.barrier_views])
def test_nothing_to_draw_and_other_measures_are_refused(draw: Callable[..., Figure]):
    with pytest.raises(UsageError, match="no estimates to draw"):
        draw(made()["ranks"][1].head(0), "en")
    with pytest.raises(UsageError, match="measure 'share'"):
        draw(made()["differences"][1], "en")


def test_the_table_of_pairs_lists_the_strongest_first_and_counts_the_hidden():
    ended = women().query("role == 'mentee' and wave == 'end'")
    frame = disclosure.suppress(
        barriers.together(ended, leave_out=list(Words("en").codebook.barrier_variables[5:]))
    )
    table = tables.together(frame, "da")
    shown = frame[frame["estimate"].notna()]
    assert len(table.rows) == len(shown)
    best = shown[shown["programme"] == "kvinfo"]["estimate"].max()
    assert table.rows[0][4].startswith(Words("da").number(best, digits=1))
    assert Words("da").number((frame["note"].isin(["hidden_small_count", "few_events"])).sum()) in table.note
