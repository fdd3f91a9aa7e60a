"""Forms as one accessible HTML page each, for the screen and for paper."""

from __future__ import annotations

from importlib.resources import files

from kij_analysis.questionnaire.forms import Form


def html(form: Form) -> str:
    """The page of a form: every question a group of labelled fields, with the codes beside the answers.

    Examples
    --------
    >>> from kij_analysis import open_study
    >>> from kij_analysis.questionnaire import form
    >>> from kij_analysis.template import template_folder
    >>> page = html(form(open_study(template_folder()), role="mentor", wave="end", language="sv"))
    >>> '<html lang="sv">' in page
    True
    """
    from jinja2 import Environment

    template = files("kij_analysis.questionnaire").joinpath("templates", "form.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(form=form, word=form.words)
