"""What we want to know, and how each questionnaire maps to it: the codebook and the crosswalks."""

from kij_analysis.codebook.crosswalk_files import load_crosswalk
from kij_analysis.codebook.crosswalks import Crosswalk, Rule
from kij_analysis.codebook.instruments import FileForm, Instrument
from kij_analysis.codebook.load import load_codebook
from kij_analysis.codebook.variables import Barrier, Category, Codebook, Column, Programme, Scale, Variable
from kij_analysis.codebook.yaml_files import schema

__all__ = [
    "Barrier",
    "Category",
    "Codebook",
    "Column",
    "Crosswalk",
    "FileForm",
    "Instrument",
    "Programme",
    "Rule",
    "Scale",
    "Variable",
    "load_codebook",
    "load_crosswalk",
    "schema",
]
