"""Figures of barriers to work."""

from kij_analysis.figures.barriers.changes import barrier_changes
from kij_analysis.figures.barriers.differences import barrier_differences
from kij_analysis.figures.barriers.numbers import barrier_numbers
from kij_analysis.figures.barriers.official import barrier_official
from kij_analysis.figures.barriers.ranks import barrier_ranks
from kij_analysis.figures.barriers.sets import barrier_sets
from kij_analysis.figures.barriers.views import barrier_views

__all__ = [
    "barrier_changes",
    "barrier_differences",
    "barrier_numbers",
    "barrier_official",
    "barrier_ranks",
    "barrier_sets",
    "barrier_views",
]
