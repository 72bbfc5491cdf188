"""Commands that select: by a question about what is selected, and from one thing to the next."""

from __future__ import annotations

from typing import Final

from bpviz.model.choosing import QUERIES
from bpviz.ui.canvas.selecting import along, stepped
from bpviz.ui.commands.command import Command, Context
from bpviz.ui.commands.reasons import nothing_drawn, nothing_selected
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.texts import unmarked

_WAYS: Final = (
    ("left", "Left", -1, 0),
    ("right", "Right", 1, 0),
    ("up", "Up", 0, -1),
    ("down", "Down", 0, 1),
)


def _query(
    name: str,
    label: str,
    keys: str,
    group: int,
    contexts: tuple[Context, ...] = (),
) -> Command:
    """Return the command of a question of `QUERIES`."""
    query, needs_none = QUERIES[name], name in ("all", "inverse")

    def select(shop: Workshop) -> None:
        shop.desk.select(query.answer(shop.desk.network, shop.desk.selection))

    return Command(
        f"select_{name}",
        label,
        query.about.removesuffix("."),
        select,
        keys=keys,
        menu="Select",
        group=group,
        contexts=contexts,
        why_not=nothing_drawn if needs_none else nothing_selected,
        alone=f"Select {unmarked(label).lower()}",
    )


def _step(name: str, key: str, across: int, down: int, *, extend: bool) -> Command:
    def step(shop: Workshop) -> None:
        placement = shop.canvas.scene.placement
        shop.canvas.lead_by_keys()
        shop.desk.select(stepped(placement, shop.desk.selection, across, down, extend=extend))

    return Command(
        f"extend_{name}" if extend else f"walk_{name}",
        f"Take in the next one {name}" if extend else f"Walk {name}",
        "Select the next node, layer or connection in that direction" + (", too" if extend else ""),
        step,
        keys=f"Shift+{key}" if extend else key,
        on_network=True,
        why_not=nothing_drawn,
    )


def _links(name: str, label: str, about: str, key: str, *, forward: bool) -> Command:
    """Return the command that leads along connections."""

    def lead(shop: Workshop) -> None:
        shop.canvas.lead_by_keys()
        shop.desk.select(along(shop.canvas.scene.placement, shop.desk.selection, forward=forward))

    return Command(
        name,
        label,
        about,
        lead,
        keys=key,
        menu="Select",
        group=2,
        why_not=nothing_selected,
        on_network=True,
        alone=f"Select the {unmarked(label).lower()}",
    )


COMMANDS: Final = (
    _query("all", "&All", "Ctrl+A", 0, ("empty",)),
    _query("none", "&Nothing", "Ctrl+Shift+A", 0),
    _query("inverse", "The &others", "Ctrl+I", 0),
    _query("layer", "Whole &layers", "Shift+C", 1),
    _query("incoming", "What comes &in", "Shift+I", 1),
    _query("outgoing", "What &goes out", "Shift+O", 1),
    _query("same_kind", "The same &kind", "Shift+S", 1),
    _links(
        "links_out",
        "Connection o&ut",
        "From a node to a connection out of it; from a connection to the next out of the same node",
        ">",
        forward=True,
    ),
    _links(
        "links_in",
        "Conn&ection in",
        "From a node to a connection into it; from a connection to the next into the same node",
        "<",
        forward=False,
    ),
    Command(
        "find",
        "&Find…",
        "Search layers and nodes by name, feature or place; Return walks through them",
        lambda shop: shop.outlined.find.open(),
        keys="Ctrl+F",
        menu="Select",
        group=3,
        why_not=nothing_drawn,
    ),
    *(_step(*way, extend=False) for way in _WAYS),
    *(_step(*way, extend=True) for way in _WAYS),
)
