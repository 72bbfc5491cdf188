"""Nodes, and sets of pairs."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import ModelError
from bpviz.model.spec import Layer, Link, Network, Node, PairMask


@given(st.integers(1, 5), st.integers(1, 11), st.integers(0, 2**32 - 1))
def test_a_pair_is_found_by_its_bit_as_in_the_array(targets: int, sources: int, seed: int) -> None:
    pairs = np.random.default_rng(seed).random((targets, sources)) < 0.5
    mask = PairMask.of(pairs)

    assert mask.array.dtype == np.bool_
    np.testing.assert_array_equal(mask.array, pairs)
    assert mask.count == pairs.sum()
    for row in range(-1, targets + 1):
        for column in range(-1, sources + 1):
            within = 0 <= row < targets and 0 <= column < sources
            assert ((row, column) in mask) == (within and bool(pairs[row, column]))


def test_no_pair_is_in_an_empty_set_and_nothing_else_in_any() -> None:
    assert (0, 0) not in PairMask(2, 2)
    full = PairMask.of(np.ones((2, 2), dtype=np.bool_))
    assert (1, 1) in full
    assert "00" not in full
    assert (1, 1, 1) not in full


def test_a_node_at_another_place_and_a_copy_are_all_that_it_is_but_this() -> None:
    node = Node("n1", "a", 1.0, "relu", bias_frozen=True, feature="x", x=2.0, locked=True)
    assert all(getattr(node, field.name) != field.default for field in fields(Node))

    assert node.at(3.0, 4.0) == replace(node, x=3.0, y=4.0)
    assert node.at(None, 1.0) == replace(node, x=None)
    assert node.at(2.0, 1.0) is node
    assert node.twin("n2", 5.0, 6.0) == replace(node, id="n2", x=7.0, y=7.0, locked=False)
    assert replace(node, x=None).twin("n2", 5.0) == replace(node, id="n2", x=None, locked=False)


def test_an_id_belongs_to_one_layer_or_node_each_time_it_is_looked_at() -> None:
    first, second = Layer("l1", "A", "input", (Node("n1"),)), Layer("l2", "B", "output", (Node("n2"),))
    twice = Layer("l2", "B", "output", (Node("n2"), Node("n2")))
    for layers in ((first, replace(second, id="l1")), (first, replace(first, id="l2")), (first, twice)):
        for _ in range(2):
            with pytest.raises(ModelError, match="same id"):
                Network(layers)
    network = Network((first, second), (Link.dense(first, second),))
    with pytest.raises(ModelError, match="a layer at both ends"):
        replace(network, layers=(first,))
    with pytest.raises(ModelError, match="shape of its link"):
        replace(network, layers=(first, replace(second, nodes=(Node("n2"), Node("n3")))))
