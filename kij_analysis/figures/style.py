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

BELOW: Mapping[int, Sequence[str]] = {
    0: (), 1: ("#8C4A00",), 2: ("#8C4A00", "#D8A26B"), 3: ("#8C4A00", "#C48A4A", "#E6C8A4"),
}  # fmt: skip
ABOVE: Mapping[int, Sequence[str]] = {
    0: (), 1: ("#0B5394",), 2: ("#7FB3D5", "#0B5394"), 3: ("#A9CEE6", "#5A9BC9", "#0B5394"),
}  # fmt: skip
MIDDLE = "#D9D9D9"
"""Answer scales: brown below the middle, blue above it. The light steps lie under 3:1 on white, so that white
separators and printed numbers are part of them."""

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
    "text.hinting": "none",  # at 200 dots per inch nobody sees it, and it costs a third of a picture
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


def steps_of(count: int) -> tuple[str, ...]:
    """The colours of an answer scale of so many steps, from the lowest to the highest.

    Examples
    --------
    >>> steps_of(5)
    ('#8C4A00', '#D8A26B', '#D9D9D9', '#7FB3D5', '#0B5394')
    """
    half = count // 2
    below = BELOW.get(half) or _between(BELOW[3][0], BELOW[3][-1], half)
    above = ABOVE.get(half) or _between(ABOVE[3][0], ABOVE[3][-1], half)
    return (*below, *([MIDDLE] if count % 2 else []), *above)


def _between(first: str, last: str, count: int) -> list[str]:
    """Colours in even steps from one to another, both among them."""
    ends = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in (first, last)]
    shares = [place / (count - 1) for place in range(count)]
    mixed = [[round(a + share * (b - a)) for a, b in zip(*ends, strict=True)] for share in shares]
    return ["#" + "".join(f"{part:02X}" for part in parts) for parts in mixed]


def tinted(colour: str, *, share: float = 0.22) -> str:
    """A light ground of a colour, without letting what lies behind shine through.

    Examples
    --------
    >>> tinted("#000000", share=0.2)
    '#CCCCCC'
    """
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - share * (255 - part)):02X}" for part in parts)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2.2, from 1 to 21.

    Examples
    --------
    >>> round(contrast("#FFFFFF", "#000000")), round(contrast(INK, PAPER), 1)
    (21, 15.9)
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable_on(colour: str) -> str:
    """Ink or paper, whichever is read better on a colour."""
    return max((INK, PAPER), key=lambda text: contrast(text, colour))


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
