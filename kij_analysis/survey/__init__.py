"""Survey statistics that hold for small programmes."""

from kij_analysis.survey.adjusted import adjusted
from kij_analysis.survey.association import association
from kij_analysis.survey.design import Design
from kij_analysis.survey.differences import differences
from kij_analysis.survey.intervals import clopper_pearson, jeffreys, linearised, wilson
from kij_analysis.survey.means import means
from kij_analysis.survey.medians import medians
from kij_analysis.survey.nonresponse.bounds import (
    Bounds,
    LeeBounds,
    delta_adjusted,
    imbens_manski,
    lee,
    manski,
    tipping_point,
)
from kij_analysis.survey.nonresponse.calibration import Calibration
from kij_analysis.survey.nonresponse.dropout import dropout_share, dropout_weights
from kij_analysis.survey.nonresponse.imputation import impute
from kij_analysis.survey.nonresponse.margins import margins
from kij_analysis.survey.nonresponse.overview import nonresponse
from kij_analysis.survey.nonresponse.retention import retention
from kij_analysis.survey.nonresponse.rubin import Pooled, PooledTest, rubin, rubin_share, rubin_test
from kij_analysis.survey.nonresponse.weights import calibrate, trim_weights, weight_diagnostics
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
    "Bounds", "Calibration", "Design", "LeeBounds", "Pooled", "PooledTest", "Population", "adjusted",
    "association", "calibrate", "clopper_pearson", "delta_adjusted", "differences", "dropout_share",
    "dropout_weights", "imbens_manski", "impute", "jeffreys", "lee", "linearised", "manski", "margins",
    "mcnemar_p", "means", "medians", "miettinen_nurminen", "mover", "newcombe", "newcombe_paired",
    "nonresponse", "ordinal", "paired", "pool", "profile", "response", "retention", "rubin", "rubin_share",
    "rubin_test", "sensitivity", "shares", "stratified",
    "stuart_maxwell", "tipping_point", "trend", "trim_weights", "weight_diagnostics", "wilson", "women",
]  # fmt: skip
