"""The score-card: every finding with what its test gives, by programme and over all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from kij_analysis import estimates
from kij_analysis.findings.deciding import decided
from kij_analysis.findings.estimating import from_answers
from kij_analysis.findings.evidence import Evidence, evidence
from kij_analysis.findings.finding import Finding
from kij_analysis.findings.kinds import KINDS
from kij_analysis.findings.overall import ALL, settled, verdict_of
from kij_analysis.findings.printed import from_print
from kij_analysis.findings.reading import load
from kij_analysis.survey.intervals import check_level

RIGHT = (
    "finding", "topic", "verdict", "would_say", "rule", "needed", "source", "part", "printed", "strict",
    "level",
)  # fmt: skip
"""The columns of a score-card to the right of the estimates, in this order; more may follow."""
KEPT = (
    "country", "year", "unit", "wave_1", "wave_2", "dose", "first", "second", "count_1", "n_1", "count_2",
    "n_2", "rank", "rank_low", "rank_high", "low", "high", "missing", "left_out", "design", "estimand",
    "maryland",
)  # fmt: skip
"""What else is kept of an estimate: what its words need, and what tells whether it may be shown."""
TEXTS = (
    *(name for name in RIGHT if name != "level"), "country", "unit", "first", "second", "wave_1", "wave_2",
    "dose", "design", "estimand",
)  # fmt: skip


def scorecard(
    study: Any,
    data: Any,
    *,
    findings: Mapping[str, Finding] | None = None,
    level: float = 0.95,
    programmes: Sequence[str] = (),
) -> pd.DataFrame:
    """Every published finding held against the data.

    Nothing is hidden here: pass the result through `kij_analysis.disclosure.suppress` and then `settled`
    before it is shown; tables do the latter themselves.

    Parameters
    ----------
    study
        The study, for its findings, printed record, official figures and scenarios.
    data
        Its harmonised data, or an `Evidence`.
    findings
        Which findings; all of the study if left out.
    level
        The confidence of each one-sided bound; the intervals shown have the level ``2 * level - 1``.
    programmes
        Only these programmes; all that a finding speaks of if empty.

    Returns
    -------
    DataFrame
        Estimates. For each finding a row for each `part` (a programme, a country, a payer, a printed number),
        then one with the programme *all* and the note *by_programme* or *not_testable*, which has no number.
        To the right `finding`, `topic`, `verdict` (a key of `VERDICTS`), `would_say` (what the rule gave),
        `rule` (a key of `KINDS`), `needed` (keys of `NEEDED`, joined by ``|``), `source`, `printed` (ids of
        the record that stand beside), and `strict`: what the rule gives at the confidence at which all parts
        hold together (Bonferroni), which decides whether a finding is contradicted over all.

    Raises
    ------
    UsageError
        If the level is none.
    StudyError
        As `load` does.

    Examples
    --------
    >>> from kij_analysis import harmonise, open_study
    >>> from kij_analysis.template import template_folder
    >>> study = open_study(template_folder())
    >>> some = {code: one for code, one in load(study).items() if code == "work_or_education"}
    >>> scorecard(study, harmonise(study), findings=some)[["programme", "verdict"]].values.tolist()
    [['kvinfo', 'test_runs'], ['fika', 'test_runs'], ['sajo', 'test_runs'], ['all', 'test_runs']]
    """
    check_level(level)
    against = data if isinstance(data, Evidence) else evidence(study, data)
    chosen = load(study) if findings is None else findings
    parts = [_rows_of(one, against, level, programmes) for one in chosen.values()]
    return _card([part for part in parts if len(part)], level)


def held(
    finding: Finding, evidence: Evidence, *, level: float = 0.95, programmes: Sequence[str] = ()
) -> pd.DataFrame:
    """One finding held against the data, part by part; empty if it speaks of other programmes only.

    Parameters
    ----------
    finding, evidence, level, programmes
        As in `scorecard`.

    Returns
    -------
    DataFrame
        As `scorecard`, with the row over all last.

    Examples
    --------
    >>> from kij_analysis.findings.finding import Test
    >>> mentees = pd.DataFrame({"programme": "fika", "role": "mentee", "wave": "end", "gender": "woman",
    ...     "network_high": pd.array([True] * 18 + [False] * 2), "data_status": "observed"})
    >>> one = Finding(id="a", topic="outcomes", about="mentees", sentence={}, source=(), said_of=("fika",),
    ...     test=Test(kind="share_at_least", options={"variable": "network_high", "share": 0.5}, basis=""),
    ...     beside={})
    >>> held(one, Evidence(answers=mentees))["verdict"].tolist()
    ['borne_out', 'borne_out']
    """
    return _card([_rows_of(finding, evidence, level, programmes)], level)


def _rows_of(finding: Finding, evidence: Evidence, level: float, programmes: Sequence[str]) -> pd.DataFrame:
    """The rows of a finding, that over all last and without a verdict; none if about other programmes."""
    said_of = tuple(code for code in finding.said_of if not programmes or code in programmes)
    if finding.said_of and not said_of:
        return pd.DataFrame()
    own = replace(finding, said_of=said_of)
    rows = _parts(own, evidence, level)
    if len(rows):
        rows = rows.assign(strict=_strict(own, evidence, level, list(rows["would_say"])))
    rows = pd.concat([rows, pd.DataFrame([_over_all(own, rows)])], ignore_index=True)
    return rows.assign(finding=own.id, topic=own.topic, rule=own.test.kind, source=" ".join(own.source))


def _card(parts: Sequence[pd.DataFrame], level: float) -> pd.DataFrame:
    """The rows of all findings as one score-card, settled."""
    kept = [part for part in parts if len(part)]
    rows = pd.concat(kept, ignore_index=True) if kept else pd.DataFrame(columns=[*RIGHT])
    rows["level"] = rows["level"].fillna(2 * level - 1) if "level" in rows.columns else 2 * level - 1
    for name in TEXTS:
        given = rows[name] if name in rows.columns else pd.Series("", index=rows.index)
        rows[name] = given.astype("object").fillna("").astype("str")
    rows = rows.reindex(columns=[*estimates.COLUMNS, *RIGHT, *KEPT])
    return settled(estimates.make(rows))


def _strict(finding: Finding, evidence: Evidence, level: float, says: list[str]) -> list[str]:
    """What the rule gives of each part at the confidence at which all hold together.

    Wider intervals contradict nothing that narrower ones do not; where nothing is contradicted there is
    nothing to reckon again.
    """
    if len(says) < 2 or "contradicted" not in says:
        return says
    return list(_parts(finding, evidence, 1 - (1 - level) / len(says))["would_say"])


def _parts(finding: Finding, evidence: Evidence, level: float) -> pd.DataFrame:
    """The estimates of a finding with what the rule says of each."""
    kind = finding.test.kind
    if kind == "not_testable":
        return pd.DataFrame()
    if KINDS[kind].answers:
        rows = _whole(finding, from_answers(finding, evidence, level), evidence)
    else:
        rows = from_print(finding, evidence, level)
    if "part" not in rows.columns:
        rows = rows.assign(part=rows["programme"])
    says = [decided(kind, finding.test.options, row) for row in rows.to_dict("records")]
    verdicts = [verdict_of(say, status) for (say, _), status in zip(says, rows["data_status"], strict=True)]
    printed = [_printed(finding, evidence, str(row)) for row in rows["programme"]]
    return rows.assign(
        would_say=[say for say, _ in says],
        needed=[lack for _, lack in says],
        verdict=verdicts,
        printed=printed,
    ).drop(columns="lacks", errors="ignore")


def _whole(finding: Finding, found: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """A row for each programme that the finding speaks of, in its order; a comparison has one row."""
    options = finding.test.options
    if options.get("between") == "programme":
        part = f"{options['first']}-{options['second']}"
        rows = found if len(found) else pd.DataFrame([_without("", options, evidence)])
        return estimates.make(rows).assign(part=part)
    rows = []
    for programme in finding.said_of:
        own = found[found["programme"] == programme]
        # Several rows would be several estimates of one thing; each test asks for one.
        rows.append(own.iloc[0].to_dict() if len(own) else _without(programme, options, evidence))
    return estimates.make(pd.DataFrame(rows))


def _without(programme: str, options: Mapping[str, Any], evidence: Evidence) -> dict[str, Any]:
    """The row of a programme that has nothing to test the finding with."""
    variable = options.get("variable", options.get("outcome", ""))
    row = {"programme": programme, "variable": variable, "measure": "share", "estimate": np.nan, "n": 0}
    return row | {"method": "none", "data_status": evidence.data_status, "note": "no_answers"}


def _over_all(finding: Finding, rows: pd.DataFrame) -> dict[str, Any]:
    """The row over all, which has no number; `settled` fills in its verdict."""
    statuses = sorted(set(rows["data_status"])) if len(rows) else ["published"]
    declared = finding.test.kind == "not_testable"
    return {
        "programme": ALL,
        "variable": "",
        "measure": "share",
        "estimate": np.nan,
        "method": "none",
        "data_status": statuses[0],
        "note": "not_testable" if declared else "by_programme",
        "needed": "|".join(finding.needed),
        "verdict": "not_testable" if declared else "",
        "would_say": "not_testable" if declared else "",
    }


def _printed(finding: Finding, evidence: Evidence, programme: str) -> str:
    """The printed numbers that stand beside: those that the user has entered, then the newest others."""
    record = evidence.record
    if record is None or not finding.beside:
        return ""
    own = record[(record["programme"] == programme) & (record["unit"] == "per_cent")]
    own = own[~own["outcome_type"].isin(["plan", "target"])]
    named = own["id"].isin(finding.beside.get("records", ()))
    same = own["indicator"] == finding.beside.get("indicator", "")
    entered = own["id"].isin(evidence.own)
    chosen = own[named | same].assign(entered=entered)
    chosen = chosen.sort_values(["entered", "year_to"], ascending=False, kind="stable")
    return "|".join(chosen["id"].head(MOST + int(entered.sum())))


MOST = 2
"""How many printed numbers stand beside one computed number, besides those that the user has entered."""
