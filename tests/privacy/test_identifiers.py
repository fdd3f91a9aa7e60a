"""Direct identifiers are found by what they are, and ordinary numbers are not taken for them."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import COUNTRIES, danish, finnish, norwegian, swedish

from kij_analysis.privacy import find, hidden, is_mask
from kij_analysis.privacy.headings import said
from kij_analysis.privacy.identifiers import kinds_of
from kij_analysis.sources import ColumnNotes, RawTable


def kinds(*answers: str, heading: str = "") -> list[str]:
    found = kinds_of(answers, heading)
    return [found.get(place, "") for place in range(len(answers))]


def table(**columns: list[object]) -> RawTable:
    frame = pd.DataFrame(columns)
    notes = {name: ColumnNotes(name=name, kind="text") for name in columns}
    return RawTable(
        path=Path("a"), name="a", frame=frame, columns=notes, encoding="utf-8", sha256="", first_row=2
    )


@pytest.mark.parametrize("kind", COUNTRIES)
def test_the_numbers_of_each_country_are_found_by_their_check_rule(kind: str):
    number = COUNTRIES[kind]
    assert kinds(*(number(i) for i in range(40))) == [kind] * 40


@pytest.mark.parametrize("kind", COUNTRIES)
def test_one_number_among_ordinary_answers_and_inside_a_text_is_found(kind: str):
    number = COUNTRIES[kind](7)
    assert kinds("Ja", f"mit nr. er {number}, ring", "Nej") == ["", kind, ""]


@pytest.mark.parametrize("kind", COUNTRIES)
def test_a_wrong_last_sign_is_no_number(kind: str):
    number = COUNTRIES[kind](7)
    wrong = next(sign for sign in "0123456789" if sign != number[-1])
    assert kinds(number[:-1] + wrong) == [""]


@pytest.mark.parametrize(
    "written",
    [
        danish(3)[:6] + "-" + danish(3)[6:],
        danish(3)[:6] + " " + danish(3)[6:],
        danish(3)[:6] + " - " + danish(3)[6:],
        danish(3)[:6] + "\u2011" + danish(3)[6:],
        danish(3) + ".0",
        norwegian(3)[:6] + " " + norwegian(3)[6:],
        norwegian(3, lent=True),
        finnish(3).lower(),
        swedish(3)[:8] + "-" + swedish(3)[8:],
        swedish(3)[2:8] + "+" + swedish(3)[8:],
        swedish(3, lent=True),
    ],
)
def test_separators_dashes_and_capitals_make_no_difference(written: str):
    assert kinds(written) != [""]


@pytest.mark.parametrize("sign", "+-YXWVUABCDEF")
def test_every_sign_of_a_finnish_century_is_known(sign: str):
    assert kinds(finnish(5, sign)) == ["hetu"]


def test_a_number_whose_leading_zero_a_spreadsheet_took_away_is_found():
    early = [danish(i) for i in range(60) if danish(i).startswith("0")]
    raw = table(A=[float(text) for text in early])
    assert find(raw).to_numpy().tolist() == [["A", "cpr", len(early), len(early)]]


def test_numbers_without_modulus_11_of_people_born_on_a_first_of_january_are_found():
    without = [f"010185{serial}" for serial in range(1000, 1011)]
    assert kinds(*without) == ["cpr"] * 11


def test_where_the_heading_says_so_a_date_suffices():
    wrong = danish(3)[:-1] + ("1" if danish(3)[-1] != "1" else "2")
    assert kinds(wrong) == [""]
    assert kinds(wrong, heading="national") == ["cpr"]


@pytest.mark.parametrize("digits", [9, 10, 11, 12])
@pytest.mark.parametrize("first", ["", "20", "0"])
def test_ordinary_running_numbers_are_not_taken_for_people(digits: int, first: str):
    draw = random.Random(digits)
    for _ in range(20):
        numbers = [
            f"{first}{draw.randrange(10 ** (digits - len(first))):0{digits - len(first)}d}" for _ in range(60)
        ]
        assert set(kinds(*numbers)) == {""}


@pytest.mark.parametrize(
    "pattern",
    ["%Y%m%d", "%d%m%Y", "%d-%m-%Y", "%Y-%m-%d %H:%M", "%d.%m.%y %H:%M:%S", "%Y%m%d%H%M", "%d%m%y%H%M"],
)
def test_dates_and_times_are_not_taken_for_people(pattern: str):
    moments = pd.date_range("2019-01-03 08:13", periods=200, freq="37h17min")
    assert set(kinds(*moments.strftime(pattern))) == {""}


def test_of_two_numbers_in_a_hundred_at_most_one_is_taken_for_a_person_where_it_stands_alone():
    draw = random.Random(1)
    for digits in (10, 11):
        alone = [kinds(f"{draw.randrange(10**digits):0{digits}d}") for _ in range(3000)]
        assert sum(found != [""] for found in alone) / 3000 < 0.015


@pytest.mark.parametrize(
    "answer",
    ["anna@example.org", "Skriv til anna.b+x@post.example.dk!", "ANNA@EXAMPLE.ORG", "åsa@exämple.se"],
)
def test_addresses_of_e_mail_are_found(answer: str):
    assert kinds("Sprog", answer) == ["", "email"]


@pytest.mark.parametrize("answer", ["5@6", "kl. 12 @ kontoret", "a@b", "@kvinfo"])
def test_an_at_sign_alone_is_no_address(answer: str):
    assert kinds(answer) == [""]


@pytest.mark.parametrize(
    "answer",
    [
        "+45 20 12 34 56", "+4520123456", "0045 20 12 34 56", "+47 412 34 567", "+46 70-123 45 67",
        "+358 40 123 4567", "+963 944 123 456", "040 123 4567", "040-1234567", "070-123 45 67",
        "tlf. 20123456", "Puh. 0401234567",
        "ring til mig på 20 12 34 56", "mobil: 412 34 567",
    ],
)  # fmt: skip
def test_phone_numbers_are_found_alone_and_in_a_text(answer: str):
    assert kinds(answer) == ["phone"]


@pytest.mark.parametrize(
    "answer",
    ["20123456", "20 30 40 50", "2012 2013", "1234567", "12 000 000", "+10 %", "37,5", "2019-2024", "070"],
)
def test_other_numbers_are_no_phone_numbers(answer: str):
    assert kinds(answer) == [""]


def test_eight_digits_are_phone_numbers_where_the_heading_says_so_or_most_answers_are_grouped_so():
    plain = [f"20{number}" for number in range(123450, 123460)]
    grouped = [f"{text[:2]} {text[2:4]} {text[4:6]} {text[6:]}" for text in plain]
    assert set(kinds(*plain)) == {""}
    assert set(kinds(*plain, heading="phone")) == {"phone"}
    assert set(kinds(*grouped, "Ja")) == {"phone", ""}
    assert set(kinds(*grouped[:4], *(f"svar {i}" for i in range(9)))) == {""}


def test_account_numbers_and_internet_addresses_are_found():
    assert kinds("NO93 8601 1117 947", "192.168.10.7", "2.11.3") == ["iban", "ip", ""]


def test_a_full_name_of_the_declared_column_is_found_in_the_others_and_a_single_word_is_not():
    raw = table(
        Navn=["Åse Bjørnsdottir", "Florence", "Li Wei"],
        Andet=["åse  bjørnsdottir", "Florence", "min nabo"],
    )
    assert find(raw, names=["Navn"]).query("column == 'Andet'").to_numpy().tolist() == [
        ["Andet", "name", 1, 1]
    ]


def test_what_is_found_is_counted_by_answers_and_by_rows_and_never_shown():
    raw = table(
        A=["x@example.org", "x@example.org", "y@example.org", "Sprog", None], B=[1.0, 2.0, 3.0, 4.0, np.nan]
    )
    found = find(raw)
    assert found.to_numpy().tolist() == [["A", "email", 2, 3]]
    assert "example" not in found.to_csv()


@pytest.mark.parametrize(
    "heading, kind",
    [
        ("Navn", "name"), ("Deltagerens navn", "name"), ("etunimi", "name"), ("Sukunimi", "name"),
        ("first_name", "name"), ("LastName", "name"), ("Förnamn och efternamn", "name"),
        ("E-post", "email"), ("E-mailadresse", "email"),
        ("Sähköposti", "email"), ("Tlf.nr.", "phone"), ("Puhelinnumero", "phone"), ("Mobil", "phone"),
        ("CPR-nummer", "national"), ("Fødselsnummer", "national"), ("Henkilötunnus", "national"),
        ("personnummer", "national"), ("Kotiosoite", "address"), ("IP Address", "ip"),
        ("Hvad er dit telefonnummer, så vi kan ringe til dig?", "phone"),
        ("Hva er ditt fulle navn og etternavn?", "name"),
        ("Mikä on sähköpostiosoitteesi?", "email"),
    ],
)  # fmt: skip
def test_headings_that_name_an_identifier_are_known_in_five_languages(heading: str, kind: str):
    assert said(heading) == kind
    assert said("q7", heading) == kind


@pytest.mark.parametrize(
    "heading",
    [
        "Firmanavn", "Ammattinimike", "Hvordan klarer du dig i telefonen på dansk?", "Kommune", "Mobilitet",
        "q1", "",
        "Hvor mange e-mail skriver du på dansk om ugen?", "Parnr", "Løbenr", "Programnavne",
    ],
)  # fmt: skip
def test_headings_that_only_sound_alike_are_not(heading: str):
    assert said(heading) == ""


def test_a_message_of_a_reader_hides_what_stands_in_the_file():
    number = danish(8)
    shown = hidden(f"Expected 2 columns, got 3: a@example.org;{number};+45 20 12 34 56 (row 7 of 2024)")
    assert "example" not in shown and number not in shown and "20 12" not in shown
    assert shown.endswith("(row 7 of 2024)")
    assert is_mask("‹e-mail address›") and not is_mask("‹andet›")
