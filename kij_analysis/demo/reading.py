"""The file of assumptions read into frozen objects, every problem at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from kij_analysis.demo.assumptions import (
    BACKGROUND,
    MARKS,
    PREDICTORS,
    RATINGS,
    SCORES,
    Amount,
    Assumptions,
    Fieldwork,
    Portions,
    Programme,
    Shares,
    Spread,
    Weights,
)
from kij_analysis.errors import Problem, StudyError, did_you_mean, listed

KINDS = {kind.__name__: kind for kind in (Amount, Fieldwork, Portions, Shares, Spread)}


def read_assumptions(source: Path | str | Mapping[str, Any]) -> Assumptions:
    """The assumptions in a YAML file, or in a mapping of the same form.

    Raises
    ------
    StudyError
        With every problem: unknown or absent keys, shares that do not add up, entries without a reason,
        printed values that the shares do not meet.

    Examples
    --------
    >>> read_assumptions({"seed": 1, "programmes": {}, "dependance": {}})
    Traceback (most recent call last):
    ...
    kij_analysis.errors.StudyError: assumptions: The key 'dependance' is not known. ...
    """
    name, content = _content(source)
    reader = _Reader(name)
    if not reader.keys(content, Assumptions, ""):
        raise StudyError(reader.problems)
    if isinstance(content["seed"], bool) or not isinstance(content["seed"], int):
        reader.say("seed", "is not a whole number.")
    programmes = {code: reader.programme(entry, code) for code, entry in reader.block(content, "programmes")}
    dependence = {
        key: reader.entry(Weights, entry, f"dependence.{key}")
        for key, entry in reader.block(content, "dependence")
    }
    truth = dict(reader.block(content, "truth"))
    reader.known_scores(dependence, programmes)
    if reader.problems:
        raise StudyError(reader.problems)
    return Assumptions(seed=content["seed"], programmes=programmes, dependence=dependence, truth=truth)


def _content(source: Path | str | Mapping[str, Any]) -> tuple[str, Any]:
    if isinstance(source, Mapping):
        return "assumptions", source
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    path = Path(source)
    try:
        return path.name, YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    except FileNotFoundError:
        fix = f"It should lie in the folder '{path.parent.name}' beside the demonstration exports."
        raise StudyError("The file of assumptions does not exist.", fix=fix, file=path.name) from None
    except YAMLError as error:
        raise StudyError(f"Not valid YAML: {' '.join(str(error).split())}.", file=path.name) from None


class _Reader:
    """Makes the frozen objects and gathers what is wrong on the way."""

    def __init__(self, name: str) -> None:
        self.name, self.problems = name, list[Problem]()

    def say(self, place: str, what: str, fix: str = "") -> None:
        self.problems.append(Problem(what=f"{place}: {what}" if place else what, fix=fix, file=self.name))

    def keys(self, entry: Any, kind: type, place: str) -> bool:
        """Whether an entry is a block with the keys that `kind` has, no others and none too few."""
        if not isinstance(entry, Mapping):
            self.say(place, "a block of keys belongs here.")
            return False
        known = [part.name for part in fields(kind)]
        needed = [p.name for p in fields(kind) if p.default is MISSING and p.default_factory is MISSING]
        strangers = [key for key in entry if key not in known]
        for key in strangers:
            what = f"{'t' if place else 'T'}he key '{key}' is not known."
            self.say(place, what, f"{did_you_mean(key, known)} Known: {listed(known, most=20)}.")
        absent = [key for key in needed if key not in entry]
        if absent:
            self.say(place, f"{listed(absent)} {'is' if len(absent) == 1 else 'are'} missing.", "Add it.")
        return not strangers and not absent

    def block(self, content: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
        """The entries of a block of the file."""
        found = content.get(name, {})
        if not isinstance(found, Mapping):
            self.say(name, "a block of keys belongs here.")
            return []
        return list(found.items())

    def entry(self, kind: Any, entry: Any, place: str) -> Any:
        if not self.keys(entry, kind, place):
            return None
        made = kind(**{key: tuple(value) if key == "printed" else value for key, value in entry.items()})
        for fault in made.faults():
            self.say(place, fault)
        return made

    def programme(self, entry: Any, code: str) -> Any:
        place = f"programmes.{code}"
        if not self.keys(entry, Programme, place):
            return None
        parts = {}
        for part in fields(Programme):
            if part.default is None and part.name not in entry:
                continue
            kind = KINDS[str(part.type).removesuffix(" | None")]
            parts[part.name] = self.entry(kind, entry[part.name], f"{place}.{part.name}")
        if parts["unanswered"] and set(parts["unanswered"].shares) != set(MARKS):
            self.say(f"{place}.unanswered", f"the shares are those of {listed(MARKS)}.")
        if all(parts[name] for name in ("labour_status", "status_at_end", "response_rate", "participants")):
            self.enough(Programme(**parts), place)
        return Programme(**parts)

    def enough(self, given: Programme, place: str) -> None:
        """Nobody can answer who does not take part: each status needs as many people as answers."""
        rate = given.response_rate.value
        for code, share in given.labour_status.shares.items():
            there = given.status_at_end.shares.get(code, 0.0)
            if share * rate > there:
                what = (
                    f"'{code}' is {share:.3g} of the answers, more than the participants give ({there:.3g})."
                )
                self.say(f"{place}.status_at_end", what, f"At least {share * rate:.3g} is needed.")

    def known_scores(self, dependence: Mapping[str, Any], programmes: Mapping[str, Any]) -> None:
        """A score that nothing is drawn from is a slip of the pen; a rating may look back only."""
        drawn = set(SCORES)
        for programme in programmes.values():
            if programme and programme.labour_status and programme.barriers and programme.barriers_at_entry:
                drawn |= set(programme.labour_status.shares)
                codes = {**programme.barriers_at_entry.shares, **programme.barriers.shares}
                drawn |= {f"barrier_{code}" for code in codes}
        for key, weights in dependence.items():
            if key not in drawn:
                self.say(f"dependence.{key}", "nothing of this name is drawn.", did_you_mean(key, drawn))
            elif key in RATINGS and weights is not None:
                allowed = (*BACKGROUND, *RATINGS[: RATINGS.index(key)])
                for name in weights.weights:
                    if name in PREDICTORS and name not in allowed:
                        self.say(f"dependence.{key}", f"'{name}' is drawn later.", f"Use {listed(allowed)}.")
