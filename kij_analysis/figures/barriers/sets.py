"""Which barriers are named together: each combination as a row of dots, its share in each programme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from kij_analysis.disclosure.primary import THRESHOLD
from kij_analysis.figures.barriers import drawing
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.lanes import LABEL, WORD, draw, plan
from kij_analysis.figures.shares import level_of
from kij_analysis.figures.sheet import LINE, MARGIN, Sheet, sheet, wrapped
from kij_analysis.figures.style import GRID, INK, styled
from kij_analysis.words import Words, as_words

if TYPE_CHECKING:
    from kij_analysis.figures.lanes import Plan

OTHER, NONE = "other", "none"
WIDE = 2.7
"""The width of the dots, in inches."""


def barrier_sets(
    estimates: pd.DataFrame,
    words: Words | str,
    *,
    wave: str = "end",
    threshold: int = THRESHOLD,
    name: str = "barrier_sets",
) -> Figure:
    """Combinations of barriers (an UpSet plot): a dot for each barrier of it, then shares by programme.

    Parameters
    ----------
    estimates
        Estimates of `kij_analysis.barriers.combinations`, after `kij_analysis.disclosure.group_rare`.
    words
        The words, or the name of a language.
    wave
        When they were asked.
    threshold
        The smallest number of persons that is shown.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no shares.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "variable": "barrier_combination", "category": c, "measure": "share",
    ...          "barriers": "barrier_language+barrier_network", "estimate": k / 40, "count": k, "n": 40,
    ...          "method": "wilson", "data_status": "synthetic"}
    ...         for c, k in (("barrier_language+barrier_network", 25), ("none", 15))]
    >>> barrier_sets(e.make(rows), "en").title
    'Named together most often: lack of language skills and lack of network (FIKA 62%)'
    """
    say = as_words(words)
    drawing.checked(estimates, measure="share")
    programmes = list(dict.fromkeys(estimates["programme"]))
    looked_at = str(estimates["barriers"].iloc[0]).split("+")
    order = _order(estimates, looked_at)
    look = drawing.look_of(programmes, say)
    marks: list[dict[str, Any]] = []
    for category in order:
        for lane, programme in enumerate(programmes):
            rows = estimates[(estimates["programme"] == programme) & (estimates["category"] == category)]
            label = _label(category, say)
            row = rows.to_dict("records")[0] if len(rows) else _absent(estimates, programme, category)
            told = "" if pd.isna(row["estimate"]) else say.share(row["estimate"])
            what = say.programme(programme)
            made = drawing.mark(
                row, block="", label=label, lane=lane, what=what, look=look[programme], told=told, say=say
            )
            marks.append(made | ({"gap": _folded(estimates, programme, say)} if not len(rows) else {}))
    lanes = [
        drawing.shares_lane(
            drawing.with_base(p, estimates[estimates["programme"] == p], say), marks, place, say
        )
        for place, p in enumerate(programmes)
    ]
    return _drawn(
        name, marks, lanes, looked_at, order, _texts(estimates, looked_at, wave, threshold, say), say
    )


def _headline(estimates: pd.DataFrame, items: str, say: Words) -> str:
    """Which of the barriers each programme's women named together most often."""
    several = estimates[estimates["category"].str.contains("+", regex=False) & estimates["estimate"].notna()]
    tops = {
        str(programme): own.loc[own["estimate"].idxmax()].to_dict()
        for programme, own in several.groupby("programme", sort=False)
    }
    if not tops:
        return say("barriers.sets.title", list=items)
    spoken = {
        p: {"programme": say.programme(p), "share": say.share(row["estimate"])} for p, row in tops.items()
    }
    named = {p: say.listing([say.variable(b) for b in row["category"].split("+")]) for p, row in tops.items()}
    if len(set(named.values())) == 1:
        parts = [say("likert.part", **spoken[p]) for p in tops]
        listed = say("barriers.sets.alike", items=next(iter(named.values())), list=say.listing(parts))
    else:
        listed = "; ".join(say("barriers.sets.part", items=named[p], **spoken[p]) for p in tops)
    return say("barriers.sets.most", list=listed)


def _texts(
    estimates: pd.DataFrame, looked_at: Sequence[str], wave: str, threshold: int, say: Words
) -> dict[str, str]:
    items = say.listing([say.variable(name) for name in looked_at])
    level = say.share(level_of(estimates))
    return {
        "title": _headline(estimates, items, say),
        "subtitle": say("barriers.sets.subtitle", wave=say(f"wave.{wave}"), level=level),
        "footer": drawing.footer(
            say, base=say("barriers.sets.base", threshold=say.number(threshold)), method=say("method.wilson")
        ),
        "mark": say.mark(estimates["data_status"]),
    }


def _drawn(
    name: str,
    marks: list[dict[str, Any]],
    lanes: Sequence[Any],
    looked_at: Sequence[str],
    order: Sequence[str],
    texts: dict[str, str],
    say: Words,
) -> Figure:
    """The figure: the lanes without labels, and the dots in their place."""
    frame = drawing.marks_frame(marks)
    slot = WIDE / len(looked_at)
    names = [wrapped(drawing.label_of(b, say), slot - 0.08, WORD) for b in looked_at]
    head = max(len(lines) for lines in names) * WORD * LINE / 72
    with styled():
        # The dots tell what each row is; its label is told in the data and in the alt text.
        blank = frame.assign(label=frame["category"].map({c: str(place) for place, c in enumerate(order)}))
        planned = plan(blank, lanes, labels=WIDE, labelled=False)
        paper = sheet(**texts, body=planned.body + max(0.0, head - planned.head))
        start = planned.head - head if head > planned.head else 0.0
        _dots(paper, planned, looked_at, names, order, say, shift=start)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=drawing.alt_of(
            say("barriers.sets.alt"), frame.assign(block=say("barriers.sets.rows")), say, texts["mark"]
        ),
        data=drawing.data_of(frame),
        canvas=paper.canvas,
    )


def _dots(
    paper: Sheet,
    planned: Plan,
    looked_at: Sequence[str],
    names: Sequence[Sequence[str]],
    order: Sequence[str],
    say: Words,
    *,
    shift: float,
) -> None:
    """The names above, a column of dots for each barrier, a row for each combination."""
    lower = Sheet(
        canvas=paper.canvas,
        width=paper.width,
        height=paper.height,
        top=paper.top + shift,
        bottom=paper.bottom,
    )
    draw(lower, planned)
    (rows,) = planned.rows.values()
    tall = sum(rows.values())
    top = lower.top - planned.head - planned.above("")
    axes = paper.axes(MARGIN, top - tall, WIDE, tall)
    axes.set(xlim=(0, len(looked_at)), ylim=(0, tall), xticks=[], yticks=[])
    axes.axis("off")
    slot = WIDE / len(looked_at)
    for place, lines in enumerate(names):
        paper.text(
            MARGIN + (place + 0.5) * slot, top + 0.06, "\n".join(lines), fontsize=WORD, ha="center",
            va="bottom", linespacing=LINE - 0.15,
        )  # fmt: skip
    y = tall
    for category, height in zip(order, rows.values(), strict=True):
        middle, y = y - height / 2, y - height
        if category == OTHER:
            words = wrapped(_label(OTHER, say), WIDE - 0.1, LABEL)
            paper.text(
                MARGIN + WIDE / 2,
                top - tall + middle,
                "\n".join(words),
                fontsize=LABEL,
                ha="center",
                va="center",
            )
            continue
        inside = [name in category.split("+") for name in looked_at]
        held = [place + 0.5 for place, own in enumerate(inside) if own]
        if len(held) > 1:
            axes.hlines(middle, held[0], held[-1], color=INK, linewidth=1.4)
        for place, own in enumerate(inside):
            axes.plot(place + 0.5, middle, marker="o", markersize=7, color=INK if own else GRID)


def _order(estimates: pd.DataFrame, looked_at: Sequence[str]) -> list[str]:
    """None first, then by how many barriers it holds; what stands together comes last."""
    there = list(dict.fromkeys(code for code in estimates["category"] if code))
    place = {name: number for number, name in enumerate(looked_at)}

    def key(category: str) -> tuple[Any, ...]:
        if category in (NONE, OTHER):
            return (0 if category == NONE else 99, ())
        held = [place[name] for name in category.split("+")]
        return (len(held), tuple(held))

    return sorted(there, key=key) or [OTHER]


def _label(category: str, say: Words) -> str:
    if category in (NONE, OTHER):
        return say.sentence(say(f"barriers.sets.row.{category}"))
    return say.sentence(say.listing([say.variable(name) for name in category.split("+")]))


def _folded(estimates: pd.DataFrame, programme: str, say: Words) -> str:
    """The word for a combination that stands among the others; a dash where there are none."""
    own = estimates[(estimates["programme"] == programme) & estimates["estimate"].notna()]
    return say("barriers.sets.folded") if OTHER in set(own["category"]) else "–"


def _absent(estimates: pd.DataFrame, programme: str, category: str) -> dict[str, Any]:
    """A combination that a programme does not show; it stands among the others there, or is nobody's."""
    own = estimates[estimates["programme"] == programme].to_dict("records")[0]
    numbers = dict.fromkeys(("estimate", "conf_low", "conf_high", "count"), float("nan"))
    note = own["note"] if pd.isna(own["estimate"]) else ""
    return own | numbers | {"category": category, "note": note}
