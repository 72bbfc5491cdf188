"""What the gradient of a network costs: multiplications and time of each way to it, and how they grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.backprop import backprop
from bpviz.engine.forward_mode import (
    Method,
    Progress,
    Shape,
    difference_gradient,
    forward_gradient,
    multiplications,
)
from bpviz.engine.plan import Plan
from bpviz.engine.update import norm

BUDGET_S: Final = 2.0
"""So long finite differences are timed at most; those of a large network would take hours."""

_REPEATED_S: Final = 0.05
_TIMES: Final = 50  # at most; the quickest counts, since others were held up
_TRIED: Final = 8  # parameters moved to find out how long each takes


@dataclass(frozen=True, slots=True)
class MethodCost:
    """What one way to the gradient costs.

    Attributes:
        method: Which way.
        multiplications: Products of two numbers, counted for all examples.
        seconds: Measured for all examples; where not all was computed, in proportion.
        timed: Of how many parameters the gradient was computed.
        error: ``||g - b|| / (||g|| + ||b||)`` against backprop's, of these; 0 if both are 0.
    """

    method: Method
    multiplications: int
    seconds: float
    timed: int
    error: float


@dataclass(frozen=True, slots=True)
class GradientCosts:
    """What the same gradient costs by each way.

    Attributes:
        shape: Of the network.
        examples: How many it was computed for.
        methods: By `METHODS`, the cheapest first.
    """

    shape: Shape
    examples: int
    methods: tuple[MethodCost, ...]


def gradient_costs(
    plan: Plan,
    loss_name: str,
    parameters: Array,
    x: Array,
    y: Array,
    progress: Progress | None = None,
    budget_s: float = BUDGET_S,
) -> GradientCosts:
    """Compute the gradient of the mean loss by each way; count, and look at the clock.

    Args:
        plan: The network.
        loss_name: Entry of LOSSES.
        parameters: (parameters,); computed in float64.
        x: (examples, inputs).
        y: (examples, outputs), the targets.
        progress: Told (parameters done, parameters in all) of differences, which take longest; may raise.
        budget_s: So long differences may take; for more of them their time is taken in proportion.
    """
    at = parameters.astype(np.float64)
    shape, present = Shape.of(plan, loss_name), np.flatnonzero(plan.present).tolist()
    case = plan, loss_name, at, x, y
    exact, back_s = _timed(lambda: backprop(*case).gradient)
    ahead, ahead_s = _timed(lambda: forward_gradient(*case, _between(progress)))
    chosen = _affordable(case, present, budget_s)
    begin_s = perf_counter()
    moved = difference_gradient(*case, progress, chosen)
    moved_s = (perf_counter() - begin_s) * len(present) / len(chosen)
    found: tuple[tuple[Method, Array, float, list[int]], ...] = (
        ("backprop", exact, back_s, present),
        ("forward", ahead, ahead_s, present),
        ("differences", moved, moved_s, chosen),
    )
    methods = tuple(
        MethodCost(
            method,
            multiplications(shape, method) * len(x),
            seconds,
            len(where),
            _difference(gradient[where], exact[where]),
        )
        for method, gradient, seconds, where in found
    )
    return GradientCosts(shape, len(x), methods)


def _between(progress: Progress | None) -> Progress | None:
    """Let a computation be ended between its layers, without telling how far it is."""
    return None if progress is None else lambda _done, _of: progress(0, 1)


def _timed(compute: Callable[[], Array]) -> tuple[Array, float]:
    """Compute again and again for a moment, and return the time of the quickest."""
    begin_s = last_s = perf_counter()
    best_s = np.inf
    for _ in range(_TIMES):
        found = compute()
        now_s = perf_counter()
        best_s, last_s = min(best_s, now_s - last_s), now_s
        if now_s - begin_s > _REPEATED_S:
            break
    return found, float(best_s)


def _affordable(
    case: tuple[Plan, str, Array, Array, Array], present: list[int], budget_s: float
) -> list[int]:
    """All parameters, or so many of them, spread evenly, as can be moved in time."""
    begin_s = perf_counter()
    difference_gradient(*case, None, present[:_TRIED])
    each_s = (perf_counter() - begin_s) / min(_TRIED, len(present))
    count = min(len(present), max(_TRIED, int(budget_s / each_s)))
    return [present[place] for place in np.linspace(0, len(present) - 1, count).astype(int).tolist()]


def _difference(first: Array, second: Array) -> float:
    size = norm(first) + norm(second)
    return norm(first - second) / size if size > 0 else 0.0


def lengths(shape: Shape) -> tuple[int, int]:
    """Return depth and width of a network: its hidden layers, and how many nodes they have on average."""
    hidden = shape.sizes[1:-1]
    width = round(sum(hidden) / len(hidden)) if hidden else max(shape.sizes)
    return len(hidden), width


def as_chain(shape: Shape, depth: int, width: int) -> Shape:
    """Return dense layers between the inputs and outputs of a network: so many, so wide."""
    sizes: Sequence[int] = (shape.sizes[0], *[width] * depth, shape.sizes[-1])
    return Shape.chain(sizes, fused=shape.fused)
