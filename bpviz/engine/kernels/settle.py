"""Blocks of parameters take their step: norms, penalty, optimizer and ratio in one pass over them.

What of it is done at a time is for the caller to say: all in one go, or the norms first and the step later,
where it asks for the norm of the whole gradient.  It is one function for all parameters of a wide network,
because the lines of all optimizers together are as long as those of the products.
"""

from __future__ import annotations

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.calls import apart, number, separate
from bpviz.engine.kernels.memory import pointer_to, read, write
from bpviz.engine.kernels.parameters import entering, is_plain, move, penalty_part
from bpviz.engine.kernels.sums import total
from bpviz.engine.kernels.tiles import LANES, fill_like, fused, inlined

RAW, COUNT, KEEP, MOVE = 1, 2, 4, 8
"""What to do, as a sum: turn the gradient, summed over the examples, into what enters the optimizer; add to
norms and penalty; write that gradient; let the parameters move."""


@separate
def settle(method, vectors, squares, gap, gradient, stride, at, wide, rows, columns, what, scales):
    """See to a block of parameters.

    Args:
        method: How the network learns.
        vectors: Parameters, gradient and optimizer memory.
        squares: Where the layer's entries of `Book.squares` begin.
        gap: How far apart they are.
        gradient: Where the block's gradient stands.
        stride: How far apart its rows are.
        at: Where the block begins in the vectors.
        wide: How far apart its rows are there.
        rows: Of the block.
        columns: Of the block.
        what: A sum of `RAW`, `COUNT`, `KEEP` and `MOVE`.
        scales: 1 / m, with m examples; what clipping multiplies by; the learning rate; 1 - beta1^t and
            sqrt(1 - beta2^t) of Adam.

    Returns:
        Sum of squares of what enters the optimizer, but for clipping; and what the block adds to the cost.
    """
    apart()
    share, scale, rate, mean, root = scales
    plain, applied = fill_like(vectors.values, 0.0), fill_like(vectors.values, 0.0)
    moved, size = fill_like(vectors.values, 0.0), fill_like(vectors.values, 0.0)
    penalty = fill_like(vectors.values, 0.0)
    if what & MOVE and method.optimizer == codes.SGD and is_plain(method):
        plain, moved, size = _descend(vectors, gradient, stride, at, wide, rows, columns, what, scales)
        applied, rows = plain, 0
    for row in range(rows):
        for k in range(0, columns, LANES):
            left, place = columns - k, at + row * wide + k
            g = read(gradient, row * stride + k, left)
            if what & RAW:
                own, g = entering(method, vectors, g * share, place, left)
                plain = fused(own, own, plain)
                applied = fused(g, g, applied)
                if what & KEEP:
                    write(vectors.gradient, place, left, g)
                if method.penalty != codes.NO_PENALTY:
                    penalty += penalty_part(method, vectors, place, left)
            if what & MOVE:
                step, new = move(method, vectors, g * scale, rate, mean, root, place, left)
                moved = fused(step, step, moved)
                size = fused(new, new, size)
    if what & COUNT:
        squares[0] += float(total(plain))
    if what & MOVE:
        squares[gap] += float(total(moved))
        squares[3 * gap] += float(total(size))
    return float(total(applied)), method.penalty_scale * float(total(penalty))


@inlined
def _descend(vectors, gradient, stride, at, wide, rows, columns, what, scales):
    """Plain descent, all parameters of which move: the usual case, where choices cost as much as the rest."""
    share, scale, rate, _, _ = scales
    factor = share if what & RAW else 1.0
    plain, moved = fill_like(vectors.values, 0.0), fill_like(vectors.values, 0.0)
    size = fill_like(vectors.values, 0.0)
    for row in range(rows):
        for k in range(0, columns, LANES):
            left, place = columns - k, at + row * wide + k
            g = read(gradient, row * stride + k, left) * factor
            old = read(vectors.values, place, left)
            new = old - rate * (g * scale)
            write(vectors.values, place, left, new)
            plain, moved, size = fused(g, g, plain), fused(new - old, new - old, moved), fused(new, new, size)
    return plain, moved, size


@inlined
def settle_biases(net, method, vectors, book, what, scales):
    """As `settle`, for the biases of all layers."""
    applied, penalty = 0.0, 0.0
    for layer in range(1, net.layers):
        squares, bias = pointer_to(book.squares, layer - 1), net.biases[layer]
        gradient, width = pointer_to(vectors.gradient, bias), net.sizes[layer]
        entered, pulled = settle(
            method,
            vectors,
            squares,
            book.layer_width,
            gradient,
            number(0),
            bias,
            number(0),
            number(1),
            width,
            what,
            scales,
        )
        applied += entered
        penalty += pulled
    return applied, penalty


@separate
def sum_up(net, vectors, book):
    """Take the sums of squares of the parameters, in the order in which `settle` leaves them."""
    for layer in range(1, net.layers):
        place = 3 * book.layer_width + layer - 1
        book.squares[place] = 0.0
        width, bias = net.sizes[layer], net.biases[layer]
        for link in range(net.incoming[layer], net.incoming[layer + 1]):
            wide, weights = net.sizes[net.sources[link]], net.weights[link]
            if not net.once[link]:
                book.squares[place] += _size(vectors.values, weights, number(0), number(1), wide * width)
                continue
            for column in range(0, wide, net.panel):
                columns = min(net.panel, wide - column)
                for row in range(0, width, net.height):
                    at, rows = weights + row * wide + column, min(net.height, width - row)
                    book.squares[place] += _size(vectors.values, at, wide, rows, columns)
        book.squares[place] += _size(vectors.values, bias, number(0), number(1), width)


@separate
def _size(values, at, wide, rows, columns):
    """Sum of squares of a block."""
    apart()
    size = fill_like(values, 0.0)
    for row in range(rows):
        for k in range(0, columns, LANES):
            value = read(values, at + row * wide + k, columns - k)
            size = fused(value, value, size)
    return float(total(size))
