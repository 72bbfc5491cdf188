"""Blocks of a product of matrices, summed in the machine's vector registers.

A block is some rows by as many columns as two registers hold.  Each sum waits four cycles for its last
addition, and two can begin in each cycle: eight keep a processor busy, and more do where factors come late.
Whatever the sums leave of the registers is for the factors.
"""

from __future__ import annotations

from llvmlite import ir
from numba.core import cgutils, config, types
from numba.core.codegen import get_host_cpu_features
from numba.extending import intrinsic

from bpviz.engine.kernels.memory import lanes_below, pointer_to, read_vector, write_vector
from bpviz.engine.kernels.tiles import Tile, call, constant, inlined, spread_value


def _registers():
    """How many vector registers the machine has, and how many bits are in one."""
    features = (config.CPU_FEATURES or get_host_cpu_features()).split(",")
    if "+avx512f" in features:
        return 32, 512
    if "+avx" in features:
        return 16, 256
    return (32 if "+neon" in features else 16), 128


_COUNT, _BITS = _registers()

ROWS = {32: 8, 16: 6}[_COUNT]
"""Rows of a block, by the count of registers; 14 rows fit into 32 but were no faster, as measured."""

_WHOLE, _HALF, _PART = 2, 1, 0
"""What a block has of each row: two registers, one, or the first so many numbers of one."""


def _tile(dtype, kind):
    """The columns of one row."""
    return Tile(dtype, max(kind, _HALF) * _BITS // dtype.bitwidth)


def _over_rows(builder, apart, last):
    """Where each row of a block begins; behind the last one the last one comes again, with the same sums."""
    for row in range(ROWS):
        number = ir.Constant(apart.type, row)
        inside = builder.select(builder.icmp_signed("<", number, last), number, last)
        yield builder.mul(inside, apart)


def _moved(context, builder, tile, kind, pointer, left, value=None):
    """Read the columns of one row, or write them."""
    mask = lanes_below(builder, left, tile.lanes) if kind == _PART else None
    if value is None:
        return read_vector(builder, context.get_value_type(tile), pointer, mask)
    return write_vector(builder, value, pointer, mask)


@intrinsic
def columns_of_a_block(typingctx, array):
    """How many columns a whole block has, in the precision of an array."""

    def codegen(context, builder, sig, args):
        return ir.Constant(context.get_value_type(types.intp), _tile(sig.args[0].dtype, _WHOLE).lanes)

    return types.intp(array), codegen


@intrinsic(prefer_literal=True)
def _columns(typingctx, kind, b, at, left):
    """Read the columns of one row."""
    sig = _tile(b.dtype, kind.literal_value)(kind, b, at, left)

    def codegen(context, builder, sig, args):
        _, b, at, left = args
        return _moved(context, builder, sig.return_type, kind.literal_value, builder.gep(b, [at]), left)

    return sig, codegen


@intrinsic(prefer_literal=True)
def _zeros(typingctx, kind, c):
    """Begin the sums of a block, a tile a row."""
    sig = types.UniTuple(_tile(c.dtype, kind.literal_value), ROWS)(kind, c)

    def codegen(context, builder, sig, args):
        zero = constant(context.get_value_type(sig.return_type.dtype), 0.0)
        return context.make_tuple(builder, sig.return_type, [zero] * ROWS)

    return sig, codegen


@intrinsic(prefer_literal=True)
def _kept(typingctx, kind, c, width, last, left):
    """Begin them with what is there."""
    sig = types.UniTuple(_tile(c.dtype, kind.literal_value), ROWS)(kind, c, width, last, left)

    def codegen(context, builder, sig, args):
        _, c, width, last, left = args
        tile, places = sig.return_type.dtype, _over_rows(builder, width, last)
        pointers = [builder.gep(c, [place]) for place in places]
        rows = [_moved(context, builder, tile, kind.literal_value, pointer, left) for pointer in pointers]
        return context.make_tuple(builder, sig.return_type, rows)

    return sig, codegen


@intrinsic
def _added(typingctx, sums, a, at, down, last, columns):
    """Add to each row one number of a times the columns."""

    def codegen(context, builder, sig, args):
        sums, a, at, down, last, columns = args
        new = []
        for row, place in zip(
            cgutils.unpack_tuple(builder, sums), _over_rows(builder, down, last), strict=True
        ):
            number = builder.load(builder.gep(builder.gep(a, [place]), [at]))
            # One instruction on machines that have it; by itself `fma` is a call of a function on the others.
            factor = spread_value(builder, number, columns.type.count)
            new.append(call(builder, "fmuladd", factor, columns, row))
        return context.make_tuple(builder, sig.return_type, new)

    return sums(sums, a, at, down, last, columns), codegen


@intrinsic(prefer_literal=True)
def _write(typingctx, kind, c, width, last, left, sums):
    """Write the sums."""

    def codegen(context, builder, sig, args):
        _, c, width, last, left, sums = args
        tile = sig.args[-1].dtype
        for row, place in zip(
            cgutils.unpack_tuple(builder, sums), _over_rows(builder, width, last), strict=True
        ):
            _moved(context, builder, tile, kind.literal_value, builder.gep(c, [place]), left, row)
        return context.get_dummy_value()

    return types.void(kind, c, width, last, left, sums), codegen


def _over(kind):
    """Make the function that goes down the rows of a product, for blocks of one kind."""

    @inlined
    def multiply(rows, left, count, a, down, across, b, wide, keep, c, width):
        for row in range(0, rows, ROWS):
            a_rows, c_rows, last = pointer_to(a, row * down), pointer_to(c, row * width), rows - row - 1
            sums = _zeros(kind, c)
            if keep:
                sums = _kept(kind, c_rows, width, last, left)
            at, place = 0, 0
            for _ in range(count):
                sums = _added(sums, a_rows, at, down, last, _columns(kind, b, place, left))
                at += across
                place += wide
            _write(kind, c_rows, width, last, left, sums)

    return multiply


_whole_blocks, _half_blocks, _part_blocks = _over(_WHOLE), _over(_HALF), _over(_PART)


@inlined
def multiply_panel(rows, columns, count, a, down, across, b, wide, keep, c, width):
    """As `products.multiply`, for at most so many columns as a block has."""
    whole = columns_of_a_block(c)
    half = whole // 2
    if columns == whole:
        _whole_blocks(rows, whole, count, a, down, across, b, wide, keep, c, width)
        return
    if columns >= half:
        _half_blocks(rows, half, count, a, down, across, b, wide, keep, c, width)
    done = columns // half * half
    if done < columns:
        rest, place = pointer_to(b, done), pointer_to(c, done)
        _part_blocks(rows, columns - done, count, a, down, across, rest, wide, keep, place, width)
