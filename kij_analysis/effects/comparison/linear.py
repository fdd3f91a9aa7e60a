"""One coefficient of a least-squares regression, with the error that is asked for."""

from __future__ import annotations

import numpy as np

from kij_analysis.effects.comparison.found import standard_error
from kij_analysis.effects.comparison.persons import Codes, Flags, Floats
from kij_analysis.survey.models.few_clusters import cr2
from kij_analysis.survey.models.fits import linear

MOST_CLUSTERS = 1500
"""With more clusters CR1 is as good, and the degrees of freedom of CR2 take long."""
ERRORS = ("robust", "classical", "hc1", "hc3")


def coefficient(
    x: Floats, y: Floats, place: int, *, cluster: Codes, treated: Flags, errors: str = "robust"
) -> tuple[float, float, float]:
    """A coefficient, its standard error and its degrees of freedom.

    ``"robust"``: by cluster where persons share one (CR2 with Satterthwaite's degrees of freedom), else HC2
    (MacKinnon and White 1985), which for two groups is the error of Welch. ``"classical"``, ``"hc1"`` and
    ``"hc3"`` take persons one by one.
    """
    bread = np.linalg.inv(x.T @ x)
    parameters = bread @ (x.T @ y)
    residual = y - x @ parameters
    n, k = x.shape
    direction = x @ bread[place]
    estimate = float(parameters[place])
    if errors == "classical":
        variance = float(residual @ residual / (n - k) * bread[place, place])
        return estimate, float(np.sqrt(variance)), float(n - k)
    count = len(np.unique(cluster))
    if errors == "robust" and count < n:
        if count > MOST_CLUSTERS or min(len(np.unique(cluster[arm])) for arm in (treated, ~treated)) < 2:
            return estimate, *standard_error(n * direction * residual, treated, cluster)
        fit = linear(x, y, np.ones(n))
        covariance, df = cr2(fit, x, residual, cluster, np.eye(k)[[place]])
        return estimate, float(np.sqrt(covariance[0, 0])), float(df[0])
    kept = np.clip(1 - np.einsum("ij,jk,ik->i", x, bread, x), 1e-10, None)
    scale = {"robust": kept, "hc1": np.full(n, (n - k) / n), "hc3": kept**2}[errors]
    return estimate, float(np.sqrt(np.sum((direction * residual) ** 2 / scale))), float(n - k)
