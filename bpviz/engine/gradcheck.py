"""Backprop against finite differences: the proof that the gradient is right.

Each parameter w is moved by h = 1e-5 max(1, |w|) both ways, and the difference of the costs over 2h is
compared with backprop, layer by layer, by ``||g - n|| / (||g|| + ||n||)``.  A weight behind activations
above 1, as on data that are not scaled, is moved by as much less: else the weighted input would move so far
that its curvature counts.  Everything is computed in float64, whatever the run's precision.

Where a move carries some node across a kink of its activation (or of the loss, or the weight across one of
the penalty), the difference quotient is no derivative: such parameters are named and not judged.  What comes
of it is a `Verdict` on each layer, and on each link by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.backprop import Forward, Trace, backprop, forward
from bpviz.engine.losses import LOSSES
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, norm, parameter_name, penalty_cost, penalty_gradient

STEP: Final = 1e-5
"""Near the cube root of float64's epsilon, where rounding and curvature are about equally small."""

TOLERANCE: Final = 1e-6
"""Largest error of a layer that passes."""

SAFETY: Final = 4.0
"""How often the expected rounding a difference may be and still be put down to rounding."""

_LEAST_ULPS: Final = 4.0
"""Behind huge activations a move would be lost in the weight's own last digits."""

Verdict: TypeAlias = Literal["good", "bad", "too_small", "kinks", "not_finite"]
"""The gradient is right; it is wrong; it is so small that differences of the cost drown in rounding; every
parameter met a kink; or something overflowed.  Of the last three nothing can be said."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the comparison says of some parameters together.

    Attributes:
        error: ``||g - n|| / (||g|| + ||n||)`` of those that can be judged; 0 if both are 0.
        verdict: What that means.
        kinks: How many of them met a kink and are left out.
        count: How many of them there are, without removed pairs.
    """

    error: float
    verdict: Verdict
    kinks: int
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class GradientCheck:
    """What the comparison gave.

    Attributes:
        plan: The network.
        layers: On each layer from the first hidden one on: the links into it and its biases.
        links: On each link.  One that is smaller than what its layer may err by is too small to judge.
        analytic: (parameters,) gradient of the cost by backprop.
        numeric: (parameters,) the same by differences; 0 for removed pairs.
        judged: (parameters,) False for removed pairs and where a kink was met.
        kinks: One sentence for each parameter whose move met a kink.
    """

    plan: Plan
    layers: tuple[Judgement, ...]
    links: tuple[Judgement, ...]
    analytic: Array
    numeric: Array
    judged: BoolArray
    kinks: tuple[str, ...]

    @property
    def errors(self) -> tuple[float, ...]:
        """The error of each layer from the first hidden one on."""
        return tuple(layer.error for layer in self.layers)

    @property
    def unresolved(self) -> tuple[bool, ...]:
        """For each of these layers, whether it is too small to judge."""
        return tuple(layer.verdict == "too_small" for layer in self.layers)

    @property
    def verdict(self) -> Verdict:
        """On the whole: the worst that is known, else the best that is."""
        found = {layer.verdict for layer in self.layers}
        order: tuple[Verdict, ...] = ("bad", "not_finite", "good", "too_small", "kinks")
        return next((verdict for verdict in order if verdict in found), "good")

    @property
    def passed(self) -> bool:
        """Whether every layer that can be judged has an error below `TOLERANCE`, and all is finite."""
        return self.verdict not in ("bad", "not_finite")

    @property
    def relative(self) -> Array:
        """(parameters,) ``|g - n| / (|g| + |n|)`` of each, to be shown, not judged; NaN if not compared."""
        size = np.abs(self.analytic) + np.abs(self.numeric)
        with np.errstate(invalid="ignore"):
            gap = np.abs(self.analytic - self.numeric)
            shares = np.divide(gap, size, out=np.zeros_like(size), where=size > 0)
        return np.where(self.judged, shares, np.nan)


# What overflows is a verdict of its own.
@np.errstate(over="ignore", invalid="ignore")
def check(
    plan: Plan,
    rule: Rule,
    parameters: Array,
    x: Array,
    y: Array,
    progress: Callable[[int, int], None] | None = None,
) -> GradientCheck:
    """Compare the gradient of the cost (mean loss and penalty) with central differences.

    Args:
        plan: The network.
        rule: Its loss, penalty and M count here.
        parameters: (parameters,).
        x: (examples, inputs).
        y: (examples, outputs), the targets.
        progress: Told (parameters done, parameters in all) before each one; raising in it ends the check.
    """
    at = parameters.astype(np.float64)
    trace = backprop(plan, rule.loss, at, x, y)
    analytic = trace.gradient + np.where(plan.present, penalty_gradient(plan, rule, at), 0)
    numeric = np.zeros_like(at)
    judged = plan.present.copy()
    kinks: list[str] = []
    reach = _reach(plan, trace)
    checked = np.flatnonzero(plan.present)
    for done, index in enumerate(checked.tolist()):
        if progress is not None:
            progress(done, len(checked))
        own = abs(float(at[index]))
        h = max(STEP * max(1.0, own) / float(reach[index]), _LEAST_ULPS * float(np.spacing(own)))
        numeric[index], met = _difference(plan, rule, at, index, h, trace)
        if met is not None:
            judged[index] = False
            kinks.append(f"Moving the {parameter_name(plan, index)} crosses a kink of {met}.")
    # Each cost is good to about one epsilon of its size, so each quotient to epsilon / h of it.
    rounding = np.finfo(np.float64).eps * max(abs(trace.mean_loss), 1.0) / STEP * reach
    both = _Compared(plan, analytic, numeric, judged, rounding)
    layers, links = both.of_layers(), both.of_links()
    return GradientCheck(plan, layers, links, analytic, numeric, judged, tuple(kinks))


def _reach(plan: Plan, trace: Trace) -> Array:
    """Return how far each parameter's move carries its node's z, (parameters,): largest |a|, at least 1."""
    reach = np.ones(plan.size)
    for k, link in enumerate(plan.links):
        largest = np.maximum(1.0, np.abs(trace.a[link.source]).max(axis=0))
        plan.weights(reach, k)[:] = largest
    return reach


def _difference(
    plan: Plan, rule: Rule, at: Array, index: int, h: float, trace: Trace
) -> tuple[float, str | None]:
    """Return the central difference of the cost in one parameter, and the kink that it met."""
    loss, x, y = LOSSES[rule.loss], trace.x, trace.y
    ends = []
    for sign in (-1.0, 1.0):
        moved = at.copy()
        moved[index] += sign * h
        ends.append((moved, forward(plan, moved, x)))
    (low, before), (high, after) = ends
    # Subtracted example by example before the mean: the difference of two means would lose more digits.
    rise = loss.value(after.z[-1], after.a[-1], y) - loss.value(before.z[-1], before.a[-1], y)
    penalty = penalty_cost(plan, rule, high) - penalty_cost(plan, rule, low)
    quotient = (float(rise.mean()) + penalty) / float(high[index] - low[index])
    return quotient, _kink(plan, rule, y, (before, after), (low[index], high[index]), index)


def _kink(
    plan: Plan, rule: Rule, y: Array, ends: tuple[Forward, Forward], moved: tuple[float, float], index: int
) -> str | None:
    """Name what changed sides between two ends: a node's z, an output's error or the weight itself."""
    before, after = ends
    for at, layer in enumerate(plan.layers[1:], start=1):
        for node, name in enumerate(layer.activations):
            kinks = ACTIVATIONS[name].kinks
            if kinks and _crosses(before.z[at][:, node], after.z[at][:, node], kinks):
                return f"node {node + 1} in {layer.name}"
    if _crosses(before.a[-1] - y, after.a[-1] - y, LOSSES[rule.loss].kinks):
        return "the loss"
    weight = index < plan.weight_count
    if weight and _crosses(np.array(moved[0]), np.array(moved[1]), PENALTIES[rule.penalty].kinks):
        return "the penalty"
    return None


def _crosses(low: Array, high: Array, kinks: tuple[float, ...]) -> bool:
    return any(bool(((low > kink) != (high > kink)).any()) for kink in kinks)


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """Both gradients, and by how much differences may be wrong through rounding alone, all (parameters,)."""

    plan: Plan
    analytic: Array
    numeric: Array
    judged: BoolArray
    rounding: Array

    def of_layers(self) -> tuple[Judgement, ...]:
        return tuple(self._judge(self._layer(at)) for at in range(1, len(self.plan.layers)))

    def of_links(self) -> tuple[Judgement, ...]:
        slices = zip(self.plan.links, self.plan.weight_slices, strict=True)
        return tuple(
            self._judge(np.arange(part.start, part.stop), TOLERANCE * self._size(self._layer(link.target)))
            for link, part in slices
        )

    def _layer(self, at: int) -> IntArray:
        return np.concatenate([np.arange(part.start, part.stop) for part in self.plan.layer_slices(at)])

    def _size(self, where: IntArray) -> float:
        where = where[self.judged[where]]
        return norm(self.analytic[where]) + norm(self.numeric[where])

    def _judge(self, where: IntArray, slack: float = 0.0) -> Judgement:
        """Judge some parameters; a difference below the slack is too small to judge, too."""
        count = int(self.plan.present[where].sum())
        where = where[self.judged[where]]
        kinks, size = count - len(where), self._size(where)
        difference = norm(self.analytic[where] - self.numeric[where])
        if not (np.isfinite(size) and np.isfinite(difference)):
            return Judgement(np.nan, "not_finite", kinks, count)
        error = difference / size if size > 0 else 0.0
        if not len(where) and kinks:
            return Judgement(error, "kinks", kinks, count)
        if error < TOLERANCE:
            return Judgement(error, "good", kinks, count)
        hidden = difference < max(SAFETY * norm(self.rounding[where]), slack)
        return Judgement(error, "too_small" if hidden else "bad", kinks, count)
