"""The rules of the house: who may know whom, what stands twice says the same, notebooks stay thin."""

from __future__ import annotations

import ast
import inspect
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from ruamel.yaml import YAML

import kij_analysis as kij
from kij_analysis.template import PARTS

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kij_analysis"
MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

FLOORS = (
    ("errors", "files", "profiles", "study", "words", "codebook", "template"),
    ("sources", "privacy", "demo"),
    ("exports", "harmonisation", "erasure"),
    ("estimates", "survey", "indicators", "claims"),
    ("barriers", "effects", "context", "investment"),
    ("findings",),
    ("disclosure", "figures", "questionnaire", "draft", "tables"),
    ("display", "reporting", "exchange", "cli"),
)
"""From the ground up; within a floor above the ground each room may know those to its left."""

GROUND, ANALYSES = FLOORS[0], FLOORS[4]


def floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def known(path: Path) -> Iterator[str]:
    """The rooms that a module imports from, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name.split(".")[0] == "kij_analysis" and len(name.split(".")) > 1:
                yield name.split(".")[1]


def may_know(one: str, other: str) -> bool:
    """Whether a room may import from another one."""
    if one == other or (one in GROUND and other in GROUND):
        return True
    if one in ANALYSES and other in ANALYSES:
        return False
    if floor(one) == floor(other):
        rooms = FLOORS[floor(one)]
        return rooms.index(other) < rooms.index(one)
    return floor(other) < floor(one)


def test_every_room_has_its_floor():
    rooms = {room_of(path) for path in MODULES} - {"__init__", "__main__"}
    assert rooms <= {room for rooms in FLOORS for room in rooms}


def test_imports_go_down_the_floors_only():
    upward = [
        f"{path.relative_to(ROOT)} knows {other}"
        for path in MODULES
        if room_of(path) not in ("__init__", "__main__")
        for other in known(path)
        if not may_know(room_of(path), other)
    ]
    assert upward == []


def test_the_rule_of_the_floors_forbids_what_it_should():
    assert not may_know("errors", "survey")
    assert not may_know("barriers", "effects")
    assert not may_know("estimates", "survey")
    assert not may_know("figures", "tables")
    assert may_know("survey", "estimates")
    assert may_know("words", "codebook") and may_know("codebook", "words")


HEAVY = (
    "matplotlib", "scipy", "statsmodels", "polars", "pandas", "numpy", "pyarrow", "pyreadstat",
    "papermill", "IPython", "ipykernel", "jinja2", "babel",
)  # fmt: skip


def test_importing_the_package_is_free():
    code = "import sys, kij_analysis; dir(kij_analysis); print('\\n'.join(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.splitlines()}
    assert loaded & set(HEAVY) == set()
    assert not [name for name in loaded if name.startswith(("jupyter", "nb"))]


def test_estimates_need_no_drawing_and_no_notebooks():
    code = (
        "import sys, pandas as pd, kij_analysis as kij\n"
        "frame = pd.DataFrame({'gender': ['woman'], 'yes': [True], 'data_status': 'synthetic'})\n"
        "kij.disclosure.suppress(kij.survey.shares(frame, 'yes'))\n"
        "kij.tables, kij.words.load('fi').share(0.5)\n"
        "print('\\n'.join(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.splitlines()}
    assert loaded & {"matplotlib", "papermill", "IPython"} == set()


def test_every_public_name_is_there():
    for name in kij.__all__:
        assert getattr(kij, name) is not None
    assert set(kij.__all__) < set(dir(kij))
    with pytest.raises(AttributeError, match="kij_analysis has no 'shares'"):
        kij.shares  # noqa: B018


def public() -> Iterator[tuple[str, Any]]:
    """Every function and class that the package or one of its rooms names as public."""
    for name in kij.__all__:
        thing = getattr(kij, name)
        if not inspect.ismodule(thing):
            yield name, thing
            continue
        for part in getattr(thing, "__all__", ()):
            yield f"{name}.{part}", getattr(thing, part)


PUBLIC = {name: thing for name, thing in public() if inspect.isfunction(thing) or inspect.isclass(thing)}
WITHOUT_EXAMPLE = {
    "report": "a whole report takes seconds; the README shows it",
    "reporting.report": "the same function",
    "exchange.combine": "runs notebooks; docs/exchange.md shows it",
    "exchange.share": "runs the notebooks of a study; docs/exchange.md shows it",
    "demo.end_survey": "between drawn people and their export; `generate` shows the whole",
    "draft.earlier_crosswalks": "a part of what `draft` is given; `knowledge_of` shows the whole",
    "draft.known_in": "the example of `draft` shows it",
    "draft.profile": "a part of what `draft` returns",
    "draft.propose": "a part of what `draft` returns, whose example shows it",
    "harmonisation.compile_crosswalk": "between a crosswalk and its file; `harmonise` shows the whole",
    "harmonisation.coverage": "the matrix of `check`, which shows it",
    "privacy.guard": "between a raw table and its rules; `harmonise` shows the whole",
    "privacy.withhold": "between a raw table and its rules; `harmonise` shows the whole",
}
"""Public functions whose example would be mostly about making their arguments."""


def is_container(thing: object) -> bool:
    """A class that only holds values: a dataclass, an exception, a table of fields."""
    return inspect.isclass(thing) and (is_dataclass(thing) or issubclass(thing, (Exception, tuple)))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_says_what_it_is_and_functions_show_it(name: str):
    text = inspect.getdoc(PUBLIC[name]) or ""
    assert re.match(r"[A-Z`\"'0-9].*[.;:]", text.split("\n\n")[0].replace("\n", " "))
    if name not in WITHOUT_EXAMPLE and not is_container(PUBLIC[name]):
        assert ">>>" in text, f"{name} has no example"


def test_no_module_is_longer_than_300_lines():
    long = {
        path.name: count for path in MODULES if (count := len(path.read_text("utf-8").splitlines())) > 300
    }
    assert long == {}


def test_no_module_is_a_bag():
    names = {path.stem for path in MODULES}
    assert not names & {"utils", "util", "helpers", "helper", "misc", "common", "tools", "manager"}
    classes = [
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    assert not [
        name for name in classes if name.endswith(("Manager", "Handler")) and name != "PrivateKernelManager"
    ]


def bound(requirement: str) -> tuple[str, str]:
    """A package and its lower bound."""
    match = re.fullmatch(r"([A-Za-z0-9._-]+)\s*>=\s*([0-9.]+)(?:,.*)?", requirement.strip())
    assert match, requirement
    return match[1], match[2]


def test_conda_users_get_the_same_packages_and_bounds():
    listed = YAML(typ="safe", pure=True).load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    conda = dict(bound(entry) for entry in listed if isinstance(entry, str) and entry != "pip")
    project = PYPROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    spelled = {"jupyter-client": "jupyter_client", "matplotlib": "matplotlib-base"}
    by_pip = {"greenwood", "pimeta"}  # conda-forge has them not; `pip install -e .` brings them
    expected = {
        spelled.get(name, name): version for name, version in map(bound, wanted) if name not in by_pip
    }
    expected |= {"python": project["requires-python"].removeprefix(">=")}
    assert conda == expected


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_file_pins_every_package_with_its_checksums():
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert not re.search(r"https?:|--index-url|--find-links|@ file", text)
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    pinned: dict[str, list[str]] = {}
    for entry in entries:
        match = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", entry)
        assert match, entry[:60]
        assert "--hash=sha256:" in entry, entry[:60]
        pinned.setdefault(normal(match[1]), []).append(match[2])
    project = PYPROJECT["project"]
    direct = [
        *project["dependencies"],
        *project["optional-dependencies"]["lab"],
        *PYPROJECT["dependency-groups"]["dev"],
    ]
    for text in direct:
        requirement = Requirement(text)
        versions = pinned.get(normal(requirement.name), [])
        assert versions and all(version in requirement.specifier for version in versions), text


def test_the_version_stands_alike_wherever_it_stands():
    version = PYPROJECT["project"]["version"]
    citation = YAML(typ="safe", pure=True).load((ROOT / "CITATION.cff").read_text("utf-8"))
    newest = re.search(
        r"^## ([0-9.]+) \(([0-9-]+)\)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert newest is not None
    assert str(citation["version"]) == version == newest[1]
    assert str(citation["date-released"]) == newest[2]


def targets() -> list[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)


def test_the_readme_names_every_target_of_the_makefile():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {"report", "test"} <= set(targets())
    # `make` alone shows the list, and so does `make help`.
    missing = [target for target in targets() if target != "help" and f"make {target}" not in readme]
    assert missing == []


def test_every_target_is_declared_as_one():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split() == targets()


def test_the_wheel_carries_the_parts_that_init_copies():
    included = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {part: f"kij_analysis/template/{part}" for part in PARTS}
    assert all((ROOT / part).exists() for part in PARTS)


@pytest.fixture(params=[path for path in NOTEBOOKS if path.stem[0].isdigit()], ids=lambda path: path.stem)
def chapter(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A notebook that makes a chapter of the report; the others have no number."""
    return json.loads(request.param.read_text("utf-8"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(request.param.read_text("utf-8"))


def code_of(notebook: dict[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 2


def test_a_notebook_is_kept_without_what_a_run_leaves(notebook: dict[str, Any]):
    for cell in notebook["cells"]:
        assert cell.get("outputs", []) == [] and cell.get("execution_count") is None
        assert set(cell["metadata"]) <= {"tags"}
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_the_cells_of_a_notebook_are_numbered(notebook: dict[str, Any]):
    assert [cell["id"] for cell in notebook["cells"]] == [
        str(number) for number in range(len(notebook["cells"]))
    ]


def test_a_notebook_has_one_cell_of_parameters(notebook: dict[str, Any]):
    assert len([cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]) == 1


def test_the_parameters_of_a_chapters_notebook_are_those_of_a_chapter(chapter: dict[str, Any]):
    (cell,) = [cell for cell in chapter["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    tree = ast.parse("".join(cell["source"]))
    names = [node.target.id for node in tree.body]
    # A notebook may take a file of the reader's own beside the parameters of every chapter.
    own = ["languages", "programmes", "level", "weighting", "profile", "study", "out"]
    assert names[: len(own)] == own
    assert set(names[len(own) :]) <= {"file", "outcome", "treated", "covariates"}
    assert set(inspect.signature(kij.chapter).parameters) == {"name", *own}


def test_the_cells_of_a_notebook_are_thin(notebook: dict[str, Any]):
    assert max(len(source.splitlines()) for source in code_of(notebook)) <= 12


def test_a_notebook_begins_with_its_title(notebook: dict[str, Any]):
    assert "".join(notebook["cells"][0]["source"]).startswith("# ")


def test_the_notebook_of_a_chapter_ends_by_closing_it(chapter: dict[str, Any]):
    # The semicolon keeps JupyterLab from showing where the list lies.
    assert code_of(chapter)[-1] == "chapter.close();"


def test_a_notebook_uses_public_names_only(notebook: dict[str, Any]):
    tree = ast.parse("\n".join(code_of(notebook)))
    for node in ast.walk(tree):
        assert not isinstance(node, ast.ImportFrom)
        if isinstance(node, ast.Import):
            assert [(alias.name, alias.asname) for alias in node.names] == [("kij_analysis", "kij")]
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_")
            if isinstance(node.value, ast.Name) and node.value.id == "kij":
                assert node.attr in kij.__all__, node.attr
            if isinstance(node.value, ast.Attribute) and ast.unparse(node.value).startswith("kij."):
                room = getattr(kij, node.value.attr)
                assert node.attr in room.__all__, ast.unparse(node)


def tracked() -> list[Path]:
    """The files that the repository keeps, and those that are new and not ignored."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def texts() -> Iterator[tuple[str, str]]:
    for path in tracked():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_generated_folders_hold_only_their_readme():
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    for folder in ("figures", "report", "data/processed"):
        assert [name for name in names if name.startswith(f"{folder}/")] == [f"{folder}/README.md"]


def test_raw_data_is_demonstration_or_published_only():
    names = [path.relative_to(ROOT).as_posix() for path in tracked()]
    raw = [name for name in names if name.startswith("data/raw/")]
    assert all(
        name.startswith(("data/raw/demo/", "data/raw/published/")) or name == "data/raw/README.md"
        for name in raw
    )


# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = (
    "pypi" + ".org", "python" + "hosted.org", "anaconda" + ".org", "crates" + ".io", "npm" + "js.",
    "cran.r-" + "project",
)  # fmt: skip
FOLDERS = re.compile(
    r"(?<![\w./:~-])/(?:" + "|".join(("work", "home", "root", "Users", "tmp", "mnt")) + r")/\w"
)


def test_no_registry_and_no_folder_of_a_machine_stands_in_the_repository():
    found = [
        f"{name}, line {number}: {line.strip()[:80]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if FOLDERS.search(line) or any(host in line.lower() for host in REGISTRIES)
    ]
    assert found == []


def test_the_search_for_folders_of_a_machine_finds_them():
    for path in ("work/x", "home/a/b", "tmp/x"):
        assert FOLDERS.search(f"open('/{path}')")
    assert not FOLDERS.search("figures/work/x and https://example.org/home/x")


def test_text_files_end_their_lines_as_git_does():
    wrong = [name for name, text in texts() if "\r" in text and not name.startswith("data/raw/demo/")]
    assert wrong == []
