"""One question in three countries, three formats and three scales, held against a defined result."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from study_maker import CODEBOOK, make_study

from kij_analysis.harmonisation import Harmonised, check, harmonise
from kij_analysis.study import Study

VARIABLES = """\
missing_reasons:
  not_asked: {labels: &any {en: a, da: a, nb: a, sv: a, fi: a}, spss: -1, stata: .n, meaning: not asked}
  not_applicable: {labels: *any, spss: -2, stata: .i, meaning: does not concern the person}
  dont_know: {labels: *any, spss: -3, stata: .d, meaning: does not know}
  refused: {labels: *any, spss: -4, stata: .r, meaning: does not want to answer}
  no_answer: {labels: *any, spss: -5, stata: .m, meaning: left empty}
  rule_failed: {labels: *any, spss: -6, stata: .f, meaning: the rule could not be applied}
  not_comparable: {labels: *any, spss: -7, stata: .x, meaning: asked in another way}
  undetermined: {labels: *any, spss: -8, stata: .w, meaning: not decided}
variables:
  support:
    concept: The person feels supported by the mentor.
    frame: answers
    type: scale
    labels: *any
    outputs: {score: {type: number, unit: points_0_100, minimum: 0, maximum: 100}, high: {type: boolean}}
"""
SCALES = """\
scales:
  grad5_da:
    languages: [da]
    direction: ascending
    middle: true
    basis: test
    categories:
      - {labels: {da: Slet ikke}}
      - {labels: {da: I mindre grad}}
      - {labels: {da: I nogen grad}}
      - {labels: {da: I høj grad}}
      - {labels: {da: I meget høj grad}}
    missing: {Ved ikke: dont_know}
  maara4_fi:
    languages: [fi]
    direction: ascending
    middle: false
    basis: test
    categories:
      - {code: 1, labels: {fi: Ei lainkaan}}
      - {code: 2, labels: {fi: Vähän}}
      - {code: 3, labels: {fi: Melko paljon}}
      - {code: 4, labels: {fi: Erittäin paljon}}
    missing: {8: dont_know, 9: refused}
  grad6_nb:
    languages: [nb]
    direction: ascending
    middle: false
    basis: test
    categories:
      - {code: 1, labels: {nb: Ikke i det hele tatt}}
      - {code: 2, labels: {nb: I svært liten grad}}
      - {code: 3, labels: {nb: I liten grad}}
      - {code: 4, labels: {nb: I noen grad}}
      - {code: 5, labels: {nb: I stor grad}}
      - {code: 6, labels: {nb: I svært stor grad}}
    missing: {.a: dont_know, .b: not_asked}
"""
PROGRAMMES = """\
programmes:
  DK: {kind: programme, name: Danish, short: DK, country: DK, source: test}
  FI: {kind: programme, name: Finnish, short: FI, country: FI, source: test}
  "NO": {kind: programme, name: Norwegian, short: "NO", country: "NO", source: test}
"""
CROSSWALK = """\
instrument:
  {{"id": "{id}", programme: {programme}, role: mentee, wave: end, file: {file},
   keys: {{person_id: {person}}}, missing: {{"": no_answer}}, ignored: {{{ignored}}}}}
rules:
  support:
    rescale:
      from: "{source}"
      scale: {scale}
      outputs:
        score: {{method: stretch, to: [0, 100], status: partial, because: equal steps are assumed}}
        high: {{method: threshold, at: {at}, status: partial, because: the wordings differ}}
    decided_by: AB
    on: 2026-11-02
"""
DANISH = CROSSWALK.format(
    id="dk_end", programme="DK", person="Løbenr", source="Har mentor støttet dig?", scale="grad5_da",
    at="I høj grad", file='{format: delimited, encoding: cp1252, delimiter: ";", decimal: ","}',
    ignored="Alder: not needed here",
)  # fmt: skip
FINNISH = CROSSWALK.format(
    id="fi_end", programme="FI", person="id", source="k7", scale="maara4_fi", at="Melko paljon",
    file="{format: spss}", ignored="ika: not needed here",
)  # fmt: skip
NORWEGIAN = CROSSWALK.format(
    id="no_end", programme='"NO"', person="lopenr", source="sp12", scale="grad6_nb", at="I stor grad",
    file="{format: stata}", ignored="",
)  # fmt: skip


@pytest.fixture
def case() -> Path:
    shared = os.environ.get("KIJ_SHARED")
    if not shared:
        pytest.skip("KIJ_SHARED is not set, so the shared cases are not at hand")
    return Path(shared) / "cases/harmonise/nordic_scales"


def study_of(folder: Path, case: Path, **changed: str) -> Study:
    crosswalks = {"dk.csv": DANISH, "fi.sav": FINNISH, "no.dta": NORWEGIAN, **changed}
    codebook = {
        **CODEBOOK, "variables.yaml": VARIABLES, "scales.yaml": SCALES, "programmes.yaml": PROGRAMMES
    }  # fmt: skip
    files = {name: (case / name).read_bytes() for name in crosswalks}
    return make_study(folder, files, crosswalks, codebook=codebook)


@pytest.fixture
def data(case: Path, tmp_path: Path) -> Harmonised:
    return harmonise(study_of(tmp_path, case))


@pytest.fixture
def expected(case: Path) -> pd.DataFrame:
    return pd.read_csv(case / "expected.csv", dtype={"support_missing": "str"}, keep_default_na=True)


def test_every_person_of_the_three_countries_is_there_once(data: Harmonised, expected: pd.DataFrame):
    found = data.answers[["programme", "person_id"]].to_numpy().tolist()
    assert found == expected[["programme", "id"]].to_numpy().tolist()


def test_the_percent_of_the_maximum_is_the_defined_one(data: Harmonised, expected: pd.DataFrame):
    found = data.answers["support_score"]
    assert found.isna().tolist() == expected["support_pomp"].isna().tolist()
    assert (found - expected["support_pomp"]).abs().max() < 1e-6


def test_high_is_cut_where_the_wording_of_each_country_says(data: Harmonised, expected: pd.DataFrame):
    found = data.answers["support_high"].astype("Float64")
    pd.testing.assert_series_equal(found, expected["support_high"].astype("Float64"), check_names=False)


@pytest.mark.parametrize("output", ["score", "high"])
def test_the_reasons_survive_text_codes_and_tags(data: Harmonised, expected: pd.DataFrame, output: str):
    found = data.answers[f"support_{output}_missing"].astype("str").fillna("")
    assert found.tolist() == expected["support_missing"].fillna("").tolist()


def test_a_misspelt_label_of_the_crosswalk_is_told_with_the_nearest(case: Path, tmp_path: Path):
    study = study_of(tmp_path, case)
    scales = tmp_path / "codebook/scales.yaml"
    scales.write_text(SCALES.replace("I meget høj grad", "I meget høy grad"), encoding="utf-8")
    (problem,) = check(study).errors
    assert (problem.file, problem.column) == ("dk.csv", "Har mentor støttet dig?")
    assert "'I meget høj grad' has no rule (1 row)." in problem.what
    assert "Did you mean 'I meget høy grad'?" in problem.fix


def test_a_label_of_the_file_that_the_crosswalk_does_not_expect_is_told(case: Path, tmp_path: Path):
    study = study_of(tmp_path, case)
    scales = tmp_path / "codebook/scales.yaml"
    scales.write_text(SCALES.replace("fi: Vähän", "fi: Vähäinen"), encoding="utf-8")
    (problem,) = check(study).errors
    assert (problem.file, problem.column) == ("fi.sav", "k7")
    assert "Code 2 is labelled 'Vähän' in the file, but the rule was written for 'vähäinen'." in problem.what
