"""Notebooks run side by side by papermill, their parameters checked, their failures told in one line each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any

from kij_analysis.errors import Problem, ReportError, UsageError, did_you_mean, listed
from kij_analysis.reporting.kernels import Kernel

KERNELS = 4
"""At most so many kernels, one for each core; each runs several notebooks (docs/decisions.md)."""


def notebooks_of(folder: Path) -> list[Path]:
    """The notebooks of the report in the order of their numbers.

    Raises
    ------
    ReportError
        If the folder has none.
    """
    found = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not found:
        what = "There are no notebooks such as 05_barriers.ipynb."
        raise ReportError(what, fix="Check the folder that the study names for notebooks.", file=folder.name)
    return found


def run_notebooks(
    notebooks: Sequence[Path],
    parameters: Mapping[str, Any],
    *,
    outputs: Path,
    kept: str = "",
    done: Callable[[str], None] | None = None,
) -> dict[str, float]:
    """Run each notebook once, several at a time; the executed copies go to `outputs`.

    Parameters
    ----------
    kept
        The folder that the copies will be found in, for the sentence about a failure.

    Returns
    -------
    dict
        The seconds that each notebook took.

    Raises
    ------
    UsageError
        If a notebook does not take one of the parameters.
    ReportError
        With one line for each notebook that failed.
    """
    _quiet_imports()
    for notebook in notebooks:
        _check_parameters(notebook, parameters)
    outputs.mkdir(parents=True, exist_ok=True)
    failures: dict[str, Problem] = {}
    seconds: dict[str, float] = {}
    waiting: SimpleQueue[Path] = SimpleQueue()
    for notebook in sorted(notebooks, key=_cells, reverse=True):  # the longest first, so that none is left
        waiting.put(notebook)
    ended: SimpleQueue[tuple[str, str, float]] = SimpleQueue()
    count = min(os.cpu_count() or 1, KERNELS, len(notebooks))
    with ThreadPoolExecutor(max_workers=count) as pool:
        jobs = [pool.submit(_in_one_kernel, waiting, ended, parameters, outputs) for _ in range(count)]
        for _ in notebooks:
            name, what, seconds[name] = ended.get()
            if what:
                fix = f"The run is kept in {kept or outputs.name}/{name}."
                failures[name] = Problem(what=what, fix=fix, file=name)
            if done:
                done(name)
    for job in jobs:
        job.result()
    if failures:
        raise ReportError(failures[name] for name in sorted(failures))
    return dict(sorted(seconds.items()))


def _cells(notebook: Path) -> int:
    """How much there is to run."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" for cell in cells)


def _quiet_imports() -> None:
    # jsonschema looks for an IRI grammar that takes seconds to build and that no notebook needs.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # Kernels find the package and draw without a screen; the variable is inherited by them.
    os.environ.setdefault("MPLBACKEND", "agg")
    # As many kernels as cores: threads of linear algebra beside them would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import logging

    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # failures are told in a line of our own


def _check_parameters(notebook: Path, parameters: Mapping[str, Any]) -> None:
    """Papermill accepts a misspelt parameter without a word; this does not."""
    from papermill import inspect_notebook

    try:
        known = inspect_notebook(str(notebook))
    except Exception as error:  # whatever the reader of notebooks stumbles over
        what = f"This is not a notebook that can be read ({type(error).__name__}: {error})."
        raise ReportError(what, fix="Open it in JupyterLab and save it again.", file=notebook.name) from error
    for name in parameters:
        if name not in known:
            raise UsageError(
                f"{notebook.name} takes no parameter '{name}'. {did_you_mean(name, known)}",
                fix=f"It takes {listed(known)}.",
            )


def _in_one_kernel(
    waiting: SimpleQueue[Path],
    ended: SimpleQueue[tuple[str, str, float]],
    parameters: Mapping[str, Any],
    outputs: Path,
) -> None:
    """Run notebooks that wait, one after another, in a kernel that is emptied in between."""
    kernel = Kernel()
    try:
        while True:
            try:
                notebook = waiting.get_nowait()
            except Empty:
                return
            start = perf_counter()
            try:
                what = _run_one(notebook, parameters, outputs / notebook.name, kernel)
            except Exception as error:  # told like a failure of the notebook, so that nobody waits for it
                what = f"{type(error).__name__}: {error}."
            ended.put((notebook.name, what, perf_counter() - start))
    finally:
        kernel.stop()


def _run_one(notebook: Path, parameters: Mapping[str, Any], output: Path, kernel: Kernel) -> str:
    """Run a notebook and say what failed, with the cell; nothing if all went well."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    for attempt in (1, 2):
        try:
            papermill.execute_notebook(
                str(notebook),
                str(output),
                parameters=dict(parameters),
                kernel_name="python3",
                progress_bar=False,
                km=kernel.ready(notebook.parent),
            )
        except PapermillExecutionError as error:
            return f"{_last_cell(output)}{error.ename}: {str(error.evalue).rstrip('.')}."
        except Exception as error:  # a dead or mute kernel; whatever it is, it belongs in one line
            kernel.stop()
            if attempt == 1 and "respond" in str(error):
                continue
            return f"{_last_cell(output)}the kernel failed: {type(error).__name__}: {str(error).rstrip('.')}."
        return ""
    return ""


def _last_cell(output: Path) -> str:
    """The cell that a run ended in, as far as it was kept; a dying kernel does not always give its number."""
    try:
        cells = json.loads(output.read_text("utf-8"))["cells"]
    except (OSError, ValueError, KeyError):
        return ""
    code = [cell for cell in cells if cell["cell_type"] == "code" and "".join(cell["source"]).strip()]
    begun = [cell for cell in code if cell["metadata"].get("papermill", {}).get("start_time")]
    return f"cell {len(begun)}: " if begun else ""
