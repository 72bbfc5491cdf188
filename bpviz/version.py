"""The version of bpviz, which stands in every file it writes; `pyproject.toml` repeats it for the package."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
