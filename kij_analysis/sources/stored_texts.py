"""Texts of SPSS and Stata files: bytes to text by the encoding that the file states, or else declared.

The reading library stops at the first byte that does not fit, and lets half a letter at the end of a
text go without a word. So the texts are fetched byte for byte (as Latin-1, which has a letter for every
byte) and decoded here, where what is lost can be counted.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kij_analysis.errors import Problem, SourceError
from kij_analysis.sources.encodings import fitting, same_codec

BYTE_FOR_BYTE = "LATIN1"


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The texts of a file that are not plain ASCII, decoded.

    Parameters
    ----------
    codec
        The encoding used.
    meant
        From each text as fetched to the text as meant; what is not in it is plain ASCII.
    notices
        What was lost, and where the encoding was not clear.
    """

    codec: str
    meant: Mapping[str, str]
    notices: tuple[Problem, ...]

    def __call__(self, fetched: str) -> str:
        """The text as meant."""
        return self.meant.get(fetched, fetched)


def decode_texts(
    labels: Iterable[str], answers: Iterable[str], *, stated: str, declared: str, file: str
) -> Texts:
    """Decode labels and unique answers that were fetched byte for byte.

    Parameters
    ----------
    labels, answers
        Texts as fetched.
    stated, declared
        The encoding that the file states, and the one declared for it; empty where there is none.

    Raises
    ------
    SourceError
        If the texts do not read as what is stated or declared, with the encoding that would read them.

    Examples
    --------
    >>> texts = decode_texts(["VÃ¤hÃ¤n"], [], stated="UTF-8", declared="", file="fi.sav")
    >>> texts("VÃ¤hÃ¤n"), texts("id")
    ('Vähän', 'id')
    """
    kinds = {
        "label": {text for text in labels if _is_undecoded(text)},
        "answer": {text for text in answers if _is_undecoded(text)},
    }
    raws = [text.encode("latin-1") for text in sorted(set().union(*kinds.values()))]
    codec, notices = _chosen(raws, stated, declared, file)
    meant, lost = {}, []
    for raw in raws:
        text, state = _decoded(raw, codec)
        meant[raw.decode("latin-1")] = text
        if state:
            lost.append((raw.decode("latin-1"), text, state))
    for kind, fetched in kinds.items():
        notices += _losses([(text, state) for raw, text, state in lost if raw in fetched], kind, codec, file)
    return Texts(codec=codecs.lookup(codec).name, meant=meant, notices=tuple(notices))


def _is_undecoded(text: str) -> bool:
    """Whether a text may differ once decoded; what goes beyond Latin-1 was decoded by the reader."""
    return not text.isascii() and max(text) <= "\xff"


def _chosen(raws: list[bytes], stated: str, declared: str, file: str) -> tuple[str, list[Problem]]:
    """The encoding to use; what the file states goes before what is declared, if its texts bear it out."""
    if not raws:
        return next((name for name in (stated, declared) if same_codec(name, name)), "utf-8"), []
    fits = fitting(b"\n".join(raws))
    fix = f"Declare encoding: {fits}."
    if stated and _sound(raws, stated, stated=True):
        if not declared or same_codec(stated, declared):
            return stated, []
        what = (
            f"The file states that it is {stated} and reads so; the declared encoding {declared} is not used."
        )
        return stated, [Problem(what=what, fix="Leave encoding: out.", file=file, severity="notice")]
    if stated and not declared:
        raise SourceError(f"The file states that it is {stated}, but its texts are not.", fix=fix, file=file)
    if declared and not _sound(raws, declared):
        raise SourceError(f"The texts of the file do not read as {declared}.", fix=fix, file=file)
    if stated:
        what = f"The file states that it is {stated}, but its texts are {declared}, as declared."
        return declared, [Problem(what=what, file=file, severity="notice")]
    if declared:
        return declared, []
    codec = next(name for name in ("utf-8", "cp1252", "latin-1") if _sound(raws, name))
    what = f"The file does not state its encoding; it is read as {codec}."
    return codec, [
        Problem(what=what, fix=f"If that is right, declare encoding: {codec}.", file=file, severity="notice")
    ]


def _sound(raws: list[bytes], codec: str, *, stated: bool = False) -> bool:
    """Whether the texts read as the encoding: most of them do, and they are not UTF-8 read as another.

    A few that do not read are labels from another source, pasted in; they are told and counted. A file
    that states its encoding is believed even if all its texts are cut at the end.
    """
    try:
        states = [_decoded(raw, codec)[1] for raw in raws]
    except LookupError:
        return False
    if 2 * states.count("broken") > len(raws) or (not stated and 2 * states.count("") < len(raws)):
        return False
    unicode_states = {_decoded(raw, "utf-8")[1] for raw in raws}
    return same_codec(codec, "utf-8") or "broken" in unicode_states or "" not in unicode_states


def _decoded(raw: bytes, codec: str) -> tuple[str, str]:
    """The text, and whether it is cut within a letter or broken elsewhere."""
    try:
        return raw.decode(codec), ""
    except UnicodeDecodeError as error:
        if error.end == len(raw) and error.reason == "unexpected end of data":
            return raw[: error.start].decode(codec), "cut"
        return raw.decode(codec, errors="replace"), "broken"


def _losses(lost: list[tuple[str, str]], kind: str, codec: str, file: str) -> list[Problem]:
    """One notice for what was cut and one for what is broken; answers are counted, never shown."""
    outcomes = {
        "cut": "cut off within a letter; the half letter is left out",
        "broken": f"not {codec} throughout; what cannot be read is shown as \ufffd",
    }
    found = []
    for state, outcome in outcomes.items():
        texts = [text for text, its_state in lost if its_state == state]
        if texts:
            shown = f" (for example '{texts[0]}')" if kind == "label" else ""
            what = f"{len(texts)} {kind}{'s are' if len(texts) > 1 else ' is'} {outcome}{shown}."
            found.append(Problem(what=what, file=file, severity="notice"))
    return found
