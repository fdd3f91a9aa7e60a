"""The cells of an account's workbook: values, live formulas, and the numbers that they refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kij_analysis.investment.accounts import Account
from kij_analysis.investment.inputs import TaxLine
from kij_analysis.investment.sharing import staircase
from kij_analysis.words import Words


class Cell(NamedTuple):
    """What stands in a cell: a value, and the formula that gives it, if it is live."""

    value: object = ""
    formula: str = ""
    form: str = ""


Rows = list[list[Cell]]


def head(*texts: str) -> list[Cell]:
    """A row of headings."""
    return [Cell(text, form="head") for text in texts]


def column(place: int) -> str:
    """The letters of a column, from 0 on.

    Examples
    --------
    >>> column(0), column(27)
    ('A', 'AB')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def item_name(words: Words, code: str) -> str:
    """The name of an item: a word of the catalogue, or the name that a scenario gave it."""
    if words.has(f"account.item.{code}"):
        return words(f"account.item.{code}")
    if ("contribution" in code and "_" in code) or code.endswith("_pension"):
        return f"{words('account.item.employer_contribution')}: {code}"
    return code


def number_name(words: Words, code: str) -> str:
    """The name of a number of an account."""
    if code.startswith("retention_"):
        return words("account.named.retention", months=code.removeprefix("retention_"))
    if code.startswith("flow_"):
        return item_name(words, code.removeprefix("flow_"))
    return words(f"account.number.{code}") if words.has(f"account.number.{code}") else code


def about(one: Account, words: Words, payer: str = "") -> str:
    """Currency, price year, perspective, and whether it is gross or net: what stands below every title.

    Examples
    --------
    >>> from kij_analysis.investment import scenario
    >>> from kij_analysis.words import load
    >>> about(scenario("worked_example").account(), load("da"), "state").split(";")[:2]
    ['DKK, 2024-priser', ' set fra: staten']
    """
    say = words
    money = say("account.head.money", currency=one.plan.currency, year=one.plan.price_year)
    seen = say("account.head.seen", payer=say(f"account.payer.{payer or one.plan.perspective}"))
    return say("account.head.about", money=money, seen=seen, basis=say(f"account.basis.{one.basis}"))


class Numbers:
    """The sheet of numbers: one row for each, and where formulas find it."""

    def __init__(self, one: Account, words: Words) -> None:
        self.one, self.words = one, words
        self.sheet = words("account.sheet.numbers")
        heads = ("number", "value", "source", "status")
        self.rows: Rows = [head(*(words(f"account.column.{key}") for key in heads))]
        self.places: dict[str, str] = {}
        self._given()
        self._jobs()
        self._steps()
        for line in one.inputs.taxes:
            self._tax(line)

    def at(self, name: str) -> str:
        """The cell of a number, for a formula on another sheet."""
        return f"'{self.sheet}'!{self.places[name]}"

    def here(self, name: str, otherwise: str = "1") -> str:
        """The cell of a number, for a formula on this sheet."""
        return self.places.get(name, otherwise)

    def add(
        self, name: str, label: str, value: float, *, formula: str = "", source: str = "", status: str = ""
    ) -> None:
        """A number with its place; its form goes by how large it is."""
        self.places[name] = f"$B${len(self.rows) + 1}"
        form = "share" if abs(value) < 1 else "amount"
        self.rows.append([Cell(label), Cell(value, formula, form), Cell(source), Cell(status)])

    def _given(self) -> None:
        say, inputs = self.words, self.one.inputs
        for name, value in inputs.values.items():
            given = inputs.quantities.get(name)
            source, status = (given.source, given.data_status) if given else ("", "published")
            if given and given.label:
                source = f"{source} ({given.label})"
            source = say.told(source)
            shown = say(f"data.{status}")
            self.add(name, number_name(say, name), float(value), source=source, status=shown)

    def _jobs(self) -> None:
        """All jobs and the additional ones, from the shares."""
        here, outcome, course = self.here, self.one.outcome, self.one.course
        base = here("participants")
        if outcome.base == "completers":
            base = f"{base}*(1-{here('attrition')})"
        kept = f"{here('attribution')}*(1-{here('displacement')})"
        effect = outcome.counterfactual == "comparison_group"
        net = here("effect") if effect else f"({here('gross')}-{here('without', '0')})"
        share = here("gross") if outcome.gross is not None else net
        jobs, additional = float(course.jobs[0, 0]), float(course.additional[0, 0])
        self.add("jobs", self.words("account.number.jobs"), jobs, formula=f"={base}*{share}")
        more = f"={base}*{net}*{kept}"
        self.add("additional", self.words("account.number.additional"), additional, formula=more)

    def _steps(self) -> None:
        say = self.words
        if self.one.plan.benefit is None:
            return
        for first, level in staircase(self.one.payers, self.one.plan.price_year):
            label = say("account.named.step", week=f"{first + 1:g}")
            self.add(f"step_{first:g}", label, level, status=say("data.published"))

    def _tax(self, line: TaxLine) -> None:
        """A tax for each month in work: on the wage, less on the benefit."""
        wage, benefit, rate = self.here("wage"), self.here("benefit", "0"), line.rate
        if line.of == "wage":
            formula = f"={rate!r}*IF({wage}>{line.if_over!r},{wage},0)"
        else:
            earned = f"MIN({line.earned_rate!r}*{wage},{line.earned_most!r})"
            paid = f"MAX({wage}*(1-{line.taken_off!r})-{earned}-{line.allowance!r},0)"
            formula = f"={rate!r}*({paid}-MAX({benefit}-{line.allowance!r},0))"
        values = self.one.inputs.values
        value = float(line.on_wage(values["wage"]) - line.on_benefit(values.get("benefit", 0.0)))
        say = self.words
        label = say("account.named.tax", item=item_name(self.words, line.item))
        self.add(self.tax_name(line), label, value, formula=formula)

    def tax_name(self, line: TaxLine) -> str:
        """The name of a tax's cell; two steps of one tax have two."""
        return f"tax_{self.one.inputs.taxes.index(line)}"


def lasting_formula(one: Account, numbers: Numbers, month: str) -> str:
    """The share of jobs that lasts, as a formula of the month."""
    age = f"({month}-{one.outcome.job_month})"
    points = sorted(one.outcome.retention)
    if not points:
        return f"=IF({age}<0,0,1)"
    at: Mapping[int, str] = {point: numbers.at(f"retention_{point}") for point in points}
    before = {point: (left, at.get(left, "1")) for left, point in zip([0, *points], points, strict=False)}
    last = points[-1]
    left, level = before[last]
    formula = f"{at[last]}*({at[last]}/{level})^(({age}-{last})/{last - left})"
    for point in reversed(points):
        left, level = before[point]
        between = f"{level}+({at[point]}-{level})*({age}-{left})/{point - left}"
        formula = f"IF({age}<={point},{between},{formula})"
    return f"=IF({age}<0,0,{formula})"


def share_formula(one: Account, numbers: Numbers, month: str) -> str:
    """The municipality's share in a month, as a formula: each step times the weeks of the month within it."""
    steps = staircase(one.payers, one.plan.price_year)
    start = f"({numbers.at('weeks_before')}+52/12*({month}-1))"
    parts = []
    for place, (first, _) in enumerate(steps):
        end = f"{steps[place + 1][0]!r}" if place + 1 < len(steps) else "100000"
        within = f"MAX(0,MIN({start}+52/12,{end})-MAX({start},{first!r}))"
        parts.append(f"{numbers.at(f'step_{first:g}')}*{within}")
    return f"=({'+'.join(parts)})/(52/12)"
