"""Answers that are remembered for the very same values."""

from __future__ import annotations

from dataclasses import replace

from bpviz.model.common import kept_by_identity
from bpviz.model.spec import Network


def test_an_answer_is_found_once_for_the_very_same_value_and_anew_for_one_that_equals_it(
    chain: Network,
) -> None:
    asked: list[Network] = []

    @kept_by_identity(2)
    def size(network: Network) -> int:
        asked.append(network)
        return len(network.layers)

    twin = replace(chain)
    assert twin == chain
    assert [size(one) for one in (chain, twin, chain, twin)] == [4, 4, 4, 4]
    assert list(map(id, asked)) == [id(chain), id(twin)]


def test_only_the_last_few_are_remembered(chain: Network) -> None:
    asked: list[Network] = []

    @kept_by_identity(2)
    def note(network: Network) -> None:
        asked.append(network)

    first, second, third = (replace(chain) for _ in range(3))
    for one in (first, second, third, second, first):
        note(one)

    assert list(map(id, asked)) == list(map(id, (first, second, third, first)))
