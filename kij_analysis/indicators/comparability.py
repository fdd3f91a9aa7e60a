"""Whether two printed numbers may be compared, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.indicators.judging import VERDICTS, Difference, Rules
from kij_analysis.indicators.judging import rules as shipped_rules
from kij_analysis.words import Words, as_words

MOMENTS = ("at_end", "after_k_months")
PERIODS = ("during", "within_k_months", "ever")
FIELDS = (
    "programme", "indicator", "unit", "precision", "outcome_type", "denominator", "timing", "timing_months",
    "year_from", "year_to", "cut_off", "role", "population", "n", "response_rate", "confidence",
    "data_status",
)  # fmt: skip
"""The fields of a record that are looked at."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The verdict about two records, with the differences that it rests on, the gravest first.

    `verdict` is ``comparable``, ``caution`` (comparable with caution) or ``not_comparable``.
    """

    verdict: str
    reasons: tuple[Difference, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons; their words stand in the catalogue under ``comparability.reason``."""
        return tuple(reason.code for reason in self.reasons)

    def sentence(self, words: Words | str, *, years: float = 5) -> str:
        """The verdict and its reasons in words; `years` is the limit of the rules.

        Examples
        --------
        >>> from kij_analysis.indicators.judging import rules
        >>> Comparison(verdict="caution", reasons=(rules().differences["not_exact"],)).sentence("en")
        'Comparable with caution: a number is not printed as exact.'
        """
        say = as_words(words)
        verdict = say(f"comparability.verdict.{self.verdict}")
        if not self.reasons:
            return f"{say.sentence(verdict)}."
        told = [say(f"comparability.reason.{code}", years=say.number(years)) for code in self.codes]
        return say("comparability.sentence", verdict=say.sentence(verdict), list="; ".join(told))


def comparability(
    a: Mapping[str, Any] | pd.Series, b: Mapping[str, Any] | pd.Series, *, rules: Rules | None = None
) -> Comparison:
    """Whether two records of the printed record may be compared.

    Every difference is judged by the rules; the gravest decides. What is not printed calls for caution, as
    it may be anything. The order of the two does not matter.

    Parameters
    ----------
    a, b
        Two rows of `kij_analysis.indicators.load`, or mappings with the same fields; `country` may be added.
    rules
        What forbids and what calls for caution; the shipped rules if None.

    Returns
    -------
    Comparison

    Raises
    ------
    UsageError
        If a record lacks a field.

    Examples
    --------
    >>> from kij_analysis.indicators import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published").set_index("id", drop=False)
    >>> scheme = "public_mentor_scheme_dk_copes_better"
    >>> found = comparability(record.loc[f"{scheme}_mentors_2015"], record.loc[f"{scheme}_mentees_2015"])
    >>> found.verdict, found.codes[0]
    ('not_comparable', 'roles_differ')
    """
    judged = rules or shipped_rules()
    one, other = _fields(a, judged), _fields(b, judged)
    found = dict.fromkeys(code for look in _LOOKS for code in look(one, other, judged))
    reasons = [judged.differences[code] for code in found]
    kept = [reason for reason in reasons if reason.verdict != "ignored"]
    kept.sort(key=lambda reason: -VERDICTS.index(reason.verdict))
    return Comparison(verdict=kept[0].verdict if kept else "comparable", reasons=tuple(kept))


def matrix(record: pd.DataFrame, *, rules: Rules | None = None) -> pd.DataFrame:
    """The verdict for every two records of a set.

    Returns
    -------
    DataFrame
        One row per pair: `a` and `b` (ids, in the order of the set), `verdict`, `reasons` (codes, the
        gravest first, joined by ``|``) and `data_status` (the weaker of the two).

    Raises
    ------
    UsageError
        If an id stands twice.

    Examples
    --------
    >>> from kij_analysis.indicators import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published").head(3)
    >>> matrix(record)["verdict"].tolist()
    ['not_comparable', 'not_comparable', 'not_comparable']
    """
    from kij_analysis.study import weakest

    twice = record.loc[record["id"].duplicated(), "id"]
    if len(twice):
        raise UsageError(f"The ids {listed(twice)} stand twice.", fix="Give each record its own.")
    rows = []
    for one, other in combinations(record.to_dict("records"), 2):
        found = comparability(one, other, rules=rules)
        status = weakest([one["data_status"], other["data_status"]])
        rows.append((one["id"], other["id"], found.verdict, "|".join(found.codes), status))
    return pd.DataFrame(rows, columns=["a", "b", "verdict", "reasons", "data_status"])


Fields = dict[str, Any]


def _fields(record: Mapping[str, Any] | pd.Series, rules: Rules) -> Fields:
    entry = dict(record)
    absent = [name for name in FIELDS if name not in entry]
    if absent:
        raise UsageError(
            f"A record lacks {listed(absent)}.", fix="Use rows of kij_analysis.indicators.load, or add them."
        )
    own = {name: None if pd.isna(entry[name]) else entry[name] for name in FIELDS}
    return own | {"country": entry.get("country") or rules.countries.get(entry["programme"], "")}


def _what(a: Fields, b: Fields, rules: Rules) -> Iterator[str]:
    """What kind of number each is, and what it measures."""
    statuses = {a["data_status"], b["data_status"]}
    if "synthetic" in statuses or "assumed" in statuses:
        yield "synthetic_data"
    if a["unit"] != b["unit"]:
        yield "unit_differs"
    kinds = {a["outcome_type"], b["outcome_type"]}
    if kinds & {"target", "plan"}:
        yield "target_or_plan"
    elif len(kinds) == 2:
        yield "status_and_perception" if "status" in kinds else "type_differs"
    if a["indicator"] != b["indicator"]:
        nested = rules.contains(a["indicator"], b["indicator"]) or rules.contains(
            b["indicator"], a["indicator"]
        )
        yield "part_of_the_other" if nested else "indicator_differs"


def _whose(a: Fields, b: Fields, rules: Rules) -> Iterator[str]:
    """Who answered, and about whom."""
    roles = {a["role"], b["role"]}
    if "unknown" in roles:
        yield "role_unknown"
    if roles >= {"mentor", "mentee"} or ("mentor" in roles and roles & {"register", "programme"}):
        yield "roles_differ"
    elif "both" in roles and len(roles - {"unknown"}) > 1:
        yield "roles_mixed"
    elif "register" in roles and len(roles - {"unknown"}) > 1:
        yield "register_and_account"
    people = {a["population"], b["population"]}
    if people >= {"women", "men"}:
        yield "sexes_differ"
    elif "unknown" in people:
        yield "population_unknown"
    elif len(people) == 2:
        yield "population_differs"


def _base(a: Fields, b: Fields, rules: Rules) -> Iterator[str]:
    """Of whom the share is taken."""
    bases = frozenset({a["denominator"], b["denominator"]})
    if "unknown" in bases:
        yield "denominator_unknown"
    elif len(bases) == 2:
        if bases in rules.close:
            yield "denominator_close"
        else:
            yield "respondents_only" if "respondents" in bases else "denominator_differs"
    if "respondents" in bases and any(
        r["denominator"] == "respondents" and r["response_rate"] is None for r in (a, b)
    ):
        yield "non_response_unknown"


def _when(a: Fields, b: Fields, rules: Rules) -> Iterator[str]:
    """When it was measured, and in which years."""
    timings = [a["timing"], b["timing"]]
    if "unknown" in timings:
        yield "timing_unknown"
    elif not all(timing == "not_applicable" for timing in timings):
        yield from _timing(a, b, rules)
    if a["year_from"] is None or b["year_from"] is None:
        yield "year_unknown"
    elif _gap(a, b) > rules.years:
        yield "years_apart"


def _timing(a: Fields, b: Fields, rules: Rules) -> Iterator[str]:
    both = {a["timing"], b["timing"]}
    if len(both & set(MOMENTS)) and len(both & set(PERIODS)):
        yield "moment_and_period"
        return
    months = [0 if r["timing"] == "at_end" else r["timing_months"] for r in (a, b)]
    if both <= set(MOMENTS) or both == {"within_k_months"}:
        apart = abs(float(months[0] or 0) - float(months[1] or 0))
        if apart > rules.months:
            yield "months_apart"
        elif apart:
            yield "timing_close"
    elif len(both) == 2:
        yield "months_apart"


def _gap(a: Fields, b: Fields) -> float:
    """The years between two periods; none where they overlap."""
    return max(float(a["year_from"] - b["year_to"]), float(b["year_from"] - a["year_to"]), 0.0)


def _how(a: Fields, b: Fields, rules: Rules) -> Iterator[str]:
    """How it was counted, printed and read."""
    cuts = {a["cut_off"], b["cut_off"]}
    if "unknown" in cuts:
        yield "cut_off_unknown"
    elif len(cuts) == 2:
        yield "cut_off_differs"
    if a["country"] and b["country"] and a["country"] != b["country"]:
        yield "countries_differ"
    if any(r["precision"] != "exact" for r in (a, b)):
        yield "not_exact"
    if any(r["confidence"] == "low" for r in (a, b)):
        yield "source_weak"
    if any(r["n"] is None for r in (a, b)):
        yield "uncertainty_unknown"


_LOOKS = (_what, _whose, _base, _when, _how)
