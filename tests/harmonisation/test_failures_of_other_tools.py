"""What other harmonisation programs let pass in silence, or break on: our answer to each case.

The cases were found by running the programs (November 2026): retroharmonize 0.2.7, Rmonize 2.0.0, psHarmonize
0.3.6, crosswalkr 0.4.0, recodeflow and linkml-map 0.5.4.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from study_maker import CODEBOOK, crosswalk, make_study, sav_study, small_study
from test_plain_rules import data, pairs

from kij_analysis.codebook.yaml_files import read_yaml
from kij_analysis.errors import HarmonisationError, SourceError, StudyError
from kij_analysis.harmonisation import check, harmonise

YES_NO = """
in_work:
  map:
    from: A
    values: {1: true, 0: false, 9: {missing: refused}}
  status: complete
"""


def told(folder: Path, answers: list[str], rules: str) -> str:
    """What stops the work, as one text."""
    with pytest.raises(HarmonisationError) as caught:
        data(folder, answers, rules)
    return str(caught.value)


# ------------------------------------------------------------- 1. a value without a rule, six programs


def test_a_code_that_the_file_declares_missing_is_not_averaged(tmp_path: Path):
    """retroharmonize: 1, 1, 0 and a declined 8 have the mean 2.5 instead of 0.67."""
    frame = pd.DataFrame({"id": ["a", "b", "c", "d"], "A": [1.0, 1.0, 0.0, 8.0]})
    labels = {"A": {1: "yes", 0: "no", 8: "declined"}}
    copied = "hours: {direct: {from: A}, status: complete}"
    options = {"variable_value_labels": labels, "missing_ranges": {"A": [8]}}
    with pytest.raises(
        HarmonisationError, match=r"'8' \(declined\) has no rule \(1 row\).*declares it missing"
    ):
        harmonise(sav_study(tmp_path, frame, copied, **options))
    reasoned = "hours: {direct: {from: A, missing: {8: refused}}, status: complete}"
    found = harmonise(sav_study(tmp_path, frame, reasoned, **options)).answers
    assert found["hours"].mean() == pytest.approx(2 / 3)
    assert found["hours_missing"].dropna().tolist() == ["refused"]


def test_labels_that_no_rule_fits_are_never_taken_for_the_label_of_the_same_number(tmp_path: Path):
    """retroharmonize, Danish labels and English patterns: source 1, nej, came out labelled yes."""
    frame = pd.DataFrame({"id": ["a", "b"], "A": [1.0, 2.0]})
    labelled = "{from: A, values: {1: true, 2: false}, labels: {1: 'yes', 2: 'no'}}"
    rules = f"in_work: {{map: {labelled}, status: complete}}"
    study = sav_study(tmp_path, frame, rules, variable_value_labels={"A": {1: "nej", 2: "ja"}})
    with pytest.raises(HarmonisationError) as caught:
        harmonise(study)
    assert "Code 1 is labelled 'nej' in the file, but the rule was written for 'yes'." in str(caught.value)


def test_a_code_without_a_rule_does_not_pass_through(tmp_path: Path):
    """Rmonize: recode(1=0;2=1) of 1, 2, 3, 9, 7 gives 0, 1, 3, 9, 7 and says complete."""
    rule = "in_work: {map: {from: A, values: {1: false, 2: true}}, status: complete}"
    found = told(tmp_path, ["1", "2", "3", "9", "7", "7"], rule)
    assert [line.split("for in_work: ")[1].split(". ")[0] for line in found.splitlines()] == [
        "'3' has no rule (1 row)",
        "'9' has no rule (1 row)",
        "'7' has no rule (2 rows)",
    ]
    assert "end.csv, column 'A'" in found and "Known: '1', '2'." in found


def test_text_and_number_take_the_same_rule_and_a_stranger_stops_in_both(tmp_path: Path):
    """psHarmonize: "5" stays "5" in silence, and a number stops with R's words about types."""
    assert "'5' has no rule (1 row)" in told(tmp_path / "text", ["1", "5"], YES_NO)
    (tmp_path / "sav").mkdir()
    frame = pd.DataFrame({"id": ["a", "b"], "A": [1.0, 5.0]})
    with pytest.raises(HarmonisationError, match=r"'5' has no rule \(1 row\)"):
        harmonise(sav_study(tmp_path / "sav", frame, YES_NO))


def test_a_stranger_does_not_become_a_plain_missing_value(tmp_path: Path):
    """crosswalkr gives NA with a warning about something else; linkml-map gives null without one."""
    study = small_study(tmp_path, "Id;A\n1;1\n2;måske\n", YES_NO)
    assert "'måske' has no rule (1 row)" in str(check(study).errors[0])
    marked = harmonise(study, on_problem="mark")
    assert pairs(marked.answers, "in_work") == [(True, None), (None, "rule_failed")]
    assert "'måske' has no rule" in str(marked.ledger.problems[0])


def test_what_a_rule_lets_go_is_declared_counted_and_has_its_own_reason(tmp_path: Path):
    """recodeflow gives an untagged NA; with an else row the reason is declared, which ours asks for too."""
    plain = "status: {map: {from: A, values: {1: employed}}, status: complete}"
    assert "'4' has no rule" in told(tmp_path / "plain", ["1", "4"], plain)
    rule = "status: {map: {from: A, values: {1: employed}, otherwise: invalid}, status: complete}"
    found = data(tmp_path / "else", ["1", "4", ""], rule)
    assert pairs(found.answers, "status") == [("employed", None), (None, "invalid"), (None, "no_answer")]
    assert "(1 row)" in str(found.ledger.problems[0])


# ------------------------------------------------------------- 2. labels that are read as patterns


def test_a_label_with_brackets_is_matched_as_it_stands(tmp_path: Path):
    """retroharmonize: "Don't know [DK]" is a pattern that does not fit itself, and 8 becomes a valid 8."""
    rule = """
    in_work:
      map: {from: A, values: {"Yes (full time)": true, "No.": false, "Don't know [DK]": {missing: dont_know}}}
      status: complete
    """
    found = data(tmp_path, ["Don't know [DK]", "Yes (full time)", "No."], rule)
    assert pairs(found.answers, "in_work") == [(None, "dont_know"), (True, None), (False, None)]
    assert "'Nox' has no rule" in told(tmp_path / "dot", ["Nox"], rule)


@pytest.mark.parametrize("order", [["I meget høj grad", "I høj grad"], ["I høj grad", "I meget høj grad"]])
def test_a_label_that_holds_another_one_keeps_its_own_value_in_any_order(tmp_path: Path, order: list[str]):
    """retroharmonize: both end as the later one; "not mentioned" became "mentioned"."""
    numbers = {"I meget høj grad": 5, "I høj grad": 4}
    values = ", ".join(f"{label}: {numbers[label]}" for label in order)
    rule = f"hours: {{map: {{from: A, values: {{{values}}}}}, status: complete}}"
    found = data(tmp_path, ["I høj grad", "I meget høj grad"], rule)
    assert found.answers["hours"].tolist() == [4, 5]


def test_where_patterns_are_asked_for_two_that_fit_one_answer_stop(tmp_path: Path):
    values = "{'.*høj grad': employed, '.*meget høj grad': education}"
    rule = f"status: {{map: {{from: A, match: regex, values: {values}}}, status: complete}}"
    assert "fit '.*høj grad', '.*meget høj grad'" in told(tmp_path, ["I meget høj grad"], rule)


# ------------------------------------------------------------- 3. intervals that destroy data


AGES = ["5", "17.5", "99", "100"]


@pytest.mark.parametrize("form", ["[5, 100]", "[5,100]", " [ 5 , 100 ] ", "[5;100]"])
def test_blanks_in_an_interval_do_not_matter(tmp_path: Path, form: str):
    """psHarmonize: [5, 100] with the blank of its own manual sets every value to NA."""
    rule = f"hours: {{intervals: {{from: A, values: {{'{form}': copy}}}}, status: complete}}"
    found = data(tmp_path, AGES, rule, file=POINT)
    assert found.answers["hours"].tolist() == [5, 17.5, 99, 100]


POINT = {"format": "delimited", "encoding": "utf-8", "delimiter": ";", "decimal": "."}


def test_a_sign_and_a_decimal_at_the_end_of_an_interval_count(tmp_path: Path):
    """psHarmonize: [-5,100] is read as [5,100], and [0.5,1.5] gives NA everywhere."""
    unbounded = CODEBOOK["variables.yaml"].replace("type: number, minimum: 0, maximum: 168", "type: number")
    rules = "hours: {intervals: {from: A, values: {'[-5,0]': 1, '[0.5,1.5]': 2}}, status: complete}"
    study = make_study(
        tmp_path,
        {"end.csv": "Id;A\n1;-5\n2;-0.5\n3;0.5\n4;1\n5;1.5\n"},
        {"end.csv": crosswalk(rules, file=POINT)},
        codebook={**CODEBOOK, "variables.yaml": unbounded},
    )
    assert harmonise(study).answers["hours"].tolist() == [1, 1, 2, 2, 2]


def test_a_number_outside_every_interval_stops_with_its_count(tmp_path: Path):
    rule = "hours: {intervals: {from: A, values: {'[5, 18]': copy}}, status: complete}"
    with pytest.raises(HarmonisationError, match="2 answers"):
        data(tmp_path, AGES, rule, file=POINT)


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("[5 100]", "it needs two ends with one comma between them"),
        ("[5, 50, 100]", "it needs two ends with one comma between them"),
        ("[100, 5]", "write the lower end first"),
        ("[5, 100", "No interval stands here"),
        ("[a, b]", "No interval stands here"),
    ],
)
def test_an_interval_that_cannot_be_read_is_a_mistake_of_the_crosswalk(tmp_path: Path, form: str, says: str):
    rule = f"hours: {{intervals: {{from: A, values: {{'{form}': copy}}}}, status: complete}}"
    with pytest.raises(StudyError, match=says):
        data(tmp_path, ["50"], rule)


# ------------------------------------------------------------- 4. one rule that fails


def test_a_rule_that_fails_leaves_the_rows_and_the_other_columns(tmp_path: Path):
    """Rmonize: 2,500 rows of a study become none."""
    rules = f"{YES_NO}\nhours: {{direct: {{from: Timer}}, status: complete}}"
    study = small_study(tmp_path, "Id;A\n1;1\n2;0\n3;1\n", rules)
    marked = harmonise(study, on_problem="mark")
    assert marked.answers["in_work"].tolist() == [True, False, True]
    assert set(marked.answers["hours_missing"]) == {"rule_failed"}
    assert marked.ledger.sources[["rows_in", "rows_out"]].to_numpy().tolist() == [[3, 3]]
    assert "column 'Timer': The column is missing" in str(marked.ledger.problems[0])


def test_a_formula_knows_its_own_inputs_and_nothing_else(tmp_path: Path):
    """Rmonize: a rule may name any object of the analyst's workspace."""
    rule = "hours: {expr: {inputs: {a: {from: A, type: number}}, formula: a / weeks}, status: complete}"
    with pytest.raises(StudyError, match="weeks") as caught:
        data(tmp_path, ["52"], rule)
    assert "no input" in str(caught.value)


# ------------------------------------------------------------- 6. quiet or early failures of linkml-map


def test_codes_may_lead_to_categories_whatever_the_answers_are_called(tmp_path: Path):
    """linkml-map stops at an enum slot with value mappings."""
    rule = "status: {map: {from: A, values: {QDK: {missing: dont_know}, Q1: employed}}, status: complete}"
    found = data(tmp_path, ["Q1", "QDK"], rule)
    assert pairs(found.answers, "status") == [("employed", None), (None, "dont_know")]


def test_the_name_of_a_data_file_decides_nothing_and_an_absent_file_is_told(tmp_path: Path):
    """linkml-map: another file name gives an empty file and success."""
    text = crosswalk(YES_NO)
    named = make_study(
        tmp_path / "named", {"2024 – svar (1).csv": "Id;A\n1;1\n"}, {"2024 – svar (1).csv": text}
    )
    assert len(harmonise(named).answers) == 1
    gone = make_study(tmp_path / "gone", {"other.csv": "Id;A\n1;1\n"}, {"end.csv": text})
    assert check(gone).exit_code == 4
    with pytest.raises(SourceError, match=r"end\.csv was not found.*Did you mean 'other\.csv'\?"):
        harmonise(gone)


# ------------------------------------------------------------- 7. what YAML makes of words


def yaml(folder: Path, text: str) -> tuple[object, str]:
    """What a YAML file holds, and what keeps it from being read at all; None if nothing can be read."""
    (folder / "a.yaml").write_text(text, encoding="utf-8")
    document, problems = read_yaml(folder / "a.yaml", against="crosswalk")
    return (document.data, "") if document else (None, str(problems[0]))


def test_norway_is_a_country_and_a_duration_is_no_number(tmp_path: Path):
    """PyYAML: NO is false, on is true, 012 is ten and 1:30 is ninety."""
    found, _ = yaml(tmp_path, "NO: on\non: NO\na: 1:30\nb: '012'\n")
    assert found == {"NO": "on", "on": "NO", "a": "1:30", "b": "012"}
    rule = """
    place: {map: {from: A, values: {NO: NO, on: "on", "012": tolv, 1:30: halvanden}}, status: complete}
    """
    found = data(tmp_path / "study", ["NO", "on", "012", "1:30"], rule)
    assert found.answers["place"].tolist() == ["NO", "on", "tolv", "halvanden"]


def test_twelve_written_with_a_zero_is_never_ten(tmp_path: Path):
    rule = "hours: {map: {from: A, values: {012: 12}}, status: complete}"
    assert data(tmp_path, ["12"], rule).answers["hours"].tolist() == [12]
    assert "'10' has no rule" in told(tmp_path / "ten", ["10"], rule)


def test_an_answer_that_stands_twice_in_a_rule_is_told_with_both_lines(tmp_path: Path):
    """PyYAML keeps the last one in silence."""
    rule = """
    status:
      map:
        from: A
        values:
          Ledig: unemployed
          Ledig: employed
      status: complete
    """
    with pytest.raises(StudyError, match=r"line 8: The key 'Ledig' stands twice, first in line 7"):
        data(tmp_path, ["Ledig"], rule)


def test_a_question_mark_without_quotes_is_read_or_explained(tmp_path: Path):
    found, said = yaml(tmp_path, "a: {from: Hvad er din alder?, values: [Ja?, Nej]}\n")
    assert (found, said) == ({"a": {"from": "Hvad er din alder?", "values": ["Ja?", "Nej"]}}, "")
    found, said = yaml(tmp_path, "a: {from: ?alder}\n")
    assert found is None
    assert "line 1: Not valid YAML" in said and "put texts with : # ? or [ in quotes" in said


# ------------------------------------------------------------- 10. stretching is not neutral


SCALES = {5: "grade5", 4: "grade4", 6: "grade6"}
LADDER = "{{languages: [en], direction: ascending, middle: {middle}, basis: test, categories: [{steps}]}}"
LADDERS = "scales:\n" + "\n".join(
    f"  {name}: "
    + LADDER.format(
        middle=str(steps % 2 == 1).lower(), steps=", ".join(f"{{code: {n}}}" for n in range(1, steps + 1))
    )
    for steps, name in SCALES.items()
)
SCORES = """
skill:
  rescale:
    from: A
    scale: {scale}
    outputs:
      score: {{method: {method}, to: [0, 100]{more}}}
  status: partial
  because: {why}
"""


@pytest.fixture(scope="module")
def same_people(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """The mean score of the same people who answer a 5-, a 4- and a 6-point scale; one row per scale."""
    feeling = np.random.default_rng(7).normal(0.35, 1, 400)
    cuts = {5: [-1.5, -0.6, 0.2, 1.2], 4: [-1.2, -0.2, 0.9], 6: [-1.8, -1.2, -0.7, 0.1, 1.1]}
    rows = []
    for steps, name in SCALES.items():
        answers = 1 + np.searchsorted(cuts[steps], feeling)
        table = "Id;A\n" + "\n".join(f"{n};{a}" for n, a in enumerate(answers)) + "\n"
        for method, more in (("stretch", ""), ("ridit", ", reference: own")):
            rules = SCORES.format(scale=name, method=method, more=more, why="equal steps are assumed")
            study = make_study(
                tmp_path_factory.mktemp("scale"), {"end.csv": table}, {"end.csv": crosswalk(rules)},
                codebook={**CODEBOOK, "scales.yaml": LADDERS},
            )  # fmt: skip
            found = harmonise(study)
            rows.append((steps, method, found.answers["skill_score"].mean()))
            assert found.ledger.rules.set_index("column").loc["skill_score", "status"] == "partial"
    return pd.DataFrame(rows, columns=["steps", "method", "mean"]).pivot(
        index="steps", columns="method", values="mean"
    )


def test_stretched_scores_of_the_same_people_differ_by_the_scale_alone(same_people: pd.DataFrame):
    assert np.ptp(same_people["stretch"]) > 4


def test_ridits_of_the_same_people_do_not(same_people: pd.DataFrame):
    assert same_people["ridit"].tolist() == pytest.approx([50, 50, 50])


def test_a_stretched_score_must_say_what_it_assumes(tmp_path: Path):
    rules = SCORES.format(scale="grade4_nb", method="stretch", more="", why="equal steps are assumed")
    silent = re.sub(r"  because: .*\n", "", rules)
    with pytest.raises(StudyError, match="partial without a reason"):
        data(tmp_path, ["1"], silent)
