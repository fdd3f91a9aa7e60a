"""A finding's test, numbers and needs in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kij_analysis.claims import spoken_amount
from kij_analysis.findings.finding import Finding
from kij_analysis.words import Words, as_words
from kij_analysis.words.facts import country_name
from kij_analysis.words.speaking import NO_BREAK

DIFFERENCES = ("difference", "risk_difference", "change")


def told_rule(finding: Finding, words: Words | str, *, record: pd.DataFrame | None = None) -> str:
    """What is tested, in one line: the number, of whom, and where it must lie.

    Parameters
    ----------
    finding
        A finding.
    words
        The words, or the name of a language.
    record
        The printed record, for tests of printed numbers.

    Examples
    --------
    >>> from kij_analysis.findings import load
    >>> from kij_analysis.study import open_study
    >>> from kij_analysis.template import template_folder
    >>> told_rule(load(open_study(template_folder()))["work_or_education"], "en")
    'In work or education at the end – of those who answered: at least 30%'
    """
    say = as_words(words)
    kind, options = finding.test.kind, finding.test.options
    if kind == "not_testable":
        return say("findings.rule.not_testable")
    values = {**_numbers(options, say), **_names(options, say), "what": _what(kind, options, say, record)}
    if "record" in options and "beside" in options:
        values["beside"] = _printed(options["beside"], record, say)
    return say.sentence(say(f"findings.rule.{kind}", **values))


def told_number(row: Mapping[str, Any], words: Words | str) -> str:
    """The number of a row of a score-card with its interval and its base, or why there is none.

    Examples
    --------
    >>> told_number({"measure": "share", "estimate": 0.52, "conf_low": 0.45, "conf_high": 0.59, "n": 126,
    ...              "note": ""}, "en")
    '52%\\xa0(45%\\xa0to\\xa059%), n\\xa0=\\xa0126'
    """
    say = as_words(words)
    if pd.isna(row["estimate"]):
        return say(f"short.{row['note']}") if row.get("note") else "–"
    shown = spoken_amount(row, float(row["estimate"]), say, signed=row["measure"] in DIFFERENCES)
    parts = [shown]
    if pd.notna(row.get("rank_low")) and row["rank_low"]:
        low, high = (say.number(row[name]) for name in ("rank_low", "rank_high"))
        parts.append(say("findings.rank", low=low, high=high))
    elif pd.notna(row["conf_low"]):
        ends = [spoken_amount(row, float(row[name]), say, bare=True) for name in ("conf_low", "conf_high")]
        parts[0] = f"{shown} ({say('table.interval', low=ends[0], high=ends[1])})"
    if pd.notna(row["n"]) and row["n"]:
        parts.append(say("claim.base", n=say.number(row["n"])))
    # A number stays in one line with its interval and its sign.
    return ", ".join(part.replace(" ", NO_BREAK) for part in parts)


def told_part(part: str, words: Words) -> str:
    """Of whom a row is: a programme, two of them, a country, a payer."""
    if words.has(f"account.payer.{part}"):
        return words(f"account.payer.{part}")
    if part.isupper() and len(part) == 2:
        return country_name(words, part)
    known = words.codebook.programmes
    if part not in known and part.count("-") == 1 and all(side in known for side in part.split("-")):
        return "–".join(words.programme(side) for side in part.split("-"))
    return words.programme(part)


def told_needed(codes: str, finding: Finding | None, words: Words) -> str:
    """What would be needed, as codes joined by ``|`` and by what the finding itself says."""
    if finding is not None and finding.test.kind == "not_testable" and "say" in finding.test.options:
        return str(finding.test.options["say"][words.language])
    said = [words(f"findings.needed.{code}") for code in codes.split("|") if code]
    return "; ".join(said)


def _what(kind: str, options: Mapping[str, Any], say: Words, record: pd.DataFrame | None) -> str:
    """The number that the test is about, and of whom."""
    if "definition" in options:
        return _defined(options["definition"], say)
    if kind in ("printed_at_least", "printed_near"):
        return _printed(options["record"], record, say)
    if kind == "barrier_among_top":
        return say(
            "findings.when", what=say.variable(f"barrier_{options['barrier']}"), wave=_wave(options, say)
        )
    if kind == "official_gap":
        return _official(options, say)
    if kind == "account":
        return say(f"account.payer.{options['payer']}")
    name = options.get("variable", options.get("outcome", ""))
    what = say.variable(name)
    if options.get("answers"):
        answers = say.listing([say.category(name, code) for code in options["answers"]])
        what = say("findings.category", what=what, answers=answers)
    if options.get("role") == "mentor":
        what = say("findings.of", what=what, who=say("role.mentor"))
    if kind.startswith(("share", "difference")):
        what = say("findings.when", what=what, wave=_wave(options, say))
    return _among(what, options, say)


def _among(what: str, options: Mapping[str, Any], say: Words) -> str:
    among = options.get("among")
    if not among:
        return what
    answers = say.listing([say.category(among["variable"], code) for code in among["answers"]])
    who = say("findings.category", what=say.variable(among["variable"]), answers=answers)
    return say("findings.among", what=what, who=who, wave=say(f"wave.{among['wave']}"))


def _defined(named: Mapping[str, str], say: Words) -> str:
    followed = named["timing"] == "after_k_months"
    when = say("wave.follow_up") if followed else say(f"printed.timing.{named['timing']}", number="")
    indicator, denominator = named["indicator"], named["denominator"]
    what = f"{say(f'printed.indicator.{indicator}')} {when}"
    return say("printed.what", what=what, base=say(f"printed.denominator.{denominator}"))


def _printed(id: str, record: pd.DataFrame | None, say: Words) -> str:
    from kij_analysis.indicators import label

    if record is None:
        return id
    return label(record.set_index("id", drop=False).loc[id], say)


def _official(options: Mapping[str, Any], say: Words) -> str:
    code = options["indicator"]
    known = say.has(f"official.indicator.{code}")
    name = say(f"official.indicator.{code}") if known else say(f"findings.official.{code}")
    sex = options.get("sex", "all")
    return say("findings.of", what=name, who=say(f"official.sex.{sex}"))


def _wave(options: Mapping[str, Any], say: Words) -> str:
    return say(f"wave.{options.get('wave', 'end')}")


def _numbers(options: Mapping[str, Any], say: Words) -> dict[str, str]:
    """The numbers of a rule, as the language writes them."""
    values = {name: say.share(options[name]) for name in ("share", "loss_at_most") if name in options}
    if "top" in options:
        values["top"] = say.number(options["top"])
    if "gap" in options:
        values["gap"] = say.number(100 * options["gap"])
    points = "definition" in options or not _scored(options)
    for name in ("margin", "within"):
        value = float(options.get(name, 0.0))
        unit = points and "dose" not in options
        digits = 0 if unit or value == 0 or value >= 1 else 2
        number = say.number(100 * value if unit else value, digits=digits)
        values[name] = say("claim.amount.share", number=number) if unit and value else number
    return values


def _scored(options: Mapping[str, Any]) -> bool:
    """Whether the unit is points of a score, not a share."""
    return str(options.get("variable", options.get("outcome", ""))).endswith("_score")


def _names(options: Mapping[str, Any], say: Words) -> dict[str, str]:
    """The groups, times and doses of a rule."""
    waves = options.get("waves", ("entry", "end"))
    values = {"first": say(f"wave.{waves[0]}"), "second": say(f"wave.{waves[1]}")}
    if "between" in options:
        values = {side: _side(options["between"], options[side], say) for side in ("first", "second")}
    if "dose" in options:
        values["dose"] = say.variable(options["dose"])
    if "group" in options and "basis" in options:
        pair = {"group": options["group"], "reference": options["reference"]}
        values |= {side: say(f"official.group.{options['basis']}_{code}") for side, code in pair.items()}
    return values


def _side(between: str, code: str, say: Words) -> str:
    if between == "role":
        return say(f"role.{code}")
    return say.programme(code) if between == "programme" else say.category(between, code)
