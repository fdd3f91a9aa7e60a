"""Which rows of a file belong to an instrument, where the file holds others too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from kij_analysis.codebook.crosswalks import Answer
from kij_analysis.codebook.instruments import Instrument
from kij_analysis.errors import Problem, did_you_mean, listed
from kij_analysis.harmonisation.compiling import answer_lookup
from kij_analysis.harmonisation.lookups import Lookup
from kij_analysis.harmonisation.resolving import matches
from kij_analysis.harmonisation.showing import may_be_shown
from kij_analysis.sources import AnswerKey, RawTable, normalise


def belonging(
    raw: RawTable, rows: np.ndarray, instrument: Instrument
) -> tuple[RawTable, np.ndarray, dict[str, tuple[int, ...]], list[Problem]]:
    """The rows that `only` of the instrument names, their numbers, and those of the others by reason.

    A row belongs if every column that `only` names holds one of its answers, by code or by label. Without the
    column nobody can tell, so that no row belongs. An answer that the file does not know is a problem, as a
    slip of spelling would leave a whole group out.
    """
    lost: dict[str, tuple[int, ...]] = {}
    problems: list[Problem] = []
    kept = np.ones(len(raw.frame), dtype=bool)
    for column, wanted in instrument.only.items():
        inside = np.zeros(len(raw.frame), dtype=bool)
        if column in raw.frame.columns:
            lookup = answer_lookup(column, wanted)
            codes, answers = raw.keys(column)
            inside = np.array([bool(matches(answer, lookup)) for answer in answers], dtype=bool)[codes]
            problems += _strangers(raw, column, wanted, answers)
            raw = _of_those(raw, column, lookup)
        if not inside.all():
            lost[f"outside only: {column}"] = tuple(rows[kept & ~inside].tolist())
        kept &= inside
    lost = {reason: gone for reason, gone in lost.items() if gone}
    if kept.all():
        return raw, rows, lost, problems
    if not kept.any() and not problems:
        what = f"No row belongs to the instrument: none fits only: {listed(instrument.only)} at once."
        problems.append(Problem(what=what, fix="Correct only: in the crosswalk.", file=raw.name))
    frame = raw.frame[kept].reset_index(drop=True)
    return replace(raw, frame=frame), rows[kept], lost, problems


def _of_those(raw: RawTable, column: str, lookup: Lookup) -> RawTable:
    """The table without the labels of answers that do not belong: no rule is missing for them."""
    notes = raw.columns[column]
    labels = {
        key: label
        for key, label in notes.value_labels.items()
        if matches(AnswerKey(key=key, text=normalise(key), label=label), lookup)
    }
    return replace(raw, columns={**raw.columns, column: replace(notes, value_labels=labels)})


def _strangers(
    raw: RawTable, column: str, wanted: Sequence[Answer], answers: Sequence[AnswerKey]
) -> Iterator[Problem]:
    """Answers that only: names and neither the rows nor the labels of the file have."""
    labels = raw.columns[column].value_labels
    known = [
        *answers,
        *(AnswerKey(key=key, text=normalise(key), label=label) for key, label in labels.items()),
    ]
    for answer in wanted:
        lookup = answer_lookup(column, [answer])
        if not any(matches(other, lookup) for other in known):
            near = [other for other in known if other.key and may_be_shown(other, 1, lookup)]
            hint = did_you_mean(answer, [other.label or other.key for other in near])
            # Without labels the column may be an open one, whose answers no message shows.
            fix = f"{hint} The file's labels are {listed(labels.values())}." if labels else hint
            what = f"only: names the answer '{answer}', which the column does not have."
            yield Problem(what=what, fix=fix.strip(), file=raw.name, column=column)
