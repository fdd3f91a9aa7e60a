"""What the repository's own study knows, once for all tests of drafts."""

from __future__ import annotations

from pathlib import Path

import pytest

from kij_analysis import draft, open_study
from kij_analysis.draft import Earlier, Knowledge
from kij_analysis.study import Study

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def study() -> Study:
    return open_study(ROOT)


@pytest.fixture(scope="session")
def known(study: Study) -> Knowledge:
    """The codebook, the core questionnaire and the usual wordings, without any crosswalk."""
    from kij_analysis.codebook import load_codebook
    from kij_analysis.questionnaire.reading import load_questionnaire

    book = load_codebook(study.folders["codebook"])
    return draft.knowledge_of(book, load_questionnaire(study.folders["codebook"], book))


@pytest.fixture(scope="session")
def earlier(study: Study, known: Knowledge) -> list[Earlier]:
    """Two instruments of KVINFO, as if its end survey were new."""
    rest = [path.stem for path in (study.folders["codebook"] / "crosswalks").glob("*.yaml")]
    kept = ("kvinfo_entry_2024", "kvinfo_follow_up_2025")
    return draft.earlier_crosswalks(
        study, known.codebook, without=tuple(name for name in rest if name not in kept)
    )
