"""The numbers by which kernels know the entries of the engine's tables.

A kernel is compiled once and for all, so it chooses by number.  An entry that is not listed here trains on
the reference path.  To teach the kernels one, give it the next number and add its case to the kernel side.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule


def _numbered(*names: str) -> Mapping[str, int]:
    return {name: at for at, name in enumerate(names)}


ACTIVATIONS: Final = _numbered(
    "linear",
    "sigmoid",
    "tanh",
    "relu",
    "leaky_relu",
    "elu",
    "selu",
    "gelu",
    "silu",
    "softplus",
    "softsign",
    "sine",
    "softmax",
)
LINEAR, SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SELU, GELU, SILU, SOFTPLUS, SOFTSIGN, SINE, SOFTMAX = range(13)

LOSSES: Final = _numbered(
    "half_squared", "squared", "mse", "mae", "huber", "binary_cross_entropy", "categorical_cross_entropy"
)
HALF_SQUARED, SQUARED, MSE, MAE, HUBER, BINARY_CROSS_ENTROPY, CATEGORICAL_CROSS_ENTROPY = range(7)

PENALTIES: Final = _numbered("none", "l1", "l2", "playground_l1", "playground_l2")
NO_PENALTY, L1, L2, PLAYGROUND_L1, PLAYGROUND_L2 = range(5)

OPTIMIZERS: Final = _numbered("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "rprop")
SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM, ADAMW, RPROP = range(8)

SCHEDULES: Final = _numbered("constant", "step", "exponential", "cosine", "inverse")
CONSTANT, STEPWISE, EXPONENTIAL, COSINE, INVERSE = range(5)


def missing(plan: Plan, rule: Rule, schedule: str) -> str | None:
    """Return the name of something that kernels don't know, None if they know all of it."""
    activations = {name for layer in plan.layers[1:] for name in layer.activations}
    wanted: tuple[tuple[Mapping[str, int], set[str]], ...] = (
        (ACTIVATIONS, activations),
        (LOSSES, {rule.loss}),
        (PENALTIES, {rule.penalty}),
        (OPTIMIZERS, {rule.optimizer}),
        (SCHEDULES, {schedule}),
    )
    return next((name for known, names in wanted for name in sorted(names) if name not in known), None)
