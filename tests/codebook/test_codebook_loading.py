"""The codebook folder: what it says is held together, and all that is wrong is told at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import CODEBOOK, write

from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.errors import StudyError


def load(folder: Path, **changed: str) -> Codebook:
    for name, text in CODEBOOK.items():
        write(folder / name, changed.get(name.removesuffix(".yaml"), text))
    return load_codebook(folder)


def told(folder: Path, **changed: str) -> str:
    with pytest.raises(StudyError) as caught:
        load(folder, **changed)
    return str(caught.value)


def changed(part: str, old: str, new: str) -> dict[str, str]:
    text = CODEBOOK[f"{part}.yaml"]
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return {part: text.replace(old, new)}


def line_of(part: str, text: str) -> int:
    whole = CODEBOOK[f"{part}.yaml"]
    return whole[: whole.index(text)].count("\n") + 1


def test_a_variable_without_outputs_is_one_column(tmp_path: Path):
    age = load(tmp_path).variables["age"].columns[0]
    assert (age.name, age.missing, age.minimum, age.maximum) == ("age", "age_missing", 15, 100)


def test_each_output_is_a_column_with_its_own_type_and_the_labels_of_its_variable(tmp_path: Path):
    skill = load(tmp_path).variables["skill"]
    assert [(c.name, c.type) for c in skill.columns] == [("skill_score", "number"), ("skill_high", "boolean")]
    assert skill.columns[0].labels == skill.labels


def test_each_barrier_that_is_asked_is_a_yes_or_no_column_of_the_answers(tmp_path: Path):
    book = load(tmp_path)
    assert book.barrier_variables == ("barrier_language", "barrier_network", "barrier_other")
    assert (book.columns["barrier_language"].type, book.columns["barrier_language"].frame) == (
        "boolean",
        "answers",
    )
    assert "barrier_time_work" not in book.columns


def test_a_label_comes_from_the_term_base_or_from_the_file(tmp_path: Path):
    book = load(
        tmp_path,
        **changed(
            "variables", "type: boolean, labels: *any}\n  hours", "type: boolean, term: gender}\n  hours"
        ),
    )
    assert book.variables["in_work"].labels["da"] == "køn"
    assert book.variables["hours"].labels["da"] == "ord"


@pytest.mark.parametrize("given", ["labels: *any, term: gender", "standard: none"])
def test_term_and_labels_are_neither_both_given_nor_both_left_out(tmp_path: Path, given: str):
    text = "concept: Hours., frame: answers, type: number, minimum: 0, maximum: 168, labels: *any"
    found = told(tmp_path, **changed("variables", text, text.replace("labels: *any", given)))
    assert "hours: exactly one of 'term' and 'labels' must stand here." in found
    assert f"codebook/variables.yaml, line {line_of('variables', 'hours:')}" in found


def test_labels_of_four_languages_name_the_fifth(tmp_path: Path):
    found = told(tmp_path, **changed("variables", ", fi: sana}, spss: -1", "}, spss: -1"))
    assert "'fi' is missing" in found


def test_an_unknown_term_names_the_nearest(tmp_path: Path):
    text = "concept: Hours., frame: answers, type: number, minimum: 0, maximum: 168, "
    found = told(tmp_path, **changed("variables", text + "labels: *any", text + "term: gendre"))
    assert "'gendre' is not in the term base. Did you mean 'gender'?" in found


def test_problems_of_all_files_are_told_at_once_each_with_its_line(tmp_path: Path):
    found = told(
        tmp_path,
        **changed("programmes", "kind: programme, name: FIKA", "kinds: programme, name: FIKA"),
        **changed("scales", "middle: true", "middle: false"),
        **changed("barriers", "other: {asked: true, domain: rest", "other: {asked: true, domain: rets"),
        **changed("variables", "minimum: 15", "minimum: 150"),
    )  # fmt: skip
    assert "codebook/programmes.yaml, line 3: programmes.fika: the key 'kinds' is not known." in found
    assert "codebook/scales.yaml, line 5: grade3_da: 3 steps and middle: false do not agree." in found
    assert (
        "codebook/barriers.yaml, line 5: other: the domain 'rets' is not declared. Did you mean 'rest'?"
        in found
    )
    assert "age: minimum lies above maximum." in found


def test_a_missing_file_is_told_with_the_problems_of_the_others(tmp_path: Path):
    for name, text in CODEBOOK.items():
        if name != "programmes.yaml":
            write(tmp_path / name, text.replace("middle: true", "middle: false"))
    with pytest.raises(StudyError) as caught:
        load_codebook(tmp_path)
    assert "codebook/programmes.yaml: The file does not exist." in str(caught.value)
    assert "middle: false do not agree" in str(caught.value)


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        pytest.param(
            "variables", "frame: people, type: number, unit", "frame: people, type: category, unit",
            "age: type 'category' and a list of categories belong together.", id="no categories",
        ),
        pytest.param(
            "variables", "outputs: {score: {type: number, minimum: 0, maximum: 100}, high: {type: boolean}}",
            "source: here", "skill: a scale needs outputs.", id="scale without outputs",
        ),
        pytest.param(
            "variables", "labels: *any\n    outputs:\n      level",
            "labels: *any\n    categories: {low: {labels: *any}}\n    outputs:\n      level",
            "education: categories stand beside outputs.", id="categories beside outputs",
        ),
        pytest.param(
            "variables", "  matched:", "  education_level:",
            "its column 'education_level' is also a column of education.", id="one name twice",
        ),
        pytest.param(
            "variables", "  matched:", "  round:", "its column 'round' is also a key.", id="name of a key"
        ),
        pytest.param(
            "variables", "  rule_failed: {", "  rule_failes: {",
            "The missing reason 'rule_failed' is not declared", id="a reason that rules lead to",
        ),
        pytest.param(
            "variables", "spss: -4, stata: .r", "spss: -3, stata: .r",
            "refused has the SPSS or Stata code of dont_know.", id="one code for two reasons",
        ),
        pytest.param(
            "variables", "stata: .r", "stata: r", "'r' stands where a dot and a letter, such as .d belongs.",
            id="stata code without its dot",
        ),
        pytest.param(
            "scales", "98: dont_know", "98: dont_knw",
            "grade4_nb: the missing reason 'dont_knw' is not known. Did you mean 'dont_know'?",
            id="unknown reason in a scale",
        ),
    ],
)  # fmt: skip
def test_a_contradiction_in_the_codebook_is_told(tmp_path: Path, part: str, old: str, new: str, says: str):
    found = told(tmp_path, **changed(part, old, new))
    assert says in found
    assert f"codebook/{part}.yaml, line " in found


SCALE = """\
scales:
  s:
    languages: [{languages}]
    direction: {direction}
    middle: {middle}
    basis: test
    categories: [{steps}]
    missing: {{{missing}}}
"""


def scale(
    steps: str,
    *,
    direction: str = "ascending",
    middle: str = "false",
    missing: str = "",
    languages: str = "nb",
) -> dict[str, str]:
    text = SCALE.format(direction=direction, middle=middle, steps=steps, missing=missing, languages=languages)
    return {"scales": text}


TWO = "{code: 1, labels: {nb: Lite}}, {code: 2, labels: {nb: Mye}}"


def test_codes_that_run_against_the_declared_direction_are_told_at_the_direction(tmp_path: Path):
    found = told(tmp_path, **scale(TWO, direction="descending"))
    assert "codebook/scales.yaml, line 4: s: the codes 1, 2 from low to high are not descending." in found


def test_codes_that_fall_from_low_to_high_are_descending(tmp_path: Path):
    falling = "{code: 2, labels: {nb: Lite}}, {code: 1, labels: {nb: Mye}}"
    assert load(tmp_path, **scale(falling, direction="descending")).scales["s"].categories[0].code == "2"
    assert "not ascending" in told(tmp_path, **scale(falling))


def test_an_even_number_of_steps_has_no_middle(tmp_path: Path):
    assert "line 5: s: 2 steps and middle: true do not agree." in told(tmp_path, **scale(TWO, middle="true"))


@pytest.mark.parametrize(
    ("steps", "missing", "says"),
    [
        ("{code: 1}, {}", "", "step 2 has neither a code nor labels"),
        ("{code: 1}, {code: 1}", "", "'1' is step 2 and stands at step 1 too"),
        ("{labels: {nb: Mye}}, {labels: {nb: ' MYE'}}", "", "' MYE' is step 2 and stands at step 1 too"),
        (TWO, "2: refused", "'2' is step 2 and stands among the missing answers too"),
        (TWO, "lite: refused", "'Lite' is step 1 and stands among the missing answers too"),
    ],
)
def test_an_answer_stands_for_one_step_alone(tmp_path: Path, steps: str, missing: str, says: str):
    assert says in told(tmp_path, **scale(steps, missing=missing))


def test_one_word_in_two_languages_is_one_step(tmp_path: Path):
    both = "{labels: {nb: Lite, da: Lidt}}, {labels: {nb: Enig, da: Enig}}"
    assert len(load(tmp_path, **scale(both, languages="nb, da")).scales["s"].categories) == 2


def test_a_label_in_a_language_that_the_scale_does_not_have_is_told(tmp_path: Path):
    found = told(tmp_path, **scale("{code: 1, labels: {nb: Lite, dk: Lidt}}, {code: 2, labels: {nb: Mye}}"))
    assert "s: step 1 has a label in 'dk', no language of the scale." in found


def test_a_step_that_no_file_in_one_of_its_languages_could_show_is_told(tmp_path: Path):
    steps = "{labels: {nb: Lite, da: Lidt}}, {labels: {nb: Mye}}"
    assert "s: step 2 has no label in 'da', and no code." in told(
        tmp_path, **scale(steps, languages="nb, da")
    )
    coded = steps.replace("{labels: {nb: Mye}}", "{code: 2, labels: {nb: Mye}}")
    assert load(tmp_path, **scale(coded, languages="nb, da")).scales["s"].categories[1].code == "2"
