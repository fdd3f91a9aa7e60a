"""Small cells never leave: what may be shown of an estimate."""

from kij_analysis.disclosure.answer_steps import join_steps
from kij_analysis.disclosure.attack import attack
from kij_analysis.disclosure.cells import Leaving
from kij_analysis.disclosure.changes import suppress_changes
from kij_analysis.disclosure.combinations import group_rare
from kij_analysis.disclosure.cuts import suppress_cuts
from kij_analysis.disclosure.flows import suppress_flows
from kij_analysis.disclosure.primary import at_least, suppress
from kij_analysis.disclosure.steps import suppress_steps
from kij_analysis.disclosure.together import Together, together

__all__ = [
    "Leaving", "Together", "at_least", "attack", "group_rare", "join_steps", "suppress", "suppress_changes",
    "suppress_cuts", "suppress_flows", "suppress_steps", "together",
]  # fmt: skip
