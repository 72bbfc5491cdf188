"""Sums over the lanes of tiles."""

from __future__ import annotations

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from bpviz.engine.kernels.tiles import LANES, Tile


def _pick(builder, a, b, indices):
    kind = ir.VectorType(ir.IntType(32), len(indices))
    return builder.shuffle_vector(a, b, ir.Constant(kind, list(indices)))


def _add(builder, a, b):
    return builder.fadd(a, b)


def _halved(builder, vector):
    count = vector.type.count
    low = _pick(builder, vector, vector, range(count // 2))
    return _add(builder, low, _pick(builder, vector, vector, range(count // 2, count)))


@intrinsic
def total(typingctx, a):
    """The sum of all lanes."""

    def codegen(context, builder, sig, args):
        vector = args[0]
        while vector.type.count > 1:
            vector = _halved(builder, vector)
        return builder.extract_element(vector, ir.Constant(ir.IntType(32), 0))

    return a.dtype(a), codegen


def _pairs_in_blocks(builder, a, b, block):
    """Add the two halves of each block of lanes, a's sums and b's side by side: half as many partial sums.

    Blocks are what the machine shuffles in one go (16 bytes), later two and four of those.
    """
    count, half = a.type.count, block // 2
    low, high = [], []
    for start in range(0, count, block):
        first = range(start, start + half)
        second = range(start + half, start + block)
        low += [*first, *(at + count for at in first)]
        high += [*second, *(at + count for at in second)]
    return _add(builder, _pick(builder, a, b, low), _pick(builder, a, b, high))


def _eight_totals(builder, vectors, block):
    """Add up the lanes of each of eight vectors, all at once: 8 sums side by side."""
    while len(vectors) > 1:
        pairs = zip(vectors[::2], vectors[1::2], strict=True)
        vectors = [_pairs_in_blocks(builder, a, b, block) for a, b in pairs]
        block *= 2
    return vectors[0]


@intrinsic
def totals(typingctx, a, b, c, d, e, f, g, h):
    """The sums of all lanes of eight tiles, as half a tile."""
    sig = Tile(a.dtype, LANES // 2)(*(a,) * 8)

    def codegen(context, builder, sig, args):
        if sig.args[0].dtype == types.float64:
            return _eight_totals(builder, [_halved(builder, vector) for vector in args], 2)
        # Pairs of 4-byte numbers in blocks of 16 bytes first; what is left are two partial sums of each.
        return _float32_totals(builder, list(args))

    return sig, codegen


def _float32_totals(builder, vectors):
    interleaved = []
    for a, b in zip(vectors[::2], vectors[1::2], strict=True):
        low = [at + lane for at in range(0, LANES, 4) for lane in (0, LANES, 1, LANES + 1)]
        high = [index + 2 for index in low]
        interleaved.append(_add(builder, _pick(builder, a, b, low), _pick(builder, a, b, high)))
    quartets = [
        _pairs_in_blocks(builder, a, b, 4) for a, b in zip(interleaved[::2], interleaved[1::2], strict=True)
    ]
    return _halved(builder, _pairs_in_blocks(builder, *quartets, 8))
