"""Picture, outline and document are one drawing, whatever is edited, undone, done again and trained."""

from __future__ import annotations

import numpy as np
import pytest
import shiboken6
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bpviz.model.spec import Network
from bpviz.ui.canvas.scene import NetworkScene
from bpviz.ui.outline.model import OutlineModel
from bpviz.ui.theme import Theme
from tests.model.edits.histories import Histories, run_histories
from tests.ui.canvas.shots import compiled_or_none, plain_shot
from tests.ui.outline.acts import drawn, shown

EXAMPLES = 500
SHARDS = 4  # so that more than one core works at them
STEPS = 50


class Shown(Histories):
    """A history of which each moment is shown twice, while a run brings values of moments that are past."""

    largest = 12
    theme: Theme

    def __init__(self) -> None:
        super().__init__()
        self.model, self.picture = OutlineModel(self.theme), NetworkScene(self.theme)
        self.seen: Network | None = None

    def teardown(self) -> None:
        """Undo everything, do it again, and leave nothing to the end of the program."""
        super().teardown()
        for each in (self.picture, self.model):
            shiboken6.delete(each)

    @rule(seed=st.integers(0, 99), back=st.integers(0, 3))
    def bring_values(self, seed: int, back: int) -> None:
        network = self.past[max(len(self.past) - 1 - back, 0)].project.network
        compiled = compiled_or_none(network)
        if compiled is not None:
            values = np.random.default_rng(seed).normal(size=compiled.plan.size)
            self.picture.show_snapshot(plain_shot(compiled, values))
            self.seen = None

    def what_is_drawn_can_be_saved_and_arranged(self) -> None:
        """Not looked at here but in `tests.model.edits.test_histories`."""

    def what_was_drawn_is_as_it_was(self) -> None:
        """Likewise."""

    @invariant()
    def picture_and_outline_are_the_document(self) -> None:
        network = self.present.network
        if network is self.seen:
            return
        self.seen = network
        self.model.show_network(network)
        self.picture.show_network(network)
        layers, pairs = drawn(network)
        assert shown(self.model) == (layers, pairs)
        topology = self.picture.placement.topology
        assert set(topology.node_ids) == {node for row in layers.values() for node in row}
        assert {topology.pair(k) for k in range(topology.pair_count)} == pairs


@pytest.mark.parametrize("shard", range(SHARDS))
def test_picture_outline_and_document_are_one_through_any_history(theme: Theme, shard: int) -> None:
    run_histories(type("Sharded", (Shown,), {"theme": theme}), EXAMPLES // SHARDS, STEPS, shard)
