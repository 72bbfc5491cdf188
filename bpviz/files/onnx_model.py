"""A network as an ONNX model: a raw row of the table goes in, the answer comes out.

Categories, filling, features, scaling, activations of single nodes and the unit of the answer are all inside.
Everything is computed in double precision but the error function of GELU, which runtimes have in single
precision only; `in_single` says whether that is needed.
"""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np

from bpviz.arrays import Array
from bpviz.data.prepare import Prepared
from bpviz.data.settings import DataSettings
from bpviz.engine.plan import Plan
from bpviz.errors import FileError
from bpviz.files.onnx_graph import ACTIVATION_NODES, Graph
from bpviz.files.onnx_inputs import Taken, add_inputs
from bpviz.model.compile import Compiled
from bpviz.version import __version__

OPSET: Final = 17
"""Of 2022; older runtimes are rare, newer ones read it."""

_OPSET_WORDS: Final = 2
"""Of the operators that look texts up, of 2019."""

_IR: Final = 8
_DOUBLE, _WHOLE = 11, 7  # as the format numbers its types

IN_SINGLE: Final = (
    "GELU is computed with 7 digits there: runtimes have its error function in single precision."
)
"""What to say of a model where `in_single` holds."""


def in_single(plan: Plan) -> bool:
    """Whether something of a network is computed in single precision there."""
    return any("gelu" in layer.activations for layer in plan.layers)


def onnx_content(
    compiled: Compiled, parameters: Array, prepared: Prepared, settings: DataSettings, title: str = ""
) -> bytes:
    """Make the bytes of a model.

    Its input ``row`` is (rows, columns), the columns of the table in the data's own unit, NaN where a value
    is missing; where a column holds texts, each column is an input of its own name, (rows, 1).  Its output
    ``answer`` is (rows, outputs), also in the data's unit; of classes there is a second output, ``class``,
    (rows,), the number of the class; their names are in the model's metadata.  Where a value is missing and
    nothing is filled in, the answer is NaN and the class -1.

    Args:
        compiled: The network.
        parameters: (parameters,), its flat vector.
        prepared: The data it learns from.
        settings: Of these data.
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
    taken = Taken.of(settings, prepared)
    graph, make = Graph(onnx, taken.names), onnx.helper
    shown = add_inputs(graph, taken, prepared)
    last = _layers(graph, compiled.plan, parameters.astype(np.float64), shown)
    kinds = _outputs(graph, prepared, last, shown)
    words = [make.make_opsetid("ai.onnx.ml", _OPSET_WORDS)] if taken.apart else []
    model = make.make_model(
        make.make_graph(
            graph.nodes,
            title or "network",
            taken.infos(onnx),
            [make.make_tensor_value_info(name, *kind) for name, kind in kinds.items()],
            list(graph.constants.values()),
        ),
        opset_imports=[make.make_opsetid("", OPSET), *words],
        producer_name="bpviz",
        producer_version=__version__,
        ir_version=_IR,
    )
    make.set_model_props(model, _metadata(prepared, taken))
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


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


def _outputs(graph: Graph, prepared: Prepared, last: str, shown: str) -> dict[str, tuple[int, list[Any]]]:
    """Add what is answered; returns the outputs by name, each its type and shape.

    Operators don't agree on what becomes of NaN within (a maximum of it and 0 may be 0), so it is put back.
    """
    scaling, code = prepared.target_scaling, prepared.code
    axis = graph.constant("axis 1", np.array([1], dtype=np.int64))
    total = graph.add("ReduceSum", [shown, axis], "all inputs", keepdims=1)
    lacking = graph.add("IsNaN", [total], "lacking")
    nothing = graph.constant("nothing", np.float64(np.nan))
    answer = last
    if prepared.dataset.classes is None:
        scaled = graph.add("Mul", [last, graph.constant("target scale", scaling.scale)], "in units")
        answer = graph.add("Add", [scaled, graph.constant("target shift", scaling.shift)], "shifted back")
    outputs: dict[str, tuple[int, list[Any]]] = {
        graph.add("Where", [lacking, nothing, answer], "answer"): (_DOUBLE, ["rows", code.size])
    }
    if prepared.dataset.classes is None:
        return outputs
    if code.size > 1:
        found = graph.add("ArgMax", [last], "best", axis=1, keepdims=0)
    else:
        middle = graph.constant("middle", np.float64((code.low + code.high) / 2))
        above = graph.add("Cast", [graph.add("Greater", [last, middle], "above")], "second", to=_WHOLE)
        found = graph.add("Squeeze", [above, axis], "which")
    none = graph.add("Squeeze", [lacking, axis], "unknown")
    minus = graph.constant("no class", np.int64(-1))
    outputs[graph.add("Where", [none, minus, found], "class")] = (_WHOLE, ["rows"])
    return outputs


def _metadata(prepared: Prepared, taken: Taken) -> dict[str, str]:
    dataset = prepared.dataset
    told = {**taken.told, "target": dataset.target_names}
    if dataset.classes is not None:
        told["classes"] = dataset.classes
    return {name: json.dumps(value) for name, value in told.items()}
