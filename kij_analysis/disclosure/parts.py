"""A part of a group beside the whole group: what is left must not be too few persons."""

from __future__ import annotations

import pandas as pd

from kij_analysis.disclosure.primary import THRESHOLD, suppress

LEVELS = ("count", "count_1", "count_2", "gained", "lost")


def suppress_levels(
    changes: pd.DataFrame, whole: pd.DataFrame, *, waves: tuple[str, str] = ("entry", "end"),
    threshold: int = THRESHOLD,
) -> pd.DataFrame:  # fmt: skip
    """Changes in the same persons, with levels hidden that would tell of those who answered only once.

    Each row is first judged by itself, as `suppress` does. Then the shares at the two times are hidden, and
    only the change itself is kept, where the shares of all who answered in a wave are shown elsewhere and
    fewer than `threshold` of these, but not none, did not answer at both times: their answers would be the
    difference.

    Parameters
    ----------
    changes
        Estimates of `kij_analysis.survey.paired` or `kij_analysis.barriers.change`.
    whole
        The shares that are shown elsewhere, by `programme`, `variable` and `wave`.
    waves
        The two times of the changes.
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
    ...     "count": 10, "n": 40, "count_1": 20, "n_1": 40, "count_2": 10, "n_2": 40, "data_status": "observed",
    ...     "method": "newcombe_paired"}
    >>> shares = [{"programme": "fika", "variable": "barrier_network", "measure": "share", "estimate": 0.5,
    ...     "n": n, "wave": wave, "method": "wilson", "data_status": "observed"}
    ...     for wave, n in (("entry", 60), ("end", 42))]
    >>> shown = suppress_levels(e.make([change]), e.make(shares))
    >>> shown[["estimate", "count_1", "levels_hidden"]].values.tolist()
    [[-0.25, nan, True]]
    """
    shown = suppress(changes, threshold=threshold)
    keys = ["programme", "variable"]
    hidden = pd.Series(False, index=shown.index)
    for number, wave in enumerate(waves, start=1):
        bases = whole[whole["wave"] == wave].drop_duplicates(keys).set_index(keys)["n"]
        there = bases.reindex(pd.MultiIndex.from_frame(shown[keys])).to_numpy()
        left = there - changes[f"n_{number}"].to_numpy("float64")
        hidden |= pd.Series((left > 0) & (left < threshold), index=shown.index)
    gone = {name: shown[name].mask(hidden) for name in LEVELS if name in shown.columns}
    return shown.assign(**gone, levels_hidden=hidden)
