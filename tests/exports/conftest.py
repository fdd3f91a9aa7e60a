"""The demonstration, harmonised once for all tests of exports."""

from __future__ import annotations

import pandas as pd
import pytest

from kij_analysis.codebook.variables import FRAMES
from kij_analysis.harmonisation import Harmonised


@pytest.fixture(scope="session")
def demo(demonstration: Harmonised) -> dict[str, pd.DataFrame]:
    return {name: getattr(demonstration, name) for name in FRAMES}
