"""Which quantities the picture can show: a table of views, each naming what links, biases and nodes have.

Besides those with a name of their own there is one for each quantity of nodes or of weights and biases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bpviz.registry import Registry
from bpviz.training.phases import PhaseKind
from bpviz.training.quantities import QUANTITIES, Quantity


@dataclass(frozen=True, slots=True)
class ValueView:
    """A choice of numbers to be shown.

    Attributes:
        name: Key.
        label: What menus show.
        about: As a tooltip.
        links: The quantity that connections and biases show.
        nodes: The quantities that nodes show, each where it has values; none when they show nothing.
        maps: Nodes show their output over the plane of two inputs instead, where there is one.
        lines: The quantities written in the nodes at work, from above, where these are not the nodes' own.
        link_lines: The quantities written on connections at work, where these are not their own.
        shares: All its numbers are shares or truths: their scales lead from 0 to 1.
        note: What else its legend says.
    """

    name: str
    label: str
    about: str = ""
    links: str = "value"
    nodes: tuple[str, ...] = ()
    maps: bool = False
    lines: tuple[str, ...] = ()
    link_lines: tuple[str, ...] = ()
    shares: bool = False
    note: str = ""

    @property
    def is_of_step(self) -> bool:
        """Whether some of its numbers are those of a step, and not just how the run stands."""
        return self.links != "value" or (bool(self.nodes) and not self.maps)

    @property
    def pairs_word(self) -> str:
        """What connections show."""
        return "weight" if self.links == "value" else QUANTITIES[self.links].word

    @property
    def biases_word(self) -> str:
        """What biases show."""
        return "bias" if self.links == "value" else f"bias {QUANTITIES[self.links].word}"

    @property
    def nodes_word(self) -> str:
        """What nodes show; empty when they show nothing of their own."""
        return QUANTITIES[self.nodes[-1]].word if self.nodes else ""

    @property
    def nodes_symbol(self) -> str:
        """The symbol of that."""
        return QUANTITIES[self.nodes[-1]].symbol if self.nodes else ""


_OUTPUT: Final = ("input", "a")
_DEAD: Final = "Nodes at 1 are dead: no example moves them"
_OLD_AND_NEW: Final = ("value", "new")

WEIGHTS: Final = ValueView("weights", "Weights", maps=True)
_NAMED: Final = (
    WEIGHTS,
    ValueView("gradients", "Gradients", links="gradient"),
    ValueView("deltas", "Deltas", nodes=("delta",)),
    ValueView("activations", "Activations", nodes=_OUTPUT),
    ValueView("outputs", "Outputs", nodes=_OUTPUT, maps=True),
    ValueView("changes", "Changes", links="change"),
    ValueView("slopes", "Slopes", nodes=("slope",)),
    ValueView("still", "Frozen and dead", links="held", nodes=("flat",), shares=True, note=_DEAD),
)
"""Those with a command of their own, in `bpviz.ui.commands.viewing`."""

PHASES: Final[Mapping[PhaseKind, ValueView]] = {
    "forward": ValueView("forward", "Forward", nodes=_OUTPUT, lines=("z", "a")),
    "loss": ValueView("loss", "Loss", nodes=_OUTPUT, lines=("a", "target")),
    "backward": ValueView("backward", "Backward", nodes=("delta",)),
    "update": ValueView("update", "Update", links="change", lines=_OLD_AND_NEW, link_lines=_OLD_AND_NEW),
}
"""What is shown while a step is walked through."""


def views() -> Registry[ValueView]:
    """Return all views: those with a name, then one for each quantity that none of these is about."""
    return Registry("view", *_NAMED, *other_views())


def other_views() -> Iterator[ValueView]:
    """List the views of quantities that no named view is about."""
    named = {
        "value",
        *_OUTPUT,
        *(view.links for view in _NAMED),
        *(key for view in _NAMED for key in view.nodes),
    }
    for entry in QUANTITIES.values():
        if entry.name not in named and entry.scope != "whole" and entry.per != "example":
            yield _view_of(entry)


def _view_of(entry: Quantity) -> ValueView:
    label = entry.label[0].upper() + entry.label[1:]
    if entry.scope == "parameter":
        return ValueView(entry.name, label, f"Color links by this: {entry.label}", links=entry.name)
    return ValueView(entry.name, label, f"Color nodes by this: {entry.label}", nodes=(entry.name,))
