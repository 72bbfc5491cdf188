"""Every change a user can make: pure functions from one value to the next.

Edits of the drawing take a `Network` and return one; `on_network` lifts them to the whole
`Project`.  Edits of settings and data take a `Project`.  What creates layers or nodes takes
their ids as arguments, so that the same edit done again makes the same value.  A refused
edit raises a `BpvizError` whose text says why; asking in vain is the way to find out whether
a gesture is legal.  Masks follow node ids, never positions.

Trained weights are no part of a drawing: an edit that makes copies, or leads a link elsewhere, returns
`Carried`, which says where each new weight comes from, and `on_carried` lifts it with their values.
"""

from __future__ import annotations

from bpviz.model.edits.carrying import (
    BlockValues,
    Carried,
    ValueOf,
    carry,
    on_carried,
)
from bpviz.model.edits.columns import (
    merge_layers,
    split_layer,
)
from bpviz.model.edits.copies import (
    cutout,
    duplicate,
    graft,
)
from bpviz.model.edits.draws import redrawn
from bpviz.model.edits.flow import (
    insert_between,
    insert_node,
    reconnect,
    reconnect_layers,
    remove_with_flow,
)
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
    all_frozen,
    connect,
    connect_layers,
    connect_pairs,
    remove_link,
    remove_pairs,
    set_frozen,
    set_layers_frozen,
)
from bpviz.model.edits.locks import (
    check_locks,
    is_locked,
    locked_labels,
    refusal_of,
    set_locked,
    toggle_lock,
)
from bpviz.model.edits.nodes import (
    add_node,
    move_nodes,
    place_nodes,
    remove_nodes,
    rename_nodes,
    set_features,
    set_node_activation,
    show_feature,
)
from bpviz.model.edits.patterns import (
    PATTERNS,
    link_layers,
    prune,
)
from bpviz.model.edits.places import (
    ALIGNMENTS,
    DISTRIBUTIONS,
    align,
    distribute,
)
from bpviz.model.edits.project import (
    arrange_network,
    draw_end,
    end_after,
    fit_to_data,
    on_network,
    set_data,
    set_examples,
    set_training,
)
from bpviz.model.edits.starts import (
    LARGEST_START,
    clear_start,
    set_start,
    set_start_weights,
    set_starts,
)

__all__ = [
    "ALIGNMENTS",
    "DISTRIBUTIONS",
    "LARGEST_START",
    "PATTERNS",
    "BlockValues",
    "Carried",
    "ValueOf",
    "add_end",
    "add_layer",
    "add_node",
    "align",
    "all_frozen",
    "arrange_network",
    "carry",
    "check_locks",
    "clear_start",
    "connect",
    "connect_layers",
    "connect_pairs",
    "cutout",
    "distribute",
    "draw_end",
    "duplicate",
    "end_after",
    "fit_to_data",
    "graft",
    "insert_at",
    "insert_between",
    "insert_layer",
    "insert_node",
    "is_locked",
    "link_layers",
    "locked_labels",
    "merge_layers",
    "move_layer",
    "move_nodes",
    "on_carried",
    "on_network",
    "place_nodes",
    "prune",
    "reconnect",
    "reconnect_layers",
    "redrawn",
    "refusal_of",
    "remove_layer",
    "remove_link",
    "remove_nodes",
    "remove_pairs",
    "remove_with_flow",
    "rename",
    "rename_nodes",
    "resize_layer",
    "set_activation",
    "set_data",
    "set_examples",
    "set_features",
    "set_frozen",
    "set_layers_frozen",
    "set_locked",
    "set_node_activation",
    "set_start",
    "set_start_weights",
    "set_starts",
    "set_training",
    "show_feature",
    "split_layer",
    "toggle_lock",
]
