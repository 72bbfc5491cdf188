"""What the gradient costs: counted, measured, and the same gradient each time."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.engine.forward_mode import METHODS, Shape, multiplications
from bpviz.errors import CancelledError
from bpviz.training.costs import as_chain, gradient_costs, lengths
from tests.engine.networks import make_plan, random_batch, random_parameters


def test_three_ways_come_to_one_gradient() -> None:
    rng = np.random.default_rng(4)
    mask = rng.uniform(size=(4, 3)) < 0.7
    links = {(0, 1): mask, (1, 2): None, (0, 2): None, (2, 3): None}
    plan = make_plan([3, 4, 4, 2], ["tanh", "sigmoid", "linear"], links)
    x, y = random_batch(plan, "mse", rng)
    costs = gradient_costs(plan, "mse", random_parameters(plan, rng), x, y)
    assert tuple(cost.method for cost in costs.methods) == METHODS
    assert costs.examples == len(x)
    assert costs.shape == Shape.of(plan, "mse")
    for cost, within in zip(costs.methods, (0.0, 1e-14, 1e-8), strict=True):
        assert cost.error <= within
        assert cost.multiplications == len(x) * multiplications(costs.shape, cost.method)
        assert cost.timed == costs.shape.parameters
        assert cost.seconds > 0
    assert costs.methods[2].seconds > costs.methods[0].seconds  # 50 passes and more against two


def test_of_a_network_too_large_a_part_is_timed_and_the_time_taken_in_proportion() -> None:
    rng = np.random.default_rng(4)
    plan = make_plan([20, 30, 1], ["tanh", "linear"])
    x, y = random_batch(plan, "mse", rng, examples=1)
    costs = gradient_costs(plan, "mse", random_parameters(plan, rng), x, y, budget_s=0.0)
    back, ahead, moved = costs.methods
    assert (back.timed, ahead.timed, moved.timed) == (661, 661, 8)
    assert moved.error < 1e-8  # of those eight
    assert moved.seconds > 8 * back.seconds


def test_progress_is_told_and_may_end_it() -> None:
    rng = np.random.default_rng(4)
    plan = make_plan([2, 3, 3, 1], ["tanh", "tanh", "linear"])
    x, y = random_batch(plan, "mse", rng)
    parameters = random_parameters(plan, rng)
    told: list[tuple[int, int]] = []
    gradient_costs(plan, "mse", parameters, x, y, lambda *both: told.append(both))
    assert told[-25:] == [(at, 25) for at in range(25)]
    assert set(told[:-25]) == {(0, 1)}  # between the layers of multiplying forward

    def stop(done: int, of: int) -> None:
        raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        gradient_costs(plan, "mse", parameters, x, y, stop)


def test_a_network_has_a_depth_and_an_average_width() -> None:
    shape = Shape.chain([2, 3, 6, 1], fused=True)
    assert lengths(shape) == (2, 4)
    assert as_chain(shape, 3, 5) == Shape.chain([2, 5, 5, 5, 1], fused=True)
    assert lengths(Shape.chain([7, 3], fused=False)) == (0, 7)
