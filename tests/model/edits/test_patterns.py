"""Patterns of connections, and what pruning takes away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import ModelError, SettingError, UnknownNameError
from bpviz.model import edits
from bpviz.model.builder import layered_network
from bpviz.model.checks import check_network
from bpviz.model.edits.patterns import PATTERNS
from bpviz.model.spec import Address, Network, WeightAddress
from tests.model.drawings import networks
from tests.model.edits.test_columns import wires

SIZES = st.integers(1, 12)


def drawn(name: str, targets: int, sources: int, **options: float) -> list[str]:
    entry = PATTERNS[name]
    given = {option.name: option.default for option in entry.options} | options
    return ["".join(".x"[pair] for pair in row) for row in entry.pairs(targets, sources, given).astype(int)]


def test_patterns_look_as_their_names_say() -> None:
    assert drawn("one_to_one", 3, 3) == ["x..", ".x.", "..x"]
    assert drawn("one_to_one", 2, 4) == ["xx..", "..xx"]
    assert drawn("one_to_one", 4, 2) == ["x.", "x.", ".x", ".x"]
    assert drawn("local", 4, 4) == ["xx..", "xxx.", ".xxx", "..xx"]
    assert drawn("local", 2, 6, window=1) == [".x....", "....x."]
    assert drawn("dense", 2, 3) == ["xxx", "xxx"]


@given(targets=SIZES, sources=SIZES, share=st.floats(0, 1), seed=st.integers(0, 2**32 - 1))
def test_a_random_pattern_has_its_share_and_the_seed_repeats_it(
    targets: int, sources: int, share: float, seed: int
) -> None:
    pairs = drawn("random", targets, sources, share=share, seed=seed)

    assert pairs == drawn("random", targets, sources, share=share, seed=seed)
    assert "".join(pairs).count("x") == max(1, round(share * targets * sources))


@pytest.mark.parametrize("name", PATTERNS)
@given(targets=SIZES, sources=SIZES)
def test_every_pattern_connects_something(name: str, targets: int, sources: int) -> None:
    assert "x" in "".join(drawn(name, targets, sources))
    if name != "random":  # nobody is left out
        pairs = np.array([[letter == "x" for letter in row] for row in drawn(name, targets, sources)])
        assert pairs.any(axis=1).all()


def test_layers_are_linked_by_a_pattern_and_what_stays_stays_frozen(chain: Network) -> None:
    held = edits.set_frozen(chain, [WeightAddress("n5", "n9"), WeightAddress("n5", "n10")], frozen=True)

    after = edits.link_layers(held, "l4", "l8", "local", {"window": 1})

    assert {pair: frozen for pair, frozen in wires(after).items() if pair[1] in ("n9", "n10")} == {
        ("n5", "n9"): True,
        ("n7", "n10"): False,
    }
    assert edits.link_layers(chain, "l1", "l8") == edits.connect_layers(chain, "l1", "l8")


def test_a_pattern_is_refused_in_a_sentence(chain: Network) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'dense'"):
        edits.link_layers(chain, "l1", "l8", "dens")
    with pytest.raises(SettingError, match="from 0 to 1"):
        edits.link_layers(chain, "l1", "l8", "random", {"share": 2})
    with pytest.raises(ModelError, match="Hidden 2 → Hidden 1 → Hidden 2"):
        edits.link_layers(chain, "l8", "l4", "dense")


def weights(network: Network) -> Mapping[Address, float]:
    return {
        WeightAddress(*pair): float(at + 1) * (-1) ** at for at, pair in enumerate(sorted(wires(network)))
    }


def test_the_weakest_go() -> None:
    network = layered_network(("x",), (5,), 1)
    values = weights(network)

    after = edits.prune(network, values.get, 0.4)

    gone = sorted(abs(values[WeightAddress(*pair)]) for pair in wires(network) if pair not in wires(after))
    assert gone == [1.0, 2.0, 3.0, 4.0]


@given(network=networks(), share=st.floats(0, 1))
def test_pruning_takes_the_share_but_leaves_frozen_ones_and_one_of_each_link(
    network: Network, share: float
) -> None:
    values, before = weights(network), wires(network)

    after = edits.prune(network, values.get, share)

    check_network(after)
    assert [link.key for link in after.links] == [link.key for link in network.links]
    left = wires(after)
    assert {pair for pair, frozen in before.items() if frozen} <= left.keys()
    free = [pair for pair, frozen in before.items() if not frozen]
    assert 0 <= round(share * len(free)) - (len(before) - len(left)) <= len(network.links)


def test_pruning_chooses_among_what_it_is_given(chain: Network) -> None:
    pairs = [("n2", "n5"), ("n3", "n5")]

    after = edits.prune(chain, lambda address: None, 1.0, pairs)

    assert wires(chain).keys() - wires(after).keys() == set(pairs)
    for share in (-0.1, 1.5, float("nan")):
        with pytest.raises(SettingError, match="from 0 to 1"):
            edits.prune(chain, lambda address: None, share)


def test_a_weight_that_is_not_finite_is_strong(chain: Network) -> None:
    after = edits.prune(
        chain, lambda address: float("nan") if address == WeightAddress("n2", "n5") else 1.0, 0.9
    )

    assert ("n2", "n5") in wires(after)
