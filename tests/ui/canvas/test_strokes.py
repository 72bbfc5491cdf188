"""From values to groups of one pen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.ui.canvas.strokes import group, strongest, thickest

ROUNDS = 3  # that the two signs of a level come in, at most


def _numbers(values: np.ndarray) -> np.ndarray:
    return np.arange(values.size)


VALUES = st.lists(st.floats(-5, 5) | st.just(float("nan")), min_size=1, max_size=60).map(np.array)


@given(values=VALUES, seed=st.integers(0, 99))
def test_each_connection_is_drawn_once_with_its_sign(values: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    frozen, dimmed = rng.random(values.size) < 0.3, rng.random(values.size) < 0.5
    groups = group(_numbers(values), values, frozen, dimmed, 2.0, 0.3)
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
    groups = group(_numbers(values), values, no, no, 5.0, 0.3)
    widths = [part.stroke.width_px for part in groups if part.stroke.tone != "unknown"]
    opacities = [part.stroke.opacity for part in groups]
    assert widths == sorted(widths)
    assert opacities == sorted(opacities)


def test_full_strength_is_six_pixels_and_opaque_and_zero_is_a_hairline() -> None:
    no = np.zeros(3, dtype=np.bool_)
    groups = group(np.arange(3), np.array([-2.0, 0.0, 1e-9]), no, no, 2.0, 0.3)
    by_tone = {part.stroke.tone: part.stroke for part in groups}
    assert (by_tone["negative"].width_px, by_tone["negative"].opacity) == (6.0, 1.0)
    assert by_tone["unknown"].width_px == 0.0
    assert (by_tone["positive"].width_px, by_tone["positive"].opacity) == (1.0, 0.35)


def test_dimmed_connections_are_drawn_first_and_fainter() -> None:
    no = np.zeros(2, dtype=np.bool_)
    groups = group(np.arange(2), np.array([2.0, 2.0]), no, np.array([False, True]), 2.0, 0.3)
    assert [part.pairs.tolist() for part in groups] == [[1], [0]]
    assert [part.stroke.opacity for part in groups] == [0.3, 1.0]


def test_many_connections_are_thinner() -> None:
    assert thickest(50) == 6.0
    assert thickest(400) == 3.0
    assert thickest(100_000) == 1.6


def test_neither_sign_hides_the_other() -> None:
    rng = np.random.default_rng(1)
    values = rng.choice([-1.0, 1.0], 1000)
    no = np.zeros(values.size, dtype=np.bool_)
    groups = group(rng.permutation(9000)[:1000], values, no, no, 1.0, 0.3)
    assert len(groups) == ROUNDS, "few pens"
    above, negatives = 0, 0
    for part in groups:
        if part.stroke.tone == "positive":
            above += negatives * part.pairs.size
        else:
            negatives += part.pairs.size
    assert above / (negatives * (values.size - negatives)) == pytest.approx(0.5, abs=0.05)


def test_a_connection_keeps_its_turn_whichever_others_are_drawn() -> None:
    pairs, values = np.arange(600), np.tile([1.0, -1.0, 1.0], 200)
    no = np.zeros(600, dtype=np.bool_)
    some = np.flatnonzero(np.arange(600) % 7)
    every, fewer = (
        np.concatenate([part.pairs for part in group(pairs[at], values[at], no[at], no[at], 1.0, 0.3)])
        for at in (pairs, some)
    )
    assert every[np.isin(every, some)].tolist() == fewer.tolist()


@given(values=VALUES, count=st.integers(1, 20))
def test_the_strongest_are_chosen(values: np.ndarray, count: int) -> None:
    chosen = strongest(values, count)
    assert chosen.size == min(count, values.size)
    assert np.all(np.diff(chosen) > 0)
    sizes = np.nan_to_num(np.abs(values), nan=-1.0)
    left = np.setdiff1d(np.arange(values.size), chosen)
    if left.size and sizes.max() >= 0:
        assert sizes[chosen].min() >= sizes[left].max()


def test_before_anything_is_known_the_choice_is_even() -> None:
    chosen = strongest(np.full(1000, np.nan), 10)
    assert np.diff(chosen).min() >= 100
