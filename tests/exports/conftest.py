"""The demonstration, harmonised once for all tests of exports."""

from __future__ import annotations

import pandas as pd
import pytest

import kij_analysis as kij
from kij_analysis.codebook.variables import FRAMES


@pytest.fixture(scope="session")
def demo() -> dict[str, pd.DataFrame]:
    data = kij.harmonise(kij.open_study(kij.template.template_folder()))
    return {name: getattr(data, name) for name in FRAMES}
