"""Blocks of a product of matrices, summed in the machine's vector registers.

A block is some rows by as many columns as a few registers hold.  Each sum waits four cycles for its last
addition, and two can begin in each cycle: eight keep a processor busy, and more do where factors come late.
Whatever the sums leave of the registers is for the factors.
"""

from __future__ import annotations

from typing import NamedTuple

from llvmlite import ir
from numba.core import cgutils, config, types
from numba.core.codegen import get_host_cpu_features
from numba.extending import intrinsic

from bpviz.engine.kernels.layout import SUMMED_ROWS
from bpviz.engine.kernels.memory import lanes_below, pointer_to, read_vector, write_vector
from bpviz.engine.kernels.tiles import LANES, Tile, call, constant, inlined, spread_value


def _registers():
    """How many vector registers the machine has, and how many bits are in one."""
    features = (config.CPU_FEATURES or get_host_cpu_features()).split(",")
    if "+avx512f" in features:
        return 32, 512
    if "+avx" in features:
        return 16, 256
    return (32 if "+neon" in features else 16), 128


_COUNT, _BITS = _registers()


class _Block(NamedTuple):
    """What is summed at a time.

    Attributes:
        registers: Of each row.
        rows: How many.
        least: Products of fewer rows have smaller blocks, of which less would be empty.
    """

    registers: int
    rows: int
    least: int = 0


_BLOCKS = {
    # Four registers of six rows are filled with the fewest loads for their products: as fast as two of eight
    # where nothing disturbs, and a tenth faster where a processor's other thread takes its share of them.
    32: (_Block(4, SUMMED_ROWS, least=36), _Block(2, 8), _Block(1, 8)),
    16: (_Block(2, SUMMED_ROWS), _Block(1, SUMMED_ROWS)),
}[_COUNT]
"""By the count of registers, the largest first; 14 rows of two registers were no faster, as measured."""

_PART = len(_BLOCKS)
"""And behind the last of them: as that, of only the first so many numbers of a register."""

NEAR = 128 if _BITS == 512 else 256
"""So many numbers of each sum are multiplied at a time, so that a panel of the second factor stays near.

As measured with AVX-512 and held to AVX2, whose blocks have a quarter of the bytes in a row.
"""

ROWS = _BLOCKS[-1].rows
"""Rows of a block where a product has few of them."""


def _block(kind):
    return _BLOCKS[min(kind.literal_value, _PART - 1)]


def register_of(dtype):
    """The numbers of one register."""
    return Tile(dtype, _BITS // dtype.bitwidth)


def _tile(dtype, kind):
    """The columns of one row."""
    return Tile(dtype, _block(kind).registers * register_of(dtype).lanes)


def _over_rows(builder, kind, apart, last):
    """Where each row of a block begins; behind the last one the last one comes again, with the same sums."""
    for row in range(_block(kind).rows):
        number = ir.Constant(apart.type, row)
        inside = builder.select(builder.icmp_signed("<", number, last), number, last)
        yield builder.mul(inside, apart)


def _moved(context, builder, tile, kind, pointer, left, value=None):
    """Read the columns of one row, or write them."""
    mask = lanes_below(builder, left, tile.lanes) if kind.literal_value == _PART else None
    if value is None:
        return read_vector(builder, context.get_value_type(tile), pointer, mask)
    return write_vector(builder, value, pointer, mask)


@intrinsic(prefer_literal=True)
def _columns_of(typingctx, kind, array):
    """How many columns a block has, in the precision of an array."""

    def codegen(context, builder, sig, args):
        kind, array = sig.args
        return ir.Constant(context.get_value_type(types.intp), _tile(array.dtype, kind).lanes)

    return types.intp(kind, array), codegen


@inlined
def columns_of_a_block(array):
    """How many columns the largest block has, in the precision of an array."""
    return _columns_of(0, array)


@intrinsic
def numbers_of_a_register(typingctx, array):
    """How many numbers of an array's precision a register holds."""

    def codegen(context, builder, sig, args):
        return ir.Constant(context.get_value_type(types.intp), register_of(sig.args[0].dtype).lanes)

    return types.intp(array), codegen


@inlined
def columns_of_a_panel(array):
    """How many columns are laid side by side: those of a block, but two whole tiles at least."""
    return max(2 * LANES, columns_of_a_block(array))


@intrinsic(prefer_literal=True)
def _columns(typingctx, kind, b, at, left):
    """Read the columns of one row."""
    sig = _tile(b.dtype, kind)(kind, b, at, left)

    def codegen(context, builder, sig, args):
        _, b, at, left = args
        return _moved(context, builder, sig.return_type, sig.args[0], builder.gep(b, [at]), left)

    return sig, codegen


@intrinsic(prefer_literal=True)
def _zeros(typingctx, kind, c):
    """Begin the sums of a block, a tile a row."""
    sig = types.UniTuple(_tile(c.dtype, kind), _block(kind).rows)(kind, c)

    def codegen(context, builder, sig, args):
        zero = constant(context.get_value_type(sig.return_type.dtype), 0.0)
        return context.make_tuple(builder, sig.return_type, [zero] * sig.return_type.count)

    return sig, codegen


@intrinsic(prefer_literal=True)
def _kept(typingctx, kind, c, width, last, left):
    """Begin them with what is there."""
    sig = types.UniTuple(_tile(c.dtype, kind), _block(kind).rows)(kind, c, width, last, left)

    def codegen(context, builder, sig, args):
        _, c, width, last, left = args
        kind, tile = sig.args[0], sig.return_type.dtype
        pointers = [builder.gep(c, [place]) for place in _over_rows(builder, kind, width, last)]
        rows = [_moved(context, builder, tile, kind, pointer, left) for pointer in pointers]
        return context.make_tuple(builder, sig.return_type, rows)

    return sig, codegen


@intrinsic(prefer_literal=True)
def _added(typingctx, kind, sums, a, at, down, last, columns):
    """Add to each row one number of a times the columns."""

    def codegen(context, builder, sig, args):
        _, sums, a, at, down, last, columns = args
        new = []
        for row, place in zip(
            cgutils.unpack_tuple(builder, sums), _over_rows(builder, sig.args[0], down, last), strict=True
        ):
            number = builder.load(builder.gep(builder.gep(a, [place]), [at]))
            # One instruction on machines that have it; by itself `fma` is a call of a function on the others.
            factor = spread_value(builder, number, columns.type.count)
            new.append(call(builder, "fmuladd", factor, columns, row))
        return context.make_tuple(builder, sig.return_type, new)

    return sums(kind, sums, a, at, down, last, columns), codegen


@intrinsic(prefer_literal=True)
def _write(typingctx, kind, c, width, last, left, sums):
    """Write the sums."""

    def codegen(context, builder, sig, args):
        _, c, width, last, left, sums = args
        kind, tile = sig.args[0], sig.args[-1].dtype
        for row, place in zip(
            cgutils.unpack_tuple(builder, sums), _over_rows(builder, kind, width, last), strict=True
        ):
            _moved(context, builder, tile, kind, builder.gep(c, [place]), left, row)
        return context.get_dummy_value()

    return types.void(kind, c, width, last, left, sums), codegen


def _over(kind):
    """Make the function that goes down the rows of a product, for blocks of one kind."""
    step = _BLOCKS[min(kind, _PART - 1)].rows

    @inlined
    def multiply(rows, left, count, a, down, across, b, wide, keep, c, width):
        for row in range(0, rows, step):
            a_rows, c_rows, last = pointer_to(a, row * down), pointer_to(c, row * width), rows - row - 1
            sums = _zeros(kind, c)
            if keep:
                sums = _kept(kind, c_rows, width, last, left)
            at, place = 0, 0
            # Two at a time: where another thread shares the processor, what counts them is a twentieth of the
            # time.  Four would need more addresses than there are registers for.
            for _ in range(count // 2):
                sums = _added(kind, sums, a_rows, at, down, last, _columns(kind, b, place, left))
                at += across
                sums = _added(kind, sums, a_rows, at, down, last, _columns(kind, b, place + wide, left))
                at += across
                place += 2 * wide
            if count % 2:
                sums = _added(kind, sums, a_rows, at, down, last, _columns(kind, b, place, left))
            _write(kind, c_rows, width, last, left, sums)

    return multiply


def _from(kind):
    """Make the function that goes along a product's columns in blocks of this kind and smaller ones."""
    down_the_rows = _over(kind)
    if kind == _PART:

        @inlined
        def rest(rows, columns, count, a, down, across, b, wide, keep, c, width):
            if columns:
                down_the_rows(rows, columns, count, a, down, across, b, wide, keep, c, width)

        return rest

    smaller, least = _from(kind + 1), _BLOCKS[kind].least

    @inlined
    def along(rows, columns, count, a, down, across, b, wide, keep, c, width):
        whole, done = _columns_of(kind, c), 0
        while rows >= least and columns - done >= whole:
            here, there = pointer_to(b, done), pointer_to(c, done)
            down_the_rows(rows, whole, count, a, down, across, here, wide, keep, there, width)
            done += whole
        here, there = pointer_to(b, done), pointer_to(c, done)
        smaller(rows, columns - done, count, a, down, across, here, wide, keep, there, width)

    return along


multiply_in_blocks = _from(0)
"""As `products.multiply`."""
