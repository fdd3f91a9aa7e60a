"""A rule in plain words, and what differs between two versions of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LEADS = ("values", "columns", "missing")
"""Parts of a rule that lead from answers to results."""
SHOWN = 12


class Labels:
    """What codes are called in English, by the definitions of a ledger."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self.columns: Mapping[str, Any] = definitions.get("columns", {})
        self.reasons: Mapping[str, str] = definitions.get("missing", {})
        self.programmes: Mapping[str, str] = definitions.get("programmes", {})

    def value(self, value: object, column: str) -> str:
        """A result of a rule, or a value of a harmonised column.

        Examples
        --------
        >>> book = {"columns": {"job": {"categories": {"in": "In work"}}}, "missing": {"refused": "Refused"}}
        >>> labels = Labels(book)
        >>> labels.value("in", "job"), labels.value({"missing": "refused"}, "job"), labels.value(True, "job")
        ("'In work'", "missing ('Refused')", "'yes'")
        """
        if isinstance(value, Mapping) and set(value) == {"missing"}:
            return f"missing ({self.reason(value['missing'])})"
        if isinstance(value, bool) or value in ("True", "False"):
            return "'yes'" if str(value) == "True" else "'no'"
        known = self.columns.get(column, {}).get("categories", {})
        return f"'{known.get(value, value) if isinstance(value, str) else value}'"

    def reason(self, reason: str) -> str:
        """A missing reason."""
        return f"'{self.reasons.get(reason, reason)}'"

    def column(self, name: str) -> str:
        """A harmonised column by its label, with its name."""
        label = self.columns.get(name, {}).get("label", "")
        return f"{name} ({label})" if label else name


def in_words(kind: str, spec: Mapping[str, Any], column: str, labels: Labels) -> str:
    """A rule as one sentence part.

    Examples
    --------
    >>> in_words("map", {"source": "Job", "values": {"Ja": True}}, "in_work", Labels({}))
    "map: from column 'Job'; 'Ja' → 'yes'"
    """
    parts = []
    for name, part in spec.items():
        if name == "source":
            parts.append(f"from column '{part}'")
        elif name in LEADS and isinstance(part, Mapping):
            own = spec.get("code", "") if name != "missing" else ""
            told = {key: to for key, to in part.items() if not own or to == own}
            found = [f"'{key}' → {_result(name, to, column, labels)}" for key, to in told.items()]
            more = f", and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
            parts.append(", ".join(found[:SHOWN]) + more)
        else:
            parts.append(f"{name.replace('_', ' ')}: {_told(part)}")
    return f"{kind}: {'; '.join(parts)}" if parts else kind


def differences(old: Mapping[str, Any], new: Mapping[str, Any], column: str, labels: Labels) -> Iterator[str]:
    """What one version of a rule says otherwise than the version before.

    Examples
    --------
    >>> old = {"source": "Job", "values": {"Ja": True, "Nej": False}}
    >>> new = {"source": "Arbejde", "values": {"Ja": True, "Nej": True}}
    >>> list(differences(old, new, "in_work", Labels({})))
    ["it reads column 'Arbejde' instead of 'Job'", "'Nej' leads to 'yes' instead of 'no'"]
    """
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if name == "source":
            yield f"it reads column {_told(after)} instead of {_told(before)}"
        elif name == "at" and isinstance(before, int) and isinstance(after, int):
            yield f"it is true from step {after + 1} of the scale upwards instead of step {before + 1}"
        elif isinstance(before or {}, Mapping) and isinstance(after or {}, Mapping):
            yield from _leads(name, before or {}, after or {}, column, labels)
        else:
            yield f"{name.replace('_', ' ')} is {_told(after)} instead of {_told(before)}"


def _leads(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], column: str, labels: Labels
) -> Iterator[str]:
    for key in dict.fromkeys([*before, *after]):
        was, now = (_result(name, part.get(key), column, labels) for part in (before, after))
        shown = f"'{key}'" if key else "an empty cell"
        if key not in before:
            yield f"{shown} is new and leads to {now}"
        elif key not in after:
            yield f"{shown} is no longer in the rule (it led to {was})"
        elif before[key] != after[key]:
            yield f"{shown} leads to {now} instead of {was}"


def _result(name: str, to: Any, column: str, labels: Labels) -> str:
    if name == "missing" and isinstance(to, str):
        return labels.value({"missing": to}, column)
    return labels.value(to, column)


def _told(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, Mapping):
        return ", ".join(f"'{key}' {_told(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(_told(part) for part in value)
    return f"{value}" if isinstance(value, int | float) and not isinstance(value, bool) else f"'{value}'"
