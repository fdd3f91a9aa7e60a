"""What must not pass in silence: each stop with file, column and what would be right."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from study_maker import crosswalk, make_study, sav_study, small_study

from kij_analysis.errors import HarmonisationError, KijError, Problem, SourceError, StudyError
from kij_analysis.harmonisation import check, harmonise
from kij_analysis.harmonisation.lookups import Lookup
from kij_analysis.harmonisation.resolving import is_cut_off
from kij_analysis.study import Study

GENDER = "gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}"


def problems(study: Study) -> list[Problem]:
    """The errors that stop the work; `harmonise` and `check` tell the same."""
    with pytest.raises(HarmonisationError) as caught:
        harmonise(study)
    found = check(study)
    assert found.exit_code == 5
    assert found.errors == caught.value.problems
    return list(caught.value.problems)


def told(study: Study) -> str:
    return "\n".join(str(problem) for problem in problems(study))


def test_an_answer_without_a_rule_is_told_with_file_column_value_rows_and_the_nearest_known(tmp_path: Path):
    study = small_study(tmp_path, "Id;Køn\n1;Kvnde\n2;Kvnde\n3;Mand\n", GENDER)
    assert told(study) == (
        "end.csv, column 'Køn': for gender: 'Kvnde' has no rule (2 rows). "
        "Did you mean 'Kvinde'? Known: 'Kvinde', 'Mand'."
    )


def test_an_answer_that_two_outputs_lack_is_told_once(tmp_path: Path):
    rules = """
    education:
      outputs:
        level: {map: {from: U, values: {Kort: low}}, status: complete}
        years: {map: {from: U, values: {Kort: 9}}, status: complete}
    """
    assert len(problems(small_study(tmp_path, "Id;U\n1;Lang\n", rules))) == 1


def test_an_empty_cell_that_nobody_declared_is_an_error(tmp_path: Path):
    study = small_study(tmp_path, "Id;Køn\n1;Kvinde\n2;\n3; \n", GENDER, missing={})
    assert "An empty cell has no rule (2 rows). Say under missing: what it means" in told(study)


@pytest.mark.parametrize(
    "rule",
    [
        "hours: {direct: {from: Køn}, status: complete}",
        "start: {direct: {from: Køn}, status: complete}",
        "place: {direct: {from: Køn}, status: complete}",
    ],
)
def test_an_empty_cell_is_an_error_in_open_columns_too(tmp_path: Path, rule: str):
    released = {"Køn": "a test"} if "place" in rule else {}
    study = small_study(tmp_path, "Id;Køn\n1;\n", rule, missing={}, released_text=released)
    assert "An empty cell has no rule (1 row)." in told(study)


def test_a_letter_in_a_wrong_encoding_is_recognised_and_the_answer_meant_is_named(tmp_path: Path):
    rules = (
        "skill: {rescale: {from: Q, scale: grade3_da, outputs: {score: {method: stretch}}}, status: complete}"
    )
    found = told(small_study(tmp_path, "Id;Q\n1;I hÃ¸j grad\n", rules))
    assert "'I hÃ¸j grad' has no rule (1 row)" in found
    assert "It looks like 'I høj grad' in a wrong encoding" in found


def test_a_missing_column_names_what_needs_it_and_the_nearest_column(tmp_path: Path):
    study = small_study(tmp_path, "Id;Kön\n1;Kvinde\n", GENDER)
    assert told(study) == (
        "end.csv, column 'Køn': The column is missing; it is needed for 'gender'. "
        "Did you mean 'Kön'? The file has 'Id', 'Kön'."
    )


def test_a_missing_id_column_is_told(tmp_path: Path):
    study = small_study(tmp_path, "Nr;Køn\n1;Kvinde\n", GENDER)
    assert "column 'Id': The column is missing; it is needed for 'person_id'." in told(study)


def test_a_row_without_an_id_is_told_by_its_row_in_the_spreadsheet(tmp_path: Path):
    table = "Id;Køn\n1;Kvinde\n;\n;Mand\n3;Mand\n \t;Mand\n"
    assert "end.csv, column 'Id': 2 rows have no id (rows 4, 6)." in told(
        small_study(tmp_path, table, GENDER)
    )


def test_an_id_in_two_rows_is_told_by_its_rows_and_not_by_itself(tmp_path: Path):
    table = "Id;Køn\nAnna 1980;Kvinde\nB;Mand\n Anna 1980 ;Kvinde\n"
    found = told(small_study(tmp_path, table, GENDER))
    assert "1 id stands in more than one row (rows 2, 4)." in found
    assert "Anna" not in found


def test_an_id_that_another_file_of_the_same_wave_has_too_is_told(tmp_path: Path):
    again = crosswalk(GENDER, id="kv_next", round="2025")
    files = {"a.csv": "Id;Køn\n1;Kvinde\n2;Kvinde\n", "b.csv": "Id;Køn\n2;Mand\n3;Mand\n"}
    study = make_study(tmp_path, files, {"a.csv": crosswalk(GENDER), "b.csv": again})
    assert "b.csv, column 'Id': 1 id of this file also stands in a.csv" in told(study)


def test_one_person_in_two_waves_two_roles_or_two_programmes_is_no_problem(tmp_path: Path):
    table = "Id;Køn\n1;Kvinde\n"
    crosswalks = {
        "a.csv": crosswalk(GENDER),
        "b.csv": crosswalk(GENDER, id="kv_entry", wave="entry"),
        "c.csv": crosswalk(GENDER, id="kv_mentor", role="mentor"),
        "d.csv": crosswalk(GENDER, id="fika_end", programme="fika"),
    }
    study = make_study(tmp_path, dict.fromkeys(crosswalks, table), crosswalks)
    assert check(study).problems == ()


def test_an_impossible_day_is_told_by_its_row(tmp_path: Path):
    table = "Id;Køn;Dato\n1;Kvinde;31-05-2024\n2;Mand;31-02-2024\n"
    study = small_study(tmp_path, table, GENDER, keys={"person_id": "Id", "date": "Dato"})
    assert "column 'Dato': 1 date cannot be read as %d-%m-%Y, the first in row 3." in told(study)


def test_days_in_another_order_name_the_pattern_that_reads_them(tmp_path: Path):
    table = "Id;Køn;Dato\n1;Kvinde;2024-05-31\n"
    study = small_study(tmp_path, table, GENDER, keys={"person_id": "Id", "date": "Dato"})
    assert "Declare dates: '%Y-%m-%d'." in told(study)


def test_a_day_that_the_instrument_calls_missing_is_simply_missing(tmp_path: Path):
    table = "Id;Køn;Dato\n1;Kvinde;-\n2;Mand;\n"
    keys = {"person_id": "Id", "date": "Dato"}
    study = small_study(tmp_path, table, GENDER, keys=keys, missing={"": "no_answer", "-": "no_answer"})
    assert harmonise(study).answers["date"].isna().all()


def test_rows_and_checksum_of_the_study_file_are_held_against_the_file(tmp_path: Path):
    zeros = "0" * 64
    study = make_study(
        tmp_path,
        {"end.csv": "Id;Køn\n1;Kvinde\n"},
        {"end.csv": crosswalk(GENDER)},
        sources={"end.csv": f"rows: 3, sha256: '{zeros}'"},
    )
    found = told(study)
    assert "end.csv: The file has 1 rows; the study file says 3." in found
    assert "its SHA-256 differs. If the new file is right, write sha256: " in found


def test_a_checksum_in_capitals_as_windows_prints_it_is_right(tmp_path: Path):
    text = crosswalk(GENDER)
    table = {"end.csv": "Id;Køn\n1;Kvinde\n"}
    sha = harmonise(make_study(tmp_path, table, {"end.csv": text})).ledger.sources["sha256"][0]
    study = make_study(tmp_path, table, {"end.csv": text}, sources={"end.csv": f"sha256: '{sha.upper()}'"})
    assert check(study).problems == ()


def test_the_problems_of_all_sources_are_told_in_one_report(tmp_path: Path):
    files = {"a.csv": "Id;Køn\n1;Dame\n", "b.csv": "Id;Kön\n1;Kvinde\n", "c.csv": "Id;Køn\n1;Kvinde\n;Mand\n"}
    crosswalks = {
        name: crosswalk(GENDER, id=f"kv_{name[0]}", round=name[0], wave=wave)
        for name, wave in zip(files, ("entry", "end", "follow_up"), strict=True)
    }
    assert {problem.file for problem in problems(make_study(tmp_path, files, crosswalks))} == set(files)


def test_a_file_that_cannot_be_read_leaves_the_others_to_be_looked_at(tmp_path: Path):
    crosswalks = {"a.csv": crosswalk(GENDER), "b.csv": crosswalk(GENDER, id="kv_b", round="2")}
    study = make_study(tmp_path, {"b.csv": "Id;Køn\n1;Dame\n"}, crosswalks)
    for way in ("stop", "mark"):
        with pytest.raises(SourceError) as caught:
            harmonise(study, on_problem=way)
        assert "a.csv was not found" in str(caught.value)
        assert "'Dame' has no rule" in str(caught.value)


def test_an_answer_with_two_values_in_one_rule_is_a_mistake_of_the_crosswalk(tmp_path: Path):
    rules = """
    gender: {map: {from: Køn, values: {Kvinde: woman, " KVINDE": man}}, status: complete}
    age: {direct: {from: Alder, missing: {97: refused, "97 ": dont_know}}, status: complete}
    in_work: {map: {from: Job, values: {Ja: true}, missing: {ja: refused}}, status: complete}
    """
    study = small_study(tmp_path, "Id;Køn;Alder;Job\n1;Kvinde;20;Ja\n", rules)
    for way in ("stop", "mark"):
        with pytest.raises(StudyError) as caught:
            harmonise(study, on_problem=way)
        found = str(caught.value).splitlines()
        assert [line.split(": ")[0] for line in found] == [
            f"crosswalks/kv_end.yaml, line {number}" for number in (3, 5)
        ]
        assert "leads to two values: woman and man." in found[0]
        assert "leads to two values: True and refused." in found[1]


def test_an_instrument_that_gives_one_answer_two_reasons_is_a_mistake_of_the_crosswalk(tmp_path: Path):
    missing = {"": "no_answer", "ved ikke": "dont_know", "Ved ikke": "refused"}
    study = small_study(tmp_path, "Id;Køn\n1;Kvinde\n", GENDER, missing=missing)
    with pytest.raises(StudyError, match="The answer 'Ved ikke' leads to two values"):
        harmonise(study)


def test_the_study_stops_at_a_wrong_codebook_with_the_codebooks_problems(tmp_path: Path):
    study = small_study(tmp_path, "Id;Køn\n1;Kvinde\n", GENDER)
    (tmp_path / "codebook/programmes.yaml").unlink()
    assert check(study).exit_code == 3
    assert check(study).coverage.empty
    with pytest.raises(StudyError, match=r"programmes\.yaml: The file does not exist"):
        harmonise(study, on_problem="mark")


LABELS = {"k": {1.0: "Kvinne", 2.0: "Mann", 9.0: "Vil ikke svare"}}
BY_CODE = """
gender:
  map: {from: k, values: {1: woman, 2: man}, labels: {1: LABEL, 2: Mann}, missing: {9: refused}}
  status: complete
"""


def spss(folder: Path, rules: str, codes: list[float], **options: object) -> Study:
    frame = pd.DataFrame({"id": [f"p{i}" for i in range(len(codes))], "k": codes})
    return sav_study(folder, frame, rules, variable_value_labels=LABELS, **options)


def test_a_label_that_differs_from_the_one_the_rule_was_written_for_stops(tmp_path: Path):
    found = told(spss(tmp_path, BY_CODE.replace("LABEL", "Dame"), [1, 1, 2]))
    assert "Code 1 is labelled 'Kvinne' in the file, but the rule was written for 'dame'." in found


def test_a_label_that_differs_in_capitals_and_blanks_is_the_same(tmp_path: Path):
    study = spss(tmp_path, BY_CODE.replace("LABEL", "' KVINNE '"), [1, 2])
    assert harmonise(study).people["gender"].tolist() == ["woman", "man"]


LONG = "Høyere utdanning, bachelor eller tilsvarende"
SHORT = "Høyere utdanning, master eller tilsvarende"


def labelled(folder: Path, one: str, two: str, codes: list[float], *, suffix: str = "sav") -> Study:
    """Code 1 and 2 as the file labels them; the rule knows the whole labels."""
    rules = f"""
    gender:
      map: {{from: k, values: {{1: woman, 2: man}}, labels: {{1: "{LONG}", 2: "{SHORT}"}}}}
      status: complete
    """
    frame = pd.DataFrame({"id": [f"p{i}" for i in range(len(codes))], "k": codes})
    labels = {"k": {1: one, 2: two}}
    if suffix == "sav":
        return sav_study(folder, frame, rules, variable_value_labels=labels)
    pyreadstat.write_dta(frame, str(folder / "made.dta"), variable_value_labels=labels)
    text = crosswalk(rules, file={"format": "stata"}, keys={"person_id": "id"})
    content = (folder / "made.dta").read_bytes()
    return make_study(folder, {"end.dta": content}, {"end.dta": text})


@pytest.mark.parametrize("suffix", ["sav", "dta"])
def test_a_label_that_a_program_has_cut_off_in_mid_word_is_a_notice(tmp_path: Path, suffix: str):
    study = labelled(tmp_path, LONG[:38], SHORT[:37], [1, 2], suffix=suffix)
    found = check(study)
    assert [(problem.severity, problem.column) for problem in found.problems] == [("notice", "k")]
    assert f"the file has cut off the label of 1 '{LONG[:38]}', 2 '{SHORT[:37]}'" in found.problems[0].what
    assert harmonise(study).people["gender"].tolist() == ["woman", "man"]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (LONG[:26], "ends where a word ends, and may be another wording"),
        (LONG[:18], "too little is left"),
        (LONG[:35] + "annet", "goes on otherwise"),
        ("Høyere utdanning, ", "could be the beginning of both"),
    ],
)
def test_a_label_that_only_begins_like_the_rules_stops(tmp_path: Path, one: str, why: str):
    assert "Code 1 is labelled" in told(labelled(tmp_path, one, SHORT, [1, 2])), why


def test_a_cut_that_could_be_the_beginning_of_two_labels_stops():
    whole = {"1": ("i arbeid eller praksisplass",), "2": ("i arbeid eller praksisordning",)}
    lookup = Lookup(source="q", by_text={}, by_code={}, labels=whole)
    assert not is_cut_off("i arbeid eller praksis", "1", lookup)
    assert is_cut_off("i arbeid eller praksispl", "1", lookup)


def test_a_label_that_ends_at_the_limit_of_a_program_is_cut_off_even_between_words():
    text = f"{'ord ' * 29}slutt på teksten som er for lang"
    lookup = Lookup(source="q", by_text={}, by_code={}, labels={"1": (text,)})
    assert text[116:].startswith("slutt") and is_cut_off(text[:121].strip()[:120], "1", lookup)
    assert is_cut_off(text[:118].strip() + "\ufffd", "1", lookup)
    assert not is_cut_off(text[:100].strip(), "1", lookup)


def test_swapped_labels_name_the_code_that_each_belongs_to(tmp_path: Path):
    found = told(labelled(tmp_path, SHORT, LONG, [1, 2]))
    assert f"Code 1 is labelled '{SHORT}' in the file" in found
    assert "there it is the label of code 2." in found and "there it is the label of code 1." in found


def test_a_label_that_differs_and_that_nobody_chose_is_a_notice(tmp_path: Path):
    found = check(labelled(tmp_path, LONG, "Noe helt annet", [1, 1]))
    assert [problem.severity for problem in found.problems] == ["notice"]
    assert "Code 2 is labelled 'Noe helt annet'" in found.problems[0].what
    assert found.problems[0].what.endswith("Nobody chose it.")


def test_a_code_and_its_label_with_different_rules_stop(tmp_path: Path):
    rules = "gender: {map: {from: k, values: {1: woman, Kvinne: man, 2: man}}, status: complete}"
    assert "Code 1 and its label 'Kvinne' have different rules." in told(spss(tmp_path, rules, [1, 2]))


def test_a_code_that_the_file_declares_missing_never_becomes_valid(tmp_path: Path):
    rules = "gender: {map: {from: k, values: {1: woman, 2: man, 9: other}}, status: complete}"
    found = told(spss(tmp_path, rules, [1, 9], missing_ranges={"k": [9]}))
    assert "The file declares '9' missing, but the rule makes it valid (1 row)." in found


def test_a_code_that_the_file_declares_missing_needs_a_reason(tmp_path: Path):
    rules = "age: {direct: {from: k}, status: complete}"
    found = told(spss(tmp_path, rules, [20, 99], missing_ranges={"k": [{"lo": 90, "hi": 99}]}))
    assert "'99' has no rule (1 row). The file declares it missing: say under missing: why." in found


def test_an_option_that_nobody_chose_and_no_rule_names_is_a_notice(tmp_path: Path):
    rules = "gender: {map: {from: k, values: {1: woman, 2: man}}, status: complete}"
    found = check(spss(tmp_path, rules, [1, 2]))
    assert [(problem.column, problem.what) for problem in found.problems] == [
        ("k", "for gender: the option 9 'Vil ikke svare' has no rule; nobody chose it.")
    ]
    assert found.exit_code == 0


def test_a_labelled_code_that_is_read_as_a_number_is_a_notice(tmp_path: Path):
    found = check(spss(tmp_path, "hours: {direct: {from: k}, status: complete}", [37, 9]))
    assert "1 answer '9', which the file labels 'Vil ikke svare'" in str(found.problems[0])
    assert found.exit_code == 0


def test_only_known_ways_to_meet_a_problem_are_taken(tmp_path: Path):
    with pytest.raises(KijError, match="on_problem is 'ignore'"):
        harmonise(small_study(tmp_path, "Id;Køn\n1;Kvinde\n", GENDER), on_problem="ignore")
