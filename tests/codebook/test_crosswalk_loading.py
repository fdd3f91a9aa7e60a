"""What a crosswalk says becomes rules: one for every harmonised column."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from study_maker import CODEBOOK, crosswalk, write

from kij_analysis.codebook import Crosswalk, load_codebook, load_crosswalk
from kij_analysis.codebook.crosswalks import (
    Absent,
    ColumnPerAnswer,
    Constant,
    Direct,
    ManyInOneCell,
    Map,
    Missing,
    Stretch,
    Threshold,
)


def load(folder: Path, rules: str, **changes: object) -> Crosswalk:
    for name, text in CODEBOOK.items():
        write(folder / name, text)
    path = folder / "crosswalks" / "kv_end.yaml"
    write(path, crosswalk(rules, **changes))
    return load_crosswalk(path, load_codebook(folder))


def test_there_is_one_rule_for_every_harmonised_column_in_the_codebooks_order(tmp_path: Path):
    rules = load(tmp_path, "hours: {direct: {from: T}, status: complete}").rules
    assert [rule.column for rule in rules] == list(load_codebook(tmp_path).columns)


def test_a_variable_without_a_rule_is_undetermined(tmp_path: Path):
    rule = load(tmp_path, "").rule("gender")
    assert (rule.status, rule.spec, rule.because) == ("undetermined", Absent(), "no rule yet")


def test_an_output_without_a_rule_is_undetermined(tmp_path: Path):
    found = load(tmp_path, "education: {outputs: {years: {direct: {from: A}, status: complete}}}")
    assert (found.rule("education_years").status, found.rule("education_level").status) == (
        "complete",
        "undetermined",
    )


def test_a_rule_says_who_decided_when_and_where_it_stands(tmp_path: Path):
    rule = load(
        tmp_path,
        """
        hours:
          direct: {from: Timer, missing: {97: not_applicable}, otherwise: invalid}
          status: partial
          detail: compatible
          because: rounded
          decided_by: CM
          on: 2026-03-02
        """,
    ).rule("hours")
    assert rule.spec == Direct(source="Timer", missing={97: "not_applicable"}, otherwise="invalid")
    assert (rule.kind, rule.status, rule.detail, rule.because) == (
        "direct",
        "partial",
        "compatible",
        "rounded",
    )
    assert (rule.decided_by, rule.on, rule.line) == ("CM", "2026-03-02", 3)


def test_a_map_leads_from_answers_to_values_and_reasons(tmp_path: Path):
    rule = load(
        tmp_path, "gender: {map: {from: K, values: {1: woman, Nej: {missing: refused}}}, status: complete}"
    ).rule("gender")
    assert rule.spec == Map(source="K", values={1: "woman", "Nej": Missing("refused")})


def test_a_rescale_gives_each_output_a_rule_with_its_own_status(tmp_path: Path):
    found = load(
        tmp_path,
        """
        skill:
          rescale:
            from: Q
            scale: grade4_nb
            missing: {97: not_applicable}
            outputs:
              score: {method: stretch, to: [0, 10], status: partial, because: equal steps}
              high: {method: threshold, at: Nokså godt, status: complete}
          decided_by: CM
        """,
    )
    score, high = found.rule("skill_score"), found.rule("skill_high")
    assert score.spec == Stretch(
        source="Q", scale="grade4_nb", low=0, high=10, missing={97: "not_applicable"}
    )
    assert high.spec == Threshold(source="Q", scale="grade4_nb", at=2, missing={97: "not_applicable"})
    assert (score.status, score.because, high.status) == ("partial", "equal steps", "complete")
    assert (score.decided_by, high.decided_by) == ("CM", "CM")


@pytest.mark.parametrize("step", ["3", "'3'", "Nokså godt"])
def test_a_step_is_named_by_its_code_or_by_its_label(tmp_path: Path, step: str):
    rules = "skill: {rescale: {from: Q, scale: grade4_nb, outputs: {high: {method: threshold, at: STEP}}}}"
    rules = rules.replace("STEP}}}", f"{step}, status: complete}}}}}}")
    spec = load(tmp_path, rules).rule("skill_high").spec
    assert isinstance(spec, Threshold)
    assert spec.at == 2


def test_one_output_may_be_rescaled_while_another_is_impossible(tmp_path: Path):
    found = load(
        tmp_path,
        """
        skill:
          outputs:
            score: {impossible: {detail: incompatible, because: other steps}}
            high:
              rescale: {from: Q, scale: grade3_da, outputs: {high: {method: threshold, at: I høj grad}}}
              status: complete
          decided_by: CM
        """,
    )
    assert (found.rule("skill_score").status, found.rule("skill_high").status) == ("impossible", "complete")
    assert found.rule("skill_high").decided_by == "CM"


def test_the_group_of_barriers_fills_each_barrier_that_it_names(tmp_path: Path):
    found = load(
        tmp_path,
        """
        barriers:
          any_of: {from: Q, separator: ;, empty: refused, values: {S: language, Tid: time_work, Ingen: none}}
          status: complete
        """,
    )
    assert isinstance(found.rule("barrier_language").spec, ManyInOneCell)
    assert found.rule("barrier_network").status == "undetermined"


OWN = "barrier_language: {impossible: {because: not asked alone}}\n"
GROUP = """\
barriers:
  any_of:
    columns: {A: language, B: network}
    chosen: [x]
    not_chosen: [""]
    none_chosen: none
  status: complete
"""


@pytest.mark.parametrize("rules", [OWN + GROUP, GROUP + OWN], ids=["before", "after"])
def test_a_barriers_own_rule_beats_the_group_wherever_it_stands(tmp_path: Path, rules: str):
    found = load(tmp_path, rules)
    assert found.rule("barrier_language").status == "impossible"
    network = found.rule("barrier_network")
    assert isinstance(network.spec, ColumnPerAnswer)
    assert network.sources == ("A", "B")


def test_a_constant_holds_for_everybody(tmp_path: Path):
    rule = load(tmp_path, "gender: {constant: {value: woman}, status: complete}").rule("gender")
    assert (rule.spec, rule.sources) == (Constant(value="woman"), ())


@pytest.mark.parametrize("kind", ["impossible", "undetermined", "not_applicable"])
def test_a_column_that_is_not_filled_has_its_kind_as_status_and_a_reason(tmp_path: Path, kind: str):
    rule = load(tmp_path, f"education: {{{kind}: {{because: three groups}}}}").rule("education_years")
    assert (rule.status, rule.because) == (kind, "three groups")


def test_the_instrument_holds_what_the_file_says_about_it(tmp_path: Path):
    found = load(
        tmp_path, "", round="2024", languages=["da"], free_text=["Andet"], population={"invited": 240}
    ).instrument
    assert (found.round, found.languages, found.free_text) == ("2024", ("da",), ("Andet",))
    assert (found.population, found.file.decimal, found.file.thousands) == ({"invited": 240}, ",", "")


def test_names_of_columns_match_whatever_way_their_letters_are_stored(tmp_path: Path):
    split = unicodedata.normalize("NFD", "Løbenr på skærm")
    assert load(tmp_path, "", keys={"person_id": split}).instrument.keys["person_id"] == "Løbenr på skærm"


def test_a_crosswalk_in_json_is_yaml_too(tmp_path: Path):
    text = crosswalk("gender: {constant: {value: woman}, status: complete}")
    instrument = json.loads(text.splitlines()[0].removeprefix("instrument: "))
    rules = {"gender": {"constant": {"value": "woman"}, "status": "complete"}}
    load(tmp_path, "")
    path = tmp_path / "crosswalks" / "kv_end.yaml"
    write(path, json.dumps({"instrument": instrument, "rules": rules}, indent=1))
    assert load_crosswalk(path, load_codebook(tmp_path)).rule("gender").status == "complete"
