"""Small networks: one list of links, examples as lanes, K steps a call.

The nodes are numbered inputs first, then in the order they compute, then one that is always 1: the source of
all biases.  Values of a node stand in tiles, a lane for each of 16 examples, so a link costs a
multiplication of tiles wherever it leads, and a removed one costs nothing.
"""

from __future__ import annotations

from math import nan

from numba import njit

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.functions import exponential, logarithm
from bpviz.engine.kernels.layout import GROUP
from bpviz.engine.kernels.looks import is_due, looking
from bpviz.engine.kernels.machine import DONE, UNSAFE
from bpviz.engine.kernels.memory import bare, load, load_half, spread, store
from bpviz.engine.kernels.nodes import activate, meet
from bpviz.engine.kernels.records import begin_book, end_book
from bpviz.engine.kernels.steps import begin_steps, finish_step
from bpviz.engine.kernels.stream import bounds, next_batch, pack, rate_now, steps_of
from bpviz.engine.kernels.sums import total, totals, totals_of_four
from bpviz.engine.kernels.tiles import (
    LANES,
    absolute,
    compiled,
    fill_like,
    fused,
    in_double,
    inlined,
    where,
)


@inlined
def _forward(net, values, desk):
    for run in range(net.run_count):
        first, end, code = net.runs[3 * run], net.runs[3 * run + 1], net.runs[3 * run + 2]
        for node in range(first, end):
            _weighted_input(net, values, desk, node)
        inputs = net.inputs
        if code == codes.SOFTMAX:
            _softmax(desk, (inputs + first) * LANES, (inputs + end) * LANES)
        else:
            activate(code, desk.z, desk.a, desk.slope, (inputs + first) * LANES, (inputs + end) * LANES)


@inlined
def _weighted_input(net, values, desk, node):
    # Lists end by what stands behind them.  A loop that can be counted is prepared for hundreds of turns, and
    # that takes longer than the two to eight that most have.
    link = net.first[node]
    z = spread(values, link)
    link += 1
    source = net.source[link]
    while source < net.one:
        z = fused(spread(values, link), load(desk.a, source), z)
        link += 1
        source = net.source[link]
    store(desk.z, (net.inputs + node) * LANES, z)


@compiled
def _softmax(desk, first, end):
    """Softmax over the nodes; z becomes its logarithm, which the loss needs."""
    top = load(desk.z, first)
    for at in range(first + LANES, end, LANES):
        z = load(desk.z, at)
        top = where(z < top, top, z)
    # The first of the largest is e^0 = 1; for the logarithm the others are summed without it, so that none is
    # lost beside it.  The shares keep their own sum, in order: saved runs go on bit for bit.
    whole, others, met = fill_like(top, 0.0), fill_like(top, 0.0), fill_like(top, 0.0)
    for at in range(first, end, LANES):
        z = load(desk.z, at)
        e = exponential(z - top)
        store(desk.a, at, e)
        whole += e
        others += where(z < top, e, e * met)
        met = where(z < top, met, 1.0)
    share = 1.0 / whole
    # With what rounding took from the sum, ln(1 + others) is exact however small they are.
    rounded = 1.0 + others
    shift = logarithm(rounded) + (others - (rounded - 1.0)) / rounded
    for at in range(first, end, LANES):
        a = load(desk.a, at) * share
        store(desk.a, at, a)
        store(desk.slope, at, a * (1.0 - a))
        store(desk.z, at, load(desk.z, at) - top - shift)


@inlined
def _meet_targets(net, loss, desk, packed, targets, inside):
    """Start backprop at the outputs and return the losses of the lanes; lanes outside the batch count 0."""
    outputs = net.outputs
    begin = (net.inputs + net.nodes - outputs) * LANES
    share = 1.0 / outputs
    losses = fill_like(inside, 0.0)
    for k in range(outputs):
        at = begin + k * LANES
        y = load(packed, targets + k * LANES)
        part, delta = meet(loss, load(desk.z, at), load(desk.a, at), y, load(desk.slope, at), share)
        losses += part
        store(desk.delta, at, delta * inside)
    return where(inside > 0.0, losses, 0.0)  # a product would make NaN of an infinite loss outside


@inlined
def _backward(net, values, desk):
    at = 0
    for node in range(net.nodes - net.outputs - 1, -1, -1):
        carried = fill_like(values, 0.0)
        target = net.ahead_target[at]
        while target >= 0:
            carried = fused(spread(values, net.ahead[at]), load(desk.delta, target), carried)
            at += 1
            target = net.ahead_target[at]
        at += 1
        place = (net.inputs + node) * LANES
        store(desk.delta, place, carried * load(desk.slope, place))


@inlined
def _part(net, desk, link):
    """One link's gradient, for each lane."""
    return load(desk.delta, net.target[link]) * load(desk.a, net.source[link])


@inlined
def _size_of_delta(desk, place):
    return absolute(load(desk.delta, place))


@inlined
def _collect(net, desk, gradient, fresh):
    """Add the lanes' gradients, and their |delta|, to those of the batch; `fresh` begins a new batch."""
    group = 0
    while group < net.group_count and net.groups[group] >= 0:
        link = net.groups[group]
        group += 1
        sums = totals(
            _part(net, desk, link),
            _part(net, desk, link + 1),
            _part(net, desk, link + 2),
            _part(net, desk, link + 3),
            _part(net, desk, link + 4),
            _part(net, desk, link + 5),
            _part(net, desk, link + 6),
            _part(net, desk, link + 7),
        )
        store(gradient, link, sums if fresh else load_half(gradient, link) + sums)
    while group < net.group_count:
        link = -1 - net.groups[group]
        group += 1
        sums = totals_of_four(
            _part(net, desk, link),
            _part(net, desk, link + 1),
            _part(net, desk, link + 2),
            _part(net, desk, link + 3),
        )
        store(gradient, link, sums if fresh else load_half(gradient, link) + sums)
    for node in range(0, net.nodes, GROUP):
        place = (net.inputs + node) * LANES
        sums = totals(
            _size_of_delta(desk, place),
            _size_of_delta(desk, place + LANES),
            _size_of_delta(desk, place + 2 * LANES),
            _size_of_delta(desk, place + 3 * LANES),
            _size_of_delta(desk, place + 4 * LANES),
            _size_of_delta(desk, place + 5 * LANES),
            _size_of_delta(desk, place + 6 * LANES),
            _size_of_delta(desk, place + 7 * LANES),
        )
        store(desk.magnitude, node, sums if fresh else load_half(desk.magnitude, node) + sums)


@inlined
def _pass(net, method, vectors, desk, examples, packed):
    """Take a batch forward and backward and return the sum of its losses."""
    inputs, tile = net.inputs, (net.inputs + net.outputs) * LANES
    losses = fill_like(vectors.values, 0.0)
    for begin in range(0, examples, LANES):
        for k in range(inputs):
            store(desk.a, k * LANES, load(desk.packed, packed + k * LANES))
        _forward(net, vectors.values, desk)
        inside = load(desk.lanes, min(examples - begin, LANES) * LANES)
        losses += _meet_targets(net, method.loss, desk, desk.packed, packed + inputs * LANES, inside)
        _backward(net, vectors.values, desk)
        _collect(net, desk, vectors.gradient, begin == 0)
        packed += tile
    return float(total(losses))


@inlined
def _keep_deltas(net, vectors, book, magnitude, share):
    """Write the means over the batch of delta, which are the gradients of the biases, and of |delta|."""
    for node in range(net.nodes):
        book.nodes[node] = share * vectors.gradient[net.first[node]]
    for node in range(0, net.nodes, LANES):
        store(book.nodes, book.node_width + node, share * load(magnitude, node))


@inlined
def _hits(net, desk, packed, targets, middle):
    """1 in the lanes whose outputs mean the class of their targets, 0 in the others and in those with NaN."""
    begin = (net.inputs + net.nodes - net.outputs) * LANES
    top, meant = load(desk.a, begin), load(packed, targets)
    one = fill_like(top, 1.0)
    answered = where(top >= top, one, 0.0)
    if net.outputs == 1:
        said, true = where(top > middle, one, 0.0), where(meant > middle, one, 0.0)
        return answered - answered * absolute(said - true)
    for k in range(1, net.outputs):
        a = load(desk.a, begin + k * LANES)
        larger = a > top
        meant = where(larger, load(packed, targets + k * LANES), meant)
        top = where(larger, a, top)
        answered = where(a >= a, answered, 0.0)
    return where(meant > middle, answered, 0.0)


@compiled
def _examine(net, loss, values, desk, exam, first, examples):
    """Return mean loss and share of hits over some examples; the first one begins a tile."""
    place = first * (net.inputs + net.outputs)
    losses = in_double(fill_like(values, 0.0))
    hits = losses
    for begin in range(0, examples, LANES):
        for k in range(net.inputs):
            store(desk.a, k * LANES, load(exam.packed, place + k * LANES))
        _forward(net, values, desk)
        inside = load(desk.lanes, min(examples - begin, LANES) * LANES)
        targets = place + net.inputs * LANES
        losses += in_double(_meet_targets(net, loss, desk, exam.packed, targets, inside))
        hits += in_double(_hits(net, desk, exam.packed, targets, exam.middle) * inside)
        place = targets + net.outputs * LANES
    return float(total(losses)) / examples, float(total(hits)) / examples


_look = looking(_examine)


@njit(nogil=True, error_model="numpy")
def run_links(net, method, vectors, desk, exam, flow, pace, book, decay, steps, least_norm):
    """Make steps.

    Args:
        net: The network.
        method: How it learns.
        vectors: Parameters and optimizer memory; taken forward in place.
        desk: Room to compute in.
        exam: What is measured at ends of epochs; its rows and their count are written.
        flow: The examples and the place in their stream; taken forward in place.
        pace: The learning rate.
        book: Records; taken forward in place.
        decay: Powers of Adam's decay rates, and the optimizer's count of steps; taken forward in place.
        steps: At most so many.
        least_norm: Stop after a step whose gradient has a norm below this.

    Returns:
        Steps made, why no more, and the last one's loss.
    """
    net, vectors, desk, exam, flow = bare(net), bare(vectors), bare(desk), bare(exam), bare(flow)
    book, decay = bare(book), bare(decay)
    begin_book(book)
    begin_steps(vectors, book)
    done, outcome, loss = 0, DONE, nan
    ready, read, epoch, tile = 0, 0, steps_of(flow), (net.inputs + net.outputs) * LANES
    while done < steps and outcome == DONE and exam.made[0] < exam.room:
        if ready == 0:
            read, ready = 0, min(desk.ahead, epoch - flow.place[1])
            pack(flow, ready, desk.packed)
        first, end = bounds(flow, flow.place[1])
        examples = end - first
        share = 1.0 / examples
        mean = share * _pass(net, method, vectors, desk, examples, read)
        _keep_deltas(net, vectors, book, desk.magnitude, share)
        rate = rate_now(pace, flow, epoch)
        outcome = finish_step(method, vectors, book, decay, mean, share, rate, least_norm)
        if outcome != UNSAFE:
            loss = mean
            done += 1
            ready -= 1
            read += (examples + LANES - 1) // LANES * tile
            next_batch(flow, epoch)
            if is_due(exam, flow):
                _look(net, method, vectors, desk, exam, flow.place[0], done)
    end_book(book)
    return done, outcome, loss
