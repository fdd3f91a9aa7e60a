"""The report of three folders that never see each other's data is that of all data at once."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from study_maker import in_this_process
from three_folders import PROGRAMMES

import kij_analysis as kij
from kij_analysis import estimates
from kij_analysis.cli import main
from kij_analysis.errors import ReportError
from kij_analysis.exchange import Shared
from kij_analysis.exchange.combining import combined_data, combined_study, entries_of, in_order, made_of
from kij_analysis.exchange.fitting import fit
from kij_analysis.exchange.joining import joined, needing_rows
from kij_analysis.harmonisation import Harmonised
from kij_analysis.reporting import derived
from kij_analysis.reporting.chapter import prepare
from kij_analysis.reporting.drawing import kept_items, protected, resolved
from kij_analysis.reporting.items import ITEMS, Item
from kij_analysis.study import Study

COMBINING = import_module("kij_analysis.exchange.combining")
NEEDS_ROWS = ("barrier_differences", "barrier_numbers")
"""What rests on rows of several programmes at once, in part."""
LEFT_OUT = ("figure", "barrier_sets")
"""What rests on them as a whole."""
TEXTS = ("note", "method", "test", "predictor", "adjustment")
Items = dict[tuple[str, str], Item]


@pytest.fixture(scope="session")
def at_once(together: Study, demonstration: Harmonised, tmp_path_factory: pytest.TempPathFactory) -> Items:
    """The items of the report that is made from all data at once, protected and computed."""
    work = tmp_path_factory.mktemp("at_once")
    prepare(demonstration, ["en"], work)
    books = sorted((together.root / "notebooks").glob("[0-9]*.ipynb"))
    in_this_process(books, {"languages": ["en"], "study": str(together.path), "out": str(work)})
    jobs, problems = resolved(protected(kept_items(work / ITEMS), profile=together.profile)[0])
    assert not problems
    return {(job.item.kind, job.item.name): job.item for job in jobs}


@pytest.fixture(scope="session")
def files(shared: Mapping[str, Shared], demonstration: Harmonised) -> list[Shared]:
    """The three files, given in another order than that of the programmes."""
    given = [Shared(content=shared[name].content, file=f"{name}.json") for name in sorted(PROGRAMMES)]
    return in_order(given, demonstration.codebook)


@pytest.fixture(scope="session")
def combined(files: list[Shared], together: Study) -> Items:
    """The items of the combined report."""
    entries, _ = entries_of(files, [], together.root / "nowhere", together)
    jobs, refused = made_of(entries, combined_study(together, files))
    assert refused == [
        "barriers, figure 'barrier_sets' is left out: it needs the answers of several programmes in one "
        "place."
    ]
    return {(job.item.kind, job.item.name): job.item for job in jobs}


def frames(item: Item) -> Iterator[tuple[str, pd.DataFrame]]:
    yield "", item.frame
    yield from ((name, own) for name, own in item.options.items() if isinstance(own, pd.DataFrame))


def keyed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame under what its rows are about, whatever their order."""
    kinds = {name: pd.api.types.is_numeric_dtype(frame[name].dtype) for name in frame.columns}
    keys = [name for name, numeric in kinds.items() if not numeric and name not in TEXTS]
    keys += [name for name in ("month", "moved", "planned", "population_size") if name in frame.columns]
    keys = [name for name in keys if name not in ("adjusted_for", "not_in_both")]
    own = frame.assign(**{name: frame[name].astype("str").fillna("") for name in keys})
    place = own.groupby(keys, sort=False).cumcount()
    return own.assign(place=place).set_index([*keys, "place"]).sort_index()


@pytest.mark.slow
def test_the_combined_report_equals_that_of_all_data_at_once(at_once: Items, combined: Items):
    assert set(combined) == set(at_once) - {LEFT_OUT}
    for key, one in at_once.items():
        if key[1] in NEEDS_ROWS or key == LEFT_OUT:
            continue
        for (place, whole), (_, parts) in zip(frames(one), frames(combined[key]), strict=True):
            shared = [name for name in whole.columns if name in parts.columns]
            assert set(whole.columns) - set(shared) <= {
                "sha256", "crosswalk", "crosswalk_sha256", "rows_in", "rows_lost",
            }  # fmt: skip
            expected, found = keyed(whole[shared]), keyed(parts[shared])
            pd.testing.assert_frame_equal(
                found, expected, check_dtype=False, check_exact=False, rtol=1e-9, obj=f"{key[1]} {place}"
            )


@pytest.mark.slow
def test_pooled_estimates_are_computed_anew(at_once: Items, combined: Items):
    own, whole = combined["figure", "forest"], at_once["figure", "forest"]
    pooled = own.options["pooled"]
    assert pooled["pooled_rows"].tolist() == ["kvinfo|fika|sajo"]
    assert pooled["estimate"].iloc[0] == pytest.approx(whole.options["pooled"]["estimate"].iloc[0], rel=1e-9)
    assert own.options["without"]["without"].tolist() == ["kvinfo", "fika", "sajo"]


@pytest.mark.slow
def test_differences_as_answered_are_computed_and_adjusted_ones_say_why_not(at_once: Items, combined: Items):
    whole, own = (run["figure", "barrier_differences"].frame for run in (at_once, combined))
    keys = ["first", "second", "variable", "model"]
    whole, own = whole.set_index(keys).sort_index(), own.set_index(keys).sort_index()
    assert list(own.index) == list(whole.index)
    crude = own.index.get_level_values("model") == "crude"
    numbers = [*estimates.NUMBERS, "count_1", "n_1", "count_2", "n_2"]
    assert whole.loc[crude, "estimate"].notna().sum() >= 10
    pd.testing.assert_frame_equal(own.loc[crude, numbers], whole.loc[crude, numbers], rtol=1e-9)
    missing = own[~crude & (whole["estimate"].notna() & own["estimate"].isna())]
    assert set(missing["note"]) == {"needs_rows"}
    assert own.loc[~crude, "estimate"].isna().all()


@pytest.mark.slow
def test_what_cannot_be_made_is_listed_in_words(combined: Items):
    told = needing_rows({"barriers": list(combined.values())})
    assert len(told) == len(NEEDS_ROWS)
    for name in NEEDS_ROWS:
        assert any(f"figure '{name}'" in one and "need the answers of all programmes" in one for one in told)


@pytest.mark.slow
def test_statuses_and_sources_are_those_of_all(files: list[Shared], demonstration: Harmonised):
    data = combined_data(files, demonstration.codebook)
    assert len(data.answers) == 0
    assert set(data.ledger.sources["file"]) == set(demonstration.ledger.sources["file"])
    whole = kij.statuses(demonstration.ledger.rules)
    own = kij.statuses(data.ledger.rules)
    keys = ["column", "instrument"]
    pd.testing.assert_frame_equal(
        own.sort_values(keys, ignore_index=True), whole.sort_values(keys, ignore_index=True)
    )


@pytest.mark.slow
def test_a_report_is_made_of_the_files_and_the_authors_own_chapters(
    files: list[Shared], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """One language, and of the chapters only those that are quick to draw."""
    monkeypatch.setattr(COMBINING, "run_notebooks", in_this_process)
    author = kij.init(tmp_path / "author")
    for name in ("04_labour_market", "09_account"):
        (author / "notebooks" / f"{name}.ipynb").unlink()
    paths = []
    for file in files:
        content = copy.deepcopy(dict(file.content))
        content["chapters"] = [one for one in content["chapters"] if one["chapter"] in ("data", "barriers")]
        for chapter in content["chapters"]:
            kept = ("sources", "status_matrix", "barrier_differences")
            chapter["items"] = [item for item in chapter["items"] if item["name"] in kept]
        paths.append(str(Shared(content=content).write(tmp_path / file.file)))
    assert main(["combine", *paths, "--into", str(author), "--language", "fi"]) == 0
    told = capsys.readouterr()
    assert "'barrier_differences': " in told.out and "The chapter 'change' is left out" in told.out
    assert "has not confirmed the disclosure profile n5" in told.err
    page = (author / "report" / "report-fi.html").read_text("utf-8")
    assert "Erot vastausten mukaan; naisten välisiä eroja ei ole otettu huomioon" in page
    assert "kvinfo_start_2024.csv" in page and "sajo_slutt_2024.sav" in page
    manifest = json.loads((author / "report" / "manifest.json").read_text("utf-8"))
    assert [row["file"] for row in manifest["inputs"] if row["kind"] == "shared file"] == [
        "kvinfo.json", "fika.json", "sajo.json",
    ]  # fmt: skip
    assert any(item["name"] == "printed_kvinfo" for item in manifest["figures"])


def changed(file: Shared, **content: Any) -> Shared:
    return Shared(content={**file.content, **content}, file=f"other_{file.file}")


@pytest.mark.slow
def test_files_that_do_not_fit_are_refused_with_every_difference(
    files: list[Shared], demonstration: Harmonised
):
    meant = copy.deepcopy(dict(files[1].content["codebook"]))
    meant["variables"]["confidence_score"] = {"says": "number, 0 to 10", "checksum": "x"}
    said = {**files[1].content["disclosure"], "profile": "n10"}
    wrong = changed(
        files[1], kij="0.9.0", programmes=["fika", "kvinfo"], disclosure=said, codebook=meant,
        settings={"level": 0.9, "weighting": "none"},
    )  # fmt: skip
    with pytest.raises(ReportError) as caught:
        fit([files[0], wrong], demonstration.codebook)
    told = [str(problem) for problem in caught.value.problems]
    assert told == [
        "other_fika.json: It was made by kij_analysis 0.9.0, and this is 0.1.0. Use the same version "
        "everywhere, and share again.",
        "other_fika.json: 'kvinfo' stands in this file and in kvinfo.json. Give one file of each programme.",
        "The disclosure profiles differ: n5 in kvinfo.json, n10 in other_fika.json. A report has one rule "
        "for small numbers. Agree on one, such as n10, and share again with --profile.",
        "The confidence levels differ: 0.95 in kvinfo.json, 0.9 in other_fika.json. Share again with the "
        "same.",
        "'confidence_score' is 'number, 0 to 100, points_0_100' in your codebook, and 'number, 0 to 10' in "
        "other_fika.json. Use the same codebook everywhere, and share again.",
    ]


@pytest.mark.slow
def test_a_programme_or_variable_that_the_author_does_not_know_is_refused(
    files: list[Shared], demonstration: Harmonised
):
    meant = copy.deepcopy(dict(files[1].content["codebook"]))
    meant["variables"]["new_score"] = {"says": "number", "checksum": "x"}
    with pytest.raises(ReportError) as caught:
        fit([changed(files[1], programmes=["ny"], codebook=meant)], demonstration.codebook)
    told = [str(problem) for problem in caught.value.problems]
    assert "It is about 'ny', which your codebook does not know." in told[0]
    assert told[1].startswith("'new_score' is defined in 'other_fika.json', and your codebook does not")


@pytest.mark.slow
def test_a_mix_of_made_up_and_real_data_says_so(files: list[Shared], demonstration: Harmonised):
    notices = fit([files[0], changed(files[1], data_status="observed")], demonstration.codebook)
    assert "synthetic in kvinfo.json, observed in other_fika.json" in str(notices[-1])


def shares(programme: str, count: int = 20, status: str = "observed") -> pd.DataFrame:
    row = {"programme": programme, "variable": "barrier_network", "category": "yes", "measure": "share",
           "estimate": count / 40, "count": count, "n": 40, "method": "wilson",
           "data_status": status}  # fmt: skip
    return estimates.make([row])


def item(frame: pd.DataFrame, **options: Any) -> Item:
    return Item(kind="figure", make=kij.figures.dots, frame=frame, protect=None, options=options)


def test_items_of_one_name_are_put_together_row_by_row():
    printed = pd.DataFrame({"programme": ["kvinfo"], "value": [0.4]})
    both = joined([item(shares(p), printed=printed, beside=derived()) for p in ("kvinfo", "fika")])
    assert both.frame["programme"].tolist() == ["kvinfo", "fika"]
    assert len(both.options["printed"]) == 1
    assert both.resolved().options["beside"]["programme"].tolist() == ["kvinfo", "fika"]


def test_items_with_different_options_or_functions_are_refused():
    with pytest.raises(ReportError, match="has different values of threshold in different files"):
        joined([item(shares("kvinfo"), threshold=5), item(shares("fika"), threshold=3)])
    other = Item(kind="figure", make=kij.figures.forest, frame=shares("fika"), protect=None)
    with pytest.raises(ReportError, match="is made by different functions in different files"):
        joined([item(shares("kvinfo")), other])


def test_no_file_is_a_wrong_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["combine"])
    assert ended.value.code == 2
    assert main(["combine", str(tmp_path / "x.json"), "--into", str(kij.init(tmp_path / "s"))]) == 6
    assert "x.json: There is no such file." in capsys.readouterr().err
