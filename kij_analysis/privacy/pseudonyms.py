"""Keyed pseudonyms: the same person has the same one in every file, and nobody gets back without the key."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kij_analysis.errors import StudyError

DEMO = "demo"
NONE = "none"
KEEP = "keep_ids"
_DEMO_SECRET = b"kij_analysis demonstration: no real person stands behind these ids"
LENGTH = 12
"""Hexadecimal digits of a pseudonym; 48 bits keep a million persons apart."""


@dataclass(frozen=True)
class Key:
    """The secret of a study's pseudonyms.

    Without a secret ids stay as they are, or where `numbered` become running numbers of each file by itself
    (no key, no linkage). `public` is the demonstration's key, which protects nobody. `made` is the path of a
    key that did not exist before, so that its owner can be told to back it up.
    """

    secret: bytes
    made: Path | None = None
    numbered: bool = False
    public: bool = False

    def __repr__(self) -> str:
        return "Key(…)"

    @property
    def kept(self) -> bool:
        """Whether ids stay as they are."""
        return not self.secret and not self.numbered

    @property
    def links(self) -> bool:
        """Whether a person is the same in every file."""
        return not self.numbered

    def pseudonym(self, programme: str, kind: str, identifier: str) -> str:
        """The keyed pseudonym of a person or pair of a programme.

        Examples
        --------
        >>> key = demo_key()
        >>> key.pseudonym("fika", "person", "12") == key.pseudonym("fika", "person", "12")
        True
        >>> key.pseudonym("fika", "person", "12") == key.pseudonym("sajo", "person", "12")
        False
        """
        message = "\x1f".join((programme, kind, identifier)).encode("utf-8")
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:LENGTH]

    def pseudonyms(
        self, programme: str, kind: str, identifiers: Sequence[str | None], *, file: str
    ) -> list[str | None]:
        """What stands for each id of one file, by its spelling; nobody stands for an id that is not there.

        Examples
        --------
        >>> Key(secret=b"", numbered=True).pseudonyms("fika", "person", ["K7", None, "K1", "K7"], file="end")
        ['end-1', None, 'end-2', 'end-1']
        """
        if self.kept:
            return list(identifiers)
        if self.secret:
            return [self.pseudonym(programme, kind, name) if name else None for name in identifiers]
        numbers: dict[str, int] = {}
        return [f"{file}-{numbers.setdefault(n, len(numbers) + 1)}" if n else None for n in identifiers]


def demo_key() -> Key:
    """The public key of the demonstration, so that everybody gets the same pseudonyms there."""
    return Key(secret=_DEMO_SECRET, public=True)


def key_of(study_id: str, where: str, *, make: bool = True) -> Key:
    """The key of a study, made on first use.

    Parameters
    ----------
    study_id
        Names the key's file.
    where
        ``demo``: the demonstration's own key. ``none``: no key and no linkage, every file has running numbers
        of its own. ``keep_ids``: ids stay as they are (public-use files, whose ids are pseudonyms already).
        Else a path to a key file; empty for ``~/.kij_analysis/keys/<study>.key``.
    make
        Whether a key that does not exist yet is written; if not, one for this moment is returned.

    Raises
    ------
    StudyError
        If the file does not hold a key, or if a new one cannot be written.

    Examples
    --------
    >>> key_of("demo", "demo").pseudonym("fika", "person", "12")
    '9937e7f08de4'
    """
    fixed = {DEMO: demo_key(), NONE: Key(secret=b"", numbered=True), KEEP: Key(secret=b"")}
    if where in fixed:
        return fixed[where]
    path = key_file(study_id, where)
    try:
        if path.exists():
            return Key(secret=_secret(path))
        if not make:
            return Key(secret=secrets.token_bytes(32))
        path.parent.mkdir(parents=True, exist_ok=True)
        # Nobody else may read it from its first moment on.
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
            stream.write(f"{secrets.token_hex(32)}\n")
    except OSError as error:
        what = f"The key of the pseudonyms cannot be read or written: {error.strerror}."
        raise StudyError(
            what, fix="Name another file under pseudonyms: key: in the study.", file=str(path)
        ) from None
    return Key(secret=_secret(path), made=path)


def key_file(study_id: str, where: str) -> Path:
    """Where the file of a key lies, if the study has one of its own."""
    return Path(where).expanduser() if where else Path.home() / ".kij_analysis" / "keys" / f"{study_id}.key"


def has_key(study_id: str, where: str) -> bool:
    """Whether the key of a study is on this machine, or the study needs none.

    Examples
    --------
    >>> has_key("demo", "demo"), has_key("demo", "nowhere/demo.key")
    (True, False)
    """
    return where in (DEMO, NONE, KEEP) or key_file(study_id, where).is_file()


def _secret(path: Path) -> bytes:
    text = path.read_text("ascii", errors="replace").strip()
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) < 16:
        fix = "Put the backup of the key there; with a new key nobody is linked to earlier waves."
        raise StudyError("The file does not hold a key.", fix=fix, file=path.name)
    return secret
