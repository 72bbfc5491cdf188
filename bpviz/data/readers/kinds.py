"""The kinds of files that tables come in, each with its reader.

A kind is told by what its file holds, or where that says nothing by the end of its name; what no other kind
claims is a text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bpviz.data.readers.arff import is_arff, read_arff
from bpviz.data.readers.arrays import is_npy, is_npz, read_npy, read_npz
from bpviz.data.readers.columnar import is_arrow, is_parquet, read_arrow, read_parquet
from bpviz.data.readers.encodings import decode
from bpviz.data.readers.grid import Choices, Grid, Source
from bpviz.data.readers.idx import is_idx, read_idx
from bpviz.data.readers.records import is_json, read_json
from bpviz.data.readers.strangers import stranger_reason
from bpviz.data.readers.svmlight import is_svmlight, read_svmlight
from bpviz.data.readers.texts import read_text
from bpviz.data.readers.unpacking import is_packed, unpack
from bpviz.data.readers.workbooks import is_workbook, read_workbook
from bpviz.errors import DataError
from bpviz.registry import Registry

PACKED_SUFFIX: Final = ".gz"


@dataclass(frozen=True, slots=True)
class Reader:
    """A kind of file.

    Attributes:
        name: Key, and `Found.kind`.
        label: What sentences and lists call it.
        suffixes: What names of such files end with.
        claims: Of the content and the name in lower case, without ``.gz``: whether it is of this kind.
        read: Reads it.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    claims: Callable[[bytes, str], bool]
    read: Callable[[Source, Choices], Grid]


def read_grid(source: Source, choices: Choices) -> Grid:
    """Read what is in a file, unpacked if need be.

    Raises:
        DataError: If it is no table, damaged or too large.
    """
    packed = is_packed(source.content)
    if packed:
        content = unpack(source.content, source.name, source.limits.bytes, source.tell)
        source = replace(source, content=content)
    reason = stranger_reason(source.content, source.name)
    if reason:
        raise DataError(f"{source.name} {reason}.")
    name = source.name.lower().removesuffix(PACKED_SUFFIX)
    reader = next(reader for reader in READERS.values() if reader.claims(source.content, name))
    grid = reader.read(source, choices)
    return replace(grid, found=replace(grid.found, kind=reader.name, packed=packed))


def text_lines(source: Source, choices: Choices, most: int) -> list[str]:
    """The first lines of a text, as they stand there; none of a file of another kind.

    Raises:
        DataError: If it can't be read.
    """
    content = source.content
    if is_packed(content):
        content = unpack(content, source.name, source.limits.bytes, source.tell)
    name = source.name.lower().removesuffix(PACKED_SUFFIX)
    readers = (reader for reader in READERS.values() if reader.claims(content, name))
    if stranger_reason(content, source.name) or next(readers).name != "text":
        return []
    text, _ = decode(content, source.name, choices.encoding)
    return [line for line in text.splitlines() if line.strip()][:most]


def suffixes() -> tuple[str, ...]:
    """Ends of the names of all files that may hold a table."""
    own = [suffix for reader in READERS.values() for suffix in reader.suffixes]
    return (*own, PACKED_SUFFIX)


READERS: Final = Registry(
    "kind of table",
    Reader("workbook", "Workbook", (".xlsx", ".xls", ".ods", ".xlsm", ".xlsb"), is_workbook, read_workbook),
    Reader("parquet", "Parquet", (".parquet",), is_parquet, read_parquet),
    Reader("arrow", "Arrow", (".arrow", ".feather"), is_arrow, read_arrow),
    Reader("npy", "NumPy array", (".npy",), is_npy, read_npy),
    Reader("npz", "NumPy arrays", (".npz",), is_npz, read_npz),
    Reader("idx", "IDX images", ("-ubyte",), is_idx, read_idx),
    Reader("arff", "ARFF", (".arff",), is_arff, read_arff),
    Reader("json", "JSON records", (".json", ".jsonl", ".ndjson"), is_json, read_json),
    Reader("svmlight", "LIBSVM", (".libsvm", ".svm", ".svmlight"), is_svmlight, read_svmlight),
    Reader(
        "text",
        "Text",
        (".csv", ".tsv", ".txt", ".data", ".dat", ".tab", ".md"),
        lambda _content, _name: True,
        read_text,
    ),
)
