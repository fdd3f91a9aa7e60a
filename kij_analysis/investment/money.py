"""One currency and one price year: what is in another needs a stated conversion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kij_analysis.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """What an amount is multiplied by to come from one currency and price year to another, and who says so.

    Examples
    --------
    >>> Conversion(from_currency="DKK", from_year=2024, to_currency="DKK", to_year=2025, factor=1.02,
    ...            source="our own estimate").factor
    1.02
    """

    from_currency: str
    from_year: int
    to_currency: str
    to_year: int
    factor: float
    source: str

    def __post_init__(self) -> None:
        if not self.factor > 0:
            raise UsageError(f"A conversion has the factor {self.factor:g}.", fix="It must be above zero.")
        if not self.source.strip():
            raise UsageError("A conversion has no source.", fix="Say where the factor comes from.")


@dataclass(frozen=True, kw_only=True)
class Money:
    """The currency and price year of an account, and the conversions that lead into it."""

    currency: str
    price_year: int
    conversions: tuple[Conversion, ...] = ()

    def bring(self, value: float, *, currency: str, year: int | None, name: str) -> float:
        """An amount in the currency and prices of the account.

        Raises
        ------
        UsageError
            If it is in another currency or price year and no conversion is stated.

        Examples
        --------
        >>> Money(currency="DKK", price_year=2025).bring(100, currency="EUR", year=2025, name="cost")
        Traceback (most recent call last):
        ...
        kij_analysis.errors.UsageError: cost is in EUR of 2025, the account in DKK of 2025. State a
        conversion: under conversions:, {from: EUR 2025, to: DKK 2025, factor: …, source: …}.
        """
        given = (currency or self.currency, self.price_year if year is None else year)
        if given == (self.currency, self.price_year):
            return value
        factor = _factor(self.conversions, given, (self.currency, self.price_year))
        if factor is None:
            own, other = f"{self.currency} {self.price_year}", f"{given[0]} {given[1]}"
            raise UsageError(
                f"{name} is in {given[0]} of {given[1]}, the account in "
                f"{self.currency} of {self.price_year}.",
                fix=f"State a conversion: under conversions:, {{from: {other}, to: {own}, factor: …, "
                "source: …}.",
            )
        return value * factor


def _factor(
    conversions: Sequence[Conversion], given: tuple[str, int], wanted: tuple[str, int]
) -> float | None:
    """The factor from one to the other, by one conversion or by two in a row."""
    steps = {(c.from_currency, c.from_year, c.to_currency, c.to_year): c.factor for c in conversions}
    if (*given, *wanted) in steps:
        return steps[(*given, *wanted)]
    for conversion in conversions:
        middle = (conversion.to_currency, conversion.to_year)
        if (conversion.from_currency, conversion.from_year) == given and (*middle, *wanted) in steps:
            return conversion.factor * steps[(*middle, *wanted)]
    return None
