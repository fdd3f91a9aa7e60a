"""The attacker reads only what left, finds what can be told, and finds nothing where all is protected."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
import xlsxwriter

from kij_analysis import barriers, disclosure, effects, estimates, survey
from kij_analysis.cli import main
from kij_analysis.disclosure import Leaving, Together, attack, together
from kij_analysis.disclosure.outside import from_share
from kij_analysis.errors import ReleaseError, UsageError
from kij_analysis.harmonisation import Harmonised
from kij_analysis.template import template_folder

HEAD = [
    "programme",
    "variable",
    "category",
    "label",
    "estimate",
    "count",
    "n",
    "data_status",
    "note",
    "measure",
]


def row(category: str, count: int | None, n: int = 40, **others: object) -> dict[str, object]:
    hidden = count is None
    given = {
        "programme": "fika", "variable": "status", "category": category, "label": category,
        "estimate": None if hidden else round((count or 0) / n, 6), "count": count, "n": n,
        "data_status": "observed", "note": "hidden_small_count" if hidden else "", "measure": "share",
    }  # fmt: skip
    return given | others


def written(folder: Path, *rows: dict[str, object], name: str = "status") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    frame = pd.DataFrame(list(rows), columns=[*HEAD, *(key for key in rows[0] if key not in HEAD)])
    frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
    return folder


def told(found: pd.DataFrame) -> list[list[object]]:
    return found.loc[found["told"], ["category", "what", "low", "high"]].values.tolist()


def test_a_single_hidden_answer_is_the_rest_of_the_base(tmp_path: Path):
    written(tmp_path, row("a", 12), row("b", 25), row("c", None))
    assert told(attack(tmp_path)) == [["c", "count", 3.0, 3.0]]


def test_two_hidden_answers_are_bounded_by_what_they_are_together(tmp_path: Path):
    found = attack(written(tmp_path, row("a", 36), row("b", None), row("c", None)))
    assert found[["low", "high", "told"]].values.tolist() == [[0.0, 4.0, False]] * 2
    found = attack(written(tmp_path, row("a", 37), row("b", None), row("c", None)))
    assert found[["low", "high", "told"]].values.tolist() == [[0.0, 3.0, True]] * 2


def test_a_count_is_recomputed_from_the_share_and_its_base(tmp_path: Path):
    rows = [row("a", 12) | {"count": None, "method": "wilson"}, row("b", 25), row("c", None)]
    written(tmp_path, *rows)
    assert told(attack(tmp_path)) == [["c", "count", 3.0, 3.0]]
    assert from_share(0.3, 40, decimals=1) == (10.0, 14.0)


def test_the_same_count_in_another_file_gives_it_away(tmp_path: Path):
    written(tmp_path, row("a", None), name="one")
    written(tmp_path, row("a", 4), name="two")
    assert told(attack(tmp_path)) == [["a", "count", 4.0, 4.0]]


def test_groups_give_a_hidden_group_away_through_the_total(tmp_path: Path):
    groups = [row("yes", 6, 20, education="low"), row("yes", None, 20, education="high")]
    written(tmp_path, *groups, name="groups")
    assert told(attack(tmp_path)) == []
    written(tmp_path, row("yes", 9, 40), name="whole")
    assert told(attack(tmp_path)) == [["yes", "count", 3.0, 3.0]]


def test_bases_that_differ_by_few_tell_of_them(tmp_path: Path):
    written(tmp_path, row("a", 20, 40), name="one")
    written(tmp_path, row("a", 22, 43), name="two")
    assert told(attack(tmp_path)) == [["a", "difference", 2.0, 2.0]]


def test_shares_under_two_definitions_are_not_of_the_same_persons(tmp_path: Path):
    ever = row("", 17, 63, variable="employed", definition="employed|all_starters|ever|mentee")
    code = "employed_or_education|all_starters|{}|mentee"
    at_end = row("", 20, 63, variable="employed_or_education", definition=code.format("at_end"))
    assert told(attack(written(tmp_path, ever, at_end))) == []
    also = at_end | {"definition": code.format("ever")}
    assert told(attack(written(tmp_path, ever, also))) == [["", "difference", 3.0, 3.0]]


def test_the_manifest_tells_that_two_figures_rest_on_other_questionnaires(tmp_path: Path):
    written(tmp_path, row("a", 20, 40), name="one")
    written(tmp_path, row("a", 22, 43), name="two")
    figures = [{"name": "one", "instruments": ["fika_entry"]}, {"name": "two", "instruments": ["fika_end"]}]
    (tmp_path / "manifest.json").write_text(json.dumps({"figures": figures}), encoding="utf-8")
    assert told(attack(tmp_path)) == []


def test_an_earlier_release_is_held_beside_this_one(tmp_path: Path):
    written(tmp_path / "now", row("a", 20, 40))
    written(tmp_path / "then", row("a", 18, 37))
    assert told(attack(tmp_path / "now")) == []
    assert told(attack(tmp_path / "now", against=tmp_path / "then")) == [["a", "difference", 2.0, 2.0]]
    record = {"programme": "fika", "variable": "status", "category": "a", "by": "", "behind": ""}
    cells = pd.DataFrame([record | {"count": 18, "n": 37}])
    cells.to_csv(tmp_path / "record.csv", index=False)
    told_then = {"columns": list(cells.columns), "rows": cells.to_numpy().tolist()}
    (tmp_path / "record.json").write_text(json.dumps({"cells": told_then}), encoding="utf-8")
    for earlier in (cells, tmp_path / "record.csv", tmp_path / "record.json"):
        assert told(attack(tmp_path / "now", against=earlier)) == [["a", "difference", 2.0, 2.0]]


def as_page(folder: Path) -> None:
    table = (
        "<table><tr><th>Programme</th><th>What</th></tr><tr><th>FIKA</th><td>b</td><td>8%</td></tr></table>"
    )
    (folder / "status.html").write_text(table, encoding="utf-8")


def as_alt(folder: Path) -> None:
    (folder / "page.html").write_text("<p>nothing</p>", encoding="utf-8")
    (folder / "status.json").write_text(json.dumps({"alt": "FIKA, n = 40: a 62%, b 8%."}), encoding="utf-8")


def as_picture(folder: Path) -> None:
    (folder / "status.svg").write_text("<svg><desc>b: SAJO 40%, FIKA 8%</desc></svg>", encoding="utf-8")


def as_workbook(folder: Path) -> None:
    with xlsxwriter.Workbook(folder / "status.xlsx") as book:
        sheet = book.add_worksheet()
        for place, cells in enumerate([["Programme", "What", "Count"], ["FIKA", "b", "3 of 40"]]):
            sheet.write_row(place, 0, cells)


def as_document(folder: Path) -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in ("FIKA", "b", "8%"))
    body = f'<w:document xmlns:w="{word}"><w:tbl><w:tr>{cells}</w:tr></w:tbl></w:document>'
    with ZipFile(folder / "status.docx", "w") as packed:
        packed.writestr("word/document.xml", body)


@pytest.mark.parametrize("leak", [as_page, as_alt, as_picture, as_workbook, as_document])
def test_every_kind_of_file_is_read(leak: Callable[[Path], None], tmp_path: Path):
    written(tmp_path, row("a", 20), row("b", None), row("c", None))
    assert told(attack(tmp_path)) == []
    leak(tmp_path)
    assert ["b", "count", 3.0, 3.0] in told(attack(tmp_path))


def test_without_a_report_there_is_nothing_to_attack(tmp_path: Path):
    with pytest.raises(ReleaseError, match="no report to attack"):
        attack(tmp_path)
    written(tmp_path, row("a", 20))
    with pytest.raises(ReleaseError, match="no earlier release 'gone'"):
        attack(tmp_path, against=tmp_path / "gone")
    with pytest.raises(UsageError, match="lacks 'programme'"):
        attack(tmp_path, against=pd.DataFrame())


def test_the_command_ends_with_7_where_something_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    study = (template_folder() / "study.yaml").read_text("utf-8")
    (tmp_path / "study.yaml").write_text(study, encoding="utf-8")
    assert main(["attack", str(tmp_path)]) == 7
    assert "kij report" in capsys.readouterr().err
    written(tmp_path / "figures", row("a", 12), row("b", 25), row("c", None))
    assert main(["attack", str(tmp_path)]) == 7
    out = capsys.readouterr().out
    assert "3 to 3" in out
    assert "has not confirmed the disclosure profile 'n5'" in out
    written(tmp_path / "figures", row("a", 12), row("b", None), row("c", None))
    assert main(["attack", str(tmp_path)]) == 0


@pytest.fixture(scope="module")
def items(demonstration: Harmonised) -> list[Leaving]:
    """Some figures of the demonstration, among them such as tell of each other."""
    data = demonstration
    mentees = data.answers[data.answers["role"] == "mentee"]
    ended = mentees[mentees["wave"] == "end"]
    people = data.people[data.people["role"] == "mentee"]
    numbers = barriers.number(ended)
    frames = {
        "barriers": barriers.prevalence(ended),
        "barrier_numbers": numbers,
        "levels": barriers.prevalence(mentees, by=["programme", "wave"]),
        "origins": survey.profile(people, ["region_of_origin", "education_group"], codebook=data.codebook),
    }
    asked = tuple(ended["instrument"].unique())
    items = [
        Leaving(name=name, kind="figure", chapter="barriers", frame=frame, protect=disclosure.suppress,
                behind=tuple(mentees["instrument"].unique()) if name == "levels" else asked)
        for name, frame in frames.items()
    ]  # fmt: skip
    moves = effects.transitions(mentees)
    protect = disclosure.suppress_flows
    moved = Leaving(name="transitions", kind="figure", chapter="change", frame=moves, protect=protect)
    return [*items, moved]


@pytest.fixture(scope="module")
def made(items: list[Leaving]) -> Together:
    return together(items)


def published(folder: Path, frames: Mapping[tuple[str, str], pd.DataFrame], items: list[Leaving]) -> Path:
    folder.mkdir()
    for (_, name), frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    figures = [{"name": item.name, "instruments": list(item.behind)} for item in items]
    (folder / "manifest.json").write_text(json.dumps({"figures": figures}), encoding="utf-8")
    return folder


def test_the_demonstration_tells_of_nobody_when_all_is_protected_together(
    items: list[Leaving], made: Together, tmp_path: Path
):
    found = attack(published(tmp_path / "together", made.frames, items))
    assert len(found) > 40
    assert not found["told"].any()
    assert {"primary", "complement", "secondary"} <= set(made.log["reason"])


def test_it_does_when_each_figure_is_protected_alone(items: list[Leaving], tmp_path: Path):
    alone = {(item.kind, item.name): item.protect(item.frame, threshold=5) for item in items}
    found = attack(published(tmp_path / "alone", alone, items))
    assert found["told"].any()


@pytest.mark.parametrize("name", ["n3", "n10"])
def test_other_profiles_keep_their_promise_too(items: list[Leaving], tmp_path: Path, name: str):
    frames = together(items, profile=name).frames
    found = attack(published(tmp_path / name, frames, items), profile=name)
    assert not found["told"].any()


def test_true_counts_lie_between_the_attackers_bounds(items: list[Leaving], made: Together, tmp_path: Path):
    found = attack(published(tmp_path / "all", made.frames, items))
    frame = estimates.make(pd.concat([item.frame for item in items if item.name in ("barriers", "origins")]))
    true = frame.set_index(["programme", "variable", "category", "n"])["count"]
    own = found[(found["file"].str.contains("barriers.csv|origins.csv")) & (found["what"] == "count")]
    assert len(own)
    for one in own.to_dict("records"):
        count = true[one["programme"], one["variable"], one["category"], one["n"]]
        assert one["low"] <= float(pd.Series(count).iloc[0]) <= one["high"]
