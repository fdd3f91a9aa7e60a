"""How fragile a result is, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.words import Words, as_words

NAMES = ("what", "sentence")


def explained_away(fragile: pd.DataFrame, words: Words | str) -> pd.DataFrame:
    """What would have to be so for a result to be wrong, one sentence for each way of asking.

    Parameters
    ----------
    fragile
        What `fragility` returns, for one group.
    words
        The words, or the name of a language.

    Returns
    -------
    DataFrame
        `what` and `sentence`.

    Raises
    ------
    UsageError
        If the frame is not one of `fragility`, or holds several groups.

    Examples
    --------
    >>> frame = pd.DataFrame({"what": ["e_value"], "estimate": [2.7], "limit": [1.9], "note": "",
    ...     "programme": "kvinfo", "variable": "employed", "data_status": "observed"})
    >>> explained_away(frame, "en")["sentence"].str[:50].tolist()
    ['To explain this away, an unseen trait would have t']
    """
    say = as_words(words)
    if "what" not in fragile.columns:
        raise UsageError("These are no results of effects.fragility.", fix="Use effects.fragility(…).")
    if fragile["programme"].nunique() > 1:
        raise UsageError(
            "The frame holds several groups.", fix="Choose one: found[found['programme'] == 'kvinfo']."
        )
    return pd.DataFrame(list(_sentences(fragile, say)), columns=list(NAMES))


def _sentences(fragile: pd.DataFrame, say: Words) -> Iterator[tuple[str, str]]:
    for what in ("e_value", "gamma", "robustness_value"):
        for row in fragile[fragile["what"] == what].to_dict("records"):
            yield what, _bound(what, {str(name): value for name, value in row.items()}, say)
    marks = fragile[(fragile["what"] == "benchmark") & fragile["estimate"].notna()]
    if len(marks):
        once = marks[marks["times"] == marks["times"].min()]
        first = fragile.loc[fragile["what"] == "estimate", "estimate"]
        sign = -1 if len(first) and first.iloc[0] < 0 else 1
        yield "benchmark", _benchmark(once.loc[(sign * once["estimate"]).idxmin()], say)
    for what in ("worst_case", "lee"):
        for _, row in fragile[fragile["what"] == what].iterrows():
            yield what, _range(what, row, say)
    left = fragile[(fragile["what"] == "leave_out") & fragile["estimate"].notna()]
    if len(left):
        low, high = (_amount(left.iloc[0], value, say) for value in left["estimate"].agg(["min", "max"]))
        yield "leave_out", say("fragility.leave_out", low=low, high=high, count=say.number(len(left)))


def _bound(what: str, row: dict[str, Any], say: Words) -> str:
    if not isfinite(row["estimate"]) and row["note"] == "nothing_to_explain":
        return say("fragility.e_value_nothing")
    if not isfinite(row["estimate"]):
        return say("fragility.none", note=say(f"note.{row['note']}"))
    limit = row.get("limit")
    if what == "robustness_value":
        sentence = say("fragility.robustness_value", share=say.share(row["estimate"]))
        more = say("fragility.robustness_limit", share=say.share(limit)) if limit and limit >= 0.005 else ""
        return f"{sentence} {more}".strip()
    number = say.number(row["estimate"], digits=1)
    if what == "gamma":
        return say("fragility.gamma", number=number)
    sentence = say("fragility.e_value", number=number)
    if limit is None or not isfinite(limit):
        return sentence
    more = (
        say("fragility.e_value_nothing")
        if limit == 1
        else say("fragility.e_value_limit", number=say.number(limit, digits=1))
    )
    return f"{sentence} {more}"


def _range(what: str, row: pd.Series, say: Words) -> str:
    """The sentence of the bounds for those who gave no answer."""
    if not isfinite(row["low"]):
        return say("fragility.none", note=say(f"note.{row['note']}"))
    low, high = (_amount(row, float(row[end]), say) for end in ("low", "high"))
    if what == "lee":
        return say("fragility.lee", low=low, high=high)
    return say("fragility.worst_case", low=low, high=high)


def _benchmark(row: pd.Series, say: Words) -> str:
    trait = say.variable(str(row["trait"]))
    return say("fragility.benchmark", trait=trait, amount=_amount(row, float(row["estimate"]), say))


def _amount(row: pd.Series, value: float, say: Words) -> str:
    """A difference in its unit."""
    sign = "+" if value > 0 else ""
    if row["unit"] == "share":
        return say("fragility.points", number=sign + say.number(100 * value, digits=1))
    return sign + say.number(value, digits=1)
