"""Errors where persons share mentors and coordinators, and of those there are few."""

from __future__ import annotations

import numpy as np

from kij_analysis.survey.design import Codes, Floats
from kij_analysis.survey.models.fits import Fit

LEAST = 4.0
"""Below so many degrees of freedom a t interval cannot be trusted (Tipton 2015, Psychol. Methods 20: 375)."""


def cr2(fit: Fit, values: Floats, left: Floats, cluster: Codes, gradient: Floats) -> tuple[Floats, Floats]:
    """The bias-reduced covariance of combinations of coefficients, and the degrees of freedom of each.

    Bell and McCaffrey 2002 (Survey Methodology 28: 169); Pustejovsky and Tipton 2018 (J. Bus. Econ. Stat. 36:
    672), equations 7, 8 and 11. The model's own variances are the target: equal ones in a linear model, the
    inverse working weights in a logistic one, whose last step is a weighted linear model.

    Parameters
    ----------
    left
        What the model leaves of each answer, y − fitted.
    cluster
        A number for the cluster of each row.
    gradient
        One row for each combination.
    """
    target = 1 / fit.working
    error = left if fit.kind == "linear" else left / (fit.fitted * (1 - fit.fitted))
    reach = gradient @ fit.bread
    moved, sums, within = [], [], []
    for code in np.unique(cluster):
        own = cluster == code
        adjusted = _adjustment(values[own], fit.bread, target[own]) @ (values[own] / target[own, None])
        carried = adjusted @ reach.T
        moved.append(error[own] @ carried)
        sums.append(values[own].T @ carried)
        within.append((carried**2 * target[own, None]).sum(0))
    stacked = np.array(moved)
    return stacked.T @ stacked, _freedom(fit.bread, np.array(sums), np.array(within))


def _adjustment(values: Floats, bread: Floats, target: Floats) -> Floats:
    """What gives a cluster's residuals the variance that the model says they have (equations 7 and 8)."""
    root = np.sqrt(target)
    kept = root[:, None] * (np.diag(target) - values @ bread @ values.T) * root
    sizes, directions = np.linalg.eigh(kept)
    real = sizes > 1e-10 * max(float(sizes.max()), 1e-300)
    inverse = np.where(real, 1 / np.sqrt(np.where(real, sizes, 1.0)), 0.0)
    return root[:, None] * ((directions * inverse) @ directions.T) * root


def _freedom(bread: Floats, sums: Floats, within: Floats) -> Floats:
    """Satterthwaite's degrees of freedom of each combination (equation 11)."""
    found = []
    for column in range(within.shape[1]):
        own = sums[:, :, column]
        spread = np.diag(within[:, column]) - own @ bread @ own.T
        below = float((spread**2).sum())
        found.append(float(np.trace(spread)) ** 2 / below if below > 0 else np.nan)
    return np.array(found)
