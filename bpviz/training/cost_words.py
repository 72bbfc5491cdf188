"""What the gradient costs, in the words that window and command line share."""

from __future__ import annotations

from typing import Final

from bpviz.engine.forward_mode import Method
from bpviz.errors import counted, grouped
from bpviz.training.costs import GradientCosts, MethodCost

TITLE: Final = "Why backpropagation is cheap"

HEADER: Final = ("Way to the gradient", "Multiplications", "", "Time", "", "Difference")
"""Of the columns of `cost_rows`."""

METHOD_LABELS: Final[dict[Method, str]] = {
    "backprop": "Backpropagation",
    "forward": "Multiplying forward",
    "differences": "Finite differences",
}

METHOD_WORDS: Final[dict[Method, str]] = {
    "backprop": "backprop",
    "forward": "forward",
    "differences": "differences",
}
"""As short as the end of a curve has room for."""

METHOD_ABOUT: Final[dict[Method, str]] = {
    "backprop": (
        "One pass forward and one back: each layer's deltas, a vector, come from those of the layers ahead."
    ),
    "forward": (
        "From each layer anew, a matrix times a matrix for every layer on the way to the loss: how all of "
        "its nodes change all nodes ahead."
    ),
    "differences": "Two passes forward for each weight and bias, moved a little up and down.",
}

_UNITS: Final = ((60.0, "min"), (1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))
_OVERHEAD: Final = 0.8
"""Where times differ by less than this part of what counts differ by, calling costs more than multiplying."""


def cost_rows(costs: GradientCosts) -> list[tuple[str, ...]]:
    """One row for each way: label, multiplications and their ratio, time and its ratio, difference."""
    base = costs.methods[0]
    return [
        (
            METHOD_LABELS[cost.method],
            grouped(cost.multiplications),
            _times(cost.multiplications / base.multiplications),
            time_text(cost.seconds),
            _times(cost.seconds / base.seconds),
            f"{cost.error:.1e}".replace("-", "−") if cost is not base else "",
        )
        for cost in costs.methods
    ]


def cost_sentences(costs: GradientCosts) -> list[str]:
    """Say what the counts mean, and what is to be known of the times."""
    back, ahead, moved = costs.methods
    each = back.multiplications / (costs.shape.pairs * costs.examples)
    examples = "" if costs.examples == 1 else f" for {counted(costs.examples, 'example')}"
    count = f"{grouped(back.multiplications)} multiplications{examples}"
    weights, parameters = counted(costs.shape.pairs, "connection"), grouped(costs.shape.parameters)
    found = [
        (
            f"Backpropagation takes {count}, about {each:.1f} for each of {weights}: one forward, one back, "
            "one for the gradient."
        ),
        (
            "Multiplying forward does the layers near the output again for each layer before them, with a "
            f"column for each of its nodes: {_factor(ahead, back)} as many."
        ),
        (
            f"Finite differences run the whole network twice for each of {parameters} weights and biases: "
            f"{_factor(moved, back)} as many."
        ),
    ]
    if moved.timed < costs.shape.parameters:
        found.append(
            f"They were timed on {grouped(moved.timed)} of these, and the time taken in proportion; "
            "the difference is of those."
        )
    if any(_lags(cost, back) for cost in (ahead, moved)):
        found.append(
            "The times differ by less than the counts: in matrices as small as these, most of the time goes "
            "into calling functions, not into multiplying."
        )
    return found


def _lags(cost: MethodCost, base: MethodCost) -> bool:
    return cost.seconds / base.seconds < _OVERHEAD * cost.multiplications / base.multiplications


def _factor(cost: MethodCost, base: MethodCost) -> str:
    ratio = cost.multiplications / base.multiplications
    return f"{grouped(round(ratio)) if ratio >= 100 else f'{ratio:.3g}'} times"


def _times(ratio: float) -> str:
    return f"×{grouped(round(ratio))}" if ratio >= 100 else f"×{ratio:.3g}"


def time_text(seconds: float) -> str:
    """Write a duration in the unit that suits it: ``31.2 µs``, ``4.25 ms``, ``3.1 s``."""
    scale, unit = next(((scale, unit) for scale, unit in _UNITS if seconds >= scale), _UNITS[-1])
    value = seconds / scale
    return f"{grouped(round(value)) if value >= 100 else f'{value:.3g}'} {unit}"
