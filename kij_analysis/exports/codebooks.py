"""The codebook of a study: every harmonised column, and how it comes about in each questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kij_analysis.codebook import load_codebook, load_crosswalk
from kij_analysis.codebook.crosswalks import ColumnPerAnswer, Crosswalk, Rule
from kij_analysis.codebook.instruments import Instrument
from kij_analysis.codebook.variables import FRAMES, KEY_COLUMNS, Codebook, Column, Variable
from kij_analysis.errors import KijError
from kij_analysis.sources import read
from kij_analysis.study import Source, Study
from kij_analysis.words.speaking import Words

TOLD = ("complete", "partial", "undetermined")
"""Statuses that say something about a questionnaire which asks for the variable."""
LABELLED = ("spss", "stata")
"""Formats that hold the text of a question beside the name of its column."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "people": ("programme", "person_id", "role", "data_status"),
    "answers": KEY_COLUMNS,
    "pairs": ("programme", "pair_id", "data_status"),
    "meetings": ("programme", "pair_id", "date", "round", "data_status"),
}
"""The columns of each frame that no questionnaire fills."""
REPEATED: Mapping[str, tuple[str, ...]] = {"answers": ("gender",)}
"""Columns of people that another frame repeats."""


@dataclass(frozen=True, kw_only=True)
class Fielded:
    """A questionnaire of the study and the file that holds its answers."""

    instrument: Instrument
    source: Source
    round: str

    def name(self, words: Words) -> str:
        """Programme, who answered, when and in which round."""
        if self.instrument.unit == "meeting":
            about = [words("codebook.frame.meetings")]
        else:
            about = [words(f"role.{self.instrument.role}"), words(f"wave.{self.instrument.wave}")]
        return ", ".join(
            [words.programme(self.instrument.programme), *about, *([self.round] if self.round else [])]
        )


@dataclass(frozen=True, kw_only=True)
class Use:
    """How one harmonised column comes about in one questionnaire.

    `columns` are those of the file; `questions` the texts that go with them: in a text file or a workbook the
    names of the columns themselves.
    """

    fielded: Fielded
    rule: Rule
    columns: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def told(self) -> bool:
        """Whether there was a question, be it one that cannot be carried over; else it was just not asked."""
        return self.rule.status in TOLD or self.rule.detail == "incompatible"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One harmonised column with its variable and its uses."""

    column: Column
    variable: Variable
    uses: tuple[Use, ...]


@dataclass(frozen=True, kw_only=True)
class StudyCodebook:
    """What a study's harmonised data mean and where they come from; no answers and no counts."""

    title: str
    data_status: str
    languages: tuple[str, ...]
    codebook: Codebook
    fielded: tuple[Fielded, ...]
    entries: tuple[Entry, ...]

    def frame(self, name: str) -> list[Entry]:
        """The entries of one frame, in the order of the codebook."""
        return [entry for entry in self.entries if entry.column.frame == name]

    def files(self, column: Column) -> list[str]:
        """The frames that hold a column."""
        return [column.frame, *(frame for frame, names in REPEATED.items() if column.name in names)]

    @property
    def frames(self) -> list[str]:
        """The frames that hold variables."""
        return [name for name in FRAMES if self.frame(name)]


def study_codebook(study: Study) -> StudyCodebook:
    """The codebook of a study, from its codebook folder and crosswalks.

    The texts of questions are taken from the data files where these hold them (SPSS, Stata); in other files
    the name of a column is the question. A data file that cannot be read is left aside: `check` tells why.

    Raises
    ------
    StudyError
        If the codebook or a crosswalk is wrong.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> book = study_codebook(open_study(template_folder()))
    >>> entry = next(entry for entry in book.entries if entry.column.name == "gender")
    >>> [(use.columns, use.questions) for use in entry.uses if use.fielded.instrument.id == "sajo_end_2024"]
    [(('sp1',), ('Kjønn',))]
    """
    codebook = load_codebook(study.folders["codebook"])
    crosswalks = [(source, load_crosswalk(study.crosswalk(source), codebook)) for source in study.sources]
    fielded = [
        Fielded(instrument=walk.instrument, source=source, round=source.round or walk.instrument.round)
        for source, walk in crosswalks
    ]
    labels = [_labels(source, walk.instrument) for source, walk in crosswalks]
    entries = []
    for name, column in codebook.columns.items():
        uses = [
            _use(one, walk, name, texts)
            for one, (_, walk), texts in zip(fielded, crosswalks, labels, strict=True)
            if any(rule.column == name for rule in walk.rules)
        ]
        entries.append(Entry(column=column, variable=codebook.variables[column.variable], uses=tuple(uses)))
    return StudyCodebook(
        title=study.title,
        data_status=study.data_status,
        languages=study.languages,
        codebook=codebook,
        fielded=tuple(fielded),
        entries=tuple(entries),
    )


def _use(fielded: Fielded, crosswalk: Crosswalk, name: str, labels: Mapping[str, str]) -> Use:
    rule = crosswalk.rule(name)
    columns = _columns(rule)
    questions = columns
    if crosswalk.instrument.file.format in LABELLED:
        questions = tuple(dict.fromkeys(labels[column] for column in columns if labels.get(column)))
    return Use(fielded=fielded, rule=rule, columns=columns, questions=questions)


def _columns(rule: Rule) -> tuple[str, ...]:
    """The columns of the file that lead to this harmonised column."""
    if isinstance(rule.spec, ColumnPerAnswer):
        return tuple(column for column, code in rule.spec.columns.items() if code == rule.spec.code)
    return rule.sources


def _labels(source: Source, instrument: Instrument) -> Mapping[str, str]:
    """The texts of the questions by column, where the file has them."""
    if instrument.file.format not in LABELLED:
        return {}
    try:
        table = read(source.file, instrument.file)
    except KijError:
        return {}
    return {name: notes.label for name, notes in table.columns.items() if notes.label}
