"""A script that fills in forms at random, and knows what the harmonised data must then hold."""

from __future__ import annotations

import csv
import datetime as dt
import random
from dataclasses import dataclass, field
from pathlib import Path

from kij_analysis.codebook.crosswalks import Missing
from kij_analysis.questionnaire import Choice, Form, Item

GROUPS = {"isced_0_1": "low", "isced_2": "low", "isced_3": "medium", "isced_4": "medium"}
SECRET = "what people write themselves"


@dataclass
class Filled:
    """One form filled in: the cells of the export, and every harmonised column as (value, missing reason)."""

    cells: dict[str, str] = field(default_factory=dict)
    expected: dict[str, tuple[object, str | None]] = field(default_factory=dict)


def fill(form: Form, person: str, draw: random.Random) -> Filled:
    """One person's answers: valid ones, do not know, do not want to, empty cells, questions not shown."""
    filled = Filled(cells={"person_id": person, "pair_id": f"pair {person}", "date": "2027-05-31"})
    given: dict[str, str] = {}
    for item in form.items:
        decides, codes = item.only_if
        shown = not decides or given.get(decides, "") in codes
        kind = draw.choices(["answer", "beside", "empty"], [8, 1, 1])[0] if shown else "hidden"
        if kind == "answer":
            cell, found = _answer(item, filled.cells, draw)
            given[item.name] = cell
        elif kind == "beside":
            choice = draw.choice(item.beside)
            assert isinstance(choice.result, Missing)
            cell, found = _printed(choice, draw), _none(item, choice.result.reason)
        else:
            # Hidden is not applicable if the answer that decides is known; otherwise it is just empty.
            known = kind == "hidden" and decides in given
            cell, found = "", _none(item, "not_applicable" if known else "no_answer")
        filled.cells[item.name] = cell if kind != "answer" else _shown(item, cell, draw)
        filled.expected.update(found)
    return filled


def write(path: Path, form: Form, people: list[Filled]) -> None:
    """The export as a survey tool writes it: UTF-8, semicolons, quotes where needed."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, form.columns, delimiter=";", restval="")
        table.writeheader()
        table.writerows(person.cells for person in people)


def _answer(
    item: Item, cells: dict[str, str], draw: random.Random
) -> tuple[str, dict[str, tuple[object, None]]]:
    """(the answer by its codes, what it must become)."""
    if item.kind == "number":
        low, high = item.minimum, item.maximum
        number = draw.choice([low, high, float(draw.randint(int(low), int(high)))])
        if item.name == "hours" and number < high:
            number += 0.5
        return f"{number:g}".replace(".", ","), {item.name: (number, None)}
    if item.kind == "date":
        day = dt.date(2026, 1, 1) + dt.timedelta(days=draw.randrange(500))
        return day.isoformat(), {item.name: (day, None)}
    if item.kind == "several":
        real = [choice for choice in item.choices if choice.result != "none"]
        chosen = draw.choice(
            [draw.sample(real, draw.randint(1, 5)), [c for c in item.choices if c.result == "none"]]
        )
        results = {choice.result for choice in chosen}
        for choice in chosen:
            if choice.text_column:
                cells[choice.text_column] = SECRET
        columns = {f"barrier_{choice.result}": (choice.result in results, None) for choice in real}
        return ";".join(choice.code for choice in chosen), columns
    choice = draw.choice(item.choices)
    if choice.text_column:
        cells[choice.text_column] = SECRET
    if item.kind == "scale":
        step = int(choice.code)
        return choice.code, {
            f"{item.name}_score": ((step - 1) * 25.0, None),
            f"{item.name}_high": (step >= 4, None),
        }
    if item.name == "education":
        group = GROUPS.get(str(choice.result), "high")
        return choice.code, {"education_level": (choice.result, None), "education_group": (group, None)}
    return choice.code, {item.name: (choice.result, None)}


def _none(item: Item, reason: str) -> dict[str, tuple[object, str]]:
    """The reason in every column that the question fills."""
    if item.kind == "several":
        names = [f"barrier_{choice.result}" for choice in item.choices if choice.result != "none"]
    elif item.kind == "scale":
        names = [f"{item.name}_score", f"{item.name}_high"]
    elif item.name == "education":
        names = ["education_level", "education_group"]
    else:
        names = [item.name]
    return dict.fromkeys(names, (None, reason))


def _shown(item: Item, cell: str, draw: random.Random) -> str:
    """Some tools export the codes and some the texts: one of the two."""
    if item.kind in ("number", "date") or draw.random() < 0.5:
        return cell
    texts = {choice.code: choice.text for choice in item.choices}
    return ";".join(texts[code] for code in cell.split(";"))


def _printed(choice: Choice, draw: random.Random) -> str:
    return draw.choice([choice.code, choice.text])
