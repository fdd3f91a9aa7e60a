"""Response and profile: the numbers drawn are the frame's, gaps say why, words fit every language."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kij_analysis import estimates as e
from kij_analysis.disclosure import suppress
from kij_analysis.errors import UsageError
from kij_analysis.figures import profile, response
from kij_analysis.survey import wilson
from kij_analysis.words import LANGUAGES, Words


def rates(text: str) -> pd.DataFrame:
    rows = []
    for line in text.strip().splitlines():
        programme, role, wave, count, n = line.split()
        row = {"programme": programme, "role": role, "wave": wave, "category": f"{role}_{wave}"}
        row |= {"variable": "response", "measure": "share", "data_status": "observed", "method": "counted"}
        if n == "?":
            row |= {"note": "unknown_base", "method": "none"}
        else:
            row |= {"estimate": int(count) / int(n), "count": int(count), "n": int(n)}
        rows.append(row)
    return e.make(rows)


RATES = rates("""
    kvinfo mentor end       108 240
    kvinfo mentee follow_up  84 240
    kvinfo mentee entry     221 240
    kvinfo mentee end       126 240
    fika   mentee end        54   ?
""")


def groups(text: str, variable: str = "education_group") -> pd.DataFrame:
    rows = []
    for line in text.strip().splitlines():
        programme, code, count, n = line.split()
        low, high = wilson(int(count), int(n))
        rows.append(
            {
                "programme": programme, "variable": variable, "category": code, "measure": "share",
                "estimate": int(count) / int(n), "count": int(count), "n": int(n), "conf_low": low[0],
                "conf_high": high[0], "method": "wilson", "data_status": "observed", "level": 0.95,
            }
        )  # fmt: skip
    return e.make(rows)


EDUCATION = groups("""
    kvinfo low    60 200
    kvinfo medium 62 200
    kvinfo high   78 200
    fika   low     3  62
    fika   medium 10  62
    fika   high   49  62
""")


def test_waves_stand_in_the_order_of_time_and_mentors_last():
    assert response(RATES, "en").data["category"].drop_duplicates().tolist() == [
        "mentee_entry", "mentee_end", "mentee_follow_up", "mentor_end"
    ]  # fmt: skip


def test_the_headline_is_the_response_at_the_end_where_it_is_known():
    title = response(RATES, "en").title
    assert "at the end" in title
    assert "KVINFO\N{NO-BREAK SPACE}52%" in title
    assert "FIKA" not in title


def test_an_unknown_number_of_invitations_is_told_in_the_picture_the_data_and_the_alt_text():
    figure = response(RATES, "en")
    row = figure.data.query("programme == 'fika'").iloc[0]
    assert row["note_text"] == "It is not known how many were asked"
    assert "FIKA. It is not known how many were asked: Mentees, at the end." in figure.alt


def test_the_alt_text_counts_those_who_answered_among_those_asked():
    assert "Mentees, at the end: 52% (126 of 240)" in response(RATES, "en").alt


@pytest.mark.parametrize("draw", [response, profile])
def test_nothing_to_draw_is_told(draw):
    with pytest.raises(UsageError, match="There are no"):
        draw(e.make([]), "en")


def test_the_numbers_behind_the_profile_are_those_of_the_frame():
    data = profile(EDUCATION, "en").data.query("programme == 'kvinfo'").set_index("category")
    expected = EDUCATION.query("programme == 'kvinfo'").set_index("category")
    assert data["estimate"].tolist() == pytest.approx(expected.loc[data.index, "estimate"].tolist(), abs=1e-6)


def test_a_dot_stands_for_each_share_that_is_shown():
    figure = profile(EDUCATION, "en")
    dots = [
        line.get_xdata()[0]
        for axes in figure.canvas.axes
        for line in axes.lines
        if line.get_marker() not in ("None", "", None)
    ]
    assert sorted(np.round(dots, 6)) == sorted(EDUCATION["estimate"].round(6))


def test_a_hidden_group_takes_another_with_it_and_leaves_no_number_anywhere():
    shown = suppress(EDUCATION)
    fika = shown.query("programme == 'fika'")
    assert fika["note"].tolist() == ["hidden_small_count", "hidden_small_count", ""]
    figure = profile(shown, "en")
    drawn = figure.data.query("programme == 'fika' and note != ''")
    assert drawn[["estimate", "conf_low", "conf_high", "count"]].isna().all(axis=None)
    assert "5%" not in figure.alt
    assert "16%" not in figure.alt


def test_the_headline_names_the_largest_group_once_if_it_is_the_same():
    assert profile(EDUCATION, "en").title.endswith(
        "tertiary (ISCED 5-8) is the largest group in all programmes"
    )
    other = pd.concat([EDUCATION, groups("sajo low 60 100\nsajo medium 20 100\nsajo high 20 100")])
    assert "(SAJO)" in profile(e.make(other), "en").title


def test_a_question_that_one_programme_did_not_ask_is_named_once_in_the_alt_text():
    row = {"programme": "fika", "variable": "age", "measure": "share", "data_status": "observed"}
    none = [row | {"category": c, "note": "not_asked", "method": "none"} for c in ("below_30", "from_45")]
    asked = groups("kvinfo below_30 40 100\nkvinfo from_45 60 100", "age")
    alt = profile(e.make(pd.concat([asked, e.make(none)])), "en").alt
    assert "FIKA. Not asked: age at entry." in alt


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_english_class_stands_in_another_language(language):
    asked = groups("kvinfo below_30 40 100\nkvinfo 30_to_45 30 100\nkvinfo from_45 30 100", "age")
    labels = profile(asked, Words(language)).data["label"].tolist()
    assert len(set(labels)) == 3
    if language != "en":
        assert not any(word in label for label in labels for word in ("more", "or ", "years"))
    assert not any("_" in label for label in labels)
