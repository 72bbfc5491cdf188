"""What parts there are: one table.

To add a part, add an entry to `PARTS`: it is then in the list, can be dragged and put by keys, and its
picture is drawn from what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, TypeAlias

from bpviz.engine.activations import ACTIVATIONS
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.edits import Carried, ValueOf
from bpviz.model.layout import COLUMN_GAP
from bpviz.model.naming import NewId
from bpviz.model.spec import Network, Pair
from bpviz.model.templates import TEMPLATES, Template, from_template, sample
from bpviz.registry import Registry
from bpviz.ui.desk import Desk
from bpviz.ui.desk.editor import NEW_LAYER_SIZE
from bpviz.ui.document import Selection

Goes: TypeAlias = Literal["into a pair", "into a link", "anywhere"]
Place: TypeAlias = tuple[float, float]
Inside: TypeAlias = Callable[[Network, Pair, NewId], Carried]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to draw with.

    Attributes:
        name: Key; never renamed.
        label: In the list.
        about: What it is, and where it may be dropped.
        picture: What is drawn beside its label.
        goes: What takes it in where it is dropped: the connection of two nodes, of two layers, or the sheet.
        inside: (network, pair, new ids) to the network in which it is in between; None where it can't be.
        put: Adds it at a place of the picture; whether that changed anything.
        add: Adds it to what is selected, or at the end; likewise.
    """

    name: str
    label: str
    about: str
    picture: Callable[[], Network]
    goes: Goes
    inside: Inside | None
    put: Callable[[Desk, Place], bool]
    add: Callable[[Desk, Selection], bool]

    def insert(self, desk: Desk, pair: Pair, value_of: ValueOf) -> bool:
        """Put it into a connection, in one entry of the history."""
        inside, new_id = self.inside, desk.document.new_id

        def carried(network: Network) -> Carried:
            return inside(network, pair, new_id) if inside is not None else Carried(network)

        return desk.editor.carry("go in between", carried, value_of)


def near_layer(network: Network, x: float) -> str:
    """Id of the layer in whose column a place is; empty for none."""
    near = [layer for layer in network.layers if abs(layer.x - x) <= COLUMN_GAP / 2]
    return min(near, key=lambda layer: abs(layer.x - x)).id if near else ""


def _node_inside(network: Network, pair: Pair, new_id: NewId) -> Carried:
    return edits.insert_node(network, pair, new_id("n"), new_id("l"))


def _put_node(desk: Desk, place: Place) -> bool:
    layer = near_layer(desk.network, place[0])
    if not layer:
        return _put_layer(desk, place, size=1)
    if desk.network.layer(layer).role == "input":
        return desk.editor.add_node(layer)  # with the next feature
    return desk.editor.branch_node(layer, (), place, forward=True)


def _add_node(desk: Desk, selection: Selection) -> bool:
    network = desk.network
    chosen = {*selection.layers, *(network.layer_of(node).id for node in selection.nodes)}
    layers = sorted(network.layers, key=lambda layer: layer.x)
    hidden = [layer.id for layer in layers if layer.role == "hidden"]
    meant = [layer.id for layer in layers if layer.id in chosen] or hidden[-1:]
    return desk.editor.add_node(meant[-1]) if meant else desk.editor.add_layer()


def _layer_inside(network: Network, pair: Pair, new_id: NewId, *, activation: str) -> Carried:
    source, target = (network.layer_of(node).id for node in pair)
    layer, nodes = new_id("l"), [new_id("n") for _ in range(NEW_LAYER_SIZE)]
    return Carried(edits.insert_layer(network, layer, nodes, source, target, activation=activation))


def _put_layer(desk: Desk, place: Place, *, activation: str = "tanh", size: int = NEW_LAYER_SIZE) -> bool:
    x, y = place
    if desk.editor.missing_end is not None:  # a sheet gets its inputs and outputs first
        return desk.editor.insert_layer(x, y)
    new_id = desk.document.new_id
    layer, nodes = new_id("l"), [new_id("n") for _ in range(size)]
    edit = partial(edits.insert_at, layer_id=layer, node_ids=nodes, x=x, activation=activation)
    return desk.editor.draw("add layer", edit)


def _add_layer(desk: Desk, selection: Selection, *, activation: str) -> bool:
    network, chosen = desk.network, selection.layers
    behind = [layer for layer in network.layers if layer.id in chosen and layer.role != "output"]
    links = [link for link in network.links if not behind or link.source == behind[-1].id]
    if desk.editor.missing_end is not None or not links:
        return desk.editor.add_layer()
    # Where nothing is selected, into the last link of all.
    last = max(links, key=lambda link: (network.layer(link.target).x, network.layer(link.source).x))
    new_id = desk.document.new_id
    layer, nodes = new_id("l"), [new_id("n") for _ in range(NEW_LAYER_SIZE)]
    edit = partial(
        edits.insert_layer,
        layer_id=layer,
        node_ids=nodes,
        source=last.source,
        target=last.target,
        activation=activation,
    )
    return desk.editor.draw("add layer", edit)


def _draw(desk: Desk, _where: Place | Selection, *, template: Template) -> bool:
    edit = partial(from_template, name=template.name, new_id=desk.document.new_id)
    return desk.editor.apply(f"draw {template.label.lower()}", edit)


def _one_node() -> Network:
    return Network(layers=(layered_network(("x",), (1,), 1).layers[1],))


def _column() -> Network:
    return Network(layers=(layered_network(("x",), (NEW_LAYER_SIZE,), 1).layers[1],))


def _layer(activation: str) -> Part:
    label = ACTIVATIONS[activation].label
    return Part(
        f"layer_{activation}",
        f"Layer, {label}",
        f"A hidden layer of {NEW_LAYER_SIZE} {label} nodes: between two columns, or into a connection",
        _column,
        "into a link",
        partial(_layer_inside, activation=activation),
        partial(_put_layer, activation=activation),
        partial(_add_layer, activation=activation),
    )


def _network(template: Template) -> Part:
    draw = partial(_draw, template=template)
    picture = partial(sample, template)
    about = f"{template.about} It is drawn in place of what is there."
    return Part(f"network_{template.name}", template.label, about, picture, "anywhere", None, draw, draw)


PARTS: Final = Registry(
    "part",
    Part(
        "node",
        "Node",
        "One node: into a column, into the connection of two nodes, or as a layer of its own",
        _one_node,
        "into a pair",
        _node_inside,
        _put_node,
        _add_node,
    ),
    *map(_layer, ("tanh", "relu", "sigmoid")),
    *map(_network, TEMPLATES.values()),
)
