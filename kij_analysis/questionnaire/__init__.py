"""The core questionnaire: forms in five languages, and the crosswalk that reads what they bring home."""

from kij_analysis.questionnaire.crosswalks import crosswalk
from kij_analysis.questionnaire.documents import docx
from kij_analysis.questionnaire.exports import blank_export, codes
from kij_analysis.questionnaire.forms import Block, Choice, Form, Item, Part, form
from kij_analysis.questionnaire.pages import html
from kij_analysis.questionnaire.questions import Option, Question, Questionnaire, Section
from kij_analysis.questionnaire.reading import load_questionnaire
from kij_analysis.questionnaire.writing import write

__all__ = [
    "Block",
    "Choice",
    "Form",
    "Item",
    "Option",
    "Part",
    "Question",
    "Questionnaire",
    "Section",
    "blank_export",
    "codes",
    "crosswalk",
    "docx",
    "form",
    "html",
    "load_questionnaire",
    "write",
]
