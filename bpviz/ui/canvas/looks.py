"""How the parts of the picture look: a pure function of network, values, selection and pointer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from PySide6.QtGui import QPixmap

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.digits import told_apart
from bpviz.model.naming import layer_label
from bpviz.model.spec import Layer
from bpviz.ui.canvas.items import NodeLook
from bpviz.ui.canvas.layer_items import LayerLook
from bpviz.ui.canvas.targets import EMPTY, Target
from bpviz.ui.canvas.texts import layer_details, own_title, short_number, with_digits
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.values import Reading
from bpviz.ui.canvas.walking import Stop
from bpviz.ui.document import Pair, Selection
from bpviz.ui.numbers import MINUS
from bpviz.ui.shades import Shades

_DIGITS: Final = 3
_MOST_LETTERS: Final = 6  # of two numbers in a node; smaller ones could not be read
_PORTED: Final = frozenset({"node", "port out", "port in"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What the user points at.

    Attributes:
        selection: What is selected.
        hovered: What is under the pointer.
        lit: Connections that are pointed at elsewhere.
        lifted: Ids of nodes where the connection being drawn may end, or that are pointed at elsewhere.
        hovered_layer: Id of the layer whose column is under the pointer.
    """

    selection: Selection = field(default_factory=Selection)
    hovered: Target = EMPTY
    lit: frozenset[Pair] = frozenset()
    lifted: frozenset[str] = frozenset()
    hovered_layer: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Emphasis:
    """What stands back because something else is selected.

    Attributes:
        some: Tells which of some connections, by their numbers, are drawn faintly.
        count: How many connections there are.
        nodes: (nodes,) True for nodes drawn faintly.
    """

    some: Callable[[IntArray], BoolArray]
    count: int
    nodes: BoolArray

    @property
    def pairs(self) -> BoolArray:
        """(pairs,) True for connections drawn faintly; of a wide network a million, so ask for `some`."""
        return self.some(np.arange(self.count))

    @classmethod
    def of(cls, topology: Topology, selection: Selection, stop: Stop | None = None) -> Emphasis:
        """Keep what is selected, its connections and their ends; nothing stands back without a selection.

        While a step is walked through, nodes and connections of the phase are kept, whatever is selected, and
        of all others only nodes that are selected themselves; selected connections have their halo.
        """
        count = len(topology.node_ids)
        if not selection and stop is None:
            return cls(_all_kept, topology.pair_count, np.zeros(count, dtype=np.bool_))
        chosen = np.zeros(count, dtype=np.bool_)
        chosen[[topology.number[node] for node in selection.nodes if node in topology.number]] = True
        for layer in selection.layers & topology.layer_slices.keys():
            chosen[topology.layer_slices[layer]] = True
        if stop is not None:
            return cls(lambda pairs: ~stop.some(pairs), topology.pair_count, ~(stop.nodes | chosen))
        own = topology.found(selection.pairs)
        ends = topology.around(chosen)
        for side in topology.ends(own):
            ends[side] = True

        def faint(pairs: IntArray) -> BoolArray:
            source, target = topology.ends(pairs)
            return ~(chosen[source] | chosen[target] | np.isin(pairs, own))

        return cls(faint, topology.pair_count, ~ends)


def _all_kept(pairs: IntArray) -> BoolArray:
    return np.zeros(pairs.shape, dtype=np.bool_)


@dataclass(frozen=True, slots=True, eq=False)
class NodePaint:
    """Everything that node looks are made from.

    Attributes:
        shades: Colors of numbers.
        reading: Values of nodes and biases.
        scale: End of the nodes' scale.
        bias_scale: End of the biases' scale.
        maps: Output maps by node id.
        texts: (nodes,) numbers to write inside, by node number.
    """

    shades: Shades
    reading: Reading
    scale: float
    bias_scale: float
    maps: Mapping[str, QPixmap]
    texts: Mapping[int, tuple[str, ...]]


def number_texts(rows: tuple[Array, ...], seen: BoolArray) -> dict[int, tuple[str, ...]]:
    """Write one or two numbers a node, by node number; unknown ones, and nodes not ``seen``, are left out.

    Two that differ are told apart; where that takes more digits than have room, the lowest is enough.
    """
    columns = np.stack(rows, axis=1)
    known = np.isfinite(columns)
    return {
        k: _apart(columns[k][known[k]].tolist()) for k in np.flatnonzero(known.any(axis=1) & seen).tolist()
    }


def _apart(values: list[float]) -> tuple[str, ...]:
    texts = told_apart(values, with_digits, _DIGITS)
    fit = all(len(text.lstrip(MINUS)) <= _MOST_LETTERS for text in texts)
    return tuple(texts) if fit else (short_number(values[-1]),)


def node_look(layer: Layer, at: int, k: int, paint: NodePaint, marks: Marks, faded: BoolArray) -> NodeLook:
    """How a node looks.

    Args:
        layer: Its layer.
        at: Its place in the layer.
        k: Its number in the topology.
        paint: Values and colors.
        marks: What the user points at.
        faded: (nodes,) what stands back.
    """
    node = layer.nodes[at]
    value = float(paint.reading.nodes[k])
    bias = float(paint.reading.biases[k])
    picture = paint.maps.get(node.id)
    has_bias = layer.role != "input"
    pointed = marks.hovered.node == node.id and marks.hovered.kind in _PORTED
    return NodeLook(
        label_left=own_title(node) if layer.role == "input" else "",
        label_right=own_title(node) if layer.role == "output" else "",
        fill=None if picture is not None else paint.shades.fill(value, paint.scale),
        ink=None if picture is not None else paint.shades.ink(value, paint.scale),
        bias=(paint.shades.fill(bias, paint.bias_scale) or paint.shades.fill(0.0, 1.0)) if has_bias else None,
        bias_frozen=node.bias_frozen,
        locked=node.locked,
        numbers=paint.texts.get(k, ()),
        map=picture,
        selected=node.id in marks.selection.nodes or layer.id in marks.selection.layers,
        faded=bool(faded[k]),
        ports=(pointed and layer.role != "input", pointed and layer.role != "output"),
        lifted=node.id in marks.lifted,
    )


def layer_look(layer: Layer, height: float, room: float, marks: Marks, *, at_work: bool) -> LayerLook:
    """How a layer's caption and buttons look.

    Args:
        layer: The layer.
        height: Of its column.
        room: Width for its caption.
        marks: What the user points at.
        at_work: It computes in the phase that is shown.
    """
    at = marks.hovered
    # The size of the output is the data's: changing it is left to the menu, where it is meant.
    held = layer.locked or layer.role == "output"
    ending = at.kind == "caption" and at.layer == layer.id
    pressed = at.kind if at.layer == layer.id and at.kind in ("add", "remove", "foot") else ""
    return LayerLook(
        name=layer_label(layer),
        details=layer_details(layer),
        height=height,
        room=room,
        selected=layer.id in marks.selection.layers,
        at_work=at_work,
        hovered=marks.hovered_layer == layer.id,
        buttons=(not held and layer.size > 1, not held),
        foot=layer.role == "hidden" and not held,
        locked=layer.locked,
        pressed=pressed,
        lifted=ending and any(node.id in marks.lifted for node in layer.nodes),
    )
