"""Smooth lines are running means, and what they go through stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.errors import SettingError
from bpviz.training.figure import Axis, Figure, Range, View
from bpviz.training.figure_rows import figure_rows
from bpviz.training.marks import Line
from bpviz.training.smoothing import smoothed


def by_the_book(values: list[float], share: float) -> list[float]:
    total = weight = 0.0
    found = []
    for value in values:
        known = np.isfinite(value)
        total, weight = share * total + (value if known else 0.0), share * weight + float(known)
        found.append(total / weight if known else value)
    return found


VALUES = st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")) | st.just(float("inf")), max_size=70)


@given(VALUES, st.floats(0.0, 0.999))
def test_it_is_the_running_mean_of_the_formula(values: list[float], share: float) -> None:
    found = smoothed(np.array(values, dtype=np.float64), share)
    np.testing.assert_allclose(found, by_the_book(values, share), rtol=1e-9, atol=1e-6)


@given(st.floats(-1e6, 1e6), st.integers(1, 50), st.floats(0.0, 0.999))
def test_what_does_not_change_stays(value: float, count: int, share: float) -> None:
    np.testing.assert_allclose(smoothed(np.full(count, value), share), value, rtol=1e-12)


def figure(*, log: bool = False) -> Figure:
    steps, y = np.arange(4), np.array([8.0, 4.0, 2.0, 1.0])
    line = Line("train", steps, steps, y, y, y, "train")
    return Figure("loss", "Loss", Axis("Step"), Axis("Loss", log=log), (line,), "Nothing yet.")


def test_a_figure_seen_smoothly_keeps_its_numbers_and_draws_others() -> None:
    seen = View(smooth=0.5).of(figure())
    (kept,), (drawn,) = seen.curves, seen.as_drawn.curves
    assert kept.y.tolist() == [8, 4, 2, 1]
    assert drawn.y.tolist() == pytest.approx(by_the_book([8, 4, 2, 1], 0.5))
    assert drawn.low.tolist() == drawn.high.tolist() == [8, 4, 2, 1]
    header, rows = figure_rows(seen)
    assert header[-2:] == ("mean", "smoothed")
    assert [row[-2:] for row in rows] == list(zip(kept.y.tolist(), drawn.y.tolist(), strict=True))
    assert figure().as_drawn.smooth == 0


@pytest.mark.parametrize("smooth", [-0.1, 1.0, float("nan"), True])
def test_no_line_is_smoother_than_can_be(smooth: float) -> None:
    with pytest.raises(SettingError, match="choose a number from 0 to"):
        View(smooth=smooth)


@pytest.mark.parametrize("shown", [(1.0, 1.0), (2.0, 1.0), (0.0, float("inf")), (float("nan"), 1.0)])
def test_no_axis_leads_backwards(shown: Range) -> None:
    with pytest.raises(SettingError, match="write the smaller number first"):
        View(x=shown)


def test_a_logarithmic_axis_begins_above_zero() -> None:
    with pytest.raises(SettingError, match="begin above 0"):
        View(y=(0.0, 1.0)).of(figure(log=True))
    assert View(y=(0.0, 1.0)).of(figure()).y.range == (0.0, 1.0)
