"""The obstacles to suitable work that migrants name in official surveys, under the codes of our barriers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kij_analysis import estimates
from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.context.selecting import official
from kij_analysis.template import template_folder

EUROSTAT_2021: Mapping[str, str] = {
    "language": "Lack of language skills",
    "recognition": "Lack of recognition of qualifications",
    "legal_status": "Citizenship or residence permit",
    "discrimination": "Discrimination due to foreign origin",
    "no_suitable_job": "No suitable job available",
    "other": "Other",
    "none": "None",
    "never_sought": "Never sought work or never worked",
}
"""Eurostat's label of each answer of the module of 2021, as codebook/barriers.yaml quotes it."""
ANY = "barrier_any"
"""The variable of those who name an obstacle, whichever it is; no barrier of the codebook."""


def obstacles(
    place: Any, *, codebook: Codebook | None = None, countries: Sequence[str] = ("DK", "FI", "NO", "SE")
) -> pd.DataFrame:
    """What migrants call the main obstacle to a suitable job, under the codes of our barriers.

    Eurostat let each person name one main obstacle, in 2021; the programmes let women name several. The
    shares are taken of different bases (`base`), and only shares of one base may be compared. Most are about
    the EU as a whole.

    Parameters
    ----------
    place
        A study, a folder of sheets, or what `load` returns.
    codebook
        Whose barriers.yaml says which barrier each of Eurostat's answers is; the study's own, or the shipped
        one, if left out.
    countries
        Countries that have a row with the note *not_published* if no share of theirs was found.

    Returns
    -------
    DataFrame
        Estimates as `official` gives them, with `variable` the barrier (``barrier_language``), or
        ``barrier_any`` for any of them, and `category` *yes*; `group`, `sex` and `base` say of whom.

    Raises
    ------
    StudyError, SourceError
        As `load` and `kij_analysis.codebook.load_codebook` do.

    Examples
    --------
    >>> found = obstacles(template_folder() / "data/raw/published/official")
    >>> women = found.query("base == 'faced_an_obstacle' and sex == 'women'").head(1)
    >>> women[["country", "group", "estimate"]].values.tolist()
    [['EU27', 'non_eu27', 0.233]]
    """
    book = codebook if codebook is not None else _codebook(place)
    found = official(place, indicator=["obstacle", "main_obstacle"])
    found = found.assign(variable=found["category"].map(variables(book)), category="yes")
    return estimates.make(pd.concat([found, _absent(found, countries)], ignore_index=True))


def _codebook(place: Any) -> Codebook:
    folders = getattr(place, "folders", None)
    return load_codebook(folders["codebook"] if folders is not None else template_folder() / "codebook")


def variables(book: Codebook) -> dict[str, str]:
    """The variable that each of Eurostat's answers is, by the labels in barriers.yaml.

    An answer that no barrier claims stays under its own code, so that it is seen and not lost.
    """
    by_label = {barrier.mappings.get("eurostat_2021"): barrier.variable for barrier in book.barriers.values()}
    named = {code: by_label.get(label, f"barrier_{code}") for code, label in EUROSTAT_2021.items()}
    return {**named, "any": ANY}


def _absent(found: pd.DataFrame, countries: Sequence[str]) -> pd.DataFrame:
    """A row for each country without a share, like the rows of those that have one."""
    like = found[(found["variable"] == ANY) & (found["base"] == "worked_or_looked")]
    like = like[like["country"].isin(list(countries))].head(1)
    empty = {"estimate": float("nan"), "note": "not_published", "method": "none", "source": "", "address": ""}
    missing = [code for code in countries if code not in set(found["country"])]
    rows = [like.assign(country=code, series="", **empty) for code in missing]
    return pd.concat(rows, ignore_index=True) if rows else found.head(0)


CLASSIFICATIONS = (
    "eurostat_2021",
    "eurostat_2014",
    "piaac_b_q26b",
    "piaac_c_q03",
    "oecd_domain",
    "nordic_guide_2019",
)
"""The keys of barriers.yaml that hold the classifications of others."""


def barrier_map(codebook: Codebook | None = None) -> pd.DataFrame:
    """Which barriers of the programmes stand in the classifications of others, and which do not.

    Parameters
    ----------
    codebook
        Whose barriers; the shipped ones if left out.

    Returns
    -------
    DataFrame
        One row per barrier: `code`, `variable`, `domain`, `asked` (by the programmes), a column for each
        classification with its label or code there (empty where it has none), `meets`: *both* where the
        programmes and Eurostat 2021 have it, *programmes*, *official* where only one has, *neither*; and
        `basis`, what was read and what is our proposal.

    Examples
    --------
    >>> found = barrier_map().set_index("code")
    >>> found.loc[["language", "network", "none"], "meets"].tolist()
    ['both', 'programmes', 'official']
    """
    book = codebook if codebook is not None else _codebook(None)
    rows = [
        {
            "code": barrier.code,
            "variable": barrier.variable,
            "domain": barrier.domain,
            "asked": barrier.asked,
            **{name: _told(barrier.mappings.get(name)) for name in CLASSIFICATIONS},
            "meets": _meets(barrier.asked, "eurostat_2021" in barrier.mappings),
            "basis": barrier.basis,
        }
        for barrier in book.barriers.values()
    ]
    return pd.DataFrame(rows).assign(data_status="published")


def _told(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)


def _meets(asked: bool, official: bool) -> str:
    if asked and official:
        return "both"
    return "programmes" if asked else "official" if official else "neither"
