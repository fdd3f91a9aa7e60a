"""What commands share: the study argument, problems on the error stream, the progress bar."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from kij_analysis.errors import Problem


def on_study(part: argparse.ArgumentParser, *, raw: bool = True) -> None:
    """Declare the study that a command works on and, if wanted, where its data files lie."""
    part.add_argument(
        "study", nargs="?", default=".", help="the study folder or its YAML file (default: here)"
    )
    if raw:
        part.add_argument(
            "--raw", metavar="FOLDER", help="where the data files lie, if not where the study says"
        )


def tell(problems: Sequence[Problem]) -> None:
    """Print problems and notices on the error stream."""
    for problem in problems:
        sign = "notice" if problem.severity == "notice" else "error"
        print(f"{sign}: {problem}", file=sys.stderr)


@contextmanager
def progress(total: int, name: str) -> Iterator[Callable[[str], None]]:
    """A progress bar on the error stream."""
    from tqdm import tqdm

    with tqdm(total=total, desc=name, unit="step", leave=True, dynamic_ncols=True) as bar:

        def tick(step: str) -> None:
            bar.set_postfix_str(step)
            bar.update()

        yield tick
