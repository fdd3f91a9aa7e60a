"""How often the intervals hold the truth: shares and differences exactly, the rest by seeded simulation.

Run with `python benchmarks/coverage.py`; the tables it prints stand in docs/methods.md. Coverage is the
probability, under a known truth, that a 95 per cent interval holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from scipy.stats import binom, hypergeom, multinomial

from kij_analysis.survey import clopper_pearson, jeffreys, miettinen_nurminen, mover, newcombe, wilson
from kij_analysis.survey.paired import newcombe_paired

Interval = Callable[..., tuple[np.ndarray, np.ndarray]]
SIZES = (25, 60, 120, 240)
SHARES = np.arange(0.02, 0.5001, 0.01)
FINE = np.arange(0.02, 0.50001, 0.001)
SINGLE: dict[str, Interval] = {"Wilson": wilson, "Jeffreys": jeffreys, "Clopper–Pearson": clopper_pearson}
DOUBLE: dict[str, Interval] = {"Newcombe": newcombe, "Miettinen–Nurminen": miettinen_nurminen}
ROOM = 1e-9


def of_shares(interval: Interval, sizes: tuple[int, ...] = SIZES) -> np.ndarray:
    """Exact coverage by the binomial distribution, over sizes and shares."""
    found = []
    for n in sizes:
        counts = np.arange(n + 1)
        low, high = interval(counts, np.full(n + 1, n))
        for share in FINE:
            held = (low <= share + ROOM) & (share - ROOM <= high)
            found.append(binom.pmf(counts, n, share)[held].sum())
    return np.array(found)


def of_finite(interval: Interval, sizes: tuple[tuple[int, int], ...]) -> np.ndarray:
    """Exact coverage by the hypergeometric distribution: n of N persons have answered."""
    found = []
    for n, population in sizes:
        counts = np.arange(n + 1)
        low, high = interval(counts, np.full(n + 1, n), population_size=population)
        for yes in np.unique(np.round(FINE * population).astype(int)):
            share = yes / population
            held = (low <= share + ROOM) & (share - ROOM <= high)
            found.append(hypergeom.pmf(counts, population, yes, n)[held].sum())
    return np.array(found)


def of_differences(
    interval: Interval,
    pairs: tuple[tuple[int, int], ...],
    *,
    shares: np.ndarray = SHARES[3::5],
    truth: Callable[[float, float], float] = lambda p, q: p - q,
) -> np.ndarray:
    """Exact coverage over all tables of two groups, for every two shares."""
    found = []
    for n_1, n_2 in pairs:
        one, other = (counts.ravel() for counts in np.meshgrid(np.arange(n_1 + 1), np.arange(n_2 + 1)))
        low, high = interval(one, np.full(one.shape, n_1), other, np.full(one.shape, n_2))
        for p, q in product(shares, shares):
            chance = binom.pmf(one, n_1, p) * binom.pmf(other, n_2, q)
            held = (low <= truth(p, q) + ROOM) & (truth(p, q) - ROOM <= high)
            found.append(chance[held].sum())
    return np.array(found)


def of_changes(sizes: tuple[int, ...]) -> np.ndarray:
    """Exact coverage of Newcombe's paired interval over all tables of n pairs."""
    found = []
    for n in sizes:
        tables = np.array(list(_tables(n)))
        edges = np.array([newcombe_paired(*table) for table in tables])
        for gained, lost, both in product((0.05, 0.1, 0.2), (0.02, 0.1), (0.2, 0.5)):
            chances = multinomial.pmf(tables, n, [both, gained, lost, 1 - both - gained - lost])
            truth = gained - lost
            held = (edges[:, 0] <= truth + ROOM) & (truth - ROOM <= edges[:, 1])
            found.append(chances[held].sum())
    return np.array(found)


def _tables(n: int) -> Iterator[tuple[int, int, int, int]]:
    for both in range(n + 1):
        for gained in range(n + 1 - both):
            for lost in range(n + 1 - both - gained):
                yield both, gained, lost, n - both - gained - lost


def of_superiority(sizes: tuple[tuple[int, int], ...], draws: int, seed: int = 20261121) -> np.ndarray:
    """Simulated coverage of Cliff's delta, over two pairs of distributions of five ordered answers."""
    from kij_analysis.survey.ordinal import _compare

    random, found = np.random.default_rng(seed), []
    even, low, high = np.full(5, 0.2), np.array([4, 3, 2, 1, 0.5]), np.array([1, 2, 3, 4, 4])
    for (n_1, n_2), (p, q) in product(
        sizes, [(even, even), (high / high.sum(), low / low.sum()), (high / 14, even)]
    ):
        truth = float(np.sign(np.subtract.outer(range(5), range(5))).ravel() @ np.outer(p, q).ravel())
        held = 0
        for _ in range(draws):
            row = _compare(random.choice(5, n_1, p=p), random.choice(5, n_2, p=q), level=0.95)
            held += row.get("conf_low", -1.0) <= truth <= row.get("conf_high", 1.0)
        found.append(held / draws)
    return np.array(found)


def line(name: str, about: str, found: np.ndarray) -> str:
    return f"| {name} | {about} | {100 * found.mean():.1f} | {100 * found.min():.1f} |"


def main() -> None:
    print("| interval | truth | mean, per cent | least |\n| --- | --- | --- | --- |")
    about = f"every share 0.02–0.50 in steps of 0.001; n = {', '.join(map(str, SIZES))}"
    for name, interval in SINGLE.items():
        print(line(name, about, of_shares(interval)))
    for name, interval in SINGLE.items():
        sizes = ((25, 40), (60, 90), (120, 150), (240, 400))
        print(
            line(
                f"{name}, known population",
                "n of N: 25 of 40, 60 of 90, 120 of 150, 240 of 400",
                of_finite(interval, sizes),
            )
        )
    pairs = ((25, 25), (25, 60), (60, 60), (60, 120))
    for name, interval in DOUBLE.items():
        print(
            line(
                name,
                "difference of shares 0.05–0.50; 25/25, 25/60, 60/60, 60/120",
                of_differences(interval, pairs),
            )
        )
    ratios = {"MOVER-R": mover, "Miettinen–Nurminen": lambda *table: miettinen_nurminen(*table, ratio=True)}
    for name, interval in ratios.items():
        found = of_differences(interval, pairs, shares=SHARES[8::6], truth=lambda p, q: p / q)
        print(line(name, "ratio of shares 0.10–0.46; the same groups", found))
    print(
        line(
            "Newcombe, paired",
            "change in 25 and 40 pairs; 2–20 per cent change either way",
            of_changes((25, 40)),
        )
    )
    print(
        line(
            "Cliff’s delta",
            "five answers; 20/20, 25/60, 60/60; 2,000 draws",
            of_superiority(((20, 20), (25, 60), (60, 60)), 2000),
        )
    )


if __name__ == "__main__":
    main()
