"""The comparison table of programmes: ten cells each, every fact with the number of its source."""

from __future__ import annotations

import pandas as pd

from kij_analysis.codebook.programmes import CELLS
from kij_analysis.errors import UsageError
from kij_analysis.figures.figure import Figure
from kij_analysis.tables.table import Table
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import country_name, spoken_facts
from kij_analysis.words.speaking import NO_BREAK


def programmes(
    profiles: pd.DataFrame,
    words: Words | str,
    *,
    sources: pd.DataFrame | None = None,
    name: str = "programmes",
) -> Table:
    """What has been printed about programmes: one column each, cells as rows, sources as numbers below.

    Three programmes fill the width of a page; compare more in several tables.

    Parameters
    ----------
    profiles
        Rows of `kij_analysis.codebook.profiles`.
    words
        The words, or the name of a language.
    sources
        The publications by `id` with `publisher`, `year` and `address`, as `kij_analysis.indicators.sources`
        gives them; without them, and for one that is not among them, the id stands for itself.
    name
        The name of the table's file.

    Raises
    ------
    UsageError
        If there are no profiles.

    Examples
    --------
    >>> from kij_analysis.codebook import load_codebook
    >>> from kij_analysis.codebook import profiles as profiles_of
    >>> from kij_analysis.template import template_folder
    >>> book = load_codebook(template_folder() / "codebook")
    >>> table = programmes(profiles_of(book, ["fika", "sajo"]), Words("en", book))
    >>> table.header
    ('Topic', 'FIKA, Finland', 'Sammen om en jobb, Norway')
    >>> table.rows[3]
    ('Length', '6 months\\xa0[1,\\xa02]', '6 months\\xa0[6,\\xa07]')
    """
    if profiles.empty:
        raise UsageError("There are no profiles to compare.", fix="Ask for programmes that have one.")
    say = as_words(words)
    codes = list(dict.fromkeys(profiles["programme"]))
    numbers = _numbers(profiles)
    cells = {
        (programme, cell): _cell(rows, numbers, say)
        for (programme, cell), rows in profiles.groupby(["programme", "cell"])
    }
    shown = [cell for cell in CELLS if cell in set(profiles["cell"])]
    return Table(
        name=name,
        language=say.language,
        title=say("programmes.title", list=say.listing([say.programme(code) for code in codes])),
        header=(say("programmes.topic"), *(_heading(code, say) for code in codes)),
        rows=tuple(
            (say(f"programmes.cell.{cell}"), *(cells.get((code, cell), "–") for code in codes))
            for cell in shown
        ),
        numeric=(False,) * (1 + len(codes)),
        mark=say.mark(profiles["data_status"]),
        note=say("programmes.note"),
        sources=listed_sources(numbers, sources, say),
    )


def outputs(figure: Figure, words: Words | str) -> Table:
    """The table behind a figure of outputs: each printed number in words, with its years and its source.

    Examples
    --------
    >>> from kij_analysis.figures import outputs as draw
    >>> from kij_analysis.indicators import load
    >>> from kij_analysis.template import template_folder
    >>> record = load(template_folder() / "data" / "raw" / "published")
    >>> outputs(draw(record, "en", programme="kvinner_ut"), "en").rows[1]
    ('Activities', 'almost 400', '2017–2018', 'bygdekvinnelaget_2019')
    """
    say = as_words(words)
    rows = [
        (
            say.sentence(row["what"]),
            f"{row['qualifier']} {row['number']}".strip(),
            row["years"],
            row["source"],
        )
        for row in figure.data.to_dict("records")
    ]
    return Table(
        name=figure.name,
        language=say.language,
        title=figure.title,
        header=tuple(say(f"programmes.outputs.table.{key}") for key in ("what", "number", "years", "source")),
        rows=tuple(rows),
        numeric=(False, True, False, False),
        mark=figure.mark,
    )


def _heading(code: str, say: Words) -> str:
    """The full name with the country; the short name where two have the same full one."""
    programme = say.codebook.programmes.get(code)
    if programme is None:
        return code
    same = [one for one in say.codebook.programmes.values() if one.name == programme.name]
    name = programme.short if len(same) > 1 else programme.name
    return f"{name}, {country_name(say, programme.country)}"


def _numbers(profiles: pd.DataFrame) -> dict[str, int]:
    """A number for each source, in the order in which a reader meets them going down the columns."""
    met = dict.fromkeys(source for cited in profiles["source"] for source in cited.split())
    return {source: number for number, source in enumerate(met, start=1)}


def _cell(rows: pd.DataFrame, numbers: dict[str, int], say: Words) -> str:
    def mark(cited: str) -> str:
        known = sorted(numbers[source] for source in cited.split())
        return f"{NO_BREAK}[{f',{NO_BREAK}'.join(map(str, known))}]" if known else ""

    facts = [say.sentence(fact) for fact in spoken_facts(rows, say, mark=mark)]
    return "\n".join(facts) if facts else say("programmes.not_published")


def listed_sources(
    numbers: dict[str, int], sources: pd.DataFrame | None, say: Words
) -> tuple[tuple[str, str], ...]:
    """The text and the address of each source."""
    known = {} if sources is None else {row["id"]: row for row in sources.to_dict("records")}
    found = []
    for source, number in numbers.items():
        row = known.get(source)
        if row is None:
            found.append((f"[{number}] {source}", ""))
            continue
        year = say("programmes.undated") if pd.isna(row["year"]) else str(int(row["year"]))
        online = str(row["address"]).startswith("http")
        text = f"[{number}] {row['publisher']}, {year}"
        found.append(
            (text if online else f"{text}, {say('programmes.document')}", row["address"] if online else "")
        )
    return tuple(found)
