"""Exchange without microdata: what leaves an organisation, and the report that is made of several such files."""

from kij_analysis.exchange.making import Made, share
from kij_analysis.exchange.shared import Shared, read_shared

__all__ = ["Made", "Shared", "read_shared", "share"]
