"""The printed record: what has been published about the programmes, each number with its source."""

from kij_analysis.indicators.comparability import Comparison, comparability, matrix
from kij_analysis.indicators.computing import computed, counts_agreeing, derived, printed_range
from kij_analysis.indicators.conflicts import conflicts
from kij_analysis.indicators.definitions import RECOMMENDED, USUAL, Definition, beside, definitions, matching
from kij_analysis.indicators.judging import Rules, rules
from kij_analysis.indicators.record import load, sources
from kij_analysis.indicators.sheets import codes, read_sheet

__all__ = [
    "RECOMMENDED",
    "USUAL",
    "Comparison",
    "Definition",
    "Rules",
    "beside",
    "codes",
    "comparability",
    "computed",
    "conflicts",
    "counts_agreeing",
    "definitions",
    "derived",
    "load",
    "matching",
    "matrix",
    "printed_range",
    "read_sheet",
    "rules",
    "sources",
]
