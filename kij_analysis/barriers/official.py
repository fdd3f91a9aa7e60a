"""The barriers of the programmes beside the obstacles of official statistics, with what may be compared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError

ANY = "barrier_any"
"""At least one barrier, whichever."""

NAMED_NONE = ("barrier_none", "barrier_never_sought")
"""Answers that name no barrier."""

SEVERE = ("one_answer", "other_question", "base_faced", "not_on_list")
"""Reasons that forbid a comparison of levels; the others ask for caution."""
TOLD = ("side", "question", "base", "sex", "country", "year", "source", "verdict", "reasons")


def beside_official(
    programmes: pd.DataFrame,
    official: pd.DataFrame,
    *,
    question: str = "main",
    counts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The shares of the programmes and the official ones, class by class, each with a verdict.

    Only the classes that the official list holds, or that are asked by a programme, have rows; where one side
    has no such answer, its row has the note *not_asked*. Levels are only comparable where the questions are:
    a main obstacle, of which there is one, is *not_comparable* with barriers of which several may be named,
    and a share of those who met an obstacle not with one of all who answered. What is left is compared with
    *caution*: country, year, sex and the list of answers differ.

    Parameters
    ----------
    programmes
        Estimates of `prevalence`, one row per programme and barrier.
    official
        Published estimates under the codes of the barriers, as `kij_analysis.context.obstacles` gives them,
        one row per barrier (*barrier_any*: at least one). Columns `base`, `sex`, `country`, `year` and
        `question` are used where there are any; what is not told is a reason for caution. Answers that name
        no barrier are left out.
    question
        What the official rows without a `question` of their own count: ``"main"``, one main obstacle for each
        person, or ``"any"``, every one that is named. *barrier_any* is always the latter.
    counts
        Estimates of `number`: the share naming at least one barrier is made from them. Where they are hidden,
        so is it.

    Returns
    -------
    DataFrame
        Both, with `side` (*programme* or *official*), `question`, `base`, `sex`, `country`, `year`, `source`,
        `verdict` (*comparable*, *caution*, *not_comparable*) and `reasons` (codes, joined by ``|``) of the
        barrier's official row against the programmes. An official row that must not be compared has the
        note *not_comparable*.

    Raises
    ------
    UsageError
        If the official frame holds several rows for one barrier, or a row that is not published.

    Examples
    --------
    >>> rows = [{"programme": "fika", "variable": "barrier_language", "category": "yes",
    ...          "measure": "share", "estimate": 0.5, "count": 10, "n": 20, "method": "wilson",
    ...          "data_status": "synthetic"}]
    >>> official = estimates.make([{"variable": "barrier_language", "measure": "share",
    ...     "estimate": 0.233, "method": "printed", "data_status": "published",
    ...     "base": "faced_an_obstacle"}])
    >>> found = beside_official(estimates.make(rows), official)
    >>> found[["side", "estimate", "verdict"]].values.tolist()
    [['programme', 0.5, ''], ['official', 0.233, 'not_comparable']]
    """
    official = official[~official["variable"].isin(NAMED_NONE)]
    _check(official)
    asks = official.get("question", pd.Series("", index=official.index)).replace("", question)
    official = official.assign(question=asks.mask(official["variable"] == ANY, "any"))
    own = programmes if counts is None else pd.concat([programmes, _at_least_one(counts)], ignore_index=True)
    listed = [*dict.fromkeys(official["variable"])]
    asked = own[own["estimate"].notna() | (own["note"] == "hidden_small_count")]["variable"]
    order = [*listed, *(name for name in dict.fromkeys(asked) if name not in listed)]
    told = official.set_index("variable")
    parts = []
    for name in order:
        rows = own[own["variable"] == name]
        parts.append(rows.assign(side="programme", question="any", base="answered", verdict="", reasons=""))
        row = told.loc[[name]].reset_index() if name in told.index else _absent(name)
        reasons = _reasons(row.iloc[0], asked=name in set(asked))
        verdict = "not_comparable" if set(reasons) & set(SEVERE) else "caution" if reasons else "comparable"
        note = row["note"].mask((row["note"] == "") & (verdict == "not_comparable"), "not_comparable")
        parts.append(row.assign(side="official", verdict=verdict, reasons="|".join(reasons), note=note))
    found = estimates.make(pd.concat(parts, ignore_index=True))
    texts = [name for name in TOLD if name in found.columns and name != "year"]
    return found.assign(**{name: found[name].astype("str").fillna("") for name in texts})


def _check(official: pd.DataFrame) -> None:
    several = official[official.duplicated("variable")]["variable"]
    if len(several):
        raise UsageError(
            f"The official frame has several rows for '{several.iloc[0]}'.",
            fix="Keep one country, sex and base for each barrier.",
        )
    if set(official["data_status"]) - {"published"}:
        raise UsageError(
            "An official row is not published.", fix="Set data_status to published, with its source."
        )


def _absent(name: str) -> pd.DataFrame:
    row = {
        "variable": name,
        "measure": "share",
        "note": "not_asked",
        "data_status": "published",
        "method": "none",
    }
    return estimates.make([row])


def _reasons(row: pd.Series, *, asked: bool) -> list[str]:
    """Why an official share must not, or not without care, be held against those of the programmes."""
    if row["note"] == "not_asked" or not asked:
        return ["not_on_list"]
    question, base, sex = (str(row.get(name) or "") for name in ("question", "base", "sex"))
    found = {
        "one_answer": question == "main",
        "other_question": question not in ("main", "any", ""),
        "question_unknown": not question,
        "base_faced": base == "faced_an_obstacle",
        "base_differs": base not in ("", "nan", "not_stated", "faced_an_obstacle"),
        "base_unknown": base in ("", "nan", "not_stated"),
        "sexes_differ": sex not in ("women", "", "nan"),
        "list_differs": row["variable"] == ANY,
        "elsewhere": True,
    }
    return [reason for reason, holds in found.items() if holds]


def _at_least_one(counts: pd.DataFrame) -> pd.DataFrame:
    """The share naming at least one barrier of the own list: the complement of naming none."""
    rows = counts[(counts["variable"] == "barriers_named") & (counts["category"] == "0")]
    known = rows["estimate"].notna()
    return rows.assign(
        variable=ANY,
        category="yes",
        estimate=1 - rows["estimate"],
        conf_low=1 - rows["conf_high"],
        conf_high=1 - rows["conf_low"],
        count=(rows["n"] - rows["count"]).where(known, np.nan),
    )
