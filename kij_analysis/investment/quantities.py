"""A number that an account rests on: with its source, its currency and price year, and how unsure it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kij_analysis.errors import UsageError, one_of
from kij_analysis.study import DATA_STATUSES
from kij_analysis.words.told import spoken

if TYPE_CHECKING:
    import numpy as np

DISTRIBUTIONS = ("fixed", "normal", "beta", "triangular", "uniform", "lognormal")
"""How a quantity is drawn; each needs its own numbers (`NEEDS`)."""
NEEDS: Mapping[str, str] = {
    "normal": "std_error:",
    "beta": "n: (how many persons the share was counted among) or std_error:",
    "triangular": "low: and high:",
    "uniform": "low: and high:",
    "lognormal": "low: and high: (95 per cent of the draws lie between them)",
}
Z = 1.959963984540054
"""The standard normal quantile of 97.5 per cent."""


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number with its source.

    Parameters
    ----------
    value
        The number itself; shares are fractions of 1.
    source
        Where it comes from, in words; never empty, since nothing enters an account without a source.
    data_status
        ``assumed`` for what a user supplies; ``published``, ``observed`` or ``synthetic`` for what was
        printed or estimated.
    currency, price_year
        Of an amount; those of the account if left out.
    low, high
        What it may be at least and at most: the ends of a one-way sensitivity.
    distribution
        One of `DISTRIBUTIONS`; ``fixed`` is not drawn. ``beta`` draws a share from the count behind it
        (Jeffreys prior), ``lognormal`` has `value` as its median.
    std_error, n
        What the distribution needs.
    label
        A word that is printed beside it, such as *provider's estimate*.

    Raises
    ------
    UsageError
        If the source is missing, or if the distribution lacks what it needs.

    Examples
    --------
    >>> Quantity(value=0.4, source="end survey", n=60, distribution="beta").span()
    (0.28..., 0.52...)
    """

    value: float
    source: str
    data_status: str = "assumed"
    currency: str = ""
    price_year: int | None = None
    low: float | None = None
    high: float | None = None
    distribution: str = "fixed"
    std_error: float | None = None
    n: float | None = None
    label: str = ""

    def __post_init__(self) -> None:
        one_of(self.distribution, DISTRIBUTIONS, name="The distribution")
        one_of(self.data_status, DATA_STATUSES, name="The data status")
        if not math.isfinite(self.value):
            raise UsageError("A quantity has no value.", fix="Supply it; what is not known is no zero.")
        if not self.source.strip():
            what = f"The quantity {self.value:g} has no source."
            raise UsageError(what, fix='Say where it comes from, such as source: "our own budget 2025".')
        self._check_ends()
        if not self._complete:
            raise UsageError(
                f"A {self.distribution} distribution of {self.value:g} ({self._told}) lacks what it needs.",
                fix=f"Add {NEEDS[self.distribution]}.",
            )

    @property
    def _told(self) -> str:
        """The source in the language of messages."""
        return spoken(self.source, "en")

    def _check_ends(self) -> None:
        low, high = self.low, self.high
        if (low is not None and low > self.value) or (high is not None and high < self.value):
            what = f"The value {self.value:g} ({self._told}) lies outside its own range."
            raise UsageError(what, fix="Let low: be at most, and high: at least, the value.")
        if self.distribution == "lognormal" and (low is not None and low <= 0):
            raise UsageError("A lognormal quantity has a low end of zero or less.", fix="Choose another one.")
        if self.distribution == "beta" and not 0 <= self.value <= 1:
            what = f"A beta distribution belongs to a share, and the value is {self.value:g}."
            fix = f"Shares are fractions of 1: {self.value / 100:g} for {self.value:g} per cent."
            raise UsageError(what, fix=fix)

    @property
    def _complete(self) -> bool:
        ends = self.low is not None and self.high is not None and self.low < self.high
        if self.distribution == "normal":
            return bool(self.std_error and self.std_error > 0)
        if self.distribution == "beta":
            return bool(self.n and self.n > 0) or bool(self.std_error and 0 < self.value < 1)
        return self.distribution == "fixed" or ends

    @property
    def shape(self) -> tuple[float, float]:
        """The two parameters of a beta distribution."""
        if self.n:
            return self.value * self.n + 0.5, (1 - self.value) * self.n + 0.5
        spread = self.value * (1 - self.value) / (self.std_error or 1) ** 2 - 1
        if spread <= 0:
            what = f"The standard error {self.std_error:g} is too large for a share of {self.value:g}."
            raise UsageError(what, fix="Give n: instead, or another distribution.")
        return self.value * spread, (1 - self.value) * spread

    def draw(self, random: np.random.Generator, size: int) -> np.ndarray:
        """Draws of the quantity, all alike if it is fixed."""
        import numpy as np

        low, high = self.low or 0.0, self.high or 0.0
        if self.distribution == "normal":
            return random.normal(self.value, self.std_error or 0.0, size)
        if self.distribution == "beta":
            return random.beta(*self.shape, size)
        if self.distribution == "triangular":
            return random.triangular(low, self.value, high, size)
        if self.distribution == "uniform":
            return random.uniform(low, high, size)
        if self.distribution == "lognormal":
            return self.value * np.exp(random.normal(0.0, math.log(high / low) / (2 * Z), size))
        return np.full(size, float(self.value))

    def span(self) -> tuple[float, float] | None:
        """The ends of a one-way sensitivity: low and high, else where 95 per cent lie, else None."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        if self.distribution == "normal":
            return self.value - Z * (self.std_error or 0), self.value + Z * (self.std_error or 0)
        if self.distribution == "beta":
            from scipy.stats import beta

            low, high = beta.ppf([0.025, 0.975], *self.shape)
            return min(float(low), self.value), max(float(high), self.value)
        return None


def quantity(row: Mapping[str, Any], *, source: str = "") -> Quantity:
    """A quantity from one row of estimates, with its imprecision and its data status.

    A share with its count is drawn from a beta distribution, any other estimate with a standard error from
    a normal one, and one with an interval only takes its standard error from that.

    Parameters
    ----------
    row
        A row of a frame of estimates, such as ``frame.iloc[0]``.
    source
        In words; put together from programme, variable and method if left out.

    Raises
    ------
    UsageError
        If the row has no estimate: its note says why.

    Examples
    --------
    >>> row = {"programme": "fika", "variable": "employed", "measure": "share", "estimate": 0.4, "count": 16,
    ...        "n": 40, "method": "wilson", "data_status": "synthetic", "note": ""}
    >>> one = quantity(row)
    >>> one.value, one.distribution, one.n, one.data_status
    (0.4, 'beta', 40.0, 'synthetic')
    """
    value, note = _number(row, "estimate"), str(row.get("note", ""))
    name = " ".join(str(row.get(key, "")) for key in ("programme", "variable", "category")).strip()
    if value is None:
        raise UsageError(
            f"There is no estimate of {name} ({note}).", fix="Choose another row, or print a figure."
        )
    told = source or f"{name}, {row.get('method', '')}".strip(", ")
    rest: dict[str, Any] = {
        "value": value,
        "source": told,
        "data_status": str(row.get("data_status", "assumed")),
    }
    n, error = _number(row, "n"), _number(row, "std_error")
    if row.get("measure") == "share" and n and _number(row, "count") is not None:
        return Quantity(**rest, distribution="beta", n=n)
    low, high = _number(row, "conf_low"), _number(row, "conf_high")
    if not error and low is not None and high is not None and high > low:
        error = (high - low) / (2 * Z)
    return Quantity(**rest, distribution="normal", std_error=error) if error else Quantity(**rest)


def _number(row: Mapping[str, Any], key: str) -> float | None:
    value = row.get(key)
    return None if value is None or value != value else float(value)
