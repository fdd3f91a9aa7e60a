"""The labour market around the programmes: official statistics, and what migrants name as obstacles."""

from kij_analysis.context.definitions import definitions
from kij_analysis.context.dropped import Dropped, dropped, revisions
from kij_analysis.context.gaps import gap, table
from kij_analysis.context.obstacles import barrier_map, obstacles
from kij_analysis.context.record import load, sources
from kij_analysis.context.selecting import official
from kij_analysis.context.series import line

__all__ = [
    "Dropped", "barrier_map", "definitions", "dropped", "gap", "line", "load", "obstacles", "official",
    "revisions", "sources", "table",
]  # fmt: skip
