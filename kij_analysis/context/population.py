"""What population surveys say of women and men by place of birth, with the variances of their designs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from kij_analysis import estimates as shape
from kij_analysis.context.plausible import plausible_means
from kij_analysis.context.surveys import PopulationSurvey
from kij_analysis.context.traits import LITERACY, NOT_LOOKING
from kij_analysis.errors import UsageError, listed, one_of
from kij_analysis.survey import differences, shares

SHARES = (
    "employed", "labour_status", "education_group", "overqualified", "native_language", "home_language",
    "reason_not_trained",
)  # fmt: skip
VARIABLES: Mapping[str, tuple[str, ...]] = {
    "piaac": (*SHARES, "reason_not_looking", "literacy"),
    "ess": ("employed", "labour_status", "education_group", "overqualified", "home_language"),
}
"""What each survey can tell."""
GROUPS = ("gender", "birth_place", "years_band", "education_group", "age_band")
SEXES = {"women": ("woman",), "men": ("man",), "all": ("woman", "man")}
AGES = (20, 64)
CAUTION = 150
"""With fewer persons than this a share near 70 per cent is unsure by some eight points either way."""
NUMBERS = ("missing", "left_out", "ungrouped", "level", "df")
RIGHT = ("survey", "year", "country", "sex", "ages", "file")


def population(
    survey: PopulationSurvey,
    variable: str = "employed",
    *,
    by: str | Sequence[str] = "birth_place",
    sex: str = "women",
    ages: tuple[int, int] = AGES,
    base: str = "answered",
    caution: int = CAUTION,
    level: float = 0.95,
) -> pd.DataFrame:
    """Shares of the population by country and group, or its mean literacy, with the survey's own variances.

    Countries are never pooled. A country whose file is missing has a row that says so.

    Parameters
    ----------
    survey
        What `piaac` or `ess` returns.
    variable
        ``"employed"``, ``"labour_status"``, ``"education_group"``, ``"overqualified"`` (of those in work
        with a tertiary degree), ``"native_language"``, ``"home_language"``, ``"reason_not_trained"``,
        ``"reason_not_looking"`` (a row for each reason; several may be named) or ``"literacy"`` (a mean).
    by
        Any of *gender*, *birth_place*, *years_band* (of the foreign-born), *education_group*, *age_band*.
    sex
        ``"women"``, ``"men"`` or ``"all"``.
    ages
        The first and the last year of age.
    base
        As in `kij_analysis.survey.shares`: ``"asked"`` keeps those in the base who gave no answer.
    caution
        Estimates on fewer persons carry the note *small_sample*.
    level
        The confidence level of the intervals.

    Returns
    -------
    DataFrame
        Estimates with measure *share*, or *mean* of literacy; `n` and `count` are unweighted. To the right
        survey, year, country, sex, ages, the columns of `by`, and those of `kij_analysis.survey.shares`;
        `file` is the public-use file that a row with the note *no_file* lacks.

    Raises
    ------
    UsageError
        If the survey does not ask it, or a group or sex is not known.

    Notes
    -----
    Variances as the design says, see `kij_analysis.survey.variances`. Literacy: the mean of ten plausible
    values; its variance is the mean of their ten sampling variances and 1.1 times the variance among them
    (OECD 2013, Technical Report of the Survey of Adult Skills; Rubin 1987), with degrees of freedom by
    Barnard and Rubin 1999.

    Examples
    --------
    >>> from kij_analysis.context import piaac
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> found = population(piaac(open_study(template_folder() / "study-piaac.yaml", raw="nowhere")))
    >>> found[["country", "note", "file"]].values.tolist()[0]
    ['DK', 'no_file', 'prgdnkp1.csv']
    """
    one_of(variable, VARIABLES[survey.name], name="The variable")
    one_of(sex, SEXES, name="The sex")
    groups = _groups(by)
    if variable in groups:
        raise UsageError(f"'{variable}' is counted and grouped by at once.", fix="Group by something else.")
    absent = _noted(survey.absent, "no_file", variable, level)
    parts = [absent.assign(**dict.fromkeys(groups, ""))]
    if len(survey.persons):
        frame, concerned = _domain(survey, groups, sex, ages)
        options: dict[str, Any] = {"by": ["place", *groups], "design": survey.design, "level": level}
        found = _estimates(frame, variable, base, options).rename(columns={"place": "country"})
        parts.insert(0, found.assign(ungrouped=_ungrouped(found, frame[concerned], groups)))
    whole = _joined(parts)
    note = whole["note"].mask((whole["note"] == "") & (whole["n"] < caution), "small_sample")
    return _labelled(whole.assign(note=note), survey, groups, sex, ages)


def population_gap(
    survey: PopulationSurvey,
    variable: str = "employed",
    *,
    by: str = "birth_place",
    reference: str = "native_born",
    sex: str = "women",
    ages: tuple[int, int] = AGES,
    caution: int = CAUTION,
    level: float = 0.95,
) -> pd.DataFrame:
    """How far a share among foreign-born women lies from that among native-born ones, by country.

    Parameters
    ----------
    variable
        One of `population` that has shares.
    by, reference
        The column whose groups are compared, and the group with which the others are.
    survey, sex, ages, caution, level
        As in `population`.

    Returns
    -------
    DataFrame
        Estimates with measure *risk_difference* (a fraction of 1; -0.04 means four points below the
        reference); the columns of `kij_analysis.survey.differences` and survey, year, country, sex, ages,
        file to the right. `caution` looks at the smaller group.

    Raises
    ------
    UsageError
        As `population` does.

    Examples
    --------
    >>> from kij_analysis.context import surveys
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> survey = surveys(open_study(template_folder()))[0]
    >>> set(population_gap(survey)["note"]) <= {"no_file", "small_sample", ""}
    True
    """
    one_of(variable, [name for name in VARIABLES[survey.name] if name in SHARES], name="The variable")
    one_of(sex, SEXES, name="The sex")
    (column,) = _groups([by])
    parts = [_noted(survey.absent, "no_file", variable, level)]
    if len(survey.persons):
        frame, concerned = _domain(survey, [column], sex, ages)
        if (frame.loc[concerned, column] == reference).any():
            found = differences(
                frame, variable, by=column, within="place", reference=reference, design=survey.design,
                population="all", level=level,
            )  # fmt: skip
        else:
            places = pd.DataFrame({"place": list(survey.there), "file": ""})
            found = _noted(places, "one_group_empty", variable, level)
        parts.insert(0, found.rename(columns={"place": "country"}))
    whole = _joined(parts).assign(measure="risk_difference", second=reference)
    few = whole.reindex(columns=["n_1", "n_2"]).min(axis=1) < caution
    note = whole["note"].mask((whole["note"] == "") & few, "small_sample")
    return _labelled(whole.assign(note=note), survey, [], sex, ages)


def overview(
    surveys: Iterable[PopulationSurvey],
    *,
    variables: Sequence[str] = (),
    by: str | Sequence[str] = "birth_place",
    sex: str = "women",
    ages: tuple[int, int] = AGES,
    gap: bool = False,
) -> pd.DataFrame:
    """Several variables of several surveys as one frame, each as `population` or `population_gap` gives it.

    Parameters
    ----------
    variables
        Which; all that a survey has if left out, and in any case only those that it has. Means stand beside
        shares: look at `measure`.
    by, sex, ages
        As in `population`.
    gap
        The gaps to the native-born instead of the shares.

    Raises
    ------
    UsageError
        If no survey has any of the variables.

    Examples
    --------
    >>> from kij_analysis.context import surveys
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> found = overview(surveys(open_study(template_folder())), variables=["employed", "literacy"])
    >>> found[["survey", "variable"]].drop_duplicates().values.tolist()
    [['piaac', 'employed'], ['piaac', 'literacy'], ['ess', 'employed']]
    """
    chosen = [
        (survey, variable)
        for survey in surveys
        for variable in VARIABLES[survey.name]
        if (not variables or variable in variables) and (not gap or variable in SHARES)
    ]
    parts = [
        population_gap(survey, variable, sex=sex, ages=ages)
        if gap
        else population(survey, variable, by=by, sex=sex, ages=ages)
        for survey, variable in chosen
    ]
    if not parts:
        raise UsageError(
            f"No survey has {listed(variables)}.", fix=f"They have {listed(VARIABLES['piaac'])}."
        )
    return shape.make(pd.concat(parts, ignore_index=True))


def _groups(by: str | Sequence[str]) -> list[str]:
    groups = [by] if isinstance(by, str) and by else list(dict.fromkeys(by))
    for name in groups:
        one_of(name, GROUPS, name="A column to group by")
    return groups


def _domain(
    survey: PopulationSurvey, groups: list[str], sex: str, ages: tuple[int, int]
) -> tuple[pd.DataFrame, pd.Series]:
    """The whole sample, which variances need, with `place` the country of those who are meant."""
    low, high = ages
    if not low <= high:
        raise UsageError(f"The ages run from {low} to {high}.", fix="Give the younger one first.")
    persons = survey.persons.sort_values(["country", *groups], kind="stable", ignore_index=True)
    concerned = persons["age"].between(low, high) & persons["gender"].isin(SEXES[sex])
    return persons.assign(place=persons["country"].where(concerned)), concerned


def _estimates(frame: pd.DataFrame, variable: str, base: str, options: dict[str, Any]) -> pd.DataFrame:
    if variable == "literacy":
        return plausible_means(frame, list(LITERACY), variable="literacy", **options)
    if variable != "reason_not_looking":
        return shares(frame, variable, base=base, population="all", **options)
    parts = []
    for code in NOT_LOOKING:
        found = shares(frame, f"not_looking_{code}", population="all", **options)
        parts.append(found.assign(variable=variable, category=code))
    return pd.concat(parts, ignore_index=True)


def _ungrouped(found: pd.DataFrame, persons: pd.DataFrame, groups: list[str]) -> pd.Series:
    """How many of the persons who are meant are in no group, by country."""
    nowhere = persons[groups].isna().any(axis=1) if groups else pd.Series(False, index=persons.index)
    return found["country"].map(nowhere.groupby(persons["country"]).sum()).astype("float64")


def _noted(places: pd.DataFrame, note: str, variable: str, level: float) -> pd.DataFrame:
    """A row for each country for which nothing can be computed."""
    measure = "mean" if variable == "literacy" else "share"
    rows = places.assign(
        variable=variable, measure=measure, note=note, method="none", data_status="observed", level=level
    )  # fmt: skip
    return shape.make(rows)


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all parts, by country; columns that only some have are empty in the others."""
    whole = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return whole.sort_values("country", kind="stable", ignore_index=True)


def _labelled(
    whole: pd.DataFrame, survey: PopulationSurvey, groups: list[str], sex: str, ages: tuple[int, int]
) -> pd.DataFrame:
    """The estimates with what they are about, in a fixed order."""
    texts = [name for name in ("file", "first", "second", "test", *groups) if name in whole]
    filled = whole.assign(**{name: whole[name].astype("str").fillna("") for name in texts})
    codes = filled[groups or ["first"]] if groups or "first" in filled else pd.DataFrame(index=whole.index)
    about = filled.assign(
        programme="", survey=survey.name, year=str(survey.year), sex=sex, ages=f"{ages[0]}-{ages[1]}",
        group=["|".join(filter(None, row)) for row in codes.itertuples(index=False)],
        file=filled.get("file", ""),
    )  # fmt: skip
    rest = [name for name in about if name not in (*shape.COLUMNS, *RIGHT, *groups)]
    numbers = {name: "float64" for name in NUMBERS if name in about}
    return shape.make(about[[*shape.COLUMNS, *RIGHT, *groups, *rest]].astype(numbers))
