"""Products of matrices: by BLAS, and of small ones by ourselves.

BLAS lays its factors out anew before it multiplies, which takes a third of the time where a layer has some
hundred nodes.  There a product is summed in registers straight from where the numbers stand; on the way
forward it is the activations that are turned, for they are fewer than the weights.
"""

from __future__ import annotations

import scipy.linalg.cython_blas  # noqa: F401  what numba's helper multiplies with; loaded here, not in a step
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from bpviz.engine.kernels.calls import apart, number, separate
from bpviz.engine.kernels.layout import TURNED
from bpviz.engine.kernels.memory import pointer_to, read_vector, write_vector
from bpviz.engine.kernels.registers import (
    NEAR,
    columns_of_a_block,
    columns_of_a_panel,
    multiply_in_blocks,
    numbers_of_a_register,
    register_of,
)
from bpviz.engine.kernels.tiles import inlined


@inlined
def _near(columns, c):
    """How many numbers of each sum are multiplied at a time, in a product of so many columns.

    Where these are fewer than a panel has, it is so many more that the panel is as large: short stretches of
    the first factor are fetched late.
    """
    return max(NEAR, NEAR * columns_of_a_block(c) // columns)


@separate
def _multiply_at_once(rows, columns, count, a, down, across, b, wide, keep, c, width):
    """As `multiply`; each sum is written once."""
    apart()
    multiply_in_blocks(rows, columns, count, a, down, across, b, wide, keep, c, width)


@separate
def multiply(rows, columns, count, a, down, across, b, wide, keep, c, width):
    """``c = a b``, or ``c += a b`` where `keep` is 1: rows follow each other in memory.

    Args:
        rows: Rows of c.
        columns: Columns of c.
        count: Columns of a.
        a: Where the first matrix stands.
        down: How far apart its rows are; 1 if it is turned.
        across: How far apart its columns are; 1 if it is not.
        b: Where the second matrix stands.
        wide: How far apart its rows are.
        keep: 1 to add to c.
        c: Where the product goes.
        width: How far apart its rows are.
    """
    apart()
    near = _near(columns, c)
    for begin in range(0, count, near):
        some, more = min(near, count - begin), int(keep or begin > 0)
        here, part = pointer_to(a, begin * across), pointer_to(b, begin * wide)
        _multiply_at_once(rows, columns, some, here, down, across, part, wide, more, c, width)


@separate
def multiply_turned(rows, columns, count, a, b, keep, c, turned, sums):
    """``c = a b^T``, or ``c += a b^T`` where `keep` is 1; all rows follow each other in memory.

    b is read once, where it stands, and a is turned: so it is b's numbers that are spread over a register,
    and those of some rows of a stand side by side in one.  All of a is read again for every `TURNED` columns,
    so it should stay near the processor.  A sum is not cut, as `multiply` cuts it: rows of b are long
    stretches that come in time, which is worth more than to have the numbers of a still nearer.

    Args:
        rows: Rows of c.
        columns: Columns of c.
        count: Columns of a and of b.
        a: Where the first matrix stands.
        b: Where the second matrix stands.
        keep: 1 to add to c.
        c: Where the product goes.
        turned: Room for the transpose of a.
        sums: Room for `TURNED` rows of the transpose of c.
    """
    panel = columns_of_a_panel(c)
    for row in range(0, rows, panel):
        some, place = min(panel, rows - row), row * count
        _turn(pointer_to(a, place), count, some, count, pointer_to(turned, place), some)
    for column in range(0, columns, TURNED):
        some = min(TURNED, columns - column)
        there, part = pointer_to(c, column), pointer_to(b, column * count)
        if keep:
            _turn(there, columns, rows, some, sums, rows)
        for row in range(0, rows, panel):
            few, some_a, own = min(panel, rows - row), pointer_to(turned, row * count), pointer_to(sums, row)
            _multiply_at_once(some, few, count, part, count, number(1), some_a, few, keep, own, rows)
        _turn(sums, rows, some, rows, there, columns)


@separate
def _turn(a, wide, rows, columns, turned, width):
    """Write the transpose of a matrix, (columns, rows); rows are `wide` and `width` apart."""
    side = numbers_of_a_register(a)
    whole_rows, whole_columns = rows - rows % side, columns - columns % side
    for row in range(0, whole_rows, side):
        for column in range(0, whole_columns, side):
            _turn_square(a, row * wide + column, wide, turned, column * width + row, width)
    for row in range(rows):
        for column in range(whole_columns if row < whole_rows else 0, columns):
            turned[column * width + row] = a[row * wide + column]


@intrinsic
def _turn_square(typingctx, a, at, wide, turned, to, width):
    """Write the transpose of a square with a register's numbers a side; rows are `wide` and `width` apart."""
    size, side = types.intp, register_of(a.dtype).lanes

    def codegen(context, builder, sig, args):
        a, at, wide, turned, to, width = args
        vector = ir.VectorType(context.get_value_type(sig.args[0].dtype), side)

        def place(array, begin, stride, row):
            return builder.gep(array, [builder.add(begin, builder.mul(stride, ir.Constant(begin.type, row)))])

        rows = [read_vector(builder, vector, place(a, at, wide, row)) for row in range(side)]
        step = side // 2
        while step:
            rows = _exchanged(builder, rows, step)
            step //= 2
        for row, value in enumerate(rows):
            write_vector(builder, value, place(turned, to, width, row))
        return context.get_dummy_value()

    return types.void(a, size, size, turned, size, size), codegen


def _exchanged(builder, rows, step):
    """Exchange the upper right and lower left of each square of twice so many rows and columns."""
    rows, side = list(rows), len(rows)
    for row in range(side):
        if not row & step:
            upper, lower = rows[row], rows[row + step]
            first = [side + lane - step if lane & step else lane for lane in range(side)]
            second = [side + lane if lane & step else lane + step for lane in range(side)]
            rows[row] = _picked(builder, upper, lower, first)
            rows[row + step] = _picked(builder, upper, lower, second)
    return rows


def _picked(builder, a, b, lanes):
    mask = ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), lanes)
    return builder.shuffle_vector(a, b, mask)


@intrinsic(prefer_literal=True)
def multiply_by_blas(typingctx, turned, m, n, k, a, lda, b, ldb, keep, c, ldc):
    """``c = a b``, or ``c += a b`` where `keep` is 1, by BLAS: columns follow each other in memory.

    Args:
        turned: Literal: which of the two is transposed, ``a``, ``b`` or neither.
        m: Rows of c.
        n: Columns of c.
        k: Columns of a.
        a: Where the first matrix stands.
        lda: Its rows in memory.
        b: Likewise.
        ldb: Likewise.
        keep: 1 to add to c.
        c: Likewise.
        ldc: Likewise.
    """
    which = turned.literal_value
    size = types.intp
    sig = types.void(turned, size, size, size, a, size, b, size, size, c, size)

    def codegen(context, builder, sig, args):
        _, m, n, k, a, lda, b, ldb, keep, c, ldc = args
        number = context.get_value_type(sig.args[4].dtype)
        letter = "d" if sig.args[4].dtype == types.float64 else "s"
        char, word, void = ir.IntType(8), context.get_value_type(size), cgutils.voidptr_t
        kind = ir.FunctionType(
            ir.IntType(32), [char] * 3 + [word] * 3 + [void, void, word, void, word, void, void, word]
        )
        function = cgutils.get_or_insert_function(builder.module, kind, "numba_xxgemm")
        one = cgutils.alloca_once_value(builder, ir.Constant(number, 1.0))
        beta = cgutils.alloca_once_value(builder, builder.sitofp(keep, number))

        def flag(name):
            return ir.Constant(char, ord("t" if which == name else "n"))

        def raw(pointer):
            return builder.bitcast(pointer, void)

        builder.call(
            function,
            [
                *(ir.Constant(char, ord(letter)), flag("a"), flag("b"), m, n, k),
                *(raw(one), raw(a), lda, raw(b), ldb, raw(beta), raw(c), ldc),
            ],
        )
        return context.get_dummy_value()

    return sig, codegen
