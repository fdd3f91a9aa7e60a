"""Each proposal as the lines of a rule, with what each answer seems to mean beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.draft.answers import Meaning
from kij_analysis.draft.barriers import Block
from kij_analysis.draft.profiles import SHOWN, Answer, Seen
from kij_analysis.draft.proposals import Draft, Proposal
from kij_analysis.draft.yaml_text import answer_key, quoted
from kij_analysis.sources import normalise

UNCONFIRMED = "proposed by kij draft, confirmed by nobody"


def rule_lines(proposal: Proposal, draft: Draft) -> Iterator[str]:
    """The lines of one rule, from the variable's name on."""
    yield f"{proposal.target}:"
    if proposal.kind == "undetermined":
        because = f"best guess '{proposal.column}' ({proposal.score:.2f}). {proposal.because}"
        yield f"  undetermined: {{because: {json.dumps(because.strip(), ensure_ascii=False)}}}"
        return
    seen = next(column for column in draft.columns if column.name == proposal.column)
    if proposal.kind == "any_of" and draft.barriers:
        yield from _any_of(draft.barriers, draft)
    elif proposal.kind == "direct":
        yield "  direct:"
        yield f"    from: {quoted(seen.name)}"
        yield from _missing(seen, "    ")
    elif proposal.kind == "rescale":
        yield from _rescale(proposal, seen, draft)
    elif len(draft.known.codebook.variables[proposal.target].columns) > 1:
        yield from _map_by_output(proposal, seen, draft)
    else:
        if seen.kind == "yes_no":
            yield "  # Look at the question: does yes here mean what yes means there?"
        yield from _map(next(iter(proposal.meanings.values())), seen, "  ")
    yield "  status: partial"
    yield f"  because: {UNCONFIRMED}"
    yield f"  proposed: {proposal.score:.2f}"


def _map_by_output(proposal: Proposal, seen: Seen, draft: Draft) -> Iterator[str]:
    yield "  outputs:"
    for column in draft.known.codebook.variables[proposal.target].columns:
        meanings = proposal.meanings.get(column.name, {})
        yield f"    {column.output}:"
        if any(meaning.result is not None for meaning in meanings.values()):
            yield from _map(meanings, seen, "      ")
        else:
            yield "      undetermined: {because: nothing tells how the answers lead to it}"


def _map(meanings: Mapping[str, Meaning], seen: Seen, indent: str) -> Iterator[str]:
    yield f"{indent}map:"
    yield f"{indent}  from: {quoted(seen.name)}"
    yield f"{indent}  values:"
    labels: dict[str, str] = {}
    met: set[str] = set()
    for answer in seen.answers:
        meaning = meanings[answer.key]
        if normalise(answer.text) in met and not answer.labelled:
            continue
        met.add(normalise(answer.text))
        yield from (f"{indent}    {line}" for line in _answer(answer, meaning))
        if answer.labelled and meaning.result is not None:
            labels[answer.key] = answer.text
    hidden = sum(not _may_stand(a, meanings[a.key]) for a in seen.answers)
    if hidden:
        yield f"{indent}    # {hidden} more answers of fewer than {SHOWN} people each resemble nothing known"
    if labels:
        yield f"{indent}  labels:"
        for key, text in labels.items():
            yield f"{indent}    {answer_key(key)}: {json.dumps(text, ensure_ascii=False)}"
    yield from _missing(seen, f"{indent}  ")


def _answer(answer: Answer, meaning: Meaning) -> Iterator[str]:
    """One answer: what it leads to, or a comment where that is not known."""
    key = answer_key(answer.key)
    if meaning.result is not None:
        result = meaning.result
        leads = f"{{missing: {result.reason}}}" if isinstance(result, Missing) else quoted(result)
        exact = "" if meaning.score == 1 else f"resembles '{meaning.wording}' of "
        yield f"{key}: {leads}    # {meaning.score:.2f} {exact}{meaning.source}"
    elif _may_stand(answer, meaning):
        label = f" '{answer.text}'" if answer.labelled else ""
        near = f"; nearest: {meaning.nearest} ({meaning.score:.2f})" if meaning.nearest is not None else ""
        yield f"# {key}: ?   {label} {answer.rows} rows{near}"


def _may_stand(answer: Answer, meaning: Meaning) -> bool:
    return meaning.result is not None or answer.may_be_shown


def _missing(seen: Seen, indent: str) -> Iterator[str]:
    """The answers that are none; those whose reason is not known as comments."""
    told = {a.key: a for a in seen.none if a.missing not in ("x", "unknown")}
    unclear = [a for a in seen.none if a.key not in told]
    if told or unclear:
        yield f"{indent}{'missing:' if told else '# missing:'}"
    met: set[str] = set()
    for answer in told.values():
        if answer.labelled or normalise(answer.text) not in met:
            met.add(normalise(answer.text))
            label = f"    # {answer.text}" if answer.labelled else ""
            yield f"{indent}  {answer_key(answer.key)}: {answer.missing}{label}"
    for answer in unclear:
        label = f" '{answer.text}'" if answer.labelled else ""
        yield f"{indent}  # {answer_key(answer.key)}: ?   {label} declared missing by the file; say why"


def _rescale(proposal: Proposal, seen: Seen, draft: Draft) -> Iterator[str]:
    book = draft.known.codebook
    assert seen.scale is not None
    steps = book.scales[seen.scale.id].categories
    at = max(len(steps) - 2, 1)
    label = next(iter(steps[at].labels.values()), steps[at].code)
    order = f", codes {seen.scale.direction}" if seen.scale.direction else ""
    yield f"  # the scale: {seen.scale.told}{order}"
    yield "  rescale:"
    yield f"    from: {quoted(seen.name)}"
    yield f"    scale: {seen.scale.id}"
    yield "    outputs:"
    for column in book.variables[proposal.target].columns:
        if column.type == "number":
            how = f"method: stretch, to: [{column.minimum or 0:g}, {column.maximum or 100:g}]"
            because = "equal steps are assumed"
        else:
            how, because = (
                f"method: threshold, at: {quoted(label)}",
                "the two highest steps are taken as high",
            )
        yield f'      {column.output}: {{{how}, status: partial, because: "{because}; {UNCONFIRMED}"}}'
    yield from _missing(seen, "    ")


def _any_of(block: Block, draft: Draft) -> Iterator[str]:
    yield "  any_of:"
    by_name = {seen.name: seen for seen in draft.columns}
    if block.form == "cells":
        seen = by_name[block.columns[0]]
        yield f"    from: {quoted(seen.name)}"
        yield f"    separator: {json.dumps(block.separator)}"
        yield "    values:"
        for part, rows in block.parts.items():
            reason = draft.known.missing.get(normalise(part))
            meaning = (
                Meaning(result=Missing(reason), score=1.0, source="missing")
                if reason
                else block.meanings[part]
            )
            yield from (f"      {line}" for line in _answer(Answer(key=part, text=part, rows=rows), meaning))
        yield "    empty: no_answer"
        return
    yield "    columns:"
    for name in block.columns:
        meaning = block.meanings[name]
        if meaning.result is not None:
            yield f"      {quoted(name)}: {quoted(meaning.result)}    # {meaning.score:.2f} {meaning.source}"
        else:
            near = (
                f"nearest: {meaning.nearest} ({meaning.score:.2f})" if meaning.nearest else "nothing is near"
            )
            yield f"      # {quoted(name)}: ?    {near}"
    yield f"    chosen: [{', '.join(answer_key(key) for key in block.chosen)}]"
    yield f"    not_chosen: [{', '.join(answer_key(key) for key in block.not_chosen)}]"
    yield "    none_chosen: no_answer"
    none = {a.key: a for name in block.columns for a in by_name[name].none}
    if none:
        first = by_name[block.columns[0]]
        yield from _missing(_with_none(first, tuple(none.values())), "    ")


def _with_none(seen: Seen, none: tuple[Answer, ...]) -> Seen:
    return replace(seen, none=none)
