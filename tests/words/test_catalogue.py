"""The catalogues of five languages, the term base, and numbers and dates as each language writes them."""

from __future__ import annotations

import ast
import csv
import datetime as dt
import re
import string
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest

import kij_analysis
from kij_analysis.claims import ASSUMPTIONS, CAUSAL_FROM, DESIGNS, ESTIMANDS, WOULD_RAISE
from kij_analysis.codebook import load_codebook, schema
from kij_analysis.codebook.crosswalks import STATUSES
from kij_analysis.codebook.programmes import CELLS
from kij_analysis.context.population import VARIABLES
from kij_analysis.errors import UsageError
from kij_analysis.estimates import MEASURES, METHODS, NOTES
from kij_analysis.figures.nonresponse import ORDER
from kij_analysis.figures.sheet import text_width
from kij_analysis.findings import KINDS, NEEDED
from kij_analysis.findings import TOPICS as TOPICS_OF_FINDINGS
from kij_analysis.findings import VERDICTS as VERDICTS_OF_FINDINGS
from kij_analysis.indicators.judging import VERDICTS
from kij_analysis.reporting import pages
from kij_analysis.reporting.chapter import CHAPTERS
from kij_analysis.study import DATA_STATUSES
from kij_analysis.tables.population import BENCHMARK, HEAD
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES, catalogue, causal_words, load, term_base
from kij_analysis.words.causal import LOWEST, NO_CLAIM

NORDIC = ("da", "nb", "sv", "fi")
PACKAGE = Path(kij_analysis.__file__).parent

ALIKE_EVERYWHERE = {
    "figure.panel", "figure.alt_gap", "figure.barriers.part", "figure.status.alt_column",
    "figure.status.alt_count", "table.estimates.n", "printed.what", "printed.label",
    "printed.alt_group", "comparability.sentence", "matrix.label",
    "figure.response.row", "figure.response.part", "figure.response.alt_panel",
    "printed.with_n", "printed.with_who", "matrix.programme.jobbsjansen",
    "evidence.row", "evidence.named", "evidence.group", "evidence.who", "evidence.table.n",
    "figure.profile.part", "figure.profile.row", "form.xlsx", "form.spss", "form.stata",
    "codebook.condition", "codebook.asked", "claim.subject", "claim.base", "claim.value",
    "figure.standardised.part", "figure.standardised.panel", "figure.standardised.alt_panel",
    "figure.standardised.alt_gap", "table.precision.place", "table.precision.half",
    "figure.nonresponse.part", "figure.nonresponse.range", "figure.nonresponse.alt_panel",
    "barriers.of", "barriers.gap", "barriers.alt_block", "barriers.table.n", "agreement.label",
    "change.alt_size", "dose.alt_level", "dose.alt_panel", "dose.alt_row", "dose.row",
    "low_start.dip_part", "table.results.n", "transitions.alt_time", "transitions.at",
    "transitions.step", "transitions.title", "two_way.label", "two_way.row", "two_way.title",
    "waiting.part", "waiting.alt_panel", "forest.alt_part", "forest.row", "official.obstacles.row",
    "official.obstacles.part", "official.gap.alt_panel", "effects.balance.row", "effects.sides.item",
    "effects.contour.mark", "population.short.piaac", "population.short.ess",
    "population.benchmark.row", "population.benchmark.missing", "account.head.about",
    "account.head.item", "account.figure.part", "account.figure.even.part", "likert.label", "likert.part",
    "likert.part_named", "likert.alt_gap", "barriers.sets.part", "barriers.sets.alike", "forest.about",
    "measure.gamma", "measure.kappa",
    "findings.line", "findings.line_one", "findings.printed", "findings.when", "findings.of",
    "findings.category",
}  # fmt: skip
ALIKE_SOMEWHERE = {
    "account.column.status": ("da", "nb", "sv"),
    "table.sources.data_status": ("da", "nb", "sv"),
    "table.estimates.interval": ("da",),
    "table.results.interval": ("da",),
    "population.benchmark.table.interval": ("da",),
    "table.estimates.note": ("da",),
    "role.mentee": ("da",),
    "programmes.range": ("nb", "sv", "fi"),
    "codebook.type.text": ("sv",),
    "class.below": ("da", "nb", "sv"),
    "class.between": ("nb", "sv", "fi"),
    "evidence.measure.amount_EUR": ("da", "nb", "sv"),
    "evidence.type.mentoring": ("da", "nb"),
    "barriers.differences.pair": ("da", "nb", "sv"),
    "measure.median": ("da", "nb", "sv"),
    "measure.rate": ("da", "nb"),
}
"""What a language writes as English does: names, signs, and words that happen to look the same."""

DENIALS = {
    "da": "viser ikke", "nb": "viser ikke", "sv": "visar inte", "fi": "eivät kerro", "en": "do not show",
}  # fmt: skip
"""How each language says that nothing is claimed about what the programmes have caused."""

TOPICS = ("barriers",)
PRINTED = schema("programmes")["$defs"]["fact"]["properties"]
SPOKEN = {
    **{f"chapter.{{}}.{part}": CHAPTERS for part in ("title", "intro", "reading")},
    "report.{}": ("figure", "table"),
    "report.as.{}": pages.FORMS,
    "methods.{}": pages.METHODS,
    "method.{}": tuple(method for method in METHODS if method != "none"),
    "note.{}": tuple(note for note in NOTES if note),
    "short.{}": tuple(note for note in NOTES if note),
    "measure.{}": MEASURES,
    "status.{}": STATUSES,
    "mark.{}": DATA_STATUSES,
    "data.{}": DATA_STATUSES,
    "language.{}": LANGUAGES,
    "form.{}": ("delimited", "xlsx", "spss", "stata"),
    "role.{}": ("mentee", "mentor", "respondent", "comparison"),
    "wave.{}": ("entry", "end", "follow_up", "single"),
    "figure.nonresponse.row.{}": tuple(way for way in ORDER if way != "delta"),
    "answer.{}": ("yes", "no"),
    "codebook.{}": ("intro", "as_written", "numbers", "missing_intro"),
    "comparability.verdict.{}": VERDICTS,
    "comparability.reason.{}": tuple(schema("comparability")["properties"]["differences"]["properties"]),
    "printed.timing.{}": ("at_end", "during", "ever", "within_k_months", "after_k_months"),
    "table.precision.{}": ("share", "finite", "difference", "change"),
    "matrix.table.{}": ("first", "second", "verdict", "reasons"),
    "programmes.cell.{}": CELLS,
    "programmes.unit.{}": tuple(set(PRINTED["unit"]["enum"]) - {"per_cent", "count"}),
    "programmes.precision.{}": tuple(set(PRINTED["precision"]["enum"]) - {"exact"}),
    "programmes.outputs.{}": ("headline", "none_of_outcomes"),
    "programmes.outputs.one.{}": ("headline", "none_of_outcomes"),
    "design.{}": tuple(DESIGNS),
    "estimand.{}": ESTIMANDS,
    "assumption.{}": ASSUMPTIONS,
    "would_raise.{}": WOULD_RAISE,
    "claim.change.{}": ("higher", "lower", "same"),
    "claim.difference.{}": ("higher", "lower", "same"),
    "claim.between.{}": ("higher", "lower", "same"),
    "claim.association.{}": ("higher", "lower", "same"),
    "change.sizes.{}": ("z", "av"),
    "low_start.{}": ("lowest", "middle", "highest", "observed", "expected", "below_usual"),
    "agreement.{}": ("alike", "kappa", "difference"),
    "table.carried.{}": ("estimand", "design", "level", "assumptions", "would_raise"),
    "table.results.{}": ("programme", "variable", "value", "interval", "n", "level", "note"),
    "claim.caveat.{}": ("outcome_only", "association", "before_after", "comparison_raw", "compared"),
    "population.benchmark.{}": ("alike", "foreign_born", "native_born"),
    "population.benchmark.table.{}": BENCHMARK,
    "population.missing.{}": ("piaac", "ess", "unknown"),
    "population.table.{}": (*HEAD, "gap"),
    "population.variable.{}": VARIABLES["piaac"],
    "findings.verdict.{}": tuple(VERDICTS_OF_FINDINGS),
    "findings.topic.{}": TOPICS_OF_FINDINGS,
    "findings.needed.{}": tuple(NEEDED),
    "findings.rule.{}": tuple(KINDS),
    "findings.head.{}": ("finding", "test", "result", "verdict"),
    "programmes.outputs.table.{}": ("what", "number", "years", "source"),
}
"""Keys that the code puts together, and all that may stand in the gap; elsewhere anything may."""


class Call(NamedTuple):
    """One place of the code that speaks: the pattern of the key, and what it fills in (None: anything)."""

    pattern: str
    values: frozenset[str] | None
    place: str


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def calls() -> tuple[Call, ...]:
    return tuple(call for path in sorted(PACKAGE.rglob("*.py")) for call in _python_calls(path)) + tuple(
        call for path in sorted(PACKAGE.rglob("*.j2")) for call in _template_calls(path)
    )


def _python_calls(path: Path) -> Iterator[Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
            continue
        if node.func.id in ("say", "words", "self") and "." in (pattern := _pattern(node.args[0])):
            names = [keyword.arg for keyword in node.keywords]
            values = None if None in names else frozenset(name for name in names if name)
            yield Call(pattern, values, f"{path.relative_to(PACKAGE).as_posix()}, line {node.lineno}")


def _pattern(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _template_calls(path: Path) -> Iterator[Call]:
    for key, rest in re.findall(r'say\("([\w.]+)"([^)]*)\)', path.read_text("utf-8")):
        yield Call(key, frozenset(re.findall(r"(\w+)=", rest)), path.relative_to(PACKAGE).as_posix())


def keys_of(pattern: str) -> list[str]:
    """The keys that a call may ask for, whether the catalogue has them or not."""
    if "{}" not in pattern:
        return [pattern]
    if pattern == "output.{}":
        columns = load_codebook(Path(template_folder()) / "codebook").columns.values()
        return [f"output.{column.output}" for column in columns if column.output]
    if pattern in SPOKEN:
        return [pattern.replace("{}", value) for value in SPOKEN[pattern]]
    if pattern.startswith("figure.{}."):
        return [pattern.replace("{}", topic) for topic in TOPICS]
    anything = re.compile(re.escape(pattern).replace(r"\{\}", r"[^.]+"))
    return [key for key in catalogue("en") if anything.fullmatch(key)] or [pattern]


# ------------------------------------------------------------------ five catalogues say the same


@pytest.mark.parametrize("language", NORDIC)
def test_every_catalogue_has_the_keys_of_the_english_one_in_its_order(language):
    assert list(catalogue(language)) == list(catalogue("en"))


@pytest.mark.parametrize("language", NORDIC)
def test_every_sentence_has_the_placeholders_of_the_english_one(language):
    english = {key: placeholders(text) for key, text in catalogue("en").items()}
    assert {key: placeholders(text) for key, text in catalogue(language).items()} == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_empty(language):
    assert [k for k, text in catalogue(language).items() if not text and k != "review.reviewed_by"] == []


@pytest.mark.parametrize("language", NORDIC)
def test_nothing_is_left_in_english(language):
    alike = {k for k, v in catalogue(language).items() if v == catalogue("en")[k]}
    allowed = ALIKE_EVERYWHERE | {key for key, named in ALIKE_SOMEWHERE.items() if language in named}
    assert {key for key in alike if not key.startswith("review.")} == allowed


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_that_names_a_cause_declares_its_lowest_level(language):
    naming = {key for key, text in catalogue(language).items() if causal_words(text, language)}
    assert naming - set(LOWEST) - set(NO_CLAIM) == set()


def test_nothing_is_declared_that_names_no_cause():
    naming = {k for code in LANGUAGES for k, text in catalogue(code).items() if causal_words(text, code)}
    assert set(LOWEST) <= naming and set(NO_CLAIM) <= naming
    assert not set(LOWEST) & set(NO_CLAIM)
    assert all(CAUSAL_FROM <= level <= 5 for level in LOWEST.values())


@pytest.mark.parametrize("key", LOWEST)
def test_a_template_is_refused_below_its_lowest_level(key):
    filled = dict.fromkeys(placeholders(catalogue("en")[key]), "x")
    for level in (None, LOWEST[key] - 1):
        with pytest.raises(UsageError, match=f"needs level {LOWEST[key]}"):
            load("sv")(key, level, **filled)
    assert causal_words(load("sv")(key, LOWEST[key], **filled), "sv")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The programme led to more jobs."), ("en", "This had an impact on confidence."),
        ("en", "More women are in work as a result of mentoring."), ("en", "It contributes to integration."),
        ("da", "Programmet førte til flere job."), ("da", "Langtidsvirkningen er stor."),
        ("da", "Flere er i arbejde som følge af forløbet."), ("da", "Mentorerne bidrog til det."),
        ("nb", "Flere er i jobb på grunn av programmet."), ("nb", "Tiltaket påvirket selvtilliten."),
        ("sv", "Programmet ledde till fler jobb."), ("sv", "Fler arbetar tack vare mentorerna."),
        ("fi", "Ohjelma vaikutti työllisyyteen."), ("fi", "Useampi on töissä mentoroinnin ansiosta."),
        ("fi", "Ohjelma sai aikaan muutoksen."),
    ],
)  # fmt: skip
def test_a_sentence_that_names_a_cause_is_found(language, text):
    assert causal_words(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_of_the_codebook_names_a_cause_of_an_outcome(language):
    shipped = load_codebook(Path(template_folder()) / "codebook")
    labels = {name: column.labels[language] for name, column in shipped.columns.items()}
    labels |= {name: variable.labels[language] for name, variable in shipped.variables.items()}
    naming = {name for name, label in labels.items() if causal_words(label, language)}
    assert naming <= {"barrier_discrimination"}  # named for what it is about, not for an outcome


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_methods_say_that_no_effect_is_shown(language):
    assert DENIALS[language] in catalogue(language)["methods.no_effect"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_placeholder_never_takes_an_ending(language):
    ending = re.compile(r"\}:?\w")
    assert [text for text in catalogue(language).values() if ending.search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_have_neither_typewriter_quotes_nor_double_blanks(language):
    assert [text for text in catalogue(language).values() if '"' in text or "  " in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_counts_as_reviewed_only_with_the_name_of_its_reader(language):
    status, reader = (catalogue(language)[f"review.{key}"] for key in ("status", "reviewed_by"))
    assert (status, bool(reader)) in (("unreviewed", False), ("reviewed", True))
    assert load(language).reviewed == bool(reader)


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_words_fit_into_a_panel_of_three(language):
    short = [text for key, text in catalogue(language).items() if key.startswith("short.")]
    assert [text for text in short if text_width(text, 7.5) > 1.2] == []


# ------------------------------------------------------------------ the catalogue and the code


def test_the_code_asks_for_no_key_that_is_missing():
    asked = {key: call.place for call in calls() for key in keys_of(call.pattern)}
    assert {key: place for key, place in asked.items() if key not in catalogue("en")} == {}


def test_every_key_is_asked_for_somewhere():
    asked = {key for call in calls() for key in keys_of(call.pattern)}
    silent = {key for key in catalogue("en") if key not in asked and not key.startswith("review.")}
    assert silent == set()


def test_every_call_fills_the_placeholders_of_its_sentences():
    unfilled = [
        (call.place, key, sorted(needed - call.values))
        for call in calls()
        if call.values is not None
        for key in keys_of(call.pattern)
        if (needed := placeholders(catalogue("en").get(key, ""))) - call.values
    ]
    assert unfilled == []


def test_the_closed_lists_of_this_test_are_those_of_the_code():
    assert set(SPOKEN) <= {call.pattern for call in calls()}


def test_an_unknown_key_names_the_nearest_known_one():
    with pytest.raises(UsageError, match=r"status\.complete"):
        load("sv")("status.complet")


def test_a_forgotten_placeholder_is_named():
    with pytest.raises(UsageError, match="number"):
        load("fi")("report.figure")


# ------------------------------------------------------------------ the term base


def test_every_term_has_its_own_key():
    text = files("kij_analysis.words").joinpath("terms.csv").read_text("utf-8")
    keys = [row["key"] for row in csv.DictReader(text.splitlines())]
    assert len(keys) == len(set(keys)) == len(term_base())


def test_every_term_has_a_word_in_all_five_languages():
    full = {k: all(term.labels[code].strip() for code in LANGUAGES) for k, term in term_base().items()}
    assert [key for key, complete in full.items() if not complete] == []


def test_every_term_says_how_sure_it_is():
    assert {term.status for term in term_base().values()} == {"official", "established", "proposed"}


def test_an_official_term_names_the_page_where_it_was_seen():
    assert [term.key for term in term_base().values() if term.status == "official" and not term.source] == []


# ------------------------------------------------------------------ numbers, shares, dates, lists


@pytest.mark.parametrize(
    ("language", "number", "share", "whole_share"),
    [
        ("da", "12.345,6", "54,2\xa0%", "54\xa0%"),
        ("nb", "12\xa0345,6", "54,2\xa0%", "54\xa0%"),
        ("sv", "12\xa0345,6", "54,2\xa0%", "54\xa0%"),
        ("fi", "12\xa0345,6", "54,2\xa0%", "54\xa0%"),
        ("en", "12,345.6", "54.2%", "54%"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(language, number, share, whole_share):
    words = load(language)
    assert words.number(12345.6, digits=1) == number
    assert words.share(0.542, digits=1) == share
    assert words.share(0.542) == whole_share


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_negative_number_has_a_true_minus(language):
    assert load(language).number(-3) == "−3"


@pytest.mark.parametrize(
    ("language", "date", "listing"),
    [
        ("da", "5.\xa0maj\xa02024", "sprog, netværk og helbred"),
        ("nb", "5.\xa0mai\xa02024", "språk, nettverk og helse"),
        ("sv", "5\xa0maj\xa02024", "språk, nätverk och hälsa"),
        ("fi", "5.\xa0toukokuuta\xa02024", "kieli, verkostot ja terveys"),
    ],
)
def test_dates_and_lists_are_written_as_the_language_writes_them(language, date, listing):
    words = load(language)
    assert words.date(dt.date(2024, 5, 5)) == date
    assert words.listing(re.split(", | og | och | ja ", listing)) == listing


def test_a_capital_first_letter_leaves_the_rest_alone():
    assert load("da").sentence("født uden for EU") == "Født uden for EU"
