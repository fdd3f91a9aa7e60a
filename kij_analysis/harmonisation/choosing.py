"""Multiple choice in one cell: is an answer among those that it lists, or how many are?"""

from __future__ import annotations

import numpy as np

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.errors import Problem
from kij_analysis.harmonisation.filled import Filled
from kij_analysis.harmonisation.lookups import CompiledRule, Lookup, Membership
from kij_analysis.harmonisation.resolving import NOTHING, matches, outcome_of
from kij_analysis.harmonisation.showing import not_shown, pattern, unshown
from kij_analysis.privacy import is_mask
from kij_analysis.sources import AnswerKey, RawTable, normalise


def membership(rule: CompiledRule, plan: Membership, raw: RawTable, rows: np.ndarray) -> Filled:
    """Is the code among the answers of the cell, or how many are? Every answer of every cell needs a rule."""
    lookup = plan.answers
    codes, answers = raw.keys(lookup.source)
    counts = np.bincount(codes, minlength=len(answers))
    cells = [listed_answers(answer, plan.separator, lookup) for answer in answers]
    outcomes: list[object] = []
    strangers: dict[AnswerKey, int] = {}
    for parts, count in zip(cells, counts, strict=True):
        results = [outcome_of(part, lookup, 1)[0] for part in parts]
        for part, result in zip(parts, results, strict=True):
            if result is NOTHING:
                strangers[part] = strangers.get(part, 0) + int(count)
        outcomes.append(_chosen(results, plan))
    silent = set(unshown(strangers, lookup))
    found = [outcome_of(part, lookup, n)[1:] for part, n in strangers.items() if part not in silent]
    quiet = [part for part in silent if not is_mask(part.key)]
    if quiet:
        hit = np.array([any(part in quiet for part in parts) for parts in cells], dtype=bool)[codes]
        found.append(not_shown(quiet, hit, rows, lookup.known))
    problems = [
        Problem(what=f"for {plan.target}: {what}", fix=fix, file=raw.name, column=lookup.source)
        for what, fix in found
    ]
    texts = [_named(answer, parts, silent, plan) for answer, parts in zip(answers, cells, strict=True)]
    return Filled(column=rule.column, positions=codes, outcomes=outcomes, answers=texts, problems=problems)


def _named(answer: AnswerKey, parts: list[AnswerKey], silent: set[AnswerKey], plan: Membership) -> str:
    """How the ledger names a cell: as it stands, unless one of its answers may not be shown."""
    if not any(part in silent for part in parts):
        return answer.key
    joint = f"{plan.separator.strip() or plan.separator} "
    return joint.join(pattern(part.key) if part in silent else part.key for part in parts)


def listed_answers(answer: AnswerKey, separator: str, lookup: Lookup) -> list[AnswerKey]:
    """The answers of one cell; an answer that has a rule may hold the separator itself.

    Examples
    --------
    >>> lookup = Lookup(source="q", by_text={"sprog, dansk": 1, "netværk": 2}, by_code={})
    >>> cell = AnswerKey(key="Sprog, dansk, Netværk", text="sprog, dansk, netværk")
    >>> [part.key for part in listed_answers(cell, ",", lookup)]
    ['Sprog, dansk', 'Netværk']
    """
    sign = separator.strip() or separator
    whole = answer.label or answer.declared_missing or is_mask(answer.key)
    if whole or sign not in answer.key:
        return [answer] if answer.key else []
    pieces = answer.key.split(sign)
    found: list[AnswerKey] = []
    while pieces:
        ends = range(len(pieces), 1, -1)
        longest = (end for end in ends if matches(_answer(sign.join(pieces[:end])), lookup))
        end = next(longest, 1)
        part = _answer(sign.join(pieces[:end]))
        found += [part] if part.key else []
        pieces = pieces[end:]
    return found


def _answer(text: str) -> AnswerKey:
    plain = " ".join(text.split())
    return AnswerKey(key=plain, text=normalise(plain))


def _chosen(results: list[object], plan: Membership) -> object:
    """True, false, a number or the reason, from what the answers of one cell lead to."""
    if not results and plan.empty != "none":
        return plan.empty
    if NOTHING in results:
        return NOTHING
    reasons = [result for result in results if isinstance(result, Missing)]
    codes = {str(result) for result in results if not isinstance(result, Missing)}
    if not results or codes:
        return float(len(codes - {"none"})) if plan.count else plan.code in codes
    return min(reasons, key=lambda missing: plan.precedence.index(missing.reason))
