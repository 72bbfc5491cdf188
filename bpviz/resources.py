"""Where the files that bpviz brings along are: bundled tables, examples and icons.

They stand in ``resources/`` of a checkout, in ``bpviz/_resources/`` of an installed wheel, and below the
folder that a frozen build unpacks itself into.  Everything else asks `resource` for its files.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from bpviz.errors import BpvizError


def resource(*parts: str) -> Path:
    """Find a bundled file or folder, such as ``resource("data", "iris.csv")``.

    Args:
        parts: The path below ``resources/``, one name each.

    Raises:
        BpvizError: If this copy of bpviz lacks it.
    """
    path = _root().joinpath(*parts)
    if not path.exists():
        name = "/".join(parts)
        raise BpvizError(f"This copy of bpviz lacks its file resources/{name}; install bpviz again.")
    return path


@cache
def _root() -> Path:
    package = Path(__file__).resolve().parent
    candidates = [package / "_resources", package.parent / "resources"]
    unpacked = getattr(sys, "_MEIPASS", None)  # set by PyInstaller in the programs that it builds
    if unpacked is not None:
        candidates.insert(0, Path(unpacked) / "bpviz" / "_resources")
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise BpvizError("This copy of bpviz lacks its resources folder; install bpviz again.")
