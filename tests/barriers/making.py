"""Answers on barriers made from counts, for tests."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

NAMES = ("barrier_language", "barrier_network", "barrier_health", "barrier_cost", "barrier_other")


def answers(sets: Mapping[str, int], *, asked: str = "abcd", **columns: object) -> pd.DataFrame:
    """One row for each person; a set such as ``"ab"`` names the first two barriers, ``"-"`` none."""
    letters = dict(zip("abcde", NAMES, strict=True))
    people = [named for named, count in sets.items() for _ in range(count)]
    frame = pd.DataFrame({"person_id": np.arange(len(people)).astype(str)})
    for letter, name in letters.items():
        values = [letter in named for named in people] if letter in asked else [None] * len(people)
        frame[name] = pd.array(values, dtype="boolean")
        frame[f"{name}_missing"] = None if letter in asked else "not_asked"
    given = {"programme": "fika", "gender": "woman", "data_status": "synthetic", **columns}
    return frame.assign(**given)


def drawn(n: int, shares: tuple[float, ...], *, seed: int, alike: float = 0.5) -> np.ndarray:
    """Correlated answers of n persons: each leans to yes or no, in all barriers alike."""
    rng = np.random.default_rng(seed)
    lean = rng.standard_normal((n, 1)) * np.sqrt(alike)
    from scipy.stats import norm

    return lean + rng.standard_normal((n, len(shares))) * np.sqrt(1 - alike) < norm.ppf(shares)
