"""The rates of two groups over the years in several countries, and the gap between them."""

from __future__ import annotations

import pandas as pd

from kij_analysis.context import line
from kij_analysis.context.speaking import acknowledgement, spoken_age, spoken_group, spoken_place
from kij_analysis.errors import UsageError, listed
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.panes import Pane, draw, height
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import NEUTRAL, styled
from kij_analysis.words import Words, as_words

GROUP, REFERENCE = ("#7A3E9D", "o"), (NEUTRAL, "s")
"""None of them is the look of a programme."""
ONE = ("variable", "age", "sex", "basis", "base", "unit", "table", "office", "status")
"""What all lines of the figure have in common, so that panels may be compared."""


def gaps(
    estimates: pd.DataFrame, words: Words | str, *, gap: pd.DataFrame, name: str = "gap_citizenship"
) -> Figure:
    """The rates of two groups over the years, a panel for each country, with the gap between them.

    Lines are cut where the office marks a break, and a dashed stroke stands there; figures that it calls
    unreliable are hollow. Rates of different age bands, definitions or tables are never drawn in one figure.

    Parameters
    ----------
    estimates
        Rows of `kij_analysis.context.official`: both groups, one sex, one age band, one table.
    words
        The words, or the name of a language.
    gap
        What `kij_analysis.context.gap` makes of them.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If the rates differ in more than country, group and year, with what they differ in.

    Examples
    --------
    >>> from kij_analysis import context
    >>> from kij_analysis.template import template_folder
    >>> rates = context.official(template_folder() / "data/raw/published/official", table="LFSA_ERGAN",
    ...     sex="women", country=["DK", "FI"])
    >>> gaps(rates, "en", gap=context.gap(rates)).title
    'Employment gap (women, 2024): Denmark −6.3 and Finland −22.8 percentage points'
    """
    say = as_words(words)
    rates = _one_definition(estimates, gap)
    countries = [
        code for code in gap["country"].unique() if gap.loc[gap["country"] == code, "estimate"].any()
    ]
    if not countries:
        raise UsageError("No country has figures of both groups.", fix="Choose groups that have some.")
    panes = [_pane(rates, gap, code, say) for code in countries]
    texts = _texts(rates, gap, countries, say)
    with styled():
        paper = sheet(**texts, body=height(panes))
        draw(paper, panes, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(rates, gap, countries, say),
        data=_drawn(rates, gap, countries),
        canvas=paper.canvas,
    )


def _one_definition(estimates: pd.DataFrame, gap: pd.DataFrame) -> pd.DataFrame:
    pair = [gap["group"].iloc[0], gap["reference"].iloc[0]] if len(gap) else []
    rates = estimates[estimates["group"].isin(pair)]
    differing = [column for column in ONE if rates[column].nunique() > 1]
    if differing:
        parts = [f"{column} ({listed(sorted(set(rates[column])), most=4)})" for column in differing]
        what = f"The rates differ in {', '.join(parts)}, so they are not one figure."
        raise UsageError(what, fix="Select one, and draw a figure for each.")
    return rates


def _pane(rates: pd.DataFrame, gap: pd.DataFrame, country: str, say: Words) -> Pane:
    own = rates[rates["country"] == country]
    group, reference = gap["group"].iloc[0], gap["reference"].iloc[0]
    lines = []
    for code, look in ((reference, REFERENCE), (group, GROUP)):
        drawn = line(own[own["group"] == code])
        lines.append((drawn.assign(unreliable=drawn["note"] == "unreliable"), look))
    return Pane(
        title=spoken_place(country, say),
        below=_spoken_gap(gap, country, say),
        lines=lines,
        breaks=_breaks(own),
    )


def _breaks(own: pd.DataFrame) -> list[int]:
    """The years before which a series is broken; nothing stands before the first one."""
    broken = own.loc[own["break_before"] & (own["year"] > own["year"].min()), "year"]
    return sorted(int(year) for year in broken.unique())


def _known(gap: pd.DataFrame, country: str) -> pd.DataFrame:
    own = gap[(gap["country"] == country) & gap["estimate"].notna()]
    return own.sort_values("year")


def _points(size: float, say: Words) -> str:
    text = say.number(100 * size, digits=1)
    return f"+{text}" if size > 0 else text


def _spoken_gap(gap: pd.DataFrame, country: str, say: Words) -> str:
    own = _known(gap, country)
    first, last = own.iloc[0], own.iloc[-1]
    return say(
        "official.gap.panel",
        first=_points(first["estimate"], say),
        first_year=int(first["year"]),
        last=_points(last["estimate"], say),
        last_year=int(last["year"]),
    )


def _texts(rates: pd.DataFrame, gap: pd.DataFrame, countries: list[str], say: Words) -> dict[str, str]:
    one = gap.iloc[0]
    last = [_known(gap, code).iloc[-1] for code in countries]
    years = {int(row["year"]) for row in last}
    told = [f"{spoken_place(row['country'], say)} {_points(row['estimate'], say)}" for row in last]
    sex = say(f"official.sex.{one['sex']}")
    groups = {name: spoken_group(one["basis"], one[name], say) for name in ("group", "reference")}
    drawn = rates[rates["country"].isin(countries)]
    method = [say("official.break")] if any(_breaks(drawn[drawn["country"] == c]) for c in countries) else []
    known = drawn.loc[drawn["remark"] == "", "year"]
    if len(known) < len(drawn) and len(known):
        method.append(say("official.breaks_known", first=int(known.min()), last=int(known.max())))
    method += [say("official.unreliable")] if (drawn["note"] == "unreliable").any() else []
    return {
        "title": (
            say("official.gap.title", sex=sex, year=max(years), list=say.listing(told))
            if len(years) == 1
            else say("official.gap.title_years", sex=sex, list=say.listing(told))
        ),
        "subtitle": say(
            "official.gap.subtitle", indicator=say.sentence(_indicator(one["variable"], say)), sex=sex,
            age=spoken_age(one["age"]), **groups,
        ),
        "footer": say(
            "figure.footer",
            # The gap is our own computation, and so are derived rates.
            source=f"{acknowledgement(gap, say).rstrip('.')}.",
            base=say(f"official.basis.{one['basis']}"),
            method=" ".join([*method, say("official.no_interval")]),
        ).replace("..", "."),
        "mark": say.mark(rates["data_status"]),
    }  # fmt: skip


def _indicator(code: str, say: Words) -> str:
    return (
        say(f"official.indicator.{code}") if say.has(f"official.indicator.{code}") else code.replace("_", " ")
    )


def _alt(rates: pd.DataFrame, gap: pd.DataFrame, countries: list[str], say: Words) -> str:
    parts = [say("official.gap.alt", count=say.number(len(countries)))]
    for country in countries:
        own = rates[rates["country"] == country]
        told = [_spoken_line(own, gap[name].iloc[0], say) for name in ("group", "reference")]
        sentence = say(
            "official.gap.alt_panel",
            country=spoken_place(country, say),
            list="; ".join(told),
            gap=_spoken_gap(gap, country, say),
        )
        broken = [str(year) for year in _breaks(own)]
        parts += (
            [sentence, say("official.gap.alt_breaks", list=say.listing(broken))] if broken else [sentence]
        )
    return " ".join(parts)


def _spoken_line(own: pd.DataFrame, group: str, say: Words) -> str:
    known = own[(own["group"] == group) & own["estimate"].notna()].sort_values("year")
    first, last = known.iloc[0], known.iloc[-1]
    return say(
        "official.gap.alt_group",
        group=spoken_group(first["basis"], group, say),
        first=say.share(first["estimate"], digits=1),
        first_year=int(first["year"]),
        last=say.share(last["estimate"], digits=1),
        last_year=int(last["year"]),
    )


def _drawn(rates: pd.DataFrame, gap: pd.DataFrame, countries: list[str]) -> pd.DataFrame:
    """The rates and the gaps that were drawn, by country."""
    both = pd.concat([rates, gap], ignore_index=True)
    both = both[both["country"].isin(countries)]
    order = both["country"].map(countries.index)
    return (
        both.assign(order=order)
        .sort_values("order", kind="stable")
        .drop(columns="order")
        .reset_index(drop=True)
    )
