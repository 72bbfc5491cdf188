"""New values for weights and biases, drawn as a run draws those it begins with."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from bpviz.engine.initializers import INITIALIZERS, initialize_some
from bpviz.model.compile import compile_network
from bpviz.model.spec import Address, Project
from bpviz.streams import SeedRandom, playground_key, stream


def redrawn(project: Project, addresses: Iterable[Address], seed: int) -> dict[Address, float]:
    """Draw other values for weights and biases by the project's initializer; frozen ones are left out.

    Args:
        project: With network and initializer.
        addresses: Which.
        seed: 0 or above; the same seed draws the same values.

    Raises:
        ModelError: If there is no such weight or bias, or the network can't be computed.
    """
    training = project.training
    named = f"redrawn {training.seed}"
    own = INITIALIZERS[training.initializer].stream == "start"
    source = stream(seed, named) if own else SeedRandom(f"{playground_key(seed)} {named}")
    compiled = compile_network(project.network)
    wanted = list(addresses)
    places = np.array([compiled.index(address) for address in wanted], dtype=np.int64)
    drawn = initialize_some(compiled.plan, training.initializer, training.initializer_options, source, places)
    free = compiled.plan.trainable[places].tolist()
    return {address: value for address, value, may in zip(wanted, drawn.tolist(), free, strict=True) if may}
