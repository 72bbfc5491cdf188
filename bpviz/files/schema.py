"""What stands in ``project.json``, version 5: one struct for each value of `bpviz.model.spec`.

The structs repeat the fields of the project on purpose: what was once written must open for ever, so the
file may not change because a class did.  When a setting is added, it gets a field with a default here, of the
same name; when something changes its meaning, `VERSION` goes up and `bpviz.files.project` learns to lift the
old document to the new one.

Pair sets are written a text a target node, a digit a source node: ``"010"`` holds the pair with the second
source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
import numpy as np

from bpviz.arrays import Array
from bpviz.data.settings import DataSettings, Scaling, Table
from bpviz.errors import ModelError
from bpviz.files.fields import copied
from bpviz.files.gaps import GapsDocument, gaps_document, with_gaps
from bpviz.files.starts import NO_STARTS, BlockDocument, Blocks, SingleStart, single_starts, to_start
from bpviz.model.spec import (
    Layer,
    Link,
    Network,
    Node,
    PairMask,
    Project,
    Role,
    Stop,
    Training,
)

FORMAT: Final = "bpviz project"
VERSION: Final = 6
"""1 had one target and no declared classes; the events of its runs were sentences, see
`bpviz.files.run_schema`.  2 had no nodes beside their columns: read as it is, each stands in its own.
3 had no locks: read as it is, nothing is locked.  4 left out all text of a table, filled nothing in and had
runs that learned from the same examples all the way: read as it is, no column is used otherwise, and there
are no examples of before.  5 told every start value by itself: read as it is, and many stand as an array."""
_OPTIONS: Final = ("optimizer_options", "schedule_options", "initializer_options")
"""Fields of `Training` that are pairs there and an object in the file."""


class Header(msgspec.Struct):
    """The part of the document that every version has; all else is skipped."""

    format: str
    version: int


class NodeDocument(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A `Node`."""

    id: str
    name: str = ""
    y: float = 0.0
    activation: str | None = None
    bias_frozen: bool = False
    feature: str | None = None
    x: float | None = None
    locked: bool = False


class LayerDocument(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A `Layer`."""

    id: str
    name: str
    role: Role
    activation: str
    x: float
    nodes: list[NodeDocument]
    locked: bool = False


class LinkDocument(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True):
    """A `Link`; pair sets that are empty are left out."""

    source: str
    target: str
    removed: list[str] = []
    frozen: list[str] = []


class NetworkDocument(msgspec.Struct, forbid_unknown_fields=True):
    """A `Network`."""

    layers: list[LayerDocument]
    links: list[LinkDocument]


class DataDocument(msgspec.Struct, forbid_unknown_fields=True):
    """`DataSettings`; the rows of the user's own table stand in ``data.csv``, here is its name.

    Attributes:
        target: How version 1 named the one target; empty now.
        uses: By column, what it is taken for; only written where something was chosen.
        fills: By column, how missing values are filled; likewise.
        gaps: By column, the words that count as missing, each with the rows in which it stood, from 0; null
            for all that are missing.  Likewise.
        image: Only written if there is one.
    """

    source: str
    table: str | None = None
    target: str = ""
    targets: list[str] = []
    target_kind: Literal["auto", "class", "number"] = "auto"
    classes: list[str] = []
    drop_missing: bool = False
    samples: int | None = None
    noise: float = 0.0
    train_share: float = 0.5
    scaling: Scaling = "none"
    target_scaling: Scaling = "none"
    uses: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    fills: dict[str, str] | msgspec.UnsetType = msgspec.UNSET
    gaps: GapsDocument | msgspec.UnsetType = msgspec.UNSET
    image: tuple[int, int] | msgspec.UnsetType = msgspec.UNSET


class StopDocument(msgspec.Struct, forbid_unknown_fields=True):
    """A `Stop`."""

    epochs: int | None = None
    target_loss: float | None = None
    target_accuracy: float | None = None
    gradient_norm: float | None = None
    patience: int | None = None


class TrainingDocument(msgspec.Struct, forbid_unknown_fields=True):
    """`Training`."""

    seed: int = 0
    loss: str = "half_squared"
    optimizer: str = "sgd"
    optimizer_options: dict[str, float] = {}
    learning_rate: float = 0.03
    schedule: str = "constant"
    schedule_options: dict[str, float] = {}
    warmup: float = 0.0
    batch_size: int | None = 10
    shuffle: Literal["each epoch", "never"] = "each epoch"
    last_batch: Literal["keep", "carry over"] = "keep"
    penalty: str = "none"
    penalty_rate: float = 0.0
    clip_norm: float | None = None
    initializer: str = "xavier_uniform"
    initializer_options: dict[str, float] = {}
    precision: Literal["float64", "float32"] = "float64"
    stop: StopDocument = msgspec.field(default_factory=StopDocument)


class ProjectDocument(msgspec.Struct, forbid_unknown_fields=True):
    """The whole of ``project.json``.

    Attributes:
        program: What wrote it; for people, nothing depends on it.
        next_id: The number that the next new layer or node gets in its id.
        run_network: What the saved run computes, where the drawing has gone on and can't run yet.
    """

    format: str
    version: int
    program: str
    title: str
    next_id: Annotated[int, msgspec.Meta(lt=2**53)]
    network: NetworkDocument
    data: DataDocument
    training: TrainingDocument
    start: list[SingleStart] = []
    blocks: list[BlockDocument] = []
    run_network: NetworkDocument | None = None


def to_document(
    project: Project, next_id: int, program: str, blocks: Blocks, run_network: Network | None = None
) -> ProjectDocument:
    """Write a project as a document."""
    return ProjectDocument(
        format=FORMAT,
        version=VERSION,
        program=program,
        title=project.title,
        next_id=next_id,
        network=network_document(project.network),
        data=data_document(project.data),
        training=_training_document(project.training),
        start=single_starts(project.start),
        blocks=blocks.documents(project.start),
        run_network=None if run_network is None else network_document(run_network),
    )


def to_project(
    document: ProjectDocument, table: Table | None, starts: Mapping[str, Array] = NO_STARTS
) -> Project:
    """Read a project out of a document.

    Args:
        document: Of the present version.
        table: The user's own table, if the data are.
        starts: Start values that stand as arrays, by name.

    Raises:
        ModelError: If the network is malformed.
    """
    network = to_network(document.network)
    return Project(
        network=network,
        data=to_data(document.data, table),
        training=_to_training(document.training),
        start=to_start(document.start, document.blocks, network, starts),
        title=document.title,
    )


class SettingsDocument(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a run follows of a project beside the network.

    Attributes:
        data: Place of its data in ``earlier.json``; None where they are those of the project.
    """

    title: str
    training: TrainingDocument
    start: list[SingleStart] = []
    blocks: list[BlockDocument] = []
    data: Annotated[int, msgspec.Meta(ge=0)] | None = None


class FollowedDocument(SettingsDocument, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a run follows of a project that was edited on its way."""

    network: NetworkDocument


def followed_document(project: Project, data: int | None, blocks: Blocks) -> FollowedDocument:
    """Write what a run follows of a project, whose data have that place in ``earlier.json``."""
    settings = settings_fields(project, data, blocks)
    return FollowedDocument(network=network_document(project.network), **settings)


def settings_fields(project: Project, data: int | None, blocks: Blocks) -> dict[str, Any]:
    """Write the fields of a `SettingsDocument`."""
    return {
        "title": project.title,
        "data": data,
        "training": _training_document(project.training),
        "start": single_starts(project.start),
        "blocks": blocks.documents(project.start),
    }


def with_settings(
    document: SettingsDocument, network: Network, data: DataSettings, starts: Mapping[str, Array]
) -> Project:
    """Read a project of a network and data that are known."""
    return Project(
        network=network,
        data=data,
        training=_to_training(document.training),
        start=to_start(document.start, document.blocks, network, starts),
        title=document.title,
    )


def to_network(document: NetworkDocument) -> Network:
    """Read a network out of its document.

    Raises:
        ModelError: If it is malformed.
    """
    layers = tuple(_layer(layer) for layer in document.layers)
    return Network(layers, tuple(_link(link, document) for link in document.links))


def data_document(data: DataSettings) -> DataDocument:
    """Write settings of the data; of a table only the name."""
    return copied(
        data,
        DataDocument,
        table=data.table.name if data.table else None,
        target="",
        targets=list(data.targets),
        classes=list(data.classes),
        uses=dict(data.uses) or msgspec.UNSET,
        fills=dict(data.fills) or msgspec.UNSET,
        gaps=gaps_document(data.table) or msgspec.UNSET,
        image=data.image or msgspec.UNSET,
    )


def to_data(document: DataDocument, table: Table | None) -> DataSettings:
    """Read settings of the data, with the table whose rows stand elsewhere."""
    first = (document.target,) if document.target else ()
    return copied(
        document,
        DataSettings,
        table=table if table is None else with_gaps(table, document.gaps or {}),
        targets=tuple(document.targets) or first,
        classes=tuple(document.classes),
        uses=tuple((document.uses or {}).items()),
        fills=tuple((document.fills or {}).items()),
        image=document.image or None,
    )


def network_document(network: Network) -> NetworkDocument:
    """Write a network as a document."""
    layers = [
        copied(layer, LayerDocument, nodes=[copied(node, NodeDocument) for node in layer.nodes])
        for layer in network.layers
    ]
    links = [
        copied(link, LinkDocument, removed=_pair_rows(link.removed), frozen=_pair_rows(link.frozen))
        for link in network.links
    ]
    return NetworkDocument(layers, links)


def _pair_rows(pairs: PairMask) -> list[str]:
    if not pairs.count:
        return []
    return [row.tobytes().decode("ascii") for row in pairs.array.astype(np.uint8) + ord("0")]


def _layer(layer: LayerDocument) -> Layer:
    return copied(layer, Layer, nodes=tuple(copied(node, Node) for node in layer.nodes))


def _link(link: LinkDocument, network: NetworkDocument) -> Link:
    sizes = {layer.id: len(layer.nodes) for layer in network.layers}
    if link.source not in sizes or link.target not in sizes:
        raise ModelError("A link needs a layer at both ends.")
    shape = (sizes[link.target], sizes[link.source])
    return copied(link, Link, removed=_pairs(link.removed, shape), frozen=_pairs(link.frozen, shape))


def _pairs(rows: list[str], shape: tuple[int, int]) -> PairMask:
    targets, sources = shape
    if not rows:
        return PairMask(targets, sources)
    if len(rows) != targets or any(len(row) != sources or set(row) - {"0", "1"} for row in rows):
        raise ModelError("A set of weights does not have the shape of its link.")
    digits = np.frombuffer("".join(rows).encode("ascii"), dtype=np.uint8)
    return PairMask.of((digits == ord("1")).reshape(shape))


def _training_document(training: Training) -> TrainingDocument:
    options = {name: dict(getattr(training, name)) for name in _OPTIONS}
    return copied(training, TrainingDocument, stop=copied(training.stop, StopDocument), **options)


def _to_training(document: TrainingDocument) -> Training:
    options = {name: tuple(sorted(getattr(document, name).items())) for name in _OPTIONS}
    return copied(document, Training, stop=copied(document.stop, Stop), **options)
