"""How much an answer depends on those who did not answer: weights, imputation and bounds.

Import from `kij_analysis.survey`; the modules of this package import each other, and `survey.design` imports
`calibration`, so nothing is imported here.
"""
