"""Read multilayer perceptrons from ONNX: Gemm, or MatMul and Add, and activations.

Each value of the graph is followed as what it is: a layer, or a sum over layers that waits for a function.
So links that skip layers come along.  The library ``onnx`` is an extra, loaded when a file is read.

To add an activation, add an entry to `ACTIVATIONS`; to add an operator, one to `_OPERATORS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Final, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS as KNOWN
from bpviz.engine.activations import LEAK
from bpviz.errors import FileFormatError, ModelError, counted, elided
from bpviz.files.bringing.proposal import Column, Mapped, Proposal

ACTIVATIONS: Final = {
    "Relu": "relu",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "LeakyRelu": "leaky_relu",
    "Elu": "elu",
    "Selu": "selu",
    "Gelu": "gelu",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Sin": "sine",
}
_ALPHAS: Final = {"LeakyRelu": (0.01, LEAK), "Elu": (1.0, 1.0)}
"""The usual alpha of an operator, and the one bpviz has."""
_PASSING: Final = ("Identity", "Dropout", "Flatten", "Cast")
_NO_SIZE: Final = -1
_CLOSE: Final = 1e-6  # float32 rounds such an alpha


@dataclass(frozen=True, slots=True)
class _Constant:
    """Numbers of the file, and the name they have there."""

    array: Array
    name: str
    turned: bool = False


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer of the network, by its place."""

    at: int


@dataclass(frozen=True, slots=True)
class _Sum:
    """What a layer is to be computed from: matrices (targets, sources) by layer, and biases."""

    weights: Mapping[int, Array]
    bias: Array
    mapping: tuple[Mapped, ...] = ()


_Value: TypeAlias = _Constant | _Layer | _Sum


def network_in(content: bytes, title: str) -> Proposal:
    """Read a model.

    Raises:
        FileFormatError: If the library is missing.
        ModelError: If it computes what bpviz has not, by the name of the operator.
    """
    onnx = _library()
    graph = onnx.load_model_from_string(content).graph
    walk = _Walk(onnx)
    for initializer in graph.initializer:
        walk.keep(initializer.name, initializer)
    given = [value for value in graph.input if value.name not in walk.values]
    if len(given) != 1 or len(graph.output) != 1:
        raise ModelError(
            f"The model has {counted(len(given), 'input')} and {counted(len(graph.output), 'output')}, and "
            "only one of each can be had; bring in its weights from an .npz instead."
        )
    walk.values[given[0].name] = _Layer(0)
    for node in graph.node:
        walk.follow(node)
    return walk.proposal(walk.value(graph.output[0].name), title)


def _library() -> ModuleType:
    try:
        import onnx
    except ImportError as error:
        raise FileFormatError(
            "To read ONNX the package onnx is missing; type python3 packaging/run.py extra onnx, or "
            'pip install "bpviz[onnx]".'
        ) from error
    library: ModuleType = onnx
    return library


@dataclass(slots=True)
class _Walk:
    """Goes along the graph and keeps what each of its values is."""

    onnx: ModuleType
    values: dict[str, _Value] = field(default_factory=dict)
    sums: list[_Sum] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)
    inputs: int = _NO_SIZE

    def keep(self, name: str, tensor: Any) -> None:
        """Keep numbers of the file."""
        if tensor.data_location == self.onnx.TensorProto.EXTERNAL:
            raise ModelError(f"The numbers of {name} lie in another file; save the model as one file.")
        array = np.asarray(self.onnx.numpy_helper.to_array(tensor))
        if array.dtype.kind in "fiub":
            self.values[name] = _Constant(array.astype(np.float64), name)

    def value(self, name: str) -> _Value:
        """What a value of the graph is."""
        if name not in self.values:
            raise ModelError(f"The model uses {elided(name, 40)!r} before it is computed; it is damaged.")
        return self.values[name]

    def follow(self, node: Any) -> None:
        """Go past one operator."""
        operator, given = node.op_type, [self.value(name) for name in node.input if name]
        options = {a.name: self.onnx.helper.get_attribute_value(a) for a in node.attribute}
        if operator in ACTIVATIONS:
            result: _Value = self.activated(operator, given[0], options)
        elif operator in _PASSING:
            result = given[0]
        elif operator == "Constant" and "value" in options:
            self.keep(node.output[0], options["value"])
            return
        elif operator in _OPERATORS:
            result = _OPERATORS[operator](self, given, options)
        else:
            raise ModelError(
                f"The model has the operator {elided(operator, 40)}, which no network of plain layers has."
            )
        self.values[node.output[0]] = result

    def activated(self, operator: str, given: _Value, options: Mapping[str, Any]) -> _Value:
        """Make a layer of a sum."""
        usual, own = _ALPHAS.get(operator, (0.0, 0.0))
        if abs(options.get("alpha", usual) - own) > _CLOSE and operator in _ALPHAS:
            raise ModelError(f"The operator {operator} has another alpha than bpviz's {own:g}.")
        if operator == "Softmax" and options.get("axis", -1) not in (-1, 1):
            raise ModelError("The model takes its Softmax over examples; only plain networks can be had.")
        if options.get("approximate", b"none") != b"none":
            raise ModelError("The model approximates Gelu by tanh; export it with the exact one.")
        return self.layer(given, ACTIVATIONS[operator])

    def layer(self, given: _Value, function: str) -> _Layer:
        """Let a sum become a layer; a layer gets an identity in between."""
        if isinstance(given, _Constant):
            raise ModelError(
                "The model computes with numbers of its own alone; only plain networks can be had."
            )
        if isinstance(given, _Layer):
            size = self.size(given)
            given = _Sum({given.at: np.eye(size)}, np.zeros(size))
        self.sums.append(given)
        self.functions.append(function)
        return _Layer(len(self.sums))

    def size(self, layer: _Layer) -> int:
        """How many nodes a layer has."""
        if layer.at == 0 and self.inputs == _NO_SIZE:
            raise ModelError(
                "The model transforms its input before any weights; only plain networks can be had."
            )
        return self.inputs if layer.at == 0 else len(self.sums[layer.at - 1].bias)

    def product(self, given: _Value, weights: _Constant, *, turned: bool) -> _Sum:
        """Multiply a layer by a matrix, (targets, sources) unless turned."""
        if isinstance(given, _Sum):
            given = self.layer(given, "linear")
        if not isinstance(given, _Layer) or weights.array.ndim != 2:
            raise ModelError("The model multiplies otherwise than a layer by a matrix.")
        matrix = weights.array.T if turned else weights.array
        if given.at == 0 and self.inputs == _NO_SIZE:
            self.inputs = matrix.shape[1]
        if matrix.shape[1] != self.size(given):
            raise ModelError(f"The matrix {weights.name} does not fit the layer that it multiplies.")
        shape = weights.array.T.shape if weights.turned else weights.array.shape
        way = turned != weights.turned
        mapped = Mapped(weights.name, shape, "weights", _NO_SIZE, given.at, way)
        return _Sum({given.at: matrix}, np.zeros(len(matrix)), (mapped,))

    def proposal(self, last: _Value, title: str) -> Proposal:
        """Put the network together, without layers that lead nowhere."""
        end = self.layer(last, "linear") if isinstance(last, _Sum) else last
        if not isinstance(end, _Layer) or end.at != len(self.sums) or not self.sums:
            raise ModelError("The output of the model is not its last layer; only plain networks can be had.")
        columns = [Column(self.inputs)]
        weights, mapping = dict[tuple[int, int], Array](), list[Mapped]()
        for at, (found, function) in enumerate(zip(self.sums, self.functions, strict=True), start=1):
            size = len(found.bias)
            columns.append(Column(size, (KNOWN[function].name,) * size))
            weights |= {
                (at, source): np.ascontiguousarray(found.weights[source]) for source in sorted(found.weights)
            }
            mapping += [Mapped(m.array, m.shape, m.what, at, m.source, m.turned) for m in found.mapping]
        if not all(np.isfinite(matrix).all() for matrix in weights.values()):
            raise ModelError("The model holds a number that is not finite; export it again.")
        return Proposal(
            "onnx",
            title,
            tuple(columns),
            weights,
            {key: np.ones_like(matrix, dtype=np.bool_) for key, matrix in weights.items()},
            {at: found.bias for at, found in enumerate(self.sums, start=1)},
            tuple(mapping),
        )


def _matmul(walk: _Walk, given: Sequence[_Value], _options: Mapping[str, Any]) -> _Value:
    x, weights = given
    if not isinstance(weights, _Constant):
        raise ModelError("The model multiplies two computed values; only plain networks can be had.")
    return walk.product(x, weights, turned=True)


def _gemm(walk: _Walk, given: Sequence[_Value], options: Mapping[str, Any]) -> _Value:
    x, weights, *rest = given
    if not isinstance(weights, _Constant) or options.get("transA", 0):
        raise ModelError("The model multiplies two computed values; only plain networks can be had.")
    scaled = _Constant(weights.array * options.get("alpha", 1.0), weights.name, weights.turned)
    found = walk.product(x, scaled, turned=not options.get("transB", 0))
    if not rest:
        return found
    if not isinstance(rest[0], _Constant):
        raise ModelError("The model adds a computed value in a Gemm; only plain networks can be had.")
    return _with_bias(found, rest[0], options.get("beta", 1.0))


def _add(_walk: _Walk, given: Sequence[_Value], _options: Mapping[str, Any]) -> _Value:
    one, other = given
    if isinstance(one, _Constant):
        one, other = other, one
    if isinstance(one, _Sum) and isinstance(other, _Constant):
        return _with_bias(one, other, 1.0)
    if isinstance(one, _Sum) and isinstance(other, _Sum) and len(one.bias) == len(other.bias):
        weights = dict(one.weights)
        for source, matrix in other.weights.items():
            weights[source] = weights[source] + matrix if source in weights else matrix
        return _Sum(weights, one.bias + other.bias, (*one.mapping, *other.mapping))
    raise ModelError("The model adds layers themselves; only sums over weights can be had.")


def _transpose(_walk: _Walk, given: Sequence[_Value], _options: Mapping[str, Any]) -> _Value:
    (one,) = given
    if not isinstance(one, _Constant) or one.array.ndim != 2:
        raise ModelError("The model transposes a computed value; only plain networks can be had.")
    return _Constant(one.array.T, one.name, not one.turned)


def _with_bias(found: _Sum, bias: _Constant, factor: float) -> _Sum:
    if bias.array.size not in (1, len(found.bias)):
        raise ModelError(f"The array {bias.name} does not fit the layer that it is added to.")
    mapped = Mapped(bias.name, bias.array.shape, "bias", _NO_SIZE)
    return _Sum(found.weights, found.bias + factor * bias.array.ravel(), (*found.mapping, mapped))


_Operator: TypeAlias = Callable[[_Walk, Sequence[_Value], Mapping[str, Any]], _Value]
_OPERATORS: Final[Mapping[str, _Operator]] = {
    "MatMul": _matmul,
    "Gemm": _gemm,
    "Add": _add,
    "Transpose": _transpose,
}
