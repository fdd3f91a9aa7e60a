"""Participants beside the women of the population who resemble them most; that is no counterfactual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates as shape
from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.context.cells import codes_of, in_cell, matched
from kij_analysis.context.population import AGES, CAUTION, population
from kij_analysis.context.surveys import PopulationSurvey
from kij_analysis.context.traits import AGE_BANDS, YEARS_BANDS, banded
from kij_analysis.errors import UsageError, listed
from kij_analysis.study import weakest
from kij_analysis.survey import shares
from kij_analysis.survey.design import Floats, sample_of
from kij_analysis.survey.groups import check_columns
from kij_analysis.survey.intervals import check_level, logit_interval
from kij_analysis.survey.variances import freedom, ratios
from kij_analysis.template import template_folder

TRAITS = ("years_band", "education_group", "age_band")
"""What makes two foreign-born women alike, the most important first: the last one is dropped first."""
IN_WORK = ("employed", "subsidised_job")
"""Who counts as in work: population surveys do not tell subsidised jobs from others."""
GROUPS = ("participants", "alike", "foreign_born", "native_born")
"""The rows of each programme: its participants, the women most like them, and all women by birth."""
RIGHT = (
    "survey", "year", "country", "wave", "ages", "minimum", "participants", "on_all", "on_fewer", "unmatched",
    "missing", "level", "df", "file",
)  # fmt: skip
NEEDED = ("programme", "role", "wave", "gender", "labour_status", "age", "birth_place", "years_since_arrival",
          "education_group")  # fmt: skip


def benchmark(
    answers: pd.DataFrame,
    survey: PopulationSurvey,
    *,
    codebook: Codebook | None = None,
    wave: str = "end",
    traits: Sequence[str] = TRAITS,
    minimum: int = 15,
    ages: tuple[int, int] = AGES,
    caution: int = CAUTION,
    level: float = 0.95,
) -> pd.DataFrame:
    """The share in work among participants, beside that of the women in the population most like them.

    The population's shares are taken cell by cell and weighted as the participants fall into the cells
    (direct standardisation). This is what women like them do, not what the participants would do without the
    programme: they are job-seekers when they come, most women in the population are not. So no difference is
    given.

    Parameters
    ----------
    answers
        Answers with their persons (`data.with_people()`); the women among the mentees are counted.
    survey
        What `piaac` or `ess` returns. The programme's country is that of the codebook; a country without
        a file has the note *no_file*, and no other country stands in for it.
    codebook
        Whose programmes; the shipped ones if left out.
    wave
        At which wave participants are counted.
    traits
        What must be alike besides sex and being born abroad: any of *years_band*, *education_group* and
        *age_band*, the most important first.
    minimum
        A cell needs so many persons in the survey; else its last trait is dropped and it is joined with the
        others that agree in the rest. A participant whose trait is not known is matched on those before it.
    ages
        Participants and population of these ages are set side by side; a participant whose age is not known
        is kept.
    caution, level
        As in `population`; `caution` looks at the persons of the survey in the cells used.

    Returns
    -------
    DataFrame
        Four shares in work for each programme, by `group`: *participants* (unweighted), *alike*,
        *foreign_born* and *native_born* (women of these ages in the country). For *alike*, `n` and `count`
        are persons of the survey in the cells used, `participants` those who were matched, of them `on_all`
        on all traits and `on_fewer` on fewer, and `unmatched` those who were not: born in the country or
        not known where, of another age, or without enough persons like them.

    Raises
    ------
    UsageError
        If a column is missing, a trait is not known, or there is no woman among the mentees.

    Notes
    -----
    Σ m(c) p(c) / Σ m(c), with m the participants of cell c, taken as given, and p the weighted share in work
    there; the variance comes from the covariances of these p under the survey's design (replicate
    weights), the interval is on the logit scale with t.

    Examples
    --------
    >>> from kij_analysis.context import surveys
    >>> from kij_analysis.study import open_study
    >>> answers = pd.DataFrame({"programme": "fika", "role": "mentee", "wave": "end", "gender": "woman",
    ...     "labour_status": ["employed"] * 6 + ["unemployed"] * 6, "age": 30, "birth_place": "foreign_born",
    ...     "years_since_arrival": 3.0, "education_group": "high", "data_status": "synthetic"})
    >>> found = benchmark(answers, surveys(open_study(template_folder()))[0])
    >>> found[found["group"] == "participants"][["country", "estimate", "n"]].values.tolist()
    [['FI', 0.5, 12.0]]
    """
    check_columns(answers, NEEDED)
    check_level(level)
    strange = [name for name in traits if name not in TRAITS]
    if strange or not traits:
        raise UsageError(
            f"Nobody is matched on {listed(strange) or 'nothing'}.", fix=f"Known: {listed(TRAITS)}."
        )
    if minimum < 2:
        raise UsageError(
            f"A cell of {minimum} persons has no variance.", fix="Ask for 2 or more; 15 is usual here."
        )
    people = _participants(answers, ages)
    book = codebook if codebook is not None else load_codebook(template_folder() / "codebook")
    everybody = population(survey, "employed", ages=ages, caution=caution, level=level)
    rows: list[dict[str, Any]] = []
    for name, whole in people.groupby("programme", sort=False):
        own = whole[whole["wave"] == wave]
        country = book.programmes[str(name)].country if str(name) in book.programmes else ""
        place = {"programme": str(name), "country": country, "wave": wave, "level": level}
        status = weakest([*whole["data_status"].unique(), "observed"])
        rows.append(place | {"data_status": status} | _share(own, level))
        rows += [
            place | {"data_status": status} | row
            for row in _beside(own, survey, country, list(traits), minimum, caution, level, ages, everybody)
        ]
    return _shaped(rows, survey, ages, minimum)


def _participants(answers: pd.DataFrame, ages: tuple[int, int]) -> pd.DataFrame:
    """The women among the mentees, with the groups that population surveys have too."""
    asked = answers[answers["role"] == "mentee"]
    women = asked[(asked["gender"] == "woman").fillna(False).to_numpy(dtype=bool)]
    if women.empty:
        raise UsageError("There is no woman among the mentees.", fix="Use data.with_people() of a programme.")
    status = women["labour_status"]
    return women.assign(
        in_work=status.isin(list(IN_WORK)).astype("boolean").mask(status.isna()),
        years_band=banded(women["years_since_arrival"], YEARS_BANDS),
        age_band=banded(women["age"], AGE_BANDS),
        suits=(women["birth_place"] == "foreign_born").fillna(False)
        & (women["age"].isna() | women["age"].between(*ages)),
    )


def _share(own: pd.DataFrame, level: float) -> dict[str, Any]:
    found = shares(own, "in_work", level=level).iloc[0].to_dict()
    kept = ("estimate", "conf_low", "conf_high", "count", "n", "method", "note", "missing")
    return {name: found[name] for name in kept} | {"group": "participants", "file": ""}


def _beside(
    own: pd.DataFrame,
    survey: PopulationSurvey,
    country: str,
    traits: list[str],
    minimum: int,
    caution: int,
    level: float,
    ages: tuple[int, int],
    everybody: pd.DataFrame,
) -> Iterator[dict[str, Any]]:
    """The rows of the population: those most alike, and all by birth; or that the file is missing."""
    if country not in survey.there:
        files = survey.absent.set_index("country")["file"]
        for group in GROUPS[1:]:
            yield {"group": group, "note": "no_file", "method": "none", "file": files.get(country, "")}
        return
    yield {"group": "alike"} | _alike(own, survey, country, traits, minimum, caution, level, ages)
    kept = ("estimate", "std_error", "conf_low", "conf_high", "count", "n", "method", "note", "missing", "df")
    for group in GROUPS[2:]:
        rows = everybody[(everybody["country"] == country) & (everybody["birth_place"] == group)]
        told = rows.iloc[0].to_dict() if len(rows) else {"note": "no_answers", "method": "none", "n": 0}
        yield {"group": group, **{name: told[name] for name in kept if name in told}}


def _alike(
    own: pd.DataFrame,
    survey: PopulationSurvey,
    country: str,
    traits: list[str],
    minimum: int,
    caution: int,
    level: float,
    ages: tuple[int, int],
) -> dict[str, Any]:
    """The share in work among those in the population who are most like the participants."""
    frame = survey.persons[survey.persons["country"] == country].reset_index(drop=True)
    sample = sample_of(frame, survey.design)
    women = (frame["gender"] == "woman") & (frame["birth_place"] == "foreign_born")
    like = women & frame["age"].between(*ages) & frame["employed"].notna() & sample.counted
    given = own[own["in_work"].notna()]
    match = matched(given, frame[like], traits, minimum)
    row: dict[str, Any] = {
        "participants": match.matched, "unmatched": match.unmatched, "on_all": match.on(len(traits)),
        "on_fewer": match.matched - match.on(len(traits)), "missing": len(own) - len(given),
    }  # fmt: skip
    if not match.matched:
        return row | {"note": "nobody_alike", "method": "none", "n": 0}
    codes = codes_of(frame, traits)
    inside = np.column_stack([like & in_cell(codes, cell) for cell in match.cells]).astype(float)
    hits = inside * frame["employed"].fillna(False).to_numpy(float)[:, None]
    found, covariance = ratios(sample, hits, inside)
    weights = np.array(list(match.cells.values()), dtype=float) / match.matched
    anywhere = np.asarray(inside.any(axis=1))
    row |= {"n": int(anywhere.sum()), "count": int(hits.any(axis=1).sum()), "df": freedom(sample, anywhere)}
    return row | _with_interval(float(weights @ found), weights, covariance, row, caution, level)


def _with_interval(
    share: float, weights: Floats, covariance: Floats, row: Mapping[str, Any], caution: int, level: float
) -> dict[str, Any]:
    from scipy.stats import t

    share = min(max(share, 0.0), 1.0)
    told = {"estimate": share, "method": "directly_standardised"}
    error = float(np.sqrt(weights @ covariance @ weights))
    if row["df"] < 1 or np.isnan(error):
        return told | {"note": "too_few"}
    if share in (0.0, 1.0) or not error:
        return told | {"note": "no_variation"}
    low, high = logit_interval(share, error, steps=float(t.ppf(0.5 + level / 2, row["df"])))
    note = "small_sample" if row["n"] < caution else ""
    return told | {"std_error": error, "conf_low": low, "conf_high": high, "note": note}


def _shaped(
    rows: list[dict[str, Any]], survey: PopulationSurvey, ages: tuple[int, int], minimum: int
) -> pd.DataFrame:
    frame = pd.DataFrame(rows).reindex(columns=list(dict.fromkeys([*shape.COLUMNS, *RIGHT])))
    numbers = ("participants", "on_all", "on_fewer", "unmatched", "missing", "level", "df")
    whole = frame.assign(
        variable="employed", category="yes", measure="share", survey=survey.name, year=str(survey.year),
        ages=f"{ages[0]}-{ages[1]}", minimum=minimum, note=frame["note"].fillna(""),
        file=frame["file"].fillna(""),
    )  # fmt: skip
    return shape.make(whole.astype(dict.fromkeys(numbers, "float64")))
