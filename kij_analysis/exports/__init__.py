"""Harmonised frames as files of other programs, and the codebook that goes with them."""

from kij_analysis.exports.frames import FORMATS, load, save

__all__ = ["FORMATS", "load", "save"]
