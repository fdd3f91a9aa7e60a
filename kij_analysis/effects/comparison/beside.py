"""Participants beside a comparison group, as one frame that `compare` takes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.survey.groups import check_columns
from kij_analysis.survey.repeated import repeated

KEYS = ["programme", "person_id"]
PERSONS = ("gender", "data_status", "round", "pair_id")
BEFORE = "_before"


def has_comparison(answers: pd.DataFrame) -> bool:
    """Whether a programme among these answers has a comparison group.

    Examples
    --------
    >>> has_comparison(pd.DataFrame({"role": ["mentee", "mentor"]}))
    False
    """
    return "role" in answers.columns and bool((answers["role"] == "comparison").any())


def beside(
    answers: pd.DataFrame,
    *,
    outcome: str,
    before: Sequence[str],
    traits: Sequence[str] = (),
    wave: tuple[str, str] = ("entry", "end"),
) -> pd.DataFrame:
    """One row for each mentee and each person of the comparison group: who she was before, and the outcome.

    Parameters
    ----------
    answers
        Harmonised answers with what is known of the persons, `data.with_people()`; the roles *mentee* and
        *comparison* are taken, others left aside.
    outcome
        A column of the later wave.
    before
        Columns of the earlier wave; they are called ``<column>_before``.
    traits
        Columns that do not change, such as `age` (at entry) and `education_group`.
    wave
        The earlier and the later wave.

    Returns
    -------
    DataFrame
        `programme`, `person_id`, `took_part` (true for mentees), the outcome, ``<column>_before``, the
        traits, and `gender`, `data_status`, `round` and `pair_id` where there are any. Only persons of a
        programme with a comparison group; who answered at one time only has empty cells for the other.

    Raises
    ------
    UsageError
        If a column is missing, or no programme has a comparison group.

    Examples
    --------
    >>> answers = pd.DataFrame({"programme": "kvinfo", "person_id": [*"abab"], "data_status": "synthetic",
    ...     "role": ["mentee", "comparison"] * 2, "wave": ["entry", "entry", "end", "end"],
    ...     "age": 30, "network_score": [25.0, 0.0, 75.0, 25.0]})
    >>> beside(answers, outcome="network_score", before=["network_score"], traits=["age"])[
    ...     ["took_part", "network_score_before", "network_score"]].values.tolist()
    [[True, 25.0, 75.0], [False, 0.0, 25.0]]
    """
    check_columns(answers, ["role", "wave", *KEYS, outcome, *before, *traits])
    both = answers[answers["role"].isin(["mentee", "comparison"])]
    programmes = both.loc[both["role"] == "comparison", "programme"].unique()
    if not len(programmes):
        raise UsageError(
            "No programme has a comparison group.",
            fix="Add an instrument with role: comparison, for example the waiting list "
            f"(roles here: {listed(sorted(set(answers['role'].dropna())))}).",
        )
    whole, _ = repeated(both[both["programme"].isin(programmes)], wave)
    whole = whole.assign(took_part=(whole["role"] == "mentee").to_numpy(bool))
    first, second = (whole[whole["wave"] == one].set_index([*KEYS, "took_part"]) for one in wave)
    kept = [name for name in PERSONS if name in whole.columns and name not in traits]
    own = whole.groupby([*KEYS, "took_part"], sort=False)[[*kept, *traits]].first()
    earlier = first[list(dict.fromkeys(before))].reindex(own.index)
    found = own.join(earlier.rename(columns={name: f"{name}{BEFORE}" for name in earlier.columns}))
    return found.assign(**{outcome: second[outcome].reindex(own.index)}).reset_index()
