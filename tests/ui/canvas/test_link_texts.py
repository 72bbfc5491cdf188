"""Numbers stand on their connections, where there is room."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpviz.model.builder import layered_network
from bpviz.model.layout import NODE_RADIUS
from bpviz.model.spec import Network
from bpviz.ui.canvas.link_texts import MOST, LinkTexts
from bpviz.ui.canvas.placement import Placement
from bpviz.ui.canvas.topology import Topology
from bpviz.ui.theme import Theme
from tests.model.drawings import networks


def _placement(network: Network) -> Placement:
    return Placement.of(Topology.of(network), {})


def test_old_and_new_stand_beside_each_other_and_differ(theme: Theme) -> None:
    placement, texts = _placement(layered_network(("x", "y"), (), 1)), LinkTexts(theme)
    texts.show_rows(placement, [np.array([0.15, 0.2]), np.array([0.1498, np.nan])])
    assert texts.texts == ["0.1500 → 0.1498", "0.20"]


def test_connections_that_do_not_take_part_have_none(theme: Theme) -> None:
    placement, texts = _placement(layered_network(("x", "y"), (2,), 1)), LinkTexts(theme)
    texts.show_rows(placement, [np.array([0.1, np.nan, 0.3, np.nan, np.nan, np.nan])])
    assert texts.texts == ["0.10", "0.30"]
    texts.show_rows(placement, [])
    assert texts.texts == []
    assert texts.boundingRect().isEmpty()


def test_of_very_many_none_is_written(theme: Theme) -> None:
    placement, texts = _placement(layered_network(("x",) * 5, (), 4)), LinkTexts(theme)
    count = placement.topology.pair_count
    assert MOST / 2 < count <= MOST
    texts.show_rows(placement, [np.ones(count)])
    assert texts.texts
    texts.show_rows(placement, [np.ones(count), np.zeros(count)])
    assert texts.texts == []


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(network=networks(), seed=st.integers(0, 99))
def test_none_lies_over_another_one_or_over_a_node(theme: Theme, network: Network, seed: int) -> None:
    placement, texts = _placement(network), LinkTexts(theme)
    values = np.random.default_rng(seed).normal(size=placement.topology.pair_count)
    texts.show_rows(placement, [values])
    boxes = texts.boxes
    for k, box in enumerate(boxes):
        assert texts.boundingRect().contains(box)
        assert not any(box.intersects(other) for other in boxes[:k])
        for x, y in zip(placement.x.tolist(), placement.y.tolist(), strict=True):
            assert not box.contains(x, y)
            inside = box.left() < x + NODE_RADIUS and x - NODE_RADIUS < box.right()
            assert not (inside and box.top() < y + NODE_RADIUS and y - NODE_RADIUS < box.bottom())
