"""The obstacles of official surveys stand under the codes of our barriers, with their bases."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from kij_analysis import context
from kij_analysis.codebook import load_codebook
from kij_analysis.context.obstacles import EUROSTAT_2021
from kij_analysis.template import template_folder

FOLDER = template_folder() / "data" / "raw" / "published" / "official"
BOOK = load_codebook(template_folder() / "codebook")


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return context.obstacles(context.load(FOLDER))


def test_each_label_of_eurostat_is_claimed_by_one_barrier_of_the_codebook():
    labels = [barrier.mappings.get("eurostat_2021") for barrier in BOOK.barriers.values()]
    assert sorted(filter(None, labels)) == sorted(EUROSTAT_2021.values())


def test_what_women_born_outside_the_eu_call_their_main_obstacle(found):
    women = found[(found["base"] == "faced_an_obstacle") & (found["sex"] == "women")]
    assert women.set_index("variable")["estimate"].round(3).to_dict() == {
        "barrier_language": 0.233,
        "barrier_qualification_recognition": 0.165,
        "barrier_legal_status": 0.061,
        "barrier_discrimination": 0.076,
        "barrier_no_suitable_job": 0.149,
        "barrier_other": 0.317,
    }
    assert set(women["country"]) == {"EU27"} and set(women["category"]) == {"yes"}


def test_any_obstacle_by_country_and_denmark_says_that_nothing_was_found(found):
    shares = found[(found["variable"] == "barrier_any") & (found["group"] == "non_eu")].set_index("country")
    assert shares.loc[["NO", "FI", "SE"], "estimate"].tolist() == [0.452, 0.429, 0.417]
    [danish] = found[found["country"] == "DK"].to_dict("records")
    assert (danish["note"], danish["variable"], danish["base"]) == (
        "not_published", "barrier_any", "worked_or_looked",
    )  # fmt: skip
    assert pd.isna(danish["estimate"]) and danish["source"] == ""


def test_a_codebook_that_moves_a_label_moves_the_shares(found):
    one = BOOK.barriers["language"]
    barriers = {**BOOK.barriers, "language": replace(one, mappings={}), "network": replace(
        BOOK.barriers["network"], mappings={"eurostat_2021": "Lack of language skills"}
    )}  # fmt: skip
    moved = context.obstacles(context.load(FOLDER), codebook=replace(BOOK, barriers=barriers))
    assert set(found["variable"]) - set(moved["variable"]) == {"barrier_language"}
    assert set(moved["variable"]) - set(found["variable"]) == {"barrier_network"}


def test_the_map_says_what_both_have_and_what_only_one_has():
    table = context.barrier_map(BOOK).set_index("code")
    both = [
        "language",
        "qualification_recognition",
        "legal_status",
        "discrimination",
        "no_suitable_job",
        "other",
    ]
    assert table.index[table["meets"] == "both"].tolist() == both
    assert table.index[table["meets"] == "official"].tolist() == ["none", "never_sought"]
    assert table.index[table["meets"] == "neither"].tolist() == ["time_work"]
    assert table.loc["health", "piaac_c_q03"] == "C_Q03_04, C_Q03_05"
    assert (table.loc[table["meets"] == "programmes", "eurostat_2021"] == "").all()
