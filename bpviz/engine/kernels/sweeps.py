"""The way back in one pass over the weights: deltas, gradient, norms, penalty and optimizer block by block.

Where batches are small beside layers, a step is as slow as its weights travel.  So while a block of a link's
weights is near the processor, the deltas behind it are gathered with the weights as they were, its gradient
is made, and its weights take their step; the gradient is never written as a whole.

Weights that have moved can't be taken back.  So this is only for steps of which it is certain beforehand that
they are safe (`is_certain`), and not for clipping, which asks for the norm of the whole gradient first.
"""

from __future__ import annotations

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.deltas import erase, finish_deltas, keep_deltas
from bpviz.engine.kernels.layout import BLOCK_ROWS
from bpviz.engine.kernels.machine import FASTEST_RATE
from bpviz.engine.kernels.memory import pointer_to, read, write
from bpviz.engine.kernels.parameters import entering, move, penalty_part, sum_of_squares
from bpviz.engine.kernels.products import multiply
from bpviz.engine.kernels.steps import BIASES, adam_shares, add_sizes, finish_step, open_step
from bpviz.engine.kernels.sums import total
from bpviz.engine.kernels.tiles import LANES, absolute, compiled, fill_like, fused, inlined, where

finish = compiled(finish_step.py_func)
"""Once for both ways, which halves the time to compile."""


@inlined
def step_in_one(net, method, vectors, book, sheet, decay, rows, loss, rate, least_norm):
    """Make a step that is certain to be safe, each link's weights in one pass."""
    share, penalty = 1.0 / rows, 0.0
    mean, root = adam_shares(method, decay)
    open_step(vectors, book)
    for layer in range(net.layers - 1, 0, -1):
        if layer < net.layers - 1 and net.outgoing[layer] == net.outgoing[layer + 1]:
            erase(sheet, net.rooms[layer], rows * net.sizes[layer])
        finish_deltas(net, vectors, book, sheet, layer, rows, True)
        for link in range(net.incoming[layer], net.incoming[layer + 1]):
            own, moved, size, pulled = _sweep(
                net, method, vectors, sheet, layer, link, rows, share, rate, mean, root
            )
            book.squares[layer - 1] += own
            book.squares[book.layer_width + layer - 1] += moved
            book.squares[3 * book.layer_width + layer - 1] += size
            penalty += pulled
    keep_deltas(net, vectors, book, share)
    return finish(method, vectors, book, decay, loss, share, rate, least_norm, BIASES, penalty)


@compiled
def sum_up(net, vectors, book):
    """Take the sums of squares of the parameters, in the order in which `step_in_one` leaves them."""
    for layer in range(1, net.layers):
        size = 0.0
        for link in range(net.incoming[layer], net.incoming[layer + 1]):
            size += _size_of_link(net, vectors, layer, link)
        book.squares[3 * book.layer_width + layer - 1] = size
    add_sizes(vectors, book, BIASES)


@compiled
def _size_of_link(net, vectors, layer, link):
    width, wide, weights = net.sizes[layer], net.sizes[net.sources[link]], net.weights[link]
    result = 0.0
    for column in range(0, wide, net.panel):
        columns = min(net.panel, wide - column)
        for row in range(0, width, BLOCK_ROWS):
            size = fill_like(vectors.values, 0.0)
            for at in range(row, min(row + BLOCK_ROWS, width)):
                for k in range(0, columns, LANES):
                    value = read(vectors.values, weights + at * wide + column + k, columns - k)
                    size = fused(value, value, size)
            result += float(total(size))
    return result


@compiled
def is_certain(net, method, vectors, book, sheet, rows, loss, rate, share):
    """Whether nothing that this step computes can leave the finite numbers, by bounds on its norms.

    A norm of a product is at most the product of the norms (Frobenius'), and that of an elementwise one at
    most the largest slope times the norm.  `Book.squares` has room for the squares of the deltas' norms.
    """
    squares, sizes, limit = book.squares, 0.0, method.limit
    gradient, last = 0.0, net.layers - 1
    for layer in range(last, 0, -1):
        first, end = net.rooms[layer], net.rooms[layer] + rows * net.sizes[layer]
        sizes += squares[3 * book.layer_width + layer - 1]
        if layer == last:
            deltas = sum_of_squares(sheet.delta, first, end)
        else:
            deltas = _carried_at_most(net, book, layer) * _largest_slope(sheet, first, end, limit) ** 2
        squares[layer - 1] = deltas
        reaching = float(rows)  # the biases': each example's is 1
        for link in range(net.incoming[layer], net.incoming[layer + 1]):
            room, wide = net.rooms[net.sources[link]], net.sizes[net.sources[link]]
            reaching += sum_of_squares(sheet.a, room, room + rows * wide)
        gradient += share * share * deltas * reaching
    pulled = method.penalty_scale * (sizes + float(vectors.length))
    entered = 2.0 * (gradient + method.penalty_scale * pulled)
    # A comparison with NaN is false, so nothing unknown passes.
    within = abs(loss) < limit and sizes < limit and gradient < limit and pulled < limit and entered < limit
    return within and rate < FASTEST_RATE


@inlined
def _carried_at_most(net, book, layer):
    """Square of the largest norm that deltas carried back to a layer may have."""
    first, end = net.outgoing[layer], net.outgoing[layer + 1]
    result = 0.0
    for place in range(first, end):
        target = net.targets[net.ahead[place]] - 1
        result += book.squares[target] * book.squares[3 * book.layer_width + target]
    return float(end - first) * result


@inlined
def _largest_slope(sheet, first, end, limit):
    """The largest |f'(z)| of a layer, or something over the limit if one of them is no number."""
    most, squares = fill_like(sheet.slope, 0.0), fill_like(sheet.slope, 0.0)
    for at in range(first, end, LANES):
        slope = absolute(read(sheet.slope, at, end - at))
        most = where(slope > most, slope, most)
        squares = fused(slope, slope, squares)
    known = float(total(squares))
    # The largest of 16 lanes is at most their sum; more than that is not worth a function of its own.
    return float(total(most)) if known < limit else limit


@compiled
def _sweep(net, method, vectors, sheet, layer, link, rows, share, rate, mean, root):
    """Carry deltas back over a link, and let its weights take their step.

    Args:
        net: The network.
        method: How it learns.
        vectors: Parameters and optimizer memory; those of the link are taken forward in place.
        sheet: With the deltas of the layer that the link enters; those of the one it leaves are added to.
        layer: The one it enters.
        link: Which one.
        rows: Examples of the batch.
        share: 1 / m, with m examples.
        rate: The learning rate.
        mean: 1 - beta1^t of Adam.
        root: sqrt(1 - beta2^t) of Adam.

    Returns:
        Sums of squares of the gradient of the loss, of the change and of the new weights; and the penalty.
    """
    width, source, panel = net.sizes[layer], net.sources[link], net.panel
    wide, weights = net.sizes[source], net.weights[link]
    deltas, carries = sheet.turned, source > 0
    keep = link != net.ahead[net.outgoing[source + 1] - 1]  # the last link out of a layer is the first here
    _pack(sheet.delta, net.rooms[layer], rows, width, deltas)
    plain, moved, size, penalty = 0.0, 0.0, 0.0, 0.0
    for column in range(0, wide, panel):
        columns, here = min(panel, wide - column), net.rooms[source] + column
        _copy(sheet.a, here, wide, sheet.strip, 0, panel, rows, columns)
        if carries and keep:
            _copy(sheet.delta, here, wide, sheet.carried, 0, panel, rows, columns)
        for row in range(0, width, BLOCK_ROWS):
            few, d = min(BLOCK_ROWS, width - row), pointer_to(deltas, row * rows)
            at = weights + row * wide + column
            if carries:
                w, more = pointer_to(vectors.values, at), int(keep or row > 0)
                multiply(rows, columns, few, d, few, 1, w, wide, more, sheet.carried, panel)
            multiply(few, columns, rows, d, 1, few, sheet.strip, panel, 0, sheet.block, panel)
            own, step, new, pulled = _settle(
                method, vectors, sheet.block, panel, at, wide, few, columns, share, rate, mean, root
            )
            plain += own
            moved += step
            size += new
            penalty += pulled
        if carries:
            _copy(sheet.carried, 0, panel, sheet.delta, here, wide, rows, columns)
    return plain, moved, size, penalty


@inlined
def _pack(delta, room, rows, width, packed):
    """Put the deltas of each block of rows of the weights side by side: for each block, (examples, rows)."""
    for row in range(0, width, BLOCK_ROWS):
        few = min(BLOCK_ROWS, width - row)
        _copy(delta, room + row, width, packed, row * rows, few, rows, few)


@compiled
def _copy(a, at, wide, b, to, width, rows, columns):
    """Copy part of a matrix to part of another; rows are `wide` and `width` apart."""
    for row in range(rows):
        for k in range(0, columns, LANES):
            left = columns - k
            write(b, to + row * width + k, left, read(a, at + row * wide + k, left))


@compiled
def _settle(method, vectors, gradient, panel, at, wide, rows, columns, share, rate, mean, root):
    """Let a block of weights take its step; return what `_sweep` sums up."""
    plain, moved = fill_like(vectors.values, 0.0), fill_like(vectors.values, 0.0)
    size, penalty = fill_like(vectors.values, 0.0), fill_like(vectors.values, 0.0)
    for row in range(rows):
        for k in range(0, columns, LANES):
            left, place = columns - k, at + row * wide + k
            own, g = entering(method, vectors, read(gradient, row * panel + k, left) * share, place, left)
            plain = fused(own, own, plain)
            if method.penalty != codes.NO_PENALTY:
                penalty += penalty_part(method, vectors, place, left)
            step, new = move(method, vectors, g, rate, mean, root, place, left)
            moved = fused(step, step, moved)
            size = fused(new, new, size)
    pulled = method.penalty_scale * float(total(penalty))
    return float(total(plain)), float(total(moved)), float(total(size)), pulled
