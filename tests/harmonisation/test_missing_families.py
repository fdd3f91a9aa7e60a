"""Missing codes that are as wide as the codes of their column, in the form of the European Social Survey."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from study_maker import CODEBOOK, crosswalk, make_study, sav

from kij_analysis.errors import HarmonisationError, StudyError
from kij_analysis.harmonisation import Check, Harmonised, check, harmonise
from kij_analysis.study import Study

FAMILY = """\
missing_families:
  ess:
    meaning: a digit repeated as often as the answers are wide
    codes:
      6: {reason: not_applicable, labels: [Not applicable]}
      7: {reason: refused, labels: [Refusal]}
      8: {reason: dont_know, labels: [Don't know]}
      9: {reason: no_answer, labels: [No answer]}
"""
SCALE = f"""\
  ladder11:
    languages: [en]
    direction: ascending
    middle: true
    basis: test
    categories: [{", ".join(f"{{code: {code}, labels: {{en: '{code}'}}}}" for code in range(11))}]
"""
BOOK = {
    **CODEBOOK,
    "variables.yaml": FAMILY + CODEBOOK["variables.yaml"],
    "scales.yaml": CODEBOOK["scales.yaml"] + SCALE,
}
LADDER = """
skill:
  rescale:
    from: trust
    scale: ladder11
    outputs: {score: {method: stretch, to: [0, 100], status: partial, because: equal steps}}
"""
WORDS = {6: "Not applicable", 7: "Refusal", 8: "Don't know", 9: "No answer"}


def csv_study(folder: Path, table: str, rules: str, **family: object) -> Study:
    text = crosswalk(rules, missing_family={"name": "ess", **family})
    return make_study(folder, {"end.csv": table}, {"end.csv": text}, codebook=BOOK)


def ess_study(
    folder: Path,
    answers: dict[str, list[float]],
    rules: str,
    labels: dict,
    declared: dict | None = None,
    **more,
) -> Study:
    """A study of one SPSS file as the survey writes them."""
    count = len(next(iter(answers.values())))
    frame = pd.DataFrame({"id": [str(n) for n in range(count)], **answers})
    content = sav(frame, folder, variable_value_labels=labels, missing_ranges=declared or {})
    text = crosswalk(
        rules, file={"format": "spss"}, keys={"person_id": "id"}, missing_family={"name": "ess", **more}
    )
    return make_study(folder, {"end.sav": content}, {"end.sav": text}, codebook=BOOK)


def wide(width: int) -> dict[int, str]:
    return {int(str(digit) * width): word for digit, word in WORDS.items()}


def pairs(data: Harmonised, column: str) -> list[object]:
    both = data.answers[[column, f"{column}_missing"]].astype(object)
    return [value if pd.notna(value) else reason for value, reason in both.to_numpy()]


def told(found: Check) -> str:
    return "\n".join(str(problem) for problem in found.errors)


def test_on_a_scale_from_0_to_10_seven_is_an_answer_and_77_is_refused(tmp_path: Path):
    table = "Id;trust\n1;6\n2;7\n3;8\n4;9\n5;10\n6;66\n7;77\n8;88\n9;99\n"
    data = harmonise(csv_study(tmp_path, table, LADDER, widths={"trust": 2}))
    answers = [60.0, 70.0, 80.0, 90.0, 100.0]
    assert pairs(data, "skill_score") == [*answers, "not_applicable", "refused", "dont_know", "no_answer"]


def test_in_a_column_of_one_digit_seven_is_refused(tmp_path: Path):
    rules = "status: {map: {from: A, values: {1: employed, 2: unemployed}}, status: complete}"
    data = harmonise(csv_study(tmp_path, "Id;A\n1;1\n2;7\n3;9\n", rules, widths={"A": 1}))
    assert pairs(data, "status") == ["employed", "refused", "no_answer"]


def test_hours_of_three_digits_keep_their_77_and_lose_their_777(tmp_path: Path):
    rules = "hours: {direct: {from: A}, status: complete}"
    table = "Id;A\n1;7\n2;77\n3;99\n4;666\n5;777\n6;888\n7;999\n"
    data = harmonise(csv_study(tmp_path, table, rules, widths={"A": 3}))
    reasons = ["not_applicable", "refused", "dont_know", "no_answer"]
    assert pairs(data, "hours") == [7.0, 77.0, 99.0, *reasons]


def test_the_labels_of_the_file_tell_the_width_by_themselves(tmp_path: Path):
    answers = {"trust": [7.0, 10.0, 77.0, 99.0], "work": [1.0, 2.0, 7.0, 9.0]}
    labels = {"trust": {**{n: str(n) for n in range(11)}, **wide(2)}, "work": {1: "Yes", 2: "No", **wide(1)}}
    rules = f"{LADDER}\nin_work: {{map: {{from: work, values: {{1: true, 2: false}}}}, status: complete}}"
    data = harmonise(ess_study(tmp_path, answers, rules, labels))
    assert pairs(data, "skill_score") == [70.0, 100.0, "refused", "no_answer"]
    assert pairs(data, "in_work") == [True, False, "refused", "no_answer"]


def test_the_missing_codes_that_the_file_declares_tell_the_width_too(tmp_path: Path):
    study = ess_study(tmp_path, {"trust": [7.0, 77.0]}, LADDER, {}, {"trust": [77, 88, 99]})
    assert pairs(harmonise(study), "skill_score") == [70.0, "refused"]


def test_a_file_that_declares_other_codes_has_told_that_it_has_none_of_the_family(tmp_path: Path):
    rules = "hours: {direct: {from: A, missing: {-1: refused}}, status: complete}"
    data = harmonise(ess_study(tmp_path, {"A": [7.0, -1.0]}, rules, {}, {"A": [-1]}))
    assert pairs(data, "hours") == [7.0, "refused"]


def test_a_width_that_nobody_tells_is_asked_for_and_never_taken_from_the_answers(tmp_path: Path):
    found = check(csv_study(tmp_path, "Id;A\n1;7\n2;77\n", "hours: {direct: {from: A}, status: complete}"))
    assert "How wide are its missing codes (ess)? The file does not tell." in told(found)
    assert "Write under missing_family: widths:" in told(found)


def test_width_0_says_that_a_column_has_no_such_codes(tmp_path: Path):
    rules = "hours: {direct: {from: A}, status: complete}"
    data = harmonise(csv_study(tmp_path, "Id;A\n1;7\n2;77\n", rules, widths={"A": 0}))
    assert pairs(data, "hours") == [7.0, 77.0]


def test_a_code_that_the_file_labels_otherwise_is_a_conflict(tmp_path: Path):
    labels = {"A": {1: "Yes", 2: "No", 7: "Sometimes", 8: "Don't know"}}
    rules = "in_work: {map: {from: A, values: {1: true, 2: false}}, status: complete}"
    found = check(ess_study(tmp_path, {"A": [1.0, 7.0]}, rules, labels))
    assert "Code 7 is labelled 'Sometimes' in the file; the family ess takes it for refused." in told(found)


def test_a_code_that_the_file_takes_for_valid_is_a_conflict(tmp_path: Path):
    rules = "hours: {direct: {from: A}, status: complete}"
    study = ess_study(tmp_path, {"A": [5.0, 66.0, 77.0]}, rules, {}, {"A": [77, 88]})
    says = "takes 66 for not_applicable; the file declares '77' missing and 66 not."
    assert says in told(check(study))


def test_a_declared_width_that_contradicts_the_labels_is_told(tmp_path: Path):
    labels = {"trust": wide(2)}
    found = check(ess_study(tmp_path, {"trust": [1.0]}, LADDER, labels, widths={"trust": 1}))
    assert "widths: says 1 for the missing codes, but the file has '66', '77', '88', '99'." in told(found)


def test_labels_of_two_widths_must_be_decided(tmp_path: Path):
    labels = {"trust": {9: "No answer", **wide(2)}}
    rules = LADDER
    found = check(ess_study(tmp_path, {"trust": [1.0]}, rules, labels))
    assert "have two widths: '9' and '66', '77', '88', '99'." in told(found)


def test_what_a_rule_or_the_instrument_says_itself_beats_the_family(tmp_path: Path):
    rules = """
    status: {map: {from: A, values: {1: employed, 7: education}}, status: complete}
    hours: {direct: {from: A, missing: {9: refused}}, status: complete}
    """
    table = "Id;A\n1;1\n2;7\n3;9\n"
    text = crosswalk(
        rules,
        missing={"": "no_answer", "9": "dont_know"},
        missing_family={"name": "ess", "widths": {"A": 1}},
    )
    study = make_study(tmp_path, {"end.csv": table}, {"end.csv": text}, codebook=BOOK)
    data = harmonise(study)
    assert pairs(data, "status") == ["employed", "education", "dont_know"]
    assert pairs(data, "hours") == [1.0, "refused", "refused"]


def test_a_code_of_another_width_without_a_rule_stops(tmp_path: Path):
    table = "Id;trust\n1;7\n2;777\n"
    with pytest.raises(HarmonisationError, match="'777' has no rule"):
        harmonise(csv_study(tmp_path, table, LADDER, widths={"trust": 2}))


@pytest.mark.parametrize(
    ("family", "says"),
    [
        ({"name": "eas"}, "no family of missing codes 'eas'. Did you mean 'ess'"),
        ({"name": "ess", "widths": {"A": 10}}, "10 is greater than the maximum of 9"),
        ({"widths": {"A": 1}}, "'name' is missing"),
    ],
)
def test_a_family_that_is_not_declared_right_is_told(tmp_path: Path, family: dict, says: str):
    text = crosswalk("hours: {direct: {from: A}, status: complete}", missing_family=family)
    study = make_study(tmp_path, {"end.csv": "Id;A\n1;7\n"}, {"end.csv": text}, codebook=BOOK)
    with pytest.raises(StudyError, match=says):
        harmonise(study)


def test_a_family_whose_reason_the_codebook_does_not_know_is_told(tmp_path: Path):
    wrong = {**BOOK, "variables.yaml": BOOK["variables.yaml"].replace("reason: refused", "reason: refusal")}
    text = crosswalk("hours: {direct: {from: A}, status: complete}")
    study = make_study(tmp_path, {"end.csv": "Id;A\n1;7\n"}, {"end.csv": text}, codebook=wrong)
    with pytest.raises(StudyError, match="ess: the missing reason 'refusal' is not known"):
        harmonise(study)
