"""Whether a step is certain to be safe before its gradient is known.

Weights that have moved can't be taken back.  So they move in the pass that makes their gradient only where
bounds on what the step computes say beforehand that all of it stays within the finite numbers.
"""

from __future__ import annotations

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.calls import separate
from bpviz.engine.kernels.machine import FASTEST_RATE
from bpviz.engine.kernels.memory import pointer_to
from bpviz.engine.kernels.parameters import sum_of_squares
from bpviz.engine.kernels.tiles import inlined

LARGEST_SLOPE = 8.0
"""No activation is steeper where its value is a finite number, as a test sees for each.

Without rounding it would be below 2.  An exponential never comes quite to 0 here, so that the slope of SiLU
is -5.6 where z is the most negative number there is.
"""

BOUNDED = (codes.SIGMOID, codes.TANH, codes.SOFTSIGN, codes.SINE, codes.SOFTMAX)
"""Activations that stay from -1 to 1 for all z, but for rounding, as a test sees."""


@separate
def is_certain(net, method, vectors, book, sheet, rows, loss, rate, share):
    """Whether nothing that this step computes can leave the finite numbers, by bounds on its norms.

    A norm of a product is at most the product of the norms (Frobenius'), and that of an elementwise one at
    most the largest slope times the norm.  `Book.squares` has room for the squares of the norms of the deltas
    and activations.
    """
    squares, sizes, limit = book.squares, 0.0, method.limit
    gradient, values, last = 0.0, 0.0, net.layers - 1
    reached = pointer_to(squares, book.layer_width)
    for layer in range(last):
        first, count = net.rooms[layer], rows * net.sizes[layer]
        if _stays_within_one(net, layer):
            # Nothing else can become of finite weights and known inputs; 2 is more than rounding adds.
            reached[layer] = 2.0 * count
        else:
            reached[layer] = sum_of_squares(sheet.a, first, first + count)
        values += reached[layer]
    for layer in range(last, 0, -1):
        sizes += squares[3 * book.layer_width + layer - 1]
        if layer == last:
            outputs = net.rooms[last]
            deltas = sum_of_squares(sheet.delta, outputs, outputs + rows * net.sizes[last])
        else:
            deltas = _carried_at_most(net, book, layer) * LARGEST_SLOPE**2
        squares[layer - 1] = deltas
        reaching = float(rows)  # the biases': each example's is 1
        for link in range(net.incoming[layer], net.incoming[layer + 1]):
            reaching += reached[net.sources[link]]
        gradient += share * share * deltas * reaching
    pulled = method.penalty_scale * (sizes + float(vectors.length))
    entered = 2.0 * (gradient + method.penalty_scale * pulled)
    # A comparison with NaN is false, so nothing unknown passes.
    known = abs(loss) < limit and sizes < limit and values < limit
    within = gradient < limit and pulled < limit and entered < limit
    return known and within and rate < FASTEST_RATE


@inlined
def _stays_within_one(net, layer):
    """Whether no activation of a layer leaves -1 to 1, so that they need not be looked at."""
    for run in range(net.run_starts[layer], net.run_starts[layer + 1]):
        code, inside = net.runs[4 * run + 3], False
        for bounded in BOUNDED:
            inside = inside or code == bounded
        if not inside:
            return False
    return layer > 0


@inlined
def _carried_at_most(net, book, layer):
    """Square of the largest norm that deltas carried back to a layer may have."""
    first, end = net.outgoing[layer], net.outgoing[layer + 1]
    result = 0.0
    for place in range(first, end):
        target = net.targets[net.ahead[place]] - 1
        result += book.squares[target] * book.squares[3 * book.layer_width + target]
    return float(end - first) * result
