"""The texts that the figures of an account share: money, perspective, gross or net, scenario."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.words import Words

THOUSAND = 1000

LOOKS: Mapping[str, tuple[str, str]] = {
    "municipality": ("#0B2E66", "o"),
    "investor": ("#C2470C", "s"),
    "state": ("#1A9C8E", "D"),
    "participant": ("#7A3E9D", "v"),
    "employer": ("#7A5C00", "P"),
    "region": ("#4F6D2F", "<"),
    "public": ("#5F5F5F", "^"),
    "society": ("#222222", "X"),
}
"""Colour and marker of each payer, told apart in grey and with any colour vision."""


def one_money(estimates: pd.DataFrame) -> None:
    """Refuse an empty frame, and amounts of several currencies or price years in one picture.

    Raises
    ------
    UsageError
        If the frame is empty, is no account, or mixes money.
    """
    needed = {"currency", "price_year", "basis"}
    if estimates.empty or not needed <= set(estimates.columns):
        raise UsageError("There is no account to draw.", fix="Use kij.investment.")
    if len(estimates[["currency", "price_year", "basis"]].drop_duplicates()) > 1:
        fix = "Draw each account by itself."
        raise UsageError("The amounts are in several currencies, price years or bases.", fix=fix)


def about(estimates: pd.DataFrame, say: Words, seen: str) -> dict[str, str]:
    """What every subtitle says: the unit; currency, price year, perspective, gross or net."""
    first = estimates.iloc[0]
    money = say("account.head.money", currency=first["currency"], year=first["price_year"])
    basis = say(f"account.basis.{first['basis']}")
    unit = say("account.figure.unit", thousand=say.number(THOUSAND), currency=first["currency"])
    return {"unit": unit, "about": say("account.head.about", money=money, seen=seen, basis=basis)}


def texts_of(estimates: pd.DataFrame, say: Words, *, title: str, subtitle: str) -> dict[str, str]:
    """Title, subtitle, footer and mark; a gross account says so in its title."""
    first, shown = estimates.iloc[0], say.sentence(title)
    methods = dict.fromkeys(method for method in estimates["method"] if method != "none")
    return {
        "title": say("account.figure.gross", title=shown) if first["basis"] == "gross" else shown,
        "subtitle": subtitle,
        "footer": say(
            "figure.footer",
            source=say("account.figure.source", title=say.told(first["title"])),
            base=say("account.figure.base"),
            method=" ".join(say(f"method.{method}") for method in methods),
        ),
        "mark": say.mark(estimates["data_status"]),
    }


def seen_by(payer: str, say: Words) -> str:
    """The perspective in words."""
    return say("account.head.seen", payer=say(f"account.payer.{payer}"))


def thousands(amount: float, say: Words) -> str:
    """An amount in thousands."""
    return say.number(round(amount / THOUSAND) + 0.0)


def spoken(name: str, value: float, say: Words) -> str:
    """The value of a number: a share as a percentage, an amount or a count as it is."""
    shares = (
        "gross",
        "effect",
        "without",
        "attrition",
        "displacement",
        "drop_off",
        "attribution",
        "qualifying",
    )
    if name in shares or name.startswith("retention_") or name == "discount_rate":
        return say.share(value, digits=0 if abs(100 * value - round(100 * value)) < 0.05 else 1)
    return say.number(value, digits=0 if abs(value) >= 10 or float(value).is_integer() else 1)


def marks(low: float, high: float) -> list[float]:
    """Three to six round marks between two amounts, and the ends that hold them.

    Examples
    --------
    >>> marks(-130_000, 420_000)
    [-200000.0, 0.0, 200000.0, 400000.0, 600000.0]
    """
    wide = max(high - low, 1.0)
    power = 10 ** math.floor(math.log10(wide / 4))
    step = next(power * s for s in (1, 2, 2.5, 5, 10, 20) if wide / (power * s) <= 4.5)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [step * place + 0.0 for place in range(first, last + 1)]


def number_name(name: str, say: Words) -> str:
    """The name of a number of an account."""
    if name.startswith("retention_"):
        return say("account.named.retention", months=name.removeprefix("retention_"))
    key = f"account.number.{name}"
    return say(key) if say.has(key) else name.removeprefix("flow_")


def drawn(labels: Sequence[str], numbers: Sequence[str], frame: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The rows with the label and the number that are drawn, and the title in the page's language."""
    rows = frame.reset_index(drop=True).assign(label=list(labels), number=list(numbers), interval="")
    return rows.assign(title=[say.told(str(title)) for title in rows["title"]])
