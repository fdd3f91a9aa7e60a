"""The assumptions of the demonstration, read once."""

from __future__ import annotations

import pytest

from kij_analysis import demo
from kij_analysis.template import template_folder


@pytest.fixture(scope="session")
def given() -> demo.Assumptions:
    return demo.read_assumptions(template_folder() / "data" / "raw" / "demo" / demo.ASSUMPTIONS)
