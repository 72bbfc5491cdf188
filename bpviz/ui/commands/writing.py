"""Commands that write in place: names of nodes and layers, weights, biases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from bpviz.errors import BpvizError
from bpviz.model import edits
from bpviz.model.naming import layer_label
from bpviz.model.spec import Address, BiasAddress, WeightAddress
from bpviz.typed import number
from bpviz.ui.canvas.selecting import clicked, of_selection
from bpviz.ui.canvas.targets import Target
from bpviz.ui.commands.command import NETWORK, Command
from bpviz.ui.commands.workshop import Workshop


def _rename(shop: Workshop) -> None:
    chosen, network = shop.desk.selection, shop.desk.network
    (item,) = chosen.nodes or chosen.layers
    name = network.node(item).name if chosen.nodes else layer_label(network.layer(item))

    def take(text: str) -> str:
        edit = partial(edits.rename, item_id=item, name=text)
        refusal = shop.desk.editor.refusal(edit)
        if not refusal:
            shop.desk.editor.draw("rename", edit)
        return refusal

    shop.canvas.write_at(of_selection(chosen), name, take)


def _not_rename(shop: Workshop) -> str:
    chosen = shop.desk.selection
    return "" if len(chosen.nodes or chosen.layers) == 1 else "Select one node or one layer to rename it."


def address_meant(shop: Workshop) -> Address | None:
    """The weight of the one connection that is selected, or the bias of the one node."""
    chosen, network = shop.desk.selection, shop.desk.network
    if len(chosen.pairs) == 1 and not chosen.nodes:
        return WeightAddress(*min(chosen.pairs))
    if len(chosen.nodes) == 1 and network.layer_of(min(chosen.nodes)).role != "input":
        return BiasAddress(min(chosen.nodes))
    return None


def write_value(shop: Workshop, begun: str = "") -> None:
    """Let a number be written for what is selected.

    Args:
        shop: The window's.
        begun: What of it was typed already; by default the number that is there.
    """
    address = address_meant(shop)
    if address is None:
        shop.desk.refused.emit(_not_value(shop))
        return
    old = shop.canvas.scene.value_of(address)
    target, take = of_selection(shop.desk.selection), _taking(shop, address)
    if begun:
        shop.canvas.write_at(target, begun, take, chosen=False)
    else:
        shop.canvas.write_at(target, "" if old is None else f"{old:.6g}", take)


def write_about(shop: Workshop, target: Target) -> None:
    """Let be written what a double click is about: the weight of a connection, or a name."""
    shop.desk.select(clicked(shop.desk.selection, target, extend=False))
    if target.pair is not None:
        write_value(shop)
    elif not _not_rename(shop):
        _rename(shop)


def _taking(shop: Workshop, address: Address) -> Callable[[str], str]:
    def take(text: str) -> str:
        try:
            value = number(text)
        except BpvizError as error:
            return str(error)
        if abs(value) > edits.LARGEST_START:
            return f"A weight or bias lies between −{edits.LARGEST_START:g} and {edits.LARGEST_START:g}."
        old = shop.canvas.scene.value_of(address)
        shop.values.set_value(address, 0.0 if old is None else old, value)
        return ""

    return take


def _not_value(shop: Workshop) -> str:
    if address_meant(shop) is None:
        return "Select one connection, or one node that has a bias, to write its number."
    return ""


COMMANDS: Final = (
    Command(
        "rename",
        "Rena&me",
        "Write another name for the selected node or layer, in place",
        _rename,
        keys="F2",
        menu="Edit",
        group=3,
        contexts=("node", "layer"),
        why_not=_not_rename,
        changes=True,
    ),
    Command(
        "set_value",
        "Set &value",
        "Write the weight of the selected connection or the bias of the selected node; a digit begins it",
        write_value,
        keys="Shift+F2",
        menu="Edit",
        group=3,
        contexts=tuple(kind for kind in NETWORK if kind != "layer"),
        why_not=_not_value,
    ),
)
