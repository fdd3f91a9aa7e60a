"""What we want to know, and how each questionnaire maps to it: the codebook and the crosswalks."""

from kij_analysis.codebook.crosswalk_files import load_crosswalk
from kij_analysis.codebook.crosswalks import Crosswalk, Rule
from kij_analysis.codebook.instruments import FileForm, Instrument
from kij_analysis.codebook.load import load_codebook
from kij_analysis.codebook.naming import known_programme
from kij_analysis.codebook.outcomes import needs_outcomes
from kij_analysis.codebook.profiles import profiles
from kij_analysis.codebook.programmes import Programme
from kij_analysis.codebook.sheets import convert_crosswalk
from kij_analysis.codebook.variables import Barrier, Category, Codebook, Column, Scale, Variable
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
    "convert_crosswalk",
    "known_programme",
    "load_codebook",
    "load_crosswalk",
    "needs_outcomes",
    "profiles",
    "schema",
]
