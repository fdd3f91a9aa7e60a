"""`kij lab`."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import kij_analysis as kij
from kij_analysis.cli.telling import on_study
from kij_analysis.errors import UsageError
from kij_analysis.study import Study

TEXT = "Open the notebooks in JupyterLab, on a page that leads to them."
START = "start.md"
"""The page that JupyterLab opens on, in the folder of the notebooks."""


def arguments(part: argparse.ArgumentParser) -> None:
    """Declare the options."""
    on_study(part, raw=False)
    part.add_argument("--port", type=int, default=8888, help="the next free one is taken (default: 8888)")
    part.add_argument("--no-browser", action="store_true", help="print the address instead of opening it")


def run(options: argparse.Namespace) -> None:
    """Start JupyterLab in the study folder; it runs until Ctrl+C."""
    study = kij.open_study(options.study)
    if find_spec("jupyterlab") is None:
        fix = 'Install it with: pip install "kij-analysis[lab]"'
        raise UsageError("JupyterLab is not installed.", fix=fix)
    # jsonschema looks for an IRI grammar that takes seconds to build and that JupyterLab does not need.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from jupyterlab.labapp import LabApp

    with as_file(files("kij_analysis.cli").joinpath("lab_settings")) as settings:
        arguments = settings_of(study, settings, port=options.port, browser=not options.no_browser)
        LabApp.launch_instance(argv=arguments)


def settings_of(study: Study, settings: Path, *, port: int = 8888, browser: bool = True) -> list[str]:
    """What JupyterLab is started with: the study folder, the page that it opens on, its own settings.

    Nothing is asked of other machines: JupyterLab neither looks for news nor for a newer version.
    """
    notebooks = study.folders["notebooks"].resolve()
    root = study.root if notebooks.is_relative_to(study.root) else notebooks
    start = notebooks / START
    page = f"/lab/tree/{quote(start.relative_to(root).as_posix())}" if start.is_file() else "/lab"
    given = {
        "ServerApp.root_dir": str(root),
        "ServerApp.port": str(port),
        "ServerApp.open_browser": str(browser),
        "LabApp.default_url": page,
        "LabApp.app_settings_dir": str(settings),
        "LabApp.extension_manager": "readonly",
        # Kernels talk to the server encrypted, which also keeps them from warning at every start.
        "KernelManager.transport_encryption": "auto",
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        given["ServerApp.allow_root"] = "True"  # as whom containers run
    return [f"--{name}={value}" for name, value in given.items()]
