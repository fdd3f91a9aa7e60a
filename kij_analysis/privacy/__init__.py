"""The door of the house: what may not pass floor 1 is left behind here, and counted."""

from kij_analysis.privacy.ids import normal_id
from kij_analysis.privacy.pseudonyms import Key, key_of
from kij_analysis.privacy.withholding import Withheld, withhold

__all__ = ["Key", "Withheld", "key_of", "normal_id", "withhold"]
