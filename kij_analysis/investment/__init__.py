"""Who pays and who saves: the account of a programme by payer and month, and payment by results."""

from kij_analysis.investment.payers import payers

__all__ = ["payers"]
