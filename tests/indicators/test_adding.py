"""A figure from a report is entered in one command, whole or not at all, and compared at once."""

from __future__ import annotations

import csv
import io
import shlex
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

import kij_analysis as kij
from kij_analysis import figures, indicators
from kij_analysis.cli import main
from kij_analysis.errors import StudyError, UsageError
from kij_analysis.indicators.sheets import schema
from kij_analysis.indicators.workbooks import workbook
from kij_analysis.template import template_folder

SHIPPED = template_folder() / "data" / "raw" / "published"
ROW = {
    "programme": "fika", "indicator": "employed", "value": "40", "denominator": "respondents",
    "timing": "at_end", "year": "2025", "role": "mentee", "population": "women", "n": "60",
    "response_rate": "65", "source": "fika_2025",
}  # fmt: skip
SOURCE = {"title": "Yearly report", "publisher": "Luckan Integration", "year": "2026"}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    folder.mkdir()
    for path in SHIPPED.glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# ---------------------------------------------------------------- entering


def test_a_figure_and_its_new_source_stand_in_the_sheets_and_nothing_else_changes(published: Path):
    before = contents(published)
    added = indicators.add(published, ROW, source=SOURCE)
    after = contents(published)
    assert {name for name in after if after[name] != before[name]} == {"report_numbers.csv", "sources.csv"}
    assert all(after[name].startswith(before[name]) for name in after)
    row = indicators.load(published).set_index("id").loc["fika_employed_2025"]
    assert (row["value"], row["n"], row["year_from"], row["source"]) == (40, 60, 2025, "fika_2025")
    assert indicators.sources(published).set_index("id").loc["fika_2025", "address"] == "project document"
    assert added.id == "fika_employed_2025" and added.written


def test_what_is_not_named_is_told_and_never_a_guess(published: Path):
    bare = {name: ROW[name] for name in ("programme", "indicator", "value")} | {"source": "kvinfo_may_2022"}
    added = indicators.add(published, bare)
    for name in ("denominator", "timing", "role", "population", "year_basis"):
        assert added.assumed[name] == "unknown"
    assert "n" not in added.row and "response_rate" not in added.row


def test_an_opinion_is_not_taken_for_a_status(published: Path):
    added = indicators.add(published, ROW | {"indicator": "helped_to_find_work"}, source=SOURCE)
    assert (added.assumed["outcome_type"], added.assumed["cut_off"]) == ("perceived_help", "unknown")


def test_a_second_figure_of_the_same_year_gets_a_name_of_its_own(published: Path):
    indicators.add(published, ROW, source=SOURCE)
    assert indicators.add(published, ROW | {"timing": "during"}).id == "fika_employed_2025_2"


@pytest.mark.parametrize(
    ("change", "source", "column", "sentence"),
    [
        ({"denominator": "respondent"}, SOURCE, "denominator", "Did you mean 'respondents'?"),
        ({"value": "41,5"}, SOURCE, "value", "Write 41.5"),
        ({"value": "140"}, SOURCE, "value", "more than 100"),
        ({"timing": "within_k_months"}, SOURCE, "timing_months", "needs its number of months"),
        ({}, None, "source", "is not listed in sources.csv"),
        ({}, {"title": "Yearly report"}, "source publisher", "Nothing stands here"),
        ({"source": "kvinfo_may_2022"}, SOURCE, "source id", "already"),
        ({"conflicts_with": "kvinfo_employed_2017"}, SOURCE, "conflicts_with", "does not name this record"),
    ],
)
def test_a_wrong_cell_is_named_by_its_column_and_nothing_is_written(
    published: Path, change, source, column, sentence
):
    before = contents(published)
    with pytest.raises(StudyError) as caught:
        indicators.add(published, ROW | change, source=source)
    [problem] = [problem for problem in caught.value.problems if problem.column == column]
    assert sentence in str(problem) and problem.file == ""
    assert contents(published) == before


def test_all_problems_are_told_at_once(published: Path):
    with pytest.raises(StudyError) as caught:
        indicators.add(published, ROW | {"value": "x", "denominator": "y", "timing": "z"}, source=SOURCE)
    assert [problem.column for problem in caught.value.problems] == ["value", "denominator", "timing"]


def test_a_column_that_does_not_exist_is_refused(published: Path):
    with pytest.raises(UsageError, match="no column 'colour'"):
        indicators.add(published, ROW | {"colour": "red"}, source=SOURCE)


def test_a_dry_run_writes_nothing(published: Path):
    before = contents(published)
    added = indicators.add(published, ROW, source=SOURCE, dry_run=True)
    assert not added.written and added.id in set(added.record["id"])
    assert contents(published) == before


def test_entered_figures_enter_figures_and_matrix_without_a_line_of_code(published: Path):
    indicators.add(published, ROW, source=SOURCE)
    indicators.add(published, ROW | {"value": "20", "indicator": "in_education"})
    record = indicators.load(published)
    drawn = figures.printed(record, "en", programme="fika", sources=indicators.sources(published))
    assert drawn.data["value"].tolist() == [40, 20]
    chosen = record[record["id"].isin(["fika_employed_2025", "kvinfo_employed_2021_may"])]
    matrix = figures.comparability_matrix(indicators.matrix(chosen), "en", record=chosen)
    assert matrix.data["verdict"].tolist() == ["caution"]


# ---------------------------------------------------------------- in Excel


def filled(path: Path, *, sheets: dict[str, list[dict[str, object]]]) -> None:
    """A workbook like the one that is shipped, with rows."""
    book = xlsxwriter.Workbook(path)
    for sheet, rows in sheets.items():
        page = book.add_worksheet(sheet)
        names = list(schema()["$defs"][{"numbers": "indicators", "sources": "sources"}[sheet]]["properties"])
        names = [name for name in names if name != "data_status"]
        for number, row in enumerate([dict(zip(names, names, strict=True)), *rows]):
            for place, name in enumerate(names):
                page.write(number, place, row.get(name, ""))
    book.close()


WHOLE = {
    "id": "fika_employed_2025", "programme": "fika", "indicator": "employed", "value": 41.5,
    "unit": "per_cent", "precision": "exact", "outcome_type": "status", "denominator": "respondents",
    "timing": "at_end", "year_from": 2025, "year_to": 2025, "year_basis": "stated",
    "cut_off": "not_applicable", "role": "mentee", "population": "women", "source": "fika_2025",
    "confidence": "high",
}  # fmt: skip
NEW = {
    "id": "fika_2025", "title": "Yearly report", "publisher": "Luckan", "year": 2026, "kind": "report",
    "address": "project document",
}  # fmt: skip


def test_a_workbook_beside_the_sheets_is_read_with_its_sources(published: Path):
    filled(published / "report_numbers.xlsx", sheets={"numbers": [WHOLE], "sources": [NEW]})
    row = indicators.load(published).set_index("id").loc["fika_employed_2025"]
    assert (row["value"], row["year_to"], row["data_status"]) == (41.5, 2025, "published")
    assert "fika_2025" in set(indicators.sources(published)["id"])


def test_a_wrong_cell_of_a_workbook_is_named_with_file_row_and_column(published: Path):
    wrong = WHOLE | {"role": "mentees", "source": "kvinfo_may_2022"}
    filled(published / "report_numbers.xlsx", sheets={"numbers": [wrong], "sources": []})
    with pytest.raises(StudyError) as caught:
        indicators.load(published)
    [problem] = caught.value.problems
    assert problem.where == "published/report_numbers.xlsx, row 2, column 'role'"
    assert "Did you mean 'mentee'?" in problem.fix


def test_numbers_in_both_sheet_and_workbook_are_an_error(published: Path):
    indicators.add(published, ROW, source=SOURCE)
    filled(published / "report_numbers.xlsx", sheets={"numbers": [], "sources": []})
    with pytest.raises(StudyError, match=r"both here and in report_numbers\.xlsx"):
        indicators.load(published)


def test_a_workbook_without_its_sheet_says_which_there_are(published: Path):
    filled(published / "report_numbers.xlsx", sheets={"sources": []})
    with pytest.raises(StudyError, match="no sheet 'numbers'"):
        indicators.load(published)


def test_the_empty_workbook_is_a_sound_one_with_a_list_for_every_closed_column(published: Path):
    import zipfile

    (published / "report_numbers.xlsx").write_bytes(workbook(schema()))
    assert len(indicators.load(published)) == len(indicators.load(SHIPPED))
    with zipfile.ZipFile(published / "report_numbers.xlsx") as parts:
        lists = [parts.read(f"xl/worksheets/sheet{n}.xml").decode().count("<dataValidation ") for n in (1, 2)]
    closed = [
        sum("enum" in rule for name, rule in schema()["$defs"][sheet]["properties"].items())
        for sheet in ("indicators", "sources")
    ]
    assert lists == [closed[0] - 1, closed[1]]  # data_status has one answer and is left out


# ---------------------------------------------------------------- the commands


@pytest.fixture
def study(published: Path) -> Path:
    root = published.parent
    (root / "study.yaml").write_text(
        "study: {id: s, title: s, data_status: synthetic}\nlanguages: [en]\n"
        "sources: [{crosswalk: kvinfo_end_2024, file: demo/k.csv, data_status: synthetic}]\n"
        "folders: {raw: ., processed: p, codebook: codebook, notebooks: n, figures: f, report: r}\n"
    )
    (root / "codebook").symlink_to(template_folder() / "codebook")
    return root


def entered(study: Path, *more: str) -> int:
    cells = [f"--{name.replace('_', '-')}={cell}" for name, cell in ROW.items()]
    titled = ["--source-title", "Yearly report", "--publisher", "Luckan"]
    return main(["indicators", "add", "--study", str(study), *cells, *titled, *more])


def test_who_enters_a_figure_sees_at_once_with_which_kvinfo_figure_it_may_be_compared_and_why(study, capsys):
    assert entered(study, "--with", "kvinfo") == 0
    out = capsys.readouterr().out
    assert "fika_employed_2025: FIKA 2025: 40% in work at the end – of those who answered" in out
    caution, refused = out.split("Comparable with caution: ")[1].split("Not comparable: ")
    assert "[kvinfo_employed_2021_may]" in caution and "not printed how many answered" in caution
    assert "[kvinfo_employed_2002_2013]" in refused and "share of those who answered" in refused
    assert len(out.splitlines()) < 50
    assert "womento" not in out.lower()


def test_all_shows_the_rest(study, capsys):
    assert entered(study, "--dry-run", "--all") == 0
    out = capsys.readouterr().out
    assert "more; --all" not in out
    shares = kij.indicators.load(SHIPPED).query("unit == 'per_cent' and outcome_type != 'plan'")
    assert sum(f"[{id}]" in out for id in shares["id"]) == len(shares)


def test_the_sentences_are_in_the_language_that_is_asked_for(study, capsys):
    assert entered(study, "--dry-run", "--language", "fi") == 0
    assert "Vertailtavissa varoen" in capsys.readouterr().out


def test_problems_name_the_option(study, capsys):
    assert entered(study, "--denominator", "respondent") == 3
    err = capsys.readouterr().err
    assert "error: --denominator: 'respondent' is not known. Did you mean 'respondents'?" in err


def test_an_unlisted_source_tells_what_a_new_one_needs(study, capsys):
    cells = [f"--{name.replace('_', '-')}={cell}" for name, cell in ROW.items()]
    assert main(["indicators", "add", "--study", str(study), *cells]) == 3
    assert "--source-title and --publisher" in capsys.readouterr().err


def test_a_percentage_that_no_count_gives_is_told_when_it_is_entered(study, capsys):
    assert entered(study, "--value", "41") == 0
    assert "no number of persons out of the printed n gives this percentage" in capsys.readouterr().err


def test_two_figures_are_held_against_each_other_with_the_basis_of_each_reason(study, capsys):
    ids = ["public_mentor_scheme_dk_copes_better_mentors_2015"]
    ids += [ids[0].replace("mentors", "mentees")]
    assert main(["indicators", "compare", "--study", str(study), *ids]) == 0
    out = capsys.readouterr().out
    assert "Not comparable: mentors answered one, mentees the other" in out
    assert "roles_differ (not_comparable): Mentors and mentees answer differently" in out


def test_a_misspelt_id_names_the_nearest(study, capsys):
    assert main(["indicators", "compare", "--study", str(study), "kvinfo_employed_2018"]) == 2
    assert "Did you mean 'kvinfo_employed_2017'?" in capsys.readouterr().err


def test_check_counts_what_is_to_be_looked_at_and_codes_are_told(study, tmp_path, capsys):
    assert main(["indicators", "check", "--study", str(study)]) == 0
    assert "161 printed numbers, 0 problems" in capsys.readouterr().out
    assert main(["indicators", "codes", "denominator"]) == 0
    assert "those who answered a survey" in capsys.readouterr().out
    assert main(["indicators", "sheet", str(tmp_path / "r.xlsx")]) == 0
    assert main(["indicators", "sheet", str(tmp_path / "r.xlsx")]) == 2


# ---------------------------------------------------------------- contradictions

PARTS = """
case                                     | work | education | both | found
the printed 44 and 15 are 59             | 44   | 15        | 59   |
rounding is allowed for                  | 44   | 15        | 60   |
a part is larger than the whole          | 61   | 15        | 59   | part_exceeds_whole parts_overlap
somebody is counted twice                | 47   | 20        | 59   | parts_overlap
the whole is larger than all its parts   | 44   | 15        | 70   | whole_exceeds_parts
"""


@pytest.mark.parametrize("line", PARTS.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_parts_and_wholes_of_one_evaluation_are_held_against_each_other(line: str):
    _, *values, expected = (cell.strip() for cell in line.split("|"))
    ids = ["kvinfo_employed_2021_may", "kvinfo_in_education_2021_may", "kvinfo_employed_or_education_2021"]
    record = indicators.load(SHIPPED).set_index("id", drop=False).loc[ids]
    changed = record.assign(value=[float(value) for value in values], conflicts_with="")
    assert indicators.contradictions(changed)["kind"].tolist() == expected.split()


def test_parts_of_another_evaluation_are_left_alone():
    record = indicators.load(SHIPPED).set_index("id", drop=False)
    ids = ["kvinfo_employed_2021_november", "kvinfo_employed_or_education_2021"]
    assert indicators.contradictions(record.loc[ids].assign(value=[80.0, 59.0])).empty


def test_the_record_has_no_contradiction_but_conflicts_that_no_row_declares():
    found = indicators.contradictions(indicators.load(SHIPPED))
    assert set(found["kind"]) == {"undeclared_conflict"}
    assert isinstance(found, pd.DataFrame) and found["ids"].str.contains("|", regex=False).all()


def test_the_sheet_of_the_user_keeps_its_line_ends(published: Path):
    path = published / "report_numbers.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    indicators.add(published, ROW, source=SOURCE)
    lines = path.read_bytes().split(b"\r\n")
    assert len(lines) == 3 and b"\n" not in path.read_bytes().replace(b"\r\n", b"")
    assert next(csv.reader(io.StringIO(lines[1].decode())))[0] == "fika_employed_2025"


@pytest.mark.parametrize("document", ["README.md", "docs/printed-figures.md"])
def test_the_command_that_the_documents_show_works_as_it_stands(study: Path, document: str, capsys):
    path = template_folder() / document
    if not path.is_file():
        pytest.skip("the documents are not installed with the package")
    [command] = [
        line for line in path.read_text("utf-8").splitlines() if line.startswith("kij indicators add")
    ]
    assert main([*shlex.split(command)[1:], "--study", str(study)]) == 0
    captured = capsys.readouterr()
    assert "Comparable with caution: " in captured.out and "[kvinfo_employed_2021_may]" in captured.out
    assert captured.err == ""
