"""How strongly each column points to each variable: names, wordings, answers, and whether the type fits.

    score = fit × (1 − (1 − 0.85 wording) × (1 − 0.50 name) × (1 − 0.60 answers / columns))

`columns` is how many columns of the file have the same answers: what many have tells little about one.
Each part lies between 0 and 1; evidence of one kind is not lowered by another that is lacking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kij_analysis.codebook import Variable
from kij_analysis.draft.answers import AnswerBook
from kij_analysis.draft.knowledge import KEYS, Knowledge
from kij_analysis.draft.likeness import is_code, likenesses, squashed
from kij_analysis.draft.profiles import Seen
from kij_analysis.sources import normalise

WORDING, NAME, ANSWERS = 0.85, 0.5, 0.6
FAINT = 0.3
"""Likeness below this is noise and counts nothing."""
OTHER_WAVE = 0.9
RATING = 0.25
"""What a known scale of answers counts for a variable that is a rating; all ratings have one."""
FIRST = "the first column with another value in every row"
YEARS = (1900.0, 2100.0)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One column as a candidate for one target, with the parts of its score."""

    place: int
    target: str
    score: float
    wording: float = 0.0
    resembles: str = ""
    source: str = ""
    name: float = 0.0
    name_source: str = ""
    answers: float = 0.0
    recognised: int = 0
    of: int = 0
    sharing: int = 1
    fit: float = 1.0
    doubt: str = ""


def candidates(
    columns: Sequence[Seen],
    known: Knowledge,
    book: AnswerBook,
    *,
    role: str = "",
    wave: str = "",
    unit: str = "",
) -> list[Candidate]:
    """Every pair of a column and a target with any evidence.

    What the codebook asks in another wave is kept, a little lower: programmes ask again.
    """
    targets = targets_of(known, role, unit)
    first_id = next(
        (place for place, seen in enumerate(columns) if seen.kind == "id" and seen.unique > 0.97), -1
    )
    likeness, nearest = _wordings(columns, targets, known)
    sharing = Counter(_set(seen) for seen in columns)
    found = []
    for place, seen in enumerate(columns):
        if seen.kind in ("empty", "identifier"):
            continue
        for number, target in enumerate(targets):
            name, name_source = _name(seen, target, known)
            if target == "person_id" and place == first_id and not name:
                name, name_source = 1.0, FIRST
            answers, recognised, of = _answers(seen, target, known, book)
            wording = likeness[place, number] if likeness[place, number] >= FAINT else 0.0
            if not (wording or name or recognised):
                continue
            fit, doubt = fit_of(seen, target, known, answers)
            fit *= 1.0 if _asked(target, known, role, wave) else OTHER_WAVE
            same = sharing[_set(seen)] if recognised else 1
            rest = (1 - WORDING * wording) * (1 - NAME * name) * (1 - ANSWERS * answers / same)
            text = known.questions[nearest[place, number]] if wording else None
            found.append(
                Candidate(
                    place=place, target=target, score=round(float(fit * (1 - rest)), 3),
                    wording=float(wording), resembles=text.text if text else "",
                    source=text.source if text else "", name=name, name_source=name_source, answers=answers,
                    recognised=recognised, of=of, sharing=same, fit=fit, doubt=doubt,
                )
            )  # fmt: skip
    return found


def targets_of(known: Knowledge, role: str = "", unit: str = "") -> list[str]:
    """The keys, and the variables that this role is asked (all if that is not known), or meetings tell."""
    book = known.codebook
    asked = [
        variable.name
        for variable in book.variables.values()
        if variable.frame != "key"
        and variable.name not in book.barrier_variables
        and (variable.frame == "meetings") == (unit == "meeting")
        and not (role and variable.asked_of and role not in variable.asked_of)
    ]
    return [*KEYS[1:], *asked] if unit == "meeting" else [*KEYS, *asked]


def _asked(target: str, known: Knowledge, role: str, wave: str) -> bool:
    variable = known.codebook.variables.get(target)
    if variable is None or not (role and wave) or variable.frame == "meetings":
        return True
    return not variable.not_asked(role, wave)


def answer_target(target: str, known: Knowledge) -> str:
    """The harmonised column whose categories the answers of a target are held against."""
    variable = known.codebook.variables.get(target)
    if variable is None:
        return target
    return next((c.name for c in variable.columns if c.categories), variable.columns[0].name)


def _wordings(
    columns: Sequence[Seen], targets: Sequence[str], known: Knowledge
) -> tuple[np.ndarray, np.ndarray]:
    """For each column and target the likeness of the nearest wording, and which one it is."""
    texts = [(place, text) for place, seen in enumerate(columns) for text in seen.texts]
    table = likenesses(
        [text for _, text in texts],
        [wording.text for wording in known.questions],
        owners=[place for place, _ in texts],
        targets=[wording.target for wording in known.questions],
    )
    owner = np.array([place for place, _ in texts])
    best = np.zeros((len(columns), table.shape[1]))
    np.maximum.at(best, owner, table)
    likeness, nearest = np.zeros((len(columns), len(targets))), np.zeros((len(columns), len(targets)), int)
    for number, target in enumerate(targets):
        places = [i for i, wording in enumerate(known.questions) if wording.target == target]
        if places:
            nearest[:, number] = np.array(places)[best[:, places].argmax(axis=1)]
            likeness[:, number] = best[:, places].max(axis=1)
    return likeness, nearest


def _set(seen: Seen) -> frozenset[str]:
    return frozenset(normalise(answer.text) for answer in seen.answers)


def _name(seen: Seen, target: str, known: Knowledge) -> tuple[float, str]:
    """How near the column's name is to the variable's and to those of earlier files.

    A bare number of a question (`q7`) counts only if an earlier file has exactly it, and then half.
    """
    from rapidfuzz import fuzz

    own = squashed(seen.name)
    for wording in known.names:
        if wording.target == target and wording.text == own:
            return (0.5 if is_code(seen.name) else 1.0), wording.source
    if is_code(seen.name) or len(own) < 3:
        return 0.0, ""
    near = fuzz.ratio(own, squashed(target)) / 100
    return (near, "codebook") if near >= 0.8 else (0.0, "")


def _answers(seen: Seen, target: str, known: Knowledge, book: AnswerBook) -> tuple[float, int, int]:
    """The share of the column's answers that are categories of the target; yes and no tell nothing."""
    variable = known.codebook.variables.get(target)
    if variable is None or variable.type not in ("category", "scale") or not seen.answers:
        return 0.0, 0, 0
    if variable.type == "scale":
        return (RATING, 0, 0) if seen.scale else (0.0, 0, 0)
    if all(normalise(answer.text) in known.yes | known.no for answer in seen.answers):
        return 0.0, 0, 0
    return book.share(answer_target(target, known), seen, squashed(seen.name))


def fit_of(seen: Seen, target: str, known: Knowledge, answers: float) -> tuple[float, str]:
    """Whether the column's type can hold the target (1 fits, 0 cannot), and what is doubtful."""
    if target in ("person_id", "pair_id"):
        unique = seen.kind == "id" or seen.unique > 0.9
        return (
            (1.0, "")
            if unique
            else (0.3 if target == "pair_id" and seen.unique > 0.3 else 0.0, "repeats itself")
        )
    variable = known.codebook.variables.get(target)
    kind = "date" if target == "date" else variable.type if variable else ""
    for wanted, check in (
        ("number", _fits_number),
        ("category", _fits_category),
        ("boolean", _fits_boolean),
        ("scale", _fits_scale),
    ):  # fmt: skip
        if kind == wanted:
            return check(seen, variable, answers)
    if kind == "date":
        return (1.0, "") if seen.kind == "date" else (0.6, "holds no dates that can be read")
    return 0.5, ""


def _fits_number(seen: Seen, variable: Variable | None, _: float) -> tuple[float, str]:
    if seen.kind not in ("number", "codes", "constant") or seen.type != "number" or variable is None:
        return 0.35, "holds no plain numbers"
    column = variable.columns[0]
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    if YEARS[0] <= seen.low and seen.high <= YEARS[1] and column.unit == "years":
        return 0.85, "holds calendar years, which must be turned into a number of years"
    if low <= seen.low and seen.high <= high:
        return 1.0, ""
    return 0.8, "holds numbers outside what the codebook allows"


def _fits_category(seen: Seen, _: Variable | None, answers: float) -> tuple[float, str]:
    if seen.kind in ("choice", "yes_no", "constant"):
        return 1.0, ""
    if seen.kind == "codes":
        return (1.0, "") if answers > 0.5 else (0.9, "holds codes without labels")
    if seen.kind in ("number", "free_text", "id"):
        return 0.75, "holds too many different answers for a list"
    return 0.2, "holds no closed answers"


def _fits_boolean(seen: Seen, _: Variable | None, __: float) -> tuple[float, str]:
    if seen.kind in ("yes_no", "ticks"):
        return 1.0, ""
    return (
        (0.9, "") if seen.kind in ("choice", "codes") and len(seen.answers) <= 4 else (0.3, "is no yes or no")
    )


def _fits_scale(seen: Seen, _: Variable | None, __: float) -> tuple[float, str]:
    if seen.scale:
        return 1.0, ""
    if seen.kind in ("choice", "codes") and 3 <= len(seen.answers) <= 11:
        return 0.8, "no scale of scales.yaml has its answers"
    return 0.2, "is no rating"
