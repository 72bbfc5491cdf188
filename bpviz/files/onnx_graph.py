"""Operators of an ONNX graph as they are added, and each activation put together of them.

Activations that runtimes lack in double precision are put together of others; the error function of GELU they
have in single precision only.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from bpviz.engine.activations import LEAK, SELU_LEFT, SELU_SCALE


class Graph:
    """Nodes and constants as they are added; values are known by their names.

    Args:
        onnx: The library.
        inputs: Names of what goes in, which are anybody's; nothing else may be called so.
    """

    def __init__(self, onnx: Any, inputs: Collection[str]) -> None:
        self._onnx, self._inputs = onnx, frozenset(inputs)
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def constant(self, name: str, values: Any) -> str:
        """Add an array, in double precision if it holds floating numbers."""
        name = self._apart(name)
        self.constants[name] = self._onnx.numpy_helper.from_array(np.asarray(values), name)
        return name

    def add(self, operator: str, inputs: list[str], name: str, **attributes: Any) -> str:
        """Add a node, whose value has its name."""
        name = self._apart(name)
        if name in {node.name for node in self.nodes}:
            name = f"{name} ({len(self.nodes)})"
        self.nodes.append(self._onnx.helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def _apart(self, name: str) -> str:
        while name in self._inputs:
            name = f"{name}'"
        return name


Made: TypeAlias = Callable[[Graph, str, str], str]
"""Adds an activation: the graph, the name of z, what to call it; returns the name of a."""


def _one(operator: str, **attributes: Any) -> Made:
    return lambda graph, z, name: graph.add(operator, [z], name, **attributes)


def number(graph: Graph, value: float) -> str:
    """Add a constant called by its value."""
    return graph.constant(f"{value:g}", np.float64(value))


def _leaky(graph: Graph, z: str, name: str) -> str:
    small = graph.add("Mul", [z, number(graph, LEAK)], f"{name}/small")
    return graph.add("Max", [z, small], name)


def _exponential(graph: Graph, z: str, name: str, right: float, left: float) -> str:
    below = graph.add("Min", [z, number(graph, 0.0)], f"{name}/below")
    less = graph.add("Sub", [graph.add("Exp", [below], f"{name}/exp"), number(graph, 1.0)], f"{name}/less")
    values = [
        graph.add("Mul", [z, number(graph, right)], f"{name}/right"),
        graph.add("Mul", [less, graph.constant(f"{name}/scale", np.float64(left))], f"{name}/left"),
    ]
    return graph.add("Where", [graph.add("Greater", [z, number(graph, 0.0)], f"{name}/side"), *values], name)


def _gelu(graph: Graph, z: str, name: str) -> str:
    scaled = graph.add("Mul", [z, graph.constant("1/sqrt 2", np.float64(0.5**0.5))], f"{name}/scaled")
    single = graph.add("Erf", [graph.add("Cast", [scaled], f"{name}/single", to=1)], f"{name}/erf")
    error = graph.add("Cast", [single], f"{name}/double", to=11)
    share = graph.add("Add", [error, number(graph, 1.0)], f"{name}/share")
    return graph.add("Mul", [graph.add("Mul", [z, share], f"{name}/twice"), number(graph, 0.5)], name)


def _silu(graph: Graph, z: str, name: str) -> str:
    return graph.add("Mul", [z, graph.add("Sigmoid", [z], f"{name}/sigmoid")], name)


def _softplus(graph: Graph, z: str, name: str) -> str:
    size = graph.add("Neg", [graph.add("Abs", [z], f"{name}/abs")], f"{name}/neg")
    more = graph.add("Add", [graph.add("Exp", [size], f"{name}/exp"), number(graph, 1.0)], f"{name}/more")
    above = graph.add("Max", [z, number(graph, 0.0)], f"{name}/above")
    return graph.add("Add", [above, graph.add("Log", [more], f"{name}/log")], name)


def _softsign(graph: Graph, z: str, name: str) -> str:
    size = graph.add("Abs", [z], f"{name}/abs")
    return graph.add("Div", [z, graph.add("Add", [size, number(graph, 1.0)], f"{name}/more")], name)


ACTIVATION_NODES: Final[Mapping[str, Made]] = {
    "linear": _one("Identity"),
    "sigmoid": _one("Sigmoid"),
    "tanh": _one("Tanh"),
    "relu": _one("Relu"),
    "leaky_relu": _leaky,
    "elu": lambda graph, z, name: _exponential(graph, z, name, 1.0, 1.0),
    "selu": lambda graph, z, name: _exponential(graph, z, name, SELU_SCALE, SELU_LEFT),
    "gelu": _gelu,
    "silu": _silu,
    "softplus": _softplus,
    "softsign": _softsign,
    "sine": _one("Sin"),
    "softmax": _one("Softmax", axis=1),
}
