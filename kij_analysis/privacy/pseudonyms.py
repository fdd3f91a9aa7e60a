"""Keyed pseudonyms: the same person has the same one in every file, and nobody gets back without the key."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

from kij_analysis.errors import StudyError

DEMO = "demo"
NONE = "none"
_DEMO_SECRET = b"kij_analysis demonstration: no real person stands behind these ids"
LENGTH = 12
"""Hexadecimal digits of a pseudonym; 48 bits keep a million persons apart."""


@dataclass(frozen=True)
class Key:
    """The secret of a study's pseudonyms; `secret` is empty where ids stay as they are.

    `made` is the path of a key that did not exist before, so that its owner can be told to back it up.
    """

    secret: bytes
    made: Path | None = None

    def __repr__(self) -> str:
        return "Key(…)"

    def pseudonym(self, programme: str, kind: str, identifier: str) -> str:
        """The pseudonym of a person or pair of a programme.

        Examples
        --------
        >>> key = demo_key()
        >>> key.pseudonym("fika", "person", "12") == key.pseudonym("fika", "person", "12")
        True
        >>> key.pseudonym("fika", "person", "12") == key.pseudonym("sajo", "person", "12")
        False
        """
        if not self.secret:
            return identifier
        message = "\x1f".join((programme, kind, identifier)).encode("utf-8")
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:LENGTH]


def demo_key() -> Key:
    """The public key of the demonstration, so that everybody gets the same pseudonyms there."""
    return Key(secret=_DEMO_SECRET)


def key_of(study_id: str, where: str, *, make: bool = True) -> Key:
    """The key of a study, made on first use.

    Parameters
    ----------
    study_id
        Names the key's file.
    where
        ``demo``: the demonstration's own key. ``none``: ids stay as they are (public-use files only).
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
    if where == DEMO:
        return demo_key()
    if where == NONE:
        return Key(secret=b"")
    path = Path(where).expanduser() if where else Path.home() / ".kij_analysis" / "keys" / f"{study_id}.key"
    try:
        if path.exists():
            return Key(secret=_secret(path))
        if not make:
            return Key(secret=secrets.token_bytes(32))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{secrets.token_hex(32)}\n", encoding="ascii")
        path.chmod(0o600)
    except OSError as error:
        what = f"The key of the pseudonyms cannot be read or written: {error.strerror}."
        raise StudyError(
            what, fix="Name another file under pseudonyms: key: in the study.", file=str(path)
        ) from None
    return Key(secret=_secret(path), made=path)


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
