"""Verdicts after hiding, and over all parts: what is hidden says nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis.study import weakest

ALL = "all"
"""The programme of the row that tells the verdict over all."""
HIDDEN = "hidden_small_count"
SAID = ("verdict", "would_say", "strict", "needed")
EVIDENCE = ("published", "observed")
"""The kinds of data that count as evidence."""


def verdict_of(says: str, status: str) -> str:
    """The verdict on data of a kind: on synthetic data and assumed amounts only that the test runs.

    Examples
    --------
    >>> verdict_of("borne_out", "observed"), verdict_of("borne_out", "synthetic")
    ('borne_out', 'test_runs')
    >>> verdict_of("not_testable", "synthetic")
    'not_testable'
    """
    return says if status in EVIDENCE or says in ("", "not_testable") else "test_runs"


def over_all(says: Sequence[str], strict: Sequence[str]) -> str:
    """What the parts of a finding say together: it holds only if it holds of every part.

    Contradicted if one part is, at the stricter confidence at which all parts hold together; borne out if all
    are; not testable if none can be tested; else inconclusive, also where a part cannot be tested.

    Examples
    --------
    >>> over_all(["borne_out", "borne_out"], ["borne_out", "inconclusive"])
    'borne_out'
    >>> over_all(["borne_out", "not_testable"], ["borne_out", "not_testable"])
    'inconclusive'
    >>> over_all(["borne_out", "contradicted"], ["borne_out", "contradicted"])
    'contradicted'
    """
    if not says or set(says) == {"not_testable"}:
        return "not_testable"
    if "contradicted" in strict:
        return "contradicted"
    return "borne_out" if set(says) == {"borne_out"} else "inconclusive"


def settled(card: pd.DataFrame) -> pd.DataFrame:
    """The score-card with the verdicts that its rows still bear, once small numbers are hidden.

    A part whose number is hidden counts as not testable: its verdict would tell on which side of the rule the
    hidden number lies. The rows over all are made anew from the others.

    Parameters
    ----------
    card
        What `scorecard` returns, before or after `kij_analysis.disclosure.suppress`.

    Examples
    --------
    >>> frame = pd.DataFrame({"finding": "a", "programme": ["fika", "all"], "rule": "share_at_least",
    ...     "estimate": None, "note": ["hidden_small_count", "by_programme"], "would_say": "borne_out",
    ...     "strict": "borne_out", "verdict": "borne_out", "needed": "", "data_status": "observed"})
    >>> settled(frame)["verdict"].tolist()
    ['not_testable', 'not_testable']
    """
    columns = {name: card[name].astype("object").tolist() for name in (*SAID, "data_status")}
    whole = (card["programme"] == ALL).tolist()
    gone = ((card["note"] == HIDDEN) | card["estimate"].isna()).tolist()
    for place, said in enumerate(columns["would_say"]):
        if gone[place] and not whole[place] and said != "not_testable":
            for name in ("verdict", "would_say", "strict"):
                columns[name][place] = "not_testable"
            columns["needed"][place] = "more_persons"
    parts: dict[str, list[int]] = {}
    for place, code in enumerate(card["finding"]):
        parts.setdefault(code, []).extend([] if whole[place] else [place])
    for place, (code, rule) in enumerate(zip(card["finding"], card["rule"], strict=True)):
        if whole[place] and rule != "not_testable":
            _settle(columns, place, parts[code])
    return card.assign(
        **{name: pd.Series(cells, index=card.index, dtype="str") for name, cells in columns.items()}
    )


def _settle(columns: dict[str, list[str]], place: int, parts: list[int]) -> None:
    """Make the row over all anew from the rows of its parts."""
    own = {name: [columns[name][part] for part in parts] for name in columns}
    says, status = over_all(own["would_say"], own["strict"]), weakest(own["data_status"])
    needed = dict.fromkeys(code for cell in own["needed"] for code in cell.split("|") if code)
    columns["would_say"][place] = columns["strict"][place] = says
    columns["verdict"][place] = verdict_of(says, status)
    columns["data_status"][place], columns["needed"][place] = status, "|".join(needed)
