"""Small projects to run, quick to train, and how to compare runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from bpviz.data.settings import DataSettings
from bpviz.errors import ModelError
from bpviz.model.builder import layered_network
from bpviz.model.edits import add_node, connect, remove_nodes, remove_pairs
from bpviz.model.spec import Network, Project, Training, WeightAddress
from bpviz.training.run_state import RunState

OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "rprop")
EDITS = ("add a node", "remove a node", "remove a pair", "connect", "undo")


def circle(*hidden: int, samples: int = 46, train_share: float = 0.5, **training: Any) -> Project:
    """The circle with few examples: 23 to train on, so batches of 10 leave a short one."""
    network = layered_network(("x", "y"), hidden or (3, 2), 1)
    data = DataSettings(source="circle", samples=samples, train_share=train_share)
    return Project(network, data, Training(seed=7, **training))


def iris(**training: Any) -> Project:
    """Three classes by softmax."""
    features = ("sepal length", "sepal width", "petal length", "petal width")
    network = layered_network(features, (4,), 3, output_activation="softmax")
    data = DataSettings(source="iris", train_share=0.7, scaling="standardize")
    return Project(network, data, Training(loss="categorical_cross_entropy", **training))


def sine(**training: Any) -> Project:
    """A number from one input."""
    network = layered_network(("x",), (4,), 1, output_activation="linear")
    return Project(network, DataSettings(source="sine"), Training(**training))


def retrained(project: Project, **fields: Any) -> Project:
    """The same project with other training settings."""
    return replace(project, training=replace(project.training, **fields))


def first_weight(project: Project) -> WeightAddress:
    """From the first input node to the first node of the layer after it."""
    layers = project.network.layers
    return WeightAddress(layers[0].nodes[0].id, layers[1].nodes[0].id)


def equal(first: RunState, second: RunState) -> bool:
    """Whether two runs are the same, bit for bit."""
    vectors = (
        (first.parameters, second.parameters),
        (first.start, second.start),
        (first.slots, second.slots),
        *((first.history[name], second.history[name]) for name in first.history),
    )
    plain = ("step", "cleared_at", "path", "rewirings", "place", "watch", "events")
    return (
        all(np.array_equal(a, b, equal_nan=True) for a, b in vectors)
        and all(getattr(first, name) == getattr(second, name) for name in plain)
        and repr(first.metrics) == repr(second.metrics)  # a loss that is no number is none both times
        and (first.batch_loss == second.batch_loss or np.isnan(first.batch_loss))
    )


def edited(network: Network, kind: str, pick: int) -> Network:
    """An edit of some kind at some place; the network itself where it is refused there."""
    hidden = [layer for layer in network.layers if layer.role == "hidden"]
    layer = hidden[pick % len(hidden)]
    nodes = [node.id for one in network.layers for node in one.nodes]
    source, target = nodes[pick % len(nodes)], nodes[(7 * pick + 3) % len(nodes)]
    try:
        if kind == "add a node":
            return add_node(network, layer.id, f"n{1000 + pick}")
        if kind == "remove a node":
            return remove_nodes(network, [layer.nodes[pick % layer.size].id])
        if kind == "remove a pair":
            return remove_pairs(network, [(source, target)])
        return connect(network, source, target)
    except ModelError:
        return network
