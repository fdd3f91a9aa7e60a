"""The door of the house: what may not pass floor 1 is left behind here, and counted."""

from kij_analysis.privacy.withholding import Withheld, withhold

__all__ = ["Withheld", "withhold"]
