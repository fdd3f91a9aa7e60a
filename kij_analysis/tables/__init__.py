"""Tables: pure functions of (frame, words), written as HTML and CSV by one writer."""

from kij_analysis.tables.accounts import account_numbers, account_results, account_risks
from kij_analysis.tables.barriers import together
from kij_analysis.tables.claims import carried, sentences
from kij_analysis.tables.comparison import comparison
from kij_analysis.tables.contents import behind, estimates, sources, statuses
from kij_analysis.tables.findings import scorecard
from kij_analysis.tables.fragile import fragile
from kij_analysis.tables.official import barrier_map, obstacles, official
from kij_analysis.tables.participants import precision, standardised
from kij_analysis.tables.population import benchmark, population
from kij_analysis.tables.programmes import outputs, programmes
from kij_analysis.tables.published import conflicts, evidence
from kij_analysis.tables.readable import readable
from kij_analysis.tables.results import results
from kij_analysis.tables.sensitivity import sensitivity
from kij_analysis.tables.table import Table

__all__ = [
    "Table", "account_numbers", "account_results", "account_risks", "barrier_map", "behind", "benchmark",
    "carried", "comparison", "conflicts", "estimates", "evidence", "fragile", "obstacles", "official",
    "outputs", "population", "precision", "programmes", "readable", "results", "scorecard", "sensitivity",
    "sentences", "sources", "standardised", "statuses", "together",
]  # fmt: skip
