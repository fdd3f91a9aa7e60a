"""The labour market around the programmes: official statistics, and what migrants name as obstacles."""

from kij_analysis.context.benchmarks import benchmark
from kij_analysis.context.dropped import Dropped, dropped
from kij_analysis.context.obstacles import barrier_map, obstacles
from kij_analysis.context.population import overview, population, population_gap
from kij_analysis.context.record import load, sources
from kij_analysis.context.selecting import official
from kij_analysis.context.series import line
from kij_analysis.context.surveys import PopulationSurvey, ess, piaac, surveys

__all__ = [
    "Dropped",
    "PopulationSurvey",
    "barrier_map",
    "benchmark",
    "dropped",
    "ess",
    "line",
    "load",
    "obstacles",
    "official",
    "overview",
    "piaac",
    "population",
    "population_gap",
    "sources",
    "surveys",
]
