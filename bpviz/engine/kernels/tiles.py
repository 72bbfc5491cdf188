"""Tiles: 16 numbers that a kernel computes with as one.

A `Tile` is a vector register to the compiler (or a few of them, as the machine has it), so a loop over tiles
needs no automatic vectorization to be fast.  Arithmetic, comparisons and numbers beside tiles work as in
numpy; a Python number takes on the tile's precision, so that float32 stays float32.  Products and sums may be
fused, nothing else is rearranged: infinities and NaN stay what they are, and the order of sums is the
order in the code.  `memory` moves tiles, `sums` adds up their lanes.
"""

from __future__ import annotations

import operator

from llvmlite import ir
from numba import njit
from numba.core import cgutils, types
from numba.core.typeconv import Conversion
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, lower_cast, models, register_model

LANES = 16
"""Numbers in a tile."""

_FUSED = ("contract",)

compiled = njit(nogil=True, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Decorator of a function that kernels call."""

inlined = njit(
    nogil=True, error_model="numpy", forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""Decorator of a function that becomes part of each that calls it."""


class Tile(types.Type):
    """Numba's type of a tile: ``lanes`` numbers of ``dtype``."""

    def __init__(self, dtype, lanes=LANES):
        self.dtype, self.lanes = dtype, lanes
        super().__init__(name=f"Tile({dtype}, {lanes})")

    def can_convert_from(self, typingctx, other):
        """Let numbers become tiles where a tile is wanted."""
        return Conversion.safe if isinstance(other, types.Number) else None


class Lanes(types.Type):
    """Numba's type of the outcome of a comparison: one truth value a lane."""

    def __init__(self):
        super().__init__(name="Lanes")


LANES_TYPE = Lanes()


@register_model(Tile)
class _TileModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        scalar = dmm.lookup(fe_type.dtype).get_value_type()
        super().__init__(dmm, fe_type, ir.VectorType(scalar, fe_type.lanes))


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, ir.VectorType(ir.IntType(1), LANES))


def spread_value(builder, value, lanes=LANES):
    """Fill a vector with one number."""
    vector = ir.VectorType(value.type, lanes)
    first = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), lanes), [0] * lanes)
    return builder.shuffle_vector(first, ir.Constant(vector, ir.Undefined), zeros)


def constant(vector, number):
    """Fill a vector type with a constant."""
    return ir.Constant(vector, [ir.Constant(vector.element, number)] * vector.count)


def call(builder, name, *vectors):
    """Call one of LLVM's own functions on vectors of one type."""
    vector = vectors[0].type
    letter = "f64" if isinstance(vector.element, ir.DoubleType) else "f32"
    kind = ir.FunctionType(vector, [vector] * len(vectors))
    full = f"llvm.{name}.v{vector.count}{letter}"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, full), vectors)


# Operators


def _register(operators, lower, result):
    """Teach numba an operator between tiles, and between a tile and a number on either side."""

    class Template(AbstractTemplate):
        def generic(self, args, kws):
            tiles = [arg for arg in args if isinstance(arg, Tile)]
            plain = [arg for arg in args if not isinstance(arg, Tile | types.Number)]
            if not tiles or plain:
                return None
            return signature(result(tiles[0]), *(tiles[0],) * len(args))

    def lowering(context, builder, _sig, args):
        return lower(builder, *args)

    for key in operators:
        infer_global(key)(type(f"{key.__name__}_of_tiles", (Template,), {"key": key}))
        lower_builtin(key, Tile, Tile)(lowering)
        lower_builtin(key, Tile)(lowering)


def _arithmetic(method):
    return lambda builder, a, b: getattr(builder, method)(a, b, flags=_FUSED)


def _comparison(sign):
    return lambda builder, a, b: builder.fcmp_ordered(sign, a, b)


def _same(tile):
    return tile


def _truths(_tile):
    return LANES_TYPE


_register((operator.add, operator.iadd), _arithmetic("fadd"), _same)
_register((operator.sub, operator.isub), _arithmetic("fsub"), _same)
_register((operator.mul, operator.imul), _arithmetic("fmul"), _same)
_register((operator.truediv, operator.itruediv), _arithmetic("fdiv"), _same)
_register((operator.neg,), lambda builder, a: builder.fneg(a), _same)
_register((operator.lt,), _comparison("<"), _truths)
_register((operator.le,), _comparison("<="), _truths)
_register((operator.gt,), _comparison(">"), _truths)
_register((operator.ge,), _comparison(">="), _truths)


@lower_cast(types.Number, Tile)
def _number_to_tile(context, builder, fromty, toty, value):
    """Fill a tile with a number, in the tile's precision."""
    if isinstance(fromty, types.IntegerLiteral):
        fromty = fromty.literal_type
    return spread_value(builder, context.cast(builder, value, fromty, toty.dtype), toty.lanes)


# Functions


@intrinsic
def fill_like(typingctx, array, number):
    """Fill a tile, of the precision of an array or another tile, with a number."""
    sig = Tile(array.dtype)(array, number)

    def codegen(context, builder, sig, args):
        value = context.cast(builder, args[1], sig.args[1], sig.return_type.dtype)
        return spread_value(builder, value)

    return sig, codegen


@intrinsic
def where(typingctx, lanes, a, b):
    """Take `a` in the lanes that are true and `b` in the others; either may be a number."""
    tile = a if isinstance(a, Tile) else b
    sig = tile(LANES_TYPE, tile, tile)

    def codegen(context, builder, sig, args):
        return builder.select(*args)

    return sig, codegen


@intrinsic
def some(typingctx, a):
    """Whether any lane is true."""

    def codegen(context, builder, sig, args):
        bits = builder.bitcast(args[0], ir.IntType(LANES))
        return builder.icmp_unsigned("!=", bits, ir.Constant(bits.type, 0))

    return types.boolean(LANES_TYPE), codegen


@intrinsic
def fused(typingctx, a, b, c):
    """``a * b + c`` with one rounding; each may be a number, one must be a tile."""
    tile = next(arg for arg in (a, b, c) if isinstance(arg, Tile))
    return tile(tile, tile, tile), lambda context, builder, sig, args: call(builder, "fma", *args)


@intrinsic
def absolute(typingctx, a):
    """``|a|``."""
    return a(a), lambda context, builder, sig, args: call(builder, "fabs", *args)


@intrinsic
def square_root(typingctx, a):
    """The square root."""
    return a(a), lambda context, builder, sig, args: call(builder, "sqrt", *args)


@intrinsic
def with_sign(typingctx, a, b):
    """``|a|`` with the sign of b."""
    return a(a, a), lambda context, builder, sig, args: call(builder, "copysign", *args)


@intrinsic
def slow_sine(typingctx, a):
    """The sine, one lane after the other."""
    return a(a), lambda context, builder, sig, args: call(builder, "sin", *args)


@intrinsic
def slow_cosine(typingctx, a):
    """The cosine, one lane after the other."""
    return a(a), lambda context, builder, sig, args: call(builder, "cos", *args)


@intrinsic
def in_double(typingctx, a):
    """The same numbers in float64."""
    sig = Tile(types.float64, a.lanes)(a)

    def codegen(context, builder, sig, args):
        vector = context.get_value_type(sig.return_type)
        return args[0] if args[0].type == vector else builder.fpext(args[0], vector)

    return sig, codegen
