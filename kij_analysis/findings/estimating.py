"""The estimate that a finding's test needs, from the answers of the study, programme by programme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from kij_analysis import barriers, effects, indicators, survey
from kij_analysis.findings.evidence import Evidence
from kij_analysis.findings.finding import Finding
from kij_analysis.survey.groups import narrowed

Options = Mapping[str, Any]
TWO = ("entry", "end")
NOTHING = pd.DataFrame({"programme": pd.Series(dtype="str")})


def from_answers(finding: Finding, evidence: Evidence, confidence: float) -> pd.DataFrame:
    """The rows of the estimator that the test names, for the programmes that the finding speaks of.

    Intervals have the level ``2 * confidence - 1``, so that each end is a one-sided bound at `confidence`.
    A programme without answers has no row here.
    """
    kind, options = finding.test.kind, finding.test.options
    make, decides = ESTIMATORS[kind]
    asked = {name: value for name, value in options.items() if name not in decides}
    key = [make.__name__, sorted(asked.items()), finding.said_of, round(confidence, 9)]
    found = evidence.once(key, lambda: make(evidence, asked, finding.said_of, confidence))
    return found.copy()


def _rows(evidence: Evidence, options: Options, programmes: tuple[str, ...]) -> pd.DataFrame:
    """The answers of a role in these programmes, of those persons only whom the finding is about."""
    among = options.get("among")
    names = [options.get("variable", ""), options.get("between", ""), (among or {}).get("variable", "")]
    # A harmonised frame has hundreds of columns; every choice of rows would copy them all.
    answers = narrowed(evidence.answers, names)
    role = options.get("role", "mentee")
    rows = answers[(answers["role"] == role) & answers["programme"].isin(programmes)]
    if among is None or rows.empty:
        return rows
    then = rows[(rows["wave"] == among["wave"]) & rows[among["variable"]].isin(among["answers"])]
    keys = ["programme", "person_id"]
    return rows.merge(then[keys].drop_duplicates(), on=keys, how="inner")


def _hits(rows: pd.DataFrame, options: Options, name: str = "variable") -> pd.DataFrame:
    """The rows with the categories that count as true, the others as false, no answer as none."""
    wanted = options.get("answers")
    if not wanted:
        return rows
    given = rows[options[name]]
    hits = given.isin(wanted).astype("boolean").mask(given.isna())
    return rows.assign(**{options[name]: hits})


def _population(options: Options, role: str = "mentee") -> str:
    """Women, unless the finding says otherwise; men mentor women too."""
    return str(options.get("population", "women" if role == "mentee" else "all"))


def _share(
    evidence: Evidence, options: Options, programmes: tuple[str, ...], confidence: float
) -> pd.DataFrame:
    level = 2 * confidence - 1
    if "definition" in options:
        return _defined(evidence, options, programmes, level)
    rows = _rows(evidence, options, programmes)
    rows = rows[rows["wave"] == options.get("wave", "end")]
    if rows.empty or options["variable"] not in rows.columns:
        return NOTHING
    population = _population(options, options.get("role", "mentee"))
    found = survey.shares(
        _hits(rows, options), options["variable"], by="programme", population=population, level=level
    )
    return found.assign(category="|".join(options["answers"]) if "answers" in options else found["category"])


def _defined(evidence: Evidence, options: Options, programmes: tuple[str, ...], level: float) -> pd.DataFrame:
    """A share under a definition in which shares have been printed."""
    names = ["labour_status", "job_matches_qualifications", "completed", "mentor_view_job_high"]
    answers = narrowed(evidence.answers, names)
    rows = answers[answers["programme"].isin(programmes) & answers["role"].isin(["mentee", "mentor"])]
    if rows.empty:
        return NOTHING
    named = options["definition"]
    role = "mentor" if named["indicator"] == "helped_to_find_work" else "mentee"
    wanted = indicators.Definition(**named, role=role)
    found = indicators.definitions(rows, chosen=[wanted], population=_population(options, role), level=level)
    return found.assign(category="yes")


def _change(
    evidence: Evidence, options: Options, programmes: tuple[str, ...], confidence: float
) -> pd.DataFrame:
    rows, waves = _rows(evidence, options, programmes), tuple(options.get("waves", TWO))
    if options["variable"] not in rows.columns or not set(waves) <= set(rows["wave"]):
        return NOTHING
    role = options.get("role", "mentee")
    return effects.change(
        rows, options["variable"], wave=(waves[0], waves[1]), by="programme",
        population=_population(options, role), level=2 * confidence - 1,
    )  # fmt: skip


def _difference(
    evidence: Evidence, options: Options, programmes: tuple[str, ...], confidence: float
) -> pd.DataFrame:
    between, sides = options["between"], [options["first"], options["second"]]
    roles = sides if between == "role" else [options.get("role", "mentee")]
    parts = [_of_role(evidence, options, programmes, role) for role in roles]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    if rows.empty or {between, options["variable"]} - set(rows.columns):
        return NOTHING
    rows = _hits(rows[rows[between].isin(sides)], options)
    if set(sides) - set(rows[between]):
        return NOTHING
    # The category keeps groups that are not chosen; as plain text only those that are met are compared.
    rows = rows.assign(**{between: rows[between].astype("str")})
    within = () if between == "programme" else "programme"
    found = survey.differences(
        rows, options["variable"], by=between, within=within, reference=sides[1], population="all",
        level=2 * confidence - 1,
    )  # fmt: skip
    return found.assign(programme="") if between == "programme" else found


def _of_role(evidence: Evidence, options: Options, programmes: tuple[str, ...], role: str) -> pd.DataFrame:
    rows = _rows(evidence, {**options, "role": role}, programmes)
    rows = rows[rows["wave"] == options.get("wave", "end")]
    return survey.women(rows, _population(options, role)).frame


def _barrier(
    evidence: Evidence, options: Options, programmes: tuple[str, ...], confidence: float
) -> pd.DataFrame:
    answers, wave = evidence.answers, options.get("wave", "end")
    rows = answers[(answers["role"] == "mentee") & (answers["wave"] == wave)]
    name = f"barrier_{options['barrier']}"
    if rows.empty or name not in rows.columns:
        return NOTHING
    key = ["ranking", wave, _population(options), confidence]
    ranks = evidence.once(
        key,
        lambda: barriers.ranking(rows, by="programme", population=_population(options), level=confidence),
    )
    return ranks[(ranks["variable"] == name) & ranks["programme"].isin(programmes)]


def _association(
    evidence: Evidence, options: Options, programmes: tuple[str, ...], confidence: float
) -> pd.DataFrame:
    persons = evidence.persons()
    persons = persons[persons["programme"].isin(programmes)]
    if persons.empty or {options["dose"], options["outcome"]} - set(persons.columns):
        return NOTHING
    return effects.dose(
        persons, doses=[options["dose"]], outcomes=[options["outcome"]], by="programme",
        population=_population(options), level=2 * confidence - 1,
    )  # fmt: skip


def _effect(
    evidence: Evidence, options: Options, programmes: tuple[str, ...], confidence: float
) -> pd.DataFrame:
    """Only programmes with a comparison group have a row."""
    answers, waves = evidence.answers, options.get("waves", TWO)
    compared = set(answers.loc[answers["role"] == "comparison", "programme"]) & set(programmes)
    before, traits = list(options["before"]), list(options.get("traits", ()))
    columns = {options["outcome"], *before, *traits}
    if not compared or columns - set(answers.columns) or not set(waves) <= set(answers["wave"]):
        return NOTHING
    rows = answers[answers["programme"].isin(compared)]
    # Who was in a status before is known by its name, what counts as the outcome by true and false.
    known = {f"{name}__then": rows[name] for name in before if name == options["outcome"]}
    rows = _hits(rows.assign(**known), options, "outcome")
    before = [f"{name}__then" if f"{name}__then" in known else name for name in before]
    persons = effects.beside(
        rows, outcome=options["outcome"], before=before, traits=traits, wave=(waves[0], waves[1])
    )
    covariates = [*traits, *(f"{name}_before" for name in before)]
    return effects.compare(
        persons, outcome=options["outcome"], treated="took_part", covariates=covariates,
        estimators=("doubly_robust",), by="programme", population=_population(options),
        level=2 * confidence - 1,
    )  # fmt: skip


Estimator = Callable[[Evidence, Options, tuple[str, ...], float], pd.DataFrame]
ESTIMATORS: Mapping[str, tuple[Estimator, tuple[str, ...]]] = {
    "share_at_least": (_share, ("share",)),
    "share_near": (_share, ("share", "within")),
    "change_above": (_change, ("margin",)),
    "change_near": (_change, ("within",)),
    "difference_above": (_difference, ("margin",)),
    "barrier_among_top": (_barrier, ("top",)),
    "association_above": (_association, ("margin",)),
    "effect_above": (_effect, ("margin",)),
}
"""What makes the estimate, and the options that only decide: findings that differ in these share it."""
