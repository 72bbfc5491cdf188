"""What a node does with its weighted input, and how the loss meets the outputs; on tiles.

The same formulas as in `bpviz.engine.activations` and `bpviz.engine.losses`, written for lanes.  Comparisons
are chosen so that NaN always comes through.
"""

from __future__ import annotations

from bpviz.engine.activations import LEAK, SELU_LEFT, SELU_SCALE
from bpviz.engine.kernels import codes
from bpviz.engine.kernels.functions import (
    exponential,
    exponential_less_one,
    hyperbolic_tangent,
    logarithm_above_one,
    normal_distribution,
    sign,
    sine_and_cosine,
)
from bpviz.engine.kernels.memory import load, store
from bpviz.engine.kernels.tiles import LANES, absolute, compiled, fill_like, inlined, where
from bpviz.engine.losses import HUBER_THRESHOLD


@inlined
def _linear(z):
    return z, fill_like(z, 1.0)


@inlined
def _sigmoid(z):
    e = exponential(-absolute(z))
    a = where(z < 0.0, e, 1.0) / (1.0 + e)
    return a, a * (1.0 - a)


@inlined
def _tanh(z):
    a = hyperbolic_tangent(z)
    return a, 1.0 - a * a


@inlined
def _relu(z):
    return where(z < 0.0, 0.0, z), where(z > 0.0, fill_like(z, 1.0), 0.0)


@inlined
def _leaky_relu(z):
    slope = where(z > 0.0, fill_like(z, 1.0), LEAK)
    return z * slope, slope


@inlined
def _left_exponential(z):
    """e^z - 1 where z < 0, and 0 elsewhere."""
    return exponential_less_one(where(z > 0.0, 0.0, z))


@inlined
def _elu(z):
    left = _left_exponential(z)
    return where(z > 0.0, z, left), where(z > 0.0, 1.0, left + 1.0)


@inlined
def _selu(z):
    left = SELU_LEFT * _left_exponential(z)
    return where(z > 0.0, SELU_SCALE * z, left), where(z > 0.0, SELU_SCALE, left + SELU_LEFT)


@inlined
def _gelu(z):
    below, density = normal_distribution(z)
    return z * below, below + z * density


@inlined
def _silu(z):
    s, _ = _sigmoid(z)
    return z * s, s * (1.0 + z * (1.0 - s))


@inlined
def _softplus(z):
    e = exponential(-absolute(z))
    a = where(z < 0.0, 0.0, z) + logarithm_above_one(e)
    return a, where(z < 0.0, e, 1.0) / (1.0 + e)


@inlined
def _softsign(z):
    scale = 1.0 / (1.0 + absolute(z))
    return z * scale, scale * scale


def _over(function, become):
    """Make a loop that applies a function to tiles from one place to another: Z in, A and slopes S out."""

    @become
    def loop(Z, A, S, first, end):
        for at in range(first, end, LANES):
            a, slope = function(load(Z, at))
            store(A, at, a)
            store(S, at, slope)

    return loop


def _over_pairs(function):
    """As `_over`, inlined, two tiles at a time: their constants are fetched once for both."""
    rest = _over(function, inlined)

    @inlined
    def loop(Z, A, S, first, end):
        at = first
        while at + LANES < end:
            rest(Z, A, S, at, at + LANES)
            rest(Z, A, S, at + LANES, at + 2 * LANES)
            at += 2 * LANES
        rest(Z, A, S, at, end)

    return loop


_over_linear, _over_relu = _over(_linear, inlined), _over(_relu, inlined)
_over_sigmoid, _over_tanh = _over_pairs(_sigmoid), _over_pairs(_tanh)
_over_leaky_relu, _over_elu, _over_selu = (
    _over(_leaky_relu, compiled),
    _over(_elu, compiled),
    _over(_selu, compiled),
)
_over_gelu, _over_silu, _over_softplus = (
    _over(_gelu, compiled),
    _over(_silu, compiled),
    _over(_softplus, compiled),
)
_over_softsign, _over_sine = _over(_softsign, compiled), _over(sine_and_cosine, compiled)


@inlined
def activate(code, Z, A, S, first, end):
    """Apply an elementwise activation to the tiles from `first` up to `end`: Z in, A and slopes S out."""
    if code == codes.TANH:
        _over_tanh(Z, A, S, first, end)
    elif code == codes.RELU:
        _over_relu(Z, A, S, first, end)
    elif code == codes.SIGMOID:
        _over_sigmoid(Z, A, S, first, end)
    elif code == codes.LINEAR:
        _over_linear(Z, A, S, first, end)
    elif code == codes.LEAKY_RELU:
        _over_leaky_relu(Z, A, S, first, end)
    elif code == codes.ELU:
        _over_elu(Z, A, S, first, end)
    elif code == codes.SELU:
        _over_selu(Z, A, S, first, end)
    elif code == codes.GELU:
        _over_gelu(Z, A, S, first, end)
    elif code == codes.SILU:
        _over_silu(Z, A, S, first, end)
    elif code == codes.SOFTPLUS:
        _over_softplus(Z, A, S, first, end)
    elif code == codes.SOFTSIGN:
        _over_softsign(Z, A, S, first, end)
    elif code == codes.SINE:
        _over_sine(Z, A, S, first, end)


@inlined
def meet(code, z, a, y, slope, share):
    """Return one output's part of the losses, and its delta.

    Args:
        code: Of the loss.
        z: Weighted inputs; for categorical cross-entropy the logarithms of the activations.
        a: Activations.
        y: Targets.
        slope: f'(z).
        share: 1 / K, with K outputs.
    """
    d = a - y
    if code == codes.HALF_SQUARED:
        return 0.5 * d * d, d * slope
    if code == codes.SQUARED:
        return d * d, 2.0 * d * slope
    if code == codes.MSE:
        return share * d * d, 2.0 * share * d * slope
    if code == codes.MAE:
        return share * absolute(d), share * sign(d) * slope
    if code == codes.HUBER:
        size = absolute(d)
        far = size > HUBER_THRESHOLD
        loss = where(far, HUBER_THRESHOLD * (size - 0.5 * HUBER_THRESHOLD), 0.5 * d * d)
        return loss, where(far, HUBER_THRESHOLD * sign(d), d) * slope
    if code == codes.BINARY_CROSS_ENTROPY:
        return where(z < 0.0, 0.0, z) - z * y + logarithm_above_one(exponential(-absolute(z))), d
    return -y * z, d
