"""findings.yaml: what is shipped, and what is said of a file that is wrong."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from kij_analysis.errors import StudyError
from kij_analysis.findings import ABOUT, KINDS, NEEDED, TOPICS, VERDICTS, load
from kij_analysis.study import Study, open_study
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES, causal_words

STUDY = open_study(template_folder())
TEXT = (template_folder() / "codebook" / "findings.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def findings():
    return load(STUDY)


def test_at_least_thirty_findings_of_every_topic_are_shipped(findings):
    assert len(findings) >= 30
    assert {one.topic for one in findings.values()} == set(TOPICS)
    assert {one.about for one in findings.values()} <= set(ABOUT)


def test_every_kind_of_test_but_one_is_in_use(findings):
    # Nothing that was published says that something has not changed.
    assert set(KINDS) - {one.test.kind for one in findings.values()} == {"change_near"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_names_a_cause_or_is_left_in_english(findings, language):
    texts = {code: one.sentence[language] for code, one in findings.items()}
    assert {
        code: causal_words(text, language) for code, text in texts.items() if causal_words(text, language)
    } == {}
    if language != "en":
        assert [code for code, text in texts.items() if text == findings[code].sentence["en"]] == []
    assert all(text.endswith(".") and text[0].isupper() and "  " not in text for text in texts.values())


def test_every_finding_has_a_sentence_of_its_own(findings):
    for language in LANGUAGES:
        sentences = [one.sentence[language] for one in findings.values()]
        assert len(sentences) == len(set(sentences))


# ---------------------------------------------------------------- a file that is wrong


def study_with(folder: Path, text: str) -> Study:
    """The shipped study with another findings file."""
    codebook = folder / "codebook"
    codebook.mkdir(parents=True)
    for path in (template_folder() / "codebook").glob("*.yaml"):
        shutil.copy(path, codebook)
    (codebook / "findings.yaml").write_text(text, "utf-8")
    return replace(STUDY, folders={**STUDY.folders, "codebook": codebook})


def one_finding(*, test: str, sentence: str = "Many are in work.", rest: str = "said_of: [kvinfo]") -> str:
    texts = ", ".join(f"{code}: ”{sentence}”" for code in LANGUAGES).replace("”", '"')
    return (
        f"findings:\n  mine:\n    topic: outcomes\n    about: mentees\n    {rest}\n"
        f"    source: [kvinfo_may_2022]\n    sentence: {{{texts}}}\n    test:\n      {test}\n"
        "    basis: because\n"
    )


SHARE = "share_at_least: {variable: network_high, share: 0.5}"


def test_a_finding_of_ones_own_is_a_few_lines(tmp_path):
    (found,) = load(study_with(tmp_path, one_finding(test=SHARE))).values()
    assert (found.id, found.test.kind, found.test.basis) == ("mine", "share_at_least", "because")


MISTAKES = {
    "an unknown kind": (
        one_finding(test="share_over: {variable: network_high, share: 0.5}"),
        r"findings.yaml, line 9: .*the key 'share_over' is not known",
    ),
    "two tests": (
        one_finding(test=SHARE + "\n      change_above: {variable: network_score}"),
        "findings.mine.test",
    ),
    "an unknown column": (
        one_finding(test="share_at_least: {variable: netwrk_high, share: 0.5}"),
        r"line 9: mine: 'netwrk_high' is no harmonised column. Did you mean 'network_high'\?",
    ),
    "a share of a number": (
        one_finding(test="share_at_least: {variable: network_score, share: 0.5}"),
        "'network_score' is a number, of which there is no share. Name a column",
    ),
    "categories that are not said": (
        one_finding(test="share_at_least: {variable: labour_status, share: 0.5}"),
        "'labour_status' has categories, and answers does not say which count",
    ),
    "an unknown category": (
        one_finding(test="share_at_least: {variable: labour_status, answers: [emploied], share: 0.5}"),
        "'emploied' is no category of labour_status. Did you mean 'employed'",
    ),
    "a share of 50": (
        one_finding(test="share_at_least: {variable: network_high, share: 50}"),
        "50 is greater than",
    ),
    "neither variable nor definition": (
        one_finding(test="share_at_least: {share: 0.5}"),
        "exactly one of 'definition' and 'variable' must stand here",
    ),
    "an unknown definition": (
        one_finding(
            test="share_at_least: "
            "{definition: {indicator: employed, denominator: all, timing: at_end}, share: 0.5}"
        ),
        "'all' is no denominator that can be counted",
    ),
    "an unknown source": (
        one_finding(test=SHARE).replace("kvinfo_may_2022", "kvinfo_may_2202"),
        "line 6: mine: 'kvinfo_may_2202' is no source of sources.csv. Did you mean 'kvinfo_may_2022'",
    ),
    "an unknown programme": (
        one_finding(test=SHARE, rest="said_of: [kvinfoo]"),
        "'kvinfoo' is no programme of programmes.yaml. Did you mean 'kvinfo'",
    ),
    "nobody to ask": (one_finding(test=SHARE, rest="beside: {indicator: employed}"), "said_of is missing"),
    "an unknown barrier": (
        one_finding(test="barrier_among_top: {barrier: langage, top: 3}"),
        "'langage' is no barrier that is asked about. Did you mean 'language'",
    ),
    "an unknown printed number": (
        one_finding(test="printed_at_least: {record: womento_x, share: 0.5}"),
        "'womento_x' is no printed number",
    ),
    "an unknown need": (one_finding(test="not_testable: {needed: [luck]}"), "'luck' is not known"),
    "a sentence that names a cause": (
        one_finding(test=SHARE, sentence="Many are in work thanks to their mentors."),
        r"the sentence names a cause \('thanks to'\), and 'share_at_least' cannot show one",
    ),
    "a language that is missing": (one_finding(test=SHARE).replace('fi: "', 'xx: "'), "'fi' is missing"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place_and_the_way_out(text, said, tmp_path):
    with pytest.raises(StudyError) as raised:
        load(study_with(tmp_path, text))
    assert re.search(said, str(raised.value)), str(raised.value)
    assert all(problem.file == "codebook/findings.yaml" and problem.line for problem in raised.value.problems)


def test_all_mistakes_are_told_at_once(tmp_path):
    text = one_finding(test="share_at_least: {variable: nothing_high, share: 0.5}", rest="said_of: [nobody]")
    with pytest.raises(StudyError) as raised:
        load(study_with(tmp_path, text))
    assert len(raised.value.problems) == 2


def test_a_cause_may_be_named_where_a_comparison_group_can_tell(tmp_path):
    test = "effect_above: {outcome: network_high, before: [network_score]}"
    text = one_finding(test=test, sentence="Many know more people because of their mentor.")
    assert load(study_with(tmp_path, text))["mine"].test.kind == "effect_above"


def test_a_study_without_a_findings_file_uses_the_shipped_one(tmp_path):
    study = study_with(tmp_path, "")
    (study.folders["codebook"] / "findings.yaml").unlink()
    assert list(load(study)) == list(load(STUDY))


def test_the_example_of_the_guide_can_be_used_as_it_stands(tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "write-a-finding.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (found,) = load(study_with(tmp_path, example)).values()
    assert (found.id, found.test.kind) == ("many_mentors_learn", "share_at_least")
    with pytest.raises(StudyError) as raised:
        load(study_with(tmp_path / "again", example.replace("mentor_insight_high", "mentor_insigth_high")))
    said = "error: " + str(raised.value)
    assert said in " ".join(text.split())


def test_the_guide_names_all_that_a_findings_file_may_hold():
    text = (Path(__file__).parents[2] / "docs" / "write-a-finding.md").read_text("utf-8")
    for names in (KINDS, VERDICTS, NEEDED, TOPICS, ABOUT):
        assert [name for name in names if f"`{name}`" not in text] == []
