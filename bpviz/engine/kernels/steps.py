"""The second half of a step, alike for all kernels: gradient in, new parameters and records out.

A step is only made here if everything measured is so far within the finite numbers that it can't leave them.
Otherwise the kernel stops before it, and the reference path makes that step or says where it diverged.
"""

from __future__ import annotations

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.machine import DONE, FASTEST_RATE, POWERS, SMALL_GRADIENT, UNSAFE
from bpviz.engine.kernels.parameters import change, clip_scale, measure, penalty_value, sum_of_squares
from bpviz.engine.kernels.records import note, note_layer
from bpviz.engine.kernels.tiles import compiled, inlined


@compiled
def begin_steps(vectors, book):
    """Take the sums of squares of the parameters, which each step leaves to the next."""
    for layer in range(vectors.layers):
        first, end = vectors.stretches[2 * layer], vectors.stretches[2 * layer + 1]
        book.squares[3 * book.layer_width + layer] = sum_of_squares(vectors.values, first, end)


@inlined
def open_step(vectors, book):
    """Begin a step whose sums grow block by block; the size of the parameters is what the last one left."""
    squares, width = book.squares, book.layer_width
    for layer in range(vectors.layers):
        squares[2 * width + layer] = squares[3 * width + layer]
        squares[layer] = squares[width + layer] = squares[3 * width + layer] = 0.0


@inlined
def adam_shares(method, decay):
    """What Adam's averages will have seen of the gradient after the coming step; 1 for other optimizers.

    Returns:
        1 - beta1^t and sqrt(1 - beta2^t).
    """
    if method.optimizer != codes.ADAM and method.optimizer != codes.ADAMW:
        return 1.0, 1.0
    count = decay.steps[0] + 1
    rest = count % POWERS
    if rest == 0 or decay.high[0] < 0.0:
        whole = float(count - rest)
        decay.high[0] = method.first**whole
        decay.high[1] = method.second**whole
    seen = 1.0 - decay.low[POWERS + rest] * decay.high[1]
    return 1.0 - decay.low[rest] * decay.high[0], seen**0.5


@inlined
def _measure_layers(method, vectors, book, share):
    """Prepare the gradient; return the penalty and the sums of squares, as `is_within` takes them."""
    squares, width = book.squares, book.layer_width
    plain, applied, sizes, penalty = 0.0, 0.0, 0.0, 0.0
    for layer in range(vectors.layers):
        first, end = vectors.stretches[2 * layer], vectors.stretches[2 * layer + 1]
        own, entered = measure(method, vectors, share, first, end)
        if method.penalty != codes.NO_PENALTY:
            penalty += penalty_value(method, vectors, first, end)
        squares[layer] = own
        plain += own
        applied += entered
        sizes += squares[3 * width + layer]
    return penalty, plain, applied, sizes


@inlined
def _change_layers(method, vectors, book, scale, rate, mean, root):
    """Let all parameters move, and put down by how much."""
    squares, width = book.squares, book.layer_width
    for layer in range(vectors.layers):
        first, end = vectors.stretches[2 * layer], vectors.stretches[2 * layer + 1]
        moved, size = change(method, vectors, scale, rate, mean, root, first, end)
        note_layer(book, vectors.layers, layer, squares[layer], moved, squares[3 * width + layer])
        squares[3 * width + layer] = size


@inlined
def norms_of_layers(vectors, book):
    """Return the squares of the norms of the gradient of the loss and of the parameters, from the layers'."""
    plain, sizes = 0.0, 0.0
    for layer in range(vectors.layers):
        plain += book.squares[layer]
        sizes += book.squares[2 * book.layer_width + layer]
    return plain, sizes


@inlined
def is_within(method, loss, penalty, plain, applied, sizes, rate):
    """Whether everything measured is so far within the finite numbers that the step can't leave them.

    Args:
        method: How the network learns.
        loss: Mean loss of the batch.
        penalty: On it.
        plain: Square of the norm of the gradient of the loss.
        applied: Of what enters the optimizer.
        sizes: Of the parameters.
        rate: The learning rate.
    """
    # A comparison with NaN is false, so nothing unknown passes.
    limit = method.limit
    within = abs(loss) < limit and penalty < limit and plain < limit and applied < limit and sizes < limit
    return within and rate < FASTEST_RATE


@inlined
def finish_step(method, vectors, book, decay, loss, share, rate, least_norm):
    """Go from the summed gradient of a batch to new parameters, and record the step.

    Args:
        method: How the network learns.
        vectors: With the gradient; parameters and memory are taken forward in place.
        book: With this step's means of delta, and with the sizes of the parameters.
        decay: Powers of Adam's decay rates.
        loss: Mean loss of the batch.
        share: 1 / m, with m examples.
        rate: The learning rate.
        least_norm: Of the gradient of the loss, below which the call ends.

    Returns:
        `DONE` if the step was made; `SMALL_GRADIENT`, likewise; `UNSAFE` if not.
    """
    penalty, plain, applied, sizes = _measure_layers(method, vectors, book, share)
    if not is_within(method, loss, penalty, plain, applied, sizes, rate):
        return UNSAFE
    mean, root = adam_shares(method, decay)
    decay.steps[0] += 1
    _change_layers(method, vectors, book, clip_scale(method, applied), rate, mean, root)
    note(book, loss, loss + penalty)
    return SMALL_GRADIENT if plain**0.5 < least_norm else DONE
