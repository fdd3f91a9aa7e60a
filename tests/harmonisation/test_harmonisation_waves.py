"""What one wave asked and another did not."""

from __future__ import annotations

from pathlib import Path

from study_maker import CODEBOOK, crosswalk, make_study

from kij_analysis.harmonisation import Harmonised, harmonise

AT_ENTRY = {
    **CODEBOOK,
    "variables.yaml": CODEBOOK["variables.yaml"]
    .replace("gender:\n    {", "gender:\n    {asked_of: {mentee: [entry]}, ")
    .replace("age: {", "age: {asked_of: {mentee: [entry]}, "),
}
ENTRY = "Id;Køn;Alder\na;K;30\nb;;?\nc;M;\n"
END = "Id;Status\na;Job\nb;Job\nc;Job\nd;Job\n"
ASKED = """
    gender: {map: {from: Køn, values: {K: woman, M: man}}, status: complete}
    age: {direct: {from: Alder}, status: complete}
"""
LATER = "status: {map: {from: Status, values: {Job: employed}}, status: complete}"


def two_waves(folder: Path) -> Harmonised:
    missing = {"": "no_answer", "?": "refused"}
    texts = {
        "entry.csv": crosswalk(ASKED, id="kv_entry", wave="entry", missing=missing),
        "end.csv": crosswalk(LATER, missing=missing),
    }
    return harmonise(make_study(folder, {"entry.csv": ENTRY, "end.csv": END}, texts, codebook=AT_ENTRY))


def told(frame, column: str) -> dict[str, str]:
    """The value of each person, or the reason why there is none."""
    shown = (
        frame[column].astype(object).where(frame[column].notna(), frame[f"{column}_missing"].astype(object))
    )
    return dict(zip(frame["person_id"], shown, strict=True))


def test_a_wave_that_did_not_ask_does_not_hide_a_reason_from_one_that_did(tmp_path):
    people = two_waves(tmp_path).people
    assert told(people, "age") == {"a": 30, "b": "refused", "c": "no_answer", "d": "not_asked"}


def test_the_gender_told_at_entry_stands_in_all_answers_of_the_person(tmp_path):
    answers = two_waves(tmp_path).answers
    assert told(answers[answers["wave"] == "end"], "gender") == {
        "a": "woman", "b": "no_answer", "c": "man", "d": "not_asked"
    }  # fmt: skip
    assert list(answers["gender"].cat.categories) == ["woman", "man", "other"]
