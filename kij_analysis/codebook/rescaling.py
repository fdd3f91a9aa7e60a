"""Rescaling in a crosswalk: one answer scale carried over to the outputs of a variable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kij_analysis.codebook.crosswalks import Missing, Rule, Spec, Stretch, Threshold
from kij_analysis.codebook.rule_values import method_problem
from kij_analysis.codebook.specs import Ridit, StepTable
from kij_analysis.codebook.variables import Column, Scale, Variable
from kij_analysis.codebook.yaml_nodes import Steps
from kij_analysis.errors import did_you_mean, listed

if TYPE_CHECKING:
    from kij_analysis.codebook.rule_files import RuleReader


def scale_of(reader: RuleReader, name: str, steps: Steps) -> Scale | None:
    """A scale by its name; one that scales.yaml does not have is a problem."""
    scale = reader.codebook.scales.get(name)
    if scale is None:
        hint = did_you_mean(name, reader.codebook.scales)
        reader.say(steps, f"scales.yaml has no scale '{name}'.", hint)
    return scale


def rescaled(
    reader: RuleReader, variable: Variable, entry: Mapping[str, Any], outer: Mapping[str, Any], steps: Steps
) -> Iterator[Rule]:
    """The rules of one rescaling: one for each output; `outer` is the decision about all of them."""
    part, there = entry["rescale"], (*steps, "rescale")
    scale = scale_of(reader, part["scale"], (*there, "scale"))
    if scale is None:
        return
    missing = reader.reasons((*there, "missing"), part.get("missing", {}))
    shared = {"source": part["from"], "scale": scale.id, "missing": missing}
    for output, own in part["outputs"].items():
        place = (*there, "outputs", output)
        column = reader.output(variable, output, place)
        if column is None:
            continue
        what, fix = method_problem(own, column)
        reader.say(place, what, fix)
        spec = None if what else _spec(reader, own, scale, column, shared, place, part.get("reversed", False))
        # A rule with a problem still stands for its column, so that nothing else is said about it.
        spec = spec or Threshold(**shared, at=0)
        yield reader.decided(own["method"], spec, {**outer, **own}, own, place, column.name)


def _spec(
    reader: RuleReader,
    own: Mapping[str, Any],
    scale: Scale,
    column: Column,
    shared: Mapping[str, Any],
    place: Steps,
    turned: bool,
) -> Spec | None:
    low, high = own.get("to", (0, 100))
    if own["method"] == "stretch":
        return Stretch(**shared, low=low, high=high, reversed=turned)
    if own["method"] == "threshold":
        return Threshold(**shared, at=step_of(reader, scale, own["at"], (*place, "at")), reversed=turned)
    if own["method"] == "ridit":
        weights = _reference(reader, own["reference"], scale, (*place, "reference"))
        return Ridit(**shared, low=low, high=high, reference=weights, reversed=turned)
    numbers = by_step(reader, own["values"], scale, (*place, "values"))
    for step, number in own["values"].items():
        if not isinstance(number, dict):
            reader.value(number, column, (*place, "values", step))
    if turned:
        reader.say(place, "table and reversed: do not go together.", "Give each step the number that it has.")
    found = tuple(Missing(n["missing"]) if isinstance(n, dict) else n for n in numbers)
    for step, number in own["values"].items():
        if isinstance(number, dict):
            reader.reasons((*place, "values", step), number)
    return StepTable(**shared, numbers=found)


def step_of(reader: RuleReader, scale: Scale, at: Any, steps: Steps) -> int:
    """The position of a step named by its code or by a label."""
    for position, category in enumerate(scale.categories):
        if str(at) == category.code or at in category.labels.values():
            return position
    names = [name for c in scale.categories for name in (c.code, *c.labels.values()) if name]
    fix = f"{did_you_mean(at, names)} Known: {listed(names)}.".strip()
    reader.say(steps, f"The scale '{scale.id}' has no step '{at}'.", fix)
    return 0


def by_step(reader: RuleReader, given: Mapping[Any, Any], scale: Scale, steps: Steps) -> list[Any]:
    """What is given for each step of a scale, from low to high; a step left out is a problem."""
    found: dict[int, Any] = {}
    for name, value in given.items():
        position = step_of(reader, scale, name, (*steps, name))
        if position in found:
            reader.say((*steps, name), f"'{name}' is a step that stands here twice.", "Keep one of the two.")
        found[position] = value
    absent = [
        c.code or next(iter(c.labels.values())) for i, c in enumerate(scale.categories) if i not in found
    ]
    if absent:
        reader.say(steps, f"The scale '{scale.id}' also has the steps {listed(absent)}.", "Add each of them.")
    return [found.get(position, 0) for position in range(len(scale.categories))]


def _reference(reader: RuleReader, given: Any, scale: Scale, steps: Steps) -> tuple[float, ...]:
    """The weights of the reference population of ridits; none where the file's own answers are it."""
    if given == "own":
        return ()
    if not isinstance(given, Mapping):
        reader.say(steps, f"'{given}' is no reference for ridits.", "Write own, or a number for each step.")
        return ()
    weights = tuple(float(weight) for weight in by_step(reader, given, scale, steps))
    if not sum(weights):
        reader.say(steps, "All weights of the reference are zero.", "Count the people at each step.")
    return weights
