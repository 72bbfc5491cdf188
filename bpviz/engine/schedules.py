"""How the learning rate changes during a run.

A schedule is a function of the time in epochs alone, so a run that is continued, or watched step by step,
meets the same rates.  To add one, add an entry to `SCHEDULES`; its constants are in epochs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bpviz.engine.options import Option, Options, resolve
from bpviz.errors import SettingError
from bpviz.registry import Registry

NEARLY: Final = 1 + 2.0**-40
"""Factor on what is rounded down: in floating point 0.3 / 0.1 is less than 3."""

LONGEST: Final = 1e9
"""In epochs; a bound only so that a field has one."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A factor of the learning rate over time.

    Attributes:
        name: Key in files; never renamed.
        label: What menus show.
        formula: As plain text; t is the time in epochs, η₀ the learning rate that was set.
        factor: ``(epochs, options) -> share of the learning rate``, 1 at the start.
        options: What it can be set by.
    """

    name: str
    label: str
    formula: str
    factor: Callable[[float, Mapping[str, float]], float]
    options: tuple[Option, ...] = ()


def learning_rate(
    name: str, options: Options, base: float, warmup: float, step: int, steps_per_epoch: float
) -> float:
    """Return the learning rate of a step.

    Args:
        name: Entry of `SCHEDULES`.
        options: Its options where they differ from the defaults.
        base: The learning rate that was set.
        warmup: Epochs over which the rate climbs in equal parts to what the schedule says; 0 for none.
        step: Steps done before this one.
        steps_per_epoch: How many steps one pass over the training part takes.

    Raises:
        SettingError: If the rate is not a finite number above 0, or the warm-up not one from 0 on.
    """
    if not (math.isfinite(base) and base > 0):
        raise SettingError(f"The learning rate can't be {base:g}; choose a number above 0.")
    if not (math.isfinite(warmup) and warmup >= 0):
        raise SettingError(f"The warm-up can't last {warmup:g} epochs; choose 0 or more.")
    schedule = SCHEDULES[name]
    rate = base * schedule.factor(step / steps_per_epoch, resolve(schedule, options))
    climbing = warmup * steps_per_epoch
    # Counted from 1: a first step at rate 0 would be a step for nothing.
    return rate * min(1.0, (step + 1) / climbing) if climbing > 0 else rate


def _step(epochs: float, options: Mapping[str, float]) -> float:
    return options["factor"] ** math.floor(epochs / options["every"] * NEARLY)


def _cosine(epochs: float, options: Mapping[str, float]) -> float:
    """Loshchilov and Hutter 2017, eq. 5, without restarts; afterwards it stays at the lowest share."""
    done = min(1.0, epochs / options["epochs"])
    return options["lowest"] + (1 - options["lowest"]) * (1 + math.cos(math.pi * done)) / 2


SCHEDULES: Final = Registry(
    "schedule",
    Schedule("constant", "Constant", "η = η₀", factor=lambda _epochs, _options: 1.0),
    Schedule(
        "step",
        "Step",
        "η = η₀ · factor^⌊t / every⌋",
        factor=_step,
        options=(
            Option("every", "Every (epochs)", 50.0, 1e-3, LONGEST, "Time between two drops."),
            Option("factor", "Factor", 0.5, 1e-6, 1.0, "What each drop multiplies the rate by."),
        ),
    ),
    Schedule(
        "exponential",
        "Exponential",
        "η = η₀ · decay^t",
        factor=lambda epochs, options: options["decay"] ** epochs,
        options=(
            Option("decay", "Decay per epoch", 0.99, 1e-6, 1.0, "What one epoch multiplies the rate by."),
        ),
    ),
    Schedule(
        "cosine",
        "Cosine",
        "η = η₀ · (lowest + (1 − lowest) (1 + cos(π t / epochs)) / 2)",
        factor=_cosine,
        options=(
            Option("epochs", "Length (epochs)", 300.0, 1e-3, LONGEST, "When the lowest rate is reached."),
            Option("lowest", "Lowest share", 0.01, 0.0, 1.0, "Share of the rate that is left at the end."),
        ),
    ),
    Schedule(
        "inverse",
        "1/t",
        "η = η₀ / (1 + decay · t)",
        factor=lambda epochs, options: 1 / (1 + options["decay"] * epochs),
        options=(Option("decay", "Decay", 0.01, 0.0, 1e6, "The rate is halved after 1 / decay epochs."),),
    ),
)
