"""From a gradient to new parameters, on stretches of a flat vector: penalty, clipping, optimizer.

The formulas are those of `bpviz.engine.update`, `bpviz.engine.optimizers` and `bpviz.engine.penalties`.
Sums of squares are fused by hand, so that they have the same bits wherever they are taken.
"""

from __future__ import annotations

from math import inf

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.functions import sign
from bpviz.engine.kernels.memory import load, read, store, write
from bpviz.engine.kernels.sums import total
from bpviz.engine.kernels.tiles import (
    LANES,
    absolute,
    compiled,
    fill_like,
    fused,
    inlined,
    square_root,
    where,
)


@compiled
def sum_of_squares(array, first, end):
    """Return the sum of the squares of a stretch."""
    result = fill_like(array, 0.0)
    for at in range(first, end, LANES):
        value = read(array, at, end - at)
        result = fused(value, value, result)
    return float(total(result))


@inlined
def _penalty_slope(penalty, w):
    if penalty == codes.L1 or penalty == codes.PLAYGROUND_L1:
        return sign(w)
    return w


@inlined
def penalty_part(method, vectors, at, left):
    """What each weight of a tile adds to the cost, but for the penalty's scale."""
    w = read(vectors.values, at, left) * read(vectors.weights, at, left)
    if method.penalty == codes.L1 or method.penalty == codes.PLAYGROUND_L1:
        return absolute(w)
    return 0.5 * w * w


@inlined
def penalty_value(method, vectors, first, end):
    """Return what the weights of a stretch add to the cost."""
    result = fill_like(vectors.values, 0.0)
    for at in range(first, end, LANES):
        result += penalty_part(method, vectors, at, end - at)
    return method.penalty_scale * float(total(result))


@inlined
def entering(method, vectors, g, at, left):
    """From a tile of the mean gradient to that of the loss alone, and to what enters the optimizer."""
    if method.gaps:
        g *= read(vectors.present, at, left)
    own = g
    if method.penalty == codes.L1 or method.penalty == codes.L2:
        w = read(vectors.values, at, left) * read(vectors.weights, at, left)
        g += method.penalty_scale * _penalty_slope(method.penalty, w)
    if method.stays:
        g = where(read(vectors.moving, at, left) > 0.0, g, 0.0)
    return own, g


@inlined
def is_plain(method):
    """Whether all parameters move, and by the gradient of the loss alone: the usual case, in its own loop."""
    return method.penalty == codes.NO_PENALTY and not method.stays


@inlined
def measure(method, vectors, share, first, end):
    """Make the gradient of a stretch what enters the optimizer, but for clipping.

    Args:
        method: How the network learns.
        vectors: With the summed gradient.
        share: 1 / m, with m examples.
        first: Where the stretch of whole tiles begins.
        end: Where it ends.

    Returns:
        Sum of squares of the mean gradient of the loss alone, and of what enters the optimizer.
    """
    plain = fill_like(vectors.values, 0.0)
    if is_plain(method):
        while first != end:
            g = load(vectors.gradient, first) * share
            plain = fused(g, g, plain)
            store(vectors.gradient, first, g)
            first += LANES
        squares = float(total(plain))
        return squares, squares
    applied = fill_like(vectors.values, 0.0)
    while first != end:
        own, g = entering(method, vectors, load(vectors.gradient, first) * share, first, LANES)
        plain = fused(own, own, plain)
        applied = fused(g, g, applied)
        store(vectors.gradient, first, g)
        first += LANES
    return float(total(plain)), float(total(applied))


@inlined
def change(method, vectors, scale, rate, mean_share, root_share, first, end):
    """Let the optimizer move a stretch, and a Playground penalty after it.

    Args:
        method: How the network learns.
        vectors: With the gradient that `measure` left.
        scale: What clipping multiplies it by.
        rate: The learning rate.
        mean_share: 1 - beta1^t of Adam.
        root_share: sqrt(1 - beta2^t) of Adam.
        first: Where the stretch of whole tiles begins.
        end: Where it ends.

    Returns:
        Sum of squares of the change, and of the new parameters.
    """
    moved = fill_like(vectors.values, 0.0)
    size = fill_like(vectors.values, 0.0)
    if method.optimizer == codes.SGD and is_plain(method):
        while first != end:
            old = load(vectors.values, first)
            new = old - rate * (load(vectors.gradient, first) * scale)
            store(vectors.values, first, new)
            moved = fused(new - old, new - old, moved)
            size = fused(new, new, size)
            first += LANES
        return float(total(moved)), float(total(size))
    while first != end:
        g = load(vectors.gradient, first) * scale
        step, new = move(method, vectors, g, rate, mean_share, root_share, first, LANES)
        moved = fused(step, step, moved)
        size = fused(new, new, size)
        first += LANES
    return float(total(moved)), float(total(size))


@inlined
def move(method, vectors, g, rate, mean_share, root_share, at, left):
    """Let the optimizer move a tile by what enters it; return the change and the new parameters."""
    old = read(vectors.values, at, left)
    moving = read(vectors.moving, at, left) if method.stays else old
    new = old
    if method.optimizer == codes.SGD:
        new = old - rate * g
    elif method.optimizer <= codes.RMSPROP:
        new = _with_one_slot(method, vectors, g, old, rate, at, left)
    else:
        new = _with_two_slots(method, vectors, g, old, rate, mean_share, root_share, at, left)
    if method.penalty >= codes.PLAYGROUND_L1:
        new = _playground(method, vectors, old, new, rate, at, left)
    if method.stays:
        new = where(moving > 0.0, new, old)
    write(vectors.values, at, left, new)
    return new - old, new


@inlined
def _keep(method, vectors, place, at, left, old, new):
    """Write the optimizer's memory; what doesn't move remembers what it did."""
    if method.stays:
        new = where(read(vectors.moving, at, left) > 0.0, new, old)
    write(vectors.memory, place, left, new)


@inlined
def _with_one_slot(method, vectors, g, old, rate, at, left):
    memory = read(vectors.memory, at, left)
    if method.optimizer == codes.ADAGRAD:
        kept = memory + g * g
        new = old - rate * g / (square_root(kept) + method.first)
    elif method.optimizer == codes.RMSPROP:
        kept = method.first * memory + (1.0 - method.first) * g * g
        new = old - rate * g / (square_root(kept) + method.second)
    else:
        kept = method.first * memory + g
        if method.optimizer == codes.NESTEROV:
            new = old - rate * (g + method.first * kept)
        else:
            new = old - rate * kept
    _keep(method, vectors, at, at, left, memory, kept)
    return new


@inlined
def _with_two_slots(method, vectors, g, old, rate, mean_share, root_share, at, left):
    one, two = read(vectors.memory, at, left), read(vectors.memory, vectors.length + at, left)
    if method.optimizer == codes.RPROP:
        agreement = g * one
        factor = where(agreement < 0.0, fill_like(g, method.first), 1.0)
        factor = where(agreement > 0.0, method.second, factor)
        size = where(absolute(two) > 0.0, two, rate) * factor
        size = where(size < method.third, method.third, size)
        size = where(size > method.fourth, method.fourth, size)
        g = where(agreement < 0.0, 0.0, g)
        _keep(method, vectors, at, at, left, one, g)
        _keep(method, vectors, vectors.length + at, at, left, two, size)
        return old - where(g > 0.0, size, where(g < 0.0, -size, 0.0))
    mean = method.first * one + (1.0 - method.first) * g
    square = method.second * two + (1.0 - method.second) * g * g
    _keep(method, vectors, at, at, left, one, mean)
    _keep(method, vectors, vectors.length + at, at, left, two, square)
    if method.optimizer == codes.ADAMW:
        old = (1.0 - rate * method.fourth) * old
    return old - (rate / mean_share) * mean / (square_root(square) * (1.0 / root_share) + method.third)


@compiled
def _playground(method, vectors, old, new, rate, at, left):
    """Move weights by the penalty alone; those that L1 carries across 0 die there."""
    kinds = read(vectors.weights, at, left)
    after = new - rate * method.penalty_scale * _penalty_slope(method.penalty, old * kinds)
    if method.penalty == codes.PLAYGROUND_L1:
        moving = read(vectors.moving, at, left)
        crossed = where(new * after < 0.0, kinds * moving, 0.0) > 0.0
        place = vectors.dead + at
        write(vectors.memory, place, left, where(crossed, 1.0, read(vectors.memory, place, left)))
        write(vectors.moving, at, left, where(crossed, 0.0, moving))
        after = where(crossed, 0.0, after)
    return after


@inlined
def clip_scale(method, applied):
    """Return what clipping multiplies a gradient by, from the sum of its squares."""
    if method.clip == inf or applied <= method.clip * method.clip:
        return 1.0
    return method.clip / applied**0.5
