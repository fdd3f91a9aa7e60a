"""The people of a programme, drawn once; every wave and role asks these same people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kij_analysis.demo.assumptions import RATINGS, Assumptions
from kij_analysis.demo.draws import around, at_random, score, stream

YEARS_BEFORE_ARRIVAL = 15
"""Nobody arrives younger than this, so that all have come as adults or nearly so."""


def people(assumptions: Assumptions, programme: str, *, seed: int) -> pd.DataFrame:
    """One row for each participant of a programme, with what lasts and the traits behind the ratings.

    Columns: `number` and `pair` (from 1), `gender`, `age` and `years_since_arrival` (years, the latter in
    halves), `region_of_origin`, `education` (ISCED 2011), `children_at_home`; `years`, `children` and the
    ratings `language` … `satisfaction` are numbers that scores are made of.

    Examples
    --------
    >>> from kij_analysis.demo.reading import read_assumptions
    >>> from kij_analysis.template import template_folder
    >>> given = read_assumptions(template_folder() / "data/raw/demo/assumptions.yaml")
    >>> people(given, "fika", seed=1).gender.value_counts().to_dict()
    {'woman': 67, 'man': 22, 'other': 1}
    """
    given = assumptions.programmes[programme]
    n = int(given.participants.value)
    rng = stream(seed, programme, "people")
    age = np.floor(around(given.age, rng, n))
    years = np.minimum(around(given.years_since_arrival, rng, n), age - YEARS_BEFORE_ARRIVAL)
    frame = pd.DataFrame(
        {
            "number": np.arange(1, n + 1),
            "pair": np.argsort(rng.random(n), kind="stable") + 1,
            "gender": at_random(rng, given.gender.shares, n),
            "age": age.astype(int),
            "region_of_origin": at_random(rng, given.region_of_origin.shares, n),
            "years_since_arrival": np.floor(years * 2) / 2,
            "children_at_home": at_random(rng, given.children_at_home.shares, n),
            "education_level": at_random(rng, given.education.shares, n),
        }
    )
    frame = frame.assign(
        education=frame["education_level"].str.removeprefix("isced_").str[0].astype(float),
        years=np.log1p(frame["years_since_arrival"]),
        children=frame["children_at_home"].astype(float),
    )
    for rating in RATINGS:
        frame = frame.assign(**{rating: score(frame, assumptions.weights(rating), rng)})
    return frame
