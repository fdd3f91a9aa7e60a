"""The programmes' barriers beside the obstacles of official statistics, sorted by what may be compared."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kij_analysis.figures.barriers import drawing
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.shares import level_of
from kij_analysis.figures.style import NEUTRAL
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import country_name

ANY = "barrier_any"
ORDER = ("comparable", "caution", "not_comparable", "not_on_list")


def barrier_official(
    estimates: pd.DataFrame, words: Words | str, *, source: str = "", name: str = "barrier_official"
) -> Figure:
    """Official shares in a lane of their own, the programmes in others, and why they may not be compared.

    Parameters
    ----------
    estimates
        Estimates of `kij_analysis.barriers.beside_official`, after `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    source
        Who has published the official shares.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no shares.

    Examples
    --------
    >>> from kij_analysis import barriers, estimates as e
    >>> row = {"programme": "fika", "variable": "barrier_language", "category": "yes", "measure": "share",
    ...        "estimate": 0.5, "count": 20, "n": 40, "method": "wilson", "data_status": "synthetic"}
    >>> official = e.make([{"variable": "barrier_language", "measure": "share", "estimate": 0.233,
    ...     "method": "printed", "data_status": "published", "question": "main", "country": "EU27",
    ...     "year": 2021}])
    >>> barrier_official(barriers.beside_official(e.make([row]), official), "en").title
    'On the official list too: 1 of 1 barriers; no share may be compared with it as a level'
    """
    say = as_words(words)
    drawing.checked(estimates, measure="share")
    programmes = list(dict.fromkeys(estimates.loc[estimates["side"] == "programme", "programme"]))
    look = drawing.look_of(programmes, say)
    official = estimates[estimates["side"] == "official"]
    verdicts = {row["variable"]: _verdict(row) for row in official.to_dict("records")}
    marks: list[dict[str, Any]] = []
    notes: dict[str, str] = {}
    titles = [_official_title(official, say)]
    titles += [drawing.with_base(p, estimates[estimates["programme"] == p], say) for p in programmes]
    for verdict in ORDER:
        own = official[[verdicts[name] == verdict for name in official["variable"]]]
        if own.empty:
            continue
        block = say(f"barriers.official.verdict.{verdict}")
        notes[block] = _reasons(own, say) if verdict != "not_on_list" else ""
        for variable in own["variable"]:
            rows = estimates[estimates["variable"] == variable].to_dict("records")
            label = say("barriers.official.any") if variable == ANY else drawing.label_of(variable, say)
            for row in rows:
                marks.append(_mark(row, block, label, programmes, look, titles, say))
    return drawing.composed(
        name,
        marks,
        [drawing.shares_lane(title, marks, place, say) for place, title in enumerate(titles)],
        say,
        title=_title(verdicts, say),
        subtitle=say("barriers.official.subtitle", level=say.share(level_of(estimates))),
        foot=drawing.footer(
            say,
            source=say("barriers.official.source", list=source or say("barriers.official.statistics")),
            base=say("barriers.official.base"),
            method=say("method.wilson"),
        ),
        alt=say("barriers.official.alt"),
        notes=notes,
        labels=1.7,
    )


def _verdict(row: dict[str, Any]) -> str:
    return "not_on_list" if row["reasons"] == "not_on_list" else str(row["verdict"])


def _mark(
    row: dict[str, Any],
    block: str,
    label: str,
    programmes: list[str],
    look: dict[str, tuple[str, str]],
    titles: list[str],
    say: Words,
) -> dict[str, Any]:
    lane = 0 if row["side"] == "official" else 1 + programmes.index(row["programme"])
    own = look[row["programme"]] if lane else (NEUTRAL, "h")
    told = "" if pd.isna(row["estimate"]) else say.share(row["estimate"])
    place: dict[str, Any] = {"block": block, "label": label, "lane": lane, "what": titles[lane]}
    return drawing.mark(row, look=own, told=told, hollow=not lane, say=say, **place)


def _official_title(official: pd.DataFrame, say: Words) -> str:
    """Whose share it is: the country, the year and the sex, where these are the same for all rows."""
    known = official[official["estimate"].notna()]
    main = known[known["variable"] != ANY] if (known["variable"] != ANY).any() else known
    parts = []
    for column, speak in (("country", lambda c: _country(c, say)), ("year", lambda y: str(int(float(y))))):
        values = [v for v in dict.fromkeys(main.get(column, pd.Series(dtype=object)).dropna()) if str(v)]
        if len(values) == 1:
            parts.append(speak(values[0]))
    return say("barriers.official.lane", list=", ".join(parts)) if parts else say("barriers.official.plain")


def _country(code: str, say: Words) -> str:
    return "EU" if str(code).startswith("EU") else country_name(say, str(code))


def _reasons(rows: pd.DataFrame, say: Words) -> str:
    codes = [code for text in rows["reasons"] for code in str(text).split("|") if code]
    spoken = [say(f"barriers.official.reason.{code}") for code in dict.fromkeys(codes)]
    return say("barriers.official.because", list="; ".join(spoken)) if spoken else ""


def _title(verdicts: dict[str, str], say: Words) -> str:
    classes = {name: verdict for name, verdict in verdicts.items() if name != ANY}
    shared = [name for name, verdict in classes.items() if verdict != "not_on_list"]
    caution = [name for name in verdicts if verdicts[name] in ("comparable", "caution")]
    counts = {"count": say.number(len(shared)), "total": say.number(len(classes))}
    if not caution:
        return say("barriers.official.none", **counts)
    return say("barriers.official.some", caution=say.number(len(caution)), **counts)
