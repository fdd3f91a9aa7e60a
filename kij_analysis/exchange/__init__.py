"""Exchange without microdata: what leaves an organisation, and the report of several such files."""

from kij_analysis.exchange.combining import Combined, combine
from kij_analysis.exchange.making import Made, share
from kij_analysis.exchange.shared import Shared, read_shared

__all__ = ["Combined", "Made", "Shared", "combine", "read_shared", "share"]
