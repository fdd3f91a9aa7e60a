"""The workbook: every live formula gives the number that the account has, and follows a changed number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from numpy_financial import irr

from kij_analysis.investment import Flow, Rate, account, payers, scenario, with_values, workbook
from kij_analysis.investment.cells import Cell
from kij_analysis.investment.example import given, outcome, plan
from kij_analysis.investment.workbook import notes, sheets
from kij_analysis.words import LANGUAGES, load

REF = re.compile(
    r"(?:'(?P<sheet>[^']+)'!)?\$?(?P<a>[A-Z]{1,2})\$?(?P<m>\d+)(?::\$?(?P<b>[A-Z]{1,2})\$?(?P<n>\d+))?"
)


def flat(*values: object) -> list[float]:
    return [x for value in values for x in (flat(*value) if isinstance(value, list) else [value])]


FUNCTIONS: dict[str, Callable[..., float]] = {
    "IF": lambda test, yes, no: yes if test else no,
    "MAX": lambda *values: max(flat(*values)),
    "MIN": lambda *values: min(flat(*values)),
    "SUM": lambda *values: sum(flat(*values)),
    "AND": lambda *tests: all(tests),
    "SUMPRODUCT": lambda one, other: sum(x * y for x, y in zip(one, other, strict=True)),
    "IRR": lambda flows, guess: float(irr(flows)),
}


class Book:
    """Reckons the formulas of a workbook as Excel would."""

    def __init__(self, found: dict[str, list[list[Cell]]]) -> None:
        self.sheets, self.known = found, {}

    def at(self, sheet: str, letters: str, row: int) -> float:
        place = (sheet, letters, row)
        if place not in self.known:
            index = 0
            for letter in letters:
                index = 26 * index + ord(letter) - 64
            cell = self.sheets[sheet][row - 1][index - 1]
            self.known[place] = self.reckon(cell.formula, sheet) if cell.formula else cell.value
        return self.known[place]

    def reckon(self, formula: str, sheet: str) -> float:
        text = REF.sub(lambda m: self._python(m, sheet), formula.lstrip("=")).replace("^", "**")
        return eval(text, {"__builtins__": {}}, {**FUNCTIONS, "at": self.at})

    def _python(self, match: re.Match[str], sheet: str) -> str:
        where = match["sheet"] or sheet
        if not match["b"]:
            return f"at({where!r},{match['a']!r},{match['m']})"
        assert match["a"] == match["b"]
        cells = ",".join(
            f"at({where!r},{match['a']!r},{n})" for n in range(int(match["m"]), int(match["n"]) + 1)
        )
        return f"[{cells}]"

    def change(self, sheet: str, label: str, value: float) -> None:
        row = next(n for n, cells in enumerate(self.sheets[sheet]) if cells and cells[0].value == label)
        self.sheets[sheet][row][1] = Cell(value)
        self.known = {}

    def formulas(self):
        for sheet, rows in self.sheets.items():
            for cells in rows:
                for cell in cells:
                    if cell.formula:
                        yield sheet, cell


def agrees(one) -> int:
    book = Book(sheets(one))
    count = 0
    for sheet, cell in book.formulas():
        assert book.reckon(cell.formula, sheet) == pytest.approx(cell.value, abs=1e-4), (sheet, cell)
        count += 1
    return count


def test_every_formula_of_the_worked_example_gives_the_number_of_the_account():
    assert agrees(scenario("worked_example").account()) > 36 * 10


def test_formulas_of_wages_taxes_claims_and_further_flows_agree_too():
    share = Rate(
        name="average_municipal_tax", kind="tax", unit="percent", value=25, year=2024, source="x",
        confidence="supplied",
    )  # fmt: skip
    amounts = [
        Rate(
            name=name,
            kind="tax",
            unit="amount_per_year",
            value=value,
            year=2024,
            source="x",
            confidence="supplied",
        )
        for name, value in (("personal_allowance", 50_000), ("employment_allowance_max", 45_000))
    ]
    flows = (
        Flow(item="visits", amount=given(300), payer="region", receiver="participant", per="month_in_work"),
        Flow(item="books", amount=given(100), payer="investor", per="completer", after=2, over=3),
        Flow(item="bonus", amount=given(900), payer="state", receiver="municipality", per="job", after=3),
    )
    frame = plan(
        wage=given(25_000), taxes=True, contributions=("cleaning_agreement_employer_pension",), flows=flows,
        claimed_cost=given(15_000), weeks_before=given(10), weeks_after_work="restart",
        discount_rate=given(0.035),
    )  # fmt: skip
    found = outcome(
        retention={6: given(0.8), 12: given(0.6)},
        drop_off=given(0.1),
        displacement=given(0.1),
        base="completers",
    )
    agrees(account(None, found, with_values(payers("DK"), [share, *amounts]), plan=frame))


def test_finland_and_a_fee_agree_too():
    from kij_analysis.investment import FeePerParticipant

    frame = plan(
        currency="EUR", benefit=("labour_market_subsidy_month",), weeks_before=given(50), paid_by="investor"
    )
    agrees(account(FeePerParticipant(fee=900, over=3, delay=1), outcome(), payers("FI"), plan=frame))


def test_a_changed_number_changes_the_results_as_a_new_account_would():
    found = scenario("worked_example")
    book = Book(sheets(found.account()))
    book.change("numbers", "share in work", 0.6)
    better = replace(found.outcome, gross=replace(found.outcome.gross, value=0.6))
    fresh = Book(sheets(replace(found, outcome=better).account()))
    row = next(
        n for n, cells in enumerate(fresh.sheets["account"]) if cells and cells[0].value == "municipality"
    )
    wanted = fresh.sheets["account"][row]
    for place, letters in ((1, "B"), (2, "C")):
        assert book.at("account", letters, row + 1) == pytest.approx(wanted[place].value)


def test_the_cap_of_full_risk_holds_in_the_workbook():
    found = scenario("worked_example")
    agrees(replace(found, contract=replace(found.contract, cap=500_000.0, delay=3)).account())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_speaks_the_language_and_carries_its_money(language):
    one = scenario("two_payment_models").account()
    first = next(iter(sheets(one, words=language).values()))
    told = " ".join(str(cell.value) for cells in first for cell in cells)
    say = load(language)
    assert "DKK" in told and "2024" in told and say("account.basis.net") in told
    assert say("account.head.no_wage") in notes(one, language)


def test_the_same_account_gives_the_same_bytes_and_excel_sees_numbers(tmp_path):
    from python_calamine import CalamineWorkbook

    one = scenario("worked_example").account()
    first, second = (workbook(one, tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert first.read_bytes() == second.read_bytes()
    rows = CalamineWorkbook.from_path(str(first)).get_sheet_by_name("account").to_python()
    town = next(row for row in rows if row[0] == "municipality")
    assert town[1] == pytest.approx(269_268.48)
