"""Whatever the answers are: nothing is lost in silence, and no value comes from nowhere."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest
from study_maker import small_study

from kij_analysis.harmonisation import harmonise

RULES = """
gender:
  map: {from: K, values: {Kvinde: woman, k: woman, Mand: man, 1: woman}, missing: {"?": refused}}
  status: complete
age: {direct: {from: A, missing: {97: refused}, otherwise: invalid}, status: complete}
in_work: {map: {from: J, values: {ja: true, nej: false}}, status: complete}
skill:
  rescale:
    from: G
    scale: grade4_nb
    outputs: {score: {method: stretch}, high: {method: threshold, at: 3}}
  status: complete
barriers:
  any_of:
    from: B
    separator: ","
    values: {Sprog: language, Net: network, Intet: none, "?": {missing: dont_know}}
    empty: no_answer
  status: complete
"""
ANSWERS = {
    "K": ["Kvinde", "KVINDE ", "k", "Mand", "1", "?", "", "Dame", "mandlig", "kvindelig"],
    "A": ["20", "37,5", "97", "", "200", "tyve", "-1", "15", "100", "1.000"],
    "J": ["ja", " Ja", "nej", "", "jah", "ja nej", "nej, ja"],
    "G": ["1", "2", "3", "4", "Godt", "98", "99", "", "5", "godt nok", "0"],
    "B": ["Sprog", "Sprog,Net", "Intet", "?", "", "Net,,Sprog", "Sprog,Tid", ",", "net ,?"],
}
IDS = ["", " ", "7", "7", "x1"]


def table(seed: int, size: int = 40) -> str:
    draw = random.Random(seed)
    rows = []
    for number in range(size):
        person = draw.choice(IDS) if draw.random() < 0.15 else f"p{number}"
        cells = ["" if draw.random() < 0.05 else draw.choice(answers) for answers in ANSWERS.values()]
        empty = draw.random() < 0.1
        rows.append([""] * 6 if empty else [person, *(f'"{cell}"' for cell in cells)])
    lines = [";".join(row) for row in [["Id", *ANSWERS], *rows, ["last", *("" for _ in ANSWERS)]]]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(12))
def test_every_row_and_every_cell_is_accounted_for(tmp_path: Path, seed: int):
    text = table(seed)
    data = harmonise(small_study(tmp_path, text, RULES), on_problem="mark")
    ledger = data.ledger
    source = ledger.sources.iloc[0]
    assert source["rows_in"] == text.count("\n") - 1
    assert source["rows_in"] == source["rows_out"] + ledger.lost["rows"].sum()
    assert source["rows_out"] == len(data.answers) == len(data.people)
    assert (ledger.counts.groupby("column")["rows"].sum() == len(data.answers)).all()
    assert not data.answers.duplicated(["programme", "person_id", "role", "wave"]).any()


@pytest.mark.parametrize("seed", range(12))
def test_no_value_appears_that_no_rule_gives(tmp_path: Path, seed: int):
    data = harmonise(small_study(tmp_path, table(seed), RULES), on_problem="mark")
    both = data.with_people()
    allowed = {
        "gender": {"woman", "man"},
        "in_work": {True, False},
        "skill_score": {0, 100 / 3, 200 / 3, 100},
        "skill_high": {True, False},
        "barrier_language": {True, False},
        "age": {20, 37.5, 15, 100},
    }
    for column, values in allowed.items():
        found = both[column]
        assert set(found.dropna()) <= values, column
        assert (found.isna() == both[f"{column}_missing"].notna()).all(), column
        assert set(both[f"{column}_missing"].dropna()) <= set(data.codebook.missing)


def cell(row: pd.Series, column: str) -> object:
    value = row[column]
    return row[f"{column}_missing"] if pd.isna(value) else value


GENDER = {"kvinde": "woman", "k": "woman", "1": "woman", "mand": "man", "?": "refused", "": "no_answer"}


@pytest.mark.parametrize("seed", range(12))
def test_each_cell_is_what_its_own_answer_leads_to(tmp_path: Path, seed: int):
    """The rules of gender and of one barrier, worked out row by row in another way."""
    text = table(seed)
    data = harmonise(small_study(tmp_path, text, RULES), on_problem="mark")
    rows: dict[str, list[str]] = {}
    for line in text.splitlines()[1:]:
        person, *cells = line.split(";")
        rows.setdefault(person.strip(), [part.strip('"') for part in cells])
    for _, row in data.answers.iterrows():
        answers = dict(zip(ANSWERS, rows[row["person_id"]], strict=True))
        assert cell(row, "gender") == GENDER.get(answers["K"].strip().lower(), "rule_failed")
        chosen = [part.strip().lower() for part in answers["B"].split(",") if part.strip()]
        if not chosen:
            wanted: object = "no_answer"
        elif "tid" in chosen:
            wanted = "rule_failed"
        elif set(chosen) == {"?"}:
            wanted = "dont_know"
        else:
            wanted = "sprog" in chosen
        assert cell(row, "barrier_language") == wanted


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_rows_does_not_matter(tmp_path: Path, seed: int):
    head, *rows = table(seed).splitlines()
    unique = list({row.split(";")[0].strip(): row for row in rows if row.split(";")[0].strip()}.values())
    mixed = list(unique)
    random.Random(seed).shuffle(mixed)
    assert mixed != unique
    one, two = (
        harmonise(
            small_study(tmp_path / str(place), "\n".join([head, *order]) + "\n", RULES), on_problem="mark"
        )
        .answers.sort_values("person_id")
        .reset_index(drop=True)
        for place, order in enumerate((unique, mixed))
    )
    pd.testing.assert_frame_equal(one, two)
