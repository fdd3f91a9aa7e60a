"""Pictures: pure functions of (estimates, words); they compute, translate and save nothing."""

from kij_analysis.figures.balance import balance
from kij_analysis.figures.comparators import comparators
from kij_analysis.figures.definitions import definitions
from kij_analysis.figures.dots import dots
from kij_analysis.figures.evidence import evidence
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.matrix import comparability_matrix
from kij_analysis.figures.outputs import outputs
from kij_analysis.figures.printed import printed
from kij_analysis.figures.profile import profile
from kij_analysis.figures.response import response
from kij_analysis.figures.sensitivity import sensitivity
from kij_analysis.figures.side_by_side import side_by_side
from kij_analysis.figures.status_matrix import status_matrix

__all__ = [
    "Figure",
    "balance",
    "comparability_matrix",
    "comparators",
    "definitions",
    "dots",
    "evidence",
    "outputs",
    "printed",
    "profile",
    "response",
    "sensitivity",
    "side_by_side",
    "status_matrix",
]
