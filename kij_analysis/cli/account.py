"""`kij account`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import kij_analysis as kij
from kij_analysis.words import LANGUAGES, Words

TEXT = "Reckon who pays and who saves: an Excel workbook with live formulas, from a scenario file."


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    part.add_argument("scenario", help="a YAML file, or the name of one in codebook/scenarios")
    part.add_argument("study", nargs="?", default="", help="the study folder whose rules count first")
    part.add_argument("--language", choices=LANGUAGES, default="en", help="of workbook and summary")
    part.add_argument("--out", metavar="FILE", help="the workbook (default: <scenario>.xlsx here)")
    part.add_argument("--draws", type=int, default=10_000, help="of the simulation (default: 10,000)")
    part.add_argument("--seed", type=int, default=1, help="of the simulation (default: 1)")


def run(options: argparse.Namespace) -> None:
    """Write the workbook and print what the account comes to."""
    study = kij.open_study(options.study) if options.study else None
    found = kij.investment.scenario(options.scenario, study=study)
    one, say = found.account(), Words(options.language)
    path = kij.investment.workbook(one, Path(options.out or f"{found.path.stem}.xlsx"), words=say)
    _results(found, one, say)
    _even(one, say)
    if any(quantity.distribution != "fixed" for quantity in one.inputs.quantities.values()):
        _simulated(one, say, options)
    print(f"\n{path}")


def _results(found: Any, one: Any, say: Words) -> None:
    print(f"{say.told(one.plan.title)}\n{kij.investment.about(one, say)}")
    for line in kij.investment.notes(one, say):
        print(f"! {line}")
    accounts = {say(f"account.contract.{one.contract.kind if one.contract else 'none'}"): one}
    for name, contract in found.compare_with.items():
        shown = say(f"account.contract.{name}") if say.has(f"account.contract.{name}") else name
        accounts[shown] = kij.investment.account(contract, found.outcome, found.payers, plan=found.plan)
    for name, other in accounts.items():
        print(f"\n{name}")
        frame = kij.investment.results(other)
        for row in frame[(frame["variable"] == "npv") & frame["estimate"].notna()].to_dict("records"):
            payer = say(f"account.payer.{row['group']}")
            print(f"  {say('account.result.npv')}, {payer}: {_money(row, say)}")


def _even(one: Any, say: Words) -> None:
    print()
    payers = [one.plan.perspective, *([one.contract.recipient] if one.contract else [])]
    for payer in dict.fromkeys(payers):
        for row in kij.investment.break_even(one, payer=payer).to_dict("records"):
            missing = row["estimate"] != row["estimate"]
            told = say(f"note.{row['note']}") if missing else _number(row, say)
            name = say(f"account.result.{row['variable']}")
            print(f"{name}, {say(f'account.payer.{payer}')}: {told}")


def _simulated(one: Any, say: Words, options: argparse.Namespace) -> None:
    frame = kij.investment.simulate(one, draws=options.draws, seed=options.seed)
    for row in frame[frame["variable"] == "loss_probability"].dropna(subset=["estimate"]).to_dict("records"):
        payer = say(f"account.payer.{row['group']}")
        print(f"{say('account.result.loss_probability')}, {payer}: {say.share(row['estimate'])}")


def _money(row: Any, say: Words) -> str:
    return f"{say.number(row['estimate'])} {row['currency']}"


def _number(row: Any, say: Words) -> str:
    return say.number(row["estimate"], digits=1)
