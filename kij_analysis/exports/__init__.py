"""Harmonised frames as files of other programs, and the codebook that goes with them."""

from kij_analysis.exports.codebooks import StudyCodebook, study_codebook
from kij_analysis.exports.frames import FORMATS, load, save
from kij_analysis.exports.writing import CODEBOOK_FORMATS, write_codebook

__all__ = [
    "CODEBOOK_FORMATS",
    "FORMATS",
    "StudyCodebook",
    "load",
    "save",
    "study_codebook",
    "write_codebook",
]
