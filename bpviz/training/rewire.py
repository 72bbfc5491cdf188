"""What becomes of a run's numbers when the network, or one of them, is edited during it.

Every weight and bias whose two ends still exist keeps its value and its optimizer's memory.  What leaves
goes to the attic under its address and returns if an undo brings its ids back.  What is new starts from the
initializer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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

    Another optimizer, or another penalty, begins with an empty memory; if neither is another one, this is the
    very array that was given.
    """
    if (rule.optimizer, rule.penalty) == (before.optimizer, before.penalty):
        return slots
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

    def move(
        self, before: Compiled, numbers: Numbers, after: Compiled, fresh: Callable[[], Array]
    ) -> Numbers:
        """Take a run's numbers from one network to the next.

        Args:
            before: What `numbers` belong to.
            numbers: Of the run; left as they are.
            after: The network after the edit.
            fresh: Draws what new addresses begin with, (parameters,); it is asked only if there are any.
                If it raises an error, nothing has happened.

        Returns:
            The numbers that belong to `after`; 0 where a pair is removed, and in the memory of new addresses.
        """
        both, result = shared(before, after), _nothing_of(numbers, after.plan.size)
        for old, new in _vectors(numbers, result):
            both.carry(old, new)
        missing = both.arrived
        boxes = self._brought_back(after, result, missing)
        if missing.any():
            drawn = fresh()
            for vector in (result.parameters, result.start):
                np.copyto(vector, drawn, where=missing)
        self._boxes = boxes
        self._put_away(before, numbers, np.flatnonzero(both.back.arrived))
        return result

    def _brought_back(self, after: Compiled, result: Numbers, missing: BoolArray) -> list[Box]:
        """Return to new addresses what they had when they left; the latest time counts.

        Args:
            after: The network.
            result: Its numbers, which are written.
            missing: (parameters,) which addresses have none yet; likewise.

        Returns:
            The boxes with what is left in them.
        """
        boxes = list(self._boxes)
        for at in reversed(range(len(boxes))):
            if not missing.any():
                break
            box = boxes[at]
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
            boxes[at] = Box(box.network, box.indices[left], _chosen(box.numbers, np.flatnonzero(left)))
        return [box for box in boxes if len(box.indices)]

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


def _nothing_of(numbers: Numbers, size: int) -> Numbers:
    """So many zeros of each kind."""
    shapes = (numbers.parameters.shape, numbers.start.shape, numbers.slots.shape)
    zeros = [np.zeros((*shape[:-1], size), numbers.parameters.dtype) for shape in shapes]
    return Numbers(zeros[0], zeros[1], zeros[2], numbers.memory)


def _vectors(source: Numbers, target: Numbers) -> Iterator[tuple[Array, Array]]:
    """Go through the vectors that are taken from some numbers to others, side by side."""
    yield source.parameters, target.parameters
    yield source.start, target.start
    # Another optimizer can do nothing with this memory.
    if source.memory == target.memory:
        yield from zip(source.slots, target.slots, strict=True)
