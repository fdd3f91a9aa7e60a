"""What holds for every public figure: room, contrast, and all its words in the language of the page."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from functools import cache

import pytest
from measuring import beyond, faults

from kij_analysis import figures, indicators, survey
from kij_analysis.disclosure import suppress
from kij_analysis.figures import Figure, accounts, barriers, flows, style
from kij_analysis.figures.accounts import lines, saying
from kij_analysis.harmonisation import Harmonised
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES, Words

PLACE = template_folder() / "data" / "raw" / "published"
NORDIC = [language for language in LANGUAGES if language != "en"]
GROUPS = ["education_group", "age", "children_at_home", "ground_for_residence", "region_of_origin"]

MEASURED = {
    "test_account_figures.py": set(accounts.__all__),
    "test_barrier_figures.py": set(barriers.__all__),
    "test_change_figures.py": {
        "agreement", "associations", "change", "dose", "effect_sizes", "low_start", "transitions", "two_way",
    },
    "test_comparison_figures.py": {"balance", "sensitivity", "side_by_side"},
    "test_layout.py": {"benchmark", "dots", "forest", "incidence", "nonresponse", "status_matrix"},
    "test_likert.py": {"likert"},
    "test_official_figures.py": {"gaps", "obstacles"},
    "test_standardised_figure.py": {"standardised"},
}  # fmt: skip
"""The figures that another file of this folder measures in every language."""

HERE = (
    "printed", "comparators", "comparability_matrix", "definitions", "evidence", "outputs", "profile",
    "response",
)  # fmt: skip
"""Those that are measured here."""


@cache
def of_record() -> dict[str, Callable[[str], Figure]]:
    """The figures of the printed record, as the report draws them."""
    record, sources = indicators.load(PLACE), indicators.sources(PLACE)
    intervals, derived = indicators.computed(record), indicators.derived(record)
    chosen = indicators.to_compare(record, record.head(0))
    pairs, base = indicators.matrix(chosen), indicators.evidence(PLACE)
    more = {"sources": sources, "intervals": intervals}
    return {
        "printed": lambda language: figures.printed(
            record, language, programme="kvinfo", derived=derived, **more
        ),
        "comparators": lambda language: figures.comparators(record, language, **more),
        "comparability_matrix": lambda language: figures.comparability_matrix(pairs, language, record=chosen),
        "evidence": lambda language: figures.evidence(base, language),
        "outputs": lambda language: figures.outputs(
            record, language, programme="kvinner_ut", sources=sources
        ),
    }


@pytest.fixture(scope="module")
def of_answers(demonstration: Harmonised) -> dict[str, Callable[[str], Figure]]:
    """The figures of who takes part, from the demonstration."""
    mentees = demonstration.people.query("role == 'mentee'")
    groups = suppress(survey.profile(mentees, GROUPS, codebook=demonstration.codebook))
    rates = suppress(survey.response(demonstration.ledger.sources))
    defined = indicators.definitions(demonstration.answers, threshold=5)
    beside = indicators.beside(indicators.load(PLACE))
    return {
        "profile": lambda language: figures.profile(groups, language),
        "response": lambda language: figures.response(rates, language),
        "definitions": lambda language: figures.definitions(defined, language, printed=beside),
    }


@pytest.fixture(scope="module")
def drawn(of_answers: dict[str, Callable[[str], Figure]]) -> Callable[[str, str], Figure]:
    """Each figure in a language, drawn once."""

    @cache
    def draw(name: str, language: str) -> Figure:
        return {**of_record(), **of_answers}[name](language)

    return draw


def test_every_public_figure_is_measured_in_every_language():
    public = {name for name in figures.__all__ if inspect.isfunction(getattr(figures, name))}
    measured = set().union(*MEASURED.values())
    assert public == measured | set(HERE) and not measured & set(HERE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HERE)
def test_a_figure_has_room_for_its_words(drawn, name: str, language: str):
    figure = drawn(name, language)
    assert faults(figure) + beyond(figure) == []
    assert "nan" not in figure.alt.lower().split()


@pytest.mark.parametrize("language", NORDIC)
@pytest.mark.parametrize("name", HERE)
def test_every_text_stands_in_the_language_of_the_page(drawn, name: str, language: str):
    own, english = drawn(name, language).words, drawn(name, "en").words
    for part in ("title", "subtitle", "footer", "alt"):
        assert own[part].strip() and own[part] != english[part], part
        assert "{" not in own[part] and "nan" not in own[part].lower().split() and "  " not in own[part]
    assert own["mark"] == Words(language).mark(drawn(name, language).data["data_status"])
    assert own["mark"] in own["alt"]
    assert Words(language)("figure.footer", source="|", base="", method="").split("|")[0] in own["footer"]


# ---------------------------------------------------------------- colours


def solid() -> dict[str, str]:
    """The colours in which lines and marks are drawn on paper, by where they are declared."""
    found = {f"programme {name}": look[0] for name, look in style.PROGRAMMES.items()}
    found |= {f"further {place}": look[0] for place, look in enumerate(style.FURTHER)}
    found |= {f"payer {name}": look[0] for name, look in saying.LOOKS.items()}
    found |= {f"line {place}": colour for place, colour in enumerate(lines.SHADES)}
    found |= {f"status {place}": colour for place, colour in enumerate(flows.OTHERS)}
    for name in ("evidence", "obstacles"):
        module = importlib.import_module(f"kij_analysis.figures.{name}")
        found |= {f"{name} of {code}": look[0] for code, look in module.LOOKS.items()}
    gaps = importlib.import_module("kij_analysis.figures.gaps")
    return found | {"neutral": style.NEUTRAL, "group": gaps.GROUP[0], "reference": gaps.REFERENCE[0]}


@pytest.mark.parametrize("where", solid())
def test_what_is_drawn_stands_out_from_the_paper(where: str):
    assert style.contrast(solid()[where], style.PAPER) >= 3


def test_words_are_read_on_paper_and_on_what_they_stand_on():
    for colour in (style.INK, style.MUTED):
        assert style.contrast(colour, style.PAPER) >= 4.5
    for ground, ink in flows.STATES.values():
        assert style.contrast(ground, ink) >= 4.5
    for colour in style.STATUSES.values():
        assert style.contrast(style.readable_on(colour), colour) >= 4.5


def test_a_programme_has_its_colour_and_marker_in_every_figure(drawn):
    for name in ("profile", "response", "definitions"):
        figure = drawn(name, "da")
        for axes in figure.canvas.axes:
            colour, marker = style.PROGRAMMES[axes.get_label()]
            marks = [one for one in axes.get_lines() if one.get_marker() not in ("None", "|")]
            assert {(one.get_color(), one.get_marker()) for one in marks} == {(colour, marker)}, name
