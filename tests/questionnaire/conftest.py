from __future__ import annotations

from pathlib import Path

import pytest

from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.questionnaire import Questionnaire, load_questionnaire
from kij_analysis.template import template_folder


@pytest.fixture(scope="session")
def shipped() -> Path:
    return template_folder() / "codebook"


@pytest.fixture(scope="session")
def codebook(shipped: Path) -> Codebook:
    return load_codebook(shipped)


@pytest.fixture(scope="session")
def core(shipped: Path, codebook: Codebook) -> Questionnaire:
    return load_questionnaire(shipped, codebook)
