"""The gradient by multiplying forward, and what each way to a gradient costs in multiplications.

Backprop starts from the loss: each layer's delta, a vector, is multiplied by the weights behind it once, and
serves all that lies before.  Multiplying forward starts from each layer anew: how all of its nodes change all
nodes of the layer ahead is a matrix, which is multiplied by a matrix at every layer on the way to the loss::

    dZ_t/dZ_l = sum over links s -> t of W diag(f'(Z_s)) dZ_s/dZ_l        delta_l = (dZ_L/dZ_l)^T delta_L

Both give the same deltas, and of those the same gradient.  It is the comparison that Wikipedia's article
*Backpropagation* makes under "Matrix multiplication" (from Nielsen 2015, chapter 2, "In what sense is
backpropagation a fast algorithm?"), here for any number of links.

`multiplications` counts for each way, of one example: every product of two numbers in the passes forward
and backward, a weight, slope, delta or activation with another.  Removed pairs are no factors.  What stands
inside activations and losses, the mean over the batch and the penalty are not counted: all ways share them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.backprop import forward, mean_gradient, slopes
from bpviz.engine.losses import LOSSES
from bpviz.engine.plan import Plan

Method: TypeAlias = Literal["backprop", "forward", "differences"]

METHODS: Final[tuple[Method, ...]] = ("backprop", "forward", "differences")
"""The ways to a gradient, the cheapest first."""

STEP: Final = 1e-5
"""By which finite differences move each parameter both ways, relative to its size where that is above 1."""

Progress: TypeAlias = Callable[[int, int], None]


# What overflows is found by looking at the results, as in backprop.
@np.errstate(over="ignore", invalid="ignore")
def forward_gradient(
    plan: Plan, loss_name: str, parameters: Array, x: Array, y: Array, progress: Progress | None = None
) -> Array:
    """Return the gradient of the mean loss, (parameters,), by products of matrices from each layer forward.

    Args:
        plan: The network.
        loss_name: Entry of LOSSES.
        parameters: (parameters,).
        x: (examples, inputs).
        y: (examples, outputs), the targets.
        progress: Told (layers done, layers in all) before each one; raising in it ends the computation.
    """
    passed = forward(plan, parameters, x)
    z, a, last = passed.z, passed.a, len(plan.layers) - 1
    slope = [x[:, :0], *(slopes(plan.layers[at], z[at], a[at]) for at in range(1, last + 1))]
    delta = [x[:, :0]] * (last + 1)
    delta[last] = LOSSES[loss_name].output_delta(z[last], a[last], y, slope[last])
    for start in range(1, last):
        if progress is not None:
            progress(start - 1, last - 1)
        change = _carried(plan, parameters, slope, start)
        # Each output's delta times how much each node of the layer changes that output's z.
        delta[start] = np.einsum("mo,moi->mi", delta[last], change)
    return mean_gradient(plan, a, delta)


def _carried(plan: Plan, parameters: Array, slope: Sequence[Array], start: int) -> Array:
    """Return dZ_L/dZ_l for each example, (examples, outputs, nodes of the layer l it starts from)."""
    examples, width, last = len(slope[start]), plan.layers[start].size, len(plan.layers) - 1
    changes: dict[int, Array] = {}  # by layer dA/dZ_l, (examples, nodes, width), where it is not 0 throughout
    for at in range(start + 1, last + 1):
        change: Array | None = None
        for k in plan.incoming[at]:
            source, weights = plan.links[k].source, plan.weights(parameters, k)
            if source == start:
                part = (
                    weights * slope[start][:, None, :]
                )  # of one's own layer dA/dZ is the diagonal of slopes
            elif source in changes:
                part = weights @ changes[source]
            else:
                continue
            change = part if change is None else change + part
        if change is not None:
            changes[at] = change if at == last else slope[at][:, :, None] * change
    nothing = np.zeros((examples, plan.layers[last].size, width), dtype=parameters.dtype)
    return changes.get(last, nothing)


@np.errstate(over="ignore", invalid="ignore")
def difference_gradient(
    plan: Plan,
    loss_name: str,
    parameters: Array,
    x: Array,
    y: Array,
    progress: Progress | None = None,
    chosen: Sequence[int] | None = None,
) -> Array:
    """Return the gradient of the mean loss, (parameters,), by central differences: two passes a parameter.

    It looks for no kinks and judges nothing; `bpviz.engine.gradcheck` does.  Arguments as for
    `forward_gradient`; progress is told (parameters done, parameters in all).  Of the parameters only those
    chosen are moved; by default all that are there.
    """
    loss, gradient = LOSSES[loss_name], np.zeros_like(parameters)
    wanted = np.flatnonzero(plan.present).tolist() if chosen is None else chosen
    moved = parameters.copy()
    for done, index in enumerate(wanted):
        if progress is not None:
            progress(done, len(wanted))
        own = float(parameters[index])
        h = STEP * max(1.0, abs(own))
        moved[index] = own + h
        high = forward(plan, moved, x)
        rise, up = loss.value(high.z[-1], high.a[-1], y), float(moved[index])
        moved[index] = own - h
        low = forward(plan, moved, x)
        rise = rise - loss.value(low.z[-1], low.a[-1], y)
        gradient[index] = rise.mean() / (up - float(moved[index]))
        moved[index] = own
    return gradient


# ---- counting


@dataclass(frozen=True, slots=True)
class Shape:
    """All of a network that its counts depend on.

    Attributes:
        sizes: Nodes of each layer, the input first.
        links: (source, target, pairs) of each link, ordered by target.
        fused: Whether the loss gives the delta of the outputs without a slope.
    """

    sizes: tuple[int, ...]
    links: tuple[tuple[int, int, int], ...]
    fused: bool

    @classmethod
    def of(cls, plan: Plan, loss_name: str) -> Shape:
        """The shape of a network, with its loss."""
        links = tuple((link.source, link.target, int(link.present.sum())) for link in plan.links)
        return cls(tuple(layer.size for layer in plan.layers), links, LOSSES[loss_name].fused)

    @classmethod
    def chain(cls, sizes: Sequence[int], *, fused: bool) -> Shape:
        """The shape of a network of dense layers."""
        links = tuple((at, at + 1, first * second) for at, (first, second) in enumerate(pairwise(sizes)))
        return cls(tuple(sizes), links, fused)

    @property
    def pairs(self) -> int:
        """Weights that there are: as many products as a pass forward takes."""
        return sum(count for _, _, count in self.links)

    @property
    def parameters(self) -> int:
        """Weights and biases that there are."""
        return self.pairs + sum(self.sizes[1:])


def multiplications(shape: Shape, method: Method) -> int:
    """Return how many products of two numbers a way to the gradient takes, for one example."""
    once = shape.pairs
    if method == "differences":
        return 2 * shape.parameters * once
    # At the outputs the derivative of the loss meets the slope; at the end each delta an activation.
    ends = once + (0 if shape.fused else shape.sizes[-1]) + once
    return ends + (_behind(shape) if method == "backprop" else _ahead(shape))


def _behind(shape: Shape) -> int:
    """From each delta back: one for each pair that does not come from the input, and each hidden slope."""
    return sum(count for source, _, count in shape.links if source) + sum(shape.sizes[1:-1])


def _ahead(shape: Shape) -> int:
    """From each hidden layer forward."""
    total, last = 0, len(shape.sizes) - 1
    for start in range(1, last):
        width, reached = shape.sizes[start], {start}
        for source, target, count in shape.links:
            if source in reached:
                # Slopes times the pairs that leave the layer itself; a whole matrix for every later one.
                total += count if source == start else count * width
                reached.add(target)
        # Slopes of what lies on the way; at the outputs their deltas.
        total += sum(shape.sizes[at] * width for at in reached - {start})
    return total
