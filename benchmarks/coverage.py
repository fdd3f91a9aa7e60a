"""How often the intervals hold the truth: shares and differences exactly, the rest by seeded simulation.

Run with `python benchmarks/coverage.py`; the tables it prints stand in docs/methods.md. Coverage is the
probability, under a known truth, that a 95 per cent interval holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product

import numpy as np
from scipy.stats import binom, hypergeom, multinomial

from kij_analysis.survey import (
    clopper_pearson,
    jeffreys,
    linearised,
    miettinen_nurminen,
    mover,
    newcombe,
    wilson,
)
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


def of_weighted(
    cells: Iterable[tuple[int, float, float, float]], draws: int, seed: int = 20261122
) -> np.ndarray:
    """Simulated coverage of weighted shares.

    A cell is (n, share among those who weigh 1, share among the others, what these weigh); each person drawn
    is of either kind with the same chance.
    """
    random, found = np.random.default_rng(seed), []
    for n, light, heavy, heft in cells:
        truth, held = (light + heft * heavy) / (1 + heft), 0
        for _ in range(draws):
            other = random.random(n) < 0.5
            hit = random.random(n) < np.where(other, heavy, light)
            _, _, low, high = linearised(hit, np.where(other, heft, 1.0), size=n)
            held += bool(low <= truth <= high)
        found.append(held / draws)
    return np.array(found)


def of_marginal(
    arms: tuple[tuple[int, int, float, float], ...], draws: int, seed: int = 20261122
) -> np.ndarray:
    """Simulated coverage of adjusted differences of shares, two covariates held alike.

    Each of `arms` is the sizes of two groups and their expected shares; the covariates stay as they were
    drawn once, and differ between the groups, so that the crude difference is another. Every draw counts,
    whether `marginal` would print its interval or not.
    """
    from kij_analysis.survey.models.fits import centred, climb, expit, logistic
    from kij_analysis.survey.models.separation import separated
    from kij_analysis.survey.models.standardisation import mean_at

    random, found = np.random.default_rng(seed), []
    for n_1, n_2, p_1, p_2 in arms:
        group = np.repeat([0.0, 1.0], [n_1, n_2])
        number, answer = random.normal(0.4 * group, 1), (random.random(len(group)) < 0.4).astype(float)
        values, weight = np.column_stack([np.ones(len(group)), number, answer, group]), np.ones(len(group))
        lin = 0.6 * number - 0.5 * answer
        levels = [_level(lin[group == arm], share) for arm, share in ((0, p_1), (1, p_2))]
        beta = np.array([levels[0], 0.6, -0.5, levels[1] - levels[0]])
        sides = [np.column_stack([values[:, :3], np.full(len(group), arm)]) for arm in (1.0, 0.0)]
        truth = float((expit(sides[0] @ beta) - expit(sides[1] @ beta)).mean())
        held = 0
        for _ in range(draws):
            given = (random.random(len(group)) < expit(values @ beta)).astype(float)
            parted = separated(values, given, weight, climb(values, given, weight))
            fit = logistic(values, given, weight, penalised=parted)
            fit = centred(fit, values, given, weight) if parted else fit
            one, other = (mean_at(side, fit.coefficients, "logistic", weight) for side in sides)
            slope = one.gradient - other.gradient
            reach = 1.959964 * float(np.sqrt(slope @ fit.covariance @ slope))
            held += abs(one.value - other.value - truth) <= reach
        found.append(held / draws)
    return np.array(found)


def _level(lin: np.ndarray, share: float) -> float:
    """The intercept that gives a group its expected share."""
    from scipy.optimize import brentq

    return float(brentq(lambda level: (1 / (1 + np.exp(-lin - level))).mean() - share, -20, 20))


def of_clusters(
    mentors: tuple[tuple[int, int], ...], draws: int, *, few: bool = True, seed: int = 20261122
) -> np.ndarray:
    """Simulated coverage of differences of shares where the mentees of a mentor resemble each other.

    Two programmes with so many mentors, of 4 to 14 mentees each; the share differs from mentor to mentor
    (beta, intraclass correlation 0.15). `few` chooses the errors for few clusters, else the model's own.
    """
    from scipy.stats import t

    from kij_analysis.survey.models.few_clusters import cr2
    from kij_analysis.survey.models.fits import logistic
    from kij_analysis.survey.models.standardisation import mean_at

    random, found = np.random.default_rng(seed), []
    for g_1, g_2 in mentors:
        cluster = np.repeat(np.arange(g_1 + g_2), random.integers(4, 15, g_1 + g_2))
        values = np.column_stack([np.ones(len(cluster)), cluster >= g_1]).astype(float)
        sides, weight = [np.array([[1.0, 1.0]]), np.array([[1.0, 0.0]])], np.ones(len(cluster))
        held = 0
        for _ in range(draws):
            shares = np.where(np.arange(g_1 + g_2) < g_1, 0.3, 0.5)
            shares = random.beta(shares * 17 / 3, (1 - shares) * 17 / 3)
            given = (random.random(len(cluster)) < shares[cluster]).astype(float)
            fit = logistic(values, given, weight)
            one, other = (mean_at(side, fit.coefficients, "logistic", np.ones(1)) for side in sides)
            slope = (one.gradient - other.gradient)[None]
            variance, df = slope @ fit.covariance @ slope.T, np.inf
            if few:
                variance, (df,) = cr2(fit, values, given - fit.fitted, cluster, slope)
            # Where a programme has nobody who says yes, nothing is held.
            reach = float(t.ppf(0.975, df) * np.sqrt(np.nan_to_num(max(variance[0, 0], 0.0))))
            held += abs(one.value - other.value - 0.2) <= reach
        found.append(held / draws)
    return np.array(found)


TEN = (
    (40, 40, 0.25, 0.4), (60, 60, 0.2, 0.3), (60, 60, 0.5, 0.5), (25, 60, 0.4, 0.3), (120, 60, 0.1, 0.25),
    (40, 40, 0.3, 0.3), (60, 120, 0.6, 0.8), (240, 120, 0.05, 0.1),
)  # fmt: skip
"""Two groups, of which each expects ten answers and ten others, or more."""
WEIGHTED = (
    (40, 0.4, 0.4, 1.5), (60, 0.3, 0.2, 1.5), (120, 0.1, 0.15, 1.5), (60, 0.4, 0.3, 3.0),
    (120, 0.2, 0.2, 3.0), (240, 0.05, 0.1, 3.0), (120, 0.5, 0.2, 5.0), (240, 0.1, 0.1, 5.0),
)  # fmt: skip
"""(n, share, share, weight) in which the effective n, by Kish, times the share is ten or more."""
FEWER = ((60, 60, 0.1, 0.15), (40, 40, 0.15, 0.15), (25, 25, 0.2, 0.3), (25, 60, 0.1, 0.1))


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
    about = "weights 1 and 1.5, 3 or 5, alike and unlike persons; ten effective events or more; 2,000 draws"
    print(line("Weighted share (logit)", about, of_weighted(WEIGHTED, 2000)))
    for about, arms in (("ten events or more", TEN), ("2.5 to 9 events", FEWER)):
        found = of_marginal(arms, 2000)
        print(line("Adjusted difference", f"two groups that expect {about}; 2,000 draws", found))
    for name, few in (("Few clusters (CR2)", True), ("The model’s own errors", False)):
        found = of_clusters(((4, 4), (5, 8), (12, 12)), 2000, few=few)
        print(line(name, "4 and 4, 5 and 8, 12 and 12 mentors, correlation 0.15; 2,000 draws", found))


if __name__ == "__main__":
    main()
