"""One step taken apart: the phases a person can walk through, each with a sentence in this network's numbers.

A cursor is a view.  It changes nothing: the numbers it shows are those of the step that Play would make.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule, StepTrace, layer_norms, norm
from bpviz.errors import counted

PhaseKind: TypeAlias = Literal["forward", "loss", "backward", "update"]
_MOST_NUMBERS: Final = 4
"""So many numbers of a layer are written out in a sentence."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a step.

    Attributes:
        kind: ``forward`` through a layer, the ``loss``, ``backward`` through a layer, or the ``update``.
        layer: Index of the layer in the plan that is at work; of the input layer, the examples entering.
            For the loss the output layer; for the update None.
        title: In a few words.
    """

    kind: PhaseKind
    layer: int | None
    title: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place inside a step.

    Attributes:
        phases: Of the step, in order.
        index: Which of them the cursor stands in.
        example: Which example of the batch is looked at, from 0; None for the whole batch.
        examples: How many the batch has.
        text: What happens here, one or two sentences with numbers.
    """

    phases: tuple[Phase, ...]
    index: int
    example: int | None
    examples: int
    text: str

    @property
    def phase(self) -> Phase:
        return self.phases[self.index]

    @property
    def is_last(self) -> bool:
        """Whether the step is made: the cursor stands in its update."""
        return self.index == len(self.phases) - 1


def phases(plan: Plan) -> tuple[Phase, ...]:
    """List the phases of a step: forward layer by layer, loss, backward layer by layer, update."""
    last = len(plan.layers) - 1
    forward = [Phase("forward", at, f"Forward: {plan.layers[at].name}") for at in range(1, last + 1)]
    backward = [Phase("backward", at, f"Backward: {plan.layers[at].name}") for at in range(last, 0, -1)]
    return (
        Phase("forward", 0, "Examples enter"),
        *forward,
        Phase("loss", last, "Loss"),
        *backward,
        Phase("update", None, "Update"),
    )


def cursor_at(rule: Rule, made: StepTrace, index: int, example: int | None) -> Cursor:
    """Make the cursor for a place in a step, with its sentence."""
    every = phases(made.trace.plan)
    examples = len(made.trace.x)
    text = sentence(rule, made, every[index], example)
    return Cursor(every, index, example, examples, text)


# Norms of numbers that are about to diverge may overflow; they are then infinite, and shown so.
@np.errstate(over="ignore")
def sentence(rule: Rule, made: StepTrace, phase: Phase, example: int | None) -> str:
    """Say in plain words what happens in a phase, with the numbers of one example or of the whole batch."""
    if phase.kind == "forward":
        return _forward(made, phase.layer, example) if phase.layer else _entering(made, example)
    if phase.kind == "loss":
        return _loss(rule, made, example)
    if phase.kind == "backward" and phase.layer:
        return _backward(rule, made, phase.layer, example)
    return _update(rule, made)


def _entering(made: StepTrace, example: int | None) -> str:
    count, inputs = made.trace.x.shape
    if example is None:
        return f"{counted(count, 'example')} of {counted(inputs, 'input')} each enter the network together."
    values = _numbers(made.trace.x[example])
    return f"Example {example + 1} of {count} enters the network: {values}."


def _forward(made: StepTrace, layer: int, example: int | None) -> str:
    plan = made.trace.plan.layers[layer]
    names = " or ".join(dict.fromkeys(ACTIVATIONS[name].label for name in plan.activations))
    head = f"{plan.name}: each node adds up its weighted inputs and its bias to z, and {names} makes a of it."
    if example is None:
        return f"{head} On average over the batch a = {_numbers(made.trace.a[layer].mean(axis=0))}."
    z, a = made.trace.z[layer][example], made.trace.a[layer][example]
    return f"{head} Here z = {_numbers(z)} and a = {_numbers(a)}."


def _loss(rule: Rule, made: StepTrace, example: int | None) -> str:
    label = LOSSES[rule.loss].label.lower()
    if example is None:
        many = counted(len(made.trace.x), "example")
        mean = _number(made.trace.mean_loss, 9)
        return f"The outputs are compared with the targets: the mean {label} of {many} is {mean}."
    a, y = _numbers(made.trace.a[-1][example]), _numbers(made.trace.y[example])
    loss = _number(made.trace.losses[example], 9)
    return f"The output {a} is compared with the target {y}: the {label} is {loss}."


def _backward(rule: Rule, made: StepTrace, layer: int, example: int | None) -> str:
    plan = made.trace.plan
    name = plan.layers[layer].name
    if layer == len(plan.layers) - 1:
        label = LOSSES[rule.loss].label.lower()
        head = f"{name}: delta says how the {label} changes with z."
    else:
        ahead = " and ".join(plan.layers[plan.links[k].target].name for k in plan.outgoing[layer])
        source = f"the deltas of {ahead} come back through the weights" if ahead else "nothing comes back"
        head = f"{name}: {source}, times the slope f'(z) of each node."
    size = layer_norms(plan, made.trace.gradient)[layer - 1]
    if example is None:
        deltas = f"On average over the batch delta = {_numbers(made.trace.delta[layer].mean(axis=0))}"
    else:
        deltas = f"Here delta = {_numbers(made.trace.delta[layer][example])}"
    return f"{head} {deltas}; the layer's gradient has the norm {_number(size)}."


def _update(rule: Rule, made: StepTrace) -> str:
    label = OPTIMIZERS[rule.optimizer].label
    extras = []
    if np.any(made.penalty_gradient):
        extras.append("with the penalty")
    if made.clip_scale < 1:
        extras.append(f"scaled by {_number(made.clip_scale)} to be no larger than {rule.clip_norm:g}")
    gradient = ", ".join(["the gradient", *extras])
    return (
        f"{label} takes {gradient} and moves every weight and bias with a learning rate of "
        f"{_number(made.rate)}: all changes together have the norm {_number(norm(made.change))}."
    )


def _numbers(values: Array) -> str:
    shown = _joined(values[:_MOST_NUMBERS].tolist())
    return f"({shown}, …)" if len(values) > _MOST_NUMBERS else f"({shown})" if len(values) > 1 else shown


def _joined(values: Iterable[float]) -> str:
    return ", ".join(_number(value) for value in values)


def _number(value: float, digits: int = 4) -> str:
    return f"{value:.{digits}g}".replace("-", "−")
