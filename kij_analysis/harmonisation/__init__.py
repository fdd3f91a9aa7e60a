"""Every programme's answers carried over to one documented data set, with a ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from kij_analysis.codebook import Codebook, Crosswalk, load_codebook, load_crosswalk
from kij_analysis.codebook.crosswalks import Absent
from kij_analysis.errors import (
    HarmonisationError,
    KijError,
    Problem,
    SourceError,
    StudyError,
    UsageError,
    one_of,
)
from kij_analysis.harmonisation.accounts import ledger_of
from kij_analysis.harmonisation.compiling import compile_crosswalk
from kij_analysis.harmonisation.difference import Difference, compare
from kij_analysis.harmonisation.direction import directions
from kij_analysis.harmonisation.frames import Harmonised, gather
from kij_analysis.harmonisation.ledger import Ledger, coverage, load_ledger, statuses
from kij_analysis.harmonisation.one_file import harmonise_file
from kij_analysis.harmonisation.parts import Part, apart
from kij_analysis.harmonisation.renewing import Renewal, renew
from kij_analysis.harmonisation.rounds import renewed
from kij_analysis.harmonisation.rule_words import Labels
from kij_analysis.harmonisation.specs import definitions
from kij_analysis.harmonisation.tracing import Person, cells, columns_of, overview
from kij_analysis.harmonisation.turned_round import direction_problems, marked
from kij_analysis.privacy import Key, key_of
from kij_analysis.privacy.erasures import load_erasures
from kij_analysis.study import Source, Study

__all__ = [
    "Check",
    "Difference",
    "Harmonised",
    "Ledger",
    "Renewal",
    "check",
    "compare",
    "compile_crosswalk",
    "coverage",
    "harmonise",
    "load_ledger",
    "renew",
    "statuses",
    "trace",
]

Progress = Callable[[str], None]

UNLINKED = Problem(
    what="Without a key nobody is linked: who answered in two waves is two people, and pairs likewise.",
    fix="To link them remove pseudonyms: from the study file; a key is made on first use.",
    severity="notice",
)


@dataclass(frozen=True, kw_only=True)
class Check:
    """What `check` found: all problems of all sources, the coverage matrix, and what a later year changed."""

    problems: tuple[Problem, ...]
    coverage: pd.DataFrame
    changes: pd.DataFrame
    exit_code: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop the work."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def check(study: Study, *, progress: Progress | None = None) -> Check:
    """Hold every file of a study against its crosswalk; nothing is written.

    Returns
    -------
    Check
        All problems at once, the coverage matrix (harmonised columns × instruments, with the status),
        what changed in questionnaires that are fielded again (file, crosswalk, reference, kind, column, was,
        now, rows, variables, open, said; `open` where somebody must still decide), and the exit code that
        `kij check` ends with: 0, or that of the first kind of error.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> found = check(open_study(template_folder()))
    >>> found.exit_code, found.coverage.loc["gender", "fika_end_2024"]
    (0, 'complete')
    """
    run = _run(study, progress, make_key=False)
    table = pd.DataFrame(
        [
            {"column": rule.column, "instrument": crosswalk.instrument.id, "status": rule.status}
            for _, crosswalk in run.crosswalks
            for rule in crosswalk.rules
        ],
        columns=["column", "instrument", "status"],
    ).drop_duplicates(["column", "instrument"])
    again = renewed(study, run.crosswalks, run.codebook)
    return Check(problems=run.problems, coverage=coverage(table), changes=again, exit_code=run.exit_code)


def harmonise(study: Study, *, on_problem: str = "stop", progress: Progress | None = None) -> Harmonised:
    """The harmonised frames of a study, with ledger and codebook.

    Parameters
    ----------
    on_problem
        ``"stop"``: nothing comes out unless everything fits. ``"mark"``: an answer without a rule, or a
        column that is missing, costs its own cells only (missing reason ``rule_failed``), and so does an
        item that stands the other way round; the problems stand in the ledger. A file that cannot be read
        stops either way.

    Raises
    ------
    StudyError, SourceError, HarmonisationError
        With all problems of all sources; the class is that of the first kind found.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> data = harmonise(open_study(template_folder()))
    >>> sorted(data.answers["programme"].unique())
    ['fika', 'kvinfo', 'sajo']
    """
    one_of(on_problem, ("stop", "mark"), name="on_problem")
    run = _run(study, progress)
    kinds = {kind.exit_code: kind for kind in (StudyError, SourceError, HarmonisationError)}
    unreadable = run.exit_code != HarmonisationError.exit_code
    if run.exit_code and (on_problem == "stop" or unreadable):
        raise kinds.get(run.exit_code, UsageError)(p for p in run.problems if p.severity == "error")
    assert run.codebook is not None and run.key is not None
    parts = marked(run.parts, run.directions)
    ledger = ledger_of(
        parts, study, run.codebook, key=run.key, on_problem=on_problem, directions=run.directions
    )
    return gather(parts, replace(ledger, problems=run.problems), run.codebook)


def trace(
    study: Study,
    variable: str,
    *,
    person: str = "",
    original_id: str = "",
    programme: str = "",
    wave: str = "",
    show_open: bool = False,
) -> pd.DataFrame:
    """Where a harmonised variable comes from, or one person's value of it; internal.

    Parameters
    ----------
    variable
        A variable, or one column of it.
    person
        A pseudonym as it stands in the harmonised data.
    original_id
        The id that her programme knows her by; the study's key makes the pseudonym of it.
    programme, wave
        Only these; `original_id` needs a programme.
    show_open
        Whether answers of open columns are shown; else their form only, because an answer may be a name.

    Returns
    -------
    DataFrame
        For everybody one row per file, column and from → to (with rows, rule, crosswalk and line, status,
        who decided). For one person one row per file and column that her value was read from (row, source,
        question, answer, rule, crosswalk and line, result, missing); `used` tells which wave's answer became
        the value where several were given.

    Raises
    ------
    UsageError
        If the variable, the programme or the person is not known.
    StudyError
        If the codebook is wrong.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> found = trace(open_study(template_folder()), "labour_status")
    >>> found.loc[found["from"] == "I praktik", ["source", "to"]].drop_duplicates().to_numpy().tolist()
    [['Hvad er din situation nu?', 'internship']]
    """
    run = _run(study, None, make_key=False)
    if run.codebook is None or run.key is None:
        raise StudyError(run.problems)
    columns = columns_of(variable, run.codebook)
    if programme:
        one_of(programme, run.codebook.programmes, name="The programme")
    if original_id and not programme:
        raise UsageError("An id is known within its programme only.", fix="Name the programme too.")
    if not person and not original_id:
        wanted = [part for part in run.parts if part.crosswalk.instrument.is_of(programme, wave)]
        return overview(wanted, ledger_of(run.parts, study, run.codebook, key=run.key), columns)
    labels = Labels(definitions([], run.codebook))
    who = Person(pseudonym=person, id=original_id, programme=programme, wave=wave)
    return cells(run.parts, columns, who, key=run.key, labels=labels, show_open=show_open)


@dataclass(frozen=True, kw_only=True)
class _Run:
    codebook: Codebook | None = None
    key: Key | None = None
    crosswalks: tuple[tuple[Source, Crosswalk], ...] = ()
    parts: tuple[Part, ...] = ()
    directions: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: tuple[Problem, ...]
    exit_code: int


def _run(study: Study, progress: Progress | None, *, make_key: bool = True) -> _Run:
    """Every source as far as it goes; one that fails leaves the others to be looked at."""
    try:
        codebook = load_codebook(study.folders["codebook"])
        key = key_of(study.id, study.key, make=make_key)
        erased = load_erasures(study.erasures, key)
    except StudyError as error:
        return _Run(problems=error.problems, exit_code=3)
    crosswalks: list[tuple[Source, Crosswalk]] = []
    parts: list[Part] = []
    problems: list[Problem] = [_backup(key.made)] if key.made else []
    if not key.links and len(study.sources) > 1:
        problems.append(UNLINKED)
    codes: list[int] = []
    for source in study.sources:
        if progress:
            progress(source.shown)
        try:
            crosswalk = load_crosswalk(study.crosswalk(source), codebook)
            crosswalks.append((source, crosswalk))
            problems += _unconfirmed(crosswalk)
            part = harmonise_file(source, crosswalk, codebook, key, erased)
        except KijError as error:
            problems += error.problems
            codes.append(error.exit_code)
            continue
        parts.append(part)
    parts = apart(parts)
    correlations = directions(parts, codebook)
    found = [problem for part in parts for problem in part.problems]
    found += direction_problems(parts, correlations)
    problems += found
    if any(problem.severity == "error" for problem in found):
        codes.append(HarmonisationError.exit_code)
    return _Run(
        codebook=codebook,
        key=key,
        crosswalks=tuple(crosswalks),
        parts=tuple(parts),
        directions=correlations,
        problems=tuple(dict.fromkeys(problems)),
        exit_code=min(codes, default=0),
    )


def _backup(path: Path) -> Problem:
    return Problem(
        what=f"A new key for the pseudonyms of this study was made: {path}.",
        fix="Keep a copy in a safe place: without it nobody can be linked to a later wave.",
        severity="notice",
    )


def undetermined(crosswalk: Crosswalk) -> tuple[str, ...]:
    """The harmonised columns for which nobody has decided yet, proposals too; they block a release."""
    return tuple(
        rule.column
        for rule in crosswalk.rules
        if rule.proposed is not None or (isinstance(rule.spec, Absent) and rule.status == "undetermined")
    )


def _unconfirmed(crosswalk: Crosswalk) -> list[Problem]:
    """A notice that rules of a draft wait for somebody to confirm them."""
    count = sum(rule.proposed is not None for rule in crosswalk.rules)
    if not count:
        return []
    what = f"{count} {'rule is a proposal' if count == 1 else 'rules are proposals'} nobody has confirmed."
    fix = "Read each, correct it, and remove its line proposed:. Until then nothing can be released."
    return [Problem(what=what, fix=fix, file=crosswalk.name, severity="notice")]
