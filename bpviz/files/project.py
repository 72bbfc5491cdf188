"""Save a project as a ``.bpviz`` file and open it again, with a run that goes on bit for bit.

The file is a zip that can be read without bpviz:

* ``project.json``: everything the user set, and the version of the format (see `bpviz.files.schema`).
* ``start.npz``: start values of many weights, if some were brought in (`starts`).
* ``data.csv``: the user's own table, if the data are.
* ``state.safetensors``, ``events.json``, ``history.npz``: the run, if there is one (`run_schema`).
* ``earlier.json``: examples that the run learned from before the table was edited (`earlier`).
* ``timeline.json``, ``moments.npz``: moments of the run and its branches, if they were saved with it
  (`timeline_schema`).

Opening looks at version, sizes and depth before it reads, and whatever the bytes say, only a `FileError` with
a sentence comes out.  A timeline that is damaged is left out: the run does not depend on it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import numpy as np

from bpviz.arrays import Array
from bpviz.data.readers.blocks import divided
from bpviz.data.rows import Rows
from bpviz.data.settings import Table
from bpviz.errors import BpvizError, FileError, FileFormatError, VersionError, grouped
from bpviz.files import run_schema, schema, timeline_schema
from bpviz.files.archive import (
    MEGABYTE,
    DamageError,
    pack,
    pack_arrays,
    unfolded_size,
    unpack,
    unpack_arrays,
)
from bpviz.files.cells import held_bytes
from bpviz.files.earlier import EarlierData, EarlierDocument, KnownData
from bpviz.files.formats import HALF_LETTERS
from bpviz.files.safe import clear_leftovers, read_file, write_atomically
from bpviz.files.starts import NO_STARTS
from bpviz.model.checks import check_network, check_project
from bpviz.model.compile import compile_network
from bpviz.model.naming import first_free_number
from bpviz.model.playground import Unhad, is_link, project_of
from bpviz.model.spec import Network, Project
from bpviz.training.run_state import RunState
from bpviz.training.timeline_state import Lost, TimelineState
from bpviz.version import __version__

SUFFIX: Final = ".bpviz"
_LARGEST_FILE: Final = 8192 * MEGABYTE
_LIMITS: Final = {
    "project.json": 1024 * MEGABYTE,
    "start.npz": 1024 * MEGABYTE,
    "data.csv": 4096 * MEGABYTE,
    "state.safetensors": 1024 * MEGABYTE,
    "events.json": 1024 * MEGABYTE,
    "history.npz": 2048 * MEGABYTE,
    "earlier.json": 4096 * MEGABYTE,
}
_TIMELINE_LIMITS: Final = {"timeline.json": 1024 * MEGABYTE, "moments.npz": 512 * MEGABYTE}
_LESS: Final = {
    "project.json": "draw fewer nodes and connections",
    "data.csv": "take a part of the table's rows or columns",
    "timeline.json": "keep fewer moments",
    "moments.npz": "keep fewer moments",
}
"""What to do about a part that is larger than `open_project` takes; of all others, to reset the run helps."""
_LARGE_TABLE: Final = 1_000_000
"""Cells, or bytes, of a table that is worth to be packed once and read by columns."""
_DEEPEST: Final = 16  # the schema needs 6
_LARGEST_CELL: Final = 16 * MEGABYTE

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """What a project file holds.

    Attributes:
        project: Everything the user set.
        state: The run, if it was saved with one.
        next_id: The number that the next new layer or node gets in its id.
        run_network: The network whose numbers `state` holds, where the drawing has gone on and can't run yet;
            None where it is the project's.
        timeline: Moments and branches of the run, if they were saved with it.
        lost: What was saved with it and could not be read.
        unhad: Of a link, what could not be had.
    """

    project: Project
    state: RunState | None = None
    next_id: int = 1
    run_network: Network | None = None
    timeline: TimelineState | None = None
    lost: tuple[Lost, ...] = ()
    unhad: tuple[Unhad, ...] = ()


def save_project(path: Path, saved: Saved, *, without_table: bool = False) -> None:
    """Write a project file, as a whole or not at all.

    Args:
        path: Where to.
        saved: What it holds.
        without_table: The table stands in a file of its own, see `write_table`.

    Raises:
        FileError: If it can't be written.
    """
    write_atomically(path, partial(_content, saved, without_table=without_table))


def write_table(path: Path, table: Table) -> None:
    """Write a table alone, for project files beside it that are written again and again.

    Raises:
        FileError: If it can't be written.
    """
    write_atomically(path, partial(_packed_table, table))


def is_large(table: Table) -> bool:
    """Whether a table is worth to be written once."""
    return len(table.rows) * len(table.columns) > _LARGE_TABLE


def open_project(path: Path, table: Path | None = None) -> Saved:
    """Read a project file, or a link to the Playground where a file is asked for.

    Args:
        path: The file.
        table: Where its table stands, if it was saved without.

    Raises:
        VersionError: If a newer bpviz wrote it.
        FileFormatError: If it is damaged or something else.
        FileError: If it can't be read.
        BpvizError: If it is a link that can't be had.
    """
    if is_link(str(path)):
        linked = project_of(str(path))
        return Saved(linked.project, None, first_free_number(linked.project.network), unhad=linked.unhad)
    clear_leftovers(path.parent)
    content = read_file(path, _LARGEST_FILE)
    beside = b"" if table is None else read_file(table, _LARGEST_FILE)
    try:
        return _read(content, path, beside)
    except FileError:
        raise
    except (BpvizError, DamageError) as error:
        text = str(error)
        end = "" if text.endswith((".", "?")) else "."
        raise FileFormatError(f"Can't open {path.name}: {text}{end}", path) from error
    except Exception as error:  # a border: bytes can be wrong in more ways than libraries name
        raise FileFormatError(
            f"Can't open {path.name}: it is damaged, or no bpviz project; use a copy of it if you have one.",
            path,
        ) from error


def _content(saved: Saved, *, without_table: bool) -> bytes:
    earlier = EarlierData(saved.project.data)
    document = schema.to_document(
        saved.project, saved.next_id, f"bpviz {__version__}", earlier.blocks, saved.run_network
    )
    members = {"project.json": _json(document)}
    table, before = saved.project.data.table, b""
    if without_table:
        pass
    elif table is not None and is_large(table):
        before = _packed_table(table)
    elif table is not None:
        members["data.csv"] = held_bytes(table.columns, table.held)
    if saved.state is not None:
        from safetensors.numpy import save

        compiled = compile_network(saved.run_network or saved.project.network)
        members["state.safetensors"] = save(run_schema.state_tensors(saved.state, compiled))
        members["events.json"] = _json(run_schema.to_document(saved.state, earlier))
        members["history.npz"] = pack_arrays(saved.state.history)
        if saved.timeline is not None:
            # Thousands of moments are for programs to read; lines of their own would make them slow to open.
            members["timeline.json"] = _json(timeline_schema.to_document(saved.timeline, earlier), indent=-1)
            members["moments.npz"] = pack_arrays(timeline_schema.to_arrays(saved.timeline))
        documents = earlier.documents()
        if documents:
            members["earlier.json"] = _json(documents, indent=-1)
    if earlier.blocks.arrays:
        members["start.npz"] = pack_arrays(earlier.blocks.arrays)
    return _packed(members, before)


@lru_cache(maxsize=1)
def _packed_table(table: Table) -> bytes:
    """A zip of a large table alone: made once, however often the project is kept."""
    return _packed({"data.csv": held_bytes(table.columns, table.held)})


def _packed(members: Mapping[str, bytes], before: bytes = b"") -> bytes:
    """A zip of parts none of which is larger than `open_project` takes: else what is saved would be lost.

    Raises:
        FileError: If one is.
    """
    limits = _LIMITS | _TIMELINE_LIMITS
    for name, content in members.items():
        size = unfolded_size(content) if name.endswith(".npz") else len(content)
        if size > limits[name]:
            less = _LESS.get(name, "reset the run, which it belongs to")
            have, most = grouped(size // MEGABYTE + 1), grouped(limits[name] // MEGABYTE)
            raise FileError(
                f"Can't save it: its part {name} has {have} MB, and {most} MB can be opened again; {less}."
            )
    return pack(members, before)


def _json(document: msgspec.Struct | Sequence[msgspec.Struct], indent: int = 1) -> bytes:
    try:
        content = msgspec.json.encode(document)
    except UnicodeEncodeError:  # a name from a script may hold half a letter
        text = json.dumps(msgspec.to_builtins(document), ensure_ascii=False)
        content = text.encode("utf-8", HALF_LETTERS)
    return msgspec.json.format(content, indent=indent)


def _read(content: bytes, path: Path, beside: bytes) -> Saved:
    members = unpack(io.BytesIO(content), _LIMITS, aside=_TIMELINE_LIMITS)
    if beside:
        members |= unpack(io.BytesIO(beside), {"data.csv": _LIMITS["data.csv"]})
    if "project.json" not in members:
        raise DamageError("it holds no project.json, so it is no bpviz project")
    document = _decode(members["project.json"], schema.Header, "project.json")
    if document.format != schema.FORMAT:
        raise DamageError("it is no bpviz project")
    if document.version > schema.VERSION:
        raise VersionError(
            f"Can't open {path.name}: a newer bpviz wrote it (format {document.version}, "
            f"this one reads up to {schema.VERSION}); update bpviz.",
            path,
        )
    if document.version < 1:
        raise DamageError("its project.json names a version that never was")
    whole = _decode(members["project.json"], schema.ProjectDocument, "project.json")
    packed = members.get("start.npz")
    starts = NO_STARTS if packed is None else unpack_arrays(packed, _LIMITS["start.npz"])
    project = schema.to_project(whole, _table(whole.data.table, members.get("data.csv")), starts)
    check_project(project)
    run_network = None
    if whole.run_network is not None:
        run_network = schema.to_network(whole.run_network)
        check_network(run_network)
    earlier = members.get("earlier.json")
    before = [] if earlier is None else _decode(earlier, list[EarlierDocument], "earlier.json")
    known = KnownData.read(before, project.data, starts)
    state = _state(members, run_network or project.network, document.version, known)
    next_id = max(whole.next_id, *(first_free_number(net) for net in (project.network, run_network) if net))
    timeline, lost = _timeline(content, known) if state else (None, ())
    return Saved(project, state, next_id, run_network if state else None, timeline, lost)


def _state(members: Mapping[str, bytes], network: Network, version: int, known: KnownData) -> RunState | None:
    parts = [members.get(name) for name in ("state.safetensors", "events.json", "history.npz")]
    tensors, events, history = parts
    if tensors is None or events is None or history is None:
        if any(part is not None for part in parts):
            raise DamageError("a part of its run is missing")
        return None
    from safetensors.numpy import load

    arrays: dict[str, Array] = load(tensors)
    if version == 1:
        document = run_schema.of_first(_decode(events, run_schema.FirstRunDocument, "events.json"))
    else:
        document = _decode(events, run_schema.RunDocument, "events.json")
    past = unpack_arrays(history, _LIMITS["history.npz"])
    return run_schema.to_state(document, arrays, past, compile_network(network), known)


def _timeline(content: bytes, known: KnownData) -> tuple[TimelineState | None, tuple[Lost, ...]]:
    """Read the timeline of a run, if there is one, and say whether it is damaged."""
    try:
        members = unpack(io.BytesIO(content), _TIMELINE_LIMITS, aside=_LIMITS)
        if not members:
            return None, ()
        rows = _decode(members["timeline.json"], timeline_schema.TimelineDocument, "timeline.json")
        arrays = unpack_arrays(members["moments.npz"], _TIMELINE_LIMITS["moments.npz"])
        return timeline_schema.to_state(rows, arrays, known), ()
    except Exception:  # noqa: BLE001 - the same border: the run is whole without it, whatever is wrong
        return None, ("timeline",)


_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_PLACE: Final = re.compile(r" - at `\$?\.?(.*)`$")


def _decode(content: bytes, kind: type[T], name: str) -> T:
    """Read JSON into a struct; a fault is named with its place."""
    if _depth(content) > _DEEPEST:
        raise DamageError(f"its {name} is nested too deeply")
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        text = str(error)
        place = _PLACE.search(text)
        where = f" at {place[1]}" if place else ""
        what = _PLACE.sub("", text).replace("`", "")
        raise DamageError(f"its {name} is wrong{where} ({what[:1].lower()}{what[1:]})") from error
    except msgspec.DecodeError as error:
        raise DamageError(f"its {name} is damaged ({error})") from error


def _depth(content: bytes) -> int:
    """How deeply the brackets of a JSON text are nested; whole, for there may be a million weights in it."""
    bare = content.replace(rb"\\", b"").replace(rb"\"", b"")  # no quotation mark is left that ends no string
    letters = np.frombuffer(bare, dtype=np.uint8)
    outside = ~np.bitwise_xor.accumulate(letters == ord('"'))
    brackets = letters[outside].tobytes().translate(None, _NO_BRACKETS)
    opens = np.isin(np.frombuffer(brackets, dtype=np.uint8), list(b"[{"))
    return int(np.cumsum(np.where(opens, 1, -1)).max(initial=0))


def _table(name: str | None, content: bytes | None) -> Table | None:
    if name is None or content is None:
        if name is not None or content is not None:
            raise DamageError("its data.csv is missing, or does not belong to it")
        return None
    large = _large_table(name, content) if len(content) > _LARGE_TABLE else None
    if large is not None:
        return large
    before = csv.field_size_limit(_LARGEST_CELL)
    try:
        rows = [tuple(row) for row in csv.reader(io.StringIO(content.decode(), newline=""), strict=True)]
    finally:
        csv.field_size_limit(before)
    if not rows or any(len(row) != len(rows[0]) for row in rows) or len(set(rows[0])) != len(rows[0]):
        raise DamageError("its data.csv is no table")
    return Table(name, rows[0], tuple(rows[1:]))


def _large_table(name: str, content: bytes) -> Table | None:
    """Read a table by columns; None if a cell of it is quoted, or it is none."""
    text = content.decode()
    line, _, _ = text.partition("\n")
    names = [] if line.count('"') % 2 else next(csv.reader([line], strict=True), [])
    if "\r" in text or len(set(names)) != len(names):
        return None
    columns = divided(text, len(line) + 1, ",", lambda _done, _of: None, exact=True)
    return Table(name, tuple(names), Rows(columns)) if columns and len(columns) == len(names) else None
