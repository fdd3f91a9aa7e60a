"""Score-cards of several organisations as one."""

from __future__ import annotations

import pandas as pd

from kij_analysis.findings.overall import settled

NOBODY = ("no_answers", "one_group_empty")
"""What a score-card says of a programme whose answers it has not seen."""


def joined(card: pd.DataFrame) -> pd.DataFrame:
    """One score-card from the rows of several, each made where the answers of some programmes are.

    Of the rows about one part of a finding the one counts that has an answer. What compares two programmes
    whose answers lie in different places has none, and the note *needs_rows*. The rows over all are made
    anew; a score-card made in one place stays as it is.

    Parameters
    ----------
    card
        The rows of several results of `scorecard`, one after another, before or after hiding.

    Examples
    --------
    >>> row = {"finding": "a", "part": "fika", "programme": "fika", "rule": "share_at_least", "estimate": 0.9,
    ...     "note": "", "would_say": "borne_out", "strict": "borne_out", "verdict": "borne_out", "needed": "",
    ...     "data_status": "observed", "first": "", "second": ""}
    >>> empty = {"estimate": None, "note": "no_answers"}
    >>> empty |= dict.fromkeys(("would_say", "strict", "verdict"), "not_testable")
    >>> over = empty | {"programme": "all", "part": "", "note": "by_programme"}
    >>> card = pd.DataFrame([row | empty, row | over, row, row | over])
    >>> joined(card)[["programme", "verdict"]].values.tolist()
    [['fika', 'borne_out'], ['all', 'borne_out']]
    """
    own = ["finding", "part"]
    unseen = card["note"].isin(NOBODY) & card["estimate"].isna()
    known = card.assign(unseen=unseen, place=range(len(card)))
    if not known.duplicated(own).any():
        return settled(card)
    order = {code: place for place, code in enumerate(dict.fromkeys(known["finding"]))}
    first = known.groupby(own)["place"].transform("min")
    last = (known["part"] == "").astype("int64")
    known = known.assign(order=known["finding"].map(order), first_place=first, last=last)
    known = known.sort_values(["order", "last", "first_place", "unseen"], kind="stable")
    kept = known.drop_duplicates(own)
    across = kept["unseen"] & (kept["rule"] != "not_testable") & kept["part"].str.contains("-")
    kept = kept.assign(note=kept["note"].mask(across, "needs_rows"))
    kept = kept.drop(columns=["unseen", "place", "order", "first_place", "last"])
    return settled(kept.reset_index(drop=True))
