"""The labour market around the programmes: official statistics, and what migrants name as obstacles."""

from kij_analysis.context.dropped import Dropped, dropped
from kij_analysis.context.obstacles import barrier_map, obstacles
from kij_analysis.context.record import load, sources
from kij_analysis.context.selecting import official
from kij_analysis.context.series import line

__all__ = ["Dropped", "barrier_map", "dropped", "line", "load", "obstacles", "official", "sources"]
