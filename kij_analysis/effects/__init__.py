"""What may be said of a programme's results: comparisons, and how fragile they are."""

from kij_analysis.effects.comparison.compare import ESTIMATORS, balance, compare
from kij_analysis.effects.comparison.did import did, staggered
from kij_analysis.effects.comparison.lottery import lottery
from kij_analysis.effects.comparison.matching import Matching
from kij_analysis.effects.comparison.overlap import overlap

__all__ = [
    "ESTIMATORS", "Matching", "balance", "compare", "did", "lottery", "overlap", "staggered",
]  # fmt: skip
