"""Population surveys from public-use files: persons with their weights, one frame for several countries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from kij_analysis.codebook import Codebook
from kij_analysis.context.public_files import GIVEN, raw_columns
from kij_analysis.context.traits import LITERACY, NOT_LOOKING, ess_traits, piaac_traits, shared_traits
from kij_analysis.errors import UsageError, one_of
from kij_analysis.harmonisation import harmonise
from kij_analysis.study import Source, Study, open_study
from kij_analysis.survey import Design

REPLICATES = tuple(f"SPFWT{number}" for number in range(1, 81))
STUDIES: Mapping[str, str] = {"piaac": "study-piaac.yaml", "ess": "study-ess.yaml"}
"""The study file of each survey, beside study.yaml."""
FILES: Mapping[str, Mapping[str, str]] = {
    "piaac": {"DK": "prgdnkp1.csv", "FI": "prgfinp1.csv", "NO": "prgnorp1.csv", "SE": "prgswep1.csv"},
    "ess": {"DK": "ESS9DK.dta", "FI": "ESS9FI.dta", "NO": "ESS9NO.dta", "SE": "ESS9SE.dta"},
}
"""The public-use file of each country, as its survey names it."""
YEARS: Mapping[str, int] = {"piaac": 2012, "ess": 2018}
"""The year of each survey: the first cycle of PIAAC (2011-12), the ninth round of the ESS (2018-19)."""
COUNTRIES = ("DK", "FI", "NO", "SE")


@dataclass(frozen=True, kw_only=True, eq=False)
class PopulationSurvey:
    """The persons of a population survey, its design, and the countries that it lacks.

    `persons` has a row for each person; `design` goes to the functions of `kij_analysis.survey`, with
    this frame whole. `absent` has a row for each country without a file: `country`, and the `file` that is
    missing.
    """

    name: str
    year: int
    persons: pd.DataFrame
    design: Design
    absent: pd.DataFrame

    @property
    def there(self) -> tuple[str, ...]:
        """The countries that have a file."""
        return tuple(dict.fromkeys(self.persons["country"]))


def piaac(study: Study | Path | str = STUDIES["piaac"]) -> PopulationSurvey:
    """The Survey of Adult Skills (PIAAC), first cycle, from the files that the user has fetched.

    Persons are 16 to 65 years old. Variances come from the 80 replicate weights of the files; that these are
    of the paired jackknife (JK2) without Fay's factor is read in each file.

    Parameters
    ----------
    study
        The study of these files, or its file; each source is one country.

    Returns
    -------
    PopulationSurvey
        Persons with the harmonised gender, age, birth_place, education_group and labour_status, and

        - `employed`: a job in the week before, by ILO; a subsidised one counts too;
        - `overqualified`: in work with a tertiary degree, and the job lies in the major groups 4 to 9 of
          ISCO-08 (Eurostat's definition); missing for everybody else;
        - `native_language`, `home_language`: whether the language of the test is the mother tongue, or the
          one most spoken at home;
        - `reason_not_trained` of those who wanted a training and did not start it (B_Q26b);
        - ``not_looking_…`` of those without work who did not look for it (C_Q03; several may be true);
        - ``literacy_1`` to ``literacy_10``, plausible values, for `population` only;
        - `years_band`, `age_band`, `country`, and the weights.

        Without any file the frame is empty and every country is absent.

    Raises
    ------
    SourceError
        If a file is not what its crosswalk says, or its replicate weights are of another kind.

    Notes
    -----
    OECD 2013, Technical Report of the Survey of Adult Skills: weighting, variance estimation and scaling.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> found = piaac(open_study(template_folder() / "study-piaac.yaml", raw="nowhere"))
    >>> found.there, found.absent["file"].tolist()[0]
    ((), 'prgdnkp1.csv')
    """
    design = Design(weight="SPFWT0", replicates=REPLICATES, replicate_method="JK2", samples="country")
    return _survey("piaac", study, _of_piaac, design)


def ess(study: Study | Path | str = STUDIES["ess"]) -> PopulationSurvey:
    """The European Social Survey, round 9, from the country files that the user has fetched.

    The weight is *pspwght*: the weight of the design, brought to margins of the population. Strata and
    primary units of the file carry the variances, where it has them; the margins are not taken into account,
    which makes the errors a little too large.

    Parameters
    ----------
    study
        The study of these files, or its file; each source is one country.

    Returns
    -------
    PopulationSurvey
        Persons as those of `piaac`; `employed` is paid work of an hour or more in the last seven days
        (pdwrk). There are no reasons, no literacy and no mother tongue.

    Raises
    ------
    SourceError
        If a file is not what its crosswalk says.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> ess(open_study(template_folder() / "study-ess.yaml", raw="nowhere")).absent["country"].tolist()
    ['DK', 'FI', 'NO', 'SE']
    """
    found = _survey("ess", study, _of_ess, Design(weight="pspwght", samples="country"))
    if {"stratum", "psu"} <= set(found.persons.columns) and found.persons[["stratum", "psu"]].notna().all(
        axis=None
    ):
        return replace(found, design=replace(found.design, strata="stratum", cluster="psu"))
    return found


def surveys(study: Study) -> tuple[PopulationSurvey, ...]:
    """The population surveys that lie beside a study: those of ``study-piaac.yaml`` and ``study-ess.yaml``.

    A survey without a file, or without a study file, stands there too, with all countries absent, so that a
    report can say what is missing.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> [found.name for found in surveys(open_study(template_folder()))]
    ['piaac', 'ess']
    """
    readers = {"piaac": piaac, "ess": ess}
    found = []
    for name, file in STUDIES.items():
        there = (study.root / file).is_file()
        found.append(readers[name](study.root / file) if there else _empty(name))
    return tuple(found)


Reader = Callable[[Study, Source, Codebook], pd.DataFrame]


def _survey(name: str, study: Study | Path | str, reader: Reader, design: Design) -> PopulationSurvey:
    opened = study if isinstance(study, Study) else open_study(study)
    there = [source for source in opened.sources if source.file.exists()]
    if not there:
        return replace(_empty(name), design=design)
    data = harmonise(replace(opened, sources=tuple(there)))
    people = shared_traits(data.with_people())
    raw = pd.concat([reader(opened, source, data.codebook) for source in there], ignore_index=True)
    both = people.merge(raw, on=["instrument", "person_id"], how="left", validate="one_to_one")
    persons = {"piaac": piaac_traits, "ess": ess_traits}[name](both)
    _sound(persons, design)
    return PopulationSurvey(
        name=name, year=YEARS[name], persons=persons, design=design, absent=_absent(name, persons)
    )


def _of_piaac(study: Study, source: Source, codebook: Codebook) -> pd.DataFrame:
    numbers = [
        "SPFWT0", *REPLICATES, *LITERACY.values(), *NOT_LOOKING.values(),
        "ISCOSKIL4", "NATIVELANG", "HOMLANG", "B_Q26b",
    ]  # fmt: skip
    return raw_columns(study, source, codebook, numbers=numbers, given=GIVEN)


def _of_ess(study: Study, source: Source, codebook: Codebook) -> pd.DataFrame:
    numbers = ["pspwght", "pdwrk", "isco08", "stratum", "psu"]
    return raw_columns(
        study, source, codebook, numbers=numbers, texts=["lnghom1"], optional=["stratum", "psu"]
    )


def _sound(persons: pd.DataFrame, design: Design) -> None:
    """Refuse persons whom the raw file does not know, because they would drop out in silence."""
    lost = int(persons[design.weight].isna().sum())
    if lost:
        raise UsageError(
            f"{lost} persons have no weight in the public-use file.",
            fix="Write pseudonyms: {key: keep_ids} into the study file, so that ids stay as they are.",
        )


def _empty(name: str) -> PopulationSurvey:
    """A survey without any file."""
    one_of(name, STUDIES, name="The survey")
    weight = {"piaac": "SPFWT0", "ess": "pspwght"}[name]
    persons = pd.DataFrame({"country": pd.Series(dtype="str")})
    return PopulationSurvey(
        name=name, year=YEARS[name], persons=persons, design=Design(weight=weight, samples="country"),
        absent=_absent(name, persons),
    )  # fmt: skip


def _absent(name: str, persons: pd.DataFrame) -> pd.DataFrame:
    missing = [code for code in COUNTRIES if code not in set(persons["country"])]
    return pd.DataFrame({"country": missing, "file": [FILES[name][code] for code in missing]}, dtype="str")
