"""The crosswalk that is made with a form."""

from __future__ import annotations

import pytest

from kij_analysis.codebook import load_crosswalk
from kij_analysis.errors import UsageError
from kij_analysis.harmonisation import compile_crosswalk
from kij_analysis.questionnaire import blank_export, codes, crosswalk, form
from kij_analysis.words import LANGUAGES

FORMS = [("mentee", "entry"), ("mentee", "end"), ("mentee", "follow_up"), ("mentor", "end")]


def loaded(core, folder, role, wave, programme="kvinfo", **options):
    path = folder / f"{programme}_core_{role}_{wave}.yaml"
    path.write_text(crosswalk(core, role=role, wave=wave, programme=programme, **options), "utf-8")
    return load_crosswalk(path, core.codebook)


@pytest.mark.parametrize(("role", "wave"), FORMS)
def test_every_rule_is_complete_or_the_codebook_does_not_ask(core, tmp_path, role, wave):
    made = loaded(core, tmp_path, role, wave)
    compile_crosswalk(made, core.codebook)
    for rule in made.rules:
        variable = core.codebook.variables[core.codebook.columns[rule.column].variable]
        asked = not variable.not_asked(role, wave) and rule.column != "weight"
        assert (rule.column, rule.status) == (rule.column, "complete" if asked else "not_applicable")
        assert rule.because or rule.detail == "identical"


@pytest.mark.parametrize(("role", "wave"), FORMS)
def test_the_rules_read_the_columns_of_the_export_and_nothing_else(core, tmp_path, role, wave):
    made, printed = loaded(core, tmp_path, role, wave), form(core, role=role, wave=wave, language="en")
    read = {*made.instrument.keys.values(), *(name for rule in made.rules for name in rule.sources)}
    assert read | set(made.instrument.free_text) == set(blank_export(printed).columns)
    assert list(blank_export(printed).columns) == list(printed.columns)


def test_only_the_degree_of_urbanisation_differs_from_what_a_register_says(core, tmp_path):
    details = {
        rule.column: rule.detail for rule in loaded(core, tmp_path, "mentee", "entry").rules if rule.detail
    }
    assert [column for column, detail in details.items() if detail != "identical"] == ["municipality_type"]


def test_a_crosswalk_reads_the_texts_of_its_languages_only(core):
    finnish = crosswalk(core, role="mentee", wave="end", programme="fika", languages=["fi"])
    assert ("Työssä ilman palkkatukea" in finnish, "I jobb utan lönesubvention" in finnish) == (True, False)


def test_the_order_of_the_languages_makes_no_difference(core):
    one, other = (
        crosswalk(core, role="mentor", wave="end", programme="fika", languages=languages)
        for languages in (["fi", "sv"], ["sv", "fi"])
    )
    assert one == other


def test_the_number_of_people_invited_is_kept_for_the_response_rate(core, tmp_path):
    assert loaded(core, tmp_path, "mentee", "end", invited=240).instrument.population == {"invited": 240}


def test_the_country_is_that_of_the_programme(core, tmp_path):
    made = loaded(core, tmp_path, "mentee", "end", programme="sajo")
    assert (made.instrument.country, made.rule("country_of_residence").spec.value) == ("NO", "NO")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"role": "mentee", "wave": "end", "programme": "kvinf"}, "Did you mean 'kvinfo'"),
        ({"role": "mentee", "wave": "end", "programme": "piaac_fi"}, "'piaac_fi', which is not known"),
        ({"role": "mentor", "wave": "entry", "programme": "fika"}, "The wave for mentors is 'entry'"),
        ({"role": "coordinator", "wave": "end", "programme": "fika"}, "The role is 'coordinator'"),
        ({"role": "mentor", "wave": "end", "programme": "fika", "languages": ["no"]}, "The language is 'no'"),
    ],
)
def test_what_does_not_exist_is_told_with_what_does(core, options, said):
    with pytest.raises(UsageError, match=said):
        crosswalk(core, **options)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_codes_tells_what_each_answer_becomes(core, language):
    table = codes(form(core, role="mentee", wave="end", language=language))
    status = table[table["column"] == "labour_status"].set_index("code")
    assert (status.loc["7", "value"], status.loc["-3", "missing"]) == ("unemployed", "dont_know")
    assert not table.duplicated(["column", "code"]).any()
    assert not table.duplicated(["column", "answer"]).any()
