"""Small answers for tests of findings, and findings to hold against them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.findings import Evidence, Finding, Test

ALIKE = {"role": "mentee", "gender": "woman"}


def persons(
    hits: int, n: int, *, programme: str = "fika", status: str = "observed", **more: Any
) -> pd.DataFrame:
    """The answers of `n` persons at the end, of whom the first `hits` have a good network."""
    rows = {"person_id": [f"{programme}{place}" for place in range(n)], "programme": programme, "wave": "end"}
    frame = pd.DataFrame(rows).assign(**ALIKE, data_status=status)
    frame["network_high"] = pd.array([place < hits for place in range(n)], dtype="boolean")
    return frame.assign(**more)


def twice(before: list[float], after: list[float], *, status: str = "observed") -> pd.DataFrame:
    """The same persons' scores of confidence at entry and at the end."""
    parts = [
        persons(0, len(scores), status=status, wave=wave, confidence_score=pd.array(scores, dtype="Float64"))
        for wave, scores in (("entry", before), ("end", after))
    ]
    return pd.concat(parts, ignore_index=True)


def finding(kind: str, options: dict[str, Any], *, said_of: tuple[str, ...] = ("fika",)) -> Finding:
    """A finding with a test."""
    sentence = dict.fromkeys(("en", "da", "nb", "sv", "fi"), "Something is so.")
    test = Test(kind=kind, options=options, basis="made for a test")
    return Finding(
        id="made", topic="outcomes", about="mentees", sentence=sentence, source=("source",), said_of=said_of,
        test=test, beside={},
    )  # fmt: skip


def evidence_of(*frames: pd.DataFrame, **more: Any) -> Evidence:
    """Evidence of some answers."""
    return Evidence(answers=pd.concat(frames, ignore_index=True), **more)
