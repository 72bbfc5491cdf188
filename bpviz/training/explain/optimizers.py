"""Steps of optimizers as formulas, one entry for each of the engine's `OPTIMIZERS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bpviz.training.explain.expressions import (
    Apply,
    Case,
    Expression,
    Negative,
    Number,
    Power,
    Quotient,
    Root,
    Sum,
    constant,
    evaluate,
    minus,
    square,
    times,
)

_ZERO: Final = constant(0)
_ONE: Final = constant(1)


@dataclass(frozen=True, slots=True)
class Given:
    """What an optimizer looks at, of one parameter.

    Attributes:
        g: The gradient.
        w: The value before.
        rate: The learning rate.
        before: What it remembered.
        after: What it remembers now.
        count: Its own steps, this one included.
        options: Every option by name.
    """

    g: Number
    w: Number
    rate: Number
    before: tuple[Number, ...]
    after: tuple[Number, ...]
    count: Number
    options: Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class OptimizerForm:
    """How a step is written.

    Attributes:
        change: What adds up to the change of the parameter; of what it remembers, it uses the new.
        memories: What each number that it remembers is called.
        remember: What each of them becomes.
    """

    change: Callable[[Given], tuple[Expression, ...]]
    memories: tuple[str, ...] = ()
    remember: tuple[Callable[[Given], Expression], ...] = ()


def _velocity(at: Given) -> Expression:
    return Sum((times(at.options["momentum"], at.before[0]), at.g))


def _nesterov(at: Given) -> tuple[Expression, ...]:
    return (Negative(times(at.rate, Sum((at.g, times(at.options["momentum"], at.after[0]))))),)


def _scaled(at: Given) -> tuple[Expression, ...]:
    divisor = Sum((Root(at.after[0]), at.options["epsilon"]))
    return (Negative(Quotient(times(at.rate, at.g), divisor)),)


def _average(slot: int, keep: str, of: Callable[[Given], Expression]) -> Callable[[Given], Expression]:
    """A running average that keeps a share of the past."""

    def become(at: Given) -> Expression:
        share = at.options[keep]
        return Sum((times(share, at.before[slot]), times(minus(_ONE, share), of(at))))

    return become


def _gradient(at: Given) -> Expression:
    return at.g


def _square(at: Given) -> Expression:
    return square(at.g)


def _corrected(average: Number, share: Number, count: Number) -> Expression:
    """An average that started at 0, made as large as it would be had it not."""
    return Quotient(average, minus(_ONE, Power(share, count)))


def _adam(at: Given) -> tuple[Expression, ...]:
    mean = _corrected(at.after[0], at.options["beta1"], at.count)
    spread = Root(_corrected(at.after[1], at.options["beta2"], at.count))
    step = Quotient(mean, Sum((spread, at.options["epsilon"])))
    return (Negative(times(at.rate, step)),)


def _adamw(at: Given) -> tuple[Expression, ...]:
    decay = Negative(times(at.rate, at.options["weight_decay"], at.w))
    return (decay, *_adam(at))


def _kept_gradient(at: Given) -> Expression:
    return Case(times(at.before[0], at.g), "<", _ZERO, _ZERO, at.g)


def _step_size(at: Given) -> Expression:
    started: Expression = at.before[1]
    if at.before[1].value == 0:  # it has not moved yet
        started = Case(at.before[1], "=", _ZERO, at.rate, at.before[1])
    agreement = times(at.before[0], at.g)
    shrunk = Case(agreement, "<", _ZERO, times(started, at.options["shrink"]), started)
    size = Case(agreement, ">", _ZERO, times(started, at.options["grow"]), shrunk)
    smallest, largest = at.options["smallest"], at.options["largest"]
    if evaluate(size) > largest.value:
        return Case(size, ">", largest, largest, size)
    if evaluate(size) < smallest.value:
        return Case(size, "<", smallest, smallest, size)
    return size


_BETAS: Final = (_average(0, "beta1", _gradient), _average(1, "beta2", _square))

OPTIMIZER_FORMS: Final[Mapping[str, OptimizerForm]] = {
    "sgd": OptimizerForm(lambda at: (Negative(times(at.rate, at.g)),)),
    "momentum": OptimizerForm(lambda at: (Negative(times(at.rate, at.after[0])),), ("v",), (_velocity,)),
    "nesterov": OptimizerForm(_nesterov, ("v",), (_velocity,)),
    "adagrad": OptimizerForm(_scaled, ("s",), (lambda at: Sum((at.before[0], square(at.g))),)),
    "rmsprop": OptimizerForm(_scaled, ("s",), (_average(0, "decay", _square),)),
    "adam": OptimizerForm(_adam, ("m", "s"), _BETAS),
    "adamw": OptimizerForm(_adamw, ("m", "s"), _BETAS),
    "rprop": OptimizerForm(
        lambda at: (Negative(times(Apply("sign", at.after[0]), at.after[1])),),
        ("g", "D"),
        (_kept_gradient, _step_size),
    ),
}

OPTION_SYMBOLS: Final[Mapping[str, str]] = {
    "momentum": "mu",
    "decay": "rho",
    "beta1": "beta1",
    "beta2": "beta2",
    "epsilon": "epsilon",
    "weight_decay": "decay",
    "shrink": "shrink",
    "grow": "grow",
    "smallest": "smallest",
    "largest": "largest",
}
"""What the options of optimizers are called in formulas; see `bpviz.training.explain.notation`."""
