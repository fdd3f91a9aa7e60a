"""A figure inside a page is the figure of its file, in fewer characters."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from kij_analysis import estimates as e
from kij_analysis import figures
from kij_analysis.figures.inline import data_uri, slim

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def svg() -> str:
    row = {"programme": "fika", "variable": "barrier_language", "measure": "share", "count": 30, "n": 50,
           "estimate": 0.6, "conf_low": 0.46, "conf_high": 0.72, "method": "wilson",
           "data_status": "synthetic"}  # fmt: skip
    other = row | {"variable": "barrier_network", "estimate": 0.4, "conf_low": 0.27, "conf_high": 0.55}
    figure = figures.dots(e.make([row, other]), "da")
    return replace(figure, title="50 % & <mere> #1 'x' \"y\"").svg()


def glyphs(text: str, place: str) -> int:
    """How many letters are drawn: uses of outlines that are not empty."""
    tree = ElementTree.fromstring(text)
    outlines = {p.get("id"): p.get("d", "").strip() for p in tree.iter(f"{SVG}path") if p.get("id")}
    used = [use.get(place, "")[1:] for use in tree.iter(f"{SVG}use")]
    return sum(1 for name in used if outlines.get(name))


def test_the_slim_picture_draws_as_many_letters_marks_and_lines(svg: str):
    small = slim(svg)
    assert len(small) < 0.55 * len(svg)
    assert glyphs(small, "href") == glyphs(svg, "{http://www.w3.org/1999/xlink}href") > 50
    for tag in ("rect", "clipPath"):
        count = [len(list(ElementTree.fromstring(text).iter(SVG + tag))) for text in (small, svg)]
        assert count[0] == count[1]
    lines = [
        len([p for p in ElementTree.fromstring(text).iter(f"{SVG}path") if not p.get("id")])
        for text in (small, svg)
    ]
    assert lines[0] == lines[1]


def test_title_and_description_stay_word_for_word(svg: str):
    for tag in ("title", "desc"):
        one, other = (ElementTree.fromstring(text).find(SVG + tag).text for text in (slim(svg), svg))
        assert one == other and one


def test_every_name_that_is_used_is_there_once(svg: str):
    small = slim(svg)
    ids = re.findall(r' id="([^"]*)"', small)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'"#([^"]*)"|url\(#([^)]*)\)', small)) <= {(i, "") for i in ids} | {
        ("", i) for i in ids
    }


def test_the_address_of_a_picture_can_stand_in_html_and_is_read_back(svg: str):
    address = data_uri(svg)
    kind, _, content = address.partition(",")
    assert kind == "data:image/svg+xml"
    assert '"' not in address and "#" not in address and "\n" not in address
    read = unquote(content.replace("&amp;", "&"))
    title = ElementTree.fromstring(read).find(f"{SVG}title").text
    assert title == ElementTree.fromstring(svg).find(f"{SVG}title").text


def test_the_scale_of_small_type_is_not_rounded():
    group = '<svg><g style="fill: #222222" transform="translate(1.23456 2) scale(0.085 -0.085)"></g></svg>'
    assert 'transform="translate(1.23 2) scale(0.085 -0.085)"' in slim(group)


def test_the_same_picture_gives_the_same_address(svg: str):
    assert data_uri(svg) == data_uri(svg)
