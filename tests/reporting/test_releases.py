"""A report goes out only when nothing speaks against it, and what went out protects the next one."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from study_maker import crosswalk, make_study, write

from kij_analysis.cli import main
from kij_analysis.errors import UsageError
from kij_analysis.reporting.chapter import CHAPTERS
from kij_analysis.reporting.releases import name_of_release, record_of, released_before, write_record
from kij_analysis.study import Study, open_study

REPORT = import_module("kij_analysis.reporting.report")
RULES = """
status:
  map: {from: Status, values: {I job: employed, Ledig: unemployed}}
  status: complete
  decided_by: CM
  on: 2026-03-02
in_work:
  undetermined: {because: to be discussed}
""" + "".join(
    f"{name}:\n  impossible: {{because: not asked}}\n"
    for name in (
        "gender", "age", "education", "hours", "start", "place", "skill", "matched", "barrier_language",
        "barrier_network", "barrier_other",
    )
)  # fmt: skip
CELLS = pd.DataFrame(
    {"programme": ["kvinfo"], "variable": ["status"], "category": ["employed"], "by": [""],
     "behind": ["kv_end"], "count": [12.0], "n": [20.0]}
)  # fmt: skip


def notebook(name: str, *cells: str) -> str:
    parameters = 'languages: list = []\nprogrammes: list = []\nstudy: str = "."\nout: str = ""'
    opened = f"chapter = kij.chapter({name!r}, study=study, languages=languages, out=out)"
    sources = [parameters, f"import kij_analysis as kij\n{opened}", *cells, "chapter.close()"]
    code = [
        {"cell_type": "code", "id": str(number), "execution_count": None, "outputs": [], "source": source,
         "metadata": {} if number else {"tags": ["parameters"]}}
        for number, source in enumerate(sources)
    ]  # fmt: skip
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A small study as it is at first: made up, with an open question, unconfirmed, in unread words."""

    def in_this_process(notebooks: Any, parameters: Any, **_: Any) -> dict[str, float]:
        for path in notebooks:
            names: dict[str, Any] = {}
            for cell in json.loads(path.read_text("utf-8"))["cells"]:
                exec(cell["source"], names)
                names |= parameters if cell["metadata"].get("tags") else {}
        return {}

    monkeypatch.setattr(REPORT, "run_notebooks", in_this_process)
    answers = "Id;Status\n" + "".join(f"p{i};{'I job' if i < 12 else 'Ledig'}\n" for i in range(20))
    make_study(tmp_path, {"end.csv": answers}, {"end.csv": crosswalk(RULES)})
    drawn = "chapter.table(kij.tables.sources, chapter.data.ledger.sources)"
    for number, name in enumerate(CHAPTERS, 1):
        cells = [drawn] if name == "data" else []
        write(tmp_path / "notebooks" / f"{number:02d}_{name}.ipynb", notebook(name, *cells))
    return open_study(tmp_path)


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def reasons(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for line in capsys.readouterr().err.splitlines() if line.startswith("error:")]


def test_a_study_becomes_releasable_step_by_step(
    study: Study, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    asked = ["report", str(study.root), "--release", "--language", "fi"]
    before = sorted(path for path in study.root.rglob("*") if path.is_file())
    assert main(asked) == 7
    found = reasons(capsys)
    assert len(found) == 4
    assert "Made-up data are never released: 'end.csv'." in found[0]
    assert "kv_end: Nobody has decided yet what becomes of 'in_work' (status undetermined)." in found[1]
    assert "has not confirmed the disclosure profile 'n5'" in found[2]
    assert "No native speaker has reviewed the words of 'Suomi'." in found[3]
    assert sorted(path for path in study.root.rglob("*") if path.is_file()) == before

    edit(study.path, ("data_status: synthetic", "data_status: observed"))
    assert main(asked) == 7 and len(reasons(capsys)) == 3
    rules = study.root / "codebook" / "crosswalks" / "kv_end.yaml"
    edit(rules, ("undetermined: {because: to be discussed}", "impossible: {because: not asked}"))
    assert main(asked) == 7 and len(reasons(capsys)) == 2
    with study.path.open("a", encoding="utf-8") as stream:
        stream.write("disclosure: {profile: n5, confirmed_by: A. Ejer, on: 2026-11-20}\n")
    assert main(asked) == 7 and len(reasons(capsys)) == 1
    with study.path.open("a", encoding="utf-8") as stream:
        stream.write("reviewed:\n  fi: {by: Aino Lukija, on: 2026-11-25}\n")

    assert main([*asked, "--as", "2026-11-30"]) == 0
    assert "releases/2026-11-30.json; keep it" in capsys.readouterr().out
    record = json.loads((study.root / "releases" / "2026-11-30.json").read_text("utf-8"))
    assert record["confirmed"]["by"] == "A. Ejer" and record["profile"] == "n5"
    assert "report/report-fi.html" in record["outputs"]
    page = (study.root / "report" / "report-fi.html").read_text("utf-8")
    assert "Kieliversion on tarkistanut Aino Lukija, 2026-11-25." in page
    assert not any(f'"p{i}"' in json.dumps(record) for i in range(20))


def told(study: Study, name: str, cells: pd.DataFrame) -> None:
    write_record(study, record_of(study, name, cells=cells, outputs={}, languages=["fi"]))


def test_the_next_report_knows_what_the_last_releases_told(study: Study):
    assert released_before(study) is None
    told(study, "1", CELLS)
    told(study, "2", pd.concat([CELLS, CELLS.assign(count=14.0, n=23.0)]))
    known = released_before(study)
    assert known is not None
    assert known[["count", "n"]].values.tolist() == [[12.0, 20.0], [14.0, 23.0]]
    assert list(known.columns) == list(CELLS.columns)


def test_a_report_is_protected_against_them_with_a_notice(study: Study, monkeypatch: pytest.MonkeyPatch):
    told(study, "1", CELLS)
    given = {}

    def looking(*arguments: Any, **options: Any) -> Any:
        given.update(options)
        return kept(*arguments, **options | {"earlier": None})

    kept = REPORT.protected
    monkeypatch.setattr(REPORT, "protected", looking)
    made = REPORT.report(study, languages=["en"])
    assert given["earlier"]["count"].tolist() == [12.0]
    assert "1 release(s) of this study are on record" in made.notices[-1].what
    assert made.record is None


def test_a_record_that_cannot_be_read_stops_the_report(study: Study):
    write(study.root / "releases" / "1.json", "{")
    with pytest.raises(UsageError, match=r"releases/1\.json: The record of this release cannot be read"):
        released_before(study)


def test_releases_are_numbered_or_named_and_never_overwritten(study: Study):
    assert name_of_release(study) == "1"
    told(study, "1", CELLS)
    told(study, "2026-11-30", CELLS)
    assert name_of_release(study) == "2"
    with pytest.raises(UsageError, match="There is a release '1' on record already"):
        name_of_release(study, "1")
    with pytest.raises(UsageError, match=r"'\.\./x' is no name of a release"):
        name_of_release(study, "../x")


def test_a_release_is_all_of_a_report(study: Study, capsys: pytest.CaptureFixture[str]):
    assert main(["report", str(study.root), "--release", "--only", "data"]) == 2
    assert main(["report", str(study.root), "--as", "1"]) == 2
    assert "A release is all of a report. Leave --only out." in capsys.readouterr().err
