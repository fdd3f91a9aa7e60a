"""From a number on the page back to its estimate, its rules and its files."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from study_maker import with_sources
from test_running import in_this_process, study_with

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.errors import ReportError, UsageError
from kij_analysis.files import checksum
from kij_analysis.reporting.chapter import CHAPTERS
from kij_analysis.reporting.provenance import columns_behind, files_behind
from kij_analysis.reporting.tracing import Traced, trace_item

DRAWN = {
    "data": "chapter.table(kij.tables.sources, chapter.data.ledger.sources)",
    "published": (
        "record = kij.indicators.load(chapter.study)\n"
        "chapter.table(kij.tables.conflicts, kij.indicators.conflicts(record), record=record,\n"
        "              sources=kij.indicators.sources(chapter.study))"
    ),
    "labour_market": (
        "record = kij.context.load(chapter.study)\n"
        "rates = kij.context.official(record, table='LFSA_ERGAN', sex='women', country=['DK'], age='15-64')\n"
        "chapter.table(kij.tables.official, rates)"
    ),
    "barriers": (
        "ended = chapter.data.answers.query(\"role == 'mentee' and wave == 'end'\")\n"
        "found = kij.barriers.prevalence(ended)\n"
        "chapter.figure(kij.figures.dots, found, behind=ended['instrument'].unique())\n"
        "chapter.table(kij.tables.estimates, found, behind=ended['instrument'].unique())"
    ),
    "account": (
        "scenario = kij.investment.scenario('two_payment_models', study=chapter.study)\n"
        "chapter.table(kij.tables.account_risks, scenario.risks())"
    ),
}
"""What the small report of these tests draws; its tables have the numbers 1 to 5."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two questionnaires with its report in Finnish and English."""
    books = {}
    for number, name in enumerate(CHAPTERS, 1):
        opened = f"chapter = kij.chapter({name!r}, study=study, languages=languages, out=out)"
        cells = [f"import kij_analysis as kij\n{opened}", *([DRAWN[name]] if name in DRAWN else [])]
        books[f"{number:02d}_{name}"] = [*cells, "chapter.close()"]
    folder = with_sources(
        study_with(tmp_path_factory.mktemp("traced"), **books), "kvinfo_end_2024", "fika_end_2024"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("kij_analysis.reporting.report"), "run_notebooks", in_this_process)
        kij.report(kij.open_study(folder), languages=["fi", "en"])
    return folder


def traced(place: Path, kind: str, which: str, *words: str) -> Traced:
    return trace_item(kij.open_study(place), kind, which, words)


def manifest(place: Path) -> dict:
    return json.loads((place / "report" / "manifest.json").read_text("utf-8"))


# ------------------------------------------------------------------ the manifest


def test_the_manifest_numbers_figures_and_tables_as_the_page_does(place: Path):
    page = (place / "report" / "report-en.html").read_text("utf-8")
    page = " ".join(re.sub("<[^>]*>", "", page).split())
    told = manifest(place)
    assert [(row["number"], row["language"]) for row in told["tables"]] == [
        (number, language) for number in range(1, 6) for language in ("fi", "en")
    ]
    for kind in ("figures", "tables"):
        for row in told[kind]:
            if row["language"] == "en":
                assert f"{kind[:-1].capitalize()} {row['number']}. {row['title'][:30]}" in page


def test_every_item_names_its_function_chapter_files_and_numbers(place: Path):
    told = manifest(place)
    for kind, row in [(name, row) for name in ("figure", "table") for row in told[f"{name}s"]]:
        assert row["made_by"].startswith(f"kij.{kind}s.") and row["chapter"] in CHAPTERS
        assert set(row["files"]) <= set(told["outputs"])
        assert row["data_files"] and row["numbers"]
        inputs = {entry["file"] for entry in told["inputs"]}
        assert set(row["data_files"]) | set(row["crosswalks"]) <= inputs, row["name"]
        for part in row["numbers"]:
            assert (place / "data" / "processed" / part["file"]).is_file()


@pytest.mark.parametrize(
    ("number", "rests_on", "file"),
    [
        (1, "answers", "demo/kvinfo_end_2024.csv"),
        (2, "record", "data/raw/published/indicators.csv"),
        (3, "official", "data/raw/published/official/by_citizenship.csv"),
        (4, "answers", "demo/fika_slut_2024.xlsx"),
        (5, "scenario", "codebook/scenarios/two_payment_models.yaml"),
    ],
)
def test_an_item_rests_on_the_files_of_its_kind(place: Path, number: int, rests_on: str, file: str):
    row = next(row for row in manifest(place)["tables"] if row["number"] == number)
    assert row["rests_on"] == [rests_on]
    assert file in row["data_files"]


def test_the_manifest_tells_the_version_of_the_words(place: Path):
    words = manifest(place)["words"]
    assert set(words) == {"fi", "en"} and len({row["sha256"] for row in words.values()}) == 2


def test_public_use_files_of_a_survey_are_inputs_where_they_lie(tmp_path: Path):
    study = kij.open_study(kij.init(tmp_path / "study"))
    assert files_behind("surveys", study) == []
    source = kij.open_study(study.root / "study-piaac.yaml").sources[0]
    source.file.parent.mkdir(parents=True, exist_ok=True)
    source.file.write_text("x", encoding="utf-8")
    assert files_behind("surveys", study) == [study.root / "study-piaac.yaml", source.file]


# ------------------------------------------------------------------ the way back


def test_a_number_leads_to_its_estimate_its_rule_and_its_file(place: Path):
    found = traced(place, "figure", "1", "kvinfo", "barrier_language")
    (row,) = found.numbers[""].to_dict("records")
    assert (row["programme"], row["variable"], row["method"]) == ("kvinfo", "barrier_language", "wilson")
    drawn = pd.read_csv(place / "figures" / "en" / "barriers.csv").query("programme == 'kvinfo'")
    (same,) = drawn[drawn["variable"] == "barrier_language"].to_dict("records")
    assert row["estimate"] == pytest.approx(same["estimate"], abs=1e-5) and row["n"] == same["n"]
    (rule,) = found.rules.to_dict("records")
    assert rule["crosswalk"] == "crosswalks/kvinfo_end_2024.yaml" and rule["status"] == "complete"
    assert "from column 'Hvad har gjort det svært at få job?'" in rule["rule"]
    assert found.files["file"].tolist() == [
        "demo/kvinfo_end_2024.csv",
        "codebook/crosswalks/kvinfo_end_2024.yaml",
    ]
    assert found.files["sha256"][0] == checksum(place / "data" / "raw" / "demo" / "kvinfo_end_2024.csv")
    assert set(found.files["state"]) == {"same"} and found.notices == ()


@pytest.mark.parametrize("word", ["Manglende sprogkundskaber", "kielitaito", "barrier_language"])
def test_a_row_is_named_in_any_language(place: Path, word: str):
    variables = set(traced(place, "figure", "barriers", word).numbers[""]["variable"])
    assert variables == {"barrier_language"}


def test_a_figure_and_a_table_of_one_number_are_different_items(place: Path):
    assert traced(place, "figure", "1").entry["name"] == "barriers"
    assert traced(place, "table", "1").entry["name"] == "sources"


def test_the_whole_item_is_told_without_words(place: Path):
    found = traced(place, "table", "4")
    assert set(found.numbers[""]["programme"]) == {"kvinfo", "fika"}
    assert set(found.rules["instrument"]) == {"kvinfo_end_2024", "fika_end_2024"}
    assert len(set(found.rules["column"])) > 10


def test_hidden_numbers_stay_hidden_on_the_way_back(place: Path):
    rows = traced(place, "figure", "1").numbers[""]
    hidden = rows[rows["note"] == "hidden_small_count"]
    assert len(hidden) and hidden[["estimate", "conf_low", "conf_high", "count"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("kind", "which", "words", "sentence"),
    [
        ("figure", "9", (), "The last report has no figure 9. It has 1: '1 barriers'."),
        ("table", "estimate", (), "no table estimate. Did you mean 'estimates'? It has 5: '1 sources', "),
        ("figure", "1", ("sajo",), "No number of it is about 'sajo'. Its programmes are 'kvinfo', 'fika'"),
        ("page", "1", (), "The kind is 'page', which is not known."),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(
    place: Path, kind: str, which: str, words: tuple[str, ...], sentence: str
):
    with pytest.raises(UsageError) as caught:
        traced(place, kind, which, *words)
    assert sentence in str(caught.value)


def test_without_a_report_there_is_nothing_to_trace(tmp_path: Path):
    study = kij.open_study(kij.init(tmp_path / "study"))
    with pytest.raises(ReportError, match=r"There is no report yet\. Run kij report\."):
        trace_item(study, "figure", 1)
    (study.folders["report"] / "manifest.json").write_text('{"figures": [{"name": "a"}]}', encoding="utf-8")
    with pytest.raises(ReportError, match=r"tells nothing about its figures\. Run kij report\."):
        trace_item(study, "figure", 1)


def test_results_of_analyses_lead_to_what_they_are_made_of(place: Path):
    codebook = kij.load_codebook(place / "codebook")
    assert columns_behind(["work_end", "confidence_score_before"], codebook) == [
        "labour_status",
        "confidence_score",
    ]
    assert "barrier_language" in columns_behind(["barriers_named"], codebook)
    assert columns_behind(["response"], codebook) == []


# ------------------------------------------------------------------ the command


def test_the_command_prints_the_way_back(place: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["trace", "figure", "1", "kvinfo", "language", "--study", str(place)]) == 0
    told = capsys.readouterr().out
    for text in (
        "Figure 1: barriers, chapter barriers",
        "made by kij.figures.dots from synthetic data",
        "barrier_language = yes",
        "rule: any_of: ",
        "codebook/crosswalks/kvinfo_end_2024.yaml  sha256 ",
        "Internal: do not pass on",
    ):
        assert text in told, text
    assert "fika" not in told


def test_the_command_counts_rules_where_there_are_too_many(place: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["trace", "table", "2", "--study", str(place)]) == 0
    assert "indicators.csv" in capsys.readouterr().out
    assert main(["trace", "figure", "--study", str(place)]) == 2
    assert "Its number on the page is missing. For example: kij trace figure 5" in capsys.readouterr().err


def test_the_command_still_traces_a_variable(place: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["trace", "labour_status", "--study", str(place), "--programme", "kvinfo"]) == 0
    assert "Hvad er din situation nu?" in capsys.readouterr().out
    assert main(["trace", "labour_status", str(place), "--study", str(place)]) == 2
    assert "More than one study is named." in capsys.readouterr().err


def test_a_page_older_than_its_data_says_so(place: Path, capsys: pytest.CaptureFixture[str]):
    export = place / "data" / "raw" / "demo" / "kvinfo_end_2024.csv"
    before = export.read_bytes()
    try:
        export.write_bytes(before + b"\n")
        assert main(["trace", "figure", "1", "kvinfo", "--study", str(place)]) == 0
        told = capsys.readouterr()
        assert (
            "notice: The page is older than the data: 'demo/kvinfo_end_2024.csv' has changed since. "
            "Run kij report."
        ) in told.err
        assert "CHANGED since the report" in told.out
        export.unlink()
        assert traced(place, "figure", "1", "kvinfo").files["state"].tolist() == ["gone", "same"]
    finally:
        export.write_bytes(before)
