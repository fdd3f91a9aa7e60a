"""Who takes part: the groups of several questions, one panel for each programme."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kij_analysis.errors import UsageError, listed
from kij_analysis.figures.figure import Figure
from kij_analysis.figures.panels import draw, plan
from kij_analysis.figures.shares import drawn, level_of, placing, spoken_base, spoken_value, told_gaps
from kij_analysis.figures.sheet import sheet
from kij_analysis.figures.style import styled
from kij_analysis.words import Words, as_words


def profile(
    estimates: pd.DataFrame, words: Words | str, *, lead: str = "", name: str = "participants"
) -> Figure:
    """Dots with intervals for each answer to several questions, the questions as headings.

    Parameters
    ----------
    estimates
        Shares with one row per programme, variable and category (`kij_analysis.survey.profile`), after
        `kij_analysis.disclosure.suppress`.
    words
        The words, or the name of a language.
    lead
        The question that the headline is about; the first if empty.
    name
        The name of the figure's files.

    Raises
    ------
    UsageError
        If there are no estimates, if one is no share, or if a programme has several for one answer.

    Examples
    --------
    >>> from kij_analysis import estimates as e
    >>> rows = [{"programme": "fika", "variable": "education_group", "category": c, "measure": "share",
    ...          "estimate": k / 40, "conf_low": k / 50, "conf_high": k / 30, "count": k, "n": 40,
    ...          "method": "wilson", "data_status": "synthetic"} for c, k in (("low", 10), ("high", 30))]
    >>> profile(e.make(rows), "en").title
    'Education level in three groups: tertiary (ISCED 5-8) is the largest group in FIKA'
    """
    say = as_words(words)
    _check(estimates)
    lead = lead or str(estimates["variable"].iloc[0])
    programmes = list(dict.fromkeys(estimates["programme"]))
    bases = {p: spoken_base(estimates[estimates["programme"] == p], say) for p in programmes}
    texts = {
        "title": _headline(estimates[estimates["variable"] == lead], programmes, say, lead),
        "subtitle": say("figure.profile.subtitle", level=say.share(level_of(estimates))),
        "footer": _footer(estimates, say),
        "mark": say.mark(estimates["data_status"]),
    }
    placed = _spread(estimates, say)
    rows, headings = _rows(placed, say)
    with styled():
        planned = plan(placed, programmes, rows, bases, say, headings=headings)
        paper = sheet(**texts, body=planned.body)
        draw(paper, planned, placed, say)
    return Figure(
        name=name,
        language=say.language,
        **texts,
        alt=_alt(estimates, programmes, bases, say, texts["mark"]),
        data=_drawn(placed, rows, say),
        canvas=paper.canvas,
    )


def _check(estimates: pd.DataFrame) -> None:
    if estimates.empty:
        raise UsageError("There are no estimates to draw.", fix="Look at which programmes were kept.")
    others = sorted(set(estimates["measure"]) - {"share"})
    if others:
        raise UsageError(f"Dots are drawn from shares, not from {listed(others)}.", fix="Choose the shares.")
    several = estimates.duplicated(["programme", "variable", "category"])
    if several.any():
        rows = estimates.loc[several, ["programme", "variable", "category"]].agg(" / ".join, axis=1).unique()
        raise UsageError(
            f"There are several estimates for {listed(rows)}.", fix="Keep one group for each programme."
        )


def _spread(estimates: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The estimates with their rows; a question without answers says so in each row that others fill."""
    parts = []
    for variable, part in estimates.groupby("variable", sort=False):
        codes = [code for code in dict.fromkeys(part["category"]) if code]
        empty = part[part["category"] == ""]
        filled = [empty.assign(category=code) for code in codes] or [empty]
        whole = pd.concat([part[part["category"] != ""], *filled], ignore_index=True)
        rows = [f"{variable}|{code}" for code in whole["category"]]
        parts.append(placing(whole, pd.Series(rows, index=whole.index), say))
    return pd.concat(parts, ignore_index=True)


def _rows(placed: pd.DataFrame, say: Words) -> tuple[dict[str, str], set[str]]:
    """The label of each row from the top, and which are headings: questions with several answers."""
    rows: dict[str, str] = {}
    headings = set()
    for variable, part in placed.groupby("variable", sort=False):
        codes = list(dict.fromkeys(part["category"]))
        label = say.sentence(say.variable(variable))
        if codes in (["yes"], [""]):
            rows[f"{variable}|{codes[0]}"] = label
            continue
        if len(codes) == 1:
            spoken = say.category(variable, codes[0])
            rows[f"{variable}|{codes[0]}"] = say("figure.profile.row", variable=label, item=spoken)
            continue
        rows[f"{variable}|"] = label
        headings.add(f"{variable}|")
        rows.update({f"{variable}|{c}": say.sentence(say.category(variable, c)) for c in codes})
    return rows, headings


def _headline(rows: pd.DataFrame, programmes: list[str], say: Words, lead: str) -> str:
    largest: dict[str, str] = {}
    for programme in programmes:
        own = rows[(rows["programme"] == programme) & rows["estimate"].notna()]
        if len(own):
            first = own.loc[own["estimate"].idxmax()]
            largest[programme] = say.category(lead, first["category"])
    label = say.sentence(say.variable(lead))
    if not largest:
        return say("figure.profile.none")
    if len(set(largest.values())) == 1:
        item = next(iter(largest.values()))
        if len(programmes) == 1:
            where = say.programme(programmes[0])
            return say("figure.profile.one", variable=label, item=item, programme=where)
        if len(largest) == len(programmes):
            return say("figure.profile.same", variable=label, item=item)
    parts = [say("figure.profile.part", item=item, programme=say.programme(p)) for p, item in largest.items()]
    return say("figure.profile.different", variable=label, list=say.listing(parts))


def _footer(estimates: pd.DataFrame, say: Words) -> str:
    methods = " ".join(say(f"method.{m}") for m in dict.fromkeys(estimates["method"]) if m != "none")
    base = say("figure.profile.base")
    return say("figure.footer", source=say("source.surveys"), base=base, method=methods).strip()


def _alt(
    estimates: pd.DataFrame, programmes: list[str], bases: Mapping[str, str], say: Words, mark: str
) -> str:
    """What the picture shows: the largest group of each question in each programme, and what is not shown."""
    parts = [say("figure.profile.alt", items=say.number(estimates["variable"].nunique()))]
    for programme in programmes:
        rows = estimates[estimates["programme"] == programme]
        values = []
        for variable, part in rows.groupby("variable", sort=False):
            if part["estimate"].notna().any():
                top = part.loc[part["estimate"].idxmax()].to_dict()
                values.append(spoken_value(top, _label(str(variable), top["category"], say), say))
        if values:
            spoken = say.programme(programme)
            parts.append(
                say("figure.alt_panel", programme=spoken, n=bases[programme], list=say.listing(values))
            )
        gaps = _gaps(rows)
        labels = [_label(v, c, say) for v, c in zip(gaps["variable"], gaps["category"], strict=True)]
        parts += told_gaps(gaps, labels, say)
    return " ".join([*parts, f"{mark}." if mark else ""]).strip()


def _gaps(rows: pd.DataFrame) -> pd.DataFrame:
    """What is not shown; a question without any share is named once, without its answers."""
    gone = rows[rows["estimate"].isna()]
    shown = set(rows.loc[rows["estimate"].notna(), "variable"])
    whole = ~gone["variable"].isin(shown)
    named = gone.assign(category=gone["category"].mask(whole, ""))
    return named.drop_duplicates(["variable", "category", "note"])


def _label(variable: str, category: str, say: Words) -> str:
    label = say.variable(variable)
    if category in ("", "yes"):
        return label
    return say("figure.profile.row", variable=label, item=say.category(variable, category))


def _drawn(placed: pd.DataFrame, rows: Mapping[str, str], say: Words) -> pd.DataFrame:
    """The numbers drawn, with their labels, in the order of the picture."""
    order = {row: place for place, row in enumerate(rows)}
    sorted_rows = placed.sort_values("row", key=lambda r: r.map(order), kind="stable", ignore_index=True)
    return drawn(sorted_rows, [rows[row] for row in sorted_rows["row"]], say)
