"""The published JSON Schemas, and the codebook and crosswalks that the package ships."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import kij_analysis.codebook
from kij_analysis.codebook import load_codebook, load_crosswalk, schema
from kij_analysis.codebook.crosswalks import STATUSES
from kij_analysis.template import template_folder
from kij_analysis.words.terms import LANGUAGES

SCHEMAS = sorted(
    path.name.removesuffix(".schema.json")
    for path in (Path(kij_analysis.codebook.__file__).parent / "schemas").glob("*.json")
)
CODEBOOK = template_folder() / "codebook"
CROSSWALKS = sorted(path.stem for path in (CODEBOOK / "crosswalks").glob("*.yaml"))


def open_blocks(node: object, place: str = "") -> list[str]:
    """The blocks of a schema in which any key would pass."""
    if not isinstance(node, dict):
        return []
    own = [place] if "properties" in node and node.get("additionalProperties") is not False else []
    return own + [found for key, part in node.items() for found in open_blocks(part, f"{place}/{key}")]


def test_there_is_a_schema_for_every_kind_of_file():
    assert SCHEMAS == [
        "account",
        "barriers",
        "comparability",
        "crosswalk",
        "findings",
        "official",
        "payers",
        "programmes",
        "questionnaire",
        "scales",
        "study",
        "variables",
    ]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_itself_a_valid_draft_2020_12_schema(name: str):
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", SCHEMAS)
def test_no_block_of_a_schema_lets_an_unknown_key_pass(name: str):
    assert open_blocks(schema(name)) == []


def test_the_shipped_codebook_has_labels_in_five_languages_everywhere():
    book = load_codebook(CODEBOOK)
    labels = [variable.labels for variable in book.variables.values()]
    labels += [c.labels for column in book.columns.values() for c in column.categories.values()]
    labels += [entry.labels for entry in (*book.missing.values(), *book.barriers.values())]
    labels += list(book.domains.values())
    assert len(labels) > 50
    assert all(set(found) == set(LANGUAGES) and all(found.values()) for found in labels)


def test_each_programme_has_four_surveys_and_one_a_log_of_meetings():
    surveys = ("entry_2024", "end_2024", "follow_up_2025", "mentor_end_2024")
    expected = [f"{programme}_{survey}" for programme in ("kvinfo", "fika", "sajo") for survey in surveys]
    surveys = (
        "piaac_dk_2012",
        "piaac_fi_2012",
        "piaac_no_2012",
        "piaac_se_2012",
        "ess9_no_2018",
        "eb_67_1_2007",
        "eb_82_4_2014",
    )
    waiting = ("kvinfo_waiting_entry_2024", "kvinfo_waiting_end_2024")
    assert sorted([*expected, "sajo_meetings_2024", *waiting, *surveys]) == CROSSWALKS


@pytest.mark.parametrize("name", CROSSWALKS)
def test_a_shipped_crosswalk_decides_every_harmonised_column(name: str):
    book = load_codebook(CODEBOOK)
    crosswalk = load_crosswalk(CODEBOOK / "crosswalks" / f"{name}.yaml", book)
    assert [rule.column for rule in crosswalk.rules] == list(book.columns)
    assert {rule.status for rule in crosswalk.rules} <= set(STATUSES)
    log = crosswalk.instrument.unit == "meeting"
    asked = {
        column.name
        for variable in book.variables.values()
        if (log and variable.frame == "meetings")
        or (not log and not variable.not_asked(crosswalk.instrument.role, crosswalk.instrument.wave))
        for column in variable.columns
    }
    assert [rule.column for rule in crosswalk.rules if rule.line is None and rule.column in asked] == []
