"""Known numbers of participants: from the questionnaires of a study, or from a small frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kij_analysis.errors import UsageError, did_you_mean
from kij_analysis.survey.nonresponse.calibration import JOINED, Calibration

if TYPE_CHECKING:
    from kij_analysis.harmonisation import Ledger

LEFT_TO_OTHERS = 0.05
COLUMNS = ("programme", "variable", "category", "total")


def margins(ledger: Ledger, *, wave: str = "end", role: str = "mentee") -> pd.DataFrame:
    """The known numbers of participants of each programme, as its questionnaires declare them.

    Parameters
    ----------
    ledger
        `data.ledger`. What stands under `population:` of an instrument is read: `invited`, and under
        `margins:` how many of those invited are in each category of a harmonised column. Margins may stand at
        any wave of the role, because participants do not change; those of `wave` come first. Several rounds
        are added up.
    wave, role
        Whose numbers are wanted.

    Returns
    -------
    DataFrame
        Columns programme, variable, category, total: a row with an empty variable for everybody who was
        invited, a row for each category of a margin. Everybody counts, men too. A programme that declares
        nothing has no row, and a margin that is not declared in every round is left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> sources = pd.DataFrame([{"instrument": "a", "programme": "fika", "role": "mentee", "wave": "end",
    ...     "round": "2024", "invited": 90}])
    >>> told = {"a": {"population": {"invited": 90, "margins": {"gender": {"woman": 67, "man": 23}}}}}
    >>> margins(SimpleNamespace(sources=sources, definitions={"instruments": told})).values.tolist()
    [['fika', '', '', 90.0], ['fika', 'gender', 'woman', 67.0], ['fika', 'gender', 'man', 23.0]]
    """
    told = ledger.definitions.get("instruments", {})
    asked = ledger.sources[ledger.sources["role"] == role]
    if "unit" in asked.columns:
        asked = asked[asked["unit"] == "person"]
    rows = []
    for (programme, round_), part in asked.groupby(["programme", "round"], sort=False, dropna=False):
        own = part[part["wave"] == wave]
        if own.empty:
            continue
        if own["invited"].notna().all():
            rows.append([programme, round_, "", "", float(own["invited"].sum())])
        ordered = [*own["instrument"], *part.loc[part["wave"] != wave, "instrument"]]
        known = [told.get(name, {}).get("population", {}).get("margins", {}) for name in ordered]
        for variable, totals in next((one for one in known if one), {}).items():
            rows += [[programme, round_, variable, code, float(n)] for code, n in totals.items()]
    return _added_up(pd.DataFrame(rows, columns=["programme", "round", "variable", "category", "total"]))


def _added_up(rows: pd.DataFrame) -> pd.DataFrame:
    """The rounds of a programme as one; what one of them does not know is not known of them together."""
    rounds = rows.groupby("programme")["round"].nunique(dropna=False)
    there = rows.groupby(["programme", "variable"])["round"].nunique(dropna=False)
    whole = [there[p, v] == rounds[p] for p, v in zip(rows["programme"], rows["variable"], strict=True)]
    kept = rows[pd.Series(whole, index=rows.index, dtype=bool)]
    keys = ["programme", "variable", "category"]
    return kept.groupby(keys, sort=False, as_index=False)["total"].sum()


def checked(known: pd.DataFrame | None) -> pd.DataFrame:
    """A frame of margins, or an empty one.

    Raises
    ------
    UsageError
        If a column is missing or a total is no number, 0 included only for categories.
    """
    if known is None:
        return pd.DataFrame(columns=list(COLUMNS))
    for name in COLUMNS:
        if name not in known.columns:
            hint = did_you_mean(name, known.columns)
            raise UsageError(
                f"The margins lack the column '{name}'. {hint}", fix=f"They need {', '.join(COLUMNS)}."
            )
    totals = pd.to_numeric(known["total"], errors="coerce")
    if totals.isna().any() or (totals < 0).any():
        raise UsageError(
            "A margin has a total that is no number of persons.", fix="Write the number, or no row."
        )
    texts = {name: known[name].astype("str").fillna("") for name in COLUMNS[:3]}
    frame = known[list(COLUMNS)].assign(**texts, total=totals.astype("float64"))
    if frame.duplicated(list(COLUMNS[:3])).any():
        raise UsageError("A category stands twice in the margins.", fix="Add the rows up.")
    return frame


def asked_of(known: pd.DataFrame, programme: str) -> float:
    """How many persons a programme has invited; missing if that is not known."""
    rows = known[(known["programme"] == programme) & (known["variable"] == "")]
    return float(rows["total"].iloc[0]) if len(rows) else float("nan")


def women_of(known: pd.DataFrame, programme: str) -> float:
    """How many women a programme has invited; missing if there is no margin of the gender."""
    rows = known[(known["programme"] == programme) & (known["variable"] == "gender")]
    found = rows.loc[rows["category"] == "woman", "total"]
    return float(found.iloc[0]) if len(found) else float("nan")


def calibration_of(
    known: pd.DataFrame, programme: str, answers: pd.DataFrame, *, method: str = "raking"
) -> Calibration | None:
    """The margins of a programme that its answers can be weighted to, none if it has none.

    Each is brought to the number of persons invited. A category in which nobody answered is left to the
    others of its margin while it holds no more than a twentieth of the persons; a larger one stays, and
    cannot be met.
    """
    rows = known[(known["programme"] == programme) & (known["variable"] != "")]
    if rows.empty:
        return None
    asked = asked_of(known, programme)
    if asked != asked:
        asked = float(rows.loc[rows["variable"] == rows["variable"].iloc[0], "total"].sum())
    totals: dict[str, dict[str, float]] = {}
    for variable, part in rows.groupby("variable", sort=False):
        there = part["category"].isin(_codes(answers, str(variable)))
        size = float(part["total"].sum())
        kept = (
            part[there]
            if part.loc[~there, "total"].sum() <= LEFT_TO_OTHERS * size
            else part[part["total"] > 0]
        )
        scale = asked / float(kept["total"].sum()) if len(kept) and kept["total"].sum() else 1.0
        totals[str(variable)] = dict(zip(kept["category"], kept["total"] * scale, strict=True))
    return Calibration(totals=totals, method=method, unknown="apart")


def _codes(answers: pd.DataFrame, variable: str) -> set[str]:
    parts = [answers[name].astype("str") for name in variable.split(JOINED)]
    known = answers[variable.split(JOINED)].notna().all(axis=1).to_numpy(bool)
    return {JOINED.join(row) for row, there in zip(zip(*parts, strict=True), known, strict=True) if there}
