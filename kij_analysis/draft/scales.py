"""Which answer scale of the codebook a column's answers are, and in which direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kij_analysis.codebook import Codebook, Scale
from kij_analysis.sources import normalise

ENOUGH = 0.75
"""Share of a column's answers that must be steps of a scale."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """A scale and how much of it was found: which step each answer key is, and the order of the codes.

    `direction` is ``ascending`` or ``descending`` where the codes are numbers, else empty; `fits` whether
    the codes also stand as the scale says.
    """

    id: str
    steps: dict[str, int]
    answers: int
    of: int
    direction: str
    fits: bool

    @property
    def told(self) -> str:
        """How many of the answers are steps of the scale."""
        return (
            f"{len(self.steps)} of {self.answers} answers, {len(set(self.steps.values()))} of {self.of} steps"
        )


def scale_of(answers: Sequence[tuple[str, str]], codebook: Codebook) -> Fit | None:
    """The scale whose labels most of the answers are; None if no scale has them.

    Of scales with the same labels the one of fewer languages is taken.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.template import template_folder
    >>> book = load_codebook(template_folder() / "codebook")
    >>> found = scale_of([("1", "Helt uenig"), ("2", "Uenig"), ("5", "Enig"), ("6", "Helt enig")], book)
    >>> found.id, found.told, found.direction
    ('agreement6_nb', '4 of 4 answers, 4 of 6 steps', 'ascending')
    """
    found = [_fit(answers, scale) for scale in codebook.scales.values()]
    good = [fit for fit in found if fit.answers and len(fit.steps) >= max(3, ENOUGH * fit.answers)]
    few = {scale.id: -len(scale.languages) for scale in codebook.scales.values()}
    return max(
        good,
        key=lambda fit: (len(fit.steps), len(set(fit.steps.values())) / fit.of, fit.fits, few[fit.id]),
        default=None,
    )


def _fit(answers: Sequence[tuple[str, str]], scale: Scale) -> Fit:
    places = {
        normalise(text): place
        for place, category in enumerate(scale.categories)
        for text in category.labels.values()
    }
    steps = {key: places[normalise(text)] for key, text in answers if normalise(text) in places}
    coded = [(int(key), step) for key, step in steps.items() if key.isdigit()]
    direction = ""
    if len(coded) > 1:
        ordered = [step for _, step in sorted(coded)]
        if ordered == sorted(ordered):
            direction = "ascending"
        elif ordered == sorted(ordered, reverse=True):
            direction = "descending"
    codes = {category.code: place for place, category in enumerate(scale.categories) if category.code}
    fits = all(codes.get(key, step) == step for key, step in steps.items())
    return Fit(
        id=scale.id,
        steps=steps,
        answers=len(answers),
        of=len(scale.categories),
        direction=direction,
        fits=fits,
    )
