"""One question under every way of dealing with those who did not answer, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.survey.groups import categories, check_columns, grouped, result, why_empty
from kij_analysis.survey.intervals import check_level
from kij_analysis.survey.nonresponse import ways
from kij_analysis.survey.nonresponse.margins import asked_of, checked, women_of
from kij_analysis.survey.nonresponse.roster import check_persons, roster
from kij_analysis.survey.nonresponse.ways import Asking

DELTAS = (-0.2, -0.1, 0.1, 0.2)
EXTRA = (
    "approach", "wave", "low", "high", "shift", "asked", "rate", "effective_n", "m", "df", "model",
    "left_out", "level",
)  # fmt: skip
"""The columns to the right of the estimates."""
APPROACHES = ("complete_cases", "margins", "dropout", "imputation", "delta", "worst_case")


def nonresponse(
    frame: pd.DataFrame,
    variable: str,
    *,
    answer: Sequence[object] | str = (),
    wave: str = "end",
    entry: str = "entry",
    predictors: Sequence[str] = ("education_group", "age"),
    margins: pd.DataFrame | None = None,
    method: str = "raking",
    deltas: Sequence[float] = DELTAS,
    m: int = 50,
    seed: int = 20261121,
    sampled: bool = False,
    population: str = "women",
    level: float = 0.95,
) -> pd.DataFrame:
    """One share of each programme under every way of dealing with those who did not answer, side by side.

    How far the rows of a programme lie apart is how much the answer depends on those who are silent. No row
    is the right one: each says what it takes for granted.

    Parameters
    ----------
    frame
        Harmonised answers of one role in all waves, with the columns of the persons
        (``data.with_people().query("role == 'mentee'")``).
    variable
        A column with categories, or true and false.
    answer
        The answer whose share is wanted, or several that count alike (``["employed", "subsidised_job"]``);
        for true and false *yes*, for categories each of them by itself if empty.
    wave, entry
        When the question was asked, and when everybody who could be reached was asked about herself.
    predictors
        What was known at entry of those who answered later and of those who did not; the answer to the same
        question at entry is added. Columns that do not vary are left out.
    margins
        Known numbers of participants (`survey.margins`, or a frame like it): without them nobody knows how
        many were asked, and there are no margins to weight to.
    method
        How weights are brought to the margins, as in `Calibration`.
    deltas
        By how much (fractions of 1) those who did not answer may differ.
    m, seed
        How many imputations, and from which seed.
    sampled
        Whether the participants stand for further persons. If not, they are all that the share is about, and
        the intervals hold nothing but what those who did not answer leave open.
    population, level
        As in `shares`.

    Returns
    -------
    DataFrame
        Estimates with measure *share*, for each programme and answer one row for each `approach`:
        *complete_cases* (those who answered, as if they were a random part), *margins* (weighted to known
        numbers), *dropout* (weighted by the inverse of the chance to answer, given what was known at entry),
        *imputation* (drawn from what else is known, pooled by Rubin's rules), *delta* (those who did not
        answer differ by `shift`) and *worst_case* (no estimate: `low` and `high` are the shares if none and
        if all of the others would have given the answer). `count` and `n` are those who answered, `asked` who
        was asked, `rate` n of them; `effective_n` is what weights leave of n, `model` the columns used. A row
        that cannot be had has a note: *no_margins*, *few_events*, *nobody_alike*, *unknown_base*, *too_few*,
        or why nobody answered.

    Raises
    ------
    UsageError
        If a column or wave is not in the frame, if it holds several roles or a person twice in a wave, if an
        answer is not one of the variable's, or if the margins are not numbers of persons.

    Notes
    -----
    Wilson intervals for known populations; calibration by Deville and Särndal 1992; drop-out by Kim and Kim
    2007; imputation by chained equations, Barnard and Rubin 1999; bounds by Manski 1989, with `sampled` the
    interval of Imbens and Manski 2004. See docs/methods.md.

    Examples
    --------
    >>> people = [f"p{number}" for number in range(40)]
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "person_id": [*people, *people[:25]], "wave": ["entry"] * 40 + ["end"] * 25, "age": 35.0,
    ...     "in_job": [False] * 40 + [True] * 10 + [False] * 15})
    >>> known = pd.DataFrame({"programme": ["fika"], "variable": [""], "category": [""], "total": [40]})
    >>> found = nonresponse(answers, "in_job", predictors=["age"], margins=known)
    >>> found.loc[found["approach"] == "worst_case", ["low", "high"]].values.tolist()
    [[0.25, 0.625]]
    """
    asking = Asking(
        variable=variable, wave=wave, entry=entry, predictors=tuple(predictors), deltas=tuple(deltas), m=m,
        seed=seed, sampled=sampled, population=population, level=level, method=method,
    )  # fmt: skip
    check_level(level)
    check_columns(frame, [variable, "wave", "person_id", *predictors])
    check_persons(frame, wave, entry)
    known = checked(margins)
    codes = _answers(frame, variable, answer)
    by = ["programme"] if "programme" in frame.columns else []
    whole = _needed(frame, asking, known).reset_index(drop=True)
    rows: list[dict[str, Any]] = []
    for group in grouped(whole, variable, by, population=population, level=level):
        everybody = whole[whole["programme"] == group.code] if by and group.code else whole
        for code, values in codes:
            later = everybody[everybody["wave"] == wave]
            left_out = len(later) - int(later.index.isin(group.persons.index).sum())
            common = group.common | {"category": code, "measure": "share", "wave": wave, "left_out": left_out}
            rows += _of_programme(group.persons, everybody, values, known, common, asking)
    return result(rows, by, EXTRA)


def _needed(frame: pd.DataFrame, asking: Asking, known: pd.DataFrame) -> pd.DataFrame:
    """The columns that are used: harmonised answers have two hundred."""
    there = known[known["programme"].isin(frame["programme"])] if "programme" in frame.columns else known
    anchors = [part for name in dict.fromkeys(there["variable"]) if name for part in str(name).split("|")]
    check_columns(frame, anchors)
    always = ("programme", "person_id", "wave", "gender", "data_status", f"{asking.variable}_missing")
    names = [name for name in always if name in frame.columns]
    return frame[list(dict.fromkeys([*names, asking.variable, *asking.predictors, *anchors]))]


def _answers(
    frame: pd.DataFrame, variable: str, answer: Sequence[object] | str
) -> list[tuple[str, list[object]]]:
    """(code, values) of each share that is wanted; answers that count alike are joined by "|"."""
    there = categories(frame, variable)
    if not answer:
        return [(code, [value]) for code, value in there] or [("", [])]
    wanted = [answer] if isinstance(answer, str) else list(answer)
    named = dict(there) | ({"no": False} if there == [("yes", True)] else {})
    strange = [str(one) for one in wanted if str(one) not in named and one not in named.values()]
    if strange:
        raise UsageError(f"'{variable}' has no answer {listed(strange)}.", fix=f"It has {listed(named)}.")
    codes = [
        str(one) if str(one) in named else next(c for c, v in named.items() if v == one) for one in wanted
    ]
    return [("|".join(codes), [named[code] for code in codes])]


def _of_programme(
    persons: pd.DataFrame,
    everybody: pd.DataFrame,
    values: list[object],
    known: pd.DataFrame,
    common: dict[str, Any],
    asking: Asking,
) -> list[dict[str, Any]]:
    programme = str(common["programme"])
    own = roster(
        persons, asking.variable, values, wave=asking.wave, entry=asking.entry, predictors=asking.predictors,
        asked=_asked(persons, everybody, known, programme, asking.population),
    )  # fmt: skip
    rate = own.n / own.asked if own.asked else np.nan
    row = common | {"model": "", "count": own.count, "n": own.n, "asked": own.asked, "rate": rate}
    if not own.n:
        later = persons[persons["wave"] == asking.wave]
        note = why_empty(later, asking.variable)
        return [row | {"note": note, "method": "none", "count": np.nan} | one for one in _every(asking)]
    complete = ways.complete(own, asking)
    found = [
        complete,
        ways.weighted(everybody, values, known, own, programme, asking),
        ways.dropout(own, asking),
        ways.imputed(own, asking),
        *(ways.shifted(own, complete, shift) for shift in asking.deltas),
        ways.bounds(own, asking),
    ]
    return [row | one for one in found]


def _every(asking: Asking) -> list[dict[str, Any]]:
    """A row for each way, with nothing in it."""
    shifts: list[dict[str, Any]] = [{"approach": "delta", "shift": shift} for shift in asking.deltas]
    first: list[dict[str, Any]] = [{"approach": name} for name in APPROACHES[:4]]
    return [*first, *shifts, {"approach": "worst_case"}]


def _asked(
    persons: pd.DataFrame, everybody: pd.DataFrame, known: pd.DataFrame, programme: str, population: str
) -> float:
    """How many persons of the population were asked: as declared, or as nobody else was."""
    there = persons["person_id"].nunique()
    asked = asked_of(known, programme)
    if population == "women":
        declared = women_of(known, programme)
        others = everybody["person_id"].nunique() > there
        asked = declared if declared == declared else (np.nan if others else asked)
    # More answers than invitations: one of the two numbers is wrong, so nothing can be bounded.
    return np.nan if asked < there else asked
