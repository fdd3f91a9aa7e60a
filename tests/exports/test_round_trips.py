"""Frames saved and loaded again are the same, value for value and reason for reason, in every format."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kij_analysis as kij
from kij_analysis.codebook import Codebook, load_codebook
from kij_analysis.errors import SourceError, UsageError
from kij_analysis.exports import FORMATS, load, save
from tests.study_maker import CODEBOOK, write

TEXTS = [
    "=1+1",
    "+4712345678",
    "-5",
    "@SUM(A1)",
    "a;b,c",
    'say "hej"',
    "two\nlines",
    "æøåÆØÅäöÄÖ",
    " x",
    "NA",
    "1.50",
]


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load_codebook(kij.template.template_folder() / "codebook")


@pytest.fixture(scope="module")
def saved(demo: dict[str, pd.DataFrame], book: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("saved")
    save(demo, book, place, language="fi", formats=FORMATS)
    return place


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Codebook:
    """A codebook with a variable of each type, a text too."""
    place = tmp_path_factory.mktemp("codebook")
    for name, text in CODEBOOK.items():
        write(place / name, text)
    return load_codebook(place)


def same(found: dict[str, pd.DataFrame], expected: dict[str, pd.DataFrame]) -> None:
    assert list(found) == list(expected)
    for name, frame in expected.items():
        pd.testing.assert_frame_equal(found[name], frame, check_exact=True)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_frame_of_the_demonstration_comes_back_from_every_format(
    kind: str, saved: Path, demo: dict[str, pd.DataFrame]
):
    same(load(saved, format=kind), demo)


def test_the_same_frames_give_the_same_bytes(demo: dict[str, pd.DataFrame], book: Codebook, tmp_path: Path):
    frames = {"people": demo["people"], "meetings": demo["meetings"]}
    first = save(frames, book, tmp_path / "first", language="fi", formats=FORMATS)
    again = save(frames, book, tmp_path / "again", language="fi", formats=FORMATS)
    assert [path.name for path in first] == [path.name for path in again]
    assert len(again) == 2 * 5 + 1 + 2
    assert [
        one.name for one, two in zip(first, again, strict=True) if one.read_bytes() != two.read_bytes()
    ] == []


def answers_of(book: Codebook) -> st.SearchStrategy[pd.DataFrame]:
    """Frames whose every cell is a value or a reason; a hundred tags in a row now and then."""
    reason = st.sampled_from(list(book.missing))
    number = st.floats(min_value=0, max_value=1e12, allow_subnormal=False)
    day = st.dates(dt.date(1890, 1, 1), dt.date(2090, 12, 31))
    letters = st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], include_characters="\n\t")
    # SPSS fills texts up with blanks: those at the end of a text are not kept.
    text = st.text(letters, min_size=1, max_size=40).map(str.rstrip).filter(bool)
    cells = {
        "status": st.sampled_from(["employed", "unemployed", "education"]),
        "in_work": st.booleans(),
        "hours": number | st.sampled_from([1 / 3, 100 / 3, 37.5]),
        "start": day,
        "place": text | st.sampled_from(TEXTS),
        "skill_score": number,
    }
    row = st.fixed_dictionaries({name: cell | reason.map(lambda why: (why,)) for name, cell in cells.items()})
    rows = st.lists(row, max_size=6) | st.tuples(reason, row).map(
        lambda drawn: [dict.fromkeys(cells, (drawn[0],))] * 101 + [drawn[1]]
    )
    return rows.map(lambda made: _frame(made, list(cells), book))


def _frame(rows: list[dict[str, object]], names: list[str], book: Codebook) -> pd.DataFrame:
    kinds = {
        "status": pd.CategoricalDtype(list(book.columns["status"].categories)), "in_work": "boolean",
        "hours": "float64", "start": "datetime64[s]", "place": "str", "skill_score": "float64",
    }  # fmt: skip
    columns: dict[str, pd.Series] = {"wave": pd.Series(["end"] * len(rows), dtype="str")}
    for name in names:
        cells = [row[name] for row in rows]
        values = [None if isinstance(cell, tuple) else cell for cell in cells]
        why = [cell[0] if isinstance(cell, tuple) else None for cell in cells]
        columns[name] = pd.Series(values, dtype=kinds[name])
        columns[f"{name}_missing"] = pd.Series(pd.Categorical(why, categories=list(book.missing)))
    return pd.DataFrame(columns)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_a_frame_comes_back(
    data: st.DataObject, small: Codebook, tmp_path_factory: pytest.TempPathFactory
):
    frames = {"answers": data.draw(answers_of(small))}
    place = tmp_path_factory.mktemp("made")
    save(frames, small, place, formats=FORMATS)
    for kind in FORMATS:
        same(load(place, format=kind), frames)


def one(
    small: Codebook, name: str, values: list[object], why: list[str | None], dtype: str
) -> dict[str, pd.DataFrame]:
    reasons = pd.Categorical(why, categories=list(small.missing))
    return {"answers": pd.DataFrame({name: pd.Series(values, dtype=dtype), f"{name}_missing": reasons})}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_value_that_is_also_the_code_of_a_reason_stays_a_value(kind: str, small: Codebook, tmp_path: Path):
    values: list[object] = [-1.0, -2.5, -9.0, None, None, None, None]
    why = [None, None, None, "not_asked", "dont_know", "refused", "no_answer"]
    frames = one(small, "change", values, why, "float64")
    save(frames, small, tmp_path, formats=[kind])
    same(load(tmp_path), frames)


def test_three_reasons_beside_a_negative_value_are_single_codes_in_spss(small: Codebook, tmp_path: Path):
    import pyreadstat

    frames = one(small, "change", [-1.5, None, None], [None, "dont_know", "refused"], "float64")
    save(frames, small, tmp_path, formats=["spss"])
    same(load(tmp_path), frames)
    raw, meta = pyreadstat.read_sav(tmp_path / "answers.sav", user_missing=True)
    assert raw["change"].tolist() == [-1.5, -3.0, -4.0]
    assert [part["lo"] for part in meta.missing_ranges["change"]] == [-3.0, -4.0]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_moment_keeps_its_time_of_day(kind: str, small: Codebook, tmp_path: Path):
    frames = one(small, "start", ["2024-05-31T13:45:10", None], [None, "no_answer"], "datetime64[s]")
    save(frames, small, tmp_path, formats=[kind])
    same(load(tmp_path), frames)


@pytest.mark.parametrize("kind", FORMATS)
def test_frames_without_rows_and_columns_without_values_come_back(kind: str, small: Codebook, tmp_path: Path):
    frames = one(small, "place", [None, None], ["not_asked", "refused"], "str")
    frames["pairs"] = frames["answers"].iloc[:0].reset_index(drop=True)
    frames["meetings"] = pd.DataFrame({"n": pd.Series([1, 2], dtype="Int64"), "x": [True, False]})
    save(frames, small, tmp_path, formats=[kind])
    same(load(tmp_path), frames)


@pytest.mark.parametrize("kind", ["spss", "stata"])
def test_a_value_that_has_a_reason_too_is_refused(kind: str, small: Codebook, tmp_path: Path):
    frames = one(small, "hours", [37.0], ["refused"], "float64")
    with pytest.raises(
        UsageError, match="answers, column 'hours': 1 values have a reason why they are missing"
    ):
        save(frames, small, tmp_path, formats=["parquet", kind])
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_stata_cannot_hold_is_refused_and_nothing_is_written(small: Codebook, tmp_path: Path):
    frames = one(small, "place", ["å" * 2000], [None], "str")
    with pytest.raises(UsageError, match=r"1 texts have more than 2045 bytes. Leave this format out"):
        save(frames, small, tmp_path, formats=["csv", "stata"])
    assert list(tmp_path.iterdir()) == []


def test_names_that_are_too_long_for_stata_are_cut_and_come_back(small: Codebook, tmp_path: Path):
    names = [f"{'long' * 9}{number}" for number in range(3)]
    frames = {"answers": pd.DataFrame({name: [float(place)] for place, name in enumerate(names)})}
    save(frames, small, tmp_path, formats=["stata"])
    written = pd.read_stata(tmp_path / "answers.dta", convert_categoricals=False)
    assert max(map(len, written.columns)) == 32 and written.iloc[0].tolist() == [0.0, 1.0, 2.0]
    same(load(tmp_path), frames)


# ------------------------------------------------------------------ loading


def test_a_folder_that_holds_no_saved_frames_is_told(tmp_path: Path):
    with pytest.raises(
        SourceError, match=r"There is no columns.json here. Name a folder that `kij harmonise`"
    ):
        load(tmp_path)


def test_a_format_that_was_not_saved_is_told(small: Codebook, tmp_path: Path):
    save(one(small, "hours", [1.0], [None], "float64"), small, tmp_path, formats=["csv"])
    with pytest.raises(SourceError, match=r"not saved as spss in this folder. There are: csv"):
        load(tmp_path, format="spss")
    with pytest.raises(UsageError, match="Did you mean 'stata'"):
        load(tmp_path, format="state")


def test_a_file_that_was_changed_after_it_was_saved_is_told(small: Codebook, tmp_path: Path):
    save(one(small, "hours", [1.0], [None], "float64"), small, tmp_path, formats=["csv"])
    path = tmp_path / "answers.csv"
    path.write_bytes(path.read_bytes().replace(b"1.0", b"2.0"))
    with pytest.raises(SourceError, match="not as it was saved"):
        load(tmp_path)
    path.unlink()
    with pytest.raises(SourceError, match="not there any more"):
        load(tmp_path)


def test_a_damaged_description_is_told(small: Codebook, tmp_path: Path):
    write(tmp_path / "columns.json", '{"frames": []}')
    with pytest.raises(SourceError, match="damaged, or another version has written it"):
        load(tmp_path)


@pytest.mark.parametrize(("formats", "language"), [(["sav"], "en"), (["csv"], "is")])
def test_what_is_not_known_is_refused_before_anything_is_written(
    formats: list[str], language: str, small: Codebook, tmp_path: Path
):
    with pytest.raises(UsageError, match="Known: "):
        save({}, small, tmp_path, language=language, formats=formats)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_if_a_frame_is_too_long_for_excel(small: Codebook, tmp_path: Path):
    frames = {"answers": pd.DataFrame({"hours": np.zeros(1_048_576)})}
    with pytest.raises(UsageError, match="an Excel sheet takes 1,048,575 rows"):
        save(frames, small, tmp_path, formats=["xlsx"])
    assert list(tmp_path.iterdir()) == []
