"""What share of a benefit the municipality bears, by how long somebody has received it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kij_analysis.errors import UsageError
from kij_analysis.investment.rates import Payers, Rate

if TYPE_CHECKING:
    import numpy as np

WEEKS_PER_MONTH = 52 / 12
"""A year has 52 weeks and twelve equal months here, so that twelve months from week 1 are weeks 1 to 52."""
DAYS_PER_WEEK = 5
"""Unemployment benefits are paid for five days a week."""


def municipal_share(payers: Payers, weeks: float | np.ndarray, *, year: int, months: int = 1) -> np.ndarray:
    """The municipality's share of a benefit in each of the coming months.

    The share of a month is the average over its weeks. In Denmark the state's refund falls with the weeks on
    benefit (80, 40, 30, 20 per cent).

    Parameters
    ----------
    weeks
        Weeks on benefit before the first month; a column of numbers gives a row for each.
    year
        The year whose rules hold.

    Raises
    ------
    UsageError
        If the rules of that year could not be verified, as in Finland from 2025 and in Norway.

    Examples
    --------
    >>> from kij_analysis.investment import payers
    >>> shares = municipal_share(payers("DK"), 0, year=2025, months=24)
    >>> round(float(shares[:12].mean()), 4), round(float(shares[12:].mean()), 4)
    (0.6192, 0.8)
    """
    import numpy as np

    edges, levels = _steps(payers, year)
    begin = np.asarray(weeks, dtype=float) + WEEKS_PER_MONTH * np.arange(months)
    # The share summed from the first week to any week is a line with corners at the steps.
    sums = np.concatenate([[0.0], np.cumsum(np.diff(edges) * levels)])
    whole = np.interp(begin + WEEKS_PER_MONTH, edges, sums) - np.interp(begin, edges, sums)
    return whole / WEEKS_PER_MONTH


def share_rates(payers: Payers, year: int) -> tuple[Rate, ...]:
    """The values that the municipality's share is computed from."""
    stairs = payers.staircase
    if stairs is None:
        return (payers.rate(payers.share, year),)
    if stairs.after and stairs.after in payers.rates:
        return (payers.rate(stairs.after, year),)
    if stairs.until_year and year > stairs.until_year:
        return (payers.rate(stairs.after, year),)
    if stairs.from_year and year < stairs.from_year:
        what = f"The steps of {payers.country} hold from {stairs.from_year}, and {year} is asked for."
        raise UsageError(what, fix="Take a later price year.", file=payers.file)
    return tuple(payers.rate(step.value) for step in stairs.steps)


def staircase(payers: Payers, year: int) -> list[tuple[float, float]]:
    """The weeks at which a new share of the municipality begins, and that share.

    Examples
    --------
    >>> from kij_analysis.investment import payers
    >>> [(week, round(share, 2)) for week, share in staircase(payers("DK"), 2025)]
    [(0.0, 0.2), (4.0, 0.6), (26.0, 0.7), (52.0, 0.8)]
    """
    edges, levels = _steps(payers, year)
    return [(float(week), float(level)) for week, level in zip(edges[:-1], levels, strict=True)]


def _steps(payers: Payers, year: int) -> tuple[np.ndarray, np.ndarray]:
    """The weeks at which the share changes, and the municipality's share between them."""
    import numpy as np

    rates, stairs = share_rates(payers, year), payers.staircase
    far = 1e5
    if stairs is None or len(rates) < len(stairs.steps):
        return np.array([0.0, far]), np.array([rates[0].value / 100])
    per_week = 1 if stairs.unit == "weeks" else DAYS_PER_WEEK
    edges = [(step.first - 1) / per_week for step in stairs.steps]
    levels = [
        rate.value / 100 if step.counts == "municipal_share" else 1 - rate.value / 100
        for step, rate in zip(stairs.steps, rates, strict=True)
    ]
    return np.array([*edges, far]), np.array(levels)
