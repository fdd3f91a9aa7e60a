"""From a harmonised value back to file, row, column, answer, rule and line."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from study_maker import crosswalk, make_study, sav, write

from kij_analysis.cli import main
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation import trace
from kij_analysis.privacy import key_of
from kij_analysis.study import Study, open_study

ENTRY = """
gender:
  map:
    from: Køn
    values:
      Kvinde: woman
      Mand: man
  status: complete
  because: as the person says
  decided_by: CM
  on: 2026-03-02
age: {direct: {from: Alder, missing: {99: refused}, otherwise: invalid}, status: complete}
place: {direct: {from: By}, status: complete}
barriers:
  any_of: {columns: {Sprog: language, Net: network}, chosen: [x], not_chosen: [""], none_chosen: no_answer}
  status: complete
"""
END = """
age: {direct: {from: alder}, status: complete}
gender: {map: {from: k, values: {1: woman}}, status: complete}
"""
TABLE = "Id;Køn;Alder;By;Sprog;Net\nK-1;Kvinde;31;Åse;x;\nK-2;Mand;99;Bo;;\n;;;;;\nK-3;Kvinde;;Ry;;x\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("trace")
    frame = pd.DataFrame({"id": ["k1", "k3"], "alder": [32.0, 40.0], "k": [1.0, 1.0]})
    labels: dict[str, Any] = {"variable_value_labels": {"k": {1.0: "Kvinne"}}}
    end = sav(frame, folder, column_labels=["", "Hvor gammel er du?", "Kjønn"], **labels)
    ids = ["capitals", "punctuation"]
    crosswalks = {
        "entry.csv": crosswalk(
            ENTRY, id="kv_entry", wave="entry", ids=ids, released_text={"By": "towns name nobody"}
        ),
        "end.sav": crosswalk(END, file={"format": "spss"}, keys={"person_id": "id"}, ids=ids),
    }
    made = make_study(folder, {"entry.csv": TABLE, "end.sav": end}, crosswalks)
    write(made.path, made.path.read_text("utf-8").replace("key: keep_ids", "key: demo"))
    return open_study(folder)


def pseudonym(text: str) -> str:
    return key_of("small", "demo").pseudonym("kvinfo", "person", text)


def rows(found: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    return list(found[list(names)].itertuples(index=False, name=None))


def test_a_variable_leads_back_to_files_columns_rules_and_counts(study: Study):
    found = trace(study, "gender")
    entry = found[found["instrument"] == "kv_entry"]
    assert rows(entry, "file", "source", "from", "to", "rows") == [
        ("entry.csv", "Køn", "Kvinde", "woman", 2), ("entry.csv", "Køn", "Mand", "man", 1)
    ]  # fmt: skip
    first = entry.iloc[0]
    assert first["rule"] == "map: from column 'Køn'; 'Kvinde' → 'word', 'Mand' → 'word'"
    assert (first["crosswalk"], first["line"]) == ("crosswalks/kv_entry.yaml", 3)
    assert (first["status"], first["because"], first["decided_by"], first["on"]) == (
        "complete", "as the person says", "CM", "2026-03-02"
    )  # fmt: skip


def test_a_file_that_has_the_questions_text_gives_it(study: Study):
    found = trace(study, "age")
    assert dict(rows(found, "file", "question")) == {"entry.csv": "", "end.sav": "Hvor gammel er du?"}


def test_an_open_column_is_traced_without_its_answers(study: Study):
    found = trace(study, "age", wave="entry")
    assert rows(found, "from", "to", "missing", "rows") == [
        ("", "(as it stands)", "", 1), ("99", "", "refused", 1), ("", "", "no_answer", 1)
    ]  # fmt: skip


def test_a_persons_value_leads_back_to_row_column_answer_and_line(study: Study):
    found = trace(study, "gender", person=pseudonym("K1"))
    assert rows(found, "file", "row", "source", "answer", "line", "result", "used") == [
        ("entry.csv", 2, "Køn", "Kvinde", 7, "woman", True),
        ("end.sav", 1, "k", "1 (Kvinne)", 4, "woman", False),
    ]
    assert found["crosswalk"].tolist() == ["crosswalks/kv_entry.yaml", "crosswalks/kv_end.yaml"]


def test_rows_are_numbered_as_in_the_file_though_some_were_lost(study: Study):
    found = trace(study, "gender", person=pseudonym("K3"), wave="entry")
    assert rows(found, "row", "answer") == [(5, "Kvinde")]


def test_a_programme_finds_a_person_by_its_own_id_however_it_is_spelt(study: Study):
    found = trace(study, "age", original_id="k-1", programme="kvinfo", wave="entry")
    pd.testing.assert_frame_equal(found, trace(study, "age", person=pseudonym("K1"), wave="entry"))


def test_an_open_answer_is_shown_by_its_form_unless_it_is_asked_for(study: Study):
    who = {"person": pseudonym("K1"), "wave": "entry"}
    assert rows(trace(study, "place", **who), "answer", "result") == [("Aaa", "Aaa")]
    assert rows(trace(study, "place", **who, show_open=True), "answer", "result") == [("Åse", "Åse")]
    assert rows(trace(study, "age", **who), "answer", "result") == [("99", "31.0")]


def test_an_answer_that_the_rule_names_is_shown_in_an_open_column_too(study: Study):
    found = trace(study, "age", person=pseudonym("K2"), wave="entry")
    assert rows(found, "answer", "result", "missing") == [("99", "", "refused")]


def test_an_empty_cell_is_called_empty(study: Study):
    found = trace(study, "age", person=pseudonym("K3"))
    assert rows(found, "answer", "missing", "used") == [("(empty)", "no_answer", False), ("99", "", True)]


def test_a_multiple_choice_leads_back_to_each_of_its_columns(study: Study):
    found = trace(study, "barrier_language", person=pseudonym("K1"), wave="entry")
    assert rows(found, "source", "answer", "result") == [("Sprog", "x", "True"), ("Net", "(empty)", "True")]


def test_a_variable_with_several_columns_is_traced_with_all_of_them(study: Study):
    assert set(trace(study, "education")["column"]) == {"education_level", "education_years"}
    assert set(trace(study, "education_years")["column"]) == {"education_years"}


def test_what_is_not_known_is_told_without_repeating_an_id(study: Study):
    with pytest.raises(UsageError, match=r"no variable 'gendr'\. Did you mean 'gender'"):
        trace(study, "gendr")
    with pytest.raises(UsageError, match="The programme is 'kvinfi'"):
        trace(study, "gender", programme="kvinfi")
    with pytest.raises(UsageError, match="within its programme only"):
        trace(study, "gender", original_id="K1")
    with pytest.raises(UsageError, match="Nobody stands under this id") as caught:
        trace(study, "gender", original_id="Hanne", programme="kvinfo")
    assert "Hanne" not in str(caught.value)


def test_the_command_shows_the_way_back_and_says_that_it_is_internal(
    study: Study, capsys: pytest.CaptureFixture[str]
):
    assert main(["trace", "gender", str(study.root), "--person", pseudonym("K1")]) == 0
    out = capsys.readouterr().out
    assert "gender (word): kv_entry, entry.csv" in out
    assert "    row 2, column 'Køn', answer 'Kvinde' → 'word'" in out
    assert "(another wave gives the value)" in out and "Internal" in out
    assert main(["trace", "gender", str(study.root)]) == 0
    out = capsys.readouterr().out
    assert "'Kvinde' → 'word': 2 rows" in out and "decided by CM 2026-03-02" in out
    assert main(["trace", "gender", str(study.root), "--person", "x", "--id", "y"]) == 2
