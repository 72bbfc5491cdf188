"""What takes part in a phase of a walk."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.canvas.walking import Stop
from tests.ui.canvas.shots import full_shot

_PHASES = 12


@pytest.mark.parametrize("phase", range(_PHASES))
def test_a_phase_is_of_the_connections_into_the_nodes_at_work_or_of_all(phase: int) -> None:
    network = layered_network(("x", "y"), (4, 3), 2)
    first, second = network.layers[1:3]
    pairs = [(first.nodes[0].id, node.id) for node in second.nodes]
    network = edits.connect_layers(
        edits.remove_pairs(network, pairs), network.layers[0].id, network.layers[3].id
    )
    topology = Topology.of(network)
    shot = full_shot(network, phase=phase)
    cursor = shot.cursor
    assert cursor is not None
    stop = Stop.of(shot, cursor, topology)
    everything = np.arange(topology.pair_count)
    taking_part, flow = stop.some(everything), [stop.flow(count) for count in (1, 2, 5, 1000)]
    assert not {"source", "target", "link"} & vars(topology).keys()

    ends = {"forward": topology.target, "backward": topology.source}.get(cursor.phase.kind)
    expected = np.full(everything.shape, cursor.phase.layer is None) if ends is None else stop.at_work[ends]
    assert taking_part.tolist() == expected.tolist()
    met = stop.at_work.copy()
    met[topology.source[expected]] = met[topology.target[expected]] = True
    assert stop.nodes.tolist() == met.tolist()
    flowing = np.flatnonzero(expected).tolist() if ends is not None else []
    assert [found.tolist() for found in flow] == [flowing[:count] for count in (1, 2, 5, 1000)]
    chosen = cursor.phase.layer
    at = np.array([chosen in (None, shot.compiled.places[node][0]) for node in topology.node_ids])
    assert stop.at_work.tolist() == at.tolist()
