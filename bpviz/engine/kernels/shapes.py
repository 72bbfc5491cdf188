"""The two shapes of a network that kernels compute with: a list of links, and matrices.

A shape holds the room that its kernel works in, lays examples out for it, puts a run's state into its order
and takes it out again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray, aligned_copy, aligned_zeros
from bpviz.engine.kernels.choice import Choice, chosen
from bpviz.engine.kernels.forms import Blocks, Desk, Flow, Links, Method, Sheet, Vectors
from bpviz.engine.kernels.layout import BLOCK_ROWS, FLAT_ROWS, LANES, TURNED, layout_of, padded, runs_of
from bpviz.engine.kernels.machine import method_of
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.plan import LinkPlan, Plan
from bpviz.engine.update import Rule, State

_PACKED: Final = 4096
"""Numbers that a few batches laid out in tiles may have; few, so that they stay near the processor."""

Parts: TypeAlias = tuple[tuple[Array, Array], tuple[Array, Array]]
"""Training part and test part, each (examples, inputs) and (examples, outputs)."""

_AGAIN_ROWS: Final = 32
"""For batches of at most so many examples a gradient is made twice, rather than written and read again.

As measured with AVX-512 from 64 x 64 to 1,024 x 1,024 weights and batches of 1 to 256: for up to 8 examples a
clipped step takes three quarters of the time, with 32 as long.
"""

_JOINED: Final = 2
"""So many times as many weights as values of nodes make it worth while to bound a step before it is made."""

_PANEL: Final = {"float64": 128, "float32": 256}
"""Columns of a block of weights on the way back: some times as many as are summed at a time.

As measured with AVX-512 at 512 x 784 weights and 128 examples, and at 1,024 x 1,024 and 32: 1 KB of each row.
Narrower blocks are up to a half slower where the rows of a matrix stand far apart; wider ones and fetching
ahead gain nothing.
"""

_FEW: Final = 8
"""For batches of at most so many examples a block of weights has `FLAT_ROWS` rows."""

_NEAR: Final = 2**19
"""Bytes of a layer's activations that are multiplied at a time, so that they stay near the processor."""

_VALUES: Final = 2**21
"""Numbers that the nodes of a wide network may have at a time; longer batches are taken in pieces."""


class LinkList:
    """A small network as a list of links."""

    def __init__(self, plan: Plan, rule: Rule, dtype: np.dtype[np.floating]) -> None:
        layout = layout_of(plan)
        self._slots, self._size, self._dtype = rule.slots, plan.size, dtype
        self._kills = PENALTIES[rule.penalty].kills
        self._stretches = layout.stretches
        # Padding reads and writes one place behind the plan's vector.
        self._from = np.where(layout.index < 0, plan.size, layout.index)
        self._trainable: BoolArray = np.append(plan.trainable, False)[self._from]
        self._weights = (layout.index >= 0) & (layout.index < plan.weight_count)
        self._method = method_of(rule, dtype, stays=plan.freezes, gaps=False)
        ahead, groups, one = layout.ahead, layout.groups, layout.inputs + layout.nodes
        self._net = Links(
            layout.first,
            np.append(layout.source, one) * LANES,
            layout.target * LANES,
            one * LANES,
            ahead,
            np.where(ahead < 0, -1, layout.target[ahead] * LANES),
            layout.runs.ravel(),
            len(layout.runs),
            groups,
            len(groups),
            layout.inputs,
            layout.nodes,
            layout.outputs,
        )
        self._room = layout.tiles * LANES
        self._longest = 1
        self._desk = self._desk_for(self._longest)

    def lay_out(self, parts: Parts) -> tuple[Array, int]:
        """Return all examples as `Exam.packed`, and where the test part begins."""
        return aligned_copy(np.concatenate([_packed(x, y) for x, y in parts])), padded(len(parts[0][0]))

    def prepare(self, flow: Flow) -> tuple[Links, Method, Desk]:
        """Return what the kernel is given first, with room for the batches of a stream."""
        longest = flow.size + max(flow.size, int(flow.place[2]))
        if longest != self._longest:
            self._desk, self._longest = self._desk_for(longest), longest
        return self._net, self._method, self._desk

    def put(self, state: State) -> Vectors:
        """Take over a state."""
        count = len(self._from)
        memory = aligned_zeros(max(1, self._slots) * count, self._dtype).reshape(-1, count)
        if self._slots:
            memory[:] = np.append(state.slots, np.zeros((self._slots, 1), self._dtype), axis=1)[:, self._from]
        moving = self._trainable & (memory[-1] == 0) if self._kills else self._trainable
        return Vectors(
            values=aligned_copy(np.append(state.parameters, self._dtype.type(0))[self._from]),
            gradient=aligned_zeros(count, self._dtype),
            memory=memory.ravel(),
            weights=aligned_copy(self._weights.astype(self._dtype)),
            present=np.zeros(0, self._dtype),
            moving=aligned_copy(moving.astype(self._dtype)),
            dead=max(0, self._slots - 1) * count,
            length=count,
            stretches=self._stretches,
            layers=len(self._stretches) // 2,
        )

    def take(self, vectors: Vectors) -> tuple[Array, Array]:
        """Return parameters and slots as a state has them."""
        parameters = np.zeros(self._size + 1, self._dtype)
        parameters[self._from] = vectors.values
        slots = np.zeros((self._slots, self._size + 1), self._dtype)
        if self._slots:
            slots[:, self._from] = vectors.memory.reshape(self._slots, -1)
        return parameters[:-1], slots[:, :-1]

    def _desk_for(self, longest: int) -> Desk:
        """Have room for some batches in tiles, the longest of which takes over all that waited."""
        net, dtype = self._net, self._dtype
        a = aligned_zeros(self._room, dtype)
        a[net.one : net.one + LANES] = 1
        largest = padded(longest) * (net.inputs + net.outputs)
        ahead = max(1, _PACKED // largest)
        return Desk(
            z=aligned_zeros(self._room, dtype),
            a=a,
            slope=aligned_zeros(self._room, dtype),
            delta=aligned_zeros(self._room, dtype),
            packed=aligned_zeros(ahead * largest, dtype),
            magnitude=aligned_zeros(padded(net.nodes) + LANES, dtype),
            lanes=aligned_copy(_lanes(dtype)),
            ahead=ahead,
        )


class Matrices:
    """A wide network as matrices, in the order of the plan's vector.

    Args:
        plan: The network.
        rule: How it learns.
        dtype: Precision of the run.
        choice: Which way products are computed; None for this process's, as of the first step: until then it
            may still be measured.
    """

    def __init__(
        self, plan: Plan, rule: Rule, dtype: np.dtype[np.floating], choice: Choice | None = None
    ) -> None:
        self._plan, self._rule, self._slots, self._dtype = plan, rule, rule.slots, dtype
        self._choice = choice
        self._kills = PENALTIES[rule.penalty].kills
        gaps = not plan.present.all()
        self._method = method_of(rule, dtype, stays=gaps or plan.freezes, gaps=gaps)
        none = np.zeros(0, dtype)
        self._weights = none
        if self._method.penalty:
            self._weights = (np.arange(plan.size) < plan.weight_count).astype(dtype)
        self._present = plan.present.astype(dtype) if gaps else none
        self._gradient = aligned_zeros(plan.size, dtype)
        self._stretches = _stretches(plan)
        self._sizes = np.array([layer.size for layer in plan.layers], dtype=np.int64)
        self._rows = 0  # that there is room for

    def lay_out(self, parts: Parts) -> tuple[Array, int]:
        """As `LinkList.lay_out`."""
        packed = [part.ravel() for both in zip(*parts, strict=True) for part in both]
        return np.concatenate(packed), len(parts[0][0])

    def prepare(self, flow: Flow) -> tuple[Blocks, Method, Sheet]:
        """As `LinkList.prepare`."""
        # By the settings alone, not by what waits now: other pieces of a batch would round otherwise.
        usual = 2 * flow.size if flow.carries_over else flow.size
        rows = min(usual, max(LANES, _VALUES // int(self._sizes.sum())))
        if rows != self._rows:
            self._make_room(rows)
        return self._net, self._method, self._sheet

    def _make_room(self, rows: int) -> None:
        """Prepare for so many examples at a time."""
        choice = self._choice = self._choice or chosen(self._dtype.name)
        self._net = _blocks(self._plan, self._rule, choice, self._sizes, rows, self._dtype)
        self._sheet = _sheet(self._sizes, rows, self._net.panel, self._dtype)
        self._rows = rows

    def put(self, state: State) -> Vectors:
        """Take over a state, as copies."""
        memory = aligned_copy(state.slots) if self._slots else np.zeros(1, self._dtype)
        moving = np.zeros(0, self._dtype)
        if self._method.stays:
            moves = self._plan.trainable & (state.slots[-1] == 0) if self._kills else self._plan.trainable
            moving = moves.astype(self._dtype)
        return Vectors(
            values=aligned_copy(state.parameters),
            gradient=self._gradient,
            memory=memory,
            weights=self._weights,
            present=self._present,
            moving=moving,
            dead=max(0, self._slots - 1) * self._plan.size,
            length=self._plan.size,
            stretches=self._stretches,
            layers=len(self._plan.layers) - 1,
        )

    def take(self, vectors: Vectors) -> tuple[Array, Array]:
        """Return parameters and slots as a state has them; nobody else writes to them any more."""
        return vectors.values, vectors.memory[: self._slots * self._plan.size].reshape(
            self._slots, self._plan.size
        )


def _packed(x: Array, y: Array) -> Array:
    """Lay examples out in tiles, as `Desk.packed`; lanes without an example repeat the last one."""
    rows = np.minimum(np.arange(padded(len(x))), max(len(x) - 1, 0))
    both = np.concatenate([x, y], axis=1)[rows]
    return np.ascontiguousarray(both.reshape(-1, LANES, both.shape[1]).transpose(0, 2, 1)).ravel()


def _lanes(dtype: np.dtype[np.floating]) -> Array:
    """17 tiles; the n-th has 1 in its first n lanes."""
    return np.tri(LANES + 1, LANES, -1, dtype=dtype).ravel()


def _stretches(plan: Plan) -> IntArray:
    """Where each layer's weights begin and end; links are ordered by target, so they are one stretch."""
    result: list[int] = []
    for at in range(1, len(plan.layers)):
        own = [plan.weight_slices[k] for k in plan.incoming[at]]
        result += [own[0].start, own[-1].stop] if own else [0, 0]
    return np.array(result, dtype=np.int64)


def _joins(plan: Plan, rows: int) -> bool:
    """Whether a pass over the weights costs more than to make sure beforehand that their step is safe."""
    return plan.weight_count >= _JOINED * rows * sum(layer.size for layer in plan.layers)


class _Way(NamedTuple):
    """How the products of a link are computed, as `forms.Blocks` has it of each."""

    own: bool
    turned: bool
    once: bool


def _way(plan: Plan, link: LinkPlan, choice: Choice, rows: int) -> _Way:
    """Choose for batches of so many examples.

    A link that enters or leaves few nodes goes by BLAS: blocks of its weights would be mostly empty.  As
    measured with AVX-512 from 2 x 64 to 1,024 x 1 weights, BLAS takes a half to nine tenths of the time
    there, and as long for a few examples.
    """
    pairs = link.present.size
    if min(link.present.shape) < LANES:
        return _Way(own=False, turned=False, once=False)
    own, once = choice.own(pairs, rows), choice.once(plan.weight_count, rows)
    return _Way(own, choice.turned(pairs, rows) if once else own, once)


def _near(plan: Plan, ways: Sequence[_Way], rows: int, dtype: np.dtype[np.floating]) -> IntArray:
    """How many examples each layer takes at a time, (layers,): all of them where BLAS multiplies.

    BLAS may round otherwise with fewer.
    """
    result = np.full(len(plan.layers), rows, dtype=np.int64)
    for layer, links in enumerate(plan.incoming):
        if links and all(ways[k].turned for k in links):
            few = _NEAR // dtype.itemsize // max(plan.links[k].present.shape[1] for k in links)
            result[layer] = max(2 * LANES, few // (2 * LANES) * (2 * LANES))
    return result


def _blocks(
    plan: Plan, rule: Rule, choice: Choice, sizes: IntArray, rows: int, dtype: np.dtype[np.floating]
) -> Blocks:
    runs = runs_of(plan)
    layers = len(plan.layers)
    links, once = plan.links, choice.once(plan.weight_count, rows)
    ahead = [k for at in range(layers) for k in plan.outgoing[at]]
    ways = [_way(plan, link, choice, rows) for link in links]
    own, turned, swept = np.array(ways, dtype=np.int64).reshape(-1, 3).T.copy()
    return Blocks(
        sizes=sizes,
        rooms=_starts(sizes * rows + LANES)[:-1],
        biases=np.array([part.start for part in plan.bias_slices], dtype=np.int64),
        incoming=_starts([len(plan.incoming[at]) for at in range(layers)]),
        sources=np.array([link.source for link in links], dtype=np.int64),
        weights=np.array([part.start for part in plan.weight_slices], dtype=np.int64),
        outgoing=_starts([len(plan.outgoing[at]) for at in range(layers)]),
        ahead=np.array(ahead, dtype=np.int64),
        targets=np.array([link.target for link in links], dtype=np.int64),
        runs=runs.ravel(),
        run_starts=np.searchsorted(runs[:, 0], np.arange(layers + 1)).astype(np.int64),
        layers=layers,
        rows=rows,
        near=_near(plan, ways, rows, dtype),
        own=own,
        turned=turned,
        once=swept,
        joined=int(rule.clip_norm is None and (once or _joins(plan, rows))),
        again=int(once and rows <= _AGAIN_ROWS),
        panel=_PANEL[dtype.name],
        height=BLOCK_ROWS if rows > _FEW else FLAT_ROWS,
    )


def _sheet(sizes: IntArray, rows: int, panel: int, dtype: np.dtype[np.floating]) -> Sheet:
    room = int((sizes * rows + LANES).sum())
    part = 3 * (int(sizes.max()) * rows + LANES)
    return Sheet(
        z=aligned_zeros(int(sizes[-1]) * rows + LANES, dtype),
        a=aligned_zeros(room, dtype),
        slope=aligned_zeros(room, dtype),
        delta=aligned_zeros(room, dtype),
        y=aligned_zeros(int(sizes[-1]) * rows + LANES, dtype),
        part=aligned_zeros(part, dtype),
        turned=aligned_zeros(int(sizes.max()) * rows + LANES, dtype),
        sums=aligned_zeros(TURNED * rows, dtype),
        strip=aligned_zeros(panel * rows, dtype),
        carried=aligned_zeros(panel * rows, dtype),
        block=aligned_zeros(panel * BLOCK_ROWS, dtype),
        near=aligned_zeros(panel * BLOCK_ROWS, dtype),
    )


def _starts(counts: IntArray | list[int]) -> IntArray:
    """Where each of some parts begins when one follows the other, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
