"""Every mistake that can be made in a crosswalk gives a sentence with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import CODEBOOK, crosswalk, write

from kij_analysis.codebook import load_codebook, load_crosswalk
from kij_analysis.errors import StudyError


def told(folder: Path, rules: str, **changes: object) -> str:
    for name, text in CODEBOOK.items():
        write(folder / name, text)
    path = folder / "crosswalks" / "kv_end.yaml"
    write(path, crosswalk(rules, **changes))
    with pytest.raises(StudyError) as caught:
        load_crosswalk(path, load_codebook(folder))
    return str(caught.value)


MISTAKES = {
    "unknown variable": (
        "gendr:\n  constant: {value: woman}\n  status: complete",
        (3, "The codebook has no variable 'gendr'. Did you mean 'gender'?"),
    ),
    "key as a variable": ("wave:\n  constant: {value: end}\n  status: complete", (3, "no variable 'wave'")),
    "barrier that is not asked": (
        "barrier_time_work:\n  impossible: {because: x}",
        (3, "no variable 'barrier_time_work'"),
    ),
    "unknown output": (
        "education:\n  outputs:\n    lvel: {impossible: {because: x}}",
        (5, "'education' has no output 'lvel'. It has 'level', 'years'."),
    ),
    "outputs where there are none": (
        "age:\n  outputs:\n    years: {direct: {from: A}, status: complete}",
        (5, "It has no outputs: write the rule without them."),
    ),
    "a rule for two outputs": (
        "education:\n  map: {from: A, values: {x: low}}\n  status: complete",
        (3, "'education' has the outputs 'level', 'years'. Write a rule for each under outputs:."),
    ),
    "a rule beside outputs": (
        "education:\n  map: {from: A, values: {x: low}}\n  outputs:\n    level: {impossible: {because: x}}",
        (4, "'education' has 'map' beside outputs."),
    ),
    "unknown category": (
        "gender:\n  map:\n    from: A\n    values:\n      Kvinde: women\n  status: complete",
        (7, "'women' is not a category of 'gender'. Did you mean 'woman'?"),
    ),
    "unknown missing reason": (
        "gender:\n  map:\n    from: A\n    values:\n      Kvinde: woman\n      Nej: {missing: refuse}\n"
        "  status: complete",
        (8, "The missing reason 'refuse' is not known. Did you mean 'refused'?"),
    ),
    "misspelt missing": (
        "gender:\n  map:\n    from: A\n    values:\n      Nej: {mising: refused}\n  status: complete",
        (7, "the key 'mising' is not known. Did you mean 'missing'?"),
    ),
    "unknown reason under missing": (
        "age:\n  direct:\n    from: A\n    missing:\n      97: refusd\n  status: complete",
        (7, "The missing reason 'refusd' is not known."),
    ),
    "unknown reason under otherwise": (
        "age:\n  direct: {from: A, otherwise: invald}\n  status: complete",
        (4, "The missing reason 'invald' is not known. Did you mean 'invalid'?"),
    ),
    "otherwise for a category": (
        "gender:\n  direct: {from: A, otherwise: invalid}\n  status: complete",
        (4, "otherwise: is for numbers and dates."),
    ),
    "unknown kind": (
        "gender:\n  recode: {from: A}\n  status: complete",
        (4, "the key 'recode' is not known."),
    ),
    "no kind": ("gender:\n  status: complete", (3, "'gender' needs exactly one kind of rule, found none.")),
    "two kinds": (
        "gender:\n  constant: {value: woman}\n  direct: {from: A}\n  status: complete",
        (3, "'gender' needs exactly one kind of rule, found 'direct', 'constant'."),
    ),
    "no status": ("gender:\n  constant: {value: woman}", (3, "'gender' has no status.")),
    "partial without because": (
        "gender:\n  constant: {value: woman}\n  status: partial",
        (3, "'gender' is partial without a reason."),
    ),
    "impossible with a status": (
        "gender:\n  impossible: {because: x}\n  status: complete",
        (3, "'gender' is impossible and has a status."),
    ),
    "impossible without because": ("gender:\n  impossible: {}", (4, "'because' is missing.")),
    "impossible and identical": (
        "gender:\n  impossible: {because: x, detail: identical}",
        (4, "'identical' is not known."),
    ),
    "text for a boolean": (
        "in_work:\n  map: {from: A, values: {Ja: ja}}\n  status: complete",
        (4, "'in_work' is true or false, not 'ja'."),
    ),
    "boolean for text": (
        "place:\n  map: {from: A, values: {Ja: true}}\n  status: complete",
        (4, "'place' is text, not 'True'."),
    ),
    "text for a number": (
        "hours:\n  map: {from: A, values: {Fuldtid: full}}\n  status: complete",
        (4, "'hours' is a number, not 'full'."),
    ),
    "boolean for a number": (
        "hours:\n  map: {from: A, values: {Fuldtid: true}}\n  status: complete",
        (4, "'hours' is a number, not 'True'."),
    ),
    "number outside its bounds": (
        "hours:\n  map: {from: A, values: {Fuldtid: 370}}\n  status: complete",
        (4, "370 lies outside what 'hours' may be (0–168)."),
    ),
    "a date that is none": (
        "start:\n  constant: {value: 2024-02-31}\n  status: complete",
        (4, "'start' is a date, not '2024-02-31'."),
    ),
    "a label without a rule": (
        "gender:\n  map:\n    from: A\n    values: {1: woman}\n    labels: {1: Kvinne, 2: Mann}\n"
        "  status: complete",
        (7, "'2' has a label but no rule."),
    ),
    "a day in words": (
        "gender:\n  constant: {value: woman}\n  status: complete\n  on: yesterday",
        (6, "'yesterday' stands where a date such as 2026-03-02 belongs."),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "says"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_a_rule_is_told(tmp_path: Path, rules: str, says: tuple[int, str]):
    line, text = says
    found = [row for row in told(tmp_path, rules).splitlines() if text in row]
    assert len(found) == 1, told(tmp_path, rules)
    assert found[0].startswith(f"crosswalks/kv_end.yaml, line {line}: ")


SCALED = "skill:\n  rescale:\n    from: A\n    scale: grade3_da\n    outputs:\n      {}\n  status: complete"
RESCALES = {
    "unknown scale": (
        SCALED.replace("grade3_da", "grade3").format("score: {method: stretch}"),
        (6, "scales.yaml has no scale 'grade3'. Did you mean 'grade3_da'?"),
    ),
    "unknown step": (
        SCALED.format("high: {method: threshold, at: I høy grad}"),
        (8, "The scale 'grade3_da' has no step 'I høy grad'. Did you mean 'I høj grad'?"),
    ),
    "no step": (SCALED.format("high: {method: threshold}"), (8, "threshold needs the step")),
    "unknown output": (SCALED.format("points: {method: stretch}"), (8, "'skill' has no output 'points'.")),
    "unknown method": (SCALED.format("score: {method: zscore}"), (8, "'zscore' is not known.")),
    "a stretch to a boolean": (
        SCALED.format("high: {method: stretch}"),
        (8, "stretch gives a number, and 'skill_high' is a boolean. Write method: threshold."),
    ),
    "a threshold to a number": (
        SCALED.format("score: {method: threshold, at: Slet ikke}"),
        (8, "threshold gives a boolean, and 'skill_score' is a number."),
    ),
    "a step for a stretch": (
        SCALED.format("score: {method: stretch, at: Slet ikke}"),
        (8, "stretch does not use at:."),
    ),
    "a stretch downwards": (
        SCALED.format("score: {method: stretch, to: [100, 0]}"),
        (8, "to: [100, 0] does not run from low to high."),
    ),
    "a stretch beyond the bounds": (
        SCALED.format("score: {method: stretch, to: [0, 1000]}"),
        (8, "1000 lies outside what 'skill_score' may be (0–100)."),
    ),
    "a rescale of two outputs below one": (
        "skill:\n  outputs:\n    high:\n      rescale:\n        from: A\n        scale: grade3_da\n"
        "        outputs: {high: {method: threshold, at: I høj grad}, score: {method: stretch}}\n"
        "      status: complete",
        (5, "This rescale must have the output 'high' alone."),
    ),
}


@pytest.mark.parametrize(("rules", "says"), RESCALES.values(), ids=RESCALES)
def test_a_mistake_in_a_rescale_is_told(tmp_path: Path, rules: str, says: tuple[int, str]):
    test_a_mistake_in_a_rule_is_told(tmp_path, rules, says)


TICKS = (
    "barriers:\n  any_of:\n    columns: {}\n    chosen: {}\n    not_chosen: ['', 0]\n    none_chosen: {}\n"
    "  status: complete"
)
CELL = "barriers:\n  any_of: {}\n  status: complete"
CHOICES = {
    "one cell without what empty means": (
        CELL.format("{from: A, separator: ';', values: {Sprog: language}}"),
        (4, "any_of has 'from', 'separator', 'values'. This form needs 'empty', 'from', 'separator',"),
    ),
    "columns without what is not chosen": (
        CELL.format("{columns: {A: language}, chosen: [x], none_chosen: none}"),
        (4, "This form needs 'chosen', 'columns', 'none_chosen', 'not_chosen'."),
    ),
    "both forms": (
        CELL.format("{from: A, columns: {A: language}, chosen: [x], not_chosen: [''], none_chosen: none}"),
        (4, "any_of has 'chosen', 'columns', 'from', 'none_chosen', 'not_chosen'."),
    ),
    "neither form": (CELL.format("{missing: {x: refused}}"), (4, "any_of has nothing.")),
    "unknown barrier": (
        CELL.format("\n    from: A\n    separator: ';'\n    empty: none\n    values: {Sprog: langauge}"),
        (8, "'langauge' is not in the classification of barriers. Did you mean 'language'?"),
    ),
    "unknown barrier over a column": (
        TICKS.format("{A: netwrk}", "[x]", "none"),
        (5, "'netwrk' is not in the classification of barriers. Did you mean 'network'?"),
    ),
    "unknown reason for empty": (
        CELL.format("\n    from: A\n    separator: ';'\n    values: {Sprog: language}\n    empty: blank"),
        (8, "The missing reason 'blank' is not known."),
    ),
    "unknown reason for nothing chosen": (
        TICKS.format("{A: language}", "[x]", "never"),
        (8, "The missing reason 'never' is not known."),
    ),
    "chosen and not chosen": (
        TICKS.format("{A: language}", "['0']", "none"),
        (6, "'0' stands under chosen: and not_chosen:."),
    ),
    "map for the group": (
        "barriers:\n  map: {from: A, values: {Sprog: language}}\n  status: complete",
        (3, "'barriers' takes the rule any_of."),
    ),
    "any_of for another variable": (
        CELL.replace("barriers", "in_work").format("{from: A, separator: ;, empty: none, values: {S: x}}"),
        (4, "'x' stands where true or false belongs."),
    ),
    "no status for many barriers": (
        "barriers:\n  any_of: {from: A, separator: ';', empty: none, values: {S: language, N: network}}",
        (3, "'barriers' has no status."),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "says"), CHOICES.values(), ids=CHOICES)
def test_a_mistake_in_a_multiple_choice_is_told_once(tmp_path: Path, rules: str, says: tuple[int, str]):
    test_a_mistake_in_a_rule_is_told(tmp_path, rules, says)


GENDER = "gender:\n  map: {from: Køn, values: {Kvinde: woman}}\n  status: complete"
INSTRUMENTS = {
    "unknown programme": ({"programme": "kvinf"}, "not in programmes.yaml. Did you mean 'kvinfo'?"),
    "no encoding": ({"file": {"format": "delimited"}}, "A delimited file needs its encoding."),
    "unknown format": ({"file": {"format": "csv"}}, "'csv' is not known."),
    "no key": ({"keys": {}}, "'person_id' is missing: one row is a person."),
    "unknown reason": ({"missing": {"": "blank"}}, "The missing reason 'blank' is not known."),
    "free text that a rule reads": ({"free_text": ["Køn"]}, "under free_text:, but gender is read from it."),
    "free text that is a key": ({"free_text": ["Id"]}, "'Id' stands under free_text:, but the key person_id"),
    "a rule reads what is ignored": ({"ignored": {"Køn": "x"}}, "'Køn' stands under ignored:, but gender"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "says"), INSTRUMENTS.values(), ids=INSTRUMENTS)
def test_a_mistake_about_the_instrument_is_told_in_its_line(tmp_path: Path, changes: dict, says: str):
    found = told(tmp_path, GENDER, **changes)
    assert says in found
    assert found.startswith("crosswalks/kv_end.yaml, line 1: ")


def test_the_id_is_the_name_of_the_file(tmp_path: Path):
    assert "The id 'kv_slut' and the file's name 'kv_end.yaml' differ." in told(
        tmp_path, GENDER, id="kv_slut"
    )


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines(tmp_path: Path):
    rules = (
        "gendr: {constant: {value: woman}}\nage: {direct: {from: A}}\n"
        "start:\n  constant: {value: never}\n  status: complete"
    )
    found = told(tmp_path, rules, programme="kvinf").splitlines()
    assert [line.split(":")[0] for line in found] == [
        f"crosswalks/kv_end.yaml, line {number}" for number in (1, 3, 4, 6)
    ]


def rule(variable: str, kind: str, status: str = "status: complete") -> str:
    return f"{variable}:\n  {kind}\n  {status}"


FORM = "form: {format: delimited, encoding: utf-8}"
FURTHER = {
    "an interval that cannot be read": (
        rule("hours", 'intervals: {from: A, values: {"[0,5,1,5]": 1}}'),
        (4, "'[0,5,1,5]' cannot be read as an interval: it needs two ends with one comma between them;"),
    ),
    "no interval": (rule("hours", "intervals: {from: A, values: {99: 1}}"), (4, "No interval stands here.")),
    "an interval to no category": (
        rule("gender", 'intervals: {from: A, values: {"[0, 5]": copy}}'),
        (4, "'copy' is not a category of 'gender'."),
    ),
    "else and otherwise": (
        rule(
            "hours",
            'intervals: {from: A, values: {"[0, 5]": 1, else: {missing: refused}}, otherwise: invalid}',
        ),
        (4, "otherwise: and else: say different things."),
    ),
    "a mirror without an end": (
        rule("hours", "reverse: {from: A, low: 1}"),
        (4, "reverse needs low: and high:, or a scale:."),
    ),
    "a mirror with its ends exchanged": (
        rule("hours", "reverse: {from: A, low: 5, high: 1}"),
        (4, "low: 5 is not below high: 1."),
    ),
    "a mirror beyond the codebook": (
        rule("hours", "reverse: {from: A, low: 1, high: 500}"),
        (4, "500 lies outside what 'hours' may be (0–168)."),
    ),
    "a mirror for a category": (
        rule("gender", "reverse: {from: A, low: 1, high: 3}"),
        (4, "reverse with low: and high: gives a number, and 'gender' is a category."),
    ),
    "a turned scale without order": (
        rule("gender", "reverse: {from: A, scale: grade3_da}"),
        (4, "'gender' has none."),
    ),
    "a turned scale of another length": (
        "education:\n  outputs:\n    level:\n      reverse: {from: A, scale: grade4_nb}\n"
        "      status: complete",
        (6, "The scale has 4 steps and 'education_level' 3 categories."),
    ),
    "a pattern that is none": (
        rule("status", 'map: {from: A, match: regex, values: {"job(": employed}}'),
        (4, "'job(' is no regular expression"),
    ),
    "labels of patterns": (
        rule("status", "map: {from: A, match: regex, values: {1: employed}, labels: {1: Job}}"),
        (4, "labels: does not go with match: regex."),
    ),
    "counting into yes and no": (
        rule("in_work", 'count_of: {from: A, separator: ";", values: {x: true}, empty: none}'),
        (4, "count_of gives a number, and 'in_work' is a boolean."),
    ),
    "any of into a number": (
        rule("hours", 'any_of: {from: A, separator: ";", values: {x: true}, empty: none}'),
        (4, "any_of gives a yes/no variable, and 'hours' is a number."),
    ),
    "a score of too few items": (
        rule("hours", "score: {items: [A, B], range: [1, 5], method: mean, minimum: 3}"),
        (4, "minimum: 3 is more than the 2 items."),
    ),
    "a score with an item twice": (
        rule("hours", "score: {items: [A, A], range: [1, 5], method: mean, minimum: 1}"),
        (4, "'A' stands twice among the items."),
    ),
    "a sum beyond the codebook": (
        rule("hours", "score: {items: [A, B], range: [0, 100], method: sum, minimum: 1}"),
        (4, "200 lies outside what 'hours' may be (0–168)."),
    ),
    "a sum that is spread": (
        rule("hours", "score: {items: [A, B], range: [0, 5], method: sum, minimum: 1, to: [0, 100]}"),
        (4, "to: goes with method: mean."),
    ),
    "a number of an item outside the range": (
        rule("hours", "score: {items: [A, B], values: {Ja: 7}, range: [0, 5], method: mean, minimum: 1}"),
        (4, "7 lies outside range: [0, 5]."),
    ),
    "an unknown scale of an item": (
        rule("hours", "score: {items: [A, {from: B, scale: grad}], range: [0, 5], method: mean, minimum: 1}"),
        (4, "scales.yaml has no scale 'grad'."),
    ),
    "a range the wrong way round": (
        rule("hours", "score: {items: [A, B], range: [5, 1], method: mean, minimum: 1}"),
        (4, "range: [5, 1] does not run from low to high."),
    ),
    "a key file outside the study": (
        rule("hours", f"join: {{from: A, file: ../k.csv, {FORM}, key: k, bring: b}}"),
        (4, "The key file '../k.csv' does not lie in the study's folder of raw data."),
    ),
    "a key file without an encoding": (
        rule("hours", "join: {from: A, file: k.csv, form: {format: delimited}, key: k, bring: b}"),
        (4, "A delimited file needs its encoding."),
    ),
    "a key file in SPSS": (
        rule("hours", "join: {from: A, file: k.sav, form: {format: spss}, key: k, bring: b}"),
        (4, "'spss' is not known."),
    ),
    "a formula with a slip": (
        rule("hours", "expr: {inputs: {a: {from: A, type: number}}, formula: flor(a)}"),
        (4, "In the formula 'flor(a)': Character 1:"),
    ),
    "a formula of other inputs": (
        rule("hours", "expr: {inputs: {a: {from: A, type: number}}, formula: a + b}"),
        (4, "there is no input 'b'"),
    ),
    "an input that nobody uses": (
        rule(
            "hours",
            "expr: {inputs: {a: {from: A, type: number}, b: {from: B, type: number}}, formula: a * 2}",
        ),
        (4, "The formula does not use 'b'."),
    ),
    "a formula of another type": (
        rule("gender", "expr: {inputs: {a: {from: A, type: number}}, formula: a > 2}"),
        (4, "The formula gives a truth, and 'gender' is a category."),
    ),
    "a text among the numbers of an input": (
        rule("hours", "expr: {inputs: {a: {from: A, type: number, values: {Ja: ja}}}, formula: a}"),
        (4, "'ja' is no number, and the input's type is number."),
    ),
}


@pytest.mark.parametrize(("rules", "says"), FURTHER.values(), ids=FURTHER)
def test_a_mistake_in_a_further_kind_of_rule_is_told_once(tmp_path: Path, rules: str, says: tuple[int, str]):
    test_a_mistake_in_a_rule_is_told(tmp_path, rules, says)


METHODS = {
    "ridits without a reference": (
        SCALED.format("score: {method: ridit, to: [0, 1]}"),
        (8, "ridit needs the people whom it compares with"),
    ),
    "ridits without their ends": (
        SCALED.format("score: {method: ridit, reference: own}"),
        (8, "ridit needs the numbers between which it runs"),
    ),
    "ridits with a step left out": (
        SCALED.format("score: {method: ridit, to: [0, 1], reference: {Slet ikke: 3, I høj grad: 2}}"),
        (8, "The scale 'grade3_da' also has the steps 'I nogen grad'."),
    ),
    "ridits of nobody": (
        SCALED.format(
            "score: {method: ridit, to: [0, 1], reference: {Slet ikke: 0, I nogen grad: 0, I høj grad: 0}}"
        ),
        (8, "All weights of the reference are zero."),
    ),
    "a table with a step left out": (
        SCALED.format("score: {method: table, values: {Slet ikke: 3, I høj grad: 2}}"),
        (8, "The scale 'grade3_da' also has the steps 'I nogen grad'."),
    ),
    "a table beyond the codebook": (
        SCALED.format("score: {method: table, values: {Slet ikke: 3, I nogen grad: 4, I høj grad: 200}}"),
        (8, "200 lies outside what 'skill_score' may be (0–100)."),
    ),
    "a table with ends": (
        SCALED.format("score: {method: table, to: [0, 1], values: {Slet ikke: 3}}"),
        (8, "table does not use to:."),
    ),
}


@pytest.mark.parametrize(("rules", "says"), METHODS.values(), ids=METHODS)
def test_a_mistake_in_a_method_is_told_once(tmp_path: Path, rules: str, says: tuple[int, str]):
    test_a_mistake_in_a_rule_is_told(tmp_path, rules, says)
