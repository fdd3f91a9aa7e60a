"""Ids are spelt one way, and leave the door as keyed pseudonyms."""

from __future__ import annotations

from pathlib import Path

import pytest

from kij_analysis.errors import StudyError, UsageError
from kij_analysis.privacy.ids import IGNORABLE, normal_id
from kij_analysis.privacy.pseudonyms import Key, demo_key, key_of


@pytest.mark.parametrize("written", ["K0028", "k28", " K-28", "k 0028 ", "K_28"])
def test_ids_written_differently_are_one_where_the_differences_are_declared(written: str) -> None:
    assert normal_id(written, IGNORABLE) == "K28"


def test_nothing_is_ignored_that_is_not_declared() -> None:
    assert len({normal_id(text) for text in ("K0028", "k28", "K-28", "K28")}) == 4
    assert normal_id("K0028", ["capitals"]) != normal_id("K28", ["capitals"])


def test_zeros_inside_a_number_stay() -> None:
    assert normal_id("10020", IGNORABLE) == "10020"
    assert normal_id("000", IGNORABLE) == "0"


def test_an_unknown_difference_gets_a_sentence() -> None:
    with pytest.raises(UsageError, match=r"Did you mean 'leading_zeros'\?"):
        normal_id("1", ["leading_zeroes"])


def test_a_key_is_made_on_first_use_and_found_again(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "study.key"
    first = key_of("study", str(place))
    again = key_of("study", str(place))
    assert first.made == place
    assert again.made is None
    assert first.pseudonym("fika", "person", "7") == again.pseudonym("fika", "person", "7")


def test_another_key_gives_other_pseudonyms(tmp_path: Path) -> None:
    one, two = key_of("a", str(tmp_path / "a.key")), key_of("b", str(tmp_path / "b.key"))
    assert one.pseudonym("fika", "person", "7") != two.pseudonym("fika", "person", "7")


def test_persons_pairs_and_programmes_do_not_share_pseudonyms() -> None:
    key = demo_key()
    found = {key.pseudonym(p, kind, "7") for p in ("fika", "sajo") for kind in ("person", "pair")}
    assert len(found) == 4


def test_a_damaged_key_stops_instead_of_losing_the_link(tmp_path: Path) -> None:
    place = tmp_path / "study.key"
    place.write_text("not a key", encoding="ascii")
    with pytest.raises(StudyError, match="backup"):
        key_of("study", str(place))


def test_a_key_never_shows_its_secret() -> None:
    assert "demonstration" not in repr(demo_key())


def test_ids_of_public_files_stay_as_they_are() -> None:
    assert key_of("piaac", "none").pseudonym("piaac_fi", "person", "17") == "17"
    assert Key(secret=b"").pseudonym("x", "person", "1") == "1"
