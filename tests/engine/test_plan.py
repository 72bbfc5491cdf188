"""The flat parameter vector and the views into it."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.engine.plan import LayerPlan, LinkPlan, Plan
from bpviz.errors import ShapeError
from tests.engine.networks import make_plan


def test_weights_come_first_and_biases_after_them_and_all_are_views() -> None:
    plan = make_plan([2, 3, 1], ["tanh", "tanh"], {(0, 1): None, (0, 2): None, (1, 2): None})
    parameters = np.arange(float(plan.size))
    assert plan.size == 6 + 2 + 3 + 3 + 1
    np.testing.assert_array_equal(plan.weights(parameters, 0), [[0, 1], [2, 3], [4, 5]])
    np.testing.assert_array_equal(plan.weights(parameters, 1), [[6, 7]])
    np.testing.assert_array_equal(plan.weights(parameters, 2), [[8, 9, 10]])
    np.testing.assert_array_equal(plan.biases(parameters, 1), [11, 12, 13])
    np.testing.assert_array_equal(plan.biases(parameters, 2), [14])
    assert plan.biases(parameters, 0).size == 0
    plan.weights(parameters, 2)[0, 0] = -1.0
    assert parameters[8] == -1.0


def test_threads_can_share_a_plan_because_nobody_can_change_it() -> None:
    plan = make_plan([2, 1], ["tanh"])
    for mask in (plan.trainable, plan.present, plan.links[0].present):
        with pytest.raises(ValueError, match="read-only"):
            mask[0] = False


def test_links_are_found_by_either_end() -> None:
    plan = make_plan([2, 3, 1], ["tanh", "tanh"], {(0, 1): None, (0, 2): None, (1, 2): None})
    assert plan.incoming == ((), (0,), (1, 2))
    assert plan.outgoing == ((0, 1), (2,), ())
    assert plan.node_slices == (slice(0, 0), slice(0, 3), slice(3, 4))


def test_the_parts_of_all_layers_cover_the_vector_once() -> None:
    plan = make_plan([2, 3, 1], ["tanh", "tanh"], {(0, 1): None, (0, 2): None, (1, 2): None})
    covered = np.zeros(plan.size)
    for at in range(1, 3):
        for part in plan.layer_slices(at):
            covered[part] += 1
    np.testing.assert_array_equal(covered, 1)


def test_a_network_that_does_not_fit_together_is_refused() -> None:
    layers = (LayerPlan("Input", 2), LayerPlan("Output", 1, ("tanh",)))
    fitting, turned = np.ones((1, 2), dtype=np.bool_), np.ones((2, 1), dtype=np.bool_)
    nothing = np.ones(3, dtype=np.bool_)
    for link in (LinkPlan(0, 1, turned), LinkPlan(1, 0, turned), LinkPlan(1, 1, fitting)):
        with pytest.raises(ShapeError, match="link"):
            Plan(layers, (link,), nothing)
    with pytest.raises(ShapeError, match="each parameter"):
        Plan(layers, (LinkPlan(0, 1, fitting),), np.ones(2, dtype=np.bool_))


def test_what_is_missing_is_not_frozen() -> None:
    layers, both = (LayerPlan("Input", 2), LayerPlan("Output", 1, ("tanh",))), np.ones(3, dtype=np.bool_)
    second = np.array([[False, True]])
    plan = Plan(layers, (LinkPlan(0, 1, second),), np.array([False, True, True]))
    assert not plan.freezes
    assert not Plan(layers, (LinkPlan(0, 1, ~second | second),), both).freezes
    assert Plan(layers, (LinkPlan(0, 1, second),), np.array([False, True, False])).freezes
    assert Plan(layers, (LinkPlan(0, 1, ~second | second),), np.array([True, False, True])).freezes
