"""Crosswalks kept as sheets: nothing is lost on the way there and back, whatever Excel does to the cells."""

from __future__ import annotations

import csv
import datetime
import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from study_maker import CODEBOOK, crosswalk, make_study, write

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.codebook import Crosswalk, convert_crosswalk, load_codebook, load_crosswalk, schema
from kij_analysis.codebook.crosswalks import Answer
from kij_analysis.codebook.rule_files import ABSENT, DECISION, KINDS
from kij_analysis.codebook.sheet_cells import spoken, written
from kij_analysis.codebook.sheet_files import read_crosswalk
from kij_analysis.codebook.sheet_rows import steps_of
from kij_analysis.codebook.sheet_tree import Position
from kij_analysis.codebook.sheet_writing import csv_of, xlsx_of
from kij_analysis.codebook.sheets import bare, differences
from kij_analysis.errors import StudyError, UsageError
from kij_analysis.template import template_folder

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((template_folder() / "codebook" / "crosswalks").glob("*.yaml"))
HEAD = "variable;output;rule;part;from;value;result;scale;status;detail;because;decided_by;on;proposed"

EVERYTHING = """\
gender:
  map:
    from: Køn
    values:
      {"007": woman, 7: man, "7.0": other, "=1+1": other, "1-2": other, Ja: {missing: refused}, "true": man}
    labels: {7: "8"}
    missing: {"": no_answer, -1.5: dont_know}
    otherwise: invalid
  status: partial
  because: '"quoted" and; separated, with = and a line
    break'
  on: 2026-03-02
age:
  expr:
    inputs:
      born: {from: Født, type: date, missing: {"": no_answer}}
      svar: {from: Svaret, type: date}
    formula: years_between(born, svar)
  status: complete
education:
  outputs:
    level: {map: {from: Udd., values: {x: low}}, status: complete, decided_by: CM}
    years:
      intervals: {from: År, values: {"[0, 20)": copy, else: {missing: invalid}}}
      status: complete
  on: 2026-03-02
hours:
  score:
    items: [a, {from: b, reversed: true, missing: {9: refused}}]
    range: [1, 5]
    method: mean
    minimum: 2
  status: complete
skill:
  rescale:
    from: Sprog
    scale: grade3_da
    missing: {Nej: refused}
    outputs:
      score: {method: table, values: {1: 0, 2: 0.5, 3: 100}, status: partial, because: assumed}
      high: {method: threshold, at: 2, status: complete}
  decided_by: CM
status:
  join:
    from: Nr
    file: keys.csv
    form: {format: delimited, delimiter: ";"}
    key: nr
    bring: status
    values: {A: employed}
  status: complete
barriers:
  any_of:
    {columns: {"Hinder: Språk": language}, chosen: [x, 1, "1,5"], not_chosen: [""], none_chosen: no_answer}
  status: complete
start:
  impossible: {detail: unavailable, because: not asked}
in_work:
  not_applicable: {because: 2024}
"""
"""Rules of every shape, with texts that spreadsheet programs take for something else."""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    text = EVERYTHING.replace("because: 2024", "because: '2024'")
    path = tmp_path_factory.mktemp("all") / "kv_end.yaml"
    write(path, crosswalk(text, round="2024", title="0,5", population={"invited": 240}))
    document, problems = read_crosswalk(path)
    assert document is not None and problems == []
    return document.data


def read(folder: Path, content: bytes, ending: str) -> dict[str, Any]:
    path = folder / f"kv_end{ending}"
    path.write_bytes(content)
    document, problems = read_crosswalk(path)
    assert problems == []
    assert document is not None
    return document.data


def same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return list(differences(bare(one), bare(other), ())) == []


def placeless(found: Crosswalk) -> Crosswalk:
    """A crosswalk without the lines and the file that it was read from."""
    rules = tuple(replace(rule, line=None, file="") for rule in found.rules)
    return replace(found, rules=rules, path=Path(), name="")


# ------------------------------------------------------------------ there and back


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_crosswalk_survives_both_kinds_of_sheet(path: Path, tmp_path: Path):
    document, _ = read_crosswalk(path)
    assert document is not None
    assert same(read(tmp_path, csv_of(document.data), ".csv"), document.data)
    assert same(read(tmp_path, xlsx_of(document.data), ".xlsx"), document.data)


def test_a_crosswalk_that_is_based_on_another_survives_both_kinds_of_sheet(tmp_path: Path):
    data = {
        "instrument": {"id": "kv_2025", "round": "2025"},
        "based_on": "kv_2024",
        "renamed": {"Køn": "Dit køn", "1": "Alder"},
        "dropped": ["hours", "place"],
        "rules": {"status": {"map": {"inherit": True, "values": {"I fleksjob": "employed"}}}},
    }
    assert same(read(tmp_path, csv_of(data), ".csv"), data)
    assert same(read(tmp_path, xlsx_of(data), ".xlsx"), data)


def test_a_crosswalk_comes_back_as_yaml_with_the_same_rules(tmp_path: Path):
    book = load_codebook(template_folder() / "codebook")
    path = next(path for path in SHIPPED if path.stem == "fika_end_2024")
    table, workbook, back = (tmp_path / f"{path.stem}{ending}" for ending in (".csv", ".xlsx", ".yaml"))
    convert_crosswalk(path, table)
    convert_crosswalk(table, workbook)
    convert_crosswalk(workbook, back)
    before = placeless(load_crosswalk(path, book))
    assert [placeless(load_crosswalk(one, book)) for one in (table, workbook, back)] == [before] * 3


def test_rules_of_every_shape_survive_both_kinds_of_sheet(everything: dict[str, Any], tmp_path: Path):
    assert same(read(tmp_path, csv_of(everything), ".csv"), everything)
    assert same(read(tmp_path, xlsx_of(everything), ".xlsx"), everything)


TRICKY = [
    "", " ", " a ", "007", "7", "-1", "1.5", "1,5", "1e5", "true", "TRUE", "SAND", "null", "~", "no", "=1+1",
    "+1", "-", "@x", "'x", '"', '"a"', '"a" "b"', "a;b", "a,b", "a\tb", "a\nb", "2024-01-31", "1-2", "31.12",
    "1:30", "50%", "maj 2024", "mar1", "missing: x", "missing:", "instrument", "a.b", ".a", "#N/A", "Ø å ä",
    "{x}", "[1]", "# no", "a: b", "\u00a0x", "outputs.x", "_x0041_", "&amp;<b>", "12345678901234567890",
]  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(TRICKY),
    st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=8),
).map(lambda text: unicodedata.normalize("NFC", text))
NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6), st.sampled_from([0.5, -1.25, 1e-7, 123456.789, 10**15 - 1, 1 / 3])
)


def made(node: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Whatever a schema allows."""
    if "$ref" in node:
        return made(root["$defs"][node["$ref"].rsplit("/", 1)[1]], root)
    if "enum" in node:
        return st.sampled_from(node["enum"])
    kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
    return st.one_of([kind(node, root, name) for name in kinds])


def kind(node: dict[str, Any], root: dict[str, Any], name: str) -> st.SearchStrategy[Any]:
    if name == "object":
        return block(node, root)
    if name == "array":
        parts = made(node["items"], root)
        return st.lists(
            parts,
            min_size=node.get("minItems", 0),
            max_size=node.get("maxItems", 3),
            unique=node.get("uniqueItems", False),
        )
    if name == "string":
        day = st.dates().map(str)
        return day if "pattern" in node else TEXTS.filter(lambda text: len(text) >= node.get("minLength", 0))
    within = (node.get("minimum", -1e15), node.get("maximum", 1e15))
    above = NUMBERS.filter(lambda number: within[0] <= number <= within[1])
    if within[1] == 1:
        above = st.sampled_from([0, 0.25, 0.87, 1])
    whole = st.integers(node.get("minimum", -9), node.get("maximum", 10**6))
    return {"boolean": st.booleans(), "integer": whole, "number": above}[name]


def block(node: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[dict[Any, Any]]:
    known = {key: made(part, root) for key, part in node.get("properties", {}).items()}
    if known:
        needed = {key: known[key] for key in node.get("required") or node.get("then", {}).get("required", ())}
        return st.fixed_dictionaries(needed, optional={k: v for k, v in known.items() if k not in needed})
    # Blocks and lists are named, answers may also be codes.
    named = node["additionalProperties"]["type"] in ("object", "array")
    keys = TEXTS if named else st.one_of(TEXTS, NUMBERS)
    return st.dictionaries(
        keys, made(node["additionalProperties"], root), min_size=node.get("minProperties", 1), max_size=3
    ).filter(lambda found: len({str(key) for key in found}) == len(found))


def entries(node: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A rule of one kind, or of one kind for each output, with a decision."""
    parts = node["properties"]
    decision = st.fixed_dictionaries({}, optional={key: made(parts[key], root) for key in DECISION})
    one = st.sampled_from([k for k in parts if k in KINDS]).flatmap(
        lambda found: st.tuples(made(parts[found], root), decision).map(
            lambda pair: {found: pair[0], **({} if found in ABSENT else pair[1])}
        )
    )
    if "outputs" not in parts:
        return one
    outputs = st.dictionaries(
        st.sampled_from(["score", "high", "a b"]),
        entries(parts["outputs"]["additionalProperties"], root),
        min_size=1,
    )
    return st.one_of(one, one, st.tuples(outputs, decision).map(lambda pair: {"outputs": pair[0], **pair[1]}))


SCHEMA = schema("crosswalk")
CROSSWALKS = st.fixed_dictionaries(
    {
        "instrument": made(SCHEMA["properties"]["instrument"], SCHEMA).filter(
            lambda found: found.get("keys") and {"id", "programme", "role", "wave", "file"} <= set(found)
        ),
        "rules": st.dictionaries(
            st.sampled_from(["gender", "age", "skill", "løn 2"]),
            entries(SCHEMA["properties"]["rules"]["additionalProperties"], SCHEMA),
            max_size=2,
        ),
    }
)


@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(CROSSWALKS)
def test_whatever_the_schema_allows_survives_both_kinds_of_sheet(tmp_path: Path, data: dict[str, Any]):
    assert same(read(tmp_path, csv_of(data), ".csv"), data)
    assert same(read(tmp_path, xlsx_of(data), ".xlsx"), data)


def excel(cell: str) -> str:
    """What a Danish Excel makes of a cell of a CSV file when it is opened and saved again."""
    if re.fullmatch(r"[+-]?[0-9]+", cell):
        return str(int(cell)) if len(cell) <= 15 else f"{float(cell):.5E}"
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        return datetime.date.fromisoformat(cell).strftime("%d-%m-%Y")
    if re.fullmatch(r"[0-9]{1,2}[-./][0-9]{1,2}|[0-9.]+:[0-9]+|[0-9]+%|1e5|[0-9]+\.[0-9]+", cell):
        return "?"
    if re.fullmatch(r"(maj|mar|mar(ts)?|jan(uar)?)[ .]?[0-9]{1,4}", cell):
        return "?"
    if (
        cell.startswith(("=", "+", "-", "@"))
        and len(cell) > 1
        and not re.fullmatch(r"-?[0-9]+(,[0-9]+)?", cell)
    ):
        return "#NAVN?"
    return {"true": "SAND", "TRUE": "SAND", "false": "FALSK"}.get(cell, cell)


def saved_again(content: bytes, *, delimiter: str = ";") -> bytes:
    table = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(
        [[excel(cell) for cell in row] for row in table]
    )
    return stream.getvalue().encode("utf-8-sig")


def test_a_csv_sheet_that_excel_saved_says_what_it_said(everything: dict[str, Any], tmp_path: Path):
    content = csv_of(everything)
    assert saved_again(content) != content
    assert same(read(tmp_path, saved_again(content), ".csv"), everything)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_usual_csv_is_read(delimiter: str, encoding: str, everything: dict[str, Any], tmp_path: Path):
    text = saved_again(csv_of(everything), delimiter=delimiter).decode("utf-8-sig")
    for ending in ("\n", "\r\n"):
        again = text.replace("\r\n", ending)
        assert same(read(tmp_path, again.encode(encoding), ".csv"), everything)
        hinted = f"sep={delimiter}{ending}{again}"
        assert same(read(tmp_path, hinted.encode(encoding), ".csv"), everything)


def test_a_csv_sheet_is_for_nordic_excel(everything: dict[str, Any]):
    content = csv_of(everything)
    assert content.startswith(b"\xef\xbb\xbf" + HEAD.encode() + b"\r\n")
    assert ";0,5;" in content.decode("utf-8-sig")


def test_the_same_crosswalk_gives_the_same_bytes(everything: dict[str, Any]):
    assert csv_of(everything) == csv_of(everything)
    assert xlsx_of(everything) == xlsx_of(everything)


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd-mm-yyyy", "strings_to_formulas": False})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write(number, place, cell)
    book.close()
    return path


INSTRUMENT = [
    ["part", "value", "result"], ["id", None, "kv_end"], ["programme", None, "kvinfo"],
    ["role", None, "mentee"], ["wave", None, "end"], ["file.format", None, "xlsx"],
    ["keys.person_id", None, "Id"], ["missing", '""', "no_answer"],
]  # fmt: skip


def test_typed_cells_of_a_workbook_are_what_they_look_like(tmp_path: Path):
    rows = [
        ["Variable ", "rule", "from", "value", "result", "status", "on"],
        ["gender", "map", 12, 7.0, "woman", "complete", datetime.date(2026, 3, 2)],
        ["gender", "map", None, "007", " man ", None, None],
        [],
        ["in_work", "map", "Job", True, True, "complete", "2.3.2026"],
        ["in_work", "map", "Job", "0,5", False, None, None],
    ]
    path = workbook(tmp_path / "kv_end.xlsx", instrument=INSTRUMENT, Rules=rows, notes=[["anything"]])
    document, problems = read_crosswalk(path)
    assert problems == []
    assert document.data["rules"] == {
        "gender": {
            "status": "complete",
            "on": "2026-03-02",
            "map": {"from": "12", "values": {7: "woman", "007": "man"}},
        },
        "in_work": {
            "status": "complete",
            "on": "2026-03-02",
            "map": {"from": "Job", "values": {"true": True, 0.5: False}},
        },
    }


def test_the_workbook_of_a_crosswalk_has_lists_notes_and_text_columns(everything: dict[str, Any]):
    with zipfile.ZipFile(io.BytesIO(xlsx_of(everything))) as archive:
        rules, styles = (
            archive.read(f"xl/{name}").decode() for name in ("worksheets/sheet1.xml", "styles.xml")
        )
        notes = archive.read("xl/comments1.xml").decode()
    assert f'>"{",".join(KINDS)}"<' in rules
    assert 'numFmtId="49"' in styles
    assert "The answer scale" in notes


@pytest.mark.parametrize("cell", [*TRICKY, 0, -3, 0.5, 1e-7, True, False, {"missing": "refused"}])
@pytest.mark.parametrize("guarded", [True, False])
def test_a_cell_says_what_was_written_into_it(cell: Answer, guarded: bool):
    assert spoken(written(cell, "result", guarded=guarded), "result") == cell
    if isinstance(cell, str):
        for column in ("value", "from", "because"):
            assert spoken(written(cell, column, guarded=guarded), column) == cell


def test_a_part_names_its_steps():
    assert steps_of("items.2.from") == ("items", Position(2), "from")
    assert steps_of('columns."a.""b"" 2" . x') == ("columns", 'a."b" 2', "x")
    assert steps_of("") == ()
    assert [steps_of(part) for part in ("a.", ".a", "a..b", 'a"b', '"a')] == [None] * 5


def test_the_table_of_the_guide_is_a_sheet(tmp_path: Path):
    guide = (ROOT / "docs" / "crosswalks.md").read_text("utf-8").split("## Rules in a sheet")[1]
    table = [line for line in guide.split("\n\n| column |")[0].splitlines() if line.startswith("| ")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table if "---" not in line]
    path = workbook(tmp_path / "kv_end.xlsx", rules=rows, instrument=INSTRUMENT)
    document, problems = read_crosswalk(path)
    assert problems == []
    rules = document.data["rules"]
    assert rules["labour_status"]["map"]["missing"] == {"": "not_applicable"}
    assert rules["network"]["rescale"]["outputs"]["score"]["to"] == [0, 100]
    assert rules["cefr_level"] == {"impossible": {"because": "not asked"}}


# ------------------------------------------------------------------ what is wrong, and in which cell


def told(folder: Path, rules: str, *, head: str = HEAD) -> list[str]:
    """The problems of a sheet with these rules below a good instrument; its rules begin in row 8."""
    for name, text in CODEBOOK.items():
        write(folder / name, text)
    lines = [f"instrument;;;{part};;{value or ''};{result};;;;;;" for part, value, result in INSTRUMENT[1:]]
    lines = [line.replace('""', '""""""') for line in lines]
    path = folder / "crosswalks" / "kv_end.csv"
    write(path, "\n".join([head, *lines, rules]) + "\n")
    with pytest.raises(StudyError) as caught:
        load_crosswalk(path, load_codebook(folder))
    return [str(problem) for problem in caught.value.problems]


GENDER = "gender;;map;;Køn;Kvinde;woman;;complete;;;;"
MISTAKES = {
    "unknown category": (
        "gender;;map;;Køn;Kvinde;women;;complete;;;;",
        "row 9, column 'G': 'women' is not a category of 'gender'. Did you mean 'woman'?",
    ),
    "unknown variable": (
        "gendr;;map;;A;x;woman;;complete;;;;",
        "row 9, column 'A': The codebook has no variable",
    ),
    "unknown output": (
        "education;lvel;map;;A;x;low;;complete;;;;",
        "row 9, column 'B': 'education' has no output 'lvel'.",
    ),
    "unknown kind": (
        "gender;;recode;;A;x;woman;;complete;;;;",
        "row 9, column 'C': rules.gender: the key 'recode'",
    ),
    "unknown part": (
        f"{GENDER}\ngender;;map;mising;;x;no_answer;;;;;;",
        "row 10, column 'D': rules.gender.map: the key 'mising' is not known. Did you mean 'missing'?",
    ),
    "unknown missing reason": (
        f"{GENDER}\ngender;;map;missing;;x;no_anser;;;;;;",
        "row 10, column 'G': The missing reason 'no_anser' is not known. Did you mean 'no_answer'?",
    ),
    "unknown status": (
        "gender;;map;;Køn;Kvinde;woman;;compleet;;;;",
        "row 9, column 'I': rules.gender.status: 'compleet' is not known. Did you mean 'complete'?",
    ),
    "date in another form": (
        "gender;;map;;Køn;Kvinde;woman;;complete;;;;3/2/2026",
        "row 9, column 'M': rules.gender.on: '3/2/2026' stands where a date such as 2026-03-02 belongs.",
    ),
    "a number where text belongs": (
        f"{GENDER}\ninstrument;;;round;;;2024;;;;;;",
        "row 10, column 'G': instrument.round: '2024' stands where text belongs. Put it in quotes: \"2024\".",
    ),
    "no source": (
        "gender;;map;;;Kvinde;woman;;complete;;;;",
        "row 9, column 'C': rules.gender.map: 'from' is missing",
    ),
    "no status": ("gender;;map;;Køn;Kvinde;woman;;;;;;", "row 9, column 'A': 'gender' has no status."),
    "two kinds": (
        f"{GENDER}\ngender;;direct;;A;;;;;;;;",
        "row 9, column 'A': 'gender' needs exactly one kind of rule, found 'direct', 'map'.",
    ),
    "two sources": (
        f"{GENDER}\ngender;;map;;Kon;Mand;man;;;;;;",
        "row 10, column 'E': 'from' is 'Kon' here and 'Køn' in row 9. Write the same in every row",
    ),
    "two decisions": (
        f"{GENDER}\ngender;;map;;;Mand;man;;partial;;;;",
        "row 10, column 'I': 'status' is 'partial' here and 'complete' in row 9.",
    ),
    "an answer twice": (
        f"{GENDER}\ngender;;map;;Køn;Kvinde;woman;;;;;;",
        "row 10, column 'F': 'Kvinde' stands twice, first in row 9.",
    ),
    "a code twice, as number and as text": (
        'gender;;map;;Køn;1;woman;;complete;;;;\ngender;;map;;Køn;"""1""";man;;;;;;',
        "row 10, column 'F': '1' stands twice, first in row 9.",
    ),
    "no result": (
        f"{GENDER}\ngender;;map;;Køn;Mand;;;;;;;",
        "row 10, column 'G': 'Mand' leads to nothing: the cell of the result is empty.",
    ),
    "no answer": (
        f"{GENDER}\ngender;;map;;Køn;;man;;;;;;",
        "row 10, column 'F': Nothing leads to this result: the cells of value and part are empty.",
    ),
    "no variable": (
        f"{GENDER}\n;;map;;;Mand;man;;;;;;",
        "row 10, column 'A': The cell of the variable is empty.",
    ),
    "no rule": (f"{GENDER}\ngender;;;;;Mand;man;;;;;;", "row 10, column 'C': The cell of the rule is empty."),
    "a part that says nothing": (
        f"{GENDER}\ngender;;map;labels;;;;;;;;;",
        "row 10, column 'D': The row says nothing about 'labels'.",
    ),
    "a part that cannot be read": (
        f"{GENDER}\ngender;;map;a..b;;;x;;;;;;",
        "row 10, column 'D': The part 'a..b' cannot be read.",
    ),
    "a part of a single value": (
        f"{GENDER}\ngender;;map;otherwise;;;invalid;;;;;;\ngender;;map;otherwise.x;;;y;;;;;;",
        "row 11, column 'D': 'otherwise' has parts here, and is a single value in row 10. Remove one",
    ),
    "a gap in a list": (
        "hours;;score;items.1;;;A;;complete;;;;\nhours;;score;items.3;;;B;;;;;;",
        "row 10, column 'D': The parts of 'items' are not numbered 1, 2, 3 and so on.",
    ),
    "a decision about the instrument": (
        f"{GENDER}\ninstrument;;;;;;;;complete;;;;",
        "row 10, column 'I': A row about the instrument has nothing under 'status'.",
    ),
    "a cell beyond the table": (
        f"{GENDER};;x",
        "row 9, column 'O': The cell is filled in, and its column has no name.",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_cell(name: str, tmp_path: Path):
    rules, said = MISTAKES[name]
    problems = told(tmp_path, rules)
    assert [problem for problem in problems if problem.startswith(f"crosswalks/kv_end.csv, {said}")], problems


def test_all_mistakes_are_told_at_once_in_the_order_of_the_rows(tmp_path: Path):
    rules = "gender;;map;;Køn;Kvinde;women;;complete;;;;\nage;;direct;;A;;;;partial;;;;\n"
    rules += "agee;;direct;;A;;;;complete;;;;"
    problems = told(tmp_path, rules)
    assert [re.search(r"row ([0-9]+)", problem)[1] for problem in problems] == ["9", "10", "11"]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (
            HEAD.replace("result", "resullt"),
            "row 1, column 'G': The column 'resullt' is not known. Did you mean",
        ),
        (HEAD.replace("output", "rule"), "row 1, column 'C': The column 'rule' stands twice."),
        (HEAD.replace("variable", ""), "row 1: The column 'variable' is missing."),
    ],
)
def test_a_wrong_header_is_told(head: str, said: str, tmp_path: Path):
    assert [problem for problem in told(tmp_path, GENDER, head=head) if said in problem]


def test_mistakes_in_a_workbook_name_the_sheet(tmp_path: Path):
    rows = [["variable", "rule", "from", "status"], ["age", "direct", "A", "complet"]]
    instrument = [*INSTRUMENT, ["file.sheets", None, "x"]]
    path = workbook(tmp_path / "kv_end.xlsx", rules=rows, instrument=instrument)
    _, problems = read_crosswalk(path)
    assert [str(problem).split(":")[0] for problem in problems] == [
        "kv_end.xlsx, sheet 'instrument', row 9, column 'A'",
        "kv_end.xlsx, sheet 'rules', row 2, column 'D'",
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "variable;rule\nø;x".encode("cp1252"), "not UTF-8 text. In Excel, save it as 'CSV UTF-8'"),
        ("a.csv", b'variable;rule\n"a"b;c', "This is not a CSV file"),
        ("a.csv", b"", "The sheet has no rows."),
        ("a.csv", b"variable;rule\n", "The sheet has no rows."),
        ("a.xlsx", b"PK\x03\x04 cut off", "The workbook is damaged or cut off"),
        ("a.xlsx", b"", "The workbook is damaged or cut off"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused(name: str, content: bytes, said: str, tmp_path: Path):
    (tmp_path / name).write_bytes(content)
    document, problems = read_crosswalk(tmp_path / name)
    assert document is None and said in str(problems[0])


def test_a_sheet_that_is_not_there_is_missed_with_those_that_are(tmp_path: Path):
    write(tmp_path / "kv_end.csv", "x")
    for name in ("kv_edn.csv", "kv_edn.yaml"):
        _, problems = read_crosswalk(tmp_path / name)
        assert "The file does not exist." in str(problems[0]) and "'kv_end.csv'" in str(problems[0])


def test_a_workbook_needs_a_sheet_of_rules(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", Ruler=[["variable"]], instrument=INSTRUMENT)
    _, problems = read_crosswalk(path)
    assert "has no sheet 'rules'. Did you mean 'Ruler'?" in str(problems[0])


# ------------------------------------------------------------------ in a study, and by command

RULES = """
gender:
  map: {from: Køn, values: {"1": woman, "02": man}}
  status: complete
hours:
  direct: {from: Timer}
  status: complete
"""
TABLE = "Id;Køn;Timer\n1;1;37\n2;02;7,5\n"


def test_a_study_may_name_a_sheet_as_crosswalk(tmp_path: Path):
    study = make_study(tmp_path, {"end.csv": TABLE}, {"end.csv": crosswalk(RULES)})
    before = kij.harmonise(study)
    yaml = study.crosswalk(study.sources[0])
    for ending in (".csv", ".xlsx"):
        sheet = yaml.with_suffix(ending)
        convert_crosswalk(yaml, sheet)
        kept = yaml.read_bytes()
        yaml.unlink()
        assert study.crosswalk(study.sources[0]) == sheet
        after = kij.harmonise(study)
        assert after.people.equals(before.people) and after.answers.equals(before.answers)
        sheet.unlink()
        yaml.write_bytes(kept)


def test_two_crosswalks_of_one_name_are_refused(tmp_path: Path):
    study = make_study(tmp_path, {"end.csv": TABLE}, {"end.csv": crosswalk(RULES)})
    yaml = study.crosswalk(study.sources[0])
    notices = convert_crosswalk(yaml, yaml.with_suffix(".csv"))
    assert "a study takes only one of them" in str(notices[0])
    found = kij.check(study)
    assert "The crosswalk 'kv_end' stands in 'kv_end.yaml', 'kv_end.csv'. Keep one" in str(found.problems[0])
    assert found.exit_code == 3


def test_what_is_found_when_rules_are_compiled_names_the_row_of_a_sheet(tmp_path: Path):
    rules = RULES.replace('"1": woman, "02": man', '"Ja": woman, " JA ": man')
    study = make_study(tmp_path, {"end.csv": TABLE}, {"end.csv": crosswalk(rules)})
    yaml = study.crosswalk(study.sources[0])
    convert_crosswalk(yaml, yaml.with_suffix(".csv"))
    yaml.unlink()
    told_first = str(kij.check(study).problems[0])
    assert told_first.startswith("crosswalks/kv_end.csv, row 13: The answer ' JA ' leads to two values")


def test_the_command_carries_a_crosswalk_there_and_back(tmp_path: Path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "kv_end.yaml", "# a remark\n" + crosswalk(RULES))
    assert main(["sheet", "kv_end.yaml"]) == 0
    assert "comments of the YAML file (1)" in capsys.readouterr().err
    assert main(["sheet", "kv_end.xlsx", "--to", "back/kv_end.yaml"]) == 0
    assert main(["sheet", "kv_end.xlsx"]) == 2
    assert "The file exists." in capsys.readouterr().err
    assert main(["sheet", "kv_end.xlsx", "--replace"]) == 0
    one, other = (read_crosswalk(Path(name))[0].data for name in ("kv_end.yaml", "back/kv_end.yaml"))
    assert same(one, other)


@pytest.mark.parametrize(
    ("target", "said"),
    [("kv_end.sav", "is no kind of crosswalk"), ("b/kv_end.yml", "is of the same kind")],
)
def test_a_target_of_no_use_is_refused(target: str, said: str, tmp_path: Path):
    write(tmp_path / "kv_end.yaml", crosswalk(RULES))
    with pytest.raises(UsageError, match=said):
        convert_crosswalk(tmp_path / "kv_end.yaml", tmp_path / target)


def test_what_a_sheet_cannot_hold_is_refused_and_nothing_is_written(tmp_path: Path):
    rules = RULES.replace('"1": woman', "12345678901234567890: woman")
    write(tmp_path / "kv_end.yaml", crosswalk(rules))
    with pytest.raises(StudyError, match=r"values\.12345678901234567890 cannot be kept in a \.csv file"):
        convert_crosswalk(tmp_path / "kv_end.yaml", tmp_path / "kv_end.csv")
    assert not (tmp_path / "kv_end.csv").exists()


def test_a_crosswalk_that_is_wrong_is_not_carried_over(tmp_path: Path):
    write(tmp_path / "kv_end.yaml", crosswalk("gender:\n  recode: {from: A}\n  status: complete"))
    with pytest.raises(StudyError, match="the key 'recode' is not known"):
        convert_crosswalk(tmp_path / "kv_end.yaml", tmp_path / "kv_end.csv")
