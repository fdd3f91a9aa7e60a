"""Synthetic exports of the three programmes, made from a seed and a file of assumptions.

They look like what each programme's survey tool writes, but no real person stands behind them. People are
drawn first and asked afterwards, so that further waves and roles can be added for the same people.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kij_analysis.demo import fika, kvinfo, sajo
from kij_analysis.demo.assumptions import Assumptions
from kij_analysis.demo.draws import stream
from kij_analysis.demo.population import people
from kij_analysis.demo.reading import read_assumptions
from kij_analysis.demo.waves import end_survey
from kij_analysis.errors import StudyError, listed
from kij_analysis.files import write_bytes

__all__ = ["ASSUMPTIONS", "Assumptions", "end_survey", "generate", "people", "read_assumptions", "write"]

ASSUMPTIONS = "assumptions.yaml"
EXPORTS = {"kvinfo": kvinfo.export, "fika": fika.export, "sajo": sajo.export}


def generate(
    assumptions: Assumptions | Path | str | Mapping[str, Any], *, seed: int | None = None
) -> dict[str, bytes]:
    """The demonstration exports: the name of each file and its bytes.

    Nothing is written. The same assumptions and seed give the same bytes on every machine; `seed`
    replaces the one that the assumptions name.

    Raises
    ------
    StudyError
        With every problem of the assumptions.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> sorted(generate(template_folder() / "data" / "raw" / "demo" / ASSUMPTIONS))
    ['fika_slut_2024.xlsx', 'kvinfo_end_2024.csv', 'sajo_slutt_2024.sav']
    """
    given = assumptions if isinstance(assumptions, Assumptions) else read_assumptions(assumptions)
    strangers = [code for code in given.programmes if code not in EXPORTS]
    if strangers:
        what = f"There is no demonstration export for {listed(strangers)}."
        raise StudyError(what, fix=f"Known: {listed(EXPORTS)}.", file=ASSUMPTIONS)
    chosen = given.seed if seed is None else seed
    files: dict[str, bytes] = {}
    for code in given.programmes:
        answers = end_survey(people(given, code, seed=chosen), given, code, seed=chosen)
        files |= EXPORTS[code](answers, stream(chosen, code, "end", "export"))
    return files


def write(
    folder: Path | str, *, assumptions: Path | str | None = None, seed: int | None = None
) -> list[Path]:
    """Write the demonstration exports into a folder, by default from the assumptions that lie there.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    StudyError
        With every problem of the assumptions; nothing is written then.

    Examples
    --------
    >>> import tempfile
    >>> from kij_analysis.template import template_folder
    >>> given = template_folder() / "data" / "raw" / "demo" / ASSUMPTIONS
    >>> [path.suffix for path in write(tempfile.mkdtemp(), assumptions=given)]
    ['.csv', '.xlsx', '.sav']
    """
    place = Path(folder)
    files = generate(place / ASSUMPTIONS if assumptions is None else assumptions, seed=seed)
    return [write_bytes(place / name, content) for name, content in files.items()]
