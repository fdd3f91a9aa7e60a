"""findings.yaml read into findings, with every problem of the file at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kij_analysis import indicators
from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.codebook.yaml_files import read_yaml
from kij_analysis.errors import StudyError
from kij_analysis.findings.checking import Known, entry_problems
from kij_analysis.findings.finding import Finding, Test

FILE = "findings.yaml"


def load(study: Any, *, codebook: Codebook | None = None) -> dict[str, Finding]:
    """The published findings of a study, each with its test.

    Parameters
    ----------
    study
        A study; one whose codebook has no findings.yaml uses the shipped file.
    codebook
        The study's codebook, if it is read already.

    Returns
    -------
    dict
        The findings by id, in the order of the file.

    Raises
    ------
    StudyError
        If the file is wrong: all problems at once, each with its line.

    Examples
    --------
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> load(open_study(template_folder()))["work_or_education"].test.kind
    'share_at_least'
    """
    path = _path(study)
    own = path.parent == Path(study.folders["codebook"])
    shown = f"codebook/{FILE}" if own else f"{FILE} (shipped)"
    document, problems = read_yaml(path, against="findings", name=shown)
    if document is None or problems:
        raise StudyError(problems)
    known = Known(
        codebook=codebook or load_codebook(study.folders["codebook"]),
        sources=tuple(indicators.sources(study)["id"]),
        record=indicators.load(study),
    )
    entries = document.data["findings"]
    problems = [
        document.problem(("findings", code, *steps), f"{code}: {what}", fix)
        for code, entry in entries.items()
        for steps, what, fix in entry_problems(entry, known)
    ]
    if problems:
        raise StudyError(problems)
    return {code: _finding(code, entry) for code, entry in entries.items()}


def _path(study: Any) -> Path:
    own = Path(study.folders["codebook"]) / FILE
    if own.is_file():
        return own
    from kij_analysis.template import template_folder

    return template_folder() / "codebook" / FILE


def _finding(code: str, entry: dict[str, Any]) -> Finding:
    ((kind, options),) = entry["test"].items()
    return Finding(
        id=code,
        topic=entry["topic"],
        about=entry["about"],
        sentence=entry["sentence"],
        source=tuple(entry["source"]),
        said_of=tuple(entry.get("said_of", ())),
        test=Test(kind=kind, options=options, basis=entry["basis"]),
        beside=entry.get("beside", {}),
    )
