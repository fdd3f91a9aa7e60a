"""The estimate that a finding's test needs, from what is in print and from the account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import context, estimates, indicators, survey
from kij_analysis.errors import UsageError
from kij_analysis.findings.evidence import DRAWS, Evidence
from kij_analysis.findings.finding import Finding

Options = Mapping[str, Any]
BLUR = 0.01
"""How far a published rate may be off, where no interval is published."""


def from_print(finding: Finding, evidence: Evidence, confidence: float) -> pd.DataFrame:
    """Estimates with the columns `low` and `high`, which the rule looks at, and `lacks`, what is needed."""
    found = SOURCES[finding.test.kind](evidence, finding.test.options, confidence)
    for name in ("low", "high"):
        if name not in found.columns:
            found = found.assign(**{name: np.nan})
    return found if "lacks" in found.columns else found.assign(lacks="")


def _official(evidence: Evidence, options: Options, confidence: float) -> pd.DataFrame:
    """The gap of the newest year of each country; a country without one has a row with a note."""
    chosen = {name: options[name] for name in ("indicator", "basis", "sex", "age") if name in options}
    chosen["group"] = [options["group"], options["reference"]]
    try:
        rates = context.official(evidence.place, country=options["countries"], **chosen)
        gaps = context.gap(rates, group=options["group"], reference=options["reference"])
    except UsageError:  # no such figures, or of one group only
        gaps = pd.DataFrame({"country": [], "estimate": [], "year": []})
    gaps = gaps[gaps["estimate"].notna()].sort_values("year", kind="stable")
    rows = []
    for country in options["countries"]:
        own = gaps[gaps["country"] == country]
        if len(own):
            rows.append(own.iloc[-1].to_dict())
        else:
            rows.append(_nothing("not_published", variable=options["indicator"], country=country))
    found = pd.DataFrame(rows).assign(part=list(options["countries"]), unit="share")
    blur = options.get("blur", BLUR)
    return estimates.make(found.assign(low=found["estimate"] - blur, high=found["estimate"] + blur))


def _nothing(note: str, **more: Any) -> dict[str, Any]:
    row = {"measure": "difference", "estimate": np.nan, "method": "none", "data_status": "published"}
    return row | {"note": note} | more


def _account(evidence: Evidence, options: Options, confidence: float) -> pd.DataFrame:
    """How probable a loss is, with the interval that so many draws leave."""
    drawn = evidence.simulated(options.get("scenario", ""))
    mine = (drawn["variable"] == "loss_probability") & (drawn["group"] == options["payer"])
    found = drawn[mine]
    if found.empty:
        row = _nothing("not_applicable", variable="loss_probability", group=options["payer"])
        return estimates.make([row | {"data_status": "assumed", "lacks": "scenario"}])
    row = found.iloc[0].to_dict()
    if pd.notna(row["estimate"]):
        low, high = survey.wilson(round(row["estimate"] * DRAWS), DRAWS, level=2 * confidence - 1)
        row |= {"low": float(low[0]), "high": float(high[0])}
    lacks = "counterfactual" if row.get("basis") == "gross" else ""
    return estimates.make([row | {"lacks": lacks, "part": options["payer"]}])


def _printed(evidence: Evidence, id: str, confidence: float) -> dict[str, Any]:
    """One printed share: from its lowest to its highest possible value, and what it lacks."""
    record = evidence.record
    assert record is not None
    found = indicators.computed(record[record["id"] == id], level=2 * confidence - 1)
    if found.empty:
        return _nothing("not_published", group=id, lacks="printed_number", measure="share")
    row = {str(name): value for name, value in found.iloc[0].to_dict().items()}
    ends = (row["conf_low"], row["conf_high"])
    if pd.isna(ends[0]):
        return row | {"lacks": "printed_base"}
    return row | {"low": min(ends[0], row["low"]), "high": max(ends[1], row["high"]), "lacks": ""}


def _printed_share(evidence: Evidence, options: Options, confidence: float) -> pd.DataFrame:
    return estimates.make([_printed(evidence, options["record"], confidence)])


def _two_printed(evidence: Evidence, options: Options, confidence: float) -> pd.DataFrame:
    """The first printed share less the second: from the least to the most that both intervals allow."""
    record = evidence.record
    assert record is not None
    ids = (options["record"], options["beside"])
    one, other = (_printed(evidence, id, confidence) for id in ids)
    row = {key: one.get(key, "") for key in ("programme", "variable", "data_status")}
    row |= {"group": "|".join(ids), "measure": "difference", "method": "printed", "note": "", "unit": "share"}
    rows = record.set_index("id", drop=False)
    verdict = indicators.comparability(rows.loc[ids[0]], rows.loc[ids[1]]).verdict
    lacks = one["lacks"] or other["lacks"]
    row |= {"estimate": one["estimate"] - other["estimate"], "lacks": lacks}
    if pd.isna(row["estimate"]):
        row |= {"note": one["note"] or other["note"]}
    if not lacks:
        row |= {"low": one["low"] - other["high"], "high": one["high"] - other["low"]}
        row |= {"conf_low": row["low"], "conf_high": row["high"]}
    if verdict == "not_comparable" and lacks != "printed_number":
        row |= {"lacks": "comparable_record", "note": "not_comparable"}
    return estimates.make([row])


Source = Callable[[Evidence, Options, float], pd.DataFrame]
SOURCES: Mapping[str, Source] = {
    "official_gap": _official,
    "account": _account,
    "printed_at_least": _printed_share,
    "printed_near": _two_printed,
}
