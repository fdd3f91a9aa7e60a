"""What has changed, and what may be said about why."""

from kij_analysis.effects.between import change_between
from kij_analysis.effects.change import RATINGS, change
from kij_analysis.effects.dose import DOSES, dose, dose_levels
from kij_analysis.effects.low_start import expected_regression, low_start
from kij_analysis.effects.mentees import mentees
from kij_analysis.effects.pairs import BOTH_ASKED, agreement, two_way
from kij_analysis.effects.standardised import effect_size, standardised
from kij_analysis.effects.transitions import STATUS_GROUPS, job_between, transitions

__all__ = [
    "BOTH_ASKED", "DOSES", "RATINGS", "STATUS_GROUPS", "agreement", "change", "change_between", "dose",
    "dose_levels", "effect_size", "expected_regression", "job_between", "low_start", "mentees",
    "standardised", "transitions", "two_way",
]  # fmt: skip
