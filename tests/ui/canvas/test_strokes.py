"""From values to groups of one pen."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bpviz.ui.canvas.strokes import group, strongest, thickest

VALUES = st.lists(st.floats(-5, 5) | st.just(float("nan")), min_size=1, max_size=60).map(np.array)


@given(values=VALUES, seed=st.integers(0, 99))
def test_each_connection_is_drawn_once_with_its_sign(values: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frozen, dimmed = rng.random(values.size) < 0.3, rng.random(values.size) < 0.5
    groups = group(values, frozen, dimmed, 2.0, 0.3)
    drawn = np.concatenate([part.pairs for part in groups])
    assert sorted(drawn.tolist()) == list(range(values.size))
    for part in groups:
        tones = np.sign(np.nan_to_num(values[part.pairs]))
        expected = {"negative": -1, "unknown": 0, "positive": 1}[part.stroke.tone]
        assert set(tones.tolist()) == {expected}
        assert set(frozen[part.pairs].tolist()) == {part.stroke.dashed}


@given(values=VALUES)
def test_the_strongest_are_drawn_last_and_widest(values: np.ndarray) -> None:
    no = np.zeros(values.size, dtype=np.bool_)
    groups = group(values, no, no, 5.0, 0.3)
    widths = [part.stroke.width_px for part in groups if part.stroke.tone != "unknown"]
    opacities = [part.stroke.opacity for part in groups]
    assert widths == sorted(widths)
    assert opacities == sorted(opacities)


def test_full_strength_is_six_pixels_and_opaque_and_zero_is_a_hairline() -> None:
    no = np.zeros(3, dtype=np.bool_)
    groups = group(np.array([-2.0, 0.0, 1e-9]), no, no, 2.0, 0.3)
    by_tone = {part.stroke.tone: part.stroke for part in groups}
    assert (by_tone["negative"].width_px, by_tone["negative"].opacity) == (6.0, 1.0)
    assert by_tone["unknown"].width_px == 0.0
    assert (by_tone["positive"].width_px, by_tone["positive"].opacity) == (1.0, 0.35)


def test_dimmed_connections_are_drawn_first_and_fainter() -> None:
    no = np.zeros(2, dtype=np.bool_)
    groups = group(np.array([2.0, 2.0]), no, np.array([False, True]), 2.0, 0.3)
    assert [part.pairs.tolist() for part in groups] == [[1], [0]]
    assert [part.stroke.opacity for part in groups] == [0.3, 1.0]


def test_many_connections_are_thinner() -> None:
    assert thickest(50) == 6.0
    assert thickest(400) == 3.0
    assert thickest(100_000) == 1.6


@given(values=VALUES, count=st.integers(1, 20))
def test_the_strongest_are_chosen_among_those_in_sight(values: np.ndarray, count: int) -> None:
    seen = np.arange(values.size) % 3 > 0
    chosen = strongest(values, seen, count)
    assert chosen.size == min(count, int(seen.sum()))
    assert seen[chosen].all()
    sizes = np.nan_to_num(np.abs(values), nan=-1.0)
    left = np.setdiff1d(np.flatnonzero(seen), chosen)
    if chosen.size and left.size and sizes[seen].max() >= 0:
        assert sizes[chosen].min() >= sizes[left].max()


def test_before_anything_is_known_the_choice_is_even() -> None:
    chosen = strongest(np.full(1000, np.nan), np.ones(1000, dtype=np.bool_), 10)
    assert np.diff(chosen).min() >= 100
