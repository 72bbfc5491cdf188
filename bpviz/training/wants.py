"""The table of wants: what a snapshot can hold beside how a run stands, who makes it, and what is costly.

Histories are wanted by the names of `bpviz.training.series.SERIES`.  To add anything else, add a field to
`Snapshot` and an entry here that fills it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from bpviz.arrays import Array, read_only
from bpviz.engine.update import Rule, StepTrace
from bpviz.model.compile import Compiled
from bpviz.registry import Registry
from bpviz.training.anatomy import Anatomy
from bpviz.training.evaluate import Evaluator
from bpviz.training.events import Story
from bpviz.training.history import History
from bpviz.training.metrics import Metrics
from bpviz.training.phases import Cursor
from bpviz.training.probes import Plane
from bpviz.training.run_state import StopKind
from bpviz.training.series import SERIES
from bpviz.training.snapshot import Path, PlaneMap

MAPS_S: Final = 0.08
"""Between two maps over the plane: to draw them costs the window as much as all the rest."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """How a run stands, still in the arrays that it goes on to use; see `Snapshot` for the fields.

    Attributes:
        coming: Computes the coming step, or tells the one that somebody stands in; None if it can't be made.
    """

    run_id: int
    step: int
    epoch: float
    path: Path
    compiled: Compiled
    anatomy: Anatomy
    rule: Rule
    parameters: Array
    metrics: Metrics
    batch_loss: float
    learning_rate: float
    stopped: str | None
    stopped_by: StopKind | None
    story: Story
    history: History
    evaluator: Evaluator
    plane: Plane | None
    cursor: Cursor | None
    coming: Callable[[], StepTrace | None]


@dataclass(frozen=True, slots=True)
class Want:
    """A part of a snapshot that is computed or copied only for who wants it.

    Attributes:
        name: How views ask for it.
        label: What it is.
        field: Where it stands in `Snapshot`.
        make: Makes it of a run as it stands.
        costly: To make it may take longer than all else in many snapshots; see `Observer`.
        least_s: Between two of them, however quick they are.
    """

    name: str
    label: str
    field: str
    make: Callable[[Sight], Any]
    costly: bool = False
    least_s: float = 0.0


def _outputs(sight: Sight) -> PlaneMap | None:
    return None if sight.plane is None else sight.plane.outputs(sight.compiled, sight.parameters)


def _nodes(sight: Sight) -> PlaneMap | None:
    return None if sight.plane is None else sight.plane.nodes(sight.compiled, sight.parameters)


WANTS: Final = Registry(
    "part of a snapshot",
    # Not a copy: a step makes a new array and leaves the one before it as it is.
    Want("parameters", "Weights and biases", "parameters", lambda sight: read_only(sight.parameters)),
    Want("trace", "All values of the coming step", "trace", lambda sight: sight.coming(), costly=True),
    Want("map", "Outputs over the plane of two inputs", "plane", _outputs, costly=True, least_s=MAPS_S),
    Want("node_maps", "Each node over that plane", "node_planes", _nodes, costly=True, least_s=MAPS_S),
    Want(
        "confusion",
        "How often which class is taken for which",
        "confusion",
        lambda sight: sight.evaluator.confusion(sight.parameters),
        costly=True,
    ),
)


def everything() -> frozenset[str]:
    """All that can be wanted."""
    return frozenset({*WANTS, *SERIES})
