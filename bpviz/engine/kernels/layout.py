"""From a plan to the list of links that the kernel of small networks runs through.

Everything is numpy here: nothing needs a compiler.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import IntArray
from bpviz.engine.kernels import codes
from bpviz.engine.plan import Plan

LANES: Final = 16
"""Numbers in a tile; vectors are padded to whole tiles."""

GROUP: Final = LANES // 2
"""Links whose gradients are summed over the lanes together; and nodes, whose deltas are."""

SUMMED_ROWS: Final = 6
"""Rows of a large product that are summed in registers at a time; see `registers`."""

TURNED: Final = 8 * SUMMED_ROWS
"""Columns of a product with weights turned that are summed at a time: whole tiles, too."""

BLOCK_ROWS: Final = 21 * SUMMED_ROWS
"""Rows that a block of weights has at most on the way back.

As many as fit into what is multiplied at a time; as measured, 128 take a fiftieth more.
"""

FLAT_ROWS: Final = 2 * LANES
"""And for a batch of few examples, so that the block's gradient stays near.

As measured with AVX-512: for one example, a gradient of 32 KB takes a third of the time of one of 64 KB; with
32 examples and more, products carried over 128 rows take up to a twentieth less than over 64, and those a
tenth less than over 32.
"""

DRAWN: Final = 256
"""Random numbers that are drawn at a time for the order of an epoch."""

COLUMNS: Final = 7
"""Numbers of one measurement at an end of an epoch; see `forms.Exam.rows`."""


def padded(count: int, to: int = LANES) -> int:
    """Return the next multiple."""
    return -(-count // to) * to


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A network as a list of links, node by node; each node's bias first, then its weights.

    Nodes are numbered inputs first, then those that compute, then one that is always 1.  Each layer's links
    are padded to whole tiles by links from that last node to itself.

    Attributes:
        inputs: Nodes of the input layer.
        nodes: Nodes that compute.
        outputs: Nodes of the output layer.
        index: (links,) index of each link into the plan's vector, -1 for padding.
        first: (nodes,) first link into each node that computes.
        source: (links,) number of the node that each link reads.
        target: (links,) number of the node it leads to.
        runs: (runs, 3) neighboring nodes with one activation, counted without the inputs: first, end, code.
        stretches: (layers, 2) where each layer's links begin and end.
    """

    inputs: int
    nodes: int
    outputs: int
    index: IntArray
    first: IntArray
    source: IntArray
    target: IntArray
    runs: IntArray
    stretches: IntArray

    @property
    def tiles(self) -> int:
        """How many nodes there are in all, with room for groups of them to reach over the end."""
        return self.inputs + padded(self.nodes + 1)

    @property
    def groups(self) -> IntArray:
        """The first link of each group in which not all are padding, (groups,).

        Those whose second half is padding come last, each as -1 less its first link: in a network this small
        they are half of all.
        """
        # Padding stands behind the links, so the first one of a half tells of it.
        first, second = (self.index >= 0).reshape(-1, 2, GROUP // 2)[:, :, 0].T
        halves = np.flatnonzero(first & ~second) * GROUP
        return np.concatenate([np.flatnonzero(second) * GROUP, -1 - halves])

    @property
    def ahead(self) -> IntArray:
        """The links out of the hidden nodes, those of the last node first; -1 behind those of each node."""
        result: list[int] = []
        for node in range(self.inputs + self.nodes - self.outputs - 1, self.inputs - 1, -1):
            result += [*np.flatnonzero(self.source == node).tolist(), -1]
        return np.array(result, dtype=np.int64)


def layout_of(plan: Plan) -> Layout:
    """Number the nodes and links of a plan."""
    inputs, nodes = plan.layers[0].size, sum(layer.size for layer in plan.layers[1:])
    one = inputs + nodes
    links: list[tuple[int, int, int]] = []
    first: list[int] = []
    stretches: list[int] = []
    for at in range(1, len(plan.layers)):
        begin = len(links)
        for own in range(plan.layers[at].size):
            node = inputs + plan.node_slices[at].start + own
            first.append(len(links))
            links.append((plan.bias_slices[at].start + own, one, node))
            links += [(weight, source, node) for weight, source in _weights(plan, at, own)]
        # Nobody computes a delta of the last node; it stays 0.
        links += [(-1, one, one)] * (padded(len(links) - begin) - (len(links) - begin))
        stretches += [begin, len(links)]
    index, source, target = np.array(links, dtype=np.int64).T
    return Layout(
        inputs=inputs,
        nodes=nodes,
        outputs=plan.layers[-1].size,
        index=np.ascontiguousarray(index),
        first=np.array(first, dtype=np.int64),
        source=np.ascontiguousarray(source),
        target=np.ascontiguousarray(target),
        runs=_runs(plan),
        stretches=np.array(stretches, dtype=np.int64),
    )


def _weights(plan: Plan, layer: int, own: int) -> Iterator[tuple[int, int]]:
    """The weights into a node: their indices into the plan's vector, and the nodes they read."""
    for k in plan.incoming[layer]:
        link = plan.links[k]
        row = plan.weight_slices[k].start + own * link.present.shape[1]
        before = sum(other.size for other in plan.layers[: link.source])
        for source in np.flatnonzero(link.present[own]).tolist():
            yield row + source, before + source


def runs_of(plan: Plan) -> IntArray:
    """Neighboring nodes of a layer that share an activation, (runs, 4): layer, first node, end, code."""
    runs: list[list[int]] = []
    for at, layer in enumerate(plan.layers):
        for node, name in enumerate(layer.activations):
            code = codes.ACTIVATIONS[name]
            if node and runs[-1][3] == code:
                runs[-1][2] = node + 1
            else:
                runs.append([at, node, node + 1, code])
    return np.array(runs, dtype=np.int64)


def _runs(plan: Plan) -> IntArray:
    """The same with nodes counted over all layers, (runs, 3)."""
    runs = runs_of(plan)
    before = np.array([part.start for part in plan.node_slices], dtype=np.int64)[runs[:, 0]]
    return np.stack([before + runs[:, 1], before + runs[:, 2], runs[:, 3]], axis=1)
