"""Matching: every treated person beside comparison persons who were like her."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.effects.comparison.found import Found, refused
from kij_analysis.effects.comparison.persons import Codes, Flags, Floats, Persons
from kij_analysis.effects.comparison.propensity import Propensity, propensity_of
from kij_analysis.errors import UsageError, one_of

NEAREST, EXACT = "nearest_neighbour", "exact_matching"
DISTANCES = ("logit", "propensity", "mahalanobis")
ORDERS = ("closest", "largest")


@dataclass(frozen=True, kw_only=True)
class Matching:
    """How treated persons are matched.

    Parameters
    ----------
    distance
        ``"logit"`` of the propensity, the ``"propensity"`` itself, or ``"mahalanobis"`` of the covariates.
    caliper
        How far apart a pair may lie, in standard deviations of the distance (Austin 2011: 0.2 of the
        logit); no limit if 0. Distances of Mahalanobis are in units of their own.
    ratio
        How many comparison persons each treated one gets at most; none is used twice.
    order
        Who chooses first: ``"closest"``, the pair that lies nearest; ``"largest"``, the treated with the
        highest propensity (as MatchIt does), which leaves pairs lopsided where counterparts run short.

    Examples
    --------
    >>> Matching(caliper=0.25).ratio
    1
    """

    distance: str = "logit"
    caliper: float = 0.2
    ratio: int = 1
    order: str = "closest"

    def __post_init__(self) -> None:
        one_of(self.distance, DISTANCES, name="The distance")
        one_of(self.order, ORDERS, name="The order")
        if self.caliper < 0 or self.ratio < 1:
            raise UsageError(
                f"A caliper of {self.caliper} with {self.ratio} counterparts is none.",
                fix="The caliper is 0 (no limit) or above, the ratio 1 or above.",
            )


def nearest_neighbour(
    persons: Persons, *, how: Matching, cells: Codes | None = None, propensity: Propensity | None = None
) -> Found:
    """The mean difference within pairs; no comparison person is used twice.

    Of equally near ones the first in the frame is taken, and how often that was so is told in `ties`.
    Treated persons without a counterpart are left out and counted: the estimate is about those who
    remain. Errors by pair (Abadie and Spiess 2022), and by cluster where pairs share one.
    """
    if persons.note:
        return refused(NEAREST, persons.note)
    fitted = propensity or propensity_of(persons)
    if fitted is None:
        return refused(NEAREST, "no_common_support")
    gap, reach = _distances(persons, fitted, how)
    own, others = _codes(persons, cells)
    gap = np.where((own[:, None] == others[None, :]) & (gap <= reach), gap, np.inf)
    order = np.argsort(-fitted.chance[persons.treated], kind="stable") if how.order == "largest" else None
    sets, ties = _greedy(gap, order, how.ratio)
    unmatched = int(persons.treated.sum()) - len(sets)
    more = {"unmatched": unmatched, "ties": ties}
    if len(sets) < 2:
        return refused(NEAREST, "no_common_support", **more)
    return _paired(persons, sets, more)


def _codes(persons: Persons, cells: Codes | None) -> tuple[Codes, Codes]:
    own = np.zeros(len(persons), dtype=np.intp) if cells is None else cells
    return own[persons.treated], own[~persons.treated]


def _distances(persons: Persons, fitted: Propensity, how: Matching) -> tuple[Floats, float]:
    """How far every treated person lies from every comparison person, and how far is too far."""
    t = persons.treated
    if how.distance == "mahalanobis":
        x = persons.design[:, 1:]
        spread = np.atleast_2d(
            (np.cov(x[t].T) * (t.sum() - 1) + np.cov(x[~t].T) * ((~t).sum() - 1)) / (len(t) - 2)
        )
        root = np.linalg.cholesky(np.linalg.pinv(spread) + 1e-12 * np.eye(x.shape[1]))
        moved = x @ root
        square = ((moved[t][:, None, :] - moved[~t][None, :, :]) ** 2).sum(axis=2)
        return np.sqrt(square), how.caliper or np.inf
    values = fitted.logit if how.distance == "logit" else fitted.chance
    # The spread within the groups would shrink the caliper as they move apart; this is that of all.
    reach = how.caliper * float(values.std(ddof=1)) if how.caliper else np.inf
    return np.abs(values[t][:, None] - values[~t][None, :]), reach


def _greedy(gap: Floats, order: Codes | None, ratio: int) -> tuple[dict[int, list[int]], int]:
    """The comparison persons of every matched treated one, by place, and how many choices were ties."""
    free = np.ones(gap.shape[1], dtype=bool)
    sets: dict[int, list[int]] = {}
    ties = 0
    for turn in range(ratio):
        for one, best in _choices(gap, order, free):
            if turn and one not in sets:
                continue
            ties += int((gap[one, free] <= gap[one, best] + 1e-12).sum() > 1)
            free[best] = False
            sets.setdefault(one, []).append(best)
    return sets, ties


def _choices(gap: Floats, order: Codes | None, free: Flags) -> Iterator[tuple[int, int]]:
    """One choice for every treated person who has somebody left, in turn; `free` is what is left."""
    if order is not None:
        for one in order:
            distance = np.where(free, gap[one], np.inf)
            best = int(distance.argmin())
            if np.isfinite(distance[best]):
                yield int(one), best
        return
    rows, columns = np.nonzero(np.isfinite(gap))
    waiting = np.ones(gap.shape[0], dtype=bool)
    for place in np.argsort(gap[rows, columns], kind="stable"):
        one, best = int(rows[place]), int(columns[place])
        if waiting[one] and free[best]:
            waiting[one] = False
            yield one, best


def _paired(persons: Persons, sets: dict[int, list[int]], more: dict[str, Any]) -> Found:
    own, others = np.flatnonzero(persons.treated), np.flatnonzero(~persons.treated)
    weights = np.zeros(len(persons))
    pair = np.full(len(persons), -1)
    for number, (one, chosen) in enumerate(sets.items()):
        weights[own[one]] = 1.0
        weights[others[chosen]] = 1 / len(chosen)
        pair[own[one]] = pair[others[chosen]] = number
    keep = weights > 0
    used, w, pair = persons.part(keep), weights[keep], pair[keep]
    mean = [float(w[arm] @ used.outcome[arm] / w[arm].sum()) for arm in (~used.treated, used.treated)]
    centred = used.outcome - np.where(used.treated, mean[1], mean[0])
    influence = len(used) * np.where(used.treated, 1, -1) * w * centred / len(sets)
    return Found(
        method=NEAREST,
        estimate=mean[1] - mean[0],
        influence=influence,
        weights=w,
        used=used,
        cluster=joined(pair, used.cluster),
        note="unlike_left_out" if more["unmatched"] else "",
        more=more | {"pair": pair},
    )


def joined(one: Codes, other: Codes) -> Codes:
    """Clusters that hold together whoever shares either of two."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    left, right = pd.factorize(one)[0], pd.factorize(other)[0]
    size = left.max() + 1
    rows, columns = left, right + size
    total = int(columns.max()) + 1
    graph = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(total, total))
    return np.asarray(connected_components(graph, directed=False)[1][left])


def exact_matching(persons: Persons, cells: Codes) -> Found:
    """The differences within cells of equal covariates, weighted by the treated in them.

    Treated persons in cells without a comparison person are left out and counted. The error is that of the
    difference of every cell, the shares of the cells being those of the treated used.
    """
    if persons.note:
        return refused(EXACT, persons.note)
    table = pd.DataFrame({"cell": cells, "treated": persons.treated}).groupby("cell")["treated"]
    size, own = table.transform("size").to_numpy(), table.transform("sum").to_numpy()
    keep = (own > 0) & (own < size)
    more = {"unmatched": int((persons.treated & ~keep).sum()), "ties": 0}
    used = persons.part(keep)
    if used.note:
        return refused(EXACT, "no_common_support", **more)
    return _celled(used, cells[keep], own[keep], size[keep], more)


def _celled(used: Persons, cells: Codes, own: Floats, size: Floats, more: dict[str, Any]) -> Found:
    t, y, n = used.treated, used.outcome, len(used)
    weights = np.where(t, 1.0, own / (size - own))
    rest = np.empty(n)
    for cell in _each(cells):
        rest[cell] = y[cell] - y[cell & ~t].mean()
    estimate = float(rest[t].mean())
    influence = n * np.where(t, rest - estimate, -weights * rest) / t.sum()
    return Found(
        method=EXACT,
        estimate=estimate,
        influence=influence,
        weights=weights,
        used=used,
        cluster=used.cluster,
        note="unlike_left_out" if more["unmatched"] else "",
        more=more,
    )


def _each(cells: Codes) -> Iterator[Any]:
    for cell in np.unique(cells):
        yield cells == cell
