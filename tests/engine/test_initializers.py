"""Start values: their spread, their shape, and what is left alone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import Array
from bpviz.engine import initializers
from bpviz.engine.initializers import INITIALIZERS, Initializer, Shape, initialize, initialize_some
from bpviz.engine.plan import Plan
from bpviz.errors import SettingError
from bpviz.streams import stream
from tests.engine.networks import make_plan

WIDE = make_plan([200, 300, 100], ["tanh", "tanh"])
SKIPPING = make_plan([60, 80, 100], ["tanh", "tanh"], {(0, 1): None, (0, 2): None, (1, 2): None})


class Counter:
    """A source that says how often it was asked: 0, 0.001, 0.002, ..."""

    def __init__(self) -> None:
        self.asked = 0

    def random(self) -> float:
        self.asked += 1
        return (self.asked - 1) / 1000


def _weights(plan: Plan, name: str, link: int, **options: float) -> Array:
    return plan.weights(initialize(plan, name, options, np.random.default_rng(1)), link)


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        # of the first link, 200 -> 300; its variance by the formulas of Glorot, He and LeCun
        ("xavier_uniform", 2 / 500),
        ("xavier_normal", 2 / 500),
        ("he_uniform", 2 / 200),
        ("he_normal", 2 / 200),
        ("lecun_uniform", 1 / 200),
        ("lecun_normal", 1 / 200),
        ("uniform", 0.5**2 / 3),
        ("normal", 0.1**2),
        ("playground", 1 / 12),
    ],
)
def test_the_spread_is_that_of_the_formula(name: str, variance: float) -> None:
    weights = _weights(WIDE, name, 0)
    assert weights.shape == (300, 200)
    # With 60,000 draws the variance scatters by 0.6 % at most, the mean by 0.004 deviations.
    assert weights.var() == pytest.approx(variance, rel=0.03)
    assert abs(weights.mean()) < 0.02 * math.sqrt(variance)


@pytest.mark.parametrize("name", ["xavier_uniform", "he_uniform", "lecun_uniform", "uniform"])
def test_uniform_draws_fill_their_range_and_stay_in_it(name: str) -> None:
    weights = _weights(WIDE, name, 0)
    limit = math.sqrt(3) * math.sqrt({"xavier_uniform": 2 / 500, "he_uniform": 2 / 200}.get(name, 1 / 200))
    limit = 0.5 if name == "uniform" else limit
    assert 0.99 * limit < np.abs(weights).max() <= limit


def test_fans_count_all_links_of_a_layer() -> None:
    # Into layer 2 lead 60 + 80 sources; out of layer 0 lead 80 + 100 targets.
    variances = [_weights(SKIPPING, "xavier_normal", link).var() for link in range(3)]
    assert variances == pytest.approx([2 / (60 + 180), 2 / (140 + 180), 2 / (140 + 100)], rel=0.08)
    assert _weights(SKIPPING, "he_normal", 1).var() == pytest.approx(2 / 140, rel=0.08)


def test_orthogonal_rows_or_columns_have_the_length_of_the_gain() -> None:
    plan = make_plan([8, 5, 9], [("tanh",) * 5, ("relu",) * 9])
    few_rows, few_columns = (_weights(plan, "orthogonal", link) for link in range(2))
    np.testing.assert_allclose(few_rows @ few_rows.T, (5 / 3) ** 2 * np.eye(5), atol=1e-12)
    np.testing.assert_allclose(few_columns.T @ few_columns, 2 * np.eye(5), atol=1e-12)


def test_the_playground_draws_target_by_target_and_starts_biases_at_a_tenth() -> None:
    plan = make_plan([2, 3, 1], ["tanh", "tanh"])
    source = Counter()
    parameters = initialize(plan, "playground", (), source)
    assert source.asked == 9
    np.testing.assert_allclose(parameters[:9], np.arange(9) / 1000 - 0.5)
    np.testing.assert_array_equal(parameters[9:], 0.1)
    assert INITIALIZERS["playground"].stream == "playground"


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if name != "playground"])
def test_biases_start_at_zero(name: str) -> None:
    parameters = initialize(WIDE, name, (), np.random.default_rng(1))
    assert parameters.dtype == np.float64
    assert not parameters[WIDE.weight_count :].any()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_removed_pairs_start_at_zero(name: str) -> None:
    mask = np.array([[True, False], [False, True], [True, True]])
    plan = make_plan([2, 3], ["tanh"], {(0, 1): mask})
    parameters = initialize(plan, name, (), np.random.default_rng(1))
    assert not plan.weights(parameters, 0)[~mask].any()
    if name != "zeros":
        assert plan.weights(parameters, 0)[mask].all()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_same_stream_gives_the_same_start(name: str) -> None:
    first, second = (initialize(SKIPPING, name, (), np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", INITIALIZERS)
@given(data=st.data())
def test_some_places_get_what_they_would_among_all(name: str, data: st.DataObject) -> None:
    mask = np.arange(100 * 80).reshape(100, 80) % 3 > 0
    plan = make_plan([60, 80, 100], ["tanh", "tanh"], {(0, 1): None, (0, 2): None, (1, 2): mask})
    chosen = data.draw(st.lists(st.integers(0, plan.size - 1), max_size=5))
    begin = data.draw(st.sampled_from([0, 4800, 4800 + 6000]))  # of each link
    places = np.array([*chosen, *range(begin, begin + data.draw(st.sampled_from([0, 60])))], dtype=np.int64)

    def source() -> np.random.Generator | Counter:
        return Counter() if name == "playground" else stream(3, "test")

    some = initialize_some(plan, name, (), source(), places)

    np.testing.assert_array_equal(some, initialize(plan, name, (), source())[places])


@pytest.mark.parametrize("name", [name for name in INITIALIZERS if INITIALIZERS[name].by_rows])
def test_a_few_places_are_drawn_without_the_rows_below_them(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan([60, 80, 100], ["tanh", "tanh"], {(0, 1): None, (1, 2): None})
    drawn: list[int] = []

    def noted(entry: Initializer, shape: Shape, *rest: Any) -> Array:
        drawn.append(shape.targets)
        return draw(entry, shape, *rest)

    draw = initializers._drawn
    monkeypatch.setattr(initializers, "_drawn", noted)
    source = Counter() if name == "playground" else stream(3, "test")
    initialize_some(plan, name, (), source, np.array([2 * 60 + 5, 7], dtype=np.int64))
    assert drawn == [3]


@pytest.mark.parametrize("name", INITIALIZERS)
def test_what_is_skipped_leaves_the_stream_where_drawing_would(name: str) -> None:
    entry = INITIALIZERS[name]
    assert (entry.skip is None) == (entry.stream == "playground")
    if entry.skip is None or entry.draw is None:
        return
    drawn, skipped = stream(3, "test"), stream(3, "test")
    shape = Shape(97, 131, 131, 97, np.ones(97))

    entry.draw(shape, drawn, {option.name: option.default for option in entry.options})
    entry.skip(shape, skipped)

    assert drawn.bit_generator.state == skipped.bit_generator.state


def test_settings_are_taken_and_checked() -> None:
    np.testing.assert_array_equal(_weights(WIDE, "constant", 0, value=0.25), 0.25)
    assert _weights(WIDE, "normal", 0, deviation=2.0).std() == pytest.approx(2.0, rel=0.02)
    with pytest.raises(SettingError, match="Standard deviation"):
        _weights(WIDE, "normal", 0, deviation=-1.0)
