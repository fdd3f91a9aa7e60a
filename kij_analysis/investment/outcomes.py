"""What becomes of the participants, and what would have become of them without the programme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from kij_analysis.errors import Problem, UsageError, one_of
from kij_analysis.investment.quantities import Quantity

COUNTERFACTUALS = ("comparison_group", "benchmark", "printed", "none")
"""Where the share that would be in work anyway comes from; with ``none`` everything is gross."""
BASES = ("starters", "completers")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of a programme: gross, without the programme, net, and how it lasts.

    Parameters
    ----------
    gross
        The share in work when the jobs begin, of the `base`.
    base
        ``starters`` counts everybody who began, so that those who left count as not in work; ``completers``
        counts those who stayed, and `attrition` brings it to starters.
    counterfactual
        ``comparison_group``: `effect` is a difference to a comparison group, and nothing more is
        subtracted; ``benchmark`` or ``printed``: `without` is the share that would be in work anyway;
        ``none``: nothing is known, and every title says *gross*.
    effect
        The share of the base that is in work beyond the comparison group.
    without
        The share of the base that would be in work anyway.
    job_month
        The month of the account in which the jobs begin; month 1 is the first of the course.
    retention
        Share of the jobs that still last after so many months, such as ``{6: …, 12: …}``: falling in equal
        steps to each point, and after the last one by the same share each month as since the point before
        it.
    attrition
        Share of the starters who leave before the end.
    displacement
        Share of the additional jobs that somebody else loses.
    drop_off
        Share by which the net difference shrinks each year, because the others catch up.
    attribution
        Share of the net difference that is owed to this programme and not to others beside it; all if left
        out.
    qualifying
        Share of the jobs that have the hours, and the freedom from benefit, that a contract asks for.

    Raises
    ------
    UsageError
        All that does not fit together, at once; a counterfactual that would be subtracted twice among it.

    Examples
    --------
    >>> no = Quantity(value=0, source="assumed away")
    >>> gross = Quantity(value=0.4, source="end survey")
    >>> one = Outcome(gross=gross, counterfactual="benchmark",
    ...               without=Quantity(value=0.25, source="benchmark"), job_month=6, attrition=no,
    ...               displacement=no, drop_off=no, retention={12: Quantity(value=0.7, source="follow-up")})
    >>> one.basis
    'net'
    """

    counterfactual: str
    job_month: int
    displacement: Quantity
    drop_off: Quantity
    attrition: Quantity
    retention: Mapping[int, Quantity] = field(default_factory=lambda: MappingProxyType({}))
    base: str = "starters"
    gross: Quantity | None = None
    effect: Quantity | None = None
    without: Quantity | None = None
    attribution: Quantity | None = None
    qualifying: Quantity | None = None

    def __post_init__(self) -> None:
        one_of(self.counterfactual, COUNTERFACTUALS, name="The counterfactual")
        one_of(self.base, BASES, name="The base of the outcome")
        problems = [*self._counterfactual(), *self._ranges()]
        if problems:
            raise UsageError(problems)

    @property
    def basis(self) -> str:
        """``gross`` where nothing is known of what would have been, else ``net``."""
        return "gross" if self.counterfactual == "none" else "net"

    @property
    def quantities(self) -> dict[str, Quantity]:
        """Every number by name; points of retention as ``retention_<months>``."""
        names = (
            "gross",
            "effect",
            "without",
            "attrition",
            "displacement",
            "drop_off",
            "attribution",
            "qualifying",
        )
        found = {name: one for name in names if (one := getattr(self, name)) is not None}
        return found | {f"retention_{months}": one for months, one in sorted(self.retention.items())}

    def _counterfactual(self) -> Iterator[Problem]:
        kind = self.counterfactual
        if kind == "comparison_group" and self.without is not None:
            yield Problem(
                what="The effect comes from a comparison group, and a share without the programme stands "
                "beside it: the same thing would be subtracted twice.",
                fix="Remove without:; or write counterfactual: benchmark, with gross: and without: only.",
            )
        if kind == "comparison_group" and self.effect is None:
            yield Problem(
                what="The counterfactual is a comparison group, and there is no effect:.",
                fix="Give the difference to the group as effect:, with its imprecision.",
            )
        if kind != "comparison_group" and self.effect is not None:
            yield Problem(
                what=f"There is an effect:, and the counterfactual is '{kind}'.",
                fix="Write counterfactual: comparison_group, or give gross: and without: instead.",
            )
        if kind in ("benchmark", "printed") and self.without is None:
            yield Problem(
                what=f"The counterfactual is '{kind}', and without: is missing.",
                fix="Give the share that would be in work anyway, or write counterfactual: none.",
            )
        if kind == "none" and self.without is not None:
            yield Problem(
                what="The counterfactual is 'none', and without: is given.",
                fix="Write counterfactual: benchmark or printed.",
            )
        if kind != "comparison_group" and self.gross is None:
            yield Problem(what="There is no gross:.", fix="Give the share of the participants in work.")

    def _ranges(self) -> Iterator[Problem]:
        for name, one in self.quantities.items():
            low = -1 if name == "effect" else 0
            if not low <= one.value <= 1:
                fix = f"Shares are fractions of 1: {one.value / 100:g} for {one.value:g} per cent."
                yield Problem(what=f"{name} is {one.value:g}, outside {low} to 1.", fix=fix)
        if self.job_month < 1:
            yield Problem(what=f"job_month is {self.job_month}.", fix="The first month of the account is 1.")
        if any(months < 1 for months in self.retention):
            yield Problem(
                what="retention has a point before month 1.", fix="Name the months since the job began."
            )
        levels = [one.value for _, one in sorted(self.retention.items())]
        if levels != sorted(levels, reverse=True):
            fix = "Of those who began, more cannot be left later; take the shares of one and the same group."
            yield Problem(what="retention rises from one point to the next.", fix=fix)


def needed_among_completers(target: float, attrition: float) -> float:
    """The share of completers that must reach an outcome for the target among all who began.

    Examples
    --------
    >>> needed_among_completers(0.5, 0.2)
    0.625
    """
    if not 0 <= attrition < 1:
        raise UsageError(f"The attrition is {attrition:g}.", fix="It is a share from 0 to below 1.")
    return target / (1 - attrition)


def effect_on_treated(effect: float, take_up: float) -> float:
    """The effect among those who came, from that among all who were drawn and the share who came.

    It takes for granted that the draw changes nothing for those who did not come, and that nobody of the
    comparison group came.

    Examples
    --------
    >>> round(effect_on_treated(0.05, 2217 / 2636), 3)
    0.059
    """
    if not 0 < take_up <= 1:
        raise UsageError(f"The take-up is {take_up:g}.", fix="It is a share above 0, up to 1.")
    return effect / take_up
