"""Small cells never leave: what may be shown of an estimate."""

from kij_analysis.disclosure.cuts import suppress_cuts
from kij_analysis.disclosure.primary import at_least, suppress
from kij_analysis.disclosure.steps import suppress_steps

__all__ = ["at_least", "suppress", "suppress_cuts", "suppress_steps"]
