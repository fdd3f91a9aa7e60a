"""Notebooks run side by side by papermill, their parameters checked, their failures told in one line each."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from kij_analysis.errors import Problem, ReportError, UsageError, did_you_mean, listed

THREADS = 4
"""Kernels are processes of their own; four threads keep two cores busy (docs/decisions.md)."""


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
    done: Callable[[str], None] | None = None,
) -> None:
    """Run each notebook once, several at a time; the executed copies go to `outputs`.

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
    with ThreadPoolExecutor(max_workers=min(THREADS, len(notebooks))) as pool:
        jobs = {pool.submit(_run_one, path, parameters, outputs / path.name): path for path in notebooks}
        for job in as_completed(jobs):
            problem = job.result()
            if problem is not None:
                failures[jobs[job].name] = problem
            if done:
                done(jobs[job].name)
    if failures:
        raise ReportError(failures[name] for name in sorted(failures))


def _quiet_imports() -> None:
    # jsonschema looks for an IRI grammar that takes seconds to build and that no notebook needs.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    # Kernels find the package and draw without a screen; the variable is inherited by them.
    os.environ.setdefault("MPLBACKEND", "agg")
    import logging

    logging.getLogger("papermill").setLevel(logging.ERROR)


def _check_parameters(notebook: Path, parameters: Mapping[str, Any]) -> None:
    """Papermill accepts a misspelt parameter without a word; this does not."""
    from papermill import inspect_notebook

    known = inspect_notebook(str(notebook))
    for name in parameters:
        if name not in known:
            raise UsageError(
                f"{notebook.name} takes no parameter '{name}'. {did_you_mean(name, known)}",
                fix=f"It takes {listed(known)}.",
            )


def _run_one(notebook: Path, parameters: Mapping[str, Any], output: Path) -> Problem | None:
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
                kernel_manager_class=_private_kernels(),
                cwd=str(notebook.parent),
            )
        except PapermillExecutionError as error:
            return Problem(
                what=f"cell {error.exec_count}: {error.ename}: {error.evalue}",
                fix=f"The run is kept in {output.parent.name}/{output.name}.",
                file=notebook.name,
            )
        except Exception as error:  # a dead or mute kernel; whatever it is, it belongs in one line
            if attempt == 1 and "respond" in str(error):
                continue
            return Problem(what=f"The kernel failed: {type(error).__name__}: {error}", file=notebook.name)
        return None
    return None


def _private_kernels() -> type:
    """A kernel manager whose connection is encrypted, which also silences ipykernel's warning."""
    from jupyter_client.manager import AsyncKernelManager

    class PrivateKernelManager(AsyncKernelManager):
        transport_encryption = "auto"

    return PrivateKernelManager
