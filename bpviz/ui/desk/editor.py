"""What can be asked of the document, each an undoable edit with a name; refusals become messages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Literal, TypeAlias

from bpviz.data.datasets import facts
from bpviz.data.features import available
from bpviz.errors import BpvizError
from bpviz.model import edits
from bpviz.model.layout import COLUMN_GAP, NODE_GAP, center_y
from bpviz.model.spec import Address, BiasAddress, Layer, Network, Project, WeightAddress
from bpviz.ui.document import Document, Pair, Selection
from bpviz.ui.texts import feature_title

NEW_LAYER_SIZE = 4
Place: TypeAlias = tuple[float, float]
End: TypeAlias = Literal["input", "output"]


class Editor:
    """Turns wishes into edits of the document.

    Args:
        document: Where the edits go.
        tell: Gets the sentence of a refused edit.
    """

    def __init__(self, document: Document, tell: Callable[[str], None]) -> None:
        self._document = document
        self._tell = tell

    @property
    def network(self) -> Network:
        """The drawing as it is in the document."""
        return self._document.project.network

    def new_id(self, prefix: str) -> str:
        """Hand out one id that was never used, as edits ask for them."""
        return self._document.new_id(prefix)

    def refusal(self, edit: Callable[[Network], Network]) -> str:
        """Why an edit of the drawing is not possible, as a sentence; empty when it is."""
        try:
            edits.check_locks(self.network, edit(self.network))
        except BpvizError as error:
            return str(error)
        return ""

    def locked_refusal(self, selection: Selection) -> str:
        """Why what is selected can't be changed: something of it is locked; empty when nothing is."""
        nodes = {*selection.nodes, *(node for pair in selection.pairs for node in pair)}
        found = edits.locked_labels(self.network, selection.layers, nodes)
        return next(map(edits.refusal_of, found), "")

    def connect_refusal(self, source: str, target: str) -> str:
        """Why two nodes can't be connected, as a sentence; empty when they can."""
        edit = partial(edits.connect, source=source, target=target)
        return self.refusal(edit) or (
            "These nodes are connected already." if edit(self.network) == self.network else ""
        )

    def layers_refusal(self, source: str, target: str) -> str:
        """Why two layers can't be connected, as a sentence; empty when they can."""
        return self.refusal(partial(edits.connect_layers, source=source, target=target))

    def is_frozen(self, pair: Pair) -> bool:
        """Whether training leaves a connection's weight as it is."""
        return self.are_frozen([pair])

    def are_frozen(self, pairs: Iterable[Pair]) -> bool:
        """Whether training leaves the weights of all these connections as they are."""
        return edits.all_frozen(self.network, pairs)

    def connect(self, source: str, target: str) -> bool:
        """Connect two nodes."""
        return self._edit("connect nodes", partial(edits.connect, source=source, target=target))

    def connect_layers(self, source: str, target: str) -> bool:
        """Connect two layers by all pairs."""
        return self._edit("connect layers", partial(edits.connect_layers, source=source, target=target))

    def disconnect_layers(self, source: str, target: str) -> bool:
        """Remove all connections between two layers."""
        return self._edit("disconnect layers", partial(edits.remove_link, source=source, target=target))

    def apply(
        self, text: str, edit: Callable[[Project], Project], chosen: Callable[[], Selection] | None = None
    ) -> bool:
        """Change the project; what it is called stands behind "Undo", and it may say what it selects."""
        return self._apply(text, edit, chosen)

    def draw(self, text: str, edit: Callable[[Network], Network]) -> bool:
        """Change the drawing; what it is called stands behind "Undo"."""
        return self._edit(text, edit)

    def carry(
        self,
        text: str,
        edit: Callable[[Network], edits.Carried],
        value_of: edits.ValueOf,
        chosen: Callable[[edits.Carried], Selection] | None = None,
    ) -> bool:
        """Change the drawing so that weights go along to other places; what went may say what is selected."""
        made: list[edits.Carried] = []

        def kept(network: Network) -> edits.Carried:
            made.append(edit(network))
            return made[-1]

        selected = None if chosen is None else lambda: chosen(made[-1])
        return self._apply(text, edits.on_carried(kept, value_of), selected)

    def place_nodes(self, places: Mapping[str, tuple[float, float]]) -> bool:
        """Put nodes at other places."""
        text = "move node" if len(places) == 1 else "move nodes"
        return self._edit(text, partial(edits.place_nodes, places=places))

    def move_layers(self, places: Mapping[str, float], dy: float) -> bool:
        """Put layers at other places, and all their nodes up or down."""
        text = "move layer" if len(places) == 1 else "move layers"
        return self._edit(text, partial(moved_layers, places=places, dy=dy))

    def delete(self, selection: Selection) -> bool:
        """Remove everything selected, in one edit."""
        network = self.network
        present = {node.id for layer in network.layers for node in layer.nodes}
        layers = [layer.id for layer in network.layers if layer.id in selection.layers]
        in_layers = {node.id for layer in network.layers if layer.id in layers for node in layer.nodes}
        nodes = (selection.nodes & present) - in_layers
        pairs = [pair for pair in selection.pairs if present.issuperset(pair)]

        def remove(before: Network) -> Network:
            after = edits.remove_pairs(before, pairs)
            after = edits.remove_nodes(after, nodes) if nodes else after
            for layer in layers:
                after = edits.remove_layer(after, layer)
            return after

        kinds = (("layer", len(layers)), ("node", len(nodes)), ("connection", len(pairs)))
        what = [f"{kind}{'s' if count > 1 else ''}" for kind, count in kinds if count]
        return bool(what) and self._edit(f"remove {' and '.join(what)}", remove)

    @property
    def missing_end(self) -> End | None:
        """Which layer comes next on a sheet that is not a network yet: the inputs, then the outputs."""
        return missing_end(self.network)

    def add_layer(self) -> bool:
        """Add the layer that is missing, or else a hidden one before the output."""
        missing, output = self.missing_end, self.network.output
        if missing is None and output is not None:
            return self.insert_beside(output.id, after=False)
        places = [layer.x for layer in self.network.layers]
        return self.insert_layer(max(places, default=-COLUMN_GAP) + COLUMN_GAP)

    def insert_layer(self, x: float, y: float = 0.0) -> bool:
        """Add the layer that is missing, or insert a hidden one at a place between columns.

        A hidden one is like that before it.
        """
        missing = self.missing_end
        if missing is not None:
            others = [center_y(layer) for layer in self.network.layers]
            new_id, level = self._document.new_id, others[-1] if others else y
            edit = partial(edits.draw_end, role=missing, new_id=new_id, x=x, y=level)
            return self._apply(f"add {missing} layer", edit)
        size, activation = self._pattern(x)
        layer_id, *node_ids = self._ids(size)
        hidden = partial(edits.insert_at, layer_id=layer_id, node_ids=node_ids, x=x, activation=activation)
        return self._edit("add layer", hidden)

    def insert_beside(self, layer: str, *, after: bool) -> bool:
        """Insert a hidden layer into the first link out of a layer, or into it."""
        network = self.network
        links = [link.key for link in network.links if layer == (link.source if after else link.target)]
        if not links:
            side = "after" if after else "before"
            self._tell(f"Nothing is connected {side} this layer; connect it first.")
            return False
        key = min(links, key=lambda ends: abs(network.layer(ends[0]).x - network.layer(ends[1]).x))
        size, activation = self._pattern(network.layer(key[1]).x)
        layer_id, *node_ids = self._ids(size)
        edit = partial(
            edits.insert_layer,
            layer_id=layer_id,
            node_ids=node_ids,
            source=key[0],
            target=key[1],
            activation=activation,
        )
        return self._edit("add layer", edit)

    def add_node(self, layer_id: str) -> bool:
        """Add a node at a layer's foot; on the input layer one with the next feature."""
        layer = self.network.layer(layer_id)
        if layer.role == "input":
            left = self.unused_features()
            if not left:
                self._tell("All features of the data are inputs already.")
                return False
            return self.add_feature(layer_id, left[0])
        (node_id,) = self._document.new_ids("n")
        return self._edit("add node", partial(edits.add_node, layer_id=layer_id, node_id=node_id))

    def branch_node(self, layer_id: str, ends: Sequence[str], place: Place, *, forward: bool) -> bool:
        """Add a node to a layer at a place, connected like its neighbors, and to these nodes.

        Args:
            layer_id: Where; not the input layer.
            ends: Ids of the nodes.
            place: Where in the picture; at the layer's foot if another node stands there.
            forward: The connections come from these nodes, and don't lead to them.
        """
        (node_id,) = self._document.new_ids("n")
        taken = any(abs(node.y - place[1]) < NODE_GAP / 2 for node in self.network.layer(layer_id).nodes)

        def branch(network: Network) -> Network:
            network = edits.add_node(network, layer_id, node_id, y=None if taken else place[1])
            return edits.connect_pairs(network, _pairs(ends, [node_id], forward=forward))

        return self._edit("add node", branch)

    def branch_layer(self, size: int, ends: Sequence[str], place: Place, *, forward: bool) -> bool:
        """Add a hidden layer at a place, and connect all its nodes to these; see `branch_node`."""
        x, y = place
        layer_id, *node_ids = self._ids(size)
        activation = self._pattern(x)[1]

        def branch(network: Network) -> Network:
            network = edits.add_layer(network, layer_id, node_ids, activation=activation, x=x, y=y)
            return edits.connect_pairs(network, _pairs(ends, node_ids, forward=forward))

        return self._edit("add layer", branch)

    def add_feature(self, layer_id: str, feature: str) -> bool:
        """Add an input node that shows a feature."""
        (node_id,) = self._document.new_ids("n")
        edit = partial(edits.add_node, layer_id=layer_id, node_id=node_id, feature=feature)
        return self._edit(f"add input {feature_title(feature)}", edit)

    def show_feature(self, node: str, feature: str) -> bool:
        """Let an input node show another feature."""
        edit = partial(edits.show_feature, node_id=node, feature=feature)
        return self._edit(f"show {feature_title(feature)}", edit)

    def unused_features(self) -> tuple[str, ...]:
        """Features of the data that no input node shows yet."""
        layer = self.network.input
        used = {node.feature for node in layer.nodes} if layer else set()
        try:
            columns = facts(self._document.project.data).columns
        except BpvizError:
            return ()
        return tuple(feature for feature in available(columns) if feature not in used)

    def remove_node(self, layer_id: str) -> bool:
        """Remove a layer's lowest node."""
        layer = self.network.layer(layer_id)
        return self._edit("remove node", partial(edits.remove_nodes, node_ids=(layer.nodes[-1].id,)))

    def resize_layer(self, layer_id: str, size: int) -> bool:
        """Give a layer so many nodes, by adding or removing them at its foot."""
        ids = self._document.new_ids("n", max(size - self.network.layer(layer_id).size, 0))
        return self._edit(
            "resize layer", partial(edits.resize_layer, layer_id=layer_id, size=size, new_ids=ids)
        )

    def set_activation(self, layers: Iterable[str], nodes: Iterable[str], activation: str | None) -> bool:
        """Choose the activation of layers and of single nodes; None lets nodes follow their layer."""
        chosen_layers, chosen_nodes = list(layers), list(nodes)

        def choose(network: Network) -> Network:
            for layer in chosen_layers:
                network = edits.set_activation(network, layer, activation or network.layer(layer).activation)
            return edits.set_node_activation(network, chosen_nodes, activation) if chosen_nodes else network

        return self._edit("change activation", choose)

    def freeze(
        self, pairs: Iterable[Pair], nodes: Iterable[str], layers: Collection[str] = (), *, frozen: bool
    ) -> bool:
        """Freeze weights and biases, those of whole layers too, or release them."""
        addresses: list[Address] = [
            *(WeightAddress(*pair) for pair in pairs),
            *(BiasAddress(node) for node in nodes),
        ]

        def freeze(network: Network) -> Network:
            network = edits.set_layers_frozen(network, layers, frozen=frozen) if layers else network
            return edits.set_frozen(network, addresses, frozen=frozen) if addresses else network

        return self._edit("freeze" if frozen else "release", freeze)

    def is_locked(self, selection: Selection) -> bool:
        """Whether something of what is selected is locked, or its layer is."""
        return edits.is_locked(self.network, selection.layers, selection.nodes)

    def toggle_lock(self, selection: Selection) -> bool:
        """Lock what is selected, or unlock it if something of it is locked."""
        text = "unlock" if self.is_locked(selection) else "lock"
        return self._edit(text, partial(edits.toggle_lock, layers=selection.layers, nodes=selection.nodes))

    def arrange(self) -> bool:
        """Put all columns and nodes in order."""
        return self._apply("arrange", edits.arrange_network)

    def _pattern(self, x: float) -> tuple[int, str]:
        """Size and activation of the hidden layer nearest to the left of a place, else to the right."""
        hidden = sorted((layer for layer in self.network.layers if layer.role == "hidden"), key=lambda a: a.x)
        left = [layer for layer in hidden if layer.x < x]
        like: Layer | None = left[-1] if left else hidden[0] if hidden else None
        return (min(like.size, 2 * NEW_LAYER_SIZE), like.activation) if like else (NEW_LAYER_SIZE, "tanh")

    def _ids(self, size: int) -> tuple[str, ...]:
        return (*self._document.new_ids("l"), *self._document.new_ids("n", size))

    def _edit(self, text: str, edit: Callable[[Network], Network]) -> bool:
        return self._apply(text, edits.on_network(edit))

    def _apply(
        self, text: str, edit: Callable[[Project], Project], chosen: Callable[[], Selection] | None = None
    ) -> bool:
        before = self._document.project
        try:
            self._document.apply(text, edit, chosen=chosen)
        except BpvizError as error:
            self._tell(str(error))
            return False
        return self._document.project is not before


def _pairs(ends: Sequence[str], new: Sequence[str], *, forward: bool) -> list[Pair]:
    return [(end, node) if forward else (node, end) for node in new for end in ends]


def missing_end(network: Network) -> End | None:
    """Which of its two ends a drawing lacks, the input first."""
    roles = {layer.role for layer in network.layers}
    return "input" if "input" not in roles else "output" if "output" not in roles else None


def moved_layers(network: Network, places: Mapping[str, float], dy: float) -> Network:
    """Put layers at other places, and all their nodes up or down by ``dy``."""
    for layer, x in places.items():
        network = edits.move_layer(network, layer, x, dy)
    return network
