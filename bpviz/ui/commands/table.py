"""The table of all commands, put together from the topics; menus show them in this order."""

from __future__ import annotations

from typing import Final

from bpviz.registry import Registry
from bpviz.ui.commands import editing, files, helping, network, running, selecting, viewing

COMMANDS: Final = Registry(
    "command",
    *files.COMMANDS,
    *editing.COMMANDS,
    *selecting.COMMANDS,
    *network.COMMANDS,
    *running.COMMANDS,
    *viewing.COMMANDS,
    *helping.COMMANDS,
)
