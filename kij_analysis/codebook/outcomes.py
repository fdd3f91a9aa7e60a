"""What needs outcomes is refused where there are none."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kij_analysis.codebook.naming import known_programme
from kij_analysis.codebook.profiles import profiles
from kij_analysis.codebook.programmes import Programme
from kij_analysis.codebook.variables import Codebook
from kij_analysis.errors import Problem, UsageError
from kij_analysis.words.facts import spoken_facts
from kij_analysis.words.speaking import Words


def needs_outcomes(codebook: Codebook, programmes: Sequence[str], *, at_hand: Collection[str] = ()) -> None:
    """Refuse an analysis of outcomes for programmes that have none.

    Outcomes come from answers that the study has, or from print. A programme that prints only what it
    does, such as meetings held, cannot be analysed by what became of its participants; nor can a project
    that has no participants. A programme that nobody has described passes.

    Parameters
    ----------
    programmes
        Those that the analysis is asked for.
    at_hand
        The programmes of which the study itself has answers: these are never refused.

    Raises
    ------
    UsageError
        With one sentence for each programme that is refused: what is published of it, and what to do.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> book = load_codebook(template_folder() / "codebook")
    >>> needs_outcomes(book, ["kvinfo", "fika"], at_hand=["fika"])
    >>> needs_outcomes(book, ["sajo"])
    Traceback (most recent call last):
    ...
    kij_analysis.errors.UsageError: SAJO (sajo) has published no results, and the study has no answers of
    its participants, so nothing can be said about what became of them. Leave it out, or add ...
    """
    asked = [known_programme(codebook, code) for code in dict.fromkeys(programmes) if code not in at_hand]
    problems = [
        Problem(what=f"{one.short} ({one.id}) {_why(one, codebook)}", fix=_way_out(one))
        for one in asked
        if one.kind == "project" or one.evidence in ("outputs_only", "none_published")
    ]
    if problems:
        raise UsageError(problems)


def _why(programme: Programme, codebook: Codebook) -> str:
    if programme.kind == "project":
        return "is a project about programmes and has no participants of its own."
    end = (
        "and the study has no answers of its participants, so nothing can be said about what became of them."
    )
    if programme.evidence == "none_published":
        return f"has published no results, {end}"
    return f"has published outputs only – {'; '.join(_outputs(programme, codebook))} – and no outcomes, {end}"


def _outputs(programme: Programme, codebook: Codebook) -> list[str]:
    """What the programme has printed about what it did, in English."""
    frame = profiles(codebook, [programme.id])
    numbers = frame[(frame["cell"] == "evidence") & frame["value"].notna()]
    return spoken_facts(numbers, Words("en", codebook))


def _way_out(programme: Programme) -> str:
    if programme.kind == "project":
        return "Ask for the programmes themselves."
    return (
        "Leave it out, or add a survey of its participants to the study; its profile can be shown as it is."
    )
