"""The command line: `kij COMMAND`, one module for each command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from kij_analysis.cli import (
    account,
    attack,
    check,
    codebook,
    combine,
    demo,
    diff,
    draft,
    findings,
    forget,
    harmonise,
    indicators,
    init,
    lab,
    official,
    questionnaire,
    renew,
    report,
    share,
    sheet,
    trace,
)
from kij_analysis.cli.telling import tell
from kij_analysis.errors import KijError

COMMANDS = (
    report, harmonise, check, diff, trace, forget, draft, renew, sheet, codebook, indicators, findings,
    official, questionnaire, account, attack, share, combine, lab, demo, init,
)  # fmt: skip
"""Each module has a TEXT, `arguments(part)` that declares its options, and `run(options)`."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code.

    0 all well; 1 the system refused (a folder that may not be written to, a full disk); 2 wrong call;
    3 study, codebook or crosswalk; 4 a data file cannot be read; 5 answers and rules do not fit; 6 the
    report could not be made; 7 a release was refused; 8 a person is not gone from everywhere. User errors
    print without a traceback.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A Windows console may not know every letter of five languages; better a sign than a crash.
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except KijError as error:
        tell(error.problems)
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
    for module in COMMANDS:
        name = module.__name__.rsplit(".", 1)[-1]
        part = commands.add_parser(name, help=module.TEXT, description=module.TEXT)
        module.arguments(part)
        part.set_defaults(run=module.run)
    return parser
