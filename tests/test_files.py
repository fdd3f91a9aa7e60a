"""Files are written whole or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kij_analysis.errors import UsageError
from kij_analysis.files import checksum, staged, swap, write_bytes, write_json, write_text


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_checksum_is_that_of_the_bytes(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"abc\r\n")
    assert checksum(tmp_path / "a") == hashlib.sha256(b"abc\r\n").hexdigest()


def test_text_is_utf8_with_the_newlines_it_has(tmp_path: Path):
    assert write_text(tmp_path / "new/a.txt", "å\n").read_bytes() == "å\n".encode()


def test_json_keeps_letters_and_the_order_of_keys(tmp_path: Path):
    assert (
        write_json(tmp_path / "a.json", {"z": "å", "a": 1}).read_text("utf-8")
        == '{\n  "z": "å",\n  "a": 1\n}\n'
    )


def test_json_has_no_word_for_a_number_that_is_none(tmp_path: Path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "a.json", [float("nan")])
    assert names(tmp_path) == []


def test_a_file_that_cannot_be_replaced_stays_and_nothing_lies_beside_it(tmp_path: Path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(UsageError, match="The file cannot be written") as caught:
        write_bytes(tmp_path / "a.csv", b"x")
    assert "Close it in Excel" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_staged_files_arrive_together_and_others_stay(tmp_path: Path):
    (tmp_path / "old.txt").write_text("old")
    (tmp_path / "a.txt").write_text("before")
    with staged(tmp_path) as folder:
        (folder / "a.txt").write_text("after")
        (folder / "da").mkdir()
        (folder / "da/b.txt").write_text("b")
        assert (tmp_path / "a.txt").read_text() == "before"
    assert names(tmp_path) == ["a.txt", "da/b.txt", "old.txt"]
    assert (tmp_path / "a.txt").read_text() == "after"


def test_a_block_that_fails_leaves_everything_as_it_was(tmp_path: Path):
    (tmp_path / "a.txt").write_text("before")
    with pytest.raises(KeyError), staged(tmp_path) as folder:
        (folder / "a.txt").write_text("after")
        raise KeyError
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "before"


def test_a_file_that_cannot_be_moved_takes_back_those_moved_before_it(tmp_path: Path):
    (tmp_path / "a.txt").write_text("before")
    (tmp_path / "c.txt").mkdir()
    with pytest.raises(UsageError, match=r"c\.txt: The file cannot be written"), staged(tmp_path) as folder:
        for name in "abc":
            (folder / f"{name}.txt").write_text("after")
    assert names(tmp_path) == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "before"


def test_files_are_swapped_and_taken_away_all_or_none(tmp_path: Path):
    for name in ("old.txt", "kept.txt", "work/kept.txt", "work/more.txt"):
        write_text(tmp_path / name, name)
    before = names(tmp_path)
    new = {
        tmp_path / "kept.txt": tmp_path / "work/kept.txt",
        tmp_path / "gone/more.txt": tmp_path / "nowhere",
    }
    with pytest.raises(UsageError, match="Close it in Excel"):
        swap(new, [tmp_path / "old.txt"], beside=tmp_path)
    assert (tmp_path / "kept.txt").read_text("utf-8") == "kept.txt"
    assert names(tmp_path) == [name for name in before if name != "work/kept.txt"]
    swap({tmp_path / "kept.txt": tmp_path / "work/more.txt"}, [tmp_path / "old.txt"], beside=tmp_path)
    assert names(tmp_path) == ["kept.txt"] and (tmp_path / "kept.txt").read_text("utf-8") == "work/more.txt"


def test_a_file_in_the_place_of_the_folder_gives_a_sentence(tmp_path: Path):
    (tmp_path / "out").write_text("x")
    with pytest.raises(UsageError, match="The folder cannot be made"), staged(tmp_path / "out"):
        pass
