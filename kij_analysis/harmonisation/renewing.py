"""Last year's crosswalk renewed: what changed stands there undecided, everything else is taken over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kij_analysis.codebook import Codebook, load_codebook, load_crosswalk
from kij_analysis.errors import UsageError, did_you_mean, listed
from kij_analysis.harmonisation.rounds import beside, latest, unnamed
from kij_analysis.harmonisation.years import Change, changes
from kij_analysis.study import Study

BARRIERS = "barriers"


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """A crosswalk that is based on last year's, as text, and the changes that it leaves to be decided."""

    id: str
    text: str
    changes: tuple[Change, ...]


def renew(study: Study, crosswalk: str, *, new_id: str, file: Path | str | None = None) -> Renewal:
    """A crosswalk for a questionnaire that is fielded again; nothing is written.

    Parameters
    ----------
    crosswalk
        Last year's, by its id.
    new_id
        The id of this year's.
    file
        This year's export, written like last year's. Without it nothing is known to have changed.

    Raises
    ------
    UsageError
        If an id is not known, taken or no name of a file.
    StudyError, SourceError
        If last year's crosswalk is wrong or the export cannot be read as it declares.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> made = renew(open_study(template_folder()), "kvinfo_end_2024", new_id="kvinfo_end_2025")
    >>> print(made.text.split("\\n\\n")[1])
    based_on: kvinfo_end_2024
    """
    folder = study.folders["codebook"] / "crosswalks"
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if crosswalk not in known:
        fix = f"{did_you_mean(crosswalk, known)} Known: {listed(known)}.".strip()
        raise UsageError(f"There is no crosswalk '{crosswalk}'.", fix=fix)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", new_id):
        raise UsageError(f"'{new_id}' cannot be the name of a file.", fix="Use letters, digits and _ only.")
    if new_id in known:
        raise UsageError(f"There is a crosswalk '{new_id}' already.", fix="Choose another id with --as.")
    codebook = load_codebook(study.folders["codebook"])
    base = load_crosswalk(folder / f"{crosswalk}.yaml", codebook)
    found: list[Change] = []
    if file is not None:
        raw = unnamed(Path(file), base)
        earlier = latest(study, crosswalk)
        same = earlier is not None and earlier.file.resolve() == Path(file).resolve()
        year, _ = beside(study, raw, replace(base, based_on=""), codebook, None if same else earlier)
        found = changes(year)
    text = "\n".join(_text(crosswalk, new_id, found, codebook)) + "\n"
    return Renewal(id=new_id, text=text, changes=tuple(change for change in found if change.open))


def _text(base: str, new_id: str, found: Sequence[Change], codebook: Codebook) -> Iterator[str]:
    yield f"# {base} fielded again. What does not stand here is taken over from there (docs/crosswalks.md)."
    yield ""
    yield f"based_on: {base}"
    yield ""
    yield "instrument:"
    yield f"  id: {new_id}"
    year = re.search(r"(?:19|20)\d\d$", new_id)
    yield f'  round: "{year[0]}"' if year else "  # round: is not taken over"
    yield "  # title: and population: are not taken over; add them where they are known"
    yield from _keys(found)
    yield from _columns(found)
    yield from _rules(found, codebook)


def _keys(found: Sequence[Change]) -> Iterator[str]:
    for change in found:
        if change.kind in ("column gone", "column renamed") and change.open and not change.variables:
            yield f"  # to decide: {change.words()}; it is a key: name the column that holds it under keys:"


def _columns(found: Sequence[Change]) -> Iterator[str]:
    """What can be said about whole columns, as comments that only need their # taken away."""
    renamed = [change for change in found if change.kind == "column renamed" and change.open]
    if renamed:
        yield "\n# If these are the same questions, take the # away and delete their rules below:"
        yield "# renamed:"
        yield from (f"#   {_quoted(change.was)}: {_quoted(change.now)}" for change in renamed)
    gone = [change for change in found if change.kind == "column gone" and change.open and change.variables]
    if gone:
        yield "\n# If these are not asked any more, take the # away and delete their rules below:"
        names = dict.fromkeys(name for change in gone for name in _entries(change))
        yield f"# dropped: [{', '.join(names)}]"
    new = [change for change in found if change.kind == "column new" and change.open]
    if new:
        yield "\n# New columns, left behind until a rule reads them or free_text: or ignored: names them:"
        yield from (f"#   {_quoted(change.now)}" for change in new)


def _entries(change: Change) -> list[str]:
    """The variables that a change concerns, all barriers as one."""
    names = [BARRIERS if name.startswith("barrier_") else name for name in change.variables]
    return list(dict.fromkeys(names))


def _rules(found: Sequence[Change], codebook: Codebook) -> Iterator[str]:
    wanted: dict[str, list[Change]] = {}
    for change in found:
        for name in _entries(change) if change.open else ():
            wanted.setdefault(name, []).append(change)
    if not wanted:
        return
    yield "\n# Only these rules need a decision."
    yield "rules:"
    by_variable: dict[str, dict[str, list[Change]]] = {}
    for name, about in wanted.items():
        column = codebook.columns.get(name)
        variable, output = (column.variable, column.output) if column else (name, "")
        by_variable.setdefault(variable, {})[output] = about
    for variable, outputs in by_variable.items():
        about = list(dict.fromkeys(change for changed in outputs.values() for change in changed))
        yield from _advice(about)
        yield f"  {variable}:"
        if "" in outputs:
            yield f"    undetermined: {{because: {_because(outputs[''])}}}"
            continue
        yield "    outputs:"
        for output, changed in outputs.items():
            yield f"      {output}:"
            yield f"        undetermined: {{because: {_because(changed)}}}"


def _advice(about: Sequence[Change]) -> Iterator[str]:
    """What changed, and how a rule that only adds to last year's begins."""
    yield from (f"  # {' '.join(change.words().split(';')[0].split())}" for change in about)
    new = [
        change.now for change in about if change.kind in ("option new", "label changed") and not change.hidden
    ]
    if new:
        answers = ", ".join(f"{_quoted(text)}: …" for text in new)
        yield f"  # for example: map (or any_of): {{inherit: true, values: {{{answers}}}}}"


def _because(about: Sequence[Change]) -> str:
    return _quoted("changed in the questionnaire: " + ", ".join(dict.fromkeys(c.kind for c in about)))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
