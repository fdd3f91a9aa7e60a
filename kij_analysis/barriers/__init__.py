"""Barriers to work: which are named, by whom, how often."""

from kij_analysis.barriers.prevalence import prevalence

__all__ = ["prevalence"]
