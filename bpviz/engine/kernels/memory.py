"""Between arrays and tiles.

All functions take an array, or a pointer to its first element, and a place in it; they check nothing.
"""

from __future__ import annotations

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.types.containers import BaseTuple
from numba.extending import intrinsic

from bpviz.engine.kernels.calls import separate
from bpviz.engine.kernels.tiles import LANES, Tile, inlined, spread_value


def _data(context, builder, kind, value):
    """Where an array's first element stands; pointers say it themselves."""
    return context.make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value


def _element(context, builder, kind, array, at):
    """Pointer to an element of an array."""
    return builder.gep(_data(context, builder, kind, array), [at])


@intrinsic
def bare(typingctx, named):
    """Replace the arrays in a named tuple by pointers to their first elements.

    Arrays are counted by those who hold them, which costs more than a small network's step; pointers are not.
    """
    kinds = [types.CPointer(kind.dtype) if isinstance(kind, types.Array) else kind for kind in named.types]
    sig = BaseTuple.from_types(kinds, named.instance_class)(named)

    def codegen(context, builder, sig, args):
        values = cgutils.unpack_tuple(builder, args[0])
        fields = zip(sig.args[0].types, values, strict=True)
        return context.make_tuple(
            builder, sig.return_type, [_data(context, builder, kind, value) for kind, value in fields]
        )

    return sig, codegen


@intrinsic
def pointer_to(typingctx, pointer, place):
    """Pointer to an element."""
    return pointer(pointer, types.intp), lambda context, builder, sig, args: builder.gep(args[0], [args[1]])


def lanes_below(builder, count, lanes):
    """The first `count` of so many lanes."""
    numbers = ir.Constant(ir.VectorType(count.type, lanes), list(range(lanes)))
    return builder.icmp_signed("<", numbers, spread_value(builder, count, lanes))


def read_vector(builder, vector, pointer, mask=None):
    """Read a vector from where its first element stands; lanes outside the mask are 0."""
    if mask is None:
        return builder.load(builder.bitcast(pointer, vector.as_pointer()), align=_bytes(vector))
    void = cgutils.voidptr_t
    kind = ir.FunctionType(vector, [void, ir.IntType(32), mask.type, vector])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.load.{_suffix(vector)}.p0")
    align = ir.Constant(ir.IntType(32), _bytes(vector))
    nothing = ir.Constant(vector, None)
    return builder.call(function, [builder.bitcast(pointer, void), align, mask, nothing])


def write_vector(builder, value, pointer, mask=None):
    """Write a vector to where its first element goes; lanes outside the mask stay as they are."""
    vector, void = value.type, cgutils.voidptr_t
    if mask is None:
        builder.store(value, builder.bitcast(pointer, vector.as_pointer()), align=_bytes(vector))
        return
    kind = ir.FunctionType(ir.VoidType(), [vector, void, ir.IntType(32), mask.type])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.store.{_suffix(vector)}.p0")
    align = ir.Constant(ir.IntType(32), _bytes(vector))
    builder.call(function, [value, builder.bitcast(pointer, void), align, mask])


def _bytes(vector):
    """Of one element, to whose size vectors are aligned."""
    return 4 if isinstance(vector.element, ir.FloatType) else 8


def _suffix(vector):
    letter = "i" if isinstance(vector.element, ir.IntType) else "f"
    return f"v{vector.count}{letter}{8 * _bytes(vector)}"


def _loader(lanes):
    def typing(typingctx, array, at):
        sig = Tile(array.dtype, lanes)(array, types.intp)

        def codegen(context, builder, sig, args):
            vector = context.get_value_type(sig.return_type)
            return read_vector(builder, vector, _element(context, builder, sig.args[0], *args))

        return sig, codegen

    return typing


def _storer(typingctx, array, at, tile):
    sig = types.void(array, types.intp, tile)

    def codegen(context, builder, sig, args):
        array, at, value = args
        write_vector(builder, value, _element(context, builder, sig.args[0], array, at))
        return context.get_dummy_value()

    return sig, codegen


@intrinsic
def load(typingctx, array, at):
    """Read a tile."""
    return _loader(LANES)(typingctx, array, at)


@intrinsic
def load_half(typingctx, array, at):
    """Read half a tile."""
    return _loader(LANES // 2)(typingctx, array, at)


@intrinsic
def store(typingctx, array, at, tile):
    """Write a tile, or half a one."""
    return _storer(typingctx, array, at, tile)


@intrinsic
def load_some(typingctx, array, at, count):
    """Read the first `count` elements of a tile; the others are 0."""
    sig = Tile(array.dtype)(array, types.intp, types.intp)

    def codegen(context, builder, sig, args):
        array, at, count = args
        place = _element(context, builder, sig.args[0], array, at)
        mask = lanes_below(builder, count, LANES)
        return read_vector(builder, context.get_value_type(sig.return_type), place, mask)

    return sig, codegen


@intrinsic
def store_some(typingctx, array, at, count, tile):
    """Write the first `count` elements of a tile."""
    sig = types.void(array, types.intp, types.intp, tile)

    def codegen(context, builder, sig, args):
        array, at, count, value = args
        place = _element(context, builder, sig.args[0], array, at)
        write_vector(builder, value, place, lanes_below(builder, count, LANES))
        return context.get_dummy_value()

    return sig, codegen


@intrinsic
def load_rows(typingctx, order, at, last):
    """Read which rows an order names from a place on; beyond its last place, the last one."""
    sig = Tile(order.dtype)(order, types.intp, types.intp)

    def codegen(context, builder, sig, args):
        order, at, last = args
        vector = context.get_value_type(sig.return_type)
        first, end = (_element(context, builder, sig.args[0], order, place) for place in (at, last))
        there = lanes_below(builder, builder.add(builder.sub(last, at), ir.Constant(at.type, 1)), LANES)
        rows = read_vector(builder, vector, first, there)
        return builder.select(there, rows, spread_value(builder, builder.load(end)))

    return sig, codegen


@intrinsic
def gather(typingctx, array, rows, width, column):
    """Read one column of 16 rows of a matrix so wide."""
    sig = Tile(array.dtype)(array, rows, types.intp, types.intp)

    def codegen(context, builder, sig, args):
        array, rows, width, column = args
        vector = context.get_value_type(sig.return_type)
        start = builder.ptrtoint(_element(context, builder, sig.args[0], array, column), width.type)
        stride = builder.mul(width, ir.Constant(width.type, _bytes(vector)))
        places = builder.add(builder.mul(rows, spread_value(builder, stride)), spread_value(builder, start))
        pointers = builder.inttoptr(places, ir.VectorType(ir.PointerType(), LANES))
        mask = ir.Constant(ir.VectorType(ir.IntType(1), LANES), [1] * LANES)
        kind = ir.FunctionType(vector, [pointers.type, ir.IntType(32), mask.type, vector])
        name = f"llvm.masked.gather.{_suffix(vector)}.v{LANES}p0"
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        align = ir.Constant(ir.IntType(32), _bytes(vector))
        return builder.call(function, [pointers, align, mask, ir.Constant(vector, ir.Undefined)])

    return sig, codegen


@intrinsic
def spread(typingctx, array, at):
    """Fill a tile with one element."""
    sig = Tile(array.dtype)(array, types.intp)

    def codegen(context, builder, sig, args):
        array, at = args
        return spread_value(builder, builder.load(_element(context, builder, sig.args[0], array, at)))

    return sig, codegen


@inlined
def read(array, at, left):
    """Read a tile, or what is left of a stretch if that is less; the other lanes are 0."""
    if left >= LANES:
        return load(array, at)
    return load_some(array, at, left)


@inlined
def write(array, at, left, tile):
    """Write a tile, or what is left of a stretch if that is less."""
    if left >= LANES:
        store(array, at, tile)
    else:
        store_some(array, at, left, tile)


@separate
def copy_matrix(a, at, wide, b, to, width, rows, columns):
    """Copy part of a matrix to part of another; rows are `wide` and `width` apart."""
    for row in range(rows):
        for k in range(0, columns, LANES):
            left = columns - k
            write(b, to + row * width + k, left, read(a, at + row * wide + k, left))
