"""What a draft proposes, what it leaves open, and what it never shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kij_analysis import draft
from kij_analysis.codebook import load_crosswalk
from kij_analysis.draft import Drafted, Knowledge
from kij_analysis.draft.likeness import likenesses
from kij_analysis.harmonisation import undetermined


def table(columns: dict[str, list[str]]) -> str:
    rows = [";".join(columns), *(";".join(row) for row in zip(*columns.values(), strict=True))]
    return "\n".join(rows) + "\n"


def drafted(folder: Path, columns: dict[str, list[str]], known: Knowledge, **options: object) -> Drafted:
    path = folder / "new_2027.csv"
    path.write_text(table(columns), encoding="utf-8")
    return draft.draft(path, known, **options)


def times(*answers: str, rows: int = 60) -> list[str]:
    return [answers[number % len(answers)] for number in range(rows)]


COLUMNS = {
    "Nr": [f"P{number:03d}" for number in range(60)],
    "Sukupuoli": times("Nainen", "Nainen", "Mies"),
    "Hur gammal är du?": times(*(str(age) for age in range(25, 55))),
    "Hvad er din situation nu?": times("Ledig", "Under uddannelse", "Noget helt andet"),
    "Hvad bliver det til, tror du?": times("Ja", "Nej"),
    "Hva synes du om jobbsøkingen?": times("Godt", "Dårlig", "Svært godt", "Nokså godt"),
    "Navn på mentor": times("Åse Bakke", "Per Holm", "Siri Dahl", "Olav Lie"),
    "Kommentar": times("Ring på 22 33 44 55", *[""] * 59),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, known: Knowledge) -> Drafted:
    return drafted(tmp_path_factory.mktemp("draft"), COLUMNS, known, role="mentee", wave="entry")


def row(found: Drafted, column: str) -> dict[str, object]:
    return found.proposals.set_index("column").loc[column].to_dict()


def test_a_question_in_any_of_the_languages_finds_its_variable(found: Drafted):
    named = {name: row(found, name)["variable"] for name in list(COLUMNS)[:4]}
    assert list(named.values()) == ["person_id", "gender", "age", "labour_status"]


def test_each_proposal_says_why(found: Drafted):
    reason = row(found, "Sukupuoli")["reason"]
    assert "resembles 'sukupuoli' of codebook (1.00)" in reason
    assert "2 of 2 answers are known categories" in reason


def test_a_column_that_resembles_nothing_gets_no_proposal(found: Drafted):
    for name in ("Hvad bliver det til, tror du?", "Navn på mentor", "Kommentar"):
        assert row(found, name)["variable"] == ""


def test_the_likely_scale_is_told_with_how_many_answers_are_its_steps(found: Drafted):
    column = found.columns.set_index("column").loc["Hva synes du om jobbsøkingen?"]
    assert (column["scale"], column["steps"]) == ("skill6_nb", "4 of 4 answers, 4 of 6 steps")
    assert column["language"] == "nb"


def text_of(found: Drafted, **changes: str) -> str:
    options = {"id": "new", "programme": "kvinfo", "role": "mentee", "wave": "entry", **changes}
    return found.crosswalk(**options)


def test_the_draft_loads_and_every_rule_in_it_waits_to_be_confirmed(
    found: Drafted, known: Knowledge, tmp_path: Path
):
    path = tmp_path / "new.yaml"
    path.write_text(text_of(found, country="DK"), encoding="utf-8")
    crosswalk = load_crosswalk(path, known.codebook)
    gender = crosswalk.rule("gender")
    assert gender.spec.values == {"Mies": "man", "Nainen": "woman"}
    assert gender.proposed is not None and gender.proposed > 0.8
    working = [rule.column for rule in crosswalk.rules if rule.proposed is not None]
    assert set(working) >= {"gender", "age", "labour_status", "country_of_residence"}
    assert set(working) <= set(undetermined(crosswalk))


def test_an_answer_that_is_not_recognised_is_a_comment_not_a_guess(found: Drafted):
    text = text_of(found)
    assert '        "Ledig": unemployed' in text
    assert '# "Noget helt andet": ?' in text
    assert '\n        "Noget helt andet"' not in text


def test_no_open_answer_no_id_and_no_rare_answer_stands_in_a_draft(found: Drafted):
    shown = text_of(found) + found.proposals.to_csv() + found.columns.to_csv()
    for secret in ("Bakke", "Holm", "22 33", "P001"):
        assert secret not in shown


def test_a_column_of_names_is_proposed_as_free_text(found: Drafted):
    text = text_of(found)
    assert '    - "Navn på mentor"    # holds direct identifiers' in text
    assert '    - "Kommentar"' in text


def test_two_columns_that_resemble_a_variable_alike_are_named_and_not_decided(
    tmp_path: Path, known: Knowledge
):
    columns = {"Nr": COLUMNS["Nr"], "Alder": COLUMNS["Hur gammal är du?"], "Ålder": times("30", "40", "50")}
    found = drafted(tmp_path, columns, known)
    chosen = found.proposals.query("variable == 'age'").iloc[0]
    assert chosen["rule"] == "undetermined"
    assert "resembles it as much" in chosen["reason"]
    assert "best guess" in text_of(found)


def test_a_year_of_arrival_is_named_for_the_years_since_and_not_taken_for_them(
    tmp_path: Path, known: Knowledge
):
    found = drafted(tmp_path, {"Nr": COLUMNS["Nr"], "Year of arrival": times("1999", "2015", "2020")}, known)
    chosen = row(found, "Year of arrival")
    assert (chosen["variable"], chosen["rule"]) == ("years_since_arrival", "undetermined")
    assert "calendar years" in chosen["reason"]


def test_columns_that_ask_about_barriers_are_found_together(tmp_path: Path, known: Knowledge):
    heads = ("Hälsa", "Inga lämpliga jobb", "Bristande utbildning", "Vädret")
    columns = {"Nr": COLUMNS["Nr"]} | {f"Hinder: {head}": times("x", "") for head in heads}
    found = drafted(tmp_path, columns, known)
    targets = {name.split(": ")[1]: row(found, name)["variable"] for name in list(columns)[1:]}
    assert targets["Hälsa"] == "barrier_health"
    assert targets["Vädret"] == ""
    assert '# "Hinder: Vädret": ?' in text_of(found)


def test_several_barriers_in_one_cell_are_taken_apart(tmp_path: Path, known: Knowledge):
    question = "Hvad gør det svært at få job?"
    both = "manglende uddannelse,helbred"
    alone = ("helbred", "manglende uddannelse", "ingen hindring")
    cells = times(both, f"ingen passende job,{both}", *alone)
    found = drafted(tmp_path, {"Nr": COLUMNS["Nr"], question: cells}, known)
    block = found.draft.barriers
    assert block is not None and block.separator == ","
    assert block.meanings["helbred"].result == "health"
    assert block.meanings["ingen hindring"].result == "none"


def test_opposites_and_questions_about_others_are_not_alike():
    found = likenesses(["unemployed", "not recognised", "partner's age"], ["employed", "recognised", "age"])
    assert found[0, 0] == 0
    assert found[1, 1] < 0.5 and found[2, 2] < 0.5


def test_likeness_does_not_depend_on_the_order_of_the_texts():
    texts, others = ["Hvor gammel er du?", "Kjønn", "Alder"], ["alder", "kjønn", "hvor gammel er du"]
    straight = likenesses(texts, others)
    assert np.allclose(straight[::-1, ::-1], likenesses(texts[::-1], others[::-1]))
    assert straight[0, 2] == pytest.approx(1.0)


def test_a_list_of_variables_gives_the_columns_their_questions(tmp_path: Path, known: Knowledge):
    labels = tmp_path / "list.csv"
    labels.write_text("Name,Label,Code\nV1,Gender,\nV1,Female,1\nV1,Male,2\n", encoding="utf-8")
    found = drafted(tmp_path, {"Nr": COLUMNS["Nr"], "V1": times("1", "2")}, known, labels=[labels])
    chosen = row(found, "V1")
    assert (chosen["variable"], chosen["rule"]) == ("gender", "map")
    assert "1: woman" in text_of(found)
