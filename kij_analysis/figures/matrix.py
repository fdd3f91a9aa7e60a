"""Which printed shares may be compared with which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.sheet import LINE, MARGIN, WIDTH, Sheet, sheet, text_width, wrapped
from kij_analysis.figures.style import GRID, INK, MUTED, styled
from kij_analysis.indicators.judging import VERDICTS
from kij_analysis.indicators.speaking import label
from kij_analysis.words import Words, as_words

COLOURS = {"comparable": "#0B5394", "caution": "#7FB3D5", "not_comparable": "#FFFFFF"}
SIGNS = {"comparable": "●", "caution": "◐", "not_comparable": "○"}
LABELS, CELL, MOST = 3.5, 0.26, 20
"""The width of the labels and the largest side of a cell, in inches; the most records that fit a sheet."""


def comparability_matrix(
    pairs: pd.DataFrame, words: Words | str, *, record: pd.DataFrame, name: str = "comparability"
) -> Figure:
    """The verdict about every two printed shares, each cell with a colour and a sign.

    Parameters
    ----------
    pairs
        What `kij_analysis.indicators.matrix` returns for at most twenty records.
    words
        The words, or the name of a language.
    record
        The records, for their labels.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no pairs, or more than a sheet holds.

    Examples
    --------
    >>> from kij_analysis.indicators import load, matrix
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published").head(3)
    >>> comparability_matrix(matrix(record), "en", record=record).title
    '0 of 3 pairs of printed shares may be compared, 0 more with caution'
    """
    say = as_words(words)
    ids = list(dict.fromkeys([*pairs["a"], *pairs["b"]]))
    if not ids:
        raise UsageError("There are no pairs to draw.", fix="Choose at least two records.")
    if len(ids) > MOST:
        raise UsageError(f"{len(ids)} records do not fit a sheet.", fix=f"Choose at most {MOST}.")
    rows = record.set_index("id").loc[ids]
    labels = {str(key): label(row, say) for key, row in rows.iterrows()}
    counts = pairs["verdict"].value_counts()
    total = {verdict: say.number(int(counts.get(verdict, 0))) for verdict in VERDICTS}
    source = say("source.record")
    texts = {
        "title": say(
            "matrix.title",
            comparable=total["comparable"],
            caution=total["caution"],
            total=say.number(len(pairs)),
        ),
        "subtitle": say("matrix.subtitle"),
        "footer": say("figure.footer", source=source, base=say("matrix.method"), method="").strip(),
        "mark": say.mark(pairs["data_status"]),
    }
    with styled():
        lines = {key: wrapped(f"{place}  {text}", LABELS, 8) for place, (key, text) in _numbered(labels)}
        row = max(CELL, max(map(len, lines.values())) * 8 * LINE / 72 + 0.06)
        paper = sheet(**texts, body=0.25 + row * len(ids) + 0.35)
        _draw(paper, pairs, lines, row)
        _legend(paper, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(pairs, labels, total, say, texts["mark"]),
        data=_drawn(pairs, labels, say),
        canvas=paper.canvas,
    )


def _numbered(labels: Mapping[str, str]) -> list[tuple[int, tuple[str, str]]]:
    return list(enumerate(labels.items(), start=1))


def _draw(paper: Sheet, pairs: pd.DataFrame, lines: Mapping[str, Sequence[str]], row: float) -> None:
    from matplotlib.patches import Rectangle

    ids = list(lines)
    left = MARGIN + LABELS + 0.12
    side = min(CELL, (WIDTH - MARGIN - left) / len(ids))
    bottom = paper.top - 0.25 - row * len(ids)
    axes = paper.axes(left, bottom, side * len(ids), row * len(ids))
    axes.set(xlim=(0, len(ids)), ylim=(len(ids), 0))
    axes.set_axis_off()
    verdicts = {(a, b): v for a, b, v in zip(pairs["a"], pairs["b"], pairs["verdict"], strict=True)}
    for y, one in enumerate(ids):
        paper.text(
            MARGIN, bottom + row * (len(ids) - y - 0.5), "\n".join(lines[one]), va="center", fontsize=8,
            linespacing=LINE - 0.15,
        )  # fmt: skip
        axes.text(y + 0.5, -0.25, str(y + 1), ha="center", va="bottom", fontsize=8, color=MUTED)
        for x, other in enumerate(ids):
            verdict = verdicts.get((one, other)) or verdicts.get((other, one))
            if verdict is None:
                axes.add_patch(Rectangle((x, y), 1, 1, facecolor=GRID, edgecolor=GRID, linewidth=1))
                continue
            axes.add_patch(Rectangle((x, y), 1, 1, facecolor=COLOURS[verdict], edgecolor=GRID, linewidth=1))
            colour = "white" if verdict == "comparable" else INK
            axes.text(
                x + 0.5, y + 0.5, SIGNS[verdict], ha="center", va="center", color=colour,
                fontsize=min(8.0, 72 * side * 0.7),
            )  # fmt: skip


def _legend(paper: Sheet, say: Words) -> None:
    x = MARGIN
    for verdict in VERDICTS:
        text = f"{SIGNS[verdict]} {say(f'comparability.verdict.{verdict}')}"
        paper.text(x, paper.bottom + 0.08, text, fontsize=8.5, va="bottom")
        x += text_width(text, 8.5) + 0.25


def _alt(
    pairs: pd.DataFrame, labels: Mapping[str, str], total: Mapping[str, str], say: Words, mark: str
) -> str:
    parts = [say("matrix.alt", items=say.number(len(labels)))]
    for verdict in VERDICTS:
        spoken = say.sentence(say(f"comparability.verdict.{verdict}"))
        parts.append(say("matrix.alt_verdict", verdict=spoken, count=total[verdict]))
    near = pairs[pairs["verdict"] != "not_comparable"]
    parts += [f"{labels[a]} + {labels[b]}." for a, b in zip(near["a"], near["b"], strict=True)]
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _drawn(pairs: pd.DataFrame, labels: Mapping[str, str], say: Words) -> pd.DataFrame:
    years = say.number(5)
    told = [
        "; ".join(say(f"comparability.reason.{code}", years=years) for code in reasons.split("|") if code)
        for reasons in pairs["reasons"]
    ]
    return pairs.assign(
        first=[labels[a] for a in pairs["a"]],
        second=[labels[b] for b in pairs["b"]],
        verdict_text=[say(f"comparability.verdict.{v}") for v in pairs["verdict"]],
        reasons_text=told,
    )
