"""Figures and tables of accounts: money, perspective and basis in each; room for five languages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from measuring import faults

from kij_analysis import investment, tables
from kij_analysis.errors import UsageError
from kij_analysis.figures import account_contracts, account_even, account_flows, account_tornado
from kij_analysis.figures.accounts.lines import crossing
from kij_analysis.words import LANGUAGES, causal_words, load


@pytest.fixture(scope="module")
def frames():
    found = investment.scenario("two_payment_models")
    one = found.account()
    shares = {"low": 0.2, "high": 0.4}
    return {
        account_flows: investment.flows(one),
        account_tornado: investment.tornado(one, payer="investor"),
        account_even: investment.two_way(one, x="gross", y="without", payer="investor", steps=5),
        account_contracts: investment.compare(
            found.contracts(), found.outcome, found.payers, plan=found.plan, shares=shares
        ),
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", [account_flows, account_tornado, account_even, account_contracts])
def test_a_figure_has_room_and_tells_its_money_in_every_language(draw, language, frames):
    figure = draw(frames[draw], language)
    assert faults(figure) == []
    say = load(language)
    money = say("account.head.money", currency="DKK", year=2024)
    assert money in figure.subtitle and say("account.basis.net") in figure.subtitle
    assert figure.mark and figure.mark in figure.alt
    assert not causal_words(f"{figure.title} {figure.subtitle} {figure.alt}", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_counterfactual_every_title_says_gross(language):
    found = investment.scenario("two_payment_models")
    gross = replace(found.outcome, counterfactual="none", without=None)
    one = replace(found, outcome=gross).account()
    titles = [
        account_flows(investment.flows(one), language).title,
        account_tornado(investment.tornado(one), language).title,
        tables.account_results(investment.results(one), language).title,
    ]
    start = load(language)("account.figure.gross", title="")
    assert all(title.startswith(start) for title in titles)


def test_an_account_of_two_moneys_is_not_drawn(frames):
    mixed = frames[account_flows].assign(price_year=range(len(frames[account_flows])))
    with pytest.raises(UsageError, match="several currencies, price years"):
        account_flows(mixed, "en")


def test_a_line_crosses_zero_only_from_below():
    assert crossing([0, 2], [-1, 1]) == 1
    assert crossing([0, 2], [1, 3]) != crossing([0, 2], [1, 3])


def test_the_table_of_results_leaves_out_what_is_not_counted_and_the_numbers_have_sources():
    one = investment.scenario("two_payment_models").account()
    rows = tables.account_results(investment.results(one), "en").rows
    assert not [row for row in rows if "participants" in row[0] and "value" in row[0]]
    told = tables.account_numbers(investment.numbers(one), "en").rows
    assert all(row[2].strip() for row in told)
    assert any("provider's estimate" in row[2] for row in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_above_the_law_is_told_below_the_results(language):
    one = investment.scenario("two_payment_models").account()
    table = tables.account_results(investment.results(one), language, account=one)
    assert investment.notes(one, language)[-1] in table.note
