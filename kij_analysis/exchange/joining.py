"""Items of one name from several files, put together row by row in the order of the programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from kij_analysis.errors import ReportError
from kij_analysis.exchange.shared import Shared
from kij_analysis.reporting.derived import Derived
from kij_analysis.reporting.items import Item
from kij_analysis.study import OF_PERSONS

APART = ("effects",)
"""Chapters about one programme and its own comparison group: several of them are not put together."""

Named = dict[tuple[str, str], Item]


def items_of(files: Sequence[Shared], chapter: str) -> Named:
    """The items of a chapter by kind and name, those of one name put together.

    Raises
    ------
    ReportError
        If two files mean different figures by one name, or give them different options.
    """
    found: dict[tuple[str, str], list[tuple[Shared, Item]]] = {}
    for file in files:
        for item in file.items(chapter):
            found.setdefault((item.kind, item.name), []).append((file, item))
    made: Named = {}
    for own in found.values():
        parts = [item for _, item in own]
        if chapter in APART and len(own) > 1:
            parts = [
                replace(item, options={**item.options, "name": f"{item.name}_{file.programmes[0]}"})
                for file, item in own
            ]
            made |= {(item.kind, item.name): item for item in parts}
        else:
            made[parts[0].kind, parts[0].name] = joined(parts)
    return made


def order_of(files: Sequence[Shared], chapter: str, own: Sequence[str] = ()) -> list[str]:
    """The names of a chapter's items in order: those of the author, and each other after the one before it.

    Examples
    --------
    >>> content = {"chapters": [{"chapter": "data", "order": ["a", "b", "c"], "items": []}]}
    >>> order_of([Shared(content=content)], "data", ["a", "c", "d"])
    ['a', 'b', 'c', 'd']
    """
    names = list(own)
    for file in files:
        last = -1
        for name in file.order(chapter):
            if name not in names:
                names.insert(last + 1, name)
            last = names.index(name)
    return names


def joined(items: Sequence[Item]) -> Item:
    """One item from those of several programmes.

    Raises
    ------
    ReportError
        If they are made by different functions, or with different options.
    """
    first = items[0]
    if len(items) == 1:
        return first
    if len({item.make for item in items}) > 1:
        raise ReportError(
            f"'{first.name}' is made by different functions in different files.",
            fix="Use the same notebooks everywhere, and share again.",
        )
    then = _joined(first.name, "then", [item.then for item in items])
    names = dict.fromkeys(name for item in items for name in item.options)
    return replace(
        first,
        frame=frames([item.frame for item in items]),
        behind=tuple(dict.fromkeys(one for item in items for one in item.behind)),
        options={name: _joined(first.name, name, [i.options.get(name) for i in items]) for name in names},
        then=then,
    )


def _joined(item: str, name: str, values: Sequence[Any]) -> Any:
    """One option from those of several programmes; frames are put together."""
    given = [value for value in values if value is not None]
    if not given:
        return None
    if all(isinstance(value, pd.DataFrame) for value in given):
        return frames(given)
    if all(isinstance(value, Derived) for value in given) and len({value.make for value in given}) == 1:
        inner = dict.fromkeys(key for value in given for key in value.options)
        options = {key: _joined(item, f"{name}.{key}", [v.options.get(key) for v in given]) for key in inner}
        return Derived(make=given[0].make, options=options)
    if any(type(value) is not type(given[0]) or value != given[0] for value in given):
        raise ReportError(
            f"'{item}' has different values of {name} in different files.",
            fix="Use the same notebooks and settings everywhere, and share again.",
        )
    return given[0]


def frames(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all, one programme after another; what is printed or official stands once.

    Persons who are in no group of a comparison (`ungrouped`) are counted over all.

    Examples
    --------
    >>> one = pd.DataFrame({"programme": ["", "fika"], "data_status": ["published", "observed"]})
    >>> frames([one, one.replace("fika", "sajo")])["programme"].tolist()
    ['', 'fika', 'sajo']
    """
    columns = list(dict.fromkeys(name for part in parts for name in part.columns))
    kinds = {name: kind for name in columns if (kind := _codes(parts, name)) is not None}
    filled = [part for part in parts if len(part)] or list(parts[:1])
    whole = pd.concat([part.astype({n: k for n, k in kinds.items() if n in part}) for part in filled])
    whole = whole.reset_index(drop=True).reindex(columns=columns)
    of_persons = whole["data_status"].isin(OF_PERSONS) if "data_status" in whole.columns else False
    whole = whole[~(whole.duplicated() & ~of_persons)].reset_index(drop=True)
    if {"ungrouped", "variable"} <= set(columns):
        whole = whole.assign(ungrouped=_ungrouped(filled, whole["variable"]))
    return whole


def _codes(parts: Sequence[pd.DataFrame], name: str) -> pd.CategoricalDtype | None:
    """The codes of all parts, where a column holds codes of a list."""
    dtypes = [part[name].dtype for part in parts if name in part]
    known = [dtype for dtype in dtypes if isinstance(dtype, pd.CategoricalDtype)]
    if len(known) < len(dtypes):
        return None
    codes = dict.fromkeys(code for dtype in known for code in dtype.categories)
    return pd.CategoricalDtype(list(codes), ordered=all(bool(dtype.ordered) for dtype in known))


def _ungrouped(parts: Sequence[pd.DataFrame], variables: pd.Series) -> pd.Series:
    """For each variable the persons of all programmes who are in no group; unknown where one is hidden."""
    own = [part.groupby("variable")["ungrouped"].first() for part in parts]
    names = list(dict.fromkeys(variables))
    return variables.map(sum(counts.reindex(names, fill_value=0) for counts in own))


def needing_rows(items: Mapping[str, Sequence[Item]]) -> list[str]:
    """Sentences: which estimates of which figures could not be made from what is shared."""
    told = []
    for chapter, own in items.items():
        for item in own:
            notes = item.frame["note"] if "note" in item.frame.columns else pd.Series(dtype="str")
            rows = item.frame[notes == "needs_rows"] if len(notes) else item.frame.iloc[:0]
            if len(rows):
                about = ", ".join(dict.fromkeys(rows["variable"].astype("str")))
                told.append(
                    f"{chapter}, {item.kind} '{item.name}': {len(rows)} of {len(item.frame)} estimates need "
                    f"the answers of all programmes in one place ({about})."
                )
    return told
