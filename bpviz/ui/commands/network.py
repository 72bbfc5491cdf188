"""Commands that draw: layers, nodes, connections, and how they compute."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from bpviz.engine.activations import ACTIVATIONS
from bpviz.model.naming import layer_label
from bpviz.model.spec import Layer, Link, Network, Node
from bpviz.ui.commands.command import NETWORK, Command, Entry
from bpviz.ui.commands.reasons import NOTHING_SELECTED, no_layer, no_nodes, nothing_drawn
from bpviz.ui.commands.workshop import Workshop
from bpviz.ui.document import Selection
from bpviz.ui.texts import feature_title


def _meant(shop: Workshop) -> Sequence[Layer]:
    return shop.desk.layers_meant


def _add_layer(shop: Workshop) -> bool:
    """Add what is missing: where the menu was asked for, or where it belongs."""
    spot = shop.canvas.asked_at
    if spot is not None:
        return shop.desk.editor.insert_layer(spot.x(), spot.y())
    return shop.desk.editor.add_layer()


def _layer_title(shop: Workshop) -> str:
    missing = shop.desk.editor.missing_end
    return {"input": "Add &inputs", "output": "Add &outputs", None: "Add &layer"}[missing]


def _add_node(shop: Workshop) -> None:
    """Add a node to each layer that is meant."""
    for layer in _meant(shop):
        shop.desk.editor.add_node(layer.id)


def _inputs(shop: Workshop) -> Iterator[Entry]:
    layer, editor = shop.desk.network.input, shop.desk.editor
    if layer is not None:
        for feature in editor.unused_features():
            title = feature_title(feature)
            yield Entry(
                title, f"An input node that shows {title}", partial(editor.add_feature, layer.id, feature)
            )


def _no_inputs(shop: Workshop) -> str:
    if shop.desk.network.input is None:
        return "There is no input layer yet; add the inputs first."
    return "" if shop.desk.editor.unused_features() else "All features of the data are inputs already."


def _input_meant(shop: Workshop) -> Node | None:
    """The input node that is selected alone."""
    layer, chosen = shop.desk.network.input, shop.desk.selection.nodes
    if layer is None or len(chosen) != 1:
        return None
    return next((node for node in layer.nodes if node.id in chosen), None)


def _features_to_show(shop: Workshop) -> Iterator[Entry]:
    node, editor = _input_meant(shop), shop.desk.editor
    if node is not None:
        for feature in (node.feature or "", *editor.unused_features()):
            title, run = feature_title(feature), partial(editor.show_feature, node.id, feature)
            yield Entry(title, f"This input shows {title}", run, checked=feature == node.feature)


def _no_features_to_show(shop: Workshop) -> str:
    if _input_meant(shop) is None:
        return "Select one input node to let it show another feature."
    return "" if shop.desk.editor.unused_features() else "All features of the data are inputs already."


def _insert(*, after: bool) -> Callable[[Workshop], object]:
    def insert(shop: Workshop) -> None:
        layers = _meant(shop)
        shop.desk.editor.insert_beside(layers[-1 if after else 0].id, after=after)

    return insert


def _not_before(shop: Workshop) -> str:
    first = [layer.role for layer in _meant(shop)][:1]
    return "No layer stands before the inputs." if first == ["input"] else no_layer(shop)


def _not_after(shop: Workshop) -> str:
    last = [layer.role for layer in _meant(shop)][-1:]
    return "No layer stands after the outputs." if last == ["output"] else no_layer(shop)


def ends_meant(network: Network, chosen: Selection) -> tuple[str, str] | None:
    """The two nodes, or the two layers, that are selected and nothing else, from left to right."""
    if chosen.pairs or len(chosen.nodes or chosen.layers) != 2:
        return None
    places = {node.id: layer.x for layer in network.layers for node in layer.nodes}
    places |= {layer.id: layer.x for layer in network.layers}
    ends = sorted(chosen.nodes or chosen.layers, key=lambda one: (places[one], one))
    return None if chosen.nodes and chosen.layers else (ends[0], ends[1])


def _to_connect(shop: Workshop) -> Selection:
    """What is selected, and what a connection by keys began at if one other of its kind is."""
    chosen, begun = shop.desk.selection, shop.desk.begun
    if not _is_end(chosen) or bool(chosen.nodes) != bool(begun.nodes):
        return chosen
    return Selection(chosen.nodes | begun.nodes, layers=chosen.layers | begun.layers)


def _is_end(chosen: Selection) -> bool:
    return not chosen.pairs and len(chosen.nodes) + len(chosen.layers) == 1


def _begins(shop: Workshop) -> bool:
    """Whether a connection would begin at what is selected, as no other end is known."""
    return _is_end(_to_connect(shop))


def _connect(shop: Workshop) -> None:
    desk, chosen = shop.desk, _to_connect(shop)
    if _begins(shop):
        desk.begin()
        desk.refused.emit("Walk to the other end and connect there; Esc leaves it.")
        return
    ends = ends_meant(desk.network, chosen)
    if ends is not None:
        (desk.editor.connect if chosen.nodes else desk.editor.connect_layers)(*ends)


def _connect_title(shop: Workshop) -> str:
    return "&Connect from here" if _begins(shop) else "&Connect"


def _not_connect(shop: Workshop) -> str:
    chosen, editor = _to_connect(shop), shop.desk.editor
    ends = ends_meant(shop.desk.network, chosen)
    if _begins(shop):
        return ""
    if ends is None:
        return "Select two nodes, or two layers, to connect them."
    refusal = editor.connect_refusal if chosen.nodes else editor.layers_refusal
    return refusal(*ends)


def _connections(shop: Workshop) -> Iterator[Entry]:
    """Offer every layer to which a full connection makes sense."""
    editor, network = shop.desk.editor, shop.desk.network
    for layer in _meant(shop)[:1]:
        for other in sorted(network.layers, key=lambda at: at.x):
            link = network.link(layer.id, other.id)
            if (link is None or link.removed.count) and not editor.layers_refusal(layer.id, other.id):
                run = partial(editor.connect_layers, layer.id, other.id)
                yield Entry(layer_label(other), f"Every node here to every node of {layer_label(other)}", run)


def _disconnections(shop: Workshop) -> Iterator[Entry]:
    """Offer every layer that is linked."""
    editor, network = shop.desk.editor, shop.desk.network
    for layer in _meant(shop)[:1]:
        for other in sorted(network.layers, key=lambda at: at.x):
            for ends in ((layer.id, other.id), (other.id, layer.id)):
                if network.link(*ends) is not None:
                    run = partial(editor.disconnect_layers, *ends)
                    yield Entry(layer_label(other), f"Remove all connections with {layer_label(other)}", run)


def _first_missing(
    offered: Callable[[Workshop], Iterator[Entry]], sentence: str
) -> Callable[[Workshop], str]:
    def why_not(shop: Workshop) -> str:
        return no_layer(shop) or ("" if next(offered(shop), None) is not None else sentence)

    return why_not


def _activations(shop: Workshop) -> Iterator[Entry]:
    """Offer activations for the layers or nodes that are selected; nodes may also follow their layer."""
    chosen, editor = shop.desk.selection, shop.desk.editor
    layers = [layer for layer in _meant(shop) if layer.role != "input"]
    if chosen.layers:
        ids, own = [layer.id for layer in layers], {layer.activation for layer in layers}
        softmax = all(layer.role == "output" for layer in layers)
        for entry in ACTIVATIONS.values():
            if entry.elementwise or softmax:
                run = partial(editor.set_activation, ids, [], entry.name)
                yield Entry(entry.label, f"a = {entry.name}(z)", run, checked=own == {entry.name})
        return
    nodes = [node for layer in layers for node in layer.nodes if node.id in chosen.nodes]
    node_ids, own = [node.id for node in nodes], {node.activation or "" for node in nodes}
    run = partial(editor.set_activation, [], node_ids, None)
    yield Entry("As the layer", "What its layer computes", run, checked=own == {""})
    same = {layer.activation for layer in layers}
    for entry in ACTIVATIONS.values():
        # For nodes of one layer its own activation is the same as to follow it.
        if entry.elementwise and {entry.name} != same:
            run = partial(editor.set_activation, [], node_ids, entry.name)
            yield Entry(entry.label, f"a = {entry.name}(z)", run, checked=own == {entry.name})


def _no_activation(shop: Workshop) -> str:
    if all(layer.role == "input" for layer in _meant(shop)):
        return no_nodes(shop) or "Inputs compute nothing: they show a feature of the data."
    return ""


def _frozen_nodes(shop: Workshop) -> list[str]:
    """The nodes whose biases are meant, without those of whole layers."""
    network, chosen = shop.desk.network, shop.desk.selection
    return [
        node.id
        for layer in network.layers
        if layer.role != "input" and layer.id not in chosen.layers
        for node in layer.nodes
        if node.id in chosen.nodes
    ]


def _is_frozen(shop: Workshop) -> bool:
    """Whether all that is meant is; without listing the pairs of layers, of which there may be very many."""
    network, chosen = shop.desk.network, shop.desk.selection
    whole = [link for link in network.links if link.target in chosen.layers]
    return (
        not _not_freeze(shop)
        and shop.desk.editor.are_frozen(chosen.pairs)
        and all(_pairs_left(link) == 0 for link in whole)
        and all(
            node.bias_frozen
            for layer in network.layers
            if layer.role != "input"
            for node in layer.nodes
            if layer.id in chosen.layers or node.id in chosen.nodes
        )
    )


def _pairs_left(link: Link) -> int:
    """How many connections of a link training changes."""
    mask = link.removed
    return mask.targets * mask.sources - mask.count - link.frozen.count


def _freeze(shop: Workshop) -> None:
    chosen = shop.desk.selection
    nodes, frozen = _frozen_nodes(shop), not _is_frozen(shop)
    shop.desk.editor.freeze(chosen.pairs, nodes, chosen.layers, frozen=frozen)


def _freeze_title(shop: Workshop) -> str:
    return "&Release for training" if _is_frozen(shop) else "&Freeze"


def _not_freeze(shop: Workshop) -> str:
    if not shop.desk.selection:
        return NOTHING_SELECTED
    if shop.desk.selection.pairs or any(layer.role != "input" for layer in _meant(shop)):
        return ""
    return "Inputs have neither weights nor a bias to freeze."


COMMANDS: Final = (
    Command(
        "add_layer",
        "Add &layer",
        "Insert a hidden layer before the output; on an empty sheet the inputs first, then the outputs",
        _add_layer,
        icon="add-layer",
        menu="Network",
        contexts=("empty",),
        title=_layer_title,
    ),
    Command(
        "add_node",
        "Add &node",
        "Add a node at the foot of the selected layer, or of the layer of the selected node",
        _add_node,
        keys="Ins",
        icon="add-node",
        menu="Network",
        contexts=("layer", "node"),
        why_not=no_layer,
        changes=True,
    ),
    Command(
        "add_input",
        "Add &input",
        "Add an input node that shows another feature of the data",
        entries=_inputs,
        menu="Network",
        contexts=("layer",),
        why_not=_no_inputs,
    ),
    Command(
        "show_feature",
        "S&how feature",
        "Let the selected input node show another feature of the data; it keeps its connections",
        entries=_features_to_show,
        menu="Network",
        contexts=("node",),
        why_not=_no_features_to_show,
        changes=True,
    ),
    Command(
        "insert_before",
        "Add layer &before",
        "Insert a hidden layer between the selected one and the one before it",
        _insert(after=False),
        menu="Network",
        contexts=("layer",),
        why_not=_not_before,
    ),
    Command(
        "insert_after",
        "Add layer &after",
        "Insert a hidden layer between the selected one and the one after it",
        _insert(after=True),
        icon="add-layer",
        menu="Network",
        contexts=("layer",),
        why_not=_not_after,
    ),
    Command(
        "connect",
        "&Connect",
        "Connect two selected nodes, or two layers by all pairs; with one selected, begin there",
        _connect,
        keys="C",
        icon="connect",
        menu="Network",
        group=1,
        contexts=("node", "layer"),
        why_not=_not_connect,
        changes=True,
        title=_connect_title,
    ),
    Command(
        "connect_to",
        "Connect fully &to",
        "Connect every node of the selected layer to every node of another",
        entries=_connections,
        menu="Network",
        group=1,
        contexts=("layer",),
        why_not=_first_missing(_connections, "This layer is connected to all that it can be connected to."),
        changes=True,
    ),
    Command(
        "disconnect_from",
        "&Disconnect from",
        "Remove all connections between the selected layer and another",
        entries=_disconnections,
        menu="Network",
        group=1,
        contexts=("layer",),
        why_not=_first_missing(_disconnections, "Nothing is connected to this layer."),
        changes=True,
    ),
    Command(
        "activation",
        "Acti&vation",
        "What the selected nodes or layers compute of their weighted input",
        entries=_activations,
        menu="Network",
        group=2,
        contexts=("node", "layer"),
        why_not=_no_activation,
        changes=True,
    ),
    Command(
        "freeze",
        "&Freeze",
        "Let training leave the selected weights and biases as they are, or change them again",
        _freeze,
        icon="freeze",
        menu="Network",
        group=2,
        contexts=NETWORK,
        why_not=_not_freeze,
        title=_freeze_title,
    ),
    Command(
        "arrange",
        "A&rrange",
        "Put all layers and nodes of the picture in order",
        lambda shop: shop.desk.editor.arrange(),
        keys="Ctrl+L",
        menu="Network",
        group=3,
        contexts=("empty",),
        why_not=nothing_drawn,
    ),
)
