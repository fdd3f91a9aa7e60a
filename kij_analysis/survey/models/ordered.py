"""The cumulative logit model of ordered answers, with the same slopes at every cut or with its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kij_analysis.survey.design import Floats
from kij_analysis.survey.models.fits import SETTLED, Fit, Peak, expit
from kij_analysis.survey.models.separation import FAR, parted


@dataclass(frozen=True, kw_only=True)
class Cuts:
    """Both ends of each answer on the latent scale, as combinations of the parameters.

    An answer j lies between `lower` and `upper`, θⱼ₋₁ − xβ and θⱼ − xβ; the first has no lower end, the last
    no upper one. `start` holds parameters that order the cuts.
    """

    upper: Floats
    lower: Floats
    first: np.ndarray
    last: np.ndarray
    start: Floats

    def ends(self, beta: Floats) -> tuple[Floats, Floats]:
        """The ends as numbers."""
        return (
            np.where(self.last, np.inf, self.upper @ beta),
            np.where(self.first, -np.inf, self.lower @ beta),
        )


def cuts_of(values: Floats, answer: Floats, weight: Floats, *, own: tuple[int, ...] = ()) -> Cuts:
    """The cuts of answers 0, 1, … J − 1 with predictors (without a column of ones).

    The columns named in `own` have a slope of their own at each cut; the parameters are the thresholds, the
    common slopes, then the own ones cut by cut.
    """
    levels, k = int(answer.max()) + 1, values.shape[1]
    common = [column for column in range(k) if column not in own]
    place = answer.astype(int)

    def side(cut: np.ndarray) -> Floats:
        known = (cut >= 0) & (cut < levels - 1)
        at = np.eye(levels - 1)[np.clip(cut, 0, levels - 2)] * known[:, None]
        blocks = [at, -values[:, common] * known[:, None]]
        blocks += [-values[:, list(own)] * at[:, [one]] for one in range(levels - 1) if own]
        return np.column_stack(blocks)

    shares = np.cumsum(np.bincount(place, weights=weight, minlength=levels))[:-1] / weight.sum()
    start = np.zeros(levels - 1 + len(common) + (levels - 1) * len(own))
    start[: levels - 1] = np.log(shares / (1 - shares))
    return Cuts(
        upper=side(place), lower=side(place - 1), first=place == 0, last=place == levels - 1, start=start
    )


def climb_cuts(cuts: Cuts, weight: Floats, *, start: Floats | None = None, fixed: int | None = None) -> Peak:
    """The highest likelihood by Newton's method; steps are halved where cuts would cross."""
    beta = cuts.start.copy() if start is None else start.copy()
    free = np.arange(len(beta)) != (-1 if fixed is None else fixed)
    height = _height(cuts, beta, weight)
    for _ in range(100):
        slopes, information = _slopes(cuts, beta, weight)
        step = np.zeros(len(beta))
        step[free] = np.linalg.lstsq(information[np.ix_(free, free)], slopes.sum(0)[free], rcond=None)[0]
        moved = float(np.abs(cuts.upper @ step).max(initial=0) + np.abs(cuts.lower @ step).max(initial=0))
        higher = _height(cuts, beta + step, weight)
        while not higher >= height - 1e-10 * (1 + abs(height)) and moved > SETTLED:
            step, moved = step / 2, moved / 2
            higher = _height(cuts, beta + step, weight)
        beta, height = beta + step, higher
        if moved < SETTLED:
            level = np.abs(_slopes(cuts, beta, weight)[0].sum(0)[free]).max(initial=0)
            return Peak(coefficients=beta, height=height, settled=bool(level < 1e-6 * weight.sum()))
    return Peak(coefficients=beta, height=height, settled=False)


def largest(cuts: Cuts, weight: Floats) -> tuple[Peak, str]:
    """The highest likelihood, and a note where there is none or Newton's method does not settle."""
    peak = climb_cuts(cuts, weight)
    ends = np.concatenate(cuts.ends(peak.coefficients))
    far = not peak.settled or np.abs(ends[np.isfinite(ends)]).max(initial=0) > FAR
    if far and parted(_signed(cuts, weight)):
        return peak, "separation"
    return peak, "" if peak.settled else "not_converged"


def proportional_odds(values: Floats, answer: Floats, weight: Floats) -> tuple[Fit | None, str]:
    """log odds of an answer above each cut = xβ − θ (McCullagh 1980, J. R. Stat. Soc. B 42: 109).

    The coefficients are the thresholds, then the slopes; errors from the observed information. There is no
    fit where the answers are separated or Newton's method does not settle; a note says which.
    """
    cuts = cuts_of(values, answer, weight)
    peak, note = largest(cuts, weight)
    if note:
        return None, note
    slopes, information = _slopes(cuts, peak.coefficients, weight)
    bread = np.asarray(np.linalg.inv(information), float)
    return Fit(
        kind="ordinal",
        coefficients=peak.coefficients,
        covariance=bread,
        bread=bread,
        influence=slopes @ bread,
        leverage=np.full(len(answer), np.nan),
        working=weight,
        fitted=np.full(len(answer), np.nan),
        log_likelihood=peak.height,
    ), ""


def shares_at(values: Floats, beta: Floats, cuts: int) -> Floats:
    """The share of each answer for rows of predictors, one column for each answer."""
    below = expit(beta[None, :cuts] - (values @ beta[cuts:])[:, None])
    edges = np.column_stack([np.zeros(len(values)), below, np.ones(len(values))])
    return np.asarray(np.diff(edges, axis=1))


def _signed(cuts: Cuts, weight: Floats) -> Floats:
    """What a direction must keep from falling to be one in which the likelihood rises for ever."""
    own = weight > 0
    return np.vstack([cuts.upper[own & ~cuts.last], -cuts.lower[own & ~cuts.first]])


def _height(cuts: Cuts, beta: Floats, weight: Floats) -> float:
    upper, lower = cuts.ends(beta)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(_between(upper, lower))
    return float(weight @ np.where(weight > 0, logs, 0.0)) if not np.isnan(logs).any() else -np.inf


def _between(upper: Floats, lower: Floats) -> Floats:
    """The share between two ends, without loss where both are far out; missing where they cross."""
    flip = lower > 0
    high, low = np.where(flip, -lower, upper), np.where(flip, -upper, lower)
    share = expit(high) - expit(low)
    return np.where(upper > lower, share, np.nan)


def _slopes(cuts: Cuts, beta: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """The slope of each person's log likelihood, and the observed information."""
    upper, lower = cuts.ends(beta)
    share = np.maximum(_between(upper, lower), 1e-300)
    above, below = expit(upper), expit(lower)
    rise, fall = above * (1 - above) / share, below * (1 - below) / share
    each = rise[:, None] * cuts.upper - fall[:, None] * cuts.lower
    bend_up, bend_low = rise * (1 - 2 * above), fall * (1 - 2 * below)
    curved = cuts.upper.T @ ((weight * bend_up)[:, None] * cuts.upper)
    curved -= cuts.lower.T @ ((weight * bend_low)[:, None] * cuts.lower)
    information = each.T @ (weight[:, None] * each) - curved
    return weight[:, None] * each, information
