"""The labour market around the programmes: official statistics, obstacles, and surveys of the population."""

from kij_analysis.context.benchmarks import benchmark
from kij_analysis.context.definitions import definitions
from kij_analysis.context.dropped import Dropped, dropped, revisions
from kij_analysis.context.gaps import gap, table
from kij_analysis.context.obstacles import barrier_map, obstacles
from kij_analysis.context.population import overview, population, population_gap
from kij_analysis.context.record import load, sources
from kij_analysis.context.selecting import official
from kij_analysis.context.series import line
from kij_analysis.context.surveys import PopulationSurvey, ess, piaac, surveys

__all__ = [
    "Dropped", "PopulationSurvey", "barrier_map", "benchmark", "definitions", "dropped", "ess", "gap",
    "line", "load", "obstacles", "official", "overview", "piaac", "population", "population_gap",
    "revisions", "sources", "surveys", "table",
]  # fmt: skip
