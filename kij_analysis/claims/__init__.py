"""What a result may be said to show: its design, its level, and the sentence that may be printed."""

from kij_analysis.claims.declaring import (
    CLAIM_COLUMNS,
    check_claims,
    declare,
    gathered,
    level_of,
    weakest,
)
from kij_analysis.claims.designs import (
    ASSUMPTIONS,
    CAUSAL_ESTIMANDS,
    CAUSAL_FROM,
    DESIGNS,
    ESTIMANDS,
    WOULD_RAISE,
    StudyDesign,
)
from kij_analysis.claims.saying import check_text, claim, explained, spoken_amount

__all__ = [
    "ASSUMPTIONS", "CAUSAL_ESTIMANDS", "CAUSAL_FROM", "CLAIM_COLUMNS", "DESIGNS", "ESTIMANDS", "WOULD_RAISE",
    "StudyDesign", "check_claims", "check_text", "claim", "declare", "explained", "gathered", "level_of",
    "spoken_amount", "weakest",
]  # fmt: skip
