"""Tables as statistical offices hand them out: one file in, one long table of codes and numbers out."""

from kij_analysis.sources.official.opening import read_official
from kij_analysis.sources.official.table import OfficialTable

__all__ = ["OfficialTable", "read_official"]
