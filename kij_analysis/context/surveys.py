"""Population surveys from public-use files: persons with their weights, one frame for several countries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.harmonisation import harmonise
from kij_analysis.study import Source, Study, open_study
from kij_analysis.survey import Design

REASONS_NOT_TRAINED = {
    "1": "prerequisites", "2": "cost", "3": "employer_support", "4": "busy_at_work", "5": "time_or_place",
    "6": "care_family", "7": "unexpected", "8": "other",
}  # fmt: skip
"""B_Q26b of PIAAC: why people did not start a training that they wanted."""
REASONS_NOT_LOOKING = {
    "01": "waiting_for_answer", "02": "student", "03": "care_family", "04": "sick_for_a_time",
    "05": "long_illness", "06": "nothing_available", "07": "not_got_around", "08": "no_need", "09": "retired",
    "10": "other",
}  # fmt: skip
"""C_Q03 of PIAAC: why people did not look for work in the last month; several may be named."""
YEARS_BANDS = {"0_5": (0, 5), "6_15": (6, 15), "16_plus": (16, 200)}
"""Full years in the country, both ends included."""
AGE_BANDS = {"16_24": (16, 24), "25_34": (25, 34), "35_44": (35, 44), "45_54": (45, 54), "55_65": (55, 65)}
PLAUSIBLE = 10
REPLICATES = 80


@dataclass(frozen=True, kw_only=True)
class PopulationSurvey:
    """The persons of a population survey, its design, and the countries that it lacks.

    `persons` has a row for each person; `design` goes to the functions of `kij_analysis.survey`; `absent`
    says, by country, why there is nothing and how to get it.
    """

    name: str
    persons: pd.DataFrame
    design: Design
    absent: pd.DataFrame


def piaac(study: Study | Path | str = "study-piaac.yaml") -> PopulationSurvey:
    """The Survey of Adult Skills (PIAAC), first cycle, from the files that the user has fetched.

    Parameters
    ----------
    study
        The study of these files, or its file; each source is one country.

    Returns
    -------
    PopulationSurvey
        Persons with the harmonised columns, and `country`, `employed`, `overqualified` (a tertiary
        degree and a current job outside the major groups 1 to 3 of ISCO-08; only those in work with such a
        degree), `age_band`, `years_band`, `test_in_own_language`, `reason_not_trained` (of those who
        wanted a training and did not start it), `not_looking_…` (of those who did not look for work),
        `literacy_1` to `literacy_10` (plausible values). Variances by the 80 replicate weights of the files.

    Raises
    ------
    SourceError
        If no file is there, or one is not what its crosswalk says.
    UsageError
        If a file's replicate weights are not those of the paired jackknife with 80 replicates.

    Notes
    -----
    OECD 2013, Technical Report of the Survey of Adult Skills, chapter 15: JK2, 80 replicates. The files say
    so in VEMETHOD and VENREPS, and that is checked; VEFAYFAC is 0 as it must be.
    """
    opened = study if isinstance(study, Study) else open_study(study)
    persons, there = _persons(opened, _piaac_columns)
    weights = tuple(f"SPFWT{number}" for number in range(1, REPLICATES + 1))
    design = Design(weight="SPFWT0", replicates=weights, replicate_method="JK2", samples="country")
    return PopulationSurvey(name="piaac", persons=persons, design=design, absent=_absent("piaac", opened, there))


def ess(study: Study | Path | str = "study-ess.yaml") -> PopulationSurvey:
    """The European Social Survey, round 9, from the country files that the user has fetched.

    `employed` is paid work of at least an hour in the last seven days (pdwrk). The weight is *pspwght*, the design
    weight brought to population margins; the file has no strata and primary units, so that standard errors
    treat persons as drawn one by one, which is somewhat too sure.

    Raises
    ------
    SourceError
        If no file is there, or one is not what its crosswalk says.
    """
    opened = study if isinstance(study, Study) else open_study(study)
    persons, there = _persons(opened, _ess_columns)
    design = Design(weight="pspwght", samples="country")
    return PopulationSurvey(name="ess", persons=persons, design=design, absent=_absent("ess", opened, there))


def _persons(study: Study, columns: Any) -> tuple[pd.DataFrame, list[Source]]:
    """The harmonised persons of the files that are there, with the further columns of each file."""
    there = [source for source in study.sources if source.file.exists()]
    if not there:
        harmonise(study)  # raises, and says which files are missing and where they should lie
    data = harmonise(study.keeping(there)).with_people()
    parts = []
    for source in there:
        own = data[data["file"] == source.shown] if "file" in data else data
        extra = columns(source.file)
        parts.append(own.merge(extra, on="person_id", how="left", validate="one_to_one"))
    persons = pd.concat(parts, ignore_index=True)
    return _bands(persons.assign(country=persons["country_of_residence"].astype("str"))), there
