"""What all tests share; beside it lies `study_maker`, which makes small study folders."""

from __future__ import annotations

import os
import sys

import pytest

if sys.dont_write_bytecode:
    # Else every process that a test starts would compile the whole package anew.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# The tests themselves run side by side; threads of linear algebra beside them only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import kij_analysis as kij
from kij_analysis.harmonisation import Harmonised
from kij_analysis.template import template_folder

collect_ignore_glob = ["*conftest.py", "*making.py"]
"""Helpers without examples; several folders have one of the same name."""


@pytest.fixture(scope="session")
def demonstration() -> Harmonised:
    """The demonstration of the template, harmonised once for all tests that only look at it."""
    return kij.harmonise(kij.open_study(template_folder()))
