"""Figures of accounts: who pays and who saves, what matters most, contracts, where it breaks even."""

from kij_analysis.figures.accounts.lines import account_even, account_flows
from kij_analysis.figures.accounts.spans import account_contracts, account_tornado

__all__ = ["account_contracts", "account_even", "account_flows", "account_tornado"]
