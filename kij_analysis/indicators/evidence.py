"""The evidence base: printed results of studies of other programmes, each with its design and level."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from kij_analysis.errors import Problem, StudyError, did_you_mean
from kij_analysis.indicators.record import folder_of, read_sources
from kij_analysis.indicators.sheets import read_sheet

FILE = "evidence.csv"
LEVELS: Mapping[str, int | None] = {
    "randomised": 5, "randomised_weighted": 4, "discontinuity": 4, "policy_change": 3, "matched": 3,
    "timing_of_events": 3, "descriptive": 1, "unclear": None, "review": None,
}  # fmt: skip
"""The level on the Maryland scientific methods scale (Sherman and others 1998) that each design has."""

BANDS = ((6.0, "to_6"), (18.0, "to_18"), (36.0, "to_36"), (float("inf"), "over_36"))
"""Follow-ups that count as the same time, by their last month."""


def evidence(place: Any) -> pd.DataFrame:
    """What studies of other programmes have printed, one result a row, each with its source.

    These are results of others' programmes and say nothing about the three. An estimate is in the unit of its
    measure (percentage points for ``risk_difference``); standard errors, intervals and numbers of persons are
    empty where they are not printed, and a finding in words has no estimate.

    Parameters
    ----------
    place
        A study, or the folder that holds evidence.csv and sources.csv.

    Returns
    -------
    DataFrame
        The columns of the schema in its order, numbers as floats, persons and level as whole numbers
        (Int64), the others as text.

    Raises
    ------
    StudyError
        If a sheet is wrong: all problems at once, with file, row and column.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> found = evidence(template_folder() / "data" / "raw" / "published").set_index("id")
    >>> print(*found.loc["forwork_employed_women", ["estimate", "measure", "design", "level"]])
    13.0 risk_difference randomised 5
    """
    folder = folder_of(place)
    origins, problems = read_sources(folder)
    frame, found = read_sheet(folder / FILE, sheet="evidence")
    problems = [*problems, *found, *_across(frame, set(origins["id"]), f"{folder.name}/{FILE}")]
    if problems:
        raise StudyError(sorted(problems, key=lambda problem: (problem.file, problem.row or 0)))
    return frame.reset_index(drop=True)


def poolable(evidence: pd.DataFrame) -> pd.DataFrame:
    """Which results estimate the same thing and are printed with a standard error; only those may be pooled.

    Results share an estimand if they have the outcome, the measure, the sex, the background and the band of
    the follow-up in common. Nothing is pooled here.

    Parameters
    ----------
    evidence
        What `evidence` returns.

    Returns
    -------
    DataFrame
        The rows with `estimand` (the five parts joined by ``|``), `poolable`, and `why_not`:
        ``no_number``, ``no_comparison``, ``no_standard_error``, or ``alone`` where no other study with a
        standard error has this estimand.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> found = poolable(evidence(template_folder() / "data" / "raw" / "published"))
    >>> bool(found["poolable"].any()), found.loc[1, ["estimand", "why_not"]].tolist()
    (False, ['employed|risk_difference|women|refugees|to_36', 'no_standard_error'])
    """
    bands = [_band(row) for row in evidence.to_dict("records")]
    parts = evidence[["outcome", "measure", "sex", "background"]].assign(band=bands)
    estimand = parts.astype("str").agg("|".join, axis=1)
    why = pd.Series("", index=evidence.index, dtype="str")
    why = why.mask(evidence["standard_error"].isna(), "no_standard_error")
    why = why.mask(evidence["measure"].isin(["share", "share_of_estimates"]), "no_comparison")
    why = why.mask(evidence["estimate"].isna(), "no_number")
    usable = evidence["study"].where(why == "").groupby(estimand).transform("nunique")
    why = why.mask((why == "") & (usable < 2), "alone")
    return evidence.assign(estimand=estimand, poolable=why == "", why_not=why)


def _band(row: Mapping[str, Any]) -> str:
    """The band of the follow-up, by its last month; open and unprinted ends have a band of their own."""
    last = row["months_to"]
    if pd.isna(last):
        return "unknown" if pd.isna(row["months_from"]) else "over_36"
    return next(name for limit, name in BANDS if last <= limit)


Finding = tuple[str, str, str]


def _across(frame: pd.DataFrame, known: set[str], file: str) -> Iterator[Problem]:
    """What is wrong between the cells of a row, and between rows."""
    seen: set[str] = set()
    for row, entry in zip(frame.index, frame.to_dict("records"), strict=True):
        findings = [*_level(entry), *_numbers(entry), *_persons(entry)]
        if entry["id"] in seen:
            findings.append(("id", f"'{entry['id']}' is the id of another row.", "Give each row its own."))
        if known and entry["source"] and entry["source"] not in known:
            hint = did_you_mean(entry["source"], known)
            what = f"'{entry['source']}' is not listed in sources.csv."
            findings.append(("source", what, f"{hint} Or list it there first."))
        seen.add(entry["id"])
        for column, what, fix in findings:
            yield Problem(what=what, fix=fix, file=file, row=row, column=column)


def _level(entry: Mapping[str, Any]) -> Iterator[Finding]:
    if entry["design"] in LEVELS:
        level = LEVELS[entry["design"]]
        printed = None if pd.isna(entry["level"]) else int(entry["level"])
        if printed != level:
            fix = "Leave it empty." if level is None else f"Write {level}."
            yield "level", f"The design '{entry['design']}' does not have the level {printed}.", fix


def _numbers(entry: Mapping[str, Any]) -> Iterator[Finding]:
    """The estimate against its measure, its precision and its uncertainty."""
    value, low, high = entry["estimate"], entry["conf_low"], entry["conf_high"]
    text = entry["measure"] == "text"
    if text != bool(pd.isna(value)):
        what = "A number stands here, but the measure is text." if text else "No number stands here."
        yield "estimate", what, "Write the measure 'text' exactly where no number is printed."
    if text != (entry["precision"] == "not_printed"):
        yield "precision", f"'{entry['precision']}' does not fit.", "not_printed goes with the measure text."
    for name in ("standard_error", "conf_low", "conf_high"):
        if pd.isna(value) and not pd.isna(entry[name]):
            yield name, "It stands here without an estimate.", "Write the estimate, or empty it."
    if pd.isna(low) != pd.isna(high):
        yield "conf_high", "Only one end of the interval stands here.", "Write both, or none."
    if value < low or value > high:
        yield "conf_low", f"The estimate {value:g} lies outside its interval.", "Check all three."
    if entry["months_to"] < entry["months_from"]:
        yield "months_to", "The follow-up ends before it begins.", "Exchange the two."


def _persons(entry: Mapping[str, Any]) -> Iterator[Finding]:
    parts = sum(int(entry[name]) for name in ("n_treated", "n_control") if not pd.isna(entry[name]))
    if not pd.isna(entry["n_total"]) and parts > entry["n_total"]:
        what = f"The groups have {parts} persons, both together {entry['n_total']}."
        yield "n_total", what, "Check them against the source."
