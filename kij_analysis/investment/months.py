"""The sheet of months of an account's workbook: one row for each month, its cells live formulas."""

from __future__ import annotations

from kij_analysis.investment.accounts import Account
from kij_analysis.investment.cells import (
    Cell,
    Numbers,
    Rows,
    column,
    head,
    item_name,
    lasting_formula,
    share_formula,
)
from kij_analysis.investment.contracts import FullRisk
from kij_analysis.investment.entries import Entry, net_of
from kij_analysis.investment.inputs import Inputs
from kij_analysis.investment.plans import Flow
from kij_analysis.investment.rates import GROUPS
from kij_analysis.investment.results import views
from kij_analysis.investment.services import FeePerParticipant
from kij_analysis.investment.sharing import municipal_share
from kij_analysis.words import Words

MONTH, LASTING, IN_WORK, SHARE, FACTOR = range(5)


class Months:
    """The months: jobs that last, additional in work, municipal share, factor, items, nets of payers."""

    def __init__(self, one: Account, words: Words, numbers: Numbers) -> None:
        self.one, self.words, self.numbers = one, words, numbers
        self.sheet = words("account.sheet.months")
        self.items = dict(enumerate(one.entries, start=FACTOR + 1))
        self.after = FACTOR + 1 + len(one.entries)
        self.by_saving = isinstance(one.contract, FullRisk) and one.contract.counted == "net"
        first = self.after + 2 * self.by_saving
        self.payers = {payer: place for place, payer in enumerate(self._payers(), start=first)}
        self.rows: Rows = [head(*self._heads())]
        for month in range(1, one.plan.months + 1):
            self.rows.append(self._row(month))

    def _payers(self) -> list[str]:
        return [payer for payer in views(self.one) if payer not in GROUPS]

    def range(self, place: int) -> str:
        """All months of a column, for a formula on another sheet."""
        letters, last = column(place), self.one.plan.months + 1
        return f"'{self.sheet}'!${letters}$2:${letters}${last}"

    def _heads(self) -> list[str]:
        say = self.words
        heads = [say(f"account.column.{key}") for key in ("month", "lasting", "in_work", "share", "factor")]
        for entry in self.items.values():
            sides = (
                say(f"account.payer.{side}") if side else say("account.head.outside")
                for side in (entry.payer, entry.receiver)
            )  # fmt: skip
            payer, receiver = sides
            name = item_name(say, entry.item)
            heads.append(say("account.head.item", item=name, payer=payer, receiver=receiver))
        if self.by_saving:
            heads += [say("account.head.saving"), say("account.head.paid")]
        nets = (say(f"account.payer.{payer}") for payer in self.payers)
        return [*heads, *(say("account.head.net_column", payer=payer) for payer in nets)]

    def _row(self, month: int) -> list[Cell]:
        one, row = self.one, month + 1
        number, at = f"$A{row}", self.numbers.at
        shares = one.plan.benefit is not None
        share = self._share(month) if shares else 0.0
        lasting = (
            float(one.course.lasting[0, month - one.outcome.job_month])
            if month >= one.outcome.job_month
            else 0.0
        )
        age = f"MAX({number}-{one.outcome.job_month},0)"
        staying = f"(1-{at('drop_off')})^({age}/12)"
        cells = [
            Cell(month),
            Cell(lasting, lasting_formula(one, self.numbers, number), "share"),
            Cell(
                float(one.course.additional_in_work[0, month - 1]),
                f"={at('additional')}*B{row}*{staying}",
                "count",
            ),
            Cell(share, share_formula(one, self.numbers, number) if shares else "", "share"),
            Cell(float(one.discount[month - 1]), f"=(1+{at('discount_rate')})^(-({number}-1)/12)", "factor"),
        ]
        for place, entry in self.items.items():
            value = self._amount(entry, month)
            cells.append(Cell(value, self._formula(entry, place, month), "amount"))
        if self.by_saving:
            cells += self._saving(month)
        for payer in self.payers:
            value = float(self._net(payer)[month - 1])
            cells.append(Cell(value, self._net_formula(payer, row), "amount"))
        return cells

    def _share(self, month: int) -> float:
        values, plan = self.one.inputs.values, self.one.plan
        found = municipal_share(self.one.payers, values["weeks_before"], year=plan.price_year, months=month)
        return float(found[-1])

    def _amount(self, entry: Entry, month: int) -> float:
        row = entry.amount[0]
        return float(row[month - 1] if row.size > 1 else row[0])

    def _net(self, payer: str) -> list[float]:
        return [float(value) for value in self.one.net(payer)]

    def _net_formula(self, payer: str, row: int) -> str:
        signed = [
            f"{'+' if entry.receiver == payer else '-'}{column(place)}{row}"
            for place, entry in self.items.items()
            if payer in (entry.payer, entry.receiver)
        ]
        return f"={''.join(signed)}" if signed else ""

    def _place(self, item: str) -> str:
        return column(next(place for place, entry in self.items.items() if entry.item == item))

    def _formula(self, entry: Entry, place: int, month: int) -> str:
        """How an item comes about; nothing for what only the library computes."""
        one, row, at = self.one, month + 1, self.numbers.at
        work = f"$C{row}"
        plan, item = one.plan, entry.item
        if item == "contract":
            return self._contract(month)
        if item == "course":
            each = f"{at('cost')}*{at('participants')}/{plan.course_months}"
            return f"=IF($A{row}<={plan.course_months},{each},0)"
        if item == "benefit":
            return f"={at('benefit')}*{work}"
        if item == "reimbursement":
            part = f"(1-$D{row})" if one.payers.benefit_paid_by == "municipality" else f"$D{row}"
            return f"={self._place('benefit')}{row}*{part}"
        if item == "other_municipal_cost":
            return f"=({at('claimed_cost')}-$D{row}*{at('benefit')})*{work}"
        if item == "wage":
            return f"={at('wage')}*{work}"
        if item == "work":
            cost = "+".join(f"{self._place(name)}{row}" for name in ("wage", *_names(one.inputs)))
            return f"=({cost})*{at('work_worth') if 'work_worth' in self.numbers.places else '1'}"
        return self._other(entry, place, row, work)

    def _other(self, entry: Entry, place: int, row: int, work: str) -> str:
        """Contributions, taxes and further flows."""
        one, at = self.one, self.numbers.at
        for name, rate, _ in one.inputs.contributions:
            if entry.item == name:
                return f"={rate!r}*{self._place('wage')}{row}"
        lines = [place for place, found in self.items.items() if self._is_tax(found)]
        if place in lines:
            return f"={at(f'tax_{lines.index(place)}')}*{work}"
        flow = next((one_flow for one_flow in one.plan.flows if one_flow.item == entry.item), None)
        return self._flow(flow, row, work) if flow else ""

    def _is_tax(self, entry: Entry) -> bool:
        return entry.payer == "participant" and entry.item in {line.item for line in self.one.inputs.taxes}

    def _flow(self, flow: Flow, row: int, work: str) -> str:
        at = self.numbers.at
        amount, month = at(f"flow_{flow.item}"), f"$A{row}"
        if flow.per == "month_in_work":
            return f"={amount}*{work}"
        if flow.per == "job":
            return ""
        left = f"*(1-{at('attrition')})" if flow.per == "completer" else ""
        due = f"AND({month}>{flow.after},{month}<={flow.after + flow.over})"
        return f"=IF({due},{amount}*{at('participants')}{left}/{flow.over},0)"

    def _contract(self, month: int) -> str:
        contract, row = self.one.contract, month + 1
        if self.by_saving:
            paid = column(self.after + 1)
            return f"={paid}{row}-{paid}{row - 1}" if month > 1 else f"={paid}{row}"
        plain = isinstance(contract, FeePerParticipant) and contract.cap is None and not contract.floor
        if isinstance(contract, FeePerParticipant) and plain and contract.ceiling_per_person is None:
            fees = f"{contract.fee!r}*{self.numbers.at('participants')}/{contract.over}"
            due = f"AND($A{row}>{contract.delay},$A{row}<={contract.delay + contract.over})"
            return f"=IF({due},{fees},0)"
        return ""

    def _saving(self, month: int) -> list[Cell]:
        """The payer's highest saving so far, and what has been paid of it so far."""
        contract, row = self.one.contract, month + 1
        assert isinstance(contract, FullRisk)
        others = {p: e for p, e in self.items.items() if e.item not in ("course", "contract")}
        signed = [
            f"{'+' if entry.receiver == contract.payer else '-'}SUM({column(place)}$2:{column(place)}{row})"
            for place, entry in others.items()
            if contract.payer in (entry.payer, entry.receiver)
        ]
        saved = column(self.after)
        before = f"{saved}{row - 1}" if month > 1 else "0"
        values = net_of(list(others.values()), contract.payer)[0][:month]
        highest = max(0.0, *(float(values[: n + 1].sum()) for n in range(len(values))))
        from_month = row - contract.delay
        share = f"{contract.share!r}*{saved}{from_month}" if from_month >= 2 else "0"
        limits = [share]
        if contract.cap is not None:
            limits.append(repr(contract.cap))
        if contract.ceiling_per_person is not None:
            limits.append(f"{contract.ceiling_per_person!r}*{self.numbers.at('jobs')}")
        total = sum(self._amount(self.one.entries[-1], m) for m in range(1, month + 1))
        return [
            Cell(highest, f"=MAX({before},{''.join(signed) or '0'})", "amount"),
            Cell(total, f"=MIN({','.join(limits)})", "amount"),
        ]


def _names(inputs: Inputs) -> list[str]:
    return [name for name, _, _ in inputs.contributions]
