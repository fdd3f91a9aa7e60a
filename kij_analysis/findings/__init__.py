"""Published findings held against the data: which are borne out, contradicted, open, or not testable."""

from kij_analysis.findings.deciding import decided
from kij_analysis.findings.evidence import Evidence, evidence
from kij_analysis.findings.finding import Finding, Test
from kij_analysis.findings.joining import joined
from kij_analysis.findings.kinds import ABOUT, KINDS, NEEDED, TOPICS, VERDICTS, Kind
from kij_analysis.findings.overall import over_all, settled, verdict_of
from kij_analysis.findings.reading import load
from kij_analysis.findings.scorecard import held, scorecard
from kij_analysis.findings.speaking import told_number, told_rule

__all__ = [
    "ABOUT", "KINDS", "NEEDED", "TOPICS", "VERDICTS", "Evidence", "Finding", "Kind", "Test", "decided",
    "evidence", "held", "joined", "load", "over_all", "scorecard", "settled", "told_number", "told_rule",
    "verdict_of",
]  # fmt: skip
