"""Wide networks: matrices multiplied by BLAS, everything between the products in one go, K steps a call.

Values stand as (examples, nodes), layer by layer.  A batch that is longer than the desk is taken in pieces,
whose gradients add up.  Removed pairs are 0 in the matrices; their gradients are erased before they count.
"""

from __future__ import annotations

from math import log, nan

import scipy.linalg.cython_blas  # noqa: F401  what numba's helper multiplies with; loaded here, not in a step
from llvmlite import ir
from numba import njit
from numba.core import cgutils, types
from numba.extending import intrinsic

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.functions import exponential
from bpviz.engine.kernels.machine import DONE, UNSAFE
from bpviz.engine.kernels.memory import bare, load, read, store, write
from bpviz.engine.kernels.nodes import activate, meet
from bpviz.engine.kernels.records import begin_book, end_book
from bpviz.engine.kernels.steps import begin_steps, finish_step
from bpviz.engine.kernels.stream import bounds, next_batch, rate_now
from bpviz.engine.kernels.sums import total
from bpviz.engine.kernels.tiles import LANES, absolute, compiled, fill_like, inlined


@intrinsic(prefer_literal=True)
def _multiply(typingctx, turned, m, n, k, a, lda, b, ldb, keep, c, ldc):
    """``c = a b``, or ``c += a b`` where `keep` is 1, by BLAS: columns follow each other in memory.

    Args:
        turned: Literal: which of the two is transposed, ``a``, ``b`` or neither.
        m: Rows of c.
        n: Columns of c.
        k: Columns of a.
        a: Where the first matrix stands.
        lda: Its rows in memory.
        b: Likewise.
        ldb: Likewise.
        keep: 1 to add to c.
        c: Likewise.
        ldc: Likewise.
    """
    which = turned.literal_value
    size = types.intp
    sig = types.void(turned, size, size, size, a, size, b, size, size, c, size)

    def codegen(context, builder, sig, args):
        _, m, n, k, a, lda, b, ldb, keep, c, ldc = args
        number = context.get_value_type(sig.args[4].dtype)
        letter = "d" if sig.args[4].dtype == types.float64 else "s"
        char, word, void = ir.IntType(8), context.get_value_type(size), cgutils.voidptr_t
        kind = ir.FunctionType(
            ir.IntType(32), [char] * 3 + [word] * 3 + [void, void, word, void, word, void, void, word]
        )
        function = cgutils.get_or_insert_function(builder.module, kind, "numba_xxgemm")
        one = cgutils.alloca_once_value(builder, ir.Constant(number, 1.0))
        beta = cgutils.alloca_once_value(builder, builder.sitofp(keep, number))

        def flag(name):
            return ir.Constant(char, ord("t" if which == name else "n"))

        def raw(pointer):
            return builder.bitcast(pointer, void)

        builder.call(
            function,
            [
                *(ir.Constant(char, ord(letter)), flag("a"), flag("b"), m, n, k),
                *(raw(one), raw(a), lda, raw(b), ldb, raw(beta), raw(c), ldc),
            ],
        )
        return context.get_dummy_value()

    return sig, codegen


@intrinsic
def _at(typingctx, pointer, place):
    """Pointer to an element."""
    return pointer(pointer, types.intp), lambda context, builder, sig, args: builder.gep(args[0], [args[1]])


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
def _weighted_inputs(net, values, sheet, layer, rows):
    """Z of one layer: a product for each link into it, then the biases."""
    width, room = net.sizes[layer], net.rooms[layer]
    first, end = net.incoming[layer], net.incoming[layer + 1]
    for link in range(first, end):
        source = net.sources[link]
        wide = net.sizes[source]
        a, w = _at(sheet.a, net.rooms[source]), _at(values, net.weights[link])
        _multiply("a", width, rows, wide, w, wide, a, wide, int(link > first), _at(sheet.z, room), width)
    bias = net.biases[layer]
    for row in range(rows):
        at = room + row * width
        for k in range(0, width, LANES):
            left = width - k
            z = read(values, bias + k, left)
            if first < end:
                z += read(sheet.z, at + k, left)
            write(sheet.z, at + k, left, z)


@inlined
def _activate_layer(net, sheet, layer, rows):
    width, room = net.sizes[layer], net.rooms[layer]
    for run in range(net.run_starts[layer], net.run_starts[layer + 1]):
        first, end, code = net.runs[4 * run + 1], net.runs[4 * run + 2], net.runs[4 * run + 3]
        if code == codes.SOFTMAX:
            _softmax(sheet, room, rows, width)
        elif end - first == width:
            activate(code, sheet.z, sheet.a, sheet.slope, room, room + rows * width)
        else:
            _activate_part(sheet, code, room, rows, width, first, end)


@compiled
def _activate_part(sheet, code, room, rows, width, first, end):
    """Activate some nodes of a layer: put their values side by side, and back."""
    count = (end - first) * rows
    at = 0
    for row in range(rows):
        for node in range(first, end):
            sheet.part[at] = sheet.z[room + row * width + node]
            at += 1
    activations, slopes = count + LANES, 2 * (count + LANES)
    activate(code, sheet.part, _at(sheet.part, activations), _at(sheet.part, slopes), 0, count)
    at = 0
    for row in range(rows):
        for node in range(first, end):
            sheet.a[room + row * width + node] = sheet.part[activations + at]
            sheet.slope[room + row * width + node] = sheet.part[slopes + at]
            at += 1


@compiled
def _softmax(sheet, room, rows, width):
    """Softmax over each row; z becomes its logarithm, which the loss needs."""
    z, a = sheet.z, sheet.a
    for row in range(rows):
        at = room + row * width
        top = z[at]
        for k in range(1, width):
            top = max(top, z[at + k])
        for k in range(width):
            z[at + k] -= top
    for at in range(room, room + rows * width, LANES):
        store(a, at, exponential(load(z, at)))
    for row in range(rows):
        at = room + row * width
        whole = a[at]
        for k in range(1, width):
            whole += a[at + k]
        shift = log(whole)
        for k in range(width):
            a[at + k] /= whole
            z[at + k] -= shift
            sheet.slope[at + k] = a[at + k] * (1 - a[at + k])


@inlined
def _meet_targets(net, loss, sheet, rows):
    """Start backprop at the outputs and return the sum of the losses."""
    last = net.layers - 1
    room, outputs = net.rooms[last], net.sizes[last]
    share, count = 1.0 / outputs, rows * outputs
    losses = fill_like(sheet.a, 0.0)
    for at in range(0, count, LANES):
        place = room + at
        z, a, slope = load(sheet.z, place), load(sheet.a, place), load(sheet.slope, place)
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


@inlined
def _carry_back(net, values, sheet, layer, rows):
    """Deltas of a hidden layer but for the slope: a product for each link out of it."""
    width, room = net.sizes[layer], net.rooms[layer]
    first, end = net.outgoing[layer], net.outgoing[layer + 1]
    for place in range(first, end):
        link = net.ahead[place]
        target = net.targets[link]
        wide = net.sizes[target]
        d, w = _at(sheet.delta, net.rooms[target]), _at(values, net.weights[link])
        _multiply("", width, rows, wide, w, width, d, wide, int(place > first), _at(sheet.delta, room), width)
    if first == end:
        for at in range(room, room + rows * width):
            sheet.delta[at] = 0


@inlined
def _finish_deltas(net, vectors, book, sheet, layer, rows, fresh):
    """Multiply by the slope where that is still to be done, and sum delta and |delta| over the examples."""
    width, room = net.sizes[layer], net.rooms[layer]
    node = net.biases[layer] - net.biases[1]
    hidden = layer < net.layers - 1
    for k in range(0, width, LANES):
        left = width - k
        sums, sizes = fill_like(sheet.a, 0.0), fill_like(sheet.a, 0.0)
        for row in range(rows):
            at = room + row * width + k
            delta = read(sheet.delta, at, left)
            if hidden:
                delta *= read(sheet.slope, at, left)
                write(sheet.delta, at, left, delta)
            sums += delta
            sizes += absolute(delta)
        bias, size = net.biases[layer] + k, book.node_width + node + k
        if not fresh:
            sums += read(vectors.gradient, bias, left)
            sizes += read(book.nodes, size, left)
        write(vectors.gradient, bias, left, sums)
        write(book.nodes, size, left, sizes)


@inlined
def _collect(net, vectors, sheet, layer, rows, fresh):
    """Gradients of the weights into a layer, summed over the examples."""
    width = net.sizes[layer]
    d = _at(sheet.delta, net.rooms[layer])
    for link in range(net.incoming[layer], net.incoming[layer + 1]):
        source = net.sources[link]
        wide = net.sizes[source]
        g, a = _at(vectors.gradient, net.weights[link]), _at(sheet.a, net.rooms[source])
        _multiply("b", wide, width, rows, a, wide, d, width, int(not fresh), g, wide)


@inlined
def _pass(net, method, vectors, book, sheet, flow, first, end):
    """Take a batch forward and backward and return the sum of its losses."""
    losses = 0.0
    for begin in range(first, end, net.rows):
        rows = min(net.rows, end - begin)
        _take_rows(flow, net, sheet, begin, rows)
        for layer in range(1, net.layers):
            _weighted_inputs(net, vectors.values, sheet, layer, rows)
            _activate_layer(net, sheet, layer, rows)
        losses += _meet_targets(net, method.loss, sheet, rows)
        for layer in range(net.layers - 1, 0, -1):
            if layer < net.layers - 1:
                _carry_back(net, vectors.values, sheet, layer, rows)
            _finish_deltas(net, vectors, book, sheet, layer, rows, begin == first)
            _collect(net, vectors, sheet, layer, rows, begin == first)
    return losses


@inlined
def _keep_deltas(net, vectors, book, share):
    """Write the means over the batch of delta, which are the gradients of the biases, and of |delta|."""
    for node in range(0, book.node_count, LANES):
        left = book.node_count - node
        write(book.nodes, node, left, share * read(vectors.gradient, net.biases[1] + node, left))
        place = book.node_width + node
        store(book.nodes, place, share * load(book.nodes, place))


@njit(nogil=True, error_model="numpy")
def run_blocks(net, method, vectors, sheet, flow, pace, book, decay, steps, least_norm):
    """Make steps; as `links.run_links`, for a network as matrices.

    Args:
        net: The network.
        method: How it learns.
        vectors: Parameters and optimizer memory; taken forward in place.
        sheet: Room to compute in.
        flow: The examples and the place in their stream; taken forward in place.
        pace: The learning rate.
        book: Records; taken forward in place.
        decay: Powers of Adam's decay rates, and the optimizer's count of steps; taken forward in place.
        steps: At most so many.
        least_norm: Stop after a step whose gradient has a norm below this.

    Returns:
        Steps made, why no more, and the last one's loss.
    """
    net, vectors, sheet, flow = bare(net), bare(vectors), bare(sheet), bare(flow)
    book, decay = bare(book), bare(decay)
    begin_book(book)
    begin_steps(vectors, book)
    done, outcome, loss = 0, DONE, nan
    while done < steps and outcome == DONE:
        first, end = bounds(flow, flow.place[1])
        share = 1.0 / (end - first)
        mean = share * _pass(net, method, vectors, book, sheet, flow, first, end)
        _keep_deltas(net, vectors, book, share)
        rate = rate_now(pace, flow)
        outcome = finish_step(method, vectors, book, decay, mean, share, rate, least_norm)
        if outcome != UNSAFE:
            loss = mean
            done += 1
            next_batch(flow)
    end_book(book)
    return done, outcome, loss
