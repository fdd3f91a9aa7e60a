"""How many barriers the women name, on the lists of their programmes and on what these have in common."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.figures.barriers import drawing
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of
from kij_analysis.words import Words, as_words

OWN, SHARED = "barriers_named", "barriers_named_shared"


def barrier_numbers(
    estimates: pd.DataFrame, words: Words | str, *, wave: str = "end", name: str = "barrier_numbers"
) -> Figure:
    """The distribution of the number of barriers named, one lane for each programme.

    Two blocks: the lists that the programmes offer, which may not be compared, and the barriers that are on
    all lists, which may.

    Parameters
    ----------
    estimates
        Estimates of `kij_analysis.barriers.number`, after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    wave
        When they were asked.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no shares.

    Examples
    --------
    >>> from kij_analysis import barriers
    >>> answers = pd.DataFrame({"programme": "fika", "gender": "woman", "data_status": "synthetic",
    ...     "barrier_language": [True] * 6 + [False] * 6, "barrier_network": [True] * 12})
    >>> barrier_numbers(barriers.number(answers), "en").title
    'Median number of barriers named: 1.5 (FIKA)'
    """
    say = as_words(words)
    drawing.checked(estimates, measure="share")
    programmes = list(dict.fromkeys(estimates["programme"]))
    look = drawing.look_of(programmes, say)
    marks: list[dict[str, Any]] = []
    notes: dict[str, str] = {}
    for variable in (OWN, SHARED):
        rows = estimates[(estimates["variable"] == variable)]
        block, notes_text = _heading(rows, variable, say)
        notes[block] = notes_text
        shares = rows[rows["measure"] == "share"]
        codes = [code for code in dict.fromkeys(shares["category"]) if code]
        for row in _spread(shares, codes):
            lane, programme = programmes.index(row["programme"]), row["programme"]
            told = "" if pd.isna(row["estimate"]) else say.share(row["estimate"])
            place: dict[str, Any] = {"block": block, "label": _number(row["category"], say), "lane": lane}
            what = say.programme(programme)
            marks.append(drawing.mark(row, what=what, told=told, look=look[programme], say=say, **place))
    own = estimates[estimates["variable"] == OWN]
    lanes = [
        drawing.shares_lane(drawing.with_base(p, own[own["programme"] == p], say), marks, place, say)
        for place, p in enumerate(programmes)
    ]
    return drawing.composed(
        name,
        marks,
        lanes,
        say,
        title=_title(own[own["measure"] == "median"], say),
        subtitle=say(
            "barriers.numbers.subtitle", wave=say(f"wave.{wave}"), level=say.share(level_of(estimates))
        ),
        foot=drawing.footer(say, base=say("barriers.base_list"), method=say("barriers.numbers.method")),
        alt=say("barriers.numbers.alt"),
        notes=notes,
        labels=1.1,
    )


def _spread(shares: pd.DataFrame, codes: list[str]) -> list[dict[str, Any]]:
    """One row for each answer; a programme without any says so in each."""
    filled = []
    for row in shares.to_dict("records"):
        filled += [row] if row["category"] else [row | {"category": code} for code in codes]
    order = {code: place for place, code in enumerate(codes)}
    return sorted(filled, key=lambda row: order[row["category"]])


def _number(code: str, say: Words) -> str:
    number, more, _ = code.partition("_")
    spoken = say.number(int(number))
    return say("class.from", low=spoken) if more else spoken


def _heading(rows: pd.DataFrame, variable: str, say: Words) -> tuple[str, str]:
    """The heading of a block, and below it the means, and whether these may be compared."""
    means = rows[(rows["measure"] == "mean") & rows["estimate"].notna()]
    told = [
        say("figure.response.part", share=_mean(row, say), programme=say.programme(row["programme"]))
        for row in means.to_dict("records")
    ]
    spoken = say("barriers.numbers.means", list="; ".join(told)) if told else ""
    # A hidden row has lost the length of its list with its other numbers.
    lengths = rows.groupby("programme", sort=False)["items"].max().fillna(0)
    if variable == SHARED and not lengths.max():
        # Each programme was counted by itself, over a list of its own.
        return say("barriers.numbers.in_common"), spoken
    if variable == SHARED:
        return say("barriers.numbers.shared", count=say.number(lengths.max())), spoken
    parts = [
        say("figure.barriers.part", item=say.number(items), programme=say.programme(str(programme)))
        for programme, items in lengths.items()
    ]
    lists = say("barriers.numbers.lists", list=say.listing(parts))
    return say("barriers.numbers.own"), f"{lists} {spoken}".strip()


def _mean(row: dict[str, Any], say: Words) -> str:
    number = say.number(row["estimate"], digits=1)
    if pd.isna(row["conf_low"]):
        return number
    low, high = (say.number(row[end], digits=1) for end in ("conf_low", "conf_high"))
    return say("barriers.with_interval", number=number, low=low, high=high)


def _title(medians: pd.DataFrame, say: Words) -> str:
    known = medians[medians["estimate"].notna()]
    if known.empty:
        return say("figure.barriers.none")
    spoken = [say.number(m, digits=0 if float(m).is_integer() else 1) for m in known["estimate"]]
    if len(known) > 1 and len(set(spoken)) == 1:
        return say("barriers.numbers.same", number=spoken[0])
    parts = [
        say("figure.barriers.part", item=number, programme=say.programme(programme))
        for number, programme in zip(spoken, known["programme"], strict=True)
    ]
    return say("barriers.numbers.medians", list=say.listing(parts))
