"""Whether a table has room in memory, known before its cells are made."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from bpviz.errors import DataError, grouped
from bpviz.reading import MEGABYTE

CELL_BYTES: Final = 180
"""A cell while it is read: as it stands in the file, trimmed, and as a number; measured on decimals."""
COLUMN_BYTES: Final = 24
"""A cell that is read by columns, beside its letters: its number, here and in what is learned from."""
FILE_TIMES: Final = 6
"""So many times its size a file takes while it is read by columns; 5.5 measured with 475 MB of decimals."""
MOST_BYTES: Final = 2048 * MEGABYTE
"""However much memory there is: a project file keeps its table as text, and has room for twice that."""
LEAST_BYTES: Final = 500 * MEGABYTE
"""However little there is: how much a file takes follows from its cells, see `check_room`."""
_GIGABYTE: Final = 1e9
_WORTH_A_LOOK: Final = 1_000_000  # cells: fewer have room anywhere
_MEMORY: Final = Path("/proc/meminfo")


def check_room(name: str, cells: int, each: float = CELL_BYTES) -> None:
    """Refuse a table that has no room.

    Args:
        name: Of the file.
        cells: How many there are.
        each: Bytes that a cell takes.

    Raises:
        DataError: If it would take more memory than is free.
    """
    if cells < _WORTH_A_LOOK:
        return
    free, needed = free_bytes(), cells * each
    if free is not None and needed > free:
        raise DataError(
            f"{name} has about {grouped(cells)} cells, which take {needed / _GIGABYTE:.1f} GB of memory "
            f"where {free / _GIGABYTE:.1f} GB are free; take a part of its rows or columns, or close other "
            "programs."
        )


def most_bytes() -> int:
    """The largest file for which there is memory, as far as its size alone tells."""
    free = free_bytes()
    return LEAST_BYTES if free is None else min(max(free // FILE_TIMES, LEAST_BYTES), MOST_BYTES)


def free_bytes() -> int | None:
    """How much memory is free; None where the system does not say."""
    try:
        lines = _MEMORY.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return None
