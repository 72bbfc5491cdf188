"""Parquet, Arrow and Feather, by pyarrow, which is an extra."""

from __future__ import annotations

from io import BytesIO
from types import ModuleType
from typing import Any, Final

from bpviz.data.readers.grid import Cell, Choices, Found, Grid, Source
from bpviz.errors import DataError

_PARQUET: Final = b"PAR1"
_ARROW: Final = b"ARROW1"
_FEATHER: Final = b"FEA1"
# Sizes inside a damaged file may be impossible ones, which Python's own interface then meets.
_DAMAGES: Final = (OSError, ValueError, SystemError, OverflowError, MemoryError)
_STREAM: Final = b"\xff\xff\xff\xff"


def is_parquet(content: bytes, _name: str) -> bool:
    """Whether it is Parquet."""
    return content.startswith(_PARQUET)


def is_arrow(content: bytes, name: str) -> bool:
    """Whether it is Arrow: a file, a stream, or Feather of either version."""
    known = content.startswith((_ARROW, _FEATHER))
    return known or (content.startswith(_STREAM) and name.endswith((".arrow", ".arrows", ".feather")))


def read_parquet(source: Source, choices: Choices) -> Grid:  # noqa: ARG001 - there is nothing to choose
    """Read Parquet.

    Raises:
        DataError: If it is damaged or too large, or pyarrow is missing.
    """
    arrow = _pyarrow(source.name)
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(BytesIO(source.content))
        source.check_size(file.metadata.num_rows, file.metadata.num_columns)
        return _grid(file.read(), source)
    except (arrow.ArrowException, *_DAMAGES) as error:
        raise _damaged(source, error) from None


def read_arrow(source: Source, choices: Choices) -> Grid:  # noqa: ARG001
    """Read Arrow or Feather.

    Raises:
        DataError: If it is damaged or too large, or pyarrow is missing.
    """
    arrow = _pyarrow(source.name)
    from pyarrow import feather, ipc

    try:
        if source.content.startswith(_STREAM):
            table = ipc.open_stream(BytesIO(source.content)).read_all()
        elif source.content.startswith(_ARROW):
            table = ipc.open_file(BytesIO(source.content)).read_all()
        else:
            table = feather.read_table(BytesIO(source.content))
        return _grid(table, source)
    except (arrow.ArrowException, *_DAMAGES) as error:
        raise _damaged(source, error) from None


def _pyarrow(name: str) -> ModuleType:
    try:
        import pyarrow
    except ImportError:
        raise DataError(
            f"To read {name} pyarrow is needed; install it with python3 packaging/run.py extra arrow, "
            'or with pip install "bpviz[arrow]".'
        ) from None
    module: ModuleType = pyarrow
    return module


def _damaged(source: Source, error: Exception) -> DataError:
    if isinstance(error, DataError):
        return error
    return DataError(f"{source.name} is damaged or in a form that can't be read; write it again.")


def _grid(table: Any, source: Source) -> Grid:
    source.check_size(table.num_rows, table.num_columns)
    if not table.num_rows or not table.num_columns:
        raise DataError(f"{source.name} is empty; open one that has rows.")
    columns = []
    for number, (name, column) in enumerate(zip(table.column_names, table.columns, strict=True), start=1):
        source.tell(number, table.num_columns)
        columns.append([_cell(value, str(name), source) for value in _plain(column).to_pylist()])
    rows: list[list[Cell]] = [list(row) for row in zip(*columns, strict=True)]
    return Grid(rows, Found(), tuple(str(name).strip() for name in table.column_names))


def _plain(column: Any) -> Any:
    """Single precision as the shortest decimals, and times to the microsecond, which Python's own have."""
    from pyarrow import types

    if types.is_float32(column.type) or types.is_float16(column.type):
        return column.cast("string").cast("float64")
    if types.is_timestamp(column.type) and column.type.unit == "ns":
        import pyarrow

        return column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    return column


def _cell(value: object, name: str, source: Source) -> Cell:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, bytes | list | dict | tuple):
        what = "bytes" if isinstance(value, bytes) else "lists or records"
        raise DataError(
            f"The column {name!r} of {source.name} holds {what}, not one value a row; leave it out."
        )
    if hasattr(value, "isoformat") or hasattr(value, "total_seconds"):
        return value  # type: ignore[return-value]  # a date, a time or a duration
    return str(value)  # a decimal number
