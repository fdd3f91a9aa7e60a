"""What the direction check found, as problems: which item of which file runs the wrong way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.errors import Problem, listed
from kij_analysis.harmonisation.parts import Part
from kij_analysis.harmonisation.resolving import NOTHING

Item = tuple[str, str]
"""A file and a variable."""


@dataclass(frozen=True)
class _Found:
    """The correlations of one study, sorted by what they speak for."""

    within: pd.DataFrame
    between: pd.DataFrame
    sure: frozenset[Item]
    unsure: frozenset[Item]


def turned_round(directions: pd.DataFrame) -> list[Item]:
    """The items that run the wrong way, each with its file.

    Where half of a family runs against the other half, the family cannot say which half is reversed; the
    same persons' answers in another wave decide, and without them all that run against are named. Where two
    waves of an item contradict each other and nothing else is known, it is the later one.
    """
    found = _sorted(directions)
    by_wave = _of_waves(found)
    unsure = [item for item in found.unsure if _decided(item, found, by_wave)]
    items = {*found.sure, *unsure, *by_wave}
    order = {key: place for place, key in enumerate(_items(directions))}
    return sorted(items, key=lambda item: order.get(item, len(order)))


def _items(rows: pd.DataFrame) -> list[Item]:
    return list(dict.fromkeys(zip(rows["file"], rows["variable"], strict=True)))


def _sorted(directions: pd.DataFrame) -> _Found:
    against = directions[directions["verdict"] == "against"]
    within, between = against[against["family"] != ""], against[against["family"] == ""]
    many = within.groupby(["file", "family"])["variable"].transform("size") * 2 >= within["items"]
    return _Found(
        within=directions[directions["family"] != ""],
        between=between,
        sure=frozenset(_items(within[~many])),
        unsure=frozenset(_items(within[many])),
    )


def _of_waves(found: _Found) -> set[Item]:
    """The fewest items that explain why waves of the same persons contradict each other."""
    pairs = [
        ((row["file"], row["variable"]), (row["other_file"], row["variable"]))
        for row in found.between.to_dict("records")
    ]
    open_pairs = [pair for pair in pairs if not found.sure & set(pair)]
    culprits: set[Item] = set()
    while open_pairs:
        counts: dict[Item, int] = {}
        for pair in open_pairs:
            for item in pair:
                counts[item] = counts.get(item, 0) + 1
        # The later of two files stands last, and of equals max takes the first.
        worst = max(reversed(counts), key=lambda item: (counts[item], item in found.unsure))
        culprits.add(worst)
        open_pairs = [pair for pair in open_pairs if worst not in pair]
    return culprits


def _decided(item: Item, found: _Found, by_wave: set[Item]) -> bool:
    """Whether an item of a family split in half stays under suspicion."""
    families = dict(zip(_items(found.within), found.within["family"], strict=True))
    relatives = {one for one in families if one[0] == item[0] and families[one] == families[item]}
    return not relatives & by_wave


def direction_problems(parts: Sequence[Part], directions: pd.DataFrame) -> Iterator[Problem]:
    """An error for every item that runs the wrong way, a notice for every one that may."""
    by_file = {part.source.shown: part for part in parts}
    for file, variable in turned_round(directions):
        yield _problem(by_file[file], variable, directions)
    for row in directions[directions["verdict"] == "doubtful"].to_dict("records"):
        part = by_file[row["file"]]
        if row["variable"] not in part.crosswalk.instrument.direction_checked:
            yield _doubt(part, row)


def _doubt(part: Part, row: dict[str, Any]) -> Problem:
    what = f"for {row['variable']}: its correlation with the other items of '{row['family']}' is "
    what += f"{_r(row['correlation'])} here (n = {row['n']})"
    if row["n_elsewhere"]:
        what += f", and {_r(row['elsewhere'])} in the other files (n = {row['n_elsewhere']})"
    return Problem(
        what=f"{what}.",
        fix="Not sure enough to stop the work: look whether the answers stand the other way round.",
        file=part.source.shown,
        column=_source(part, row["column"]),
        severity="notice",
    )


def _problem(part: Part, variable: str, directions: pd.DataFrame) -> Problem:
    file = part.source.shown
    rows = directions[directions["variable"] == variable]
    own = rows[(rows["file"] == file) & (rows["family"] != "")]
    touching = rows[(rows["verdict"] == "against") & (rows["family"] == "")]
    waves = touching[(touching["file"] == file) | (touching["other_file"] == file)]
    said = [_of_family(row, directions) for row in own.to_dict("records") if row["verdict"] == "against"]
    said += [_of_wave(row, file) for row in waves.to_dict("records")]
    reason = part.crosswalk.instrument.direction_checked.get(variable)
    column = (own if len(own) else waves)["column"].iloc[0]
    what = f"for {variable}: the answers seem to stand the other way round: {'; '.join(said)}."
    fix = _fix(part, column) if reason is None else f"The crosswalk says that this is right: {reason}."
    severity = "error" if reason is None else "notice"
    return Problem(what=what, fix=fix, file=file, column=_source(part, column), severity=severity)


def _of_family(row: dict[str, object], directions: pd.DataFrame) -> str:
    alike = (directions["file"] == row["file"]) & (directions["family"] == row["family"])
    split = directions[alike & (directions["verdict"] == "against")]
    others = [name for name in directions[alike]["variable"] if name != row["variable"]]
    told = f"the correlation with {listed(others)} is {_r(row['correlation'])} here (n = {row['n']})"
    if row["elsewhere"] == row["elsewhere"]:
        told += f" and {_r(row['elsewhere'])} in the other files (n = {row['n_elsewhere']})"
    if len(split) * 2 >= int(str(row["items"])):
        told += ", unless it is the others that are reversed"
    return told


def _of_wave(row: dict[str, object], file: str) -> str:
    other = row["other_file"] if row["file"] == file else row["file"]
    return f"with the same persons' answers in {other} it is {_r(row['correlation'])} (n = {row['n']})"


def _fix(part: Part, column: str) -> str:
    rule = part.crosswalk.rule(column)
    scale = getattr(rule.spec, "scale", "")
    where = f"the steps of the scale '{scale}'" if scale else "the rule"
    return (
        f"Hold the codes and labels of the export and {where} against the questionnaire, and turn round what "
        f"is wrong. If all is right, say so under direction_checked: in {part.crosswalk.name}."
    )


def _source(part: Part, column: str) -> str:
    return ", ".join(part.crosswalk.rule(column).sources)


def _r(value: object) -> str:
    """A correlation as it is printed, with a minus sign."""
    return f"{float(str(value)):.2f}".replace("-", "−")


def marked(parts: Sequence[Part], directions: pd.DataFrame) -> list[Part]:
    """The parts without the answers of items that run the wrong way; each becomes *rule failed*."""
    wrong = set(turned_round(directions))
    return [
        _marked(part, {variable for file, variable in wrong if file == part.source.shown}) for part in parts
    ]


def _marked(part: Part, variables: set[str]) -> Part:
    variables = variables - set(part.crosswalk.instrument.direction_checked)
    if not variables:
        return part
    frame, filled = part.frame.copy(), []
    for column in part.filled:
        if column.column.variable in variables:
            outcomes = [o if isinstance(o, Missing) else NOTHING for o in column.outcomes]
            column = replace(column, outcomes=outcomes)
            reasons = list(frame[column.column.missing].cat.categories)
            frame[column.column.name] = column.values()
            frame[column.column.missing] = column.reasons(reasons)
        filled.append(column)
    return replace(part, frame=frame, filled=tuple(filled))
