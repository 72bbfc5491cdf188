"""What a snapshot of a run has to show in the picture of its network, by the window's quantities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpviz.drawing.shown import Shown
from bpviz.training.known import Known
from bpviz.training.quantities import QUANTITIES
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot

WANTS = frozenset({"parameters", "node_maps"})
"""What the snapshot of a plain picture of weights must hold."""


def shown_network(
    snapshot: Snapshot,
    links: str = "value",
    nodes: Sequence[str] = (),
    *,
    maps: bool = True,
    shares: bool = False,
    note: str = "",
) -> Shown:
    """Say what a picture of the network shows.

    Args:
        snapshot: With the parameters; with a trace for what is of a step, with maps for maps.
        links: The quantity of links and biases; ``value`` for weights.
        nodes: The quantities that nodes show, each where it has values.
        maps: Nodes show their output over the plane instead, where it is known.
        shares: All these numbers are shares or truths.
        note: What else the legend says.
    """
    compiled, known = snapshot.compiled, Known.of(snapshot)
    numbers = snapshot.parameters
    if links != "value":
        numbers = None if known is None else known.parameters(links)
    if numbers is None:
        numbers = np.full(compiled.plan.size, np.nan)
    planes = snapshot.node_planes if maps else None
    of_nodes = {} if known is None or not nodes or planes is not None else _of_nodes(snapshot, known, nodes)
    word = "weight" if links == "value" else QUANTITIES[links].word
    return Shown(
        values=compiled.values(np.asarray(numbers, dtype=np.float64)),
        nodes=of_nodes,
        maps={} if planes is None else dict(zip(planes.node_ids, planes.values, strict=True)),
        links_word=_begun(word),
        nodes_word=_begun(QUANTITIES[nodes[-1]].word) if of_nodes else "",
        shares=shares,
        note=note,
    )


def shown_run(run: Session) -> Shown:
    """The weights of a run as it stands, with the nodes' maps where its data have a plane."""
    return shown_network(run.snapshot(WANTS))


def _of_nodes(snapshot: Snapshot, known: Known, keys: Sequence[str]) -> dict[str, float]:
    ids = (node for layer in snapshot.compiled.node_ids for node in layer)
    return dict(zip(ids, known.nodes(*keys).tolist(), strict=True))


def _begun(word: str) -> str:
    return f"{word[:1].upper()}{word[1:]}"
