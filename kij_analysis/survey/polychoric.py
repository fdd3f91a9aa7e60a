"""Polychoric correlations: how two normal variables go together of which only ordered answers are seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kij_analysis.survey.intervals import Floats

EDGE = 0.9999
"""The largest correlation that is looked for."""
FAR = 37.0
"""A threshold beyond which nobody lies."""


def polychoric(table: Floats) -> float:
    """The polychoric correlation of a table of counts, rows and columns in the order of their answers.

    Two-step maximum likelihood: thresholds from the margins, then the correlation (Olsson 1979,
    Psychometrika 44: 443–460). Missing where one of the two has a single answer.

    Examples
    --------
    >>> round(polychoric(np.array([[20, 10, 5], [8, 30, 15], [2, 9, 40]])), 3)
    0.71
    """
    from scipy.optimize import minimize_scalar

    counts = np.asarray(table, float)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        return np.nan
    thresholds = _thresholds(counts)
    found = minimize_scalar(
        lambda rho: -float((counts * np.log(_cells(*thresholds, rho))).sum()),
        bounds=(-EDGE, EDGE),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return float(found.x)


def polychoric_matrix(codes: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """The polychoric correlations of items, and what each becomes without each person.

    The second is one step of Fisher's scoring away from the first, with thresholds of its own: the delete-one
    values of the jackknife (Efron and Tibshirani 1993, ch. 11) without as many fits as persons.

    Parameters
    ----------
    codes
        One row for each person, one column for each item; answers as 0, 1, 2 …, none missing.

    Returns
    -------
    matrix, without
        Items × items, and pairs of items × persons in the order of the upper triangle.

    Examples
    --------
    >>> codes = np.array([[0, 0], [0, 1], [1, 1], [1, 2], [2, 2], [2, 1]] * 5)
    >>> matrix, without = polychoric_matrix(codes)
    >>> matrix.round(2).tolist(), without.shape
    ([[1.0, 0.74], [0.74, 1.0]], (1, 30))
    """
    items = codes.shape[1]
    matrix, without = np.eye(items), []
    for one, other in zip(*np.triu_indices(items, 1), strict=True):
        table = np.zeros((codes[:, one].max() + 1, codes[:, other].max() + 1))
        np.add.at(table, (codes[:, one], codes[:, other]), 1)
        rho = polychoric(table)
        matrix[one, other] = matrix[other, one] = rho
        without.append(_delete_one(table, rho)[codes[:, one], codes[:, other]])
    return matrix, np.array(without)


def bivariate_normal(h: Floats, k: Floats, rho: float) -> Floats:
    """P(X ≤ h, Y ≤ k) of two standard normal variables with the correlation rho, by Owen's T (1956).

    Examples
    --------
    >>> float(bivariate_normal(np.array(0.0), np.array(0.0), 0.5).round(6))
    0.333333
    """
    from scipy.special import ndtr, owens_t

    h, k = (np.where(x == 0, 1e-150, x) for x in np.broadcast_arrays(h, k))
    spread = np.sqrt(1 - rho**2)
    with np.errstate(over="ignore"):
        first, second = owens_t(h, (k / h - rho) / spread), owens_t(k, (h / k - rho) / spread)
    return np.asarray((ndtr(h) + ndtr(k)) / 2 - first - second - np.where((h < 0) != (k < 0), 0.5, 0.0))


def _thresholds(counts: Floats) -> tuple[Floats, Floats]:
    """The inner thresholds of rows and columns that the margins give."""
    from scipy.special import ndtri

    shares = (counts.sum(axis=axis).cumsum()[:-1] / counts.sum() for axis in (1, 0))
    rows, columns = (np.clip(ndtri(np.clip(share, 0, 1)), -FAR, FAR) for share in shares)
    return rows, columns


def _cells(rows: Floats, columns: Floats, rho: float) -> Floats:
    """The probability of each cell, never quite 0."""
    from scipy.special import ndtr

    grid = np.zeros((len(rows) + 2, len(columns) + 2))
    grid[1:-1, 1:-1] = bivariate_normal(rows[:, None], columns[None, :], rho)
    grid[1:-1, -1], grid[-1, 1:-1], grid[-1, -1] = ndtr(rows), ndtr(columns), 1.0
    return np.maximum(np.diff(np.diff(grid, axis=0), axis=1), 1e-15)


def _slopes(rows: Floats, columns: Floats, rho: float) -> Floats:
    """How fast the probability of each cell grows with the correlation (Plackett 1954)."""
    h, k, left = rows[:, None], columns[None, :], 1 - rho**2
    grid = np.zeros((len(rows) + 2, len(columns) + 2))
    grid[1:-1, 1:-1] = np.exp(-(h**2 - 2 * rho * h * k + k**2) / (2 * left)) / (2 * np.pi * np.sqrt(left))
    return np.diff(np.diff(grid, axis=0), axis=1)


def _delete_one(table: Floats, rho: float) -> Floats:
    """For each cell that is not empty, the correlation without one person of it."""
    found = np.full(table.shape, rho)
    thresholds = _thresholds(table)
    slopes = _slopes(*thresholds, rho)
    information = float((slopes**2 / _cells(*thresholds, rho)).sum()) * (table.sum() - 1)
    for cell in zip(*np.nonzero(table), strict=True):
        left = table.copy()
        left[cell] -= 1
        own = _thresholds(left)
        score = float((left * _slopes(*own, rho) / _cells(*own, rho)).sum())
        found[cell] = rho + score / information
    return found
