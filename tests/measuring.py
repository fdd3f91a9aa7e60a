"""Every text of a figure measured as it is drawn: what meets, what leaves the sheet or its panel."""

from __future__ import annotations

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from kij_analysis.figures import Figure
from kij_analysis.figures.figure import DPI
from kij_analysis.figures.style import styled

HAIR = 1.0
"""Pixels that two boxes may share: the room for rounding."""


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Every text that is drawn, with the box around it in pixels of the printed sheet."""
    canvas = figure.canvas
    with styled():
        canvas.set_dpi(DPI)
        assert isinstance(canvas.canvas, FigureCanvasAgg)
        canvas.draw_without_rendering()
        renderer = canvas.canvas.get_renderer()
        texts = [text for text in canvas.findobj(Text) if text.get_visible() and text.get_text().strip()]
        return [(text.get_text(), text.get_window_extent(renderer)) for text in texts]


def faults(figure: Figure) -> list[str]:
    """Texts that leave the sheet, and pairs of texts that meet."""
    found = boxes(figure)
    width, height = figure.canvas.get_size_inches() * DPI
    outside = [
        f"'{text}' leaves the sheet"
        for text, box in found
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]
    meeting = [
        f"'{one}' meets '{other}'"
        for (one, a), (other, b) in combinations(found, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > HAIR and min(a.y1, b.y1) - max(a.y0, b.y0) > HAIR
    ]
    return outside + meeting


def beyond(figure: Figure) -> list[str]:
    """Numbers and notes that reach out of their panel."""
    found = []
    boxes(figure)
    for axes in figure.canvas.axes:
        panel = axes.get_window_extent()
        for text in axes.texts:
            box = text.get_window_extent()
            if box.x0 < panel.x0 - HAIR or box.x1 > panel.x1 + HAIR:
                found.append(f"'{text.get_text()}' leaves the panel of {axes.get_label()}")
    return found
