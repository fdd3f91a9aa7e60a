"""Figures: the numbers drawn are the frame's, what is hidden stays hidden, the words say what is drawn."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from PIL import Image

from kij_analysis import estimates as e
from kij_analysis.disclosure import suppress
from kij_analysis.errors import UsageError
from kij_analysis.figures import Figure, dots, status_matrix
from kij_analysis.figures.style import FURTHER, INK, MUTED, PROGRAMMES, looks
from kij_analysis.survey import wilson
from kij_analysis.words import Words

MARK = "Synthetic data, not real answers"


def table(text: str, *, data_status: str = "synthetic") -> pd.DataFrame:
    """Estimates from lines of programme, barrier, count, n; a word in place of the numbers is a note."""
    rows = []
    for line in text.strip().splitlines():
        programme, barrier, count, *n = line.split()
        row = {
            "programme": programme,
            "variable": f"barrier_{barrier}",
            "category": "yes",
            "measure": "share",
        }
        row |= {"data_status": data_status, "method": "wilson", "level": 0.95}
        if n:
            low, high = wilson(int(count), int(n[0]))
            row |= {"count": int(count), "n": int(n[0]), "estimate": int(count) / int(n[0])}
            row |= {"conf_low": low[0], "conf_high": high[0]}
        else:
            row |= {"note": count, "n": 0, "method": "none"}
        rows.append(row)
    return e.make(rows)


SHARES = """
    kvinfo language 63 121
    kvinfo health   30 121
    kvinfo network  53 121
    kvinfo cost     not_asked
    fika   language 25 36
    fika   health   not_comparable
    fika   network  20 36
    fika   cost     3 37
    sajo   language 12 38
    sajo   health   not_asked
    sajo   network  19 38
    sajo   cost     2 4
"""


def statuses(data_status: str = "synthetic") -> pd.DataFrame:
    text = """
        gender           a kvinfo complete
        gender           b fika   complete
        hours            a kvinfo complete
        hours            b fika   impossible
        barrier_language a kvinfo partial
        barrier_language b fika   undetermined
    """
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["column", "instrument", "programme", "status"])
    return frame.assign(data_status=data_status, variable=frame["column"])


def drawn(kind: str, data_status: str = "synthetic", language: str = "en") -> Figure:
    if kind == "dots":
        return dots(suppress(table(SHARES, data_status=data_status)), language)
    return status_matrix(statuses(data_status), language)


looked_at = cache(drawn)
"""Drawn once for all tests that only look at it."""

KINDS = pytest.mark.parametrize("kind", ["dots", "status_matrix"])


@KINDS
def test_the_same_input_gives_the_same_bytes(kind: str):
    first, other, again = drawn(kind), drawn(kind, language="fi"), drawn(kind)
    svg, png = first.svg(), first.png()
    assert svg == again.svg() == first.svg()
    assert png == again.png() == first.png()
    assert svg != other.svg()


@KINDS
def test_the_settings_of_the_caller_neither_count_nor_change(kind: str):
    plain = drawn(kind).png()
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": "x"}):
        before = dict(mpl.rcParams)
        assert drawn(kind).png() == plain
        assert dict(mpl.rcParams) == before


@KINDS
def test_the_estimates_stay_as_they_were(kind: str):
    frame = suppress(table(SHARES)) if kind == "dots" else statuses()
    before = frame.copy(deep=True)
    (dots if kind == "dots" else status_matrix)(frame, "en")
    pd.testing.assert_frame_equal(frame, before)


def rows_of(figure: Figure, programme: str) -> list[dict[str, object]]:
    """What stands in the rows of a panel from above: the place of the marker, its line, its text."""
    (axes,) = [axes for axes in figure.canvas.axes if axes.get_label() == programme]
    found: dict[float, dict[str, object]] = {}
    for line in axes.lines:
        if line.get_marker() not in ("None", "", None):
            found.setdefault(line.get_ydata()[0], {})["marker"] = float(line.get_xdata()[0])
    for collection in axes.collections:
        if isinstance(collection, LineCollection):
            for (x0, y0), (x1, y1) in collection.get_segments():
                if y0 == y1:
                    found.setdefault(y0, {})["line"] = (x0, x1)
    for text in axes.texts:
        found.setdefault(text.get_position()[1], {})["text"] = text.get_text()
    return [found[y] for y in sorted(found, reverse=True)]


def test_the_markers_and_lines_stand_where_the_numbers_are():
    frame = suppress(table(SHARES))
    figure, say = dots(frame, "en"), Words("en")
    order = list(dict.fromkeys(figure.data["variable"]))
    assert len(figure.canvas.axes) == 3
    for programme, part in frame.groupby("programme"):
        rows = part.set_index("variable").loc[order]
        for shown, (_, row) in zip(rows_of(figure, programme), rows.iterrows(), strict=True):
            if np.isnan(row["estimate"]):
                assert shown == {"text": say(f"short.{row['note']}")}
            else:
                assert shown == {
                    "marker": row["estimate"],
                    "line": (row["conf_low"], row["conf_high"]),
                    "text": say.share(row["estimate"]),
                }


def test_the_panels_share_one_scale():
    assert len({axes.get_xlim() for axes in looked_at("dots").canvas.axes}) == 1


def test_the_most_frequent_stands_on_top_and_what_nobody_shows_at_the_foot():
    assert list(dict.fromkeys(looked_at("dots").data["variable"])) == [
        "barrier_language", "barrier_network", "barrier_health", "barrier_cost",
    ]  # fmt: skip


def test_the_signs_of_the_matrix_are_the_statuses_of_the_frame():
    figure = looked_at("status_matrix")
    (axes,) = figure.canvas.axes
    assert [text.get_text() for text in axes.texts] == ["●", "●", "●", "○", "◐", "?"]
    assert figure.data[["column", "instrument", "status"]].equals(
        statuses()[["column", "instrument", "status"]]
    )


def test_a_variable_without_a_rule_in_a_questionnaire_is_undetermined():
    figure = status_matrix(statuses().head(5), "en")
    assert [text.get_text() for text in figure.canvas.axes[0].texts][-1] == "?"
    assert figure.title == "1 of 3 variables can be used in all questionnaires"


def files(figure: Figure, folder: Path) -> dict[str, str]:
    """All texts that leave the house with a figure, without the outlines of its letters."""
    paths = {path.suffix: path for path in figure.save(folder)}
    svg = re.sub(r' d="[^"]*"', "", paths[".svg"].read_text("utf-8"))
    png = json.dumps(Image.open(paths[".png"]).info, default=str, ensure_ascii=False)
    return {
        "svg": svg,
        "png": png,
        "csv": paths[".csv"].read_text("utf-8-sig"),
        "json": paths[".json"].read_text("utf-8"),
        "html": figure._repr_html_(),
    }


def test_hidden_shares_are_drawn_nowhere_and_told_nowhere(tmp_path: Path):
    hidden = suppress(table(SHARES))
    figure = dots(hidden, "en")
    assert (hidden["note"] == "hidden_small_count").sum() == 2
    texts = files(figure, tmp_path)
    for text in texts.values():
        assert not re.search(r"0\.08108|(?<!\d)8\s?%", text)  # 3 of 37
    lines = list(csv.DictReader(io.StringIO(texts["csv"])))
    concealed = [row for row in lines if row["note"] == "hidden_small_count"]
    assert [[row[c] for c in ("estimate", "conf_low", "conf_high", "count")] for row in concealed] == [
        [""] * 4
    ] * 2
    assert [row["n"] for row in concealed] == ["37", ""]  # the base of 4 goes too
    assert {"marker": 3 / 37} not in rows_of(figure, "fika")


@KINDS
def test_the_mark_of_synthetic_data_stands_everywhere(kind: str, tmp_path: Path):
    figure = looked_at(kind)
    assert figure.mark == MARK
    assert figure.alt.endswith(f"{MARK}.")
    texts = files(figure, tmp_path)
    assert MARK in re.search(r"<desc[^>]*>(.*)</desc>", texts["svg"])[1]
    assert f"<!-- {MARK} -->" in texts["svg"]  # drawn as well
    assert f"{MARK}." in Image.open(tmp_path / f"{figure.name}.png").text["Description"]
    assert json.loads(texts["json"])["mark"] == MARK
    assert MARK in texts["html"]


@KINDS
def test_observed_data_carries_no_mark(kind: str, tmp_path: Path):
    figure = drawn(kind, "observed")
    assert figure.mark == ""
    for text in files(figure, tmp_path).values():
        assert "ynthetic" not in text
        assert Words("en")("mark.observed") not in text


def test_a_figure_that_mixes_kinds_of_data_carries_the_weakest_mark():
    mixed = pd.concat([table(SHARES, data_status="observed"), table("piaac_fi language 20 40")])
    assert dots(mixed, "en").mark == MARK


@pytest.mark.parametrize("language", ["da", "nb", "sv", "fi", "en"])
def test_the_alt_text_holds_the_numbers_of_the_frame(language: str):
    say = Words(language)
    frame = suppress(table(SHARES))
    alt = dots(frame, say).alt
    for programme, part in frame.groupby("programme"):
        sentence = re.search(rf"{say.programme(programme)}, n = ([^.]*)\.(.*?)(?:{MARK}|$)", alt)
        assert sentence is not None
        assert sentence[1] == "–".join(f"{n:.0f}" for n in sorted(set(part.loc[part["n"] > 0, "n"])))
        for _, row in part.nlargest(3, "estimate").dropna(subset="estimate").iterrows():
            told = say(
                "figure.alt_value",
                item=say.variable(row["variable"]),
                share=say.share(row["estimate"]),
                low=say.share(row["conf_low"]),
                high=say.share(row["conf_high"]),
            )
            assert told in alt
        for _, row in part[part["note"] != ""].iterrows():
            assert say(f"note.{row['note']}") in alt
    numbers = set(re.findall(r"\d+(?=\s?%)", alt))
    shown = frame[["estimate", "conf_low", "conf_high"]].stack().dropna()
    assert numbers <= {say.number(100 * value) for value in shown}


def test_the_alt_text_of_the_matrix_counts_its_cells():
    alt, say = looked_at("status_matrix").alt, Words("en")
    assert f"KVINFO: {say.listing(['complete 2', 'partial 1'])}." in alt
    assert f"FIKA: {say.listing(['complete 1', 'impossible 1', 'undetermined 1'])}." in alt


def test_an_estimate_without_an_interval_is_drawn_and_told_without_one():
    frame = table("fika language 20 40").assign(conf_low=np.nan, conf_high=np.nan)
    figure = dots(frame, "en")
    assert rows_of(figure, "fika") == [{"marker": 0.5, "text": "50%"}]
    assert "ack of language skills 50%." in figure.alt
    assert "nan" not in figure.alt


def test_a_programme_without_a_row_for_a_barrier_has_a_dash_and_no_gap():
    figure = dots(table("fika language 20 40\nfika cost 10 40\nsajo cost 12 40"), "en")
    assert rows_of(figure, "sajo")[0] == {"text": "–"}


def test_the_title_and_description_are_named_once_for_screen_readers():
    svg = looked_at("dots").svg()
    assert len(re.findall("<title", svg)) == len(re.findall("<desc", svg)) == 1
    assert 'role="img" aria-labelledby="kij-title kij-desc"' in svg


def test_words_with_signs_of_html_stay_words():
    class Wild(Words):
        def variable(self, name: str) -> str:
            return 'a <b> & "c" cost 5$ to 7$ more'

    figure = dots(table("fika cost 20 40"), Wild("en"))
    assert "<b>" not in figure.svg() and "&lt;b&gt; &amp;" in figure.svg()
    labels = " ".join(text.get_text() for text in figure.canvas.texts).replace("\n", " ")
    assert "cost 5$ to 7$ more" in labels
    assert not any(text.get_parse_math() for text in figure.canvas.findobj(mpl.text.Text))


def test_all_hidden_is_a_figure_that_says_so():
    frame = suppress(table("fika language 2 30\nsajo language 1 30"))
    figure = dots(frame, "en")
    assert figure.title == "No share can be shown"
    assert [rows_of(figure, p) for p in ("fika", "sajo")] == [[{"text": "hidden"}]] * 2
    assert "n = 30" in figure.canvas.axes[0].get_title(loc="left")


def test_nothing_asked_is_a_figure_that_says_so():
    figure = dots(suppress(table("fika language not_asked\nfika cost not_asked")), "en")
    assert figure.title == "No share can be shown"
    assert figure.canvas.axes[0].get_title(loc="left") == "FIKA"
    assert "FIKA. Not asked:" in figure.alt


def test_equally_frequent_barriers_are_both_named_in_the_headline():
    title = dots(table("fika language 20 40\nfika network 20 40\nfika cost 10 40"), "en").title
    assert title.startswith("Named most often in FIKA:")
    assert "language" in title and "network" in title and "cost" not in title


@pytest.mark.parametrize(
    "frame, sentence",
    [
        (table(SHARES).head(0), "no estimates to draw"),
        (pd.concat([table(SHARES), table(SHARES)]), "several estimates for 'kvinfo / barrier_language'"),
        (table(SHARES).assign(measure="mean"), "not from 'mean'"),
    ],
)
def test_what_dots_cannot_show_is_refused(frame: pd.DataFrame, sentence: str):
    with pytest.raises(UsageError, match=re.escape(sentence)):
        dots(frame, "en")


def look_of(figure: Figure, programme: str) -> tuple[str, str]:
    (axes,) = [axes for axes in figure.canvas.axes if axes.get_label() == programme]
    (line,) = [line for line in axes.lines if line.get_marker() not in ("None", "", None)]
    return line.get_color(), line.get_marker()


def test_a_programme_looks_the_same_whoever_stands_beside_it():
    five = ["kvinfo", "fika", "sajo", "piaac_fi", "piaac_no"]
    together = dots(table("\n".join(f"{programme} language 20 40" for programme in five)), "en")
    for programme in five:
        alone = dots(table(f"{programme} language 20 40"), "en")
        assert look_of(alone, programme) == look_of(together, programme)
    assert len({look_of(together, programme) for programme in five}) == 5
    assert look_of(together, "kvinfo") == PROGRAMMES["kvinfo"]


def test_no_other_programme_takes_the_look_of_the_three():
    others = looks([f"p{number}" for number in range(len(FURTHER))])
    assert not {*PROGRAMMES.values()} & {*others.values()}
    assert len(set(others.values())) == len(FURTHER)


def contrast(colour: str, ground: str = "#FFFFFF") -> float:
    """The contrast of two colours after WCAG 2.2, 1.4.3."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    bright, dark = sorted([luminance(colour), luminance(ground)], reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_defines_it():
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colour", [colour for colour, _ in (*PROGRAMMES.values(), *FURTHER)])
def test_marks_of_programmes_stand_out_from_the_paper(colour: str):
    assert contrast(colour) >= 3


@KINDS
def test_every_text_can_be_read_on_its_ground(kind: str):
    figure = looked_at(kind)
    cells = {"●": "#0B5394", "◐": "#7FB3D5", "?": "#D8A26B", "–": "#D9D9D9"}
    for text in figure.canvas.findobj(mpl.text.Text):
        if text.get_text():
            colour = mpl.colors.to_hex(text.get_color())
            patch = text.get_bbox_patch()
            ground = (
                mpl.colors.to_hex(patch.get_facecolor()) if patch else cells.get(text.get_text(), "#FFFFFF")
            )
            assert contrast(colour, ground) >= 4.5, text.get_text()
    assert contrast(INK) > contrast(MUTED) >= 4.5
