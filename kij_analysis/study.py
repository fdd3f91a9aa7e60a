"""A study: which sources there are, where their files lie, and how its report is set up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from kij_analysis.codebook.sheet_files import FORMS
from kij_analysis.codebook.yaml_files import Document, read_yaml
from kij_analysis.errors import Problem, StudyError, listed, one_of
from kij_analysis.profiles import PROFILES, Confirmation, Profile
from kij_analysis.words.terms import LANGUAGES

DATA_STATUSES = ("synthetic", "assumed", "published", "observed")
"""From the weakest to the strongest; a result that mixes them carries the weakest."""

OF_PERSONS = ("observed", "synthetic")
"""Behind which stand answers of persons, real or made up; printed and assumed numbers protect nobody."""

FOLDERS = {
    "raw": "data/raw",
    "processed": "data/processed",
    "codebook": "codebook",
    "notebooks": "notebooks",
    "figures": "figures",
    "report": "report",
}


@dataclass(frozen=True, kw_only=True)
class Source:
    """One data file and the crosswalk that reads it.

    `round` stands in for the instrument's own where the same questionnaire is fielded again; `rows` and
    `sha256` are checked where given.
    """

    crosswalk: str
    file: Path
    shown: str
    data_status: str
    round: str = ""
    rows: int | None = None
    sha256: str = ""

    @property
    def folder(self) -> Path:
        """The folder of raw data, in which key files lie too."""
        return self.file.parents[len(PurePosixPath(self.shown).parts) - 1]


@dataclass(frozen=True, kw_only=True)
class Study:
    """Where a study's files lie and how its report is set up; it knows paths and settings only.

    `key` says where the key of the pseudonyms lies: a path, ``demo``, ``none``, ``keep_ids``, or empty for a
    file of the study's own in the user's home folder. `erasures` is where the list of those lies who are
    left out by request, if there is one. `confirmed` says who confirmed the disclosure profile; None if
    nobody has.
    """

    path: Path
    id: str
    title: str
    data_status: str
    folders: dict[str, Path]
    languages: tuple[str, ...]
    sources: tuple[Source, ...]
    profile: Profile = PROFILES["n5"]
    confirmed: Confirmation | None = None
    key: str = ""
    erasures: Path | None = None
    readers: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The study folder."""
        return self.path.parent

    @property
    def threshold(self) -> int:
        """The smallest number of persons that is shown, by the study's disclosure profile."""
        return self.profile.smallest_cell

    def crosswalk(self, source: Source) -> Path:
        """The crosswalk file of a source: YAML, or a sheet in CSV or XLSX.

        Raises
        ------
        StudyError
            If two files have its name, because one of them would be passed over.
        """
        folder = self.folders["codebook"] / "crosswalks"
        found = [path for form in FORMS if (path := folder / f"{source.crosswalk}{form}").is_file()]
        if len(found) > 1:
            what = f"The crosswalk '{source.crosswalk}' stands in {listed(path.name for path in found)}."
            raise StudyError(what, fix="Keep one of them there.", file="crosswalks")
        return found[0] if found else folder / f"{source.crosswalk}.yaml"

    def speaking(self, languages: Sequence[str]) -> Study:
        """The same study with other report languages, kept in the report's order.

        Raises
        ------
        UsageError
            If a language is not one of da, nb, sv, fi, en.
        """
        for language in languages:
            one_of(language, LANGUAGES, name="The language")
        chosen = tuple(language for language in LANGUAGES if language in languages)
        return replace(self, languages=chosen or self.languages)


def open_study(path: Path | str = ".", *, raw: Path | str | None = None) -> Study:
    """The study of a folder, or of a study file.

    Parameters
    ----------
    path
        A YAML file, or a folder that exists; from one without study.yaml (such as ``notebooks``) the folders
        above it are searched.
    raw
        The folder that holds the data files, where it is not the one that the study names.

    Raises
    ------
    StudyError
        If there is no study file, or if it is wrong: every problem with its line.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> open_study(template_folder()).languages
    ('da', 'nb', 'sv', 'fi', 'en')
    """
    file = _study_file(Path(path))
    document, problems = read_yaml(file, against="study")
    if document is None or problems:
        raise StudyError(problems)
    entry, root = document.data, file.parent
    folders = {name: root / place for name, place in {**FOLDERS, **entry.get("folders", {})}.items()}
    if raw is not None:
        folders["raw"] = Path(raw)
    study = Study(
        path=file,
        **entry["study"],
        folders=folders,
        languages=tuple(lang for lang in LANGUAGES if lang in entry.get("languages", LANGUAGES)),
        sources=tuple(_source(part, folders["raw"]) for part in entry["sources"]),
        **_disclosure(entry.get("disclosure", {})),
        key=entry.get("pseudonyms", {}).get("key", ""),
        readers={code: f"{who['by']}, {who['on']}" for code, who in entry.get("reviewed", {}).items()},
        erasures=root / "data" / "erasures" / f"{entry['study']['id']}.json",
    )
    found = list(_mismatches(study, document))
    if found:
        raise StudyError(found)
    return study


def _disclosure(entry: dict[str, str]) -> dict[str, Any]:
    """The profile, and who confirmed it."""
    by = entry.get("confirmed_by", "")
    said = Confirmation(by=by, on=entry.get("on", ""), because=entry.get("because", "")) if by else None
    return {"profile": PROFILES[entry.get("profile", "n5")], "confirmed": said}


def _study_file(path: Path) -> Path:
    place = path.resolve()
    if place.is_file() or place.suffix in (".yaml", ".yml"):
        return place
    if not place.is_dir():
        raise StudyError(f"There is no folder '{path}'.", fix="Correct the path of the study folder.")
    for folder in (place, *place.parents):
        if (folder / "study.yaml").is_file():
            return folder / "study.yaml"
    raise StudyError(
        f"There is no study.yaml in '{path}' or in a folder above it.",
        fix="Go to the study's folder, or make one with: kij init my-study.",
    )


def _source(entry: dict[str, Any], raw: Path) -> Source:
    return Source(
        crosswalk=entry["crosswalk"],
        file=raw / entry["file"],
        shown=entry["file"],
        data_status=entry["data_status"],
        round=entry.get("round", ""),
        rows=entry.get("rows"),
        sha256=entry.get("sha256", "").lower(),
    )


def _mismatches(study: Study, document: Document) -> list[Problem]:
    """A crosswalk used twice, and a study that claims more than its sources."""
    found = []
    seen: set[tuple[str, str]] = set()
    for position, source in enumerate(study.sources):
        if (source.crosswalk, source.round) in seen:
            what = f"The crosswalk '{source.crosswalk}' reads two files of the same round."
            found.append(
                document.problem(("sources", position), what, "Give each file its round: or a crosswalk.")
            )
        seen.add((source.crosswalk, source.round))
    real = [s.shown for s in study.sources if s.data_status == "observed"]
    if study.key == "demo" and real:
        what = f"The demonstration's key is public, and '{real[0]}' holds answers of real people."
        fix = "Remove pseudonyms: from the study file; a key of your own is made on first use."
        found.append(document.problem(("pseudonyms", "key"), what, fix))
    place = Path(study.key).expanduser()
    if study.key not in ("", "demo", "none", "keep_ids") and place.resolve().is_relative_to(study.root):
        what = "The key of the pseudonyms lies inside the study folder, and would be copied along with it."
        fix = "Name a file elsewhere, or remove pseudonyms:; a key in your home folder is made on first use."
        found.append(document.problem(("pseudonyms", "key"), what, fix))
    weakest = min((s.data_status for s in study.sources), key=DATA_STATUSES.index)
    if DATA_STATUSES.index(study.data_status) > DATA_STATUSES.index(weakest):
        what = f"The study says '{study.data_status}', but a source is '{weakest}'."
        found.append(document.problem(("study", "data_status"), what, f"Write data_status: {weakest}."))
    return found


def weakest(statuses: Iterable[str]) -> str:
    """The data status of a result that mixes several: the weakest of them.

    Examples
    --------
    >>> weakest(["observed", "synthetic"])
    'synthetic'
    """
    return min(set(statuses), key=DATA_STATUSES.index, default="observed")
