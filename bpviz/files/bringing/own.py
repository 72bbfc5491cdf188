"""Read back what `bpviz.files.weights` writes: npz, safetensors, json and csv."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import ModelError, VersionError
from bpviz.files.archive import DamageError
from bpviz.files.bringing.proposal import Column, Mapped, Proposal, Remark
from bpviz.files.weights import FORMAT, VERSION

_HEAD: Final = "# description "


def is_own(description: object) -> bool:
    """Whether a description is one of bpviz's."""
    return isinstance(description, dict) and description.get("format") == FORMAT


def of_json(document: Mapping[str, Any], title: str) -> Proposal:
    """Read the whole of a json file."""
    arrays = {name: np.array(values) for name, values in dict(document["arrays"]).items()}
    return own_network({k: v for k, v in document.items() if k != "arrays"}, arrays, title)


def of_csv(text: str, title: str) -> Proposal:
    """Read a csv file."""
    lines = text.splitlines()
    head = next((line for line in lines if line.startswith(_HEAD)), None)
    if head is None:
        raise DamageError("it is no table of weights by bpviz")
    description = json.loads(head.removeprefix(_HEAD))
    sizes = [layer["size"] for layer in description["layers"]]
    arrays: dict[str, NDArray[Any]] = {f"bias/{k}": np.zeros(size) for k, size in enumerate(sizes) if k}
    for link in description["links"]:
        shape = sizes[link["target"]], sizes[link["source"]]
        arrays[link["weights"]] = np.zeros(shape)
        arrays[link["present"]] = np.zeros(shape, dtype=np.bool_)
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    expected = sum(array.size for array in arrays.values() if array.dtype != np.bool_)
    count = 0
    for row in rows:
        target, node = row["layer"], int(row["node"])
        count += 1
        if row["kind"] == "bias":
            arrays[f"bias/{target}"][node] = float(row["value"])
        else:
            at = node, int(row["source_node"])
            arrays[f"weights/{target}/{row['source_layer']}"][at] = float(row["value"])
            arrays[f"present/{target}/{row['source_layer']}"][at] = row["present"] == "1"
    if count != expected:
        raise DamageError(f"it has {count} rows of weights where its head says {expected}")
    return own_network(description, arrays, title)


def own_network(description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]], title: str) -> Proposal:
    """Read a description with its arrays.

    Raises:
        VersionError: If a newer bpviz wrote it.
        ModelError: If its arrays don't fit its description.
    """
    if int(description["format_version"]) > VERSION:
        raise VersionError("These weights were written by a newer bpviz; update bpviz.")
    columns = tuple(_column(at, layer, description) for at, layer in enumerate(description["layers"]))
    weights, present, biases, mapping = {}, {}, {}, list[Mapped]()
    for link in description["links"]:
        key = int(link["target"]), int(link["source"])
        shape = columns[key[0]].size, columns[key[1]].size
        weights[key] = _of_shape(arrays, link["weights"], shape)
        present[key] = _of_shape(arrays, link["present"], shape).astype(np.bool_)
        mapping.append(Mapped(link["weights"], shape, "weights", *key))
    for at in range(1, len(columns)):
        biases[at] = _of_shape(arrays, f"bias/{at}", (columns[at].size,))
        mapping.append(Mapped(f"bias/{at}", (columns[at].size,), "bias", at))
    remarks: list[Remark] = []
    scaling = description["input_scaling"]
    if any(scaling["shift"]) or any(scale != 1 for scale in scaling["scale"]):
        remarks.append(("input_scaling", ""))
    of_target = description["target"]["scaling"]
    if any(of_target["shift"]) or any(scale != 1 for scale in of_target["scale"]):
        remarks.append(("target_scaling", ""))
    own_title = str(description.get("title") or title)
    return Proposal(
        "bpviz",
        own_title,
        columns,
        weights,
        present,
        biases,
        tuple(mapping),
        tuple(remarks),
        about=description,
    )


def _column(at: int, layer: Mapping[str, Any], description: Mapping[str, Any]) -> Column:
    names = [str(feature["text"]) for feature in description["features"]] if at == 0 else layer["nodes"]
    functions = tuple(ACTIVATIONS[str(name)].name for name in layer["activations"])
    size = int(layer["size"])
    if len(names) != size or len(functions) != (size if at else 0):
        raise ModelError("The layers of these weights don't fit their own description.")
    return Column(size, functions, str(layer["name"]), tuple(map(str, names)))


def _of_shape(arrays: Mapping[str, NDArray[Any]], name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    if name not in arrays or arrays[name].shape != shape:
        raise ModelError(f"The array {name} is missing, or has not the shape that the file's head says.")
    numbers = np.asarray(arrays[name], dtype=np.float64)
    if not np.isfinite(numbers).all():
        raise ModelError(f"The array {name} holds a number that is not finite; write the weights again.")
    return numbers
