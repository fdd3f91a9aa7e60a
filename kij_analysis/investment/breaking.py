"""How many jobs, and how long they must last, until a payer's account breaks even."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.codebook import Codebook, load_codebook, needs_outcomes
from kij_analysis.errors import one_of
from kij_analysis.investment.accounts import Account, discount, with_numbers
from kij_analysis.investment.courses import Values
from kij_analysis.investment.entries import net_of
from kij_analysis.investment.results import ROOM, VIEWS, incomplete, row
from kij_analysis.template import template_folder

STEPS = 401
"""Points at which an account is computed between no job and a job for everybody, then between two of them."""


def npv_of(one: Account, payer: str, values: Values, *, lasting: np.ndarray | None = None) -> np.ndarray:
    """The net present value of a payer for other numbers by name: one for each row.

    Examples
    --------
    >>> from kij_analysis.investment import account, payers
    >>> from kij_analysis.investment.example import outcome, plan
    >>> one = account(None, outcome(), payers("DK"), plan=plan())
    >>> npv_of(one, "municipality", {"cost": np.array([[0.0], [50_000.0]])}).round().tolist()
    [916864.0, -83136.0]
    """
    entries, _ = with_numbers(one, values, lasting=lasting)
    rate = values.get("discount_rate", one.inputs.values["discount_rate"])
    worth = net_of(entries, payer) * discount(rate, one.plan.months)
    return np.broadcast_to(worth, np.broadcast_shapes(worth.shape, (1, one.plan.months))).sum(axis=1)


def break_even(one: Account, *, payer: str = "", codebook: Codebook | None = None) -> pd.DataFrame:
    """How many additional jobs, and how many months each must last, until a payer's present value is zero.

    Parameters
    ----------
    payer
        Whose account; the perspective of the plan if left out.
    codebook
        Where the programme of the plan is described; the shipped one if left out.

    Returns
    -------
    DataFrame
        Estimates: ``break_even_jobs`` (a count; all else as it is), ``break_even_months`` (all additional
        jobs last exactly so long). Where no number does, the note is ``never_pays_back``.

    Raises
    ------
    UsageError
        If the programme has published outputs only and the outcome is no observation of the study.

    Examples
    --------
    >>> from kij_analysis.investment import account, payers
    >>> from kij_analysis.investment.example import outcome, plan
    >>> one = account(None, outcome(), payers("DK"), plan=plan())
    >>> # 1,000,000 / (19 x 9,651.20); five jobs of 19 months are not enough
    >>> break_even(one)["estimate"].round(2).tolist()
    [5.45, nan]
    """
    payer = payer or one.plan.perspective
    one_of(payer, VIEWS, name="The payer")
    _has_outcomes(one, codebook)
    if incomplete(one, payer):
        missing = (np.nan, "work_left_out")
        jobs, months = missing, missing
    else:
        jobs, months = _jobs(one, payer), _months(one, payer)
    return estimates.make(
        [
            row(one, payer, "break_even_jobs", "count", jobs[0], why=jobs[1], method="solved"),
            row(one, payer, "break_even_months", "months", months[0], why=months[1], method="solved"),
        ]
    )


def _has_outcomes(one: Account, codebook: Codebook | None) -> None:
    if not one.plan.programme:
        return
    own = [
        q.data_status in ("observed", "synthetic")
        for n, q in one.outcome.quantities.items()
        if n in _OUTCOMES
    ]
    at_hand = [one.plan.programme] if any(own) else []
    book = codebook or load_codebook(template_folder() / "codebook")
    needs_outcomes(book, [one.plan.programme], at_hand=at_hand)


_OUTCOMES = ("gross", "effect")


def _jobs(one: Account, payer: str) -> tuple[float, str]:
    """The number of additional jobs at which the present value is zero."""
    per_share = _jobs_per_share(one)
    now = one.inputs.values
    anyway = (
        now.get("without", 0.0) if "effect" not in now else now.get("gross", now["effect"]) - now["effect"]
    )
    most = max(1 - anyway, 0.0) * per_share

    def worth(jobs: np.ndarray) -> np.ndarray:
        share = jobs[:, None] / per_share if per_share else jobs[:, None] * 0
        changed: dict[str, np.ndarray] = {"gross": anyway + share, "effect": share}
        return npv_of(one, payer, {name: number for name, number in changed.items() if name in now})

    return first_zero(worth, 0.0, most)


def _jobs_per_share(one: Account) -> float:
    """How many additional jobs a share of 1 beyond what would be anyway comes to."""
    now, base = one.inputs.values, float(one.course.participants[0, 0])
    if one.outcome.base == "completers":
        base = float(one.course.completers[0, 0])
    return base * now.get("attribution", 1.0) * (1 - now["displacement"])


def first_zero(worth: Callable[[np.ndarray], np.ndarray], low: float, high: float) -> tuple[float, str]:
    """The lowest point between two at which a function is no longer negative, and a note if there is none.

    Examples
    --------
    >>> first_zero(lambda x: 3 * x - 6, 0, 10)
    (2.0, '')
    """
    for _ in range(3):
        points = np.linspace(low, high, STEPS)
        values = worth(points)
        reached = np.flatnonzero(values >= -ROOM)
        if not reached.size:
            return np.nan, "never_pays_back"
        first = int(reached[0])
        if first == 0:
            return float(points[0]), ""
        low, high = points[first - 1], points[first]
        rise = values[first] - values[first - 1]
        straight = low + (high - low) * -values[first - 1] / rise
        if abs(float(worth(np.array([straight]))[0])) <= ROOM * max(1.0, abs(rise)):
            return round(float(straight), 9), ""
    return round(float(high), 9), ""


def _months(one: Account, payer: str) -> tuple[float, str]:
    """The months that each additional job must last."""
    most = one.plan.months - one.outcome.job_month + 1
    if most < 1:
        return np.nan, "never_pays_back"
    months = np.arange(most + 1)
    lasting = (np.arange(one.plan.months + 1) < months[:, None]).astype(float)
    values = npv_of(one, payer, {}, lasting=lasting)
    reached = np.flatnonzero(values >= -ROOM)
    return (float(months[reached[0]]), "") if reached.size else (np.nan, "never_pays_back")
