"""What all tests share; beside it lies `study_maker`, which makes small study folders."""

from __future__ import annotations

import pytest

import kij_analysis as kij
from kij_analysis.harmonisation import Harmonised
from kij_analysis.template import template_folder


@pytest.fixture(scope="session")
def demonstration() -> Harmonised:
    """The demonstration of the template, harmonised once for all tests that only look at it."""
    return kij.harmonise(kij.open_study(template_folder()))
