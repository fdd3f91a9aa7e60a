"""A published finding and its test, as findings.yaml holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Test:
    """How a finding is held against data: the kind of rule, its options, and why they are as they are."""

    __test__ = False  # no test of pytest's

    kind: str
    options: Mapping[str, Any]
    basis: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What has been published, in our own words in five languages, by whom, about whom, and its test.

    `said_of` are the programmes that it speaks of; `beside` says which printed numbers are shown next to
    what is computed (an indicator of the record, or ids).
    """

    id: str
    topic: str
    about: str
    sentence: Mapping[str, str]
    source: tuple[str, ...]
    said_of: tuple[str, ...]
    test: Test
    beside: Mapping[str, Any]

    @property
    def needed(self) -> tuple[str, ...]:
        """What the file says would be needed to test it."""
        return tuple(self.test.options.get("needed", ()))
