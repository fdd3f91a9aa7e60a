"""Pictures: pure functions of (estimates, words); they compute, translate and save nothing."""

from kij_analysis.figures.comparators import comparators
from kij_analysis.figures.definitions import definitions
from kij_analysis.figures.dots import dots
from kij_analysis.figures.evidence import evidence
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.gaps import gaps
from kij_analysis.figures.matrix import comparability_matrix
from kij_analysis.figures.obstacles import obstacles
from kij_analysis.figures.outputs import outputs
from kij_analysis.figures.printed import printed
from kij_analysis.figures.profile import profile
from kij_analysis.figures.response import response
from kij_analysis.figures.status_matrix import status_matrix

__all__ = [
    "Figure",
    "comparability_matrix",
    "comparators",
    "definitions",
    "dots",
    "evidence",
    "gaps",
    "obstacles",
    "outputs",
    "printed",
    "profile",
    "response",
    "status_matrix",
]
