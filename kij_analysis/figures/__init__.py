"""Pictures: pure functions of (estimates, words); they compute, translate and save nothing."""

from kij_analysis.figures.barriers import (
    barrier_changes,
    barrier_differences,
    barrier_numbers,
    barrier_official,
    barrier_ranks,
    barrier_sets,
    barrier_views,
)
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
from kij_analysis.figures.status_matrix import status_matrix

__all__ = [
    "Figure",
    "barrier_changes",
    "barrier_differences",
    "barrier_numbers",
    "barrier_official",
    "barrier_ranks",
    "barrier_sets",
    "barrier_views",
    "comparability_matrix",
    "comparators",
    "definitions",
    "dots",
    "evidence",
    "outputs",
    "printed",
    "profile",
    "response",
    "status_matrix",
]
