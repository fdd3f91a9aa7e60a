"""Which barriers are named most often, and which places in the order can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.barriers.asking import REST, about_mentees, apart, barrier_names
from kij_analysis.errors import UsageError, one_of
from kij_analysis.survey import Design
from kij_analysis.survey.design import Floats, Sample, sample_of
from kij_analysis.survey.groups import BESIDE, Group, check_columns, grouped, result, why_empty
from kij_analysis.survey.intervals import logit_interval, share_interval
from kij_analysis.survey.variances import freedom, ratios

TESTS = ("exact", "mid_p")
EXTRA = ("rank", "rank_low", "rank_high", "ranked", *BESIDE, "test")


def ranking(
    answers: pd.DataFrame,
    *,
    by: str | Sequence[str] = "programme",
    leave_out: Sequence[str] = REST,
    test: str = "exact",
    design: Design | None = None,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """The barriers of each group by how many name them, with simultaneous intervals for their ranks.

    With probability `level` or more, the true ranks of all barriers of a group lie in their intervals at the
    same time. A barrier is surely among the three most common if its interval ends at 3 or before, and
    surely not if it begins after 3.

    Parameters
    ----------
    answers
        Harmonised answers. Only persons who answered for every barrier that their group was asked about
        count, so that the same women stand behind every share.
    by
        Columns to group by; roles and waves are kept apart as in `prevalence`.
    leave_out
        Barriers without a rank: the rest class is no barrier of its own.
    test
        McNemar's test of two barriers in the same women: ``"exact"``, or ``"mid_p"``, which tells a little
        more apart and may hold a little less often. With a design: t tests.
    design, population, level
        As in `kij_analysis.survey.shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *share*, the most common first; to the right the columns of `by`, `rank` (1 is
        the most common; equal shares have the same), `rank_low`, `rank_high`, `ranked` (how many barriers
        are ranked), those of `shares` and `test`. A barrier that was not asked about has a note and no rank.

    Raises
    ------
    UsageError
        As `prevalence` does, and if nothing is left to be ranked.

    Notes
    -----
    For every ordered pair of barriers the hypothesis that the first is named no more often than the second is
    tested, and Holm's procedure keeps the probability of any false rejection among all of them. A rank is
    then at least 1 plus the barriers that are told to be named more often, and at most the number of barriers
    less those told to be named less often (Mogstad, Romano, Shaikh and Wilhelm 2024, Rev. Econ. Stud. 91:
    476–518; with exact tests as in Bazylik, Mogstad, Romano, Shaikh and Wilhelm 2021, NBER working paper
    29519). McNemar's exact test looks only at the women who named one of the two, so it holds in any sample.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "barrier_language": [True] * 30 + [False] * 10, "barrier_network": [True] * 25 + [False] * 15,
    ...     "barrier_health": [True] * 5 + [False] * 35})
    >>> ranking(answers)[["variable", "rank", "rank_low", "rank_high"]].astype({"rank": int,
    ...     "rank_low": int, "rank_high": int}).values.tolist()
    [['barrier_language', 1, 1, 2], ['barrier_network', 2, 1, 2], ['barrier_health', 3, 3, 3]]
    """
    one_of(test, TESTS, name="The test")
    names = [name for name in barrier_names(answers) if name not in leave_out]
    if not names:
        raise UsageError("All barriers of the frame are left out.", fix="Leave out fewer.")
    groups = apart(answers, by)
    check_columns(answers, [*names, *(design.columns if design else [])], groups)
    whole = about_mentees(answers, population).reset_index(drop=True)
    sample = sample_of(whole, design) if design else None
    rows: list[dict[str, Any]] = []
    for group in grouped(whole, names[0], groups, population=population, level=level):
        rows += _of_group(group, names, test, sample)
    return result(rows, groups, EXTRA)


def _of_group(group: Group, names: list[str], test: str, sample: Sample | None) -> list[dict[str, Any]]:
    persons, level = group.persons, group.common["level"]
    counted = sample.counted[persons.index] if sample else np.ones(len(persons), dtype=bool)
    asked = [name for name in names if (persons[name].notna() & counted).any()]
    complete = persons[persons[asked].notna().all(axis=1) & counted] if asked else persons.iloc[:0]
    common = group.common | {"measure": "share", "category": "yes", "n": len(complete)}
    common |= {"missing": len(persons) - len(complete), "ranked": len(asked), "test": ""}
    common |= dict.fromkeys(("rank", "rank_low", "rank_high"), np.nan)
    if complete.empty:
        notes = {name: why_empty(persons, name) for name in names}
        return [_without(common, name, note) for name, note in notes.items()]
    hits = complete[asked].to_numpy(dtype=bool)
    if sample:
        found, p = _weighted(hits, complete.index.to_numpy(), sample, level)
    else:
        found, p = _unweighted(hits, level), _mcnemar(hits, test)
    shares = np.array([row["estimate"] for row in found])
    low, high = rank_intervals(p, level=level)
    ranked = {
        "rank": 1 + (shares[None, :] > shares[:, None] + 1e-12).sum(axis=1),
        "rank_low": low,
        "rank_high": high,
        "count": hits.sum(axis=0),
    }
    told = {"test": "t" if sample else f"mcnemar_{test}"} if len(asked) > 1 else {}
    rows = [
        common
        | told
        | {"variable": name}
        | own
        | {key: float(values[place]) for key, values in ranked.items()}
        for place, (name, own) in enumerate(zip(asked, found, strict=True))
    ]
    rows.sort(key=lambda row: row["rank"])
    return rows + [_without(common, name, why_empty(persons, name)) for name in names if name not in asked]


def _without(common: dict[str, Any], name: str, note: str) -> dict[str, Any]:
    return common | {"variable": name, "n": 0, "ranked": np.nan, "note": note, "method": "none"}


def rank_intervals(p: Floats, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """The simultaneous intervals of the ranks, from a p-value for every ordered pair.

    Parameters
    ----------
    p
        A square table: in row j and column k the p-value of the hypothesis that j is not above k. The
        diagonal does not count.

    Returns
    -------
    low, high
        The ends of the intervals; rank 1 is the highest.

    Examples
    --------
    >>> p = np.array([[1, 0.001, 0.001], [0.999, 1, 0.3], [0.999, 0.7, 1]])
    >>> [ends.tolist() for ends in rank_intervals(p)]
    [[1, 2, 2], [1, 3, 3]]
    """
    size = len(p)
    pairs = ~np.eye(size, dtype=bool)
    above = np.zeros((size, size), dtype=bool)
    above[pairs] = _holm(p[pairs], 1 - level)
    return 1 + above.sum(axis=0), size - above.sum(axis=1)


def _holm(p: Floats, alpha: float) -> np.ndarray:
    """Which hypotheses Holm's procedure rejects: the smallest p-values, up to the first that is too large.

    statsmodels does the same and collects garbage at every call, which takes longer than all else here.
    """
    order = np.argsort(p, kind="stable")
    held = p[order] > alpha / np.arange(len(p), 0, -1)
    rejected = np.zeros(len(p), dtype=bool)
    rejected[order[: int(held.argmax()) if held.any() else len(p)]] = True
    return rejected


def _unweighted(hits: np.ndarray, level: float) -> list[dict[str, Any]]:
    counts = hits.sum(axis=0)
    low, high, method = share_interval(
        counts, len(hits), interval="wilson", level=level, population_size=None
    )
    return [
        {"estimate": float(count / len(hits)), "conf_low": one, "conf_high": other, "method": method}
        for count, one, other in zip(counts, low, high, strict=True)
    ]


def _mcnemar(hits: np.ndarray, test: str) -> Floats:
    """One-sided p of every ordered pair: of the women who named one of two, how many named the first."""
    from scipy.stats import binom

    own = hits.astype(int)
    only = own.T @ (1 - own)
    either = only + only.T
    p = np.asarray(binom.sf(only - 1, either, 0.5), float)
    return p - np.asarray(binom.pmf(only, either, 0.5)) / 2 if test == "mid_p" else p


def _weighted(
    hits: np.ndarray, rows: np.ndarray, sample: Sample, level: float
) -> tuple[list[dict[str, Any]], Floats]:
    """Weighted shares, and one-sided t tests of their differences with their covariance."""
    from scipy.stats import t

    top = np.zeros((len(sample.weight), hits.shape[1]))
    bottom = top.copy()
    top[rows], bottom[rows] = hits, 1.0
    shares, covariance = ratios(sample, top, bottom)
    df = freedom(sample, bottom[:, 0] > 0)
    own = np.diag(covariance)
    spread = np.sqrt(np.maximum(own[:, None] + own[None, :] - 2 * covariance, 0))
    distance = shares[:, None] - shares[None, :]
    known = (spread > 1e-12) & (df > 0)
    p = np.where(known, t.sf(distance / np.where(known, spread, 1.0), max(df, 1)), 1.0)
    steps = t.ppf(0.5 + level / 2, df) if df > 0 else np.nan
    found = []
    for share, variance in zip(np.clip(shares, 0, 1), own, strict=True):
        row = {"estimate": float(share), "method": sample.design.kind}
        if df < 1 or np.isnan(variance):
            row |= {"note": "too_few"}
        elif share in (0.0, 1.0):
            row |= {"note": "no_variation"}
        else:
            low, high = logit_interval(float(share), float(np.sqrt(variance)), steps=steps)
            row |= {"std_error": float(np.sqrt(variance)), "conf_low": low, "conf_high": high}
        found.append(row)
    return found, p
