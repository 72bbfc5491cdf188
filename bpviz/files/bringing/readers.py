"""The table of files that networks and weights are brought in from; nothing in them is ever unpickled.

To add a kind of file, add an entry to `READERS`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bpviz.errors import BpvizError, FileError, FileFormatError, ModelError
from bpviz.files.archive import DamageError, unpack_arrays
from bpviz.files.bringing import graphs, own, snns
from bpviz.files.bringing.arrays import network_in
from bpviz.files.bringing.proposal import Orientation, Proposal
from bpviz.reading import MEGABYTE, read_file
from bpviz.registry import Registry

LARGEST: Final = 512 * MEGABYTE
_HEAD_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says of a file.

    Attributes:
        orientation: What the rows of its matrices are; None finds out.
        activation: Of the hidden layers, where the file does not say.
        output_activation: Of the output, likewise.
    """

    orientation: Orientation | None = None
    activation: str | None = None
    output_activation: str | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """A kind of file.

    Attributes:
        name: Key.
        label: What is shown.
        suffix: What its names end with.
        read: From bytes, the title and what the user says to the proposal.
    """

    name: str
    label: str
    suffix: str
    read: Callable[[bytes, str, Wanted], Proposal]


def _npz(content: bytes, title: str, wanted: Wanted) -> Proposal:
    arrays = unpack_arrays(content, LARGEST)
    described = arrays.get("description")
    if described is not None and described.dtype.kind == "U":
        description = json.loads(str(described))
        if own.is_own(description):
            return own.own_network(
                description, {k: v for k, v in arrays.items() if v is not described}, title
            )
    return _bare(arrays, title, "npz", wanted)


def _safetensors(content: bytes, title: str, wanted: Wanted) -> Proposal:
    from safetensors.numpy import load

    arrays: dict[str, NDArray[Any]] = load(content)
    length = int.from_bytes(content[:_HEAD_BYTES], "little")
    head = json.loads(content[_HEAD_BYTES : _HEAD_BYTES + length])
    described = head.get("__metadata__", {}).get("description", "")
    description = json.loads(described) if described.startswith("{") else None
    if description is not None and own.is_own(description):
        return own.own_network(description, arrays, title)
    return _bare(arrays, title, "safetensors", wanted)


def _bare(arrays: Mapping[str, NDArray[Any]], title: str, kind: str, wanted: Wanted) -> Proposal:
    return network_in(arrays, title, kind, wanted.orientation, wanted.activation, wanted.output_activation)


def _json(content: bytes, title: str, _wanted: Wanted) -> Proposal:
    document = json.loads(content.decode())
    if not own.is_own(document):
        raise DamageError("it is JSON, but no weights that bpviz wrote")
    return own.of_json(document, title)


def _csv(content: bytes, title: str, _wanted: Wanted) -> Proposal:
    return own.of_csv(content.decode(), title)


def _net(content: bytes, title: str, _wanted: Wanted) -> Proposal:
    text = content.decode("latin-1")
    if not text.lstrip().startswith(snns.NET):
        raise DamageError(f"it does not begin with {snns.NET!r}")
    return snns.network_in(text, title)


def _onnx(content: bytes, title: str, _wanted: Wanted) -> Proposal:
    return graphs.network_in(content, title)


READERS: Final = Registry(
    "kind of file",
    Reader("npz", "NumPy archive", ".npz", _npz),
    Reader("safetensors", "Safetensors", ".safetensors", _safetensors),
    Reader("json", "JSON", ".json", _json),
    Reader("csv", "CSV table", ".csv", _csv),
    Reader("onnx", "ONNX", ".onnx", _onnx),
    Reader("snns", "SNNS network", ".net", _net),
)
PATTERNS: Final = ".pat"

_TORCH: Final = (
    "import torch, numpy",
    "state = torch.load({name!r}, map_location='cpu', weights_only=True)",
    "numpy.savez('weights.npz', **{{k: v.numpy() for k, v in state.items()}})",
)
_KERAS: Final = (
    "import keras, numpy",
    "model = keras.saving.load_model({name!r})",
    "numpy.savez('weights.npz', **{{v.path: v.numpy() for v in model.weights}})",
)
_SKLEARN: Final = (
    "import joblib, numpy; m = joblib.load({name!r})",
    "named = {{k + str(i): a for k in ('coefs_', 'intercepts_') for i, a in enumerate(getattr(m, k))}}",
    "numpy.savez('weights.npz', **named)",
)
CONVERTED: Final = {
    **dict.fromkeys((".pt", ".pth", ".bin", ".ckpt"), _TORCH),
    **dict.fromkeys((".h5", ".hdf5", ".keras"), _KERAS),
    **dict.fromkeys((".pkl", ".pickle", ".joblib"), _SKLEARN),
}
"""Lines of Python that write an npz, by the end of a name; what they hold could run as a program."""


_NETWORKS_ALONE: Final = (".safetensors", ".onnx", ".net", PATTERNS, ".pt", ".pth", ".keras")


class ConversionError(FileFormatError):
    """A file that is never opened; below the sentence stand the lines that convert it.

    Attributes:
        lines: Of Python.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path.name} could run as a program when it is opened, so bpviz never does; write it as npz "
            "where it was made, and bring that in:",
            path,
        )
        self.lines = tuple(line.format(name=path.name) for line in CONVERTED[path.suffix.lower()])

    def __str__(self) -> str:
        return "\n    ".join((super().__str__(), *self.lines))


def is_network_file(path: Path) -> bool:
    """Whether a name is one of a network and not also one of a table, as .npz and .csv are."""
    return path.suffix.lower() in _NETWORKS_ALONE


def read(path: Path, wanted: Wanted) -> Proposal:
    """Read a file of a network; see `bpviz.files.bringing.bring`."""
    suffix = path.suffix.lower()
    if suffix in CONVERTED:
        raise ConversionError(path)
    reader = next((entry for entry in READERS.values() if entry.suffix == suffix), None)
    content = read_file(path, LARGEST)  # says first if there is none
    if reader is None:
        ends = ", ".join(entry.suffix for entry in READERS.values())
        raise FileFormatError(f"Can't bring in {path.name}: its name ends with none of {ends}.", path)
    found: Proposal = guarded(path, lambda: reader.read(content, path.stem, wanted))
    return found


def guarded(path: Path, task: Callable[[], Any]) -> Any:
    """Turn whatever bytes can bring about into a sentence."""
    try:
        with np.errstate(all="ignore"):
            return task()
    except (FileError, ModelError):
        raise
    except (BpvizError, DamageError) as error:
        text = str(error).rstrip(".")
        raise FileFormatError(f"Can't bring in {path.name}: {text}.", path) from error
    except Exception as error:  # a border: bytes can be wrong in more ways than libraries name
        raise FileFormatError(
            f"Can't bring in {path.name}: it is damaged, or not what its name says; write it again.", path
        ) from error
