"""How Keras writes activations, losses, optimizers and penalties, by the names of the engine's tables.

The optimizers of Keras keep other averages and add epsilon at other places, so all but plain descent are
written out, as bpviz has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bpviz.engine.activations import LEAK


@dataclass(frozen=True, slots=True)
class OptimizerCode:
    """One step of an optimizer for one variable.

    Attributes:
        memory: Names of what it remembers.
        lines: From w, g, rate and what it remembers to new values of them; options are constants.
        counts: Whether it needs to know how many steps it has made.
    """

    memory: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    counts: bool = False


ACTIVATION_CODE: Final[Mapping[str, str]] = {
    **{
        name: f'"{name}"'
        for name in ("linear", "sigmoid", "tanh", "relu", "elu", "selu", "gelu", "silu", "softplus")
    },
    "leaky_relu": f"lambda z: ops.leaky_relu(z, {LEAK})",
    "softsign": '"softsign"',
    "sine": "ops.sin",
    "softmax": '"softmax"',
}
"""What layers are given as their activation."""

LOSS_CODE: Final[Mapping[str, tuple[str, ...]]] = {
    "half_squared": ("return 0.5 * ops.sum((answer - y) ** 2, axis=1)",),
    "squared": ("return ops.sum((answer - y) ** 2, axis=1)",),
    "mse": ("return ops.mean((answer - y) ** 2, axis=1)",),
    "mae": ("return ops.mean(ops.abs(answer - y), axis=1)",),
    "huber": (
        "d = ops.abs(answer - y)  # a parabola up to 1, then a line",
        "return ops.sum(ops.where(d <= 1, 0.5 * d * d, d - 0.5), axis=1)",
    ),
    "binary_cross_entropy": (
        "z = answer  # written with what the outputs sum up, so that no logarithm meets a 0",
        "return ops.sum(ops.maximum(z, 0) - z * y + ops.log1p(ops.exp(-ops.abs(z))), axis=1)",
    ),
    "categorical_cross_entropy": ("return -ops.sum(y * ops.log_softmax(answer, axis=1), axis=1)",),
}

_ADAM: Final = (
    "mean = BETA1 * mean + (1 - BETA1) * g",
    "square = BETA2 * square + (1 - BETA2) * g * g",
    "size = ops.sqrt(square / (1 - BETA2**count)) + EPSILON",
)

OPTIMIZER_CODE: Final[Mapping[str, OptimizerCode]] = {
    "sgd": OptimizerCode(),
    "momentum": OptimizerCode(
        ("velocity",), ("velocity = MOMENTUM * velocity + g", "w = w - rate * velocity")
    ),
    "nesterov": OptimizerCode(
        ("velocity",), ("velocity = MOMENTUM * velocity + g", "w = w - rate * (g + MOMENTUM * velocity)")
    ),
    "adagrad": OptimizerCode(
        ("total",), ("total = total + g * g", "w = w - rate * g / (ops.sqrt(total) + EPSILON)")
    ),
    "rmsprop": OptimizerCode(
        ("square",),
        (
            "square = DECAY * square + (1 - DECAY) * g * g",
            "w = w - rate * g / (ops.sqrt(square) + EPSILON)",
        ),
    ),
    "adam": OptimizerCode(
        ("mean", "square"), (*_ADAM, "w = w - rate / (1 - BETA1**count) * mean / size"), counts=True
    ),
    "adamw": OptimizerCode(
        ("mean", "square"),
        (
            *_ADAM,
            "w = (1 - rate * WEIGHT_DECAY) * w  # the decay stays out of the averages",
            "w = w - rate / (1 - BETA1**count) * mean / size",
        ),
        counts=True,
    ),
    "rprop": OptimizerCode(
        ("before", "size"),
        (
            "agreement = ops.sign(g * before)",
            "factor = ops.where(agreement > 0, GROW, ops.where(agreement < 0, SHRINK, 1.0))",
            "size = ops.clip(ops.where(size == 0, rate, size) * factor, SMALLEST, LARGEST)",
            "before = ops.where(agreement < 0, 0.0, g)  # when the sign turns, it rests for a step",
            "w = w - ops.sign(before) * size",
        ),
    ),
}

REGULARIZERS: Final[Mapping[str, str]] = {
    "none": "",
    "l1": "keras.regularizers.L1({rate} / {examples})",
    "l2": "keras.regularizers.L2({rate} / (2 * {examples}))",
    "playground_l1": "",
    "playground_l2": "",
}
"""What penalties are for a layer; the Playground's take a step of their own instead."""
