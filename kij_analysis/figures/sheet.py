"""The sheet on which a figure is drawn: mark, headline, subtitle and footer set in measured lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from kij_analysis.figures.style import INK, MUTED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

WIDTH = 6.9
"""Inches; 17.5 cm, the text width of an A4 page."""

MARGIN = 0.12
LINE = 1.32
"""The height of a line, as a multiple of its type size."""

HINTED = 1.035
"""How much wider than its outlines a text may be set where pixels are coarse."""

SIGN = 0.58
"""How wide a letter mostly is, as a multiple of its type size."""

NO_BREAK = "\N{NO-BREAK SPACE}"
GAP = 0.1
MARK = {"boxstyle": "round,pad=0.3", "facecolor": "#FFF3EC", "edgecolor": "#C2470C", "linewidth": 0.8}
"""The frame around the mark of synthetic data."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """An empty figure with its texts set; `top` and `bottom` bound the body, in inches from below."""

    canvas: Canvas
    width: float
    height: float
    top: float
    bottom: float

    def axes(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Axes at a place given in inches from the lower left corner of the sheet."""
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.canvas.add_axes(box)

    def text(self, x: float, y: float, text: str, **look: Any) -> None:
        """Text at a place given in inches."""
        self.canvas.text(x / self.width, y / self.height, text, **look)


@cache
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """How wide a line of text is, in inches.

    Examples
    --------
    >>> 0.3 < text_width("Kielitaito", 9) < 0.9
    True
    """
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return TextToPath().get_text_width_height_descent(text, font, ismath=False)[0] / 72


def wrapped(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Text broken at blanks into lines not wider than `width` inches; a word that is wider is hyphenated.

    Examples
    --------
    >>> wrapped("lack of knowledge of the labour market", 1.45, 9)
    ['lack of knowledge of', 'the labour market']
    """
    # "n = 40" stays on one line.
    lines = _wrapped(text.replace(" = ", f"{NO_BREAK}={NO_BREAK}"), width, size, weight)
    return [line.replace(f"{NO_BREAK}={NO_BREAK}", " = ") for line in lines]


@cache
def _wrapped(text: str, width: float, size: float, weight: str) -> tuple[str, ...]:
    lines: list[str] = []
    words = text.split(" ")
    while words:
        begun = lines[-1:]
        count = _fitting([*begun, *words], len(begun), width, size, weight)
        if count:
            lines[-1:] = [" ".join([*begun, *words[:count]])]
        if words[count:]:
            lines += _broken(words[count], width, size, weight)
        words = words[count + 1 :]
    return tuple(lines)


def _fitting(words: Sequence[str], begun: int, width: float, size: float, weight: str) -> int:
    """How many words have room on a line after the first `begun`: guessed, then measured, which is slow."""

    def fits(count: int) -> bool:
        return count <= begun or text_width(" ".join(words[:count]), size, weight) <= width

    signs, room = accumulate(len(word) + 1 for word in words), width * 72 / (SIGN * size)
    count = max(begun, sum(reached <= room for reached in signs))
    if fits(count):
        while count < len(words) and fits(count + 1):
            count += 1
    else:
        while not fits(count):
            count -= 1
    return count - begun


def _broken(word: str, width: float, size: float, weight: str) -> list[str]:
    """A word in pieces that fit, each but the last with a hyphen."""
    pieces = []
    while text_width(word, size, weight) > width and len(word) > 2:
        cut = _cut(word, width, size, weight)
        pieces.append(f"{word[:cut]}-")
        word = word[cut:]
    return [*pieces, word]


def _cut(word: str, width: float, size: float, weight: str) -> int:
    """How many letters of a word have room with a hyphen, one at least: guessed, then measured."""

    def fits(count: int) -> bool:
        return text_width(f"{word[:count]}-", size, weight) <= width

    count = min(max(2, int(width * 72 / (SIGN * size))), len(word) - 1)
    if fits(count):
        while count < len(word) - 1 and fits(count + 1):
            count += 1
    else:
        while count > 1 and not fits(count):
            count -= 1
    return count


def sheet(*, title: str, subtitle: str, footer: str, mark: str, body: float) -> Sheet:
    """A sheet whose texts are set and whose body is `body` inches high."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    inner = (WIDTH - 2 * MARGIN) / HINTED
    blocks = [
        _Block(wrapped(mark, inner - 0.2, 8, "bold") if mark else [], 8.0, "bold", "#8C2F00", MARK),
        _Block(wrapped(title, inner, 11.5, "bold"), 11.5, "bold", INK),
        _Block(wrapped(subtitle, inner, 9), 9.0, "normal", MUTED),
    ]
    foot = _Block(wrapped(footer, inner, 7.5), 7.5, "normal", MUTED)
    head = [block for block in blocks if block.lines]
    bottom = MARGIN + foot.height + GAP
    top = bottom + body
    height = top + GAP + sum(block.height + GAP for block in head) + MARGIN
    canvas = Canvas(figsize=(WIDTH, height))
    FigureCanvasAgg(canvas)
    paper = Sheet(canvas=canvas, width=WIDTH, height=height, top=top, bottom=bottom)
    y = height - MARGIN
    for block in head:
        inset = 0.06 if block.box else 0.0
        block.set(paper, MARGIN + inset, y - inset / 2, va="top")
        y -= block.height + GAP + (0.05 if block.box else 0)
    foot.set(paper, MARGIN, MARGIN, va="bottom")
    return paper


@dataclass(frozen=True)
class _Block:
    """Lines of one type, set together."""

    lines: list[str]
    size: float
    weight: str
    colour: str
    box: Mapping[str, Any] | None = None

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LINE / 72

    def set(self, paper: Sheet, x: float, y: float, *, va: str) -> None:
        paper.text(
            x, y, "\n".join(self.lines), fontsize=self.size, fontweight=self.weight, color=self.colour,
            va=va, linespacing=LINE - 0.12, bbox=dict(self.box) if self.box else None,
        )  # fmt: skip
