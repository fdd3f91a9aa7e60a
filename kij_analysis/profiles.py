"""Disclosure profiles: how few persons are too few to be shown, as one named set of rules."""

from __future__ import annotations

from dataclasses import dataclass

from kij_analysis.errors import UsageError, one_of


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The rules by which small numbers stay inside; the data owner has to confirm one.

    Parameters
    ----------
    name
        How the study file calls it.
    smallest_cell
        The smallest number of persons that is shown, of those who gave an answer and of those who did not.
        It also says how exactly a hidden number may be told: never more exactly than to this many
        possible values.
    smallest_base
        The fewest persons whose mean, median, quantile or coefficient is shown: twice the smallest cell,
        because a share of fewer is never shown either.
    smallest_df
        The fewest residual degrees of freedom of a model that is shown.
    differencing
        Whether differences to tables of the last release, and between bases of this one, are looked at.

    Examples
    --------
    >>> Profile(name="own", smallest_cell=8, smallest_base=16, smallest_df=10).rounding_base
    8
    """

    name: str
    smallest_cell: int
    smallest_base: int
    smallest_df: int
    differencing: bool = True

    def __post_init__(self) -> None:
        """Refuse rules that protect nobody."""
        if self.smallest_cell < 3 or self.smallest_base < self.smallest_cell:
            raise UsageError(
                f"The profile '{self.name}' protects nobody: it shows {self.smallest_cell} persons, and "
                f"means of {self.smallest_base}.",
                fix="Use a smallest cell of 3 or more, and a smallest base that is not below it.",
            )

    @property
    def rounding_base(self) -> int:
        """Numbers that are rounded instead of hidden are multiples of this: of the smallest cell."""
        return self.smallest_cell

    @property
    def zeros(self) -> str:
        """What becomes of shares of 0 and of 100 per cent: they tell what everybody answered."""
        return "hidden"


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(name="n3", smallest_cell=3, smallest_base=6, smallest_df=5),
        Profile(name="n5", smallest_cell=5, smallest_base=10, smallest_df=10),
        Profile(name="n10", smallest_cell=10, smallest_base=20, smallest_df=10),
    )
}
"""The profiles that a study may name. The numbers are common ones, confirmed with no statistical office."""

UNCONFIRMED = (
    "The data owner has not confirmed the disclosure profile '{name}'. Its numbers are common ones that no "
    "statistical office has confirmed: write confirmed_by: and on: under disclosure: in the study file once "
    "the owner of the data has."
)


@dataclass(frozen=True, kw_only=True)
class Confirmation:
    """Who confirmed the profile of a study, when and on what ground."""

    by: str
    on: str = ""
    because: str = ""


def profile(name: str) -> Profile:
    """The profile of a name.

    Raises
    ------
    UsageError
        If there is no such profile, with those that there are.

    Examples
    --------
    >>> profile("n5").smallest_cell
    5
    """
    one_of(name, PROFILES, name="The disclosure profile")
    return PROFILES[name]
