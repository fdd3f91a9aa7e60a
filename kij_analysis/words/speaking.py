"""Codes, numbers and sentences in one of the five languages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kij_analysis.errors import StudyError, UsageError, did_you_mean, one_of
from kij_analysis.words.causal import LOWEST
from kij_analysis.words.terms import LANGUAGES
from kij_analysis.words.told import spoken

if TYPE_CHECKING:
    from kij_analysis.codebook.variables import Codebook

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
LOCALES = {"en": "en_GB"}
"""The English of the report is British; the other languages are their own locale."""
CUT = re.compile(r"(?P<end>top|floor|ceiling)(?:_(?P<count>\d+)_of_(?P<steps>\d+))?")
"""What is counted of an answer scale: ``top_2_of_5``, ``floor``, ``ceiling``."""
STEP = re.compile(r"steps?_(?P<first>\d+)(?:_to_(?P<last>\d+))?_of_(?P<steps>\d+)")
"""Steps of an answer scale by their place: ``step_2_of_5``, ``steps_1_to_2_of_5``."""


class Words:
    """The words of one language: sentences of the catalogue, labels of the codebook, numbers and dates.

    Parameters
    ----------
    language
        One of da, nb, sv, fi, en.
    codebook
        Whose labels are spoken; the shipped one if None.
    reader
        The native speaker who has read them, as a study declares; whom the catalogue names if empty.

    Examples
    --------
    >>> words = load("da")
    >>> words("report.figure", number=words.number(1))
    'Figur 1'
    >>> words.share(0.542), words.category("labour_status", "unemployed")
    ('54\\xa0%', 'ledig')
    """

    def __init__(self, language: str, codebook: Codebook | None = None, *, reader: str = "") -> None:
        one_of(language, LANGUAGES, name="The language")
        self.language = language
        self._catalogue = catalogue(language)
        self._locale = LOCALES.get(language, language)
        self._codebook = codebook
        self.reader = reader or self._catalogue["review.reviewed_by"]

    def __repr__(self) -> str:
        return f"Words('{self.language}')"

    @property
    def codebook(self) -> Codebook:
        """The codebook whose labels are spoken."""
        return self._codebook if self._codebook is not None else _shipped_codebook()

    @property
    def reviewed(self) -> bool:
        """Whether a native speaker has read this language's words."""
        return bool(self.reader)

    @property
    def review(self) -> str:
        """Who has read this language's words, or that nobody has."""
        return self("report.reviewed", reader=self.reader) if self.reader else self("report.unreviewed")

    def __call__(self, key: str, at_level: int | None = None, /, **values: object) -> str:
        """The sentence of a key with its placeholders filled.

        Parameters
        ----------
        at_level
            The level on the Maryland scale of what is told; sentences that name a cause need it.

        Raises
        ------
        UsageError
            If the catalogue does not have the key, if a placeholder is not filled, or if the sentence names a
            cause and the level does not bear that.
        """
        if key not in self._catalogue:
            raise UsageError(
                f"The word catalogue has no key '{key}'.", fix=did_you_mean(key, self._catalogue)
            )
        lowest = LOWEST.get(key, 0)
        if lowest > (at_level or 0):
            known = "no level is given" if at_level is None else f"the level is {at_level}"
            raise UsageError(
                f"The words '{key}' name a cause, which needs level {lowest} on the Maryland scale; {known}.",
                fix="Use words that tell of a change or a difference, or bring a comparison group.",
            )
        try:
            return self._catalogue[key].format(**values)
        except KeyError as error:
            raise UsageError(f"The words '{key}' need a value for {error}.", fix="Pass it.") from None

    def has(self, key: str) -> bool:
        """Whether the catalogue has a key."""
        return key in self._catalogue

    def variable(self, name: str) -> str:
        """The label of a variable or of a harmonised column; an output is named in brackets."""
        if name.endswith("_before") and (earlier := name.removesuffix("_before")) in self.codebook.columns:
            return self("effects.before", label=self.variable(earlier))
        column = self.codebook.columns.get(name)
        if column is None:
            variable = self.codebook.variables.get(name)
            if variable:
                return variable.labels[self.language]
            # What an analysis makes of several columns has its word in the catalogue.
            return self(f"outcome.{name}") if self.has(f"outcome.{name}") else name
        label = column.labels[self.language]
        if not column.output or column.labels is not self.codebook.variables[column.variable].labels:
            return label
        known = self.has(f"output.{column.output}")
        return f"{label} ({self(f'output.{column.output}') if known else column.output})"

    def category(self, name: str, code: str) -> str:
        """The label of an answer category of a harmonised column."""
        column = self.codebook.columns.get(name)
        if column and code in column.categories:
            return column.categories[code].labels[self.language]
        if column and code in column.class_bounds:
            return self._class(*column.class_bounds[code])
        cut = CUT.fullmatch(code)
        if cut:
            return self(f"cut.{cut['end']}", count=cut["count"], steps=cut["steps"])
        place = STEP.fullmatch(code)
        if place:
            first, last, steps = place["first"], place["last"], place["steps"]
            if last:
                return self("step.several", first=first, last=last, steps=steps)
            return self("step.one", first=first, steps=steps)
        return self(f"answer.{code}") if self.has(f"answer.{code}") else code

    def step(self, scale: str, place: int) -> str:
        """What a step of an answer scale is called, counted from 1; where nobody has said, its place."""
        known = self.codebook.scales.get(scale)
        if known is None or place > len(known.categories):
            return self("step.place", place=place)
        step = known.categories[place - 1]
        names = {**step.translations, **step.labels}
        return names.get(self.language) or next(iter([*step.labels.values(), step.code]))

    def _class(self, low: float, high: float) -> str:
        """A group of numbers; its upper bound is the number before the one at which the next begins."""
        if low == float("-inf"):
            return self("class.below", high=self.number(high))
        if high == float("inf"):
            return self("class.from", low=self.number(low))
        return self("class.between", low=self.number(low), high=self.number(high - 1))

    def programme(self, code: str) -> str:
        """The short name of a programme, which is never translated."""
        programme = self.codebook.programmes.get(code)
        return programme.short if programme else code

    def reason(self, code: str) -> str:
        """The label of a missing reason."""
        return self.codebook.missing[code].labels[self.language]

    def told(self, text: str) -> str:
        """A text that a user gave in one language or in several, in this one as far as it was given."""
        return spoken(text, self.language)

    def sentence(self, text: str) -> str:
        """The text with a capital first letter, the rest as it is."""
        return text[:1].upper() + text[1:]

    def mark(self, statuses: Iterable[str]) -> str:
        """What a reader must be warned of: that data is synthetic, or that amounts are assumed."""
        from kij_analysis.study import weakest

        status = weakest(statuses)
        return self(f"mark.{status}") if status in ("synthetic", "assumed") else ""

    def number(self, value: float, *, digits: int = 0) -> str:
        """A number with the language's decimal sign and grouping, and a true minus."""
        from babel.numbers import format_decimal

        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        text = format_decimal(value, format=pattern, locale=self._locale)
        # A number that rounds to zero has no sign.
        return _typeset(text if any(digit in text for digit in "123456789") else text.lstrip("-"))

    def share(self, value: float, *, digits: int = 0) -> str:
        """A fraction of 1 as a percentage with its sign."""
        text = self.number(100 * value, digits=digits)
        return f"{text}%" if self.language == "en" else f"{text}{NO_BREAK}%"

    def date(self, day: dt.date) -> str:
        """A date as the language writes it in full."""
        from babel.dates import format_date

        return _typeset(format_date(day, format="long", locale=self._locale))

    def listing(self, items: Sequence[str]) -> str:
        """Items joined as the language joins them: a, b and c."""
        from babel.lists import format_list

        return format_list(list(items), locale=self._locale)


def _typeset(text: str) -> str:
    for blank in ("\N{NARROW NO-BREAK SPACE}", " "):
        text = text.replace(blank, NO_BREAK)
    return text.replace("-", MINUS) if text.startswith("-") else text


def load(language: str, codebook: Codebook | None = None) -> Words:
    """The words of one language.

    Examples
    --------
    >>> load("fi").number(12345.6, digits=1)
    '12\\xa0345,6'
    """
    return Words(language, codebook)


def as_words(words: Words | str) -> Words:
    """Words, from words or from the name of a language.

    Examples
    --------
    >>> as_words(as_words("sv"))
    Words('sv')
    """
    return Words(words) if isinstance(words, str) else words


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of a language by key, keys joined by dots.

    Raises
    ------
    StudyError
        If the file is not valid.
    """
    from ruamel.yaml import YAML

    name = f"{language}.yaml"
    text = files("kij_analysis.words").joinpath("catalogue", name).read_text("utf-8")
    content = YAML(typ="safe", pure=True).load(text)
    flat: dict[str, str] = {}
    _flatten(content, "", flat)
    wrong = [key for key, value in flat.items() if not isinstance(value, str)]
    if wrong:
        raise StudyError(f"These keys hold no text: {', '.join(wrong)}.", fix="Put it in quotes.", file=name)
    return flat


def _flatten(node: Any, prefix: str, into: dict[str, str]) -> None:
    for key, value in node.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            _flatten(value, f"{path}.", into)
        else:
            into[path] = value.strip() if isinstance(value, str) else value


@cache
def _shipped_codebook() -> Codebook:
    from kij_analysis.codebook import load_codebook
    from kij_analysis.template import template_folder

    return load_codebook(Path(template_folder()) / "codebook")
