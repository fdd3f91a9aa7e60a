"""One variable at most for a column, one column for a variable; what is in doubt is named, not decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kij_analysis.draft.answers import AnswerBook, Meaning, answer_book
from kij_analysis.draft.barriers import Block, barrier_block
from kij_analysis.draft.evidence import FIRST, Candidate, answer_target, candidates
from kij_analysis.draft.knowledge import KEYS, Knowledge
from kij_analysis.draft.likeness import squashed
from kij_analysis.draft.profiles import Seen

THRESHOLD = 0.45
"""Below this score nothing is proposed."""
TIE = 0.02
"""Two columns this near each other for one variable: the draft names both and decides nothing."""
HALF = 0.5
"""A map is written if at least this share of the answers is recognised."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What the draft says about one target: the column, the rule, how sure, and what came next.

    `kind` is ``key``, ``direct``, ``map``, ``rescale``, ``any_of``, or ``undetermined`` where a column is
    named and no rule can be written without a guess; `because` then says why.
    """

    target: str
    column: str
    kind: str
    score: float
    reason: str
    because: str = ""
    runner_up: str = ""
    runner_up_score: float = 0.0
    meanings: Mapping[str, Mapping[str, Meaning]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """All proposals about one file, with what each column seems to hold."""

    columns: tuple[Seen, ...]
    proposals: tuple[Proposal, ...]
    faint: Mapping[str, Candidate]
    barriers: Block | None
    known: Knowledge

    def by_target(self) -> dict[str, Proposal]:
        """The proposals by the variable or key."""
        return {proposal.target: proposal for proposal in self.proposals}


def consider(
    columns: Sequence[Seen], known: Knowledge, *, role: str = "", wave: str = "", unit: str = "person"
) -> Draft:
    """Weigh all evidence about a file's columns and settle who gets what.

    The role leaves out the variables that it is not asked, the wave lowers those of other waves; a log of
    meetings (unit ``meeting``) is held against the variables of meetings alone.
    The columns are assigned so that the sum of the scores is the highest (the Hungarian method), counting
    only pairs at or above the threshold.
    """
    book = answer_book(columns, known)
    block = barrier_block(columns, known, book, role=role) if unit == "person" else None
    taken = set(block.columns if block else ())
    weighed = candidates(columns, known, book, role=role, wave=wave, unit=unit)
    found = [c for c in weighed if columns[c.place].name not in taken]
    chosen = _assigned(found)
    proposals = [_proposal(c, found, columns, known, book) for c in chosen]
    settled = {c.target for c in chosen}
    faint: dict[str, Candidate] = {}
    for c in sorted(found, key=lambda c: -c.score):
        if c.target not in settled:
            faint.setdefault(c.target, c)
    if block:
        proposals.append(_of_block(block))
    return Draft(columns=tuple(columns), proposals=tuple(proposals), faint=faint, barriers=block, known=known)


def propose(draft: Draft) -> pd.DataFrame:
    """One row per column of the file: the proposed variable, the rule, the score and the reason in words.

    Columns: `column, label, variable, rule, score, reason, runner_up, runner_up_score`. A column for which
    nothing is proposed has an empty `variable`.
    """
    found: dict[str, Proposal] = {}
    for proposal in draft.proposals:
        whole = proposal.kind == "any_of" and draft.barriers is not None
        for name in draft.barriers.columns if whole and draft.barriers else (proposal.column,):
            found[name] = proposal
    return pd.DataFrame([_row(seen, found.get(seen.name), draft) for seen in draft.columns])


def _row(seen: Seen, proposal: Proposal | None, draft: Draft) -> dict[str, object]:
    if proposal is None:
        empty = {"variable": "", "rule": "", "score": np.nan, "reason": "", "runner_up": ""}
        return {"column": seen.name, "label": seen.label, **empty, "runner_up_score": np.nan}
    target = proposal.target
    if proposal.kind == "any_of" and draft.barriers:
        target = draft.barriers.targets.get(seen.name, target)
    return {
        "column": seen.name,
        "label": seen.label,
        "variable": target,
        "rule": proposal.kind,
        "score": proposal.score,
        "reason": f"{proposal.reason} {proposal.because}".strip(),
        "runner_up": proposal.runner_up,
        "runner_up_score": proposal.runner_up_score,
    }


def _assigned(found: Sequence[Candidate]) -> list[Candidate]:
    from scipy.optimize import linear_sum_assignment

    good = [c for c in found if c.score >= THRESHOLD]
    if not good:
        return []
    places = {place: row for row, place in enumerate(sorted({c.place for c in good}))}
    targets = {target: column for column, target in enumerate(dict.fromkeys(c.target for c in good))}
    table = np.zeros((len(places), len(targets)))
    held: dict[tuple[int, int], Candidate] = {}
    for c in good:
        spot = (places[c.place], targets[c.target])
        table[spot], held[spot] = c.score, c
    rows, columns = linear_sum_assignment(table, maximize=True)
    pairs = [(int(r), int(k)) for r, k in zip(rows, columns, strict=True)]
    return [held[pair] for pair in pairs if pair in held]


def _proposal(
    c: Candidate, found: Sequence[Candidate], columns: Sequence[Seen], known: Knowledge, book: AnswerBook
) -> Proposal:
    seen = columns[c.place]
    others = [o for o in found if (o.target == c.target) != (o.place == c.place)]
    second = max(others, key=lambda o: o.score, default=None)
    rival = max((o for o in others if o.target == c.target), key=lambda o: o.score, default=None)
    kind, because, meanings = _rule(c, seen, known, book)
    if rival is not None and c.score - rival.score <= TIE and rival.score >= THRESHOLD:
        because = f"'{columns[rival.place].name}' resembles it as much ({rival.score:.2f}): choose. {because}"
        kind = "undetermined"
    told = ""
    if second is not None:
        told = f"column '{columns[second.place].name}'" if second.target == c.target else second.target
    return Proposal(
        target=c.target, column=seen.name, kind=kind, score=round(c.score, 2), reason=reason_of(c, seen),
        because=because.strip(), runner_up=told, runner_up_score=round(second.score, 2) if second else 0.0,
        meanings=meanings,
    )  # fmt: skip


def _of_block(block: Block) -> Proposal:
    return Proposal(
        target="barriers", column=block.columns[0], kind="any_of" if block.complete else "undetermined",
        score=round(block.score, 2), reason=block.reason, because=block.because,
    )  # fmt: skip


def _rule(
    c: Candidate, seen: Seen, known: Knowledge, book: AnswerBook
) -> tuple[str, str, dict[str, dict[str, Meaning]]]:
    """(kind, why no rule can be written, meanings of the answers) for one settled pair."""
    if c.target in KEYS:
        return ("undetermined", f"It {c.doubt}.", {}) if c.doubt else ("key", "", {})
    variable = known.codebook.variables[c.target]
    if variable.type == "number" or variable.type == "date":
        return ("undetermined", f"It {c.doubt}.", {}) if c.doubt else ("direct", "", {})
    if variable.type == "scale":
        if seen.scale:
            if seen.scale.fits:
                return "rescale", "", {}
            return "undetermined", f"Its codes stand otherwise than those of the scale {seen.scale.id}.", {}
        return "undetermined", f"{c.doubt[:1].upper()}{c.doubt[1:]}.", {}
    if variable.type == "text":
        return "undetermined", "A text is carried over by hand only.", {}
    target = answer_target(c.target, known)
    column = squashed(seen.name)
    meanings = {target: {a.key: book.meaning(target, a, column) for a in seen.answers}}
    sure = sum(meaning.result is not None for meaning in meanings[target].values())
    if not seen.answers or sure < HALF * len(seen.answers):
        told = (
            f"Only {sure} of {len(seen.answers)} answers are recognised."
            if seen.answers
            else f"It {c.doubt}."
        )
        return "undetermined", told, meanings
    for more in (col.name for col in variable.columns[1:] if col.categories):
        meanings[more] = _carried(meanings[target], known.also.get(more.removeprefix(f"{c.target}_"), {}))
    return "map", "", meanings


def _carried(first: Mapping[str, Meaning], also: Mapping[str, str]) -> dict[str, Meaning]:
    """The meanings for a coarser output of the same variable."""
    return {
        key: Meaning(result=also.get(str(m.result)), score=m.score, wording=m.wording, source=m.source)
        for key, m in first.items()
    }


def _of_name(c: Candidate) -> str:
    if c.name_source == FIRST:
        return f"it is {FIRST}"
    if c.name_source == "codebook":
        return f"its name resembles '{c.target}' ({c.name:.2f})"
    return f"its name is the same in {c.name_source}"


def reason_of(c: Candidate, seen: Seen) -> str:
    """The evidence for one pair in words, the strongest first; no answer stands in it."""
    told: list[tuple[float, str]] = []
    if c.wording:
        whose = "its text" if seen.label or c.wording < 1 else "its name"
        told.append((c.wording, f"{whose} resembles '{c.resembles}' of {c.source} ({c.wording:.2f})"))
    if c.name:
        told.append((0.5 * c.name, _of_name(c)))
    if c.recognised:
        shared = f", as are those of {c.sharing - 1} other columns" if c.sharing > 1 else ""
        told.append((0.6 * c.answers, f"{c.recognised} of {c.of} answers are known categories{shared}"))
    if c.doubt:
        told.append((0.0, f"but it {c.doubt}" if not c.doubt.startswith("no scale") else f"but {c.doubt}"))
    return "; ".join(text for _, text in sorted(told, key=lambda pair: -pair[0])) + "."
