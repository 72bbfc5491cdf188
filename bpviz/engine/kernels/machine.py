"""A rule and a learning rate as the numbers that kernels choose by.

This module can be imported without numba.
"""

from __future__ import annotations

from math import inf
from typing import Final

import numpy as np

from bpviz.engine.kernels import codes
from bpviz.engine.kernels.forms import Decay, Method, Pace
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.options import Options, resolve
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.schedules import SCHEDULES
from bpviz.engine.update import Rule

LIMITS: Final = {"float64": 1e200, "float32": 1e24}
"""Largest sum of squares, by precision, that a kernel goes on with; far enough from the largest number."""

POWERS: Final = 64
"""Powers of Adam's decay rates that are looked up; higher ones are a product of two."""

FASTEST_RATE: Final = 1e6
"""Above it a step could leave the finite numbers although all that was measured is within limits."""

STRONGEST_PENALTY: Final = 1e6
"""Likewise of the rate of a penalty that moves the weights by itself."""

DONE, SMALL_GRADIENT, UNSAFE = 0, 1, 2
"""Why a call ended: all steps made; the gradient is small; the coming step is not safe to make here."""


def method_of(rule: Rule, dtype: np.dtype[np.floating], *, stays: bool, gaps: bool) -> Method:
    """Put a rule into numbers.

    Args:
        rule: How the network learns.
        dtype: Precision of the run.
        stays: Whether some parameters don't move.
        gaps: Whether the kernel has to erase gradients of removed pairs.
    """
    optimizer, penalty = OPTIMIZERS[rule.optimizer], PENALTIES[rule.penalty]
    options = resolve(optimizer, rule.optimizer_options)
    numbers = [*(options[option.name] for option in optimizer.options), 0.0, 0.0, 0.0, 0.0]
    return Method(
        loss=codes.LOSSES[rule.loss],
        optimizer=codes.OPTIMIZERS[rule.optimizer],
        penalty=codes.PENALTIES[rule.penalty],
        penalty_scale=penalty.scale(rule.penalty_rate, rule.examples),
        clip=inf if rule.clip_norm is None else rule.clip_norm,
        first=numbers[0],
        second=numbers[1],
        third=numbers[2],
        fourth=numbers[3],
        stays=int(stays or penalty.kills),
        gaps=int(gaps),
        limit=LIMITS[dtype.name],
    )


def pace_of(schedule: str, options: Options, base: float, warmup: float) -> Pace:
    """Put a learning rate and its schedule into numbers."""
    entry = SCHEDULES[schedule]
    chosen = resolve(entry, options)
    numbers = [*(chosen[option.name] for option in entry.options), 0.0, 0.0]
    return Pace(codes.SCHEDULES[schedule], base, warmup, numbers[0], numbers[1])


def decay_of(rule: Rule) -> Decay:
    """Tabulate powers of Adam's decay rates; other optimizers have none."""
    options = resolve(OPTIMIZERS[rule.optimizer], rule.optimizer_options)
    rates = np.array([[options.get("beta1", 0.0)], [options.get("beta2", 0.0)]])
    return Decay(
        np.zeros(1, dtype=np.int64), (rates ** np.arange(POWERS, dtype=np.float64)).ravel(), np.zeros(2)
    )
