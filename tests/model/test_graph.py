from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from bpviz.errors import CycleError
from bpviz.model import edits
from bpviz.model.graph import depths, ordered_layers, path, reached
from bpviz.model.spec import Link, Network
from tests.model.drawings import networks

KEYS = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("e", "d")]


def test_a_path_is_the_shortest_way_and_empty_without_one() -> None:
    assert path(KEYS, "a", "d") == ("a", "c", "d")
    assert path(KEYS, "a", "a") == ("a",)
    assert path(KEYS, "d", "a") == ()


def test_what_a_layer_reaches_includes_itself() -> None:
    assert reached(KEYS, "b") == {"b", "c", "d"}
    assert reached(KEYS, "d") == {"d"}


def test_depth_is_the_longest_way(chain: Network) -> None:
    skipping = edits.connect_layers(chain, "l1", "l11")

    assert depths(skipping) == {"l1": 0, "l4": 1, "l8": 2, "l11": 3}


def test_a_loop_is_refused_by_the_names_of_its_layers_alone(chain: Network) -> None:
    back = Link.dense(chain.layer("l8"), chain.layer("l4"))
    looped = replace(chain, links=(*chain.links, back))

    with pytest.raises(CycleError) as refusal:
        ordered_layers(looped)

    assert set(refusal.value.names) == {"Hidden 1", "Hidden 2"}  # the output merely waits for them


@given(network=networks())
def test_in_order_every_link_leads_forward(network: Network) -> None:
    at = {layer.id: index for index, layer in enumerate(ordered_layers(network))}

    assert all(at[link.source] < at[link.target] for link in network.links)
    assert at[network.layers[0].id] == 0
    assert max(at, key=lambda layer_id: at[layer_id]) == getattr(network.output, "id", None)


@given(network=networks())
def test_the_order_does_not_depend_on_the_picture(network: Network) -> None:
    moved = network
    for number, layer in enumerate(network.layers):
        moved = edits.move_layer(moved, layer.id, -50.0 * number, dy=number)

    assert [layer.id for layer in ordered_layers(moved)] == [layer.id for layer in ordered_layers(network)]
