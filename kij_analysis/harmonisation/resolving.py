"""Answers of a file held against lookup tables: what each leads to, and which have no rule."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.errors import Problem, did_you_mean, listed
from kij_analysis.harmonisation.garbled import garbled
from kij_analysis.harmonisation.lookups import Lookup
from kij_analysis.harmonisation.showing import may_be_shown, not_shown, pattern, patterns, unshown
from kij_analysis.privacy import is_mask
from kij_analysis.sources import AnswerKey, RawTable, normalise

WHOLE = re.compile(r"(-?[0-9]+)[.,]0{1,2}")
"""A whole number with decimals; three zeros may be thousands."""
NOTHING = object()
"""What an answer without a rule leads to."""


@dataclass(frozen=True)
class Resolved:
    """The outcome of each unique answer of a column, how the ledger names it, and what did not fit."""

    outcomes: list[object]
    named: list[str]
    problems: list[Problem] = field(default_factory=list)


def resolve(raw: RawTable, column: str, lookup: Lookup, *, target: str, rows: np.ndarray) -> Resolved:
    """What every unique answer of a raw column leads to.

    An answer without a rule, a label that differs from the one that the rule was written for, and a
    code that the file declares missing but the rule makes valid are problems, each with its rows. Answers
    without a rule that may name somebody are one problem together, by their forms; `rows` are the row
    numbers that it names.
    """
    codes, answers = raw.keys(column)
    counts = np.bincount(codes, minlength=len(answers))
    strangers = {a: int(n) for a, n in zip(answers, counts, strict=True) if not _fits(a, lookup)}
    left = [answer for answer in strangers if _left_over(answer, lookup)]
    silent = {*left, *unshown({a: n for a, n in strangers.items() if a not in left}, lookup)}
    outcomes: list[object] = []
    found: list[tuple[str, str]] = []
    for answer, count in zip(answers, counts, strict=True):
        outcome, what, fix = outcome_of(answer, lookup, int(count))
        outcomes.append(outcome)
        found += [(what, fix)] if what and answer not in silent else []
    found += without_rule(silent.difference(left), codes, answers, rows, lookup)
    problems = [
        Problem(what=f"for {target}: {what}", fix=fix, file=raw.name, column=column) for what, fix in found
    ]
    problems += _left({a.key: strangers[a] for a in left}, lookup, raw.name, column, target)
    problems += _labels_without_rule(raw, column, lookup, target)
    problems += _labels_cut_off(raw, column, lookup, target)
    named = [_named(answer, lookup, silent=answer in silent) for answer in answers]
    return Resolved(outcomes=outcomes, named=named, problems=problems)


def _fits(answer: AnswerKey, lookup: Lookup) -> bool:
    """Whether a rule says what becomes of an answer, by its code, its text or a pattern."""
    return bool(matches(answer, lookup) or _hits(answer, lookup))


def _named(answer: AnswerKey, lookup: Lookup, *, silent: bool) -> str:
    """How the ledger names an answer: as it stands where a rule lists it, else by a pattern or its form."""
    if _left_over(answer, lookup):
        return ""
    if silent:
        return pattern(answer.key)
    if not matches(answer, lookup) and (hits := _hits(answer, lookup)):
        return " | ".join(hits)
    return f"{answer.key} {answer.label}" if answer.label else answer.key


def without_rule(
    silent: Collection[AnswerKey],
    codes: np.ndarray,
    answers: Sequence[AnswerKey],
    rows: np.ndarray,
    lookup: Lookup,
) -> list[tuple[str, str]]:
    """(what is wrong, what to do) for answers that are not shown; masked ones were told at the door."""
    quiet = {answer for answer in silent if not is_mask(answer.key)}
    if not quiet:
        return []
    hit = np.array([answer in quiet for answer in answers], dtype=bool)[codes]
    return [not_shown(sorted(quiet, key=lambda answer: answer.key), hit, rows, lookup.known)]


def outcome_of(answer: AnswerKey, lookup: Lookup, count: int) -> tuple[object, str, str]:
    """(outcome, what is wrong, what to do) for one answer that stands in `count` rows."""
    if is_mask(answer.key):
        # It was told at the door, and is no answer any more.
        return NOTHING, "", ""
    found = matches(answer, lookup)
    if not found:
        hits = _hits(answer, lookup)
        if len(hits) > 1:
            what = f"Answers of the form '{pattern(answer.key)}' ({_rows(count)}) fit {listed(hits)}."
            return NOTHING, what, "Write the patterns so that each answer fits one of them."
        found = [*hits.values()]
    if not found:
        if lookup.otherwise and _left_over(answer, lookup):
            return Missing(lookup.otherwise), "", ""
        return NOTHING, *_no_rule(answer, lookup, count)
    other = other_label(answer, lookup)
    if other:
        return NOTHING, *other
    if any(outcome != found[0] for outcome in found[1:]):
        own = f"its label '{answer.label}'" if answer.label else "the same as text"
        return NOTHING, f"Code {answer.key} and {own} have different rules.", "Keep one of the two."
    if answer.declared_missing and not isinstance(found[0], Missing):
        what = f"The file declares '{answer.key}' missing, but the rule makes it valid ({_rows(count)})."
        return NOTHING, what, "Lead it to {missing: …} instead."
    return found[0], "", ""


def other_label(answer: AnswerKey, lookup: Lookup) -> tuple[str, str] | None:
    """(what is wrong, what to do) where the file labels a code otherwise than the rule; None where not."""
    label = normalise(answer.label) if answer.label else ""
    expected = lookup.labels.get(answer.key, ())
    if not label or not expected or label in expected or is_cut_off(label, answer.key, lookup):
        return None
    what = (
        f"Code {answer.key} is labelled '{answer.label}' in the file, "
        f"but the rule was written for {listed(expected)}"
    )
    owners = [code for code, labels in lookup.labels.items() if label in labels]
    what += f"; there it is the label of code {owners[0]}." if owners else "."
    return what, "Correct the labels in the crosswalk, or the code, after looking at the questionnaire."


SHORTEST_CUT = 20
"""Characters that must be left of a label that a program has cut off; fewer could begin anything."""
LABEL_LIMITS = (60, 80, 120, 255)
"""Bytes at which programs that write SPSS and Stata files are known to cut labels, whatever stands there."""


def is_cut_off(label: str, code: str, lookup: Lookup) -> bool:
    """Whether a program has cut off the label of a code: its beginning is left, and no other code's.

    It must end in mid-word or at a limit of these programs. Any other label that ends where a word ends may
    be another wording ("Godt" beside "Godt nok"). Half a letter at the end, which some programs leave, does
    not count.

    Examples
    --------
    >>> whole = {"1": ("høyere utdanning, bachelor eller tilsvarende",)}
    >>> lookup = Lookup(source="q", by_text={}, by_code={}, labels=whole)
    >>> is_cut_off("høyere utdanning, bachelor eller tils", "1", lookup)
    True
    >>> is_cut_off("høyere utdanning, bachelor", "1", lookup)
    False
    """
    left = label.rstrip("\ufffd")
    whole = [text for text in lookup.labels.get(code, ()) if text.startswith(left) and text != left]
    if len(left) < SHORTEST_CUT or not whole:
        return False
    others = (text for other, labels in lookup.labels.items() if other != code for text in labels)
    if any(text.startswith(left) for text in others):
        return False
    sizes = (len(left), len(left.encode()))
    if any(limit - 3 <= size <= limit for limit in LABEL_LIMITS for size in sizes):
        return True
    return all(left[-1].isalnum() and text[len(left)].isalnum() for text in whole)


def matches(answer: AnswerKey, lookup: Lookup) -> list[object]:
    """What an answer leads to by its code, its text and its label; empty if it has no rule.

    A code that a program has written as a number with decimals, such as ``1.0`` or ``99,0``, is that code.
    What stands in the place of an identifier matches nothing.
    """
    if is_mask(answer.key):
        return []
    found = []
    code = answer.key.strip()
    if code not in lookup.by_code and (whole := WHOLE.fullmatch(code)):
        code = whole[1]
    if code in lookup.by_code:
        found.append(lookup.by_code[code])
    if answer.text in lookup.by_text:
        found.append(lookup.by_text[answer.text])
    if answer.label and not is_mask(answer.label) and normalise(answer.label) in lookup.by_text:
        found.append(lookup.by_text[normalise(answer.label)])
    return found


def _hits(answer: AnswerKey, lookup: Lookup) -> dict[str, object]:
    """The patterns that a whole answer, or its whole label, fits; capitals and blanks do not count."""
    if not lookup.patterns or answer.key == "" or is_mask(answer.key):
        return {}
    said = [text for text in (answer.key, answer.label or "") if not is_mask(text)]
    texts = [" ".join(unicodedata.normalize("NFC", text).split()) for text in said]
    return {
        form: outcome
        for form, outcome in lookup.patterns
        if any(text and re.fullmatch(form, text, re.IGNORECASE) for text in texts)
    }


def _left_over(answer: AnswerKey, lookup: Lookup) -> bool:
    """Whether nothing names an answer of a rule that has patterns or says what is left; it may be a name."""
    if not (lookup.patterns or lookup.otherwise) or answer.key == "" or answer.declared_missing:
        return False
    if is_mask(answer.key):
        return False
    return not matches(answer, lookup) and not _hits(answer, lookup)


def is_open(answer: AnswerKey, lookup: Lookup) -> bool:
    """Whether no list names an answer, only a pattern or what is left over: then it may be a name."""
    return not matches(answer, lookup) and (_left_over(answer, lookup) or bool(_hits(answer, lookup)))


def _left(left: Mapping[str, int], lookup: Lookup, file: str, column: str, target: str) -> Iterator[Problem]:
    """What a rule with patterns, or with otherwise:, leaves over: counts and forms, never the answers."""
    if left:
        many = "1 answer has" if len(left) == 1 else f"{len(left)} different answers have"
        yield Problem(
            what=f"for {target}: {many} no rule ({_rows(sum(left.values()))}): {patterns(left)}"
            + (f"; they become {lookup.otherwise}." if lookup.otherwise else "."),
            fix="" if lookup.otherwise else "Add rules for them, or otherwise: unmapped.",
            file=file,
            column=column,
            severity="notice" if lookup.otherwise else "error",
        )


def _rows(count: int) -> str:
    return f"{count} row{'s' if count != 1 else ''}"


def _no_rule(answer: AnswerKey, lookup: Lookup, count: int) -> tuple[str, str]:
    rows = _rows(count)
    if answer.key == "":
        return (
            f"An empty cell has no rule ({rows}).",
            "Say under missing: what it means, for example {'': no_answer}.",
        )
    shown = f"'{answer.key}'" + (f" ({answer.label})" if answer.label else "")
    if not may_be_shown(answer, count, lookup):
        shown = f"An answer of the form '{pattern(answer.key)}'"
    intended = garbled(answer.label or answer.key)
    hint = did_you_mean(answer.label or answer.key, lookup.known)
    if intended and normalise(intended) in lookup.by_text:
        hint = (
            f"It looks like '{intended}' in a wrong encoding: save the file again, or correct its encoding."
        )
    if answer.declared_missing:
        hint = f"The file declares it missing: say under missing: why. {hint}".strip()
    return f"{shown} has no rule ({rows}).", f"{hint} Known: {listed(lookup.known)}.".strip()


def _labels_without_rule(raw: RawTable, column: str, lookup: Lookup, target: str) -> list[Problem]:
    """An answer option that nobody chose is told if it is new or labelled otherwise than in the rule."""
    seen = {answer.key for answer in raw.keys(column)[1]}
    found = []
    for key, label in raw.columns[column].value_labels.items():
        answer = AnswerKey(key=key, text=normalise(key), label=label, declared_missing=False)
        if key in seen:
            continue
        what, fix = f"the option {key} '{label}' has no rule; nobody chose it.", "Add it to the rule."
        if matches(answer, lookup):
            what, fix = other_label(answer, lookup) or ("", "")
            what = what and f"{what} Nobody chose it."
        if what:
            what = f"for {target}: {what}"
            found.append(Problem(what=what, fix=fix, file=raw.name, column=column, severity="notice"))
    return found


def _labels_cut_off(raw: RawTable, column: str, lookup: Lookup, target: str) -> list[Problem]:
    """Labels of which a program has left the beginning only, in one sentence."""
    labels = raw.columns[column].value_labels
    cut = [f"{key} '{text}'" for key, text in labels.items() if is_cut_off(normalise(text), key, lookup)]
    if not cut:
        return []
    what = f"for {target}: the file has cut off the label of {', '.join(cut)}; the beginning is the rule's."
    fix = "See that nothing else has changed; a program that shortens labels may shorten others alike."
    return [Problem(what=what, fix=fix, file=raw.name, column=column, severity="notice")]
