"""Rows of present values: what matters most, and contracts side by side."""

from __future__ import annotations

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.accounts.saying import (
    LOOKS,
    about,
    drawn,
    marks,
    number_name,
    one_money,
    seen_by,
    spoken,
    texts_of,
    thousands,
)
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.rows import Row, Scale, draw, height
from kij_analysis.figures.sheet import sheet, text_width
from kij_analysis.figures.style import NEUTRAL, styled
from kij_analysis.words import Words, as_words


def account_tornado(estimates: pd.DataFrame, words: Words | str, *, name: str = "account_tornado") -> Figure:
    """The present value of one payer as each number goes from its low to its high end, the widest first.

    Parameters
    ----------
    estimates
        What `kij_analysis.investment.tornado` returns.

    Raises
    ------
    UsageError
        If there is nothing to draw.

    Examples
    --------
    >>> from kij_analysis.investment import scenario, tornado
    >>> account_tornado(tornado(scenario("two_payment_models").account(), payer="investor"), "en").title[:38]
    'Share in work anyway matters most: fro'
    """
    say = as_words(words)
    one_money(estimates)
    shown = estimates[estimates["estimate"].notna()]
    if shown.empty:
        raise UsageError("No present value can be drawn.", fix="Add the wage, or draw another payer.")
    payer, now = str(shown["group"].iloc[0]), float(shown["now"].iloc[0])
    rows, data = [], []
    for number, own in shown.groupby("category", sort=False):
        ends = own.set_index("end")
        spans = (spoken(str(number), float(ends.at[end, "at"]), say) for end in ("low", "high"))
        low_at, high_at = spans
        label = say(
            "account.figure.tornado.row", number=number_name(str(number), say), low=low_at, high=high_at
        )
        amounts = [float(ends.at[end, "estimate"]) for end in ("low", "high")]
        told = say(
            "account.figure.tornado.span", low=thousands(amounts[0], say), high=thousands(amounts[1], say)
        )
        reach = (min(amounts), max(amounts))
        look = (LOOKS[payer][0], "|")
        rows.append(
            Row(heading="", label=say.sentence(label), number=told, value=now, look=look, reach=reach)
        )
        data.append(own.iloc[[0]])
    first = shown[shown["category"] == shown["category"].iloc[0]]["estimate"]
    around = about(shown, say, seen_by(payer, say))
    texts = texts_of(
        shown, say, subtitle=say("account.figure.tornado.subtitle", **around),
        title=say("account.figure.tornado.title", number=number_name(str(shown["category"].iloc[0]), say),
                  low=thousands(first.iloc[0], say), high=thousands(first.iloc[1], say)),
    )  # fmt: skip
    listed = "; ".join(f"{row.label} – {row.number}" for row in rows)
    count = say.number(len(rows))
    alt = say("account.figure.tornado.alt", now=thousands(now, say), items=count, list=listed)
    frame = drawn([row.label for row in rows], [row.number for row in rows], pd.concat(data), say)
    return _figure(rows, texts, alt, frame, say, name=name)


def account_contracts(
    estimates: pd.DataFrame, words: Words | str, *, name: str = "account_contracts"
) -> Figure:
    """What each side is left with under several contracts, and for several outcomes if they were compared.

    Parameters
    ----------
    estimates
        What `kij_analysis.investment.compare` returns.

    Examples
    --------
    >>> from kij_analysis.investment import FeePerParticipant, FullRisk, compare, payers
    >>> from kij_analysis.investment.example import outcome, plan
    >>> forms = {"fee": FeePerParticipant(fee=50_000), "full risk": FullRisk(cap=1_000_000)}
    >>> frame = compare(forms, outcome(), payers("DK"), plan=plan(paid_by="investor"))
    >>> account_contracts(frame, "en").title
    'Left with municipality: fee −83 and full risk 0'
    """
    say = as_words(words)
    one_money(estimates)
    shown = estimates[(estimates["variable"] == "npv") & estimates["estimate"].notna()]
    sides = list(dict.fromkeys(shown["group"]))
    shown = shown.assign(place=shown["group"].map(sides.index)).sort_values("place", kind="stable")
    rows = []
    for row in shown.to_dict("records"):
        named = f"account.contract.{row['contract_name']}"
        label = say(named) if say.has(named) else row["contract_name"]
        if row["case"]:
            share = say.share(row["gross"])
            label = say("account.figure.contracts.row", contract=label, share=share)
        heading = say.sentence(say(f"account.payer.{row['group']}"))
        told = thousands(row["estimate"], say)
        look = LOOKS[row["group"]]
        rows.append(Row(heading=heading, label=label, number=told, value=row["estimate"], look=look))
    lead = [row for row in rows if row.heading == rows[0].heading]
    parts = [say("account.figure.part", item=row.label, amount=row.number) for row in lead]
    payer = say(f"account.payer.{sides[0]}")
    around = about(shown, say, say("account.figure.flows.each"))
    texts = texts_of(
        shown, say, subtitle=say("account.figure.contracts.subtitle", **around),
        title=say("account.figure.contracts.title", payer=payer, list=say.listing(parts)),
    )  # fmt: skip
    listed = "; ".join(f"{row.heading}, {row.label}: {row.number}" for row in rows)
    alt = say("account.figure.contracts.alt", items=say.number(len(rows)), list=listed)
    labels = [f"{row.heading}: {row.label}" for row in rows]
    frame = drawn(labels, [row.number for row in rows], shown.drop(columns="place"), say)
    return _figure(rows, texts, alt, frame, say, name=name)


def _figure(
    rows: list[Row], texts: dict[str, str], alt: str, data: pd.DataFrame, say: Words, *, name: str
) -> Figure:
    ends = [value for row in rows for value in (row.value, *(row.reach or ()))]
    ticks = marks(min(*ends, 0.0), max(*ends, 0.0))
    room = max(text_width(row.number, 8.5) for row in rows) * 1.05 + 0.2
    scale = Scale(
        low=ticks[0], high=ticks[-1], ticks=ticks, texts=[thousands(t, say) for t in ticks], room=room
    )
    with styled():
        paper = sheet(**texts, body=height(rows, labels=2.9))
        draw(paper, rows, scale, labels=2.9)
        if any(row.reach for row in rows):
            paper.canvas.axes[0].axvline(rows[0].value, color=NEUTRAL, linewidth=0.8, linestyle=(0, (3, 2)))
    mark = f" {texts['mark']}." if texts["mark"] else ""
    return Figure(
        name=name, language=say.language, **texts, alt=f"{alt}{mark}", data=data, canvas=paper.canvas
    )
