"""Nothing that is written or printed lets a script find a person: what was planted is sought everywhere."""

from __future__ import annotations

import base64
import contextlib
import html
import io
import json
import re
import shutil
import traceback
import urllib.parse
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from made_up import danish, finnish, norwegian, swedish
from python_calamine import CalamineWorkbook
from study_maker import in_this_process, with_sources

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.errors import KijError
from kij_analysis.privacy import key_of

pytestmark = pytest.mark.slow

HER_ID = "K-70301"
NUMBER = danish(11)
NAME, OTHER_NAME = "Zaïneb Øvergård-Qamari", "Tiina Mäkeläinen-Abdi"
EMAIL, PHONE = "zaineb.qamari@post.example.dk", "+45 31 41 59 26"
STORY = "min søster Halimah kender Zaïneb fra sprogskolen i Ølstykke"
HOPE = "åbne en blomsterbutik med Fadumo i Kværndrup"
NATIONAL = (NUMBER, norwegian(12), finnish(13), swedish(14))
PLANTED = (HER_ID, NAME, OTHER_NAME, EMAIL, PHONE, STORY, HOPE, *NATIONAL)
WORDS = ("Zaïneb", "Øvergård", "Qamari", "Mäkeläinen", "Halimah", "Fadumo", "Kværndrup", "31415926", "70301")
"""Parts that would tell as much as the whole."""
START, END = "kvinfo_start_2024.csv", "kvinfo_end_2024.csv"
RARE = {
    "Hvilken del af verden er du født i?": "Nordamerika eller Oceanien",
    "Hvad er din højeste fuldførte uddannelse?": "Ph.d.",
    "Hvad er dit opholdsgrundlag?": "Andet grundlag",
    "Hvor gammel er du?": "64",
}
"""What nobody else answers all at once."""


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", dtype=str, encoding="cp1252", keep_default_na=False)


def write(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, sep=";", index=False, encoding="cp1252")


def planted(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The two demonstration surveys with names, numbers, ways to be reached, stories and one unique woman."""
    start, end = read(folder / START), read(folder / END)
    for table, hers in ((start, "K0030"), (end, "K0030")):
        row = table.index[table["Løbenr"] == hers][0]
        table["Navn"] = [f"Deltager{chr(65 + i % 26)} Nr{i}" for i in range(len(table))]
        table["Kontakt"] = ""
        table.loc[row, ["Løbenr", "Navn", "Kontakt", "Andet - skriv"]] = [HER_ID, NAME, EMAIL, STORY]
        other = row + 1 if row == 0 else row - 1
        table.loc[other, ["Navn", "Kontakt"]] = [OTHER_NAME, PHONE]
        table.loc[other, "Andet - skriv"] = f"ring {PHONE}, {' og '.join(NATIONAL)}"
    start.loc[start["Løbenr"] == HER_ID, [*RARE]] = list(RARE.values())
    start.loc[start["Løbenr"] == HER_ID, "Hvad håber du at få ud af forløbet?"] = HOPE
    end.loc[end["Løbenr"] == HER_ID, "Har du andre kommentarer?"] = HOPE
    return start, end


def broken(start: pd.DataFrame) -> pd.DataFrame:
    """The survey with what must stop the work: identifiers, names and a story in columns that rules read."""
    wrong = start.copy()
    wrong.loc[3, "Hvad er din situation nu?"] = EMAIL
    wrong.loc[4, "Hvad er din situation nu?"] = NAME
    wrong.loc[5, "Hvad er din højeste fuldførte uddannelse?"] = STORY
    wrong.loc[6, "Hvor gammel er du?"] = NUMBER
    wrong.loc[7, "Hvor mange børn under 18 år bor du sammen med?"] = f"to, spørg {OTHER_NAME}"
    wrong.loc[8, "Hvad gør det svært at få job?"] = f"Sprog; {HOPE}"
    wrong.loc[9, "Besvaret"] = NUMBER
    return wrong


@dataclass(frozen=True)
class Made:
    """A study after everything was done with it, and all that was printed and raised on the way."""

    root: Path
    before: Path
    printed: dict[str, str]
    pseudonym: str


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration with two surveys, a key of its own and what was planted."""
    folder = tmp_path_factory.mktemp("nothing-left")
    root = with_sources(kij.init(folder / "study"), "kvinfo_entry_2024", "kvinfo_end_2024")
    key = (folder / "own.key").as_posix()
    text = (root / "study.yaml").read_text("utf-8")
    text = text.replace("key: demo", f"key: {key}")
    (root / "study.yaml").write_text(text, encoding="utf-8")
    crosswalk = (
        root / "codebook/crosswalks/kvinfo_end_2024.yaml"
    )  # in the other survey nobody has declared it
    lines = crosswalk.read_text("utf-8").replace("  free_text:", "  identifiers: [Navn]\n  free_text:", 1)
    crosswalk.write_text(lines, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def made(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("kij_analysis.reporting.report"), "run_notebooks", in_this_process)
        yield everything_done(study, tmp_path_factory.mktemp("drafts"))


def everything_done(root: Path, aside: Path) -> Made:
    raw = root / "data/raw/demo"
    start, end = planted(raw)
    printed: dict[str, str] = {}
    write(broken(start), raw / START)
    write(end, raw / END)
    place = str(root)
    run(printed, "check with errors", "check", place)
    run(printed, "harmonise with errors", "harmonise", place)
    run(printed, "harmonise what can be", "harmonise", place, "--mark", "--format", "parquet")
    printed["raised"] = raised(root)
    write(start, raw / START)
    every = ("parquet", "csv", "csv-semicolon", "xlsx", "spss", "stata")
    run(printed, "check", "check", place)
    run(printed, "harmonise", "harmonise", place, *(part for kind in every for part in ("--format", kind)))
    run(printed, "difference", "diff", "--study", place)
    who = ("--id", HER_ID, "--programme", "kvinfo")
    run(printed, "trace", "trace", "labour_status", place, *who)
    run(printed, "trace all", "trace", "age", place)
    run(printed, "codebook", "codebook", place, "--language", "da")
    draft = ("--programme", "kvinfo", "--role", "mentee", "--wave", "entry", "--id", "kvinfo_entry_2099")
    shutil.copy(raw / START, aside / "export.csv")
    run(printed, "draft", "draft", str(aside / "export.csv"), "--study", place, *draft)
    new = ("--as", "kvinfo_entry_2098", "--file", str(aside / "export.csv"))
    run(printed, "renew", "renew", "kvinfo_entry_2024", place, *new)
    run(printed, "report", "report", place, "--only", "participants", "--language", "da")
    kept = aside / "before"
    for name in ("figures", "report", "data/processed"):
        shutil.copytree(root / name, kept / name)
    run(printed, "forget", "forget", place, *who)
    key = key_of("demo", kij.open_study(root).key)
    return Made(root, kept, printed, key.pseudonym("kvinfo", "person", "K70301"))


def run(printed: dict[str, str], name: str, *command: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*command])
    printed[name] = f"{code}\n{out.getvalue()}\n{err.getvalue()}"


def raised(root: Path) -> str:
    """An error as a researcher sees it who calls the library."""
    try:
        kij.harmonise(kij.open_study(root))
    except KijError as error:
        return "".join(traceback.format_exception(error)) + repr(error) + repr(error.problems)
    raise AssertionError("nothing was raised")


def contents(path: Path) -> Iterator[bytes]:
    """The bytes of a file, of every file inside it, and of compressed tables as text."""
    content = path.read_bytes()
    yield from unpacked(content)
    if path.suffix == ".parquet":
        yield pd.read_parquet(path).to_csv().encode()
    elif path.suffix in (".sav", ".dta"):
        reader = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
        frame, notes = reader(str(path))
        labels = json.dumps([notes.column_names_to_labels, notes.variable_value_labels], ensure_ascii=False)
        yield (frame.to_csv() + labels).encode()


def unpacked(content: bytes) -> Iterator[bytes]:
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as box:
            for name in box.namelist():
                yield from unpacked(box.read(name))
    for hidden in re.findall(rb"base64,([A-Za-z0-9+/=]{40,})", content):
        yield base64.b64decode(hidden)


def forms(text: str) -> set[bytes]:
    """A text as it can stand in a file."""
    plain = {text, html.escape(text), urllib.parse.quote(text), json.dumps(text)[1:-1]}
    plain |= {one.casefold() for one in plain}
    coded = {one.encode(code) for one in plain for code in ("utf-8", "utf-16-le", "utf-16-be")}
    return coded | {one.encode("cp1252", "ignore") for one in plain if one.encode("cp1252", "ignore")}


def found(texts: Sequence[str], folders: Sequence[Path]) -> list[tuple[str, str]]:
    """(file, text) for each text that stands in a file of the folders."""
    looked_for = {text: forms(text) for text in texts}
    hits = []
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        for content in contents(path):
            lowered = content.lower()
            hits += [
                (path.name, text)
                for text, coded in looked_for.items()
                if any(form in content or form in lowered for form in coded)
            ]
    return hits


def test_the_search_finds_what_stands_there(tmp_path: Path):
    frame = pd.DataFrame({"a": [NAME, EMAIL]})
    frame.to_parquet(tmp_path / "a.parquet", compression="gzip")
    pyreadstat.write_sav(frame, str(tmp_path / "b.sav"), compress=True)
    (tmp_path / "c.txt").write_bytes(NAME.encode("utf-16"))
    (tmp_path / "d.txt").write_bytes(NAME.encode("cp1252"))
    with zipfile.ZipFile(tmp_path / "e.docx", "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("word/document.xml", f"<w:t>{NAME}</w:t>")
    picture = base64.b64encode(f"<svg><title>{NAME}</title></svg>".encode()).decode()
    (tmp_path / "f.html").write_text(f"<img src='data:image/svg+xml;base64,{picture}'>", encoding="utf-8")
    (tmp_path / "g.json").write_text(json.dumps({"a": NAME}), encoding="utf-8")
    assert {name for name, text in found([NAME], [tmp_path])} == {path.name for path in tmp_path.iterdir()}


def test_everything_ran_as_it_should(made: Made):
    codes = {name: text.split("\n", 1)[0] for name, text in made.printed.items() if name != "raised"}
    assert codes.pop("check with errors") == codes.pop("harmonise with errors") == "5"
    assert set(codes.values()) == {"0"}, codes


@pytest.mark.parametrize("text", [*PLANTED, *WORDS])
def test_no_message_no_traceback_and_no_draft_holds_what_was_planted(made: Made, text: str):
    assert [name for name, shown in made.printed.items() if text.casefold() in shown.casefold()] == []
    assert found([text], [made.root / "codebook"]) == []


LEAVES = ("figures", "report")


@pytest.mark.parametrize("when", ["before", "root"])
def test_no_file_that_is_made_from_the_data_holds_a_name_a_number_an_address_or_a_story(
    made: Made, when: str
):
    folder: Path = getattr(made, when)
    assert found([*PLANTED, *WORDS], [folder / name for name in (*LEAVES, "data/processed")]) == []


def test_pseudonyms_stand_in_the_harmonised_data_only(made: Made):
    hits = {name for name, _ in found([made.pseudonym], [made.before])}
    # So that the search below means something, she must have been there in every format.
    kinds = (".parquet", ".csv", "-semicolon.csv", ".sav", ".dta")
    wanted = {f"{frame}{kind}" for frame in ("people", "answers") for kind in kinds}
    assert wanted | {"harmonised.xlsx"} <= hits
    assert found([made.pseudonym], [made.before / name for name in LEAVES]) == []
    assert not [name for name in hits if name.endswith((".json", ".html", ".svg"))]


def test_a_forgotten_person_is_found_nowhere_but_on_the_erasure_list(made: Made):
    listed = made.root / "data/erasures"
    folders = [path for path in made.root.iterdir() if path.is_dir() and path.name != "data"]
    places = {
        name
        for name, _ in found([made.pseudonym, *PLANTED], [*folders, made.root / "data/processed", listed])
    }
    assert places == {path.name for path in listed.iterdir()} == {"demo.json"}
    assert found([*PLANTED, *WORDS], [listed]) == []
    people = pd.read_parquet(made.root / "data/processed/people.parquet")
    before = pd.read_parquet(made.before / "data/processed/people.parquet")
    assert len(before) - len(people) == 1 and made.pseudonym in set(before["person_id"])


def test_what_a_report_leaves_beside_the_data_goes_with_her(made: Made):
    before = {path.name for path in (made.before / "data/processed").iterdir()}
    gone = {"previous", "chapters", "items", "notebooks", "numbers", "disclosure.csv"}
    # Notebooks that run without kernels leave no copy.
    assert gone - {"notebooks"} <= before
    assert {path.name for path in (made.root / "data/processed").iterdir()} == before - gone


def csvs(made: Made) -> dict[str, pd.DataFrame]:
    paths = sorted(path for name in LEAVES for path in (made.before / name).rglob("*.csv"))
    return {path.stem: pd.read_csv(path, encoding="utf-8-sig") for path in paths}


def test_no_row_that_leaves_is_about_one_person_or_a_few(made: Made):
    few = range(1, 5)
    tables = csvs(made)
    assert {"participants", "origins", "response"} <= set(tables)
    for name, table in tables.items():
        assert not {"person_id", "pair_id", "date", "instrument"} & set(table.columns), name
        if "n" in table.columns:
            assert not table["n"].isin(few).any(), name
        if {"count", "estimate"} <= set(table.columns):
            shown = table[table["estimate"].notna()]
            assert not shown["count"].isin(few).any(), name
            assert not (shown["n"] - shown["count"]).isin(few).any(), name
            # A hidden cell has no number at all, from which its count could be had.
            hidden = table[table["note"].astype(str).str.startswith("hidden")]
            assert hidden[["estimate", "conf_low", "conf_high", "count"]].isna().all(axis=None), name


def test_no_page_shows_a_number_of_one_to_four_persons(made: Made):
    page = (made.before / "report/report-da.html").read_text("utf-8")
    tables = "".join(re.findall(r"<table>.*?</table>", page, re.DOTALL))
    assert "<td" in tables
    assert not re.findall(r'<td class="number">[1-4]</td>', tables)
    words = "".join(path.read_text("utf-8") for path in made.before.glob("figures/da/*.json"))
    assert not re.findall(r"\bn = [1-4]\b(?![.,]?[0-9])|\b[1-4] (?:af|ud af) [0-9]", page + words)


def test_no_workbook_shows_a_number_of_one_to_four_persons(made: Made):
    bases = []
    for path in made.before.glob("report/**/*.xlsx"):
        book = CalamineWorkbook.from_path(str(path))
        for rows in (book.get_sheet_by_name(name).to_python() for name in book.sheet_names):
            headed = [(place, row.index("n")) for place, row in enumerate(rows) if "n" in row]
            bases += [row[at] for place, at in headed for row in rows[place + 1 :]]
    assert len(bases) > 20 and not [number for number in bases if number in range(1, 5)]


def test_her_unique_answers_cannot_be_put_together_from_what_leaves(made: Made):
    people = pd.read_parquet(made.before / "data/processed/people.parquet")
    own = people[people["person_id"] == made.pseudonym].iloc[0]
    names = ["region_of_origin", "education_level", "ground_for_residence"]
    assert (people[names] == own[names]).all(axis=1).sum() == 1
    for name, table in csvs(made).items():
        if {"variable", "category", "estimate"} <= set(table.columns):
            # A row speaks of one variable, so that no two of her answers ever stand together.
            assert not [v for v in table["variable"] if sum(part in str(v) for part in names) > 1], name
            hers = table[table["category"] == own["region_of_origin"]]
            assert hers["estimate"].isna().all(), name
    assert set(csvs(made)["origins"]["category"]) >= {own["region_of_origin"]}
