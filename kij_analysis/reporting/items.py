"""Items of a chapter: what a notebook asks to have drawn or tabled, before anything of it is protected."""

from __future__ import annotations

import hashlib
import inspect
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from kij_analysis import disclosure, tables
from kij_analysis.disclosure import Leaving
from kij_analysis.estimates import COLUMNS
from kij_analysis.reporting.derived import Derived
from kij_analysis.reporting.numbers import keep_numbers, public_name, rests_on
from kij_analysis.study import OF_PERSONS
from kij_analysis.words import Words

Protect = Callable[..., pd.DataFrame]
Kind = Literal["figure", "table"]

ITEMS = "items"
"""The folder, in that of a report run, in which its chapters keep what is to be drawn."""
THEN = "then"
"""The place, among the options of an item, of what its frame becomes."""
WORDS = "words.pickle"
"""The words of all languages of a run, in the same place."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """A figure or table: the public function that makes it, its unprotected frame, and its options.

    `then`, and options that are `Derived`, are computed from the frame when it has been protected.
    """

    kind: Kind
    make: Callable[..., Any]
    frame: pd.DataFrame
    protect: Protect | None = disclosure.suppress
    behind: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    then: Derived | None = None

    @property
    def name(self) -> str:
        """The name of the figure or table: as given, or the function's own."""
        given = self.options.get("name")
        own = inspect.signature(self.make).parameters.get("name")
        default = own.default if own is not None and isinstance(own.default, str) else ""
        return str(given or default or self.make.__name__)

    def leaving(self, chapter: str) -> list[tuple[str, Leaving]]:
        """What of it tells about persons, by its place in the item (`places`)."""
        found: list[tuple[str, Leaving]] = []
        for place, frame in self.places():
            if not tells_of_persons(frame) or self.protect is None:
                continue
            protect = disclosure.suppress if place else self.protect
            found.append(
                (
                    place,
                    Leaving(
                        name=f"{self.name}.{place}" if place else self.name,
                        kind=self.kind,
                        chapter=chapter,
                        frame=frame,
                        protect=protect,
                        behind=self.behind,
                    ),
                )
            )
        return found

    def places(self) -> Iterator[tuple[str, Any]]:
        """All that it is made of: its frame under "", its options, and those of what is derived."""
        yield "", self.frame
        for name, value in self._all_options():
            if isinstance(value, Derived):
                yield from ((f"{name}.{inner}", own) for inner, own in value.options.items())
            else:
                yield name, value

    def _all_options(self) -> Iterator[tuple[str, Any]]:
        yield from self.options.items()
        if self.then is not None:
            yield THEN, self.then

    def showing(self, protected: Mapping[str, Any]) -> Item:
        """The same item with protected frames in their places; nothing of it is unprotected after."""
        put = dict(self._all_options())
        for name, value in put.items():
            if isinstance(value, Derived):
                put[name] = value.given(
                    {i: protected[f"{name}.{i}"] for i in value.options if f"{name}.{i}" in protected}
                )
            else:
                put[name] = protected.get(name, value)
        then = put.pop(THEN, None)
        return replace(self, frame=protected.get("", self.frame), options=put, then=then)

    def resolved(self) -> Item:
        """The same item with all computed that is derived from its frame."""
        options = {
            name: value.of(self.frame) if isinstance(value, Derived) else value
            for name, value in self.options.items()
        }
        frame = self.frame if self.then is None else self.then.of(self.frame)
        return replace(self, frame=frame, options=options, then=None)


def tells_of_persons(frame: object) -> bool:
    """Whether these are estimates from answers of persons, real or made up."""
    if not isinstance(frame, pd.DataFrame) or not set(COLUMNS) <= set(frame.columns):
        return False
    return bool(frame["data_status"].isin(OF_PERSONS).any())


def save_items(items: Mapping[int, Item], path: Path) -> None:
    """Keep a chapter's items, by their place in it, for the run of the report that it belongs to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(dict(items)))


def load_items(path: Path) -> dict[int, Item]:
    """The items that a notebook has kept; only ever read from the study's own folders."""
    items: dict[int, Item] = pickle.loads(path.read_bytes())
    return items


def fingerprint(item: Item) -> str:
    """A checksum of the numbers that an item shows."""
    frames = [value for value in (item.frame, *item.options.values()) if isinstance(value, pd.DataFrame)]
    return hashlib.sha256("\n".join(frame.to_csv(index=False) for frame in frames).encode()).hexdigest()


def can_wait(item: Item) -> bool:
    """Whether another process can draw it; nothing that is defined in the notebook itself can leave it."""
    try:
        return b"__main__" not in pickle.dumps(item)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False


def drawn(item: Item, words: Sequence[Words], folders: Mapping[str, Path]) -> tuple[Any, dict[str, Any]]:
    """Make and save a protected item in every language, with its numbers.

    Returns
    -------
    tuple
        The figure or table of the first language, and what the pages and the manifest need of all.
    """
    made = [item.make(item.frame, say, **item.options) for say in words]
    entry: dict[str, Any] = {
        "kind": item.kind,
        "name": made[0].name,
        "variables": sorted(_codes(item.frame, "variable", "indicator", "outcome")),
        "programmes": _codes(item.frame, "programme"),
        "instruments": sorted(set(item.behind or _codes(item.frame, "instrument"))),
        "data_status": sorted(set(item.frame["data_status"])),
        "made_by": public_name(item.make),
        "rests_on": rests_on(item.frame, item.options),
        "titles": {one.language: one.title for one in made},
        "numbers": keep_numbers(made[0].name, item.kind, item.frame, item.options, folders["processed"]),
    }
    if item.kind == "table":
        for table in made:
            table.save(folders["report"] / "tables" / table.language)
        return made[0], entry | {"texts": {table.language: table.texts() for table in made}}
    behind = {}
    for figure, say in zip(made, words, strict=True):
        figure.save(folders["figures"] / figure.language)
        behind[figure.language] = tables.behind(figure, say).texts()
    return made[0], entry | {"texts": behind}


def _codes(frame: pd.DataFrame, *columns: str) -> list[str]:
    """What stands in the first of the columns that there is, each code once."""
    there = next((name for name in columns if name in frame), None)
    return [] if there is None else [code for code in dict.fromkeys(frame[there]) if code]
