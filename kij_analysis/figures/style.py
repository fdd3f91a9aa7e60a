"""Colours, markers and type of every figure; the same programme always looks the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

INK, MUTED, GRID, NEUTRAL, PAPER = "#222222", "#5F5F5F", "#E3E3E3", "#8A8A8A", "#FFFFFF"

PROGRAMMES: Mapping[str, tuple[str, str]] = {
    "kvinfo": ("#0B2E66", "o"),
    "sajo": ("#C2470C", "s"),
    "fika": ("#1A9C8E", "D"),
}
"""Colour and marker of each programme: told apart in grey and with any colour vision (docs/decisions.md)."""

FURTHER = (("#0B2E66", "o"), ("#C2470C", "s"), ("#1A9C8E", "D"), (NEUTRAL, "^"), (INK, "v"))
"""For programmes that are not among the three, in their order."""

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
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "svg.hashsalt": "kij",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}


def looks(programmes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Colour and marker for each programme.

    Examples
    --------
    >>> looks(["fika", "fourth"])["fika"]
    ('#1A9C8E', 'D')
    """
    spare = iter(
        look for look in FURTHER if look not in [PROGRAMMES[p] for p in programmes if p in PROGRAMMES]
    )
    return {p: PROGRAMMES[p] if p in PROGRAMMES else next(spare, FURTHER[-1]) for p in programmes}
