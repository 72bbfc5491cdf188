"""What becomes of a run's numbers when the network, or one of them, is edited during it.

Every weight and bias whose two ends still exist keeps its value and its optimizer's memory.  What leaves
goes to the attic under its address and returns if an undo brings its ids back.  What is new starts from the
initializer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from bpviz.arrays import Array, BoolArray, IntArray
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.update import Rule
from bpviz.errors import SettingError
from bpviz.model.compile import Compiled
from bpviz.model.sharing import shared
from bpviz.plain import as_float, is_number

MOST_KEPT: Final = 20_000_000
"""Parameters; at a few bytes each some 100 MB, and beyond any number of edits of a small network."""


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """The numbers of a run that belong to addresses.

    Attributes:
        parameters: (parameters,).
        start: (parameters,) where each of them started.
        slots: (slots, parameters) what the optimizer remembers.
        memory: Whose memory that is: optimizer and penalty.
    """

    parameters: Array
    start: Array
    slots: Array
    memory: tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """What left the network in one edit: indices into the vectors of that network, and their numbers."""

    network: Compiled
    indices: IntArray
    numbers: Numbers


def with_value(parameters: Array, at: int, value: float) -> Array:
    """Return the parameters with one of them set by hand.

    Raises:
        SettingError: If the value is not a finite number in their precision.
    """
    number: object = as_float(value)
    result = parameters.copy()
    if is_number(number):
        with np.errstate(over="ignore"):  # float32 has no room for every float
            result[at] = number
    if not is_number(number) or not np.isfinite(result[at]):
        raise SettingError("A weight or bias must be a finite number; set another value.")
    return result


def slots_for(rule: Rule, before: Rule, slots: Array) -> Array:
    """Return what optimizer and penalty may remember under a new rule, (slots, parameters).

    Another optimizer, or another penalty, begins with an empty memory.
    """
    own, old = OPTIMIZERS[rule.optimizer].slots, OPTIMIZERS[before.optimizer].slots
    result = np.zeros((rule.slots, slots.shape[1]), dtype=slots.dtype)
    if rule.optimizer == before.optimizer:
        result[:own] = slots[:old]
    if rule.penalty == before.penalty:
        result[own:] = slots[old:]
    return result


class Attic:
    """Keeps what left the network during a run; of very much the latest.

    Args:
        boxes: What it keeps from the beginning.
        room: How many parameters the networks may have together from which it keeps something.
    """

    def __init__(self, boxes: Iterable[Box] = (), room: int = MOST_KEPT) -> None:
        self._boxes = list(boxes)
        self._room = room

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What it keeps, the latest last; none of them ever changes."""
        return tuple(self._boxes)

    def move(self, before: Compiled, numbers: Numbers, after: Compiled, fresh: Numbers) -> Numbers:
        """Take a run's numbers from one network to the next.

        Args:
            before: What `numbers` belong to.
            numbers: Of the run; left as they are.
            after: The network after the edit.
            fresh: What new addresses get.

        Returns:
            The numbers that belong to `after`.
        """
        both = shared(before, after)
        result = Numbers(fresh.parameters.copy(), fresh.start.copy(), fresh.slots.copy(), fresh.memory)
        for old, new in _vectors(numbers, result):
            both.carry(old, new)
        self._bring_back(after, result, both.arrived)
        self._put_away(before, numbers, np.flatnonzero(both.back.arrived))
        return result

    def _bring_back(self, after: Compiled, result: Numbers, missing: BoolArray) -> None:
        """Return to new addresses what they had when they left; the latest time counts."""
        for at in reversed(range(len(self._boxes))):
            if not missing.any():
                return
            box = self._boxes[at]
            size, there = box.network.plan.size, shared(after, box.network)
            wanted = np.zeros(size, dtype=np.bool_)
            there.carry(missing, wanted)
            returning = wanted[box.indices]
            if not returning.any():
                continue
            places = np.zeros(size, dtype=np.int64)
            there.carry(np.arange(after.plan.size), places)
            new = places[box.indices[returning]]
            for old, into in _vectors(box.numbers, result):
                into[new] = old[returning]
            missing[new] = False
            left = ~returning
            self._boxes[at] = Box(box.network, box.indices[left], _chosen(box.numbers, np.flatnonzero(left)))
        self._boxes = [box for box in self._boxes if len(box.indices)]

    def _put_away(self, before: Compiled, numbers: Numbers, leaving: IntArray) -> None:
        if not len(leaving):
            return
        self._boxes.append(Box(before, leaving, _chosen(numbers, leaving)))
        # Each box holds a whole network, masks and all; of a wide one, many edits would fill the memory.
        while len(self._boxes) > 1 and sum(box.network.plan.size for box in self._boxes) > self._room:
            del self._boxes[0]


def _chosen(numbers: Numbers, indices: IntArray) -> Numbers:
    return Numbers(
        numbers.parameters[indices], numbers.start[indices], numbers.slots[:, indices], numbers.memory
    )


def _vectors(source: Numbers, target: Numbers) -> Iterator[tuple[Array, Array]]:
    """Go through the vectors that are taken from some numbers to others, side by side."""
    yield source.parameters, target.parameters
    yield source.start, target.start
    # Another optimizer can do nothing with this memory.
    if source.memory == target.memory:
        yield from zip(source.slots, target.slots, strict=True)


def adopted(
    attic: Attic, before: Compiled, numbers: Numbers, after: Compiled, fresh: Array, slots: int
) -> Numbers:
    """Take a run's numbers from one wiring to the next.

    Args:
        attic: Takes what leaves, and gives back what returns.
        before: What `numbers` belong to.
        numbers: Of the run.
        after: The network after the edit.
        fresh: (parameters,) what new addresses begin with; removed pairs are 0 whatever it says.
        slots: How many numbers optimizer and penalty remember of each.
    """
    start = np.where(after.plan.present, fresh, 0).astype(fresh.dtype, copy=False)
    empty = np.zeros((slots, after.plan.size), dtype=fresh.dtype)
    return attic.move(before, numbers, after, Numbers(start, start, empty, numbers.memory))
