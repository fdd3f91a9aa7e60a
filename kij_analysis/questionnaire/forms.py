"""Forms: the questions of one role and wave in one language, numbered and ready to print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from kij_analysis.errors import one_of
from kij_analysis.questionnaire.questions import BARRIERS, Option, Question, Questionnaire
from kij_analysis.questionnaire.reading import as_questionnaire
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGES, Words
from kij_analysis.words.speaking import LOCALES


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer as it is printed: code, text, what it leads to, and the column of what is written beside."""

    code: str
    text: str
    result: object
    text_column: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question as it is printed; `name` is the column of the export.

    `beside` are the answers that are none; `condition` says in words who is asked, and `only_if` names the
    deciding column and the codes with which one is asked. `minimum` and `maximum` are the codebook's bounds.
    """

    number: int
    name: str
    kind: str
    text: str
    hint: str
    choices: tuple[Choice, ...]
    beside: tuple[Choice, ...]
    unit: str = ""
    condition: str = ""
    only_if: tuple[str, tuple[str, ...]] = ("", ())
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """What is printed together: one question, or several ratings as the rows of one table."""

    items: tuple[Item, ...]

    @property
    def is_table(self) -> bool:
        """Whether the block is a table of ratings."""
        return self.items[0].kind == "scale"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of a form."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Form:
    """A questionnaire for one role and wave in one language.

    `words` holds the texts around the questions by their name in questionnaire.yaml; `keys` the columns that
    the coordinator fills in, with their labels; `notice` says that no native speaker has read the texts, and
    is empty where one has.
    """

    role: str
    wave: str
    language: str
    title: str
    parts: tuple[Part, ...]
    words: Mapping[str, str]
    keys: Mapping[str, str]
    notice: str

    @property
    def items(self) -> tuple[Item, ...]:
        """All questions in their order."""
        return tuple(item for part in self.parts for block in part.blocks for item in block.items)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the export: keys, answers, and what people wrote themselves."""
        written = [c.text_column for item in self.items for c in item.choices if c.text_column]
        return (*self.keys, *(item.name for item in self.items), *written)


def form(source: Study | Questionnaire, *, role: str, wave: str, language: str) -> Form:
    """The form for one role and wave in one language.

    Raises
    ------
    UsageError
        If there is no such form, or the language is not one of the five.
    StudyError
        If the study's questionnaire is wrong.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> end = form(open_study(template_folder()), role="mentor", wave="end", language="fi")
    >>> end.title, end.items[0].name
    ('Kyselylomake mentoreille: kun mentorointi päättyy', 'gender')
    """
    core = as_questionnaire(source)
    one_of(language, LANGUAGES, name="The language")
    sections = core.asked(role, wave)
    numbers = {q.name: n for n, q in enumerate((q for s in sections for q in s.questions), start=1)}
    parts = []
    for section in sections:
        items = [_item(question, numbers, core, role, language) for question in section.questions]
        title = section.text(role, language)
        parts.append(Part(name=section.name, title=title, blocks=tuple(_blocks(items))))
    words = {name: texts[language] for name, texts in core.texts.items()}
    say = Words(language, core.codebook)
    return Form(
        role=role,
        wave=wave,
        language=language,
        title=words[f"title_{role}_{wave}"],
        parts=tuple(parts),
        words=words,
        keys={key: words[key] for key in ("person_id", "pair_id", "date")},
        notice="" if core.review[language] == "reviewed" else say("report.unreviewed"),
    )


def _blocks(items: list[Item]) -> list[Block]:
    """Ratings that follow each other share a table; every other question stands alone."""
    found = []
    for (is_scale, _), group in groupby(items, key=lambda item: (item.kind == "scale", item.beside)):
        together = tuple(group)
        found += [Block(items=together)] if is_scale else [Block(items=(item,)) for item in together]
    return found


def _item(
    question: Question, numbers: Mapping[str, int], core: Questionnaire, role: str, language: str
) -> Item:
    column = core.variable(question).columns[0]
    decides = _condition(question, numbers, core)
    condition = ""
    if decides[0]:
        say = core.texts["only_if"][language]
        condition = say.format(codes=_either(decides[1], language), number=numbers[decides[0]])
    open_answer = question.kind in ("number", "date")
    return Item(
        number=numbers[question.name],
        name=question.name,
        kind=question.kind,
        text=question.text(role, language),
        hint=_hint(question, core, language),
        choices=_choices(question.options, question, language),
        beside=_choices(question.beside, question, language),
        unit=core.units[question.unit][language] if open_answer and question.unit else "",
        condition=condition,
        only_if=decides,
        minimum=column.minimum if open_answer else None,
        maximum=column.maximum if open_answer else None,
    )


def _choices(options: Iterable[Option], question: Question, language: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            code=option.code,
            text=option.texts[language],
            result=option.result,
            text_column=question.text_column if option.result == question.free_text else "",
        )
        for option in options
    )


def _either(codes: tuple[str, ...], language: str) -> str:
    """The codes joined as the language joins them: 1, 2 or 3."""
    from babel.lists import format_list

    return format_list(codes, style="or", locale=LOCALES.get(language, language))


def _hint(question: Question, core: Questionnaire, language: str) -> str:
    """How to answer: the question's own hint after what its kind asks for."""
    kind = {"several": "mark_several", "date": "write_date"}.get(question.kind, "")
    parts = [core.texts[kind][language] if kind else "", question.hint.get(language, "")]
    return " ".join(part for part in parts if part)


def _condition(
    question: Question, numbers: Mapping[str, int], core: Questionnaire
) -> tuple[str, tuple[str, ...]]:
    """(the deciding question of this form, the codes with which one is asked); empty if everybody is."""
    if question.name == BARRIERS:
        return "", ()
    for column, values in core.variable(question).only_if.items():
        name = core.codebook.columns[column].variable
        if name in numbers:
            options = core.questions[name].options
            return name, tuple(option.code for option in options if option.result in values)
    return "", ()
