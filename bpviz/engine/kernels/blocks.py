"""Wide networks: products of matrices, everything between them in one go, K steps a call.

Values stand as (examples, nodes), layer by layer.  A batch that is longer than the desk is taken in pieces,
whose gradients add up.  Removed pairs are 0 in the matrices; their gradients are erased before they count.
"""

from __future__ import annotations

from math import isnan, log1p, nan

from numba import njit

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.calls import apart, number, separate
from bpviz.engine.kernels.certainty import is_certain
from bpviz.engine.kernels.deltas import keep_deltas
from bpviz.engine.kernels.functions import exponential
from bpviz.engine.kernels.looks import is_due, looking
from bpviz.engine.kernels.machine import DONE, SMALL_GRADIENT, UNSAFE
from bpviz.engine.kernels.memory import bare, copy_matrix, load, pointer_to, read, store, write
from bpviz.engine.kernels.nodes import activate, meet
from bpviz.engine.kernels.parameters import clip_scale
from bpviz.engine.kernels.products import multiply_by_blas, multiply_turned
from bpviz.engine.kernels.records import begin_book, end_book, note, note_layer
from bpviz.engine.kernels.settle import COUNT, KEEP, MOVE, RAW, settle_biases, sum_up
from bpviz.engine.kernels.steps import adam_shares, is_within, norms_of_layers, open_step
from bpviz.engine.kernels.stream import bounds, next_batch, rate_now, steps_of
from bpviz.engine.kernels.sums import total
from bpviz.engine.kernels.sweeps import pass_over
from bpviz.engine.kernels.tiles import LANES, compiled, fill_like, inlined

_HOT = 2**14
"""So many numbers get their biases and are activated while they are near the processor."""


@inlined
def _take_rows(flow, net, sheet, first, rows):
    """Copy the examples of a piece of a batch to the desk."""
    inputs, outputs = flow.inputs, flow.outputs
    for row in range(rows):
        source = flow.indices[first + row]
        for k in range(0, inputs, LANES):
            left = inputs - k
            write(sheet.a, net.rooms[0] + row * inputs + k, left, read(flow.x, source * inputs + k, left))
        for k in range(0, outputs, LANES):
            left = outputs - k
            write(sheet.y, row * outputs + k, left, read(flow.y, source * outputs + k, left))


@inlined
def _weighted_inputs(net, values, sheet, layer, z, begin, rows):
    """Z of some examples in one layer but for the biases: a product for each link into it."""
    width, first, end = net.sizes[layer], net.incoming[layer], net.incoming[layer + 1]
    for link in range(first, end):
        source = net.sources[link]
        wide = net.sizes[source]
        a, w = pointer_to(sheet.a, net.rooms[source] + begin * wide), pointer_to(values, net.weights[link])
        keep = int(link > first)
        if net.turned[link]:
            multiply_turned(rows, width, wide, a, w, keep, z, sheet.turned, sheet.sums)
        else:
            multiply_by_blas("a", width, rows, wide, w, wide, a, wide, keep, z, width)


@inlined
def _add_biases(net, values, layer, z, rows):
    """Z of some examples in one layer, which stands alone where no link enters it."""
    width, bias, entered = net.sizes[layer], net.biases[layer], net.incoming[layer] < net.incoming[layer + 1]
    for row in range(rows):
        at = row * width
        for k in range(0, width, LANES):
            left = width - k
            biased = read(values, bias + k, left)
            if entered:
                biased += read(z, at + k, left)
            write(z, at + k, left, biased)


@inlined
def _activate_layer(net, sheet, layer, z, a, slope, rows):
    width = net.sizes[layer]
    for run in range(net.run_starts[layer], net.run_starts[layer + 1]):
        first, end, code = net.runs[4 * run + 1], net.runs[4 * run + 2], net.runs[4 * run + 3]
        if code == codes.SOFTMAX:
            _softmax(z, a, slope, rows, width)
            continue
        count = rows * (end - first)
        if end - first == width:
            activate(code, z, a, slope, number(0), count)
            continue
        # The values of these nodes are put side by side, and back.
        own_a, own_slope = pointer_to(sheet.part, count + LANES), pointer_to(sheet.part, 2 * (count + LANES))
        copy_matrix(z, first, width, sheet.part, number(0), end - first, rows, end - first)
        activate(code, sheet.part, own_a, own_slope, number(0), count)
        copy_matrix(own_a, number(0), end - first, a, first, width, rows, end - first)
        copy_matrix(own_slope, number(0), end - first, slope, first, width, rows, end - first)


@inlined
def _finish_nodes(net, values, sheet, layer, z, a, slope, rows):
    """Biases and activations of some examples in one layer, of a few examples after the other."""
    width = net.sizes[layer]
    few = max(LANES, _HOT // width // LANES * LANES)  # whole tiles: what comes next isn't activated with them
    for row in range(0, rows, few):
        some, at = min(few, rows - row), row * width
        own_z, own_a, own_slope = pointer_to(z, at), pointer_to(a, at), pointer_to(slope, at)
        _add_biases(net, values, layer, own_z, some)
        _activate_layer(net, sheet, layer, own_z, own_a, own_slope, some)


@separate
def _forward(net, values, sheet, rows):
    """Take the examples on the desk forward, in each layer as many at a time as stay near the processor."""
    apart()
    last = net.layers - 1
    for layer in range(1, net.layers):
        for begin in range(0, rows, net.near[layer]):
            few = min(net.near[layer], rows - begin)
            place = net.rooms[layer] + begin * net.sizes[layer]
            a, slope = pointer_to(sheet.a, place), pointer_to(sheet.slope, place)
            z = pointer_to(sheet.z, place - net.rooms[last]) if layer == last else a
            _weighted_inputs(net, values, sheet, layer, z, begin, few)
            _finish_nodes(net, values, sheet, layer, z, a, slope, few)


@separate
def _softmax(z, a, slope, rows, width):
    """Softmax over each row; z becomes its logarithm, which the loss needs."""
    for row in range(rows):
        at = row * width
        top = z[at]
        for k in range(1, width):
            top = max(top, z[at + k])
        for k in range(width):
            z[at + k] -= top
    for at in range(0, rows * width, LANES):
        store(a, at, exponential(load(z, at)))
    for row in range(rows):
        at = row * width
        # The first of the largest is e^0 = 1; for the logarithm the others are summed without it, so that
        # none is lost beside it.  The shares keep their own sum, in order: saved runs go on bit for bit.
        whole, others, met = 0.0, 0.0, False
        for k in range(width):
            whole += a[at + k]
            if z[at + k] == 0 and not met:
                met = True
            else:
                others += a[at + k]
        logarithm = log1p(others)
        for k in range(width):
            a[at + k] /= whole
            z[at + k] -= logarithm
            slope[at + k] = a[at + k] * (1 - a[at + k])


@inlined
def _meet_targets(net, loss, sheet, rows):
    """Start backprop at the outputs and return the sum of the losses."""
    last = net.layers - 1
    room, outputs = net.rooms[last], net.sizes[last]
    share, count = 1.0 / outputs, rows * outputs
    losses = fill_like(sheet.a, 0.0)
    for at in range(0, count, LANES):
        place = room + at
        z, a, slope = load(sheet.z, at), load(sheet.a, place), load(sheet.slope, place)
        part, delta = meet(loss, z, a, load(sheet.y, at), slope, share)
        store(sheet.delta, place, delta)
        if count - at < LANES:
            part = _only(sheet, part, count - at)
        losses += part
    return float(total(losses))


@inlined
def _only(sheet, part, count):
    """The first `count` lanes; the others may hold anything, so they are cut off, not multiplied by 0."""
    store(sheet.part, 0, part)
    return read(sheet.part, 0, count)


@compiled
def _there(net, method, values, sheet, flow, begin, rows):
    """Take a piece of a batch forward and return the sum of its losses."""
    _take_rows(flow, net, sheet, begin, rows)
    _forward(net, values, sheet, rows)
    return _meet_targets(net, method.loss, sheet, rows)


@inlined
def _take_part(net, exam, sheet, first, rows):
    """Copy examples that follow each other to the desk."""
    inputs, outputs = net.sizes[0], net.sizes[net.layers - 1]
    for at in range(0, rows * inputs, LANES):
        left = rows * inputs - at
        write(sheet.a, net.rooms[0] + at, left, read(exam.packed, first * inputs + at, left))
    targets = (exam.train + exam.test) * inputs + first * outputs
    for at in range(0, rows * outputs, LANES):
        left = rows * outputs - at
        write(sheet.y, at, left, read(exam.packed, targets + at, left))


@inlined
def _hits(net, sheet, middle, rows):
    """How many examples' outputs mean the class of their targets; NaN means none."""
    room, outputs = net.rooms[net.layers - 1], net.sizes[net.layers - 1]
    hits = 0
    for row in range(rows):
        at = row * outputs
        best, answered = 0, True
        for k in range(outputs):
            a = sheet.a[room + at + k]
            answered = answered and not isnan(a)
            if a > sheet.a[room + at + best]:
                best = k
        said = outputs > 1 or sheet.a[room + at] > middle
        if answered and (sheet.y[at + best] > middle) == said:
            hits += 1
    return hits


@separate
def _examine(net, loss, values, sheet, exam, first, count):
    """Return mean loss and share of hits over some examples."""
    losses, hits = 0.0, 0
    for begin in range(first, first + count, net.rows):
        rows = min(net.rows, first + count - begin)
        _take_part(net, exam, sheet, begin, rows)
        _forward(net, values, sheet, rows)
        losses += _meet_targets(net, loss, sheet, rows)
        hits += _hits(net, sheet, exam.middle, rows)
    return losses / count, hits / count


_look = looking(_examine)


@inlined
def _step(net, method, vectors, sheet, flow, pace, book, decay, least_norm):
    """Make a step, its weights in one pass back over them if that can be; return outcome and mean loss."""
    first, end = bounds(flow, flow.place[1])
    share, rate = 1.0 / (end - first), rate_now(pace, flow, steps_of(flow))
    mean, root = adam_shares(method, decay)
    scales, kept, losses = (share, 1.0, rate, mean, root), int(not net.again or end - first > net.rows), 0.0
    certain, applied, penalty = False, 0.0, 0.0
    for begin in range(first, end, net.rows):
        rows, what = min(net.rows, end - begin), 0
        losses += _there(net, method, vectors.values, sheet, flow, begin, rows)
        if rows == end - first and net.joined:
            certain = is_certain(net, method, vectors, book, sheet, rows, losses * share, rate, share)
        if begin == first:
            open_step(vectors, book)
        if begin + rows == end:
            what = RAW + COUNT + (MOVE if certain else KEEP if kept else 0)
        fresh, written = int(begin == first), int(kept and not certain)
        entered, pulled = pass_over(
            net, method, vectors, book, sheet, rows, fresh, number(1), written, what, scales
        )
        applied += entered
        penalty += pulled
    keep_deltas(net, vectors, book, share)
    what = RAW + COUNT + (MOVE if certain else KEEP)
    entered, pulled = settle_biases(net, method, vectors, book, what, scales)
    applied += entered
    penalty += pulled
    loss = losses * share
    plain, sizes = norms_of_layers(vectors, book)
    if not is_within(method, loss, penalty, plain, applied, sizes, rate):
        return UNSAFE, loss
    if not certain:
        scales, what = (share, clip_scale(method, applied), rate, mean, root), number(MOVE)
        again = what + (0 if kept else RAW)
        pass_over(net, method, vectors, book, sheet, rows, number(1), number(0), kept, again, scales)
        settle_biases(net, method, vectors, book, what, scales)
    decay.steps[0] += 1
    squares, width = book.squares, book.layer_width
    for layer in range(vectors.layers):
        gradient, moved, before = squares[layer], squares[width + layer], squares[2 * width + layer]
        note_layer(book, vectors.layers, layer, gradient, moved, before)
    note(book, loss, loss + penalty)
    return SMALL_GRADIENT if plain**0.5 < least_norm else DONE, loss


@njit(nogil=True, error_model="numpy")
def run_blocks(net, method, vectors, sheet, exam, flow, pace, book, decay, steps, least_norm):
    """Make steps; as `links.run_links`, for a network as matrices.

    Args:
        net: The network.
        method: How it learns.
        vectors: Parameters and optimizer memory; taken forward in place.
        sheet: Room to compute in.
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
    net, vectors, sheet, exam, flow = bare(net), bare(vectors), bare(sheet), bare(exam), bare(flow)
    book, decay = bare(book), bare(decay)
    begin_book(book)
    sum_up(net, vectors, book)
    done, outcome, loss = 0, DONE, nan
    while done < steps and outcome == DONE and exam.made[0] < exam.room:
        outcome, mean = _step(net, method, vectors, sheet, flow, pace, book, decay, least_norm)
        if outcome != UNSAFE:
            loss = mean
            done += 1
            next_batch(flow, steps_of(flow))
            if is_due(exam, flow):
                _look(net, method, vectors, sheet, exam, flow.place[0], done)
    end_book(book)
    return done, outcome, loss
