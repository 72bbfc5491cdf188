"""Every change a user can make: pure functions from one value to the next.

Edits of the drawing take a `Network` and return one; `on_network` lifts them to the whole
`Project`.  Edits of settings and data take a `Project`.  What creates layers or nodes takes
their ids as arguments, so that the same edit done again makes the same value.  A refused
edit raises a `BpvizError` whose text says why; asking in vain is the way to find out whether
a gesture is legal.  Masks follow node ids, never positions.
"""

from __future__ import annotations

from bpviz.model.edits.layers import (
    add_end,
    add_layer,
    insert_at,
    insert_layer,
    move_layer,
    remove_layer,
    rename,
    resize_layer,
    set_activation,
)
from bpviz.model.edits.links import (
    connect,
    connect_layers,
    connect_pairs,
    remove_link,
    remove_pairs,
    set_frozen,
)
from bpviz.model.edits.nodes import (
    add_node,
    move_nodes,
    place_nodes,
    remove_nodes,
    rename_nodes,
    set_features,
    set_node_activation,
)
from bpviz.model.edits.project import (
    LARGEST_START,
    arrange_network,
    clear_start,
    draw_end,
    end_after,
    fit_to_data,
    on_network,
    set_data,
    set_examples,
    set_start,
    set_starts,
    set_training,
)

__all__ = [
    "LARGEST_START",
    "add_end",
    "add_layer",
    "add_node",
    "arrange_network",
    "clear_start",
    "connect",
    "connect_layers",
    "connect_pairs",
    "draw_end",
    "end_after",
    "fit_to_data",
    "insert_at",
    "insert_layer",
    "move_layer",
    "move_nodes",
    "on_network",
    "place_nodes",
    "remove_layer",
    "remove_link",
    "remove_nodes",
    "remove_pairs",
    "rename",
    "rename_nodes",
    "resize_layer",
    "set_activation",
    "set_data",
    "set_examples",
    "set_features",
    "set_frozen",
    "set_node_activation",
    "set_start",
    "set_starts",
    "set_training",
]
