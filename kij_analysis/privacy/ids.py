"""One spelling for the id of a person or a pair that was written differently from wave to wave."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kij_analysis.errors import one_of

IGNORABLE = ("capitals", "blanks", "punctuation", "leading_zeros")
"""What an instrument may declare as not telling two ids apart; nothing is ignored unless declared."""


def normal_id(text: str, ignoring: Sequence[str] = ()) -> str:
    """The id in one spelling, with the declared differences removed.

    Raises
    ------
    UsageError
        If something is to be ignored that is not known.

    Examples
    --------
    >>> normal_id(" k-0028", ["capitals", "blanks", "punctuation", "leading_zeros"])
    'K28'
    >>> normal_id("K0028")
    'K0028'
    """
    for name in ignoring:
        one_of(name, IGNORABLE, name="What ids ignore")
    plain = text.strip()
    if "capitals" in ignoring:
        plain = plain.upper()
    if "blanks" in ignoring:
        plain = re.sub(r"\s+", "", plain)
    if "punctuation" in ignoring:
        plain = re.sub(r"[^\w\s]|_", "", plain)
    if "leading_zeros" in ignoring:
        # Each run of digits loses its zeros but the last digit, so that "0" stays an id.
        plain = re.sub(r"(?<!\d)0+(?=\d)", "", plain)
    return plain
