"""What an organisation shares can be read, is the same each time, and holds nothing of a person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis import estimates
from kij_analysis.cli import main
from kij_analysis.errors import ReportError
from kij_analysis.exchange import Shared, read_shared
from kij_analysis.exchange.packing import packed, unpacked
from kij_analysis.exchange.plain import frame_of, packed_frame
from kij_analysis.exchange.showing import shown, summary
from kij_analysis.reporting import derived
from kij_analysis.reporting.items import Item
from kij_analysis.study import Study

MAKING = import_module("kij_analysis.exchange.making")


def shares(**more: Any) -> pd.DataFrame:
    row = {"programme": "fika", "variable": "barrier_language", "category": "yes", "measure": "share",
           "estimate": 0.5, "count": 20, "n": 40, "method": "none", "data_status": "observed"}  # fmt: skip
    return estimates.make([row | more])


def item(frame: pd.DataFrame, **options: Any) -> Item:
    return Item(kind="figure", make=kij.figures.dots, frame=frame, options=options)


def frames(content: Any) -> Iterator[pd.DataFrame]:
    if isinstance(content, dict):
        if set(content) == {"columns", "rows"}:
            yield frame_of(content)
            return
        content = list(content.values())
    for value in content if isinstance(content, list) else ():
        yield from frames(value)


@pytest.mark.slow
def test_no_row_of_a_file_is_a_person(shared: Mapping[str, Shared], folders: Mapping[str, Study]):
    own = shared["fika"]
    text = json.dumps(dict(own.content), ensure_ascii=False)
    data = kij.harmonise(folders["fika"])
    ids = {str(code) for name in ("person_id", "pair_id") for code in data.people.get(name, ())}
    ids |= {str(code) for code in data.answers["person_id"]} | {str(code) for code in data.pairs["pair_id"]}
    assert len(ids) > 100 and not any(code in text for code in ids)
    for frame in frames(own.content):
        assert not {"person_id", "pair_id", "date"} & set(frame.columns)
        if {"estimate", "n"} <= set(frame.columns):
            told = frame[frame["data_status"] == "synthetic"]
            assert not told["n"].between(1, 4).any(), told["variable"].unique()
            assert not told["count"].between(1, 4).any(), told["variable"].unique()


@pytest.mark.slow
def test_it_says_first_and_in_words_what_it_is(shared: Mapping[str, Shared], tmp_path: Path):
    path = shared["fika"].write(tmp_path / "fika.share.json")
    text = path.read_text("utf-8")
    assert text.index('"about"') < text.index('"form"') < text.index('"chapters"')
    assert "There is no row of a person in this file" in text
    assert "NOT YET CONFIRMED by the owner of the data" in text
    assert path.stat().st_size < 300_000
    again = read_shared(path)
    assert again.programmes == ("fika",)
    assert set(again.sources["instrument"]) == {
        "fika_entry_2024", "fika_end_2024", "fika_follow_up_2025", "fika_mentor_end_2024",
    }  # fmt: skip
    assert again.content["codebook"]["variables"]["age"]["says"].startswith("number, 15 to 100, years")
    assert {"status", "column", "instrument"} <= set(again.statuses.columns)


@pytest.mark.slow
def test_the_same_estimates_give_the_same_bytes_there_and_back(shared: Mapping[str, Shared], tmp_path: Path):
    first = shared["fika"].write(tmp_path / "a.json")
    second = read_shared(first).write(tmp_path / "b.json")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.slow
def test_it_is_shown_as_tables_before_it_is_sent(
    shared: Mapping[str, Shared], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = shared["fika"].write(tmp_path / "fika.share.json")
    assert main(["share", "--show", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.strip() == shown(shared["fika"]).strip()
    assert "BARRIERS: barriers (figures.dots)" in out and "confirmed by: nobody yet" in out
    assert "hidden_small_count" in out and "Traceback" not in out
    assert "barriers" in summary(shared["fika"])


@pytest.mark.slow
def test_a_file_that_was_edited_is_refused(shared: Mapping[str, Shared], tmp_path: Path):
    path = shared["fika"].write(tmp_path / "fika.share.json")
    path.write_text(path.read_text("utf-8").replace('"synthetic"', '"observed"', 1), encoding="utf-8")
    with pytest.raises(ReportError, match=r"fika\.share\.json: The file has been changed since it was writ"):
        read_shared(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"form": 1}', "not json"])
def test_what_is_no_such_file_is_refused(content: str, tmp_path: Path):
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReportError, match=r"x\.json: This is no file that kij share has written"):
        read_shared(path)


def test_a_later_form_is_refused(tmp_path: Path):
    path = tmp_path / "x.json"
    path.write_text('{"form": 2, "checksum": ""}', encoding="utf-8")
    with pytest.raises(ReportError, match="of form 2, and this version reads form 1"):
        read_shared(path)


def test_a_frame_of_persons_is_refused():
    for frame in (shares(person_id="a"), pd.DataFrame({"programme": ["fika"], "age": [30]})):
        with pytest.raises(ReportError, match="rows of persons are never shared"):
            packed(item(frame), smallest=5)
    with pytest.raises(ReportError, match="rows of persons are never shared"):
        packed(item(shares(), beside=pd.DataFrame({"age": [30]})), smallest=5)


def test_what_is_not_protected_is_refused():
    one = Item(kind="figure", make=kij.figures.dots, frame=shares(), protect=None)
    with pytest.raises(ReportError, match="is not protected"):
        packed(one, smallest=5)


def test_only_public_functions_can_be_named():
    def mine(frame: pd.DataFrame, say: object, *, name: str = "mine") -> None:
        """A figure of one's own."""

    with pytest.raises(ReportError, match="made by a function of the notebook's own"):
        packed(Item(kind="figure", make=mine, frame=shares()), smallest=5)
    content = packed(item(shares()), smallest=5)
    for name in ("os.system", "figures.os", "survey.pool", "reporting.report", "figures.__class__"):
        with pytest.raises(ReportError, match="is no figure, table or estimator"):
            unpacked(content | {"make": name})


def test_an_item_comes_back_as_it_was():
    pooled = derived(kij.survey.pool, level=0.9, verdicts=None)
    one = item(shares(), pooled=pooled, name="mine", threshold=5, cuts=["a", "b"])
    back = unpacked(json.loads(json.dumps(packed(one, smallest=5))))
    assert back.make is kij.figures.dots and back.name == "mine" and back.protect is None
    assert back.options == {"pooled": pooled, "name": "mine", "threshold": 5, "cuts": ["a", "b"]}
    pd.testing.assert_frame_equal(back.frame, one.frame)


def test_frames_keep_their_kinds_of_columns():
    frame = pd.DataFrame(
        {
            "text": ["a", None, "æøå"], "same": ["x", "x", "x"], "number": [1.0, None, float("inf")],
            "whole": [1, 2, 3], "yes": [True, False, True], "empty": [None, None, None],
        }
    ).assign(
        known=pd.array([1, None, 3], dtype="Int64"),
        step=pd.Categorical(["low", None, "high"], categories=["low", "high"], ordered=True),
        third=[1 / 3, 2 / 3, 1e-300],
    )  # fmt: skip
    back = frame_of(json.loads(json.dumps(packed_frame(frame))))
    pd.testing.assert_frame_equal(back, frame)


def test_sharing_needs_a_file_to_write_or_to_show(capsys: pytest.CaptureFixture[str]):
    assert main(["share"]) == 2
    assert "kij share --into fika.share.json" in capsys.readouterr().err


def test_a_file_that_is_sent_leaves_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    place = kij.init(tmp_path / "fika")
    content = {"about": ["Estimates."], "programmes": ["fika"], "chapters": [], "form": 1}
    cells = pd.DataFrame({"programme": ["fika"], "count": [20.0], "n": [40.0]})
    made = MAKING.Made(shared=Shared(content=content), notices=(), log=pd.DataFrame(), cells=cells)
    monkeypatch.setattr(MAKING, "share", lambda *_, **__: made)
    asked = ["share", str(place), "--into", str(tmp_path / "fika.share.json")]
    assert main(asked) == 0
    assert not (place / "releases").exists()
    assert main([*asked, "--sent-as", "2026-11"]) == 0
    record = json.loads((place / "releases" / "2026-11.json").read_text("utf-8"))
    assert record["cells"]["rows"] == [["fika", 20.0, 40.0]]
    assert list(record["outputs"]) == ["fika.share.json"]
    assert main([*asked, "--sent-as", "2026-11"]) == 2
    assert "There is a release '2026-11' on record already." in capsys.readouterr().err
