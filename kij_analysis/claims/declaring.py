"""Estimates that say their estimand, design and level, and what they take for granted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from kij_analysis.claims.designs import ASSUMPTIONS, DESIGNS, ESTIMANDS, WOULD_RAISE
from kij_analysis.errors import UsageError, one_of

CLAIM_COLUMNS = ("estimand", "design", "maryland", "assumptions", "would_raise")
"""The columns that stand to the right of estimates; codes of a list are joined by "|"."""


def declare(
    estimates: pd.DataFrame,
    *,
    design: str,
    estimand: str,
    level: int | None = None,
    also: Sequence[str] = (),
    without: Sequence[str] = (),
) -> pd.DataFrame:
    """The estimates with their estimand, design, level, assumptions, and what would raise the level.

    Parameters
    ----------
    estimates
        A frame of estimates.
    design
        A code of `DESIGNS`.
    estimand
        A code of `ESTIMANDS`.
    level
        The level on the Maryland scale where the execution moves it from that of the design, within the
        bounds of the design: down for groups that stay unlike, up for matched groups that are alike in many
        traits and in the outcome before.
    also, without
        Assumptions that this analysis makes beyond its design, and those that it has made needless.

    Returns
    -------
    DataFrame
        A copy with the columns `CLAIM_COLUMNS`; `maryland` is the level (`level` is that of the intervals).

    Raises
    ------
    UsageError
        If a code is not known or the design cannot have this level.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"variable": "confidence_score", "measure": "change", "estimate": 4.0, "method": "none",
    ...        "data_status": "synthetic"}
    >>> declare(e.make([row]), design="before_after", estimand="mean_change")["maryland"].tolist()
    [2]
    """
    one_of(design, DESIGNS, name="The design")
    one_of(estimand, ESTIMANDS, name="The estimand")
    for code in (*also, *without):
        one_of(code, ASSUMPTIONS, name="An assumption")
    own = DESIGNS[design]
    reached = own.level if level is None else level
    if not own.lowest <= reached <= own.highest:
        bounds = f"{own.lowest}" if own.lowest == own.highest else f"from {own.lowest} to {own.highest}"
        raise UsageError(
            f"A result of the design '{design}' cannot have level {reached}.", fix=f"It has {bounds}."
        )
    assumed = [code for code in dict.fromkeys([*own.assumptions, *also]) if code not in without]
    raising = [code for code in own.would_raise if reached < 5 or code == "register_data"]
    return estimates.assign(
        estimand=estimand,
        design=design,
        maryland=reached,
        assumptions="|".join(assumed),
        would_raise="|".join(raising),
    )


def level_of(estimates: pd.DataFrame) -> int:
    """The lowest level of the estimates: what a sentence or a title about all of them may claim.

    Raises
    ------
    UsageError
        If the estimates do not say their level, or there are none.

    Examples
    --------
    >>> level_of(pd.DataFrame({"maryland": [3, 2]}))
    2
    """
    if "maryland" not in estimates.columns or estimates["maryland"].isna().any() or estimates.empty:
        raise UsageError(
            "The estimates do not say their level on the Maryland scale.",
            fix="Pass them through claims.declare, which asks for their design.",
        )
    return int(estimates["maryland"].min())


def weakest(estimates: pd.DataFrame) -> dict[str, Any]:
    """What the row of the lowest level carries, for a result that is made of all rows.

    Raises
    ------
    UsageError
        As `level_of` does.

    Examples
    --------
    >>> rows = [{"estimand": "att", "design": d, "maryland": l, "assumptions": "", "would_raise": ""}
    ...         for d, l in (("matched", 3), ("comparison_raw", 2))]
    >>> weakest(pd.DataFrame(rows))["design"]
    'comparison_raw'
    """
    level_of(estimates)
    row = estimates.iloc[int(estimates["maryland"].to_numpy().argmin())]
    return {name: row[name] for name in CLAIM_COLUMNS}


def gathered(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """What several frames of estimates carry, in one frame: programme, data status and `CLAIM_COLUMNS`.

    Raises
    ------
    UsageError
        If a frame does not say its design.

    Examples
    --------
    >>> one = declare(pd.DataFrame({"data_status": ["observed"] * 3}), design="before_after",
    ...               estimand="mean_change").assign(programme="fika")
    >>> len(gathered([one, one.assign(estimand="transition")]))
    2
    """
    names = ["programme", "data_status", *CLAIM_COLUMNS]
    for part in parts:
        check_claims(part)
    return pd.concat([part[names] for part in parts]).drop_duplicates(ignore_index=True)


def codes(joined: str, known: Iterable[str]) -> list[str]:
    """The codes of a joined list, each checked.

    Raises
    ------
    UsageError
        If a code is not known.

    Examples
    --------
    >>> codes("overlap|model_right", ASSUMPTIONS)
    ['overlap', 'model_right']
    """
    names = list(known)
    found = [code for code in str(joined).split("|") if code]
    for code in found:
        one_of(code, names, name="A code of the estimates")
    return found


def check_claims(estimates: pd.DataFrame) -> None:
    """Refuse estimates whose columns of design and level do not fit together.

    Raises
    ------
    UsageError
        If a column is missing, a code is not known, or a level is not one that the design can have.

    Examples
    --------
    >>> check_claims(pd.DataFrame({"estimand": ["att"], "design": "before_after", "maryland": 4,
    ...     "assumptions": "", "would_raise": ""}))
    Traceback (most recent call last):
    kij_analysis.errors.UsageError: A result of the design 'before_after' cannot have level 4. It has 2.
    """
    level_of(estimates)
    missing = [name for name in CLAIM_COLUMNS if name not in estimates.columns]
    if missing:
        raise UsageError(f"The estimates have no column '{missing[0]}'.", fix="Use claims.declare.")
    for row in estimates[list(CLAIM_COLUMNS)].drop_duplicates().to_dict("records"):
        declare(
            estimates.iloc[:0], design=row["design"], estimand=row["estimand"], level=int(row["maryland"])
        )
        codes(row["assumptions"], ASSUMPTIONS)
        codes(row["would_raise"], WOULD_RAISE)
