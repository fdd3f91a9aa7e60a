"""A spreadsheet of one's own with treated and comparison persons, as a frame that `compare` takes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from kij_analysis.effects.comparison.persons import named_covariates
from kij_analysis.errors import SourceError, did_you_mean, listed

YES = ("yes", "true", "ja", "kyllä", "1", "1.0")
NO = ("no", "false", "nej", "nei", "ei", "0", "0.0")
DELIMITED, WORKBOOKS = (".csv", ".txt"), (".xlsx", ".xls", ".ods")


def read_persons(
    file: Path | str,
    *,
    outcome: str,
    treated: str,
    covariates: Sequence[str],
    data_status: str = "observed",
) -> pd.DataFrame:
    """The persons of a CSV file or workbook, one row each, with the columns that are compared.

    Parameters
    ----------
    file
        Columns have headings in the first row. CSV: the delimiter, the encoding and a decimal comma are found
        out.
    outcome, treated, covariates
        Headings. The treatment says yes or no in any of the five languages, or 1 and 0; an outcome that does
        so too becomes true and false, else it must hold numbers.
    data_status
        ``"observed"``, or what else the data are.

    Returns
    -------
    DataFrame
        These columns and all others of the file, with `data_status` and `programme` (*all* if the file
        has none).

    Raises
    ------
    SourceError
        If the file is not there or of another kind, a heading is missing, or a cell of the treatment says
        neither yes nor no; all problems at once.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "persons.csv"
    >>> _ = place.write_text("mentor;alder;job\\nja;31,5;1\\nnej;40;0\\n", "utf-8")
    >>> found = read_persons(place, outcome="job", treated="mentor", covariates=["alder"])
    >>> found[["mentor", "alder", "job"]].iloc[0].astype(float).tolist()
    [1.0, 31.5, 1.0]
    """
    path = Path(file)
    frame, names = _table(path), named_covariates(covariates)
    absent = [name for name in (outcome, treated, *names) if name not in frame.columns]
    if absent:
        hints = " ".join(filter(None, (did_you_mean(name, frame.columns) for name in absent)))
        raise SourceError(
            f"The file has no column {listed(absent)}. {hints}",
            fix=f"Its headings: {listed(frame.columns)}.",
            file=path.name,
        )
    found = frame.assign(**{treated: _yes_no(frame[treated], path, treated)})
    told = _as_yes_no(frame[outcome])
    found[outcome] = told if told is not None else _numbers(frame[outcome], path)
    for name in names:
        found[name] = _covariate(frame[name])
    programme = found["programme"] if "programme" in found.columns else "all"
    return found.assign(data_status=data_status, programme=programme)


def _table(path: Path) -> pd.DataFrame:
    if not path.exists():
        raise SourceError("There is no such file.", fix="Name the file with its folder.", file=path.name)
    if path.suffix.lower() in WORKBOOKS:
        return pd.read_excel(path, engine="calamine", dtype="object")
    if path.suffix.lower() not in DELIMITED:
        known = listed((*DELIMITED, *WORKBOOKS))
        raise SourceError(
            f"Files that end in '{path.suffix}' are not read here.",
            fix=f"Save it as one of {known}.",
            file=path.name,
        )
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return pd.read_csv(path, sep=None, engine="python", dtype="object", encoding=encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError(
        "The file is neither UTF-8 nor Windows-1252.", fix="Save it as CSV UTF-8.", file=path.name
    )


def _texts(column: pd.Series) -> pd.Series:
    """The cells as texts in small letters, empty ones missing."""
    texts = column.astype("str").str.strip().str.casefold()
    return texts.where(column.notna() & (texts != "") & (texts != "nan"))


def _as_yes_no(column: pd.Series) -> pd.Series | None:
    texts = _texts(column)
    if not texts.dropna().isin((*YES, *NO)).all():
        return None
    return texts.isin(YES).astype("boolean").where(texts.notna())


def _yes_no(column: pd.Series, path: Path, name: str) -> pd.Series:
    found = _as_yes_no(column)
    if found is None:
        wrong = int((~_texts(column).dropna().isin((*YES, *NO))).sum())
        raise SourceError(
            f"{wrong} cells say neither yes nor no.",
            fix="Write yes or no, or 1 and 0, for everybody who was or was not treated.",
            file=path.name,
            column=name,
        )
    return found


def _as_numbers(column: pd.Series) -> pd.Series:
    texts = column.astype("str").str.strip().str.replace(",", ".", regex=False)
    return pd.to_numeric(texts.where(column.notna()), errors="coerce").astype("float64")


def _numbers(column: pd.Series, path: Path) -> pd.Series:
    numbers = _as_numbers(column)
    wrong = int((numbers.isna() & _texts(column).notna()).sum())
    if wrong:
        raise SourceError(
            f"{wrong} cells are no numbers, and the answers are not all yes and no.",
            fix="Write numbers, or yes and no.",
            file=path.name,
            column=str(column.name),
        )
    return numbers


def _covariate(column: pd.Series) -> pd.Series:
    """Numbers where all are numbers, yes and no where all are that, else categories."""
    numbers = _as_numbers(column)
    if numbers.notna().sum() == _texts(column).notna().sum():
        return numbers
    told = _as_yes_no(column)
    return told if told is not None else _texts(column).astype("category")
