"""Which examples a step learns from, and at which rate: the kernels' side of order, batches and schedules.

The same integers as in `bpviz.engine.order`, and the same formulas as in `bpviz.engine.schedules`.
"""

from __future__ import annotations

from math import cos, floor, pi

import numpy as np

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.layout import DRAWN
from bpviz.engine.kernels.memory import gather, load_rows, store
from bpviz.engine.kernels.tiles import LANES, compiled, inlined
from bpviz.engine.order import GOLDEN_GAMMA, MIX_1, MIX_2
from bpviz.engine.schedules import NEARLY

_GAMMA, _MIX_1, _MIX_2 = np.uint64(GOLDEN_GAMMA), np.uint64(MIX_1), np.uint64(MIX_2)
_30, _27, _31, _32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)


@inlined
def _mix(value):
    value = value + _GAMMA
    value = (value ^ (value >> _30)) * _MIX_1
    value = (value ^ (value >> _27)) * _MIX_2
    return value ^ (value >> _31)


@compiled
def _shuffle(seed, epoch, order, first, count, drawn):
    """Write the order of an epoch behind the examples that waited.

    Numbers are drawn some at a time, for what draws one waits for nothing, and what exchanges two does.
    """
    key = _mix(_mix(np.uint64(seed)) + np.uint64(epoch))
    for at in range(count):
        order[first + at] = at
    for end in range(count, 1, -DRAWN):
        begin = max(1, end - DRAWN)
        for at in range(begin, end):
            place = np.uint64(at)
            choice = ((_mix(key + place * _GAMMA) >> _32) * (place + np.uint64(1))) >> _32
            drawn[at - begin] = np.int64(choice)
        for at in range(end - 1, begin - 1, -1):
            partner = first + drawn[at - begin]
            order[first + at], order[partner] = order[partner], order[first + at]


@inlined
def steps_of(flow):
    """How many batches an epoch has; a division is too much for every step of a small network."""
    return flow.examples // flow.size if flow.carries_over else (flow.examples + flow.size - 1) // flow.size


@inlined
def bounds(flow, batch):
    """Where a batch of this epoch begins and ends in `Flow.indices`."""
    held = flow.place[2]
    first = held + batch * flow.size if batch else 0
    return first, min(held + (batch + 1) * flow.size, held + flow.examples)


@inlined
def next_batch(flow, steps):
    """Go on to the next batch, and into the next epoch after the last one of so many."""
    flow.place[1] += 1
    if flow.place[1] == steps:
        _next_epoch(flow)


@compiled
def _next_epoch(flow):
    _, used = bounds(flow, steps_of(flow) - 1)
    left = flow.place[2] + flow.examples - used
    for at in range(left):
        flow.indices[at] = flow.indices[used + at]
    flow.place[0] += 1
    flow.place[1] = 0
    flow.place[2] = left
    if flow.shuffled:
        _shuffle(flow.seed, flow.place[0], flow.indices, left, flow.examples, flow.drawn)
    else:
        for at in range(flow.examples):
            flow.indices[left + at] = at


@inlined
def rate_now(pace, flow, steps):
    """The learning rate of the coming step, with so many steps an epoch."""
    step = flow.place[0] * steps + flow.place[1]
    rate = pace.base * _factor(pace, step / steps) if pace.schedule != codes.CONSTANT else pace.base
    climbing = pace.warmup * steps
    return rate * min(1.0, (step + 1) / climbing) if climbing > 0 else rate


@compiled
def _factor(pace, epochs):
    if pace.schedule == codes.STEPWISE:
        return pace.second ** float(floor(epochs / pace.first * NEARLY))
    if pace.schedule == codes.EXPONENTIAL:
        return pace.first**epochs
    if pace.schedule == codes.COSINE:
        done = min(1.0, epochs / pace.first)
        return pace.second + (1.0 - pace.second) * (1.0 + cos(pi * done)) / 2.0
    return 1.0 / (1.0 + pace.first * epochs)


@compiled
def pack(flow, batches, packed):
    """Lay the coming batches out in tiles: for each 16 examples all inputs, then all outputs, a tile each.

    Lanes without an example repeat the last one of the batch.
    """
    at = 0
    for batch in range(flow.place[1], flow.place[1] + batches):
        first, end = bounds(flow, batch)
        for begin in range(first, end, LANES):
            rows = load_rows(flow.indices, begin, end - 1)
            for k in range(flow.inputs):
                store(packed, at, gather(flow.x, rows, flow.inputs, k))
                at += LANES
            for k in range(flow.outputs):
                store(packed, at, gather(flow.y, rows, flow.outputs, k))
                at += LANES
