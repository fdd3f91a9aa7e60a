"""An account as an Excel workbook with live formulas, in which a reader can check every cell."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import fields
from pathlib import Path

import numpy as np

from kij_analysis.files import EPOCH, timeless_zip, write_bytes
from kij_analysis.investment.accounts import Account
from kij_analysis.investment.cells import Cell, Numbers, Rows, about, head
from kij_analysis.investment.comparing import claimed
from kij_analysis.investment.months import FACTOR, Months
from kij_analysis.investment.rates import GROUPS, members
from kij_analysis.investment.results import incomplete, results, risks, views
from kij_analysis.words import Words, as_words

FORMS = {"amount": "#,##0.00", "share": "0.0000", "factor": "0.000000", "count": "0.00", "percent": "0.0%"}


def workbook(one: Account, path: Path | str, *, words: Words | str = "en") -> Path:
    """Write an account as an XLSX workbook: results, numbers with their sources, months, rules, contract.

    Formulas are live: results follow months, months follow numbers. What only the library computes stands
    as a plain value (payback, payments under other contracts than full risk by net saving and a fee for
    each participant, the share after a job that ended).

    Parameters
    ----------
    one
        An account.
    words
        Words of a language, or its code.

    Examples
    --------
    >>> import tempfile
    >>> from kij_analysis.investment import scenario
    >>> folder = Path(tempfile.mkdtemp())
    >>> workbook(scenario("worked_example").account(), folder / "account.xlsx", words="da").name
    'account.xlsx'
    """
    import xlsxwriter

    memory = io.BytesIO()
    book = xlsxwriter.Workbook(
        memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": dt.datetime.fromisoformat(EPOCH)})
    forms = {name: book.add_format({"num_format": form}) for name, form in FORMS.items()}
    forms["head"] = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    forms["title"] = book.add_format({"bold": True, "font_size": 14})
    for name, rows in sheets(one, words=words).items():
        page = book.add_worksheet(name)
        page.set_column(0, 0, 44 if name != list(sheets_named(as_words(words)))[2] else 10)
        page.set_column(1, 30, 18)
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                form = forms.get(cell.form)
                if cell.formula:
                    page.write_formula(number, place, cell.formula, form, _plain(cell.value))
                else:
                    page.write(number, place, _plain(cell.value), form)
    book.close()
    return write_bytes(path, timeless_zip(memory.getvalue()))


def sheets_named(words: Words) -> list[str]:
    """The names of the sheets."""
    return [words(f"account.sheet.{key}") for key in ("account", "numbers", "months", "rules", "contract")]


def sheets(one: Account, *, words: Words | str = "en") -> dict[str, Rows]:
    """The sheets of the workbook as cells: each with its value and its formula.

    Examples
    --------
    >>> from kij_analysis.investment import scenario
    >>> list(sheets(scenario("worked_example").account(), words="fi"))
    ['laskelma', 'luvut', 'kuukaudet', 'säännöt', 'sopimus']
    """
    say = as_words(words)
    numbers = Numbers(one, say)
    months = Months(one, say, numbers)
    first, second, third, fourth, fifth = sheets_named(say)
    return {
        first: _summary(one, say, months), second: numbers.rows, third: months.rows, fourth: _rules(one, say),
        fifth: _terms(one, say),
    }  # fmt: skip


def _summary(one: Account, say: Words, months: Months) -> Rows:
    rows: Rows = [
        [Cell(_title(one, say), form="title")], [Cell(about(one, say))], *([Cell(line)] for line in notes(one,
        say)), [Cell(say("account.head.how"))], [], head(say("account.column.who"), *_results_named(say)),
    ]  # fmt: skip
    frame = results(one).set_index(["group", "variable"])
    for payer in views(one):
        if incomplete(one, payer):
            continue
        found = {name: frame.loc[(payer, name)] for name in ("sum", "npv", "payback", "irr")}
        sides = [side for side in members(payer) if side in months.payers]
        plain = "+".join(f"SUM({months.range(months.payers[side])})" for side in sides)
        factors = months.range(FACTOR)
        worth = "+".join(f"SUMPRODUCT({months.range(months.payers[side])},{factors})" for side in sides)
        rate = float(found["irr"]["estimate"])
        live = (
            ""
            if payer in GROUPS or np.isnan(rate)
            else f"=(1+IRR({months.range(months.payers[payer])},0.01))^12-1"
        )
        rows.append(
            [
                Cell(say(f"account.payer.{payer}")),
                Cell(float(found["sum"]["estimate"]), f"={plain}", "amount"),
                Cell(float(found["npv"]["estimate"]), f"={worth}", "amount"),
                _told(found["payback"], say), _told(found["irr"], say, "percent", live),
            ]
        )  # fmt: skip
    return rows


def _title(one: Account, say: Words) -> str:
    title = say.told(one.plan.title)
    return say("account.figure.gross", title=title) if one.basis == "gross" else title


def _results_named(say: Words) -> list[str]:
    return [say(f"account.result.{name}") for name in ("sum", "npv", "payback", "irr")]


def _told(row: object, say: Words, form: str = "", formula: str = "") -> Cell:
    """A result, or in words why there is none."""
    value, note = float(row["estimate"]), str(row["note"])  # type: ignore[index]
    return Cell(say(f"short.{note}")) if np.isnan(value) else Cell(value, formula, form)


def notes(one: Account, words: Words | str) -> list[str]:
    """What must be said beside an account: assumptions, what is left out, a claim above the law.

    Examples
    --------
    >>> from kij_analysis.investment import scenario
    >>> notes(scenario("two_payment_models").account(), "en")[-1][:42]
    'The claimed cost of 15,000 a month exceeds'
    """
    say = as_words(words)
    told = [
        (one.data_status == "assumed", say("account.head.assumed")),
        (one.plan.benefit is None, say("account.head.no_benefit")),
        (one.plan.wage is None, say("account.head.no_wage")),
        (not one.plan.taxes, say("account.head.no_taxes")),
    ]
    lines = [line for holds, line in told if holds]
    if one.plan.claimed_cost is not None:
        frame = claimed(one)
        if frame["warning"].any():
            last = frame[frame["month"] == frame["month"].max()].set_index("variable")["estimate"]
            amounts = (say.number(float(last[name])) for name in ("claimed_cost", "statutory_cost"))
            claim, law = amounts
            lines.append(say("account.head.claimed", claimed=claim, law=law))
    return lines


def _rules(one: Account, say: Words) -> Rows:
    heads = ("number", "value", "year", "source", "address", "confidence")
    rows: Rows = [head(*(say(f"account.column.{key}") for key in heads))]
    for rate in one.inputs.rates:
        told = (rate.name, rate.value, rate.year, rate.source, rate.address, rate.confidence)
        rows.append([Cell(value) for value in told])
    return rows


def _terms(one: Account, say: Words) -> Rows:
    kind = one.contract.kind if one.contract else "none"
    rows: Rows = [[Cell(say(f"account.contract.{kind}"), form="title")]]
    if one.contract is None:
        return rows
    rows.append(head(say("account.column.term"), say("account.column.value")))
    for field in fields(one.contract):
        value = getattr(one.contract, field.name)
        if value not in (None, "", ()):
            rows.append(
                [Cell(field.name), Cell(value if isinstance(value, int | float | str) else str(value))]
            )
    rows += [[], head(say("account.column.risk"), say("account.column.bears"))]
    for row in risks(one.contract).to_dict("records"):
        who = row["who"]
        bearer = (
            say(f"account.bearer.{who}")
            if row["bearer"] in ("shared", "none")
            else say(f"account.payer.{who}")
        )
        rows.append([Cell(say(f"account.risk.{row['risk']}")), Cell(bearer)])
    return rows


def _plain(value: object) -> object:
    return "" if isinstance(value, float) and np.isnan(value) else value
