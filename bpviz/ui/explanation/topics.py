"""What is explained of a selection: a row of numbers to choose from, or a table of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.model.naming import layer_label
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, PairPlace, Place, nodes_of
from bpviz.training.quantities import QUANTITIES, Ref, memory_key
from bpviz.ui.document import Selection
from bpviz.ui.explanation.moment import Moment

_OF_NODE: Final = ("input", "z", "a", "target", "loss_share", "slope", "dloss_da", "delta", "dloss_dx")
_OF_BIAS: Final = ("gradient", "change", "new")
_OF_LAYER: Final = ("input", "z", "a", "delta")
_LETTERS: Final = {"slope": "f′(z)", "new": "w′"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One number to choose.

    Attributes:
        key: Of QUANTITIES.
        place: Where it stands.
    """

    key: str
    place: Place = WHOLE

    @property
    def letter(self) -> str:
        """What a button says."""
        letter = _LETTERS.get(self.key, QUANTITIES[self.key].symbol)
        return letter.replace("w", "b") if isinstance(self.place, BiasPlace) else letter


@dataclass(frozen=True, slots=True)
class Topic:
    """What a selection is about.

    Attributes:
        title: What it is called.
        choices: Numbers of it; none of a table.
        first: Which of them is shown first.
        nodes: Of a table.
    """

    title: str
    choices: tuple[Choice, ...] = ()
    first: str = ""
    nodes: tuple[NodePlace, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Quantities of a table."""
        layers = {node.layer for node in self.nodes}
        keys = _OF_LAYER[1:] if min(layers, default=1) else _OF_LAYER
        return tuple(key for key in keys if max(layers, default=1) or key == "input")


def topic_of(selection: Selection, moment: Moment) -> Topic:
    """Say what a selection is about; what the run does not have yet counts as not selected."""
    places = moment.compiled.places
    nodes = sorted(NodePlace(*places[node]) for node in selection.nodes if node in places)
    pairs = [pair for pair in selection.pairs if set(pair) <= places.keys()]
    layers = [at for at, layer in enumerate(moment.compiled.layer_ids) if layer in selection.layers]
    if len(nodes) == 1 and not layers:
        return _of_node(moment, nodes[0])
    if len(pairs) == 1 and not nodes and not layers:
        source, target = (NodePlace(*places[node]) for node in pairs[0])
        return _of_pair(moment, PairPlace(source, target))
    table = [*nodes, *(node for layer in layers for node in nodes_of(moment.made.plan, layer))]
    if table:
        return Topic(_title(moment, layers, len(table)), nodes=tuple(dict.fromkeys(table)))
    return Topic("The loss", _available(moment, _of_whole(moment)), "loss")


def _title(moment: Moment, layers: Sequence[int], count: int) -> str:
    if len(layers) == 1:
        return layer_label(moment.compiled.network.layer(moment.compiled.layer_ids[layers[0]]))
    return f"{count} nodes"


def _of_node(moment: Moment, node: NodePlace) -> Topic:
    found = [Choice(key, node) for key in _OF_NODE]
    if node.layer:
        found += [Choice(key, BiasPlace(node)) for key in _OF_BIAS]
    return Topic(moment.names.short(node), _available(moment, found), "delta" if node.layer else "input")


def _of_pair(moment: Moment, pair: PairPlace) -> Topic:
    rule = moment.made.rule
    keys = ["gradient"]
    keys += ["penalty_gradient"] if rule.penalty != "none" else []
    keys += ["total"] if moment.made.penalty_joins else []
    keys += ["applied"] if rule.clip_norm is not None else []
    keys += [memory_key(slot, "after") for slot in range(OPTIMIZERS[rule.optimizer].slots)]
    found = [Choice(key, pair) for key in (*keys, "change", "new")]
    title = " → ".join(moment.names.short(node) for node in (pair.source, pair.target))
    return Topic(title, _available(moment, found), "gradient")


def _of_whole(moment: Moment) -> Iterator[Choice]:
    rule = moment.made.rule
    yield Choice("loss")
    yield from [Choice("penalty"), Choice("cost")] if rule.penalty != "none" else []
    yield from [Choice("norm"), Choice("clip_scale")] if rule.clip_norm is not None else []
    yield Choice("rate")


def _available(moment: Moment, choices: Iterator[Choice] | Sequence[Choice]) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if moment.ref(choice.key, choice.place) is not None)


def places_in(moment: Moment, places: Sequence[Place]) -> Selection:
    """Return what places are in the drawing."""
    ids = moment.compiled.node_ids
    nodes, pairs = set(), set()
    for place in places:
        if isinstance(place, PairPlace):
            pairs.add(
                (ids[place.source.layer][place.source.node], ids[place.target.layer][place.target.node])
            )
        elif isinstance(place, BiasPlace):
            nodes.add(ids[place.target.layer][place.target.node])
        elif isinstance(place, NodePlace):
            nodes.add(ids[place.layer][place.node])
    return Selection(frozenset(nodes), frozenset(pairs))


def example_of(ref: Ref, example: int | None, moment: Moment) -> Ref | None:
    """Return the same number of another example, or of the batch."""
    key = "loss" if ref.key == "mean_loss" else ref.key
    return moment.ref(key, ref.place, example)
