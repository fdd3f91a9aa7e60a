"""The sentence that may be printed about a result, and the refusal of any that claims more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.claims.declaring import check_claims, codes
from kij_analysis.claims.designs import ASSUMPTIONS, CAUSAL_ESTIMANDS, CAUSAL_FROM, WOULD_RAISE
from kij_analysis.errors import UsageError, listed
from kij_analysis.words import Words, as_words, causal_words

SHARES = ("share", "risk_difference", "survival")
RATIOS = ("ratio", "odds_ratio", "hazard_ratio")
DIFFERENCES = ("difference", "risk_difference")
SCALED = ("d_z", "d_av", "g_z", "g_av", "g")
"""Units of standardised changes."""


def claim(
    result: pd.DataFrame | pd.Series | Mapping[str, Any],
    words: Words | str,
    *,
    causal: bool | None = None,
    assumptions: bool | None = None,
) -> str:
    """The sentence that may be printed about a result, as strong as its level bears and no stronger.

    Below level 3 it tells a share, a change or a difference and says what is not known. From level 3 on a
    result whose estimand asks what would have been without the programme is told as an estimate of that, with
    the assumptions on which it rests.

    Parameters
    ----------
    result
        A row of estimates that has been through `declare`, or a frame: then the sentences of its rows.
    words
        The words, or the name of a language.
    causal
        Whether the sentence is to name a cause; None for what the level bears.
    assumptions
        Whether the assumptions are named; None for where the sentence names a cause.

    Raises
    ------
    UsageError
        If a cause is asked for below level 3 or for an estimand that is none, or if the result does not say
        its design and level.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> from kij_analysis.claims import declare
    >>> row = {"programme": "fika", "variable": "employed", "measure": "risk_difference", "estimate": 0.05,
    ...        "n": 90, "method": "none", "data_status": "observed"}
    >>> found = declare(e.make([row]), design="comparison_raw", estimand="mean_difference")
    >>> claim(found, "en").split(" than ")[0]
    'FIKA, employed: 5 percentage points higher among those who took part'
    >>> claim(found, "en", causal=True)
    Traceback (most recent call last):
    kij_analysis.errors.UsageError: A result of the design 'comparison_raw' has level 2; words that name a \
cause need level 3. Leave causal=True out. What would raise the level: 'balance', 'entry_outcome', 'draw'.
    """
    say = as_words(words)
    frame = result if isinstance(result, pd.DataFrame) else pd.DataFrame([dict(result)])
    check_claims(frame)
    sentences = []
    for row in frame.to_dict("records"):
        strong = _strong(row, causal)
        named = strong if assumptions is None else assumptions
        sentences.append(_sentence({str(k): v for k, v in row.items()}, say, strong=strong, named=named))
    mark = say.mark(frame["data_status"])
    return " ".join([*sentences, *([f"{mark}."] if mark else [])])


def check_text(text: str, language: str, *, level: int) -> str:
    """A text of one's own, if it claims no more than a level bears.

    Raises
    ------
    UsageError
        If it names a cause below level 3.

    Examples
    --------
    >>> check_text("Confidence is higher at the end than at entry.", "en", level=2)
    'Confidence is higher at the end than at entry.'
    >>> check_text("Confidence rose because of the mentors.", "en", level=2)
    Traceback (most recent call last):
    kij_analysis.errors.UsageError: The text names a cause ('because of'), which needs level 3; the result \
has level 2. Say what has changed or differs, not why.
    """
    found = causal_words(text, language)
    if found and level < CAUSAL_FROM:
        raise UsageError(
            f"The text names a cause ({listed(found)}), which needs level {CAUSAL_FROM}; "
            f"the result has level {level}.",
            fix="Say what has changed or differs, not why.",
        )
    return text


def explained(estimates: pd.DataFrame, words: Words | str) -> pd.DataFrame:
    """What each kind of result in a frame carries, in words: one row for each design and estimand.

    Returns
    -------
    DataFrame
        `estimand`, `design`, `maryland`, and as sentences `assumptions` and `would_raise`.

    Examples
    --------
    >>> from kij_analysis.claims import declare
    >>> found = declare(pd.DataFrame({"estimate": [1.0]}), design="randomised", estimand="itt")
    >>> explained(found, "en")[["design", "maryland"]].values.tolist()
    [['drawn by lot', 5]]
    """
    say = as_words(words)
    check_claims(estimates)
    names = ["estimand", "design", "maryland", "assumptions", "would_raise"]
    rows = []
    for row in estimates[names].drop_duplicates().to_dict("records"):
        assumed = [say(f"assumption.{code}") for code in codes(row["assumptions"], ASSUMPTIONS)]
        raising = [say(f"would_raise.{code}") for code in codes(row["would_raise"], WOULD_RAISE)]
        rows.append(
            {
                "estimand": say(f"estimand.{row['estimand']}"),
                "design": say(f"design.{row['design']}"),
                "maryland": int(row["maryland"]),
                "assumptions": "; ".join(assumed),
                "would_raise": "; ".join(raising),
            }
        )
    return pd.DataFrame(rows, columns=names)


def _strong(row: Mapping[Any, Any], causal: bool | None) -> bool:
    """Whether the sentence of a row names a cause; refused where it may not."""
    level, bears = int(row["maryland"]), row["estimand"] in CAUSAL_ESTIMANDS
    if causal and level < CAUSAL_FROM:
        raising = listed(codes(row["would_raise"], WOULD_RAISE))
        raise UsageError(
            f"A result of the design '{row['design']}' has level {level}; words that name a cause need "
            f"level {CAUSAL_FROM}.",
            fix=f"Leave causal=True out. What would raise the level: {raising}.",
        )
    if causal and not bears:
        raise UsageError(
            f"The estimand '{row['estimand']}' does not ask what would have been without the programme.",
            fix=f"Leave causal=True out, or estimate one of {listed(CAUSAL_ESTIMANDS)}.",
        )
    return bears and level >= CAUSAL_FROM if causal is None else causal


def _sentence(row: Mapping[str, Any], say: Words, *, strong: bool, named: bool) -> str:
    subject = _subject(row, say)
    if pd.isna(row["estimate"]):
        return say("claim.missing", subject=subject, note=say(f"note.{row['note']}"))
    parts = [_told(row, subject, say, strong=strong)]
    if _uncertain(row):
        parts.append(say("claim.open"))
    if named:
        assumed = [say(f"assumption.{code}") for code in codes(row["assumptions"], ASSUMPTIONS)]
        parts.append(say("claim.only_if", list="; ".join(assumed)))
    if not strong:
        parts.append(say(f"claim.caveat.{_caveat(row)}"))
    return " ".join(parts)


def _caveat(row: Mapping[str, Any]) -> str:
    """What is not known: the design says it below level 3; above, only that no cause is told."""
    below = ("outcome_only", "association", "before_after", "comparison_raw")
    return str(row["design"]) if row["design"] in below else "compared"


def _subject(row: Mapping[str, Any], say: Words) -> str:
    everybody = row["programme"] in ("", "all")
    programme = say("claim.everybody") if everybody else say.programme(str(row["programme"]))
    what = say.variable(str(row["variable"]))
    if row["category"] not in ("", "yes", "changed"):
        what = f"{what}: {say.category(str(row['variable']), str(row['category']))}"
    return say("claim.subject", programme=programme, what=what)


def _told(row: Mapping[str, Any], subject: str, say: Words, *, strong: bool) -> str:
    value, measure, basis = float(row["estimate"]), row["measure"], _basis(row, say)
    if strong:
        amount = spoken_amount(row, value, say, signed=True)
        whom, level = say(f"estimand.{row['estimand']}"), int(row["maryland"])
        return say("claim.effect", level, subject=subject, whom=whom, amount=amount, basis=basis)
    amount = spoken_amount(row, abs(value), say)
    way = _way(row, value, say)
    if measure == "change":
        waves = {name: say(f"wave.{row[name]}") if row.get(name) else "" for name in ("wave_1", "wave_2")}
        if all(waves.values()):
            values = {"subject": subject, "amount": amount, "basis": basis}
            return say(f"claim.change.{way}", first=waves["wave_1"], second=waves["wave_2"], **values)
    if measure == "correlation" and row.get("dose"):
        own = {"dose": say.variable(str(row["dose"])), "subject": subject, "basis": basis}
        return say(f"claim.association.{way}", amount=spoken_amount(row, value, say), **own)
    if measure in DIFFERENCES and row.get("first") and row.get("second"):
        pair = {name: _group(str(row[name]), say) for name in ("first", "second")}
        return say(f"claim.between.{way}", subject=subject, amount=amount, basis=basis, **pair)
    if measure in DIFFERENCES and row["design"] not in ("outcome_only", "association", "before_after"):
        return say(f"claim.difference.{way}", subject=subject, amount=amount, basis=basis)
    amount = spoken_amount(row, value, say, signed=measure in ("change", *DIFFERENCES))
    return say("claim.value", subject=subject, amount=amount, basis=basis)


def _group(code: str, say: Words) -> str:
    return say.programme(code)


def _way(row: Mapping[str, Any], value: float, say: Words) -> str:
    """Higher or lower, or the same where the printed number is zero."""
    nothing = spoken_amount(row, abs(value), say) == spoken_amount(row, 0.0, say)
    return "same" if nothing else "higher" if value > 0 else "lower"


def spoken_amount(
    row: Mapping[str, Any], value: float, say: Words, *, signed: bool = False, bare: bool = False
) -> str:
    """A number of an estimate in its unit: percentage points, points, standard deviations, a share.

    The unit is the column `unit` (``"share"``, ``"points"``, a standardised one, or empty for a bare number);
    without it shares are told as shares, and differences and changes of shares as percentage points. `bare`
    leaves the unit out, as at the ends of an interval; the sign of a share stays.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> spoken_amount({"measure": "change", "unit": "points"}, 5.2, load("en"), signed=True)
    '+5.2 points'
    """
    unit = _unit(row)
    number = ("+" if signed and value > 0 else "") + _bare(row, value, say)
    if bare:
        return number
    if unit == "share" and row["measure"] not in ("share", "survival"):
        return say("claim.amount.share", number=number)
    if unit == "points":
        return say("claim.amount.points", number=number)
    return say("claim.amount.scaled", number=number) if unit in SCALED else number


def _unit(row: Mapping[str, Any]) -> str:
    return row.get("unit") or ("share" if row["measure"] in (*SHARES, "change") else "")


def _bare(row: Mapping[str, Any], value: float, say: Words) -> str:
    """The number without its unit, but for a share, which keeps its sign."""
    unit, measure = _unit(row), row["measure"]
    if unit == "share":
        return say.share(value) if measure in ("share", "survival") else say.number(100 * value)
    exact = unit in SCALED or measure in (*RATIOS, "correlation", "kappa")
    return say.number(value, digits=2 if exact else 1)


def _basis(row: Mapping[str, Any], say: Words) -> str:
    """The interval and the number of persons, as far as they are there."""
    parts = []
    if not pd.isna(row["conf_low"]) and not pd.isna(row["conf_high"]):
        ends = [_bare(row, float(row[end]), say) for end in ("conf_low", "conf_high")]
        level = row.get("level")
        share = say.share(0.95 if level is None or pd.isna(level) else float(level))
        parts.append(say("claim.interval", level=share, low=ends[0], high=ends[1]))
    parts.append(say("claim.base", n="–" if pd.isna(row["n"]) else say.number(row["n"])))
    return ", ".join(parts)


def _uncertain(row: Mapping[str, Any]) -> bool:
    """Whether an interval of a change, a difference or a ratio holds that there is none."""
    nothing = 1.0 if row["measure"] in RATIOS else 0.0
    comparing = row["measure"] in ("change", *DIFFERENCES, *RATIOS, "correlation")
    return comparing and bool(row["conf_low"] < nothing < row["conf_high"])
