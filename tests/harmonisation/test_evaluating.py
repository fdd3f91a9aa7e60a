"""Expressions on columns: exact results, and the same as a slow computation row by row."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import floor, isfinite

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kij_analysis.codebook.expressions import ExpressionError, parse
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation.evaluating import NO_CASE, UNDEFINED, VALID, Operand, evaluate

DTYPES = {"number": "float64", "text": object, "date": "datetime64[s]", "truth": bool}
GAP = {"number": np.nan, "text": None, "date": np.datetime64("NaT"), "truth": False}


@dataclass(frozen=True)
class Gone:
    """A missing cell in the tests: the position of its reason, or an outcome."""

    code: int


def column(kind: str, *cells: object) -> Operand:
    values = [GAP[kind] if isinstance(cell, Gone) else cell for cell in cells]
    reasons = [cell.code if isinstance(cell, Gone) else VALID for cell in cells]
    array = np.empty(len(values), dtype=DTYPES[kind])
    array[:] = values
    return Operand(array, np.array(reasons, dtype="int8"))


def cells(operand: Operand) -> list[object]:
    """The column as a list; dates as text."""
    found: list[object] = []
    for value, reason in zip(operand.values, operand.reasons.tolist(), strict=True):
        if isinstance(value, np.datetime64):
            value = str(value.astype("datetime64[D]"))
        found.append((value if isinstance(value, str) else value.item()) if reason == VALID else Gone(reason))
    return found


def run(text: str, **inputs: Operand) -> list[object]:
    return cells(evaluate(parse(text), inputs))


def numbers(*values: object) -> Operand:
    return column("number", *values)


def texts(*values: object) -> Operand:
    return column("text", *values)


def dates(*values: object) -> Operand:
    days = [v if isinstance(v, Gone) else np.datetime64(v, "s") for v in values]
    return column("date", *days)


def truths(*values: object) -> Operand:
    return column("truth", *values)


ASKED, REFUSED = Gone(2), Gone(5)


def test_arithmetic_with_a_missing_part_is_missing_with_the_first_reason():
    found = run("a + 2 * b", a=numbers(1, ASKED, REFUSED, REFUSED), b=numbers(10, 1, 1, ASKED))
    assert found == [21.0, ASKED, REFUSED, ASKED]


def test_a_comparison_with_a_missing_part_is_missing():
    assert run("a >= 2", a=numbers(1, 2, ASKED)) == [False, True, ASKED]
    assert run("a in (1, 3)", a=numbers(1, 2, ASKED)) == [True, False, ASKED]
    assert run("a not in (1, 3)", a=numbers(1, 2, ASKED)) == [False, True, ASKED]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a and b", [True, False, REFUSED, False, False, False, ASKED, False, ASKED]),
        ("a or b", [True, True, True, True, False, REFUSED, True, ASKED, ASKED]),
        ("not a", [False, False, False, True, True, True, ASKED, ASKED, ASKED]),
    ],
)
def test_logic_is_sure_where_the_missing_part_does_not_matter(text: str, expected: list[object]):
    a = truths(True, True, True, False, False, False, ASKED, ASKED, ASKED)
    b = truths(True, False, REFUSED, True, False, REFUSED, True, False, REFUSED)
    assert run(text, a=a, b=b) == expected


def test_any_and_all_are_or_and_and():
    a, b, c = truths(True, False, ASKED), truths(ASKED, REFUSED, True), truths(False, False, REFUSED)
    assert run("any(a, b, c)", a=a, b=b, c=c) == run("a or b or c", a=a, b=b, c=c) == [True, REFUSED, True]
    assert run("all(a, b, c)", a=a, b=b, c=c) == run("a and b and c", a=a, b=b, c=c) == [False, False, ASKED]


def test_coalesce_takes_the_first_value_that_is_there():
    found = run("coalesce(a, b)", a=texts("x", ASKED, REFUSED), b=texts("y", "z", ASKED))
    assert found == ["x", "z", ASKED]


def test_case_takes_the_first_condition_that_holds():
    a = numbers(1, 2, 3)
    assert run("case(a >= 3, 'high', a >= 2, 'middle', 'low')", a=a) == ["low", "middle", "high"]


def test_where_no_condition_holds_and_nothing_is_said_for_that_the_row_is_told_apart():
    assert run("case(a = 1, 'one')", a=numbers(1, 2, ASKED)) == ["one", Gone(NO_CASE), ASKED]


def test_a_missing_condition_is_passed_over_but_never_ends_in_the_value_for_the_rest():
    a, b = numbers(ASKED, ASKED, 2), numbers(1, 2, REFUSED)
    assert run("case(a = 1, 'a', b = 1, 'b', 'rest')", a=a, b=b) == ["b", ASKED, REFUSED]


def test_a_condition_that_holds_beats_a_missing_one_after_it():
    assert run("case(a = 1, 'a', b = 1, 'b')", a=numbers(1), b=numbers(ASKED)) == ["a"]


def test_case_leads_to_a_missing_value_with_the_reason_of_that_value():
    assert run("case(a = 1, b, 0)", a=numbers(1, 2), b=numbers(REFUSED, REFUSED)) == [REFUSED, 0.0]


def test_missing_is_itself_never_missing():
    assert run("missing(a)", a=texts("x", ASKED, "")) == [False, True, False]
    assert run("missing(a / b)", a=numbers(1, 1), b=numbers(0, 1)) == [True, False]


def test_division_by_zero_is_an_outcome_of_its_own():
    assert run("a / b", a=numbers(1, 0, 1), b=numbers(0, 0, 2)) == [Gone(UNDEFINED), Gone(UNDEFINED), 0.5]


def test_the_outcome_of_a_division_by_zero_is_not_hidden_by_a_reason():
    assert run("a / 0 + b", a=numbers(1, ASKED), b=numbers(REFUSED, 1)) == [Gone(UNDEFINED), ASKED]


def test_what_grows_beyond_all_numbers_is_undefined():
    assert run("a * a", a=numbers(1e200, 2)) == [Gone(UNDEFINED), 4.0]
    assert run("a * 1", a=numbers(np.inf, np.nan)) == [Gone(UNDEFINED)] * 2


def test_a_missing_cell_holds_the_empty_value_of_its_type():
    found = evaluate(parse("a + 1"), {"a": Operand(np.array([7.0]), np.array([3], dtype="int8"))})
    assert np.isnan(found.values[0])
    (kept,) = evaluate(parse("coalesce(a, a)"), {"a": texts(ASKED)}).values
    assert kept is None


def test_texts_are_compared_as_labels_are():
    a = texts("Ledig", " ledig ", "A\u030aben  dør", "andet", ASKED)
    assert run("a = 'LEDIG'", a=a) == [True, True, False, False, ASKED]
    assert run("a in ('åben dør', 'andet')", a=a) == [False, False, True, True, ASKED]
    assert run("a != b", a=texts("x", "y"), b=texts("X", "z")) == [False, True]
    assert run("a = 'x'", a=texts(ASKED)) == [ASKED]


def test_an_empty_text_is_a_text_like_others():
    assert run("a = ''", a=texts("", "x")) == [True, False]


def test_halves_are_rounded_away_from_zero_by_the_digits_that_one_sees():
    assert run("round(a)", a=numbers(0.5, 1.5, 2.5, -2.5, 0.49999999999999994)) == [1.0, 2.0, 3.0, -3.0, 0.0]
    assert run("round(a, 2)", a=numbers(1.005, 2.675, -1.005, 1e300)) == [1.01, 2.68, -1.01, 1e300]


def test_no_result_is_a_negative_zero():
    for text in ("round(a)", "-(a * 0)", "a * 0"):
        assert str(run(text, a=numbers(-0.4))) == "[0.0]"


def test_floor_goes_down_and_abs_drops_the_sign():
    assert run("floor(a)", a=numbers(2.9, -2.1, ASKED)) == [2.0, -3.0, ASKED]
    assert run("abs(a)", a=numbers(2.5, -2.5, ASKED)) == [2.5, 2.5, ASKED]


def test_the_smallest_and_the_greatest_of_numbers_and_dates():
    assert run("min(a, b, 5)", a=numbers(1, 9, 9), b=numbers(2, 8, ASKED)) == [1.0, 5.0, ASKED]
    assert run("max(a, b)", a=dates("2024-01-31", ASKED), b=dates("2023-12-01", "2023-12-01")) == [
        "2024-01-31",
        ASKED,
    ]


@pytest.mark.parametrize(
    ("born", "asked", "years", "months", "days"),
    [
        ("2000-05-15", "2018-05-14", 17, 215, 6573),
        ("2000-05-15", "2018-05-15", 18, 216, 6574),
        ("2000-02-29", "2001-02-28", 0, 11, 365),
        ("2000-02-29", "2001-03-01", 1, 12, 366),
        ("2000-02-29", "2004-02-29", 4, 48, 1461),
        ("2024-01-31", "2024-02-29", 0, 0, 29),
        ("2024-01-31", "2024-03-01", 0, 1, 30),
        ("1969-12-31", "1970-01-01", 0, 0, 1),
        ("1899-07-01", "1969-06-30", 69, 839, 25566),
        ("2024-06-01", "2024-06-01", 0, 0, 0),
        ("2018-05-15", "2000-05-15", -18, -216, -6574),
        ("2018-05-14", "2000-05-15", -17, -215, -6573),
    ],
)
def test_completed_years_and_months(born: str, asked: str, years: int, months: int, days: int):
    columns = {"a": dates(born), "b": dates(asked)}
    assert run("years_between(a, b)", **columns) == [years]
    assert run("months_between(a, b)", **columns) == [months]
    assert run("days_between(a, b)", **columns) == [days]


def test_the_time_of_day_does_not_count():
    early, late = dates("2024-01-01T23:59:59"), dates("2024-01-02T00:00:01")
    assert run("days_between(a, b)", a=early, b=late) == [1.0]
    assert run("a = date('2024-01-01')", a=early) == [True]


def test_the_year_of_a_date():
    assert run("year(a)", a=dates("1969-12-31", "2024-01-01", ASKED)) == [1969.0, 2024.0, ASKED]


def test_a_span_with_a_missing_date_is_missing():
    assert run("years_between(a, b)", a=dates(ASKED, "2000-01-01"), b=dates("2024-01-01", REFUSED)) == [
        ASKED,
        REFUSED,
    ]


def test_an_input_that_is_not_used_does_not_matter():
    assert run("a + 1", a=numbers(1), b=texts(ASKED)) == [2.0]


def test_no_rows_give_no_rows():
    empty = {"a": texts(), "b": numbers(), "c": dates(), "d": dates()}
    assert run("case(a = 'x' and years_between(c, d) > 1, round(b, 1), 0)", **empty) == []


def test_the_inputs_stay_as_they_are():
    given_ = dates("2024-01-01T12:00", ASKED)
    before = given_.values.copy(), given_.reasons.copy()
    run("year(a)", a=given_)
    np.testing.assert_array_equal(given_.values, before[0])
    np.testing.assert_array_equal(given_.reasons, before[1])


def test_inputs_of_the_wrong_type_are_refused():
    with pytest.raises(ExpressionError, match="Character 1: '\\+' is for numbers"):
        run("a + 1", a=texts("x"))


def test_inputs_of_different_lengths_are_refused():
    with pytest.raises(UsageError, match=r"have \[1, 2\] rows"):
        run("a + b", a=numbers(1), b=numbers(1, 2))


# A slow computation of the same language, one row at a time, written apart from the one it checks.

Row = Mapping[str, object]
Made = tuple[str, Callable[[Row], object]]
"""An expression as text and what it gives for one row."""


def worst(*values: object) -> Gone | None:
    codes = [value.code for value in values if isinstance(value, Gone)]
    return Gone(min(codes)) if codes else None


def strict(compute: Callable[..., object], *parts: Callable[[Row], object]) -> Callable[[Row], object]:
    """A function that is missing where a part is."""

    def give(row: Row) -> object:
        values = [part(row) for part in parts]
        return worst(*values) or compute(*values)

    return give


def finite(compute: Callable[..., float]) -> Callable[..., object]:
    def give(*values: float) -> object:
        try:
            result = compute(*values)
        except ZeroDivisionError:
            return Gone(UNDEFINED)
        return result if isfinite(result) else Gone(UNDEFINED)

    return give


def half_up(value: float, digits: int) -> float:
    if abs(value) >= 2**53:
        return value
    return float(Decimal(str(value)).quantize(Decimal(10) ** -digits, rounding=ROUND_HALF_UP))


def completed_months(one: datetime.date, other: datetime.date) -> int:
    """The number of months that have gone by, by walking from month to month."""
    if other < one:
        return -completed_months(other, one)
    gone = 0
    while True:
        year, month = divmod(one.year * 12 + one.month - 1 + gone + 1, 12)
        # The 31st of a short month is the first of the next one.
        later = (year, month + 1, one.day)
        if later > (other.year, other.month, other.day):
            return gone
        gone += 1


def logic(decides: bool, *parts: Callable[[Row], object]) -> Callable[[Row], object]:
    def give(row: Row) -> object:
        values = [part(row) for part in parts]
        if any(value is decides for value in values):
            return decides
        return worst(*values) or (not decides)

    return give


def chosen(pairs: list[tuple[Callable, Callable]], rest: Callable | None) -> Callable[[Row], object]:
    def give(row: Row) -> object:
        conditions = [condition(row) for condition, _ in pairs]
        for condition, (_, value) in zip(conditions, pairs, strict=True):
            if condition is True:
                return value(row)
        if unknown := worst(*conditions):
            return unknown
        return rest(row) if rest else Gone(NO_CASE)

    return give


def first(*parts: Callable[[Row], object]) -> Callable[[Row], object]:
    def give(row: Row) -> object:
        values = [part(row) for part in parts]
        valid = [value for value in values if not isinstance(value, Gone)]
        return valid[0] if valid else worst(*values)

    return give


NAMES = {"number": ("n", "m"), "text": ("t", "æ"), "date": ("d", "e"), "truth": ("p", "q")}
COMPARE: dict[str, Callable[[object, object], bool]] = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b,
}  # fmt: skip
COMPUTE: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b,
}  # fmt: skip


def leaf(kind: str) -> st.SearchStrategy[Made]:
    inputs = st.sampled_from(NAMES[kind]).map(lambda name: (name, lambda row: row[name]))
    literals = {
        "number": st.sampled_from(["0", "1", "2.5", "12"]).map(lambda s: (s, lambda row: float(s))),
        "text": st.sampled_from(["a", "B b", ""]).map(lambda s: (f"'{s}'", lambda row: s)),
        "date": st.dates(datetime.date(1960, 1, 1), datetime.date(2030, 1, 1)).map(
            lambda day: (f'date("{day}")', lambda row: day)
        ),
        "truth": st.booleans().map(lambda b: (str(b).lower(), lambda row: b)),
    }
    return st.one_of(inputs, inputs, literals[kind])


@st.composite
def expression(draw: st.DrawFn, kind: str, depth: int = 3) -> Made:
    """An expression of a type, and its slow computation."""
    if depth == 0:
        return draw(leaf(kind))

    def part(of: str) -> Made:
        return draw(expression(of, depth - draw(st.integers(1, depth))))

    general = ["leaf", "case", "coalesce"]
    own = {
        "number": ["arithmetic", "negative", "function", "extreme", "round", "span", "year"],
        "date": ["extreme"],
        "text": [],
        "truth": ["comparison", "logic", "not", "missing", "among", "anyall"],
    }
    made = draw(st.sampled_from(general + own[kind]))
    if made == "leaf":
        return draw(leaf(kind))
    if made == "case":
        pairs = [(part("truth"), part(kind)) for _ in range(draw(st.integers(1, 2)))]
        rest = part(kind) if draw(st.booleans()) else None
        shown = [text for pair in pairs for text, _ in pair] + ([rest[0]] if rest else [])
        return f"case({', '.join(shown)})", chosen(
            [(condition[1], value[1]) for condition, value in pairs], rest[1] if rest else None
        )
    if made == "coalesce":
        one, other = part(kind), part(kind)
        return f"coalesce({one[0]}, {other[0]})", first(one[1], other[1])
    if made == "extreme":
        word, function = draw(st.sampled_from([("min", min), ("max", max)]))
        one, other = part(kind), part(kind)
        return f"{word}({one[0]}, {other[0]})", strict(function, one[1], other[1])
    if made == "arithmetic":
        sign = draw(st.sampled_from("+-*/"))
        one, other = part("number"), part("number")
        return f"({one[0]} {sign} {other[0]})", strict(finite(COMPUTE[sign]), one[1], other[1])
    if made == "negative":
        one = part("number")
        return f"-({one[0]})", strict(lambda value: -value, one[1])
    if made == "function":
        word, function = draw(st.sampled_from([("floor", floor), ("abs", abs)]))
        one = part("number")
        return f"{word}({one[0]})", strict(function, one[1])
    if made == "round":
        one, digits = part("number"), draw(st.integers(0, 2))
        return f"round({one[0]}, {digits})", strict(lambda value: half_up(value, digits), one[1])
    if made == "span":
        one, other = part("date"), part("date")
        spans = [
            ("days_between", lambda a, b: (b - a).days),
            ("months_between", completed_months),
            ("years_between", lambda a, b: int(completed_months(a, b) / 12)),
        ]
        word, function = draw(st.sampled_from(spans))
        return f"{word}({one[0]}, {other[0]})", strict(function, one[1], other[1])
    if made == "year":
        one = part("date")
        return f"year({one[0]})", strict(lambda day: day.year, one[1])
    if made == "comparison":
        of = draw(st.sampled_from(["number", "text", "date", "truth"]))
        sign = draw(st.sampled_from(["==", "!="] if of in ("text", "truth") else list(COMPARE)))
        one, other = part(of), part(of)
        fold = (lambda v: " ".join(v.split()).casefold()) if of == "text" else (lambda v: v)
        return f"({one[0]} {sign} {other[0]})", strict(
            lambda a, b: COMPARE[sign](fold(a), fold(b)), one[1], other[1]
        )
    if made == "among":
        one = part("number")
        return f"({one[0]} in (1, -2, 2.5))", strict(lambda value: value in (1, -2, 2.5), one[1])
    if made == "not":
        one = part("truth")
        return f"(not {one[0]})", strict(lambda value: not value, one[1])
    if made == "missing":
        one = part(draw(st.sampled_from(list(NAMES))))
        return f"missing({one[0]})", lambda row: isinstance(one[1](row), Gone)
    decides, word = draw(st.sampled_from([(True, "or"), (False, "and")]))
    parts = [part("truth") for _ in range(draw(st.integers(2, 3)))]
    shown = [text for text, _ in parts]
    text = f"({f' {word} '.join(shown)})"
    if made == "anyall":
        text = f"{'any' if decides else 'all'}({', '.join(shown)})"
    return text, logic(decides, *(function for _, function in parts))


CELLS = {
    "number": st.sampled_from([0.0, 1.0, -2.0, 2.5, 0.125, -0.5, 7.0, 1e200, 40.0]),
    "text": st.sampled_from(["a", " A ", "b  B", "", "z"]),
    "date": st.dates(datetime.date(1960, 1, 1), datetime.date(2030, 1, 1)),
    "truth": st.booleans(),
}


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, object]]:
    gaps = st.sampled_from([Gone(0), Gone(3), Gone(9)])
    cell = {
        name: st.one_of(CELLS[kind], CELLS[kind], gaps) for kind, names in NAMES.items() for name in names
    }
    return draw(st.lists(st.fixed_dictionaries(cell), min_size=1, max_size=6))


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(list(NAMES)).flatmap(expression), rows())
def test_every_expression_gives_what_a_slow_computation_row_by_row_gives(made: Made, table: list[Row]):
    text, slow = made
    inputs = {
        name: (dates if kind == "date" else lambda *v, kind=kind: column(kind, *v))(
            *(row[name] for row in table)
        )
        for kind, names in NAMES.items()
        for name in names
    }
    try:
        found = cells(evaluate(parse(text), inputs))
    except ExpressionError as error:
        assert "no input stands" in str(error) or "parts stand inside each other" in str(error)
        return
    expected = [slow(row) for row in table]
    assert found == [str(value) if isinstance(value, datetime.date) else value for value in expected]
