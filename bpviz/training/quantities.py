"""What can be known in one step of training: `QUANTITIES`, one entry for each kind of number.

Whatever shows numbers of a pass reads this table, so that all show the same ones and none before its phase;
`bpviz.training.known` says what that is where somebody stands.  To add a quantity, add an entry: the card,
the inspector, the menu of views and ``bpviz gradients`` then show it, and `bpviz.training.explain` its bare
number until it is told how it comes about.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.plan import Plan
from bpviz.errors import ModelError
from bpviz.registry import Registry
from bpviz.training import telling as told
from bpviz.training.passes import Pass
from bpviz.training.phases import PhaseKind, phases
from bpviz.training.places import (
    ALL,
    WHOLE,
    BiasPlace,
    NodePlace,
    NodeSpots,
    ParameterSpots,
    Place,
    layer_of,
    spots_of,
)
from bpviz.training.readings import (
    Reading,
    accumulated,
    gradients,
    losses,
    of_memory,
    of_nodes,
    of_outputs,
    of_parameters,
    of_whole,
)

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
        values: How it is read, of many places at once.
        shown: Whether the sign is what one looks at (``signed``) or not (``plain``).
        averages: Whether what the batch alone has is a mean over its examples.
        exists: Whether a pass has it at a layer; at None of the whole.
        after: The quantity that it is the new one of; both are listed beside each other.
        short: Its label in a word or two, for lists; empty where it is as short.
        telling: Whether it says something that no other quantity says; lists leave it out where it doesn't.
    """

    name: str
    label: str
    symbol: str
    scope: Scope
    phase: PhaseKind
    per: Per
    values: Reading
    shown: Literal["plain", "signed"] = "plain"
    averages: bool = False
    exists: Callable[[Pass, int | None], bool] = lambda _made, _layer: True
    after: str = ""
    short: str = ""
    telling: Callable[[Pass], bool] = told.always

    @property
    def word(self) -> str:
        """What lists call it."""
        return self.short or self.label

    def read(self, made: Pass, ref: Ref) -> float:
        """Read one number, the engine's own; it must be there."""
        return float(self.values(made, spots_of(made.plan, ref.place), ref.example)[0])

    def symbol_at(self, place: Place) -> str:
        """Its symbol at a weight, or at a bias, whose letter is another one."""
        return self.symbol.replace("w", "b") if isinstance(place, BiasPlace) else self.symbol


def value_of(made: Pass, ref: Ref) -> float:
    """Return one number, the engine's own.

    Raises:
        ModelError: If there is no such number in this step.
    """
    if not has(made, ref):
        raise ModelError(f"This step has no {QUANTITIES[ref.key].label} there.")
    return QUANTITIES[ref.key].read(made, ref)


def layer_values(made: Pass, key: str, layer: int, example: int | None = None) -> Array | None:
    """(nodes,): a quantity of all nodes of a layer; None where this step has none."""
    if not has(made, Ref(key, NodePlace(layer, 0), example)):
        return None
    return QUANTITIES[key].values(made, NodeSpots(layer, ALL), example)


def parameter_values(made: Pass, key: str, example: int | None = None) -> Array | None:
    """(parameters,): a quantity of all weights and biases; None where this step has none."""
    entry = QUANTITIES[key]
    if entry.scope != "parameter" or not _is_of(made, entry, example) or not entry.exists(made, None):
        return None
    return entry.values(made, ParameterSpots(ALL), example)


def has(made: Pass, ref: Ref) -> bool:
    """Whether a step has a number."""
    entry = QUANTITIES[ref.key]
    here = _is_of(made, entry, ref.example) and _in_scope(made, entry.scope, ref.place)
    return here and entry.exists(made, layer_of(ref.place))


def known_from(plan: Plan, ref: Ref) -> int:
    """Return the index of the phase, in `phases`, from which a number is known."""
    return layer_known_from(plan, ref.key, layer_of(ref.place))


def layer_known_from(plan: Plan, key: str, layer: int | None) -> int:
    """Return the same for all nodes of a layer, or all weights and biases into it."""
    entry = QUANTITIES[key]
    if entry.scope == "parameter" and entry.phase == "forward":
        return 0  # weights stand there before anything is computed
    if layer == 0 and entry.phase == "backward":
        layer = 1  # at the inputs nothing is left to do: the last deltas come back through the first weights
    return next(
        index
        for index, phase in enumerate(phases(plan))
        if phase.kind == entry.phase and (layer is None or phase.layer in (None, layer))
    )


def _is_of(made: Pass, entry: Quantity, example: int | None) -> bool:
    if example is None:
        return entry.per != "example"
    return entry.per != "batch" and 0 <= example < made.examples


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


_Kind: TypeAlias = tuple[Scope, PhaseKind, Per]
_OUTPUT: Final[_Kind] = ("output", "loss", "both")
_LOSS: Final[_Kind] = ("whole", "loss", "batch")
_BACK: Final[_Kind] = ("node", "backward", "both")
_STEP: Final[_Kind] = ("parameter", "update", "batch")
_WHOLE: Final[_Kind] = ("whole", "update", "batch")


def _remembers(slot: int) -> Callable[[Pass, int | None], bool]:
    return lambda made, _layer: slot < OPTIMIZERS[made.rule.optimizer].slots


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
            *_STEP,
            of_memory(slot, when),
            shown="signed",
            exists=_remembers(slot),
            after=memory_key(slot, "before") if when == "after" else "",
            short=f"memory {slot + 1} {when}",
        )
        for slot in range(max(entry.slots for entry in OPTIMIZERS.values()))
        for when in ("before", "after")
    ]


QUANTITIES: Final = Registry(
    "quantity",
    Quantity("input", "input", "x", "input", "forward", "both", of_nodes(lambda made: made.trace.a)),
    Quantity("z", "weighted input", "z", "node", "forward", "both", of_nodes(lambda made: made.trace.z)),
    Quantity("a", "activation", "a", "node", "forward", "both", of_nodes(lambda made: made.trace.a)),
    Quantity("target", "target", "y", *_OUTPUT, of_outputs(lambda made: made.trace.y)),
    Quantity(
        "loss_share",
        "share in the loss",
        "ℓ",
        *_OUTPUT,
        of_outputs(lambda made: made.shares),
        short="loss share",
    ),
    Quantity("loss", "loss of an example", "ℓ", "whole", "loss", "example", losses, short="loss"),
    Quantity(
        "mean_loss", "mean loss", "L", *_LOSS, of_whole(lambda made: made.trace.mean_loss), averages=True
    ),
    Quantity(
        "penalty", "penalty", "R", *_LOSS, of_whole(lambda made: made.penalty_cost), telling=told.is_penalized
    ),
    Quantity(
        "cost",
        "cost",
        "J",
        *_LOSS,
        of_whole(lambda made: made.trace.mean_loss + made.penalty_cost),
        telling=told.is_penalized,
    ),
    Quantity(
        "slope",
        "slope of the activation",
        "f'",
        *_BACK,
        of_nodes(lambda made: made.trace.slope),
        short="slope",
    ),
    Quantity(
        "flat",
        "whether the slope is 0; of the batch the share of its examples",
        "f'=0",
        *_BACK,
        of_nodes(lambda made: made.flat),
        telling=told.has_dead,
        short="at slope 0",
    ),
    Quantity(
        "dloss_da",
        "derivative of the loss by the activation",
        "∂ℓ/∂a",
        *_BACK,
        of_nodes(lambda made: made.dloss_da),
        shown="signed",
        exists=lambda made, layer: not (made.loss.fused and layer == made.last),
        short="derivative by a",
    ),
    Quantity("delta", "delta", "δ", *_BACK, of_nodes(lambda made: made.trace.delta), shown="signed"),
    Quantity(
        "dloss_dx",
        "derivative of the loss by the input",
        "∂ℓ/∂x",
        "input",
        "backward",
        "both",
        of_nodes(lambda made: [made.dloss_dx]),
        shown="signed",
        short="derivative by x",
    ),
    Quantity(
        "value",
        "value before the step",
        "w",
        "parameter",
        "forward",
        "batch",
        of_parameters(lambda made: made.made.before.parameters),
        shown="signed",
        short="value",
    ),
    Quantity(
        "gradient",
        "gradient of the loss",
        "∂L/∂w",
        "parameter",
        "backward",
        "both",
        gradients,
        shown="signed",
        short="gradient",
    ),
    Quantity(
        "accumulated",
        "gradients of all examples added up",
        "Δ",
        "parameter",
        "backward",
        "batch",
        accumulated,
        shown="signed",
        telling=told.never,
        short="sum of gradients",
    ),
    Quantity(
        "penalty_gradient",
        "gradient of the penalty",
        "∂R/∂w",
        *_STEP,
        of_parameters(lambda made: made.made.penalty_gradient),
        shown="signed",
        telling=told.is_penalized,
        short="penalty gradient",
    ),
    Quantity(
        "total",
        "gradient with the penalty",
        "∂J/∂w",
        *_STEP,
        of_parameters(lambda made: made.total),
        shown="signed",
        averages=True,
        telling=lambda made: made.penalty_joins,
        short="with penalty",
    ),
    Quantity(
        "norm",
        "norm of the gradient",
        "‖g‖",
        *_WHOLE,
        of_whole(lambda made: made.gradient_norm),
        short="gradient norm",
    ),
    Quantity(
        "clip_scale",
        "scale of clipping",
        "κ",
        *_WHOLE,
        of_whole(lambda made: made.made.clip_scale),
        telling=told.is_clipped,
        short="clipping",
    ),
    Quantity(
        "applied",
        "gradient that the optimizer gets",
        "g",
        *_STEP,
        of_parameters(lambda made: made.made.applied),
        shown="signed",
        averages=True,
        telling=told.is_applied_otherwise,
        short="applied",
    ),
    Quantity(
        "held",
        "whether it is frozen",
        "w=",
        "parameter",
        "forward",
        "batch",
        of_parameters(lambda made: (made.plan.present & ~made.plan.trainable).astype(np.float64)),
        telling=told.never,
        short="frozen",
    ),
    Quantity("rate", "learning rate", "η", *_WHOLE, of_whole(lambda made: made.made.rate)),
    *_memories(),
    Quantity("change", "change", "Δw", *_STEP, of_parameters(lambda made: made.made.change), shown="signed"),
    Quantity(
        "new",
        "value after the step",
        "w⁺",
        *_STEP,
        of_parameters(lambda made: made.made.after.parameters),
        shown="signed",
        after="value",
        short="new value",
    ),
)
