"""Logistic regression for chances of answering and for imputation, where samples are small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kij_analysis.errors import UsageError
from kij_analysis.survey.design import Floats

ROUNDS = 60
STEP = 1.0
FAR = 12.0
"""A linear predictor beyond this is a chance under 1 in 150,000: the answers are separated."""


@dataclass(frozen=True, kw_only=True)
class Logistic:
    """Coefficients, their covariance, and the chance of every row; `separated` if there are none."""

    coefficients: Floats
    covariance: Floats
    chances: Floats
    separated: bool


def logistic(x: Floats, y: Floats) -> Logistic:
    """Maximum likelihood by Newton's method; statsmodels gives the same, and warns where this answers.

    Parameters
    ----------
    x
        One row for each person, its first column ones.
    y
        0 and 1.

    Examples
    --------
    >>> x = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    >>> logistic(x, np.array([0, 0, 1, 0, 1, 1.0])).chances.round(3).tolist()
    [0.333, 0.333, 0.333, 0.667, 0.667, 0.667]
    """
    if len(x) != len(y) or not len(y):
        raise UsageError("There are no persons to fit a model to.", fix="Look at who is in the group.")
    at = np.zeros(x.shape[1])
    best = -np.inf
    for _ in range(ROUNDS):
        chance = _chance(x @ at)
        slope = x.T @ (y - chance)
        bend = x.T @ (x * (chance * (1 - chance))[:, None])
        step = np.linalg.lstsq(bend, slope, rcond=None)[0]
        part = 1.0
        while (now := _fit(x, y, at + part * step)) < best - 1e-12 and part > 1e-4:
            part /= 2
        at, gain, best = at + part * step, now - best, now
        if abs(gain) < 1e-10 and np.abs(slope).max() < 1e-7:
            break
        if np.abs(x @ at).max() > 2 * FAR:
            break
    line = x @ at
    chance = _chance(line)
    bend = x.T @ (x * (chance * (1 - chance))[:, None])
    return Logistic(
        coefficients=at,
        covariance=np.asarray(np.linalg.pinv(bend, hermitian=True), float),
        chances=chance,
        separated=bool(np.abs(line).max() > FAR),
    )


def _chance(line: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(line, -40, 40))))


def _fit(x: Floats, y: Floats, at: Floats) -> float:
    line = x @ at
    return float(y @ line - np.logaddexp(0, line).sum())


def drawn_chances(x: Floats, y: Floats, at: Floats, prior: Floats, rng: np.random.Generator) -> Floats:
    """The chances of rows by logistic models with coefficients drawn from their posteriors, chain by chain.

    Normal priors around 0 keep coefficients finite where an answer is rare or separated (Gelman, Jakulin,
    Pittau and Su 2008, Ann. Appl. Stat. 2: 1360–1383); the posterior is taken as normal around its mode.

    Parameters
    ----------
    x, at
        The columns of those who answered, and of those for whom is drawn: chain × row × column.
    y
        0 and 1, the same in every chain.
    prior
        The standard deviation of the prior of each coefficient: chain × column.
    """
    tight = 1 / prior**2
    mode = np.zeros(prior.shape)
    turned = x.transpose(0, 2, 1)
    diagonal = np.arange(prior.shape[1])
    for _ in range(ROUNDS):
        chance = _chance((x @ mode[:, :, None])[:, :, 0])
        slope = (turned @ (y - chance)[:, :, None])[:, :, 0] - tight * mode
        bend = (turned * (chance * (1 - chance))[:, None, :]) @ x
        bend[:, diagonal, diagonal] += tight
        # A step is kept short, because a long one may overshoot where answers are nearly separated.
        step = np.clip(np.linalg.solve(bend, slope[:, :, None])[:, :, 0], -STEP * prior, STEP * prior)
        mode += step
        if np.abs(step / prior).max() < 1e-6:
            break
    lower = np.linalg.cholesky(bend)
    noise = rng.standard_normal(prior.shape)[:, :, None]
    drawn = mode + np.linalg.solve(lower.transpose(0, 2, 1), noise)[:, :, 0]
    return _chance((at @ drawn[:, :, None])[:, :, 0])
