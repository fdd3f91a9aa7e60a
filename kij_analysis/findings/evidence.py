"""What findings are held against: the answers, the printed record, official figures and an account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from kij_analysis import effects, indicators, investment
from kij_analysis.study import weakest

SEED, DRAWS = 1, 2000
"""Of the account's simulation; the same seed gives the same verdict."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The data of a study as the tests need it; an estimate that several findings need is made once.

    `answers` holds the columns of the person too; `own` are the ids of the printed numbers that the user has
    entered; `place` is where official figures and scenarios lie.
    """

    answers: pd.DataFrame
    pairs: pd.DataFrame | None = None
    meetings: pd.DataFrame | None = None
    record: pd.DataFrame | None = None
    own: tuple[str, ...] = ()
    place: Any = None
    made: dict[tuple[Any, ...], pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @property
    def data_status(self) -> str:
        """The weakest kind of all answers."""
        return weakest(self.answers["data_status"].unique()) if len(self.answers) else "observed"

    def once(self, key: Sequence[Any], make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """What `make` gives; made at the first call with this key and kept."""
        known = tuple(map(str, key))
        if known not in self.made:
            self.made[known] = make()
        return self.made[known]

    def persons(self) -> pd.DataFrame:
        """One row for each mentee, as `kij_analysis.effects.mentees` makes them."""
        return self.once(
            ["mentees"], lambda: effects.mentees(self.answers, pairs=self.pairs, meetings=self.meetings)
        )

    def simulated(self, scenario: str) -> pd.DataFrame:
        """The account of a scenario with all unsure numbers drawn; the report's scenario if none is named."""
        name = scenario or investment.reported(self.place)

        def make() -> pd.DataFrame:
            account = investment.scenario(name, study=self.place).account()
            return investment.simulate(account, draws=DRAWS, seed=SEED)

        return self.once(["account", name], make)


def evidence(study: Any, data: Any) -> Evidence:
    """What the findings of a study are held against.

    Parameters
    ----------
    study
        The study, for its printed record, official figures and scenarios.
    data
        Its harmonised data.

    Examples
    --------
    >>> from kij_analysis import harmonise, open_study
    >>> from kij_analysis.template import template_folder
    >>> study = open_study(template_folder())
    >>> evidence(study, harmonise(study)).data_status
    'synthetic'
    """
    return Evidence(
        answers=data.with_people(),
        pairs=data.pairs,
        meetings=data.meetings,
        record=indicators.load(study),
        own=tuple(indicators.entered(study)["id"]),
        place=study,
    )
