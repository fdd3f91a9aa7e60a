"""How often the intervals of Cronbach's and ordinal alpha hold the truth, by seeded simulation.

Items with one common factor, cut into steps; the alpha of the variables behind the answers is known exactly,
that of the answers as numbers from one very large sample. Takes minutes.
Run with `python benchmarks/alpha_coverage.py`; docs/methods.md holds the table.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.survey import cronbach_alpha, reliability

SEED, SAMPLES = 20261122, 400
CUTS = {4: [-0.8, 0.3, 1.0], 5: [-1.2, -0.4, 0.3, 1.1]}
SETTINGS = [(3, 0.5, 40, 4), (3, 0.5, 80, 4), (5, 0.36, 40, 5), (5, 0.36, 120, 5)]
"""Items, correlation behind them, persons, steps."""


def drawn(rng: np.random.Generator, items: int, r: float, n: int, steps: int) -> pd.DataFrame:
    """The answers of one sample."""
    latent = rng.normal(size=(n, 1)) * np.sqrt(r) + rng.normal(size=(n, items)) * np.sqrt(1 - r)
    frame = pd.DataFrame(np.digitize(latent, CUTS[steps])).set_axis([f"i{k}" for k in range(items)], axis=1)
    return frame.assign(gender="woman", data_status="synthetic")


def main() -> None:
    """Print one line for each setting."""
    print("| items | correlation | n | steps | Feldt | ordinal, jackknife | ordinal without an interval |")
    for items, r, n, steps in SETTINGS:
        rng = np.random.default_rng(SEED)
        names = [f"i{k}" for k in range(items)]
        whole = cronbach_alpha(drawn(rng, items, r, 400_000, steps)[names])
        truth = {"cronbach_alpha": whole, "ordinal_alpha": items * r / (1 + (items - 1) * r)}
        held = dict.fromkeys(truth, 0)
        without = 0
        for _ in range(SAMPLES):
            found = reliability(drawn(rng, items, r, n, steps), names).set_index("category")
            for kind, alpha in truth.items():
                held[kind] += bool(found.loc[kind, "conf_low"] <= alpha <= found.loc[kind, "conf_high"])
            without += bool(np.isnan(found.loc["ordinal_alpha", "conf_low"]))
        feldt = 100 * held["cronbach_alpha"] / SAMPLES
        ordinal = 100 * held["ordinal_alpha"] / max(SAMPLES - without, 1)
        print(f"| {items} | {r} | {n} | {steps} | {feldt:.1f} | {ordinal:.1f} | {without} |", flush=True)


if __name__ == "__main__":
    main()
