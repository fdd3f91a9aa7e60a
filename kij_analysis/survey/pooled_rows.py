"""Which estimates may be pooled, and on which scale: what is not the same thing is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.survey.design import Floats

RATIOS = ("ratio", "odds_ratio", "hazard_ratio")
"""Measures that are pooled as logarithms."""
KEPT = ("variable", "category", "measure")
SAME = (
    *KEPT, "estimand", "role", "wave", "unit", "outcome_type", "denominator", "timing", "timing_months",
    "cut_off", "population", "steps",
)  # fmt: skip
"""What must not differ between estimates that are pooled, as far as it is there."""
MADE_UP = ("synthetic", "assumed")


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The estimates that are pooled, as numbers on the scale on which they are, and those left out."""

    frame: pd.DataFrame
    names: tuple[str, ...]
    left_out: tuple[str, ...]
    statuses: tuple[str, ...]
    effect: Floats
    error: Floats
    ratio: bool
    verdict: str = ""
    what: Mapping[str, str] = field(default_factory=dict)

    @property
    def k(self) -> int:
        """How many there are."""
        return len(self.effect)

    def spoken(self, mean: float, error: float, low: float, high: float) -> dict[str, float]:
        """An estimate brought back from the scale of the pooling."""
        value = float(np.exp(mean)) if self.ratio else mean
        own = error * value if self.ratio else error
        return {"estimate": value, "std_error": own} | self.ends("conf", low, high)

    def ends(self, name: str, low: float, high: float) -> dict[str, float]:
        """The two ends of an interval brought back from the scale of the pooling."""
        both = np.exp([low, high]) if self.ratio else np.array([low, high])
        return {f"{name}_low": float(both[0]), f"{name}_high": float(both[1])}


def rows_of(estimates: pd.DataFrame, by: str, verdicts: pd.DataFrame | None = None) -> Rows:
    """The rows that may be pooled.

    Raises
    ------
    UsageError
        If they may not, or if a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"programme": ["a", "b"], "measure": "ratio", "estimate": [1.0, 2.0],
    ...     "std_error": [0.1, 0.2], "data_status": "observed", "note": ""})
    >>> rows_of(frame, "programme").error.round(2).tolist()
    [0.1, 0.1]
    """
    for name in (by, "estimate", "std_error", "data_status"):
        if name not in estimates.columns:
            raise UsageError(f"The frame has no column '{name}'.", fix=did_you_mean(name, estimates.columns))
    names = estimates[by].astype("str")
    noted = estimates.get("note", pd.Series("", index=estimates.index)) != ""
    silent = estimates["estimate"].isna() & noted
    frame = estimates[~silent]
    _check(frame, by)
    verdict = _judged(tuple(names[~silent]), verdicts)
    ratio = bool(len(frame)) and "measure" in frame and frame["measure"].iloc[0] in RATIOS
    effect, error = (frame[name].to_numpy("float64") for name in ("estimate", "std_error"))
    if ratio:
        if (effect <= 0).any():
            raise UsageError("A ratio is 0 or less, so it has no logarithm.", fix="Leave it out, and say so.")
        effect, error = np.log(effect), error / effect
    return Rows(
        frame=frame,
        names=tuple(names[~silent]),
        left_out=tuple(names[silent]),
        statuses=tuple(estimates["data_status"].unique()) or ("observed",),
        effect=effect,
        error=error,
        ratio=ratio,
        verdict=verdict,
        what=_what(estimates),
    )


def _what(estimates: pd.DataFrame) -> dict[str, str]:
    """Variable, category and measure of the rows; an empty frame tells none."""
    if estimates.empty:
        return {"measure": "mean"}
    return {name: str(estimates[name].iloc[0]) for name in KEPT if name in estimates}


def _check(frame: pd.DataFrame, by: str) -> None:
    differ = [name for name in SAME if name in frame and frame[name].nunique(dropna=False) > 1]
    if differ:
        named = listed(sorted(frame[differ[0]].astype("str").unique()))
        what = f"The estimates are not of the same thing: {differ[0]} is {named}."
        raise UsageError(what, fix="Pool only what estimates the same.")
    statuses = set(frame["data_status"])
    if statuses & set(MADE_UP) and len(statuses) > 1:
        what = f"The estimates are not of one kind: data_status is {listed(sorted(statuses))}."
        raise UsageError(what, fix="Made-up or assumed numbers are pooled with none but their own kind.")
    lacking = frame.loc[
        ~(frame["std_error"] > 0) | ~np.isfinite(frame["std_error"]) | frame["estimate"].isna(), by
    ]
    if len(lacking):
        what = f"There is no estimate with a standard error above 0 for {listed(lacking)}."
        raise UsageError(what, fix="Leave them out, and say so; a standard error is never guessed.")
    twice = frame.loc[frame[by].duplicated(), by].unique()
    if len(twice):
        raise UsageError(f"{listed(twice)} stands twice.", fix="One estimate of each programme or study.")


def _judged(names: Iterable[str], verdicts: pd.DataFrame | None) -> str:
    """The gravest verdict about two of the rows; a pair that may not be compared may not be pooled."""
    if verdicts is None:
        return ""
    known = set(names)
    own = verdicts[verdicts["a"].astype("str").isin(known) & verdicts["b"].astype("str").isin(known)]
    pairs = {frozenset(pair) for pair in zip(own["a"].astype("str"), own["b"].astype("str"), strict=True)}
    if len(pairs) < len(known) * (len(known) - 1) / 2:
        raise UsageError(
            "The verdicts do not speak of every two of the rows.",
            fix="Judge the same rows: kij_analysis.indicators.matrix(rows), and name them by id.",
        )
    wrong = own[own["verdict"] == "not_comparable"]
    if len(wrong):
        first = wrong.iloc[0]
        because = str(first["reasons"]).replace("|", ", ")
        what = f"'{first['a']}' and '{first['b']}' may not be compared ({because}), so they are not pooled."
        raise UsageError(
            what, fix="Pool only what may be compared; kij_analysis.indicators.comparability says why."
        )
    return "caution" if (own["verdict"] == "caution").any() else "comparable" if len(own) else ""
