"""Short texts of the picture."""

from __future__ import annotations

import pytest

from bpviz.drawing.shown import scale_end
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.ui.canvas.texts import layer_details, node_title, short_number
from bpviz.ui.texts import feature_title

NETWORK = layered_network(("x", "x^2"), (3,), ("cat", "dog"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.14159, "0.14"),
        (-12.345, "−12.3"),
        (-0.0001234, "−1e−4"),
        (123.4, "123"),
        (123456.0, "1e5"),
        (float("inf"), "∞"),
        (float("nan"), "–"),
    ],
)
def test_numbers_inside_nodes_are_short(value: float, text: str) -> None:
    assert short_number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.2144, "+0.214"),
        (-9015.556, "−9\u202f016"),
        (49015.56, "+49\u202f016"),
        (-123456.0, "−1.2e5"),
        (4.62e-12, "+4.6e−12"),
        (0.0, "+0.000"),
        (float("nan"), "+"),
        (-float("nan"), "−"),
    ],
)
def test_ends_of_scales_are_short_and_have_a_sign(value: float, text: str) -> None:
    assert scale_end(value) == text


def test_features_are_written_as_formulas() -> None:
    assert feature_title("x^2") == "x²"
    assert feature_title("x*y") == "x · y"


def test_captions_say_size_and_activation() -> None:
    hidden = NETWORK.layers[1]
    assert layer_details(NETWORK.layers[0]) == ("2 inputs", "2")
    assert layer_details(hidden) == ("3 nodes · Tanh", "3 · Tanh", "3")
    mixed = edits.set_node_activation(NETWORK, {hidden.nodes[0].id}, "relu")
    assert layer_details(mixed.layers[1]) == ("3 nodes · Tanh and others", "3 · Tanh …", "3")
    assert layer_details(edits.resize_layer(NETWORK, hidden.id, 1).layers[1])[0] == "1 node · Tanh"


def test_nodes_are_called_by_name_feature_or_place() -> None:
    assert node_title(NETWORK, NETWORK.layers[0].nodes[1].id) == "x² (Input, node 2)"
    assert node_title(NETWORK, NETWORK.layers[1].nodes[2].id) == "Hidden 1, node 3"
    assert node_title(NETWORK, NETWORK.layers[2].nodes[0].id) == "cat (Output, node 1)"
