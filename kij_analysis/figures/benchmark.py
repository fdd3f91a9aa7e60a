"""Participants in work beside the women of the population who are most like them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.disclosure import at_least
from kij_analysis.errors import UsageError, listed
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.printed import shares_scale
from kij_analysis.figures.rows import Row, draw, height
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import NEUTRAL, looks, styled
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import country_name

POPULATION = ("alike", "foreign_born", "native_born")
LOOKS: Mapping[str, tuple[str, str]] = {"foreign_born": (NEUTRAL, "o"), "native_born": (NEUTRAL, "s")}


def benchmark(estimates: pd.DataFrame, words: Words | str, *, name: str = "benchmark") -> Figure:
    """The share in work among participants, and below it those of women in the population.

    The women most like the participants are drawn hollow in the programme's colour, all women by birth in
    grey. The figure says that it compares nothing, and which survey files are missing.

    Parameters
    ----------
    estimates
        What `kij_analysis.context.benchmark` returns, after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there is nothing to draw, or if the rows are of several surveys or waves.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> row = {"programme": "sajo", "variable": "employed", "category": "yes", "measure": "share", "n": 40,
    ...        "method": "wilson", "data_status": "synthetic", "country": "NO", "survey": "piaac",
    ...        "year": 2012, "wave": "end", "ages": "20-64", "minimum": 15, "level": 0.95, "file": ""}
    >>> rows = [row | {"group": "participants", "estimate": 0.5}, row | {"group": "alike", "estimate": 0.75}]
    >>> benchmark(e.make(rows), "en").title
    'In work: SAJO 50%, women like them in Norway 75%'
    """
    say = as_words(words)
    _check(estimates)
    drawn = told(estimates, say)
    texts = {
        "title": _headline(drawn, say),
        "subtitle": _subtitle(estimates.iloc[0].to_dict(), say),
        "footer": _footer(drawn, say),
        "mark": say.mark(estimates["data_status"]),
    }
    look = looks(list(dict.fromkeys(drawn["programme"])), order=list(say.codebook.programmes))
    points = [_point(row, look[row["programme"]]) for row in drawn.to_dict("records")]
    with styled():
        paper = sheet(**texts, body=height(points))
        draw(paper, points, shares_scale(say))
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(drawn, texts["mark"], say),
        data=drawn,
        canvas=paper.canvas,
    )


def _check(estimates: pd.DataFrame) -> None:
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Look at which programmes were kept.")
    for name in ("survey", "wave", "ages"):
        if estimates[name].nunique() > 1:
            found = listed(estimates[name].unique())
            raise UsageError(
                f"The rows differ in {name} ({found}), so they are not one figure.", fix="Draw each alone."
            )


def told(estimates: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The rows with their words: whom they are about, and what is missing.

    Parameters
    ----------
    estimates
        What `kij_analysis.context.benchmark` returns.
    say
        The words.

    Returns
    -------
    DataFrame
        With `heading`, `who`, `label`, `number` and `note_text` beside the numbers. Where a survey file is
        missing, one row says so for the whole population.
    """
    lacking = (estimates["note"] == "no_file") & (estimates["group"] != "alike")
    rows = estimates[~lacking].reset_index(drop=True)
    spoken = [_spoken(row, say) for row in rows.to_dict("records")]
    columns = [
        "programme", "country", "group", "estimate", "std_error", "conf_low", "conf_high", "count", "n",
        "method", "data_status", "note", "survey", "year", "wave", "ages", "minimum", "participants",
        "on_all", "on_fewer", "unmatched", "level", "file",
    ]  # fmt: skip
    return pd.concat([rows.reindex(columns=columns), pd.DataFrame(spoken)], axis=1)


def _spoken(row: Mapping[str, Any], say: Words) -> dict[str, str]:
    place = country_name(say, row["country"])
    who = _who(row, say)
    missing = pd.isna(row["estimate"])
    note = say(f"note.{row['note']}") if row["note"] else ""
    label = who
    if missing:
        label = say("population.benchmark.missing", label=who, note=_small(note))
    elif pd.notna(row["n"]):
        label = say("population.benchmark.row", label=who, n=say.number(row["n"]))
    return {
        "heading": say(
            "population.benchmark.heading", programme=say.programme(row["programme"]), country=place
        ),
        "who": who,
        "label": label,
        "number": "–" if missing else say.share(row["estimate"]),
        "note_text": note,
    }


def _who(row: Mapping[str, Any], say: Words) -> str:
    if row["group"] == "participants":
        return say("population.benchmark.participants", when=say(f"wave.{row['wave']}"))
    return say(f"population.benchmark.{row['group']}")


def _small(text: str) -> str:
    """A sentence as part of another one."""
    return text[:1].lower() + text[1:]


def _point(row: Mapping[str, Any], look: tuple[str, str]) -> Row:
    own = LOOKS.get(row["group"], look)
    return Row(
        heading=row["heading"], label=row["label"], number=row["number"], value=row["estimate"], look=own,
        low=row["conf_low"], high=row["conf_high"], hollow=row["group"] == "alike",
    )  # fmt: skip


def _headline(drawn: pd.DataFrame, say: Words) -> str:
    """The share of each programme with that of the women like its participants, where there is one."""
    shown = drawn[drawn["estimate"].notna()]
    own = shown[shown["group"] == "participants"].set_index("programme")
    alike = shown[shown["group"] == "alike"].set_index("programme")
    both = [
        say(
            "population.benchmark.part",
            programme=say.programme(name),
            own=own.at[name, "number"],
            country=country_name(say, own.at[name, "country"]),
            alike=alike.at[name, "number"],
        )
        for name in own.index
        if name in alike.index
    ]
    if both:
        return say("population.benchmark.title", list="; ".join(both))
    alone = [
        say("population.benchmark.part_own", programme=say.programme(name), own=own.at[name, "number"])
        for name in own.index
    ]
    if not alone:
        return say("population.benchmark.title_none")
    when = say(f"wave.{drawn['wave'].iloc[0]}")
    return say("population.benchmark.title_own", when=when, list=say.listing(alone))


def _subtitle(row: Mapping[str, Any], say: Words) -> str:
    return say(
        "population.benchmark.subtitle",
        level=say.share(row["level"]),
        when=say(f"wave.{row['wave']}"),
        ages=row["ages"].replace("-", "–"),
        survey=say(
            "population.table.years", survey=say(f"population.short.{row['survey']}"), year=row["year"]
        ),
    )


def _footer(drawn: pd.DataFrame, say: Words) -> str:
    methods = " ".join(say(f"method.{m}") for m in dict.fromkeys(drawn["method"]) if m != "none")
    survey = say(f"population.survey.{drawn['survey'].iloc[0]}")
    return say(
        "figure.footer",
        source=say("population.benchmark.source", survey=survey),
        base=" ".join([said(drawn, say), missing_files(drawn, say)]).strip(),
        method=methods,
    ).strip()


def said(drawn: pd.DataFrame, say: Words) -> str:
    """What the benchmark is not, who counts as alike, and how many were matched."""
    parts = [say("population.benchmark.not_counterfactual")]
    alike = drawn[(drawn["group"] == "alike") & drawn["estimate"].notna()]
    if len(alike):
        minimum = say.number(alike["minimum"].iloc[0])
        parts.append(say("population.benchmark.alike_in", minimum=minimum))
    for row in alike.to_dict("records"):
        counts = {"all": row["on_all"], "fewer": row["on_fewer"], "unmatched": row["unmatched"]}
        spoken = _counts(counts, say)
        parts.append(say("population.benchmark.matched", programme=say.programme(row["programme"]), **spoken))
    return " ".join(parts)


def _counts(counts: Mapping[str, float], say: Words) -> dict[str, str]:
    """Numbers of participants; a small one is told as a word, and so is the one that would tell it."""
    hidden = [key for key, count in counts.items() if at_least(count) is None]
    others = sorted((count, key) for key, count in counts.items() if count and key not in hidden)
    if len(hidden) == 1 and others:
        hidden.append(others[0][1])
    return {
        key: say("population.benchmark.some") if key in hidden else say.number(count)
        for key, count in counts.items()
    }


def missing_files(frame: pd.DataFrame, say: Words) -> str:
    """Which public-use files are missing, and how to get them; empty if none is."""
    lacking = frame[frame["note"] == "no_file"].drop_duplicates(["survey", "country"])
    if lacking.empty:
        return ""
    steps = []
    for row in lacking.to_dict("records"):
        place = country_name(say, row["country"])
        key = row["survey"] if row["file"] else "unknown"
        steps.append(say(f"population.missing.{key}", country=place, file=row["file"]))
    return " ".join([*steps, say("population.missing.guide")])


def _alt(drawn: pd.DataFrame, mark: str, say: Words) -> str:
    parts = [say("population.benchmark.alt")]
    for heading, rows in drawn.groupby("heading", sort=False):
        listed_rows = []
        for row in rows.to_dict("records"):
            text = row["label"] if pd.isna(row["estimate"]) else f"{row['label']}: {row['number']}"
            if pd.notna(row["conf_low"]):
                ends = {"low": say.share(row["conf_low"]), "high": say.share(row["conf_high"])}
                text = f"{text} ({say('table.interval', **ends)})"
            listed_rows.append(text)
        parts.append(say("population.benchmark.alt_block", heading=heading, list="; ".join(listed_rows)))
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()
