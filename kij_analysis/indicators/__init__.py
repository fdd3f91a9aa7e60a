"""The printed record: what has been published about the programmes, each number with its source."""

from kij_analysis.indicators.record import load, sources
from kij_analysis.indicators.sheets import codes, read_sheet

__all__ = ["codes", "load", "read_sheet", "sources"]
