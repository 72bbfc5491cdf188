"""The numbers of a moment of the run, looked up by the ids of nodes; nothing of a step before its phase."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Final

from bpviz.arrays import Array
from bpviz.model.spec import Address
from bpviz.training.known import Known
from bpviz.training.snapshot import Snapshot

PARAMETER: Final = "gradient"
NODE: Final = "delta"


class Moment:
    """What a snapshot says of weights, biases and nodes; None wherever it says nothing.

    The snapshot may be of another drawing for a moment, while an edit is on its way to the training thread.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def value(self, address: Address) -> float | None:
        """Return a weight or bias as the run stands."""
        parameters, compiled = self._snapshot.parameters, self._snapshot.compiled
        if parameters is None or address not in compiled:
            return None
        return float(parameters[compiled.index(address)])

    def gradient(self, address: Address) -> float | None:
        """Return the derivative of the loss by a weight or bias."""
        if self._gradients is None or address not in self._snapshot.compiled:
            return None
        return _known(self._gradients[self._snapshot.compiled.index(address)])

    def delta(self, node: str) -> float | None:
        """Return a node's delta."""
        place = self._snapshot.compiled.places.get(node)
        if self._step is None or place is None:
            return None
        layer, position = place
        if layer not in self._deltas:
            self._deltas[layer] = self._step.layer(layer, NODE)
        return _known(self._deltas[layer][position])

    @cached_property
    def _step(self) -> Known | None:
        return Known.of(self._snapshot)

    @cached_property
    def _gradients(self) -> Array | None:
        return None if self._step is None else self._step.parameters(PARAMETER)

    @cached_property
    def _deltas(self) -> dict[int, Array]:
        return {}


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
