"""The functions a node can apply to its weighted input, each with its derivative beside it.

To add one, add an entry to `ACTIVATIONS`: the value, the slope, and the kinks that the gradient check has to
know of.  At a kink the slope is the one PyTorch takes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import pi, sqrt
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.registry import Registry

LEAK: Final = 0.01
"""Slope of the leaky ReLU on its left side."""

# Fixed point (mean 0, variance 1) of Klambauer et al. 2017, eq. 14.
SELU_SCALE: Final = 1.0507009873554804934193349852946
SELU_ALPHA: Final = 1.6732632423543772848170429916717
SELU_LEFT: Final = SELU_SCALE * SELU_ALPHA

_ZERO_ONE: Final = (0.0, 1.0)
_MINUS_PLUS: Final = (-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Activation:
    """A function of a node's weighted input z, together with its derivative.

    Both callables take and return arrays of one shape, (examples, nodes), and keep the precision.

    Attributes:
        name: Key in files; never renamed.
        label: What menus show.
        formula: The function as plain text, for tooltips.
        derivative: Its derivative as plain text.
        value: ``z -> a``.
        slope: ``(z, a) -> da/dz``.  It gets both, so that each can use the cheaper one.
        gain: Scale that keeps the size of activations level from layer to layer, as in
            `torch.nn.init.calculate_gain`; the orthogonal initializer multiplies by it.
        kinks: Values of z at which a derivative jumps; a difference quotient across one is no derivative.
        elementwise: Whether a node's value depends on its own z alone.
        class_targets: What the first and the second class are encoded as when one such node tells
            two classes apart.
    """

    name: str
    label: str
    formula: str
    derivative: str
    value: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]
    gain: float = 1.0
    kinks: tuple[float, ...] = ()
    elementwise: bool = True
    class_targets: tuple[float, float] = _ZERO_ONE


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z), elementwise."""
    e = np.exp(-np.abs(z))  # never overflows, whatever the sign of z
    return np.asarray(np.where(z >= 0, 1, e) / (1 + e))


def softmax(z: Array) -> Array:
    """Return e^z_k / sum_j e^z_j over each row of (examples, nodes)."""
    e = np.exp(z - z.max(axis=1, keepdims=True))  # the shift cancels, and nothing overflows
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _step(z: Array, below: float, above: float) -> Array:
    """Return `above` where z > 0 and `below` elsewhere, 0 included."""
    return np.where(z > 0, z.dtype.type(above), z.dtype.type(below))


def _elu(z: Array) -> Array:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def _selu(z: Array) -> Array:
    return np.where(z > 0, SELU_SCALE * z, SELU_LEFT * np.expm1(np.minimum(z, 0)))


def _selu_slope(z: Array, a: Array) -> Array:
    return np.where(z > 0, z.dtype.type(SELU_SCALE), a + SELU_LEFT)


def normal_cdf(z: Array) -> Array:
    """The distribution of a standard normal number, by erf as in PyTorch."""
    # Loaded here, because only GELU needs it and it takes a quarter of the time until the window opens.
    from scipy.special import erf

    return np.asarray(0.5 * (1 + erf(z / sqrt(2))))


def normal_density(z: Array) -> Array:
    """The density of a standard normal number."""
    return np.asarray(np.exp(-0.5 * z * z) / sqrt(2 * pi))


def _gelu_slope(z: Array, _a: Array) -> Array:
    return normal_cdf(z) + z * normal_density(z)


def _silu_slope(z: Array, _a: Array) -> Array:
    s = sigmoid(z)
    return s * (1 + z * (1 - s))


ACTIVATIONS: Final = Registry(
    "activation",
    Activation(
        "linear",
        "Linear",
        "f(z) = z",
        "f'(z) = 1",
        value=lambda z: z.copy(),
        slope=lambda z, _a: np.ones_like(z),
        class_targets=_MINUS_PLUS,
    ),
    Activation(
        "sigmoid",
        "Sigmoid",
        "f(z) = 1 / (1 + e^−z)",
        "f'(z) = a (1 − a)",
        value=sigmoid,
        slope=lambda _z, a: a * (1 - a),
    ),
    Activation(
        "tanh",
        "Tanh",
        "f(z) = tanh z",
        "f'(z) = 1 − a²",
        value=np.tanh,
        slope=lambda _z, a: 1 - a * a,
        gain=5 / 3,
        class_targets=_MINUS_PLUS,
    ),
    Activation(
        "relu",
        "ReLU",
        "f(z) = max(0, z)",
        "f'(z) = 1 if z > 0, else 0",
        value=lambda z: np.maximum(z, 0),
        slope=lambda z, _a: _step(z, below=0, above=1),
        gain=sqrt(2),
        kinks=(0.0,),
    ),
    Activation(
        "leaky_relu",
        "Leaky ReLU",
        f"f(z) = z if z > 0, else {LEAK} z",
        f"f'(z) = 1 if z > 0, else {LEAK}",
        value=lambda z: np.where(z > 0, z, LEAK * z),
        slope=lambda z, _a: _step(z, below=LEAK, above=1),
        gain=sqrt(2 / (1 + LEAK**2)),
        kinks=(0.0,),
    ),
    Activation(
        "elu",
        "ELU",
        "f(z) = z if z > 0, else e^z − 1",
        "f'(z) = 1 if z > 0, else a + 1",
        value=_elu,
        slope=lambda z, a: np.where(z > 0, z.dtype.type(1), a + 1),
        kinks=(0.0,),  # of the slope only
    ),
    Activation(
        "selu",
        "SELU",
        # Files of weights carry these texts, for others to compute by: so with all digits.
        f"f(z) = {SELU_SCALE} z if z > 0, else {SELU_LEFT} (e^z − 1)",
        f"f'(z) = {SELU_SCALE} if z > 0, else a + {SELU_LEFT}",
        value=_selu,
        slope=_selu_slope,
        gain=3 / 4,
        kinks=(0.0,),
    ),
    Activation(
        "gelu",
        "GELU",
        "f(z) = z Φ(z), Φ the normal distribution",
        "f'(z) = Φ(z) + z φ(z)",
        value=lambda z: z * normal_cdf(z),
        slope=_gelu_slope,
    ),
    Activation(
        "silu",
        "SiLU (swish)",
        "f(z) = z σ(z), σ the sigmoid",
        "f'(z) = σ(z) (1 + z (1 − σ(z)))",
        value=lambda z: z * sigmoid(z),
        slope=_silu_slope,
    ),
    Activation(
        "softplus",
        "Softplus",
        "f(z) = ln(1 + e^z)",
        "f'(z) = 1 / (1 + e^−z)",
        value=lambda z: np.logaddexp(0, z),  # safe for large z
        slope=lambda _z, a: -np.expm1(-a),  # the sigmoid of z, written with a alone
    ),
    Activation(
        "softsign",
        "Softsign",
        "f(z) = z / (1 + |z|)",
        "f'(z) = 1 / (1 + |z|)²",
        value=lambda z: z / (1 + np.abs(z)),
        slope=lambda z, _a: 1 / (1 + np.abs(z)) ** 2,
        kinks=(0.0,),  # of the slope only
        class_targets=_MINUS_PLUS,
    ),
    Activation(
        "sine",
        "Sine",
        "f(z) = sin z",
        "f'(z) = cos z",
        value=np.sin,
        slope=lambda z, _a: np.cos(z),
        class_targets=_MINUS_PLUS,
    ),
    Activation(
        "softmax",
        "Softmax",
        "f(z)_k = e^z_k / Σ_j e^z_j",
        "∂a_k/∂z_j = a_k (1 if k = j else 0) − a_k a_j",
        value=softmax,
        # The diagonal of the Jacobian, to be shown; its loss computes the whole derivative from z.
        slope=lambda _z, a: a * (1 - a),
        elementwise=False,
    ),
)
