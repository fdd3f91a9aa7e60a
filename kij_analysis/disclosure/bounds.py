"""What an attacker can tell of a hidden count: the least and the most that it can be."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np

from kij_analysis.disclosure.solving import solved
from kij_analysis.disclosure.sums import UNBOUNDED, Part, System


def bounds(system: System, hidden: Collection[int], *, whole: bool = True) -> dict[int, tuple[float, float]]:
    """The interval of each hidden cell that the open cells and the relations leave.

    For each cell the least and the most that it can be are found by integer programming (scipy's HiGHS), all
    of them at once, since cells that no relation joins do not touch each other.

    Parameters
    ----------
    system
        The cells; the counts of hidden ones are not looked at.
    hidden
        The cells whose counts are not known.
    whole
        Whether counts are whole numbers; without it the intervals may be wider, never narrower.

    Returns
    -------
    dict
        The lowest and highest count of each hidden cell; 0 and 100 000 where nothing is known. Both are
        missing if the open counts contradict each other.

    Examples
    --------
    >>> line = System(values=np.array([3.0, 2.0, 20.0, 25.0]), sums=(((0, 1), (1, 1), (2, 1), (3, -1)),))
    >>> bounds(line, {0, 1})
    {0: (0.0, 5.0), 1: (0.0, 5.0)}
    """
    from scipy.sparse import block_diag, csr_array, eye_array, kron

    parts = system.components(hidden)
    blocks, low, high, aims, lower, upper = [], [], [], [], [], []
    for part in parts:
        rules, least, most, first, last = _rules(system, part)
        copies = 2 * len(part.cells)
        blocks.append(kron(eye_array(copies), csr_array(rules)))
        low.append(np.tile(least, copies))
        high.append(np.tile(most, copies))
        lower.append(np.tile(first, copies))
        upper.append(np.tile(last, copies))
        unit = np.eye(len(part.cells))
        aims.append(np.stack([unit, -unit], axis=1).reshape(-1))
    if not parts:
        return {}
    found = _solved(
        np.concatenate(aims), block_diag(blocks, format="csr"), np.concatenate(low), np.concatenate(high),
        np.concatenate(lower), np.concatenate(upper), whole,
    )  # fmt: skip
    if found is None:
        return _one_by_one(system, parts, whole)
    result, place = {}, 0
    for part in parts:
        size = len(part.cells)
        ends = found[place : place + 2 * size * size].reshape(size, 2, size)
        place += 2 * size * size
        for number, cell in enumerate(part.cells):
            result[cell] = (float(ends[number, 0, number]), float(ends[number, 1, number]))
    return {cell: (_up(one), _down(two)) for cell, (one, two) in result.items()}


def _up(value: float) -> float:
    return float(np.ceil(value - 1e-6)) + 0.0


def _down(value: float) -> float:
    return float(np.floor(value + 1e-6)) + 0.0


def _one_by_one(system: System, parts: list[Part], whole: bool) -> dict[int, tuple[float, float]]:
    """Where some of the parts contradict themselves, the others still have their intervals."""
    if len(parts) == 1:
        return {cell: (float("nan"), float("nan")) for cell in parts[0].cells}
    found: dict[int, tuple[float, float]] = {}
    for part in parts:
        found |= bounds(system, part.cells, whole=whole)
    return found


def _rules(system: System, part: Part) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of one part: the factors of its relations, their least and most, and the ends of its cells."""
    places = {cell: number for number, cell in enumerate(part.cells)}
    first, last = np.zeros(len(places)), np.full(len(places), UNBOUNDED)
    rows, least, most = [], [], []
    for terms in part.sums:
        row, known = np.zeros(len(places)), 0.0
        for cell, factor in terms:
            if cell in places:
                row[places[cell]] += factor
            else:
                known += factor * system.values[cell]
        rows.append(row)
        least.append(-known)
        most.append(-known)
    for one, other in part.parts:
        if one in places and other in places:
            row = np.zeros(len(places))
            row[places[one]], row[places[other]] = 1.0, -1.0
            rows.append(row)
            least.append(-np.inf)
            most.append(0.0)
        elif one in places:
            last[places[one]] = min(last[places[one]], system.values[other])
        else:
            first[places[other]] = max(first[places[other]], system.values[one])
    table = np.array(rows) if rows else np.zeros((0, len(places)))
    return table, np.array(least), np.array(most), first, last


def _solved(
    aim: np.ndarray, rules: Any, least: np.ndarray, most: np.ndarray, first: np.ndarray, last: np.ndarray,
    whole: bool,
) -> np.ndarray | None:  # fmt: skip
    """The solution of a linear or integer programme, None if there is none."""
    from scipy.optimize import Bounds, LinearConstraint

    if (first > last).any():
        return None
    rows = [LinearConstraint(rules, least, most)] if rules.shape[0] else []
    found = solved(
        aim, constraints=rows, bounds=Bounds(first, last), integrality=np.full(len(aim), int(whole))
    )
    return None if found.x is None else found.x
