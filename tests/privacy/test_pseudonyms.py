"""Ids are spelt one way, and leave the door as keyed pseudonyms."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from study_maker import crosswalk, make_study

from kij_analysis.errors import HarmonisationError, StudyError, UsageError
from kij_analysis.harmonisation import check, harmonise
from kij_analysis.privacy.ids import IGNORABLE, normal_id
from kij_analysis.privacy.pseudonyms import demo_key, key_of
from kij_analysis.study import Study, open_study


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
    assert key_of("piaac", "keep_ids").pseudonyms("piaac_fi", "person", ["17"], file="a") == ["17"]


GENDER = "gender: {map: {from: Køn, values: {K: woman, M: man}}, status: complete}\n"
ENTRY = """
    Id   | Køn
    K001 | K
    K002 | K
    K003 | M
"""
END = """
    Id    | Køn
    k-1   | K
    k 003 | M
    K9    | K
"""


def two_waves(folder: Path, *, ids: str, key: str, end: str = END, status: str = "synthetic") -> Study:
    """An entry and an end survey whose ids are written differently."""
    waves = {"entry.csv": ("kv_entry", "entry"), "end.csv": ("kv_end", "end")}
    spelling = json.loads(ids)
    study = make_study(
        folder,
        {"entry.csv": table(ENTRY), "end.csv": table(end)},
        {name: crosswalk(GENDER, id=id_, wave=wave, ids=spelling) for name, (id_, wave) in waves.items()},
        sources=dict.fromkeys(waves, f"data_status: {status}"),
    )
    text = study.path.read_text("utf-8").replace("pseudonyms: {key: keep_ids}", f"pseudonyms: {{key: {key}}}")
    study.path.write_text(text, encoding="utf-8")
    return open_study(folder)


def table(text: str) -> str:
    lines = [line.strip() for line in text.strip().splitlines()]
    return "".join(";".join(cell.strip() for cell in line.split("|")) + "\n" for line in lines)


def waves_of(study: Study) -> dict[str, int]:
    linkage = harmonise(study).ledger.linkage
    return dict(zip(linkage["waves"], linkage["people"], strict=True))


def test_people_are_linked_over_waves_where_the_differences_are_declared_and_counted_where_not(
    tmp_path: Path,
) -> None:
    declared = two_waves(tmp_path / "a", ids=json.dumps(IGNORABLE), key="demo")
    assert waves_of(declared) == {"entry": 1, "entry+end": 2, "end": 1}
    exact = two_waves(tmp_path / "b", ids="[]", key="demo")
    assert waves_of(exact) == {"entry": 3, "end": 3}


def test_two_spellings_of_one_id_in_one_file_are_told_with_their_rows(tmp_path: Path) -> None:
    study = two_waves(tmp_path, ids=json.dumps(IGNORABLE), key="demo", end=END + "    K01 | K\n")
    with pytest.raises(HarmonisationError, match=r"1 id stands in more than one row \(rows 2, 5\)"):
        harmonise(study)


def test_no_id_of_a_file_reaches_a_frame_or_the_ledger(tmp_path: Path) -> None:
    data = harmonise(two_waves(tmp_path / "s", ids="[]", key="demo"))
    data.save(tmp_path / "out")
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").glob("*.*"))
    assert all(name.encode() not in written for name in ("K001", "K002", "k-1", "k 003"))


def test_the_public_key_of_the_demonstration_is_refused_for_real_people(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="public"):
        two_waves(tmp_path, ids="[]", key="demo", status="observed")


def test_a_new_key_is_told_with_the_advice_to_back_it_up_and_a_check_makes_none(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "own.key"
    study = two_waves(tmp_path / "s", ids="[]", key=json.dumps(str(place)))
    assert check(study).exit_code == 0
    assert not place.exists()
    told = [str(problem) for problem in harmonise(study).ledger.problems]
    assert any("Keep a copy in a safe place" in text and "own.key" in text for text in told)
    assert place.exists()
    assert not harmonise(study).ledger.problems
