"""Commands that select."""

from __future__ import annotations

from typing import Final

from bpviz.ui.commands.command import Command
from bpviz.ui.commands.reasons import nothing_drawn, nothing_selected
from bpviz.ui.desk.selecting import all_nodes

COMMANDS: Final = (
    Command(
        "select_all",
        "&All",
        "Select every node",
        lambda shop: shop.desk.select(all_nodes(shop.desk.network)),
        keys="Ctrl+A",
        menu="Select",
        contexts=("empty",),
        why_not=nothing_drawn,
    ),
    Command(
        "select_none",
        "&Nothing",
        "Let go of what is selected",
        lambda shop: shop.desk.select_nothing(),
        keys="Ctrl+Shift+A",
        menu="Select",
        why_not=nothing_selected,
    ),
)
