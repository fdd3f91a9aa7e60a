"""Done when: the form, filled in by a script and exported as CSV, harmonises without a hand-written rule."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pandas as pd
import pytest
from filling import SECRET, Filled, fill, write

from kij_analysis import open_study
from kij_analysis.codebook import load_crosswalk
from kij_analysis.harmonisation import Harmonised, harmonise
from kij_analysis.harmonisation.one_file import harmonise_file
from kij_analysis.privacy import Key
from kij_analysis.questionnaire import crosswalk, form
from kij_analysis.questionnaire import write as write_forms
from kij_analysis.study import Source
from kij_analysis.words import LANGUAGES

FORMS = [("mentee", "entry"), ("mentee", "end"), ("mentee", "follow_up"), ("mentor", "end")]


def differing(people: list[Filled], frame: pd.DataFrame) -> list[object]:
    """Every cell of the harmonised data that is not what the person answered."""
    found = []
    rows = {row["person_id"]: row for row in frame.to_dict("records")}
    for person in people:
        row = rows[person.cells["person_id"]]
        for column, (value, reason) in person.expected.items():
            got, why = row[column], row[f"{column}_missing"]
            if isinstance(got, pd.Timestamp):
                got = got.date()
            got = None if pd.isna(got) else got
            why = None if pd.isna(why) else why
            if (got, why) != (value, reason):
                found.append((person.cells["person_id"], column, (got, why), (value, reason)))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("role", "wave"), FORMS)
def test_what_is_answered_in_any_language_is_what_the_harmonised_data_hold(
    role, wave, language, core, codebook, tmp_path
):
    made = form(core, role=role, wave=wave, language=language)
    draw = random.Random(f"{role} {wave} {language}")
    people = [fill(made, f"p{number}", draw) for number in range(120)]
    write(tmp_path / "export.csv", made, people)
    rules = tmp_path / f"fika_core_{role}_{wave}.yaml"
    rules.write_text(crosswalk(core, role=role, wave=wave, programme="fika", languages=[language]), "utf-8")

    source = Source(
        crosswalk=rules.stem, file=tmp_path / "export.csv", shown="export.csv", data_status="synthetic"
    )
    part = harmonise_file(source, load_crosswalk(rules, codebook), codebook, Key(secret=b""))

    assert part.problems == ()
    assert part.left_behind == {name: "free text" for name in made.columns if name.endswith("_text")}
    assert len(part.frame) == len(people)
    assert differing(people, part.frame) == []
    assert not part.frame.astype(str).eq(SECRET).any(axis=None)


@pytest.fixture(scope="module")
def study(core, shipped, tmp_path_factory) -> Path:
    """A study of all forms, as `kij questionnaire` and the programmes' tools leave it."""
    place = tmp_path_factory.mktemp("study")
    shutil.copytree(shipped, place / "codebook", ignore=shutil.ignore_patterns("crosswalks"))
    write_forms(core, place / "codebook" / "crosswalks", programmes=["kvinfo", "sajo"])
    lines = ["study: {id: core, title: The core questionnaire, data_status: synthetic}"]
    lines += ["pseudonyms: {key: keep_ids}", "sources:"]
    for programme, language in (("kvinfo", "da"), ("sajo", "nb")):
        for role, wave in FORMS:
            made = form(core, role=role, wave=wave, language=language)
            draw = random.Random(f"{programme} {role}")
            name = f"{programme}_core_{role}_{wave}"
            (place / "data" / "raw").mkdir(parents=True, exist_ok=True)
            people = [fill(made, f"{programme[0]}{role[-1]}{number}", draw) for number in range(60)]
            write(place / "data" / "raw" / f"{name}.csv", made, people)
            lines.append(f"  - {{crosswalk: {name}, file: {name}.csv, data_status: synthetic}}")
    (place / "study.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return place


@pytest.fixture(scope="module")
def data(study) -> Harmonised:
    return harmonise(open_study(study))


def test_a_study_of_core_questionnaires_has_nothing_partial_impossible_or_undetermined(data):
    rules = data.ledger.rules
    assert set(rules["status"]) == {"complete", "not_applicable"}
    assert [str(problem) for problem in data.ledger.problems if problem.severity == "error"] == []
    asked = rules[rules["status"] == "complete"].groupby("column")["instrument"].nunique()
    of_people = {name for name, column in data.codebook.columns.items() if column.frame != "meetings"}
    assert set(asked.index) == of_people - {"weight"}


def test_every_programme_has_the_same_rules(data):
    rules = data.ledger.rules
    wide = rules.assign(form=rules["instrument"].str.partition("_")[2]).pivot(
        index=["form", "column"], columns="programme", values=["status", "detail", "rule", "from"]
    )
    for part in ("status", "detail", "rule", "from"):
        assert (wide[part]["kvinfo"] == wide[part]["sajo"]).all()


def test_what_was_asked_at_entry_only_stands_beside_later_answers(data):
    """The end form does not ask the age; who told it at entry has it, and a refusal is remembered."""
    mentees = data.people[data.people["role"] == "mentee"]
    assert mentees["age"].notna().any()
    assert set(mentees["age_missing"].dropna()) <= {"refused", "no_answer"}
    assert data.answers.query("role == 'mentee' and wave == 'end'")["gender"].notna().any()
