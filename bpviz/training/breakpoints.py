"""Breakpoints: at which numbers of a step a walk stops.

To add a condition, add an entry to `CONDITIONS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray
from bpviz.data.prepare import Prepared
from bpviz.registry import Registry
from bpviz.training.explain.naming import Names
from bpviz.training.passes import Pass
from bpviz.training.places import WHOLE, BiasPlace, NodePlace, Place, place_at
from bpviz.training.quantities import QUANTITIES, Ref, layer_known_from, layer_values, parameter_values


@dataclass(frozen=True, slots=True)
class Condition:
    """What a number has to be for a walk to stop.

    Attributes:
        name: Key in files; never renamed.
        label: What lists show, behind the name of a quantity.
        holds: For which of several numbers, given the bound.
        bounded: Whether it has a bound.
        of_examples: It is about whole examples and no quantity; ``holds`` then gets 1 for those whose class
            is not the one that the network tells, else 0.
    """

    name: str
    label: str
    holds: Callable[[Array, float], BoolArray]
    bounded: bool = False
    of_examples: bool = False


CONDITIONS: Final = Registry(
    "condition",
    Condition("zero", "is 0", lambda values, _: values == 0),
    Condition(
        "exceeds", "is larger in size than", lambda values, bound: np.abs(values) > bound, bounded=True
    ),
    Condition("not_finite", "is not finite", lambda values, _: ~np.isfinite(values)),
    Condition("misclassified", "is misclassified", lambda wrong, _: wrong > 0, of_examples=True),
)
LOSS: Final = "loss"
"""The quantity that stands for a whole example: the phase that computes it compares outputs with targets."""


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Where a walk is to stop: at a number of a kind, wherever in the network, for which a condition holds.

    Attributes:
        key: Entry of QUANTITIES; LOSS where the condition is about examples.
        condition: Entry of CONDITIONS.
        bound: Where the condition has one.
        on: Whether it acts.
    """

    key: str
    condition: str
    bound: float = 0.0
    on: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """A number that a walk stops at.

    Attributes:
        point: Because of which breakpoint.
        ref: Which number.
        value: How large it is.
    """

    point: Breakpoint
    ref: Ref
    value: float


def first_hit(
    points: Sequence[Breakpoint],
    made: Pass,
    index: int,
    wrong: BoolArray | None,
    examples: Sequence[int | None],
) -> Hit | None:
    """Find the first number that a phase computes and that a breakpoint stops at.

    Args:
        points: Those that are off count for nothing.
        made: The step.
        index: Of the phase.
        wrong: (examples,) which ones are misclassified; None where there are no classes.
        examples: Whose numbers are looked at, in this order; None stands for what belongs to the batch.
    """
    computed = [(point, _computed(made, point.key, index)) for point in points if point.on]
    computed = [(point, parts) for point, parts in computed if parts]
    for example in examples if computed else ():
        for point, parts in computed:
            for layer in parts:
                hit = _hit(point, made, layer, wrong, example)
                if hit is not None:
                    return hit
    return None


def misclassified(prepared: Prepared, made: Pass) -> BoolArray | None:
    """(examples,) whose class is not the one that the network tells; None where there are no classes."""
    if prepared.dataset.classes is None:
        return None
    return ~prepared.correct(made.trace.a[-1], made.trace.y)


def words(point: Breakpoint) -> str:
    """Say when a breakpoint stops a walk."""
    condition = CONDITIONS[point.condition]
    what = "example" if condition.of_examples else QUANTITIES[point.key].label
    bound = f" {point.bound:g}" if condition.bounded else ""
    return f"{what[0].upper()}{what[1:]} {condition.label}{bound}"


def written(point: Breakpoint) -> str:
    """Write a breakpoint into one line; `read` is the opposite."""
    return f"{point.key} {point.condition} {point.bound!r} {'on' if point.on else 'off'}"


def read(text: str) -> Breakpoint | None:
    """Read a breakpoint; None if it is none, or about what there is no more."""
    parts = text.split()
    if len(parts) != 4 or parts[0] not in QUANTITIES or parts[1] not in CONDITIONS:
        return None
    try:
        bound = float(parts[2])
    except ValueError:
        return None
    return Breakpoint(parts[0], parts[1], bound, parts[3] == "on") if math.isfinite(bound) else None


def sentence(hit: Hit, names: Names) -> str:
    """Say which number it is and why it stops a walk."""
    condition = CONDITIONS[hit.point.condition]
    many = hit.ref.example is not None and len(names.examples) > 1
    example = f"example {names.examples[hit.ref.example or 0]}" if many else "the example"
    if condition.of_examples:
        return f"Breakpoint: {example} {condition.label}."
    place = names.place(hit.ref.place).replace("->", " → ")
    bias = "the bias of " if isinstance(hit.ref.place, BiasPlace) else ""
    where = f" of {bias}{place}" if place else ""
    bound = f" {hit.point.bound:g}: it is {hit.value:.4g}" if condition.bounded else ""
    of = f" in {example}" if many else ""
    text = f"{QUANTITIES[hit.point.key].label}{where} {condition.label}{bound}{of}"
    return f"Breakpoint: {text}.".replace("-", "−")


def _computed(made: Pass, key: str, index: int) -> list[int | None]:
    """Layers whose numbers of a kind a phase computes; None stands for the whole."""
    some: dict[str, list[int | None]] = {"whole": [None], "input": [0], "output": [made.last]}
    layers = some.get(QUANTITIES[key].scope, [*range(1, made.last + 1)])
    return [layer for layer in layers if layer_known_from(made.plan, key, layer) == index]


def _hit(
    point: Breakpoint, made: Pass, layer: int | None, wrong: BoolArray | None, example: int | None
) -> Hit | None:
    """Find the first number of a layer that one example, or the batch, has there."""
    entry, condition = QUANTITIES[point.key], CONDITIONS[point.condition]
    # A mean over examples is nobody's z or delta; of weights the batch has the gradient, and no example.
    per_example = entry.per != "batch" and entry.scope != "parameter"
    if per_example is (example is None):
        return None
    values = _wrong(wrong, example) if condition.of_examples else _values(made, point.key, layer, example)
    if values is None:
        return None
    holds = condition.holds(values, point.bound) & _there(made, point.key, layer)
    at = int(np.argmax(holds))
    if not holds[at]:
        return None
    return Hit(point, Ref(point.key, _place(made, point.key, layer, at), example), float(values[at]))


def _wrong(wrong: BoolArray | None, example: int | None) -> Array | None:
    if wrong is None or example is None:
        return None
    return np.array([float(wrong[example])])


def _values(made: Pass, key: str, layer: int | None, example: int | None) -> Array | None:
    if QUANTITIES[key].scope == "parameter":
        return parameter_values(made, key)
    if layer is None:
        return QUANTITIES[key].values(made, WHOLE, example)
    return layer_values(made, key, layer, example)


def _there(made: Pass, key: str, layer: int | None) -> BoolArray:
    """(1,) or (parameters,) which numbers count: of weights and biases those of a layer that take part."""
    if QUANTITIES[key].scope != "parameter" or layer is None:
        return np.ones(1, dtype=np.bool_)
    there = np.zeros(made.plan.size, dtype=np.bool_)
    for part in made.plan.layer_slices(layer):
        there[part] = made.plan.present[part]
    return there


def _place(made: Pass, key: str, layer: int | None, at: int) -> Place:
    if QUANTITIES[key].scope == "parameter":
        return place_at(made.plan, at)
    return WHOLE if layer is None else NodePlace(layer, at)
