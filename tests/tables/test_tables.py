"""Tables: what they hold, what they keep back, and how they are written."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from kij_analysis import estimates as e
from kij_analysis import figures, tables
from kij_analysis.disclosure import suppress
from kij_analysis.tables import Table


class Elements(HTMLParser):
    """The elements of a piece of HTML as (tag, attributes, text)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self._open: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(len(self.found))
        self.found.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for place in self._open:
            tag, attributes, text = self.found[place]
            self.found[place] = (tag, attributes, text + data)

    def of(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, text) for name, attributes, text in self.found if name == tag]


def table(**changes: object) -> Table:
    fine = {
        "name": "t", "language": "da", "title": "A & B", "header": ("Who", "How many"),
        "rows": (("<b>x</b>", "3"), ("y", "4")), "numeric": (False, True),
    }  # fmt: skip
    return Table(**{**fine, **changes})  # type: ignore[arg-type]


def test_a_table_has_a_caption_and_every_heading_says_what_it_heads():
    elements = Elements(table().html(caption="Tabel 1"))
    assert [text for _, text in elements.of("caption")] == ["Tabel 1. A & B"]
    assert [(a["scope"], text) for a, text in elements.of("th")] == [
        ("col", "Who"),
        ("col", "How many"),
        ("row", "<b>x</b>"),
        ("row", "y"),
    ]
    assert [(a.get("class"), text) for a, text in elements.of("td")] == [("number", "3"), ("number", "4")]


def test_signs_of_html_in_a_text_stay_text():
    html = table(title="<script>", note="a < b & c", mark="<i>").html(caption="<1>")
    assert not {"script", "b", "i"} & {tag for tag, _, _ in Elements(html).found}
    assert "a &lt; b &amp; c" in html


def test_the_mark_stands_in_the_caption_and_at_the_foot_of_the_file(tmp_path: Path):
    marked = table(mark="Syntetiske data")
    assert "Syntetiske data" in Elements(marked.html()).of("caption")[0][1]
    assert marked.save(tmp_path).read_text("utf-8-sig").splitlines()[-1] == "Syntetiske data"


def test_a_table_of_observed_data_has_no_mark(tmp_path: Path):
    assert "mark" not in table().html()
    assert len(table().save(tmp_path).read_text("utf-8-sig").splitlines()) == 3


def test_the_file_opens_in_excel_with_its_letters(tmp_path: Path):
    path = table(rows=(('Søren "S", jr.', "1"),)).save(tmp_path)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and b"\r" not in content
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1] == ['Søren "S", jr.', "1"]


def asked(**changes: object) -> pd.DataFrame:
    fine = {
        "programme": "fika", "role": "mentee", "wave": "end", "format": "xlsx", "languages": "sv, fi",
        "invited": 90, "rows_out": 45, "data_status": "synthetic",
    }  # fmt: skip
    return pd.DataFrame([{**fine, **changes}])


def printed(frame: pd.DataFrame, **options: object) -> tuple[str, ...]:
    """Invited, answers and response rate as the table prints them."""
    return tables.sources(frame, "en", **options).rows[0][5:8]  # type: ignore[arg-type]


def test_the_questionnaires_are_told_with_their_response_rate():
    assert tables.sources(asked(), "en").rows[0][:2] == ("FIKA", "Swedish and Finnish")
    assert printed(asked()) == ("90", "45", "50%")


@pytest.mark.parametrize("answers, shown", [(4, "fewer than 5"), (5, "5"), (6, "6"), (0, "0")])
def test_few_answers_are_not_printed(answers: int, shown: str):
    assert printed(asked(rows_out=answers))[1] == shown


def test_few_answers_cannot_be_had_from_the_response_rate():
    assert printed(asked(rows_out=4)) == ("90", "fewer than 5", "–")
    assert printed(asked(invited=4, rows_out=4)) == ("fewer than 5", "fewer than 5", "–")


def test_few_depends_on_the_threshold_of_the_study():
    assert printed(asked(rows_out=9), threshold=10) == ("90", "fewer than 10", "–")


@pytest.mark.parametrize("invited", [None, float("nan"), 0])
def test_without_the_number_invited_there_is_no_rate(invited: float | None):
    assert printed(asked(invited=invited)) == ("–", "45", "–")


def rows() -> pd.DataFrame:
    fine = {"measure": "share", "method": "wilson", "data_status": "synthetic", "programme": "fika"}
    return e.make(
        [
            {**fine, "variable": "barrier_language", "category": "yes", "estimate": 0.5, "conf_low": 0.3,
             "conf_high": 0.7, "count": 10, "n": 20},
            {**fine, "variable": "labour_status", "category": "unemployed", "estimate": 0.2, "count": 4,
             "n": 20},
            {**fine, "variable": "barrier_health", "category": "yes", "estimate": 0.5, "count": 2, "n": 4},
        ]
    )  # fmt: skip


def test_shares_are_printed_with_interval_and_base_and_hidden_ones_with_the_reason():
    table = tables.estimates(suppress(rows()), "en")
    hidden = "Hidden because it concerns too few persons"
    assert table.rows == (
        ("FIKA", "Lack of language skills", "50%", "30% to 70%", "20", ""),
        ("FIKA", "Labour status: unemployed", "–", "–", "20", hidden),
        ("FIKA", "Health", "–", "–", "–", hidden),
    )


def statuses() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ["gender", "a_2023", "kvinfo", "complete"],
            ["gender", "a_2024", "kvinfo", "partial"],
            ["gender", "b", "fika", "impossible"],
            ["age", "a_2023", "kvinfo", "complete"],
        ],
        columns=["column", "instrument", "programme", "status"],
    ).assign(data_status="synthetic")


def test_a_programme_with_several_questionnaires_has_a_column_for_each():
    table = tables.statuses(statuses(), "en")
    assert table.header == ("Variable", "KVINFO a_2023", "KVINFO a_2024", "FIKA")
    assert table.rows[0][1:] == ("complete", "partial", "impossible")


def test_a_variable_without_a_rule_is_undetermined():
    assert tables.statuses(statuses(), "en").rows[1][1:] == ("complete", "undetermined", "undetermined")


def test_the_table_behind_a_figure_holds_what_was_drawn():
    shown = suppress(rows().query("variable != 'labour_status'"))
    behind = tables.behind(figures.dots(shown, "en"), "en")
    assert [row[2] for row in behind.rows] == ["50%", "–"]
    assert behind.mark == "Synthetic data, not real answers"
    matrix = tables.behind(figures.status_matrix(statuses(), "en"), "en")
    assert matrix.rows == tables.statuses(statuses(), "en").rows


def test_a_row_that_goes_on_with_the_one_above_has_no_empty_heading():
    elements = Elements(table(rows=(("x", "3"), ("", "4"))).html())
    assert [text for attributes, text in elements.of("th") if attributes["scope"] == "row"] == ["x"]
    assert len(elements.of("td")) == 3


def test_the_region_of_a_table_can_have_a_name_of_its_own():
    regions = Elements(table().html(region="Figur 1. Tallene bag figuren")).of("div")
    assert regions[0][0]["aria-label"] == "Figur 1. Tallene bag figuren"


def test_what_is_no_question_of_the_codebook_is_called_as_the_figure_calls_it():
    row = {"programme": "fika", "variable": "response", "category": "mentee_end", "measure": "share"}
    row |= {"estimate": 0.5, "count": 20, "n": 40, "method": "counted", "data_status": "synthetic"}
    frame = e.make([row]).assign(role="mentee", wave="end")
    (told,) = tables.behind(figures.response(frame, "da"), "da").rows
    assert told[:3] == ("FIKA", "Mentees, ved afslutning", "50\N{NO-BREAK SPACE}%")
