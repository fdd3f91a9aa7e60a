"""Regression models for small programmes: coefficients, adjusted shares, errors for few clusters."""

from kij_analysis.survey.models.marginal import marginal

__all__ = ["marginal"]
