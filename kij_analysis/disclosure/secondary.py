"""Secondary suppression: which further counts go so that none of the hidden ones can be told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kij_analysis.disclosure.bounds import bounds
from kij_analysis.disclosure.solving import solved
from kij_analysis.disclosure.sums import Part, System

ROUNDS = 8
"""How often a part is looked at again before all of it is hidden."""
NODES = 200
"""How far to search for the fewest persons; a limit in seconds would hide others on slow machines."""


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """What was hidden: all cells, those of parts that were hidden whole, and those still told too exactly."""

    cells: set[int]
    whole: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)


def hide(
    system: System,
    hidden: Collection[int],
    *,
    width: Mapping[int, float],
    cost: Mapping[int, float],
    open_: Collection[int] = (),
    bases: Collection[tuple[int, int]] = (),
) -> Hidden:
    """The hidden cells with those that must go beside them.

    No hidden count may be told more exactly than to an interval of its `width`, by whoever knows all open
    counts and the relations. The cells of least `cost` are hidden that achieve it: one binary variable says
    whether a cell goes, and for each cell that would be told too exactly two vectors of whole numbers lead to
    other tables that look the same from outside, one as far up and one as far down as is needed (after
    Fischetti and Salazar-González 2000, with protection that may slide: it is the distance of the two that
    counts, not that either lies on its side of the truth). Parts of the tables that no relation joins are
    solved by themselves. A part that cannot be solved is hidden whole.

    Parameters
    ----------
    system
        All cells with their true counts.
    hidden
        The cells that are hidden already.
    width
        How wide the interval of a cell must be where it is hidden, for every cell.
    cost
        What it costs to hide a cell, for every cell: the persons that it counts.
    open_
        Cells that cannot be hidden, because they are known outside.
    bases
        Pairs (count, base): where the base is hidden, the count is too.

    Examples
    --------
    >>> cells = np.array([2.0, 9.0, 12.0, 23.0])
    >>> line = System(values=cells, sums=(((0, 1), (1, 1), (2, 1), (3, -1)),))
    >>> hide(line, {0}, width=dict.fromkeys(range(4), 4), cost=dict(enumerate(cells)), open_={3}).cells
    {0, 1}
    """
    found, whole, told = set(hidden), set[int](), set[int]()
    wide, known = dict(width), set(open_)
    parts = system.components(range(len(system.values)))
    wanted: list[set[int]] = [set() for _ in parts]
    for turn in range(ROUNDS + 1):
        narrow = too_narrow(system, found, wide)
        if not narrow:
            break
        for part, need in zip(parts, wanted, strict=True):
            own = set(part.cells)
            if not narrow & own:
                continue
            need |= narrow & own
            chosen = None
            if turn < ROUNDS:
                chosen = _chosen(system, part, found & own, need, wide, cost, known, bases, turn > 0)
            if chosen is None:
                chosen = (own - known) | (found & own)
                told |= _as_wide_as_can_be(system, chosen, wide)
                again = _chosen(system, part, found & own, need, wide, cost, known, bases, True)
                whole |= set() if again else own
                chosen = again or chosen
            found |= chosen
    return Hidden(cells=found, whole=whole, told=told)


def _as_wide_as_can_be(system: System, cells: set[int], wide: dict[int, float]) -> set[int]:
    """The cells that are told too exactly even if all of these are hidden; no more is asked of them."""
    most = bounds(system, cells)
    told = {cell for cell, (low, high) in most.items() if not high - low >= wide[cell]}
    for cell in told:
        low, high = most[cell]
        wide[cell] = max(high - low, 0.0) if high >= low else 0.0
    return told


def too_narrow(system: System, hidden: Collection[int], width: Mapping[int, float]) -> set[int]:
    """The hidden cells that could be told more exactly than they may.

    Examples
    --------
    >>> line = System(values=np.array([2.0, 9.0, 11.0]), sums=(((0, 1), (1, 1), (2, -1)),))
    >>> too_narrow(line, {0}, {0: 4}), too_narrow(line, {0, 1}, {0: 4, 1: 4})
    ({0}, set())
    """
    found = bounds(system, hidden)
    return {cell for cell, (low, high) in found.items() if not high - low >= width[cell]}


def _chosen(
    system: System, part: Part, hidden: set[int], need: set[int], width: Mapping[int, float],
    cost: Mapping[int, float], known: set[int], bases: Collection[tuple[int, int]], whole: bool,
) -> set[int] | None:  # fmt: skip
    """The cells of one part to hide, None if there is no way or none was found.

    Tables of two dimensions have whole other tables wherever they have any; where it turns out that these
    have not, `whole` asks for them, which takes longer.
    """
    from scipy.optimize import Bounds, LinearConstraint

    rules, least, most = _programme(system, part, sorted(need), width, bases)
    size, total = len(part.cells), rules.shape[1]
    far = _far(need, width)
    values = system.values[part.cells]
    first = np.concatenate([[float(cell in hidden) for cell in part.cells], *_downs(values, far, need)])
    last = np.concatenate([[float(cell not in known) for cell in part.cells], np.full(total - size, far)])
    aim = np.zeros(total)
    aim[:size] = [cost[cell] for cell in part.cells]
    found = solved(
        aim,
        constraints=LinearConstraint(rules, least, most),
        bounds=Bounds(np.minimum(first, last), last),
        integrality=np.concatenate([np.ones(size), np.full(total - size, float(whole))]),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    return {cell for cell, share in zip(part.cells, found.x, strict=False) if share > 0.5}


def _far(need: set[int], width: Mapping[int, float]) -> float:
    """How far a count may be moved: farther than wanted, as another count may have to move twice as far."""
    return 2 * max(width[cell] for cell in need)


def _downs(values: np.ndarray, far: float, need: set[int]) -> list[np.ndarray]:
    return [-np.minimum(values, far)] * (2 * len(need))


def _programme(
    system: System, part: Part, need: list[int], width: Mapping[int, float],
    bases: Collection[tuple[int, int]],
) -> tuple[Any, np.ndarray, np.ndarray]:  # fmt: skip
    """The rows of the integer programme of one part, with the least and the most of each."""
    from scipy.sparse import csr_array

    size = len(part.cells)
    places = {cell: number for number, cell in enumerate(part.cells)}
    values, far = system.values[part.cells], _far(set(need), width)
    rows: list[dict[int, float]] = []
    ends: list[tuple[float, float]] = []

    def rule(terms: dict[int, float], low: float, high: float) -> None:
        rows.append(terms)
        ends.append((low, high))

    for one, base in bases:
        if one in places and base in places:
            rule({places[one]: 1.0, places[base]: -1.0}, 0.0, np.inf)
    for number, cell in enumerate(need):
        starts = (size * (1 + 2 * number), size * (2 + 2 * number))
        for start in starts:
            for terms in part.sums:
                own: dict[int, float] = {}
                for term, factor in terms:
                    own[start + places[term]] = own.get(start + places[term], 0.0) + factor
                rule(own, 0.0, 0.0)
            for one, base in part.parts:
                slack = system.values[base] - system.values[one]
                rule({start + places[one]: 1.0, start + places[base]: -1.0}, -np.inf, slack)
            for place, value in enumerate(values):
                rule({start + place: 1.0, place: -far}, -np.inf, 0.0)
                rule({start + place: 1.0, place: min(value, far)}, 0.0, np.inf)
        up, down = (start + places[cell] for start in starts)
        rule({up: 1.0, down: -1.0, places[cell]: -width[cell]}, 0.0, np.inf)
    flat = [(row, place, value) for row, terms in enumerate(rows) for place, value in terms.items()]
    numbers, columns, factors = zip(*flat, strict=True)
    shape = (len(rows), size * (1 + 2 * len(need)))
    low, high = np.array(ends).T
    return csr_array((factors, (numbers, columns)), shape=shape), low, high
