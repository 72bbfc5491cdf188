"""Take a trained network away: its whole function, in a file that needs no bpviz to be read.

A file of weights holds everything between a row of the raw table and the answer: which features are computed
and how they are scaled, every weight, bias and missing connection, the activation of each node, and how the
outputs are read as classes or numbers.  `WeightExport.description` is that account in plain values; each
format carries it whole beside the numbers.  README shows the few lines of numpy that compute the outputs.

To add a format, add an entry to `WEIGHT_FORMATS`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.engine.activations import ACTIVATIONS
from bpviz.files.archive import pack_arrays
from bpviz.files.cells import Cell, export_bytes
from bpviz.files.formats import HALF_LETTERS, FileFormat
from bpviz.model.naming import node_labels
from bpviz.registry import Registry

if TYPE_CHECKING:
    from bpviz.data.prepare import Prepared
    from bpviz.model.compile import Compiled

FORMAT: Final = "bpviz weights"
VERSION: Final = 1


@dataclass(frozen=True, slots=True, eq=False)
class WeightExport:
    """A trained network as a function from raw rows to outputs.

    Layers are numbered from 0 at the input, in an order in which every link leads forward.

    Attributes:
        description: All but the big arrays, as values that JSON can hold; README explains each key.
        weights: By (target layer, source layer), each (targets, sources); 0 where a pair is not connected.
        present: Likewise, False where a pair is not connected.
        biases: By layer from 1 on, each (nodes,).
    """

    description: Mapping[str, Any]
    weights: Mapping[tuple[int, int], Array]
    present: Mapping[tuple[int, int], BoolArray]
    biases: Mapping[int, Array]

    @property
    def arrays(self) -> dict[str, Array | BoolArray]:
        """All arrays under the names they have in files: ``weights/2/1`` leads from layer 1 to layer 2."""
        named: dict[str, Array | BoolArray] = {}
        for (target, source), matrix in self.weights.items():
            named[f"weights/{target}/{source}"] = matrix
            named[f"present/{target}/{source}"] = self.present[target, source]
        for layer, bias in self.biases.items():
            named[f"bias/{layer}"] = bias
        return named


def weight_export(
    compiled: Compiled, parameters: Array, prepared: Prepared, *, title: str = "", step: int = 0
) -> WeightExport:
    """Collect a network's whole function.

    Args:
        compiled: The network.
        parameters: (parameters,), its flat vector.
        prepared: The data it learns from: features, scaling, classes.
        title: Of the project.
        step: How many steps it was trained.
    """
    plan = compiled.plan
    keys = [(link.target, link.source) for link in plan.links]
    return WeightExport(
        description={
            "format": FORMAT,
            "format_version": VERSION,
            "title": title,
            "step": step,
            "precision": str(parameters.dtype),
            **_input_description(prepared),
            **_network_description(compiled),
            **_target_description(prepared),
        },
        weights={key: plan.weights(parameters, k) for k, key in enumerate(keys)},
        present={key: plan.links[k].present for k, key in enumerate(keys)},
        biases={layer: plan.biases(parameters, layer) for layer in range(1, len(plan.layers))},
    )


def _input_description(prepared: Prepared) -> dict[str, Any]:
    scaling = prepared.input_scaling
    return {
        "columns": list(prepared.dataset.columns),
        "features": [
            {"text": feature.text, "form": feature.form, "columns": list(feature.columns)}
            for feature in prepared.features
        ],
        "input_scaling": {"shift": scaling.shift.tolist(), "scale": scaling.scale.tolist()},
    }


def _network_description(compiled: Compiled) -> dict[str, Any]:
    plan, network = compiled.plan, compiled.network
    used = {name for layer in plan.layers for name in layer.activations}
    return {
        "layers": [
            {
                "name": layer.name,
                "size": layer.size,
                "nodes": list(node_labels(network.layer(layer_id))),
                "activations": list(layer.activations),
            }
            for layer, layer_id in zip(plan.layers, compiled.layer_ids, strict=True)
        ],
        "links": [
            {
                "target": link.target,
                "source": link.source,
                "weights": f"weights/{link.target}/{link.source}",
                "present": f"present/{link.target}/{link.source}",
            }
            for link in plan.links
        ],
        "activations": {name: entry.formula for name, entry in ACTIVATIONS.items() if name in used},
    }


def _target_description(prepared: Prepared) -> dict[str, Any]:
    dataset, scaling = prepared.dataset, prepared.target_scaling
    classes = None if dataset.classes is None else list(dataset.classes)
    return {
        "target": {
            "names": list(dataset.target_names),
            "classes": classes,
            "code": None if classes is None else {"low": prepared.code.low, "high": prepared.code.high},
            "scaling": {"shift": scaling.shift.tolist(), "scale": scaling.scale.tolist()},
        },
    }


def _text(export: WeightExport) -> str:
    return _dumped(export.description)


def _dumped(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", HALF_LETTERS).decode()


def _npz(export: WeightExport) -> bytes:
    return pack_arrays({"description": np.array(_text(export)), **export.arrays})


def _safetensors(export: WeightExport) -> bytes:
    from safetensors.numpy import save

    tensors = {name: np.ascontiguousarray(array) for name, array in export.arrays.items()}
    # One entry: the library writes several in another order each time.
    content: bytes = save(tensors, {"description": _text(export)})
    return content


def _json(export: WeightExport) -> bytes:
    # Python writes the shortest text that reads back as the same bits.
    arrays = {name: _plain(array).tolist() for name, array in export.arrays.items()}
    return f"{_dumped({**export.description, 'arrays': arrays})}\n".encode()


def _plain(array: Array | BoolArray) -> Array | BoolArray:
    """Widen float32 to float64, whose text is exact; leave truth values."""
    return array if array.dtype == np.bool_ else array.astype(np.float64)


_CSV_HEAD: Final = (
    "# Weights of a network trained with bpviz: one row a weight or bias, layers and nodes counted from 0.",
    "# A weight leads from source_node of source_layer to node of layer; a bias has no source.",
    "# present is 0 where two nodes are not connected; such a weight is 0.",
    "# The last line of this head is all the rest that the function needs, as JSON.",
)
_CSV_COLUMNS: Final = ("kind", "layer", "node", "source_layer", "source_node", "present", "value")


def _csv(export: WeightExport) -> bytes:
    head = "".join(f"{line}\n" for line in (*_CSV_HEAD, f"# description {_text(export)}"))
    return head.encode() + export_bytes([_CSV_COLUMNS, *_csv_rows(export)])


def _csv_rows(export: WeightExport) -> Iterator[tuple[Cell, ...]]:
    for (target, source), matrix in export.weights.items():
        present = export.present[target, source].astype(int).tolist()
        for node, (values, there) in enumerate(zip(_plain(matrix).tolist(), present, strict=True)):
            for source_node, (value, here) in enumerate(zip(values, there, strict=True)):
                yield "weight", target, node, source, source_node, here, value
    for layer, biases in export.biases.items():
        for node, value in enumerate(_plain(biases).tolist()):
            yield "bias", layer, node, "", "", 1, value


WEIGHT_FORMATS: Final[Registry[FileFormat[[WeightExport]]]] = Registry(
    "format of weights",
    FileFormat("npz", "NumPy archive", ".npz", _npz),
    FileFormat("safetensors", "Safetensors", ".safetensors", _safetensors),
    FileFormat("json", "JSON", ".json", _json),
    FileFormat("csv", "CSV table", ".csv", _csv),
)
