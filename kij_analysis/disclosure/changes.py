"""Changes in the same persons without the levels that would tell of those who answered only once."""

from __future__ import annotations

import pandas as pd

from kij_analysis.disclosure.primary import THRESHOLD, suppress

LEVELS = ("count", "count_1", "count_2", "gained", "lost")


def suppress_changes(changes: pd.DataFrame, *, threshold: int = THRESHOLD) -> pd.DataFrame:
    """The changes with those hidden that rest on too few persons, and without the shares behind them.

    Each row is judged by itself, as `suppress` does. How many of these persons gave the answer at either time
    is hidden in every row: beside the share of all who answered at that time it would tell what those few
    said who answered only once.

    Parameters
    ----------
    changes
        Estimates of `kij_analysis.survey.paired` or `kij_analysis.barriers.change`.
    threshold
        The smallest number of persons that is shown.

    Raises
    ------
    UsageError
        If the threshold is below 3.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> change = {"programme": "fika", "variable": "barrier_network", "measure": "change", "estimate": -0.25,
    ...     "count": 10, "n": 40, "count_1": 20, "n_1": 40, "count_2": 10, "n_2": 40,
    ...     "data_status": "observed", "method": "newcombe_paired"}
    >>> suppress_changes(e.make([change]))[["estimate", "n", "count_1"]].values.tolist()
    [[-0.25, 40.0, nan]]
    """
    shown = suppress(changes, threshold=threshold)
    return shown.assign(**{name: float("nan") for name in LEVELS if name in shown.columns})
