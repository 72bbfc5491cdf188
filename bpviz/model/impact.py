"""What an edit means for a run that is under way: nothing, other settings, other wires, or a new start."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import fields, replace
from enum import IntEnum
from functools import lru_cache
from operator import is_
from typing import Final

import numpy as np

from bpviz.data.datasets import TABLE, facts
from bpviz.data.settings import DataSettings
from bpviz.errors import BpvizError
from bpviz.model.common import ID
from bpviz.model.compile import output_code
from bpviz.model.edits.links import present_pairs
from bpviz.model.edits.starts import existing
from bpviz.model.spec import Address, Layer, Network, Project, Start, Training, WeightBlock

_RESTARTED: Final = {
    "seed": "A new seed starts the run again.",
    "initializer": "A new initializer starts the run again.",
    "initializer_options": "A new initializer starts the run again.",
    "precision": "A new precision starts the run again.",
}
"""Fields of `Training` that decide what a run begins with, and why it begins again."""

_RETUNED: Final = tuple(field.name for field in fields(Training) if field.name not in _RESTARTED)
"""All the others: a run takes them over as it goes."""


class Impact(IntEnum):
    """How far an edit reaches, from least to most."""

    NOTHING = 0
    """Names, places and views: the run need not know."""
    RETUNE = 1
    """The run goes on with the same weights and other settings."""
    REWIRE = 2
    """The run goes on with every weight whose two ends still exist, and with every example that is left."""
    RESTART = 3
    """What was learned does not carry over: the run starts again."""


def impact(before: Project, after: Project) -> tuple[Impact, str]:
    """Compare two projects.

    Returns:
        The impact, and for `RESTART` a sentence that says why; otherwise an empty text.
    """
    for reason in _RESTARTS:
        sentence = reason(before, after)
        if sentence:
            return Impact.RESTART, sentence
    if rewires(before, after) or learns_other_rows(before, after):
        return Impact.REWIRE, ""
    if _retunes(before, after):
        return Impact.RETUNE, ""
    return Impact.NOTHING, ""


def learns_other_rows(before: Project, after: Project) -> bool:
    """Whether an edit merely adds, changes or removes examples, of the same columns and targets.

    Only a table of the user's own is edited so; data that are drawn become one by the first such edit, and
    what they were by its undo.
    """
    return _other_rows(before.data, after.data)


@lru_cache(
    maxsize=1024
)  # a run asks for every one of its edits, over and over, and facts of a table take long
def _other_rows(old: DataSettings, new: DataSettings) -> bool:
    rows = ("source", "table", "targets", "target_kind", "classes", "samples", "noise")
    if TABLE not in (old.source, new.source) or all(
        getattr(old, name) == getattr(new, name) for name in rows
    ):
        return False
    others = {name: getattr(new, name) for name in (*rows, "image")}
    if replace(old, **others) != new:
        return False
    try:
        known = facts(old), facts(new)
    except BpvizError:
        return False
    same = ("columns", "target_names", "classes", "task")
    return all(getattr(known[0], name) == getattr(known[1], name) for name in same)


def rewires(before: Project, after: Project) -> bool:
    """Whether there are other weights after an edit."""
    old, new = before.network, after.network
    if old is new:
        return False
    return _differ(old.layers, new.layers, _nodes) or (
        not _same(old.links, new.links) and _pairs(old) != _pairs(new)
    )


def _data_restart(before: Project, after: Project) -> str:
    if learns_other_rows(before, after):
        return ""
    old, new = before.data, after.data
    names = ("source", "table", "targets", "target_kind", "classes", "uses")
    if any(getattr(old, name) != getattr(new, name) for name in names):
        return "New data start the run again."
    if (old.samples, old.noise) != (new.samples, new.noise):
        return "Newly drawn data start the run again."
    if (old.scaling, old.target_scaling) != (new.scaling, new.target_scaling):
        return "A new scaling starts the run again."
    if old.train_share != new.train_share:
        return "A new split starts the run again."
    # What a picture of an example looks like is nothing to the run.
    return "New data start the run again." if replace(old, image=new.image) != new else ""


def _feature_restart(before: Project, after: Project) -> str:
    old, new = before.network.input, after.network.input
    changed = old is not new and _features(old) != _features(new)
    return "New features start the run again." if changed else ""


def _target_restart(before: Project, after: Project) -> str:
    old, new = before.network.output, after.network.output
    if (old.id if old else "") != (new.id if new else ""):
        return "A new output layer starts the run again."
    if old is None or new is None or not old.nodes or not new.nodes:
        return ""  # one of them can't run, so nothing is lost that the next one would keep
    if output_code(before.network) != output_code(after.network):
        return "Targets are now written in another way, so the run starts again."
    return ""


def _start_restart(before: Project, after: Project) -> str:
    for name, sentence in _RESTARTED.items():
        if getattr(before.training, name) != getattr(after.training, name):
            return sentence
    if before.start == after.start:
        return ""
    changed = _changed_singly(before.start.values, after.start.values)
    # A value that went with its node, or came back with it, is no change of the start.
    both = existing(after.network, existing(before.network, changed))
    stays = bool(both) and _single_differs(before.start, after.start, both)
    return "A new start value starts the run again." if stays or _block_differs(before, after) else ""


def _changed_singly(
    old: Sequence[tuple[Address, float]], new: Sequence[tuple[Address, float]]
) -> Collection[Address]:
    """The addresses whose own values may differ; most edits add some to the others, or take these back."""
    both = min(len(old), len(new))
    if old[:both] == new[:both]:
        return [address for address, _ in (*old[both:], *new[both:])]
    return {address for address, _ in {*old} ^ {*new}}


def _single_differs(before: Start, after: Start, addresses: Collection[Address]) -> bool:
    old, new = _value_of(before), _value_of(after)
    return any(old(address) != new(address) for address in addresses)


def _value_of(start: Start) -> Callable[[Address], float | None]:
    single = dict(start.values)
    return lambda address: single.get(address, start.in_blocks(address))


def _block_differs(before: Project, after: Project) -> bool:
    """Whether a weight that both drawings have begins otherwise, among those that stand as arrays."""
    for block in _only_in_one(before.start.blocks, after.start.blocks):
        nodes = block.sources, block.targets
        both = present_pairs(before.network, *nodes)
        if both.any():
            both &= present_pairs(after.network, *nodes)
        if not both.any():
            continue  # a copy that has come or gone
        old, new = before.start.part(*nodes), after.start.part(*nodes)
        if (both & (old != new) & ~(np.isnan(old) & np.isnan(new))).any():
            return True
    return False


def _only_in_one(old: Sequence[WeightBlock], new: Sequence[WeightBlock]) -> Iterator[WeightBlock]:
    """The blocks that one of two starts lacks; compared, as to hash megabytes takes long."""
    yield from (block for block in old if block not in new)
    yield from (block for block in new if block not in old)


_RESTARTS: Final[tuple[Callable[[Project, Project], str], ...]] = (
    _data_restart,
    _feature_restart,
    _target_restart,
    _start_restart,
)


def _features(layer: Layer | None) -> tuple[tuple[str, str | None], ...] | None:
    return tuple((node.id, node.feature) for node in layer.nodes) if layer else None


def _same(old: Sequence[object], new: Sequence[object]) -> bool:
    """Whether two drawings have the very same layers or links, as far as can be said at a glance."""
    return len(old) == len(new) and all(map(is_, old, new))


def _differ(old: Sequence[Layer], new: Sequence[Layer], part: Callable[[Layer], object]) -> bool:
    """Whether layers differ in some part; it isn't looked at in those that are the very same."""
    return len(old) != len(new) or any(
        a is not b and part(a) != part(b) for a, b in zip(old, new, strict=True)
    )


def _nodes(layer: Layer) -> object:
    """Everything of a layer that decides which weights there are."""
    return layer.id, layer.role, [*map(ID, layer.nodes)]


def _pairs(network: Network) -> object:
    """All connections."""
    return frozenset((link.key, link.removed) for link in network.links)


def _retunes(before: Project, after: Project) -> bool:
    """Whether anything else differs that a run with the same weights computes with."""
    old, new = before.network, after.network
    if _differ(old.layers, new.layers, _computing):
        return True
    if not _same(old.links, new.links) and _frozen(old) != _frozen(new):
        return True
    return any(getattr(before.training, name) != getattr(after.training, name) for name in _RETUNED)


def _computing(layer: Layer) -> object:
    """Everything that its nodes compute with."""
    if layer.role == "input":
        return ()
    return [(node.activation or layer.activation, node.bias_frozen) for node in layer.nodes]


def _frozen(network: Network) -> object:
    return frozenset((link.key, link.frozen) for link in network.links)
