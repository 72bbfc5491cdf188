"""The drawing of any network is a value whose marks lie where the layout puts them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bpviz.drawing.network import network_drawing
from bpviz.drawing.value import Box, Disc, Strokes, Words
from bpviz.model import layout
from bpviz.model.builder import layered_network
from bpviz.model.spec import Network
from bpviz.palette import LIGHT
from tests.model.drawings import networks


@given(networks())
def test_every_node_and_pair_of_any_drawing_has_its_mark(network: Network) -> None:
    marks = network_drawing(network, None, LIGHT).marks
    shown = [layer for layer in network.layers if not layout.collapsed(layer)]
    discs = {(mark.x, mark.y) for mark in marks if isinstance(mark, Disc)}
    assert discs == {layout.node_position(layer, node) for layer in shown for node in layer.nodes}
    pairs = sum(int((~link.removed.array).sum()) for link in network.links)
    assert sum(len(mark.paths) for mark in marks if isinstance(mark, Strokes)) == pairs


def test_a_wide_layer_is_one_box() -> None:
    marks = network_drawing(layered_network([f"p{k}" for k in range(784)], [3], 1), None, LIGHT).marks
    (box,) = (mark for mark in marks if isinstance(mark, Box))
    assert box.right - box.left == layout.STRIP_WIDTH
    assert any(isinstance(mark, Words) and mark.text == "784 nodes" and mark.upward for mark in marks)


@given(st.floats(20, 400), st.floats(20, 400))
def test_stretched_to_a_size_all_of_it_is_inside(width: float, height: float) -> None:
    network = layered_network(["x", "y"], [5, 5], 2)
    small = network_drawing(network, None, LIGHT).without_words().inside(width, height, 2.0)
    assert small.size == (width, height)
    for mark in small.marks:
        assert not isinstance(mark, Words)
        if isinstance(mark, Disc):
            assert 1.9 <= mark.x <= width - 1.9
            assert 1.9 <= mark.y <= height - 1.9
        if isinstance(mark, Strokes):
            assert np.all(mark.paths >= 0)
            assert np.all(mark.paths <= [width, height])


def test_an_empty_sheet_is_drawn_too() -> None:
    assert network_drawing(Network(), None, LIGHT).inside(72, 48, 4).marks == ()
