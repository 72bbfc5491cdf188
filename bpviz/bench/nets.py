"""The networks that are measured; `NETS` lists them.

To add one, add a `Net` to the table: its sizes, its batch, and the data it learns.  Those of two inputs learn
drawn points; the others learn tables made up here, because what numbers mean doesn't change how long they
take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.data.settings import DataSettings, Table
from bpviz.model.builder import layered_network
from bpviz.model.edits import connect_layers, remove_pairs
from bpviz.model.spec import Network, Project, Training
from bpviz.registry import Registry
from bpviz.streams import stream

Precision: TypeAlias = Literal["float64", "float32"]

OPTIMIZERS: Final = {"sgd": 0.03, "adam": 0.001}
"""The optimizers that are measured, with a learning rate at which every network here learns calmly."""

PRECISIONS: Final[tuple[Precision, ...]] = ("float64", "float32")

_SAMPLES: Final = 500
_PLANE: Final = DataSettings(source="spiral", noise=0.1, train_share=1.0)
_REMOVED_SHARE: Final = 0.3
_LEVELS: Final = 16  # so many values a made-up column has, as the gray of a picture


@dataclass(frozen=True, slots=True)
class Net:
    """A network and what it learns.

    Attributes:
        name: Its sizes; key on the command line.
        label: In tables.
        batch: Examples a step.
        make: Builds the project; optimizer and precision are set by `project`.
    """

    name: str
    label: str
    batch: int
    make: Callable[[], Project]

    def project(self, optimizer: str, precision: Precision) -> Project:
        """The project to measure with an optimizer of `OPTIMIZERS`."""
        made = self.make()
        training = replace(
            made.training,
            optimizer=optimizer,
            learning_rate=OPTIMIZERS[optimizer],
            batch_size=self.batch,
            precision=precision,
        )
        return replace(made, training=training)


@cache
def table(columns: int, classes: int, rows: int) -> Table:
    """Make up a table of `columns` columns ``c1``, ``c2``, ... of whole numbers, and one named ``kind``."""
    draw = stream(columns, "bench")
    typical = draw.uniform(0.1, 0.9, (classes, columns))
    kinds = draw.permutation(np.arange(rows) % classes)
    numbers = draw.binomial(_LEVELS - 1, typical[kinds])
    # A few texts shared by all cells: a million of their own would be a hundred megabytes.
    texts = [str(level) for level in range(_LEVELS)]
    names = [f"kind {chr(ord('a') + k)}" for k in range(classes)]
    cells = (
        (*(texts[number] for number in row), names[kind])
        for row, kind in zip(numbers.tolist(), kinds.tolist(), strict=True)
    )
    header = (*(f"c{k}" for k in range(1, columns + 1)), "kind")
    return Table("made up", header, tuple(cells))


def sparse(network: Network) -> Network:
    """Remove 30 % of the connections at random, and let the first hidden layer also lead to the output."""
    pairs = [
        (source.id, target.id)
        for link in network.links
        for source in network.layer(link.source).nodes
        for target in network.layer(link.target).nodes
    ]
    count = round(_REMOVED_SHARE * len(pairs))
    chosen = stream(len(pairs), "bench").choice(len(pairs), count, replace=False)
    thinned = remove_pairs(network, [pairs[k] for k in chosen.tolist()])
    return connect_layers(thinned, network.layers[1].id, network.layers[-1].id)


def plane(hidden: tuple[int, ...], *, thin: bool = False, samples: int = _SAMPLES) -> Project:
    """Points of the plane; tanh nodes and a linear output, which every peer can express."""
    network = layered_network(("x", "y"), hidden, 1, activation="tanh", output_activation="linear")
    training = Training(loss="half_squared")
    return Project(sparse(network) if thin else network, replace(_PLANE, samples=samples), training)


def _classes(columns: int, hidden: tuple[int, ...], classes: int, rows: int, activation: str) -> Project:
    """A made-up table; softmax and cross-entropy."""
    made = table(columns, classes, rows)
    network = layered_network(
        made.columns[:-1], hidden, classes, activation=activation, output_activation="softmax"
    )
    data = DataSettings(
        source="table",
        table=made,
        targets=("kind",),
        target_kind="class",
        train_share=1.0,
        scaling="standardize",
    )
    return Project(network, data, Training(loss="categorical_cross_entropy", initializer="he_normal"))


NETS: Final = Registry(
    "network",
    Net("2-4-2-1", "2-4-2-1, tanh", 10, partial(plane, (4, 2))),
    Net("2-8-8-8-1", "2-8-8-8-1, tanh", 10, partial(plane, (8, 8, 8))),
    Net(
        "2-8-8-8-1-sparse",
        "2-8-8-8-1, 30 % removed, one skip link",
        10,
        partial(plane, (8, 8, 8), thin=True),
    ),
    Net("4-16-3", "4-16-3, tanh, softmax", 16, partial(_classes, 4, (16,), 3, 320, "tanh")),
    Net(
        "64-128-64-10", "64-128-64-10, ReLU, softmax", 32, partial(_classes, 64, (128, 64), 10, 1280, "relu")
    ),
    Net("784-128-10", "784-128-10, ReLU, softmax", 64, partial(_classes, 784, (128,), 10, 1280, "relu")),
    Net(
        "784-512-512-10",
        "784-512-512-10, ReLU, softmax",
        128,
        partial(_classes, 784, (512, 512), 10, 1280, "relu"),
    ),
)
"""From the smallest to the widest."""


def edited() -> Project:
    """What is edited in the window, with two layers of 1,024; nobody waits for steps of it."""
    return _classes(784, (1024, 1024), 10, 1280, "relu")
