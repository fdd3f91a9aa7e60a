"""What the synthetic surveys are made of: margins and dependence, each with its basis and a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isclose
from typing import Any, ClassVar

from kij_analysis.errors import did_you_mean, listed

BASES = ("published", "assumption")
RATINGS = ("language", "network", "confidence", "satisfaction")
"""The ratings in the order in which they are drawn; a later one may depend on an earlier one."""
BACKGROUND = ("age", "education", "years", "children")
PREDICTORS = (*BACKGROUND, *RATINGS, "in_job", "before", "meetings", "answered", "gain")
"""`before`: had the same status or barrier a wave earlier; `answered`: took part in the end survey;
`gain`: how far the mentee has come in what the mentor is asked about."""
SCORES = (
    *RATINGS,
    *("response", "response_entry", "response_follow_up", "response_mentors", "job_matches", "hours"),
    *(
        "persistence",
        "later_rating",
        "meetings",
        "dropped_out",
        "gain",
        "relationship",
        "mentor_gains",
        "mentor_view",
    ),
    *("labour_market_knowledge", "job_search_skills", "cefr", "waiting"),
)
"""What weights may be given for, beside the statuses and barriers."""
MARKS = ("dont_know", "refused", "blank")


def _not_numbers(values: Mapping[str, Any]) -> list[str]:
    if not isinstance(values, Mapping):
        return ["a block of numbers is wanted."]
    wrong = [name for name, v in values.items() if isinstance(v, bool) or not isinstance(v, int | float)]
    return [f"'{name}' is not a number." for name in wrong]


@dataclass(frozen=True, kw_only=True)
class Grounded:
    """An entry with its basis, the reason for it and, where something is printed, the address."""

    basis: str
    because: str
    source: str = ""

    def faults(self) -> list[str]:
        """What is wrong with the entry, as sentences."""
        found = []
        if self.basis not in BASES:
            found.append(f"basis is '{self.basis}'; it must be {' or '.join(BASES)}.")
        if (self.basis == "published") != bool(self.source):
            found.append("basis: published and a source address belong together.")
        if not str(self.because).strip():
            found.append("because is empty; give a reason.")
        return found


@dataclass(frozen=True, kw_only=True)
class Amount(Grounded):
    """One number."""

    value: float

    def faults(self) -> list[str]:
        """What is wrong with the entry, as sentences."""
        return [*super().faults(), *_not_numbers({"value": self.value})]


@dataclass(frozen=True, kw_only=True)
class Fieldwork(Grounded):
    """The days between which the survey was answered."""

    first: str
    last: str

    @property
    def days(self) -> list[dt.date]:
        """Every day of the period."""
        first, last = dt.date.fromisoformat(self.first), dt.date.fromisoformat(self.last)
        return [first + dt.timedelta(days=day) for day in range((last - first).days + 1)]

    def faults(self) -> list[str]:
        """What is wrong with the entry, as sentences."""
        found = super().faults()
        try:
            if not self.days:
                found.append("last lies before first.")
        except (TypeError, ValueError):
            found.append('first and last are days in quotes, such as "2024-11-04".')
        return found


@dataclass(frozen=True, kw_only=True)
class Spread(Grounded):
    """A spread of whole or half years around a centre, cut off at both ends."""

    shape: str
    centre: float
    spread: float
    lowest: float
    highest: float

    def faults(self) -> list[str]:
        """What is wrong with the entry, as sentences."""
        found = super().faults()
        if self.shape not in ("normal", "lognormal"):
            found.append(f"shape is '{self.shape}'; it must be normal or lognormal.")
        numbers = {name: getattr(self, name) for name in ("centre", "spread", "lowest", "highest")}
        found += _not_numbers(numbers)
        if not _not_numbers(numbers) and not 0 <= self.lowest <= self.centre <= self.highest:
            found.append("lowest, centre and highest must rise from 0 upwards.")
        return found


@dataclass(frozen=True, kw_only=True)
class Shares(Grounded):
    """Shares of categories; `printed` lists sums of them that a source prints."""

    shares: Mapping[str, float]
    printed: tuple[Mapping[str, Any], ...] = ()
    whole: ClassVar[bool] = True

    def faults(self) -> list[str]:
        """What is wrong with the entry, as sentences."""
        found = [*super().faults(), *_not_numbers(self.shares)]
        if found:
            return found
        if self.whole and not isclose(sum(self.shares.values()), 1, abs_tol=1e-9):
            found.append(f"the shares add up to {sum(self.shares.values()):.4g}, not to 1.")
        outside = [code for code, share in self.shares.items() if not 0 <= share <= 1]
        found += [f"the share of '{code}' lies outside 0 to 1." for code in outside]
        if (self.basis == "published") != bool(self.printed):
            found.append("basis: published and the printed values belong together.")
        return [*found, *(fault for value in self.printed for fault in self._printed_faults(value))]

    def _printed_faults(self, value: Mapping[str, Any]) -> list[str]:
        if not isinstance(value, Mapping) or set(value) != {"categories", "share"}:
            return ["a printed value has the keys categories and share."]
        if strangers := [code for code in value["categories"] if code not in self.shares]:
            return [f"printed names {listed(strangers)}, which have no share. Known: {listed(self.shares)}."]
        total = sum(self.shares[code] for code in value["categories"])
        if not isclose(total, value["share"], abs_tol=1e-9):
            what = f"the shares of {listed(value['categories'])} add up to {total:.4g}"
            return [f"{what}, printed is {value['share']}."]
        return []


@dataclass(frozen=True, kw_only=True)
class Portions(Shares):
    """Shares that need not add up to 1, because one person may have several or none."""

    whole: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class Weights(Grounded):
    """Weights of standardised predictors in a score."""

    weights: Mapping[str, float]

    def faults(self) -> list[str]:
        """What is wrong with the entry, as sentences."""
        found = [*super().faults(), *_not_numbers(self.weights)]
        for name in self.weights:
            if name not in PREDICTORS:
                hint = did_you_mean(name, PREDICTORS)
                found.append(f"'{name}' is no predictor. {hint} Known: {listed(PREDICTORS)}.")
        return found


@dataclass(frozen=True, kw_only=True)
class Programme:
    """Who takes part in one programme, what becomes of them, who answers when, how answers are spread.

    Shares of what becomes of people (`status_at_…`, the ratings, barriers, meetings, completion) are
    those of all participants; `labour_status`, `hours`, `job_matches`, `satisfaction`, `relationship` and
    what mentors say are shares among those who answer. What a programme does not ask at entry is left
    out. `…_without` are the shares of all participants as they would be without a mentor; who waits for
    one (`waiting_list`) lives by them.
    """

    participants: Amount
    entry_rate: Amount
    response_rate: Amount
    follow_up_rate: Amount
    mentor_rate: Amount
    entry_fieldwork: Fieldwork
    fieldwork: Fieldwork
    follow_up_fieldwork: Fieldwork
    mentor_fieldwork: Fieldwork
    gender: Shares
    age: Spread
    region_of_origin: Shares
    years_since_arrival: Spread
    children_at_home: Shares
    education: Shares
    status_at_entry: Shares
    status_at_end: Shares
    status_a_year_later: Shares
    labour_status: Shares
    hours: Shares
    job_matches: Shares
    language_at_entry: Shares
    network_at_entry: Shares
    confidence_at_entry: Shares
    language: Shares
    network: Shares
    confidence: Shares
    satisfaction: Shares
    barriers_at_entry: Portions
    barriers: Portions
    meetings: Spread
    minutes: Spread
    completion: Shares
    reason_not_completed: Shares
    relationship: Shares
    mentor_gender: Shares
    mentor_age: Spread
    mentor_birth_place: Shares
    mentor_gains: Shares
    mentor_view: Shares
    unanswered: Portions
    remarks: Amount
    other_spelling: Amount
    repeated_rows: Amount
    wrong_dates: Amount
    ground_for_residence: Shares | None = None
    education_from_abroad: Shares | None = None
    field_of_education: Shares | None = None
    education_recognised: Shares | None = None
    cefr: Shares | None = None
    work_experience_before: Spread | None = None
    work_experience_here: Spread | None = None
    labour_market_knowledge: Shares | None = None
    job_search_skills: Shares | None = None
    same_occupation: Shares | None = None
    waiting_list: Amount | None = None
    waiting_rate: Amount | None = None
    status_without: Shares | None = None
    language_without: Shares | None = None
    network_without: Shares | None = None
    confidence_without: Shares | None = None


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """Everything that the synthetic surveys rest on.

    `truth` is what became of all participants, as computed from the rest: analyses can be held against it.
    """

    seed: int
    programmes: Mapping[str, Programme]
    dependence: Mapping[str, Weights] = field(default_factory=dict)
    truth: Mapping[str, Any] = field(default_factory=dict)

    def weights(self, name: str) -> Mapping[str, float]:
        """The weights of one score, none if nothing is assumed about it."""
        return self.dependence[name].weights if name in self.dependence else {}
