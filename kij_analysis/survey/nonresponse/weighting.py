"""Answers weighted to the known numbers of participants, as a design that estimators take."""

from __future__ import annotations

import pandas as pd

from kij_analysis.survey.design import Design
from kij_analysis.survey.nonresponse.calibration import Calibration
from kij_analysis.survey.nonresponse.margins import calibration_of, checked

WEIGHT = "weight_to_margins"


def to_margins(answers: pd.DataFrame, known: pd.DataFrame | None) -> tuple[pd.DataFrame, Design]:
    """The answers with a column of weights, and the design that brings each programme to its margins.

    Shares with this design are those of all participants as far as the margins tell them apart; their errors
    are of what the margins leave unexplained (Deville and Särndal 1992, JASA 87).

    Parameters
    ----------
    answers
        Everybody who answered in one wave, men too, because the margins count them: one row each.
    known
        What `margins` returns. A programme without margins keeps weights that are all alike.

    Examples
    --------
    >>> women = pd.DataFrame({"programme": "fika", "education_group": ["low"] * 2 + ["high"] * 6,
    ...     "barrier_network": [True] * 2 + [False] * 6, "data_status": "synthetic"})
    >>> known = pd.DataFrame([["fika", "education_group", code, 10.0] for code in ("low", "high")],
    ...     columns=["programme", "variable", "category", "total"])
    >>> from kij_analysis.survey import shares
    >>> frame, design = to_margins(women, known)
    >>> found = shares(frame, "barrier_network", design=design, population="all").query("category == 'yes'")
    >>> found["estimate"].round(3).tolist()
    [0.5]
    """
    totals = checked(known)
    frame = answers.reset_index(drop=True).assign(**{WEIGHT: 1.0})
    calibrations = {}
    for programme, part in frame.groupby("programme", sort=False):
        code = str(programme)
        alone = Calibration(totals={"programme": {code: float(len(part))}})
        calibrations[code] = calibration_of(totals, code, part) or alone
    return frame, Design(weight=WEIGHT, samples="programme", calibrated_to=calibrations)
