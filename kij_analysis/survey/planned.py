"""What the tables of a study can show: the precision of its waves, from those who answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError
from kij_analysis.survey.groups import check_columns
from kij_analysis.survey.population import women
from kij_analysis.survey.precision import group_sizes, precision
from kij_analysis.survey.standardised import who_answered


def precision_by_wave(
    answers: pd.DataFrame,
    *,
    sources: pd.DataFrame | None = None,
    waves: Sequence[str] = ("entry", "end"),
    between: bool = True,
    population: str = "women",
    **options: Any,
) -> pd.DataFrame:
    """What shares, differences and changes can show in each programme and wave, from how many have answered.

    Parameters
    ----------
    answers
        `data.answers` of one role.
    sources
        `data.ledger.sources`: with it there are further rows about the persons who were invited alone, where
        their number is known. It counts men too where they were invited, so that these intervals are too wide
        rather than too narrow.
    waves
        The waves; changes are from the first to the last.
    between
        Whether there are rows about the differences between programmes; `with_differences` adds them later.
    population
        ``"women"`` or ``"all"``.
    options
        As in `precision`: `share`, `correlation`, `power`, `level`.

    Returns
    -------
    DataFrame
        As `precision` returns it, with `wave` to the right: shares, shares of those invited (with
        `population_size`), differences between programmes, changes. A programme in which nobody is found in
        both waves has the note *no_pairs*.

    Raises
    ------
    UsageError
        If the answers hold several roles, or if none is of these waves; and as `precision` does.

    Examples
    --------
    >>> rows = [{"programme": p, "person_id": f"{p}{i}", "role": "mentee", "wave": wave}
    ...         for p in ("fika", "sajo") for wave in ("entry", "end") for i in range(40)]
    >>> answers = pd.DataFrame(rows).assign(gender="woman", data_status="synthetic")
    >>> found = precision_by_wave(answers, share=0.5).round(2)
    >>> found.drop_duplicates("category")[["category", "estimate", "n"]].values.tolist()
    [['share', 0.15, 40.0], ['difference', 0.29, 80.0], ['change', 0.23, 40.0]]
    """
    check_columns(answers, ["programme", "person_id", "role", "wave"])
    roles = sorted(map(str, answers["role"].dropna().unique()))
    if len(roles) > 1:
        raise UsageError(
            f"The answers are of {' and '.join(roles)}.", fix="Keep one: query(\"role == 'mentee'\")."
        )
    kept = answers[answers["wave"].isin(waves)]
    if kept.empty:
        raise UsageError(
            f"There are no answers of the waves {', '.join(waves)}.", fix="Look at answers['wave']."
        )
    sizes = group_sizes(kept, by=["programme", "wave"], population=population)
    parts = [precision(sizes, of="share", **options)]
    if sources is not None:
        known = _invited(sources, roles, sizes)
        bounded = sizes[[_code(row) in known for row in sizes.to_dict("records")]]
        parts.append(precision(bounded, of="share", population_size=known, **options))
    if between and sizes["programme"].nunique() > 1:
        parts.append(precision(sizes, of="difference", **options))
    parts.append(precision(_twice(kept, waves, population), of="change", **options))
    return estimates.make(pd.concat([part for part in parts if len(part)], ignore_index=True))


def with_differences(plan: pd.DataFrame) -> pd.DataFrame:
    """What `precision_by_wave` gave of each programme, with the differences that could be seen between them.

    Parameters
    ----------
    plan
        Rows of `precision_by_wave` with ``between=False``, of one programme or more. A programme whose number
        is hidden is compared with none.

    Examples
    --------
    >>> rows = [{"programme": p, "person_id": i, "role": "mentee", "wave": "end"}
    ...         for p in ("fika", "sajo") for i in range(40)]
    >>> answers = pd.DataFrame(rows).assign(gender="woman", data_status="synthetic")
    >>> alone = precision_by_wave(answers, share=0.5, between=False)
    >>> with_differences(alone).round(2)[["category", "estimate", "n"]].values.tolist()[1:3]
    [['share', 0.15, 40.0], ['difference', 0.29, 80.0]]
    """
    sizes = plan[(plan["category"] == "share") & (plan["method"] != "wilson_finite") & plan["n"].notna()]
    if sizes["programme"].nunique() < 2:
        return plan
    power = plan["power"].dropna()
    found = precision(
        sizes[[*estimates.COLUMNS, *(name for name in ("wave",) if name in sizes)]],
        of="difference",
        share=[float(one) for one in dict.fromkeys(sizes["planned"])],
        power=float(power.iloc[0]) if len(power) else 0.8,
        level=float(sizes["level"].iloc[0]),
    )
    last = plan["category"] == "change"
    return estimates.make(pd.concat([plan[~last], found, plan[last]], ignore_index=True))


def _code(row: Mapping[str, Any]) -> str:
    return f"{row['programme']}|{row['group']}"


def _invited(sources: pd.DataFrame, roles: list[str], sizes: pd.DataFrame) -> dict[str, float]:
    """How many were invited to each wave, where that is known and no fewer than those who answered."""
    own = sources[sources["role"].isin(roles)]
    own = own[own["unit"] == "person"] if "unit" in own.columns else own
    found = {}
    for (programme, wave), part in own.groupby(["programme", "wave"], sort=False):
        if part["invited"].notna().all():
            found[f"{programme}|{wave}"] = float(part["invited"].sum())
    answered = {_code(row): row["n"] for row in sizes.to_dict("records")}
    return {code: size for code, size in found.items() if size >= answered.get(code, 0)}


def _twice(kept: pd.DataFrame, waves: Sequence[str], population: str) -> pd.DataFrame:
    """How many answered both the first and the last wave, by programme; none is a number too."""
    there = set(kept["wave"].dropna())
    first = women(kept[kept["wave"] == waves[0]], population).frame
    if {waves[0], waves[-1]} <= there:
        again = who_answered(first, kept, wave=waves[-1], among=waves[0])
        both = again[again["response"] == "answered"].groupby("programme").size()
    else:
        both = pd.Series(dtype="int64")
    statuses = kept.groupby("programme", sort=False)["data_status"].first()
    rows = [
        {"programme": code, "n": int(both.get(code, 0)), "data_status": status}
        for code, status in statuses.items()
    ]
    return pd.DataFrame(rows)
