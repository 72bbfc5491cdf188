"""A network as an ONNX model: a raw row of the table goes in, the answer comes out.

Features, scaling, activations of single nodes and the unit of the answer are all inside.  Everything is
computed in double precision but the error function of GELU, which runtimes have in single precision only;
`in_single` says whether that is needed.  Activations that runtimes lack in double are put together of others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.data.features import COLUMN
from bpviz.data.prepare import Prepared
from bpviz.engine.activations import LEAK, SELU_LEFT, SELU_SCALE
from bpviz.engine.plan import Plan
from bpviz.errors import FileError
from bpviz.model.compile import Compiled
from bpviz.version import __version__

OPSET: Final = 17
"""Of 2022; older runtimes are rare, newer ones read it."""

_IR: Final = 8

IN_SINGLE: Final = (
    "GELU is computed with 7 digits there: runtimes have its error function in single precision."
)
"""What to say of a model where `in_single` holds."""


class Graph:
    """Nodes and constants as they are added; values are known by their names.

    Args:
        onnx: The library.
    """

    def __init__(self, onnx: Any) -> None:
        self._onnx = onnx
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def constant(self, name: str, values: Any) -> str:
        """Add an array, in double precision if it holds floating numbers."""
        self.constants[name] = self._onnx.numpy_helper.from_array(np.asarray(values), name)
        return name

    def add(self, operator: str, inputs: list[str], name: str, **attributes: Any) -> str:
        """Add a node, whose value has its name."""
        if name in {node.name for node in self.nodes}:
            name = f"{name} ({len(self.nodes)})"
        self.nodes.append(self._onnx.helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name


Made: TypeAlias = Callable[[Graph, str, str], str]
"""Adds an activation: the graph, the name of z, what to call it; returns the name of a."""


def _one(operator: str, **attributes: Any) -> Made:
    return lambda graph, z, name: graph.add(operator, [z], name, **attributes)


def _number(graph: Graph, value: float) -> str:
    return graph.constant(f"{value:g}", np.float64(value))


def _leaky(graph: Graph, z: str, name: str) -> str:
    small = graph.add("Mul", [z, _number(graph, LEAK)], f"{name}/small")
    return graph.add("Max", [z, small], name)


def _exponential(graph: Graph, z: str, name: str, right: float, left: float) -> str:
    below = graph.add("Min", [z, _number(graph, 0.0)], f"{name}/below")
    less = graph.add("Sub", [graph.add("Exp", [below], f"{name}/exp"), _number(graph, 1.0)], f"{name}/less")
    values = [
        graph.add("Mul", [z, _number(graph, right)], f"{name}/right"),
        graph.add("Mul", [less, graph.constant(f"{name}/scale", np.float64(left))], f"{name}/left"),
    ]
    return graph.add("Where", [graph.add("Greater", [z, _number(graph, 0.0)], f"{name}/side"), *values], name)


def _gelu(graph: Graph, z: str, name: str) -> str:
    scaled = graph.add("Mul", [z, graph.constant("1/sqrt 2", np.float64(0.5**0.5))], f"{name}/scaled")
    single = graph.add("Erf", [graph.add("Cast", [scaled], f"{name}/single", to=1)], f"{name}/erf")
    error = graph.add("Cast", [single], f"{name}/double", to=11)
    share = graph.add("Add", [error, _number(graph, 1.0)], f"{name}/share")
    return graph.add("Mul", [graph.add("Mul", [z, share], f"{name}/twice"), _number(graph, 0.5)], name)


def _silu(graph: Graph, z: str, name: str) -> str:
    return graph.add("Mul", [z, graph.add("Sigmoid", [z], f"{name}/sigmoid")], name)


def _softplus(graph: Graph, z: str, name: str) -> str:
    size = graph.add("Neg", [graph.add("Abs", [z], f"{name}/abs")], f"{name}/neg")
    more = graph.add("Add", [graph.add("Exp", [size], f"{name}/exp"), _number(graph, 1.0)], f"{name}/more")
    above = graph.add("Max", [z, _number(graph, 0.0)], f"{name}/above")
    return graph.add("Add", [above, graph.add("Log", [more], f"{name}/log")], name)


def _softsign(graph: Graph, z: str, name: str) -> str:
    size = graph.add("Abs", [z], f"{name}/abs")
    return graph.add("Div", [z, graph.add("Add", [size, _number(graph, 1.0)], f"{name}/more")], name)


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


def in_single(plan: Plan) -> bool:
    """Whether something of a network is computed in single precision there."""
    return any("gelu" in layer.activations for layer in plan.layers)


def onnx_content(compiled: Compiled, parameters: Array, prepared: Prepared, title: str = "") -> bytes:
    """Make the bytes of a model.

    Its input ``row`` is (rows, columns), the columns of the table in the data's own unit.  Its output
    ``answer`` is (rows, outputs), also in the data's unit; of classes there is a second output, ``class``,
    (rows,), the number of the class; their names are in the model's metadata.

    Args:
        compiled: The network.
        parameters: (parameters,), its flat vector.
        prepared: The data it learns from.
        title: Of the project.

    Raises:
        FileError: If the library onnx is not installed.
    """
    try:
        import onnx
    except ModuleNotFoundError:
        raise FileError(
            "To write ONNX the library onnx is needed; install it with python3 packaging/run.py extra onnx, "
            'or with pip install "bpviz[onnx]".'
        ) from None
    graph = Graph(onnx)
    last = _layers(graph, compiled.plan, parameters.astype(np.float64), _inputs(graph, prepared))
    outputs = _outputs(graph, prepared, last)
    make = onnx.helper
    double, whole = onnx.TensorProto.DOUBLE, onnx.TensorProto.INT64
    kinds = {"answer": (double, ["rows", prepared.code.size]), "class": (whole, ["rows"])}
    row = make.make_tensor_value_info("row", double, ["rows", len(prepared.dataset.columns)])
    model = make.make_model(
        make.make_graph(
            graph.nodes,
            title or "network",
            [row],
            [make.make_tensor_value_info(name, *kinds[name]) for name in outputs],
            list(graph.constants.values()),
        ),
        opset_imports=[make.make_opsetid("", OPSET)],
        producer_name="bpviz",
        producer_version=__version__,
        ir_version=_IR,
    )
    make.set_model_props(model, _metadata(prepared))
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


def _inputs(graph: Graph, prepared: Prepared) -> str:
    """Add features and their scaling; returns the name of what the input layer shows."""
    shown = []
    for feature in prepared.features:
        columns = [_column(graph, prepared, column) for column in feature.columns]
        name = f"feature {feature.text}"
        if feature.form == COLUMN:
            shown += columns
        elif feature.form in ("square", "product"):
            shown += [graph.add("Mul", [columns[0], columns[-1]], name)]
        else:
            shown += [graph.add(feature.form.capitalize(), columns, name)]
    joined = graph.add("Concat", shown, "features", axis=1)
    scaling = prepared.input_scaling
    if (scaling.shift == 0).all() and (scaling.scale == 1).all():
        return joined
    moved = graph.add("Sub", [joined, graph.constant("input shift", scaling.shift)], "shifted")
    return graph.add("Div", [moved, graph.constant("input scale", scaling.scale)], "scaled")


def _column(graph: Graph, prepared: Prepared, column: int) -> str:
    name = f"column {prepared.dataset.columns[column]}"
    if name in {node.name for node in graph.nodes}:
        return name
    at = graph.constant(f"number {column}", np.array([column], dtype=np.int64))
    return graph.add("Gather", ["row", at], name, axis=1)


def _layers(graph: Graph, plan: Plan, parameters: Array, first: str) -> str:
    """Add all layers under their names; returns what the last one answers."""
    a = [first]
    for at, layer in enumerate(plan.layers[1:], start=1):
        bias = graph.constant(f"{at} {layer.name}/b", plan.biases(parameters, at))
        z = bias
        for k in plan.incoming[at]:
            source = plan.links[k].source
            name = f"{at} {layer.name}/from {plan.layers[source].name}"
            matrix = graph.constant(f"{name}/W", plan.weights(parameters, k).T)
            z = graph.add("Add", [graph.add("MatMul", [a[source], matrix], name), z], f"{name}/sum")
        used = list(dict.fromkeys(layer.activations))
        value = ACTIVATION_NODES[used[0]](graph, z, f"{at} {layer.name}/{used[0]}")
        for name in used[1:]:
            chosen = np.array([one == name for one in layer.activations])
            here = graph.constant(f"{at} {layer.name}/{name} here", chosen)
            own = ACTIVATION_NODES[name](graph, z, f"{at} {layer.name}/{name}")
            value = graph.add("Where", [here, own, value], f"{at} {layer.name}/with {name}")
        a.append(value)
    return a[-1]


def _outputs(graph: Graph, prepared: Prepared, last: str) -> list[str]:
    """Add what is answered; returns the names of the outputs."""
    scaling, code = prepared.target_scaling, prepared.code
    if prepared.dataset.classes is None:
        scaled = graph.add("Mul", [last, graph.constant("target scale", scaling.scale)], "in units")
        graph.add("Add", [scaled, graph.constant("target shift", scaling.shift)], "answer")
        return ["answer"]
    graph.add("Identity", [last], "answer")
    if code.size > 1:
        graph.add("ArgMax", [last], "class", axis=1, keepdims=0)
    else:
        middle = graph.constant("middle", np.float64((code.low + code.high) / 2))
        second = graph.add("Cast", [graph.add("Greater", [last, middle], "above")], "second", to=7)
        graph.add("Squeeze", [second, graph.constant("axis 1", np.array([1], dtype=np.int64))], "class")
    return ["answer", "class"]


def _metadata(prepared: Prepared) -> dict[str, str]:
    dataset = prepared.dataset
    told: dict[str, Any] = {
        "columns": dataset.columns,
        "target": dataset.target_names,
        "classes": dataset.classes,
    }
    return {name: json.dumps(value) for name, value in told.items() if value is not None}
