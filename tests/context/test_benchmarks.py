"""Participants beside the women of the population who are most like them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from kij_analysis import context, disclosure, figures, tables
from kij_analysis.context import PopulationSurvey
from kij_analysis.context.cells import matched
from kij_analysis.errors import UsageError
from kij_analysis.survey import Design
from kij_analysis.words import LANGUAGES, load

TRAITS = ("years_band", "education_group", "age_band")


def people(*groups: tuple[int, str, str, str, bool]) -> pd.DataFrame:
    """Foreign-born women of Finland: how many, their years, education and age bands, in work or not."""
    rows = [row for many, *row in groups for _ in range(many)]
    return pd.DataFrame(rows, columns=[*TRAITS, "employed"])


def survey_of(rows: pd.DataFrame, *, native: int = 20, country: str = "FI") -> PopulationSurvey:
    """The women as a survey with weights from 1 to 3 and a jackknife of eight replicates."""
    more = pd.DataFrame({"employed": [k % 4 > 0 for k in range(native)], "birth_place": "native_born"})
    frame = pd.concat([rows.assign(birth_place="foreign_born"), more], ignore_index=True)
    place = np.arange(len(frame))
    weight = 1.0 + place % 3
    left_out = {f"r{k}": np.where(place % 8 == k, 0.0, weight * 8 / 7) for k in range(8)}
    persons = frame.assign(
        country=country, gender="woman", age=30.0, data_status="observed", w=weight, **left_out,
        employed=frame["employed"].astype("boolean"),
    )  # fmt: skip
    return PopulationSurvey(
        name="piaac", year=2012, persons=persons,
        design=Design(weight="w", replicates=list(left_out), replicate_method="JK2", samples="country"),
        absent=pd.DataFrame({"country": ["DK", "NO"], "file": ["prgdnkp1.csv", "prgnorp1.csv"]}),
    )  # fmt: skip


def participants(count: int = 12, **changes: Any) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "programme": "fika", "role": "mentee", "wave": "end", "gender": "woman", "age": 30.0,
            "labour_status": ["employed", "unemployed"] * (count // 2), "birth_place": "foreign_born",
            "years_since_arrival": 3.0, "education_group": "high", "data_status": "synthetic",
        }
    )  # fmt: skip
    return frame.assign(**changes)


POPULATION = people(
    (10, "0_5", "high", "under_35", True),
    (10, "0_5", "high", "under_35", False),
    (20, "0_5", "low", "under_35", False),
    (4, "0_5", "medium", "under_35", True),
    (30, "16_plus", "high", "50_plus", True),
)


def alike(answers: pd.DataFrame, survey: PopulationSurvey, **options: Any) -> pd.Series:
    found = context.benchmark(answers, survey, **options)
    return found[found["group"] == "alike"].iloc[0]


# ------------------------------------------------------------------ direct standardisation


def test_the_shares_of_cells_are_weighted_as_the_participants_fall_into_them():
    survey = survey_of(POPULATION)
    women = participants(education_group=["high", "high", "high", "low"] * 3)
    row = alike(women, survey)
    high, low = (
        survey.persons[(survey.persons["years_band"] == "0_5") & (survey.persons["education_group"] == group)]
        for group in ("high", "low")
    )
    names = ["w", *(f"r{k}" for k in range(8))]
    shares = {
        group: (rows[names].to_numpy() * rows["employed"].to_numpy(float)[:, None]).sum(0)
        / rows[names].to_numpy().sum(0)
        for group, rows in (("high", high), ("low", low))
    }
    by_hand = 0.75 * shares["high"] + 0.25 * shares["low"]
    assert row["estimate"] == pytest.approx(by_hand[0], rel=1e-12)
    assert row["std_error"] == pytest.approx(np.sqrt(((by_hand[1:] - by_hand[0]) ** 2).sum()), rel=1e-12)
    assert row[["participants", "on_all", "on_fewer", "unmatched", "n"]].tolist() == [12, 12, 0, 0, 40]
    assert row["conf_low"] < row["estimate"] < row["conf_high"]
    assert (row["method"], row["note"]) == ("directly_standardised", "small_sample")


def test_a_cell_with_too_few_persons_is_joined_and_it_is_said():
    row = alike(participants(education_group="medium"), survey_of(POPULATION))
    assert row[["participants", "on_all", "on_fewer"]].tolist() == [12, 0, 12]
    assert row["n"] == 44  # everybody with so few years in the country


def test_an_unknown_trait_takes_the_traits_before_it():
    survey = survey_of(POPULATION)
    unknown = alike(participants(education_group=None), survey)
    assert unknown[["on_all", "on_fewer", "n"]].tolist() == [0, 12, 44]
    nothing = alike(participants(years_since_arrival=None), survey)
    assert nothing[["on_fewer", "n"]].tolist() == [12, 74]


def test_who_has_no_counterpart_is_counted():
    women = participants(
        birth_place=["foreign_born"] * 9 + ["native_born"] * 2 + [None], age=[70.0, None, *[30.0] * 10]
    )
    row = alike(women, survey_of(POPULATION))
    assert row[["participants", "unmatched"]].tolist() == [8, 4]
    small = survey_of(people((5, "0_5", "high", "under_35", True)))
    row = alike(participants(), small)
    assert row[["note", "participants", "unmatched"]].tolist() == ["nobody_alike", 0, 12]


def test_men_other_waves_and_mentors_are_not_counted():
    women = participants()
    others = [women.assign(gender="man"), women.assign(wave="entry"), women.assign(role="mentor")]
    found = context.benchmark(pd.concat([women, *others], ignore_index=True), survey_of(POPULATION))
    assert found.set_index("group").loc["participants", "n"] == 12


def test_a_subsidised_job_counts_as_work_as_it_does_in_the_survey():
    women = participants(labour_status=["employed", "subsidised_job", "internship", None] * 3)
    row = context.benchmark(women, survey_of(POPULATION)).set_index("group").loc["participants"]
    assert row[["estimate", "count", "n", "missing"]].tolist() == [pytest.approx(6 / 9), 6, 9, 3]


def test_the_two_birth_groups_of_the_country_stand_beside():
    survey = survey_of(POPULATION)
    found = context.benchmark(participants(), survey).set_index("group")
    whole = context.population(survey).set_index("group")
    for group in ("foreign_born", "native_born"):
        assert found.loc[group, "estimate"] == whole.loc[group, "estimate"]
        assert found.loc[group, "std_error"] == whole.loc[group, "std_error"]


# ------------------------------------------------------------------ what cannot be computed


def test_no_country_stands_in_for_one_without_a_file():
    found = context.benchmark(participants(programme="kvinfo"), survey_of(POPULATION, country="SE"))
    assert found.set_index("group").loc["participants", "estimate"] == 0.5
    rest = found[found["group"] != "participants"]
    assert set(rest["note"]) == {"no_file"} and set(rest["file"]) == {"prgdnkp1.csv"}
    assert rest["estimate"].isna().all()
    unknown = context.benchmark(participants(programme="elsewhere"), survey_of(POPULATION))
    assert unknown["note"].tolist() == ["", "no_file", "no_file", "no_file"]


def test_all_of_one_mind_have_no_interval():
    same = people((30, "0_5", "high", "under_35", True))
    row = alike(participants(), survey_of(same))
    assert (row["estimate"], row["note"], np.isnan(row["conf_low"])) == (1.0, "no_variation", True)


@pytest.mark.parametrize("statuses", [[None] * 12, ["employed"] * 12, ["unemployed"] * 12])
def test_participants_without_answers_or_all_alike_are_a_row(statuses: list[Any]):
    found = context.benchmark(participants(labour_status=statuses), survey_of(POPULATION))
    row = found.set_index("group").loc["participants"]
    assert row["note"] == ("no_answers" if statuses[0] is None else "")
    assert len(found) == 4


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_participants_are_rows_too(count: int):
    women = participants()
    women = women.assign(wave=["end"] * count + ["entry"] * (12 - count))
    found = context.benchmark(women, survey_of(POPULATION)).set_index("group")
    assert found.loc["participants", "n"] == count
    assert found.loc["alike", "note"] == ("small_sample" if count else "nobody_alike")
    hidden = disclosure.suppress(found.reset_index()[found.reset_index().columns])
    assert hidden.set_index("group").loc["participants", "note"] == (
        "hidden_small_count" if count else "no_answers"
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"traits": ["religion"]}, "Nobody is matched on 'religion'"),
        ({"traits": []}, "Nobody is matched on nothing"),
        ({"minimum": 1}, "A cell of 1 persons"),
        ({"level": 95}, "The level is 95"),
    ],
)
def test_what_it_does_not_know_is_refused(options: dict[str, Any], says: str):
    with pytest.raises(UsageError, match=says):
        context.benchmark(participants(), survey_of(POPULATION), **options)


def test_a_frame_without_women_or_without_a_column_is_refused():
    with pytest.raises(UsageError, match="no woman among the mentees"):
        context.benchmark(participants(gender="man"), survey_of(POPULATION))
    with pytest.raises(UsageError, match="no column 'education_group'"):
        context.benchmark(participants().drop(columns="education_group"), survey_of(POPULATION))


def test_nothing_given_is_changed():
    women, survey = participants(), survey_of(POPULATION)
    before = women.copy(), survey.persons.copy()
    context.benchmark(women, survey)
    pd.testing.assert_frame_equal(women, before[0])
    pd.testing.assert_frame_equal(survey.persons, before[1])


def test_a_participant_takes_the_finest_cell_that_is_large_enough():
    like = pd.DataFrame({"a": ["x"] * 5 + ["y"] * 3, "b": ["1"] * 3 + ["2"] * 2 + ["1"] * 3})
    women = pd.DataFrame({"a": ["x", "x", "y", "z"], "b": ["1", "2", "1", "1"], "suits": True})
    found = matched(women, like, ["a", "b"], 3)
    assert found.cells == {("x", "1"): 1, ("x",): 1, ("y", "1"): 1, (): 1}
    assert (found.matched, found.on(2), found.unmatched) == (4, 2, 0)


# ------------------------------------------------------------------ in words


@pytest.fixture(scope="module")
def three() -> pd.DataFrame:
    """FIKA beside Finland, KVINFO and SAJO without a file."""
    names = ["kvinfo"] * 12 + ["fika"] * 12 + ["sajo"] * 12
    women = pd.concat([participants()] * 3, ignore_index=True).assign(programme=names)
    return disclosure.suppress(context.benchmark(women, survey_of(POPULATION)))


DENIED = {
    "da": "Dette er ingen sammenligningsgruppe", "nb": "Dette er ingen sammenligningsgruppe",
    "sv": "Detta är ingen jämförelsegrupp", "fi": "Tämä ei ole vertailuryhmä",
    "en": "This is no comparison group",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_figure_and_table_say_what_it_is_not_and_how_to_get_the_file(three: pd.DataFrame, language: str):
    figure, table = figures.benchmark(three, language), tables.benchmark(three, language)
    for text in (figure.footer, table.note):
        assert DENIED[language] in text and "prgdnkp1.csv" in text and "prgnorp1.csv" in text
    assert load(language)("note.no_file")[1:] in figure.alt
    assert load(language)("mark.synthetic") == figure.mark == table.mark
    assert tables.behind(figure, load(language)).rows == table.rows


def test_the_headline_has_both_numbers_and_no_difference(three: pd.DataFrame):
    assert figures.benchmark(three, "en").title == "In work: FIKA 50%, women like them in Finland 49%"
    alone = three[three["programme"] == "kvinfo"]
    assert (
        figures.benchmark(alone, "en").title
        == "In work at the end: KVINFO 50%; no survey file of their countries is there"
    )
    with pytest.raises(UsageError, match="differ in wave"):
        figures.benchmark(pd.concat([three, three.assign(wave="entry")]), "en")
    with pytest.raises(UsageError, match="no estimates"):
        figures.benchmark(three.head(0), "en")


def test_small_numbers_of_participants_are_words(three: pd.DataFrame):
    few = three.assign(on_all=10.0, on_fewer=2.0, unmatched=0.0)
    assert "FIKA: some matched on all of these, some on fewer, 0 on none." in tables.benchmark(few, "en").note


def test_a_missing_file_is_one_row_of_the_table_whatever_is_counted():
    survey = survey_of(POPULATION)
    found = context.overview([survey], variables=["employed"])
    both = pd.concat([found, found.assign(variable="overqualified")], ignore_index=True)
    table = tables.population(disclosure.suppress(both), "da")
    assert [row[0] for row in table.rows] == ["Danmark", "Finland", "Finland", "Norge", "Finland", "Finland"]
    assert "prgdnkp1.csv" in table.note
    gaps = tables.population(context.population_gap(survey), "en")
    assert gaps.header[4] == "Difference" and gaps.rows[1][3] == "foreign-born less native-born"
    with pytest.raises(UsageError, match="Gaps and shares"):
        tables.population(pd.concat([found, context.population_gap(survey)]), "en")
