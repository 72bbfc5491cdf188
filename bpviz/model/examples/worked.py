"""Small networks whose numbers can be followed on paper."""

from __future__ import annotations

from collections.abc import Sequence

from bpviz.data.settings import DataSettings
from bpviz.model.builder import layered_network
from bpviz.model.edits.links import set_frozen
from bpviz.model.edits.nodes import rename_nodes
from bpviz.model.edits.starts import set_start
from bpviz.model.spec import Address, BiasAddress, Layer, Network, Project, Stop, Training, WeightAddress

SOLVING_SEED = 12
STUCK_SEED = 4
"""Found by training from each of the first forty seeds: six of them come to rest at a loss of 1/16."""


def mazur() -> Project:
    """One step of M. Mazur, "A Step by Step Backpropagation Example" (2015); biases don't learn there."""
    network = layered_network(
        ("i1", "i2"), (2,), ("o1", "o2"), activation="sigmoid", output_activation="sigmoid"
    )
    hidden, output = network.layers[1], network.layers[2]
    network = rename_nodes(network, {hidden.nodes[0].id: "h1", hidden.nodes[1].id: "h2"})
    biases = [BiasAddress(node.id) for layer in (hidden, output) for node in layer.nodes]
    network = set_frozen(network, biases, frozen=True)
    training = Training(loss="half_squared", learning_rate=0.5, batch_size=None, stop=Stop(epochs=10_000))
    project = Project(network, _whole("mazur"), training)
    values = (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55, 0.35, 0.35, 0.60, 0.60)
    return _started(project, [*_weights(network), *biases], values)


def four_layers() -> Project:
    """A chain 4-2-2-1 whose output ``s = W3 a3`` has no bias."""
    network = layered_network(
        ("x1", "x2", "x3", "x4"), (2, 2), ("s",), activation="sigmoid", output_activation="linear"
    )
    network = _without_bias(network, network.layers[-1])
    training = Training(loss="mse", learning_rate=0.1, batch_size=None, stop=Stop(epochs=1_000))
    return Project(network, _whole("four_layers"), training)


def linear_neuron() -> Project:
    """One linear neuron without bias and one case, over whose weights the error is a trough."""
    network = layered_network(("x1", "x2"), (), ("y",), output_activation="linear")
    network = _without_bias(network, network.layers[-1])
    training = Training(loss="squared", learning_rate=0.05, batch_size=None, stop=Stop(epochs=200))
    project = Project(network, _whole("linear_case"), training)
    return _started(project, list(_weights(network)), (1.5, 0.5))


def xor_solved() -> Project:
    """The truth table, from a start that solves it."""
    return _xor(SOLVING_SEED)


def xor_stuck() -> Project:
    """The truth table, from a start that does not."""
    return _xor(STUCK_SEED)


def _xor(seed: int) -> Project:
    network = layered_network(("x", "y"), (2,), 1, activation="sigmoid", output_activation="sigmoid")
    training = Training(
        seed=seed,
        loss="half_squared",
        optimizer="momentum",
        learning_rate=0.5,
        batch_size=None,
        initializer="normal",
        initializer_options=(("deviation", 1.0),),
        stop=Stop(epochs=3_000),
    )
    return Project(network, _whole("xor_points"), training)


def _whole(source: str) -> DataSettings:
    """All examples to train on, as they are."""
    return DataSettings(source=source, train_share=1.0)


def _weights(network: Network) -> list[Address]:
    """Every weight, layer by layer, target node by target node."""
    return [
        WeightAddress(source.id, target.id)
        for link in network.links
        for target in network.layer(link.target).nodes
        for source in network.layer(link.source).nodes
    ]


def _without_bias(network: Network, layer: Layer) -> Network:
    """Biases start at 0, so a frozen one is none."""
    return set_frozen(network, [BiasAddress(node.id) for node in layer.nodes], frozen=True)


def _started(project: Project, addresses: Sequence[Address], values: Sequence[float]) -> Project:
    for address, value in zip(addresses, values, strict=True):
        project = set_start(project, address, value)
    return project
