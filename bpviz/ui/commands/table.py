"""The table of all commands, put together from the topics; menus show them in this order."""

from __future__ import annotations

from typing import Final

from bpviz.registry import Registry
from bpviz.ui.commands import (
    bringing,
    copying,
    editing,
    files,
    helping,
    network,
    running,
    selecting,
    shaping,
    viewing,
    writing,
)

COMMANDS: Final = Registry(
    "command",
    *files.COMMANDS,
    *bringing.COMMANDS,
    *editing.COMMANDS,
    *copying.COMMANDS,
    *writing.COMMANDS,
    *selecting.COMMANDS,
    *network.COMMANDS,
    *shaping.COMMANDS,
    *running.COMMANDS,
    *viewing.COMMANDS,
    *helping.COMMANDS,
)
