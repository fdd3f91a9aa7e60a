"""Contracts side by side for one and the same programme, and a claimed cost beside the statutory one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError
from kij_analysis.investment.accounts import Account, account
from kij_analysis.investment.outcomes import Outcome
from kij_analysis.investment.plans import Plan
from kij_analysis.investment.rates import Payers
from kij_analysis.investment.results import row
from kij_analysis.investment.sharing import municipal_share
from kij_analysis.investment.terms import Contract


def compare(
    contracts: Mapping[str, Contract | None],
    outcome: Outcome,
    payers: Payers,
    *,
    plan: Plan,
    shares: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """What each payer is left with under several contracts, for several outcomes.

    Parameters
    ----------
    contracts
        Contracts by the name that is printed.
    shares
        Shares in work to compare them at, by name, such as ``{"half as many": 0.2}``; the outcome's own if
        left out.

    Returns
    -------
    DataFrame
        Estimates: the net present value (``npv``) of payer and recipient, by contract (`contract_name`) and
        outcome (`case`, with the share in `gross`), and what is paid under the contract (``contract``).

    Raises
    ------
    UsageError
        If other shares are asked for where only the difference to a comparison group is known.

    Examples
    --------
    >>> from kij_analysis.investment import FeePerParticipant, FullRisk, payers
    >>> from kij_analysis.investment.example import outcome, plan
    >>> forms = {"fee": FeePerParticipant(fee=50_000), "full risk": FullRisk(cap=1_000_000)}
    >>> frame = compare(forms, outcome(), payers("DK"), plan=plan(paid_by="investor"))
    >>> frame.query("variable == 'npv' and group == 'investor'")["estimate"].round().tolist()
    [0.0, -83136.0]
    """
    if shares and outcome.gross is None:
        fix = "Give gross: beside effect:, or compare at the outcome's own."
        raise UsageError("Other shares cannot be compared, because only a difference is known.", fix=fix)
    rows = []
    cases: Mapping[str, float | None] = shares or {"": None}
    for case, share in cases.items():
        there = outcome if share is None else _at(outcome, share)
        for name, contract in contracts.items():
            one = account(contract, there, payers, plan=plan)
            more = {"contract_name": name, "case": case, "gross": share if share is not None else np.nan}
            sides = (contract.payer, contract.recipient) if contract else (plan.paid_by,)
            for side in dict.fromkeys(sides):
                worth = float(one.net(side, discounted=True).sum())
                rows.append(row(one, side, "npv", "amount", worth, **more))
            paid = one.entries[-1].amount if contract else np.zeros((1, 1))
            payer = contract.payer if contract else plan.paid_by
            rows.append(row(one, payer, "contract", "amount", float(paid.sum()), method="cash_flow", **more))
    return estimates.make(rows)


def _at(outcome: Outcome, share: float) -> Outcome:
    """The outcome with another share in work; a difference to a group moves with it."""
    assert outcome.gross is not None
    gross = replace(outcome.gross, value=share, low=None, high=None, distribution="fixed")
    if outcome.effect is None:
        return replace(outcome, gross=gross)
    moved = outcome.effect.value + share - outcome.gross.value
    return replace(outcome, gross=gross, effect=replace(outcome.effect, value=moved, distribution="fixed"))


def claimed(one: Account) -> pd.DataFrame:
    """A claimed monthly cost of a woman outside work beside what the municipality bears by law.

    Returns
    -------
    DataFrame
        Estimates by month: ``claimed_cost`` (what was supplied), ``statutory_cost`` (the municipality's
        share of the benefit in the month in which the jobs begin, and in the last month), and
        ``beyond_statutory``, the rest, that the claim must explain by activation, case work and other cost.
        `warning` says whether the claim exceeds the statutory figure.

    Raises
    ------
    UsageError
        If no cost is claimed.

    Examples
    --------
    >>> from kij_analysis.investment import account, payers
    >>> from kij_analysis.investment.example import given, outcome, plan
    >>> one = account(None, outcome(), payers("DK"), plan=plan(claimed_cost=given(15_000)))
    >>> claimed(one).query("month == 6").set_index("variable")["estimate"].round().to_dict()
    {'claimed_cost': 15000.0, 'statutory_cost': 9651.0, 'beyond_statutory': 5349.0}
    """
    said = one.plan.claimed_cost
    if said is None:
        raise UsageError("No cost is claimed in this account.", fix="Give claimed_cost: under benefit:.")
    values, plan = one.inputs.values, one.plan
    share = municipal_share(one.payers, values["weeks_before"], year=plan.price_year, months=plan.months)
    rows = []
    for month in dict.fromkeys((one.outcome.job_month, plan.months)):
        law = float(share[month - 1] * values["benefit"])
        claim = values["claimed_cost"]
        more = {"month": month, "warning": claim > law, "label": said.label}
        law_status = "published" if isinstance(plan.benefit, tuple) else "assumed"
        for name, amount, status in (
            ("claimed_cost", claim, said.data_status),
            ("statutory_cost", law, law_status),
            ("beyond_statutory", claim - law, "assumed"),
        ):
            told = row(one, "municipality", name, "amount", amount, method="cash_flow", **more)
            rows.append(told | {"data_status": status, "note": ""})
    return estimates.make(rows)


def numbers(one: Account) -> pd.DataFrame:
    """Every number that an account rests on, as it was given, with its source; then the values of the rules.

    Returns
    -------
    DataFrame
        Estimates: `variable` is the number, with `source`, and `year` and `confidence` for values of the
        rules.

    Examples
    --------
    >>> from kij_analysis.investment import scenario
    >>> numbers(scenario("worked_example").account())[["variable", "estimate"]].values.tolist()[:2]
    [['participants', 20.0], ['cost', 50000.0]]
    """
    base = {"programme": one.plan.programme, "group": one.plan.perspective, "method": "none"}
    money = {
        "currency": one.plan.currency,
        "price_year": one.plan.price_year,
        "year": np.nan,
        "confidence": "",
    }
    rows = []
    for name, given in one.inputs.quantities.items():
        measure = "count" if name in ("participants", "weeks_before") else "share"
        amounts = ("cost", "claimed_cost", "wage", "benefit")
        measure = "amount" if name in amounts or name.startswith("flow_") else measure
        measure = {"effect": "risk_difference", "work_worth": "ratio", "discount_rate": "rate"}.get(
            name, measure
        )
        source = f"{given.source} ({given.label})" if given.label else given.source
        own = {"variable": name, "measure": measure, "estimate": given.value, "source": source}
        rows.append(base | money | own | {"data_status": given.data_status})
    for rate in one.inputs.rates:
        percent = rate.unit.startswith("percent")
        measure = "rate" if percent else "amount" if rate.is_money else "ratio"
        value = rate.value / 100 if percent else rate.value
        own = {"variable": rate.name, "measure": measure, "estimate": value, "source": rate.source}
        told = {"year": rate.year, "confidence": rate.confidence, "data_status": rate.data_status}
        rows.append(base | money | own | told)
    return estimates.make(rows)
