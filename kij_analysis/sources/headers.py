"""Column names from one or more header rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from kij_analysis.errors import Problem, SourceError, listed


def letter(position: int) -> str:
    """The letters that a spreadsheet gives a column, counted from 0.

    Examples
    --------
    >>> letter(0), letter(25), letter(26), letter(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    name = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def tidy(name: str) -> str:
    """A name with one form of each letter and no blanks around it."""
    return unicodedata.normalize("NFC", name).strip("\ufeff").strip()


def joined(rows: Sequence[Sequence[str]], joint: str) -> list[str]:
    """One name per column from the rows above the answers.

    A name in an upper row holds for the empty cells to its right, as a merged cell shows it, until the
    next name in that row or in a row above. Parts that are empty or repeat the part above are left out.

    Examples
    --------
    >>> joined([["Id", "Hinder", ""], ["", "Språk", "Nätverk"]], ": ")
    ['Id', 'Hinder: Språk', 'Hinder: Nätverk']
    """
    upper: list[list[str]] = []
    for row in rows[:-1]:
        carried: list[str] = []
        for position, cell in enumerate(row):
            name = tidy(cell)
            new_above = any(above[position] and tidy(rows[i][position]) for i, above in enumerate(upper))
            if not name and carried and not new_above:
                name = carried[-1]
            carried.append(name)
        upper.append(carried)
    levels = [*upper, [tidy(cell) for cell in rows[-1]]]
    return [joint.join(_parts(column)) for column in zip(*levels, strict=True)]


def _parts(column: Sequence[str]) -> list[str]:
    parts: list[str] = []
    for part in column:
        if part and (not parts or part != parts[-1]):
            parts.append(part)
    return parts


def check(names: Sequence[str], *, file: str, header_rows: int) -> None:
    """Refuse columns without a name and names that stand over several columns.

    Raises
    ------
    SourceError
        With one problem for each.
    """
    problems = []
    nameless = [letter(position) for position, name in enumerate(names) if not name]
    if nameless:
        what = f"Columns without a name: {', '.join(nameless[:12])}{' …' if len(nameless) > 12 else ''}."
        fix = "Give them names"
        if header_rows == 1:
            fix += ", or declare header_rows: 2 if the names take two rows"
        problems.append(Problem(what=what, fix=f"{fix}.", file=file, row=header_rows))
    places: dict[str, list[str]] = {}
    for position, name in enumerate(names):
        places.setdefault(name, []).append(letter(position))
    for name, letters in places.items():
        if name and len(letters) > 1:
            what = f"The name '{name}' stands over {len(letters)} columns ({', '.join(letters)})."
            fix = "Give each column a name of its own, or declare header_rows: if the names take more rows."
            problems.append(Problem(what=what, fix=fix, file=file, row=header_rows, column=name))
    if problems:
        raise SourceError(problems)


def no_answers(names: Sequence[str], *, file: str) -> SourceError:
    """The error for a file that has column names and nothing below them."""
    what = f"The file holds no answers: below the names of its {len(names)} columns there is nothing."
    return SourceError(
        what, fix=f"Export it again with the answers. Columns: {listed(names, most=6)}.", file=file
    )
