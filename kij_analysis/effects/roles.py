"""Mentors and mentees are never pooled."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis.errors import UsageError, listed


def one_role(frame: pd.DataFrame, groups: Sequence[str] = ()) -> None:
    """Refuse a frame in which mentors and mentees would be counted together.

    Raises
    ------
    UsageError
        If the frame holds several roles and `role` is not among the groups.

    Examples
    --------
    >>> one_role(pd.DataFrame({"role": ["mentee", "mentor"]}), ["programme", "role"])
    >>> one_role(pd.DataFrame({"role": ["mentee", "mentor"]}), ["programme"])
    Traceback (most recent call last):
    kij_analysis.errors.UsageError: The frame holds several roles ('mentee', 'mentor'), which are never \
pooled. Keep one: answers.query("role == 'mentee'").
    """
    if "role" not in frame.columns or "role" in groups:
        return
    roles = sorted(frame["role"].dropna().astype("str").unique())
    if len(roles) > 1:
        raise UsageError(
            f"The frame holds several roles ({listed(roles)}), which are never pooled.",
            fix="Keep one: answers.query(\"role == 'mentee'\").",
        )
