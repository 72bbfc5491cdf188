"""Which examples the next step learns from.

An epoch is one pass over the training part in its own order.  Its last, short batch is either averaged over
its own size, or its examples wait and join the first batch of the next epoch, as in the TensorFlow
Playground (there the gradients wait; no update lies between, so it is the same sum).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.arrays import IntArray
from bpviz.engine.order import order
from bpviz.model.spec import Training


@dataclass(frozen=True, slots=True)
class Batching:
    """How one epoch is cut into batches.

    Attributes:
        size: Examples a batch, at most the training part.
        shuffled: In the epoch's own order, or as the data come.
        carries_over: Examples of a short last batch wait for the next epoch.
    """

    size: int
    shuffled: bool
    carries_over: bool

    @classmethod
    def of(cls, training: Training, count: int) -> Batching:
        """Read the settings, for a training part of `count` examples."""
        size = count if training.batch_size is None else min(training.batch_size, count)
        return cls(size, training.shuffle == "each epoch", training.last_batch == "carry over")

    def steps(self, count: int) -> int:
        """Steps of an epoch over `count` examples."""
        return count // self.size if self.carries_over else -(-count // self.size)


class Batches:
    """A place in the stream of batches: the epoch, and how many of its batches are done.

    Attributes:
        epoch: Epochs done, the number of the one under way.
        position: Batches of it that are done, less than `steps`.
        batching: Of the epoch under way.
        coming: Of the epochs after it.
        carried: (examples,) indices that the epoch before left over, now part of the first batch.
        indices: (carried + count,) examples of this epoch in the order they are used.
        bounds: (steps + 1,) where the batches begin and end in `indices`.
    """

    def __init__(self, seed: int, count: int, batching: Batching) -> None:
        self._seed, self._count = seed, count
        self.batching = self.coming = batching
        self.begin(0, np.zeros(0, dtype=np.int64), batching)

    @property
    def steps(self) -> int:
        """Batches of the epoch under way."""
        return len(self.bounds) - 1

    @property
    def rows(self) -> IntArray:
        """(examples,) indices into the training part: the batch of the coming step."""
        return self.indices[self.bounds[self.position] : self.bounds[self.position + 1]]

    def batch_of(self, example: int) -> int | None:
        """Return which batch of the epoch under way has an example of the training part; None if none has."""
        places = np.flatnonzero(self.indices == example)
        batch = int(np.searchsorted(self.bounds, places[0], side="right")) - 1 if places.size else self.steps
        return batch if batch < self.steps else None

    @property
    def steps_per_epoch(self) -> int:
        """Steps of an epoch under the settings in force now."""
        return self.coming.steps(self._count)

    @property
    def schedule_step(self) -> int:
        """The step that schedules count by: as if all epochs had been cut like this one."""
        return self.epoch * self.steps + self.position

    def check(self, epoch: int, carried: IntArray, batching: Batching, position: int) -> None:
        """Raise a `ValueError` unless a place, as read from a file, is one that there is."""
        if epoch < 0 or not 1 <= batching.size <= self._count:
            raise ValueError("its epoch or batch size can't be")
        if not 0 <= position < batching.steps(self._count):
            raise ValueError("its place in the epoch can't be")
        if carried.size and not (carried.min() >= 0 and carried.max() < self._count):
            raise ValueError("it waits for examples that are not there")

    def begin(
        self,
        epoch: int,
        carried: IntArray,
        batching: Batching,
        position: int = 0,
        here: IntArray | None = None,
    ) -> None:
        """Stand in an epoch, with so many of its batches done.

        Args:
            epoch: Its number.
            carried: Examples that the epoch before left over.
            batching: How it is cut.
            position: Batches that are done.
            here: (count,) its own order, where that is already known.
        """
        self.epoch, self.position, self.carried, self.batching = epoch, position, carried, batching
        if here is None:
            here = order(self._seed, epoch, self._count) if batching.shuffled else np.arange(self._count)
        self.indices: IntArray = np.concatenate([carried, here]).astype(np.int64)
        ends = np.arange(1, batching.steps(self._count) + 1) * batching.size
        if not batching.carries_over:
            ends[-1] = self._count
        self.bounds: IntArray = np.concatenate([[0], ends + len(carried)]).astype(np.int64)

    def advance(self) -> None:
        """Go to the next batch, into the next epoch if this one is done."""
        self.position += 1
        if self.position == self.steps:
            left = self.indices[self.bounds[-1] :]
            self.begin(self.epoch + 1, left.copy(), self.coming)

    def follow(self, batching: Batching) -> None:
        """Cut the coming epochs in another way, and this one too if none of it is done."""
        self.coming = batching
        if self.position == 0:
            self.begin(self.epoch, self.carried, batching)

    def steps_until(self, epoch: int) -> int:
        """How many steps there are until so many epochs are done."""
        left = self.steps - self.position
        return left + (epoch - self.epoch - 1) * self.steps_per_epoch
