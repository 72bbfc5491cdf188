"""What happens in each phase of a step, in a sentence or two with this network's numbers.

Every number comes from `Known`, of the phase that is spoken of: none can be told before it is computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.update import Rule, StepTrace, layer_norms, norm
from bpviz.errors import counted
from bpviz.training.known import Known
from bpviz.training.passes import Pass
from bpviz.training.phases import Cursor, Phase, phases

_MOST_NUMBERS: Final = 3
"""So many numbers of a layer are written out in a sentence, which then has room in two lines."""


def cursor_at(rule: Rule, made: StepTrace, index: int, example: int | None) -> Cursor:
    """Make the cursor for a place in a step, with its sentence."""
    every = phases(made.trace.plan)
    text = sentence(rule, made, every[index], example)
    return Cursor(every, index, example, len(made.trace.x), text)


# Norms of numbers that are about to diverge may overflow; they are then infinite, and shown so.
@np.errstate(over="ignore")
def sentence(rule: Rule, made: StepTrace, phase: Phase, example: int | None) -> str:
    """Say in plain words what happens in a phase, with the numbers of one example or of the whole batch."""
    known = Known(Pass(rule, made), phases(made.trace.plan).index(phase), example)
    if phase.kind == "forward":
        return _forward(known, phase.layer) if phase.layer else _entering(known)
    if phase.kind == "loss":
        return _loss(known)
    if phase.kind == "backward" and phase.layer:
        return _backward(known, phase.layer)
    return _update(known)


def _entering(known: Known) -> str:
    count, inputs = known.made.trace.x.shape
    if known.example is None and count > 1:
        return f"{counted(count, 'example')} of {counted(inputs, 'input')} each enter the network together."
    values = _numbers(known.layer(0, "input"))
    return f"Example {(known.example or 0) + 1} of {count} enters the network: {values}."


def _forward(known: Known, layer: int) -> str:
    plan = known.made.plan.layers[layer]
    names = " or ".join(dict.fromkeys(ACTIVATIONS[name].label for name in plan.activations))
    head = f"{plan.name}: z adds up the weighted inputs and the bias, and {names} makes a of it."
    z, a = (_numbers(known.layer(layer, key)) for key in ("z", "a"))
    return f"{head} {_whose(known, 'z')} z = {z} and a = {a}."


def _loss(known: Known) -> str:
    label = LOSSES[known.made.rule.loss].label.lower()
    if known.example is None and known.made.examples > 1:
        many = counted(known.made.examples, "example")
        mean = _value(known, "mean_loss", 9)
        return f"The outputs are compared with the targets: the mean {label} of {many} is {mean}."
    a, y = (_numbers(known.layer(known.made.last, key)) for key in ("a", "target"))
    return f"The output {a} is compared with the target {y}: the {label} is {_value(known, 'loss', 9)}."


def _backward(known: Known, layer: int) -> str:
    plan = known.made.plan
    name = plan.layers[layer].name
    if layer == known.made.last:
        label = LOSSES[known.made.rule.loss].label.lower()
        head = f"{name}: delta says how the {label} changes with z."
    else:
        ahead = " and ".join(plan.layers[plan.links[k].target].name for k in plan.outgoing[layer])
        source = f"the deltas of {ahead} come back through the weights" if ahead else "nothing comes back"
        head = f"{name}: {source}, times the slope f'(z)."
    size = layer_norms(plan, known.parameters("gradient"))[layer - 1]
    deltas = f"{_whose(known, 'delta')} delta = {_numbers(known.layer(layer, 'delta'))}"
    return f"{head} {deltas}; the layer's gradient has the norm {_number(size)}."


def _update(known: Known) -> str:
    made, rule = known.made.made, known.made.rule
    label = OPTIMIZERS[rule.optimizer].label
    extras = []
    if np.any(made.penalty_gradient):
        extras.append("with the penalty")
    if made.clip_scale < 1:
        extras.append(f"scaled by {_value(known, 'clip_scale')} to be no larger than {rule.clip_norm:g}")
    gradient = ", ".join(["the gradient", *extras])
    return (
        f"{label} takes {gradient} and moves every weight and bias with a learning rate of "
        f"{_value(known, 'rate')}: all changes together have the norm "
        f"{_number(norm(known.parameters('change')))}."
    )


def _whose(known: Known, key: str) -> str:
    """Begin to tell numbers: of the only example, of one of several, or means."""
    whose = known.whose(key)
    if not whose:
        return "Here"
    return f"As the {whose}," if known.example is None else f"For {whose},"


def _value(known: Known, key: str, digits: int = 4) -> str:
    value = known.value(key)
    return "–" if value is None else _number(value, digits)


def _numbers(values: Array) -> str:
    shown = _joined(values[:_MOST_NUMBERS].tolist())
    return f"({shown}, …)" if len(values) > _MOST_NUMBERS else f"({shown})" if len(values) > 1 else shown


def _joined(values: Iterable[float]) -> str:
    return ", ".join(_number(value) for value in values)


def _number(value: float, digits: int = 4) -> str:
    return f"{value:.{digits}g}".replace("-", "−")
