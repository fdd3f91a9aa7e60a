"""The codebook of a study: what it says, in which language, and that archives can read it."""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import frictionless
import pandas as pd
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.codebook.variables import FRAMES
from kij_analysis.errors import StudyError, UsageError
from kij_analysis.exports import StudyCodebook, study_codebook, write_codebook
from kij_analysis.exports.ddi import ddi
from kij_analysis.exports.writing import empty_frames
from kij_analysis.study import Study
from kij_analysis.words import LANGUAGES, Words
from tests.study_maker import small_study

DDI = "{ddi:codebook:2_5}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def study() -> Study:
    return kij.open_study(kij.template.template_folder())


@pytest.fixture(scope="module")
def place(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("codebook")
    write_codebook(study, folder)
    return folder


@pytest.fixture(scope="module")
def book(study: Study) -> StudyCodebook:
    return study_codebook(study)


class Page(HTMLParser):
    """The texts of a page by the language that they are marked with, its links, ids and headings."""

    VOID = ("meta", "link", "br", "input", "img")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[tuple[str, str, bool]] = []
        self.texts: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        language, as_is = self.stack[-1][1:] if self.stack else ("", False)
        if tag not in self.VOID:
            as_is = as_is or found.get("translate") == "no" or tag in ("code", "style")
            self.stack.append((tag, found.get("lang") or language, as_is))
        self.ids += [found["id"]] if found.get("id") else []
        if tag == "a":
            self.links.append(found["href"] or "")
        self.loaded += [value for name in ("src", "srcset") if (value := found.get(name))]

    def handle_endtag(self, tag: str) -> None:
        assert self.stack.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.stack[-1][2]:
            self.texts.append((self.stack[-1][1], " ".join(data.split())))


def page(place: Path, language: str) -> Page:
    return Page((place / f"codebook-{language}.html").read_text("utf-8"))


def test_all_files_are_written_in_every_language_of_the_study(place: Path):
    names = {f"codebook-{code}.{kind}" for code in LANGUAGES for kind in ("html", "xlsx")}
    assert {path.name for path in place.iterdir()} == names | {"codebook.xml", "datapackage.json"}


def test_the_same_study_gives_the_same_bytes(study: Study, place: Path, tmp_path: Path):
    for path in write_codebook(study, tmp_path, languages=["da", "nb", "sv", "fi", "en"]):
        assert path.read_bytes() == (place / path.name).read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_marked_as_synthetic_and_unread_by_a_native_speaker(language: str, place: Path):
    words, texts = Words(language), [text for _, text in page(place, language).texts]
    assert words("mark.synthetic") in texts and words("report.unreviewed") in texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_variable_has_a_section_and_every_link_leads_somewhere(
    language: str, place: Path, book: StudyCodebook
):
    found = page(place, language)
    assert {entry.column.name for entry in book.entries} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    inside = [link.removeprefix("#") for link in found.links if link.startswith("#")]
    assert set(inside) <= set(found.ids)
    others = [link for link in found.links if not link.startswith("#")]
    assert all((place / link).exists() for link in others)
    assert found.loaded == []


@pytest.mark.parametrize("language", ["da", "nb", "sv", "fi"])
def test_no_word_of_the_catalogue_is_english_on_a_page_of_another_language(
    language: str, place: Path, book: StudyCodebook
):
    """The titles of columns and the kinds of values; questions, reasons and standards stand as written."""
    english = {
        text for key, text in kij.words.catalogue("en").items() if key.startswith(("codebook.", "status."))
    }
    own = set(kij.words.catalogue(language).values())
    shown = {text for lang, text in page(place, language).texts if lang == language}
    assert not (shown & english) - own
    assert not shown & {entry.variable.concept for entry in book.entries}


def test_a_variable_tells_its_question_status_reason_and_decider(place: Path):
    text = (place / "codebook-en.html").read_text("utf-8")
    article = text[text.index('<article aria-labelledby="job_matches') :].split("</article>")[0]
    for part in (
        '<td lang="nb">Er jobben relevant for utdanningen din?<br><code>sp8_1</code></td>',
        "<td>partial</td>",
        "asked whether the job is relevant for the education, wholly or in part",
        'demo, <span class="date">2026-11-21</span>',
        "Only those who answered: ",
        "Whether the job matches the person",
    ):
        assert part in article, part


def test_a_barrier_names_the_one_column_that_leads_to_it(book: StudyCodebook):
    entry = next(entry for entry in book.entries if entry.column.name == "barrier_network")
    columns = {use.fielded.instrument.id: use.columns for use in entry.uses}
    assert columns["sajo_end_2024"] == ("sp10_2",)
    assert len(columns["fika_end_2024"]) == 1


def test_no_count_and_no_answer_stands_in_the_codebook(demo: dict[str, pd.DataFrame], place: Path):
    text = "".join(path.read_text("utf-8") for path in place.iterdir() if path.suffix in (".html", ".xml"))
    assert not any(person in text for person in demo["people"]["person_id"])
    assert not re.search(r"<(catStat|sumStat|caseQnty)\b", text)


def test_the_frames_of_the_codebook_have_the_columns_of_the_harmonised_frames(
    demo: dict[str, pd.DataFrame], book: StudyCodebook
):
    frames = empty_frames(book)
    assert {name: list(frame.columns) for name, frame in frames.items()} == {
        name: list(frame.columns) for name, frame in demo.items()
    }
    assert all((frames[name].dtypes == demo[name].dtypes).all() for name in FRAMES)


def test_the_workbook_has_a_row_for_each_variable_value_and_questionnaire(place: Path, book: StudyCodebook):
    found = CalamineWorkbook.from_path(str(place / "codebook-fi.xlsx"))
    assert found.sheet_names == ["Tietoja", "Muuttujat", "Arvot", "Kyselylomakkeet", "Puuttuvat arvot"]
    sheets = {name: found.get_sheet_by_name(name).to_python() for name in found.sheet_names}
    assert len(sheets["Muuttujat"]) == 1 + len(book.entries)
    assert ["answers", "labour_status", "unemployed", 7.0, "työtön"] in [row[:5] for row in sheets["Arvot"]]
    assert len(sheets["Kyselylomakkeet"]) == 1 + sum(len(entry.uses) for entry in book.entries)
    assert ["refused", "ei halua vastata", -4.0, ".r"] in sheets["Puuttuvat arvot"]


# ------------------------------------------------------------------ DDI-Codebook 2.5


def schema() -> etree.XMLSchema:
    shared = os.environ.get("KIJ_SHARED")
    path = Path(shared or ".") / "schemas" / "ddi-codebook-2.5" / "schemas" / "codebook.xsd"
    if not shared or not path.exists():
        pytest.skip("the DDI Alliance's schema is not here: set KIJ_SHARED to the folder with schemas/")
    return etree.XMLSchema(etree.parse(path))


def test_the_ddi_is_valid_by_the_schema_of_the_ddi_alliance(place: Path):
    official = schema()
    assert official.validate(etree.parse(place / "codebook.xml")), official.error_log


def test_the_schema_refuses_what_is_not_ddi(place: Path):
    text = (place / "codebook.xml").read_text("utf-8").replace('missing="Y"', 'missing="yes"')
    assert not schema().validate(etree.fromstring(text.encode("utf-8")))


def test_ddi_of_a_study_with_texts_and_odd_signs_is_valid_too(tmp_path: Path):
    rules = (
        'place: {direct: {from: "Hvor <bor> du & hvorfor?"}, status: partial, because: "a\\u0007b ]]> <c>"}'
    )
    study = small_study(tmp_path, 'Id;"Hvor <bor> du & hvorfor?"\n1;Å\n', rules, languages=["da", "en"])
    book = study_codebook(study)
    text = ddi(book, [Words("fi", book.codebook)])
    assert schema().validate(etree.fromstring(text.encode("utf-8")))


ORDER = {
    "codeBook": ("docDscr", "stdyDscr", "fileDscr", "dataDscr", "otherMat"),
    "stdyDscr": ("citation", "stdyInfo", "method", "dataAccs", "othrStdyMat", "notes"),
    "citation": ("titlStmt", "rspStmt", "prodStmt"),
    "titlStmt": ("titl", "subTitl", "altTitl", "parTitl", "IDNo"),
    "stdyInfo": ("subject", "abstract", "sumDscr"),
    "sumDscr": ("timePrd", "collDate", "nation", "geogCover", "anlyUnit", "universe", "dataKind"),
    "fileDscr": ("fileTxt", "locMap", "notes"),
    "fileTxt": ("fileName", "fileCont", "fileStrc", "dimensns", "fileType"),
    "dataDscr": ("varGrp", "var"),
    "var": (
        "labl", "qstn", "valrng", "universe", "txt", "stdCatgry", "catgry", "concept", "varFormat", "notes"
    ),
    "catgry": ("catValu", "labl", "txt"),
}  # fmt: skip
"""The order that the specification gives the elements used here."""


def test_the_elements_of_the_ddi_stand_in_the_order_of_the_specification(place: Path):
    root = ET.parse(place / "codebook.xml").getroot()
    assert root.tag == f"{DDI}codeBook" and root.get("version") == "2.5"
    for element in root.iter():
        name = element.tag.removeprefix(DDI)
        children = [child.tag.removeprefix(DDI) for child in element]
        if name in ORDER:
            places = [ORDER[name].index(child) for child in children]
            assert places == sorted(places), name
    for var in root.iter(f"{DDI}var"):
        assert var.get("name") and var.get("files")
    ids = [element.get("ID") for element in root.iter() if element.get("ID")]
    files = {element.get("ID") for element in root.iter(f"{DDI}fileDscr")}
    assert (
        len(ids) == len(set(ids))
        and {file for var in root.iter(f"{DDI}var") for file in var.get("files").split()} == files
    )


def test_the_ddi_labels_variables_and_reasons_in_five_languages(place: Path):
    root = ET.parse(place / "codebook.xml").getroot()
    var = next(var for var in root.iter(f"{DDI}var") if var.get("name") == "labour_status")
    labels = {label.get(LANG): label.text for label in var.findall(f"{DDI}labl")}
    assert set(labels) == set(LANGUAGES) and labels["fi"] == "työmarkkina-asema"
    missing = {c.findtext(f"{DDI}catValu"): c for c in var.findall(f"{DDI}catgry") if c.get("missing") == "Y"}
    assert set(missing) == {str(-number) for number in range(1, 11)}
    assert "ønsker ikke at svare" in [label.text for label in missing["-4"].findall(f"{DDI}labl")]
    assert "Hvad er din situation nu?" in [question.text for question in var.iter(f"{DDI}qstnLit")]
    assert var.get("nature") == "nominal" and var.find(f"{DDI}universe") is not None


# ------------------------------------------------------------------ data package and command line


def test_a_standard_validator_accepts_the_description_of_the_codebook(place: Path):
    descriptor = json.loads((place / "datapackage.json").read_text("utf-8"))
    assert [resource["path"] for resource in descriptor["resources"]] == [f"{name}.csv" for name in FRAMES]
    package = frictionless.Package.from_descriptor(descriptor)
    assert {len(resource.schema.fields) for resource in package.resources} > {5}
    assert list(type(package).metadata_validate(descriptor)) == []


def test_a_codebook_needs_no_data_file(tmp_path: Path):
    rules = "gender: {map: {from: Køn, values: {Kvinde: woman, Mand: man}}, status: complete}"
    study = small_study(tmp_path, "Id;Køn\n1;Kvinde\n", rules, languages=["da"])
    (tmp_path / "data" / "raw" / "end.csv").unlink()
    made = write_codebook(study, tmp_path / "out", languages=["da"], formats=["html"])
    assert '<td lang="da">Køn</td>' in made[0].read_text("utf-8")


def test_a_broken_crosswalk_is_told_and_nothing_is_written(tmp_path: Path):
    study = small_study(tmp_path, "Id;Køn\n1;Kvinde\n", "gender: {map: {from: Køn}, status: complete}")
    with pytest.raises(StudyError):
        write_codebook(study, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_writes_into_the_processed_data_or_where_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    rules = "gender: {constant: {value: woman}, status: complete}"
    study = small_study(tmp_path, "Id;Køn\n1;Kvinde\n", rules)
    arguments = ["codebook", str(study.root), "--language", "fi", "--format", "html"]
    assert main(arguments) == 0
    assert (tmp_path / "data" / "processed" / "codebook" / "codebook-fi.html").exists()
    assert main([*arguments, "--format", "ddi", "--folder", str(tmp_path / "there")]) == 0
    assert capsys.readouterr().out.endswith(f"codebook-fi.html, codebook.xml in {tmp_path / 'there'}\n")
    assert main(["codebook", str(study.root), "--format", "pdf"]) == 2
    assert "Known: 'html', 'xlsx', 'ddi', 'datapackage'" in capsys.readouterr().err


def test_harmonise_writes_the_formats_that_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    rules = "gender: {map: {from: Køn, values: {Kvinde: woman}}, status: complete}"
    study = small_study(tmp_path, "Id;Køn\n1;Kvinde\n2;\n", rules)
    assert main(["harmonise", str(study.root), "--format", "spss", "--language", "fi"]) == 0
    names = {path.name for path in (tmp_path / "data" / "processed").iterdir()}
    assert names == {"people.sav", "answers.sav", "pairs.sav", "meetings.sav", "columns.json", "ledger.json"}
    frames = kij.exports.load(tmp_path / "data" / "processed")
    assert frames["people"]["gender"].tolist()[0] == "woman"
    assert main(["harmonise", str(study.root), "--format", "sas"]) == 2
    assert "Known: 'parquet'" in capsys.readouterr().err


def test_a_language_that_there_is_not_is_refused(study: Study, tmp_path: Path):
    with pytest.raises(UsageError, match="The language is 'se'"):
        write_codebook(study, tmp_path, languages=["se"])
