"""What the codebook says about a column, in the words of one language."""

from __future__ import annotations

from kij_analysis.codebook.crosswalks import Rule
from kij_analysis.codebook.variables import Column, Variable
from kij_analysis.exports.codebooks import KEYS, Entry, StudyCodebook, Use
from kij_analysis.exports.columns import label_of, unit_of
from kij_analysis.words.speaking import Words


def kind(column: Column, words: Words) -> str:
    """The kind of value."""
    return words(f"codebook.type.{column.type}")


def allowed(column: Column, words: Words) -> str:
    """The bounds of a number with its unit; the unit alone where there are none.

    Examples
    --------
    >>> from kij_analysis.words import load
    >>> words = load("da")
    >>> allowed(words.codebook.columns["age"], words)
    'fra 15 til 100 år'
    """
    unit, low, high = unit_of(column.unit, words), column.minimum, column.maximum
    if low is None:
        return unit
    bounds = {"low": _number(low, words)}
    if high is None:
        return f"{words('codebook.from', **bounds)} {unit}".strip()
    if column.unit == "points_0_100" and (low, high) == (0, 100):
        return unit
    return f"{words('codebook.between', high=_number(high, words), **bounds)} {unit}".strip()


def _number(value: float, words: Words) -> str:
    return words.number(value, digits=0 if float(value).is_integer() else 1)


def asked_of(variable: Variable, words: Words) -> str:
    """Which roles are asked in which waves; empty for everybody, always."""
    return "; ".join(
        words(
            "codebook.asked",
            role=words(f"role.{role}"),
            list=", ".join(words(f"wave.{wave}") for wave in waves),
        )
        for role, waves in variable.asked_of.items()
    )


def only_if(variable: Variable, words: Words) -> str:
    """Whom the question concerns, by what they have answered before; empty for everybody."""
    conditions = [
        words(
            "codebook.condition",
            variable=words.variable(name),
            list=", ".join(value_label(name, value, words) for value in values),
        )
        for name, values in variable.only_if.items()
    ]
    return words("codebook.only_if", list="; ".join(conditions)) if conditions else ""


def value_label(column: str, value: object, words: Words) -> str:
    """The label of a category or of true and false."""
    if isinstance(value, bool):
        return words("answer.yes") if value else words("answer.no")
    return words.category(column, str(value))


def values(column: Column, words: Words) -> list[tuple[str, int, str, str]]:
    """(code, number in SPSS and Stata, label, meaning); the codebook's meanings are English."""
    if column.type == "boolean":
        return [("False", 0, words("answer.no"), ""), ("True", 1, words("answer.yes"), "")]
    return [
        (code, number, category.labels[words.language], category.meaning if words.language == "en" else "")
        for number, (code, category) in enumerate(column.categories.items(), start=1)
    ]


def how_it_fits(rule: Rule, words: Words) -> str:
    """The status with its detail."""
    status = words(f"status.{rule.status}")
    return f"{status} ({words(f'codebook.detail.{rule.detail}')})" if rule.detail else status


def others(entry: Entry, words: Words) -> list[tuple[str, str]]:
    """(status, questionnaires) of those questionnaires that do not ask for the column."""
    found: dict[str, list[str]] = {}
    for use in entry.uses:
        if not use.told:
            found.setdefault(how_it_fits(use.rule, words), []).append(use.fielded.name(words))
    return [(status, "; ".join(names)) for status, names in found.items()]


def language_of(use: Use) -> str:
    """The language of a questionnaire's texts; empty where it mixes several."""
    languages = use.fielded.instrument.languages
    return languages[0] if len(languages) == 1 else ""


def key_columns(book: StudyCodebook, frame: str, words: Words) -> list[Column]:
    """The keys of a frame; what the codebook does not describe is a text with a label of the catalogue."""
    variables = book.codebook.variables
    return [
        variables[name].columns[0]
        if name in variables
        else Column(
            name=name,
            variable=name,
            output="",
            frame="key",
            type="date" if name == "date" else "text",
            labels={words.language: label_of(name, book.codebook, words)},
        )
        for name in KEYS[frame]
    ]
