"""Forward and backward: worked examples, laws, and PyTorch as an oracle."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from bpviz.arrays import Array
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.backprop import backprop, forward, input_gradient
from bpviz.engine.losses import LOSSES
from bpviz.engine.plan import Plan
from bpviz.errors import ModelError, ShapeError
from tests.engine.networks import cases, make_plan, random_batch, random_parameters
from tests.engine.torches import torch_loss

Case = tuple[Plan, str, Array, Array, Array]


def test_the_worked_step_of_mazur_comes_out_to_nine_digits() -> None:
    # M. Mazur, "A Step by Step Backpropagation Example" (2015), computed with all digits.
    plan = make_plan([2, 2, 2], ["sigmoid", "sigmoid"])
    parameters = np.array([0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55, 0.35, 0.35, 0.60, 0.60])
    x, y = np.array([[0.05, 0.10]]), np.array([[0.01, 0.99]])
    trace = backprop(plan, "half_squared", parameters, x, y)
    np.testing.assert_allclose(trace.a[1], [[0.593269992, 0.596884378]], atol=5e-10)
    np.testing.assert_allclose(trace.a[2], [[0.751365070, 0.772928465]], atol=5e-10)
    assert trace.mean_loss == pytest.approx(0.298371109, abs=5e-10)
    np.testing.assert_allclose(trace.delta[2], [[0.138498562, -0.038098237]], atol=5e-10)
    np.testing.assert_allclose(trace.delta[1], [[0.008771355, 0.009954255]], atol=5e-10)


def test_a_gradient_in_four_layers_is_the_delta_ahead_times_the_activation_behind(
    rng: np.random.Generator,
) -> None:
    # The chain rule through one weight: dC/dw22 = dC/dz2 of the layer it enters * a2 of the layer it leaves.
    plan = make_plan([4, 2, 2, 1], ["sigmoid", "sigmoid", "linear"])
    parameters = random_parameters(plan, rng)
    x, y = rng.normal(size=(1, 4)), rng.normal(size=(1, 1))
    trace = backprop(plan, "mse", parameters, x, y)
    w22 = plan.weights(trace.gradient, 1)[1, 1]
    assert w22 == pytest.approx(trace.delta[2][0, 1] * trace.a[1][0, 1], rel=1e-14)
    index, h = plan.weight_slices[1].start + 3, 1e-5
    costs = []
    for sign in (1, -1):
        moved = parameters.copy()
        moved[index] += sign * h
        costs.append(backprop(plan, "mse", moved, x, y).mean_loss)
    assert w22 == pytest.approx((costs[0] - costs[1]) / (2 * h), rel=1e-7)


def test_one_linear_neuron_has_the_gradient_of_its_parabolic_cylinder() -> None:
    # E = (w1 + w2)^2 for the one case (1, 1) -> 0: both derivatives are 2 (w1 + w2), 0 along w1 = -w2.
    plan = make_plan([2, 1], ["linear"])
    x, y = np.ones((1, 2)), np.zeros((1, 1))
    for w1, w2 in [(0.5, 0.25), (2.0, -2.0), (-1.5, 0.5)]:
        trace = backprop(plan, "squared", np.array([w1, w2, 0.0]), x, y)
        assert trace.mean_loss == pytest.approx((w1 + w2) ** 2)
        np.testing.assert_allclose(trace.gradient, 2 * (w1 + w2) * np.ones(3))


def test_a_skipping_link_adds_its_own_way_back() -> None:
    # 1-1-1 with a link from input to output, all linear: a = (w1 w2 + w3) x.
    plan = make_plan([1, 1, 1], ["linear", "linear"], {(0, 1): None, (1, 2): None, (0, 2): None})
    w1, w3, w2 = 2.0, 5.0, 3.0  # ordered by target, then by source: 0->1, 0->2, 1->2
    trace = backprop(
        plan, "half_squared", np.array([w1, w3, w2, 0, 0]), np.array([[1.0]]), np.array([[10.0]])
    )
    assert trace.a[2].item() == 11.0
    np.testing.assert_allclose(trace.gradient, [3, 1, 2, 3, 1])  # times the error, 1


@settings(max_examples=60)
@given(case=cases())
def test_the_gradient_is_the_mean_of_the_gradients_of_single_examples(case: Case) -> None:
    plan, loss, parameters, x, y = case
    whole = backprop(plan, loss, parameters, x, y)
    single = [backprop(plan, loss, parameters, x[i : i + 1], y[i : i + 1]) for i in range(len(x))]
    np.testing.assert_allclose(whole.gradient, np.mean([one.gradient for one in single], axis=0), atol=1e-12)
    assert whole.mean_loss == pytest.approx(np.mean([one.mean_loss for one in single]))
    for at in range(len(plan.layers)):
        np.testing.assert_allclose(
            whole.delta[at], np.concatenate([one.delta[at] for one in single]), atol=1e-12
        )


@given(case=cases())
def test_removed_pairs_have_no_gradient_and_a_pass_changes_nothing_it_was_given(case: Case) -> None:
    plan, loss, parameters, x, y = case
    before = parameters.copy(), x.copy(), y.copy()
    trace = backprop(plan, loss, parameters, x, y)
    assert not trace.gradient[~plan.present].any()
    for was, now in zip(before, (parameters, x, y), strict=True):
        np.testing.assert_array_equal(was, now)


@given(case=cases())
def test_single_precision_stays_single_and_is_close(case: Case) -> None:
    plan, loss, parameters, x, y = case
    exact = backprop(plan, loss, parameters, x, y)
    single = backprop(plan, loss, parameters.astype(np.float32), x, y)
    values = (single.gradient, single.losses, *single.z, *single.a, *single.slope, *single.delta)
    assert all(array.dtype == np.float32 for array in values)
    assert single.mean_loss == pytest.approx(exact.mean_loss, rel=1e-3, abs=1e-3)


def test_a_hidden_layer_that_leads_nowhere_has_delta_zero(rng: np.random.Generator) -> None:
    plan = make_plan([2, 3, 2, 1], ["tanh", "tanh", "tanh"], {(0, 1): None, (0, 2): None, (2, 3): None})
    x, y = random_batch(plan, "mse", rng)
    trace = backprop(plan, "mse", random_parameters(plan, rng), x, y)
    assert not trace.delta[1].any()
    assert not plan.weights(trace.gradient, 0).any()


def test_nodes_of_one_layer_may_differ_in_activation() -> None:
    plan = make_plan([1, 3], [("relu", "linear", "relu")])
    z = forward(plan, np.array([1.0, 1.0, -1.0, 0, 0, 0]), np.array([[-2.0]]))
    np.testing.assert_array_equal(z.outputs, [[0.0, -2.0, 2.0]])


def test_an_overflow_gives_no_warning_but_infinity() -> None:
    plan = make_plan([1, 1], ["linear"])
    trace = backprop(plan, "squared", np.array([1e200, 0.0]), np.array([[1e200]]), np.array([[0.0]]))
    assert trace.mean_loss == np.inf


@pytest.mark.parametrize(
    ("activations", "loss", "sentence"),
    [
        (["tanh", "tanh"], "binary_cross_entropy", "activation Sigmoid"),
        (["tanh", "sigmoid"], "categorical_cross_entropy", "activation Softmax"),
        (["tanh", "softmax"], "mse", "choose categorical cross-entropy"),
        (["softmax", "tanh"], "mse", "Hidden 1 can't be softmax"),
        (["tanh", ("softmax", "tanh")], "categorical_cross_entropy", "every output node"),
    ],
)
def test_an_illegal_pair_is_refused_with_a_remedy(
    activations: list[str | tuple[str, ...]], loss: str, sentence: str
) -> None:
    plan = make_plan([2, 2, 2], activations)
    with pytest.raises(ModelError, match=sentence):
        backprop(plan, loss, np.zeros(plan.size), np.zeros((1, 2)), np.zeros((1, 2)))


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        (np.zeros((3, 4)), np.zeros((3, 1)), "needs 2 input values"),
        (np.zeros((3, 2)), np.zeros((3, 2)), "needs 1 target values"),
        (np.zeros((3, 2)), np.zeros((4, 1)), "needs 1 target values"),
        (np.zeros((0, 2)), np.zeros((0, 1)), "at least one example"),
    ],
)
def test_a_batch_of_the_wrong_shape_is_refused(x: Array, y: Array, sentence: str) -> None:
    plan = make_plan([2, 1], ["tanh"])
    with pytest.raises(ShapeError, match=sentence):
        backprop(plan, "mse", np.zeros(plan.size), x, y)


@settings(max_examples=150)
@given(case=cases())
def test_the_gradient_is_that_of_torch_autograd(case: Case, oracle: Callable[[str], ModuleType]) -> None:
    torch: Any = oracle("torch")
    plan, loss, parameters, x, y = case
    trace = backprop(plan, loss, parameters, x, y)
    theirs, inputs = torch.tensor(parameters, requires_grad=True), torch.tensor(x, requires_grad=True)
    mean_loss = torch_loss(torch, plan, loss, theirs, inputs, torch.tensor(y))
    mean_loss.backward()
    # Torch knows no removed pairs: they are weights of 0 with a gradient that nobody asks for.
    gradient = np.where(plan.present, theirs.grad.numpy(), 0.0)
    assert trace.mean_loss == pytest.approx(mean_loss.item(), rel=1e-12)
    assert np.linalg.norm(trace.gradient - gradient) <= 1e-10 * np.linalg.norm(gradient)
    by_input = inputs.grad.numpy() * len(x)
    # A saturated node on every way to the inputs leaves few digits of their gradient, here as in PyTorch.
    size = np.hypot(np.linalg.norm(gradient), np.linalg.norm(by_input))
    assert np.linalg.norm(input_gradient(trace) - by_input) <= 1e-10 * size


def test_the_gradient_of_the_inputs_is_the_slope_of_the_loss() -> None:
    rng = np.random.default_rng(3)
    plan = make_plan([3, 4, 2], ["tanh", "sigmoid"], {(0, 1): None, (1, 2): None, (0, 2): None})
    parameters, (x, y) = random_parameters(plan, rng), random_batch(plan, "mse", rng)
    found, h = input_gradient(backprop(plan, "mse", parameters, x, y)), 1e-5
    for at in range(3):
        step = h * np.eye(3)[at]
        ends = [backprop(plan, "mse", parameters, x + sign * step, y).losses for sign in (1, -1)]
        np.testing.assert_allclose(found[:, at], (ends[0] - ends[1]) / (2 * h), rtol=1e-6, atol=1e-10)


def test_the_cases_reach_every_loss_and_activation() -> None:
    seen: set[str] = set()

    @settings(max_examples=200)
    @given(case=cases())
    def collect(case: Case) -> None:
        plan, loss = case[0], case[1]
        seen.add(loss)
        seen.update(name for layer in plan.layers for name in layer.activations)

    collect()
    assert seen == set(LOSSES) | set(ACTIVATIONS)
