"""Whether a step is certain to be safe before its gradient is known.

Weights that have moved can't be taken back.  So they move in the pass that makes their gradient only where
bounds on what the step computes say beforehand that all of it stays within the finite numbers.
"""

from __future__ import annotations

from bpviz.engine.kernels.calls import separate
from bpviz.engine.kernels.machine import FASTEST_RATE
from bpviz.engine.kernels.memory import read
from bpviz.engine.kernels.parameters import sum_of_squares
from bpviz.engine.kernels.sums import total
from bpviz.engine.kernels.tiles import LANES, absolute, fill_like, fused, inlined, where


@separate
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
