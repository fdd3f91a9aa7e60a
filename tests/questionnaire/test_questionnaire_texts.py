"""The questions and answers of the core questionnaire, and what a broken one says."""

from __future__ import annotations

import re
import shutil
import string

import pytest

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.errors import StudyError
from kij_analysis.questionnaire import form, load_questionnaire
from kij_analysis.words import LANGUAGES

FORMS = [("mentee", "entry"), ("mentee", "end"), ("mentee", "follow_up"), ("mentor", "end")]
NORDIC = [language for language in LANGUAGES if language != "en"]

# Codes that have been printed once. A new option may come with a new code; these may never change.
PRINTED = """
gender:
    1 woman, 2 man, 3 other
birth_place:
    1 native_born, 2 foreign_born
region_of_origin:
    1 eu_eea_nordic, 2 other_europe, 3 western_asia_northern_africa, 4 sub_saharan_africa, 5
    south_central_asia, 6 east_southeast_asia, 7 latin_america, 8 north_america_oceania
ground_for_residence:
    1 protection, 2 family, 3 work, 4 study, 5 free_movement, 6 other
municipality_type:
    1 city, 2 town_suburb, 3 rural
education:
    1 isced_0_1, 2 isced_2, 3 isced_3, 4 isced_4, 5 isced_5, 6 isced_6, 7 isced_7, 8 isced_8
field_of_education:
    0 generic, 1 education, 2 arts_humanities, 3 social_sciences, 4 business_law, 5
    natural_sciences, 6 ict, 7 engineering, 8 agriculture, 9 health_welfare, 10 services
education_recognised:
    1 recognised, 2 partly_recognised, 3 pending, 4 not_recognised, 5 not_applied
labour_status:
    1 employed, 2 subsidised_job, 3 internship, 4 education, 5 language_course, 6
    parental_leave, 7 unemployed, 8 outside_labour_force
cefr_level:
    0 pre_a1, 1 a1, 2 a2, 3 b1, 4 b2, 5 c1, 6 c2
barriers:
    1 language, 2 qualification_recognition, 3 education_prerequisites, 4 work_experience, 5
    health, 6 care_family, 7 labour_market_knowledge, 8 self_confidence, 9 legal_status, 10
    discrimination, 11 no_suitable_job, 12 network, 13 employer_support, 14 cost, 15 other, 0
    none
completed:
    1 completed, 2 dropped_out, 3 ongoing
reason_not_completed:
    1 job, 2 education, 3 moved, 4 health, 5 family, 6 mismatch, 7 time, 8 other
job_matches_qualifications:
    1 True, 0 False
education_from_abroad:
    1 True, 0 False
same_occupation:
    1 True, 0 False
"""


def printed() -> dict[str, set[tuple[str, str]]]:
    """The answers of each question as (code, result)."""
    found = {}
    for entry in re.split(r"\n(?=\S)", PRINTED.strip()):
        name, pairs = entry.split(":")
        found[name] = {tuple(pair.split()) for pair in pairs.split(",")}
    return found


# ------------------------------------------------------------------ questions and answers


@pytest.mark.parametrize(("role", "wave"), FORMS)
def test_every_variable_that_the_codebook_asks_of_a_role_stands_in_its_form(core, role, wave):
    asked = {
        core.variable(question).name for section in core.asked(role, wave) for question in section.questions
    }
    wanted = {
        variable.name
        for variable in core.codebook.variables.values()
        if variable.frame != "key" and not variable.not_asked(role, wave)
    }
    barriers = set(core.codebook.barrier_variables)
    assert asked - barriers == wanted - barriers - set(core.given)
    assert bool(asked & barriers) == bool(wanted & barriers)


def test_every_question_speaks_five_languages(core):
    spoken = [text for q in core.questions.values() for text in (q.texts, *q.texts_for.values())]
    spoken += [option.texts for q in core.questions.values() for option in (*q.options, *q.beside)]
    assert {tuple(sorted(texts)) for texts in spoken} == {tuple(sorted(LANGUAGES))}
    assert all(text.strip() == text and text for texts in spoken for text in texts.values())


@pytest.mark.parametrize("language", NORDIC)
def test_no_question_is_left_in_english(core, language):
    same = [
        question.name
        for question in core.questions.values()
        for texts in (question.texts, *question.texts_for.values())
        if texts[language] == texts["en"]
    ]
    assert same == []


def test_a_question_ends_with_a_question_mark_or_says_how_to_choose(core):
    texts = [
        t for q in core.questions.values() for one in (q.texts, *q.texts_for.values()) for t in one.values()
    ]
    assert [text for text in texts if "?" not in text or text[-1] not in "?."] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_texts_around_the_questions_have_the_same_placeholders(core, language):
    def names(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key: names(t[language]) for key, t in core.texts.items()} == {
        key: names(t["en"]) for key, t in core.texts.items()
    }


def test_printed_codes_never_change(core):
    now = {
        name: {(option.code, str(option.result)) for option in question.options}
        for name, question in core.questions.items()
        if question.kind in ("one", "several")
    }
    gone = {name: pairs - now.get(name, set()) for name, pairs in printed().items()}
    assert {name: pairs for name, pairs in gone.items() if pairs} == {}


def test_answers_that_are_none_have_the_same_codes_everywhere(core):
    codes = {
        (option.result.reason, option.code)
        for question in core.questions.values()
        for option in question.beside
        if isinstance(option.result, Missing)
    }
    assert codes == {("dont_know", "-3"), ("refused", "-4"), ("not_applicable", "-2")}


def test_nobody_must_answer_a_question(core):
    """Everyone may at least say that she does not want to."""
    reasons = {name: [option.result.reason for option in q.beside] for name, q in core.questions.items()}
    assert [name for name, found in reasons.items() if "refused" not in found] == []


def test_all_ratings_use_one_scale_of_five_steps_in_every_language(core):
    assert [step.code for step in core.scale.categories] == ["1", "2", "3", "4", "5"]
    assert all(set(step.labels) == set(LANGUAGES) for step in core.scale.categories)


# ------------------------------------------------------------------ forms


@pytest.mark.parametrize(("role", "wave"), FORMS)
def test_a_form_is_the_same_in_every_language_but_for_its_words(core, role, wave):
    def bones(language: str) -> list[object]:
        made = form(core, role=role, wave=wave, language=language)
        return [
            (item.number, item.name, item.kind, item.only_if, [c.code for c in (*item.choices, *item.beside)])
            for item in made.items
        ]

    assert all(bones(language) == bones("en") for language in NORDIC)
    assert [row[0] for row in bones("en")] == list(range(1, len(bones("en")) + 1))


def test_a_mentor_reads_about_her_mentee(core):
    mentee, mentor = (form(core, role=role, wave="end", language="da") for role in ("mentee", "mentor"))
    trust = [next(i.text for i in f.items if i.name == "relationship_trust") for f in (mentee, mentor)]
    assert ("din mentor?" in trust[0], "din mentee?" in trust[1]) == (True, True)


def test_a_filter_names_the_question_and_the_answers_that_decide(core):
    made = form(core, role="mentee", wave="end", language="en")
    number = next(item.number for item in made.items if item.name == "labour_status")
    hours = next(item for item in made.items if item.name == "hours")
    assert hours.condition == f"Only if you answered 1 or 2 to question {number}."
    assert hours.only_if == ("labour_status", ("1", "2"))


def test_a_filter_whose_question_stands_in_another_form_is_not_printed(core):
    follow_up = form(core, role="mentee", wave="follow_up", language="en")
    decided = {item.only_if[0] for item in follow_up.items} - {""}
    assert decided <= {item.name for item in follow_up.items}


# ------------------------------------------------------------------ broken questionnaires

BROKEN = {
    "an unknown variable": ("  gender:\n    text:", "  gendre:\n    text:", "no question 'gender'"),
    "a category without an option": ("      man: {code: 2}\n", "", "'man' has no option"),
    "a code used twice": ("man: {code: 2}", "man: {code: 1}", "2 options have the code 1"),
    "the code of a missing reason": ("man: {code: 2}", "man: {code: -4}", "2 options have the code -4"),
    "an option that leads nowhere": ("man: {code: 2}", "mann: {code: 2}", "'mann' is no answer of it"),
    "an unknown scale": ("id: core_degree5", "id: core_degree", "no scale 'core_degree'"),
    "a step that the scale does not have": ("high: 4", "high: 6", "has no code '6'"),
    "an unknown reason": ("missing: [dont_know, refused]", "missing: [dont_no]", "'dont_no' is not known"),
    "a question in two sections": (
        "questions: [barriers]",
        "questions: [barriers, gender]",
        "stands here and",
    ),
    "a question in no section": (
        "questions: [barriers]",
        "questions: [gender]",
        "'barriers' stands in no section",
    ),
    "an output with an unknown value": ("isced_0_1: low", "isced_0_1: lov", "leads to 'lov' in group"),
    "an output without a value": (
        "    also:\n      group:",
        "    also:\n      grupp:",
        "outputs 'group' get no value",
    ),
    "free text beside nothing": ("free_text: other", "free_text: others", "no option 'others'"),
    "a variable that nobody asks": (
        "  weight: everybody",
        "  hours: everybody",
        "'weight' is asked by the codebook",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_questionnaire_is_told_with_its_line(case, shipped, codebook, tmp_path):
    old, new, said = BROKEN[case]
    text = (shipped / "questionnaire.yaml").read_text("utf-8")
    assert old in text
    (tmp_path / "questionnaire.yaml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(StudyError, match=said) as caught:
        load_questionnaire(tmp_path, codebook)
    assert all(problem.line for problem in caught.value.problems)


def test_a_text_that_means_two_answers_is_refused(shipped, codebook, tmp_path):
    text = (shipped / "questionnaire.yaml").read_text("utf-8")
    assert text.count("Kielikurssilla") == 1
    (tmp_path / "questionnaire.yaml").write_text(text.replace("Kielikurssilla", "Opiskelen"), "utf-8")
    with pytest.raises(StudyError, match="'opiskelen' is the text of 4 and of 5"):
        load_questionnaire(tmp_path, codebook)


def test_a_codebook_without_a_questionnaire_is_told(shipped, codebook, tmp_path):
    shutil.copy(shipped / "scales.yaml", tmp_path)
    with pytest.raises(StudyError, match="does not exist"):
        load_questionnaire(tmp_path, codebook)
