"""Files written whole or not at all, with checksums and fixed times."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kij_analysis.errors import UsageError

EPOCH = "2000-01-01T00:00:00"
"""The time written where a file format insists on one, so that the same input gives the same bytes."""


def checksum(path: Path | str) -> str:
    """SHA-256 of a file's bytes, as hexadecimal text."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_bytes(path: Path | str, content: bytes) -> Path:
    """Write a file whole or not at all: first beside its place, then moved into it.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_bytes(folder / "new" / "a.txt", b"x").read_bytes()
    b'x'
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        _move(Path(name), target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return target


def write_text(path: Path | str, text: str) -> Path:
    """Write UTF-8 text with plain newlines, whole or not at all."""
    return write_bytes(path, text.encode("utf-8"))


def write_json(path: Path | str, content: Any) -> Path:
    """Write JSON that reads well and differs only where its content differs."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=False, allow_nan=False)
    return write_text(path, text + "\n")


def _move(path: Path, target: Path) -> None:
    """Move a file into its place; Windows refuses where another program holds the place."""
    try:
        path.replace(target)
    except OSError as error:
        raise UsageError(
            f"The file cannot be written ({error.strerror or error}).",
            fix="Close it in Excel or whatever holds it, and run again.",
            file=str(target),
        ) from error


def timeless_zip(
    content: bytes, *, compress: bool = False, instead: Mapping[str, bytes] | None = None
) -> bytes:
    """The same parts of a zip file (XLSX, DOCX) with one time for all; those in `instead` are replaced.

    Uncompressed the bytes are the same everywhere: compression differs between versions of zlib.
    """
    memory = io.BytesIO()
    moment = dt.datetime.fromisoformat(EPOCH).timetuple()[:6]
    kind = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(memory, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, moment)
            part.create_system = 3
            part.external_attr = 0o600 << 16
            held = (instead or {}).get(name) or source.read(name)
            packed = name.endswith(".png")  # already as small as it gets
            target.writestr(part, held, compress_type=zipfile.ZIP_STORED if packed else kind)
    return memory.getvalue()


def timeless_sav(content: bytes) -> bytes:
    """The same SPSS file with the fixed date and time in its header (`dd mmm yy` and `hh:mm:ss`)."""
    moment = dt.datetime.fromisoformat(EPOCH)
    stamp = f"{moment.day:02d} {_MONTHS[moment.month - 1]} {moment:%y}{moment:%H:%M:%S}".encode("ascii")
    return content[:92] + stamp + content[109:]


def timeless_dta(content: bytes) -> bytes:
    """The same Stata file, of Stata 13 or later, with the fixed time in its header (`dd Mon yyyy hh:mm`)."""
    moment = dt.datetime.fromisoformat(EPOCH)
    stamp = f"{moment.day:02d} {_MONTHS[moment.month - 1]} {moment:%Y %H:%M}".encode("ascii")
    return re.sub(rb"(?<=<timestamp>\x11).{17}(?=</timestamp>)", stamp, content, count=1, flags=re.DOTALL)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""As SPSS and Stata write them, whatever the language of the machine."""


@contextmanager
def staged(target: Path | str) -> Iterator[Path]:
    """A folder to write into; its files move to `target` only if the block ends well.

    Files of `target` that the block did not write stay as they are. If one file cannot be moved, because
    another program holds its place, those moved before it are taken back.

    Raises
    ------
    UsageError
        If a file cannot be written in its place.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> with staged(place) as folder:
    ...     _ = (folder / "a.txt").write_text("x")
    >>> [path.name for path in place.iterdir()]
    ['a.txt']
    """
    place = Path(target)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"The folder cannot be made ({error.strerror or error})."
        raise UsageError(what, fix="Name another folder.", file=str(place)) from error
    folder = Path(tempfile.mkdtemp(dir=place, prefix=".staging-"))
    try:
        yield folder
        _move_all(folder, place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _move_all(folder: Path, place: Path) -> None:
    """Move every file to its place, or none: what stood there before comes back."""
    kept = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".kept-"))
    done: list[tuple[Path, Path | None]] = []
    try:
        for number, path in enumerate(sorted(path for path in folder.rglob("*") if path.is_file())):
            final = place / path.relative_to(folder)
            final.parent.mkdir(parents=True, exist_ok=True)
            before = kept / str(number) if final.is_file() else None
            if before:
                shutil.copy2(final, before)
            _move(path, final)
            done.append((final, before))
    except BaseException:
        for final, before in reversed(done):
            if before:
                before.replace(final)
            else:
                final.unlink()
        raise
    finally:
        shutil.rmtree(kept, ignore_errors=True)


def swap(new: Mapping[Path, Path], gone: Iterable[Path], *, beside: Path) -> None:
    """Put new files in their places (`new` leads from place to file) and take others away: all or nothing.

    What stood there is held in a folder in `beside` until all has gone well.

    Raises
    ------
    UsageError
        If a file cannot be moved, because another program holds it.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> for name in ("old.txt", "new.txt", "kept.txt"):
    ...     _ = (place / name).write_text(name)
    >>> swap({place / "kept.txt": place / "new.txt"}, [place / "old.txt"], beside=place)
    >>> [path.name for path in place.iterdir()], (place / "kept.txt").read_text()
    (['kept.txt'], 'new.txt')
    """
    held = Path(tempfile.mkdtemp(dir=beside, prefix=".kept-"))
    away: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    try:
        for number, path in enumerate(dict.fromkeys([*gone, *(place for place in new if place.is_file())])):
            _move(path, held / str(number))
            away.append((path, held / str(number)))
        for place, path in new.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            _move(path, place)
            placed.append(place)
    except BaseException:
        for place in placed:
            place.unlink()
        for place, path in reversed(away):
            path.replace(place)
        raise
    finally:
        shutil.rmtree(held, ignore_errors=True)
