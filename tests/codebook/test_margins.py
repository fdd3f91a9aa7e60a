"""Known numbers of participants in a questionnaire: read as they stand, and every slip told."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_maker import CODEBOOK, crosswalk, write

from kij_analysis.codebook import Crosswalk, load_codebook, load_crosswalk
from kij_analysis.errors import StudyError

RULE = "gender:\n  constant: {value: woman}\n  status: complete"


def loaded(folder: Path, population: dict) -> Crosswalk:
    for name, text in CODEBOOK.items():
        write(folder / name, text)
    path = folder / "crosswalks" / "kv_end.yaml"
    write(path, crosswalk(RULE, population=population))
    return load_crosswalk(path, load_codebook(folder))


def test_margins_are_read_beside_the_number_of_invitations(tmp_path):
    given = {"invited": 9, "margins": {"gender": {"woman": 7, "man": 2}}}
    assert dict(loaded(tmp_path, given).instrument.population) == given


@pytest.mark.parametrize(
    ("population", "sentence"),
    [
        ({"invited": 9, "margins": {"gendr": {"woman": 9}}}, "Did you mean 'gender'"),
        ({"invited": 9, "margins": {"age": {"old": 9}}}, "no harmonised column 'age' with categories"),
        ({"invited": 9, "margins": {"gender": {"women": 9}}}, "has no category 'women'"),
        ({"invited": 9, "margins": {"gender": {"woman": 7}}}, "counts 7 persons, but 9 were invited"),
        ({"margins": {"gender": {"woman": -1}}}, "-1"),
    ],
)
def test_margins_that_cannot_be_are_told(population, sentence, tmp_path):
    with pytest.raises(StudyError, match=sentence):
        loaded(tmp_path, population)
