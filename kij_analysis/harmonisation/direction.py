"""The direction check: an item that runs against its family, or against itself in another wave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis.codebook.instruments import WAVES
from kij_analysis.codebook.variables import Codebook, Column, Family, Variable
from kij_analysis.harmonisation.ledger import FRAMES
from kij_analysis.harmonisation.parts import Part
from kij_analysis.harmonisation.rank_correlation import STRICT, Correlation, pooled, spearman

DIRECTION = FRAMES["direction"]
"""The columns of `data.ledger.direction`."""

Ranks = dict[tuple[int, str], tuple[Column, pd.Series] | None]
"""What was measured of a variable in a part of the data, by the identity of the part and the name."""

FEWEST = 10
"""With fewer persons no correlation is looked at."""

_PREFERRED = ("number", "category", "boolean")
"""Which output of a variable is looked at, the finest first."""


def directions(parts: Sequence[Part], codebook: Codebook) -> pd.DataFrame:
    """Spearman's correlations of every item with the rest of its family, and with itself in other waves.

    Items found to run against their family are turned round before the others are held against it, the
    clearest first, so that one reversed item does not make its family look wrong. Of two items nobody can
    say which one is reversed: both run against the other.

    Returns
    -------
    DataFrame
        One row per file and item of a family (`family` says which), then one per scale and two waves of the
        same persons (`other_file` is the later one). `column` is the harmonised column that was looked at,
        `items` how many items of the family the file has, `n` the persons with both. `elsewhere` is the
        same correlation in the other files of that role, without those where the item runs against too.
        `verdict`: *against*, *doubtful*, *too_few* (fewer than 10 persons) or *fits*, see `judged`; of two
        waves it is *against* if the 99 % interval lies below 0.
    """
    people = [part for part in parts if part.crosswalk.instrument.unit == "person"]
    ranks: Ranks = {}
    found = [
        one
        for part in people
        for family in codebook.families.values()
        for one in _within(part, family, codebook, ranks)
    ]
    rows = [*(_told(one, found) for one in found), *_between(people, codebook, ranks)]
    frame = pd.DataFrame(rows, columns=list(DIRECTION))
    return frame.astype(dict.fromkeys(("correlation", "conf_low", "conf_high", "elsewhere"), "float64"))


@dataclass(frozen=True, kw_only=True)
class _Held:
    """An item of one file held against the rest of its family."""

    part: Part
    column: Column
    family: str
    items: int
    own: Correlation
    turned: bool

    @property
    def alike(self) -> tuple[str, str, str]:
        """What the same item of other files has in common with it."""
        return self.family, self.column.variable, self.part.crosswalk.instrument.role


def judged(own: Correlation, elsewhere: Correlation, *, turned: bool) -> str:
    """What the correlation of an item with its family speaks for.

    An item whose 95 % interval lies below 0 (`turned`) runs *against* its family if the family holds together
    in the other files, or if there are no others and even the 99 % interval lies below 0; else it is
    *doubtful*. So is one that is negative, and clearly unlike the other files, without being clearly below 0.
    """
    if own.n < FEWEST:
        return "too_few"
    if turned:
        sure = elsewhere.positive() if elsewhere.n else own.negative(STRICT)
        return "against" if sure else "doubtful"
    return "doubtful" if own.below(elsewhere) else "fits"


def measured(part: Part, variable: Variable) -> tuple[Column, pd.Series] | None:
    """The finest column of a variable in which a file has differing answers, as ranks between 0 and 1."""
    for column in sorted(variable.columns, key=_fineness):
        if column.type not in _PREFERRED or (column.type == "category" and not column.ordered):
            continue
        values = part.frame[column.name]
        if column.type == "category":
            values = values.cat.codes.where(values.notna())
        values = values.astype("Float64").astype("float64")
        if values.nunique() > 1:
            return column, values.rank(pct=True)
    return None


def _fineness(column: Column) -> int:
    return _PREFERRED.index(column.type) if column.type in _PREFERRED else len(_PREFERRED)


def _once(part: Part, variable: Variable, ranks: Ranks) -> tuple[Column, pd.Series] | None:
    """What was measured, kept: the same variable is looked at in its family and in every two waves."""
    key = (id(part), variable.name)
    if key not in ranks:
        ranks[key] = measured(part, variable)
    return ranks[key]


def _within(part: Part, family: Family, codebook: Codebook, ranks: Ranks) -> Iterator[_Held]:
    """The items of a family that a file has, each held against the others."""
    found = {name: _once(part, codebook.variables[name], ranks) for name in family.variables}
    items = {name: item for name, item in found.items() if item is not None}
    if len(items) < 2:
        return
    table = pd.DataFrame({name: ranks for name, (_, ranks) in items.items()})
    turned = running_against(table)
    for name, (column, _) in items.items():
        yield _Held(
            part=part,
            column=column,
            family=family.code,
            items=len(items),
            own=held_against(table, name, turned),
            turned=name in turned,
        )


def _told(one: _Held, everywhere: Sequence[_Held]) -> dict[str, Any]:
    """The row of one item, with the same correlation in the other files beside it."""
    others = [
        other.own
        for other in everywhere
        if other.part is not one.part
        and other.alike == one.alike
        and not other.turned
        and other.own.n >= FEWEST
    ]
    elsewhere = pooled(others)
    return _row(one.part, one.column) | {
        "family": one.family,
        "other_file": "",
        "items": one.items,
        **one.own.columns(),
        "elsewhere": elsewhere.estimate,
        "n_elsewhere": elsewhere.n,
        "verdict": judged(one.own, elsewhere, turned=one.turned),
    }


def running_against(table: pd.DataFrame) -> list[str]:
    """The items that run against the others, the clearest first; each is turned before the next is sought."""
    turned: list[str] = []
    while len(turned) < table.shape[1] - 1:
        left = {name: held_against(table, name, turned) for name in table.columns if name not in turned}
        name = min(left, key=lambda one: left[one].interval()[1])
        if left[name].n < FEWEST or not left[name].negative():
            return turned
        turned.append(name)
        if table.shape[1] == 2:
            return list(table.columns)
    return turned


def held_against(table: pd.DataFrame, name: str, turned: Sequence[str]) -> Correlation:
    """An item as it stands, with the mean rank of the others of which the turned ones are turned round."""
    rest = table.drop(columns=name)
    turned = [other for other in turned if other != name and len(table.columns) > 2]
    rest = rest.assign(**{other: 1 - rest[other] for other in turned})
    return spearman(table[name], rest.mean(axis=1))


def _between(parts: Sequence[Part], codebook: Codebook, ranks: Ranks) -> Iterator[dict[str, Any]]:
    """One row for each scale that the same persons answered in two waves."""
    ordered = sorted(parts, key=lambda part: WAVES.index(part.crosswalk.instrument.wave))
    for first, second in combinations(ordered, 2):
        one, other = first.crosswalk.instrument, second.crosswalk.instrument
        if (one.programme, one.role) != (other.programme, other.role) or one.wave == other.wave:
            continue
        for variable in codebook.variables.values():
            if variable.type != "scale" or variable.frame != "answers":
                continue
            before, after = _once(first, variable, ranks), _once(second, variable, ranks)
            if before is None or after is None:
                continue
            held = spearman(_by_person(first, before[1]), _by_person(second, after[1]))
            verdict = "against" if held.negative(STRICT) else "fits"
            yield _row(first, before[0]) | {
                "family": "",
                "other_file": second.source.shown,
                "items": 1,
                **held.columns(),
                "elsewhere": np.nan,
                "n_elsewhere": 0,
                "verdict": verdict if held.n >= FEWEST else "too_few",
            }


def _by_person(part: Part, ranks: pd.Series) -> pd.Series:
    return ranks.set_axis(pd.Index(part.frame["person_id"]))


def _row(part: Part, column: Column) -> dict[str, Any]:
    instrument = part.crosswalk.instrument
    return {
        "instrument": instrument.id,
        "file": part.source.shown,
        "programme": instrument.programme,
        "role": instrument.role,
        "wave": instrument.wave,
        "variable": column.variable,
        "column": column.name,
    }
