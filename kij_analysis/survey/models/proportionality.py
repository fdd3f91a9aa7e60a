"""Whether the slopes of ordered answers are the same at every cut, as proportional odds take them to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from kij_analysis.survey.design import Floats, Sample
from kij_analysis.survey.models.data import Data
from kij_analysis.survey.models.errors import designed
from kij_analysis.survey.models.fits import climb, logistic
from kij_analysis.survey.models.ordered import cuts_of, largest
from kij_analysis.survey.models.separation import separated

UNKNOWN = (np.nan, np.nan, np.nan)
Test = tuple[float, float, float]
"""Statistic, degrees of freedom, p-value."""


def proportionality(data: Data, height: float, columns: Sequence[int], sample: Sample | None) -> Test:
    """The test that the slopes of these columns of the matrix are the same at every cut.

    Unweighted: the likelihood ratio of the model in which they differ (as R's VGAM and ordinal). With a
    design, where likelihoods are none: Brant's comparison of the binary models of all cuts (1990, Biometrics
    46: 1171) with the design's covariances, as an F test (Korn and Graubard 1990, Am. Stat. 44: 270); the
    statistic is F. Missing where the likelihood does not settle; where answers are separated at some cut, the
    likelihood ratio is that of the limit, and a design has none.
    """
    levels = int(data.outcome.max()) + 1
    if levels < 3 or not columns:
        return UNKNOWN
    if sample:
        return _by_cuts(data, columns, sample, levels - 1)
    from scipy.stats import chi2

    own = tuple(column - 1 for column in columns)
    peak, note = largest(cuts_of(data.values[:, 1:], data.outcome, data.weight, own=own), data.weight)
    if note == "not_converged" or not peak.settled:
        return UNKNOWN
    ratio, df = max(2 * (peak.height - height), 0.0), (levels - 2) * len(own)
    return ratio, df, float(chi2.sf(ratio, df))


def _by_cuts(data: Data, columns: Sequence[int], sample: Sample, cuts: int) -> Test:
    from scipy.stats import f

    k = data.values.shape[1]
    binary = [(data.outcome > cut).astype(float) for cut in range(cuts)]
    if any(separated(data.values, one, data.weight, climb(data.values, one, data.weight)) for one in binary):
        return UNKNOWN
    fits = [logistic(data.values, one, data.weight) for one in binary]
    beta = np.concatenate([fit.coefficients for fit in fits])
    apart = np.zeros(((cuts - 1) * len(columns), cuts * k))
    for row, (cut, column) in enumerate((cut, column) for cut in range(1, cuts) for column in columns):
        apart[row, column], apart[row, cut * k + column] = 1.0, -1.0
    moved = np.column_stack([fit.influence for fit in fits]) @ apart.T
    sure = designed(sample, data, moved, _differences(data, binary, apart))
    q, df = len(apart), float(sure.df[0])
    if not df - q + 1 > 0 or not np.isfinite(sure.covariance).all():
        return UNKNOWN
    wald = float((apart @ beta) @ np.linalg.pinv(sure.covariance) @ (apart @ beta))
    statistic = wald * (df - q + 1) / (df * q)
    return statistic, q, float(f.sf(statistic, q, df - q + 1))


def _differences(data: Data, binary: list[Floats], apart: Floats) -> Callable[[Floats], Floats]:
    """The same differences of slopes from other weights of the rows."""

    def compute(weight: Floats) -> Floats:
        peaks = [climb(data.values, one, weight) for one in binary]
        beta = np.concatenate([np.where(peak.settled, peak.coefficients, np.nan) for peak in peaks])
        return np.asarray(apart @ beta)

    return compute
