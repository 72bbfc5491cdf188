"""What figures need to name things: layers, nodes, classes and the loss of a run, without its project."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bpviz.data.prepare import Prepared
from bpviz.engine.losses import LOSSES
from bpviz.engine.update import Rule
from bpviz.model.compile import Compiled
from bpviz.model.naming import layer_label
from bpviz.model.spec import Role
from bpviz.training.series import Trait


@dataclass(frozen=True, slots=True)
class Group:
    """Nodes that belong together: a layer.

    Attributes:
        id: In series; see `Series.column`.
        label: What it is called.
        role: What it does.
        nodes: Ids, from top to bottom.
        labels: What each of them is called where the group is plain to see.
    """

    id: str
    label: str
    role: Role
    nodes: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Anatomy:
    """The parts of a run by name.

    Attributes:
        groups: The layers in order, the input first.
        loss: What the loss is called.
        traits: What the run has that not every one has.
        classes: Names; None for regression.
    """

    groups: tuple[Group, ...] = ()
    loss: str = ""
    traits: frozenset[Trait] = frozenset()
    classes: tuple[str, ...] | None = None

    @cached_property
    def learning(self) -> tuple[Group, ...]:
        """All groups but the input: those of which something is recorded."""
        return tuple(group for group in self.groups if group.role != "input")

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Ids of the nodes of all these."""
        return tuple(node for group in self.learning for node in group.nodes)

    @cached_property
    def node_names(self) -> tuple[str, ...]:
        """What these are called where nothing says of which layer they are."""
        return tuple(f"{group.label} · {label}" for group in self.learning for label in group.labels)


def anatomy_of(compiled: Compiled, rule: Rule, prepared: Prepared) -> Anatomy:
    """Name the parts of a run."""
    layers = map(compiled.network.layer, compiled.layer_ids)
    has: dict[Trait, Any] = {
        "classes": prepared.dataset.classes is not None,
        "plane": prepared.dataset.inputs.shape[1] == 2,
        "test": len(prepared.test_rows),
        "penalty": rule.penalty != "none",
    }
    return Anatomy(
        groups=tuple(
            Group(
                layer.id,
                layer_label(layer),
                layer.role,
                tuple(node.id for node in layer.nodes),
                tuple(node.name or str(number) for number, node in enumerate(layer.nodes, start=1)),
            )
            for layer in layers
        ),
        loss=LOSSES[rule.loss].label,
        traits=frozenset(trait for trait, it_has in has.items() if it_has),
        classes=prepared.dataset.classes,
    )
