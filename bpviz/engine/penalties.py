"""Penalties on large weights; biases are never penalized.

With M the number of training examples of the run (also for a mini-batch), the usual ones add to the cost::

    L1   (lambda / M) sum |w|          L2   (lambda / 2M) sum w^2

and their gradients join the gradient before clipping and the optimizer.  The TensorFlow Playground instead
takes a step of its own on the weights after the optimizer's, and doesn't divide by M; that is a pair of
entries too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.registry import Registry


@dataclass(frozen=True, slots=True)
class Penalty:
    """A function of one weight, and its derivative.

    Attributes:
        name: Key in files; never renamed.
        label: What menus show.
        formula: What it adds to the cost, as plain text.
        value: ``w -> contributions``, elementwise, before the factor of `scale`.
        slope: ``w -> derivatives``, elementwise, before the factor of `scale`.
        per_example: Whether lambda is divided by M.
        after_step: Whether it moves the weights by itself after the optimizer did, by its slope at the
            weights before.
        kills: Whether a weight that its step would carry across 0 becomes 0 and stays it for good.
        kinks: Values of w at which a derivative jumps.
    """

    name: str
    label: str
    formula: str
    value: Callable[[Array], Array]
    slope: Callable[[Array], Array]
    per_example: bool = True
    after_step: bool = False
    kills: bool = False
    kinks: tuple[float, ...] = ()

    @property
    def slots(self) -> int:
        """Rows of the optimizer state it needs: one, 1 for the dead, if it kills."""
        return int(self.kills)

    def scale(self, rate: float, examples: int) -> float:
        """Return the factor of value and slope: lambda / M, or lambda alone."""
        return rate / examples if self.per_example else rate


def _half_square(w: Array) -> Array:
    return 0.5 * w * w


PENALTIES: Final = Registry(
    "penalty",
    Penalty("none", "None", "0", value=np.zeros_like, slope=np.zeros_like),
    Penalty("l1", "L1", "λ/M Σ |w|", value=np.abs, slope=np.sign, kinks=(0.0,)),
    Penalty("l2", "L2", "λ/2M Σ w²", value=_half_square, slope=lambda w: w),
    Penalty(
        "playground_l1",
        "Playground L1",
        "λ Σ |w|",
        value=np.abs,
        slope=np.sign,
        per_example=False,
        after_step=True,
        kills=True,
        kinks=(0.0,),
    ),
    Penalty(
        "playground_l2",
        "Playground L2",
        "λ/2 Σ w²",
        value=_half_square,
        slope=lambda w: w,
        per_example=False,
        after_step=True,
    ),
)
