"""The expression language: what it reads, and how it points at what it does not."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kij_analysis.codebook.expression_nodes import Arithmetic, Call, Comparison, Logic, Name, Number, Text
from kij_analysis.codebook.expressions import FUNCTIONS, ExpressionError, check, parse

TYPES = {"age": "number", "hours": "number", "city": "text", "born": "date", "asked": "date", "new": "truth"}


def fault(text: str, *, types: dict[str, str] | None = None) -> ExpressionError:
    with pytest.raises(ExpressionError) as raised:
        check(parse(text), TYPES if types is None else types)
    return raised.value


def same(one: str, other: str) -> bool:
    return parse(one).root == parse(other).root


def test_names_stand_in_the_order_of_their_appearance():
    assert parse("b + coalesce(a, b, Øl_2)").names == ("b", "a", "Øl_2")


def test_an_expression_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        parse("a").text = "b"


def test_the_nodes_are_those_of_the_grammar():
    assert parse("a + 1.5 > 2").root == Comparison(
        ">", Arithmetic("+", Name("a", 0), Number(1.5, 0), 0), Number(2.0, 0), 0
    )
    assert parse("coalesce(city, 'x')").root == Call("coalesce", (Name("city", 0), Text("x", 0)), 0)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a / b * c", "(a / b) * c"),
        ("-a * b", "(-a) * b"),
        ("- 3", "-3"),
        ("not a = b and c or d", "((not (a = b)) and c) or d"),
        ("a or b and c", "a or (b and c)"),
        ("not not a", "not (not a)"),
        ("a + 1 in (1, -2)", "(a + 1) in (1, -2)"),
        ("a not in (1)", "not (a in (1))"),
        ("a = 1", "a == 1"),
        ("18 <= a < 65", "18 <= a and a < 65"),
        ("a\n  +\tb\u00a0+ c", "a + b + c"),
        (".5 * a", "0.5 * a"),
    ],
)
def test_operators_bind_as_in_arithmetic(text: str, meant: str):
    assert same(text, meant)


def test_more_than_two_conditions_are_one_row():
    root = parse("a and b and c").root
    assert isinstance(root, Logic) and len(root.parts) == 3


def test_a_quote_within_a_text_is_doubled():
    assert parse('"say ""no"""').root == Text('say "no"', 0)
    assert parse("'it''s'").root == Text("it's", 0)
    assert parse('"c:\\new"').root == Text("c:\\new", 0)


def test_letters_in_two_parts_are_one_letter():
    assert parse("a\u030ar + 1").names == ("år",)


FAULTS = [
    ("flor(age)", 1, "there is no function 'flor'. Did you mean 'floor'?"),
    ("age + flor(age)", 7, "there is no function 'flor'"),
    ("ærø_år + flor(age)", 10, "there is no function 'flor'"),
    ("IF(age > 1, 2, 3)", 1, "Write case(condition, value, else)."),
    ("age + ", 6, "the expression ends where a value belongs."),
    ("age + * 2", 7, "'*' stands where a value belongs."),
    ("(age + 1", 9, "the parenthesis opened at character 1 is not closed."),
    ("(age hours)", 6, "an operator is missing before 'hours'"),
    ("age + 1)", 8, "')' has no opening parenthesis."),
    ("age AND hours", 5, "an operator is missing before 'AND'. Did you mean 'and'?"),
    ("age + 1,5", 8, "Write decimals with a point: 1.5."),
    ("(age + 1,5)", 9, "Write decimals with a point: 1.5."),
    ("case(age > 1; 2; 3)", 13, "Separate what a function is given with commas."),
    ("age <> 1", 5, "Write != for 'is not'."),
    ("age ≤ 1", 5, "Write <=."),
    ("age ** 2", 5, "There are no powers"),
    ("age ^ 2", 5, "There are no powers"),
    ("age // 2", 5, "Write floor(x / y)."),
    ("age && hours", 5, "Write and."),
    ("city = “Oslo”", 8, "Write straight quotes"),
    ("city = 'Oslo", 8, "the text that begins here has no closing '."),
    ("city.upper", 5, "A name has no parts"),
    ("2age", 2, "Write 2 * x for 2x"),
    ("age > 1e9", 8, "1000 for 1e3"),
    ("age > 1234567890123456", 7, "more than 15 digits"),
    ("age in 1", 8, "Write in (1, 2)."),
    ("age in (1, hours)", 12, "holds numbers, texts in quotes and dates only"),
    ("age in (1) in (2)", 12, "two comparisons stand in a row"),
    ("age = 1 = hours", 9, "two comparisons stand in a row. Join them with and."),
    ("age < 1 > hours", 9, "two comparisons stand in a row"),
    ("floor()", 1, "floor takes 1 value, not 0. Write floor(number)."),
    ("floor(age, 1)", 1, "floor takes 1 value, not 2."),
    ("min(age)", 1, "min takes 2 or more values, not 1."),
    ("round(age, 1, 2)", 1, "round takes 1 to 2 values, not 3."),
    ("floor(age,)", 11, "')' stands where a value belongs."),
    ('date("2023-02-29")', 6, "date takes a day of the calendar in quotes."),
    ('date("20230201")', 6, "date takes a day of the calendar in quotes."),
    ("date(city)", 6, "date takes a day of the calendar in quotes."),
    ("+ age", 1, "'+' stands where a value belongs. Remove it."),
    ("and", 1, "'and' stands where a value belongs."),
    ("", 1, "nothing stands here."),
    ("age + åge", 7, "there is no input 'åge'. Did you mean 'age'?"),
    ("age - year", 7, "there is no input 'year'. Write year(date)."),
    ("age + city", 7, "'+' is for numbers, and this is a text. Declare the input as a number"),
    ("asked - born", 1, "Write days_between, months_between or years_between."),
    ("-city", 2, "'-' is for numbers, and this is a text."),
    ("city = 1", 8, 'a text is compared with a number. Write "1" in quotes if the input is text.'),
    ("age in (1, '2')", 12, "a number is compared with a text. Write 2 without quotes"),
    ("born > '2020-01-31'", 8, 'date("…")'),
    ("city < 'b'", 6, "'<' is for numbers and dates, and this is a text."),
    ("age and new", 1, "'and' is for conditions, and this is a number. Compare it with something"),
    ("not city", 5, "'not' is for conditions, and this is a text."),
    ("year(city)", 6, "'year' takes a date, and this is a text. Declare the input as a date"),
    ("any(new, age + 1)", 10, "'any' takes a truth, and this is a number."),
    ("case(age, 1)", 6, "a condition belongs here, and this is a number."),
    ("case(new, 1, 'x')", 14, "the values before are a number and this is a text."),
    ("coalesce(age, hours, city)", 22, "the values before are a number and this is a text."),
    ("min(city, 'x')", 1, "'min' is for numbers and dates, and this is a text."),
    ("round(age, hours)", 12, "a whole number from 0 to 10"),
    ("1 + 1", 1, "no input stands in the expression. Write constant: instead."),
]


@pytest.mark.parametrize(
    ("text", "character", "said"), FAULTS, ids=[text or "empty" for text, _, _ in FAULTS]
)
def test_a_fault_is_a_sentence_that_points_at_its_character(text: str, character: int, said: str):
    found = fault(text)
    assert found.character == character
    assert f"Character {character}: " in found.problems[0].what
    assert said in str(found.problems[0])


def test_the_caret_stands_below_the_character_also_after_danish_letters():
    assert str(fault("ærø_år + flor(age)")).splitlines()[1:] == ["ærø_år + flor(age)", "         ^"]


def test_of_several_lines_the_one_with_the_fault_is_shown():
    assert str(fault("age +\n\thours +\n  flor(age) +\n1")).splitlines()[1:] == ["  flor(age) +", "  ^"]


def test_of_a_long_line_the_surroundings_are_shown():
    shown, caret = str(fault("age + " * 60 + "flor(age)")).splitlines()[1:]
    assert len(shown) <= 100
    assert shown[caret.index("^") :] == "flor(age)"


def test_all_faults_of_type_are_told_at_once():
    found = fault("agee + city * 2 = born")
    assert [one.at for one in found.faults] == [0, 7, 18]


def test_an_unknown_input_is_not_also_of_the_wrong_type():
    assert len(fault("floor(agee) + 1 and new").faults) == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("age / 2", "number"),
        ("coalesce(city, 'none')", "text"),
        ("case(new, born, asked)", "date"),
        ("max(born, asked)", "date"),
        ("missing(city)", "truth"),
        ("age in (1, 2)", "truth"),
        ("case(age > 1, true, false)", "truth"),
        ("new = true", "truth"),
        ('min(born, date("2020-01-31"))', "date"),
        ("years_between(born, asked)", "number"),
    ],
)
def test_the_type_of_the_result_is_known_before_any_data_is(text: str, kind: str):
    assert check(parse(text), TYPES) == kind


HOSTILE = [
    "__import__('os').system('x')",
    "().__class__.__bases__[0]",
    "city.__class__",
    "lambda: 1",
    "[x for x in (1)]",
    "eval('1')",
    "open('x')",
    "age if new else 1",
    "age := 1",
    "f'{age}'",
    "9 ** 9 ** 9",
    "1" * 400,
    "1e999999",
    "(" * 1000 + "age" + ")" * 1000,
    "not " * 400 + "new",
    "-" * 1500 + "age",
    "floor(" * 300 + "age" + ")" * 300,
    "age" + " + age" * 300,
    "age" + " + 1" * 10_000,
    '"' + "a" * 1990,
    "age\x00",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12].encode("unicode_escape").decode())
def test_what_could_run_or_exhaust_the_computer_is_refused(text: str):
    with pytest.raises(ExpressionError):
        check(parse(text), {**TYPES, "x": "number"})


def test_a_name_with_underscores_is_an_input_like_others():
    assert "there is no input '__class__'" in str(fault("__class__"))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*FUNCTIONS, "age", "city", "born", "new", "and", "or", "not", "in", "(", ")", ",", "+", "-", "*",
             "/", "=", "<", "!=", "1", "2.5", "'x'", '"', ".", "æ", " "]
        ),
        max_size=12,
    )
)  # fmt: skip
def test_any_text_is_an_expression_or_gets_a_sentence_with_a_place_in_it(parts: list[str]):
    text = " ".join(parts)
    try:
        check(parse(text), TYPES)
    except ExpressionError as error:
        assert 1 <= error.character <= len(text) + 1
        assert all(problem.what.endswith((".", "'")) for problem in error.problems)
