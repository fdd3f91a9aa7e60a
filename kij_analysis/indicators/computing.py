"""What can be computed from printed numbers without guessing: ranges, counts, intervals, bounds, products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError
from kij_analysis.indicators.judging import Rules
from kij_analysis.indicators.judging import rules as shipped_rules
from kij_analysis.survey.intervals import check_level, wilson

RESULTS = ("status", "perceived_change", "perceived_help", "satisfaction")
BESIDE = (
    "id", "low", "high", "basis", "precision", "outcome_type", "denominator", "timing", "role", "population",
    "year_from", "year_to", "source", "level",
)  # fmt: skip


def printed_range(
    value: float, *, precision: str = "exact", digits: int = 0, rules: Rules | None = None
) -> tuple[float, float]:
    """The fractions that a printed percentage can stand for: its rounding, widened by the words around it.

    Parameters
    ----------
    value
        Per cent, as printed.
    precision
        The word that qualifies it, as a code of the record.
    digits
        How many decimals are printed.

    Examples
    --------
    >>> printed_range(44), printed_range(50, precision="about"), printed_range(80, precision="more_than")
    ((0.435, 0.445), (0.45, 0.55), (0.8, 1.0))
    """
    below, above = (rules or shipped_rules()).reach[precision]
    unit = 10.0**-digits
    low = 0.0 if below is None else max(0.0, value - below * unit)
    high = 100.0 if above is None else min(100.0, value + above * unit)
    return round(low / 100, 12), round(high / 100, 12)


def counts_agreeing(value: float, n: int, *, digits: int = 0) -> list[int]:
    """The counts out of n whose percentage is printed as this value; none: the number contradicts itself.

    A half may have been rounded either way.

    Raises
    ------
    UsageError
        If n is not positive.

    Examples
    --------
    >>> counts_agreeing(37, 60), counts_agreeing(30, 44), counts_agreeing(37, 24)
    ([22], [13], [9])
    >>> counts_agreeing(45, 7)
    []
    """
    if n < 1:
        raise UsageError(f"A base of {n} has no shares.", fix="Leave n empty where it is not printed.")
    half = 0.5 * 10.0**-digits + 1e-9
    low, high = np.ceil((value - half) * n / 100), np.floor((value + half) * n / 100)
    return list(range(max(0, int(low)), min(n, int(high)) + 1))


def computed(record: pd.DataFrame, *, level: float = 0.95, rules: Rules | None = None) -> pd.DataFrame:
    """What each printed share of a result allows to be said about its uncertainty.

    With a printed base, an interval: the widest of the Wilson intervals of all counts that agree with the
    printed percentage. With a response rate, the bounds between which the share of all lies whatever those
    who did not answer would have said. Else nothing but the range that the printed words stand for.

    Parameters
    ----------
    record
        Rows of `kij_analysis.indicators.load`; rows that are no percentages of a result are left out.

    Returns
    -------
    DataFrame
        Estimates with measure *share*, method *printed* or *wilson_printed*; `low` and `high` are the ends of
        the printed range, or of the worst case. `basis` says what they are: ``interval``, ``worst_case``,
        ``rounding``, ``words`` or ``contradiction``.

    Notes
    -----
    Worst-case bounds: Manski 1989, with r the response rate and p the share of those who answered,
    [r·p, r·p + 1 − r].

    Examples
    --------
    >>> from kij_analysis.indicators import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published").set_index("id", drop=False)
    >>> found = computed(record.loc[["womento_employed_2012_2014", "kvinfo_employed_2017"]])
    >>> found[["basis", "count", "n"]].values.tolist()
    [['interval', 22.0, 60.0], ['rounding', nan, nan]]
    """
    check_level(level)
    judged = rules or shipped_rules()
    shares = record[(record["unit"] == "per_cent") & record["outcome_type"].isin(RESULTS)]
    rows = [_computed(entry, level, judged) for entry in shares.to_dict("records")]
    return estimates.make(pd.DataFrame(rows, columns=[*estimates.COLUMNS, *BESIDE]))


def _computed(entry: Mapping[str, Any], level: float, rules: Rules) -> dict[str, Any]:
    value, n, rate = entry["value"], entry["n"], entry["response_rate"]
    exact = entry["precision"] == "exact" and pd.isna(entry["value_high"])
    low, high = _range(entry, rules)
    row: dict[str, Any] = {
        "programme": entry["programme"],
        "group": entry["id"],
        "variable": entry["indicator"],
        "measure": "share",
        "estimate": value / 100 if pd.isna(entry["value_high"]) else (low + high) / 2,
        "n": float(n) if pd.notna(n) else np.nan,
        "method": "printed",
        "data_status": entry["data_status"],
        "low": low,
        "high": high,
        "basis": "rounding" if exact else "words",
        "level": level,
    }
    row |= {name: entry[name] for name in BESIDE if name in entry and name not in row}
    if pd.notna(n) and exact:
        counts = counts_agreeing(value, int(n), digits=_digits(value))
        if not counts:
            return row | {"basis": "contradiction", "note": "contradicts_itself"}
        row |= _interval(counts, int(n), level) | {"basis": "interval"}
    if pd.notna(rate) and entry["denominator"] == "respondents":
        share = float(rate) / 100
        row |= {"low": share * low, "high": share * high + 1 - share, "basis": "worst_case"}
    return row


def _range(entry: Mapping[str, Any], rules: Rules) -> tuple[float, float]:
    """The printed range, or that of the number and its words."""
    digits = _digits(entry["value"])
    low, high = printed_range(entry["value"], precision=entry["precision"], digits=digits, rules=rules)
    if pd.notna(entry["value_high"]):
        high = printed_range(entry["value_high"], precision=entry["precision"], digits=digits, rules=rules)[1]
    return low, high


def _interval(counts: list[int], n: int, level: float) -> dict[str, Any]:
    lows, highs = wilson(np.array(counts), n, level=level)
    own: dict[str, Any] = {"conf_low": min(lows), "conf_high": max(highs), "method": "wilson_printed"}
    if len(counts) == 1:
        own["count"] = counts[0]
    return own


def _digits(value: float) -> int:
    text = f"{value:g}"
    return len(text.partition(".")[2])


def derived(record: pd.DataFrame, *, rules: Rules | None = None) -> pd.DataFrame:
    """Shares of all that follow from a share of those employed and the share in work of the same evaluation.

    42 per cent of about 50 per cent is about 21 per cent. Only records of the same programme and years are
    multiplied; the printed ranges of both are carried through, so that the result is never more exact than
    they are.

    Returns
    -------
    DataFrame
        Estimates with measure *share* and method *derived*; `low` and `high` are the ends of the range,
        `of` and `times` the ids of the two records.

    Examples
    --------
    >>> from kij_analysis.indicators import load
    >>> from kij_analysis.template import template_folder
    >>> found = derived(load(template_folder() / "data" / "raw" / "published")).set_index("of")
    >>> print(found.loc["kvinfo_matching_job_2015_fact_sheet", ["estimate", "low", "high"]].round(4).tolist())
    [0.21, 0.1868, 0.2338]
    """
    judged = rules or shipped_rules()
    shares = record[(record["unit"] == "per_cent") & (record["outcome_type"] == "status")]
    parts = shares[shares["denominator"] == "employed"]
    wholes = shares[(shares["indicator"] == "employed") & (shares["denominator"] != "employed")]
    rows = []
    for part in parts.to_dict("records"):
        same = wholes[
            (wholes["programme"] == part["programme"])
            & (wholes["year_from"] == part["year_from"])
            & (wholes["year_to"] == part["year_to"])
        ]
        rows += [_product(part, whole, judged) for whole in same.to_dict("records")]
    return estimates.make(pd.DataFrame(rows, columns=[*estimates.COLUMNS, *BESIDE, "of", "times"]))


def _product(part: Mapping[str, Any], whole: Mapping[str, Any], rules: Rules) -> dict[str, Any]:
    low, high = (a * b for a, b in zip(_range(part, rules), _range(whole, rules), strict=True))
    row: dict[str, Any] = {
        "programme": part["programme"],
        "group": f"{part['id']}|{whole['id']}",
        "variable": part["indicator"],
        "measure": "share",
        "estimate": part["value"] * whole["value"] / 1e4,
        "method": "derived",
        "data_status": part["data_status"],
        "low": low,
        "high": high,
        "basis": "derived",
        "of": part["id"],
        "times": whole["id"],
    }
    own = {name: part[name] for name in BESIDE if name in part and name not in row}
    own |= {name: whole[name] for name in ("denominator", "timing", "role", "population")}
    source = dict.fromkeys([part["source"], whole["source"]])
    return own | row | {"id": f"{part['id']}_of_all", "precision": "about", "source": "|".join(source)}
