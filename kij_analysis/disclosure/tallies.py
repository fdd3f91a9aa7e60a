"""Relations of some tables: movements between statuses, steps of scales, numbers of barriers named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from kij_analysis.disclosure.cells import Cells
from kij_analysis.disclosure.relations import Answers, Links, by_item, once, who
from kij_analysis.disclosure.sums import Terms

NUMBERS_NAMED = ("barriers_named", "barriers_named_shared")
"""How many barriers were named: of those on the programme's own list, and of those on all lists."""
STEP = re.compile(r"steps?_(\d+)(?:_to_\d+)?_of_\d+")
MORE = re.compile(r"(\d+)(_or_more)?")


def movements(cells: Cells, found: Links) -> Iterator[Terms]:
    """Columns of a table of movements: whoever is in a status came from one."""
    moving = [line for line in cells.lines if line.of.get("first") and line.own is not None]
    for lines in by_item(moving, lambda line: (line.of["programme"], line.of["category"], who(line.by))):
        own, of = list(once(lines)), lines[0].of
        after = [
            line.own
            for line in cells.lines
            if line.item == lines[0].item and line.own is not None and not line.of.get("first")
            and (line.of["programme"], line.of["category"]) == (of["programme"], of["category"])
            and line.by.get("wave_1") == lines[0].by.get("wave_2")
        ]  # fmt: skip
        for whole in after[:1]:
            rest = cells.values[whole] - sum(cells.values[cell] for cell in own)
            if rest < 0:
                continue
            terms = (*((cell, 1.0) for cell in own), (whole, -1.0))
            if rest:
                # Those who were away in between are in no row: nobody knows how many.
                other = cells.cell(("rest", whole, tuple(own)), rest)
                found.free.add(other)
                terms = (*terms, (other, 1.0))
            yield terms


def steps(cells: Cells, answers: Answers) -> Iterator[Terms]:
    """Steps of a scale that add up to the share above a cut of it."""
    steps: dict[tuple[str, str, object, float], list[tuple[int, int]]] = defaultdict(list)
    for (programme, variable, category), lines in answers.items():
        for cell, line in lines.items():
            if step := STEP.fullmatch(category):
                place = (programme, variable, (line.item, who(line.by)), cells.values[line.base or 0])
                steps[place].append((int(step[1]), cell))
    for (programme, variable, _, n), own in steps.items():
        high = answers.get((programme, f"{variable.removesuffix('_score')}_high", "yes"), {})
        cuts = {cell for cell, line in high.items() if cells.values[line.base or 0] == n}
        above: list[int] = []
        for _, cell in sorted(own, reverse=True):
            above = [*above, cell]
            total = sum(cells.values[step] for step in above)
            for cut in cuts:
                if cells.values[cut] == total:
                    yield (*((step, 1.0) for step in above), (cut, -1.0))


def numbers_named(cells: Cells, answers: Answers, found: Links) -> Iterator[Terms]:
    """How many answers were named in all: from the mean, from each answer, and from how many named each."""
    numbers: dict[tuple[str, str, float], list[tuple[int, float, bool]]] = defaultdict(list)
    named: dict[tuple[str, float], list[int]] = defaultdict(list)
    for (programme, variable, category), lines in answers.items():
        for cell, line in lines.items():
            n = cells.values[line.base or 0]
            several = MORE.fullmatch(category)
            if variable in NUMBERS_NAMED and several:
                numbers[programme, variable, n].append((cell, float(several[1]), bool(several[2])))
            elif variable.startswith("barrier_") and category == "yes" and variable != "barrier_any":
                named[programme, n].append(cell)
    for (programme, variable, n), own in numbers.items():
        least = sum(cells.values[cell] * number for cell, number, _ in own)
        total = round(cells.totals.get((programme, variable, n), least))
        beyond = total - least
        if beyond < 0 or sum(cells.values[cell] for cell, _, _ in own) != n:
            continue
        whole = cells.cell(("named", programme, variable, n), total)
        found.means[whole] = (programme, variable, n)
        # How many more than the fewest of the last class were named is printed nowhere.
        extra = cells.cell(("more", whole), beyond)
        found.free.add(extra)
        further = ((extra, 1.0),) if any(more for _, _, more in own) else ()
        yield (*((cell, number) for cell, number, _ in own if number), *further, (whole, -1.0))
        singly = named.get((programme, n), [])
        if variable == NUMBERS_NAMED[0] and sum(cells.values[cell] for cell in singly) == total:
            yield (*((cell, 1.0) for cell in singly), (whole, -1.0))
