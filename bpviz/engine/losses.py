"""What the network is punished for: the loss of each example and the delta it starts backprop with.

Losses are of one example; the loss of a batch is their mean.  To add one, add an entry to `LOSSES` with
its shares, its output delta and the output activations it goes with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS
from bpviz.registry import Registry

HUBER_THRESHOLD: Final = 1.0
"""Where the Huber loss turns from a parabola into a line."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss of one example and its derivative.

    Attributes:
        name: Key in files; never renamed.
        label: What menus show.
        formula: As plain text; k runs over the outputs, K is their number, y the target.
        shares: ``(z, a, y) -> shares``: from the outputs' weighted inputs, activations and targets to what
            each output adds to the loss, before the factor of `share_scale`; each (examples, outputs).
        output_delta: ``(z, a, y, slope) -> delta``: d loss_i / d z_i of each example, (examples, outputs).
        averaged: Whether the loss is the mean of the shares; else it is their sum.
        only_with: The output activations it goes with; empty for every elementwise one.
        targets: What targets it makes sense for: ``any`` numbers, ``shares`` from 0 to 1, or a
            ``distribution``, shares of each example that sum to 1.  Classes are both.
        kinks: Values of a - y at which a derivative jumps.
    """

    name: str
    label: str
    formula: str
    shares: Callable[[Array, Array, Array], Array]
    output_delta: Callable[[Array, Array, Array, Array], Array]
    averaged: bool = False
    only_with: tuple[str, ...] = ()
    targets: Literal["any", "shares", "distribution"] = "any"
    kinks: tuple[float, ...] = ()

    def value(self, z: Array, a: Array, y: Array) -> Array:
        """Return the loss of each example, (examples,)."""
        shares = self.shares(z, a, y)
        return np.asarray(shares.mean(axis=1) if self.averaged else shares.sum(axis=1))

    def share_scale(self, outputs: int) -> float:
        """Return the factor of each share: 1 / K where the loss is their mean."""
        return 1 / outputs if self.averaged else 1.0

    @property
    def fused(self) -> bool:
        """Whether its output delta is computed from z at once, without a factor d loss / d a."""
        return bool(self.only_with)

    def allows(self, activation: str) -> bool:
        """Whether an output node may have this activation."""
        return activation in self.only_with if self.only_with else ACTIVATIONS[activation].elementwise

    @property
    def remedy(self) -> str:
        """What to do about an output activation that is not allowed, as a sentence."""
        if self.only_with:
            names = " or ".join(ACTIVATIONS[name].label for name in self.only_with)
            return f"Give every output node the activation {names}, or choose another loss."
        return "Give the output layer another activation than Softmax, or choose categorical cross-entropy."


def _huber(_z: Array, a: Array, y: Array) -> Array:
    d = np.abs(a - y)
    near = 0.5 * d * d
    far = HUBER_THRESHOLD * (d - 0.5 * HUBER_THRESHOLD)
    return np.where(d <= HUBER_THRESHOLD, near, far)


def _binary_cross_entropy(z: Array, _a: Array, y: Array) -> Array:
    # -y ln a - (1 - y) ln (1 - a) with a = sigmoid(z), written with z so that no logarithm meets a 0.
    return np.asarray(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))


def _categorical_cross_entropy(z: Array, _a: Array, y: Array) -> Array:
    # -sum y ln a with a = softmax(z) = e^s / sum e^s, where s is z shifted so that the largest is 0.  Its
    # e^0 = 1 is left out of the sum and added by log1p, so that what is small beside it is not lost.
    s = z - z.max(axis=1, keepdims=True)
    others = np.exp(s)
    np.put_along_axis(others, s.argmax(axis=1, keepdims=True), 0, axis=1)
    return np.asarray(y * (np.log1p(others.sum(axis=1, keepdims=True)) - s))


LOSSES: Final = Registry(
    "loss",
    Loss(
        "half_squared",
        "Half squared error",
        "½ Σ_k (a_k − y_k)²",
        shares=lambda _z, a, y: 0.5 * (a - y) ** 2,
        output_delta=lambda _z, a, y, slope: (a - y) * slope,
    ),
    Loss(
        "squared",
        "Squared error",
        "Σ_k (a_k − y_k)²",
        shares=lambda _z, a, y: (a - y) ** 2,
        output_delta=lambda _z, a, y, slope: 2 * (a - y) * slope,
    ),
    Loss(
        "mse",
        "Mean squared error",
        "1/K Σ_k (a_k − y_k)²",
        shares=lambda _z, a, y: (a - y) ** 2,
        output_delta=lambda _z, a, y, slope: 2 / a.shape[1] * (a - y) * slope,
        averaged=True,
    ),
    Loss(
        "mae",
        "Mean absolute error",
        "1/K Σ_k |a_k − y_k|",
        shares=lambda _z, a, y: np.abs(a - y),
        output_delta=lambda _z, a, y, slope: np.sign(a - y) / a.shape[1] * slope,
        averaged=True,
        kinks=(0.0,),
    ),
    Loss(
        "huber",
        "Huber",
        "Σ_k ½ d² if |d| ≤ 1, else |d| − ½, with d = a_k − y_k",
        shares=_huber,
        output_delta=lambda _z, a, y, slope: np.clip(a - y, -HUBER_THRESHOLD, HUBER_THRESHOLD) * slope,
        kinks=(-HUBER_THRESHOLD, HUBER_THRESHOLD),  # of the slope only
    ),
    Loss(
        "binary_cross_entropy",
        "Binary cross-entropy",
        "−Σ_k [y_k ln a_k + (1 − y_k) ln(1 − a_k)]",
        shares=_binary_cross_entropy,
        # The slope of the sigmoid and the denominator of the loss's derivative cancel.
        output_delta=lambda _z, a, y, _slope: a - y,
        only_with=("sigmoid",),
        targets="shares",
    ),
    Loss(
        "categorical_cross_entropy",
        "Categorical cross-entropy",
        "−Σ_k y_k ln a_k",
        shares=_categorical_cross_entropy,
        # All of softmax's Jacobian is in this: it holds because the targets of an example sum to 1.
        output_delta=lambda _z, a, y, _slope: a - y,
        only_with=("softmax",),
        targets="distribution",
    ),
)
