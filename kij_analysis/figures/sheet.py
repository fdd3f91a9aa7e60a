"""The sheet on which a figure is drawn: mark, headline, subtitle and footer set in measured lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
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
    """Text broken at blanks into lines not wider than `width` inches.

    Examples
    --------
    >>> wrapped("lack of knowledge of the labour market", 1.6, 9)
    ['lack of knowledge of', 'the labour market']
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) > width:
            lines.append(word)
        elif lines:
            lines[-1] = longer
        else:
            lines = [word]
    return lines


def sheet(*, title: str, subtitle: str, footer: str, mark: str, body: float) -> Sheet:
    """A sheet whose texts are set and whose body is `body` inches high."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    width, inner = WIDTH, WIDTH - 2 * MARGIN
    blocks = [
        (wrapped(mark, inner - 0.2, 8, "bold") if mark else [], 8.0, "bold", "#8C2F00"),
        (wrapped(title, inner, 11.5, "bold"), 11.5, "bold", INK),
        (wrapped(subtitle, inner, 9), 9.0, "normal", MUTED),
    ]
    foot = wrapped(footer, inner, 7.5)
    heights = [len(lines) * size * LINE / 72 for lines, size, _, _ in blocks]
    foot_height = len(foot) * 7.5 * LINE / 72
    gap = 0.1
    head = sum(heights) + gap * sum(1 for h in heights if h)
    height = MARGIN + head + body + foot_height + 2 * gap + MARGIN
    canvas = Canvas(figsize=(width, height))
    FigureCanvasAgg(canvas)
    y = height - MARGIN
    for (lines, size, weight, colour), block in zip(blocks, heights, strict=True):
        if lines:
            box = {
                "boxstyle": "round,pad=0.3",
                "facecolor": "#FFF3EC",
                "edgecolor": "#C2470C",
                "linewidth": 0.8,
            }
            is_mark = size == 8.0
            canvas.text(
                (MARGIN + (0.06 if is_mark else 0)) / width,
                (y - (0.03 if is_mark else 0)) / height,
                "\n".join(lines),
                fontsize=size,
                fontweight=weight,
                color=colour,
                va="top",
                linespacing=LINE - 0.12,
                bbox=box if is_mark else None,
            )
            y -= block + gap + (0.05 if is_mark else 0)
    canvas.text(
        MARGIN / width, MARGIN / height, "\n".join(foot), fontsize=7.5, color=MUTED, va="bottom",
        linespacing=LINE - 0.12,
    )  # fmt: skip
    bottom = MARGIN + foot_height + gap
    return Sheet(canvas=canvas, width=width, height=height, top=bottom + body, bottom=bottom)
