"""Small cells never leave: what may be shown of an estimate."""

from kij_analysis.disclosure.primary import at_least, suppress

__all__ = ["at_least", "suppress"]
