"""How many are in work in each month: all of them, and those beyond what would have been anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kij_analysis.investment.outcomes import Outcome

Values = Mapping[str, "float | np.ndarray"]
LEAST = 1e-12


@dataclass(frozen=True, kw_only=True)
class Course:
    """What becomes of a group of participants, one row for each draw and one column for each month.

    `jobs` begin in the month `job_month`; `without` of them would have begun anyway, `additional` are
    counted as the result. Without a counterfactual the additional jobs are all jobs.
    """

    job_month: int
    months: int
    participants: np.ndarray
    completers: np.ndarray
    jobs: np.ndarray
    without: np.ndarray
    additional: np.ndarray
    lasting: np.ndarray
    staying: np.ndarray
    known: bool

    @property
    def in_work(self) -> np.ndarray:
        """How many are in work in each month."""
        return self.jobs * self._since(self.lasting)

    @property
    def in_work_anyway(self) -> np.ndarray:
        """How many would be in work in each month without the programme."""
        return self.without * self._since(self.lasting)

    @property
    def additional_in_work(self) -> np.ndarray:
        """How many are in work beyond those, less displacement and what the others catch up."""
        return self.additional * self._since(self.lasting * self.staying)

    def lasting_after(self, months: int) -> np.ndarray:
        """The share of the jobs that lasts so many months."""
        return self.lasting[:, months : months + 1]

    def _since(self, path: np.ndarray) -> np.ndarray:
        """A path that begins with the jobs, at its place in the account."""
        before = np.zeros((path.shape[0], self.job_month - 1))
        return np.hstack([before, path[:, : self.months - self.job_month + 1]])


def follow(outcome: Outcome, values: Values, *, months: int, lasting: np.ndarray | None = None) -> Course:
    """The course of a group.

    Parameters
    ----------
    values
        Numbers by name; a column of numbers gives a row for each.
    lasting
        The share of jobs that lasts 0, 1, … months, in the place of the outcome's retention.

    Examples
    --------
    >>> from kij_analysis.investment.example import outcome
    >>> shares = {"participants": 20, "gross": 0.5, "without": 0.25}
    >>> one = follow(outcome(), shares, months=12)
    >>> one.additional_in_work[0, 4:7].tolist()
    [0.0, 5.0, 5.0]
    """
    get = {name: np.atleast_2d(np.asarray(value, dtype=float)) for name, value in values.items()}
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    participants, attrition = get["participants"], get.get("attrition", zero)
    base = participants * (1 - attrition) if outcome.base == "completers" else participants
    jobs, without, net = _shares(outcome, get)
    kept = get.get("attribution", one) * (1 - get.get("displacement", zero))
    age = np.arange(months + 1, dtype=float)
    lasts = _lasting(outcome, get, age) if lasting is None else lasting
    return Course(
        job_month=outcome.job_month,
        months=months,
        participants=participants,
        completers=participants * (1 - attrition),
        jobs=base * jobs,
        without=base * without,
        additional=base * net * kept,
        lasting=lasts,
        staying=(1 - get.get("drop_off", zero)) ** (age / 12),
        known=outcome.gross is not None,
    )


def _shares(outcome: Outcome, get: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """In work, in work anyway, and the difference, of the base."""
    zero = np.zeros((1, 1))
    if outcome.counterfactual == "comparison_group":
        gross = get.get("gross", get["effect"])
        return gross, gross - get["effect"], get["effect"]
    without = get.get("without", zero)
    return get["gross"], without, get["gross"] - without


def _lasting(outcome: Outcome, get: Mapping[str, np.ndarray], age: np.ndarray) -> np.ndarray:
    """The share of the jobs that still lasts: in equal steps to each point, then by the same share."""
    points = sorted(outcome.retention)
    path, left, level = np.ones((1, age.size)), 0, np.ones((1, 1))
    for point in points:
        reached = get[f"retention_{point}"]
        between = level + (reached - level) * (age - left) / (point - left)
        monthly = np.where(level > 0, reached / np.maximum(level, LEAST), 0.0) ** (1 / (point - left))
        beyond = reached * monthly ** np.maximum(age - point, 0)
        path = np.where(age < left, path, np.where(age <= point, between, beyond))
        left, level = point, reached
    return path
