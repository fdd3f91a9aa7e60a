"""A draft as a crosswalk file: it loads, says why beside each rule, and cannot pass for a decision."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from textwrap import wrap

from kij_analysis.draft.forms import Opening
from kij_analysis.draft.knowledge import KEYS
from kij_analysis.draft.proposals import Draft, Proposal
from kij_analysis.draft.rules import rule_lines
from kij_analysis.draft.yaml_text import quoted
from kij_analysis.words.terms import LANGUAGES

WIDTH = 112
MOST = 80
"""As many columns without a proposal are listed one by one."""
HEAD = """\
# A draft by `kij draft` from {file}. NOBODY HAS CONFIRMED IT.
# Each rule with `proposed:` is a proposal with its score (0 to 1) and the reason above it; `undetermined` is
# what the draft would have had to guess. Read each rule, correct it, write status, detail, decided_by and on,
# and remove `proposed:`; until then nothing can be released. Answers that are not recognised stand as
# comments, and `kij check` stops at them.
"""


def crosswalk_text(
    draft: Draft,
    opening: Opening,
    *,
    file: str,
    id: str,
    programme: str,
    role: str,
    wave: str,
    unit: str = "person",
    country: str = "",
) -> str:
    """The draft as YAML that `load_crosswalk` reads.

    The text holds no answer of an open column, no id, and no answer that the file does not label, fewer
    than five people gave and no known wording resembles.
    """
    settled = draft.by_target()
    lines = [HEAD.format(file=file), "instrument:"]
    about = {"id": id, "programme": programme, "role": role, "wave": wave, "unit": unit}
    lines += [
        f"  {key}: {quoted(value)}" for key, value in about.items() if (key, value) != ("unit", "person")
    ]
    spoken = _languages(draft)
    if spoken:
        lines.append(f"  languages: [{', '.join(spoken)}]")
    lines += [*_file(opening), *_keys(settled, unit), *_set_aside(draft, settled)]
    lines += ["", "rules:", *_rules(draft, settled, role, country)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _languages(draft: Draft) -> list[str]:
    counted = Counter(seen.language for seen in draft.columns if seen.language)
    return [lang for lang in LANGUAGES if counted[lang] and counted[lang] >= 0.15 * counted.total()]


def _file(opening: Opening) -> Iterator[str]:
    """The form, with the reason for each part."""
    form = opening.form
    parts = {"format": form.format}
    if form.format == "delimited":
        parts |= {"encoding": form.encoding, "delimiter": form.delimiter}
    if form.format in ("delimited", "xlsx"):
        parts |= {"decimal": form.decimal, "dates": form.dates}
        parts |= {"sheet": form.sheet} if form.sheet else {}
    yield "  file:                       # proposed; the reason stands beside each part"
    for key, value in parts.items():
        why = opening.because.get(key, "nothing in the file tells; look at it" if key != "format" else "")
        yield f"    {key}: {quoted(value)}{f'    # {why}' if why else ''}"
    if form.header_rows != 1:
        yield f"    header_rows: {form.header_rows}    # {opening.because.get('header_rows', '')}"


def _keys(settled: Mapping[str, Proposal], unit: str) -> Iterator[str]:
    yield "  keys:"
    needed = ("pair_id", "date") if unit == "meeting" else ("person_id",)
    for key in KEYS:
        found = settled.get(key)
        if found is not None:
            yield from _comment(f"{found.score:.2f}: {found.reason} {found.because}", 4)
            yield f"    {key}: {quoted(found.column)}"
        elif key in needed:
            yield f'    {key}: "?"    # no column resembles it: write its name, or check stops here'
    yield '  missing: {"": no_answer}    # what an empty cell means, unless a rule says otherwise'


def _set_aside(draft: Draft, settled: Mapping[str, Proposal]) -> Iterator[str]:
    """Open columns as free text; what no rule reads as comments, to be decided."""
    used = {p.column for p in settled.values() if p.kind not in ("undetermined", "any_of")}
    used |= {settled[key].column for key in KEYS if key in settled}
    block = draft.barriers
    if block and block.complete:
        used |= {name for name in block.columns if block.form == "cells" or block.meanings[name].result}
    kinds = {
        "free_text": "people wrote freely",
        "id": "tells persons apart",
        "identifier": "holds direct identifiers",
    }
    open_ones = [
        seen for seen in draft.columns if seen.kind in kinds and seen.name not in used and seen.type == "text"
    ]
    for place in ("free_text", "identifiers"):
        listed = [seen for seen in open_ones if (seen.kind == "identifier") == (place == "identifiers")]
        if listed:
            yield f"  {place}:    # goes no further than the reader"
        for seen in listed:
            yield f"    - {quoted(seen.name)}    # {kinds[seen.kind]}"
    rest = [seen for seen in draft.columns if seen not in open_ones and seen.name not in used]
    if not rest:
        return
    yield f"  # {len(rest)} columns are read by no rule. Give each a rule, or set it aside with the reason"
    yield "  # under ignored: {column: reason}, or all of them at once with other_columns: the reason."
    for seen in rest[:MOST]:
        label = f" '{' '.join(seen.label.split())}'" if seen.label else ""
        yield f"  #   {quoted(seen.name)}:{label} ({seen.kind.replace('_', ' ')})"
    if len(rest) > MOST:
        yield f"  #   and {len(rest) - MOST} more"


def _rules(draft: Draft, settled: Mapping[str, Proposal], role: str, country: str) -> Iterator[str]:
    book = draft.known.codebook
    lines: list[str] = []
    for variable in book.variables.values():
        if variable.frame == "key" or variable.name in book.barrier_variables:
            continue
        found = settled.get(variable.name)
        if found is None and variable.name == "country_of_residence" and country:
            lines += _constant(variable.name, country)
            continue
        if found is None and (
            variable.frame == "meetings" or (variable.asked_of and role not in variable.asked_of)
        ):
            continue
        if found is not None:
            lines += [*_why(found), *rule_lines(found, draft)]
        else:
            lines += _unknown(variable.name, draft)
    block = settled.get("barriers")
    if block is not None:
        lines += [*_why(block), *rule_lines(block, draft)]
    yield from (f"  {line}" if line else "" for line in lines)


def _constant(name: str, country: str) -> Iterator[str]:
    yield "# 0.90: the programme's country in programmes.yaml."
    yield f"{name}:"
    yield f"  constant: {{value: {quoted(country)}}}"
    yield "  status: partial"
    yield '  because: "proposed from the programme\'s country, confirmed by nobody"'
    yield "  proposed: 0.9"


def _why(proposal: Proposal) -> Iterator[str]:
    text = f"{proposal.score:.2f}: {proposal.reason}"
    if proposal.runner_up:
        text += f" Next: {proposal.runner_up} ({proposal.runner_up_score:.2f})."
    yield from _comment(text, 0)


def _unknown(name: str, draft: Draft) -> Iterator[str]:
    """Nothing is proposed; the nearest column is named, as a hint and no more."""
    near = draft.faint.get(name)
    because = "no column of the file resembles it"
    if near is not None and near.score >= 0.25:
        column = draft.columns[near.place].name
        because = f"no column resembles it enough; the nearest is '{column}' ({near.score:.2f})"
    yield f"{name}:"
    yield f"  undetermined: {{because: {json.dumps(because, ensure_ascii=False)}}}"


def _comment(text: str, indent: int) -> list[str]:
    whole = re.sub(r"\s+", " ", text).strip()
    return [f"{' ' * indent}# {line}" for line in wrap(whole, WIDTH - indent - 4)]
