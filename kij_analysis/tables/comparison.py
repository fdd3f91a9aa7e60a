"""The tables behind the figures of comparisons: ways of comparing, balance, unseen traits."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words

MARKS = {"heading": "ways", "before": "traits", "with_treatment": "unseen"}
"""By which column the data of each figure are known."""


def comparison(
    frame: pd.DataFrame, words: Words | str, *, title: str = "", name: str = "comparison"
) -> Table:
    """The numbers that a figure of a comparison has drawn.

    Parameters
    ----------
    frame
        The data of `kij_analysis.figures.side_by_side`, `balance` or `sensitivity`.

    Examples
    --------
    >>> row = {"label": "Age at entry", "before": 0.4, "after": 0.0, "data_status": "observed"}
    >>> comparison(pd.DataFrame([row]), "en").rows
    (('Age at entry', '0.40', '0.00'),)
    """
    say = as_words(words)
    kind = next(kind for column, kind in MARKS.items() if column in frame.columns)
    headers = {
        "ways": [*(say(f"effects.table.{key}") for key in ("heading", "way")), say("table.results.value"),
                 say("table.results.interval")],
        "traits": [say(f"effects.table.{key}") for key in ("trait", "before", "after")],
        "unseen": [say("effects.table.trait"), say("effects.contour.across"), say("effects.contour.up"),
                   say("effects.table.remains")],
    }  # fmt: skip
    shown = frame[frame["label"].notna()]
    rows = tuple(_row(kind, row, say) for row in shown.to_dict("records"))
    texts = 2 if kind == "ways" else 1
    header = headers[kind]
    return Table(
        name=name,
        language=say.language,
        title=title,
        header=tuple(header),
        rows=rows,
        numeric=tuple(place >= texts for place in range(len(header))),
        mark=say.mark(frame["data_status"]),
    )


def _row(kind: str, row: dict[Any, Any], say: Words) -> tuple[str, ...]:
    if kind == "ways":
        known = pd.notna(row["conf_low"])
        ends = [say.number(float(row[end]), digits=1) for end in ("conf_low", "conf_high")] if known else []
        span = say("table.interval", low=ends[0], high=ends[1]) if ends else "–"
        return str(row["heading"]), str(row["label"]), str(row["shown"]), span
    if kind == "traits":
        values = [row["before"], row["after"]]
        return str(row["label"]), *("–" if pd.isna(one) else say.number(one, digits=2) for one in values)
    shares = [say.share(float(row[name])) for name in ("with_treatment", "with_outcome")]
    return str(row["label"]), *shares, str(row["shown"])
