"""Who pays and who saves: the account of a programme by payer and month, and payment by results."""

from kij_analysis.investment.accounts import Account, account
from kij_analysis.investment.breaking import break_even
from kij_analysis.investment.cells import about
from kij_analysis.investment.comparing import claimed, compare, numbers
from kij_analysis.investment.contracts import FullRisk, ShareOfDifference, ShareOfWages, ThresholdReturn
from kij_analysis.investment.money import Conversion
from kij_analysis.investment.outcomes import Outcome, effect_on_treated, needed_among_completers
from kij_analysis.investment.payers import payers
from kij_analysis.investment.plans import Flow, Plan
from kij_analysis.investment.quantities import Quantity, quantity
from kij_analysis.investment.rates import Payers, Rate, with_values
from kij_analysis.investment.results import flows, results, risks
from kij_analysis.investment.scenarios import Scenario, reported, scenario, scenarios
from kij_analysis.investment.sensitivity import overview, simulate, tornado, two_way
from kij_analysis.investment.services import CONTRACTS, BonusMalus, FeePerParticipant, Milestone, RateCard
from kij_analysis.investment.sharing import municipal_share
from kij_analysis.investment.terms import Contract, Sustained
from kij_analysis.investment.workbook import notes, workbook

__all__ = [
    "CONTRACTS",
    "Account",
    "BonusMalus",
    "Contract",
    "Conversion",
    "FeePerParticipant",
    "Flow",
    "FullRisk",
    "Milestone",
    "Outcome",
    "Payers",
    "Plan",
    "Quantity",
    "Rate",
    "RateCard",
    "Scenario",
    "ShareOfDifference",
    "ShareOfWages",
    "Sustained",
    "ThresholdReturn",
    "about",
    "account",
    "break_even",
    "claimed",
    "compare",
    "effect_on_treated",
    "flows",
    "municipal_share",
    "needed_among_completers",
    "notes",
    "numbers",
    "overview",
    "payers",
    "quantity",
    "reported",
    "results",
    "risks",
    "scenario",
    "scenarios",
    "simulate",
    "tornado",
    "two_way",
    "with_values",
    "workbook",
]  # fmt: skip
