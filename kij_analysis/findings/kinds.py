"""The closed lists of the score-card: verdicts, topics, whom a finding is about, rules and needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

VERDICTS: Mapping[str, str] = {
    "borne_out": "the rule holds: the whole interval lies where the finding says",
    "contradicted": "the whole interval lies where the finding says that it does not",
    "inconclusive": "the interval holds both, or there is none",
    "not_testable": "nothing to test it with; `needed` says what would be",
    "test_runs": "on synthetic data or assumed amounts: `would_say` is what the test gave, never evidence",
}
"""What a score-card says of a finding, and when."""

TOPICS = ("outcomes", "barriers", "mentoring", "cost", "complement", "cooperation")
ABOUT = ("mentees", "mentors", "pairs", "population", "employers", "authorities", "money")
"""Whom, or what, a finding is about."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of test: what is estimated by which function, when it bears a finding out, and when not.

    `answers` says whether it is run on the answers of the study, programme by programme.
    """

    estimator: str
    borne_out: str
    contradicted: str
    answers: bool = True


KINDS: Mapping[str, Kind] = {
    "share_at_least": Kind(
        estimator="kij.survey.shares, or kij.indicators.definitions where a definition is named",
        borne_out="the lower one-sided bound of the share is at least `share`",
        contradicted="its upper one-sided bound is below `share`",
    ),
    "share_near": Kind(
        estimator="as share_at_least",
        borne_out="two one-sided tests: the interval lies within `share` plus or minus `within`",
        contradicted="the interval lies wholly outside",
    ),
    "change_above": Kind(
        estimator="kij.effects.change",
        borne_out="the lower one-sided bound of the change in the same persons is above `margin`",
        contradicted="its upper one-sided bound is below `margin`",
    ),
    "change_near": Kind(
        estimator="kij.effects.change",
        borne_out="two one-sided tests: the interval of the change lies within plus or minus `within`",
        contradicted="the interval lies wholly outside",
    ),
    "difference_above": Kind(
        estimator="kij.survey.differences",
        borne_out="the lower one-sided bound of the first share less the second is above `margin`",
        contradicted="its upper one-sided bound is below `margin`",
    ),
    "barrier_among_top": Kind(
        estimator="kij.barriers.ranking",
        borne_out="the interval of its rank, which holds for all ranks together, ends at `top` or before",
        contradicted="the interval begins after `top`",
    ),
    "association_above": Kind(
        estimator="kij.effects.dose",
        borne_out="the lower one-sided bound of the rank correlation is above `margin`",
        contradicted="its upper one-sided bound is below `margin`",
    ),
    "effect_above": Kind(
        estimator="kij.effects.beside and kij.effects.compare (doubly robust, average among the treated)",
        borne_out="the lower one-sided bound is above `margin`, and the result has level 3 or more",
        contradicted="its upper one-sided bound is below `margin`, and the result has level 3 or more",
    ),
    "official_gap": Kind(
        estimator="kij.context.official and kij.context.gap, the newest year of each country",
        borne_out="the gap is `gap` or wider by more than `blur`, for errors that are not printed",
        contradicted="it is narrower than `gap` by more than `blur`",
        answers=False,
    ),
    "account": Kind(
        estimator="kij.investment.simulate on the scenario of the report",
        borne_out="the interval of the probability of a loss ends at `loss_at_most` or below",
        contradicted="it begins at 1 less `loss_at_most` or above",
        answers=False,
    ),
    "printed_at_least": Kind(
        estimator="kij.indicators.computed",
        borne_out="the interval from the printed n, with what rounding and non-response leave open, is above "
        "`share`",
        contradicted="it lies below `share`; without a printed n there is no interval: not testable",
        answers=False,
    ),
    "printed_near": Kind(
        estimator="kij.indicators.computed and kij.indicators.comparability with the record `beside`",
        borne_out="both intervals together lie within plus or minus `within` of each other",
        contradicted="they lie further apart than `within`; not comparable: not testable",
        answers=False,
    ),
    "not_testable": Kind(
        estimator="none",
        borne_out="never",
        contradicted="never",
        answers=False,
    ),
}  # fmt: skip
"""The kinds of tests. All but the last can give every verdict."""

NEEDED: Mapping[str, str] = {
    "question": "a question that the surveys do not ask (named under `variables`)",
    "comparable_question": "a question asked so that its answers can be compared",
    "answers": "answers of this programme, role and wave",
    "both_waves": "answers of the same persons at both times",
    "more_persons": "more persons than may be shown or than an interval takes",
    "comparison_group": "a comparison group: a waiting list, a lottery, or persons alike who take no part",
    "alike_groups": "a comparison group that is alike in what was known before",
    "printed_base": "the number of persons behind the printed share",
    "printed_number": "a printed number for this outcome",
    "comparable_record": "a printed number that counts the same, of the same persons, at the same time",
    "employers_survey": "a survey of employers",
    "authorities_survey": "a survey of the authorities that refer or work with the programmes",
    "participation_elsewhere": "which public services the same women take part in, before and beside",
    "cooperation_recorded": "how closely each site works with authorities and companies, on one scale",
    "register_data": "register data on work and benefits, with consent or through a statistical office",
    "real_costs": "the programmes' own accounts: what a course costs, and what municipalities pay",
    "counterfactual": "what would have been without the programme, for the account",
    "official_figures": "official figures of both groups, of the same table and year",
    "scenario": "a scenario file whose numbers are given as unsure",
}
"""What would be needed to test what cannot be tested."""

OF_NOTES: Mapping[str, str] = {
    "not_asked": "question",
    "not_comparable": "comparable_question",
    "undetermined": "comparable_question",
    "not_applicable": "question",
    "no_answers": "answers",
    "one_group_empty": "answers",
    "no_pairs": "both_waves",
    "no_entry": "both_waves",
    "no_common_support": "alike_groups",
    "poor_overlap": "alike_groups",
    "hidden_small_count": "more_persons",
    "not_published": "official_figures",
    "gross": "counterfactual",
    "work_left_out": "scenario",
    "not_drawn": "scenario",
    "contradicts_itself": "printed_base",
}
"""What is needed where an estimate is missing, by its note; for all others more persons."""
