"""Sentences for what derivations note by a key and facts; here alone the explanation speaks English.

To add a note, add an entry to `NOTES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.errors import grouped
from bpviz.training.explain.making import Note
from bpviz.training.explain.naming import Names

IF: Final = "if"
ELSE: Final = "else"
SINCE: Final = "since"

_MOST_PAIRS: Final = 6


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sentence may tell: a note's facts, and how names and numbers are written."""

    note: Note
    names: Names
    digits: Callable[[float], str]

    def number(self, name: str) -> str:
        value = self.note.fact(name)
        assert isinstance(value, int | float)
        return self.digits(value)

    def count(self, name: str) -> str:
        value = self.note.fact(name)
        assert isinstance(value, int)
        return grouped(value)

    def key(self, name: str) -> str:
        value = self.note.fact(name)
        assert isinstance(value, str)
        return value

    def pairs(self, name: str) -> str:
        places = self.note.fact(name)
        assert isinstance(places, tuple)
        shown = ", ".join(self.names.place(place) for place in places[:_MOST_PAIRS])
        more = len(places) - _MOST_PAIRS
        return f"{shown} and {grouped(more)} more" if more > 0 else shown


NOTES: Final[Mapping[str, Callable[[Facts], str]]] = {
    "before": lambda _at: "As it stands before the step.",
    "given": lambda _at: "Given, not computed.",
    "activation": lambda at: f"The activation is {ACTIVATIONS[at.key('name')].label}.",
    "loss": lambda at: f"{LOSSES[at.key('name')].label}: {LOSSES[at.key('name')].formula}.",
    "penalty": lambda at: f"{PENALTIES[at.key('name')].label}: {PENALTIES[at.key('name')].formula}.",
    "optimizer": lambda at: f"{OPTIMIZERS[at.key('name')].label}: {OPTIMIZERS[at.key('name')].formula}.",
    "batch_mean": lambda at: f"The mean of {at.count('count')} examples.",
    "local_gradient": lambda _at: (
        "The derivative by z is the local gradient, delta; the other factor is what came in."
    ),
    "removed": lambda _at: "This pair is removed: it has no weight and no gradient.",
    "removed_pairs": lambda at: f"Removed pairs contribute nothing: {at.pairs('pairs')}.",
    "at_kink": lambda at: f"At the kink z = {at.number('z')} the slope is a convention, PyTorch's.",
    "loss_kink": lambda at: (
        f"At a − y = {at.number('error')} the loss has a kink; the slope there is a convention."
    ),
    "penalty_kink": lambda _at: "At w = 0 the penalty has a kink; its slope there is taken as 0.",
    "saturated": lambda at: (
        f"The node is saturated: its slope of {at.number('slope')} lets next to nothing through."
    ),
    "cut": lambda at: (
        f"{ACTIVATIONS[at.key('activation')].label} cut the {at.number('arrived')} that arrived: "
        "its slope is 0 here, so nothing goes further back."
    ),
    "fused": lambda at: (
        f"{LOSSES[at.key('loss')].label} with its matching output, "
        f"{ACTIVATIONS[at.key('activation')].label}, gives the output minus the target: the slope cancels."
    ),
    "from_z": lambda _at: (
        "Written with z: so near its end the activation has lost the digits that count here."
    ),
    "leads_nowhere": lambda _at: "No connection leads on from this node, so nothing comes back.",
    "no_input": lambda _at: "Nothing came in through this weight (its input is 0), so its gradient is 0.",
    "no_input_no_move": lambda _at: "Its input is 0, so the weight does not move.",
    "no_penalty": lambda _at: "There is no penalty.",
    "biases_are_free": lambda _at: "Biases are not penalized.",
    "penalty_moves": lambda _at: "This penalty moves the weight by itself, after the optimizer.",
    "no_clipping": lambda _at: "Gradients are not clipped.",
    "within_limit": lambda at: (
        f"The norm {at.number('norm')} is within the limit {at.number('limit')}; nothing is clipped."
    ),
    "clipped": lambda at: (
        f"Clipped: the norm {at.number('norm')} is above the limit {at.number('limit')}, "
        "so every gradient is scaled down."
    ),
    "frozen": lambda _at: "Frozen: it is left out of clipping and does not move.",
    "dead": lambda _at: "This weight died when the L1 penalty carried it across 0; it stays 0.",
    "killed": lambda _at: "The L1 penalty carries the weight across 0; there it becomes 0 and stays it.",
    "stored": lambda at: (
        f"Computed in float64; the run itself computes in float32 and stores {at.number('value')}."
    ),
    "rounding": lambda at: (
        f"The rounded numbers as shown come to {at.number('shown')}; more digits bring it closer."
    ),
}

TELLING: Final[Mapping[str, str]] = {
    **dict.fromkeys(("removed", "leads_nowhere", "no_input", "no_input_no_move", "no_penalty"), ""),
    **dict.fromkeys(("biases_are_free", "no_clipping", "frozen", "dead", "killed", "stored"), ""),
    **dict.fromkeys(("loss_kink", "penalty_kink", "rounding"), ""),
    "at_kink": "z",
    "saturated": "slope",
    "cut": "dloss_da",
    "within_limit": "norm",
    "clipped": "norm",
}
"""Notes that tell a number, or that it is 0, which is not said to somebody who works it out: and, where it is
not the one that is explained or in its formula, the quantity that they tell."""


def sentence(note: Note, names: Names, digits: Callable[[float], str]) -> str:
    """Make a sentence of a note."""
    return NOTES[note.key](Facts(note, names, digits))


def rest(count: int, value: str, style: str) -> str:
    """Name the terms of a sum that are not written out."""
    text = f"{grouped(count)} more"
    return rf"\text{{({count} more: }}{value}\text{{)}}" if style == "latex" else f"({text}: {value})"
