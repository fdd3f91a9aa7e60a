"""Every input file × every way to break it: a sentence, an exit code, and nothing half-written."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
import python_calamine
import xlsxwriter

from kij_analysis.cli import main
from kij_analysis.codebook import load_codebook, load_crosswalk
from kij_analysis.study import Source, open_study
from kij_analysis.template import init, template_folder

Break = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """One broken file: what is done to it, and what the message must say."""

    file: str
    how: str
    do: Break
    code: int
    says: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{Path(self.file).name}-{self.how}"


def rewrite_bytes(change: Callable[[bytes], bytes]) -> Break:
    return lambda path: path.write_bytes(change(path.read_bytes())) and None


def delete(path: Path) -> None:
    path.unlink()


def rename(path: Path) -> None:
    path.rename(path.with_name(f"{path.stem}_ny{path.suffix}"))


def cut(share: float) -> Break:
    return rewrite_bytes(lambda content: content[: int(len(content) * share)])


def csv_rows(path: Path, encoding: str, delimiter: str, change: Callable[[list[list[str]]], None]) -> None:
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))
    change(rows)
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(stream.getvalue().encode(encoding))


def set_answer(rows: list[list[str]], column: str, answer: str, header: int = 0) -> None:
    rows[header + 1][rows[header].index(column)] = answer


def drop_column(rows: list[list[str]], column: str) -> None:
    place = rows[0].index(column)
    for row in rows:
        del row[place]


def kvinfo(change: Callable[[list[list[str]]], None]) -> Break:
    return lambda path: csv_rows(path, "cp1252", ";", change)


def xlsx_rows(change: Callable[[list[list[object]]], None]) -> Break:
    def do(path: Path) -> None:
        sheet = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Svar")
        rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        change(rows)
        with xlsxwriter.Workbook(str(path)) as book:
            page = book.add_worksheet("Svar")
            for number, row in enumerate(rows):
                page.write_row(number, 0, [None if cell == "" else cell for cell in row])

    return do


as_utf16 = rewrite_bytes(lambda content: content.decode().encode("utf-16"))


def garble(text: str) -> str:
    """UTF-8 read as a Western one-byte encoding, as a careless program writes it."""
    return text.encode("utf-8").decode("latin-1")


def garble_all(rows: list[list[object]]) -> None:
    for row in rows:
        row[:] = [garble(cell) if isinstance(cell, str) else cell for cell in row]


def fika_answer(rows: list[list[object]]) -> None:
    rows[2][[str(name) for name in rows[0]].index("Kön / Sukupuoli")] = "Frau"


def fika_column(rows: list[list[object]]) -> None:
    place = [str(name) for name in rows[0]].index("Kön / Sukupuoli")
    for row in rows:
        del row[place]


def sav(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Break:
    """An SPSS file written anew with the same labels and missing codes."""

    def do(path: Path) -> None:
        frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
        frame = change(frame)
        kept = set(frame.columns)
        ranges = {
            name: [r["lo"] if r["lo"] == r["hi"] else r for r in found]
            for name, found in meta.missing_ranges.items()
            if name in kept
        }
        pyreadstat.write_sav(
            frame,
            str(path),
            column_labels={n: t for n, t in meta.column_names_to_labels.items() if n in kept and t},
            variable_value_labels={n: t for n, t in meta.variable_value_labels.items() if n in kept},
            missing_ranges=ranges,
            variable_format={n: f for n, f in meta.original_variable_types.items() if n in kept},
        )

    return do


KVINFO, FIKA, SAJO = (
    "data/raw/demo/kvinfo_end_2024.csv",
    "data/raw/demo/fika_slut_2024.xlsx",
    "data/raw/demo/sajo_slutt_2024.sav",
)
STATUS = "Hvad er din situation nu?"
DATA = [
    Case(KVINFO, "deleted", delete, 4, ("kvinfo_end_2024.csv",)),
    Case(KVINFO, "renamed", rename, 4, ("kvinfo_end_2024.csv", "kvinfo_end_2024_ny.csv")),
    Case(KVINFO, "truncated", cut(0.6), 4, ("kvinfo_end_2024.csv", "row")),
    Case(
        KVINFO, "truncated between rows",
        rewrite_bytes(lambda b: b"".join(b.splitlines(keepends=True)[:100])), 5,
        ("kvinfo_end_2024.csv", "126", "99 rows"),
    ),
    Case(
        KVINFO, "wrong encoding", rewrite_bytes(lambda b: b.decode("cp1252").encode("utf-8")), 4,
        ("kvinfo_end_2024.csv", "cp1252", "utf-8"),
    ),
    Case(
        KVINFO, "unknown answer", kvinfo(lambda rows: set_answer(rows, STATUS, "I fleksjob")), 5,
        ("kvinfo_end_2024.csv", STATUS, "'I fleksjob'", "1 row", "'I job uden støtte'", "'Under uddannelse'"),
    ),
    Case(
        KVINFO, "missing column", kvinfo(lambda rows: drop_column(rows, STATUS)), 5,
        ("kvinfo_end_2024.csv", STATUS, "labour_status", "'Løbenr'"),
    ),
    Case(FIKA, "deleted", delete, 4, ("fika_slut_2024.xlsx",)),
    Case(FIKA, "renamed", rename, 4, ("fika_slut_2024.xlsx", "fika_slut_2024_ny.xlsx")),
    Case(FIKA, "truncated", cut(0.6), 4, ("fika_slut_2024.xlsx",)),
    Case(
        FIKA, "wrong encoding", xlsx_rows(garble_all), 5,
        ("fika_slut_2024.xlsx", "Kön / Sukupuoli", "wrong encoding"),
    ),
    Case(
        FIKA, "wrong encoding of the answers", xlsx_rows(lambda rows: garble_all(rows[2:])), 5,
        ("fika_slut_2024.xlsx", "wrong encoding"),
    ),
    Case(
        FIKA, "unknown answer", xlsx_rows(fika_answer), 5,
        ("fika_slut_2024.xlsx", "Kön / Sukupuoli", "'Frau'", "1 row", "'Kvinna'", "'Nainen'"),
    ),
    Case(
        FIKA, "missing column", xlsx_rows(fika_column), 5,
        ("fika_slut_2024.xlsx", "Kön / Sukupuoli", "gender", "'Nr / Nro'"),
    ),
    Case(SAJO, "deleted", delete, 4, ("sajo_slutt_2024.sav",)),
    Case(SAJO, "renamed", rename, 4, ("sajo_slutt_2024.sav", "sajo_slutt_2024_ny.sav")),
    Case(SAJO, "truncated", cut(0.6), 4, ("sajo_slutt_2024.sav",)),
    Case(
        SAJO, "wrong encoding", rewrite_bytes(lambda b: b.replace(b"UTF-8", b"CP850")), 4,
        ("sajo_slutt_2024.sav", "CP850", "encoding: utf-8"),
    ),
    Case(
        SAJO, "unknown answer",
        sav(lambda frame: frame.assign(sp1=frame["sp1"].mask(frame.index == 0, 7.0))), 5,
        ("sajo_slutt_2024.sav", "'sp1'", "'7'", "1 row", "'1'", "'2'", "'3'"),
    ),
    Case(
        SAJO, "missing column", sav(lambda frame: frame.drop(columns="sp1")), 5,
        ("sajo_slutt_2024.sav", "'sp1'", "gender", "'sp2'"),
    ),
]  # fmt: skip

SETTINGS = [
    "study.yaml",
    "codebook/variables.yaml",
    "codebook/barriers.yaml",
    "codebook/programmes.yaml",
    "codebook/scales.yaml",
    "codebook/crosswalks/kvinfo_end_2024.yaml",
    "codebook/crosswalks/fika_end_2024.yaml",
    "codebook/crosswalks/sajo_end_2024.yaml",
]
YAML = [
    Case(file, how, do, 3, (Path(file).name, *says))
    for file in SETTINGS
    for how, do, says in (
        ("deleted", delete, ()),
        ("renamed", rename, ()),
        ("truncated", rewrite_bytes(lambda b: b[: b.rindex(b":") - 3] + b": [a, "), ("line",)),
        (
            "wrong encoding",
            rewrite_bytes(lambda b: b.replace(b"#", "# æøå ".encode("cp1252"), 1)),
            ("UTF-8",),
        ),
        ("unknown key", rewrite_bytes(lambda b: b + b"\nsurprise: 1\n"), ("surprise", "Known", "line")),
    )
]


def only_these(study: Path, crosswalks: tuple[str, ...]) -> None:
    """The study with these sources; more of them would only take longer."""
    path = study / "study.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "crosswalk:" not in line or any(f"{n}," in line for n in crosswalks)]
    path.write_text("".join(kept), encoding="utf-8")


def snapshot(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("case", [*DATA, *YAML], ids=lambda case: case.id)
def test_a_broken_file_gives_a_sentence_an_exit_code_and_no_half_written_output(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = init(tmp_path / "study")
    only_these(study, ("kvinfo_end_2024", "fika_end_2024", "sajo_end_2024"))
    case.do(study / case.file)
    before = snapshot(study)

    code = main(["report", str(study), "--language", "en"])

    told = capsys.readouterr().err
    assert code == case.code, told
    for text in case.says:
        assert text in told, f"{text!r} is not in: {told}"
    assert "Traceback" not in told
    assert snapshot(study) == before, "something was written"


OTHERS = [source for source in open_study(template_folder()).sources if "_end_2024" not in source.crosswalk]
OTHERS += [source for source in open_study(template_folder()).sources if "mentor" in source.crosswalk]


def closed_question(study: Path, crosswalk: str) -> tuple[str, str]:
    """A column that answers are mapped from, and the harmonised column that needs it."""
    book = load_codebook(study / "codebook")
    rules = load_crosswalk(study / "codebook" / "crosswalks" / f"{crosswalk}.yaml", book).rules
    rule = next(rule for rule in rules if rule.kind == "map")
    return rule.sources[0], rule.column


def spoilt(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].mask(frame.index == 0, 77.0)})


def drop_or_set(path: Path, column: str, answer: object | None) -> None:
    """The file without a column, or with an answer that no rule knows in its first row."""

    def change(rows: list[list[object]]) -> None:
        header = [str(name) for name in rows[0]]
        place = header.index(column)
        if answer is None:
            for row in rows:
                del row[place]
        else:
            rows[2 if path.suffix == ".xlsx" else 1][place] = answer

    if path.suffix == ".sav":
        sav(lambda f: f.drop(columns=column) if answer is None else spoilt(f, column))(path)
    elif path.suffix == ".xlsx":
        xlsx_rows(change)(path)
    else:
        log = "motelogg" in path.name
        csv_rows(path, "utf-8-sig" if log else "cp1252", "," if log else ";", change)  # type: ignore[arg-type]


@pytest.mark.parametrize("how", ["deleted", "renamed", "truncated", "missing column", "unknown answer"])
@pytest.mark.parametrize("source", OTHERS, ids=lambda source: source.crosswalk)
def test_every_other_export_gives_a_sentence_too(
    source: Source, how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = init(tmp_path / "study")
    only_these(study, (source.crosswalk,))
    path = study / "data" / "raw" / source.shown
    column, target = closed_question(study, source.crosswalk)
    breaks = {"deleted": delete, "renamed": rename, "truncated": cut(0.6)}
    if how in breaks:
        breaks[how](path)
    else:
        drop_or_set(path, column, None if how == "missing column" else "77")
    before = snapshot(study)

    code = main(["harmonise", str(study)])

    told = capsys.readouterr().err
    expected = 4 if how in breaks else 5
    about = (column, target if how == "missing column" else "'77'")
    says = (path.name,) if how in breaks else (path.name, *about)
    assert code == expected, told
    assert all(text in told for text in says), told
    assert snapshot(study) == before, "something was written"


def in_a_wrong_encoding(path: Path) -> tuple[int, str]:
    """Spoil the encoding of an export; the exit code and the words to expect."""
    if path.suffix == ".xlsx":
        xlsx_rows(garble_all)(path)
        return 5, "wrong encoding"
    if path.suffix == ".sav":
        rewrite_bytes(lambda content: content.replace(b"UTF-8", b"CP850"))(path)
        return 4, "encoding: utf-8"
    if "motelogg" in path.name:
        rewrite_bytes(lambda content: content.decode("utf-8-sig").encode("utf-16"))(path)
        return 4, "utf-16"
    rewrite_bytes(lambda content: content.decode("cp1252").encode("utf-8"))(path)
    return 4, "utf-8"


@pytest.mark.parametrize("source", OTHERS, ids=lambda source: source.crosswalk)
def test_every_other_export_in_a_wrong_encoding_gives_a_sentence_too(
    source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = init(tmp_path / "study")
    only_these(study, (source.crosswalk,))
    path = study / "data" / "raw" / source.shown
    expected, words = in_a_wrong_encoding(path)
    before = snapshot(study)

    code = main(["harmonise", str(study)])

    told = capsys.readouterr().err
    assert code == expected and path.name in told and words in told, told
    assert snapshot(study) == before, "something was written"


PIAAC = {"fi": "prgfinp1.csv", "no": "prgnorp1.csv"}
EXTRACT = 60


@pytest.fixture(scope="module", params=PIAAC)
def harmonised(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A country, and the study of the first persons of its public-use file, harmonised as it should be."""
    country = request.param
    study = extract(country, tmp_path_factory.mktemp(f"piaac-{country}"))
    assert main(["harmonise", str(study / "study-piaac.yaml")]) == 0
    return country, study


def extract(country: str, folder: Path) -> Path:
    """A study of the first persons of a public-use file, with the shipped codebook and crosswalks."""
    shared = os.environ.get("KIJ_SHARED")
    if not shared:
        pytest.skip("KIJ_SHARED is not set, so the public-use files of PIAAC are not at hand")
    study = init(folder / "study")
    raw = study / "data" / "raw" / "piaac"
    raw.mkdir(parents=True)
    lines = (Path(shared) / "data/microdata/piaac" / PIAAC[country]).read_bytes().splitlines(keepends=True)
    (raw / PIAAC[country]).write_bytes(b"".join(lines[: EXTRACT + 1]))
    text = (study / "study-piaac.yaml").read_text("utf-8")
    kept = [line for line in text.splitlines() if "prg" not in line or line.startswith("#")]
    entry = f"crosswalk: piaac_{country}_2012, file: {PIAAC[country]}, data_status: observed, rows: {EXTRACT}"
    kept += [f"  - {{{entry}}}"]
    (study / "study-piaac.yaml").write_text("\n".join(kept) + "\n", encoding="utf-8")
    return study


def piaac(change: Callable[[list[list[str]]], None]) -> Break:
    return lambda path: csv_rows(path, "utf-8", ",", change)


@pytest.mark.parametrize(
    ("do", "code", "says"),
    [
        pytest.param(delete, 4, (), id="deleted"),
        pytest.param(rename, 4, ("_ny.csv",), id="renamed"),
        pytest.param(cut(0.6), 4, ("row",), id="truncated"),
        pytest.param(as_utf16, 4, ("utf-16",), id="wrong encoding"),
        pytest.param(
            piaac(lambda rows: set_answer(rows, "GENDER_R", "7")), 5,
            ("GENDER_R", "'7'", "1 row", "'1'", "'2'"), id="unknown answer",
        ),
        pytest.param(
            piaac(lambda rows: drop_column(rows, "GENDER_R")), 5, ("GENDER_R", "gender"), id="missing column"
        ),
    ],
)  # fmt: skip
def test_a_broken_public_use_file_gives_a_sentence_too(
    harmonised: tuple[str, Path],
    do: Break,
    code: int,
    says: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    country, good = harmonised
    study = Path(shutil.copytree(good, tmp_path / "study"))
    do(study / "data" / "raw" / "piaac" / PIAAC[country])
    before = snapshot(study)

    assert main(["harmonise", str(study / "study-piaac.yaml")]) == code

    told = capsys.readouterr().err
    for text in (PIAAC[country], *says):
        assert text in told, f"{text!r} is not in: {told}"
    assert snapshot(study) == before, "something was written"
