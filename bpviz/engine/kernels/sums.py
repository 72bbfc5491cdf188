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


def _joined_totals(builder, vectors, block):
    """Add up the lanes of a few vectors, all at once, until one vector is left."""
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
            return _joined_totals(builder, [_halved(builder, vector) for vector in args], 2)
        # Pairs of 4-byte numbers in blocks of 16 bytes first; what is left are two partial sums of each.
        quartets = _float32_quartets(builder, list(args))
        return _halved(builder, _pairs_in_blocks(builder, *quartets, 8))

    return sig, codegen


@intrinsic
def totals_of_four(typingctx, a, b, c, d):
    """The sums of all lanes of four tiles, as half a tile with 0 behind them; each as `totals` adds it up.

    What reads them reads whole tiles, which would have to wait for a store of four lanes.
    """
    sig = Tile(a.dtype, LANES // 2)(*(a,) * 4)

    def codegen(context, builder, sig, args):
        if sig.args[0].dtype == types.float64:
            left = _joined_totals(builder, [_halved(builder, vector) for vector in args], 2)
        else:
            (quartet,) = _float32_quartets(builder, list(args))
            fours = [at + lane for at in (0, 8) for lane in range(4)]
            left = _add(
                builder,
                _pick(builder, quartet, quartet, fours),
                _pick(builder, quartet, quartet, [at + 4 for at in fours]),
            )
        sums = _halved(builder, left)
        return _pick(builder, sums, ir.Constant(sums.type, None), range(LANES // 2))

    return sig, codegen


def _float32_quartets(builder, vectors):
    """Two partial sums, blocks of 16 bytes apart, of each of four vectors; so for every four."""
    interleaved = []
    for a, b in zip(vectors[::2], vectors[1::2], strict=True):
        low = [at + lane for at in range(0, LANES, 4) for lane in (0, LANES, 1, LANES + 1)]
        high = [index + 2 for index in low]
        interleaved.append(_add(builder, _pick(builder, a, b, low), _pick(builder, a, b, high)))
    pairs = zip(interleaved[::2], interleaved[1::2], strict=True)
    return [_pairs_in_blocks(builder, a, b, 4) for a, b in pairs]
