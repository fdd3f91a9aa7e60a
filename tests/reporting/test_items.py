"""What a notebook asks for is protected before anything of it is drawn, in a report and by itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis import estimates
from kij_analysis.errors import ReportError, UsageError
from kij_analysis.profiles import Confirmation
from kij_analysis.reporting.chapter import Later, prepare
from kij_analysis.reporting.drawing import Job, draw_all, kept_items, protected
from kij_analysis.reporting.items import ITEMS, Item, can_wait
from kij_analysis.reporting.partial import keep_drawn
from kij_analysis.reporting.settings import Settings
from kij_analysis.template import template_folder
from kij_analysis.words import Words

STUDY = kij.open_study(template_folder()).speaking(["en"])


def shares(count: int = 20, status: str = "synthetic", **more: Any) -> pd.DataFrame:
    """Two programmes, the first with `count` of 40."""
    row: dict[str, Any] = {"variable": "barrier_language", "category": "yes", "measure": "share", "n": 40}
    row |= {"method": "none", "data_status": status, **more}
    return estimates.make(
        [
            {**row, "programme": "fika", "count": count, "estimate": count / 40},
            {**row, "programme": "sajo", "count": 20, "estimate": 0.5},
        ]
    )


def item(frame: pd.DataFrame, **options: Any) -> Item:
    return Item(kind="figure", make=kij.figures.dots, frame=frame, options=options)


def shown(one: Item) -> Item:
    (job,), _ = protected([("barriers", {0: one})], profile=STUDY.profile)
    return job.item


def words() -> Mapping[str, Words]:
    return {"en": Words("en", kij.load_codebook(STUDY.folders["codebook"]))}


def broken(frame: pd.DataFrame, say: Words, *, name: str = "broken") -> Any:
    """A figure that cannot be drawn."""
    raise ValueError("nothing to draw here")


def test_an_item_shows_no_small_number():
    assert shown(item(shares(4))).frame["count"].tolist()[1:] == [20]
    assert shown(item(shares(4))).frame["note"].tolist() == ["hidden_small_count", ""]
    assert shown(item(shares(5))).frame["note"].tolist() == ["", ""]


def test_printed_numbers_protect_nobody_and_stay():
    pd.testing.assert_frame_equal(shown(item(shares(4, "published"))).frame, shares(4, "published"))


def test_estimates_among_the_options_are_protected_too():
    one = shown(item(shares(), beside=shares(4), threshold=5, listed=pd.DataFrame({"n": [1]})))
    assert one.options["beside"]["note"].tolist() == ["hidden_small_count", ""]
    assert one.options["threshold"] == 5 and one.options["listed"]["n"].tolist() == [1]


def test_the_name_of_an_item_is_that_of_the_figure():
    assert item(shares()).name == kij.figures.dots(shares(), "en").name
    assert item(shares(), name="mine").name == kij.figures.dots(shares(), "en", name="mine").name


def test_two_items_of_one_name_are_refused():
    with pytest.raises(ReportError, match="have the name 'barriers', so one would overwrite the other"):
        protected([("barriers", {0: item(shares()), 1: item(shares())})], profile=STUDY.profile)


@pytest.fixture
def run(tmp_path: Path, demonstration: kij.harmonisation.Harmonised) -> Path:
    """The folder of a report run, before its notebooks."""
    prepare(demonstration, ["en"], tmp_path)
    return tmp_path


def test_in_a_report_a_chapter_draws_nothing_itself(run: Path):
    chapter = kij.chapter("barriers", study=STUDY, languages="en", out=run)
    stands_for = chapter.figure(kij.figures.dots, shares(4), behind=["fika_end_2024"])
    assert isinstance(stands_for, Later) and "made with the report" in stands_for._repr_html_()
    listed = chapter.close()
    assert not list((run / "figures").rglob("*"))
    jobs, _ = protected(kept_items(run / ITEMS), profile=STUDY.profile)
    draw_all(jobs, words(), run)
    (entry,) = json.loads(listed.read_text("utf-8"))["items"]
    assert (entry["name"], entry["instruments"]) == ("barriers", ["fika_end_2024"])
    drawn = pd.read_csv(run / "figures" / "en" / "barriers.csv")
    assert drawn.set_index("programme")["count"].dropna().to_dict() == {"sajo": 20}


def test_what_a_notebook_defines_itself_is_protected_and_drawn_at_once(
    run: Path, monkeypatch: pytest.MonkeyPatch
):
    def mine(frame: pd.DataFrame, say: Words, *, name: str = "mine") -> Any:
        return kij.figures.dots(frame, say, name=name)

    assert not can_wait(Item(kind="figure", make=mine, frame=shares()))
    chapter = kij.chapter("barriers", study=STUDY, languages="en", out=run)
    first = chapter.figure(mine, shares(4))
    chapter.figure(kij.figures.dots, shares())
    assert not isinstance(first, Later) and first.data["count"].isna().tolist() == [True, False]
    listed = chapter.close()
    jobs, _ = protected(kept_items(run / ITEMS), profile=STUDY.profile)
    draw_all(jobs, words(), run)
    assert [one["name"] for one in json.loads(listed.read_text("utf-8"))["items"]] == ["mine", "barriers"]


def test_a_figure_that_cannot_be_drawn_is_told_in_one_line_with_its_chapter(run: Path):
    job = Job(chapter="barriers", place=0, item=Item(kind="figure", make=broken, frame=shares()))
    with pytest.raises(ReportError) as caught:
        draw_all([job], words(), run)
    assert str(caught.value).startswith(
        "barriers: The figure 'broken': ValueError: nothing to draw here. Run the chapter's notebook"
    )


@pytest.mark.parametrize(
    "given, sentence",
    [
        ({"level": 95}, "The confidence level is 95. Give a share such as 0.95."),
        ({"level": "0.9"}, "The confidence level is '0.9'."),
        ({"weighting": "margin"}, "The weighting is 'margin', which is not known."),
        ({"profile": "n4"}, "The disclosure profile is 'n4', which is not known."),
    ],
)
def test_a_setting_that_is_not_known_is_refused_with_what_is(given: dict[str, Any], sentence: str):
    with pytest.raises(UsageError) as caught:
        Settings(**given)
    assert sentence in str(caught.value)


def test_a_chapter_protects_by_the_profile_that_it_was_given():
    assert kij.chapter("barriers", study=STUDY, profile="n10").study.threshold == 10
    assert kij.chapter("barriers", study=STUDY).study.threshold == 5


def test_weighting_to_margins_is_that_of_the_overview_of_non_response(
    demonstration: kij.harmonisation.Harmonised,
):
    chapter = kij.chapter("barriers", study=STUDY, weighting="margins")
    object.__setattr__(chapter, "prepared", None)
    chapter.__dict__["data"] = demonstration
    everybody = demonstration.with_people().query("role == 'mentee'")
    ended, design = chapter.weighted(everybody.query("wave == 'end'"))
    in_work = ["employed", "subsidised_job"]
    working = ended["labour_status"].isin(in_work).astype("boolean")
    ended = ended.assign(in_work=working.mask(ended["labour_status"].isna()))
    own = kij.survey.shares(ended, "in_work", by="programme", design=design).query("category == 'yes'")
    known = kij.survey.margins(demonstration.ledger, wave="end")
    told = kij.survey.nonresponse(everybody, "labour_status", answer=in_work, margins=known, m=2)
    calibrated = told[told["method"] == "calibrated"].set_index("programme")["estimate"]
    both = own.set_index("programme")["estimate"].loc[calibrated.index]
    assert both.tolist() == pytest.approx(calibrated.tolist(), rel=1e-9)


def test_without_weighting_all_count_alike():
    frame = pd.DataFrame({"programme": ["fika"]})
    same, design = kij.chapter("barriers", study=STUDY).weighted(frame)
    assert same is frame and design is None


def test_a_chapter_that_is_kept_is_drawn_again_where_other_numbers_are_hidden_now(tmp_path: Path):
    def hiding(count: int) -> list[Job]:
        items = {0: shown(item(shares(count))), 1: shown(item(shares(), name="other"))}
        return [Job(chapter="barriers", place=place, item=one) for place, one in items.items()]

    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    assert len(keep_drawn(hiding(20), [], first, tmp_path)) == 2
    assert keep_drawn(hiding(20), ["barriers"], second, first) == []
    (again,) = keep_drawn(hiding(4), ["barriers"], third, second)
    assert again.item.name == "barriers"
    assert len(keep_drawn(hiding(4), ["barriers"], second, tmp_path / "nothing")) == 2


def test_who_confirmed_one_profile_has_not_confirmed_another():
    confirmed = replace(STUDY, confirmed=Confirmation(by="A. Ejer"))
    assert Settings(profile="n3").of(confirmed).confirmed is None
    assert Settings(profile="n5").of(confirmed).confirmed == confirmed.confirmed
    assert Settings().of(confirmed) == confirmed
