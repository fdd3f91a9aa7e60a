"""The one shape of results: a tidy frame, one row per estimate, checked when it is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.study import DATA_STATUSES

TEXTS = ("programme", "group", "variable", "category", "measure")
NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "p_value", "count", "n")
COLUMNS = (*TEXTS, *NUMBERS, "method", "data_status", "note")
"""The columns of every frame of estimates, first and in this order; more may follow to the right."""

MEASURES = (
    "share", "mean", "median", "difference", "risk_difference", "ratio", "odds_ratio", "hazard_ratio",
    "change", "correlation", "survival", "amount", "count", "coefficient", "reliability",
    "standardised_difference", "half_width", "detectable_difference", "kappa", "e_value", "gamma",
    "robustness_value", "rate", "months",
)  # fmt: skip
NOTES = (
    "", "hidden_small_count", "not_asked", "not_comparable", "not_applicable", "undetermined", "no_answers",
    "unknown_base", "contradicts_itself", "one_group_empty", "no_pairs", "too_few", "no_variation",
    "no_overlap", "few_events", "separation", "not_converged", "few_clusters", "collinear", "not_published",
    "unreliable", "unclear_source", "equal_steps", "no_margins", "no_entry", "bounds_only", "nobody_alike",
    "between_answers", "not_followed", "few_estimates", "nothing_to_pool", "no_common_support",
    "poor_overlap", "unlike_left_out", "weak_instrument", "nothing_to_explain", "no_file", "small_sample",
    "gross", "never_pays_back", "no_single_rate", "pays_for_itself", "no_jobs", "no_cost", "work_left_out",
    "not_drawn", "needs_rows", "by_programme", "not_testable",
)  # fmt: skip
"""Why an estimate is missing or must be read with care."""
METHODS = (
    "wilson", "linearised", "counted", "printed", "wilson_printed", "derived", "pooled", "none", "jeffreys",
    "clopper_pearson", "wilson_finite", "jeffreys_finite", "hypergeometric", "replicated", "student",
    "student_finite", "linearised_mean", "replicated_mean", "order_statistics", "woodruff", "newcombe",
    "mover", "miettinen_nurminen", "linearised_difference", "replicated_difference", "pearson", "rao_scott",
    "brunner_munzel", "cochran_armitage", "jonckheere_terpstra", "newcombe_paired", "stuart_maxwell",
    "mantel_haenszel", "standardised", "linear", "linear_robust", "linear_cr2", "linear_linearised",
    "linear_replicated", "logistic", "logistic_robust", "logistic_cr2", "logistic_linearised",
    "logistic_replicated", "firth", "conditional_odds", "proportional_odds", "proportional_odds_robust",
    "proportional_odds_linearised", "proportional_odds_replicated", "marginal", "marginal_robust",
    "marginal_cr2", "marginal_linearised", "marginal_replicated", "marginal_firth", "feldt",
    "ordinal_alpha", "item_total", "welch", "pooled_sd", "yang_dalton", "exact_power", "normal_power",
    "t_power", "calibrated", "calibrated_mean", "calibrated_difference", "inverse_probability",
    "response_propensity", "multiple_imputation", "delta_adjusted", "worst_case", "lee", "aalen_johansen",
    "kaplan_meier", "log_rank", "restricted_mean", "cox", "discrete_time", "pooled_plain", "pooled_common",
    "partially_pooled", "student_paired", "noncentral_t", "regression_to_mean", "ancova", "mixed",
    "spearman", "weighted_kappa", "difference_in_means", "regression_adjusted", "nearest_neighbour",
    "exact_matching", "entropy_balancing", "doubly_robust", "propensity", "difference_in_differences",
    "group_time", "intention_to_treat", "instrument", "e_value", "signed_rank", "sign_test",
    "mcnemar_bound", "partial_r2", "plausible_values", "directly_standardised", "cash_flow",
    "present_value", "internal_rate", "solved", "one_at_a_time", "simulated",
)  # fmt: skip


def make(rows: Iterable[Mapping[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """A frame of estimates, checked.

    Parameters
    ----------
    rows
        Mappings or a frame with any of the standard columns; what is left out is empty. Shares and
        differences of shares are fractions of 1, `count` is the unweighted numerator, `n` the
        unweighted base. Further columns are kept to the right.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, then the others. Text columns hold codes and are never missing; numbers are
        floats, missing where there is none.

    Raises
    ------
    UsageError
        If a measure, note, method or data status is not known, if a number is a text, if a value is
        missing without a note, if an estimate lies outside its interval, if a share lies outside 0–1, or
        if a count is negative or exceeds its base.

    Examples
    --------
    >>> frame = make([{"programme": "fika", "variable": "confidence_high", "measure": "share",
    ...                "estimate": 0.5, "count": 10, "n": 20, "method": "none", "data_status": "synthetic"}])
    >>> frame[["programme", "estimate", "note"]].values.tolist()
    [['fika', 0.5, '']]
    """
    given = rows.reset_index(drop=True) if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    # Column by column, and one frame of them all in the end: a frame that grows costs more than the rest.
    numbers, codes = {}, {}
    for name in COLUMNS:
        column = given[name] if name in given.columns else None
        if name in NUMBERS:
            numbers[name] = np.full(len(given), np.nan) if column is None else _numbers(column)
        else:
            codes[name] = [""] * len(given) if column is None else _texts(column)
    columns: dict[str, Any] = {
        name: numbers[name] if name in NUMBERS else pd.array(codes[name], dtype="str") for name in COLUMNS
    }
    columns |= {name: given[name] for name in given.columns if name not in COLUMNS}
    frame = pd.DataFrame(columns, index=given.index)
    _check(frame, numbers, codes)
    return frame


def texts(column: pd.Series) -> pd.Series:
    """A column as texts, empty where there is none."""
    return pd.Series(_texts(column), index=column.index, dtype="str", name=column.name)


def _texts(column: pd.Series) -> list[str]:
    return ["" if value is None or value is pd.NA or value != value else str(value) for value in column]


def _numbers(column: pd.Series) -> npt.NDArray[np.float64]:
    try:
        return pd.to_numeric(column).to_numpy(dtype="float64", na_value=np.nan)
    except (ValueError, TypeError):
        strange = [value for value in column if pd.isna(pd.to_numeric(value, errors="coerce"))]
        raise UsageError(
            f"{column.name} holds {listed(strange)}, which is no number.", fix="Leave it empty."
        ) from None


def _check(
    frame: pd.DataFrame, at: Mapping[str, npt.NDArray[np.float64]], codes: Mapping[str, list[str]]
) -> None:
    for name, known in (
        ("measure", MEASURES),
        ("note", NOTES),
        ("method", METHODS),
        ("data_status", DATA_STATUSES),
    ):
        strange = sorted(set(codes[name]) - set(known))
        if strange:
            raise UsageError(
                f"{name} holds {listed(strange)}, which is not known.", fix=f"Known: {listed(known)}."
            )
    silent = np.isnan(at["estimate"]) & _are(codes["note"], "")
    if silent.any():
        what = f"No estimate and no note for {_named(frame[silent])}."
        raise UsageError(what, fix="Say with a note why it is missing.")
    # A little room for rounding: at 0 and 1 a closed form may miss the edge by one bit.
    low, high = at["conf_low"] - 1e-9, at["conf_high"] + 1e-9
    share = _are(codes["measure"], "share")
    for wrong, what in (
        (
            share & ((at["estimate"] < 0) | (at["estimate"] > 1)),
            "A share lies outside 0–1; it is a fraction.",
        ),
        ((at["estimate"] < low) | (at["estimate"] > high), "An estimate lies outside its interval."),
        (low > high, "An interval ends before it begins."),
        ((at["count"] < 0) | (at["n"] < 0), "A count is negative."),
        (at["count"] > at["n"], "A count is larger than its base n."),
    ):
        if wrong.any():
            raise UsageError(f"{what} Look at {_named(frame[wrong])}.", fix="Check the computation.")


def _are(values: list[str], text: str) -> npt.NDArray[np.bool_]:
    return np.array([value == text for value in values], dtype=bool)


def _named(rows: pd.DataFrame) -> str:
    return listed(rows[["programme", "variable", "category"]].agg(" / ".join, axis=1))
