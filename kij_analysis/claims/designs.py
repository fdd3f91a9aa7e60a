"""The designs of evaluations: the level of each, what it takes for granted, what would raise it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CAUSAL_FROM = 3
"""The lowest level at which a result may be worded as a cause."""

ESTIMANDS = (
    "share", "mean", "mean_change", "share_change", "standardised_change", "regression_to_mean", "transition",
    "association", "adjusted_difference", "mean_difference", "agreement", "paired_difference",
    "cumulative_incidence", "restricted_mean", "hazard_ratio", "att", "atc", "ate", "ato", "itt", "late",
)  # fmt: skip
"""What is estimated; those of `CAUSAL_ESTIMANDS` ask what would have been without the programme."""
CAUSAL_ESTIMANDS = ("att", "atc", "ate", "ato", "itt", "late")

ASSUMPTIONS = (
    "answerers_like_all", "nothing_else_changed", "entry_not_low", "same_yardstick", "no_unseen_trait",
    "not_other_way_round", "end_of_watch_uninformative", "proportional", "groups_alike",
    "all_traits_measured", "overlap", "model_right", "parallel_trends", "no_anticipation", "draw_kept",
    "drop_out_alike", "only_through_programme", "nobody_defies", "no_spillover",
)  # fmt: skip
"""What a result takes for granted; a reader can judge each of them."""
WOULD_RAISE = (
    "ask_at_entry", "comparison_group", "waiting_list", "balance", "entry_outcome", "draw", "register_data",
)  # fmt: skip
"""What would raise the level of a design."""


@dataclass(frozen=True, kw_only=True)
class StudyDesign:
    """How an evaluation is set up, and what it carries.

    `level` is the level on the Maryland scientific methods scale of Sherman and others (1998) that the design
    has as a rule; what is known of its execution may move it between `lowest` and `highest`. `what_works` is
    the level that the What Works Centre for Local Economic Growth gives it, None where it has no place there.
    """

    level: int
    lowest: int
    highest: int
    what_works: int | None
    assumptions: tuple[str, ...]
    would_raise: tuple[str, ...]


def _design(
    level: int,
    what_works: int | None,
    assumptions: str,
    would_raise: str,
    *,
    lowest: int | None = None,
    highest: int | None = None,
) -> StudyDesign:
    return StudyDesign(
        level=level,
        lowest=level if lowest is None else lowest,
        highest=level if highest is None else highest,
        what_works=what_works,
        assumptions=tuple(assumptions.split()),
        would_raise=tuple(would_raise.split()),
    )


DESIGNS: Mapping[str, StudyDesign] = {
    "outcome_only": _design(1, None, "answerers_like_all", "ask_at_entry comparison_group"),
    "association": _design(
        1, 1, "answerers_like_all no_unseen_trait not_other_way_round", "comparison_group"
    ),
    "before_after": _design(
        2, 1, "nothing_else_changed entry_not_low same_yardstick answerers_like_all",
        "comparison_group waiting_list",
    ),
    "comparison_raw": _design(2, 1, "groups_alike answerers_like_all", "balance entry_outcome draw"),
    "adjusted": _design(
        3, 2, "all_traits_measured overlap model_right", "balance entry_outcome draw", lowest=2, highest=3
    ),
    "matched": _design(
        3, 2, "all_traits_measured overlap", "balance entry_outcome draw", lowest=2, highest=4
    ),
    "weighted": _design(
        3, 2, "all_traits_measured overlap model_right", "balance entry_outcome draw", lowest=2, highest=4
    ),
    "doubly_robust": _design(
        3, 2, "all_traits_measured overlap", "balance entry_outcome draw", lowest=2, highest=4
    ),
    "difference_in_differences": _design(
        3, 3, "parallel_trends no_anticipation answerers_like_all", "draw", lowest=2, highest=4
    ),
    "timing_of_events": _design(3, 3, "no_anticipation all_traits_measured", "draw"),
    "policy_change": _design(3, 3, "parallel_trends no_anticipation", "draw"),
    "discontinuity": _design(4, 4, "no_anticipation model_right", "draw"),
    "randomised_weighted": _design(4, 4, "all_traits_measured drop_out_alike", "register_data"),
    "randomised": _design(
        5, 5, "draw_kept drop_out_alike no_spillover", "register_data", lowest=3, highest=5
    ),
}  # fmt: skip
"""The designs by code. Those that the printed evidence knows too have the same level there."""
