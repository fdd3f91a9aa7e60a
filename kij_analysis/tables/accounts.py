"""Tables of accounts: what each payer is left with, the numbers behind it, and who bears which risk."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.investment import Account, notes
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words

SHOWN = ("npv", "sum", "payback", "irr", "benefit_cost", "cost_per_job", "mvpf", "loss_probability")
RULES = {
    "state_refund": r"state_refund_share_weeks_(?P<first>\d+)_(?P<last>\d+|plus)",
    "cofinancing": r"municipal_cofinancing_share_weeks_(?P<first>\d+)_(?P<last>\d+|plus)",
    "discount": r"social_discount_rate_(?:years|after)_(?P<first>\d+)(?:_(?P<last>\d+))?",
    "state_share": r"state_share_(?P<first>)first_(?P<last>\d+)_days",
    "municipal_share": r"municipal_share_(?:over_)?(?P<first>\d+)(?:_(?P<last>\d+))?_days",
}
"""Values of the rules that hold for a span of weeks, years or days."""
SHOWN_AFTER = ("additional_jobs", "break_even_jobs", "break_even_months")


def account_results(
    frame: pd.DataFrame,
    words: Words | str,
    *,
    account: Account | None = None,
    name: str = "account_results",
) -> Table:
    """What an account comes to, one row for each result and payer; what could not be computed says why.

    Parameters
    ----------
    frame
        Rows of `kij_analysis.investment.results`, `break_even` and `simulate`, put together.
    account
        The account itself, so that what it leaves out, and a claim above the law, stand below the table.

    Examples
    --------
    >>> from kij_analysis.investment import results, scenario
    >>> table = account_results(results(scenario("worked_example").account()), "en")
    >>> [row for row in table.rows if row[0].startswith("net present value: municipality")]
    [('net present value: municipality', '254,780 DKK', '')]
    """
    say = as_words(words)
    if frame.empty or "currency" not in frame.columns:
        raise UsageError("There is no account.", fix="Use kij.investment.results.")
    known = frame[frame["variable"].isin([*SHOWN, *SHOWN_AFTER]) & (frame["note"] != "work_left_out")]
    order = [*SHOWN, *SHOWN_AFTER]
    rows = []
    for row in known.sort_values("variable", key=lambda v: v.map(order.index), kind="stable").to_dict(
        "records"
    ):
        missing = row["estimate"] != row["estimate"]
        result, payer = say(f"account.result.{row['variable']}"), say(f"account.payer.{row['group']}")
        what = f"{result}: {payer}"
        told = "–" if missing else _number(row, say)
        note = say(f"note.{row['note']}") if row["note"] and (missing or row["note"] != "gross") else ""
        rows.append((what, told, note))
    first = known.iloc[0]
    money = say("account.head.money", currency=first["currency"], year=first["price_year"])
    basis = say(f"account.basis.{first['basis']}")
    around = say("account.head.about", money=money, seen=say("account.figure.flows.each"), basis=basis)
    title = say("account.table.results")
    return Table(
        name=name, language=say.language,
        title=say("account.figure.gross", title=title) if first["basis"] == "gross" else title,
        header=(say("account.column.what"), say("account.column.value"), say("table.estimates.note")),
        rows=tuple(rows), numeric=(False, True, False), mark=say.mark(frame["data_status"]),
        note=" ".join([f"{around}.", *(notes(account, say) if account else [])]),
    )  # fmt: skip


def account_numbers(frame: pd.DataFrame, words: Words | str, *, name: str = "account_numbers") -> Table:
    """Every number of an account with its source and its status, the values of the rules among them.

    Parameters
    ----------
    frame
        What `kij_analysis.investment.numbers` returns.

    Examples
    --------
    >>> from kij_analysis.investment import numbers, scenario
    >>> account_numbers(numbers(scenario("worked_example").account()), "da").rows[0]
    ('deltagere', '20', 'eksempel', 'antagne')
    """
    say = as_words(words)
    rows = tuple(
        (
            _name(row["variable"], say), _value(row, say),
            _source(row, say),
            say(f"data.{row['data_status']}"),
        )
        for row in frame.to_dict("records")
    )  # fmt: skip
    heads = ("number", "value", "source", "status")
    return Table(
        name=name, language=say.language, title=say("account.table.numbers"),
        header=tuple(say(f"account.column.{key}") for key in heads), rows=rows,
        numeric=(False, True, False, False), mark=say.mark(frame["data_status"]),
    )  # fmt: skip


def account_risks(frame: pd.DataFrame, words: Words | str, *, name: str = "account_risks") -> Table:
    """Who bears which risk, a column for each contract.

    Parameters
    ----------
    frame
        Rows of `kij_analysis.investment.risks` of one or several contracts, with their data status.

    Examples
    --------
    >>> from kij_analysis.investment import FullRisk, risks
    >>> account_risks(risks(FullRisk()), "en").rows[1]
    ('too few get work', 'fund or foundation')
    """
    say = as_words(words)
    kinds = list(dict.fromkeys(frame["contract"]))
    cells: Mapping[tuple[str, str], str] = {
        (row["risk"], row["contract"]): say(f"account.bearer.{row['bearer']}")
        if row["bearer"] in ("shared", "none")
        else say(f"account.payer.{row['who']}")
        for row in frame.to_dict("records")
    }
    rows = tuple(
        (say(f"account.risk.{risk}"), *(cells.get((risk, kind), "–") for kind in kinds))
        for risk in dict.fromkeys(frame["risk"])
    )
    return Table(
        name=name, language=say.language, title=say("account.table.risks"),
        header=(say("account.column.risk"), *(say(f"account.contract.{kind}") for kind in kinds)),
        rows=rows, numeric=tuple(False for _ in range(len(kinds) + 1)),
    )  # fmt: skip


def _source(row: Mapping[str, Any], say: Words) -> str:
    told = say.told(row["source"])
    return f"{told} ({row['year']:.0f})" if row["year"] == row["year"] else told


def _name(code: str, say: Words) -> str:
    if code.startswith("retention_"):
        return say("account.named.retention", months=code.removeprefix("retention_"))
    key = f"account.number.{code}"
    return say(key) if say.has(key) else _rule(code, say)


def _rule(code: str, say: Words) -> str:
    """The name of a value of the rules; a benefit keeps the name that its country gives it."""
    for kind, pattern in RULES.items():
        found = re.fullmatch(pattern, code)
        if found:
            first, last = found["first"] or "1", found["last"] or ""
            return say(f"account.rule.{kind}", span=f"{first}–{'' if last == 'plus' else last}")
    return code.removeprefix("flow_").replace("_", " ")


def _value(row: Mapping[str, object], say: Words) -> str:
    value = float(str(row["estimate"]))
    if row["measure"] in ("share", "rate"):
        return say.share(value, digits=0 if abs(100 * value - round(100 * value)) < 0.005 else 1)
    text = say.number(value, digits=0 if value.is_integer() else 2)
    return f"{text} {row['currency']}" if row["measure"] == "amount" else text


def _number(row: Mapping[str, object], say: Words) -> str:
    value, measure = float(str(row["estimate"])), row["measure"]
    if measure == "amount":
        return f"{say.number(round(value))} {row['currency']}"
    if measure in ("share", "rate"):
        return say.share(value, digits=0 if measure == "share" else 1)
    return say.number(value, digits=2 if measure == "ratio" else 1 if not value.is_integer() else 0)
