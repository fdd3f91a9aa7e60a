"""The command line: kij report, harmonise, check, questionnaire, demo, init."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import kij_analysis as kij
from kij_analysis.errors import KijError, Problem


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0 all well; 1 the system refused (a folder that may not be written to, a full disk); 2 wrong call;
    3 study, codebook or crosswalk; 4 a data file cannot be read; 5 answers and rules do not fit; 6 the
    report could not be made; 7 a release was refused. User errors print without a traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows console may not know every letter of five languages; better a sign than a crash.
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except KijError as error:
        _tell(error.problems)
        return error.exit_code
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"error: {place}{error.strerror or error}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; nothing was written.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kij",
        description="Harmonise, estimate, draw and report for Nordic mentoring-to-work programmes.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace], int | None], text: str
    ) -> argparse.ArgumentParser:
        part = commands.add_parser(name, help=text, description=text)
        part.set_defaults(run=run)
        return part

    def on_study(part: argparse.ArgumentParser, *, raw: bool = True) -> None:
        part.add_argument(
            "study", nargs="?", default=".", help="the study folder or its YAML file (default: here)"
        )
        if raw:
            part.add_argument(
                "--raw", metavar="FOLDER", help="where the data files lie, if not where the study says"
            )

    part = command("report", _report, "Check, harmonise, run the notebooks and bind the pages.")
    on_study(part, raw=False)
    part.add_argument(
        "--language", action="append", default=[], metavar="LANG", help="da, nb, sv, fi or en; repeatable"
    )
    part = command("harmonise", _harmonise, "Write the harmonised data and the ledger.")
    on_study(part)
    part.add_argument(
        "--mark", action="store_true", help="let a broken rule cost its own column only, instead of stopping"
    )
    part = command("check", _check, "Hold every file against its crosswalk; nothing is written.")
    on_study(part)
    part = command(
        "questionnaire", _questionnaire, "Write the core questionnaire and the crosswalks that read it."
    )
    on_study(part, raw=False)
    for name, text in (
        ("role", "mentee or mentor"),
        ("wave", "entry, end or follow_up"),
        ("language", "da, nb, sv, fi or en"),
        ("programme", "whose crosswalk, by its code in programmes.yaml"),
    ):
        part.add_argument(f"--{name}", action="append", default=[], help=f"{text}; repeatable (default: all)")
    part.add_argument("--folder", default="forms", help="where to (default: forms)")
    part = command("demo", _demo, "Write the synthetic demonstration exports.")
    where = "where to, and where assumptions.yaml is looked for first (default: data/raw/demo)"
    part.add_argument("folder", nargs="?", default="data/raw/demo", help=where)
    part.add_argument("--seed", type=_seed, help="another seed than the one in assumptions.yaml")
    part = command("init", _init, "Make a new study folder from the template.")
    part.add_argument("folder", help="the new folder")
    return parser


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 0 up")
    return int(text)


def _report(options: argparse.Namespace) -> None:
    from kij_analysis.reporting.report import steps

    os.environ.setdefault("MPLBACKEND", "agg")
    study = kij.open_study(options.study)
    with _bar(steps(study), "report") as tick:
        made = kij.report(study, languages=options.language, progress=tick)
    _tell(made.notices)
    pages = ", ".join(path.name for path in made.pages)
    print(f"{made.figures} figures; {pages} in {made.pages[0].parent}")


def _harmonise(options: argparse.Namespace) -> None:
    study = kij.open_study(options.study, raw=options.raw)
    with _bar(len(study.sources), "harmonise") as tick:
        data = kij.harmonise(study, on_problem="mark" if options.mark else "stop", progress=tick)
    folder = study.folders["processed"]
    data.save(folder)
    _tell(data.ledger.problems)
    rows = int(data.ledger.sources["rows_out"].sum())
    print(f"{rows} rows from {len(study.sources)} files; harmonised data and ledger in {folder}")


def _check(options: argparse.Namespace) -> int:
    study = kij.open_study(options.study, raw=options.raw)
    with _bar(len(study.sources), "check") as tick:
        found = kij.check(study, progress=tick)
    if len(found.coverage):
        print(found.coverage.to_string())
        print()
    _tell(found.problems)
    notices = len(found.problems) - len(found.errors)
    print(f"{len(found.errors)} problems, {notices} notices; nothing was written")
    return found.exit_code


def _questionnaire(options: argparse.Namespace) -> None:
    from kij_analysis.questionnaire.writing import run

    run(options)


def _demo(options: argparse.Namespace) -> None:
    own = Path(options.folder) / kij.demo.ASSUMPTIONS
    shipped = kij.template.template_folder() / "data" / "raw" / "demo" / kij.demo.ASSUMPTIONS
    assumptions = own if own.is_file() else shipped
    names = kij.demo.write(options.folder, assumptions=assumptions, seed=options.seed)
    print(f"{len(names)} synthetic exports in {options.folder}")


def _init(options: argparse.Namespace) -> None:
    folder = kij.init(options.folder)
    print(f"A new study in {folder}. Next: cd {folder}, then kij report")


def _tell(problems: Sequence[Problem]) -> None:
    for problem in problems:
        sign = "notice" if problem.severity == "notice" else "error"
        print(f"{sign}: {problem}", file=sys.stderr)


@contextmanager
def _bar(total: int, name: str) -> Iterator[Callable[[str], None]]:
    """A progress bar on the error stream."""
    from tqdm import tqdm

    with tqdm(total=total, desc=name, unit="step", leave=True, dynamic_ncols=True) as bar:

        def tick(step: str) -> None:
            bar.set_postfix_str(step)
            bar.update()

        yield tick
