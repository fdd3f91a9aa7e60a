"""What has changed, how long it took, and what may be said about it."""

from kij_analysis.effects.curves import incidence, median_time, survival
from kij_analysis.effects.hazards import cox
from kij_analysis.effects.log_rank import log_rank
from kij_analysis.effects.periods import discrete_time
from kij_analysis.effects.restricted import restricted_difference, restricted_mean
from kij_analysis.effects.time import time_to_job

__all__ = [
    "cox",
    "discrete_time",
    "incidence",
    "log_rank",
    "median_time",
    "restricted_difference",
    "restricted_mean",
    "survival",
    "time_to_job",
]
