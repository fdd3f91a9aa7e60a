"""Pictures: pure functions of (estimates, words); they compute, translate and save nothing."""

from kij_analysis.figures.accounts import account_contracts, account_even, account_flows, account_tornado
from kij_analysis.figures.balance import balance
from kij_analysis.figures.barriers import (
    barrier_changes,
    barrier_differences,
    barrier_numbers,
    barrier_official,
    barrier_ranks,
    barrier_sets,
    barrier_views,
)
from kij_analysis.figures.benchmark import benchmark
from kij_analysis.figures.changes import change, effect_sizes
from kij_analysis.figures.comparators import comparators
from kij_analysis.figures.definitions import definitions
from kij_analysis.figures.dose import associations, dose
from kij_analysis.figures.dots import dots
from kij_analysis.figures.evidence import evidence
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.forest import forest
from kij_analysis.figures.gaps import gaps
from kij_analysis.figures.incidence import incidence
from kij_analysis.figures.likert import likert
from kij_analysis.figures.low_start import low_start
from kij_analysis.figures.matrix import comparability_matrix
from kij_analysis.figures.nonresponse import nonresponse
from kij_analysis.figures.obstacles import obstacles
from kij_analysis.figures.outputs import outputs
from kij_analysis.figures.printed import printed
from kij_analysis.figures.profile import profile
from kij_analysis.figures.response import response
from kij_analysis.figures.sensitivity import sensitivity
from kij_analysis.figures.side_by_side import side_by_side
from kij_analysis.figures.standardised import standardised
from kij_analysis.figures.status_matrix import status_matrix
from kij_analysis.figures.transitions import transitions
from kij_analysis.figures.two_way import agreement, two_way

__all__ = [
    "Figure", "account_contracts", "account_even", "account_flows", "account_tornado", "agreement",
    "associations", "balance", "barrier_changes", "barrier_differences", "barrier_numbers",
    "barrier_official", "barrier_ranks", "barrier_sets", "barrier_views", "benchmark", "change",
    "comparability_matrix", "comparators", "definitions", "dose", "dots", "effect_sizes", "evidence",
    "forest", "gaps", "incidence", "likert", "low_start", "nonresponse", "obstacles", "outputs", "printed",
    "profile", "response", "sensitivity", "side_by_side", "standardised", "status_matrix", "transitions",
    "two_way",
]  # fmt: skip
