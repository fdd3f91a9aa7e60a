"""Standard errors of a Cox model for persons who share something, such as a mentor."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.survey.design import Floats


def clustered(
    time: Floats,
    happened: np.ndarray,
    matrix: Floats,
    coefficient: Floats,
    covariance: Floats,
    owner: np.ndarray,
    ties: str,
) -> Floats:
    """Standard errors that allow for likeness within clusters (Lin and Wei 1989), as R's coxph(cluster=).

    Examples
    --------
    >>> x = np.array([[0.0], [1.0], [0.0], [1.0]])
    >>> clustered(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4, bool), x, np.zeros(1), np.eye(1),
    ...           np.array([1, 1, 2, 2]), "efron").round(3).tolist()
    [0.478]
    """
    moved = score_residuals(time, happened, matrix, coefficient, ties) @ covariance
    sums = pd.DataFrame(moved).groupby(pd.factorize(owner)[0]).sum().to_numpy()
    return np.asarray(np.sqrt(np.diag(sums.T @ sums)))


def score_residuals(
    time: Floats, happened: np.ndarray, matrix: Floats, coefficient: Floats, ties: str
) -> Floats:
    """What each person adds to the score of a Cox model; the sum over all is 0 at its solution.

    Examples
    --------
    >>> x = np.array([[0.0], [1.0]])
    >>> score_residuals(np.array([1.0, 2.0]), np.array([True, True]), x, np.zeros(1), "efron").tolist()
    [[-0.25], [-0.25]]
    """
    risk = np.exp((matrix - matrix.mean(axis=0)) @ coefficient)
    found = np.zeros_like(matrix)
    for moment in np.unique(time[happened]):
        waiting, now = time >= moment, (time == moment) & happened
        d = int(now.sum())
        for step in range(d):
            # Efron: those who tie leave the risk set one after the other, each by the same fraction.
            share = waiting - (step / d if ties == "efron" else 0.0) * now
            weight = share * risk
            middle = weight @ matrix / weight.sum()
            found[now] += (matrix[now] - middle) / d
            found -= (weight / weight.sum())[:, None] * (matrix - middle)
    return found
