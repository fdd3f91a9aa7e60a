"""Small cells never leave: what may be shown of an estimate."""

from kij_analysis.disclosure.cuts import suppress_cuts
from kij_analysis.disclosure.flows import suppress_flows
from kij_analysis.disclosure.primary import at_least, suppress

__all__ = ["at_least", "suppress", "suppress_cuts", "suppress_flows"]
