"""Between arrays and tiles.

All functions take an array, or a pointer to its first element, and a place in it; they check nothing.
"""

from __future__ import annotations

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.types.containers import BaseTuple
from numba.extending import intrinsic

from bpviz.engine.kernels.tiles import LANES, Tile, constant, inlined, spread_value


def _data(context, builder, kind, value):
    """Where an array's first element stands; pointers say it themselves."""
    return context.make_array(kind)(context, builder, value).data if isinstance(kind, types.Array) else value


def _address(context, builder, kind, array, at, vector):
    """Pointer to a vector inside an array, counted in elements of the array."""
    place = builder.gep(_data(context, builder, kind, array), [at])
    return builder.bitcast(place, vector.as_pointer())


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


def _size(dtype):
    return dtype.bitwidth // 8


def _loader(lanes):
    def typing(typingctx, array, at):
        sig = Tile(array.dtype, lanes)(array, types.intp)

        def codegen(context, builder, sig, args):
            vector = context.get_value_type(sig.return_type)
            place = _address(context, builder, sig.args[0], *args, vector)
            return builder.load(place, align=_size(sig.return_type.dtype))

        return sig, codegen

    return typing


def _storer(typingctx, array, at, tile):
    sig = types.void(array, types.intp, tile)

    def codegen(context, builder, sig, args):
        array, at, value = args
        place = _address(context, builder, sig.args[0], array, at, value.type)
        builder.store(value, place, align=_size(sig.args[2].dtype))
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


def _lane_numbers():
    kind = ir.VectorType(ir.IntType(64), LANES)
    return ir.Constant(kind, list(range(LANES)))


def _below(builder, count):
    """The lanes before the count-th."""
    return builder.icmp_signed("<", _lane_numbers(), spread_value(builder, count))


@intrinsic
def load_some(typingctx, array, at, count):
    """Read the first `count` elements of a tile; the others are 0."""
    sig = Tile(array.dtype)(array, types.intp, types.intp)

    def codegen(context, builder, sig, args):
        array, at, count = args
        vector = context.get_value_type(sig.return_type)
        place = _address(context, builder, sig.args[0], array, at, vector)
        return _masked_load(builder, vector, place, _below(builder, count), _size(sig.return_type.dtype))

    return sig, codegen


@intrinsic
def store_some(typingctx, array, at, count, tile):
    """Write the first `count` elements of a tile."""
    sig = types.void(array, types.intp, types.intp, tile)

    def codegen(context, builder, sig, args):
        array, at, count, value = args
        place = _address(context, builder, sig.args[0], array, at, value.type)
        _masked_store(builder, value, place, _below(builder, count), _size(sig.args[3].dtype))
        return context.get_dummy_value()

    return sig, codegen


def _suffix(vector):
    return f"v{vector.count}" + ("f64" if isinstance(vector.element, ir.DoubleType) else "f32")


def _masked_load(builder, vector, place, mask, align):
    void = cgutils.voidptr_t
    kind = ir.FunctionType(vector, [void, ir.IntType(32), mask.type, vector])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.load.{_suffix(vector)}.p0")
    zero = constant(vector, 0.0)
    return builder.call(
        function, [builder.bitcast(place, void), ir.Constant(ir.IntType(32), align), mask, zero]
    )


def _masked_store(builder, value, place, mask, align):
    void = cgutils.voidptr_t
    kind = ir.FunctionType(ir.VoidType(), [value.type, void, ir.IntType(32), mask.type])
    name = f"llvm.masked.store.{_suffix(value.type)}.p0"
    function = cgutils.get_or_insert_function(builder.module, kind, name)
    builder.call(function, [value, builder.bitcast(place, void), ir.Constant(ir.IntType(32), align), mask])


@intrinsic
def spread(typingctx, array, at):
    """Fill a tile with one element."""
    sig = Tile(array.dtype)(array, types.intp)

    def codegen(context, builder, sig, args):
        array, at = args
        data = _data(context, builder, sig.args[0], array)
        return spread_value(builder, builder.load(builder.gep(data, [at])))

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
