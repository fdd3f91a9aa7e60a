"""What tables of a size can show, in words: a row for each group, points rounded the safe way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import survey
from kij_analysis.disclosure import suppress
from kij_analysis.errors import UsageError
from kij_analysis.estimates import make
from kij_analysis.tables import precision
from kij_analysis.words import LANGUAGES, Words


def answers(*sizes: tuple[str, int, int]) -> pd.DataFrame:
    """So many women of each programme at entry, and at the end."""
    rows = [
        (programme, f"{programme}{k}", wave)
        for programme, *counts in sizes
        for wave, count in zip(("entry", "end"), counts, strict=True)
        for k in range(count)
    ]
    frame = pd.DataFrame(rows, columns=["programme", "person_id", "wave"])
    return frame.assign(role="mentee", gender="woman", data_status="synthetic")


SOURCES = pd.DataFrame(
    [("fika", "entry", 90), ("fika", "end", 90)], columns=["programme", "wave", "invited"]
).assign(role="mentee", unit="person")
PLAN = survey.precision_by_wave(answers(("fika", 60, 40), ("sajo", 70, 3)), sources=SOURCES)


def test_each_group_and_pair_has_a_row_and_each_planned_share_a_column():
    table = precision(suppress(PLAN), "en")
    assert table.header[3:] == ("At a share of 10%", "At a share of 30%", "At a share of 50%")
    told = [row[:3] for row in table.rows]
    assert told[0] == ("Half the width of the 95% interval", "FIKA, at entry", "60")
    assert ("The same, if only those who were invited are meant", "FIKA, at the end", "40") in told
    assert told[-2:] == [
        ("Smallest change from entry to the end that would show", "FIKA", "40"),
        ("Smallest change from entry to the end that would show", "SAJO", "–"),
    ]


def test_a_group_with_too_few_persons_shows_neither_its_number_nor_what_would_tell_it():
    rows = [row for row in precision(suppress(PLAN), "en").rows if "SAJO, at the end" in row[1]]
    assert rows
    assert {cell for row in rows for cell in row[3:]} <= {"hidden", "none"}
    assert {row[2] for row in rows} == {"–"}


def test_half_widths_are_rounded_and_smallest_differences_never_down():
    plan = survey.precision({"fika": 40, "sajo": 40}, share=0.3)
    table = precision(plan, "en")
    half, difference = plan["estimate"].iloc[0], plan["estimate"].iloc[2]
    assert table.rows[0][3] == f"±{100 * half:.0f}"
    assert table.rows[2][3] == f"{int(np.ceil(100 * difference))}"


def test_groups_that_can_show_nothing_say_so():
    table = precision(survey.precision({"fika": 2, "sajo": 3}, of="difference"), "en")
    assert table.rows[0][3:] == ("none", "none", "none")


def test_the_note_says_the_power_and_the_correlation_that_were_planned():
    plan = survey.precision({"fika": 40, "sajo": 40}, power=0.9, correlation=0.3, of=["difference", "change"])
    note = precision(plan, "en", correlation=0.3).note
    assert "90%" in note
    assert "0.3" in note


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_own_words(language: str):
    table = precision(suppress(PLAN), Words(language))
    cells = [table.title, table.note, *table.header, *(cell for row in table.rows for cell in row)]
    assert not any("{" in cell or "_" in cell for cell in cells)
    assert len({row[0] for row in table.rows}) == 4


def test_plans_of_means_and_empty_plans_are_told():
    with pytest.raises(UsageError, match="does not print 'mean'"):
        precision(survey.precision({"fika": 40}, of="mean"), "en")
    with pytest.raises(UsageError, match="does not print"):
        precision(make([]), "en")
