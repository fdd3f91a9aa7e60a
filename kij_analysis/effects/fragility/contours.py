"""What would remain of a difference beside unseen traits of every strength: the ground of a contour plot."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.effects.fragility.robustness import adjusted_for
from kij_analysis.errors import UsageError


def contours(fragile: pd.DataFrame, *, steps: int = 41, most: float = 0.0) -> pd.DataFrame:
    """The regression's estimate beside a trait that explains so much of what is left of each side.

    Parameters
    ----------
    fragile
        What `fragility` returns, for one group.
    steps
        How many points on each side.
    most
        The largest share on both sides; 0 is a little beyond the robustness value and the measured traits.

    Returns
    -------
    DataFrame
        `with_treatment`, `with_outcome` and `estimate`, a row for each point of the grid, and what it is
        about. No rows where the regression is hidden, because it would be told again.

    Raises
    ------
    UsageError
        If the frame is not one of `fragility`, holds several groups, or had no regression.

    Examples
    --------
    >>> frame = pd.DataFrame({"what": ["robustness_value"], "estimate": [0.14], "regression": [0.0973],
    ...     "regression_error": [0.02326], "df": [783.0], "with_treatment": None, "with_outcome": None})
    >>> contours(frame, steps=2, most=0.1).round(3).values.tolist()
    [[0.0, 0.0, 0.097], [0.1, 0.0, 0.097], [0.0, 0.1, 0.097], [0.1, 0.1, 0.029]]
    """
    if "what" not in fragile.columns:
        raise UsageError("These are no results of effects.fragility.", fix="Use effects.fragility(…).")
    own = fragile[(fragile["what"] == "robustness_value") & fragile["estimate"].notna()]
    if own.empty and (fragile.get("note", pd.Series("")) == "hidden_small_count").any():
        return pd.DataFrame(columns=["with_treatment", "with_outcome", "estimate"], dtype="float64")
    if len(own) != 1:
        raise UsageError("The frame holds no regression, or several groups.", fix="Choose one group.")
    row = own.iloc[0]
    marks = fragile[fragile["what"] == "benchmark"] if "times" in fragile.columns else fragile.iloc[:0]
    marks = marks[marks["times"] <= 1] if len(marks) else marks
    ends = [most or _end(marks[name], row["estimate"]) for name in ("with_treatment", "with_outcome")]
    rows = [
        (x, y, _remains(row, x, y))
        for y in np.linspace(0, ends[1], steps)
        for x in np.linspace(0, ends[0], steps)
    ]
    names = [name for name in ("programme", "variable", "data_status") if name in own.columns]
    grid = pd.DataFrame(rows, columns=["with_treatment", "with_outcome", "estimate"])
    return grid.assign(**{name: row[name] for name in names})


def _end(shares: pd.Series, robustness: float) -> float:
    """How far a side reaches: beyond the robustness value and the measured traits at their own strength."""
    known = shares.astype("float64").dropna()
    return float(min(0.9, max(1.6 * robustness, 1.2 * known.max() if len(known) else 0.0, 0.02)))


def _remains(row: pd.Series, x: float, y: float) -> float:
    values = (row["regression"], row["regression_error"], row["df"])
    return adjusted_for(*values, with_treatment=x, with_outcome=y)[0]
