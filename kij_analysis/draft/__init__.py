"""A draft crosswalk for a new questionnaire: what each column seems to be, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kij_analysis.codebook import Codebook, load_codebook, load_crosswalk
from kij_analysis.draft.forms import Opening, open_file, propose_form
from kij_analysis.draft.knowledge import Earlier, Knowledge, knowledge_of
from kij_analysis.draft.labels import with_labels
from kij_analysis.draft.profiles import look, profile
from kij_analysis.draft.proposals import Draft, consider, propose
from kij_analysis.draft.writing import crosswalk_text
from kij_analysis.errors import KijError, StudyError, one_of
from kij_analysis.questionnaire.reading import load_questionnaire
from kij_analysis.sources import read
from kij_analysis.study import Study

__all__ = [
    "Drafted",
    "Earlier",
    "Knowledge",
    "draft",
    "earlier_crosswalks",
    "knowledge_of",
    "known_in",
    "profile",
    "propose",
    "propose_form",
]


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A draft of one file: how it seems to be written, what its columns hold, and what is proposed."""

    file: Path
    opening: Opening
    draft: Draft

    @property
    def columns(self) -> pd.DataFrame:
        """What every column seems to hold; see `profile`."""
        return profile(self.draft.columns)

    @property
    def proposals(self) -> pd.DataFrame:
        """What is proposed for every column; see `propose`."""
        return propose(self.draft)

    def crosswalk(
        self, *, id: str, programme: str, role: str, wave: str, unit: str = "person", country: str = ""
    ) -> str:
        """The draft as the text of a crosswalk file, every rule of which waits to be confirmed."""
        return crosswalk_text(
            self.draft,
            self.opening,
            file=self.file.name,
            id=id,
            programme=programme,
            role=role,
            wave=wave,
            unit=unit,
            country=country,
        )


def draft(
    file: Path | str,
    known: Knowledge,
    *,
    role: str = "",
    wave: str = "",
    unit: str = "person",
    labels: Sequence[Path | str] = (),
) -> Drafted:
    """Read a file as it seems to be written, and propose a rule for every variable that its columns resemble.

    Nothing is decided: below a score of 0.45 nothing is proposed, and where two columns resemble a variable
    alike, or a rule would need a guess, the column is named and the variable stays undetermined.

    Parameters
    ----------
    known
        What the columns are compared with; see `known_in`.
    role, wave, unit
        Of the instrument, where known; they leave out what such a survey does not ask.
    labels
        Tables of question texts (CSV with the columns name and label, and code where a row labels an
        answer), for files that do not hold them.

    Raises
    ------
    SourceError
        If the file cannot be read.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.template import template_folder
    >>> study = open_study(template_folder())
    >>> found = draft(study.folders["raw"] / "demo/kvinfo_end_2024.csv", known_in(study))
    >>> found.proposals.set_index("column").loc["Hvad er din situation nu?", ["variable", "rule"]].tolist()
    ['labour_status', 'map']
    """
    table, opening = open_file(file)
    for place in labels:
        table = with_labels(table, place)
    columns = look(table, opening.form, known)
    found = consider(columns, known, role=role, wave=wave, unit=unit)
    return Drafted(file=Path(file), opening=opening, draft=found)


def known_in(study: Study, *, without: tuple[str, ...] = ()) -> Knowledge:
    """What a study knows: its codebook, its core questionnaire if it has one, and its crosswalks.

    `without` leaves out crosswalks by their id.
    """
    folder = study.folders["codebook"]
    codebook = load_codebook(folder)
    core = load_questionnaire(folder, codebook) if (folder / "questionnaire.yaml").exists() else None
    return knowledge_of(codebook, core, earlier_crosswalks(study, codebook, without=without))


def earlier_crosswalks(study: Study, codebook: Codebook, *, without: tuple[str, ...] = ()) -> list[Earlier]:
    """The crosswalks of a study's folder, with the question texts of those whose SPSS or Stata file is there.

    A crosswalk that does not load is left out; `kij check` tells what is wrong with it.
    """
    files = {source.crosswalk: source.file for source in study.sources}
    found = []
    for path in sorted((study.folders["codebook"] / "crosswalks").glob("*.yaml")):
        if path.stem in without:
            continue
        try:
            crosswalk = load_crosswalk(path, codebook)
        except StudyError:
            continue
        labels: dict[str, str] = {}
        file = files.get(path.stem)
        if file is not None and file.is_file() and crosswalk.instrument.file.format in ("spss", "stata"):
            try:
                raw = read(file, crosswalk.instrument.file)
                labels = {name: notes.label for name, notes in raw.columns.items() if notes.label}
            except KijError:
                labels = {}
        found.append(Earlier(crosswalk=crosswalk, labels=labels))
    return found


def checked_programme(programme: str, codebook: Codebook) -> str:
    """The country of a programme that has participants.

    Raises
    ------
    UsageError
        If there is no such programme, or it is a project.
    """
    asking = [name for name, entry in codebook.programmes.items() if entry.kind != "project"]
    one_of(programme, asking, name="The programme")
    return codebook.programmes[programme].country
