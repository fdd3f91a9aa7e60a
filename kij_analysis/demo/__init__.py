"""Synthetic exports of the three programmes, made from a seed and a file of assumptions.

They look like what each programme's survey tool writes, but no real person stands behind them. People are
drawn first and asked afterwards, so that further waves and roles can be added for the same people.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kij_analysis.demo import fika, fika_waves, kvinfo, kvinfo_waiting, kvinfo_waves, sajo, sajo_waves
from kij_analysis.demo.assumptions import Assumptions
from kij_analysis.demo.course import participants
from kij_analysis.demo.draws import stream
from kij_analysis.demo.mentors import mentor_survey
from kij_analysis.demo.population import people
from kij_analysis.demo.reading import read_assumptions
from kij_analysis.demo.truth import known_difference, truth
from kij_analysis.demo.waiting import difference_made, waiting_list, waiting_surveys
from kij_analysis.demo.waves import end_survey, entry_survey, follow_up_survey
from kij_analysis.errors import StudyError, listed
from kij_analysis.files import write_bytes

__all__ = [
    "ASSUMPTIONS", "Assumptions", "difference_made", "generate", "known_difference", "participants", "people",
    "read_assumptions", "surveys", "truth", "waiting_list", "write",
]  # fmt: skip

ASSUMPTIONS = "assumptions.yaml"
END = {"kvinfo": kvinfo.export, "fika": fika.export, "sajo": sajo.export}
WAITING = {"kvinfo": kvinfo_waiting}
OTHERS = {"kvinfo": kvinfo_waves, "fika": fika_waves, "sajo": sajo_waves}


def surveys(assumptions: Assumptions, programme: str, *, seed: int) -> dict[str, pd.DataFrame]:
    """What people answer, by survey (entry, end, follow_up, mentors), before it is put into a tool's words.

    Where there is a waiting list, also waiting_entry and waiting_end.

    One row for each person who answers, with the columns of `participants`; every item has a companion
    ``<item>_mark``, empty where there is an answer.

    Examples
    --------
    >>> from kij_analysis.template import template_folder
    >>> given = read_assumptions(template_folder() / "data" / "raw" / "demo" / ASSUMPTIONS)
    >>> {name: len(answers) for name, answers in surveys(given, "fika", seed=1).items()}
    {'entry': 84, 'end': 54, 'follow_up': 38, 'mentors': 50}
    """
    all_ = participants(assumptions, programme, seed=seed)
    ended = end_survey(all_, assumptions, programme, seed=seed)
    return {
        "entry": entry_survey(all_, assumptions, programme, seed=seed),
        "end": ended,
        "follow_up": follow_up_survey(all_, ended, assumptions, programme, seed=seed),
        "mentors": mentor_survey(all_, assumptions, programme, seed=seed),
        **waiting_surveys(assumptions, programme, seed=seed),
    }


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
    ['fika_mentorer_2024.xlsx', 'fika_slut_2024.xlsx', 'fika_start_2024.xlsx', ...]
    """
    given = assumptions if isinstance(assumptions, Assumptions) else read_assumptions(assumptions)
    strangers = [code for code in given.programmes if code not in END]
    if strangers:
        what = f"There is no demonstration export for {listed(strangers)}."
        raise StudyError(what, fix=f"Known: {listed(END)}.", file=ASSUMPTIONS)
    chosen = given.seed if seed is None else seed
    files: dict[str, bytes] = {}
    for code in given.programmes:
        files |= _exports(given, code, chosen)
    return files


def _exports(given: Assumptions, code: str, seed: int) -> dict[str, bytes]:
    answers, programme, others = surveys(given, code, seed=seed), given.programmes[code], OTHERS[code]
    files = dict(END[code](answers["end"], stream(seed, code, "end", "export")))
    for name in ("entry", "follow_up", "mentors"):
        files |= getattr(others, name)(answers[name], programme, stream(seed, code, name, "export"))
    if "waiting_end" in answers:
        for name in ("waiting_entry", "waiting_end"):
            files |= getattr(WAITING[code], name)(answers[name], stream(seed, code, name, "export"))
    if hasattr(others, "log"):
        all_ = participants(given, code, seed=seed)
        files |= others.log(all_, programme, stream(seed, code, "log", "export"))
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
    >>> sorted({path.suffix for path in write(tempfile.mkdtemp(), assumptions=given)})
    ['.csv', '.sav', '.xlsx']
    """
    place = Path(folder)
    files = generate(place / ASSUMPTIONS if assumptions is None else assumptions, seed=seed)
    return [write_bytes(place / name, content) for name, content in files.items()]
