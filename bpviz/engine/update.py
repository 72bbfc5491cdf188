"""One step of training, the reference: gradient, penalty, clipping, optimizer, in this order.

1. The mean gradient of the batch, and the gradient of the penalty; both 0 for what is frozen or removed.
2. Scaled down if its norm over the whole network is above `Rule.clip_norm`.
3. The optimizer makes new parameters of it.
4. A Playground penalty then moves the weights once more.
5. If anything is not finite, none of this happened: `DivergedError` says where.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.engine.backprop import Trace, backprop
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS, Moment
from bpviz.engine.options import Options, resolve
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.plan import Plan
from bpviz.errors import DivergedError, Fault, SettingError
from bpviz.plain import hold

_SQUARED_SAFELY: Final = (1e-140, 1e140)
"""Norms between these come from squares that neither overflow nor vanish in float64."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a network learns; names are entries of the engine's tables.

    Attributes:
        loss: Entry of LOSSES.
        optimizer: Entry of OPTIMIZERS.
        optimizer_options: Where they differ from its defaults.
        penalty: Entry of PENALTIES.
        penalty_rate: lambda.
        clip_norm: Largest norm of the whole gradient; None does not clip.
        examples: M, the training examples of the run (not of the batch), by which the penalty is divided.

    Raises:
        UnknownNameError: If a table has no such entry, or the optimizer no such option.
        SettingError: If a number is not one it can be.
    """

    loss: str = "half_squared"
    optimizer: str = "sgd"
    optimizer_options: Options = ()
    penalty: str = "none"
    penalty_rate: float = 0.0
    clip_norm: float | None = None
    examples: int = 1

    def __post_init__(self) -> None:
        hold(self, float=("penalty_rate", "clip_norm"), whole=("examples",), options=("optimizer_options",))
        _ = LOSSES[self.loss], PENALTIES[self.penalty]
        resolve(OPTIMIZERS[self.optimizer], self.optimizer_options)
        if not (math.isfinite(self.penalty_rate) and self.penalty_rate >= 0):
            raise SettingError(f"The penalty rate can't be {self.penalty_rate:g}; choose 0 or more.")
        if self.clip_norm is not None and not self.clip_norm > 0:
            raise SettingError(f"Gradients can't be clipped at {self.clip_norm:g}; choose a norm above 0.")
        if self.examples < 1:
            raise SettingError("There are no examples to train on; give the training part at least one.")

    @property
    def slots(self) -> int:
        """Rows of the state beside the parameters: the optimizer's, then the penalty's."""
        return OPTIMIZERS[self.optimizer].slots + PENALTIES[self.penalty].slots


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Where a run stands between two steps.

    Attributes:
        step: Steps done.
        parameters: (parameters,).
        slots: (`Rule.slots`, parameters), what optimizer and penalty remember, in the parameters' precision.
        cleared_at: Step at which the slots were last cleared; an optimizer counts its own steps from there.
    """

    step: int
    parameters: Array
    slots: Array
    cleared_at: int = 0

    def in_double(self) -> State:
        """The same state in float64."""
        return State(
            self.step,
            self.parameters.astype(np.float64),
            self.slots.astype(np.float64),
            self.cleared_at,
        )


@dataclass(frozen=True, slots=True, eq=False)
class StepTrace:
    """One step with every value of it.

    Attributes:
        trace: Forward and backward.
        rate: The learning rate.
        penalty_gradient: (parameters,) of the penalty at the parameters before.
        clip_scale: What clipping multiplied the gradient by; 1 if it did nothing.
        applied: (parameters,) the gradient that entered the optimizer.
        change: (parameters,) new minus old.
        before: The state the step started from.
        after: The state it led to.
    """

    trace: Trace
    rate: float
    penalty_gradient: Array
    clip_scale: float
    applied: Array
    change: Array
    before: State
    after: State


def initial_state(plan: Plan, rule: Rule, parameters: Array) -> State:
    """Return the state before the first step; removed pairs are set to 0."""
    start = np.where(plan.present, parameters, 0).astype(parameters.dtype, copy=False)
    return State(0, start, np.zeros((rule.slots, plan.size), dtype=parameters.dtype))


@np.errstate(over="ignore", invalid="ignore")
def step(plan: Plan, rule: Rule, state: State, x: Array, y: Array, rate: float) -> StepTrace:
    """Make one step on a batch.

    Args:
        plan: The network.
        rule: How it learns.
        state: Where it stands; it is left as it is.
        x: (examples, inputs).
        y: (examples, outputs), the targets.
        rate: The learning rate of this step.

    Raises:
        DivergedError: If loss, gradient or new parameters are not finite; it names the place and the step.
    """
    optimizer = OPTIMIZERS[rule.optimizer]
    own, dead = state.slots[: optimizer.slots], state.slots[optimizer.slots :]
    trace = backprop(plan, rule.loss, state.parameters, x, y)
    penalty = penalty_gradient(plan, rule, state.parameters)
    moving = moving_parameters(plan, rule, state)
    gradient = trace.gradient if PENALTIES[rule.penalty].after_step else trace.gradient + penalty
    applied, scale = clip(np.where(moving, gradient, 0), rule.clip_norm)
    options = resolve(optimizer, rule.optimizer_options)
    count = state.step - state.cleared_at + 1
    parameters, own_after = optimizer.update(Moment(applied, state.parameters, own, rate, count, options))
    if PENALTIES[rule.penalty].after_step:
        parameters, dead = _move_once_more(plan, rule, parameters, rate * penalty, moving, dead)
    # What doesn't move keeps its place and its memory, also against the momentum it had.
    parameters = np.where(moving, parameters, state.parameters)
    slots = np.concatenate([np.where(moving, own_after, own), dead])
    after = State(state.step + 1, parameters, slots, state.cleared_at)
    require_finite(trace, applied, after)
    return StepTrace(
        trace, rate, penalty, scale, applied, parameters - state.parameters, before=state, after=after
    )


def moving_parameters(plan: Plan, rule: Rule, state: State) -> BoolArray:
    """Return which parameters a step moves, (parameters,): not what is frozen, removed or dead."""
    dead = state.slots[OPTIMIZERS[rule.optimizer].slots :]
    alive: BoolArray = dead.sum(axis=0) == 0  # a sum over no rows is 0: nothing is dead
    return plan.trainable & alive


def penalty_gradient(plan: Plan, rule: Rule, parameters: Array) -> Array:
    """Return the gradient of the penalty, (parameters,): 0 for biases and removed pairs."""
    entry = PENALTIES[rule.penalty]
    gradient = np.zeros_like(parameters)
    weights = parameters[: plan.weight_count]
    gradient[: plan.weight_count] = entry.scale(rule.penalty_rate, rule.examples) * entry.slope(weights)
    return gradient


def penalty_cost(plan: Plan, rule: Rule, parameters: Array) -> float:
    """Return what the penalty adds to the mean loss."""
    entry = PENALTIES[rule.penalty]
    total = entry.value(parameters[: plan.weight_count]).sum()
    return entry.scale(rule.penalty_rate, rule.examples) * float(total)


def clip(gradient: Array, largest: float | None) -> tuple[Array, float]:
    """Scale a gradient down to a norm and return it with its scale (Pascanu et al. 2013, algorithm 1)."""
    if largest is None:
        return gradient, 1.0
    size = norm(gradient)
    scale = largest / size if size > largest else 1.0
    return gradient * scale, scale


@np.errstate(over="ignore", under="ignore")
def norm(vector: Array) -> float:
    """Return the Euclidean norm, in float64; right also where squares would overflow or vanish."""
    size = float(np.linalg.norm(vector.astype(np.float64, copy=False)))
    low, high = _SQUARED_SAFELY
    if low < size < high:
        return size
    largest = float(np.abs(vector).max(initial=0.0))
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    return largest * float(np.linalg.norm(vector.astype(np.float64, copy=False) / largest))


def layer_norms(plan: Plan, vector: Array) -> Array:
    """Return the norm over all links into each layer and its biases, (layers - 1,), from layer 1 on."""
    layers = range(1, len(plan.layers))
    return np.array([math.hypot(*(norm(vector[part]) for part in plan.layer_slices(at))) for at in layers])


def update_ratios(plan: Plan, change: Array, parameters: Array) -> Array:
    """Return ||change|| / ||parameters|| of each layer, (layers - 1,).

    A layer whose parameters are all 0 has no such ratio; it is given as 0, which a logarithmic axis leaves
    out.
    """
    sizes = layer_norms(plan, parameters)
    return np.divide(layer_norms(plan, change), sizes, out=np.zeros_like(sizes), where=sizes > 0)


def node_means(trace: Trace) -> tuple[Array, Array]:
    """Return the batch means of delta and of |delta|, (nodes,) each: those of all layers but the input's."""
    signed = [delta.mean(axis=0) for delta in trace.delta[1:]]
    magnitude = [np.abs(delta).mean(axis=0) for delta in trace.delta[1:]]
    return np.concatenate(signed), np.concatenate(magnitude)


def require_finite(trace: Trace, applied: Array, after: State) -> None:
    """Raise a `DivergedError` naming the first thing that is no finite number, if there is one."""
    fault = _not_finite(trace, applied, after)
    if fault is not None:
        raise DivergedError(fault)


def _not_finite(trace: Trace, applied: Array, after: State) -> Fault | None:
    """Find where a step first left the finite numbers, in the order in which it computes."""
    plan = trace.plan
    # With an infinite memory of it, an optimizer would not move a parameter ever again.
    vectors: list[tuple[Literal["gradient", "value", "memory"], Array]] = [
        ("gradient", applied),
        ("value", after.parameters),
        *(("memory", slot) for slot in after.slots),
    ]
    if np.isfinite(trace.mean_loss) and all(np.isfinite(vector).all() for _, vector in vectors):
        return None
    passes: tuple[tuple[Literal["weighted_input", "activation"], tuple[Array, ...]], ...] = (
        ("weighted_input", trace.z),
        ("activation", trace.a),
    )
    for of_node, values in passes:
        for at, layer in enumerate(plan.layers):
            found = np.argwhere(~np.isfinite(values[at]))
            if len(found):
                return Fault(after.step, of_node, layer.name, int(found[0, 1]) + 1)
    if not np.isfinite(trace.mean_loss):
        return Fault(after.step, "loss")
    what, vector = next((what, vector) for what, vector in vectors if not np.isfinite(vector).all())
    return Fault(after.step, what, *_ends(plan, int(np.argmin(np.isfinite(vector)))))


def parameter_name(plan: Plan, index: int) -> str:
    """Name a parameter for a sentence: ``weight from node 2 in Input to node 1 in Hidden 1``."""
    layer, node, *source = _ends(plan, index)
    if source:
        return f"weight from node {source[1]} in {source[0]} to node {node} in {layer}"
    return f"bias of node {node} in {layer}"


def _ends(plan: Plan, index: int) -> tuple[Any, ...]:
    """Name of the layer and number of the node that a parameter leads to; of a weight, its source's, too."""
    for k, link in enumerate(plan.links):
        part = plan.weight_slices[k]
        if part.start <= index < part.stop:
            target, source = divmod(index - part.start, plan.layers[link.source].size)
            return plan.layers[link.target].name, target + 1, plan.layers[link.source].name, source + 1
    for at, part in enumerate(plan.bias_slices):
        if part.start <= index < part.stop:
            return plan.layers[at].name, index - part.start + 1
    raise IndexError(index)


def _move_once_more(
    plan: Plan, rule: Rule, parameters: Array, move: Array, moving: BoolArray, dead: Array
) -> tuple[Array, Array]:
    """Take the Playground's own penalty step; a weight that L1 carries across 0 dies there."""
    moved = parameters - move
    if not PENALTIES[rule.penalty].kills:
        return moved, dead
    crossed = moving & (parameters * moved < 0)
    crossed[plan.weight_count :] = False
    return np.where(crossed, 0, moved), np.where(crossed, 1, dead).astype(dead.dtype)
