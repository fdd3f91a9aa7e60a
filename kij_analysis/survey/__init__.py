"""Survey statistics that hold for small programmes."""

from kij_analysis.survey.intervals import linearised, wilson
from kij_analysis.survey.pooling import pool
from kij_analysis.survey.population import Population, women
from kij_analysis.survey.profile import profile
from kij_analysis.survey.response import response
from kij_analysis.survey.shares import shares

__all__ = ["Population", "linearised", "pool", "profile", "response", "shares", "wilson", "women"]
