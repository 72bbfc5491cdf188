"""Random numbers are the same for ever, independent by name, and those of the Playground where it matters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import SettingError
from bpviz.streams import SeedRandom, playground_key, stream


def test_seedrandom_gives_the_numbers_of_its_own_readme() -> None:
    random = SeedRandom("hello.")
    assert [random.random(), random.random()] == [0.9282578795792454, 0.3752569768646784]


def test_a_copy_draws_what_the_original_would_have_drawn() -> None:
    random = SeedRandom("0.59704")
    random.random()
    copy = random.copy()
    assert [copy.random() for _ in range(5)] == [random.random() for _ in range(5)]


def test_keys_that_differ_only_far_behind_are_different_seeds() -> None:
    # The key holds 256 bytes; what comes after is mixed into its beginning.
    first, second = (SeedRandom("x" * 400 + end) for end in "ab")
    assert first.random() != second.random()


@given(key=st.text(st.characters(max_codepoint=0xFFFF), max_size=300))
def test_any_key_gives_numbers_from_0_to_1(key: str) -> None:
    random = SeedRandom(key)
    numbers = [random.random() for _ in range(20)]
    assert all(0 <= number < 1 for number in numbers)
    assert len(set(numbers)) == 20


def test_uniform_numbers_stay_between_their_limits() -> None:
    random = SeedRandom("limits")
    assert all(-5 <= random.uniform(-5, 5) < 5 for _ in range(1000))


def test_seeds_are_written_with_five_decimals_as_in_the_playgrounds_links() -> None:
    assert [playground_key(seed) for seed in (59704, 7, 0)] == ["0.59704", "0.00007", "0.00000"]


def test_a_stream_starts_with_the_same_numbers_at_every_call() -> None:
    assert np.array_equal(stream(3, "data").random(10), stream(3, "data").random(10))


def test_streams_of_one_seed_differ_by_name_and_streams_of_one_name_by_seed() -> None:
    starts = {stream(seed, name).random() for seed in range(20) for name in ("data", "split", "start")}
    assert len(starts) == 60


def test_a_stream_is_pinned_to_its_first_numbers() -> None:
    # If this fails, every saved project would show other data: keep the old generator.
    expected = [0.9703229645030302, 0.18311313723124734]
    np.testing.assert_array_equal(stream(59704, "data").random(2), expected)


@pytest.mark.parametrize("draw", [lambda seed: stream(seed, "data"), playground_key])
def test_a_negative_seed_is_refused_in_a_sentence(draw: object) -> None:
    assert callable(draw)
    with pytest.raises(SettingError, match="must be 0 or a positive whole number, not -1"):
        draw(-1)
