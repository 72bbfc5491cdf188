"""What can be known in one step of training: `QUANTITIES`, one entry for each kind of number.

Whatever shows numbers of a pass reads this table, so that all show the same ones and none before its phase.
To add a quantity, add an entry; `bpviz.training.explain` shows its bare number until it is told how it
comes about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.plan import Plan
from bpviz.errors import ModelError
from bpviz.registry import Registry
from bpviz.training.passes import Pass
from bpviz.training.phases import PhaseKind, phases
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, PairPlace, Place

Scope: TypeAlias = Literal["input", "node", "output", "parameter", "whole"]
Per: TypeAlias = Literal["example", "batch", "both"]


@dataclass(frozen=True, slots=True)
class Ref:
    """One number of a step.

    Attributes:
        key: Entry of QUANTITIES.
        place: Where it stands.
        example: Of which example of the batch, from 0; None for what belongs to the batch: a mean over it, or
            what no example has of its own.
    """

    key: str
    place: Place = WHOLE
    example: int | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A kind of number.

    Attributes:
        name: Key, as in references such as ``delta:h1``.
        label: In words.
        symbol: As plain text, without its indices.
        scope: What has one: each input, each node behind the input, each output, each weight and bias, or the
            whole.
        phase: From which on it is known; of a node or parameter, the phase of its layer.
        per: Whether each ``example`` has one, the ``batch``, or ``both``: the batch then has the mean.
        read: From a pass and a reference to the number.
        shown: Whether the sign is what one looks at (``signed``) or not (``plain``).
        exists: Whether a pass has it at a place of its scope.
    """

    name: str
    label: str
    symbol: str
    scope: Scope
    phase: PhaseKind
    per: Per
    read: Callable[[Pass, Ref], float]
    shown: Literal["plain", "signed"] = "plain"
    exists: Callable[[Pass, Place], bool] = lambda _made, _place: True


def value_of(made: Pass, ref: Ref) -> float:
    """Return one number, the engine's own.

    Raises:
        ModelError: If there is no such number in this step.
    """
    if not has(made, ref):
        raise ModelError(f"This step has no {QUANTITIES[ref.key].label} there.")
    return QUANTITIES[ref.key].read(made, ref)


def has(made: Pass, ref: Ref) -> bool:
    """Whether a step has a number."""
    entry = QUANTITIES[ref.key]
    if ref.example is not None and not (entry.per != "batch" and 0 <= ref.example < made.examples):
        return False
    if ref.example is None and entry.per == "example":
        return False
    return _in_scope(made, entry.scope, ref.place) and entry.exists(made, ref.place)


def known_from(plan: Plan, ref: Ref) -> int:
    """Return the index of the phase, in `phases`, from which a number is known."""
    entry, place = QUANTITIES[ref.key], ref.place
    node = place.target if isinstance(place, PairPlace | BiasPlace) else place
    layer = node.layer if isinstance(node, NodePlace) else None
    if entry.scope == "parameter" and entry.phase == "forward":
        return 0  # weights stand there before anything is computed
    if layer == 0 and entry.phase == "backward":
        layer = 1  # at the inputs nothing is left to do: the last deltas come back through the first weights
    return next(
        index
        for index, phase in enumerate(phases(plan))
        if phase.kind == entry.phase and (layer is None or phase.layer in (None, layer))
    )


def _in_scope(made: Pass, scope: Scope, place: Place) -> bool:
    if scope == "whole":
        return place == WHOLE
    if scope == "parameter":
        return made.index(place) is not None
    if not isinstance(place, NodePlace):
        return False
    layers = {"input": (0, 0), "node": (1, made.last), "output": (made.last, made.last)}[scope]
    inside = layers[0] <= place.layer <= layers[1]
    return inside and 0 <= place.node < made.plan.layers[place.layer].size


def _of_node(values: Callable[[Pass], Sequence[Array]]) -> Callable[[Pass, Ref], float]:
    """Read (examples, nodes) of a layer."""

    def read(made: Pass, ref: Ref) -> float:
        assert isinstance(ref.place, NodePlace)
        of_layer = values(made)[ref.place.layer]
        if ref.example is None:
            return float(of_layer[:, ref.place.node].mean())
        return float(of_layer[ref.example, ref.place.node])

    return read


def _of_output(values: Callable[[Pass], Array]) -> Callable[[Pass, Ref], float]:
    """Read (examples, outputs)."""
    return _of_node(lambda made: [values(made)] * (made.last + 1))


def _of_parameter(values: Callable[[Pass], Array]) -> Callable[[Pass, Ref], float]:
    """Read (parameters,)."""

    def read(made: Pass, ref: Ref) -> float:
        at = made.index(ref.place)
        assert at is not None
        return float(values(made)[at])

    return read


def _of_whole(value: Callable[[Pass], float]) -> Callable[[Pass, Ref], float]:
    return lambda made, _ref: float(value(made))


def _gradient(made: Pass, ref: Ref) -> float:
    """Of one example delta times what came in; of the batch the engine's mean."""
    if ref.example is None:
        return _of_parameter(lambda made: made.trace.gradient)(made, ref)
    return float(_products(made, ref)[ref.example])


def _accumulated(made: Pass, ref: Ref) -> float:
    return float(_products(made, ref).sum())


def _products(made: Pass, ref: Ref) -> Array:
    """(examples,): each example's gradient in one parameter."""
    place = ref.place
    assert isinstance(place, PairPlace | BiasPlace)
    if not made.is_present(place):
        return np.zeros(made.examples)
    deltas = made.trace.delta[place.target.layer][:, place.target.node]
    if isinstance(place, BiasPlace):
        return deltas
    return deltas * made.trace.a[place.source.layer][:, place.source.node]


def _remembers(slot: int) -> Callable[[Pass, Place], bool]:
    return lambda made, _place: slot < OPTIMIZERS[made.rule.optimizer].slots


def _slot(slot: int, when: Literal["before", "after"]) -> Callable[[Pass, Ref], float]:
    return _of_parameter(lambda made: (made.made.before if when == "before" else made.made.after).slots[slot])


def memory_key(slot: int, when: Literal["before", "after"]) -> str:
    """Return the key of a number that an optimizer remembers."""
    return f"memory{slot + 1}" if when == "before" else f"new_memory{slot + 1}"


def _memories() -> list[Quantity]:
    """What optimizers remember of each parameter, before the step and after it."""
    return [
        Quantity(
            memory_key(slot, when),
            f"the optimizer's memory {slot + 1} {when} the step",
            f"m{slot + 1}",
            "parameter",
            "update",
            "batch",
            _slot(slot, when),
            shown="signed",
            exists=_remembers(slot),
        )
        for slot in range(max(entry.slots for entry in OPTIMIZERS.values()))
        for when in ("before", "after")
    ]


QUANTITIES: Final = Registry(
    "quantity",
    Quantity("input", "input", "x", "input", "forward", "both", _of_node(lambda made: made.trace.a)),
    Quantity("z", "weighted input", "z", "node", "forward", "both", _of_node(lambda made: made.trace.z)),
    Quantity("a", "activation", "a", "node", "forward", "both", _of_node(lambda made: made.trace.a)),
    Quantity("target", "target", "y", "output", "loss", "both", _of_output(lambda made: made.trace.y)),
    Quantity(
        "loss_share", "share in the loss", "ℓ", "output", "loss", "both", _of_output(lambda made: made.shares)
    ),
    Quantity(
        "loss",
        "loss of an example",
        "ℓ",
        "whole",
        "loss",
        "example",
        lambda made, ref: float(made.trace.losses[ref.example or 0]),
    ),
    Quantity(
        "mean_loss", "mean loss", "L", "whole", "loss", "batch", _of_whole(lambda made: made.trace.mean_loss)
    ),
    Quantity("penalty", "penalty", "R", "whole", "loss", "batch", _of_whole(lambda made: made.penalty_cost)),
    Quantity(
        "cost",
        "cost",
        "J",
        "whole",
        "loss",
        "batch",
        _of_whole(lambda made: made.trace.mean_loss + made.penalty_cost),
    ),
    Quantity(
        "slope",
        "slope of the activation",
        "f'",
        "node",
        "backward",
        "both",
        _of_node(lambda made: made.trace.slope),
    ),
    Quantity(
        "dloss_da",
        "derivative of the loss by the activation",
        "∂ℓ/∂a",
        "node",
        "backward",
        "both",
        _of_node(lambda made: made.dloss_da),
        shown="signed",
        exists=lambda made, place: (
            not (made.loss.fused and isinstance(place, NodePlace) and place.layer == made.last)
        ),
    ),
    Quantity(
        "delta",
        "delta",
        "δ",
        "node",
        "backward",
        "both",
        _of_node(lambda made: made.trace.delta),
        shown="signed",
    ),
    Quantity(
        "dloss_dx",
        "derivative of the loss by the input",
        "∂ℓ/∂x",
        "input",
        "backward",
        "both",
        _of_node(lambda made: [made.dloss_dx]),
        shown="signed",
    ),
    Quantity(
        "value",
        "value before the step",
        "w",
        "parameter",
        "forward",
        "batch",
        _of_parameter(lambda made: made.made.before.parameters),
        shown="signed",
    ),
    Quantity(
        "gradient", "gradient of the loss", "∂L/∂w", "parameter", "backward", "both", _gradient, "signed"
    ),
    Quantity(
        "accumulated",
        "gradients of all examples added up",
        "Δ",
        "parameter",
        "backward",
        "batch",
        _accumulated,
        shown="signed",
    ),
    Quantity(
        "penalty_gradient",
        "gradient of the penalty",
        "∂R/∂w",
        "parameter",
        "update",
        "batch",
        _of_parameter(lambda made: made.made.penalty_gradient),
        shown="signed",
    ),
    Quantity(
        "total",
        "gradient with the penalty",
        "∂J/∂w",
        "parameter",
        "update",
        "batch",
        _of_parameter(lambda made: made.total),
        shown="signed",
    ),
    Quantity(
        "norm",
        "norm of the gradient",
        "‖g‖",
        "whole",
        "update",
        "batch",
        _of_whole(lambda made: made.gradient_norm),
    ),
    Quantity(
        "clip_scale",
        "scale of clipping",
        "κ",
        "whole",
        "update",
        "batch",
        _of_whole(lambda made: made.made.clip_scale),
    ),
    Quantity(
        "applied",
        "gradient that the optimizer gets",
        "g",
        "parameter",
        "update",
        "batch",
        _of_parameter(lambda made: made.made.applied),
        shown="signed",
    ),
    Quantity(
        "rate", "learning rate", "η", "whole", "update", "batch", _of_whole(lambda made: made.made.rate)
    ),
    *_memories(),
    Quantity(
        "change",
        "change",
        "Δw",
        "parameter",
        "update",
        "batch",
        _of_parameter(lambda made: made.made.change),
        shown="signed",
    ),
    Quantity(
        "new",
        "value after the step",
        "w⁺",
        "parameter",
        "update",
        "batch",
        _of_parameter(lambda made: made.made.after.parameters),
        shown="signed",
    ),
)
