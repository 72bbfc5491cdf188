"""What the user drew and set: one tree of frozen values, the `Project`.

A value that exists is well formed: ids are unique, links have two ends, masks
have the shape of their link, numbers are Python's own (see `bpviz.plain`).
Whether a network can *run* is another question; `bpviz.model.problems` answers
it in sentences.  Changes are made by the pure functions of `bpviz.model.edits`.

To add a setting, add a field with a default here and in `bpviz.files.schema`, its
rule in `bpviz.model.checks`, and an entry in `bpviz.model.settings`; if runs begin with
it, also a reason to begin again in `bpviz.model.impact`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal, TypeAlias

import numpy as np

from bpviz.arrays import BoolArray
from bpviz.data.settings import DataSettings
from bpviz.errors import ModelError
from bpviz.model.common import ID, kept_by_identity
from bpviz.model.start import Address as Address
from bpviz.model.start import BiasAddress as BiasAddress
from bpviz.model.start import Start as Start
from bpviz.model.start import WeightAddress as WeightAddress
from bpviz.model.start import WeightBlock as WeightBlock
from bpviz.plain import hold

Role: TypeAlias = Literal["input", "hidden", "output"]
LinkKey: TypeAlias = tuple[str, str]
"""A link is its (source layer id, target layer id)."""
Pair: TypeAlias = tuple[str, str]
"""A connection between two nodes is its (source node id, target node id)."""


@dataclass(frozen=True, slots=True)
class PairMask:
    """A set of (target, source) pairs of one link, packed into bits; hashable and immutable.

    Attributes:
        targets: Rows, the nodes of the target layer in order.
        sources: Columns, the nodes of the source layer in order.
        bits: The rows joined, eight pairs a byte, the first in the highest bit;
            empty bytes when no pair is in the set.
    """

    targets: int
    sources: int
    bits: bytes = b""

    def __post_init__(self) -> None:
        if len(self.bits) not in (0, (self.targets * self.sources + 7) // 8):
            raise ModelError("A set of weights does not have the shape of its link.")

    @classmethod
    def of(cls, pairs: BoolArray) -> PairMask:
        """Pack a boolean array (targets, sources)."""
        targets, sources = pairs.shape
        return cls(targets, sources, np.packbits(pairs).tobytes() if pairs.any() else b"")

    @property
    def array(self) -> BoolArray:
        """A fresh boolean array (targets, sources), True for pairs in the set."""
        size = self.targets * self.sources
        if not self.bits:
            return np.zeros((self.targets, self.sources), dtype=np.bool_)
        bits = np.unpackbits(np.frombuffer(self.bits, dtype=np.uint8), count=size)
        return bits.reshape(self.targets, self.sources).view(np.bool_)

    @property
    def count(self) -> int:
        """How many pairs are in the set."""
        return int(np.bitwise_count(np.frombuffer(self.bits, dtype=np.uint8)).sum()) if self.bits else 0

    def __contains__(self, pair: object) -> bool:
        if not self.bits or not isinstance(pair, tuple) or len(pair) != 2:
            return False
        row, column = pair
        if not (0 <= row < self.targets and 0 <= column < self.sources):
            return False
        byte, bit = divmod(int(row) * self.sources + int(column), 8)
        return bool(self.bits[byte] & 0x80 >> bit)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        """The pairs (target row, source column) in the set."""
        rows, columns = np.nonzero(self.array)
        return zip(rows.tolist(), columns.tolist(), strict=True)


@dataclass(frozen=True, slots=True)
class Node:
    """One unit.

    Attributes:
        id: Unique in the project, never shown, never reused (``n7``).
        name: What the user called it; empty for "the layer's k-th".
        y: Height in the picture, in scene pixels; nothing else depends on it.
        activation: Overrides the layer's; None follows the layer.
        bias_frozen: Training leaves the bias as it is.
        feature: On the input layer, the feature this node shows, such as ``x`` or
            ``x^2`` (see `bpviz.data.features`); elsewhere None.
        x: Place in the picture beside its layer's column, in scene pixels; None stands in the column.
            Nothing else depends on it.
        locked: No edit may change it, see `bpviz.model.edits.locks`; it is trained as ever.
    """

    id: str
    name: str = ""
    y: float = 0.0
    activation: str | None = None
    bias_frozen: bool = False
    feature: str | None = None
    x: float | None = None
    locked: bool = False

    def __post_init__(self) -> None:
        # Looked at first, for an edit makes a thousand of them anew.
        if (type(self.y), type(self.bias_frozen), type(self.locked)) != (float, bool, bool):
            hold(self, float=("y",), truth=("bias_frozen", "locked"))
        if self.x is not None:
            hold(self, float=("x",))

    def at(self, x: float | None, y: float) -> Node:
        """Return the node at a place; the very same if it stands there."""
        if (self.x, self.y) == (x, y):
            return self
        return self._made(self.id, x, y, frozen=self.bias_frozen, locked=self.locked)

    def held(self, *, frozen: bool) -> Node:
        """Return the node with its bias frozen or released; the very same if it is so."""
        if self.bias_frozen == frozen:
            return self
        return self._made(self.id, self.x, self.y, frozen=frozen, locked=self.locked)

    def twin(self, node_id: str, dx: float = 0.0, dy: float = 0.0) -> Node:
        """Return an unlocked copy of the node under another id, so far from it."""
        x = None if self.x is None else self.x + dx
        return self._made(node_id, x, self.y + dy, frozen=self.bias_frozen, locked=False)

    def _made(self, node_id: str, x: float | None, y: float, *, frozen: bool, locked: bool) -> Node:
        # Spelled out, for `replace` takes twice as long, and an edit moves, copies or freezes a thousand.
        return Node(node_id, self.name, y, self.activation, frozen, self.feature, x, locked)


@dataclass(frozen=True, slots=True)
class Layer:
    """A column of nodes.

    Attributes:
        id: Unique in the project, never shown, never reused (``l3``).
        name: What captions show, such as "Hidden 1".
        role: Exactly one input and one output layer can run.
        nodes: From top to bottom.
        activation: Entry of `bpviz.engine.activations.ACTIVATIONS`; unused on the input layer.
        x: Place in the picture, in scene pixels; nothing else depends on it.
        locked: No edit may change it or any of its nodes.
    """

    id: str
    name: str
    role: Role
    nodes: tuple[Node, ...]
    activation: str = "tanh"
    x: float = 0.0
    locked: bool = False

    def __post_init__(self) -> None:
        hold(self, float=("x",), truth=("locked",))

    @property
    def size(self) -> int:
        return len(self.nodes)

    def activation_of(self, node: Node) -> str:
        """The activation in force at a node of this layer."""
        return node.activation or self.activation


@dataclass(frozen=True, slots=True)
class Link:
    """The weights from one layer to another, one for each pair of nodes.

    Attributes:
        source: Layer id.
        target: Layer id.
        removed: Pairs without a connection.
        frozen: Pairs whose weight training leaves as it is.
    """

    source: str
    target: str
    removed: PairMask
    frozen: PairMask

    @classmethod
    def dense(cls, source: Layer, target: Layer) -> Link:
        """A link with every pair connected and none frozen."""
        nothing = PairMask(target.size, source.size)
        return cls(source.id, target.id, nothing, nothing)

    @property
    def key(self) -> LinkKey:
        return (self.source, self.target)


@dataclass(frozen=True, slots=True)
class Network:
    """Layers and links; every `Network` that exists can be drawn.

    Raises:
        ModelError: If two layers or nodes share an id, a link has a loose end, two links
            join the same layers, a mask has another shape than its link, or a link has no pair left.
    """

    layers: tuple[Layer, ...] = ()
    links: tuple[Link, ...] = ()

    def __post_init__(self) -> None:
        sizes = _sizes(self.layers)
        if len({link.key for link in self.links}) != len(self.links):
            raise ModelError("Two links join the same two layers.")
        for link in self.links:
            if link.source not in sizes or link.target not in sizes:
                raise ModelError("A link needs a layer at both ends.")
            shape = (sizes[link.target], sizes[link.source])
            if any((mask.targets, mask.sources) != shape for mask in (link.removed, link.frozen)):
                raise ModelError("A set of weights does not have the shape of its link.")
            if link.removed.count == shape[0] * shape[1]:
                raise ModelError("A link without a single connection can't exist.")

    def layer(self, layer_id: str) -> Layer:
        """The layer with this id; `ModelError` if it is gone."""
        for layer in self.layers:
            if layer.id == layer_id:
                return layer
        raise ModelError("That layer is no longer in the network.")

    def layer_of(self, node_id: str) -> Layer:
        """The layer that holds this node; `ModelError` if it is gone."""
        for layer in self.layers:
            if node_id in map(ID, layer.nodes):
                return layer
        raise ModelError("That node is no longer in the network.")

    def node(self, node_id: str) -> Node:
        """The node with this id; `ModelError` if it is gone."""
        return next(node for node in self.layer_of(node_id).nodes if node.id == node_id)

    def link(self, source: str, target: str) -> Link | None:
        """The link between two layers, by their ids."""
        return next((link for link in self.links if link.key == (source, target)), None)

    @property
    def input(self) -> Layer | None:
        """The input layer, if there is exactly one."""
        return self._only("input")

    @property
    def output(self) -> Layer | None:
        """The output layer, if there is exactly one."""
        return self._only("output")

    def _only(self, role: Role) -> Layer | None:
        found = [layer for layer in self.layers if layer.role == role]
        return found[0] if len(found) == 1 else None


@kept_by_identity(4)  # most drawings on the way of an edit, and all that differ in links alone, have the same
def _sizes(layers: tuple[Layer, ...]) -> Mapping[str, int]:
    """Count the nodes of some layers, by their ids.

    Raises:
        ModelError: If two layers or two nodes share an id.
    """
    sizes = {layer.id: layer.size for layer in layers}
    nodes = set(chain.from_iterable(map(ID, layer.nodes) for layer in layers))
    if len(sizes) != len(layers) or len(nodes) != sum(sizes.values()):
        raise ModelError("Two layers or two nodes have the same id.")
    return sizes


@dataclass(frozen=True, slots=True)
class Stop:
    """When a run stops by itself; None switches a rule off.

    Attributes:
        epochs: After this many passes over the training part.
        target_loss: When the loss over the whole training part, at the end of an epoch, is at or below.
        target_accuracy: When the test accuracy (training accuracy without a test part), 0 to 1, is at or
            above.
        gradient_norm: When the norm of the batch gradient is below.
        patience: After this many epochs without a better test loss (training loss without a test part).
    """

    epochs: int | None = None
    target_loss: float | None = None
    target_accuracy: float | None = None
    gradient_norm: float | None = None
    patience: int | None = None

    def __post_init__(self) -> None:
        hold(self, whole=("epochs", "patience"), float=("target_loss", "target_accuracy", "gradient_norm"))


Options: TypeAlias = tuple[tuple[str, float], ...]
"""Settings of a table entry that differ from its defaults, as sorted (name, value) pairs."""


def options(**values: float) -> Options:
    """Write options as keywords: ``options(beta1=0.8)``."""
    return tuple(sorted(values.items()))


@dataclass(frozen=True, slots=True)
class Training:
    """How the network learns.  Names are keys of the engine's tables.

    Attributes:
        seed: 0 to 2**32 - 1; data, split, start and order each draw from their own stream of it.
        loss: Entry of LOSSES.
        optimizer: Entry of OPTIMIZERS, with `optimizer_options`.
        learning_rate: The rate that the schedule starts from; above 0.
        schedule: Entry of SCHEDULES, with `schedule_options`, whose constants are in epochs.
        warmup: Epochs over which the rate climbs from 0 to the schedule's.
        batch_size: Examples a step; None is the whole training part.
        shuffle: ``each epoch`` or ``never``.
        last_batch: What happens to an epoch's last, short batch: ``keep`` averages it over its own size;
            ``carry over`` leaves its gradients to join the first update of the next epoch, as the
            Playground does.
        penalty: Entry of PENALTIES, with `penalty_rate` (lambda).
        clip_norm: Largest global norm of a gradient; None does not clip.
        initializer: Entry of INITIALIZERS, with `initializer_options`.
        precision: ``float64`` or ``float32``.
        stop: When the run stops by itself.
    """

    seed: int = 0
    loss: str = "half_squared"
    optimizer: str = "sgd"
    optimizer_options: Options = ()
    learning_rate: float = 0.03
    schedule: str = "constant"
    schedule_options: Options = ()
    warmup: float = 0.0
    batch_size: int | None = 10
    shuffle: Literal["each epoch", "never"] = "each epoch"
    last_batch: Literal["keep", "carry over"] = "keep"
    penalty: str = "none"
    penalty_rate: float = 0.0
    clip_norm: float | None = None
    initializer: str = "xavier_uniform"
    initializer_options: Options = ()
    precision: Literal["float64", "float32"] = "float64"
    stop: Stop = field(default_factory=Stop)

    def __post_init__(self) -> None:
        hold(
            self,
            whole=("seed", "batch_size"),
            float=("learning_rate", "warmup", "penalty_rate", "clip_norm"),
            options=("optimizer_options", "schedule_options", "initializer_options"),
        )


@dataclass(frozen=True, slots=True)
class Project:
    """Everything the user set: what a `.bpviz` file holds beside the trained state.

    Attributes:
        title: Shown in the window's title until there is a file name; names an example.
    """

    network: Network = field(default_factory=Network)
    data: DataSettings = field(default_factory=DataSettings)
    training: Training = field(default_factory=Training)
    start: Start = field(default_factory=Start)
    title: str = ""
