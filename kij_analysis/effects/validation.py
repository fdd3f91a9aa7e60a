"""Data of others in which the answer is known: an experiment, and controls that were not drawn."""

from __future__ import annotations

import pandas as pd

from kij_analysis.errors import UsageError

NSW_COVARIATES = ("age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75")
"""What is known of everybody before the start: traits, and earnings in 1974 and 1975."""


def nsw() -> pd.DataFrame:
    """The National Supported Work experiment (445 persons) and the 15,992 controls CPS-1.

    Returns
    -------
    DataFrame
        One row for each person: `sample` (*nsw*: drawn by lot; *cps*: a population survey), `treat`,
        `NSW_COVARIATES`, `re78` (earnings in 1978, US dollars) and `employed` (any earnings in 1978).

    Raises
    ------
    UsageError
        If the optional package that holds the data is not installed.

    Notes
    -----
    LaLonde 1986 (Am. Econ. Rev. 76: 604-620); the files of Dehejia and Wahba 1999 (J. Am. Stat. Assoc. 94),
    in the public domain, from the package causaldata (MIT).

    Examples
    --------
    >>> persons = nsw()  # doctest: +SKIP
    >>> persons.groupby("sample")["treat"].agg(["size", "sum"]).values.tolist()  # doctest: +SKIP
    [[15992, 0], [445, 185]]
    """
    try:
        from causaldata import cps_mixtape, nsw_mixtape
    except ImportError:
        raise UsageError(
            "The data of the experiment are in the package causaldata, which is not installed.",
            fix='Install the extra: pip install "kij-analysis[validation]".',
        ) from None
    parts = {"nsw": nsw_mixtape, "cps": cps_mixtape}
    frames = [module.load_pandas().data.assign(sample=name) for name, module in parts.items()]
    whole = pd.concat(frames, ignore_index=True).astype(dict.fromkeys(NSW_COVARIATES, "float64"))
    return whole.assign(
        treat=whole["treat"] == 1,
        re78=whole["re78"].astype("float64"),
        employed=whole["re78"] > 0,
        programme="nsw",
        data_status="observed",
    )
