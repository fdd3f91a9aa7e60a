"""How often the direction check names a reversed item, and how often it accuses an honest one.

Simulated answers: items on a scale of five steps, each the sum of one common part and a part of its own, both
normal, so that two items correlate at the given value before they are cut into steps. Four items per file, of
which one is reversed or none, and one other file with 200 persons to compare with. Takes minutes.
Run with `python benchmarks/direction_power.py`; docs/methods.md holds the table.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.harmonisation.direction import held_against, judged, running_against
from kij_analysis.harmonisation.rank_correlation import pooled

CUTS = (-1.2, -0.4, 0.4, 1.2)
ITEMS, REPEATS, ELSEWHERE = 4, 1000, 200


def answers(rng: np.random.Generator, n: int, correlation: float, *, reverse: bool) -> pd.DataFrame:
    """The ranks of one file's answers; the first item is the one that may be reversed."""
    common = rng.normal(size=(n, 1)) * np.sqrt(correlation)
    steps = np.digitize(common + rng.normal(size=(n, ITEMS)) * np.sqrt(1 - correlation), CUTS)
    if reverse:
        steps[:, 0] = len(CUTS) - steps[:, 0]
    return pd.DataFrame(steps, columns=list("abcd")).rank(pct=True)


def outcome(rng: np.random.Generator, n: int, correlation: float, *, reverse: bool) -> tuple[bool, ...]:
    """The first item stops the work, is told at all, and stops the work if there is no other file."""
    table = answers(rng, n, correlation, reverse=reverse)
    turned = running_against(table)
    own = held_against(table, "a", turned)
    other = answers(rng, ELSEWHERE, correlation, reverse=False)
    against = running_against(other)
    there = pooled([] if "a" in against else [held_against(other, "a", against)])
    verdict = judged(own, there, turned="a" in turned)
    alone = judged(own, pooled([]), turned="a" in turned)
    return verdict == "against", verdict != "fits", alone == "against"


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(20261121)
    print("reversed correlation   n  stops   told  stops alone")
    for reverse in (True, False):
        for correlation in (0.0, 0.1, 0.2, 0.3, 0.5):
            if reverse and not correlation:
                continue
            for n in (40, 60, 120):
                found = [outcome(rng, n, correlation, reverse=reverse) for _ in range(REPEATS)]
                stops, told, alone = np.mean(found, axis=0)
                print(
                    f"{reverse!s:8} {correlation:11.1f} {n:3} {stops:6.3f} {told:6.3f} {alone:6.3f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
