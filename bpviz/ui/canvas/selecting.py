"""How a selection changes by clicks and keys: pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpviz.model.spec import Layer
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.targets import EMPTY, Target
from bpviz.ui.document import Selection


def clicked(selection: Selection, target: Target, *, extend: bool) -> Selection:
    """What is selected after a click.

    Args:
        selection: What was.
        target: What was clicked.
        extend: Keep what was, and take the target in, or out if it was in.
    """
    nodes = (
        frozenset({target.node})
        if target.kind in ("node", "row", "port in", "port out")
        else frozenset[str]()
    )
    pairs = frozenset({target.pair}) if target.pair is not None else frozenset[tuple[str, str]]()
    layers = frozenset({target.layer}) if target.kind in ("caption", "foot") else frozenset[str]()
    if not extend:
        return Selection(nodes, pairs, layers)
    return Selection(selection.nodes ^ nodes, selection.pairs ^ pairs, selection.layers ^ layers)


def menu_kind(target: Target, selection: Selection) -> str:
    """What a context menu is about: ``layer``, ``node``, ``pair`` or ``empty``.

    Args:
        target: What is under the pointer.
        selection: What is selected; a menu about nodes or connections is about all of it.
    """
    if target.kind in ("caption", "add", "remove", "foot"):
        return "layer"
    if target.kind in ("empty", "insert") or not selection:
        return "empty"
    return "node" if selection.nodes else "pair" if selection.pairs else "layer"


def of_selection(selection: Selection) -> Target:
    """What a context menu that was called by a key is about."""
    if selection.nodes:
        return Target("node", node=min(selection.nodes))
    if selection.pairs:
        return Target("pair", pair=min(selection.pairs))
    return Target("caption", layer=min(selection.layers)) if selection.layers else EMPTY


def stepped(placement: Placement, selection: Selection, across: int, down: int, *, extend: bool) -> Selection:
    """What is selected after an arrow key: the next node in its column, or the nearest in the next column.

    Above a column stands its caption, which is the whole layer.  A connection leads to its ends.  Without a
    selection, the first node of the network.
    """
    topology = placement.topology
    known = [topology.number[node] for node in selection.nodes if node in topology.number]
    layers = [layer for layer in topology.network.layers if layer.id in selection.layers]
    if not topology.node_ids:
        return selection
    pairs = [k for k in map(topology.find, selection.pairs) if k is not None]
    if not known and pairs:
        return _from_pair(placement, min(pairs), across, down)
    if not known and layers:
        return _from_caption(placement, layers, across, down)
    if not known:
        return Selection(nodes=frozenset({topology.node_ids[0]}))
    # Of several, the one farthest in the direction of the key leads.
    lead = max(known, key=lambda k: (across * placement.x[k] + down * placement.y[k], -k))
    following = _beside(placement, lead, across) if across else _below(placement, lead, down)
    if following is None and down < 0 and not extend:
        layer = topology.network.layers[topology.node_layer[lead]]
        return Selection(layers=frozenset({layer.id}))
    node = frozenset({topology.node_ids[lead if following is None else following]})
    return Selection(nodes=selection.nodes | node) if extend else Selection(nodes=node)


def along(placement: Placement, selection: Selection, *, forward: bool) -> Selection:
    """What is selected after a step along connections.

    From a node it leads to the uppermost connection out of it, or into it; from a connection to the next one
    out of the same node, or into the same, and round again.
    """
    topology = placement.topology
    here, there = (0, 1) if forward else (1, 0)
    known = topology.find(min(selection.pairs)) if selection.pairs else None
    nodes = [topology.number[node] for node in selection.nodes if node in topology.number]
    if known is None and not nodes:
        return selection
    end = min(nodes) if known is None else int(topology.ends(np.array([known]))[here][0])
    beside = topology.out_of(end) if forward else topology.into(end, end + 1)
    beyond = topology.ends(beside)[there]
    order = beside[np.lexsort((placement.y[beyond], placement.x[beyond]))].tolist()
    if not order:
        return selection
    following = order[(order.index(known) + 1) % len(order)] if known is not None else order[0]
    return Selection(pairs=frozenset({topology.pair(following)}))


def _from_pair(placement: Placement, lead: int, across: int, down: int) -> Selection:
    """From a connection to its ends, or up and down among those out of the same node."""
    topology = placement.topology
    source, target = (int(side[0]) for side in topology.ends(np.array([lead])))
    if across:
        return Selection(nodes=frozenset({topology.node_ids[target if across > 0 else source]}))
    beside = topology.out_of(source)
    order = beside[np.lexsort((placement.y[topology.ends(beside)[1]],))].tolist()
    at = min(max(order.index(lead) + down, 0), len(order) - 1)
    return Selection(pairs=frozenset({topology.pair(order[at])}))


def _from_caption(placement: Placement, layers: Sequence[Layer], across: int, down: int) -> Selection:
    lead = max(layers, key=lambda layer: across * layer.x)
    if down > 0 and lead.nodes:
        return Selection(nodes=frozenset({min(lead.nodes, key=lambda node: node.y).id}))
    ahead = [other for other in placement.topology.network.layers if (other.x - lead.x) * across > 0]
    following = min(ahead, key=lambda other: abs(other.x - lead.x), default=lead)
    return Selection(layers=frozenset({following.id}))


def _below(placement: Placement, k: int, down: int) -> int | None:
    column = np.flatnonzero(placement.topology.node_layer == placement.topology.node_layer[k])
    if not placement.single[k]:  # of a sheet of pixels, those below each other
        column = column[placement.x[column] == placement.x[k]]
    # A collapsed column's rows out of sight share a height; their order is that of the layer.
    order = column[np.lexsort((column, placement.y[column]))].tolist()
    at = order.index(k) + down
    return int(order[at]) if 0 <= at < len(order) else None


def _beside(placement: Placement, k: int, across: int) -> int | None:
    ahead = np.flatnonzero((placement.x - placement.x[k]) * across > 0)
    if not ahead.size:
        return None
    nearest_column = ahead[np.abs(placement.x[ahead] - placement.x[k]).argmin()]
    column = ahead[placement.x[ahead] == placement.x[nearest_column]]
    return int(column[np.abs(placement.y[column] - placement.y[k]).argmin()])
