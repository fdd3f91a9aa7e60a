"""Survey statistics that hold for small programmes."""

from kij_analysis.survey.adjusted import adjusted
from kij_analysis.survey.association import association
from kij_analysis.survey.design import Design
from kij_analysis.survey.differences import differences
from kij_analysis.survey.intervals import clopper_pearson, jeffreys, linearised, wilson
from kij_analysis.survey.means import means
from kij_analysis.survey.medians import medians
from kij_analysis.survey.models import marginal, regression
from kij_analysis.survey.ordinal import ordinal
from kij_analysis.survey.paired import mcnemar_p, newcombe_paired, paired, stuart_maxwell
from kij_analysis.survey.pooling import pool
from kij_analysis.survey.population import Population, women
from kij_analysis.survey.profile import profile
from kij_analysis.survey.response import response
from kij_analysis.survey.sensitivity import sensitivity
from kij_analysis.survey.shares import shares
from kij_analysis.survey.stratified import stratified
from kij_analysis.survey.trend import trend
from kij_analysis.survey.two_shares import miettinen_nurminen, mover, newcombe

__all__ = [
    "Design", "Population", "adjusted", "association", "clopper_pearson", "differences", "jeffreys",
    "linearised", "marginal", "mcnemar_p", "means", "medians", "miettinen_nurminen", "mover", "newcombe",
    "newcombe_paired", "ordinal", "paired", "pool", "profile", "regression", "response", "sensitivity",
    "shares", "stratified", "stuart_maxwell", "trend", "wilson", "women",
]  # fmt: skip
