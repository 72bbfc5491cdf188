"""The order in which a pass computes: which numbers each phase makes, example by example."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.training.passes import Pass
from bpviz.training.phases import Phase, phases
from bpviz.training.places import WHOLE, Place, nodes_of, parameters_into
from bpviz.training.quantities import Ref, has, memory_key


@dataclass(frozen=True, slots=True)
class Section:
    """Numbers that belong together.

    Attributes:
        title: Of the phase that makes them; empty for a choice of numbers.
        refs: The numbers.
    """

    title: str
    refs: tuple[Ref, ...]


def sections(made: Pass, *, accumulated: bool = False) -> Iterator[Section]:
    """List all numbers of a pass that say something, phase by phase.

    Args:
        made: The pass.
        accumulated: Whether gradients are added up before they are divided, as course notes do; these also
            name the sum with the penalty where there is none.
    """
    for phase in phases(made.plan):
        refs = tuple(ref for ref in _of_phase(made, phase, accumulated=accumulated) if has(made, ref))
        if refs:
            yield Section(phase.title, refs)


def count(made: Pass) -> int:
    """Return how many numbers a whole pass has, at most; without listing them."""
    per_node, per_parameter = 6 * made.examples, 6 + made.examples
    nodes = sum(layer.size for layer in made.plan.layers)
    return per_node * nodes + per_parameter * made.plan.size


def _of_phase(made: Pass, phase: Phase, *, accumulated: bool) -> Iterator[Ref]:
    if phase.kind == "forward":
        keys = ("z", "a") if phase.layer else ("input",)
        yield from _of_nodes(made, phase.layer or 0, keys)
    elif phase.kind == "loss":
        yield from _of_nodes(made, made.last, ("target", "loss_share"))
        yield from (Ref("loss", WHOLE, example) for example in range(made.examples))
        yield from [Ref("mean_loss")] if made.examples > 1 else []
        yield from [Ref("penalty"), Ref("cost")] if made.rule.penalty != "none" else []
    elif phase.kind == "backward":
        yield from _backward(made, phase.layer or 0, accumulated=accumulated)
    else:
        yield from _update(made, accumulated=accumulated)


def _of_nodes(made: Pass, layer: int, keys: Iterable[str]) -> Iterator[Ref]:
    """Example by example, node by node."""
    for example in range(made.examples):
        yield from _all(nodes_of(made.plan, layer), keys, example)


def _all(places: Iterable[Place], keys: Iterable[str], example: int | None = None) -> Iterator[Ref]:
    yield from (Ref(key, place, example) for place in places for key in keys)


def _backward(made: Pass, layer: int, *, accumulated: bool) -> Iterator[Ref]:
    fused = made.loss.fused and layer == made.last
    yield from _of_nodes(made, layer, ("delta",) if fused else ("slope", "dloss_da", "delta"))
    for place in parameters_into(made.plan, layer):
        if made.examples > 1:
            yield from (Ref("gradient", place, example) for example in range(made.examples))
        yield from _all([place], ("accumulated", "gradient") if accumulated else ("gradient",))


def _update(made: Pass, *, accumulated: bool) -> Iterator[Ref]:
    parameters = [place for layer in range(1, made.last + 1) for place in parameters_into(made.plan, layer)]
    if made.rule.penalty != "none":
        yield from _all(parameters, ("penalty_gradient",))
    if made.penalty_joins or accumulated:
        yield from _all(parameters, ("total",))
    if made.rule.clip_norm is not None:
        yield from (Ref("norm"), Ref("clip_scale"))
        yield from _all(parameters, ("applied",))
    yield Ref("rate")
    slots = range(OPTIMIZERS[made.rule.optimizer].slots)
    memories = [key for slot in slots for key in (memory_key(slot, "before"), memory_key(slot, "after"))]
    yield from _all(parameters, ("value", *memories, "change", "new"))
