"""One set of persons under many definitions: counted by hand, and nobody found by subtraction."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kij_analysis.errors import UsageError
from kij_analysis.indicators import RECOMMENDED, Definition, beside, definitions, load, matching
from kij_analysis.indicators.definitions import USUAL
from kij_analysis.template import template_folder

RECORD = load(template_folder() / "data" / "raw" / "published")

PEOPLE = """
person | entry      | end           | completed   | matches | follow_up
a      | unemployed | employed      | completed   | yes     | employed
b      | unemployed | employed      | completed   | no      | unemployed
c      | unemployed | unemployed    | completed   |         | employed
d      | education  | education     | completed   |         |
e      | employed   | subsidised_job| dropped_out |         | employed
f      | unemployed | internship    | dropped_out |         |
g      | unemployed |               |             |         |
h      | inactive   |               |             |         | employed
"""
BY_HAND = """
indicator                  | denominator         | timing         | count | n
employed                   | respondents         | at_end         | 3     | 6
employed                   | all_starters        | at_end         | 3     | 8
employed                   | completers          | at_end         | 2     | 4
employed                   | leavers             | at_end         | 3     | 6
employed                   | job_seekers         | at_end         | 2     | 4
employed                   | not_employed_before | at_end         | 2     | 5
employed                   | respondents         | after_k_months | 4     | 5
employed                   | all_starters        | after_k_months | 4     | 8
employed                   | respondents         | ever           | 5     | 7
employed                   | all_starters        | ever           | 5     | 8
in_education               | respondents         | at_end         | 1     | 6
in_traineeship             | respondents         | at_end         | 1     | 6
employed_or_education      | respondents         | at_end         | 4     | 6
employed_or_traineeship    | completers          | at_end         | 2     | 4
job_placement_or_education | respondents         | at_end         | 5     | 6
matching_job               | employed            | at_end         | 1     | 2
matching_job               | respondents         | at_end         | 1     | 5
"""


def rows(text: str) -> list[dict[str, str]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def answers(text: str = PEOPLE) -> pd.DataFrame:
    """Women of one programme in the shape of `data.answers`."""
    found = []
    for person in rows(text):
        for wave in ("entry", "end", "follow_up"):
            if person[wave]:
                end = wave == "end"
                found.append(
                    {
                        "programme": "fika", "person_id": person["person"], "role": "mentee", "wave": wave,
                        "gender": person.get("gender", "woman"), "labour_status": person[wave],
                        "completed": (person["completed"] or None) if end else None,
                        "job_matches_qualifications": {"yes": True, "no": False}.get(person["matches"])
                        if end else None,
                        "data_status": "observed",
                    }
                )  # fmt: skip
    return pd.DataFrame(found)


@pytest.mark.parametrize("line", rows(BY_HAND), ids=lambda row: " ".join(list(row.values())[:3]))
def test_each_definition_counts_as_one_does_by_hand(line: dict[str, str]):
    wanted = Definition(indicator=line["indicator"], denominator=line["denominator"], timing=line["timing"])
    [row] = definitions(answers(), chosen=[wanted]).to_dict("records")
    assert (row["count"], row["n"]) == (int(line["count"]), int(line["n"]))
    assert row["estimate"] == int(line["count"]) / int(line["n"])


def test_one_set_of_eight_persons_gives_shares_from_a_sixth_to_more_than_four_in_five():
    chosen = [Definition(**{k: r[k] for k in ("indicator", "denominator", "timing")}) for r in rows(BY_HAND)]
    shares = definitions(answers(), chosen=chosen)["estimate"]
    assert (shares.min(), shares.max()) == pytest.approx((1 / 6, 5 / 6))


def test_men_are_left_out_unless_they_are_asked_for():
    frame = answers()
    frame.loc[frame["person_id"] == "a", "gender"] = "man"
    chosen = [RECOMMENDED["work"]]
    assert definitions(frame, chosen=chosen)["count"].tolist() == [2]
    assert definitions(frame, chosen=chosen, population="all")["count"].tolist() == [3]


def test_what_was_not_asked_is_a_row_with_a_note():
    frame = answers().drop(columns="completed")
    wanted = Definition(indicator="employed", denominator="completers", timing="at_end")
    [row] = definitions(frame, chosen=[wanted]).to_dict("records")
    assert (row["note"], row["n"]) == ("no_answers", 0)
    [row] = definitions(frame.assign(completed=None, completed_missing="not_asked"), chosen=[wanted]).to_dict(
        "records"
    )
    assert row["note"] == "not_asked"


def test_the_mentors_answer_is_theirs_and_every_mentor_counts():
    mentors = pd.DataFrame(
        {
            "programme": "fika", "person_id": list("wxyz"), "role": "mentor", "wave": "end",
            "gender": ["man", "woman", "man", "woman"], "mentor_view_job_high": [True, True, False, None],
            "data_status": "observed",
        }
    )  # fmt: skip
    wanted = Definition(
        indicator="helped_to_find_work", denominator="respondents", timing="at_end", role="mentor"
    )
    [row] = definitions(pd.concat([answers(), mentors]), chosen=[wanted]).to_dict("records")
    assert (row["count"], row["n"], row["population"]) == (2, 3, "all")


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"indicator": "emploied", "denominator": "respondents", "timing": "at_end"}, "'employed'"),
        ({"indicator": "employed", "denominator": "everybody", "timing": "at_end"}, "The denominator"),
        ({"indicator": "employed", "denominator": "respondents", "timing": "later"}, "The timing"),
        (
            {"indicator": "employed", "denominator": "respondents", "timing": "at_end", "role": "mentor"},
            "is not asked of a mentor",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(parts: dict[str, str], sentence: str):
    with pytest.raises(UsageError) as caught:
        definitions(answers(), chosen=[Definition(**parts)])
    assert sentence in str(caught.value)


def test_answers_without_a_needed_column_are_refused():
    with pytest.raises(UsageError, match="lack 'labour_status'"):
        definitions(answers().drop(columns="labour_status"))


# ---------------------------------------------------------------- nobody is found by subtraction


def test_a_row_on_few_persons_is_hidden_and_so_is_one_that_tells_about_few_when_subtracted():
    many = "person | entry | end | completed | matches | follow_up\n" + "\n".join(
        [f"p{i} | unemployed | employed | completed | | " for i in range(20)]
        + [f"q{i} | unemployed | unemployed | completed | | " for i in range(20)]
        + [f"r{i} | unemployed | education | completed | | " for i in range(3)]
    )
    two = [
        Definition(indicator="employed", denominator="respondents", timing="at_end"),
        Definition(indicator="employed_or_education", denominator="respondents", timing="at_end"),
    ]
    shown = definitions(answers(many), chosen=two, threshold=5).set_index("indicator")
    assert shown.loc["employed", "count"] == 20
    # 23 less 20 would tell that three are in education.
    assert shown.loc["employed_or_education", "note"] == "hidden_small_count"
    assert shown.loc["employed_or_education", ["count", "n", "estimate"]].isna().all()
    few = definitions(answers(), chosen=two, threshold=5)
    assert (few["note"] == "hidden_small_count").all()


STATUS = ["employed", "subsidised_job", "internship", "education", "unemployed", "inactive", ""]


@st.composite
def tables(draw: st.DrawFn) -> str:
    cell = st.sampled_from(STATUS)
    lines = ["person | entry | end | completed | matches | follow_up"]
    for number in range(draw(st.integers(12, 45))):
        end = draw(cell)
        done = draw(st.sampled_from(["completed", "dropped_out"])) if end else ""
        fits = draw(st.sampled_from(["yes", "no"])) if end == "employed" else ""
        entry = draw(st.sampled_from(STATUS[:-1]))
        lines.append(f"p{number} | {entry} | {end} | {done} | {fits} | {draw(cell)}")
    return "\n".join(lines)


@settings(max_examples=15, deadline=None)
@given(text=tables(), threshold=st.sampled_from([3, 5]))
def test_no_two_kept_rows_differ_by_fewer_persons_than_the_threshold(text: str, threshold: int):
    """Counts of nested sets: every difference is nought, or as many persons as may be told about."""
    chosen = [wanted for wanted in USUAL if wanted.role == "mentee"]
    kept = definitions(answers(text), chosen=chosen, threshold=threshold).dropna(subset=["estimate"])
    frame = answers(text)
    plain = definitions(frame, chosen=chosen).set_index("group")
    for row in kept.to_dict("records"):
        assert row["count"] == plain.loc[row["group"], "count"]
        no = row["n"] - row["count"]
        assert min(row["count"], no) >= threshold
    nested = [
        ("employed|respondents|at_end|mentee", "employed_or_education|respondents|at_end|mentee"),
        ("employed|completers|at_end|mentee", "employed|respondents|at_end|mentee"),
        ("employed|all_starters|at_end|mentee", "employed|all_starters|ever|mentee"),
        ("employed|completers|at_end|mentee", "employed_or_education|completers|at_end|mentee"),
        (
            "employed_or_education|completers|at_end|mentee",
            "job_placement_or_education|completers|at_end|mentee",
        ),
        ("employed|not_employed_before|at_end|mentee", "employed|respondents|at_end|mentee"),
    ]
    counts = kept.set_index("group")["count"]
    for a, b in combinations(counts.index, 2):
        if (a, b) in nested or (b, a) in nested:
            difference = abs(counts[a] - counts[b])
            assert difference == 0 or difference >= threshold, (a, b)


# ---------------------------------------------------------------- printed shares beside


def test_a_printed_share_stands_beside_the_definition_that_it_was_counted_under():
    found = beside(RECORD).set_index("id")["group"]
    assert found["kvinfo_employed_2021_may"] == RECOMMENDED["work"].code
    assert found["kvinfo_employed_2002_2013"] == "employed|all_starters|ever|mentee"
    assert "kvinfo_employed_2017" not in found  # its base is not printed
    assert "kvinfo_target_employed_or_education_2021" not in found


def test_what_is_not_printed_may_fit_and_is_told_apart():
    kvinfo = RECORD[RECORD["programme"] == "kvinfo"]
    assert matching(kvinfo, RECOMMENDED["work"], unknown=False) == ["kvinfo_employed_2021_may"]
    assert "kvinfo_employed_2017" in matching(kvinfo, RECOMMENDED["work"])
