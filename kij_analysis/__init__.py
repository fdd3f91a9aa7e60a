"""Compare Nordic mentoring-to-work programmes for migrant women.

Importing the package is free: every public name is loaded when it is first used. In a notebook frames of
estimates then show themselves as tables.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

_HOMES = {
    "open_study": "kij_analysis.study",
    "load_codebook": "kij_analysis.codebook",
    "load_crosswalk": "kij_analysis.codebook",
    "check": "kij_analysis.harmonisation",
    "harmonise": "kij_analysis.harmonisation",
    "statuses": "kij_analysis.harmonisation",
    "KijError": "kij_analysis.errors",
    "init": "kij_analysis.template",
    "chapter": "kij_analysis.reporting",
    "report": "kij_analysis.reporting",
}
_ROOMS = (
    "barriers", "claims", "codebook", "context", "demo", "disclosure", "display", "draft", "effects",
    "erasure", "errors", "estimates", "exchange", "exports", "figures", "findings", "harmonisation",
    "indicators", "investment", "privacy", "profiles", "questionnaire", "reporting", "sources", "study",
    "survey", "tables", "template", "words",
)  # fmt: skip

__all__ = [*_HOMES, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        home = import_module(_HOMES[name])
        return getattr(home, name, home)
    if name in _ROOMS:
        return import_module(f"kij_analysis.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("kij-analysis")
    raise AttributeError(f"kij_analysis has no '{name}'; it has {', '.join(sorted(__all__))}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


if "IPython" in sys.modules:
    import_module("kij_analysis.display").in_notebooks()
