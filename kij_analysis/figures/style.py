"""Colours, markers and type of every figure; the same programme always looks the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

INK, MUTED, GRID, NEUTRAL, PAPER = "#222222", "#5F5F5F", "#E3E3E3", "#8A8A8A", "#FFFFFF"

PROGRAMMES: Mapping[str, tuple[str, str]] = {
    "kvinfo": ("#0B2E66", "o"),
    "sajo": ("#C2470C", "s"),
    "fika": ("#1A9C8E", "D"),
}
"""Colour and marker of each programme: told apart in grey and with any colour vision (docs/decisions.md)."""

FURTHER = (
    ("#5F5F5F", "^"), ("#7A3E9D", "v"), ("#7A5C00", "P"),
    ("#222222", "X"), ("#A0377E", "p"), ("#4F6D2F", "<"),
)  # fmt: skip
"""For programmes that are not among the three, in the order of the codebook."""

STATUSES: Mapping[str, str] = {
    "complete": "#0B5394",
    "partial": "#7FB3D5",
    "undetermined": "#D8A26B",
    "not_applicable": "#D9D9D9",
    "impossible": "#FFFFFF",
}

STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.edgecolor": GRID,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": GRID,
    "xtick.color": MUTED,
    "ytick.color": INK,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
    # Matplotlib's own two, by their values: to look them up in its cycle of colours is slow.
    "lines.color": "#1f77b4",
    "patch.facecolor": "#1f77b4",
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.hashsalt": "kij",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}


@contextmanager
def styled() -> Iterator[None]:
    """The style of the figures alone, whatever the caller or a notebook has set before."""
    from matplotlib import style

    with style.context(STYLE, after_reset=True):
        yield


def looks(programmes: Sequence[str], *, order: Sequence[str] = ()) -> dict[str, tuple[str, str]]:
    """Colour and marker for each programme, the same whichever others are drawn beside it.

    Parameters
    ----------
    order
        All programmes that there are, so that a programme which is not among the three keeps its look;
        one that is not listed comes after them.

    Examples
    --------
    >>> looks(["fika", "fourth"])["fika"]
    ('#1A9C8E', 'D')
    """
    others = [p for p in dict.fromkeys([*order, *programmes]) if p not in PROGRAMMES]
    further = {p: FURTHER[position % len(FURTHER)] for position, p in enumerate(others)}
    return {p: PROGRAMMES[p] if p in PROGRAMMES else further[p] for p in programmes}
