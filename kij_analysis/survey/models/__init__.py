"""Regression models for small programmes: coefficients, adjusted shares, errors for few clusters."""

from kij_analysis.survey.models.marginal import marginal
from kij_analysis.survey.models.regression import regression

__all__ = ["marginal", "regression"]
