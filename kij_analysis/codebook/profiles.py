"""The profiles of programmes as a tidy frame, one row for each printed fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from kij_analysis.codebook.naming import known_programme
from kij_analysis.codebook.programmes import Cell, Fact, Number
from kij_analysis.codebook.variables import Codebook
from kij_analysis.words.terms import LANGUAGES

DTYPES = {
    "programme": "str", "cell": "str", "fact": "int64", "version": "int64", "published": "bool",
    "value": "float64", "high": "float64", "unit": "str", "precision": "str", "when": "str",
    "source": "str", "record": "str", **{f"label_{language}": "str" for language in LANGUAGES},
    "data_status": "str",
}  # fmt: skip
NOTHING = Number(value=float("nan"), unit="", precision="")


def profiles(codebook: Codebook, programmes: Sequence[str] = ()) -> pd.DataFrame:
    """What has been printed about programmes, cell by cell.

    Parameters
    ----------
    programmes
        Which, and in which order; all that have a profile if empty.

    Returns
    -------
    DataFrame
        One row per programme, cell, fact and version (sources that differ are versions of one fact), with
        the number as `value` to `high`, its `unit` and `precision`, the phrase in five languages, and the
        ids of the sources separated by blanks. A cell of which nothing was found published is one row
        with `published` false. Missing numbers are NaN, missing texts empty.

    Raises
    ------
    UsageError
        If a programme is not known or has no profile.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> frame = profiles(load_codebook(template_folder() / "codebook"), ["sajo"])
    >>> frame.loc[frame["cell"] == "length", ["value", "unit"]].values.tolist()
    [[6.0, 'months']]
    """
    chosen = programmes or [code for code, one in codebook.programmes.items() if one.profile]
    rows = [
        {"programme": code, "cell": name, **row}
        for code in chosen
        for name, cell in known_programme(codebook, code, described=True).profile.items()
        for row in _rows(cell)
    ]
    return pd.DataFrame(rows, columns=list(DTYPES)).astype(DTYPES)


def _rows(cell: Cell) -> Iterator[dict[str, Any]]:
    for position, fact in enumerate(cell.facts or (Fact(),)):
        for version, number in enumerate(fact.numbers or (NOTHING,)):
            yield {
                "fact": position,
                "version": version,
                "published": cell.published,
                "value": number.value,
                "high": float("nan") if number.high is None else number.high,
                "unit": number.unit,
                "precision": number.precision,
                "when": fact.when,
                "source": " ".join(number.sources or fact.sources),
                "record": number.record,
                **{f"label_{language}": fact.labels.get(language, "") for language in LANGUAGES},
                "data_status": "published",
            }
