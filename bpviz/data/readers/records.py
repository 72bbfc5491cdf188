"""Records of JSON: a list of objects, one object a line, or an object of columns, as pandas writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bpviz.data.readers.encodings import decode
from bpviz.data.readers.grid import Cell, Choices, Found, Grid, Source, chosen_sheet
from bpviz.errors import DataError, listed

_SHAPES: Final = "a list of records, one record a line, or columns"


@dataclass(frozen=True, slots=True)
class _Twice(Exception):  # noqa: N818 - never leaves this module
    """An object has a key twice, so one of its values would be lost."""

    key: str


def is_json(content: bytes, name: str) -> bool:
    """Whether it looks like JSON: by its name, or by its first letters."""
    head = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if name.endswith((".json", ".jsonl", ".ndjson")):
        return True
    after = head[1:].lstrip()[:1]
    return (head[:1] == b"[" and after in (b"{", b"[")) or (head[:1] == b"{" and after == b'"')


def read_json(source: Source, choices: Choices) -> Grid:
    """Read records, each a row; the names are the keys, in the order in which they are met.

    Raises:
        DataError: If it is no JSON, or holds no records.
    """
    text, encoding = decode(source.content, source.name, choices.encoding)
    held = _parsed(text, source)
    found = Found(encoding="" if encoding == "UTF-8" else encoding)
    if isinstance(held, Mapping):
        tables = {key: value for key, value in held.items() if _is_records(value)}
        columns = _columns(held)
        if columns is not None:
            return _grid(columns, found, source)
        if not tables:
            raise DataError(f"{source.name} is JSON without records; give it {_SHAPES}.")
        names = tuple(tables)
        name = chosen_sheet(source.name, names, choices.sheet, names[0], "list")
        held, found = tables[name], Found(encoding=found.encoding, sheet=name, sheets=names)
    if isinstance(held, list) and held and all(isinstance(row, list) for row in held):
        rows = [
            [_cell(value, number, "", source) for value in row] for number, row in enumerate(held, start=1)
        ]
        source.check_size(len(rows), max(map(len, rows)))
        return Grid(rows, found)
    if not _is_records(held):
        raise DataError(f"{source.name} is JSON without records; give it {_SHAPES}.")
    return _grid(_by_columns(held, source), found, source)


def _parsed(text: str, source: Source) -> Any:
    try:
        return _load(text)
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not lines[0].lstrip().startswith(("{", "[")):
            raise DataError(_damaged(source, error)) from None
    except _Twice as twice:
        raise DataError(_twice(source, twice.key)) from None
    except RecursionError:
        raise DataError(f"{source.name} is JSON nested too deeply to be a table.") from None
    return _lines(text, source)


def _lines(text: str, source: Source) -> list[Any]:
    rows, done = [], 0
    for number, line in enumerate(text.splitlines(), start=1):
        done += len(line) + 1
        if number % 4096 == 0:
            source.tell(done, len(text))
        if not line.strip():
            continue
        try:
            rows.append(_load(line))
        except ValueError as error:
            raise DataError(_damaged(source, error, number)) from None
        except _Twice as twice:
            raise DataError(_twice(source, twice.key)) from None
        except RecursionError:
            raise DataError(f"{source.name} is JSON nested too deeply to be a table.") from None
    return rows


def _load(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object, parse_constant=lambda word: word)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(next(key for key in keys if keys.count(key) > 1))
    return made


def _damaged(source: Source, error: ValueError, line: int = 0) -> str:
    if isinstance(error, json.JSONDecodeError):
        place = f"line {line or error.lineno}, column {error.colno}"
        return f"{source.name} is damaged JSON: {error.msg} at {place}; mend it there."
    return f"{source.name} holds a number too long to be read; write it with fewer digits."


def _twice(source: Source, key: str) -> str:
    return f"A record of {source.name} has the key {key!r} twice; give each its own name."


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _columns(held: Mapping[str, Any]) -> dict[str, list[Cell]] | None:
    """Columns by name, each a list or an object by row, as pandas has it; None if it is anything else."""
    values = list(held.values())
    if not values:
        return None
    if (
        set(held) >= {"columns", "data"}
        and isinstance(held["columns"], list)
        and isinstance(held["data"], list)
    ):
        width = len(held["columns"])
        if all(isinstance(row, list) and len(row) == width for row in held["data"]):
            turned = zip(*held["data"], strict=True)
            return {str(name): list(column) for name, column in zip(held["columns"], turned, strict=False)}
    if all(isinstance(value, dict) for value in values) and len(values) > 1:
        keys = list(values[0])
        return (
            {name: list(v.values()) for name, v in held.items()}
            if all(list(v) == keys for v in values)
            else None
        )
    flat = all(isinstance(value, list) for value in values) and len({len(value) for value in values}) == 1
    if not flat or any(isinstance(cell, dict | list) for value in values for cell in value):
        return None
    return dict(held)


def _by_columns(records: list[dict[str, Any]], source: Source) -> dict[str, list[Cell]]:
    names = list(dict.fromkeys(key for record in records for key in record))
    source.check_size(len(records), len(names))
    return {name: [record.get(name) for record in records] for name in names}


def _grid(columns: dict[str, list[Cell]], found: Found, source: Source) -> Grid:
    cells = [
        [_cell(value, row, name, source) for row, value in enumerate(column, start=1)]
        for name, column in columns.items()
    ]
    rows = [list(row) for row in zip(*cells, strict=True)]
    if not rows:
        raise DataError(f"{source.name} is empty; open one that has rows.")
    source.check_size(len(rows), len(columns))
    return Grid(rows, found, tuple(name.strip() for name in columns))


def _cell(value: object, row: int, name: str, source: Source) -> Cell:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    what = "a list" if isinstance(value, list) else "an object"
    where = f"{listed([name])} of record {row}" if name else f"Row {row}"
    raise DataError(f"{where} of {source.name} holds {what}, not one value; give each value its own key.")
