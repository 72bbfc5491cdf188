"""How a gradient becomes a change of the parameters.

Every optimizer works on the whole flat vector at once and keeps its memory in rows of ``slots``, all 0 at the
start.  Defaults, formulas and the place of epsilon are those documented for torch.optim.  To add one,
write its update and add an entry to `OPTIMIZERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.options import Option
from bpviz.registry import Registry

ALMOST_ONE: Final = 0.999999
"""Largest share of the past that an average may keep; at 1 it would never move."""

SMALLEST_EPSILON: Final = 1e-16
"""Above 0, so that a gradient that always was 0 never gives 0 / 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What an optimizer may look at; the names are those of the formulas.

    Attributes:
        g: (parameters,), the gradient.
        w: (parameters,), the parameters before.
        slots: (`Optimizer.slots`, parameters), what it remembered.
        rate: The learning rate.
        count: 1 at the first step.
        options: Every option by name.
    """

    g: Array
    w: Array
    slots: Array
    rate: float
    count: int
    options: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A rule for the next step.

    Attributes:
        name: Key in files; never renamed.
        label: What menus show.
        formula: One step as plain text; g is the gradient, η the learning rate.
        slots: How many numbers it remembers for each parameter.
        update: ``moment -> (new parameters, new slots)``.
        options: What it can be set by.
        positive: Which of these numbers are squares or sizes, and never below 0.
        full_batch: Whether it is meant for the gradient of all examples only.
    """

    name: str
    label: str
    formula: str
    slots: int
    update: Callable[[Moment], tuple[Array, Array]]
    options: tuple[Option, ...] = ()
    positive: tuple[int, ...] = ()
    full_batch: bool = False


def _sgd(at: Moment) -> tuple[Array, Array]:
    return at.w - at.rate * at.g, at.slots


def _momentum(at: Moment) -> tuple[Array, Array]:
    velocity = at.options["momentum"] * at.slots[0] + at.g
    return at.w - at.rate * velocity, np.stack([velocity])


def _nesterov(at: Moment) -> tuple[Array, Array]:
    """Sutskever et al. 2013, in the form that looks ahead by the gradient rather than by the parameters."""
    velocity = at.options["momentum"] * at.slots[0] + at.g
    return at.w - at.rate * (at.g + at.options["momentum"] * velocity), np.stack([velocity])


def _adagrad(at: Moment) -> tuple[Array, Array]:
    """Duchi, Hazan and Singer 2011, with the diagonal alone."""
    total = at.slots[0] + at.g * at.g
    return at.w - at.rate * at.g / (np.sqrt(total) + at.options["epsilon"]), np.stack([total])


def _rmsprop(at: Moment) -> tuple[Array, Array]:
    """Tieleman and Hinton 2012, lecture 6e."""
    keep = at.options["decay"]
    square = keep * at.slots[0] + (1 - keep) * at.g * at.g
    return at.w - at.rate * at.g / (np.sqrt(square) + at.options["epsilon"]), np.stack([square])


def _adam(at: Moment) -> tuple[Array, Array]:
    """Kingma and Ba 2015, algorithm 1: both averages are corrected for having started at 0."""
    beta1, beta2 = at.options["beta1"], at.options["beta2"]
    mean = beta1 * at.slots[0] + (1 - beta1) * at.g
    square = beta2 * at.slots[1] + (1 - beta2) * at.g * at.g
    size = np.sqrt(square) / sqrt(1 - beta2**at.count) + at.options["epsilon"]
    return at.w - at.rate / (1 - beta1**at.count) * mean / size, np.stack([mean, square])


def _adamw(at: Moment) -> tuple[Array, Array]:
    """Loshchilov and Hutter 2019, algorithm 2: the decay stays out of the averages.  Biases decay too."""
    decayed = (1 - at.rate * at.options["weight_decay"]) * at.w
    return _adam(replace(at, w=decayed))


def _rprop(at: Moment) -> tuple[Array, Array]:
    """Riedmiller and Braun 1993, without stepping back: when the sign turns, the parameter rests for a step.

    A step size of 0 means that this parameter has not moved yet; it then starts with the learning rate.
    """
    before, size = at.slots
    agreement = np.sign(at.g * before)
    factor = np.where(agreement > 0, at.options["grow"], np.where(agreement < 0, at.options["shrink"], 1.0))
    size = np.where(size == 0, at.rate, size) * factor
    size = np.clip(size, at.options["smallest"], at.options["largest"]).astype(at.w.dtype)
    g = np.where(agreement < 0, 0, at.g)
    return at.w - np.sign(g) * size, np.stack([g, size])


_MOMENTUM: Final = Option(
    "momentum", "Momentum", 0.9, 0.0, ALMOST_ONE, "Share of the previous velocity that is kept."
)
_BETAS: Final = (
    Option("beta1", "β₁", 0.9, 0.0, ALMOST_ONE, "Share of the past in the average of the gradient."),
    Option("beta2", "β₂", 0.999, 0.0, ALMOST_ONE, "Share of the past in the average of its square."),
)


def _epsilon(default: float) -> Option:
    return Option("epsilon", "ε", default, SMALLEST_EPSILON, 1.0, "Keeps the divisor away from 0.")


OPTIMIZERS: Final = Registry(
    "optimizer",
    Optimizer("sgd", "Gradient descent (SGD)", "w ← w − η g", slots=0, update=_sgd),
    Optimizer(
        "momentum",
        "Momentum",
        "v ← μ v + g,  w ← w − η v",
        slots=1,
        update=_momentum,
        options=(_MOMENTUM,),
    ),
    Optimizer(
        "nesterov",
        "Nesterov momentum",
        "v ← μ v + g,  w ← w − η (g + μ v)",
        slots=1,
        update=_nesterov,
        options=(_MOMENTUM,),
    ),
    Optimizer(
        "adagrad",
        "AdaGrad",
        "s ← s + g²,  w ← w − η g / (√s + ε)",
        slots=1,
        update=_adagrad,
        options=(_epsilon(1e-10),),
        positive=(0,),
    ),
    Optimizer(
        "rmsprop",
        "RMSprop",
        "s ← ρ s + (1 − ρ) g²,  w ← w − η g / (√s + ε)",
        slots=1,
        update=_rmsprop,
        options=(
            Option("decay", "ρ", 0.99, 0.0, ALMOST_ONE, "Share of the past in the average of the square."),
            _epsilon(1e-8),
        ),
        positive=(0,),
    ),
    Optimizer(
        "adam",
        "Adam",
        "m ← β₁ m + (1 − β₁) g,  s ← β₂ s + (1 − β₂) g²,  w ← w − η m̂ / (√ŝ + ε)",
        slots=2,
        update=_adam,
        options=(*_BETAS, _epsilon(1e-8)),
        positive=(1,),
    ),
    Optimizer(
        "adamw",
        "AdamW",
        "w ← (1 − η δ) w, then as Adam",
        slots=2,
        update=_adamw,
        options=(
            *_BETAS,
            _epsilon(1e-8),
            Option("weight_decay", "Weight decay δ", 0.01, 0.0, 1.0, "Shrinks every parameter at each step."),
        ),
        positive=(1,),
    ),
    Optimizer(
        "rprop",
        "Rprop",
        "Δ grows while the sign of g stays, shrinks when it turns;  w ← w − sign(g) Δ",
        slots=2,
        update=_rprop,
        options=(
            Option(
                "shrink", "η⁻", 0.5, 0.01, 0.99, "Factor of the step size when the gradient's sign turns."
            ),
            Option("grow", "η⁺", 1.2, 1.01, 10.0, "Factor of the step size while the gradient's sign stays."),
            Option("smallest", "Smallest step", 1e-6, 0.0, 1.0, "The step size never falls below this."),
            Option("largest", "Largest step", 50.0, 1e-6, 1e6, "The step size never grows above this."),
        ),
        positive=(1,),
        full_batch=True,
    ),
)
