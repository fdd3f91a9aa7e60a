"""YAML files: what a text is, what a key is, and where a mistake stands."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from kij_analysis.codebook.yaml_files import Document, read_yaml
from kij_analysis.errors import Problem

STUDY = """\
study: {id: a, title: b, data_status: synthetic}
sources: [{crosswalk: c, file: d, data_status: synthetic}]
"""


def read(folder: Path, text: str | bytes, against: str = "study") -> tuple[Document | None, list[Problem]]:
    path = folder / "file.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return read_yaml(path, against=against)


def told(folder: Path, text: str | bytes) -> list[str]:
    return [str(problem) for problem in read(folder, text)[1]]


def content(folder: Path, text: str) -> dict:
    document, _ = read(folder, text)
    assert document is not None
    return document.data


def test_a_sound_file_has_no_problems(tmp_path: Path):
    assert told(tmp_path, STUDY) == []


@pytest.mark.parametrize("word", ["NO", "no", "yes", "on", "off", "y"])
def test_short_words_are_text_and_not_true_or_false(tmp_path: Path, word: str):
    assert content(tmp_path, f"{word}: {word}\n") == {word: word}


def test_a_clock_time_and_a_number_with_a_leading_zero_are_not_read_in_other_bases(tmp_path: Path):
    assert content(tmp_path, "a: 1:30\nb: 012\n") == {"a": "1:30", "b": 12}


@pytest.mark.parametrize("date", ["2026-03-02", "2026-02-31", "2024-05-31 10:00"])
def test_dates_stay_the_text_that_they_are_written_as(tmp_path: Path, date: str):
    assert content(tmp_path, f"on: {date}\n") == {"on": date}


def test_codes_are_numbers_and_the_words_true_and_false_are_answers(tmp_path: Path):
    assert content(tmp_path, "3: a\n2.5: b\ntrue: c\n") == {3: "a", 2.5: "b", "true": "c"}


def test_a_block_taken_over_from_another_keeps_what_it_says_itself(tmp_path: Path):
    text = "a: &a {x: 1, y: 1}\nb:\n  <<: *a\n  y: 2\n"
    document, _ = read(tmp_path, text)
    assert document is not None
    assert document.data["b"] == {"x": 1, "y": 2}
    assert document.line("b", "y") == 4


def test_a_key_that_stands_twice_is_told_with_both_lines(tmp_path: Path):
    found = told(tmp_path, STUDY + "languages: [da]\nlanguages: [fi]\n")
    assert found == [
        "file.yaml, line 4: The key 'languages' stands twice, first in line 3. "
        "Each key may stand once: merge the two or rename one."
    ]


def test_a_code_and_the_same_code_in_quotes_are_one_key(tmp_path: Path):
    assert any("The key '1' stands twice" in line for line in told(tmp_path, '1: a\n"1": b\n'))


def test_an_unknown_key_is_refused_with_its_line_and_the_nearest_known_one(tmp_path: Path):
    found = told(tmp_path, STUDY + "disclosure:\n  profile: n5\n  confirmd_by: me\n")
    assert found == [
        "file.yaml, line 5: disclosure: the key 'confirmd_by' is not known. "
        "Did you mean 'confirmed_by'? Known: 'profile', 'confirmed_by', 'on', 'because'."
    ]


def test_every_missing_key_is_told_at_once(tmp_path: Path):
    found = "\n".join(told(tmp_path, "study: {id: a}\n"))
    assert "'title' is missing" in found
    assert "'data_status' is missing" in found
    assert "'sources' is missing" in found


def test_all_problems_of_a_file_are_told_in_the_order_of_their_lines(tmp_path: Path):
    _, problems = read(
        tmp_path, "langauges: [da]\nstudy: {id: 3, title: b, data_status: wrong}\nsources: []\n"
    )
    assert [problem.line for problem in problems] == [1, 2, 2, 3]


def test_a_number_where_text_belongs_is_told_to_be_put_in_quotes(tmp_path: Path):
    found = told(tmp_path, STUDY.replace("file: d", "file: d, round: 2024"))
    assert found == [
        "file.yaml, line 2: sources.0.round: '2024' stands where text belongs. Put it in quotes: \"2024\"."
    ]


def test_a_value_outside_a_closed_list_names_the_nearest(tmp_path: Path):
    found = told(tmp_path, STUDY.replace("data_status: synthetic}\n", "data_status: synthetik}\n"))
    assert "'synthetik' is not known. Did you mean 'synthetic'?" in found[0]


def test_a_wrong_pattern_is_told_in_words(tmp_path: Path):
    found = told(tmp_path, STUDY.replace("file: d", "file: d, sha256: abc"))
    assert "'abc' stands where a checksum of 64 signs belongs." in found[0]


def test_a_missing_file_names_its_folder_and_the_nearest_name(tmp_path: Path):
    (tmp_path / "variables.yaml").write_text("a: 1\n")
    document, problems = read_yaml(tmp_path / "variabels.yaml", against="study")
    assert document is None
    assert tmp_path.name in str(problems[0])
    assert "Did you mean 'variables.yaml'?" in str(problems[0])


def test_a_missing_file_in_an_empty_folder_says_so(tmp_path: Path):
    assert "has no YAML file" in str(read_yaml(tmp_path / "a.yaml", against="study")[1][0])


def test_a_file_that_is_not_utf8_names_the_line_of_the_first_wrong_letter(tmp_path: Path):
    found = told(tmp_path, b"# fine\nstudy: {title: " + "Løn".encode("cp1252") + b"}\n")
    assert found == ["file.yaml, line 2: The file is not UTF-8 text. Save it as UTF-8."]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path):
    assert told(tmp_path, b"\xef\xbb\xbf" + STUDY.encode()) == []


def test_letters_stored_in_two_parts_are_stored_in_one(tmp_path: Path):
    split = unicodedata.normalize("NFD", "Løbenr på kursus")
    assert content(tmp_path, f"a: {split}\n") == {"a": "Løbenr på kursus"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("study: {id: a\n", "Check the indentation"),
        ("\tstudy: 3\n", "Indent with blanks"),
        ("a: b: c\n", "line 1"),
        ("a: *nobody\n", "line 1"),
        ("a: \x07\n", "Not valid YAML"),
        ("a: 1\n---\nb: 2\n", "Not valid YAML"),
        ("", "nothing stands where a block of keys belongs"),
        ("- a\n", "a list or a block stands where a block of keys belongs"),
        ("? [a]\n: 1\n", "A list or a block stands where a key belongs. Put the key in quotes."),
        ("~: 1\n", 'A key is empty. Write "" for the empty cell.'),
        ("a: !sprog x\n", "Put a text that begins with ! in quotes."),
    ],
)
def test_what_is_not_yaml_gives_a_sentence(tmp_path: Path, text: str, says: str):
    assert says in "\n".join(told(tmp_path, text))


def test_a_folder_in_the_place_of_a_file_gives_a_sentence(tmp_path: Path):
    (tmp_path / "study.yaml").mkdir()
    assert "The file cannot be read" in str(read_yaml(tmp_path / "study.yaml", against="study")[1][0])
