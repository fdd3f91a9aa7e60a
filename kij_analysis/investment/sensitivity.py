"""How far a result hangs on what is not sure: one number at a time, two at a time, all at once by drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError, did_you_mean, listed, one_of
from kij_analysis.investment.accounts import Account, discount, with_numbers
from kij_analysis.investment.breaking import break_even, npv_of
from kij_analysis.investment.entries import net_of
from kij_analysis.investment.results import ROOM, VIEWS, incomplete, results, row, views

CHUNK = 1000
"""Draws that are computed at once, so that memory stays small."""


def tornado(one: Account, *, payer: str = "") -> pd.DataFrame:
    """The present value of a payer with each unsure number at its low and at its high end.

    Returns
    -------
    DataFrame
        Estimates, two rows for each number that has ends: `category` is the number, `end` low or high, `at`
        the value of the number there, `swing` by how much the two ends differ; the widest first. `now` is
        the present value as the account has it.

    Raises
    ------
    UsageError
        If no number of the account has ends.

    Examples
    --------
    >>> from kij_analysis.investment import account, payers
    >>> from kij_analysis.investment.example import given, outcome, plan
    >>> one = account(None, outcome(gross=given(0.5, low=0.4, high=0.6)), payers("DK"), plan=plan())
    >>> tornado(one)[["category", "end", "at"]].values.tolist()
    [['gross', 'low', 0.4], ['gross', 'high', 0.6]]
    """
    payer = payer or one.plan.perspective
    one_of(payer, VIEWS, name="The payer")
    ends = {name: span for name, one_q in one.inputs.quantities.items() if (span := one_q.span()) is not None}
    if not ends:
        fix = "Give at least one number low: and high:, or a distribution."
        raise UsageError("No number of the account has ends, so that nothing can be varied.", fix=fix)
    now = float(npv_of(one, payer, {})[0])
    rows = []
    for name, span in ends.items():
        values = _within(name, np.array(span)) * one.inputs.factors[name]
        worth = npv_of(one, payer, {name: values[:, None]})
        swing = float(abs(worth[1] - worth[0]))
        for end, at, amount in zip(("low", "high"), _within(name, np.array(span)), worth, strict=True):
            more = {"category": name, "end": end, "at": float(at), "swing": swing, "now": now}
            rows.append(_npv(one, payer, float(amount), method="one_at_a_time", **more))
    return estimates.make(sorted(rows, key=lambda found: -found["swing"]))


def two_way(
    one: Account,
    *,
    x: str,
    y: str,
    payer: str = "",
    steps: int = 7,
    ranges: Mapping[str, tuple[float, float]] | None = None,
) -> pd.DataFrame:
    """The present value of a payer over a grid of two numbers.

    Parameters
    ----------
    x, y
        Names of numbers of the account, such as ``gross`` and ``cost``.
    steps
        Points of each, from its low to its high end.
    ranges
        The ends of a number that has none of its own.

    Returns
    -------
    DataFrame
        Estimates with `x`, `x_at`, `y` and `y_at` to the right.

    Examples
    --------
    >>> from kij_analysis.investment import account, payers
    >>> from kij_analysis.investment.example import outcome, plan
    >>> one = account(None, outcome(), payers("DK"), plan=plan())
    >>> grid = two_way(one, x="gross", y="cost", steps=2, ranges={"gross": (0.25, 0.5), "cost": (0, 50_000)})
    >>> grid["estimate"].round().tolist()
    [0.0, 916864.0, -1000000.0, -83136.0]
    """
    payer = payer or one.plan.perspective
    one_of(payer, VIEWS, name="The payer")
    ends = {name: _ends(one, name, ranges or {}) for name in (x, y)}
    first, second = (np.linspace(*ends[name], steps) for name in (x, y))
    at_y, at_x = (grid.ravel() for grid in np.meshgrid(second, first, indexing="ij"))
    factors = one.inputs.factors
    worth = npv_of(one, payer, {x: (at_x * factors[x])[:, None], y: (at_y * factors[y])[:, None]})
    rows = [
        _npv(one, payer, float(amount), method="one_at_a_time", x=x, x_at=float(a), y=y, y_at=float(b))
        for amount, a, b in zip(worth, at_x, at_y, strict=True)
    ]
    return estimates.make(rows)


def simulate(one: Account, *, draws: int = 10_000, seed: int, persons: bool = True) -> pd.DataFrame:
    """The present value of each payer when all unsure numbers are drawn, and how probable a loss is.

    Parameters
    ----------
    draws
        How many.
    seed
        The same seed gives the same draws.
    persons
        Whether the number of participants in work is drawn as well, as chance would have it for so many
        persons with that share.

    Returns
    -------
    DataFrame
        Estimates, two rows for each payer: ``npv`` (the median, the standard deviation, where 95 per cent
        of the draws lie; the mean in `mean`) and ``loss_probability`` (the share of draws below zero).
        `draws` and `seed` stand to the right. Without a counterfactual both are gross.

    Raises
    ------
    UsageError
        If there are fewer than 100 draws.

    Examples
    --------
    >>> from kij_analysis.investment import account, payers
    >>> from kij_analysis.investment.example import given, outcome, plan
    >>> sure = given(0.5, n=60, distribution="beta")
    >>> one = account(None, outcome(gross=sure), payers("DK"), plan=plan())
    >>> frame = simulate(one, draws=2000, seed=1)
    >>> loss = frame.query("variable == 'loss_probability' and group == 'municipality'")["estimate"].item()
    >>> 0.4 < loss < 0.8
    True
    """
    if draws < 100:
        raise UsageError(
            f"{draws} draws are too few to tell a spread.", fix="Take 1,000 or more; 10,000 is usual."
        )
    numbers = _drawn(one, draws, np.random.default_rng(seed), persons)
    found: dict[str, list[np.ndarray]] = {payer: [] for payer in views(one)}
    for start in range(0, draws, CHUNK):
        part = {name: column[start : start + CHUNK] for name, column in numbers.items()}
        entries, _ = with_numbers(one, part)
        factors = discount(part.get("discount_rate", one.inputs.values["discount_rate"]), one.plan.months)
        for payer, worth in found.items():
            rows = np.atleast_2d(net_of(entries, payer) * factors).sum(axis=1)
            worth.append(np.broadcast_to(rows, (len(next(iter(part.values()), rows)),)))
    sure = not numbers
    more = {"draws": draws, "seed": seed, "method": "simulated"}
    return estimates.make(
        [r for payer, worth in found.items() for r in _spread(one, payer, np.concatenate(worth), sure, more)]
    )


def overview(one: Account, *, draws: int = 10_000, seed: int) -> pd.DataFrame:
    """What an account comes to, where it breaks even for its perspective, and how probable a loss is.

    Examples
    --------
    >>> from kij_analysis.investment import scenario
    >>> frame = overview(scenario("worked_example").account(), draws=100, seed=1)
    >>> {"npv", "break_even_jobs", "loss_probability"} <= set(frame["variable"])
    True
    """
    drawn = simulate(one, draws=draws, seed=seed)
    parts = [results(one), break_even(one), drawn[drawn["variable"] == "loss_probability"]]
    return estimates.make(pd.concat(parts, ignore_index=True))


def _drawn(one: Account, draws: int, random: np.random.Generator, persons: bool) -> dict[str, np.ndarray]:
    """Draws by name, in the account's money, as columns."""
    unsure = {n: q for n, q in sorted(one.inputs.quantities.items()) if q.distribution != "fixed"}
    found = {
        name: _within(name, quantity.draw(random, draws)) * one.inputs.factors[name]
        for name, quantity in unsure.items()
    }
    points = [f"retention_{months}" for months in sorted(one.outcome.retention)]
    for before, after in pairwise(points):
        later, earlier = (found.get(name, one.inputs.values[name]) for name in (after, before))
        if before in found or after in found:
            found[after] = np.minimum(later, earlier) + np.zeros(draws)
    if persons and one.course.known:
        found |= _persons(one, found, draws, random)
    return {name: column[:, None] for name, column in found.items()}


def _persons(
    one: Account, found: Mapping[str, np.ndarray], draws: int, random: np.random.Generator
) -> dict[str, np.ndarray]:
    """The share in work as chance has it for so many persons; the difference to a group moves with it."""
    share = np.broadcast_to(found.get("gross", one.inputs.values["gross"]), (draws,))
    people = found.get("participants", one.inputs.values["participants"])
    left = found.get("attrition", one.inputs.values["attrition"]) if one.outcome.base == "completers" else 0.0
    count = np.broadcast_to(np.maximum(np.round(people * (1 - left)), 0), (draws,)).astype(int)
    drawn = np.where(count > 0, random.binomial(count, share) / np.maximum(count, 1), share)
    if one.outcome.counterfactual != "comparison_group":
        return {"gross": drawn}
    return {"gross": drawn, "effect": found.get("effect", one.inputs.values["effect"]) + drawn - share}


def _spread(
    one: Account, payer: str, worth: np.ndarray, sure: bool, more: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    if incomplete(one, payer):
        yield row(one, payer, "npv", "amount", np.nan, why="work_left_out", **more)
        yield row(one, payer, "loss_probability", "share", np.nan, why="work_left_out", **more)
        return
    low, median, high = (float(v) for v in np.quantile(worth, [0.025, 0.5, 0.975]))
    note = {"note": "not_drawn"} if sure else {}
    yield row(
        one, payer, "npv", "amount", median, std_error=float(worth.std()), conf_low=low, conf_high=high,
        mean=float(worth.mean()), **note, **more,
    )  # fmt: skip
    yield row(one, payer, "loss_probability", "share", float((worth < -ROOM).mean()), **note, **more)


def _within(name: str, values: np.ndarray) -> np.ndarray:
    """Numbers kept where they can be: shares from 0 to 1, amounts from 0 on."""
    if name == "effect":
        return np.clip(values, -1.0, 1.0)
    if name in ("gross", "without", "attrition", "displacement", "drop_off", "attribution", "qualifying"):
        return np.clip(values, 0.0, 1.0)
    if name.startswith("retention_"):
        return np.clip(values, 0.0, 1.0)
    return values if name.startswith("flow_") else np.maximum(values, 0.0)


def _ends(one: Account, name: str, ranges: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    known = one.inputs.quantities
    if name not in known:
        what = f"The account has no number '{name}'. {did_you_mean(name, known)}"
        raise UsageError(what, fix=f"It has {listed(known)}.")
    span = ranges.get(name) or known[name].span()
    if span is None:
        raise UsageError(f"'{name}' has no ends.", fix=f"Give ranges={{'{name}': (low, high)}}.")
    return span


def _npv(one: Account, payer: str, amount: float, **more: Any) -> dict[str, Any]:
    if incomplete(one, payer):
        return row(one, payer, "npv", "amount", np.nan, why="work_left_out", **more)
    return row(one, payer, "npv", "amount", amount, **more)
