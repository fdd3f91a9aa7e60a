"""One coefficient of a least-squares regression, with the error that is asked for."""

from __future__ import annotations

import numpy as np

from kij_analysis.effects.comparison.found import standard_error
from kij_analysis.effects.comparison.persons import Codes, Flags, Floats

ERRORS = ("robust", "classical", "hc1", "hc3")


def coefficient(
    x: Floats, y: Floats, place: int, *, cluster: Codes, treated: Flags, errors: str = "robust"
) -> tuple[float, float, float]:
    """A coefficient, its standard error and its degrees of freedom.

    ``"robust"``: by cluster where persons share one, else HC2 (MacKinnon and White 1985), which for two
    groups is the error of Welch. ``"classical"``, ``"hc1"`` and ``"hc3"`` take persons one by one.
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
    if errors == "robust" and len(np.unique(cluster)) < n:
        return estimate, *standard_error(n * direction * residual, treated, cluster)
    kept = np.clip(1 - np.einsum("ij,jk,ik->i", x, bread, x), 1e-10, None)
    scale = {"robust": kept, "hc1": np.full(n, (n - k) / n), "hc3": kept**2}[errors]
    return estimate, float(np.sqrt(np.sum((direction * residual) ** 2 / scale))), float(n - k)
