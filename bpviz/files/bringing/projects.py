"""Make a project of a proposed network, or give its values to a network that is drawn already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bpviz.arrays import Array
from bpviz.data.settings import DataSettings, Table
from bpviz.engine import backprop
from bpviz.errors import ShapeError
from bpviz.files.bringing.proposal import Column, Proposal, Remark
from bpviz.model.checks import check_project, check_size
from bpviz.model.compile import compile_network
from bpviz.model.edits import set_start_weights, set_starts
from bpviz.model.edits.starts import MANY
from bpviz.model.layout import arrange
from bpviz.model.naming import NewId, counting_from, node_labels
from bpviz.model.spec import (
    Address,
    BiasAddress,
    Layer,
    Link,
    LinkKey,
    Network,
    Node,
    PairMask,
    Project,
    Role,
    Training,
    WeightAddress,
)


def network_of(proposal: Proposal) -> Network:
    """Draw the network.

    Raises:
        ModelError: If it is too large, or none that can be drawn.
    """
    new_id = counting_from(1)
    last = len(proposal.columns) - 1
    layers = tuple(_layer(column, at, last, new_id) for at, column in enumerate(proposal.columns))
    check_size(layers, [(layers[source].id, layers[target].id) for target, source in proposal.weights])
    links = []
    for (target, source), present in proposal.present.items():
        link = Link.dense(layers[source], layers[target])
        links.append(replace(link, removed=PairMask.of(~present)))
    drawn = Network(layers, tuple(links))
    return drawn if all(column.places for column in proposal.columns) else arrange(drawn)


def brought_project(proposal: Proposal) -> Project:
    """Make a project that starts from the values of a file.

    Raises:
        BpvizError: If no network can be drawn of it.
    """
    network = network_of(proposal)
    data, loss = _data(proposal, network)
    training = Training(loss=loss, learning_rate=0.1, batch_size=None)
    bare = Project(network, data, training, title=proposal.title)
    project = _started(proposal, bare, network.layers)
    check_project(project)
    return project


def remarks_of(proposal: Proposal) -> tuple[Remark, ...]:
    """What is to be said of a project made of a file."""
    return proposal.remarks if proposal.examples else (*proposal.remarks, ("one_row", ""))


def brought_into(proposal: Proposal, project: Project) -> tuple[Project, tuple[Remark, ...]]:
    """Let the network that is drawn start from the values of a file; returns also what is to be said.

    Raises:
        ShapeError: If layers, links or connections are others.
    """
    compiled = compile_network(project.network)
    plan = compiled.plan
    sizes = tuple(layer.size for layer in plan.layers)
    if sizes != proposal.sizes:
        drawn, given = ("-".join(map(str, s)) for s in (sizes, proposal.sizes))
        raise ShapeError(f"The network here is {drawn} and the file's {given}; open that as a project.")
    links = {(link.target, link.source): link.present for link in plan.links}
    same = links.keys() == proposal.present.keys()
    if not same or any((links[key] != present).any() for key, present in proposal.present.items()):
        raise ShapeError(
            "The file has other connections than the network here; open it as a project of its own."
        )
    there = [column.activations for column in proposal.columns[1:]]
    here = [layer.activations for layer in plan.layers[1:]]
    remarks: list[Remark] = [one for one in proposal.remarks if one[0] not in ("hidden", "output")]
    if there != here and len(remarks) == len(proposal.remarks):
        others = dict.fromkeys(name for names in there for name in names)
        remarks.append(("functions", ", ".join(others)))
    layers = tuple(project.network.layer(layer_id) for layer_id in compiled.layer_ids)
    return _started(proposal, project, layers), tuple(remarks)


def outputs(proposal: Proposal, x: Sequence[Sequence[float]] | Array) -> Array:
    """Compute the network's answers to rows of what its input nodes show, (examples, outputs).

    Raises:
        ShapeError: If the rows have not one value for each input node.
    """
    compiled = compile_network(network_of(proposal))
    plan = compiled.plan
    parameters = np.zeros(plan.size)
    for k, link in enumerate(plan.links):
        weights = proposal.weights[link.target, link.source]
        plan.weights(parameters, k)[...] = np.where(link.present, weights, 0.0)
    for at in range(1, len(plan.layers)):
        plan.biases(parameters, at)[...] = proposal.biases[at]
    return backprop.forward(plan, parameters, np.atleast_2d(np.asarray(x, dtype=np.float64))).a[-1]


def _layer(column: Column, at: int, last: int, new_id: NewId) -> Layer:
    role: Role = "input" if at == 0 else "output" if at == last else "hidden"
    usual = "Input" if at == 0 else "Output" if at == last else f"Hidden {at}"
    common = Counter(column.activations).most_common(1)[0][0] if column.activations else "linear"
    nodes = tuple(
        Node(
            new_id("n"),
            activation=None if not at or column.activations[k] == common else column.activations[k],
        )
        for k in range(column.size)
    )
    layer = Layer(new_id("l"), column.name or usual, role, nodes, common)
    names = column.names or (_names("x", column.size) if at == 0 else ())
    if at == 0:
        layer = replace(layer, nodes=tuple(replace(n, feature=t) for n, t in zip(nodes, names, strict=True)))
    elif names:
        own = zip(nodes, names, node_labels(layer), strict=True)
        layer = replace(layer, nodes=tuple(n if t == label else replace(n, name=t) for n, t, label in own))
    return _placed(layer, column) if column.places else layer


def _placed(layer: Layer, column: Column) -> Layer:
    middle = sum(x for x, _ in column.places) / len(column.places)
    nodes = (
        replace(node, x=None if x == middle else x, y=y)
        for node, (x, y) in zip(layer.nodes, column.places, strict=True)
    )
    return replace(layer, x=middle, nodes=tuple(nodes))


def _names(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{number}" for number in range(1, count + 1))


def _data(proposal: Proposal, network: Network) -> tuple[DataSettings, str]:
    """The table that came along, or one row of ones with the network's own answer; and the loss for it."""
    softmax = "softmax" in proposal.columns[-1].activations
    loss = "categorical_cross_entropy" if softmax else "half_squared"
    if proposal.examples is not None:
        table, targets = proposal.examples
        return DataSettings("table", table, targets, "number", train_share=1.0), loss
    target = proposal.about.get("target", {})
    classes = tuple(target.get("classes") or (_names("class ", proposal.sizes[-1]) if softmax else ()))
    columns = tuple(proposal.about.get("columns") or (node.feature for node in network.layers[0].nodes))
    names = tuple(target.get("names") or (("class",) if classes else _names("y", proposal.sizes[-1])))
    answer = outputs(proposal, np.ones((1, proposal.sizes[0])))[0]
    if classes:
        code = target.get("code") or {"low": 0.0, "high": 1.0}
        yes = answer[0] > (code["low"] + code["high"]) / 2 if answer.size == 1 else int(np.argmax(answer))
        row, kind = (*("1" for _ in columns), classes[int(yes)]), "class"
    else:
        row, kind = (*("1" for _ in columns), *(repr(float(value)) for value in answer)), "number"
    table = Table(proposal.title, (*columns, *names), (row,))
    settings = DataSettings("table", table, names, classes=classes, train_share=1.0)
    return replace(settings, target_kind="class" if kind == "class" else "number"), loss


def _started(proposal: Proposal, project: Project, layers: Sequence[Layer]) -> Project:
    """Let a project start from every weight and bias of a file, whose layers stand in this order."""
    arrays: dict[LinkKey, Array] = {}
    values: dict[Address, float] = {}
    for (target, source), weights in proposal.weights.items():
        end, begin = layers[target], layers[source]
        if weights.size >= MANY:
            arrays[begin.id, end.id] = weights
            continue
        for row, column in zip(*np.nonzero(proposal.present[target, source]), strict=True):
            values[WeightAddress(begin.nodes[column].id, end.nodes[row].id)] = float(weights[row, column])
    for at, biases in proposal.biases.items():
        for node, value in zip(layers[at].nodes, biases.tolist(), strict=True):
            values[BiasAddress(node.id)] = value
    return set_start_weights(set_starts(project, values), arrays)
