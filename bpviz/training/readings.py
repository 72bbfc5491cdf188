"""How the numbers of a step are read: many places at once, of one example or of the batch.

Each entry of `QUANTITIES` has one of these; a single number is the one of a single place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias

import numpy as np

from bpviz.arrays import Array
from bpviz.training.passes import Pass
from bpviz.training.places import NodeSpots, ParameterSpots, Spots

Reading: TypeAlias = Callable[[Pass, Spots, int | None], Array]
"""From a pass, places, and an example (None for the batch) to the numbers there, (places,)."""

_MOST_PRODUCTS: Final = 1_000_000  # at a time: a batch of a thousand in a wide network would fill the memory


def of_nodes(values: Callable[[Pass], Sequence[Array]]) -> Reading:
    """Read (examples, nodes) by layer; the batch has the mean."""

    @np.errstate(over="ignore", invalid="ignore")  # z may be infinite where a tanh makes 1 of it
    def read(made: Pass, spots: Spots, example: int | None) -> Array:
        assert isinstance(spots, NodeSpots)
        of_layer = values(made)[spots.layer]
        if example is None:
            # One row a node: then the mean of one node has the same bits whoever is read with it.
            means: Array = np.ascontiguousarray(of_layer[:, spots.nodes].T).mean(axis=1)
            return means
        return of_layer[example, spots.nodes]

    return read


def of_outputs(values: Callable[[Pass], Array]) -> Reading:
    """Read (examples, outputs)."""
    return of_nodes(lambda made: [values(made)] * (made.last + 1))


def of_parameters(values: Callable[[Pass], Array]) -> Reading:
    """Read (parameters,)."""

    def read(made: Pass, spots: Spots, _example: int | None) -> Array:
        assert isinstance(spots, ParameterSpots)
        return values(made)[spots.at]

    return read


def of_memory(slot: int, when: Literal["before", "after"]) -> Reading:
    """Read what the optimizer remembers."""
    return of_parameters(lambda made: (made.made.before if when == "before" else made.made.after).slots[slot])


def of_whole(value: Callable[[Pass], float]) -> Reading:
    """Read one number of the batch."""
    return lambda made, _spots, _example: np.array([value(made)])


def losses(made: Pass, _spots: Spots, example: int | None) -> Array:
    """(1,): the loss of an example."""
    assert example is not None
    return made.trace.losses[example : example + 1]


def gradients(made: Pass, spots: Spots, example: int | None) -> Array:
    """Of one example delta times what came in; of the batch the engine's mean."""
    assert isinstance(spots, ParameterSpots)
    if example is None:
        return made.trace.gradient[spots.at]
    targets, sources = made.ends
    found = made.returned[example, targets[spots.at]] * made.sent[example, sources[spots.at]]
    return np.where(made.plan.present[spots.at], found, 0.0)


def accumulated(made: Pass, spots: Spots, _example: int | None) -> Array:
    """The gradients of all examples added up."""
    assert isinstance(spots, ParameterSpots)
    targets, sources = (ends[spots.at] for ends in made.ends)
    wide = max(_MOST_PRODUCTS // made.examples, 1)
    sums = np.zeros(len(targets))
    for first in range(0, len(targets), wide):
        part = slice(first, first + wide)
        # One row a parameter: then the sum of one has the same bits whichever are read with it.
        sums[part] = np.multiply(made.returned.T[targets[part]], made.sent.T[sources[part]]).sum(axis=1)
    return np.where(made.plan.present[spots.at], sums, 0.0)
