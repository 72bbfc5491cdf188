"""Exported weights are the whole function: numpy alone, knowing only the file, computes the outputs."""

from __future__ import annotations

import csv
import json
import math
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import FileError
from bpviz.files.weights import WEIGHT_FORMATS, WeightExport, weight_export
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project
from bpviz.training.session import Session

# What follows up to the tests uses nothing of bpviz, as if written by somebody who has the file alone.


def read_npz(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return json.loads(str(arrays.pop("description"))), arrays


def read_safetensors(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    head = json.loads(content[8 : 8 + length])
    kinds = {"F64": np.float64, "F32": np.float32, "BOOL": np.bool_}
    metadata = head.pop("__metadata__")
    arrays = {}
    for name, entry in head.items():
        first, last = (8 + length + offset for offset in entry["data_offsets"])
        arrays[name] = np.frombuffer(content[first:last], kinds[entry["dtype"]]).reshape(entry["shape"])
    return json.loads(metadata["description"]), arrays


def read_json(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    document = json.loads(path.read_text(encoding="utf-8"))
    arrays = {name: np.array(values) for name, values in document.pop("arrays").items()}
    return document, arrays


def read_csv(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [line for line in lines if line.startswith("#")]
    description = json.loads(comments[-1].removeprefix("# description "))
    sizes = [layer["size"] for layer in description["layers"]]
    arrays: dict[str, Any] = {f"bias/{k}": np.zeros(size) for k, size in enumerate(sizes) if k}
    for link in description["links"]:
        shape = (sizes[link["target"]], sizes[link["source"]])
        arrays[link["weights"]], arrays[link["present"]] = np.zeros(shape), np.zeros(shape, dtype=bool)
    for row in csv.DictReader(lines[len(comments) :]):
        layer, node, value = int(row["layer"]), int(row["node"]), float(row["value"])
        if row["kind"] == "bias":
            arrays[f"bias/{layer}"][node] = value
        else:
            end = f"{layer}/{row['source_layer']}"
            arrays[f"weights/{end}"][node, int(row["source_node"])] = value
            arrays[f"present/{end}"][node, int(row["source_node"])] = row["present"] == "1"
    return description, arrays


def softmax(z: Any) -> Any:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    "selu": lambda z: (
        1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))
    ),
    "gelu": lambda z: 0.5 * z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "softplus": lambda z: np.logaddexp(0, z),
    "softsign": lambda z: z / (1 + np.abs(z)),
    "sine": np.sin,
    "softmax": softmax,
}
FORMS: dict[str, Callable[..., Any]] = {
    "column": lambda x: x,
    "square": lambda x: x * x,
    "product": lambda x, y: x * y,
    "sin": np.sin,
    "cos": np.cos,
}


def compute(description: dict[str, Any], arrays: dict[str, Any], raw: Any) -> Any:
    """Raw rows (examples, columns) to outputs (examples, outputs)."""
    features = [
        FORMS[feature["form"]](*(raw[:, k] for k in feature["columns"]))
        for feature in description["features"]
    ]
    scaling = description["input_scaling"]
    a = {0: (np.column_stack(features) - np.array(scaling["shift"])) / np.array(scaling["scale"])}
    for layer in range(1, len(description["layers"])):
        z = np.tile(arrays[f"bias/{layer}"].astype(float), (len(raw), 1))
        for link in description["links"]:
            if link["target"] == layer:
                present = arrays[link["present"]]
                z = z + a[link["source"]] @ np.where(present, arrays[link["weights"]], 0.0).astype(float).T
        names = description["layers"][layer]["activations"]
        if "softmax" in names:
            a[layer] = softmax(z)
        else:
            a[layer] = np.column_stack([FUNCTIONS[name](z[:, k]) for k, name in enumerate(names)])
    return a[len(description["layers"]) - 1]


def in_units(description: dict[str, Any], outputs: Any) -> Any:
    scaling = description["target"]["scaling"]
    return outputs * np.array(scaling["scale"]) + np.array(scaling["shift"])


READERS = {"npz": read_npz, "safetensors": read_safetensors, "json": read_json, "csv": read_csv}


# From here on bpviz again.


def export_of(run: Session) -> WeightExport:
    return weight_export(run.compiled, run.parameters, run.prepared, title="A title", step=run.step)


def trained(project: Project, steps: int = 7) -> Session:
    run = Session(project)
    run.advance(steps)
    return run


def with_features(project: Project) -> Project:
    layer = project.network.layers[0]
    first, second = layer.nodes
    nodes = (replace(first, feature="x*y"), replace(second, feature="x^2"))
    layers = (replace(layer, nodes=nodes), *project.network.layers[1:])
    return replace(project, network=replace(project.network, layers=layers))


def test_the_reader_of_this_test_knows_every_activation() -> None:
    assert FUNCTIONS.keys() == ACTIVATIONS.keys()


@pytest.mark.parametrize("kind", WEIGHT_FORMATS)
def test_a_masked_skipping_mixed_network_is_reproduced_on_the_raw_table(
    tmp_path: Path, hard_run: Session, kind: str
) -> None:
    WEIGHT_FORMATS[kind].write(tmp_path / "w", export_of(hard_run))
    raw = hard_run.prepared.dataset.inputs
    outputs = compute(*READERS[kind](tmp_path / "w"), raw)
    np.testing.assert_allclose(outputs, hard_run.outputs(raw), rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", WEIGHT_FORMATS)
@pytest.mark.parametrize("name", ["iris", "diabetes", "penguins", "sine", "multi_gauss", "mazur"])
def test_examples_are_reproduced_on_the_raw_table(tmp_path: Path, name: str, kind: str) -> None:
    run = trained(EXAMPLES[name].build())
    WEIGHT_FORMATS[kind].write(tmp_path / "w", export_of(run))
    description, arrays = READERS[kind](tmp_path / "w")
    raw = run.prepared.dataset.inputs
    outputs = compute(description, arrays, raw)
    np.testing.assert_allclose(outputs, run.outputs(raw), rtol=0, atol=1e-12)
    expected = run.prepared.decode_targets(run.outputs(raw))
    np.testing.assert_allclose(in_units(description, outputs), expected, rtol=1e-12)


@pytest.mark.parametrize("kind", WEIGHT_FORMATS)
def test_single_precision_is_reproduced_as_well(tmp_path: Path, kind: str) -> None:
    project = EXAMPLES["spiral"].build()
    run = trained(replace(project, training=replace(project.training, precision="float32")))
    WEIGHT_FORMATS[kind].write(tmp_path / "w", export_of(run))
    description, arrays = READERS[kind](tmp_path / "w")
    raw = run.prepared.dataset.inputs
    np.testing.assert_allclose(compute(description, arrays, raw), run.outputs(raw), rtol=0, atol=1e-12)
    assert description["precision"] == "float32"


@pytest.mark.parametrize("activation", sorted(set(ACTIVATIONS) - {"softmax"}))
def test_every_activation_is_reproduced(tmp_path: Path, activation: str) -> None:
    project = with_features(EXAMPLES["xor"].build())
    first, second, *rest = project.network.layers
    layers = (first, replace(second, activation=activation), *rest)
    run = trained(replace(project, network=replace(project.network, layers=layers)))
    WEIGHT_FORMATS["npz"].write(tmp_path / "w", export_of(run))
    raw = run.prepared.dataset.inputs
    np.testing.assert_allclose(compute(*read_npz(tmp_path / "w"), raw), run.outputs(raw), rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", WEIGHT_FORMATS)
def test_every_format_holds_the_same_bits_and_the_same_account(
    tmp_path: Path, hard_run: Session, kind: str
) -> None:
    export = export_of(hard_run)
    WEIGHT_FORMATS[kind].write(tmp_path / "w", export)
    description, arrays = READERS[kind](tmp_path / "w")
    assert description == json.loads(json.dumps(dict(export.description)))
    assert (description["format"], description["format_version"]) == ("bpviz weights", 1)
    assert arrays.keys() == export.arrays.keys()
    for name, array in export.arrays.items():
        np.testing.assert_array_equal(arrays[name], array)


def test_the_account_says_what_each_thing_is() -> None:
    description = export_of(trained(EXAMPLES["iris"].build())).description
    assert description["columns"] == ["sepal length", "sepal width", "petal length", "petal width"]
    assert description["features"][1] == {"text": "sepal width", "form": "column", "columns": [1]}
    assert description["target"]["classes"] == ["setosa", "versicolor", "virginica"]
    assert description["target"]["code"] == {"low": 0.0, "high": 1.0}
    assert set(description["layers"][-1]["activations"]) == {"softmax"}
    assert description["activations"].keys() >= {"softmax"}
    derived = export_of(trained(with_features(EXAMPLES["xor"].build()))).description
    assert derived["features"][0] == {"text": "x*y", "form": "product", "columns": [0, 1]}


def test_the_same_weights_give_the_same_bytes(hard_run: Session) -> None:
    for entry in WEIGHT_FORMATS.values():
        assert entry.content(export_of(hard_run)) == entry.content(export_of(hard_run))


def test_a_failure_leaves_no_file(tmp_path: Path, hard_run: Session) -> None:
    with pytest.raises(FileError, match="that folder does not exist"):
        WEIGHT_FORMATS["npz"].write(tmp_path / "none" / "w.npz", export_of(hard_run))
    assert list(tmp_path.iterdir()) == []
