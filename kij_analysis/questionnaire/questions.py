"""The core questionnaire as questionnaire.yaml has it: sections, questions and answers in five languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kij_analysis.codebook import Codebook, Scale, Variable
from kij_analysis.errors import one_of

Texts = Mapping[str, str]
"""One text in each of the five languages."""

BARRIERS = "barriers"
"""The question that fills every barrier variable."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a form: its fixed code, its text, and what it leads to.

    `result` is a category, true or false, a step of the scale, a class of barriers, or the missing reason
    where the answer is none (`Missing`).
    """

    code: str
    result: object
    texts: Texts


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question and the column of the export that holds its answer.

    Parameters
    ----------
    kind
        ``one`` and ``several`` are choices, ``scale`` is a rating, ``number`` and ``date`` are written.
    options, beside
        The answers, and those that are none (do not know, do not want to answer, does not concern me).
    output, also
        Which output of the variable the answers lead to, and what each category means in the others.
    free_text
        The result of the option beside which people write; what they write stands in `text_column`.
    """

    name: str
    kind: str
    texts: Texts
    texts_for: Mapping[str, Texts] = field(default_factory=dict)
    hint: Texts = field(default_factory=dict)
    unit: str = ""
    options: tuple[Option, ...] = ()
    beside: tuple[Option, ...] = ()
    output: str = ""
    also: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    free_text: str = ""
    detail: str = "identical"
    because: str = ""

    def text(self, role: str, language: str) -> str:
        """The question as it is put to somebody in this role."""
        return self.texts_for.get(role, self.texts)[language]

    @property
    def text_column(self) -> str:
        """The column for what people write themselves; empty if there is nothing to write."""
        return f"{self.name}_{self.free_text}_text" if self.free_text else ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """Questions under one heading."""

    name: str
    texts: Texts
    texts_for: Mapping[str, Texts]
    questions: tuple[Question, ...]

    def text(self, role: str, language: str) -> str:
        """The heading as somebody in this role reads it."""
        return self.texts_for.get(role, self.texts)[language]


@dataclass(frozen=True, kw_only=True)
class Export:
    """What the file of a survey tool must look like."""

    encoding: str
    delimiter: str
    decimal: str
    dates: str
    separator: str


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """The core questionnaire with the codebook that it fills.

    `forms` are the pairs of role and wave for which there is a form; `given` leads from variables that nobody
    needs to be asked to the reason; `high` is the code of the scale from which on a rating is high.
    """

    codebook: Codebook
    sections: tuple[Section, ...]
    texts: Mapping[str, Texts]
    units: Mapping[str, Texts]
    export: Export
    scale: Scale
    high: int
    missing: tuple[str, ...]
    given: Mapping[str, str]
    decision: Mapping[str, str]
    review: Mapping[str, str]
    forms: tuple[tuple[str, str], ...]

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by its name, in the order of the form."""
        return {question.name: question for section in self.sections for question in section.questions}

    def variable(self, question: Question) -> Variable:
        """The variable that a question fills; of the barriers the first, since all are asked alike."""
        name = self.codebook.barrier_variables[0] if question.name == BARRIERS else question.name
        return self.codebook.variables[name]

    def asked(self, role: str, wave: str) -> tuple[Section, ...]:
        """The sections of one form, with the questions that are put to this role in this wave.

        Raises
        ------
        UsageError
            If there is no such form.
        """
        one_of(role, dict.fromkeys(who for who, _ in self.forms), name="The role")
        one_of(wave, [when for who, when in self.forms if who == role], name=f"The wave for {role}s")
        found = []
        for section in self.sections:
            kept = tuple(q for q in section.questions if not self.variable(q).not_asked(role, wave))
            if kept:
                found.append(
                    Section(
                        name=section.name, texts=section.texts, texts_for=section.texts_for, questions=kept
                    )
                )
        return tuple(found)
