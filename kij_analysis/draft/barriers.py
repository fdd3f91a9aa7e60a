"""The multiple choice on barriers: one column for each, or several in one cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kij_analysis.draft.answers import AnswerBook, Meaning, tick_texts
from kij_analysis.draft.knowledge import Knowledge
from kij_analysis.draft.likeness import likenesses
from kij_analysis.draft.profiles import Answer, Seen, texts_of
from kij_analysis.questionnaire.questions import BARRIERS

LEAST = 3
"""A block has at least this many columns, or one cell this many different answers, that are barriers."""
ABOUT, SURE = 0.45, 0.6
"""How near the heading of a block must be to a question on barriers; from the second on two are enough."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """The columns that ask about barriers, and which barrier each, or each part of a cell, seems to be."""

    form: str
    columns: tuple[str, ...]
    targets: Mapping[str, str]
    meanings: Mapping[str, Meaning]
    score: float
    reason: str
    because: str = ""
    complete: bool = True
    chosen: tuple[str, ...] = ()
    not_chosen: tuple[str, ...] = ()
    separator: str = ""
    parts: Mapping[str, int] = field(default_factory=dict)


def barrier_block(
    columns: Sequence[Seen], known: Knowledge, book: AnswerBook, *, role: str = ""
) -> Block | None:
    """The block of the file that asks about barriers to work; None if nothing resembles one."""
    first = known.codebook.variables[known.codebook.barrier_variables[0]] if known.codebook.barriers else None
    if first is None or (role and first.asked_of and role not in first.asked_of):
        return None
    found = [*_cells(columns, known, book), *_ticks(columns, known, book)]
    return max(found, key=lambda block: block.score, default=None)


def _about(texts: Sequence[str], known: Knowledge) -> list[float]:
    """How near each text is to a question on barriers, in the nearest of its languages."""
    asked = [w.text for w in known.questions if w.target == BARRIERS]
    parts = [(place, part) for place, text in enumerate(texts) for part in texts_of("", text)]
    found = [0.0] * len(texts)
    for (place, _), row in zip(parts, likenesses([part for _, part in parts], asked), strict=True):
        found[place] = max(found[place], float(row.max(initial=0.0)))
    return found


def _meaning(texts: Sequence[str], book: AnswerBook) -> Meaning:
    """What one answer option seems to be, by the best of its wordings."""
    told = [book.meaning(BARRIERS, Answer(key=text, text=text, rows=0, labelled=True)) for text in texts]
    return max(told, key=lambda m: (m.result is not None, m.score))


def _cells(columns: Sequence[Seen], known: Knowledge, book: AnswerBook) -> list[Block]:
    """Columns with several answers in one cell, most of which are barriers."""
    blocks = []
    several = [seen for seen in columns if seen.kind == "several"]
    for seen, about in zip(
        several, _about([seen.label or seen.name for seen in several], known), strict=True
    ):
        meanings = {part: _meaning([part], book) for part in seen.parts}
        sure = [m.score for m in meanings.values() if m.result is not None]
        if len(sure) < LEAST:
            continue
        share = sum(sure) / len(meanings)
        blocks.append(
            Block(
                form="cells", columns=(seen.name,), targets={seen.name: BARRIERS}, meanings=meanings,
                score=1 - (1 - 0.6 * share) * (1 - 0.85 * about), separator=seen.separator, parts=seen.parts,
                reason=f"{len(sure)} of {len(meanings)} answers in its cells are known barriers; its text "
                f"resembles the question on barriers ({about:.2f}).",
            )
        )  # fmt: skip
    return [block for block in blocks if block.score >= 0.5]


def _ticks(columns: Sequence[Seen], known: Knowledge, book: AnswerBook) -> list[Block]:
    """Groups of columns under one heading, with a mark where the answer was chosen."""
    groups: dict[str, list[Seen]] = {}
    for seen in columns:
        texts = tick_texts(seen)
        if texts and len(texts[-1]) > len(texts[0]):
            stem = (seen.label or seen.name).removesuffix(texts[0]).strip(" :–-")
            groups.setdefault(stem, []).append(seen)
    blocks = []
    for (stem, group), about in zip(groups.items(), _about(list(groups), known), strict=True):
        meanings = {seen.name: _meaning(tick_texts(seen)[:-1], book) for seen in group}
        sure = {name: m for name, m in meanings.items() if m.result is not None}
        if len(sure) < (LEAST if about < SURE else 2) or about < ABOUT:
            continue
        chosen, not_chosen = _marks(group, known)
        share = sum(m.score for m in sure.values()) / len(group)
        blocks.append(
            Block(
                form="ticks", columns=tuple(meanings), meanings=meanings, chosen=chosen,
                not_chosen=not_chosen,
                targets={name: f"barrier_{m.result}" if m.result else "" for name, m in meanings.items()},
                score=1 - (1 - 0.6 * share) * (1 - 0.85 * about), complete=bool(chosen),
                because="" if chosen else "How a chosen answer is marked could not be told.",
                reason=f"{len(sure)} of {len(group)} columns of the block are known barriers; the heading "
                f"'{stem}' resembles the question on barriers ({about:.2f}).",
            )
        )  # fmt: skip
    return [block for block in blocks if block.score >= 0.5]


def _marks(group: Sequence[Seen], known: Knowledge) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(what marks a chosen answer, what one that is not)."""
    found = {a.key: a.text.casefold() for seen in group for a in seen.answers}
    if set(found.values()) <= {"x"}:
        return tuple(dict.fromkeys(found.values())), ("",)
    if set(found) <= {"0", "1"}:
        return ("1",), ("0",)
    yes = tuple(key for key, text in found.items() if text in known.yes)
    no = tuple(key for key, text in found.items() if text in known.no)
    return (yes, no) if len(yes) + len(no) == len(found) else ((), ())
