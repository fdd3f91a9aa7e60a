"""Conflicts stand side by side and are never averaged; studies say design, level and source."""

from __future__ import annotations

import re

import pytest

from kij_analysis import figures, indicators, tables
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES

PLACE = template_folder() / "data" / "raw" / "published"
RECORD, SOURCES, BASE = indicators.load(PLACE), indicators.sources(PLACE), indicators.evidence(PLACE)
PAIRS = indicators.conflicts(RECORD)


def conflicts(language: str = "en") -> tables.Table:
    return tables.conflicts(PAIRS, language, record=RECORD, sources=SOURCES)


def test_both_numbers_stand_side_by_side_with_their_sources_and_what_may_explain_them():
    first = conflicts().rows[0]
    assert first == (
        "KVINFO 2021: in work",
        "44% at the end – of those who answered\xa0[1]",
        "47% – of the courses evaluated\xa0[2]",
        "Of whom the share is; when it was measured; who answered or was counted",
    )
    assert conflicts().sources[0][0] == "[1] KVINFO, 2022"
    assert conflicts().sources[0][1].startswith("https://kvinfo.dk/2022/05/24/")


def test_no_mean_of_two_sources_is_anywhere():
    text = " ".join(cell for row in conflicts().rows for cell in row)
    assert not re.search(r"\b45[.,]5|17[.,]5|\b46%", text)
    assert "never averaged" in conflicts().note


def test_the_same_number_in_other_words_says_so():
    rows = {row[0]: row for row in conflicts().rows}
    assert (
        rows["KVINFO 2015: in a job that matches their qualifications"][3] == "The same number in other words"
    )


def test_two_grants_are_two_grants():
    assert not RECORD.set_index("id").loc[PAIRS["a"], "outcome_type"].isin(["cost", "plan"]).any()


def test_every_study_has_its_result_its_design_and_its_level():
    table = tables.evidence(BASE, "en", sources=SOURCES)
    assert len(table.rows) == len(BASE)
    rows = {(row[0].split("\xa0")[0], row[2]): row for row in table.rows}
    forwork = rows["FORWORK 2021, Italy", "Women (refugees)"]
    assert forwork[3:] == ("In work, after 20 months", "+13 percentage points", "Drawn by lot (level 5)")
    silent = rows["Månsson & Delander 2017, Sweden", "Women (refugees)"]
    assert silent[4:] == ("No difference found", "Matched comparison group (level 3)")
    whole = rows["FORWORK 2021, Italy", "Women and men (refugees)"]
    assert whole[5] == "Drawn by lot (level 5), n\xa0=\xa0622 + 640"
    assert len(table.sources) == BASE["source"].nunique()


def test_the_table_behind_the_figure_of_studies_has_the_same_rows():
    table = tables.behind(figures.evidence(BASE, "da"), "da")
    assert len(table.rows) == len(BASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_is_left_untranslated(language: str):
    table = tables.evidence(BASE, language, sources=SOURCES)
    cells = [cell for made in (table, conflicts(language)) for row in made.rows for cell in row]
    assert not [cell for cell in cells if "_" in cell or "{" in cell]
