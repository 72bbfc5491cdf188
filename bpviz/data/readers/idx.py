"""IDX, the format of MNIST: images in one file, their labels in another beside it.

Source: http://yann.lecun.com/exdb/mnist/, *File formats*: two zeros, the kind of number, how many dimensions,
the size of each (32 bits, most significant byte first), the numbers.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bpviz.data.readers.arrays import pixel_names
from bpviz.data.readers.grid import Cell, Choices, Found, Grid, Source
from bpviz.data.readers.unpacking import is_packed, unpack
from bpviz.errors import DataError
from bpviz.reading import is_file, read_file

LABEL: Final = "label"
_KINDS: Final = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}
_MOST_DIMENSIONS: Final = 4


def is_idx(content: bytes, _name: str) -> bool:
    """Whether it begins as IDX does."""
    return (
        len(content) > 4
        and content[:2] == b"\0\0"
        and content[2] in _KINDS
        and 1 <= content[3] <= _MOST_DIMENSIONS
    )


def read_idx(source: Source, choices: Choices) -> Grid:  # noqa: ARG001 - there is nothing to choose
    """Read images, a row each, and the labels that lie beside them.

    Raises:
        DataError: If it is damaged, or holds labels alone.
    """
    images = _array(source.content, source.name)
    if images.ndim == 1:
        raise DataError(
            f"{source.name} holds labels alone; open the file with the images, and its labels come along."
        )
    if images.ndim not in (2, 3) or 0 in images.shape:
        raise DataError(f"{source.name} has {images.ndim} dimensions, which make no table; 2 or 3 do.")
    size = images.shape[1:]
    names = pixel_names(size) if images.ndim == 3 else tuple(f"x{at}" for at in range(1, size[0] + 1))
    source.check_size(len(images), len(names) + 1)
    wanted, beside = _labels_file(source)
    labels = None if beside is None else _labels(beside, len(images), source)
    rows: list[list[Cell]] = []
    for number, image in enumerate(images.reshape(len(images), -1)):
        if number % 1024 == 0:
            source.tell(number, len(images))
        row = image.tolist()
        rows.append(row if labels is None else [*row, labels[number]])
    if labels is None or beside is None:
        return Grid(rows, Found(lacks_labels=wanted), names)
    return Grid(rows, Found(beside=beside.name), (*names, LABEL))


def _array(content: bytes, name: str) -> NDArray[Any]:
    dimensions = content[3]
    try:
        shape = struct.unpack_from(f">{dimensions}I", content, 4)
        kind = np.dtype(_KINDS[content[2]])
    except struct.error:
        raise DataError(f"{name} is damaged; download it again.") from None
    begin, needed = 4 + 4 * dimensions, kind.itemsize
    for size in shape:
        needed *= size
    if len(content) - begin != needed:
        raise DataError(f"{name} is damaged: its size is not what its beginning says; download it again.")
    return np.frombuffer(content, kind, offset=begin).reshape(shape)


def _labels_file(source: Source) -> tuple[str, Path | None]:
    """What the file of the labels is called, and where it is if it is there."""
    name = source.name.replace("images", "labels").replace("idx3", "idx1").replace("idx2", "idx1")
    if source.path is None or name == source.name:
        return "file of labels", None
    packed = name.removesuffix(".gz")
    for other in (name, packed, f"{packed}.gz"):
        path = source.path.with_name(other)
        if is_file(path):
            return name, path
    return name, None


def _labels(path: Path, count: int, source: Source) -> list[Cell]:
    content = read_file(path, source.limits.bytes)
    if is_packed(content):
        content = unpack(content, path.name, source.limits.bytes, source.tell)
    if not is_idx(content, path.name):
        raise DataError(f"{path.name}, the labels of {source.name}, is no IDX file; download it again.")
    labels = _array(content, path.name)
    if labels.ndim != 1 or len(labels) != count:
        raise DataError(f"{path.name} has not one label for each of the {count} images of {source.name}.")
    return list(labels.tolist())
