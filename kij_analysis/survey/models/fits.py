"""Coefficients of linear and logistic models, by least squares and by likelihood, penalised where asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kij_analysis.survey.design import Floats

STEPS = 100
SETTLED = 1e-11
"""How little a linear predictor still moves when a fit counts as settled."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A fitted model.

    `covariance` is that of the model itself; a row of `influence` is how far one person moves the
    coefficients; `bread` is the inverse information and `working` the weights of the last step, both as few
    clusters need them; `df` is missing where errors are normal.
    """

    kind: str
    coefficients: Floats
    covariance: Floats
    bread: Floats
    influence: Floats
    leverage: Floats
    working: Floats
    fitted: Floats
    log_likelihood: float
    df: float = np.nan
    settled: bool = True
    penalised: bool = False


@dataclass(frozen=True, kw_only=True)
class Peak:
    """Where a likelihood is highest."""

    coefficients: Floats
    height: float
    settled: bool


def linear(values: Floats, outcome: Floats, weight: Floats) -> Fit:
    """Weighted least squares; a single error variance, with n − k degrees of freedom."""
    n, k = values.shape
    root = np.sqrt(weight)[:, None]
    q, r = np.linalg.qr(root * values)
    back = np.linalg.inv(r)
    coefficients = back @ (q.T @ (root[:, 0] * outcome))
    left = outcome - values @ coefficients
    bread = back @ back.T
    total = float(weight @ left**2)
    variance = total / (n - k) if n > k else np.nan
    with np.errstate(divide="ignore"):
        height = -n / 2 * (np.log(2 * np.pi * total / n) + 1)
    return Fit(
        kind="linear",
        coefficients=coefficients,
        covariance=variance * bread,
        bread=bread,
        influence=(weight * left)[:, None] * (values @ bread),
        leverage=(q**2).sum(1),
        working=weight,
        fitted=values @ coefficients,
        log_likelihood=float(height),
        df=n - k,
    )


def logistic(values: Floats, outcome: Floats, weight: Floats, *, penalised: bool = False) -> Fit:
    """Maximum likelihood, or Firth's penalised likelihood (1993, Biometrika 80: 27).

    The penalty is half the logarithm of the determinant of the information; its covariance is the inverse
    information at the estimate (Heinze and Schemper 2002, Stat. Med. 21: 2409).
    """
    peak = climb(values, outcome, weight, penalised=penalised)
    share = expit(values @ peak.coefficients)
    working = weight * share * (1 - share)
    q, r = np.linalg.qr(np.sqrt(working)[:, None] * values)
    back = np.linalg.inv(r) if np.abs(np.diag(r)).min() > 0 else np.linalg.pinv(r)
    bread, leverage = back @ back.T, (q**2).sum(1)
    left = weight * (outcome - share) + (leverage * (0.5 - share) if penalised else 0.0)
    return Fit(
        kind="logistic",
        coefficients=peak.coefficients,
        covariance=bread,
        bread=bread,
        influence=left[:, None] * (values @ bread),
        leverage=leverage,
        working=working,
        fitted=share,
        log_likelihood=peak.height,
        settled=peak.settled,
        penalised=penalised,
    )


def climb(
    values: Floats,
    outcome: Floats,
    weight: Floats,
    *,
    penalised: bool = False,
    start: Floats | None = None,
    fixed: int | None = None,
) -> Peak:
    """The highest point of the likelihood, by steps that are halved until they lead upwards.

    The coefficient `fixed` stays as in `start`; the penalty is that of the whole model, as Heinze and
    Schemper hold a coefficient.
    """
    beta = np.zeros(values.shape[1]) if start is None else start.copy()
    free = np.arange(len(beta)) != (-1 if fixed is None else fixed)
    height = likelihood(beta, values, outcome, weight, penalised=penalised)
    if not free.any():
        return Peak(coefficients=beta, height=height, settled=True)
    for _ in range(STEPS):
        step = np.where(free, _step(beta, free, values, outcome, weight, penalised), 0.0)
        moved = float(np.abs(values @ step).max(initial=0))
        step *= min(1.0, 5 / max(moved, 1e-300))
        higher = likelihood(beta + step, values, outcome, weight, penalised=penalised)
        while higher < height - 1e-10 * (1 + abs(height)) and moved > SETTLED:
            step, moved = step / 2, moved / 2
            higher = likelihood(beta + step, values, outcome, weight, penalised=penalised)
        beta, height = beta + step, higher
        if moved < SETTLED:
            return Peak(coefficients=beta, height=height, settled=True)
    return Peak(coefficients=beta, height=height, settled=False)


def _step(
    beta: Floats, free: np.ndarray, values: Floats, outcome: Floats, weight: Floats, penalised: bool
) -> Floats:
    """The step of Newton's method, with a penalty only where that leads upwards; else of Fisher scoring."""
    share = expit(values @ beta)
    root = np.sqrt(np.maximum(weight * share * (1 - share), 1e-300))[:, None]
    score = weight * (outcome - share)
    step, own = np.zeros(len(beta)), values[:, free]
    if penalised:
        q, _ = np.linalg.qr(root * values)
        score = score + (q**2).sum(1) * (0.5 - share)
        curve = _curvature(own, q, share, root[:, 0])
        if np.linalg.eigvalsh(curve).min() > 1e-10 * np.trace(curve):
            step[free] = np.linalg.solve(curve, own.T @ score)
            return step
    step[free] = np.linalg.lstsq(root * own, score / root[:, 0], rcond=None)[0]
    return step


def _curvature(values: Floats, q: Floats, share: Floats, root: Floats) -> Floats:
    """The negative second derivative of the penalised likelihood; `q` are the rows of the hat matrix's root.

    With h the leverages, d = 1 − 2p and W the working weights: X'(W + hp(1 − p) − hd²/2)X + ½ X'd(QQ')²dX,
    the square taken element by element.
    """
    leverage, lean = (q**2).sum(1), 1 - 2 * share
    diagonal = root**2 + leverage * share * (1 - share) - leverage * lean**2 / 2
    pairs = (q[:, :, None] * q[:, None, :]).reshape(len(q), -1)
    crossed = (values * lean[:, None]).T @ pairs
    return np.asarray(values.T @ (diagonal[:, None] * values) + crossed @ crossed.T / 2)


def likelihood(
    beta: Floats, values: Floats, outcome: Floats, weight: Floats, *, penalised: bool = False
) -> float:
    """The logarithm of the likelihood, with Firth's penalty where asked."""
    lin = values @ beta
    height = float(weight @ (outcome * lin - np.logaddexp(0, lin)))
    if not penalised:
        return height
    share = expit(lin)
    r = np.linalg.qr(np.sqrt(weight * share * (1 - share))[:, None] * values, mode="r")
    with np.errstate(divide="ignore"):
        return height + float(np.log(np.abs(np.diag(r))).sum())


def expit(lin: Floats) -> Floats:
    """The share that a linear predictor stands for, without overflow."""
    return np.exp(-np.logaddexp(0, -lin))


def centred(fit: Fit, values: Floats, outcome: Floats, weight: Floats) -> Fit:
    """A penalised fit whose intercept makes the mean fitted share that of the answers.

    Penalised shares lie too near one half; the correction (FLIC) is that of Puhr, Heinze, Nold, Lusa and
    Geroldinger 2017 (Stat. Med. 36: 2302).
    """
    from dataclasses import replace

    lin, shift = values @ fit.coefficients, 0.0
    for _ in range(100):
        share = expit(lin + shift)
        step = float(weight @ (outcome - share)) / float(weight @ (share * (1 - share)))
        shift += max(-1.0, min(1.0, step))
        if abs(step) < 1e-12:
            break
    coefficients = fit.coefficients + shift * (np.arange(len(fit.coefficients)) == 0)
    return replace(fit, coefficients=coefficients, fitted=expit(lin + shift))
