"""From a number on a page of the last report back to its estimate, its rules and its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.errors import KijError, Problem, ReportError, UsageError, did_you_mean, listed, one_of
from kij_analysis.estimates import NUMBERS
from kij_analysis.files import checksum
from kij_analysis.harmonisation.ledger import load_ledger
from kij_analysis.harmonisation.rule_words import Labels
from kij_analysis.harmonisation.tracing import recorded
from kij_analysis.reporting.manifest import Manifest, read_manifest
from kij_analysis.reporting.provenance import KINDS, columns_behind, shown
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGES, Words

AGAIN = "Run kij report."
WHOLE = r"(?<=\d)\.0$"
TEXTS = (
    "wave", "role", "round", "first", "second", "part", "job", "dose", "label", "what", "indicator",
    "outcome", "country", "year", "instrument", "column", "id", "study", "cell",
)  # fmt: skip
"""Columns beside those of estimates by which a row may be named."""


@dataclass(frozen=True, kw_only=True)
class Traced:
    """A figure or table of the last report, led back.

    Attributes
    ----------
    entry
        Its row of the manifest: number, name, title, chapter, function, variables, questionnaires.
    numbers
        The frames that it was made from, as they were printed, by option; the frame itself stands under "".
    rules
        The rule behind each variable in each questionnaire, with status and decider.
    files
        `file`, `kind`, `sha256` as the report read it, and `state`: ``same``, ``changed`` or ``gone``.
    labels
        What the codes of the rules are called.
    notices
        What has changed since the report was made.
    """

    entry: Mapping[str, Any]
    numbers: Mapping[str, pd.DataFrame]
    rules: pd.DataFrame
    files: pd.DataFrame
    labels: Labels
    notices: tuple[Problem, ...] = field(default=())


def trace_item(study: Study, kind: str, which: str | int, words: Sequence[str] = ()) -> Traced:
    """Lead a figure or table of the last report, or some numbers of it, back to rules and files; internal.

    Parameters
    ----------
    kind
        ``figure`` or ``table``.
    which
        Its number on the page, or its name.
    words
        Only the rows that all of these are about: programmes, variables or categories, by code or label in
        any language.

    Raises
    ------
    ReportError
        If there is no report yet, or one of another version.
    UsageError
        If the report has no such figure or table, or no number about these words; with what there is.

    Examples
    --------
    >>> from kij_analysis import init, open_study
    >>> import tempfile
    >>> trace_item(open_study(init(tempfile.mkdtemp())), "figure", 5)
    Traceback (most recent call last):
    ...
    kij_analysis.errors.ReportError: There is no report yet. Run kij report.
    """
    one_of(kind, KINDS, name="The kind")
    path = study.folders["report"] / "manifest.json"
    if not path.is_file():
        raise ReportError("There is no report yet.", fix=AGAIN)
    manifest = read_manifest(path)
    entries = manifest.figures if kind == "figure" else manifest.tables
    entry = _chosen(kind, which, entries)
    numbers = {part["option"]: _frame(study, part["file"]) for part in entry["numbers"]}
    codebook = load_codebook(study.folders["codebook"])
    if words:
        numbers = _about(words, numbers, entry, codebook)
    rules, labels = _rules(study, entry, numbers, codebook, narrowed=bool(words))
    if words and len(rules):
        entry = _narrowed(study, entry, rules)
    files = _files(study, entry, manifest)
    notices = tuple(_older(study, manifest))
    return Traced(entry=entry, numbers=numbers, rules=rules, files=files, labels=labels, notices=notices)


def _chosen(kind: str, which: str | int, entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The item of a number or name, in English where the report has it."""
    if not entries or "number" not in entries[0]:
        raise ReportError(f"The last report tells nothing about its {kind}s.", fix=AGAIN)
    text = str(which).strip()
    known = {str(entry["number"]): entry["name"] for entry in entries}
    found = [entry for entry in entries if text in (str(entry["number"]), entry["name"])]
    if found:
        return next((entry for entry in found if entry["language"] == "en"), found[0])
    there = f"It has {len(known)}: {listed((f'{n} {name}' for n, name in known.items()), most=60)}."
    what = f"The last report has no {kind} {text}. {did_you_mean(text, known.values())}".strip()
    raise UsageError(what, fix=there)


def _frame(study: Study, file: str) -> pd.DataFrame:
    """The numbers of an item as the report kept them."""
    path = study.folders["processed"] / file
    if not path.is_file():
        raise ReportError("The numbers behind it are no longer there.", fix=AGAIN, file=file)
    frame = pd.read_csv(path, encoding="utf-8-sig", dtype="str", keep_default_na=False)
    numbers = {name: pd.to_numeric(frame[name]) for name in NUMBERS if name in frame}
    # Codes that look like numbers stay as they are written, but for what CSV makes of whole numbers.
    codes = {
        name: frame[name].str.replace(WHOLE, "", regex=True) for name in frame.columns if name not in numbers
    }
    return frame.assign(**numbers, **codes)


def _about(
    words: Sequence[str], numbers: Mapping[str, pd.DataFrame], entry: Mapping[str, Any], codebook: Codebook
) -> dict[str, pd.DataFrame]:
    """The rows that all words are about."""
    speaking = [Words(language, codebook) for language in LANGUAGES]
    found = {}
    for option, frame in numbers.items():
        names = [_names(row, speaking) for row in frame.to_dict("records")]
        keep = [all(any(_meant(word, name) for name in row) for word in words) for row in names]
        if any(keep):
            found[option] = frame[keep]
    if not found:
        there = listed(entry["programmes"]) if entry["programmes"] else "none"
        variables = listed(entry["variables"], most=30)
        raise UsageError(
            f"No number of it is about {listed(words)}.",
            fix=f"Its programmes are {there}, its variables {variables or 'none'}.",
        )
    return found


def _names(row: Mapping[Any, Any], speaking: Sequence[Words]) -> set[str]:
    """All that a row may be called: codes, and labels in every language."""
    names = [str(row.get(name, "")) for name in ("programme", "group", "variable", "category", *TEXTS)]
    for say in speaking:
        if row.get("programme"):
            names.append(say.programme(str(row["programme"])))
        for name in (row.get("variable"), row.get("column")):
            if name:
                names.append(say.variable(str(name)))
        if row.get("variable") and row.get("category"):
            names.append(say.category(str(row["variable"]), str(row["category"])))
    return {_fold(name) for name in names if name}


def _meant(word: str, name: str) -> bool:
    """Whether a word stands in a name, from where a word of it begins."""
    return re.search(rf"(?<!\w){re.escape(_fold(word))}", name) is not None


def _fold(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


def _rules(
    study: Study,
    entry: Mapping[str, Any],
    numbers: Mapping[str, pd.DataFrame],
    codebook: Codebook,
    *,
    narrowed: bool,
) -> tuple[pd.DataFrame, Labels]:
    """The rules that the ledger of the report recorded; of the rows asked for alone, where some were."""
    if not entry["instruments"]:
        return pd.DataFrame(), Labels({})
    try:
        ledger = load_ledger(study.folders["processed"] / "ledger.json")
    except KijError as error:
        raise ReportError("The ledger of the report is no longer there.", fix=AGAIN) from error
    columns = entry["columns"]
    if narrowed:
        about = {str(name) for frame in numbers.values() for name in frame.get("variable", ())}
        columns = columns_behind(sorted(about), codebook) or columns
    rules = recorded(ledger, columns, entry["instruments"])
    programmes = {str(code) for frame in numbers.values() for code in frame.get("programme", ())}
    if narrowed and programmes - {"", "all"} and "all" not in programmes:
        rules = rules[rules["programme"].isin(programmes)]
    return rules.reset_index(drop=True), Labels(ledger.definitions)


def _narrowed(study: Study, entry: Mapping[str, Any], rules: pd.DataFrame) -> dict[str, Any]:
    """The item with the questionnaires and files of some rules only, beside what is no questionnaire."""
    own = set(rules["file"])
    answers = {source.shown for source in study.sources}
    used = [source for source in study.sources if source.shown in own]
    return {
        **entry,
        "instruments": list(dict.fromkeys(rules["instrument"])),
        "data_files": [file for file in entry["data_files"] if file in own or file not in answers],
        "crosswalks": list(dict.fromkeys(shown(study.crosswalk(source), study.root) for source in used)),
    }


def _files(study: Study, entry: Mapping[str, Any], manifest: Manifest) -> pd.DataFrame:
    """The files behind an item as the report read them, and whether they still are as they were."""
    known = {row["file"]: row for row in manifest.inputs}
    rows = []
    for file in [*entry["data_files"], *entry["crosswalks"]]:
        read = known.get(file, {"sha256": "", "kind": ""})
        rows.append({"file": file, "kind": read["kind"], "sha256": read["sha256"]})
    frame = pd.DataFrame(rows, columns=["file", "kind", "sha256"])
    return frame.assign(state=[_state(study, row["file"], row["sha256"]) for row in rows])


def _older(study: Study, manifest: Manifest) -> Iterator[Problem]:
    """What the report was made from and is no longer as it was."""
    states = {row["file"]: _state(study, row["file"], row["sha256"]) for row in manifest.inputs}
    for state, verb in (("changed", "changed"), ("gone", "been removed")):
        files = [file for file, found in states.items() if found == state]
        if files:
            have = "has" if len(files) == 1 else "have"
            what = f"The page is older than the data: {listed(files)} {have} {verb} since."
            yield Problem(what=what, fix=AGAIN, severity="notice")


def _state(study: Study, file: str, sha256: str) -> str:
    """``same``, ``changed`` or ``gone``; ``unknown`` of a file that lies outside the study folder."""
    found = [path for path in _places(study, file) if path.is_file()]
    if found:
        return "same" if checksum(found[0]) == sha256 else "changed"
    inside = study.folders["raw"].resolve().is_relative_to(study.root)
    return "gone" if inside or "/" in file else "unknown"


def _places(study: Study, file: str) -> Iterator[Path]:
    """Where a file of the manifest may lie: as the study names it, or in its folder or that of the data."""
    yield from (source.file for source in study.sources if source.shown == file)
    yield from (study.root / file, study.folders["raw"] / file)
