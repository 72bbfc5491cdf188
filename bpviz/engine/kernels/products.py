"""Products of matrices: by BLAS, and of small ones by ourselves.

BLAS lays its factors out anew before it multiplies, which takes a third of the time where a layer has some
hundred nodes.  There a product is summed in registers, four rows of a tile each, straight from where the
numbers stand.
"""

from __future__ import annotations

import scipy.linalg.cython_blas  # noqa: F401  what numba's helper multiplies with; loaded here, not in a step
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from bpviz.engine.kernels.memory import load, load_some, read, spread, write
from bpviz.engine.kernels.tiles import LANES, compiled, fill_like, fused, inlined

_ROWS = 4
"""Rows of a product that are summed together: with a tile each, they and the factors fill the registers."""


@compiled
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
    for column in range(0, columns, LANES):
        left = columns - column
        for row in range(0, rows - _ROWS + 1, _ROWS):
            _four_rows(
                count,
                a,
                row * down,
                down,
                across,
                b,
                column,
                wide,
                left,
                keep,
                c,
                row * width + column,
                width,
            )
        for row in range(rows - rows % _ROWS, rows):
            _one_row(count, a, row * down, across, b, column, wide, left, keep, c, row * width + column)


@inlined
def _four_rows(count, a, at, down, across, b, place, wide, left, keep, c, to, width):
    """Four rows of one tile of columns; `left` columns are still to be done, this tile included."""
    c0 = fill_like(read(b, place, left), 0.0)
    c1, c2, c3 = c0, c0, c0
    if keep:
        c0, c1 = read(c, to, left), read(c, to + width, left)
        c2, c3 = read(c, to + 2 * width, left), read(c, to + 3 * width, left)
    for _ in range(count):
        # Not asked for each tile: a mask costs as much as the products.
        tile = load(b, place) if left >= LANES else load_some(b, place, left)
        c0 = fused(spread(a, at), tile, c0)
        c1 = fused(spread(a, at + down), tile, c1)
        c2 = fused(spread(a, at + 2 * down), tile, c2)
        c3 = fused(spread(a, at + 3 * down), tile, c3)
        at += across
        place += wide
    write(c, to, left, c0)
    write(c, to + width, left, c1)
    write(c, to + 2 * width, left, c2)
    write(c, to + 3 * width, left, c3)


@inlined
def _one_row(count, a, at, across, b, place, wide, left, keep, c, to):
    """One row of one tile of columns."""
    row = fill_like(read(b, place, left), 0.0)
    if keep:
        row = read(c, to, left)
    for _ in range(count):
        row = fused(spread(a, at), read(b, place, left), row)
        at += across
        place += wide
    write(c, to, left, row)


@compiled
def turn(a, rows, columns, turned):
    """Write the transpose of a matrix, (columns, rows)."""
    whole_rows, whole_columns = rows - rows % LANES, columns - columns % LANES
    for row in range(0, whole_rows, LANES):
        for column in range(0, whole_columns, LANES):
            _turn_square(a, row * columns + column, columns, turned, column * rows + row, rows)
    for row in range(rows):
        for column in range(whole_columns if row < whole_rows else 0, columns):
            turned[column * rows + row] = a[row * columns + column]


@intrinsic
def _turn_square(typingctx, a, at, wide, turned, to, width):
    """Write the transpose of a square of 16 rows and columns; rows are `wide` and `width` apart."""
    size = types.intp

    def codegen(context, builder, sig, args):
        a, at, wide, turned, to, width = args
        vector = ir.VectorType(context.get_value_type(sig.args[0].dtype), LANES)
        align = sig.args[0].dtype.bitwidth // 8

        def place(array, begin, stride, row):
            here = builder.add(begin, builder.mul(stride, ir.Constant(begin.type, row)))
            return builder.bitcast(builder.gep(array, [here]), vector.as_pointer())

        rows = [builder.load(place(a, at, wide, row), align=align) for row in range(LANES)]
        step = LANES // 2
        while step:
            rows = _exchanged(builder, rows, step)
            step //= 2
        for row, value in enumerate(rows):
            builder.store(value, place(turned, to, width, row), align=align)
        return context.get_dummy_value()

    return types.void(a, size, size, turned, size, size), codegen


def _exchanged(builder, rows, step):
    """Exchange the upper right and lower left of each square of twice so many rows and columns."""
    rows = list(rows)
    for row in range(LANES):
        if not row & step:
            upper, lower = rows[row], rows[row + step]
            first = [LANES + lane - step if lane & step else lane for lane in range(LANES)]
            second = [LANES + lane if lane & step else lane + step for lane in range(LANES)]
            rows[row] = _picked(builder, upper, lower, first)
            rows[row + step] = _picked(builder, upper, lower, second)
    return rows


def _picked(builder, a, b, lanes):
    mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), lanes)
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


@intrinsic
def pointer_to(typingctx, pointer, place):
    """Pointer to an element."""
    return pointer(pointer, types.intp), lambda context, builder, sig, args: builder.gep(args[0], [args[1]])
