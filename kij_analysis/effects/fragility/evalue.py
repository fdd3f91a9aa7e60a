"""E-values: how strong an unseen trait would have to be to explain a difference away."""

from __future__ import annotations

from math import exp, isfinite, nan, sqrt

from kij_analysis.errors import UsageError, one_of

SCALES = ("ratio", "odds_ratio", "hazard_ratio", "risk_difference", "standardised_mean")


def e_value(
    estimate: float,
    *,
    low: float = nan,
    high: float = nan,
    scale: str = "ratio",
    rare: bool = False,
    base: float = nan,
) -> tuple[float, float]:
    """The E-value of an estimate and of the end of its interval that lies nearer to no difference.

    A trait that was not measured would have to be so many times as common among the treated *and* make the
    outcome so many times as likely, beyond all that was measured, to explain the estimate away. 1 means that
    nothing is needed.

    Parameters
    ----------
    estimate, low, high
        The estimate and its interval, on the scale.
    scale
        ``"ratio"`` of shares; ``"odds_ratio"`` and ``"hazard_ratio"``, where an outcome that is not rare is
        approximated (the square root of the odds ratio; the formula of VanderWeele 2017 for hazards);
        ``"risk_difference"``, with the share among comparison persons as `base`; ``"standardised_mean"``,
        the difference of means in standard deviations, as exp(0.91 d).
    rare
        Whether fewer than about 15 per cent have the outcome at the end.
    base
        The share that had the outcome without the treatment.

    Returns
    -------
    tuple of float
        For the estimate, and for the interval (1 if it holds that there is no difference, missing without
        an interval).

    Raises
    ------
    UsageError
        If a ratio is not above 0, or a difference of shares comes without its base.

    Notes
    -----
    VanderWeele and Ding 2017 (Annals of Internal Medicine 167: 268-274). The interval of a difference of
    shares takes the base as known; `e_value_of_counts` does not.

    Examples
    --------
    >>> [round(value, 2) for value in e_value(3.9, low=1.8, high=8.7)]
    [7.26, 3.0]
    """
    one_of(scale, SCALES, name="The scale")
    point, *ends = (_ratio(value, scale, rare, base) for value in (estimate, low, high))
    if not all(isfinite(end) for end in ends):
        return _of_ratio(point), nan
    nearer = ends[0] if point >= 1 else ends[1]
    holds = ends[0] <= 1 <= ends[1]
    return _of_ratio(point), 1.0 if holds else _of_ratio(nearer)


def e_value_of_counts(
    count_1: int, n_1: int, count_2: int, n_2: int, *, level: float = 0.95
) -> tuple[float, float]:
    """The E-value of a difference of two shares from its counts, and of its interval.

    The bias factor that brings the lower limit of the difference to 0 is found exactly (Ding and VanderWeele
    2016, Epidemiology 27: 368-377). The first share is the larger one, or the groups are exchanged.

    Raises
    ------
    UsageError
        If a group is empty or the smaller share is 0, for which no bias factor is large enough.

    Examples
    --------
    >>> [round(value, 2) for value in e_value_of_counts(397, 78954, 51, 108829)]
    [20.95, 15.96]
    """
    from scipy.optimize import brentq
    from scipy.stats import norm

    if not n_1 or not n_2:
        raise UsageError("A group is empty.", fix="Compare two groups with answers.")
    if count_1 / n_1 < count_2 / n_2:
        count_1, n_1, count_2, n_2 = count_2, n_2, count_1, n_1
    p1, p0 = count_1 / n_1, count_2 / n_2
    if not p0:
        raise UsageError(
            "Nobody of one group had the outcome, so that no trait could explain the difference by a factor.",
            fix="Look at Rosenbaum bounds instead.",
        )
    f, z = n_1 / (n_1 + n_2), float(norm.ppf(0.5 + level / 2))
    spread = (f * (1 - f) / (n_1 + n_2), p1 * (1 - p1) / n_1, p0 * (1 - p0) / n_2)

    def lowest(factor: float) -> float:
        gap, share = p1 - p0 * factor, f + (1 - f) / factor
        within = (spread[1] + spread[2] * factor**2) * share**2
        return gap * share - z * sqrt(within + gap**2 * (1 - 1 / factor) ** 2 * spread[0])

    limit = 1.0 if lowest(1.0) <= 0 else float(brentq(lowest, 1.0, p1 / p0, xtol=1e-12))
    return _of_ratio(p1 / p0), _of_ratio(limit)


def _ratio(value: float, scale: str, rare: bool, base: float) -> float:
    """The ratio of shares that an estimate stands for."""
    if not isfinite(value):
        return nan
    if scale == "standardised_mean":
        return exp(0.91 * value)
    if scale == "risk_difference":
        if not isfinite(base) or not 0 < base < 1:
            raise UsageError(
                "A difference of shares needs the share without the treatment, above 0 and below 1.",
                fix="Give it as base=…, for example the share among the comparison persons.",
            )
        return max(base + value, 0.0) / base
    if value <= 0:
        raise UsageError(f"A ratio of {value} is none.", fix="Give a ratio above 0, not its logarithm.")
    if scale == "ratio" or rare:
        return value
    if scale == "odds_ratio":
        return sqrt(value)
    return float((1 - 0.5 ** sqrt(value)) / (1 - 0.5 ** sqrt(1 / value)))


def _of_ratio(ratio: float) -> float:
    if not isfinite(ratio):
        return nan
    if ratio == 0:
        return float("inf")
    above = ratio if ratio >= 1 else 1 / ratio
    return above + sqrt(above * (above - 1))
