"""`kij official`."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import kij_analysis as kij
from kij_analysis.cli.telling import on_study, tell
from kij_analysis.errors import UsageError

TEXT = "Official statistics: list the series, check downloaded files, add one."
ACTIONS = {
    "list": "the series that there are, by table",
    "check": "read the downloaded files and say what they give; nothing is written",
    "add": "check a downloaded file and copy it to data/raw/official",
    "tables": "the tables whose downloads are understood",
}
FILES = "files.csv"


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    told = "; ".join(f"{name}: {what}" for name, what in ACTIONS.items())
    part.add_argument("action", choices=list(ACTIONS), help=told)
    on_study(part)
    part.add_argument("--file", default="", help="the downloaded file to check or add")
    part.add_argument("--table", default="", help="which table it is, if the file does not tell")


def run(options: argparse.Namespace) -> None:
    """Do one of the actions."""
    study = kij.open_study(options.study, raw=options.raw)
    if options.action == "add" and not options.file:
        raise UsageError("No file is named.", fix="Name it: kij official add --file estat_lfsa_ergan.tsv")
    {"list": _list, "check": _check, "add": _add, "tables": _tables}[options.action](study, options)


def _list(study: kij.study.Study, options: argparse.Namespace) -> None:
    record = kij.context.load(study)
    keys = ["office", "table", "indicator", "basis", "age", "status"]
    for names, rows in record.groupby(keys, sort=True):
        office, table, indicator, basis, age, status = map(str, names)
        years = rows["year"].dropna()
        span = f"{years.min()}–{years.max()}" if len(years) else "no year"
        mark = " (derived)" if status == "derived" else ""
        print(f"{office} {table or '-'}: {indicator}{mark}, by {basis}, age {age}, {span}")
        print(f"    {', '.join(sorted(set(rows['country'])))}: {', '.join(sorted(set(rows['group'])))}")
        files = sorted(set(rows["file"]) - {""})
        if files:
            print(f"    extended by {', '.join(files)}")


def _check(study: kij.study.Study, options: argparse.Namespace) -> None:
    only = Path(options.file) if options.file else None
    found = kij.context.dropped(study, only=only, table=options.table)
    _tell(study, found)
    print(f"{len(found.files)} files, {len(found.rows)} figures; nothing was written")


def _tell(study: kij.study.Study, found: kij.context.Dropped) -> None:
    tell(found.notices)
    for entry in found.files.to_dict("records"):
        updated = f", updated {entry['updated']}" if entry["updated"] else ""
        print(f"{entry['file']}: {entry['table']} ({entry['form']}{updated})")
        print(f"    {entry['taken']} figures taken, {entry['left_out']} left out")
    shipped = kij.context.load(study.folders["raw"] / "published" / "official")
    changed = kij.context.revisions(shipped, found)
    new = changed[changed["kind"] == "new"]
    if len(new):
        years = sorted({int(year) for year in new["year"].dropna()})
        print(f"new: {len(new)} figures, years {', '.join(map(str, years))}")
    for row in changed[changed["kind"] == "revised"].to_dict("records"):
        what = f"{row['country']} {row['year']}, {row['sex']}, {row['group']}"
        print(f"revised: {what}: {row['before']:g} became {row['after']:g}")


def _add(study: kij.study.Study, options: argparse.Namespace) -> None:
    source = Path(options.file)
    found = kij.context.dropped(study, only=source, table=options.table)
    folder = study.folders["raw"] / "official"
    target = folder / source.name
    if target.exists():
        fix = f"Remove it there first, or rename {source.name}."
        raise UsageError(f"data/raw/official has a file '{source.name}' already.", fix=fix)
    folder.mkdir(parents=True, exist_ok=True)
    sheet = folder / FILES
    before = sheet.read_bytes() if sheet.is_file() else b""
    shutil.copyfile(source, target)
    if options.table:
        _line(sheet, source.name, options.table)
    try:
        kij.context.load(study)
    except kij.KijError:
        # Beside the other downloads it is wrong: everything is as it was.
        target.unlink()
        if options.table:
            sheet.write_bytes(before) if before else sheet.unlink()
        raise
    _tell(study, found)
    print(f"{target.name}: copied to data/raw/official; kij report draws it")


def _line(path: Path, file: str, table: str) -> None:
    """Add a line to the sheet that says which file is which table."""
    text = path.read_text("utf-8-sig") if path.is_file() else "file,table\n"
    sign = ";" if ";" in text.split("\n", 1)[0] else ","
    path.write_text(f"{text.rstrip()}\n{file}{sign}{table.upper()}\n", "utf-8")


def _tables(study: kij.study.Study, options: argparse.Namespace) -> None:
    for name, one in kij.context.definitions(study).items():
        filled = ", ".join(dimension.to for dimension in one.dimensions if dimension.to)
        print(f"{name}: {one.office}, {one.indicator} by {filled}")
