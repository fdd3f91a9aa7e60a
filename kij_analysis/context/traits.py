"""What is counted of the persons of population surveys, alike for every survey that asks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

YEARS_BANDS: Mapping[str, float] = {"0_5": 0, "6_15": 6, "16_plus": 16}
"""Full years in the country: the first year of each group."""
AGE_BANDS: Mapping[str, float] = {"under_35": 0, "35_49": 35, "50_plus": 50}
"""Years of age: the first of each group."""
LITERACY: Mapping[str, str] = {f"literacy_{number}": f"PVLIT{number}" for number in range(1, 11)}
"""The ten plausible values."""
REASONS_NOT_TRAINED: Mapping[int, str] = {
    1: "prerequisites", 2: "cost", 3: "employer_support", 4: "busy_at_work", 5: "time_or_place",
    6: "care_family", 7: "unexpected", 8: "other",
}  # fmt: skip
"""B_Q26b of PIAAC: why people did not start a training that they wanted."""
NOT_LOOKING: Mapping[str, str] = {
    "waiting_for_answer": "C_Q03_01", "student": "C_Q03_02", "care_family": "C_Q03_03",
    "sick_for_a_time": "C_Q03_04", "long_illness": "C_Q03_05", "nothing_available": "C_Q03_06",
    "not_got_round": "C_Q03_07", "no_need": "C_Q03_08", "retired": "C_Q03_09", "other": "C_Q03_10",
}  # fmt: skip
"""C_Q03 of PIAAC: why people did not look for work in the last four weeks; several may be named."""
OWN_LANGUAGES: Mapping[str, Sequence[str]] = {
    "NO": ("NOR", "NOB", "NNO"), "DK": ("DAN",), "SE": ("SWE",), "FI": ("FIN", "SWE"),
}  # fmt: skip
"""The languages in which the ESS interviews in each country, by ISO 639-2."""
SKILLED = 1
"""ISCOSKIL4: the major groups 1 to 3 of ISCO-08; 2 to 4 are the major groups 4 to 9."""
SHARED = (
    "instrument", "person_id", "data_status", "gender", "age", "birth_place", "years_since_arrival",
    "education_group", "labour_status",
)  # fmt: skip
"""The harmonised columns that population surveys are counted by."""


def banded(numbers: pd.Series, bands: Mapping[str, float]) -> pd.Series:
    """Numbers in groups, each from its first number to below the next one's.

    Examples
    --------
    >>> banded(pd.Series([0.5, 5.9, 6, None]), YEARS_BANDS).tolist()
    ['0_5', '0_5', '6_15', nan]
    """
    edges = [*bands.values(), np.inf]
    return pd.cut(numbers.astype("float64"), bins=edges, right=False, labels=list(bands))


def shared_traits(people: pd.DataFrame) -> pd.DataFrame:
    """The harmonised persons with the columns that all surveys share; unused categories are dropped."""
    reasons = [f"{name}_missing" for name in SHARED if f"{name}_missing" in people]
    frame = people[[*SHARED, *reasons]]
    status = frame["labour_status"]
    return frame.assign(
        country=people["country_of_residence"].astype("str"),
        labour_status=status.cat.remove_unused_categories(),
        birth_place=pd.Categorical(frame["birth_place"], ["native_born", "foreign_born"]),
        education_group=pd.Categorical(frame["education_group"], ["low", "medium", "high"]),
        years_band=banded(
            frame["years_since_arrival"].where(frame["birth_place"] == "foreign_born"), YEARS_BANDS
        ),
        age_band=banded(frame["age"], AGE_BANDS),
        employed=(status == "employed").astype("boolean").mask(status.isna()),
        employed_missing=frame["labour_status_missing"],
    )


def piaac_traits(persons: pd.DataFrame) -> pd.DataFrame:
    """The persons of PIAAC with what only this survey asks."""
    reasons = [REASONS_NOT_TRAINED.get(code) for code in persons["B_Q26b"]]
    named = {f"not_looking_{code}": _yes(persons[name], yes=1, no=2) for code, name in NOT_LOOKING.items()}
    skill = persons["ISCOSKIL4"]
    found = persons.assign(
        overqualified=_overqualified(persons, (skill > SKILLED).astype("boolean").mask(skill.isna())),
        native_language=_yes(persons["NATIVELANG"], yes=1, no=0),
        home_language=_yes(persons["HOMLANG"], yes=1, no=0),
        reason_not_trained=pd.Categorical(reasons, list(REASONS_NOT_TRAINED.values())),
        **named,
        **{code: persons[name] for code, name in LITERACY.items()},
    )
    used = [*NOT_LOOKING.values(), *LITERACY.values(), "ISCOSKIL4", "NATIVELANG", "HOMLANG", "B_Q26b"]
    return found.drop(columns=used)


def ess_traits(persons: pd.DataFrame) -> pd.DataFrame:
    """The persons of the ESS with what this survey asks in its own way."""
    paid = _yes(persons["pdwrk"], yes=1, no=0)
    major = persons["isco08"] // 1000
    told = persons["lnghom1"]
    own = [code in OWN_LANGUAGES[place] for code, place in zip(told, persons["country"], strict=True)]
    found = persons.assign(
        employed=paid,
        employed_missing=persons["labour_status_missing"].mask(paid.notna()),
        home_language=pd.Series(own, index=persons.index, dtype="boolean").mask(told.isna()),
    )
    low = (major > 3).astype("boolean").mask(major.isna())
    return found.assign(overqualified=_overqualified(found, low)).drop(columns=["pdwrk", "isco08", "lnghom1"])


def _yes(codes: pd.Series, *, yes: int, no: int) -> pd.Series:
    return (codes == yes).astype("boolean").mask(~codes.isin([yes, no]))


def _overqualified(persons: pd.DataFrame, low: pd.Series) -> pd.Series:
    """Of those in work with a tertiary degree, whose job asks for less (Eurostat)."""
    concerned = (persons["education_group"] == "high") & persons["employed"].fillna(False).astype(bool)
    return low.where(concerned)
