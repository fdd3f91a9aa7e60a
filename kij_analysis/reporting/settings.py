"""Settings of a report that its notebooks take as parameters."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from kij_analysis.errors import UsageError, one_of
from kij_analysis.profiles import profile
from kij_analysis.study import Study

WEIGHTINGS = ("none", "margins")
"""How the answers of a chapter can be weighted."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How sure intervals are, how answers are weighted, and which disclosure profile protects them.

    Parameters
    ----------
    level
        The confidence level of intervals.
    weighting
        ``"none"``, or ``"margins"``: shares are weighted to the known numbers of participants.
    profile
        The disclosure profile, such as ``"n10"``; the study's own if empty.

    Raises
    ------
    UsageError
        If the weighting or profile is not known, or the level is not between 0.5 and 1.

    Examples
    --------
    >>> Settings(level=0.9).changed
    {'level': 0.9}
    """

    level: float = 0.95
    weighting: str = "none"
    profile: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.level, (str, bool)) or not 0.5 <= self.level < 1:
            raise UsageError(f"The confidence level is {self.level!r}.", fix="Give a share such as 0.95.")
        one_of(self.weighting, WEIGHTINGS, name="The weighting")
        if self.profile:
            profile(self.profile)

    @property
    def changed(self) -> dict[str, Any]:
        """What differs from how a report is made without a word; notebooks are given these only."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}

    def of(self, study: Study) -> Study:
        """The study with the profile that was asked for; who confirmed another has not confirmed this one."""
        if not self.profile or self.profile == study.profile.name:
            return study
        return replace(study, profile=profile(self.profile), confirmed=None)

    def told(self, study: Study) -> dict[str, Any]:
        """All settings, for the manifest: the profile that the report was made with by its name."""
        return asdict(self) | {"profile": self.profile or study.profile.name}


AS_SHIPPED = Settings()
"""How a report is made without a word."""
