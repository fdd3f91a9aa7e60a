"""How sure the coefficients of a model are, and whatever is computed from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey.design import Codes, Design, Floats, Sample, sample_of
from kij_analysis.survey.models.data import Data
from kij_analysis.survey.models.few_clusters import LEAST, cr2
from kij_analysis.survey.models.fits import Fit
from kij_analysis.survey.variances import freedom, linearised, replicate_factor

ERRORS = ("model", "hc1", "hc2", "hc3")
Compute = Callable[[Floats], Floats]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the errors of a call come from: the model, robust, a design, or few clusters."""

    errors: str
    sample: Sample | None
    cluster: Codes | None

    @property
    def kind(self) -> str:
        """The end of the method's name, empty for the model's own errors."""
        if self.sample:
            return self.sample.design.kind
        if self.cluster is not None:
            return "cr2"
        return "robust" if self.errors != "model" else ""

    def told(self, data: Data) -> dict[str, float]:
        """What every row says about who is in the model and who is not."""
        clusters = np.nan if self.cluster is None else len(np.unique(self.cluster[data.rows]))
        return {
            "missing": data.missing, "missing_predictors": data.missing_predictors, "clusters": clusters,
        }  # fmt: skip

    def doubt(self, error: float, df: float) -> str:
        """What must be said of an interval: that it rests on few clusters, or that replicates failed."""
        if self.kind == "cr2" and df < LEAST:
            return "few_clusters"
        return "not_converged" if self.kind == "replicated" and df > 0 and np.isnan(error) else ""


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Covariances of quantities, and the degrees of freedom of each, missing where errors are normal."""

    covariance: Floats
    df: Floats

    @property
    def error(self) -> Floats:
        """The standard errors, missing where a variance is not known."""
        variance = np.diag(self.covariance)
        return np.sqrt(np.where(variance >= 0, variance, np.nan))


def source_of(frame: pd.DataFrame, errors: str, design: Design | None, cluster: str) -> Source:
    """Where errors come from, checked.

    Raises
    ------
    UsageError
        If two sources are named, or somebody has no cluster.
    """
    one_of(errors, ERRORS, name="errors")
    if cluster and design:
        raise UsageError(
            "Both a design and clusters are given.",
            fix="Name the clusters in the design; for persons who count alike, leave the design out.",
        )
    if errors != "model" and (cluster or design):
        raise UsageError("The errors come from the design or the clusters.", fix="Leave errors= out.")
    codes = None
    if cluster:
        found = pd.factorize(frame[cluster])[0]
        codes = np.where(found < 0, np.arange(len(found)) + len(found), found)
    return Source(errors=errors, sample=sample_of(frame, design) if design else None, cluster=codes)


def spread(
    source: Source, fit: Fit, data: Data, gradient: Floats, *, direct: Floats | None, compute: Compute
) -> Spread:
    """The covariances of quantities of which `gradient` has the slopes, one row each.

    Parameters
    ----------
    direct
        How far each person moves the quantities otherwise than by the coefficients, one column each.
    compute
        The quantities from other weights of the rows, for replicates.
    """
    if source.sample:
        moved = fit.influence @ gradient.T + (0.0 if direct is None else direct)
        return designed(source.sample, data, moved, compute)
    if source.cluster is not None:
        return _clustered(source.cluster[data.rows], fit, data, gradient)
    covariance = gradient @ _independent(source.errors, fit, data) @ gradient.T
    return Spread(covariance=covariance, df=np.full(len(gradient), fit.df))


def _independent(errors: str, fit: Fit, data: Data) -> Floats:
    """HC1, HC2 and HC3 as MacKinnon and White 1985 (J. Econometrics 29: 305) number them."""
    if errors == "model":
        return fit.covariance
    n, k = len(data.rows), len(fit.coefficients)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = {
            "hc1": np.full(n, np.sqrt(n / (n - k)) if n > k else np.nan),
            "hc2": 1 / np.sqrt(1 - fit.leverage),
            "hc3": 1 / (1 - fit.leverage),
        }[errors]
        moved = fit.influence * factor[:, None]
        return np.asarray(moved.T @ moved)


def _clustered(cluster: Codes, fit: Fit, data: Data, gradient: Floats) -> Spread:
    if len(np.unique(cluster)) < 2:
        return Spread(covariance=np.full((len(gradient),) * 2, np.nan), df=np.zeros(len(gradient)))
    covariance, df = cr2(fit, data.values, data.outcome - fit.fitted, cluster, gradient)
    return Spread(covariance=covariance, df=df)


def designed(sample: Sample, data: Data, influence: Floats, compute: Compute) -> Spread:
    """Covariances under a design, of quantities whose influences stand in columns.

    Degrees of freedom are those of the part of the sample, less one for each slope, as R's `svyglm`.
    """
    inside = np.zeros(len(sample.weight), dtype=bool)
    inside[data.rows] = True
    df = np.full(influence.shape[1], freedom(sample, inside) + 1.0 - data.values.shape[1])
    if sample.design.replicates:
        return Spread(covariance=_replicated(sample, data, compute), df=df)
    moved = np.zeros((len(sample.weight), influence.shape[1]))
    moved[data.rows] = influence
    return Spread(covariance=linearised(sample, moved), df=df)


def _replicated(sample: Sample, data: Data, compute: Compute) -> Floats:
    """Squared deviations of the refitted model from that of the full sample, sample by sample."""
    found = compute(data.weight)
    covariance = np.zeros((len(found), len(found)))
    full, block = sample.weight[data.rows], sample.block[data.rows]
    for one in np.unique(block):
        for replicate in sample.replicates[data.rows].T:
            moved = compute(np.where(block == one, replicate, full)) - found
            covariance += replicate_factor(sample) * np.outer(moved, moved)
    return covariance
