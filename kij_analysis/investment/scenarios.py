"""Scenario files: everything that an account rests on in one YAML file, every number with its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.codebook.yaml_files import Document, read_yaml
from kij_analysis.errors import KijError, Problem, StudyError, listed
from kij_analysis.investment.accounts import Account, account
from kij_analysis.investment.money import Conversion
from kij_analysis.investment.outcomes import Outcome
from kij_analysis.investment.payers import payers
from kij_analysis.investment.plans import Flow, Plan
from kij_analysis.investment.quantities import Quantity
from kij_analysis.investment.rates import Payers, Rate, with_values
from kij_analysis.investment.results import risks
from kij_analysis.investment.services import CONTRACTS, Milestone
from kij_analysis.investment.terms import Contract, Sustained
from kij_analysis.template import template_folder
from kij_analysis.words.told import all_packed

REPORTED = "report"
"""The name of the scenario that a user puts into her study for the report."""
FOLDER = "scenarios"


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What a scenario file holds: the parts of an account, and other contracts to hold beside its own."""

    path: Path
    plan: Plan
    outcome: Outcome
    payers: Payers
    contract: Contract | None
    compare_with: Mapping[str, Contract]

    def contracts(self) -> dict[str, Contract]:
        """Its own contract under the code of its form, and those beside it by their names."""
        own = {self.contract.kind: self.contract} if self.contract else {}
        return {**own, **self.compare_with}

    def risks(self) -> pd.DataFrame:
        """Who bears which risk under each of its contracts, one row for each form and risk."""
        frames = [risks(one) for one in self.contracts().values()]
        return pd.concat(frames, ignore_index=True).assign(programme="", data_status="assumed")

    def account(self, *, without_contract: bool = False) -> Account:
        """The account."""
        contract = None if without_contract else self.contract
        return account(contract, self.outcome, self.payers, plan=self.plan)


def scenario(path: Path | str, *, study: Any = None) -> Scenario:
    """A scenario read from its file.

    Parameters
    ----------
    path
        A YAML file, or the name of a scenario in codebook/scenarios of the study or of the shipped codebook.
    study
        The study whose rules and scenarios count first.

    Raises
    ------
    StudyError
        If the file is wrong: every problem, with its line where it has one.

    Examples
    --------
    >>> scenario("worked_example").account().plan.perspective
    'municipality'
    """
    place = _place(Path(path), study)
    document, problems = read_yaml(place, against="account")
    if document is None or problems:
        raise StudyError(problems)
    return _Reader(document, study).scenario(place)


def scenarios(study: Any = None) -> list[str]:
    """The names of the scenarios of a study, and of the shipped ones.

    Examples
    --------
    >>> "worked_example" in scenarios()
    True
    """
    return sorted({path.stem for folder in _folders(study) for path in folder.glob("*.yaml")})


def reported(study: Any) -> str:
    """The scenario that a study's report accounts for: *report* if its codebook/scenarios holds one.

    Else the shipped comparison of two payment models.

    Examples
    --------
    >>> from kij_analysis.study import open_study
    >>> reported(open_study(template_folder()))
    'two_payment_models'
    """
    own = Path(study.folders["codebook"]) / FOLDER / f"{REPORTED}.yaml"
    return REPORTED if own.is_file() else "two_payment_models"


def _folders(study: Any) -> list[Path]:
    own = [Path(study.folders["codebook"])] if study is not None else []
    return [folder / FOLDER for folder in (*own, template_folder() / "codebook")]


def _place(path: Path, study: Any) -> Path:
    if path.suffix in (".yaml", ".yml"):
        return path
    for folder in _folders(study):
        if (folder / f"{path}.yaml").is_file():
            return folder / f"{path}.yaml"
    fix = f"There are {listed(scenarios(study))}; or give the path of a YAML file."
    raise StudyError(f"There is no scenario '{path}'.", fix=fix)


class _Reader:
    """Makes the parts of an account from a file that keeps to the schema, and gathers what does not fit."""

    def __init__(self, document: Document, study: Any) -> None:
        self.document, self.data, self.study = document, all_packed(document.data), study
        self.problems: list[Problem] = []

    def scenario(self, path: Path) -> Scenario:
        rules = self.at(("account", "country"), lambda: payers(self.data["account"]["country"], self.study))
        rules = rules and self.at(("values",), lambda: with_values(rules, self.supplied(rules)))
        plan = self.at(("account",), self.plan)
        outcome = self.at(("outcome",), self.outcome)
        contract = self.contract(("contract",), self.data.get("contract"))
        others = self.data.get("compare_with", {})
        beside = {name: self.contract(("compare_with", name), part) for name, part in others.items()}
        if self.problems:
            raise StudyError(self.problems)
        assert rules is not None and plan is not None and outcome is not None
        kept = {name: one for name, one in beside.items() if one is not None}
        return Scenario(
            path=path, plan=plan, outcome=outcome, payers=rules, contract=contract, compare_with=kept
        )

    def at(self, steps: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """What a part becomes; what is wrong with it is told with its line."""
        try:
            return make()
        except KijError as error:
            for found in error.problems:
                line = self.document.line(*steps)
                shown = replace(found, file=self.document.name, line=line)
                if shown not in self.problems:
                    self.problems.append(shown)
            return None

    def quantity(self, *steps: Any) -> Quantity | None:
        part = self.data
        for step in steps:
            part = (part or {}).get(step)
        return None if part is None else self.at(steps, lambda: Quantity(**part))

    def needed(self, *steps: Any) -> Quantity:
        return self.quantity(*steps) or Quantity(value=0, source="wrong in the file")

    def plan(self) -> Plan:
        head, group = self.data["account"], self.data["participants"]
        benefit, work = self.data.get("benefit", {}), self.data.get("work", {})
        given: Any = tuple(benefit["values"]) if "values" in benefit else self.quantity("benefit", "amount")
        if benefit and ("values" in benefit) == ("amount" in benefit):
            what, fix = "It is not clear what the benefit is.", "Write one of values: and amount:."
            self.problems.append(self.document.problem(("benefit",), what, fix))
        return Plan(
            title=head["title"],
            programme=head.get("programme", ""),
            currency=head["currency"],
            price_year=head["price_year"],
            perspective=head["perspective"],
            months=head["months"],
            discount_rate=self.quantity("account", "discount_rate"),
            participants=self.needed("participants", "number"),
            course_months=group["course_months"],
            cost=self.needed("participants", "cost"),
            paid_by=group["paid_by"],
            benefit=given,
            weeks_before=self.quantity("benefit", "weeks_before"),
            weeks_after_work=benefit.get("weeks_after_work", ""),
            claimed_cost=self.quantity("benefit", "claimed_cost"),
            wage=self.quantity("work", "wage"),
            contributions=tuple(work.get("contributions", ())),
            taxes=work.get("taxes", False),
            work_worth=self.quantity("work", "work_worth"),
            flows=tuple(self.flow(name, part) for name, part in self.data.get("flows", {}).items()),
            years=dict(self.data.get("years", {})),
            conversions=tuple(self.conversions()),
        )

    def flow(self, name: str, part: Mapping[str, Any]) -> Flow:
        if ("amount" in part) == ("value" in part):
            what, fix = f"{name}: it is not clear how much it is.", "Write one of amount: and value:."
            self.problems.append(self.document.problem(("flows", name), what, fix))
        amount = part.get("value") or self.needed("flows", name, "amount")
        rest = {key: part[key] for key in ("payer", "receiver", "per", "after", "over") if key in part}
        return Flow(item=str(name), amount=amount, **rest)

    def outcome(self) -> Outcome:
        part = self.data["outcome"]
        single = (
            "gross",
            "effect",
            "without",
            "attrition",
            "displacement",
            "drop_off",
            "attribution",
            "qualifying",
        )
        quantities: dict[str, Any] = {name: self.needed("outcome", name) for name in single if name in part}
        retention = {}
        for months in part.get("retention", {}):
            if not str(months).isdigit():
                what, fix = f"retention: '{months}' is no number of months.", "Write 6: or 12:."
                self.problems.append(self.document.problem(("outcome", "retention"), what, fix))
            else:
                retention[int(months)] = self.needed("outcome", "retention", months)
        return Outcome(
            counterfactual=part["counterfactual"], base=part.get("base", "starters"),
            job_month=part["job_month"], retention=retention, **quantities,
        )  # fmt: skip

    def contract(self, steps: tuple[Any, ...], part: Mapping[str, Any] | None) -> Contract | None:
        if part is None:
            return None
        kind = CONTRACTS[part["kind"]]
        known = {field.name for field in fields(kind)}
        strange = [key for key in part if key not in (*known, "kind")]
        if strange:
            what = f"A contract of the kind {part['kind']} has no {listed(strange)}."
            self.problems.append(self.document.problem(steps, what, f"It has {listed(sorted(known))}."))
            return None
        needed = [f.name for f in fields(kind) if f.name not in part and _required(f)]
        if needed:
            what = f"The contract ({part['kind']}) lacks {listed(needed)}."
            self.problems.append(self.document.problem(steps, what, "Add it."))
            return None
        values = {key: _term(key, value) for key, value in part.items() if key != "kind"}
        return self.at(steps, lambda: kind(**values))

    def supplied(self, rules: Payers) -> list[Rate]:
        found = []
        for name, part in self.data.get("values", {}).items():
            old = rules.rates.get(name)
            unit = part.get("unit") or (old[0].unit if old else "percent")
            year = part.get("year", self.data["account"]["price_year"])
            kind = old[0].kind if old else "supplied"
            found.append(
                Rate(name=name, kind=kind, unit=unit, value=float(part["value"]), year=year,
                source=part["source"],
                     confidence="supplied")
            )  # fmt: skip
        return found

    def conversions(self) -> list[Conversion]:
        found = []
        for part in self.data.get("conversions", []):
            (one, first), (other, last) = (part[key].split() for key in ("from", "to"))
            found.append(
                Conversion(from_currency=one, from_year=int(first), to_currency=other, to_year=int(last),
                           factor=part["factor"], source=part["source"])
            )  # fmt: skip
        return found


def _required(field: Any) -> bool:
    from dataclasses import MISSING

    return field.default is MISSING and field.default_factory is MISSING


def _term(key: str, value: Any) -> Any:
    if key == "sustained":
        return Sustained(**value)
    if key == "milestones":
        return tuple(
            Milestone(
                amount=one["amount"], sustained=Sustained(**one["sustained"]) if "sustained" in one else None
            )
            for one in value
        )
    return value
