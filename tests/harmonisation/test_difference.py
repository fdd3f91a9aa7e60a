"""Two runs compared: what differs is said in words, and its cause as far as the ledgers can tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import CODEBOOK, crosswalk, make_study, write

from kij_analysis.cli import main
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation import Difference, Harmonised, compare, harmonise

JOB = (
    "status: {map: {from: Job, values: {Ja: employed, Nej: unemployed, Skole: education}}, status: complete}"
)
SKILL = (
    "skill: {rescale: {from: Q, scale: grade3_da, outputs: {score: {method: stretch, status: complete}, "
    "high: {method: threshold, at: I høj grad, status: complete}}}}"
)
HOURS = "hours: {direct: {from: Timer}, status: complete}"
RULES = f"{JOB}\n{SKILL}\n{HOURS}"
TABLE = """\
Id;Job;Q;Timer
anna;Ja;I nogen grad;37
birte;Ja;I høj grad;20
carla;Nej;Slet ikke;
dina;Skole;I nogen grad;10
"""


def made(folder: Path, rules: str = RULES, table: str = TABLE, **changes: object) -> Harmonised:
    codebook = changes.pop("codebook", CODEBOOK)
    text = crosswalk(rules, **changes)
    return harmonise(make_study(folder, {"end.csv": table}, {"end.csv": text}, codebook=codebook))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Harmonised:
    return made(tmp_path_factory.mktemp("before"))


def moved(found: Difference) -> list[tuple[str, str, str, int, str]]:
    names = ["column", "from", "to", "people", "cause"]
    return list(found.moves[names].itertuples(index=False, name=None))


def test_two_runs_of_the_same_differ_in_nothing(before: Harmonised, tmp_path: Path):
    found = compare(before, made(tmp_path))
    assert found.words() == ["Nothing differs between the two runs."]
    assert found.moves.empty and found.rules.empty and found.counts.empty


def test_a_changed_rule_is_named_with_the_people_whom_it_moved(before: Harmonised, tmp_path: Path):
    found = compare(before, made(tmp_path, RULES.replace("Ja: employed", "Ja: education")))
    assert moved(found) == [("status", "employed", "education", 2, "rule")]
    said = "\n".join(found.words())
    assert "2 people moved from 'word' to 'word' in status (word) (KVINFO, mentees, at the end)" in said
    assert (
        "because the rule in crosswalks/kv_end.yaml, line 3, changed: 'Ja' leads to 'word' instead of 'word'"
        in said
    )


def test_a_move_names_only_the_change_that_made_it(before: Harmonised, tmp_path: Path):
    rules = RULES.replace("Ja: employed", "Ja: education").replace("Nej: unemployed", "Nej: education")
    found = compare(before, made(tmp_path, rules))
    because = dict(zip(found.moves["from"], found.moves["because"], strict=True))
    assert "'Ja'" in because["employed"] and "'Nej'" not in because["employed"]
    assert "'Nej'" in because["unemployed"] and "'Ja'" not in because["unemployed"]


def test_a_moved_threshold_is_told_by_the_steps_of_the_scale(before: Harmonised, tmp_path: Path):
    found = compare(before, made(tmp_path, RULES.replace("at: I høj grad", "at: I nogen grad")))
    assert moved(found) == [("skill_high", "False", "True", 2, "rule")]
    assert "it is true from step 2 of the scale upwards instead of step 3" in found.words()[-1]


def test_a_changed_answer_in_the_file_is_the_files(before: Harmonised, tmp_path: Path):
    found = compare(before, made(tmp_path, table=TABLE.replace("carla;Nej", "carla;Skole")))
    assert moved(found) == [("status", "unemployed", "education", 1, "raw file")]
    assert "1 person moved" in found.words()[-1]
    assert "because the file end.csv is not the one of the run before" in found.words()[-1]


def test_a_rule_that_cannot_have_moved_somebody_is_not_blamed(before: Harmonised, tmp_path: Path):
    rules = RULES.replace("Skole: education", "Skole: unemployed")
    found = compare(before, made(tmp_path, rules, TABLE.replace("anna;Ja", "anna;Nej")))
    causes = {(row["from"], row["to"]): row["cause"] for row in found.moves.to_dict("records")}
    assert causes == {("employed", "unemployed"): "raw file", ("education", "unemployed"): "several"}
    assert "which of these moved them cannot be told" in "".join(found.words())


def test_a_number_is_not_told(before: Harmonised, tmp_path: Path):
    found = compare(before, made(tmp_path, table=TABLE.replace("37", "36").replace(";20", ";")))
    assert [row[:4] for row in moved(found)] == [
        ("hours", "(a value)", "(another value)", 1), ("hours", "(a value)", "", 1)
    ]  # fmt: skip
    assert "36" not in "".join(found.words()) and "37" not in "".join(found.words())


def test_a_rule_that_gives_other_numbers_is_named(before: Harmonised, tmp_path: Path):
    found = compare(
        before, made(tmp_path, RULES.replace("{method: stretch,", "{method: stretch, to: [0, 10],"))
    )
    assert [(row[0], row[3], row[4]) for row in moved(found)] == [("skill_score", 3, "rule")]
    assert "high is 10 instead of 100" in found.words()[-1]


def test_a_rule_that_lets_an_unreadable_number_pass_is_named(tmp_path: Path):
    strict = RULES.replace("{from: Timer}", "{from: Timer, missing: {20: refused}}")
    runs = [made(tmp_path / name, rules) for name, rules in (("a", RULES), ("b", strict))]
    found = compare(*runs)
    assert moved(found) == [("hours", "(a value)", "", 1, "rule")]


def test_a_scale_of_the_codebook_that_changed_is_the_codebooks(before: Harmonised, tmp_path: Path):
    scales = (
        CODEBOOK["scales.yaml"]
        .replace("{labels: {da: I nogen grad}}, ", "{labels: {da: Lidt}}, {labels: {da: I nogen grad}}, ")
        .replace("middle: true", "middle: false")
    )
    found = compare(before, made(tmp_path, codebook={**CODEBOOK, "scales.yaml": scales}))
    assert [row[:4] for row in moved(found)] == [("skill_score", "(a value)", "(another value)", 2)]
    assert set(found.moves["cause"]) == {"codebook"}
    assert "the codebook defines the scale grade3_da otherwise" in found.words()[-1]
    assert "The codebook file scales.yaml changed." in found.words()


def test_what_an_instrument_declares_is_a_cause_too(before: Harmonised, tmp_path: Path):
    found = compare(before, made(tmp_path, missing={"": "refused"}))
    assert moved(found) == [("hours", "", "", 1, "instrument")]
    assert "kv_end is declared otherwise (missing)" in found.words()[-1]


def test_people_who_came_and_went_are_counted_without_their_ids(before: Harmonised, tmp_path: Path):
    found = compare(before, made(tmp_path, table=TABLE.replace("dina", "eva") + "fatma;Ja;Slet ikke;1\n"))
    said = found.words()
    assert "KVINFO, mentees, at the end: 2 people in the new run only, 1 person in the old run only." in said
    assert "end.csv: 4 rows came out before, 5 now." in said
    assert found.moves.empty
    assert not any(name in "".join(said) for name in ("anna", "dina", "eva", "fatma"))


def test_a_column_that_is_decided_now_is_told_with_its_status(before: Harmonised, tmp_path: Path):
    rules = f"{RULES}\nin_work: {{map: {{from: Job, values: {{Ja: true, Nej: false, Skole: false}}}}, "
    found = compare(before, made(tmp_path, rules + "status: partial, because: x}"))
    assert "in_work of kv_end is partial; it was undetermined." in found.words()
    assert found.moves["people"].sum() == 4


def test_without_the_same_key_people_are_counted_and_not_followed(tmp_path: Path):
    for name in ("a", "b"):
        study = make_study(tmp_path / name, {"end.csv": TABLE}, {"end.csv": crosswalk(RULES)})
        text = study.path.read_text("utf-8").replace("key: keep_ids", f"key: {name}.key")
        study.path.write_text(text, encoding="utf-8")
        write(tmp_path / f"{name}.key", ("00" if name == "a" else "11") * 32)
    from kij_analysis.study import open_study

    runs = []
    for name in ("a", "b"):
        path = tmp_path / name / "study.yaml"
        key = (tmp_path / f"{name}.key").as_posix()
        path.write_text(
            path.read_text("utf-8").replace(f"key: {name}.key", f"key: '{key}'"), encoding="utf-8"
        )
        table = TABLE if name == "a" else TABLE.replace("anna;Ja", "anna;Nej")
        write(tmp_path / name / "data/raw/end.csv", table)
        runs.append(harmonise(open_study(tmp_path / name)))
    found = compare(*runs)
    assert not found.linked and found.moves.empty
    said = found.words()
    assert "The pseudonyms of the two runs are of different keys: nobody can be followed." in said
    assert "status (KVINFO, mentees, at the end): 'word' 2 before, 1 now." in said


def test_a_saved_run_compares_like_the_data_that_it_holds(before: Harmonised, tmp_path: Path):
    after = made(tmp_path / "study", RULES.replace("Ja: employed", "Ja: education"))
    before.save(tmp_path / "old")
    after.save(tmp_path / "new")
    assert compare(tmp_path / "old", tmp_path / "new").words() == compare(before, after).words()


def test_a_run_keeps_the_one_before_it_unless_it_is_the_same(before: Harmonised, tmp_path: Path):
    after = made(tmp_path / "study", RULES.replace("Ja: employed", "Ja: education"))
    place = tmp_path / "processed"
    before.save(place)
    assert not (place / "previous").exists()
    old = (place / "ledger.json").read_bytes()
    for _ in range(2):
        after.save(place)
        assert (place / "previous/ledger.json").read_bytes() == old
    assert moved(compare(place / "previous", place)) == [("status", "employed", "education", 2, "rule")]


def test_the_run_before_stays_if_the_new_one_cannot_be_saved(before: Harmonised, tmp_path: Path):
    place = tmp_path / "processed"
    before.save(place)
    after = made(tmp_path / "study", RULES.replace("Ja: employed", "Ja: education"))
    (place / "answers.csv").unlink()
    (place / "answers.csv").mkdir()
    with pytest.raises(UsageError):
        after.save(place)
    assert not (place / "previous").exists()


def test_a_folder_without_a_run_is_told(tmp_path: Path, before: Harmonised):
    with pytest.raises(UsageError, match="There is no folder"):
        compare(tmp_path / "nowhere", before)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"empty/ledger\.json: There is no ledger"):
        compare(tmp_path / "empty", before)
    before.save(tmp_path / "half")
    (tmp_path / "half/pairs.parquet").unlink()
    with pytest.raises(UsageError, match=r"half/pairs\.parquet: The run is not whole"):
        compare(tmp_path / "half", before)
    (tmp_path / "half/ledger.json").write_text('{"form": 1}', encoding="utf-8")
    with pytest.raises(UsageError, match="another version"):
        compare(before, tmp_path / "half")


def test_the_command_compares_the_run_before_with_the_present_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    study = make_study(tmp_path, {"end.csv": TABLE}, {"end.csv": crosswalk(RULES)})
    assert main(["harmonise", str(tmp_path)]) == 0
    assert main(["diff", "--study", str(tmp_path)]) == 2
    assert "There is no run before this one." in capsys.readouterr().err
    path = study.crosswalk(study.sources[0])
    write(path, path.read_text("utf-8").replace("Ja: employed", "Ja: education"))
    assert main(["harmonise", str(tmp_path)]) == 0
    assert main(["diff", "--study", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "2 people moved from 'word'" in out and "Internal" in out
    processed = tmp_path / "data/processed"
    assert main(["diff", str(processed), str(processed)]) == 0
    assert "Nothing differs" in capsys.readouterr().out
    assert main(["diff", str(processed)]) == 2
