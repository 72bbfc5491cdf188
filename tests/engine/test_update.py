"""One step: the order of its parts, what must not move, and how it ends when numbers run away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.arrays import Array
from bpviz.engine.backprop import backprop
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.plan import Plan
from bpviz.engine.update import (
    Rule,
    State,
    clip,
    initial_state,
    layer_norms,
    node_means,
    norm,
    parameter_name,
    penalty_cost,
    penalty_gradient,
    step,
    update_ratios,
)
from bpviz.errors import BpvizError, DivergedError, SettingError, UnknownNameError
from tests.engine.networks import cases, make_plan, random_batch, random_parameters

NEURON = make_plan([1, 1], ["linear"])


def _step_neuron(rule: Rule, weight: float, rate: float = 0.1, state: State | None = None) -> State:
    """Make a step of a neuron with x = 1, y = 0 and bias 0: both its derivatives are its weight."""
    state = state or initial_state(NEURON, rule, np.array([weight, 0.0]))
    return step(NEURON, rule, state, np.ones((1, 1)), np.zeros((1, 1)), rate).after


def test_mazurs_weights_after_one_update_and_his_loss_after_ten_thousand() -> None:
    plan = make_plan([2, 2, 2], ["sigmoid", "sigmoid"])
    trainable = plan.trainable.copy()
    trainable[plan.weight_count :] = False  # he leaves the biases alone
    plan = replace(plan, trainable=trainable)
    start = np.array([0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55, 0.35, 0.35, 0.60, 0.60])
    x, y, rule = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]]), Rule()
    first = step(plan, rule, initial_state(plan, rule, start), x, y, 0.5)
    expected = [0.149780716, 0.199561432, 0.249751144, 0.299502287]
    expected += [0.358916480, 0.408666186, 0.511301270, 0.561370121]
    np.testing.assert_allclose(first.after.parameters[:8], expected, atol=5e-10)
    np.testing.assert_array_equal(first.after.parameters[8:], start[8:])
    assert first.trace.gradient[8:].all(), "a frozen parameter's gradient is shown"
    assert not first.applied[8:].any(), "but not applied"
    second = step(plan, rule, first.after, x, y, 0.5)
    assert second.trace.mean_loss == pytest.approx(0.291027774, abs=5e-10)
    state = second.before
    while state.step < 10_000:
        state = step(plan, rule, state, x, y, 0.5).after
    assert backprop(plan, rule.loss, state.parameters, x, y).mean_loss == pytest.approx(3.5102e-5, abs=5e-10)


def test_a_step_leaves_the_state_it_started_from(rng: np.random.Generator) -> None:
    plan, rule = make_plan([2, 3, 1], ["tanh", "linear"]), Rule(loss="mse", optimizer="adam")
    x, y = random_batch(plan, "mse", rng)
    state = initial_state(plan, rule, random_parameters(plan, rng))
    before = state.parameters.copy(), state.slots.copy()
    made = step(plan, rule, state, x, y, 0.1)
    assert (made.before, made.after.step) == (state, 1)
    np.testing.assert_array_equal(state.parameters, before[0])
    np.testing.assert_array_equal(state.slots, before[1])
    np.testing.assert_array_equal(made.change, made.after.parameters - state.parameters)


@given(
    case=cases(),
    optimizer=st.sampled_from(sorted(OPTIMIZERS)),
    penalty=st.sampled_from(sorted(PENALTIES)),
    clip_norm=st.sampled_from([None, 0.01]),
)
def test_what_is_frozen_or_removed_never_moves_and_remembers_nothing(
    case: tuple[Plan, str, Array, Array, Array], optimizer: str, penalty: str, clip_norm: float | None
) -> None:
    plan, loss, parameters, x, y = case
    held = np.resize([True, False, True], plan.size)
    plan = replace(plan, trainable=plan.present & ~held)
    rule = Rule(loss, optimizer, (), penalty, 0.1, clip_norm, examples=5)
    state = initial_state(plan, rule, parameters)
    for _ in range(3):
        state = step(plan, rule, state, x, y, 0.01).after
    still = ~plan.trainable
    np.testing.assert_array_equal(state.parameters[still], parameters[still])
    assert not state.slots[:, still].any()
    assert not state.parameters[~plan.present].any()


def test_what_is_frozen_during_a_run_stops_in_spite_of_its_momentum() -> None:
    rule = Rule(optimizer="momentum")
    moving = _step_neuron(rule, 1.0)
    frozen = replace(NEURON, trainable=np.array([False, True]))
    after = step(frozen, rule, moving, np.ones((1, 1)), np.zeros((1, 1)), 0.1).after
    assert after.parameters[0] == moving.parameters[0]
    assert after.slots[0, 0] == moving.slots[0, 0] != 0
    assert after.parameters[1] != moving.parameters[1]


def test_the_penalty_joins_the_gradient_divided_by_the_examples_of_the_run() -> None:
    # g = w + lambda / M w = 2 + 3 / 10 * 2, although the batch has one example.
    after = _step_neuron(Rule(penalty="l2", penalty_rate=3.0, examples=10), 2.0)
    np.testing.assert_allclose(after.parameters, [2 - 0.1 * 2.6, -0.2])
    after = _step_neuron(Rule(penalty="l1", penalty_rate=3.0, examples=10), -2.0)
    np.testing.assert_allclose(after.parameters, [-2 - 0.1 * (-2 - 0.3), 0.2])


def test_the_playgrounds_penalty_moves_after_the_step_by_the_weight_before_it() -> None:
    # w - rate g - rate lambda w, with the whole lambda: 2 - 0.2 - 0.1 * 0.3 * 2.
    after = _step_neuron(Rule(penalty="playground_l2", penalty_rate=0.3, examples=10), 2.0)
    np.testing.assert_allclose(after.parameters, [1.74, -0.2])
    # and clipping does not touch it: the gradient's norm sqrt(8) is cut to 1
    rule = Rule(penalty="playground_l2", penalty_rate=0.3, clip_norm=1.0)
    np.testing.assert_allclose(_step_neuron(rule, 2.0).parameters[0], 2 - 0.1 / np.sqrt(2) - 0.06)


def test_a_weight_that_the_playgrounds_l1_carries_across_zero_is_dead_for_good() -> None:
    rule = Rule(penalty="playground_l1", penalty_rate=20.0)
    alive = _step_neuron(Rule(penalty="playground_l1", penalty_rate=1.0), 1.0)
    np.testing.assert_allclose(alive.parameters, [0.8, -0.1])
    dead = _step_neuron(rule, 1.0)
    np.testing.assert_array_equal(dead.parameters, [0.0, -0.1])
    np.testing.assert_array_equal(dead.slots, [[1.0, 0.0]])
    later = _step_neuron(replace(rule, penalty_rate=0.0), 0.0, state=dead)
    assert later.parameters[0] == 0.0, "although its gradient is not 0"
    assert later.parameters[1] != dead.parameters[1]


def test_the_data_alone_may_carry_a_weight_across_zero() -> None:
    # The Playground looks at the crossing of its own penalty step only.
    after = _step_neuron(Rule(penalty="playground_l1", penalty_rate=0.01), 1.0, rate=1.5)
    assert after.parameters[0] == pytest.approx(1 - 1.5 - 0.015)
    assert not after.slots.any()


def test_a_weight_that_starts_at_zero_is_not_dead() -> None:
    rule = Rule(penalty="playground_l1", penalty_rate=0.1)
    made = step(NEURON, rule, initial_state(NEURON, rule, np.zeros(2)), np.ones((1, 1)), np.ones((1, 1)), 0.1)
    assert made.after.parameters[0] == pytest.approx(0.1)


def test_cost_and_gradient_of_the_penalty_leave_out_biases() -> None:
    rule = Rule(penalty="l2", penalty_rate=3.0, examples=10)
    parameters = np.array([2.0, 5.0])
    assert penalty_cost(NEURON, rule, parameters) == pytest.approx(3 / 20 * 4)
    np.testing.assert_allclose(penalty_gradient(NEURON, rule, parameters), [0.6, 0])


@given(vector=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), largest=st.floats(1e-3, 1e3))
def test_clipping_keeps_the_direction_and_bounds_the_norm(vector: list[float], largest: float) -> None:
    before = np.array(vector)
    after, scale = clip(before, largest)
    assert norm(after) <= largest * (1 + 1e-12)
    np.testing.assert_allclose(after, scale * before)
    assert (scale == 1) == (norm(before) <= largest)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_norms_are_right_where_squares_overflow_or_vanish(
    dtype: type[np.floating[Any]], scale: float
) -> None:
    far = scale if dtype is np.float32 else scale**6
    vector = np.array([3.0, -4.0, 0.0], dtype=dtype) * dtype(far)
    assert norm(vector) == pytest.approx(5 * far, rel=1e-6)
    applied, _ = clip(vector, 0.5 * far)
    np.testing.assert_allclose(applied, 0.1 * vector, rtol=1e-6)
    plan = make_plan([1, 1], ["linear"])
    np.testing.assert_allclose(layer_norms(plan, vector[:2]), [5 * far], rtol=1e-6)


def test_the_norm_of_what_is_not_finite_is_not_finite() -> None:
    assert norm(np.zeros(3)) == norm(np.zeros(0)) == 0.0
    assert norm(np.array([1.0, -np.inf])) == np.inf
    assert np.isnan(norm(np.array([1.0, np.nan])))


def test_a_memory_that_overflows_stops_the_run_instead_of_freezing_the_weight() -> None:
    # Adam would divide by the root of an infinite square from then on: a step of 0 for ever.
    rule = Rule(loss="mae", optimizer="adam")
    state = initial_state(NEURON, rule, np.array([1.0, 0.0]))
    with pytest.raises(DivergedError, match="the optimizer's memory of the weight from node 1 in Input"):
        step(NEURON, rule, state, np.full((1, 1), 1e160), np.zeros((1, 1)), 0.1)


def test_a_cleared_optimizer_counts_its_own_steps() -> None:
    rule = Rule(optimizer="adam")
    later = State(500, np.array([1.0, 0.0]), np.zeros((2, 2)), cleared_at=500)
    after = _step_neuron(rule, 1.0, state=later)
    assert after.step == 501
    np.testing.assert_allclose(after.parameters, _step_neuron(rule, 1.0).parameters)


def test_norms_and_ratios_are_of_all_links_into_a_layer_and_its_biases() -> None:
    plan = make_plan([1, 1, 1], ["linear", "linear"], {(0, 1): None, (0, 2): None, (1, 2): None})
    vector = np.array([3.0, 2.0, 3.0, 4.0, 6.0])  # 0->1, 0->2, 1->2, and the two biases
    np.testing.assert_allclose(layer_norms(plan, vector), [5, 7])
    np.testing.assert_allclose(update_ratios(plan, 0.1 * vector, vector), [0.1, 0.1])
    np.testing.assert_array_equal(update_ratios(plan, vector, np.zeros(5)), [0, 0])


def test_node_means_are_over_the_batch_in_the_order_of_the_nodes(rng: np.random.Generator) -> None:
    plan = make_plan([2, 3, 1], ["tanh", "linear"])
    x, y = random_batch(plan, "mse", rng)
    trace = backprop(plan, "mse", random_parameters(plan, rng), x, y)
    signed, magnitude = node_means(trace)
    np.testing.assert_allclose(signed[:3], trace.delta[1].mean(axis=0))
    np.testing.assert_allclose(magnitude[3], np.abs(trace.delta[2]).mean())


@given(
    case=cases(), optimizer=st.sampled_from(sorted(OPTIMIZERS)), penalty=st.sampled_from(sorted(PENALTIES))
)
def test_a_run_in_single_precision_stays_single(
    case: tuple[Plan, str, Array, Array, Array], optimizer: str, penalty: str
) -> None:
    plan, loss, parameters, x, y = case
    rule = Rule(loss, optimizer, (), penalty, 0.1, clip_norm=1.0, examples=5)
    state = initial_state(plan, rule, parameters.astype(np.float32))
    made = step(plan, rule, state, x, y, 0.01)
    arrays = (made.after.parameters, made.after.slots, made.applied, made.change, made.penalty_gradient)
    assert all(array.dtype == np.float32 for array in arrays)
    assert made.after.in_double().parameters.dtype == np.float64


@pytest.mark.parametrize(
    ("weights", "x", "place"),
    [
        ((1e200, 1e200), 1e200, "the weighted input of node 1 in Hidden 1"),
        ((1.0, 1e200), 1e200, "the weighted input of node 1 in Output"),
        ((1.0, 1e200), 1.0, "the loss is not finite although every activation is"),
        # The loss is 0.5e304, but the delta of the hidden node 1e152 * 1e160: too much for a float64.
        ((1e-8, 1e160), 1.0, "the gradient of the weight from node 1 in Input to node 1 in Hidden 1"),
    ],
)
def test_numbers_that_run_away_are_located_and_the_step_is_not_made(
    weights: tuple[float, float], x: float, place: str
) -> None:
    plan, rule = make_plan([1, 1, 1], ["linear", "linear"]), Rule()
    state = State(41, np.array([*weights, 0.0, 0.0]), np.zeros((0, 4)))
    with pytest.raises(DivergedError) as caught:
        step(plan, rule, state, np.array([[x]]), np.zeros((1, 1)), 0.1)
    assert place in str(caught.value)
    assert "at step 42" in str(caught.value)


def test_a_rate_that_throws_a_weight_out_is_located_as_its_new_value() -> None:
    with pytest.raises(
        DivergedError, match="new value of the weight from node 1 in Input to node 1 in Output"
    ):
        _step_neuron(Rule(), 1e10, rate=1e300)


def test_parameters_are_named_for_sentences() -> None:
    plan = make_plan([2, 3, 1], ["tanh", "tanh"])
    assert parameter_name(plan, 3) == "weight from node 2 in Input to node 2 in Hidden 1"
    assert parameter_name(plan, plan.size - 1) == "bias of node 1 in Output"
    with pytest.raises(IndexError):
        parameter_name(plan, plan.size)


@pytest.mark.parametrize(
    ("wrong", "kind", "sentence"),
    [
        ({"penalty_rate": -1.0}, SettingError, "penalty rate can't be -1"),
        ({"penalty_rate": float("nan")}, SettingError, "penalty rate can't be nan"),
        ({"clip_norm": 0.0}, SettingError, "can't be clipped at 0"),
        ({"clip_norm": float("nan")}, SettingError, "can't be clipped at nan"),
        ({"examples": 0}, SettingError, "no examples"),
        ({"loss": "mes"}, UnknownNameError, "did you mean 'mse'"),
        ({"optimizer": "adm"}, UnknownNameError, "did you mean 'adam'"),
        ({"penalty": "lasso"}, UnknownNameError, "choose one of none, l1, l2"),
        ({"optimizer_options": (("momentum", 0.9),)}, SettingError, "has no settings"),
    ],
)
def test_a_rule_that_can_not_be_is_refused(
    wrong: dict[str, Any], kind: type[BpvizError], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        Rule(**wrong)
