"""What an account comes to: present values, payback, rate of return, ratios, by payer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.investment.accounts import Account
from kij_analysis.investment.entries import Entry
from kij_analysis.investment.rates import PAYERS, members
from kij_analysis.investment.terms import Contract

VIEWS = (*PAYERS, "public", "society")
"""Every payer, the public ones together, and all together."""
OF_PAYER = {"sum": "amount", "npv": "amount", "payback": "months", "irr": "rate", "benefit_cost": "ratio"}
"""What is told of each payer, with its measure."""
LAID_OUT = ("course", "contract")
"""Items that are laid out; a benefit–cost ratio divides by them."""
ROOM = 1e-6
"""Amounts nearer to zero than this are rounding."""


def row(
    one: Account, payer: str, variable: str, measure: str, estimate: float, **more: Any
) -> dict[str, Any]:
    """A row of results with the money and the perspective of its number; what is gross says so.

    `why` is the note of a number that is missing, `note` that of one which is there.
    """
    why, note = more.pop("why", ""), more.pop("note", "")
    if np.isnan(estimate):
        note = why
    elif one.basis == "gross":
        note = "gross"
    return {
        "programme": one.plan.programme,
        "group": payer,
        "variable": variable,
        "measure": measure,
        "estimate": round(float(estimate), 6) + 0.0,
        "method": "present_value",
        "data_status": one.data_status,
        "note": note,
        "currency": one.plan.currency,
        "price_year": one.plan.price_year,
        "perspective": payer,
        "basis": one.basis,
        "contract": one.contract.kind if one.contract else "",
        "title": one.plan.title,
    } | more


def views(one: Account) -> list[str]:
    """The payers of an account whom anything concerns, and the groups."""
    touched = {side for entry in one.entries for side in (entry.payer, entry.receiver)}
    return [payer for payer in VIEWS if touched & set(members(payer))]


def flows(one: Account) -> pd.DataFrame:
    """What each payer receives or saves (above zero) and pays (below) in each month, by item.

    Parameters
    ----------
    one
        An account.

    Returns
    -------
    DataFrame
        Estimates of the measure ``amount``: `group` is the payer, `variable` the item, `estimate` the plain
        amount. To the right `month`, `discounted`, `counterpart` (empty where money leaves the account or
        comes from outside), `transfer` (whether the item only moves money, so that it cancels over all
        payers), the currency, the price year, the perspective and whether it is gross.

    Examples
    --------
    >>> from kij_analysis.investment import account, payers
    >>> from kij_analysis.investment.example import outcome, plan
    >>> frame = flows(account(None, outcome(), payers("DK"), plan=plan()))
    >>> float(abs(frame[frame["transfer"]].groupby(["variable", "month"])["estimate"].sum()).max())
    0.0
    """
    return estimates.make(list(_flows(one)))


def _flows(one: Account) -> Iterator[dict[str, Any]]:
    factors = one.discount
    for entry in one.entries:
        amounts = np.broadcast_to(entry.amount, (1, one.plan.months))[0]
        for payer, other, sign in ((entry.payer, entry.receiver, -1), (entry.receiver, entry.payer, 1)):
            if not payer:
                continue
            for month, amount in enumerate(amounts, start=1):
                more = {
                    "month": month,
                    "discounted": sign * amount * factors[month - 1],
                    "counterpart": other,
                }
                yield row(
                    one, payer, entry.item, "amount", sign * float(amount), method="cash_flow",
                    transfer=entry.is_transfer, **more,
                )  # fmt: skip


def results(one: Account) -> pd.DataFrame:
    """What an account comes to, for each payer, for the public, and for all together.

    Returns
    -------
    DataFrame
        Estimates; `group` is the payer, `variable` one of

        - ``sum``: plain sum; ``npv``: net present value in the first month's money;
        - ``payback``: the month in which what was laid out has come back, at present value; 0 if nothing was;
        - ``irr``: the yearly internal rate of return; only where flows change their sign once;
        - ``benefit_cost``: what comes back of each krone or euro laid out for the course or paid under the
          contract, at present value;
        - ``additional_jobs``, ``cost_per_job``: the present cost of the course for each additional job;
        - ``mvpf``: the marginal value of public funds, what participants, employers and investors gain over
          the net cost to the public; its parts stand as ``mvpf_gain`` by payer and ``mvpf_cost``. Where the
          public gains too there is no ratio (``pays_for_itself``).

        What cannot be computed has a note: without wages nothing can be said of participants, employers and
        all together (``work_left_out``). Without a counterfactual every row has the note ``gross``.

    Examples
    --------
    >>> from kij_analysis.investment import account, payers
    >>> from kij_analysis.investment.example import outcome, plan
    >>> frame = results(account(None, outcome(), payers("DK"), plan=plan()))
    >>> frame.query("variable == 'npv'").set_index("group")["estimate"].round().to_dict()
    {'participant': nan, 'municipality': -83136.0, 'state': 229216.0, 'public': 146080.0, 'society': nan}
    """
    rows = [found for payer in views(one) for found in _of_payer(one, payer)]
    return estimates.make([*rows, *_of_jobs(one), *_mvpf(one)])


def _of_payer(one: Account, payer: str) -> Iterator[dict[str, Any]]:
    if incomplete(one, payer):
        for variable, measure in OF_PAYER.items():
            yield row(one, payer, variable, measure, np.nan, why="work_left_out")
        return
    plain, worth = one.net(payer), one.net(payer, discounted=True)
    yield row(one, payer, "sum", "amount", float(plain.sum()), method="cash_flow")
    yield row(one, payer, "npv", "amount", float(worth.sum()))
    month, why = payback(worth)
    yield row(one, payer, "payback", "months", month, why=why)
    rate, why = internal_rate(plain)
    yield row(one, payer, "irr", "rate", rate, why=why, method="internal_rate")
    cost = sum(max(-_worth(one, entry, payer), 0.0) for entry in one.entries if entry.item in LAID_OUT)
    ratio = (float(worth.sum()) + cost) / cost if cost > ROOM else np.nan
    yield row(one, payer, "benefit_cost", "ratio", ratio, why="no_cost")


def _worth(one: Account, entry: Entry, payer: str) -> float:
    """The present value of one item for a payer or a group of them."""
    amount = sum(entry.of(side) for side in members(payer))
    return float((np.broadcast_to(amount, (1, one.plan.months))[0] * one.discount).sum())


def incomplete(one: Account, payer: str) -> bool:
    """Whether wages are left out and would belong to what this payer gains or loses."""
    return one.plan.wage is None and payer in ("participant", "employer", "society")


def _of_jobs(one: Account) -> Iterator[dict[str, Any]]:
    jobs = float(one.course.additional[0, 0])
    yield row(one, "society", "additional_jobs", "count", jobs, method="derived")
    cost = float((one.entries[0].amount[0] * one.discount).sum())
    per_job = cost / jobs if jobs > ROOM else np.nan
    yield row(one, "society", "cost_per_job", "amount", per_job, why="no_jobs")


def _mvpf(one: Account) -> Iterator[dict[str, Any]]:
    if one.plan.wage is None:
        yield row(one, "public", "mvpf", "ratio", np.nan, why="work_left_out")
        return
    gains = {
        payer: float(one.net(payer, discounted=True).sum())
        for payer in ("participant", "employer", "investor")
    }
    cost = -float(one.net("public", discounted=True).sum())
    for payer, gain in gains.items():
        yield row(one, payer, "mvpf_gain", "amount", gain)
    yield row(one, "public", "mvpf_cost", "amount", cost)
    ratio = sum(gains.values()) / cost if cost > ROOM else np.nan
    yield row(one, "public", "mvpf", "ratio", ratio, why="pays_for_itself")


def payback(worth: np.ndarray) -> tuple[float, str]:
    """The month in which what was laid out has come back for good, and a note if it never does.

    Examples
    --------
    >>> payback(np.array([-10.0, 4.0, 6.0, 1.0])), payback(np.array([1.0, 2.0]))
    ((3.0, ''), (0.0, ''))
    """
    summed = np.cumsum(worth)
    short = np.flatnonzero(summed < -ROOM)
    if not short.size:
        return 0.0, ""
    last = int(short[-1])
    return (np.nan, "never_pays_back") if last == summed.size - 1 else (float(last + 2), "")


def internal_rate(plain: np.ndarray) -> tuple[float, str]:
    """The yearly internal rate of return of monthly flows, and a note if there is none or more than one.

    Examples
    --------
    >>> flows = np.zeros(13); flows[0], flows[12] = -100.0, 110.0
    >>> round(internal_rate(flows)[0], 6), internal_rate(np.array([1.0, 2.0]))[1]
    (0.1, 'no_single_rate')
    """
    from numpy_financial import irr

    signs = np.sign(plain[np.abs(plain) > ROOM])
    if np.count_nonzero(np.diff(signs)) != 1:
        return np.nan, "no_single_rate"
    monthly = float(irr(plain))
    yearly = (1 + monthly) ** 12 - 1 if np.isfinite(monthly) and monthly > -1 else np.nan
    return yearly, "" if np.isfinite(yearly) else "no_single_rate"


def risks(contract: Contract) -> pd.DataFrame:
    """Who bears which risk under a contract.

    Returns
    -------
    DataFrame
        One row for each risk: the contract's form, the risk, and who bears it (``payer``, ``recipient``,
        ``shared`` or ``none``), with the payer of the account that this is.

    Examples
    --------
    >>> from kij_analysis.investment import FullRisk
    >>> risks(FullRisk()).set_index("risk").loc["few_get_work", ["bearer", "who"]].tolist()
    ['recipient', 'investor']
    """
    who = {"payer": contract.payer, "recipient": contract.recipient}
    return pd.DataFrame(
        [
            {"contract": contract.kind, "risk": risk, "bearer": bearer, "who": who.get(bearer, bearer)}
            for risk, bearer in contract.risks.items()
        ]
    )
