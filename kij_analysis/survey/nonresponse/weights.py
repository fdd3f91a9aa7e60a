"""Survey weights as a user needs them: calibrated, trimmed, and how much they cost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from kij_analysis.errors import UsageError
from kij_analysis.survey.design import Design, Floats, sample_of
from kij_analysis.survey.nonresponse.calibration import Calibration


def calibrate(
    frame: pd.DataFrame,
    to: Calibration | Mapping[str, Calibration],
    *,
    weight: str = "",
    samples: str = "",
) -> pd.Series:
    """Weights that bring the persons of a frame to known numbers of participants.

    For shares and means with the right errors name the calibration in the design instead,
    ``Design(weight=…, calibrated_to=…)``: weights alone are taken for fixed numbers, and their errors differ.

    Parameters
    ----------
    frame
        Those who answered, one row each.
    to
        The margins; one calibration for each value of `samples`, such as each programme, where it is named.
    weight
        The weights to begin with; all alike if empty. A person without one is not in the sample.

    Returns
    -------
    Series
        The weights, on the frame's index; missing for persons outside the sample.

    Raises
    ------
    UsageError
        As `Calibration` and `Design` say, and if no weights meet the margins.

    Examples
    --------
    >>> women = pd.DataFrame({"education_group": ["low"] * 2 + ["high"] * 6})
    >>> found = calibrate(women, Calibration(totals={"education_group": {"low": 10, "high": 10}}))
    >>> found.round(3).unique().tolist()
    [5.0, 1.667]
    """
    own = frame if weight else frame.assign(_alike=1.0)
    design = Design(weight=weight or "_alike", samples=samples, calibrated_to=to)
    sample = sample_of(own.reset_index(drop=True), design)
    found = np.where(sample.counted, sample.weight, np.nan)
    return pd.Series(found, index=frame.index, name="weight")


def trim_weights(weights: ArrayLike, *, low: float = 0.0, high: float = np.inf) -> Floats:
    """Weights within bounds; what is cut off goes to the others in equal parts.

    Every weight becomes that between `low` and `high` which is nearest to the weight plus one number, the
    same for all, chosen so that the sum stays; where only large weights are cut R's ``trimWeights(…, strict =
    TRUE)`` does the same. Margins do not hold any more: bounded calibration (`Calibration` with ``"logit"``)
    keeps both.

    Raises
    ------
    UsageError
        If the weights cannot lie within the bounds and keep their sum.

    Examples
    --------
    >>> trim_weights([1, 1, 2, 8], high=4).round(3).tolist()
    [2.333, 2.333, 3.333, 4.0]
    """
    own = np.asarray(weights, float)
    total = own.sum()
    if not low * len(own) <= total <= high * len(own):
        raise UsageError(
            f"Weights between {low:g} and {high:g} cannot keep their sum of {total:g}.",
            fix="Widen the bounds.",
        )
    if not ((own < low) | (own > high)).any():
        return own.copy()
    least, most = low - own.max(), (high if np.isfinite(high) else total) - own.min()
    for _ in range(100):
        middle = (least + most) / 2
        if np.clip(own + middle, low, high).sum() < total:
            least = middle
        else:
            most = middle
    return np.clip(own + most, low, high)


def weight_diagnostics(weights: ArrayLike) -> dict[str, float]:
    """How uneven weights are, and how many evenly weighted persons they are worth.

    `design_effect` is Kish's 1 + cv² = nΣw²/(Σw)² (Kish 1992, J. Off. Stat. 8), `effective_n` n divided by
    it. It is what the weights cost a variable that has nothing to do with them; one that they explain gains.

    Examples
    --------
    >>> weight_diagnostics([1, 1, 1, 3])["effective_n"]
    3.0
    """
    own = np.asarray(weights, float)
    own = own[~np.isnan(own) & (own != 0)]
    if not len(own):
        return dict.fromkeys(("n", "sum", "least", "largest", "ratio"), 0.0) | {
            "design_effect": np.nan, "effective_n": 0.0
        }  # fmt: skip
    effect = float(len(own) * (own**2).sum() / own.sum() ** 2)
    least, largest = float(own.min()), float(own.max())
    return {
        "n": float(len(own)),
        "sum": float(own.sum()),
        "least": least,
        "largest": largest,
        "ratio": largest / least if least > 0 else np.inf,
        "design_effect": effect,
        "effective_n": len(own) / effect,
    }


def weight_freedom(weights: ArrayLike, open_part: ArrayLike, coefficients: int) -> float:
    """The degrees of freedom of a weighted share whose variance comes mostly of a few with large weights.

    Welch and Satterthwaite's, with the part c = open × w² of each person in the variance: (Σc)²/Σc², less
    what was estimated (Satterthwaite 1946, Biom. Bull. 2).

    Examples
    --------
    >>> weight_freedom([1, 1, 1, 1], [1, 1, 1, 1], 1), weight_freedom([1, 1, 1, 3], [1, 1, 1, 1], 1)
    (3.0, 1.0)
    """
    parts = np.asarray(open_part, float) * np.asarray(weights, float) ** 2
    square = float((parts**2).sum())
    return max(float(parts.sum()) ** 2 / square - coefficients, 1.0) if square else 0.0
