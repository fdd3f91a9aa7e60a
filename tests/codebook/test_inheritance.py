"""A crosswalk based on last year's says only what differs; everything else is taken over."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import CODEBOOK, crosswalk, write

from kij_analysis.codebook import Codebook, Crosswalk, load_codebook, load_crosswalk
from kij_analysis.codebook.crosswalks import Map, Missing
from kij_analysis.errors import StudyError

LAST = crosswalk(
    """
gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete, decided_by: CM}
age: {direct: {from: Alder}, status: complete}
education:
  outputs:
    level: {map: {from: Skole, values: {Kort: low, Lang: high}}, status: complete}
    years: {direct: {from: År}, status: partial, because: rounded}
barriers:
  any_of: {from: Hvad, separator: ",", values: {Sprog: language, Net: network}, empty: no_answer}
  status: complete
""",
    title="Last year's",
    round="2024",
    population={"invited": 40},
    free_text=["Ord"],
    ignored={"Browser": "technical"},
    keys={"person_id": "Id", "date": "Dato"},
)


@pytest.fixture(scope="module")
def codebook(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    folder = tmp_path_factory.mktemp("codebook")
    for name, text in CODEBOOK.items():
        write(folder / name, text)
    return load_codebook(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "kv_end.yaml", LAST)
    return tmp_path


def based(
    folder: Path, codebook: Codebook, text: str = "", name: str = "kv_next", base: str = "kv_end"
) -> Crosswalk:
    head = f"based_on: {base}\ninstrument: {{id: {name}}}\n"
    write(folder / f"{name}.yaml", text if "instrument:" in text else head + text)
    return load_crosswalk(folder / f"{name}.yaml", codebook)


def told(folder: Path, codebook: Codebook, text: str) -> str:
    with pytest.raises(StudyError) as caught:
        based(folder, codebook, text)
    return str(caught.value)


def test_everything_is_taken_over_but_what_is_of_one_year(folder: Path, codebook: Codebook):
    now, last = based(folder, codebook), load_crosswalk(folder / "kv_end.yaml", codebook)
    assert [(rule.column, rule.spec, rule.status) for rule in now.rules] == [
        (rule.column, rule.spec, rule.status) for rule in last.rules
    ]
    assert now.instrument.file == last.instrument.file
    assert now.instrument.keys == last.instrument.keys
    assert (now.instrument.title, now.instrument.round, dict(now.instrument.population)) == ("", "", {})
    assert (now.based_on, [path.name for path in now.bases]) == ("kv_end", ["kv_end.yaml"])


def test_a_rule_taken_over_is_told_with_the_line_of_its_own_file(folder: Path, codebook: Codebook):
    now = based(folder, codebook, "rules:\n  age: {constant: {value: 30}, status: complete}\n")
    assert (now.rule("gender").file, now.rule("gender").line) == ("crosswalks/kv_end.yaml", 3)
    assert (now.rule("age").file, now.rule("age").line) == ("crosswalks/kv_next.yaml", 4)


def test_settings_are_filled_up(folder: Path, codebook: Codebook):
    text = """
based_on: kv_end
instrument:
  id: kv_next
  round: "2025"
  file: {format: delimited, encoding: cp1252}
  keys: {date: Dag}
  missing: {x: refused}
  free_text: [Mere]
"""
    found = based(folder, codebook, text).instrument
    assert (found.file.encoding, found.file.delimiter) == ("cp1252", ";")
    assert dict(found.keys) == {"person_id": "Id", "date": "Dag"}
    assert dict(found.missing) == {"": "no_answer", "x": "refused"}
    assert found.free_text == ("Ord", "Mere")


def test_a_map_may_say_only_the_answers_that_are_new(folder: Path, codebook: Codebook):
    changed = "map: {inherit: true, values: {Andet: other, Mand: {missing: refused}}}"
    found = based(folder, codebook, f"rules:\n  gender: {{{changed}, on: 2026-01-02}}\n").rule("gender")
    assert isinstance(found.spec, Map)
    assert found.spec.values == {"Kvinde": "woman", "Mand": Missing("refused"), "Andet": "other"}
    assert (found.spec.source, found.status, found.decided_by, found.on) == (
        "Køn",
        "complete",
        "CM",
        "2026-01-02",
    )


def test_an_output_may_differ_alone(folder: Path, codebook: Codebook):
    text = "rules:\n  education: {outputs: {level: {map: {inherit: true, values: {Mellem: medium}}}}}\n"
    now = based(folder, codebook, text)
    assert list(now.rule("education_level").spec.values) == ["Kort", "Lang", "Mellem"]
    assert now.rule("education_years").status == "partial"
    later = based(
        folder,
        codebook,
        "rules:\n  education: {outputs: {years: {direct: {inherit: true, otherwise: invalid}}}}\n",
        name="kv_later",
        base="kv_next",
    )
    assert list(later.rule("education_level").spec.values) == ["Kort", "Lang", "Mellem"]
    assert (later.rule("education_years").spec.source, later.rule("education_years").because) == (
        "År",
        "rounded",
    )
    assert [path.stem for path in later.bases] == ["kv_next", "kv_end"]


def test_a_new_rule_for_the_barriers_replaces_all_that_the_old_one_filled(folder: Path, codebook: Codebook):
    rule = 'any_of: {from: H, separator: ",", values: {Andet: other}, empty: none}'
    now = based(folder, codebook, f"rules:\n  barriers: {{{rule}, status: complete}}\n")
    statuses = [now.rule(f"barrier_{code}").status for code in ("language", "network", "other")]
    assert statuses == ["undetermined", "undetermined", "complete"]


def test_barriers_may_be_left_open_or_dropped_as_a_whole(folder: Path, codebook: Codebook):
    now = based(folder, codebook, "rules:\n  barriers: {undetermined: {because: changed}}\n")
    assert {now.rule(f"barrier_{code}").status for code in ("language", "network")} == {"undetermined"}
    gone = based(folder, codebook, "dropped: [barriers, age]\n")
    found = [gone.rule(name) for name in ("barrier_language", "barrier_network", "age")]
    assert {(rule.status, rule.detail, rule.because) for rule in found} == {
        ("impossible", "unavailable", "dropped from the questionnaire")
    }
    assert (gone.rule("age").file, gone.rule("age").line) == ("crosswalks/kv_next.yaml", 3)


def test_a_renamed_column_is_renamed_wherever_it_is_read(folder: Path, codebook: Codebook):
    now = based(
        folder, codebook, "renamed: {Køn: Kvinde eller mand, Id: Nr, Ord: Andre ord, Hvad: Hvad nu}\n"
    )
    assert now.rule("gender").sources == ("Kvinde eller mand",)
    assert now.rule("barrier_language").sources == ("Hvad nu",)
    assert now.instrument.keys["person_id"] == "Nr"
    assert now.instrument.free_text == ("Andre ord",)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("renamed: {Kjøn: K}\n", "line 3: renamed: has 'Kjøn', which the crosswalk before does not read."),
        ("dropped: [aeg]\n", "line 3: The codebook has no variable 'aeg'. Did you mean 'age'?"),
        ("rules:\n  hours: {direct: {inherit: true}}\n", "line 4: 'hours' inherits, and the crosswalk"),
        ("rules:\n  age: {direct: {}, status: complete}\n", "line 4: rules.age.direct: 'from' is missing."),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_over_is_told_with_its_line(
    folder: Path, codebook: Codebook, text: str, sentence: str
):
    assert f"crosswalks/kv_next.yaml, {sentence}" in told(folder, codebook, text)


def test_a_mistake_of_last_years_crosswalk_is_told_with_its_own_file(folder: Path, codebook: Codebook):
    write(folder / "kv_end.yaml", LAST.replace("Kvinde: woman", "Kvinde: women"))
    assert "crosswalks/kv_end.yaml, line 3: 'women' is not a category of 'gender'." in told(
        folder, codebook, ""
    )


def test_crosswalks_may_not_run_in_a_circle(folder: Path, codebook: Codebook):
    write(folder / "kv_end.yaml", "based_on: kv_next\ninstrument: {id: kv_end}\n")
    assert "based_on: leads in a circle back to 'kv_next'." in told(folder, codebook, "")
    write(folder / "self.yaml", "based_on: self\ninstrument: {id: self}\n")
    with pytest.raises(StudyError, match="in a circle"):
        load_crosswalk(folder / "self.yaml", codebook)


def test_a_crosswalk_to_be_based_on_that_is_not_there_is_told(folder: Path, codebook: Codebook):
    text = "based_on: kv_edn\ninstrument: {id: kv_next}\n"
    found = told(folder, codebook, text)
    assert (
        "line 1: There is no crosswalk 'kv_edn' to be based on" in found and "Did you mean 'kv_end'?" in found
    )


@pytest.mark.parametrize("key", ["dropped: [age]", "renamed: {Alder: Age}"])
def test_what_says_how_to_differ_needs_something_to_differ_from(folder: Path, codebook: Codebook, key: str):
    write(folder / "kv_end.yaml", f"{LAST}{key}\n")
    with pytest.raises(StudyError, match="is for a crosswalk that is based on another"):
        load_crosswalk(folder / "kv_end.yaml", codebook)


def test_a_rule_may_inherit_only_in_a_crosswalk_that_is_based_on_another(folder: Path, codebook: Codebook):
    write(folder / "kv_end.yaml", LAST.replace("{direct: {from: Alder}", "{direct: {inherit: true}"))
    with pytest.raises(StudyError, match="inherit: is for a crosswalk that is based on another"):
        load_crosswalk(folder / "kv_end.yaml", codebook)


def test_an_instrument_of_its_own_still_needs_everything(folder: Path, codebook: Codebook):
    write(folder / "alone.yaml", "instrument: {id: alone, role: mentee, wave: end}\nrules: {}\n")
    with pytest.raises(StudyError, match="'programme', 'file', 'keys' is missing"):
        load_crosswalk(folder / "alone.yaml", codebook)
