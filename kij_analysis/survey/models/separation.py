"""Whether the answers are separated, so that no largest likelihood exists."""

from __future__ import annotations

import numpy as np

from kij_analysis.survey.design import Floats
from kij_analysis.survey.models.fits import Peak

FAR = 15.0
"""A linear predictor beyond this (a share of 3e-7) asks for a closer look."""


def separated(values: Floats, outcome: Floats, weight: Floats, peak: Peak) -> bool:
    """Whether a combination of the predictors parts the yes from the no, wholly or but for ties.

    A linear programme looks for such a combination (Albert and Anderson 1984, Biometrika 71: 1; Konis 2007,
    thesis, Oxford); it is only asked where the fit has run far out, because a largest likelihood that was
    found proves that there is none.
    """
    if peak.settled and np.abs(values @ peak.coefficients).max(initial=0) < FAR:
        return False
    own = weight > 0
    spread = np.maximum(values[own, 1:].std(axis=0), 1e-300)
    scaled = np.column_stack([np.ones(own.sum()), (values[own, 1:] - values[own, 1:].mean(axis=0)) / spread])
    return parted(np.where(outcome[own] > 0, 1.0, -1.0)[:, None] * scaled)


def parted(signed: Floats) -> bool:
    """Whether some direction makes no row smaller and at least one larger than 0."""
    from scipy.optimize import linprog

    found = linprog(-signed.sum(0), A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1), method="highs")
    # A true direction reaches the box; what the solver's tolerance lets pass stays near 0.
    return bool(found.status == 0 and -found.fun > 1e-6 and np.abs(found.x).max() > 1e-3)
