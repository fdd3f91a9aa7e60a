"""Every text of a figure measured as it is drawn: what meets, what leaves the sheet or its panel."""

from __future__ import annotations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_hex
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from kij_analysis.figures import Figure
from kij_analysis.figures.figure import DPI
from kij_analysis.figures.style import PAPER, contrast, styled
from kij_analysis.words import Words

HAIR = 1.0
"""Pixels that two boxes may share: the room for rounding."""


def _texts(figure: Figure) -> list[tuple[Text, Bbox]]:
    """Every text that is drawn, with the box around it in pixels of the printed sheet."""
    canvas = figure.canvas
    with styled():
        canvas.set_dpi(DPI)
        assert isinstance(canvas.canvas, FigureCanvasAgg)
        canvas.draw_without_rendering()
        renderer = canvas.canvas.get_renderer()
        texts = [text for text in canvas.findobj(Text) if text.get_visible() and text.get_text().strip()]
        return [(text, text.get_window_extent(renderer)) for text in texts]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """The words of every text with the box around it."""
    return [(text.get_text(), box) for text, box in _texts(figure)]


def faint(figure: Figure, drawn: list[tuple[Text, Bbox]]) -> list[str]:
    """Texts that are not read well on the paper, or on the patch that they stand on (WCAG 2.2: 4.5 to 1)."""
    found = []
    paper = [figure.canvas.patch, *(axes.patch for axes in figure.canvas.axes)]
    patches = [
        (patch.get_window_extent(), to_hex(patch.get_facecolor()).upper())
        for patch in figure.canvas.findobj(Patch)
        if patch not in paper and patch.get_fill() and patch.get_facecolor()[3] == 1
    ]
    # The cells of a heat map are no patches; its colours are held against its signs in test_every_figure.
    cells = {
        axes for axes in figure.canvas.axes if any(isinstance(one, QuadMesh) for one in axes.collections)
    }
    for text, box in drawn:
        if text.axes in cells:
            continue
        colour, ground = to_hex(text.get_color()), _ground(patches, text, box)
        if contrast(colour.upper(), ground) < 4.5:
            found.append(f"'{text.get_text()}' is {colour} on {ground}")
    return found


def _ground(patches: list[tuple[Bbox, str]], text: Text, box: Bbox) -> str:
    """The colour behind the middle of a text: its own box, the last patch drawn there, or paper."""
    own = text.get_bbox_patch()
    if own is not None:
        return to_hex(own.get_facecolor()).upper()
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    return next((colour for place, colour in reversed(patches) if place.contains(*middle)), PAPER)


def unsaid(figure: Figure) -> list[str]:
    """What a figure does not say in words: headline, measure, source, what it is made from, what it shows."""
    parts = {name: getattr(figure, name) for name in ("title", "subtitle", "footer", "alt")}
    found = [f"the {name} is '{text}'" for name, text in parts.items() if not text.strip() or "{" in text]
    source = Words(figure.language)("figure.footer", source="|", base="", method="").split("|")[0].strip()
    if source not in figure.footer:
        found.append(f"the footer names no source: '{figure.footer}'")
    if figure.mark not in figure.alt:
        found.append("the alt text does not say what the data are")
    return found


def faults(figure: Figure) -> list[str]:
    """Texts that leave the sheet, that meet, that are too faint, and what is not said at all."""
    drawn = _texts(figure)
    found = [(text.get_text(), box) for text, box in drawn]
    width, height = figure.canvas.get_size_inches() * DPI
    outside = [
        f"'{text}' leaves the sheet"
        for text, box in found
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]
    meeting = [f"'{found[one][0]}' meets '{found[other][0]}'" for one, other in _meeting(found)]
    return outside + meeting + faint(figure, drawn) + unsaid(figure)


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
