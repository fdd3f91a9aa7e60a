"""The door of the house: what may not pass floor 1 is found, told by count, and left behind here."""

from kij_analysis.privacy.guarding import Guarded, guard, masked
from kij_analysis.privacy.guarding import guard_key_file as guard_key_file
from kij_analysis.privacy.identifiers import columns_said as columns_said
from kij_analysis.privacy.identifiers import find, hidden, is_mask
from kij_analysis.privacy.ids import normal_id
from kij_analysis.privacy.pseudonyms import Key, key_of
from kij_analysis.privacy.withholding import Withheld, withhold

__all__ = [
    "Guarded",
    "Key",
    "Withheld",
    "find",
    "guard",
    "hidden",
    "is_mask",
    "key_of",
    "masked",
    "normal_id",
    "withhold",
]
