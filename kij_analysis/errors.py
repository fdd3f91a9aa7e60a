"""The one family of errors: each says what is wrong, where, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong, where it is, and the way out.

    Parameters
    ----------
    what
        What is wrong, as a sentence.
    fix
        What would be right, or what to do, as a sentence.
    file, line, row, column
        Where it is; `line` counts lines of a text file, `row` rows of a table as a
        spreadsheet shows them (the header is row 1).
    severity
        ``"error"`` stops the work, ``"notice"`` is told and counted.

    Examples
    --------
    >>> print(Problem(what="'9' has no rule (4 rows).", fix="Add '9' to the rule.", file="a.csv"))
    a.csv: '9' has no rule (4 rows). Add '9' to the rule.
    """

    what: str
    fix: str = ""
    file: str = ""
    line: int | None = None
    row: int | None = None
    column: str = ""
    severity: str = "error"

    @property
    def where(self) -> str:
        """The place in words, empty if unknown."""
        parts = [self.file] if self.file else []
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column:
            parts.append(f"column '{self.column}'")
        return ", ".join(parts)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return " ".join(f"{place}{self.what} {self.fix}".split())


MOST = 25
"""So many problems are told under a cell of a notebook; more would bury the first."""


def _told(problem: Problem) -> list[str]:
    """What is wrong, the way out, and where: a line each, so that a narrow window shows all."""
    where = [f"In {problem.where}."] if problem.where else []
    fix = [" ".join(problem.fix.split())] if problem.fix else []
    return [" ".join(problem.what.split()), *(f"    {line}" for line in (*fix, *where))]


class KijError(Exception):
    """Root of all errors that a user can mend; printed without a traceback.

    Parameters
    ----------
    what
        A sentence, or the problems themselves.
    fix, file, line, row, column
        As in `Problem`, when `what` is a sentence.

    Examples
    --------
    >>> error = SourceError("The file is empty.", fix="Export it again.", file="end.csv")
    >>> print(error), error.exit_code
    end.csv: The file is empty. Export it again.
    (None, 4)
    """

    exit_code = 2

    def __init__(
        self,
        what: str | Iterable[Problem],
        *,
        fix: str = "",
        file: str = "",
        line: int | None = None,
        row: int | None = None,
        column: str = "",
    ) -> None:
        if isinstance(what, str):
            found = [Problem(what=what, fix=fix, file=file, line=line, row=row, column=column)]
        else:
            found = list(what)
        self.problems: tuple[Problem, ...] = tuple(found)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def _render_traceback_(self) -> list[str]:
        """How IPython and JupyterLab show the error: its sentences, without a traceback."""
        shown = [line for problem in self.problems[:MOST] for line in _told(problem)]
        more = len(self.problems) - MOST
        return [*shown, f"and {more} more; kij check tells all of them."] if more > 0 else shown


class UsageError(KijError):
    """A function or command was asked for something that it does not know."""

    exit_code = 2


class StudyError(KijError):
    """A study, codebook or crosswalk file is wrong."""

    exit_code = 3


class SourceError(KijError):
    """A data file cannot be read as it is declared."""

    exit_code = 4


class HarmonisationError(KijError):
    """Answers and rules do not fit together."""

    exit_code = 5


class ReportError(KijError):
    """A notebook, figure or page could not be made."""

    exit_code = 6


class ReleaseError(KijError):
    """The study may not be released as it stands."""

    exit_code = 7


class ErasureError(KijError):
    """A person cannot be removed from everywhere."""

    exit_code = 8


def did_you_mean(word: object, known: Iterable[object]) -> str:
    """A suggestion for a misspelt word, empty if nothing is near; capitals do not count.

    Examples
    --------
    >>> did_you_mean("Emploied", ["employed", "unemployed"])
    "Did you mean 'employed'?"
    """
    names = {str(name).casefold(): str(name) for name in known}
    near = get_close_matches(str(word).casefold(), names, n=1, cutoff=0.6)
    return f"Did you mean '{names[near[0]]}'?" if near else ""


def listed(items: Sequence[object] | Iterable[object], *, most: int = 12) -> str:
    """The items quoted and separated by commas, the rest as a count.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    names = [f"'{item}'" for item in items]
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def one_of(value: object, known: Iterable[object], *, name: str) -> None:
    """Refuse a value that is not among the known ones, naming them.

    Raises
    ------
    UsageError
        If `value` is not known.
    """
    names = list(known)
    if value not in names:
        hint = did_you_mean(value, names)
        raise UsageError(f"{name} is '{value}', which is not known. {hint}", fix=f"Known: {listed(names)}.")
