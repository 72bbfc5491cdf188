"""`Pass`: a step with the rule that made it, and what follows from both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.engine.backprop import Trace, input_gradient, layer_deltas
from bpviz.engine.losses import LOSSES, Loss
from bpviz.engine.penalties import PENALTIES, Penalty
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, StepTrace, moving_parameters, norm, penalty_cost
from bpviz.training.places import BiasPlace, PairPlace, ParameterPlace, Place, parameter_index


@dataclass(frozen=True, eq=False)
class Pass:
    """A step with the rule that made it: all that its numbers are read from.

    Attributes:
        rule: How the network learns.
        made: The step, in float64.
        stored: (parameters,) that the run itself comes to, where it computes in another precision.
    """

    rule: Rule
    made: StepTrace
    stored: Array | None = None

    @property
    def trace(self) -> Trace:
        return self.made.trace

    @property
    def plan(self) -> Plan:
        return self.made.trace.plan

    @property
    def examples(self) -> int:
        """How many the batch has."""
        return len(self.made.trace.x)

    @property
    def loss(self) -> Loss:
        return LOSSES[self.rule.loss]

    @property
    def penalty(self) -> Penalty:
        return PENALTIES[self.rule.penalty]

    @property
    def penalty_joins(self) -> bool:
        """Whether the penalty's gradient joins that of the loss, rather than moving the weights itself."""
        return self.rule.penalty != "none" and not self.penalty.after_step

    @property
    def last(self) -> int:
        """Index of the output layer."""
        return len(self.plan.layers) - 1

    @cached_property
    def moving(self) -> BoolArray:
        """(parameters,) whether each one is moved by the step."""
        return moving_parameters(self.plan, self.rule, self.made.before)

    @cached_property
    def ends(self) -> tuple[IntArray, IntArray]:
        """(parameters,) and (parameters,): which of all nodes in order each one leads to, and comes from.

        A bias comes from -1, the column of ones that follows all activations in `sent`.
        """
        plan = self.plan
        sizes = [layer.size for layer in plan.layers]
        first = np.cumsum([0, *sizes])
        target, source = np.zeros((2, plan.size), dtype=np.int64)
        for link, part in zip(plan.links, plan.weight_slices, strict=True):
            target[part] = first[link.target] + np.repeat(np.arange(sizes[link.target]), sizes[link.source])
            source[part] = first[link.source] + np.tile(np.arange(sizes[link.source]), sizes[link.target])
        for at, part in enumerate(plan.bias_slices):
            if at:
                target[part] = first[at] + np.arange(sizes[at])
                source[part] = -1
        return target, source

    @cached_property
    def returned(self) -> Array:
        """(examples, all nodes): the deltas; 0 at inputs, which have none."""
        return np.hstack([np.zeros_like(self.trace.a[0]), *self.trace.delta[1:]])

    @cached_property
    def sent(self) -> Array:
        """(examples, all nodes and 1): the activations, and a column of ones."""
        return np.hstack([*self.trace.a, np.ones((self.examples, 1))])

    @cached_property
    def total(self) -> Array:
        """(parameters,) gradient of the loss, with the penalty's where that joins it."""
        gradient = self.trace.gradient
        return gradient + self.made.penalty_gradient if self.penalty_joins else gradient

    @cached_property
    def flat(self) -> tuple[Array, ...]:
        """(examples, nodes) by layer: 1 where the slope is 0, else 0."""
        return tuple((slope == 0).astype(np.float64) for slope in self.trace.slope)

    @cached_property
    def dloss_da(self) -> tuple[Array, ...]:
        """(examples, nodes) by layer: how the loss changes with each activation; empty where not computed."""
        trace, plan = self.trace, self.plan
        found: list[Array] = [np.empty((self.examples, 0))] * (self.last + 1)
        if not self.loss.fused:  # without the slope, what is left of an output's delta is just this
            ones = np.ones_like(trace.slope[-1])
            found[-1] = self.loss.output_delta(trace.z[-1], trace.a[-1], trace.y, ones)
        for at in range(1, self.last):
            links = plan.outgoing[at]
            ahead = [(plan.weights(trace.parameters, k), trace.delta[plan.links[k].target]) for k in links]
            found[at] = layer_deltas(np.ones_like(trace.slope[at]), ahead)
        return tuple(found)

    @cached_property
    def dloss_dx(self) -> Array:
        """(examples, inputs): how the loss changes with each input."""
        return input_gradient(self.trace)

    @cached_property
    def shares(self) -> Array:
        """(examples, outputs): what each output adds to the loss."""
        trace = self.trace
        shares = self.loss.shares(trace.z[-1], trace.a[-1], trace.y)
        return shares * self.loss.share_scale(trace.y.shape[1])

    @cached_property
    def gradient_norm(self) -> float:
        """Of what moves, penalty included: what clipping looks at."""
        return norm(np.where(self.moving, self.total, 0))

    @cached_property
    def penalty_cost(self) -> float:
        return penalty_cost(self.plan, self.rule, self.made.before.parameters)

    def index(self, place: Place) -> int | None:
        """Return where a weight or bias stands in the vector; None where there is none."""
        return parameter_index(self.plan, place) if isinstance(place, PairPlace | BiasPlace) else None

    def is_present(self, place: ParameterPlace) -> bool:
        """Whether a weight or bias takes part: removed pairs don't."""
        at = self.index(place)
        return at is not None and bool(self.plan.present[at])
