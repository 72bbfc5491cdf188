"""Worked examples of the kind that textbooks, lecture notes and exams bring.

Their data are tables like the user's own, so that every number of theirs can be changed.  Matrices
are written as in books: a row for each target node, a column for each source node.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from bpviz.data.settings import DataSettings, Table
from bpviz.model.builder import layered_network
from bpviz.model.edits.links import connect_layers, set_frozen
from bpviz.model.edits.nodes import rename_nodes
from bpviz.model.edits.starts import set_starts
from bpviz.model.spec import Address, BiasAddress, Network, Project, Stop, Training, WeightAddress

Numbers = Sequence[float]


def textbook_case() -> Project:
    """A textbook's table of inputs, outputs, errors and new weights, for one case (3-2-1, sigmoid)."""
    network = _network(("x1", "x2", "x3"), 2, ("y",))
    starts = _joined(
        _weights(network, 0, 1, ((0.2, 0.4, -0.5), (-0.3, 0.1, 0.2))),
        _biases(network, 1, (-0.4, 0.2)),
        _weights(network, 1, 2, ((-0.3, -0.2),)),
        _biases(network, 2, (0.1,)),
    )
    return _project(network, _cases("x1 x2 x3 y", [(1, 0, 1, 1)], "y"), starts, learning_rate=0.9)


def two_by_two() -> Project:
    """One case of 2-2-1 without bias, whose published solution uses the updated weights too early."""
    network = _without_biases(_network(("x1", "x2"), 2, ("y",)))
    starts = _joined(
        _weights(network, 0, 1, ((0.1, 0.8), (0.4, 0.6))),
        _weights(network, 1, 2, ((0.3, 0.9),)),
    )
    return _project(network, _cases("x1 x2 y", [(0.35, 0.9, 0.5)], "y"), starts, learning_rate=1.0)


def four_classes() -> Project:
    """Three cases of 2-2-4 with one-hot targets, one class of which no case has, and a penalty."""
    network = _network(("x1", "x2"), 2, ("1", "2", "3", "4"))
    starts = _joined(
        _weights(network, 0, 1, ((0.3, 0.5), (0.4, 0.6))),
        _biases(network, 1, (0.1, 0.2)),
        _weights(network, 1, 2, ((1.1, 1.5), (1.2, 1.6), (1.3, 1.7), (1.4, 1.8))),
        _biases(network, 2, (0.7, 0.8, 0.9, 1.0)),
    )
    angles = ((1, 2), (3, 4), (5, 6))
    rows = [(math.cos(a), math.cos(b), kind) for (a, b), kind in zip(angles, (4, 2, 3), strict=True)]
    data = _cases("x1 x2 class", rows, "class", classes=("1", "2", "3", "4"))
    return _project(
        network,
        data,
        starts,
        loss="binary_cross_entropy",
        learning_rate=0.1,
        penalty="l2",
        penalty_rate=4.0,
    )


def relu_and_softmax() -> Project:
    """One case of 2-2-3 with ReLU, softmax and categorical cross-entropy, where ReLU cuts one node off."""
    network = _network(("x1", "x2"), 2, ("1", "2", "3"), activation="relu", output_activation="softmax")
    starts = _joined(
        _weights(network, 0, 1, ((0.18, 0.1), (0.04, 0.22))),
        _biases(network, 1, (0.0, 0.0)),
        _weights(network, 1, 2, ((0.19, -0.02), (-0.1, -0.01), (0.1, 0.04))),
        _biases(network, 2, (0.0, 0.0, 0.0)),
    )
    data = _cases("x1 x2 class", [(16, -6, 3)], "class", classes=("1", "2", "3"))
    return _project(network, data, starts, loss="categorical_cross_entropy", learning_rate=0.1)


def changes_of_weights() -> Project:
    """One case of 3-2-1 without bias that asks for the changes of the weights."""
    network = _without_biases(_network(("x1", "x2", "x3"), 2, ("y",)))
    starts = _joined(
        _weights(network, 0, 1, ((0.5, 0.1, 0.1), (-0.6, -0.2, 0.7))),
        _weights(network, 1, 2, ((0.1, -0.3),)),
    )
    return _project(network, _cases("x1 x2 x3 y", [(0.5, 0.1, -0.2, 0.6)], "y"), starts, learning_rate=0.5)


def xor_by_one_node() -> Project:
    """Exclusive or by one hidden node, because the inputs also lead straight to the output."""
    network = _network(("x1", "x2"), 1, ("",))
    first, hidden, output = network.layers
    network = connect_layers(network, first.id, output.id)
    network = rename_nodes(network, {hidden.nodes[0].id: "h"})
    starts = _joined(
        _weights(network, 0, 1, ((4.92521, -4.83963),)),
        _biases(network, 1, (-3.08885,)),
        _weights(network, 1, 2, ((11.11523,),)),
        _weights(network, 0, 2, ((-4.67122, 4.53903),)),
        _biases(network, 2, (-2.54932,)),
    )
    rows = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
    return _project(network, _cases("x1 x2 y", rows, "y"), starts, learning_rate=0.5)


def cross_entropy_case() -> Project:
    """One case of 2-2-1 without bias with cross-entropy, whose output delta has no slope in it."""
    network = _without_biases(_network(("x1", "x2"), 2, ("y",)))
    starts = _joined(
        _weights(network, 0, 1, ((0.1, 0.2), (0.3, 0.4))),
        _weights(network, 1, 2, ((0.5, 0.6),)),
    )
    data = _cases("x1 x2 y", [(1, 0, 1)], "y")
    return _project(network, data, starts, loss="binary_cross_entropy", learning_rate=0.5)


def _network(
    features: Sequence[str],
    hidden: int,
    outputs: Sequence[str],
    activation: str = "sigmoid",
    output_activation: str = "sigmoid",
) -> Network:
    network = layered_network(
        features, (hidden,), outputs, activation=activation, output_activation=output_activation
    )
    names = {node.id: f"h{at}" for at, node in enumerate(network.layers[1].nodes, start=1)}
    return rename_nodes(network, names)


def _without_biases(network: Network) -> Network:
    """Biases start at 0, so a frozen one is none."""
    biases = [BiasAddress(node.id) for layer in network.layers[1:] for node in layer.nodes]
    return set_frozen(network, biases, frozen=True)


def _cases(columns: str, rows: Iterable[Numbers], target: str, classes: tuple[str, ...] = ()) -> DataSettings:
    """All cases to train on, as they are."""
    cells = tuple(tuple(repr(value) for value in row) for row in rows)
    table = Table("Cases", tuple(columns.split()), cells)
    return DataSettings("table", table, targets=(target,), classes=classes, train_share=1.0)


def _weights(network: Network, source: int, target: int, rows: Sequence[Numbers]) -> dict[Address, float]:
    """The weights between two layers, by their numbers: a row for each target node."""
    start, end = network.layers[source], network.layers[target]
    return {
        WeightAddress(a.id, b.id): value
        for b, row in zip(end.nodes, rows, strict=True)
        for a, value in zip(start.nodes, row, strict=True)
    }


def _biases(network: Network, layer: int, values: Numbers) -> dict[Address, float]:
    nodes = network.layers[layer].nodes
    return {BiasAddress(node.id): value for node, value in zip(nodes, values, strict=True)}


def _joined(*parts: dict[Address, float]) -> dict[Address, float]:
    return {address: value for part in parts for address, value in part.items()}


def _project(
    network: Network,
    data: DataSettings,
    starts: dict[Address, float],
    *,
    loss: str = "half_squared",
    learning_rate: float,
    penalty: str = "none",
    penalty_rate: float = 0.0,
) -> Project:
    training = Training(
        loss=loss,
        learning_rate=learning_rate,
        batch_size=None,
        shuffle="never",  # so that cases come as they stand in the table
        penalty=penalty,
        penalty_rate=penalty_rate,
        stop=Stop(epochs=1_000),
    )
    return set_starts(Project(network, data, training), starts)
