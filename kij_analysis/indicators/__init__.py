"""The printed record: what has been published about the programmes, each number with its source."""

from kij_analysis.indicators.adding import Added, add
from kij_analysis.indicators.choosing import entered, to_compare, with_shares
from kij_analysis.indicators.comparability import Comparison, comparability, matrix
from kij_analysis.indicators.computing import computed, counts_agreeing, derived, printed_range
from kij_analysis.indicators.conflicts import conflicts
from kij_analysis.indicators.contradictions import contradictions
from kij_analysis.indicators.definitions import RECOMMENDED, USUAL, Definition, beside, definitions, matching
from kij_analysis.indicators.evidence import evidence, poolable
from kij_analysis.indicators.judging import Rules, rules
from kij_analysis.indicators.neighbours import neighbours, record_of
from kij_analysis.indicators.record import load, sources
from kij_analysis.indicators.sheets import codes, read_sheet
from kij_analysis.indicators.speaking import label

__all__ = [
    "RECOMMENDED",
    "USUAL",
    "Added",
    "Comparison",
    "Definition",
    "Rules",
    "add",
    "beside",
    "codes",
    "comparability",
    "computed",
    "conflicts",
    "contradictions",
    "counts_agreeing",
    "definitions",
    "derived",
    "entered",
    "evidence",
    "label",
    "load",
    "matching",
    "matrix",
    "neighbours",
    "poolable",
    "printed_range",
    "read_sheet",
    "record_of",
    "rules",
    "sources",
    "to_compare",
    "with_shares",
]
