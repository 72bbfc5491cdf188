"""Networks from a list of sizes, for examples, new projects and scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from bpviz.model.layout import arrange
from bpviz.model.naming import NewId, counting_from
from bpviz.model.spec import Layer, Link, Network, Node, Role


def layered_network(
    features: Sequence[str],
    hidden: Sequence[int],
    outputs: int | Sequence[str],
    *,
    activation: str = "tanh",
    output_activation: str = "tanh",
    new_id: NewId | None = None,
) -> Network:
    """Return a network whose layers are each linked to the next by all pairs.

    Args:
        features: One input node each, such as ``x`` or ``x^2``.
        hidden: Sizes of the hidden layers, from the input on.
        outputs: How many output nodes, or what they are called.
        activation: Of every hidden layer.
        output_activation: Of the output layer.
        new_id: Where ids come from; counted from 1 by default.
    """
    supply = new_id or counting_from(1)
    names = [""] * outputs if isinstance(outputs, int) else list(outputs)

    def layer(name: str, role: Role, nodes: Iterable[Node], function: str) -> Layer:
        return Layer(supply("l"), name, role, tuple(nodes), function)

    columns = [layer("Input", "input", (Node(supply("n"), feature=text) for text in features), "linear")]
    for number, size in enumerate(hidden, start=1):
        nodes = (Node(supply("n")) for _ in range(size))
        columns.append(layer(f"Hidden {number}", "hidden", nodes, activation))
    last = (Node(supply("n"), name=name) for name in names)
    columns.append(layer("Output", "output", last, output_activation))
    links = tuple(Link.dense(a, b) for a, b in pairwise(columns))
    return arrange(Network(tuple(columns), links))
