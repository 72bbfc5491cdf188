"""However often a network is rewired while it trains, no step and no weight is lost."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bpviz.model.edits.links import pairs_among
from bpviz.model.impact import Impact, impact
from bpviz.model.naming import counting_from, first_free_number
from bpviz.model.problems import problems
from bpviz.model.spec import Address, BiasAddress, Network, WeightAddress
from bpviz.training.session import Session
from tests.model.drawings import KINDS, performed
from tests.training.projects import circle

EDITS = 120
STEPS = 3
_LARGEST = 40  # nodes


def _addresses(network: Network) -> set[Address]:
    nodes = {node.id for layer in network.layers for node in layer.nodes}
    biases = {
        BiasAddress(node.id) for layer in network.layers if layer.role != "input" for node in layer.nodes
    }
    return biases | {WeightAddress(*pair) for pair in pairs_among(network, nodes, nodes)}


@pytest.mark.parametrize("seed", range(3))
def test_120_edits_while_training_lose_no_step_and_no_weight(seed: int) -> None:
    chance = random.Random(seed)
    session = Session(circle(5, 4, optimizer="adam"))
    new_id = counting_from(first_free_number(session.project.network))
    made = tried = 0
    while made < EDITS:
        tried += 1
        before, project = session.step, session.project
        move = (chance.choice(KINDS), *(chance.randrange(200) for _ in range(3)))
        network = performed(project.network, move, new_id)  # type: ignore[arg-type]
        after = replace(project, network=network)
        nodes = sum(layer.size for layer in network.layers)
        if after == project or nodes > _LARGEST or problems(after):
            assert tried < 40 * EDITS, "hardly anything can be edited"
            continue
        kept = _addresses(project.network) & _addresses(network)
        weights = {address: session.value(address) for address in kept}
        reach, why = impact(project, after)
        if reach is Impact.RESTART:  # other inputs or outputs learn something else, as the window says before
            assert why
            continue
        assert session.follow(after)
        made += 1
        assert session.step == before, "an edit is no step"
        assert {address: session.value(address) for address in kept} == weights
        assert session.advance(STEPS) == STEPS
        assert session.step == before + STEPS
    assert session.step == EDITS * STEPS
