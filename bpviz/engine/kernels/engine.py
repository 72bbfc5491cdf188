"""A network ready to be trained by a kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from bpviz.arrays import Array, IntArray, aligned_zeros, read_only
from bpviz.engine.kernels.choice import Choice
from bpviz.engine.kernels.forms import Book, Exam, Flow, Pace, Vectors
from bpviz.engine.kernels.layout import COLUMNS, DRAWN, LANES, padded
from bpviz.engine.kernels.machine import SMALL_GRADIENT, UNSAFE, decay_of
from bpviz.engine.kernels.shapes import LinkList, Matrices
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, State

_LOOKS: Final = 256
"""Measurements that one call may make."""

MOST_LINKS: Final = 400
"""Up to so many links a list of them is faster than matrices, in both precisions.

As measured in turn with 25 nets of 100 to 4,000 links and batches of 10, 32 and 64, with AVX-512 and
restricted to AVX2: below 300 a list takes half to nine tenths of the time, above 600 a tenth to twice more.
In between it depends on how many nodes the layers have: matrices of 16 columns are ahead from 320 on, others
from 450.
"""

PROGRAMS: Final = ("links float64", "blocks float64", "links float32", "blocks float32")
"""The compiled programs, the one that most runs need first."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """The run's history as a kernel fills it; float64.

    Attributes:
        step_records: Records made.
        step_stride: Records a bin.
        node_records: Likewise of the nodes.
        node_stride: Likewise.
        total: (bins, series): sums of batch loss, cost, gradient norms and update ratios of the layers.
        low: Smallest.
        high: Largest.
        last: Last.
        node_total: (bins, 2 nodes): sums of the means of delta, then of |delta|.
    """

    step_records: int
    step_stride: int
    node_records: int
    node_stride: int
    total: Array
    low: Array
    high: Array
    last: Array
    node_total: Array


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """The examples, the order in which they come, and the place in it.

    Attributes:
        seed: Of the order.
        size: Examples a batch.
        shuffled: Whether each epoch has an order of its own.
        carries_over: Whether a short last batch waits for the next epoch.
        epoch: Epochs done.
        position: Batches of the one under way that are done.
        waited: Examples that the epoch before left over.
        indices: (waited + examples,) the order: those that waited, then the epoch's own.
    """

    seed: int
    size: int
    shuffled: bool
    carries_over: bool
    epoch: int
    position: int
    waited: int
    indices: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """How far a call came.

    Attributes:
        steps: Steps made.
        small_gradient: The last one's gradient had a norm below the one asked for.
        unsafe: The next step has to be made on the reference path.
        loss: Of the last batch, before its update; NaN if no step was made.
        looks: (looks, 7) what was measured at ends of epochs: training loss and cost, test loss, training and
            test accuracy; then epochs done, and steps made by this call.
        state: Where the run stands.
        stream: Likewise.
    """

    steps: int
    small_gradient: bool
    unsafe: bool
    loss: float
    looks: Array
    state: State
    stream: Stream


class Kernel:
    """A network, and the room to train it in.

    Args:
        plan: The network.
        rule: How it learns.
        pace: The learning rate.
        x: (examples, inputs), in the run's precision.
        y: (examples, outputs), likewise.
        program: One of `PROGRAMS` in this precision, where it should not be the fastest.
        choice: Which way matrices are multiplied, where it should not be the one of this process.
    """

    def __init__(
        self,
        plan: Plan,
        rule: Rule,
        pace: Pace,
        x: Array,
        y: Array,
        program: str | None = None,
        choice: Choice | None = None,
    ) -> None:
        self._x, self._y = read_only(np.ascontiguousarray(x)), read_only(np.ascontiguousarray(y))
        self._program = program or program_for(plan, x.dtype.name)
        self._shape: LinkList | Matrices
        if self._program.startswith("links"):
            self._shape = LinkList(plan, rule, x.dtype)
        else:
            self._shape = Matrices(plan, rule, x.dtype, choice)
        self._pace, self._decay = pace, decay_of(rule)
        self._layers = len(plan.layers) - 1
        self._nodes = sum(layer.size for layer in plan.layers[1:])
        self._exam = _no_exam(x.dtype)

    def examine(self, test_x: Array, test_y: Array, middle: float) -> None:
        """Say what else to measure than the training part.

        Args:
            test_x: (examples, inputs) the test part; without examples if there is none.
            test_y: (examples, outputs) its targets.
            middle: An output above it means yes.
        """
        packed, begin = self._shape.lay_out(((self._x, self._y), (test_x, test_y)))
        self._exam = self._exam._replace(
            packed=packed, train=len(self._x), test=len(test_x), begin=begin, middle=middle
        )

    def run(
        self,
        state: State,
        stream: Stream,
        tables: Tables,
        steps: int,
        least_norm: float,
        look_every: int = 0,
    ) -> Result:
        """Make steps.

        Args:
            state: Where the run stands; it is left as it is.
            stream: Likewise.
            tables: The records go in here.
            steps: At most so many, and no more than there is room for in the tables.
            least_norm: Stop after a step whose gradient has a norm below this.
            look_every: Measure all examples each time that so many epochs are done; 0 for never.
        """
        flow, vectors = self._flow(stream), self._shape.put(state)
        exam = self._exam._replace(stride=look_every)
        call = self._call(state, flow, vectors, exam, self._book(tables))
        done, why, loss = call(steps, least_norm)
        looks = exam.rows.reshape(-1, COLUMNS)[: exam.made[0]].copy()
        parameters, slots = self._shape.take(vectors)
        after = State(state.step + done, parameters, slots, state.cleared_at)
        epoch, position, waited = flow.place.tolist()
        indices = flow.indices[: waited + flow.examples]
        place = replace(stream, epoch=epoch, position=position, waited=waited, indices=indices)
        return Result(done, why == SMALL_GRADIENT, why == UNSAFE, loss, looks, after, place)

    def rehearsal(self, state: State, stream: Stream, tables: Tables) -> Callable[[int], object]:
        """Return a call that makes so many steps, each time further ones, only to see how long they take."""
        flow, vectors = self._flow(stream), self._shape.put(state)
        call = self._call(state, flow, vectors, self._exam, self._book(tables))
        return lambda steps: call(steps, 0.0)

    def _call(
        self, state: State, flow: Flow, vectors: Vectors, exam: Exam, book: Book
    ) -> Callable[[int, float], tuple[int, int, float]]:
        """The program with all it is given but how many steps to make, and the norm to stop below."""
        from bpviz.engine.kernels.programs import program

        run = program(self._program)  # first of all: how it computes is settled by then
        self._decay.steps[0] = state.step - state.cleared_at
        self._decay.high[0] = -1.0
        exam.made[0] = 0
        net, method, room = self._shape.prepare(flow)
        return partial(run, net, method, vectors, room, exam, flow, self._pace, book, self._decay)

    def _flow(self, stream: Stream) -> Flow:
        # What waits may be more than a batch, if batches were larger in the epoch before.
        most = max(stream.size, stream.waited)
        indices = np.zeros(len(self._x) + most, dtype=np.int64)
        indices[: len(stream.indices)] = stream.indices
        return Flow(
            x=self._x.ravel(),
            y=self._y.ravel(),
            indices=indices,
            place=np.array([stream.epoch, stream.position, stream.waited], dtype=np.int64),
            examples=self._x.shape[0],
            inputs=self._x.shape[1],
            outputs=self._y.shape[1],
            size=stream.size,
            shuffled=int(stream.shuffled),
            carries_over=int(stream.carries_over),
            seed=stream.seed,
            drawn=np.zeros(DRAWN, dtype=np.int64),
        )

    def _book(self, tables: Tables) -> Book:
        series, nodes = 2 + 2 * self._layers, self._nodes
        double = np.dtype(np.float64)
        return Book(
            counts=np.array(
                [tables.step_records, tables.step_stride, tables.node_records, tables.node_stride, 0, 0],
                dtype=np.int64,
            ),
            row=aligned_zeros(padded(series) + 2 * LANES, double),
            squares=aligned_zeros(4 * padded(self._layers), double),
            nodes=aligned_zeros(2 * padded(nodes), self._x.dtype),
            open_steps=aligned_zeros(3 * padded(series), double),
            open_nodes=aligned_zeros(2 * padded(nodes), double),
            total=tables.total.ravel(),
            low=tables.low.ravel(),
            high=tables.high.ravel(),
            last=tables.last.ravel(),
            node_total=tables.node_total.ravel(),
            series=series,
            series_width=padded(series),
            node_count=nodes,
            node_width=padded(nodes),
            layer_width=padded(self._layers),
        )


def program_for(plan: Plan, precision: str) -> str:
    """Return the name of the program that trains a network fastest: its shape and its precision."""
    links = np.count_nonzero(plan.present[: plan.weight_count])
    return f"{'links' if links <= MOST_LINKS else 'blocks'} {precision}"


def _no_exam(dtype: np.dtype[np.floating]) -> Exam:
    """Nothing to measure."""
    rows, made = np.zeros(_LOOKS * COLUMNS), np.zeros(1, dtype=np.int64)
    return Exam(np.zeros(0, dtype), rows, made, _LOOKS, train=0, test=0, begin=0, stride=0, middle=0.0)
