"""Arrays of NumPy: one of two dimensions, inputs and targets by name, or images.  Nothing is unpickled."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from tokenize import TokenError
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

import numpy as np
from numpy.typing import NDArray

from bpviz.data.readers.grid import Cell, Choices, Found, Grid, Source, chosen_sheet
from bpviz.errors import DataError, listed

_NPY: Final = b"\x93NUMPY"
_ZIP: Final = b"PK\x03\x04"
_INPUTS: Final = ("x", "data", "inputs", "features", "images", "input")
_TARGETS: Final = ("y", "target", "targets", "labels", "label", "t", "output", "outputs")
_TARGET: Final = "y"
# What NumPy raises where the beginning of an array, written as Python's own literals, is damaged.
_DAMAGES: Final = (ValueError, EOFError, OSError, MemoryError, TypeError, SyntaxError, TokenError)
AnyArray = NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Set:
    """Inputs, and the targets that go with them if there are any."""

    inputs: str
    targets: str = ""


def is_npy(content: bytes, _name: str) -> bool:
    """Whether it is one array."""
    return content.startswith(_NPY)


def is_npz(content: bytes, name: str) -> bool:
    """Whether it is an archive of arrays."""
    return content.startswith(_ZIP) and (name.endswith(".npz") or b".npy" in content)


def read_npy(source: Source, choices: Choices) -> Grid:  # noqa: ARG001 - there is nothing to choose
    """Read one array: a row an example.

    Raises:
        DataError: If it is no table.
    """
    return _grid(_load(BytesIO(source.content), source.name), None, Found(), source)


def read_npz(source: Source, choices: Choices) -> Grid:
    """Read inputs and targets by their names, such as X and y or x_train and y_train.

    Raises:
        DataError: If it holds no table.
    """
    arrays = _arrays(source)
    flat = {name: one for name, one in arrays.items() if one.ndim == 1 and one.dtype.names is None}
    sets = _sets(arrays)
    if not sets and len(flat) == len(arrays) > 1 and len({len(one) for one in flat.values()}) == 1:
        columns = [_texts(one, name, source) for name, one in flat.items()]
        source.check_size(len(columns[0]), len(columns))
        return Grid([list(row) for row in zip(*columns, strict=True)], Found(), tuple(flat))
    if not sets:
        raise DataError(
            f"{source.name} holds {listed(list(arrays))}, none of which is a table; save X with a row "
            "for each example, and y."
        )
    name = chosen_sheet(source.name, tuple(sets), choices.sheet, next(iter(sets)), "array")
    found = Found(sheet=name, sheets=tuple(sets)) if len(arrays) > 1 else Found()
    pair = sets[name]
    return _grid(arrays[pair.inputs], arrays.get(pair.targets), found, source)


def pixel_names(shape: tuple[int, ...]) -> tuple[str, ...]:
    """Names of the pixels of an image, by which its picture is drawn."""
    return tuple(f"pixel_{row}_{column}" for row in range(shape[0]) for column in range(shape[1]))


def _arrays(source: Source) -> dict[str, AnyArray]:
    found = {}
    try:
        with ZipFile(BytesIO(source.content)) as file:
            members = [member for member in file.infolist() if member.filename.endswith(".npy")]
            if sum(member.file_size for member in members) > source.limits.bytes:
                raise DataError(
                    f"{source.name} unpacks to more than a table can be; take a part of its rows."
                )
            for member in members:
                name = member.filename.removesuffix(".npy")
                found[name] = _load(BytesIO(file.read(member)), f"The array {name!r} of {source.name}")
    except (BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        raise DataError(f"{source.name} is damaged; save it again.") from None
    if not found:
        raise DataError(f"{source.name} holds no array; open one that does.")
    return found


def _load(file: BytesIO, name: str) -> AnyArray:
    try:
        array = np.lib.format.read_array(file, allow_pickle=False)
    except _DAMAGES as error:
        if "allow_pickle" in str(error):
            raise DataError(
                f"{name} holds objects of Python, a pickle, which is never opened; save numbers or texts."
            ) from None
        raise DataError(f"{name} is damaged; save it again.") from None
    return np.asarray(array)


def _sets(arrays: Mapping[str, AnyArray]) -> dict[str, _Set]:
    """The tables among arrays, by name: inputs with targets first, else every array of rows."""
    found = {}
    for name, array in arrays.items():
        stem, tail = _parted(name)
        if stem not in _INPUTS or array.ndim < 2:
            continue
        partners = [
            other
            for other, values in arrays.items()
            if _parted(other) in [(target, tail) for target in _TARGETS]
            and values.ndim in (1, 2)
            and len(values) == len(array)
        ]
        if partners:
            found[tail or name] = _Set(name, partners[0])
    return found or {name: _Set(name) for name, one in arrays.items() if one.ndim > 1 or one.dtype.names}


def _parted(name: str) -> tuple[str, str]:
    """``x_train`` and ``train_x`` are both inputs of train."""
    stem, _, tail = name.lower().partition("_")
    return (tail, stem) if tail in (*_INPUTS, *_TARGETS) else (stem, tail)


def _grid(inputs: AnyArray, targets: AnyArray | None, found: Found, source: Source) -> Grid:
    if inputs.dtype.names is not None and inputs.ndim == 1:
        columns = [_texts(inputs[name], name, source) for name in inputs.dtype.names]
        source.check_size(len(inputs), len(columns))
        return Grid([list(row) for row in zip(*columns, strict=True)], found, tuple(inputs.dtype.names))
    if inputs.ndim == 4 and inputs.shape[-1] == 1:
        inputs = inputs[..., 0]  # images of one color
    if inputs.ndim not in (2, 3) or 0 in inputs.shape:
        raise DataError(
            f"{source.name} has the shape {_shape(inputs)}, which is no table; save one of two dimensions, "
            "a row for each example."
        )
    names = pixel_names(inputs.shape[1:]) if inputs.ndim == 3 else _numbered("x", inputs.shape[1])
    parts = [inputs.reshape(len(inputs), -1)]
    if targets is not None:
        parts.append(targets.reshape(len(targets), -1))
        names = (*names, *((_TARGET,) if parts[1].shape[1] == 1 else _numbered(_TARGET, parts[1].shape[1])))
    source.check_size(len(inputs), len(names))
    columns = [_texts(column, names[0], source) for part in parts for column in part.T]
    rows: list[list[Cell]] = [list(row) for row in zip(*columns, strict=True)]
    return Grid(rows, found, names)


def _numbered(stem: str, count: int) -> tuple[str, ...]:
    return tuple(f"{stem}{number}" for number in range(1, count + 1))


def _shape(array: AnyArray) -> str:
    return "(" + ", ".join(map(str, array.shape)) + ")"


def _texts(array: AnyArray, name: str, source: Source) -> list[Cell]:
    """One column as Python's own values; texts stay texts."""
    kind = array.dtype.kind
    if array.ndim != 1 or kind not in "biufSUM":
        what = {"c": "complex numbers", "V": "records inside records", "m": "durations"}.get(
            kind, "no numbers"
        )
        raise DataError(f"{name!r} of {source.name} holds {what}; save real numbers or texts.")
    if kind == "S":
        return [text.decode("utf-8", "replace") for text in array.tolist()]
    if kind == "M":
        return ["" if text == "NaT" else text.replace("T", " ") for text in array.astype(str).tolist()]
    if kind == "f" and array.dtype.itemsize < np.dtype(np.float64).itemsize:
        return _shortest(array)
    return list(array.astype(np.float64).tolist() if kind == "f" else array.tolist())


def _shortest(array: AnyArray) -> list[Cell]:
    """Numbers of single precision with as few digits as name them: 0.1, not 0.10000000149011612."""
    texts: Iterable[str] = array.astype(str).tolist()
    return [float(text) for text in texts]
