"""Tables: pure functions of (frame, words), written as HTML and CSV by one writer."""

from kij_analysis.tables.claims import carried, sentences
from kij_analysis.tables.comparison import comparison
from kij_analysis.tables.contents import behind, estimates, sources, statuses
from kij_analysis.tables.fragile import fragile
from kij_analysis.tables.programmes import outputs, programmes
from kij_analysis.tables.published import conflicts, evidence
from kij_analysis.tables.results import results
from kij_analysis.tables.sensitivity import sensitivity
from kij_analysis.tables.table import Table

__all__ = [
    "Table",
    "behind",
    "carried",
    "comparison",
    "conflicts",
    "estimates",
    "evidence",
    "fragile",
    "outputs",
    "programmes",
    "results",
    "sensitivity",
    "sentences",
    "sources",
    "statuses",
]
