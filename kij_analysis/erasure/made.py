"""What was made from the data: which files are made anew, which go, and which are searched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

from kij_analysis.erasure.searching import Sought, tables_of
from kij_analysis.errors import KijError, Problem, UsageError
from kij_analysis.exports.frames import written
from kij_analysis.files import swap
from kij_analysis.harmonisation import harmonise, load_ledger
from kij_analysis.privacy.erasures import ErasureList
from kij_analysis.study import Study

INTERNAL = ("previous", "chapters", "items", "notebooks", "numbers")
FILES = ("disclosure.csv",)
"""Folders and files beside the processed data that a run makes for itself; the next run makes them again."""
FOREIGN = (
    ".git",
    ".venv",
    "venv",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    "node_modules",
)
"""Folders in which nothing is made from the data."""
PROGRAM = ("benchmarks", "docs", "kij_analysis", "tests", "README.md", "CHANGELOG.md")
"""What the repository holds beside its study, whose examples name people of the demonstration."""
LEFT_BEHIND = (".staging-*", ".kept-*")
"""What a run leaves that was broken off."""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """Files that were made anew without a person, and files that were removed, as paths in the study."""

    anew: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def change(study: Study, erased: ErasureList, *, remove_all: bool = False) -> Changed:
    """Make the harmonised data anew with an erasure list and remove all that was made from the data before.

    The formats and the language are those that stand there. Nothing is changed unless all of it can be.

    Raises
    ------
    StudyError, SourceError, HarmonisationError
        If the data cannot be harmonised.
    UsageError
        If a file cannot be written or removed, because another program holds it.
    """
    processed = study.folders["processed"]
    processed.mkdir(parents=True, exist_ok=True)
    with _staged(study) as (work, place):
        new = {place: erased.save(work / "list" / place.name)} if erased.entries or place.is_file() else {}
        formats, language = written(processed)
        if formats and not remove_all:
            listed = replace(study, erasures=new.get(place, place))
            _save_anew(listed, work / "data", formats, language)
        made = {processed / p.name: p for p in sorted((work / "data").glob("*")) if p.is_file()}
        gone = [path for path in _going(processed, remove_all) if path not in made]
        swap({**new, **made}, gone, beside=processed)
    for folder in INTERNAL:
        shutil.rmtree(processed / folder, ignore_errors=True)
    return Changed(
        anew=tuple(shown(path, study) for path in made), removed=tuple(shown(path, study) for path in gone)
    )


def _save_anew(study: Study, folder: Path, formats: tuple[str, ...], language: str) -> None:
    try:
        settings = load_ledger(study.folders["processed"] / "ledger.json").settings
    except UsageError:
        settings = {}
    try:
        data = harmonise(study, on_problem="mark" if settings.get("on_problem") == "mark" else "stop")
    except KijError as error:
        what = "The data cannot be made anew without her, so nothing was removed."
        fix = "Mend what stands above; or add --remove-all, which removes all that was made from the data."
        raise type(error)([*error.problems, Problem(what=what, fix=fix)]) from None
    data.save(folder, language=language, formats=formats)


@contextmanager
def _staged(study: Study) -> Iterator[tuple[Path, Path]]:
    """A folder to work in, and where the erasure list goes; what broken runs have left is removed first."""
    assert study.erasures is not None
    for root in (study.root, study.folders["processed"], study.erasures.parent):
        for path in [path for pattern in LEFT_BEHIND for path in root.glob(pattern)]:
            shutil.rmtree(path, ignore_errors=True)
    work = Path(mkdtemp(prefix=".staging-", dir=study.folders["processed"]))
    try:
        yield work, study.erasures
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _going(processed: Path, remove_all: bool) -> list[Path]:
    """The files that go: of the internal folders, or all that was made."""
    folders = [processed] if remove_all else [processed / name for name in INTERNAL]
    found = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    found += [processed / name for name in FILES if (processed / name).is_file() and not remove_all]
    return [path for path in found if path != processed / "README.md" and ".staging-" not in path.as_posix()]


def made_from(study: Study) -> list[Path]:
    """Every file in which something made from the data can stand: all of the study but the raw files.

    Environments and the history of git are passed over.
    """
    apart = [study.folders["raw"], study.erasures.parent if study.erasures else study.folders["raw"]]
    passed = {folder.resolve() for folder in apart}
    if (study.root / "kij_analysis" / "__init__.py").is_file():
        passed |= {study.root.resolve() / name for name in PROGRAM}
    roots = {folder.resolve() for folder in (study.root, *study.folders.values())} - passed
    found = {path for root in roots for path in _below(root, passed)}
    return sorted(found)


def _below(folder: Path, passed: set[Path]) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink() and path not in passed and path.name not in FOREIGN:
            yield from _below(path, passed)
        elif path.is_file() and path not in passed:
            yield path


def before(study: Study, named: Sought) -> tuple[frozenset[str], tuple[str, ...]]:
    """(pairs, roles) in which a person stands in the harmonised data, as they stand there."""
    for path in sorted(study.folders["processed"].glob("answers*")):
        try:
            rows = pd.concat([named.rows(table, "person_id") for table in tables_of(path)])
        except (OSError, ValueError):
            continue
        if len(rows) and {"pair_id", "role"} <= set(rows.columns):
            pairs = frozenset(str(text) for text in rows["pair_id"].dropna() if str(text))
            return pairs, tuple(dict.fromkeys(rows["role"].astype(str)))
    return frozenset(), ()


def search(study: Study, sought: Sought) -> tuple[list[str], list[str]]:
    """(files that hold her, files that cannot be read), as paths in the study."""
    holding, unread = [], []
    for path in made_from(study):
        try:
            if sought.within(path):
                holding.append(shown(path, study))
        except (OSError, ValueError):
            unread.append(shown(path, study))
    return holding, unread


def drawn(study: Study) -> tuple[str, ...]:
    """Which of the report's folders hold something that was made from the data."""
    kept = {"README.md"}
    there = [name for name in ("report", "figures") if study.folders[name].is_dir()]
    return tuple(
        shown(study.folders[name], study)
        for name in there
        if any(p.is_file() and p.name not in kept for p in study.folders[name].rglob("*"))
    )


def shown(path: Path, study: Study) -> str:
    """A path as a record prints it: relative to the study, so that no machine's folders are told."""
    return path.relative_to(study.root).as_posix() if path.is_relative_to(study.root) else path.name
