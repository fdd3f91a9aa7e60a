"""Barriers to work: which are named, by whom, how often, in which order, together with which, and when."""

from kij_analysis.barriers.adjusted import adjusted, at_entry
from kij_analysis.barriers.between import between, on_one_list
from kij_analysis.barriers.change import change
from kij_analysis.barriers.number import number
from kij_analysis.barriers.official import beside_official
from kij_analysis.barriers.prevalence import prevalence
from kij_analysis.barriers.ranking import rank_intervals, ranking
from kij_analysis.barriers.together import combinations, together
from kij_analysis.barriers.views import views

__all__ = [
    "adjusted", "at_entry", "beside_official", "between", "change", "combinations", "number",
    "on_one_list", "prevalence", "rank_intervals", "ranking", "together", "views",
]  # fmt: skip
