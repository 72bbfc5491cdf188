"""What a project is called after its data, until it has a file."""

from __future__ import annotations

from pathlib import PurePath

from bpviz.data.datasets import DATASETS, TABLE
from bpviz.data.settings import DataSettings


def data_title(data: DataSettings) -> str:
    """Name a project by what it learns; an example that was given other data is not that example any more."""
    if data.source != TABLE:
        return f"{DATASETS[data.source].label} data"
    return PurePath(data.table.name).stem if data.table is not None else ""
