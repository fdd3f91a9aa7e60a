"""Columns that stay behind: free text, columns left aside, and columns that nobody has declared."""

from __future__ import annotations

from dataclasses import dataclass

from kij_analysis.codebook.crosswalks import Crosswalk
from kij_analysis.sources import RawTable


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """A table with the declared columns only, and which columns stayed behind for which reason."""

    raw: RawTable
    reasons: dict[str, str]
    unknown: tuple[str, ...]


def withhold(raw: RawTable, crosswalk: Crosswalk) -> Withheld:
    """The columns that the keys and rules of a crosswalk name; everything else stays behind.

    A free-text column may hold names and stories, and so may a column that nobody has looked at:
    neither goes further than this, nor does a column of identifiers, but as the id that pseudonyms replace.
    """
    instrument = crosswalk.instrument
    used = {*instrument.keys.values(), *(source for rule in crosswalk.rules for source in rule.sources)}
    used -= set(instrument.free_text) | (set(instrument.identifiers) - crosswalk.pseudonymised)
    kept = [name for name in raw.frame.columns if name in used]
    reasons, unknown = {}, []
    for name in raw.frame.columns:
        if name in used:
            continue
        if name in instrument.free_text:
            reasons[name] = "free text"
        elif name in instrument.only:
            reasons[name] = "chooses the rows and nothing else"
        elif name in instrument.identifiers:
            reasons[name] = "direct identifier"
        elif name in instrument.ignored:
            reasons[name] = instrument.ignored[name]
        elif instrument.other_columns:
            reasons[name] = instrument.other_columns
        else:
            reasons[name] = "not declared"
            unknown.append(name)
    return Withheld(raw=raw.only(kept), reasons=reasons, unknown=tuple(unknown))
