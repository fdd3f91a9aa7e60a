"""Where each figure and table of a report comes from: its number, variables, questionnaires and files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kij_analysis.codebook import Codebook
from kij_analysis.context.surveys import STUDIES
from kij_analysis.harmonisation import Harmonised
from kij_analysis.investment import reported
from kij_analysis.study import Study, open_study

KINDS = ("figure", "table")
FORMS = {"figure": ("svg", "png", "csv", "json"), "table": ("csv", "xlsx")}
PLACES = {"figure": "figures/{language}/{name}", "table": "report/tables/{language}/{name}"}

MADE_OF: Mapping[str, tuple[str, ...]] = {
    "work_end": ("labour_status",),
    "work_follow_up": ("labour_status",),
    "employed": ("labour_status",),
    "employed_or_education": ("labour_status",),
    "job_placement_or_education": ("labour_status",),
    "matching_job": ("labour_status", "job_matches_qualifications"),
    "helped_to_find_work": ("mentor_view_job_high",),
    "confidence_rose": ("confidence_score",),
    "confidence_change": ("confidence_score",),
}
"""What analyses make of variables of the codebook, by the name that their results carry."""
MADE_OF_BARRIERS = ("barriers_named", "barriers_named_shared", "barrier_combination", "barrier_any")
"""Those that are made of every barrier that was asked about."""


def items_of(
    kind: str, study: Study, data: Harmonised, chapters: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Every figure, or every table, in every language: its number on the page, and all that it rests on."""
    items = [
        (chapter["chapter"], item)
        for chapter in chapters
        for item in chapter["items"]
        if item["kind"] == kind
    ]
    return [
        {
            "number": number,
            "name": item["name"],
            "title": item["titles"][language],
            "language": language,
            "chapter": chapter,
            "files": _files(kind, language, item["name"]),
            "made_by": item["made_by"],
            **rests,
            "numbers": item["numbers"],
        }
        for number, (chapter, item) in enumerate(items, 1)
        for rests in [_rests(item, study, data)]
        for language in study.languages
    ]


def _files(kind: str, language: str, name: str) -> list[str]:
    base = PLACES[kind].format(language=language, name=name)
    return [f"{base}.{form}" for form in FORMS[kind]]


def _rests(item: Mapping[str, Any], study: Study, data: Harmonised) -> dict[str, Any]:
    """Variables, columns, questionnaires and files of an item."""
    sources = data.ledger.sources.iloc[:0]
    if "answers" in item["rests_on"]:
        sources = data.ledger.sources
        # What is drawn of all programmes together, such as their differences, rests on the data of all.
        own = sources["programme"].isin(item["programmes"]) | ("all" in item["programmes"])
        sources = sources[own & sources["instrument"].isin(item["instruments"] or sources["instrument"])]
    elsewhere = [path for kind in item["rests_on"] for path in files_behind(kind, study)]
    crosswalks = dict.fromkeys(
        shown(study.crosswalk(source), study.root)
        for source in study.sources
        if source.shown in set(sources["file"])
    )
    return {
        "variables": item["variables"],
        "columns": columns_behind(item["variables"], data.codebook) if len(sources) else [],
        "programmes": item["programmes"],
        "instruments": sources["instrument"].tolist(),
        "rests_on": item["rests_on"],
        "data_files": [*sources["file"], *dict.fromkeys(shown(path, study.root) for path in elsewhere)],
        "crosswalks": list(crosswalks),
        "data_status": item["data_status"],
    }


def columns_behind(variables: Sequence[str], codebook: Codebook) -> list[str]:
    """The harmonised columns that results of these names are made from.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> from kij_analysis.codebook import load_codebook
    >>> columns_behind(["work_end", "confidence_score_before"], load_codebook(template_folder() / "codebook"))
    ['labour_status', 'confidence_score']
    """
    found: list[str] = []
    for name in variables:
        for one in MADE_OF.get(name, (name.removesuffix("_before"),)):
            columns = [column.name for column in codebook.columns.values() if column.variable == one]
            found += [one] if one in codebook.columns else columns
        if name in MADE_OF_BARRIERS:
            found += [column for column in codebook.columns if column.startswith("barrier_")]
    return list(dict.fromkeys(found))


def files_behind(kind: str, study: Study) -> list[Path]:
    """The files of one kind of source, as a study has them; those of answers stand in the ledger."""
    folder, raw = study.folders["codebook"], study.folders["raw"]
    published = raw / "published"
    sheets = sorted(_sheets(published))
    sources = [path for path in sheets if path.stem == "sources"]
    if kind == "record":
        return [path for path in sheets if path.stem != "evidence"]
    if kind == "evidence":
        return [path for path in sheets if path.stem in ("evidence", "sources")]
    if kind == "official":
        downloads = [path for path in (raw / "official").glob("[!~.]*") if path.is_file()]
        return [*sorted(_sheets(published / "official")), *sorted(downloads)]
    if kind == "surveys":
        return public_use_files(study)
    if kind == "scenario":
        own = folder / "scenarios" / f"{reported(study)}.yaml"
        return [*([own] if own.is_file() else []), *sorted((folder / "payers").glob("*.yaml"))]
    named = {"programmes": sources, "findings": sorted(_sheets(published / "official"))}
    return [*(path for path in [folder / f"{kind}.yaml"] if path.is_file()), *named.get(kind, [])]


def public_use_files(study: Study) -> list[Path]:
    """The files of population surveys that lie beside a study, each after the study file that names it."""
    found = []
    for name in STUDIES.values():
        path = study.root / name
        if path.is_file():
            files = [source.file for source in open_study(path).sources if source.file.is_file()]
            found += [path, *files] if files else []
    return found


def _sheets(folder: Path) -> Iterator[Path]:
    for form in ("csv", "xlsx"):
        yield from folder.glob(f"[!~]*.{form}")


def shown(path: Path, root: Path) -> str:
    """A path as the manifest prints it: relative to the study, so that no machine's folders are told."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
