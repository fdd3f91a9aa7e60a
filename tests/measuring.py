"""Every text of a figure measured as it is drawn: what meets, what leaves the sheet or its panel."""

from __future__ import annotations

import numpy as np
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
    meeting = [f"'{found[one][0]}' meets '{found[other][0]}'" for one, other in _meeting(found)]
    return outside + meeting


def _meeting(found: list[tuple[str, Bbox]]) -> list[tuple[int, int]]:
    x0, y0, x1, y1 = np.array([box.extents for _, box in found]).T
    wide = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0) > HAIR
    high = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0) > HAIR
    return [(int(one), int(other)) for one, other in np.argwhere(wide & high) if one < other]


def beyond(figure: Figure) -> list[str]:
    """Numbers and notes that reach out of their panel."""
    found = []
    figure.canvas.set_dpi(DPI)
    with styled():
        for axes in figure.canvas.axes:
            panel = axes.get_window_extent()
            for text in axes.texts:
                box = text.get_window_extent()
                if box.x0 < panel.x0 - HAIR or box.x1 > panel.x1 + HAIR:
                    found.append(f"'{text.get_text()}' leaves the panel of {axes.get_label()}")
    return found
