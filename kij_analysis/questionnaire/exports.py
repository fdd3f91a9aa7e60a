"""What the export of a form must look like: its columns, and the codes of every answer."""

from __future__ import annotations

import pandas as pd

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.questionnaire.forms import Form


def blank_export(form: Form) -> pd.DataFrame:
    """A table with the columns of the export and no rows.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.questionnaire import form
    >>> from kij_analysis.template import template_folder
    >>> study = open_study(template_folder())
    >>> list(blank_export(form(study, role="mentor", wave="end", language="en")).columns[:4])
    ['person_id', 'pair_id', 'date', 'gender']
    """
    return pd.DataFrame(columns=list(form.columns), dtype="str")


def codes(form: Form) -> pd.DataFrame:
    """Every answer of a form with its code: columns column, number, question, code, answer, value, missing.

    Questions that are answered with a number or a date have rows only for answers that are none.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.questionnaire import form
    >>> from kij_analysis.template import template_folder
    >>> table = codes(form(open_study(template_folder()), role="mentor", wave="end", language="en"))
    >>> table[["column", "code", "answer", "value", "missing"]].head(4).values.tolist()
    [['gender', '1', 'Woman', 'woman', ''], ['gender', '2', 'Man', 'man', ''],
     ['gender', '3', 'Other gender', 'other', ''], ['gender', '-4', 'I do not want to answer', '', 'refused']]
    """
    rows = [
        {
            "column": item.name,
            "number": item.number,
            "question": item.text,
            "code": choice.code,
            "answer": choice.text,
            "value": "" if isinstance(choice.result, Missing) else str(choice.result),
            "missing": choice.result.reason if isinstance(choice.result, Missing) else "",
        }
        for item in form.items
        for choice in (*item.choices, *item.beside)
    ]
    return pd.DataFrame(rows)
