"""What has changed, how long it took, and what may be said about why."""

from kij_analysis.effects.between import change_between
from kij_analysis.effects.change import RATINGS, change
from kij_analysis.effects.curves import incidence, median_time, survival
from kij_analysis.effects.dose import DOSES, dose, dose_levels
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

__all__ = [
    "BOTH_ASKED", "DOSES", "RATINGS", "STATUS_GROUPS", "agreement", "change", "change_between", "cox",
    "discrete_time", "dose", "dose_levels", "effect_size", "expected_regression", "incidence",
    "job_between", "log_rank", "low_start", "median_time", "mentees", "restricted_difference",
    "restricted_mean", "standardised", "survival", "time_to_job", "transitions", "two_way",
]  # fmt: skip
