"""The score-card as a whole: parts and all, hiding, printed numbers beside, the table in five languages."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from findings.making import evidence_of, finding, persons

import kij_analysis as kij
from kij_analysis.cli import main
from kij_analysis.disclosure import suppress
from kij_analysis.estimates import COLUMNS
from kij_analysis.findings import TOPICS, Evidence, Finding, held, load, scorecard, settled
from kij_analysis.findings.evidence import evidence
from kij_analysis.findings.scorecard import RIGHT
from kij_analysis.study import open_study
from kij_analysis.tables import scorecard as table_of
from kij_analysis.template import template_folder
from kij_analysis.words import LANGUAGES

STUDY = open_study(template_folder())
OPTIONS = {"variable": "network_high", "share": 0.5}
THREE = ("kvinfo", "fika", "sajo")


@pytest.fixture(scope="module")
def findings() -> dict[str, Finding]:
    return load(STUDY)


@pytest.fixture(scope="module")
def card(demonstration, findings) -> pd.DataFrame:
    return scorecard(STUDY, demonstration, findings=findings)


@pytest.fixture(scope="module")
def record() -> pd.DataFrame:
    return kij.indicators.load(STUDY)


@pytest.fixture(scope="module")
def shown(card) -> pd.DataFrame:
    return suppress(card)


def of(*counts: tuple[int, int], status: str = "observed") -> Evidence:
    """Answers of some programmes: so many of so many with a good network."""
    parts = [persons(*n, programme=code, status=status) for code, n in zip(THREE, counts, strict=False)]
    return evidence_of(*parts)


# ---------------------------------------------------------------- parts and all

OVER_ALL = """
kvinfo  | fika    | sajo  | all
18 20   | 18 20   | 18 20 | borne_out
18 20   | 18 20   | 9 20  | inconclusive
18 20   | 18 20   | 0 0   | inconclusive
18 20   | 18 20   | 1 20  | contradicted
18 20   | 18 20   | 6 20  | inconclusive
6 20    | 0 0     | 0 0   | inconclusive
1 20    | 0 0     | 0 0   | contradicted
0 0     | 0 0     | 0 0   | not_testable
"""


@pytest.mark.parametrize("line", OVER_ALL.strip().splitlines()[1:])
def test_over_all_a_finding_holds_only_if_it_holds_of_every_programme(line):
    *counts, says = [cell.strip() for cell in line.split("|")]
    pairs = [tuple(int(number) for number in cell.split()) for cell in counts]
    rows = held(finding("share_at_least", OPTIONS, said_of=THREE), of(*pairs))
    assert rows["programme"].tolist() == [*THREE, "all"]
    assert rows["verdict"].tolist()[-1] == says


def test_one_programme_that_contradicts_by_a_hair_does_not_contradict_three():
    """6 of 20 lies below a half at 95 per cent, but not at the 98.3 per cent at which three hold together."""
    alone = held(finding("share_at_least", OPTIONS, said_of=("kvinfo",)), of((6, 20)))
    assert alone["verdict"].tolist() == ["contradicted", "contradicted"]
    three = held(finding("share_at_least", OPTIONS, said_of=THREE), of((6, 20), (18, 20), (18, 20)))
    assert three["verdict"].tolist() == ["contradicted", "borne_out", "borne_out", "inconclusive"]
    assert three["strict"].tolist()[0] == "inconclusive"


def test_only_the_programmes_that_are_asked_for_are_looked_at():
    one = finding("share_at_least", OPTIONS, said_of=THREE)
    rows = held(one, of((18, 20), (1, 20), (1, 20)), programmes=["kvinfo"])
    assert rows["verdict"].tolist() == ["borne_out", "borne_out"]
    assert held(one, of((18, 20)), programmes=["womento"]).empty


# ---------------------------------------------------------------- what is hidden says nothing


@pytest.mark.parametrize("limit", [0.1, 0.9])
def test_a_hidden_number_and_its_verdict_cannot_be_told(limit):
    """Whether nobody or four of twenty gave the answer, or nearly all: the table is the same."""
    one = finding("share_at_least", {**OPTIONS, "share": limit}, said_of=("kvinfo", "fika"))
    tables = set()
    for count in (0, 4, 16, 20):
        shown = suppress(held(one, of((12, 20), (count, 20))), threshold=5)
        table = table_of(shown, "en", findings={"made": one})
        tables.add((table.rows, table.note, settled(shown).to_csv()))
    assert len(tables) == 1
    ((rows, _, _),) = tables
    assert "FIKA: hidden – not testable with these data" in rows[0][2]


def test_what_can_be_shown_keeps_its_verdict():
    one = finding("share_at_least", OPTIONS, said_of=("kvinfo",))
    rows = held(one, of((14, 20)))
    assert (
        settled(suppress(rows, threshold=5))["verdict"].tolist()
        == rows["verdict"].tolist()
        == ["borne_out"] * 2
    )
    assert settled(suppress(rows, threshold=7))["verdict"].tolist() == ["not_testable"] * 2


# ---------------------------------------------------------------- the demonstration


def test_every_finding_has_one_verdict_over_all(card, findings):
    assert list(card.columns[: len(COLUMNS) + len(RIGHT)]) == [*COLUMNS, *RIGHT]
    assert card.loc[card["programme"] == "all", "finding"].tolist() == list(findings)
    assert (card["topic"] == [findings[code].topic for code in card["finding"]]).all()


def test_no_finding_is_borne_out_by_synthetic_data_or_assumed_amounts(card):
    made_up = card[card["data_status"].isin(["synthetic", "assumed"])]
    assert set(made_up["verdict"]) == {"test_runs", "not_testable"}
    assert {"borne_out", "contradicted", "inconclusive"} <= set(made_up["would_say"])
    real = card[(card["data_status"] == "published") & (card["programme"] == "all")]
    verdicts = dict(zip(real["finding"], real["verdict"], strict=True))
    assert verdicts["employment_gap"] == verdicts["womento_in_work"] == "borne_out"
    assert verdicts["womento_own_field"] == "inconclusive"


def test_a_finding_about_a_cause_is_not_testable_where_nobody_waits(card):
    rows = card[card["finding"] == "work_beyond_without"].set_index("programme")
    assert rows.loc["kvinfo", "maryland"] >= 3
    assert (
        rows.loc[["fika", "sajo"], ["verdict", "needed"]].values.tolist()
        == [["not_testable", "comparison_group"]] * 2
    )


def test_an_estimate_that_several_findings_need_is_made_once(demonstration, findings):
    against = evidence(STUDY, demonstration)
    two = {code: findings[code] for code in ("matching_job_2015", "matching_job_2017")}
    scorecard(STUDY, against, findings=two)
    assert len(against.made) == 1


def test_a_number_that_the_user_enters_stands_beside_the_computed_one(demonstration, findings):
    known = evidence(STUDY, demonstration)
    new = known.record[known.record["id"] == "kvinfo_employed_or_education_2021"].assign(
        id="report_fika_2024", programme="fika", value=41.0, year_from=2024, year_to=2024
    )
    record = pd.concat([known.record, new], ignore_index=True)
    with_it = replace(known, record=record, own=("report_fika_2024",), made={})
    one = {"work_or_education": findings["work_or_education"]}
    rows = scorecard(STUDY, with_it, findings=one)
    assert rows.set_index("programme").loc["fika", "printed"] == "report_fika_2024"
    table = table_of(suppress(rows), "en", findings=one, record=record)
    assert "; in print 41% (2024) – would say: borne out" in table.rows[0][2]


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_can_be_printed_in_every_language(shown, record, findings, language):
    for topic in TOPICS:
        table = table_of(shown, language, findings=findings, record=record, topic=topic)
        mine = [one for one in findings.values() if one.topic == topic]
        assert [row[0].split("\xa0[")[0] for row in table.rows] == [one.sentence[language] for one in mine]
        cells = " ".join(cell for row in table.rows for cell in row)
        assert not re.search(r"\b[a-z]+_[a-z_]+\b", cells), re.search(r"\b[a-z]+_[a-z_]+\b", cells)
        assert "nan" not in cells.split()
        assert table.html().count("<tr>") == len(mine) + 1


@pytest.mark.parametrize(
    ("language", "would"), [("en", "would say"), ("da", "ville sige"), ("fi", "sanoisi")]
)
def test_no_line_on_synthetic_data_gives_a_verdict_without_saying_so(shown, findings, language, would):
    table = table_of(shown, language, findings=findings, topic="mentoring")
    untested = kij.words.load(language)("findings.verdict.not_testable")
    for row in table.rows:
        assert all(would in line or line.endswith(untested) for line in row[2].split("\n"))
    assert table.mark


def test_an_observed_study_has_neither_mark_nor_warning():
    one = finding("share_at_least", OPTIONS, said_of=("fika",))
    table = table_of(suppress(held(one, evidence_of(persons(14, 20)))), "en", findings={"made": one})
    assert table.mark == "" and "made up" not in table.note
    assert table.rows[0][2:] == ("FIKA: 70%\xa0(52%\xa0to\xa084%), n\xa0=\xa020 – borne out", "Borne out.")


def test_a_table_of_no_findings_is_empty(card, findings):
    table = table_of(card[card["topic"] == "nothing"], "sv", findings=findings)
    assert table.rows == () and table.mark == ""


# ---------------------------------------------------------------- the command


@pytest.fixture
def ready(demonstration, monkeypatch):
    monkeypatch.setattr(kij, "harmonise", lambda study: demonstration, raising=False)


def test_the_command_explains_one_finding(ready, capsys):
    assert main(["findings", str(template_folder()), "--finding", "work_or_education"]) == 0
    told = capsys.readouterr().out
    assert "work_or_education: Many of the women are in work" in told
    assert "Why this test: The source says many" in told
    assert "Borne out where: the lower one-sided bound" in told
    assert "1: the test runs, no evidence: 1" in told


def test_the_command_prints_a_topic_in_another_language(ready, capsys):
    assert main(["findings", str(template_folder()), "--topic", "cooperation", "--language", "fi"]) == 0
    told = capsys.readouterr().out
    assert "ei testattavissa tällä aineistolla: 3" in told and "Tarvitaan:" in told


@pytest.mark.parametrize(
    ("option", "said"),
    [("--finding=work_or_educatin", "Did you mean 'work_or_education'"), ("--topic=x", "Known")],
)
def test_the_command_knows_what_is_meant(ready, option, said, capsys):
    assert main(["findings", str(template_folder()), option]) == 2
    assert said in capsys.readouterr().err
