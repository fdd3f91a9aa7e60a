"""One set of persons under the definitions that printed shares use: how much of a spread is definition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from kij_analysis import estimates
from kij_analysis.errors import UsageError, listed, one_of
from kij_analysis.indicators.counting import OUTCOMES, Counted, of_mentees, of_mentors, persons_of
from kij_analysis.study import weakest
from kij_analysis.survey import women
from kij_analysis.survey.intervals import check_level, wilson

DENOMINATORS = (
    "respondents", "all_starters", "completers", "leavers", "job_seekers", "not_employed_before", "employed",
)  # fmt: skip
TIMINGS = ("at_end", "after_k_months", "ever")
PERSON = ["programme", "person_id"]


@dataclass(frozen=True, kw_only=True, order=True)
class Definition:
    """What is counted, among whom, when and by whose account.

    *after_k_months* is the follow-up survey, *ever* the end survey or the follow-up. *all_starters* are all
    who answered at entry, and who gave no later answer counts as not; the other bases hold only persons who
    answered.
    """

    indicator: str
    denominator: str
    timing: str
    role: str = "mentee"

    @property
    def code(self) -> str:
        """The parts joined, such as ``employed|respondents|at_end|mentee``."""
        return "|".join((self.indicator, self.denominator, self.timing, self.role))


RECOMMENDED: Mapping[str, Definition] = {
    "work": Definition(indicator="employed", denominator="respondents", timing="at_end"),
    "matching": Definition(indicator="matching_job", denominator="employed", timing="at_end"),
}
"""The definition that docs/methods.md argues for, by question."""

USUAL = (
    Definition(indicator="job_placement_or_education", denominator="completers", timing="at_end"),
    Definition(indicator="employed_or_education", denominator="respondents", timing="ever"),
    Definition(indicator="employed_or_education", denominator="completers", timing="at_end"),
    Definition(indicator="employed_or_education", denominator="respondents", timing="at_end"),
    Definition(indicator="employed_or_education", denominator="all_starters", timing="at_end"),
    Definition(indicator="employed", denominator="respondents", timing="after_k_months"),
    Definition(indicator="employed", denominator="completers", timing="at_end"),
    Definition(indicator="employed", denominator="respondents", timing="at_end"),
    Definition(indicator="employed", denominator="job_seekers", timing="at_end"),
    Definition(indicator="employed", denominator="not_employed_before", timing="at_end"),
    Definition(indicator="employed", denominator="all_starters", timing="ever"),
    Definition(indicator="employed", denominator="all_starters", timing="at_end"),
    Definition(indicator="matching_job", denominator="employed", timing="at_end"),
    Definition(indicator="matching_job", denominator="respondents", timing="at_end"),
    Definition(indicator="helped_to_find_work", denominator="respondents", timing="at_end", role="mentor"),
)
"""Definitions in which shares about the programmes have been printed, and their nearest neighbours."""


def definitions(
    answers: pd.DataFrame,
    *,
    chosen: Sequence[Definition] = USUAL,
    population: str = "women",
    level: float = 0.95,
    threshold: int = 0,
) -> pd.DataFrame:
    """The same persons counted under many definitions.

    Parameters
    ----------
    answers
        `data.answers` of a harmonised study: mentees at entry, end and follow-up, mentors at the end.
    chosen
        Which definitions; those in which shares have been printed if left out.
    population
        ``"women"`` or ``"all"``, of mentees. Mentors count whatever their gender.
    level
        The confidence level of the Wilson intervals.
    threshold
        Rows on fewer persons are hidden, and so are rows that would tell about fewer persons when one is
        subtracted from another: those in a placement, if work, placement or education stands beside work or
        education. The recommended definitions are kept before the others.

    Returns
    -------
    DataFrame
        Estimates with measure *share*, one row per programme and definition; to the right `indicator`,
        `denominator`, `timing`, `role`, `population`, `recommended` (true for the one that is argued for),
        `missing` (persons of the base without the answer) and `level`. What a programme did not ask is a
        row with a note.

    Raises
    ------
    UsageError
        If a definition names what cannot be counted, or a column is missing.

    Examples
    --------
    >>> people = [("a", "entry", "unemployed"), ("b", "entry", "unemployed"), ("a", "end", "employed")]
    >>> frame = pd.DataFrame(people, columns=["person_id", "wave", "labour_status"]).assign(
    ...     programme="fika", role="mentee", gender="woman", data_status="synthetic")
    >>> two = [Definition(indicator="employed", denominator=base, timing="at_end")
    ...        for base in ("respondents", "all_starters")]
    >>> definitions(frame, chosen=two)[["denominator", "estimate"]].values.tolist()
    [['respondents', 1.0], ['all_starters', 0.5]]
    """
    check_level(level)
    _check(answers, chosen)
    order = sorted(chosen, key=lambda wanted: wanted not in RECOMMENDED.values())
    rows = []
    for programme, part in answers.groupby("programme", sort=False):
        mentees = women(part[part["role"] == "mentee"], population).frame
        persons, mentors = persons_of(mentees), part[part["role"] == "mentor"].set_index("person_id")
        told = {
            wanted: of_mentors(mentors)
            if wanted.role == "mentor"
            else of_mentees(persons, wanted.indicator, wanted.denominator, wanted.timing)
            for wanted in order
        }
        kept = _kept(told, threshold)
        status = weakest(part["data_status"].unique())
        for wanted in chosen:
            row = _row(wanted, told[wanted], level) if wanted in kept else _hidden(wanted, level)
            own = population if wanted.role == "mentee" else "all"
            rows.append(row | {"programme": str(programme), "data_status": status, "population": own})
    extra = ["indicator", "denominator", "timing", "role", "population", "recommended", "missing", "level"]
    return estimates.make(pd.DataFrame(rows, columns=[*estimates.COLUMNS, *extra]))


def matching(record: pd.DataFrame, wanted: Definition, *, unknown: bool = True) -> list[str]:
    """The ids of the printed results that were, or may have been, counted under a definition.

    Parameters
    ----------
    unknown
        Whether a base or a time that is not printed fits; without it only what is printed counts.

    Examples
    --------
    >>> from kij_analysis.indicators import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published")
    >>> matching(record[record["programme"] == "kvinfo"], RECOMMENDED["work"])[:2]
    ['kvinfo_employed_2021_may', 'kvinfo_employed_2021_november']
    """
    results = record[(record["unit"] == "per_cent") & ~record["outcome_type"].isin(["target", "plan"])]
    fits = results["indicator"] == wanted.indicator
    unclear = ["unknown"] if unknown else []
    near = ["evaluated_courses"] if unknown and wanted.denominator == "respondents" else []
    fits &= results["denominator"].isin([wanted.denominator, *unclear, *near])
    times = ["within_k_months"] if wanted.timing == "ever" else []
    fits &= results["timing"].isin([wanted.timing, *unclear, *times])
    fits &= results["role"].isin([wanted.role, "unknown", "programme", "register"])
    return results.loc[fits, "id"].tolist()


def _check(answers: pd.DataFrame, chosen: Iterable[Definition]) -> None:
    needed = [*PERSON, "role", "wave", "labour_status", "data_status"]
    absent = [name for name in needed if name not in answers.columns]
    if absent:
        raise UsageError(f"The answers lack {listed(absent)}.", fix="Use data.answers.")
    for wanted in chosen:
        one_of(wanted.indicator, (*OUTCOMES, "matching_job", "helped_to_find_work"), name="The indicator")
        one_of(wanted.denominator, DENOMINATORS, name="The denominator")
        one_of(wanted.timing, TIMINGS, name="The timing")
        one_of(wanted.role, ("mentee", "mentor"), name="The role")
        if (wanted.role == "mentor") != (wanted.indicator == "helped_to_find_work"):
            raise UsageError(
                f"'{wanted.indicator}' is not asked of a {wanted.role}.",
                fix="Mentors tell whether they helped to find work, mentees all else.",
            )


def beside(record: pd.DataFrame, chosen: Sequence[Definition] = USUAL) -> pd.DataFrame:
    """The printed shares by the definitions under which they were counted, as far as that is printed.

    Returns
    -------
    DataFrame
        Columns `programme`, `group` (the code of the definition), `value` (a fraction) and `id`; one row
        for each printed share and each definition that fits.

    Examples
    --------
    >>> from kij_analysis.indicators import load
    >>> from kij_analysis.template import template_folder
    >>> found = beside(load(template_folder() / "data" / "raw" / "published"), [RECOMMENDED["work"]])
    >>> found.loc[found["programme"] == "womento", "value"].tolist()
    [0.37]
    """
    rows = [
        (entry["programme"], wanted.code, entry["value"] / 100, entry["id"])
        for wanted in chosen
        for entry in record[record["id"].isin(matching(record, wanted, unknown=False))].to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["programme", "group", "value", "id"])


Row = dict[str, object]


def _common(wanted: Definition, level: float) -> Row:
    return {
        "group": wanted.code,
        "variable": wanted.indicator,
        "measure": "share",
        "indicator": wanted.indicator,
        "denominator": wanted.denominator,
        "timing": wanted.timing,
        "role": wanted.role,
        "recommended": wanted in RECOMMENDED.values(),
        "level": level,
    }


def _row(wanted: Definition, counted: Counted, level: float) -> Row:
    base, hit, note = counted
    row = _common(wanted, level)
    if note:
        return row | {"note": note, "method": "none", "n": 0}
    known = base & hit.notna()
    n, missing = int(known.sum()), int((base & hit.isna()).sum())
    if not n:
        return row | {"note": "no_answers", "method": "none", "n": 0, "missing": missing}
    count = int(hit[known].astype(bool).sum())
    low, high = wilson(count, n, level=level)
    return row | {
        "estimate": count / n, "conf_low": float(low[0]), "conf_high": float(high[0]), "count": count,
        "n": n, "method": "wilson", "missing": missing,
    }  # fmt: skip


def _hidden(wanted: Definition, level: float) -> Row:
    return _common(wanted, level) | {"note": "hidden_small_count", "method": "none"}


def _kept(told: Mapping[Definition, Counted], threshold: int) -> set[Definition]:
    """The definitions that tell about enough persons, by themselves and subtracted from each other."""
    kept: dict[Definition, tuple[frozenset[object], ...]] = {}
    for wanted, (base, hit, note) in told.items():
        known = base & hit.notna()
        if note or not known.any() or not threshold:
            kept[wanted] = ()
            continue
        yes = hit.where(known).eq(True)
        sets = tuple(frozenset(part.index[part]) for part in (yes, known & ~yes, known))
        small = any(len(part) < threshold for part in sets)
        others = (other for other in kept.values() if other)
        if not small and not any(_tells(sets, other, threshold) for other in others):
            kept[wanted] = sets
    return set(kept)


def _tells(one: tuple[frozenset[object], ...], other: tuple[frozenset[object], ...], threshold: int) -> bool:
    """Whether one count less another is the number of a few persons."""
    return any(
        0 < len(larger - smaller) < threshold
        for a in one
        for b in other
        for larger, smaller in ((a, b), (b, a))
        if smaller < larger
    )
