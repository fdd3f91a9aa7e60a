"""A questionnaire fielded again: what changed against last year's, and what of it needs a decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kij_analysis.codebook.crosswalks import Crosswalk
from kij_analysis.harmonisation.lookups import CompiledCrosswalk, CompiledRule
from kij_analysis.harmonisation.options import ALIKE, Option, alike, known, options, unruled
from kij_analysis.sources import RawTable, normalise

KINDS = (
    "column gone", "column renamed", "column new", "question reworded", "label changed", "option new",
    "option gone",
)  # fmt: skip
CHANCE = 5
"""An option that fewer people chose last year may be missing this year by chance."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing in which a questionnaire differs from last year's.

    `was` and `now` are headings, labels or options; `variables` are the harmonised columns that it concerns;
    `open` tells whether somebody must still decide. Of a `hidden` option, which may name somebody, `now` is
    the form only.
    """

    kind: str
    column: str
    was: str = ""
    now: str = ""
    rows: int = 0
    variables: tuple[str, ...] = ()
    open: bool = True
    hidden: bool = False

    def words(self) -> str:
        """The change as a sentence part."""
        concerns = f"; it concerns {', '.join(self.variables)}" if self.variables else ""
        many = f" ({self.rows} row{'' if self.rows == 1 else 's'})"
        if self.hidden:
            form = f"answers of the form '{self.now}' are new{many}"
            return f"column '{self.column}': {form}, not shown because a name may stand there{concerns}"
        said = {
            "column gone": f"column '{self.was}' is gone",
            "column renamed": f"column '{self.was}' is gone, and the new column '{self.now}' looks like it",
            "column new": f"column '{self.now}' is new",
            "question reworded": f"column '{self.column}' asked '{self.was}' and asks '{self.now}' now",
            "label changed": f"column '{self.column}': '{self.was}' is called '{self.now}' now{many}",
            "option new": f"column '{self.column}': '{self.now}' is a new option{many}",
            "option gone": f"column '{self.column}': nobody has '{self.was}' any more",
        }[self.kind]
        return said + concerns


@dataclass(frozen=True, kw_only=True)
class Year:
    """This year's file and crosswalk, and last year's; `old` is None where the study has no such file."""

    raw: RawTable
    old: RawTable | None
    now: CompiledCrosswalk
    before: CompiledCrosswalk

    def rules(self, column: str, *, before: bool) -> list[CompiledRule]:
        """The rules that read a column."""
        compiled = self.before if before else self.now
        return [rule for rule in compiled.rules if column in rule.rule.sources]

    def undecided(self, columns: Sequence[str]) -> bool:
        """Whether nobody has decided yet about one of these harmonised columns."""
        return any(self.now.crosswalk.rule(column).status == "undetermined" for column in columns)


def changes(year: Year) -> list[Change]:
    """Everything in which this year's file differs from last year's questionnaire."""
    there = [str(name) for name in year.raw.frame.columns]
    declared = _declared(year.before.crosswalk)
    had = [str(name) for name in year.old.frame.columns] if year.old is not None else list(declared)
    gone = [name for name in had if name not in there]
    new = [name for name in there if name not in had]
    if year.old is None and year.before.crosswalk.instrument.other_columns:
        new = []
    pairs = _pairs(year, gone, new)
    found = [_renamed(year, name, pairs[name]) for name in gone if name in pairs]
    found += [_gone(year, name) for name in gone if name not in pairs]
    found += [_new(year, name) for name in new if name not in pairs.values()]
    for name in had:
        now = pairs.get(name, name)
        if now in there:
            found += _within(year, name, now)
    return sorted(found, key=lambda change: KINDS.index(change.kind))


def _declared(crosswalk: Crosswalk) -> dict[str, None]:
    """The columns that a crosswalk names."""
    instrument = crosswalk.instrument
    names = [*instrument.keys.values(), *(name for rule in crosswalk.rules for name in rule.sources)]
    return dict.fromkeys([*names, *instrument.free_text, *instrument.identifiers, *instrument.ignored])


def _variables(year: Year, column: str) -> tuple[str, ...]:
    return tuple(rule.rule.column for rule in year.rules(column, before=True))


def _unsettled(year: Year, column: str) -> bool:
    """Whether this year's crosswalk still reads a column of last year's, or leaves its variables open."""
    crosswalk = year.now.crosswalk
    reads = bool(year.rules(column, before=False)) or column in crosswalk.instrument.keys.values()
    return reads or year.undecided(_variables(year, column))


def _gone(year: Year, name: str) -> Change:
    variables = _variables(year, name)
    return Change(kind="column gone", column=name, was=name, variables=variables, open=_unsettled(year, name))


def _renamed(year: Year, was: str, now: str) -> Change:
    return replace(_gone(year, was), kind="column renamed", column=now, now=now)


def _new(year: Year, name: str) -> Change:
    crosswalk = year.now.crosswalk
    settled = name in _declared(crosswalk) or bool(crosswalk.instrument.other_columns)
    return Change(kind="column new", column=name, now=name, open=not settled)


def _pairs(year: Year, gone: Sequence[str], new: Sequence[str]) -> dict[str, str]:
    """Columns that are probably the same under another heading: alike in name, question and answers."""
    scored = sorted(
        ((_score(year, was, now), was, now) for was in gone for now in new), key=lambda pair: -pair[0]
    )
    found: dict[str, str] = {}
    for score, was, now in scored:
        if score >= ALIKE and was not in found and now not in found.values():
            found[was] = now
    return found


def _score(year: Year, was: str, now: str) -> float:
    names = alike(was, now)
    if year.old is not None:
        questions = [raw.columns[name].label for raw, name in ((year.old, was), (year.raw, now))]
        names = max(names, alike(*questions)) if all(questions) else names
    if not known(year.before, was):
        return names
    rules = year.rules(was, before=True)
    before, after = set(_options_before(year, was)), set(options(year.raw, now, rules))
    shared = len(before & after) / max(len(after | before), 1)
    return max(names * (0.5 + 0.5 * shared), 0.4 * names + 0.6 * shared)


def _options_before(year: Year, column: str) -> dict[str, Option]:
    """Last year's options by the file; without one, those that the rules list."""
    rules = year.rules(column, before=True)
    if year.old is not None and column in year.old.frame.columns:
        return options(year.old, column, rules)
    listed = known(year.before, column)
    labels = {code: texts for rule in rules for code, texts in getattr(rule.plan, "labels", {}).items()}
    return {
        place: Option(text, labels[text][0] if text in labels else "", 0) for place, text in listed.items()
    }


def _within(year: Year, was: str, now: str) -> Iterator[Change]:
    """What changed inside a column that both years have."""
    if year.old is not None:
        questions = [raw.columns[name].label for raw, name in ((year.old, was), (year.raw, now))]
        if all(questions) and normalise(questions[0]) != normalise(questions[1]):
            variables = _variables(year, was)
            yield Change(
                kind="question reworded", column=now, was=questions[0], now=questions[1], variables=variables,
                open=year.undecided(variables),
            )  # fmt: skip
    rules = year.rules(was, before=True)
    if rules and known(year.before, was):
        yield from _options(year, was, now, rules)


def _options(year: Year, was: str, now: str, rules: list[CompiledRule]) -> Iterator[Change]:
    before, after = _options_before(year, was), options(year.raw, now, rules)
    variables = tuple(rule.rule.column for rule in rules)
    listed = known(year.before, was)
    for place in before.keys() & after.keys():
        old, new = before[place], after[place]
        if old.label and new.label and normalise(old.label) != normalise(new.label):
            yield _label(year, now, old, new, variables)
    came = [place for place in after if place not in before and not _listed(after[place], listed)]
    went = [place for place in before if place not in after and _missed(before[place], year)]
    for place in came:
        near = (
            None
            if after[place].hidden
            else max(went, key=lambda other: alike(before[other].text, after[place].text), default=None)
        )
        if near is not None and alike(before[near].text, after[place].text) >= ALIKE:
            went.remove(near)
            yield _label(year, now, before[near], after[place], variables)
        else:
            yield _label(year, now, None, after[place], variables)
    for place in went:
        if year.old is not None and before[place].rows >= CHANCE:
            gone = before[place].text
            yield Change(kind="option gone", column=now, was=gone, variables=variables, open=False)


def _listed(option: Option, listed: Mapping[str, str]) -> bool:
    """Whether last year's rules know an option, though nobody chose it last year."""
    return normalise(option.key) in listed or (bool(option.label) and normalise(option.label) in listed)


def _missed(option: Option, year: Year) -> bool:
    """Whether an option of last year can be missed: somebody chose it then, or the file has a label ."""
    return not option.hidden and (year.old is None or option.rows > 0 or bool(option.label))


def _label(year: Year, column: str, old: Option | None, new: Option, variables: tuple[str, ...]) -> Change:
    now = [rule for rule in year.now.rules if rule.column.name in variables]
    return Change(
        kind="label changed" if old else "option new",
        column=column,
        was=old.text if old else "",
        now=new.text,
        rows=new.rows,
        variables=variables,
        open=year.undecided(variables) or unruled(new, now),
        hidden=new.hidden,
    )
