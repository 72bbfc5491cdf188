"""The second half of a step, alike for all kernels: gradient in, new parameters and records out.

A step is only made here if everything measured is so far within the finite numbers that it can't leave them.
Otherwise the kernel stops before it, and the reference path makes that step or says where it diverged.
"""

from __future__ import annotations

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.machine import DONE, FASTEST_RATE, POWERS, SMALL_GRADIENT, UNSAFE
from bpviz.engine.kernels.parameters import change, clip_scale, measure, penalty_value, sum_of_squares
from bpviz.engine.kernels.records import note
from bpviz.engine.kernels.tiles import compiled, inlined


WEIGHTS, BIASES = 0, 1
"""Where a layer's stretches begin among those of all."""


@compiled
def begin_steps(vectors, book):
    """Take the sums of squares of the parameters, which each step leaves to the next."""
    begin_steps_of(vectors, book, WEIGHTS)


@inlined
def begin_steps_of(vectors, book, kind):
    """Likewise; of the biases alone, if that is the kind, while the weights are summed elsewhere."""
    for layer in range(vectors.layers):
        book.squares[3 * book.layer_width + layer] = 0.0
        for part in range(2 * layer + kind, 2 * layer + 2):
            first, end = vectors.stretches[2 * part], vectors.stretches[2 * part + 1]
            book.squares[3 * book.layer_width + layer] += sum_of_squares(vectors.values, first, end)


@inlined
def _shares(method, decay):
    """What Adam's averages have seen of the gradient so far: 1 - beta1^t and sqrt(1 - beta2^t)."""
    count = decay.steps[0]
    rest = count % POWERS
    if rest == 0 or decay.high[0] < 0.0:
        whole = float(count - rest)
        decay.high[0] = method.first**whole
        decay.high[1] = method.second**whole
    seen = 1.0 - decay.low[POWERS + rest] * decay.high[1]
    return 1.0 - decay.low[rest] * decay.high[0], seen**0.5


@inlined
def _measure_layers(method, vectors, book, share):
    """Prepare the gradient; return its squares, those of what enters the optimizer, and the penalty."""
    squares, width = book.squares, book.layer_width
    for layer in range(vectors.layers):
        squares[layer] = 0.0
        # The size of the parameters is what the step before left.
        squares[2 * width + layer] = squares[3 * width + layer]
    plain, applied, penalty = 0.0, 0.0, 0.0
    for part in range(2 * vectors.layers):
        first, end = vectors.stretches[2 * part], vectors.stretches[2 * part + 1]
        if first < end:
            own, entered = measure(method, vectors, share, first, end)
            squares[part // 2] += own
            plain += own
            applied += entered
            if method.penalty != codes.NO_PENALTY:
                penalty += penalty_value(method, vectors, first, end)
    return plain, applied, penalty


@inlined
def _change_layers(method, vectors, book, scale, rate, mean, root):
    """Let all parameters move."""
    squares, width = book.squares, book.layer_width
    for layer in range(vectors.layers):
        squares[width + layer] = 0.0
        squares[3 * width + layer] = 0.0
    for part in range(2 * vectors.layers):
        first, end = vectors.stretches[2 * part], vectors.stretches[2 * part + 1]
        if first < end:
            moved, size = change(method, vectors, scale, rate, mean, root, first, end)
            squares[width + part // 2] += moved
            squares[3 * width + part // 2] += size


@inlined
def _adam_shares(method, decay):
    """Count a step of the optimizer; return what Adam's averages have seen, 1 for others."""
    decay.steps[0] += 1
    if method.optimizer == codes.ADAM or method.optimizer == codes.ADAMW:
        return _shares(method, decay)
    return 1.0, 1.0


@inlined
def open_step(method, vectors, book, decay):
    """Begin a step whose weights are taken forward link by link; return what Adam's averages have seen."""
    squares, width = book.squares, book.layer_width
    for layer in range(vectors.layers):
        squares[2 * width + layer] = squares[3 * width + layer]
        squares[layer] = squares[width + layer] = squares[3 * width + layer] = 0.0
    return _adam_shares(method, decay)


@inlined
def close_step(method, vectors, book, loss, penalty, share, rate, mean, root, least_norm):
    """Take the biases forward, after the weights, and record the step; return as `finish_step`."""
    squares, width, plain = book.squares, book.layer_width, 0.0
    for layer in range(vectors.layers):
        first, end = vectors.stretches[4 * layer + 2], vectors.stretches[4 * layer + 3]
        own, _ = measure(method, vectors, share, first, end)
        moved, size = change(method, vectors, 1.0, rate, mean, root, first, end)
        squares[layer] += own
        squares[width + layer] += moved
        squares[3 * width + layer] += size
        plain += squares[layer]
    note(book, vectors.layers, loss, loss + penalty)
    return SMALL_GRADIENT if plain**0.5 < least_norm else DONE


@inlined
def finish_step(method, vectors, book, decay, loss, share, rate, least_norm):
    """Go from the summed gradient of a batch to new parameters, and record the step.

    Args:
        method: How the network learns.
        vectors: With the gradient; parameters and memory are taken forward in place.
        book: With this step's means of delta.
        decay: Powers of Adam's decay rates.
        loss: Mean loss of the batch.
        share: 1 / m, with m examples.
        rate: The learning rate.
        least_norm: Of the gradient of the loss, below which the call ends.

    Returns:
        `DONE` if the step was made; `SMALL_GRADIENT`, likewise; `UNSAFE` if not.
    """
    plain, applied, penalty = _measure_layers(method, vectors, book, share)
    sizes = 0.0
    for layer in range(vectors.layers):
        sizes += book.squares[2 * book.layer_width + layer]
    # A comparison with NaN is false, so nothing unknown passes.
    limit = method.limit
    within = abs(loss) < limit and penalty < limit and plain < limit and applied < limit and sizes < limit
    if not (within and rate < FASTEST_RATE):
        return UNSAFE
    mean, root = _adam_shares(method, decay)
    _change_layers(method, vectors, book, clip_scale(method, applied), rate, mean, root)
    note(book, vectors.layers, loss, loss + penalty)
    return SMALL_GRADIENT if plain**0.5 < least_norm else DONE
