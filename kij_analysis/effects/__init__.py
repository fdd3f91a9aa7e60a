"""What may be said of a programme's results: comparisons, and how fragile they are."""

from kij_analysis.effects.comparison.compare import ESTIMATORS, balance, compare
from kij_analysis.effects.comparison.did import did, staggered
from kij_analysis.effects.comparison.lottery import lottery
from kij_analysis.effects.comparison.matching import Matching
from kij_analysis.effects.comparison.overlap import overlap
from kij_analysis.effects.fragility.evalue import e_value, e_value_of_counts
from kij_analysis.effects.fragility.robustness import robustness_value
from kij_analysis.effects.fragility.rosenbaum import amplification, critical_gamma, pair_bounds
from kij_analysis.effects.fragility.table import fragility
from kij_analysis.effects.fragility.telling import explained_away

__all__ = [
    "ESTIMATORS", "Matching", "amplification", "balance", "compare", "critical_gamma", "did", "e_value",
    "e_value_of_counts", "explained_away", "fragility", "lottery", "overlap", "pair_bounds",
    "robustness_value", "staggered",
]  # fmt: skip
