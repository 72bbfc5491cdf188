"""Random drawings, made the way a user makes them: by edits, some of which are refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from hypothesis import strategies as st

from bpviz.errors import ModelError
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.layout import arrange
from bpviz.model.naming import NewId, counting_from, first_free_number
from bpviz.model.spec import BiasAddress, Network, WeightAddress

Move: TypeAlias = tuple[str, int, int, int]
"""Which edit, and three numbers that choose among what there is."""


def _layer(network: Network, number: int) -> str:
    return network.layers[number % len(network.layers)].id


def _node(network: Network, number: int) -> str:
    nodes = [node.id for layer in network.layers for node in layer.nodes]
    return nodes[number % len(nodes)]


def _pairs(network: Network, start: int, count: int) -> list[tuple[str, str]]:
    """Some connections in a row, of any links."""
    there = [
        (network.layer(link.source).nodes[column].id, network.layer(link.target).nodes[row].id)
        for link in network.links
        for row, column in zip(*(~link.removed.array).nonzero(), strict=True)
    ]
    return [there[(start + at) % len(there)] for at in range(min(count % 7 + 1, len(there)))]


def _insert(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    ids = [new_id("n") for _ in range(c % 3 + 1)]
    return edits.insert_layer(network, new_id("l"), ids, _layer(network, a), _layer(network, b))


def _resize(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    return edits.resize_layer(network, _layer(network, a), b % 6, [new_id("n") for _ in range(6)])


def _freeze(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    addresses = [WeightAddress(*pair) for pair in _pairs(network, a, b)]
    return edits.set_frozen(network, addresses, frozen=c % 3 > 0)


def _some(network: Network, start: int, count: int) -> set[str]:
    """Some nodes in a row."""
    return {_node(network, start + at) for at in range(count % 5 + 1)}


def _split(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    nodes = network.layer(_layer(network, a)).nodes
    return edits.split_layer(network, {node.id for node in nodes[: b % 4 + 1]}, new_id("l"))


def _insert_node(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    node = _node(network, b) if c % 2 else new_id("n")
    layer = _layer(network, b) if c % 3 else new_id("l")
    return edits.insert_node(network, _pairs(network, a, 0)[0], node, layer).network


def _reconnect(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    source, target = _pairs(network, a, 0)[0]
    to = (source, _node(network, b)) if c % 2 else (_node(network, b), target)
    return edits.reconnect(network, (source, target), to).network


def _reconnect_layers(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    source, target = network.links[a % len(network.links)].key
    to = (source, _layer(network, b)) if c % 2 else (_layer(network, b), target)
    return edits.reconnect_layers(network, (source, target), to).network


def _link(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    return edits.link_layers(network, _layer(network, a), _layer(network, b), list(edits.PATTERNS)[c % 4])


def _align(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    return edits.align(network, _some(network, a, b), {_layer(network, b)}, list(edits.ALIGNMENTS)[c % 6])


def _distribute(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    way = list(edits.DISTRIBUTIONS)[c % 2]
    return edits.distribute(network, _some(network, a, b), {_layer(network, b)}, way)


def _prune(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    return edits.prune(network, lambda address: float(len(str(address)) * a % 7), b % 11 / 10)


def _graft(network: Network, a: int, b: int, c: int, new_id: NewId) -> Network:
    piece = edits.cutout(network, _some(network, a, b), {_layer(network, c)})
    return edits.graft(network, piece, new_id, (float(a), float(b))).network


_EDITS: dict[str, Callable[[Network, int, int, int, NewId], Network]] = {
    "add layer": lambda n, a, b, c, new: edits.add_layer(n, new("l"), [new("n") for _ in range(a % 3 + 1)]),
    "insert layer": _insert,
    "remove layer": lambda n, a, b, c, new: edits.remove_layer(n, _layer(n, a)),
    "resize layer": _resize,
    "add node": lambda n, a, b, c, new: edits.add_node(n, _layer(n, a), new("n"), feature=f"f{b % 9}"),
    "remove nodes": lambda n, a, b, c, new: edits.remove_nodes(n, {_node(n, a), _node(n, b)}),
    "connect": lambda n, a, b, c, new: edits.connect(n, _node(n, a), _node(n, b)),
    "connect layers": lambda n, a, b, c, new: edits.connect_layers(n, _layer(n, a), _layer(n, b)),
    "remove pairs": lambda n, a, b, c, new: edits.remove_pairs(n, _pairs(n, a, b)),
    "remove link": lambda n, a, b, c, new: edits.remove_link(n, _layer(n, a), _layer(n, b)),
    "freeze weights": _freeze,
    "place node": lambda n, a, b, c, new: edits.place_nodes(n, {_node(n, a): (b * 7.0, c * 3.0)}),
    "move layer": lambda n, a, b, c, new: edits.move_layer(n, _layer(n, a), b * 7.0, c - 100.0),
    "arrange": lambda n, a, b, c, new: arrange(n),
    "split layer": _split,
    "merge layers": lambda n, a, b, c, new: edits.merge_layers(n, {_layer(n, a), _layer(n, b)}),
    "remove with flow": lambda n, a, b, c, new: edits.remove_with_flow(n, _some(n, a, b), {_layer(n, c)}),
    "insert between": lambda n, a, b, c, new: edits.insert_between(
        n, _layer(n, a), *n.links[b % len(n.links)].key
    ),
    "insert node": _insert_node,
    "reconnect": _reconnect,
    "reconnect layers": _reconnect_layers,
    "link by pattern": _link,
    "prune": _prune,
    "duplicate": lambda n, a, b, c, new: edits.duplicate(n, _some(n, a, b), {_layer(n, c)}, new).network,
    "paste": _graft,
    "align": _align,
    "distribute": _distribute,
    "freeze bias": lambda n, a, b, c, new: edits.set_frozen(n, [BiasAddress(_node(n, a))], frozen=b % 3 > 0),
}


KINDS = sorted(_EDITS)


def made(network: Network, move: Move, new_id: NewId) -> Network:
    """Do one edit; one for which there is nothing leaves the network as it is.

    Raises:
        ModelError: If it is refused.
    """
    kind, a, b, c = move
    return _EDITS[kind](network, a, b, c, new_id) if network.links else network


def performed(network: Network, move: Move, new_id: NewId | None = None) -> Network:
    """Do one edit; one that is refused, or for which there is nothing, leaves the network as it is.

    Args:
        network: What to edit.
        move: Which edit.
        new_id: Where ids of new nodes come from; by default the first that are free.
    """
    try:
        return made(network, move, new_id or counting_from(first_free_number(network)))
    except ModelError:
        return network


def after(network: Network, moves: Sequence[Move]) -> Network:
    """Do edits one after the other."""
    for move in moves:
        network = performed(network, move)
    return network


_NUMBERS = st.integers(0, 200)
MOVES: st.SearchStrategy[Move] = st.tuples(st.sampled_from(KINDS), _NUMBERS, _NUMBERS, _NUMBERS)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """A layered network with a few edits made to it: skipping links, masks, frozen weights, loose layers."""
    hidden = draw(st.lists(st.integers(1, 4), max_size=3))
    start = layered_network(("x", "y"), hidden, draw(st.integers(1, 3)))
    return after(start, draw(st.lists(MOVES, max_size=8)))
