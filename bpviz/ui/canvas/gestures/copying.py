"""What a drag copies: nodes and layers, as far from the originals as the pointer went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from bpviz.errors import BpvizError
from bpviz.model import edits
from bpviz.model.layout import node_position
from bpviz.model.naming import NewId
from bpviz.model.spec import Network
from bpviz.ui.canvas.gestures.bench import Bench
from bpviz.ui.canvas.snapping import Place
from bpviz.ui.document import Selection


@dataclass(frozen=True, slots=True)
class Copies:
    """Some nodes and layers that may be copied.

    Attributes:
        network: The drawing they are of.
        nodes: Ids.
        layers: Ids.
    """

    network: Network
    nodes: frozenset[str] = frozenset()
    layers: frozenset[str] = frozenset()

    def preview(self, off: Place) -> tuple[Network, str]:
        """The drawing with copies so far from the originals, or why there can be none."""
        number = count(1)
        try:
            # The document never sees these ids.
            made = self._made(self.network, off, lambda prefix: f"copy {prefix}{next(number)}")
        except BpvizError as error:
            return self.network, str(error)
        return made.network, ""

    def make(self, bench: Bench, off: Place) -> bool:
        """Make them, and select them."""
        edit = partial(self._made, off=off, new_id=bench.editor.new_id)
        return bench.editor.carry("copy", edit, bench.value_of, _new)

    def _made(self, network: Network, off: Place, new_id: NewId) -> edits.Carried:
        made = edits.duplicate(network, self.nodes, self.layers, new_id)
        stood = {node.id: node_position(layer, node) for layer in network.layers for node in layer.nodes}
        places = {twin: (stood[old][0] + off[0], stood[old][1] + off[1]) for twin, old in made.biases.items()}
        # The originals stay, also in a column that would be spaced anew for one node more.
        return replace(made, network=edits.place_nodes(made.network, stood | places))


def _new(made: edits.Carried) -> Selection:
    """What is new of a drawing: whole layers, and the nodes of others."""
    inside = {node.id for layer in made.layers for node in made.network.layer(layer).nodes}
    return Selection(nodes=made.nodes - inside, layers=made.layers)
