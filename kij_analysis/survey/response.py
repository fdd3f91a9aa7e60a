"""How many of those who were asked have answered."""

from __future__ import annotations

import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError, listed
from kij_analysis.study import weakest

NEEDED = ("programme", "role", "wave", "invited", "rows_out", "data_status")


def response(sources: pd.DataFrame) -> pd.DataFrame:
    """The response rate of each programme, role and wave; everybody who was asked counts, men too.

    It is a count of all who were asked and no sample of them, so it has no interval.

    Parameters
    ----------
    sources
        `data.ledger.sources`: one row per questionnaire, with how many were invited. Logs of meetings are
        left out; several rounds of one wave are added up.

    Returns
    -------
    DataFrame
        Estimates with measure *share* and variable *response*; `category` is ``<role>_<wave>``, to the right
        stand `role` and `wave`. Where it is not known how many were invited, or more answered than were
        invited, the row has the note *unknown_base*.

    Raises
    ------
    UsageError
        If a column is missing.

    Notes
    -----
    The rate divides completed questionnaires by invitations (AAPOR's response rate 1 where every invited
    person was eligible; American Association for Public Opinion Research 2023).

    Examples
    --------
    >>> sources = [{"programme": "fika", "role": "mentee", "wave": "end", "unit": "person",
    ...             "invited": 90, "rows_out": 54, "data_status": "synthetic"}]
    >>> response(pd.DataFrame(sources))[["category", "estimate", "count", "n"]].values.tolist()
    [['mentee_end', 0.6, 54.0, 90.0]]
    """
    absent = [name for name in NEEDED if name not in sources.columns]
    if absent:
        raise UsageError(f"The sources lack {listed(absent)}.", fix="Use data.ledger.sources.")
    asked = sources[sources["unit"] == "person"] if "unit" in sources.columns else sources
    rows = []
    for (programme, role, wave), part in asked.groupby(["programme", "role", "wave"], sort=False):
        answered, invited = int(part["rows_out"].sum()), part["invited"]
        known = bool(invited.notna().all()) and invited.sum() >= max(answered, 1)
        row = {
            "programme": programme,
            "group": role,
            "variable": "response",
            "category": f"{role}_{wave}",
            "measure": "share",
            "data_status": weakest(part["data_status"].unique()),
            "method": "counted" if known else "none",
            "note": "" if known else "unknown_base",
            "role": role,
            "wave": wave,
        }
        total = float(invited.sum())
        rows.append(row | ({"estimate": answered / total, "count": answered, "n": total} if known else {}))
    return estimates.make(pd.DataFrame(rows, columns=[*estimates.COLUMNS, "role", "wave"]))
