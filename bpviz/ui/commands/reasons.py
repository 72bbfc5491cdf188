"""Why a command can't be done now: sentences that several commands share; each is empty when it can."""

from __future__ import annotations

from functools import partial

from bpviz.model.edits import remove_layer
from bpviz.ui.commands.workshop import Workshop

NOTHING_SELECTED = "Nothing is selected; click a node, a connection or the caption of a layer first."


def nothing_selected(shop: Workshop) -> str:
    """There is no selection."""
    return "" if shop.desk.selection else NOTHING_SELECTED


def no_nodes(shop: Workshop) -> str:
    """No node is selected, not even as part of a layer."""
    chosen = shop.desk.selection
    return "" if chosen.nodes or chosen.layers else "No node is selected; click one first."


def no_layer(shop: Workshop) -> str:
    """No layer is selected, and no node of one."""
    chosen = shop.desk.selection
    return "" if chosen.layers or chosen.nodes else "No layer is selected; click the caption of one first."


def nothing_drawn(shop: Workshop) -> str:
    """The sheet is empty."""
    return "" if shop.desk.network.layers else "The sheet is empty; double-click it to place the inputs."


def not_removable(shop: Workshop) -> str:
    """Nothing is selected, or a layer without which there is no network."""
    ends = (layer.id for layer in shop.desk.network.layers if layer.role != "hidden")
    kept = (end for end in ends if end in shop.desk.selection.layers)
    refusals = (shop.desk.editor.refusal(partial(remove_layer, layer_id=end)) for end in kept)
    return nothing_selected(shop) or next(filter(None, refusals), "")


def cannot_run(shop: Workshop) -> str:
    """The network can't run, and why."""
    return shop.controller.problem
