"""What has changed, how long it took, how it compares with others, and what may be said about why."""

from kij_analysis.effects.between import change_between
from kij_analysis.effects.change import RATINGS, change
from kij_analysis.effects.comparison.beside import beside, has_comparison
from kij_analysis.effects.comparison.compare import ESTIMATORS, balance, compare
from kij_analysis.effects.comparison.did import did, staggered
from kij_analysis.effects.comparison.lottery import lottery
from kij_analysis.effects.comparison.matching import Matching
from kij_analysis.effects.comparison.overlap import overlap
from kij_analysis.effects.comparison.own_file import read_persons
from kij_analysis.effects.curves import incidence, median_time, survival
from kij_analysis.effects.dose import DOSES, dose, dose_levels
from kij_analysis.effects.fragility.contours import contours
from kij_analysis.effects.fragility.dropout import dropout_bounds
from kij_analysis.effects.fragility.evalue import e_value, e_value_of_counts
from kij_analysis.effects.fragility.robustness import robustness_value
from kij_analysis.effects.fragility.rosenbaum import amplification, critical_gamma, pair_bounds
from kij_analysis.effects.fragility.table import fragility
from kij_analysis.effects.fragility.telling import explained_away
from kij_analysis.effects.hazards import cox
from kij_analysis.effects.log_rank import log_rank
from kij_analysis.effects.low_start import expected_regression, low_start
from kij_analysis.effects.mentees import mentees
from kij_analysis.effects.pairs import BOTH_ASKED, agreement, two_way
from kij_analysis.effects.periods import discrete_time
from kij_analysis.effects.restricted import restricted_difference, restricted_mean
from kij_analysis.effects.standardised import effect_size, standardised
from kij_analysis.effects.time import time_to_job
from kij_analysis.effects.transitions import STATUS_GROUPS, job_between, transitions
from kij_analysis.effects.validation import NSW_COVARIATES, nsw

__all__ = [
    "BOTH_ASKED", "DOSES", "ESTIMATORS", "NSW_COVARIATES", "RATINGS", "STATUS_GROUPS", "Matching",
    "agreement", "amplification", "balance", "beside", "change", "change_between", "compare", "contours",
    "cox", "critical_gamma", "did", "discrete_time", "dose", "dose_levels", "dropout_bounds", "e_value",
    "e_value_of_counts", "effect_size", "expected_regression", "explained_away", "fragility",
    "has_comparison", "incidence", "job_between", "log_rank", "lottery", "low_start", "median_time",
    "mentees", "nsw", "overlap", "pair_bounds", "read_persons", "restricted_difference",
    "restricted_mean", "robustness_value", "staggered", "standardised", "survival", "time_to_job",
    "transitions", "two_way",
]  # fmt: skip
