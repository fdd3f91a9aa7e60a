"""Survey statistics that hold for small programmes."""

from kij_analysis.survey.adjusted import adjusted
from kij_analysis.survey.answer_steps import step_shares
from kij_analysis.survey.association import association
from kij_analysis.survey.design import Design
from kij_analysis.survey.differences import differences
from kij_analysis.survey.from_estimates import differences_of_shares, distances, moments
from kij_analysis.survey.intervals import clopper_pearson, jeffreys, linearised, wilson
from kij_analysis.survey.means import means
from kij_analysis.survey.medians import medians
from kij_analysis.survey.models import marginal, regression
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
from kij_analysis.survey.nonresponse.weighting import to_margins
from kij_analysis.survey.nonresponse.weights import calibrate, trim_weights, weight_diagnostics
from kij_analysis.survey.ordinal import ordinal
from kij_analysis.survey.paired import mcnemar_p, newcombe_paired, paired, stuart_maxwell
from kij_analysis.survey.partial_pooling import partial_pool
from kij_analysis.survey.planned import precision_by_wave, with_differences
from kij_analysis.survey.polychoric import polychoric
from kij_analysis.survey.pooling import leave_one_out, pool
from kij_analysis.survey.population import Population, women
from kij_analysis.survey.power import power_of_change, power_of_shares
from kij_analysis.survey.precision import group_sizes, precision
from kij_analysis.survey.profile import profile
from kij_analysis.survey.reliability import cronbach_alpha, feldt, item_statistics, reliability
from kij_analysis.survey.response import response
from kij_analysis.survey.scale_comparability import scale_comparability
from kij_analysis.survey.scale_items import scale_scores
from kij_analysis.survey.scales import floor_ceiling, scale_means, top_shares
from kij_analysis.survey.sensitivity import sensitivity
from kij_analysis.survey.shares import shares
from kij_analysis.survey.standardised import standardised_differences, who_answered
from kij_analysis.survey.stratified import stratified
from kij_analysis.survey.trend import trend
from kij_analysis.survey.two_shares import miettinen_nurminen, mover, newcombe

__all__ = [
    "Bounds", "Calibration", "Design", "LeeBounds", "Pooled", "PooledTest", "Population", "adjusted",
    "association", "calibrate", "clopper_pearson", "cronbach_alpha", "delta_adjusted", "differences",
    "differences_of_shares", "distances", "dropout_share", "dropout_weights", "feldt", "floor_ceiling",
    "group_sizes", "imbens_manski", "impute",
    "item_statistics", "jeffreys", "leave_one_out", "lee", "linearised", "manski", "marginal", "margins",
    "mcnemar_p", "means", "medians", "miettinen_nurminen", "moments", "mover", "newcombe", "newcombe_paired",
    "nonresponse", "ordinal", "paired", "partial_pool", "polychoric", "pool", "power_of_change",
    "power_of_shares", "precision", "precision_by_wave", "profile", "regression", "reliability", "response",
    "retention", "rubin", "rubin_share", "rubin_test", "scale_comparability", "scale_means", "scale_scores",
    "sensitivity", "shares", "standardised_differences", "step_shares", "stratified", "stuart_maxwell",
    "tipping_point", "to_margins", "top_shares", "trend", "trim_weights", "weight_diagnostics",
    "who_answered", "wilson", "with_differences", "women",
]  # fmt: skip
