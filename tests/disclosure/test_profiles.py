"""Profiles: what each allows, at its numbers and one beside them, and rules for what is no share."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

from kij_analysis import disclosure, estimates
from kij_analysis.disclosure import Leaving, together
from kij_analysis.disclosure.rules import by_profile
from kij_analysis.errors import UsageError
from kij_analysis.profiles import PROFILES, Profile, profile

NAMES = list(PROFILES)


def shown(rows: list[dict[str, object]], name: str) -> pd.DataFrame:
    common = {"programme": "fika", "method": "none", "data_status": "observed", "estimate": 0.5}
    frame = estimates.make([common | row for row in rows])
    item = Leaving(name="it", kind="table", chapter="data", frame=frame, protect=disclosure.suppress)
    return together([item], profile=name).frames["table", "it"]


def hidden(rows: list[dict[str, object]], name: str) -> list[bool]:
    return (shown(rows, name)["note"] == "hidden_small_count").tolist()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", [1, -1])
def test_a_count_and_its_complement_show_from_the_smallest_cell_on(name: str, side: int):
    cell = profile(name).smallest_cell
    counts = [few if side > 0 else 200 - few for few in (cell - 1, cell, cell + 1)]
    rows = [
        {"variable": f"v{place}", "category": "yes", "measure": "share", "count": count, "n": 200}
        for place, count in enumerate(counts)
    ]
    assert hidden(rows, name) == [True, False, False]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("measure", ["mean", "median", "correlation", "coefficient"])
def test_a_number_of_every_person_shows_from_the_smallest_base_on(name: str, measure: str):
    base = profile(name).smallest_base
    rows = [
        {"variable": f"v{n}", "measure": measure, "n": n, "conf_low": 0.1, "conf_high": 0.9}
        for n in (base - 1, base, base + 1)
    ]
    found = shown(rows, name)
    assert (found["note"] == "hidden_small_count").tolist() == [True, False, False]
    assert found.loc[0, ["estimate", "conf_low", "conf_high"]].isna().all()


@pytest.mark.parametrize("name", NAMES)
def test_a_model_shows_from_the_smallest_residual_degrees_of_freedom_on(name: str):
    least = profile(name).smallest_df
    rows = [
        {"variable": f"v{df}", "measure": "coefficient", "n": 100, "df": df, "method": "linear"}
        for df in (least - 1, least, least + 1)
    ]
    assert hidden(rows, name) == [True, False, False]


def test_a_mean_is_no_model_though_it_has_degrees_of_freedom():
    row = {"variable": "v", "measure": "mean", "n": 40, "df": 2, "method": "linearised_mean"}
    assert hidden([row], "n5") == [False]


def test_each_group_of_a_comparison_needs_the_base():
    rows = [
        {"variable": f"v{n}", "measure": "difference", "n": 50 + n, "n_1": n, "n_2": 50, "group": "a-b"}
        for n in (9, 10)
    ]
    assert hidden(rows, "n5") == [True, False]


def test_what_is_one_persons_value_never_shows():
    row = {"measure": "mean", "estimate": 31.0, "n": 40, "method": "student", "data_status": "observed"}
    found = by_profile(estimates.make([row | {"minimum": 18.0, "maximum": 67.0}]), profile("n5"))
    assert found[["minimum", "maximum"]].isna().all(axis=None)
    assert found["estimate"].tolist() == [31.0]


def test_printed_numbers_are_nobodys_answers():
    row = {"measure": "mean", "estimate": 31.0, "n": 4, "method": "none", "data_status": "published"}
    assert by_profile(estimates.make([row]), profile("n10"))["estimate"].tolist() == [31.0]


def test_a_profile_is_not_changed_and_one_that_protects_nobody_is_refused():
    with pytest.raises(FrozenInstanceError):
        profile("n5").smallest_cell = 2  # type: ignore[misc]
    with pytest.raises(UsageError, match="protects nobody"):
        Profile(name="own", smallest_cell=2, smallest_base=10, smallest_df=10)


def test_a_name_that_is_no_profile_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match=r"'n6', which is not known.*'n3', 'n5', 'n10'"):
        profile("n6")
