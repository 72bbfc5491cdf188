"""How NumPy writes activations, losses, optimizers and penalties, by the names of the engine's tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bpviz.engine.activations import LEAK, SELU_LEFT, SELU_SCALE


@dataclass(frozen=True, slots=True)
class ActivationCode:
    """An activation and its derivative.

    Attributes:
        value: Lines of a function of z.
        slope: Lines of a function of z and a; empty where the loss has the derivative in it.
        needs: Of `HELPERS`.
    """

    value: tuple[str, ...]
    slope: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LossCode:
    """A loss of each example and the delta of the output.

    Attributes:
        value: Lines of a function of z, a and y that returns (examples,).
        delta: The output's delta, of z, a, y and, where ``{slope}`` stands, f'(z).
    """

    value: tuple[str, ...]
    delta: str


@dataclass(frozen=True, slots=True)
class OptimizerCode:
    """One step of an optimizer for one matrix.

    Attributes:
        memory: Names of what it remembers.
        lines: From w, g and rate to ``new``; options are constants by their names in capitals.
        counts: Whether it needs to know how many steps it has made.
    """

    memory: tuple[str, ...]
    lines: tuple[str, ...]
    counts: bool = False


HELPERS: Final[Mapping[str, tuple[str, ...]]] = {
    "sigmoid": (
        "def sigmoid(z):",
        "    e = np.exp(-np.abs(z))  # never overflows, whatever the sign of z",
        "    return np.where(z >= 0, 1, e) / (1 + e)",
    ),
    "normal": (
        "def normal(z):",
        "    # Share of the normal distribution below z.",
        "    return 0.5 * (1 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2)))",
    ),
}
"""Functions that several activations need."""

ACTIVATION_CODE: Final[Mapping[str, ActivationCode]] = {
    "linear": ActivationCode(("return z",), ("return np.ones_like(z)",)),
    "sigmoid": ActivationCode((), ("return a * (1 - a)",), ("sigmoid",)),
    "tanh": ActivationCode(("return np.tanh(z)",), ("return 1 - a * a",)),
    "relu": ActivationCode(("return np.maximum(z, 0)",), ("return np.where(z > 0, 1.0, 0.0)",)),
    "leaky_relu": ActivationCode(
        (f"return np.where(z > 0, z, {LEAK} * z)",), (f"return np.where(z > 0, 1.0, {LEAK})",)
    ),
    "elu": ActivationCode(
        ("return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))",), ("return np.where(z > 0, 1, a + 1)",)
    ),
    "selu": ActivationCode(
        (f"return np.where(z > 0, {SELU_SCALE} * z, {SELU_LEFT} * np.expm1(np.minimum(z, 0)))",),
        (f"return np.where(z > 0, {SELU_SCALE}, a + {SELU_LEFT})",),
    ),
    "gelu": ActivationCode(
        ("return z * normal(z)",),
        ("return normal(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)",),
        ("normal",),
    ),
    "silu": ActivationCode(
        ("return z * sigmoid(z)",),
        ("s = sigmoid(z)", "return s * (1 + z * (1 - s))"),
        ("sigmoid",),
    ),
    "softplus": ActivationCode(
        ("return np.logaddexp(0, z)  # ln(1 + e^z), safe for large z",),
        ("return -np.expm1(-a)  # the sigmoid of z",),
    ),
    "softsign": ActivationCode(("return z / (1 + np.abs(z))",), ("return 1 / (1 + np.abs(z)) ** 2",)),
    "sine": ActivationCode(("return np.sin(z)",), ("return np.cos(z)",)),
    "softmax": ActivationCode(
        (
            "e = np.exp(z - z.max(axis=1, keepdims=True))  # the shift cancels, and nothing overflows",
            "return e / e.sum(axis=1, keepdims=True)",
        ),
    ),
}

LOSS_CODE: Final[Mapping[str, LossCode]] = {
    "half_squared": LossCode(("return 0.5 * ((a - y) ** 2).sum(axis=1)",), "(a - y) * {slope}"),
    "squared": LossCode(("return ((a - y) ** 2).sum(axis=1)",), "2 * (a - y) * {slope}"),
    "mse": LossCode(("return ((a - y) ** 2).mean(axis=1)",), "2 / y.shape[1] * (a - y) * {slope}"),
    "mae": LossCode(("return np.abs(a - y).mean(axis=1)",), "np.sign(a - y) / y.shape[1] * {slope}"),
    "huber": LossCode(
        (
            "d = np.abs(a - y)  # a parabola up to 1, then a line",
            "return np.where(d <= 1, 0.5 * d * d, d - 0.5).sum(axis=1)",
        ),
        "np.clip(a - y, -1, 1) * {slope}",
    ),
    "binary_cross_entropy": LossCode(
        (
            "# -y ln a - (1 - y) ln(1 - a), written with z so that no logarithm meets a 0",
            "return (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(axis=1)",
        ),
        "a - y",
    ),
    "categorical_cross_entropy": LossCode(
        (
            "# -sum of y ln a, written with z so that no logarithm meets a 0",
            "s = z - z.max(axis=1, keepdims=True)",
            "return (y * (np.log(np.exp(s).sum(axis=1, keepdims=True)) - s)).sum(axis=1)",
        ),
        "a - y",
    ),
}

_ADAM: Final = (
    "mean[name] = BETA1 * mean[name] + (1 - BETA1) * g",
    "square[name] = BETA2 * square[name] + (1 - BETA2) * g * g",
    "size = np.sqrt(square[name]) / math.sqrt(1 - BETA2**count) + EPSILON",
    "new = w - rate / (1 - BETA1**count) * mean[name] / size",
)

OPTIMIZER_CODE: Final[Mapping[str, OptimizerCode]] = {
    "sgd": OptimizerCode((), ("new = w - rate * g",)),
    "momentum": OptimizerCode(
        ("velocity",),
        ("velocity[name] = MOMENTUM * velocity[name] + g", "new = w - rate * velocity[name]"),
    ),
    "nesterov": OptimizerCode(
        ("velocity",),
        (
            "velocity[name] = MOMENTUM * velocity[name] + g",
            "new = w - rate * (g + MOMENTUM * velocity[name])",
        ),
    ),
    "adagrad": OptimizerCode(
        ("total",),
        ("total[name] = total[name] + g * g", "new = w - rate * g / (np.sqrt(total[name]) + EPSILON)"),
    ),
    "rmsprop": OptimizerCode(
        ("square",),
        (
            "square[name] = DECAY * square[name] + (1 - DECAY) * g * g",
            "new = w - rate * g / (np.sqrt(square[name]) + EPSILON)",
        ),
    ),
    "adam": OptimizerCode(("mean", "square"), _ADAM, counts=True),
    "adamw": OptimizerCode(
        ("mean", "square"),
        (
            *_ADAM[:3],
            "decayed = (1 - rate * WEIGHT_DECAY) * w  # the decay stays out of the averages",
            "new = decayed - rate / (1 - BETA1**count) * mean[name] / size",
        ),
        counts=True,
    ),
    "rprop": OptimizerCode(
        ("before", "size"),
        (
            "agreement = np.sign(g * before[name])",
            "factor = np.where(agreement > 0, GROW, np.where(agreement < 0, SHRINK, 1))",
            "first = np.where(size[name] == 0, rate, size[name])",
            "size[name] = np.clip(first * factor, SMALLEST, LARGEST)",
            "before[name] = np.where(agreement < 0, 0, g)  # when the sign turns, it rests for a step",
            "new = w - np.sign(before[name]) * size[name]",
        ),
    ),
}

PENALTY_SLOPES: Final[Mapping[str, str]] = {
    "none": "",
    "l1": "np.sign({w})",
    "l2": "{w}",
    "playground_l1": "np.sign({w})",
    "playground_l2": "{w}",
}
"""Derivatives of penalties by the weights ``{w}``, before the factor of the rate."""
