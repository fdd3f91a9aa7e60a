"""All that leaves together: placeholder until the joint model is merged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from kij_analysis.profiles import Profile


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """One frame that leaves."""

    name: str
    kind: str
    chapter: str
    frame: pd.DataFrame
    protect: Callable[..., pd.DataFrame]
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Together:
    """Frames protected together."""

    frames: Mapping[tuple[str, str], pd.DataFrame]
    log: pd.DataFrame = field(default_factory=pd.DataFrame)
    cells: pd.DataFrame = field(default_factory=pd.DataFrame)


def together(items: Sequence[Leaving], *, profile: Profile, earlier: pd.DataFrame | None = None) -> Together:
    """Each frame protected by its own rule."""
    return Together(
        frames={
            (one.kind, one.name): one.protect(one.frame, threshold=profile.smallest_cell) for one in items
        }
    )
