"""Exponential, logarithm, sine, cosine and the normal distribution on tiles.

Libraries compute them for one number after the other; here all lanes go through the same few multiplications,
without a branch.  Each is a reduction of its argument to a short interval and a polynomial there.  The
coefficients interpolate the function at Chebyshev nodes, computed with 50 digits; errors are below
1 unit in the last place of float64 for `exponential` and `logarithm`, a few for what is made of them.
"""

from __future__ import annotations

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from bpviz.engine.kernels.tiles import (
    LANES,
    LANES_TYPE,
    absolute,
    call,
    constant,
    fill_like,
    fused,
    inlined,
    slow_cosine,
    slow_sine,
    some,
    where,
    with_sign,
)


def by_precision(double, single):
    """Make a function ``tile -> tile`` that fills a tile with the constant of its precision."""

    @intrinsic
    def constant_of(typingctx, tile):
        def codegen(context, builder, sig, args):
            vector = context.get_value_type(sig.return_type)
            return constant(vector, double if sig.return_type.dtype == types.float64 else single)

        return tile(tile), codegen

    return constant_of


def polynomial(double, single):
    """Make a function ``x -> c[0] + c[1] x + c[2] x^2 + ...`` with the coefficients of x's precision.

    Evaluated by Estrin's scheme, pairs, then pairs of pairs, for a short chain of dependent operations.
    """

    @intrinsic
    def evaluate(typingctx, x):
        def codegen(context, builder, sig, args):
            vector = context.get_value_type(sig.return_type)
            chosen = double if sig.return_type.dtype == types.float64 else single
            return _estrin(builder, args[0], [constant(vector, number) for number in chosen])

        return x(x), codegen

    return evaluate


def _estrin(builder, power, terms):
    while len(terms) > 1:
        odd = len(terms) % 2
        paired = [
            call(builder, "fma", terms[at + 1], power, terms[at]) for at in range(0, len(terms) - odd, 2)
        ]
        terms = paired + terms[len(terms) - odd :]
        power = builder.fmul(power, power)
    return terms[0]


# Adding this number rounds to an integer, which then stands in the lowest bits; or there with the bias of
# exponents.  That is odd, so halves would go the other way, but y log2 e is never halfway for y in reach.
_ROUNDER = by_precision(1.5 * 2.0**52, 1.5 * 2.0**23)
_BIASED_ROUNDER = by_precision(1.5 * 2.0**52 + 1023, 1.5 * 2.0**23 + 127)

_LOG2_E = by_precision(1.4426950408889634, 1.4426950408889634)
# ln 2 in two parts; the first has so few digits that its product with an exponent is exact.
_LN2_HIGH = by_precision(0.6931471803691238, 0.693115234375)
_LN2_LOW = by_precision(1.9082149292705877e-10, 3.1946184945309415e-05)
_LN2 = by_precision(0.6931471805599453, 0.6931471805599453)
# Below these e^y would leave the normal numbers.
_LOWEST = by_precision(-708.0, -87.0)

# (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2.
_EXPM1_TAIL = polynomial(
    (
        0.5000000000000001,
        0.16666666666666669,
        0.041666666666623824,
        0.008333333333330039,
        0.0013888888917367081,
        0.00019841269863171557,
        2.4801521057868204e-05,
        2.7557268276905696e-06,
        2.7620201591031547e-07,
        2.5100472505694996e-08,
    ),
    (0.5, 0.16666576666119928, 0.04166655421298415, 0.008363232883682618, 0.0013926250831497611),
)

# (artanh(s) / s - 1) / w with w = s^2 <= 1/9.
_ARTANH_TAIL = polynomial(
    (
        0.3333333333333333,
        0.20000000000007298,
        0.1428571428355253,
        0.11111111358900891,
        0.09090894708663223,
        0.07692785296456121,
        0.06657067775440581,
        0.06000577591428889,
        0.04400158825434387,
        0.08082469084735669,
    ),
    (0.33333320162814345, 0.20003781532629666, 0.14118273328778863, 0.1342601364699985),
)

# pi / 2 in three parts; products of the first two with an integer up to 2**23 (float32: 2**13) are exact.
_HALF_PI_HIGH = by_precision(1.570796325802803, 1.5703125)
_HALF_PI_MIDDLE = by_precision(9.920935791635221e-10, 0.0004837512969970703)
_HALF_PI_LOW = by_precision(5.170182981794105e-19, 7.549789954891882e-08)
_TWO_BY_PI = by_precision(0.6366197723675814, 0.6366197723675814)
_FAR = by_precision(2.0**20, 8192.0)

# (sin(r) / r - 1) / r^2 and (cos(r) - 1 + r^2 / 2) / r^4 in r^2, for |r| <= pi / 4.
_SINE_TAIL = polynomial(
    (
        -0.16666666666666666,
        0.008333333333330925,
        -0.00019841269836722418,
        2.755731608381636e-06,
        -2.5051127944014188e-08,
        1.5917848524808262e-10,
    ),
    (-0.16666664650292082, 0.008332745936380422, -0.00019587387068464455),
)
_COSINE_TAIL = polynomial(
    (
        0.041666666666666664,
        -0.0013888888888887382,
        2.480158729874307e-05,
        -2.7557317260008837e-07,
        2.0876143827993133e-09,
        -1.1382456778061306e-11,
    ),
    (0.04166666464745738, -0.00138883006969039, 2.45474372101932e-05),
)

# e^(u^2 / 2) times the normal distribution at -u, in t = (u - 5) / (u + 5), for 0 <= u <= 40.
_TAIL_CENTER = by_precision(5.0, 3.0)
_TAIL_END = by_precision(40.0, 14.0)
_NORMAL_TAIL = polynomial(
    (
        0.07691930497500629,
        -0.14345755526401197,
        0.1160688118860033,
        -0.08088387726412737,
        0.0478553522841696,
        -0.023413900487693897,
        0.008991370550598086,
        -0.0023788443566677467,
        0.0002195507375440467,
        0.00013427684322654088,
        -6.042748237301925e-05,
        9.61306784180649e-07,
        6.644419936253439e-06,
        -1.270078412430281e-06,
        -6.750765151312232e-07,
        2.4335323340753375e-07,
        7.710631490206624e-08,
        -3.9177508747531594e-08,
        -1.0996973803321144e-08,
        5.6967296984476834e-09,
        1.8288584887387794e-09,
        -5.721535354392609e-10,
        -2.331708862627237e-10,
    ),
    (
        0.1215139477423257,
        -0.2064026220707326,
        0.12322502174886213,
        -0.04621324746685274,
        0.006132192509652008,
        0.0029044283897440414,
        -0.000984276383317789,
        -0.0003395564635074362,
        0.00011620792924158665,
        5.409386007228654e-05,
    ),
)
_INVERSE_ROOT_2_PI = by_precision(0.3989422804014327, 0.3989422804014327)


def _bits(builder, vector):
    width = 64 if isinstance(vector.type.element, ir.DoubleType) else 32
    kind = ir.VectorType(ir.IntType(width), LANES)
    return builder.bitcast(vector, kind), kind, (52 if width == 64 else 23)


@intrinsic
def _power_of_two(typingctx, rounded):
    """2^n, with the integer n in the lowest bits of a number that `_BIASED_ROUNDER` was added to."""

    def codegen(context, builder, sig, args):
        bits, kind, digits = _bits(builder, args[0])
        return builder.bitcast(builder.shl(bits, ir.Constant(kind, [digits] * LANES)), args[0].type)

    return rounded(rounded), codegen


@intrinsic(prefer_literal=True)
def _has_bit(typingctx, rounded, bit):
    """Whether the integer in the lowest bits has this one set; `bit` is a literal."""
    value = bit.literal_value

    def codegen(context, builder, sig, args):
        bits, kind, _digits = _bits(builder, args[0])
        masked = builder.and_(bits, ir.Constant(kind, [value] * LANES))
        return builder.icmp_unsigned("!=", masked, ir.Constant(kind, [0] * LANES))

    return LANES_TYPE(rounded, bit), codegen


@intrinsic
def _split_exponent(typingctx, x):
    """Take a positive number apart into f from sqrt(1/2) to sqrt(2), and k, with x = f 2^k."""
    pair = types.UniTuple(x, 2)

    def codegen(context, builder, sig, args):
        bits, kind, digits = _bits(builder, args[0])
        # The bits of sqrt(1/2): numbers from there on have the exponent of the next power of two.
        base = 0x3FE6A09E667F3BCD if digits == 52 else 0x3F3504F3
        shift = ir.Constant(kind, [digits] * LANES)
        exponent = builder.ashr(builder.sub(bits, ir.Constant(kind, [base] * LANES)), shift)
        rest = builder.sub(bits, builder.shl(exponent, shift))
        parts = builder.bitcast(rest, args[0].type), builder.sitofp(exponent, args[0].type)
        return context.make_tuple(builder, sig.return_type, parts)

    return pair(x), codegen


@inlined
def _reduced_exponential(y):
    """Return 2^n and e^r - 1, with y = n ln 2 + r, for y up to 700 (float32: 80)."""
    y = where(y < _LOWEST(y), _LOWEST(y), y)  # NaN is not below, so it stays
    rounded = fused(y, _LOG2_E(y), _BIASED_ROUNDER(y))
    n = rounded - _BIASED_ROUNDER(y)
    r = fused(-n, _LN2_LOW(y), fused(-n, _LN2_HIGH(y), y))
    return _power_of_two(rounded), fused(r * r, _EXPM1_TAIL(r), r)


@inlined
def exponential(y):
    """e^y, for y up to 700 (float32: 80)."""
    power, tail = _reduced_exponential(y)
    return fused(power, tail, power)


@inlined
def exponential_less_one(y):
    """e^y - 1, for y up to 700 (float32: 80); exact near 0."""
    power, tail = _reduced_exponential(y)
    return fused(power, tail, power - 1.0)


@inlined
def hyperbolic_tangent(x):
    """tanh(x), from e^(-2|x|) - 1, which is exact near 0 and never overflows."""
    t = exponential_less_one(-2.0 * absolute(x))
    return with_sign(t / (t + 2.0), x)


@inlined
def logarithm_above_one(u):
    """ln(1 + u), for u from 0 to 1."""
    s = u / (u + 2.0)
    w = s * s
    return 2.0 * fused(s * w, _ARTANH_TAIL(w), s)


@inlined
def logarithm(x):
    """ln(x), for positive normal numbers; NaN and infinity give NaN."""
    f, k = _split_exponent(x)
    s = (f - 1.0) / (f + 1.0)
    w = s * s
    # x - x is 0, unless x is no finite number.
    return fused(k, _LN2(x), 2.0 * fused(s * w, _ARTANH_TAIL(w), s)) + (x - x)


@inlined
def sine_and_cosine(x):
    """sin(x) and cos(x)."""
    if some(absolute(x) > _FAR(x)):
        return slow_sine(x), slow_cosine(x)
    rounded = fused(x, _TWO_BY_PI(x), _ROUNDER(x))
    n = rounded - _ROUNDER(x)
    r = fused(-n, _HALF_PI_LOW(x), fused(-n, _HALF_PI_MIDDLE(x), fused(-n, _HALF_PI_HIGH(x), x)))
    w = r * r
    sine = fused(r * w, _SINE_TAIL(w), r)
    cosine = fused(w * w, _COSINE_TAIL(w), fused(w, -0.5, 1.0))
    odd, lower = _has_bit(rounded, 1), _has_bit(rounded, 2)
    s, c = where(odd, cosine, sine), where(odd, sine, cosine)
    s = where(lower, -s, s)
    # The cosine is negative in the second and the third quadrant, where exactly one of the bits is set.
    c = where(odd, where(lower, c, -c), where(lower, -c, c))
    return s, c


@inlined
def normal_distribution(z):
    """Return the standard normal's distribution function and density at z."""
    u = absolute(z)
    u = where(u > _TAIL_END(z), _TAIL_END(z), u)
    scale = exponential(-0.5 * u * u)
    tail = scale * _NORMAL_TAIL((u - _TAIL_CENTER(z)) / (u + _TAIL_CENTER(z)))
    below = where(z < 0.0, tail, 1.0 - tail)
    return below + (z - z), scale * _INVERSE_ROOT_2_PI(z)


@inlined
def sign(x):
    """1, 0 or -1; 0 for NaN."""
    return where(x > 0.0, fill_like(x, 1.0), where(x < 0.0, fill_like(x, -1.0), 0.0))
