"""The gradient check: it passes where it must and fails where it must."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from bpviz.arrays import Array
from bpviz.engine import gradcheck
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.backprop import Trace, backprop
from bpviz.engine.gradcheck import TOLERANCE, check
from bpviz.engine.losses import LOSSES
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule
from bpviz.errors import CancelledError
from tests.engine.networks import (
    ELEMENTWISE,
    cases,
    legal_outputs,
    make_plan,
    random_batch,
    random_parameters,
)

LEGAL = [
    (hidden, output, loss)
    for loss in LOSSES
    for output in legal_outputs(loss)
    for hidden in (ELEMENTWISE if output in ("sigmoid", "softmax") else [output])
]


@pytest.mark.parametrize(("hidden", "output", "loss"), LEGAL)
def test_every_legal_combination_passes(hidden: str, output: str, loss: str) -> None:
    rng = np.random.default_rng(5)
    plan = make_plan([2, 3, 2], [hidden, output])
    parameters = random_parameters(plan, rng)
    x, y = random_batch(plan, loss, rng)
    for penalty in PENALTIES:
        checked = check(
            plan, Rule(loss=loss, penalty=penalty, penalty_rate=0.7, examples=9), parameters, x, y
        )
        assert checked.passed
        assert not any(checked.unresolved)
        assert not checked.kinks


@given(case=cases())
def test_masked_skipping_and_mixed_networks_pass(case: tuple[Plan, str, Array, Array, Array]) -> None:
    plan, loss, parameters, x, y = case
    checked = check(plan, Rule(loss=loss, penalty="l1", penalty_rate=0.1, examples=5), parameters, x, y)
    assert checked.passed
    assert not checked.judged[~plan.present].any()


@pytest.mark.parametrize("slip", [1.0 + 1e-4, -1.0, 0.0])
def test_a_wrong_gradient_fails_in_its_own_layer(slip: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(plan: Plan, loss: str, parameters: Array, x: Array, y: Array) -> Trace:
        trace = backprop(plan, loss, parameters, x, y)
        gradient = trace.gradient.copy()
        gradient[plan.weight_slices[0]] *= slip
        return replace(trace, gradient=gradient)

    monkeypatch.setattr(gradcheck, "backprop", wrong)
    rng = np.random.default_rng(5)
    plan = make_plan([2, 3, 1], ["tanh", "linear"])
    x, y = random_batch(plan, "mse", rng)
    checked = check(plan, Rule(loss="mse"), random_parameters(plan, rng), x, y)
    assert not checked.passed
    assert checked.errors[0] > TOLERANCE > checked.errors[1]
    assert [judged.verdict for judged in checked.layers] == ["bad", "good"]
    assert [judged.verdict for judged in checked.links] == ["bad", "good"]
    assert checked.verdict == "bad"


def test_a_kink_that_a_move_crosses_is_named_and_not_judged() -> None:
    # z = w x + b is 0 with w = 0.5, x = 2, b = -1; both moves carry it across ReLU's kink.
    plan = make_plan([1, 1, 1], ["relu", "linear"])
    parameters = np.array([0.5, 2.0, -1.0, 0.0])
    checked = check(plan, Rule(), parameters, np.array([[2.0]]), np.array([[1.0]]))
    assert checked.kinks == (
        "Moving the weight from node 1 in Input to node 1 in Hidden 1 crosses a kink of node 1 in Hidden 1.",
        "Moving the bias of node 1 in Hidden 1 crosses a kink of node 1 in Hidden 1.",
    )
    assert checked.judged.tolist() == [False, True, False, True]
    assert checked.passed
    # Of the hidden layer nothing can be said, and nothing is; of the other one all.
    assert [(one.verdict, one.kinks, one.count) for one in checked.layers] == [
        ("kinks", 2, 2),
        ("good", 0, 2),
    ]
    assert checked.links[0].verdict == "kinks"
    assert checked.verdict == "good"
    assert np.isnan(checked.relative).tolist() == [True, False, True, False]


def test_kinks_of_loss_and_penalty_are_named_too() -> None:
    plan = make_plan([1, 1], ["linear"])
    at_target = check(plan, Rule(loss="mae"), np.array([2.0, 0.0]), np.ones((1, 1)), np.array([[2.0]]))
    assert [sentence.rpartition(" of ")[2] for sentence in at_target.kinks] == ["the loss."] * 2
    rule = Rule(penalty="l1", penalty_rate=1.0)
    at_zero = check(plan, rule, np.array([0.0, 0.0]), np.ones((1, 1)), np.array([[2.0]]))
    assert [sentence.rpartition(" of ")[2] for sentence in at_zero.kinks] == ["the penalty."]


def test_a_gradient_too_small_for_differences_is_called_unresolved() -> None:
    # Ten sigmoid layers with small weights: the first one's gradient is far below what float64 can tell.
    plan = make_plan([1] + [1] * 10, ["sigmoid"] * 10)
    parameters = np.full(plan.size, 0.05)
    checked = check(plan, Rule(), parameters, np.array([[1.0]]), np.array([[1.0]]))
    assert 0 < abs(checked.analytic[0]) < 1e-14
    assert checked.unresolved[0]
    assert not checked.unresolved[-1]
    assert checked.passed
    assert checked.links[0].verdict == "too_small"
    assert checked.verdict == "good"


def test_a_gradient_that_is_too_small_throughout_is_not_called_good() -> None:
    plan = make_plan([1] + [1] * 10, ["sigmoid"] * 9 + ["linear"])
    parameters = np.full(plan.size, 0.05)
    parameters[plan.bias_slices[-1]] = 1 - 1e-13  # the target is all but hit: the whole gradient is rounding
    plan.weights(parameters, 9)[:] = 0
    checked = check(plan, Rule(), parameters, np.array([[1.0]]), np.array([[1.0]]))
    assert checked.layers[-1].verdict == "too_small"
    assert checked.passed


def test_a_link_that_is_small_beside_its_layer_is_never_called_bad(rng: np.random.Generator) -> None:
    # One input is a millionth of the other: its own gradient lies within what its layer may err by.
    plan = make_plan([1, 1, 1], ["tanh", "tanh"], {(0, 1): None, (0, 2): None, (1, 2): None})
    for _ in range(20):
        x = rng.normal(size=(3, 1)) * 1e-7
        checked = check(plan, Rule(), random_parameters(plan, rng), x, rng.normal(size=(3, 1)))
        assert checked.verdict == "good"
        assert {judged.verdict for judged in checked.links} <= {"good", "too_small"}


def test_a_move_is_never_lost_in_the_weights_own_digits() -> None:
    plan = make_plan([1, 1], ["linear"])
    checked = check(plan, Rule(), np.array([1.0, 0.0]), np.array([[1e14]]), np.array([[2e14]]))
    assert np.isfinite(checked.numeric).all()
    assert checked.passed


def test_what_overflows_is_no_verdict_on_backprop() -> None:
    plan = make_plan([1, 1], ["linear"])
    checked = check(plan, Rule(), np.array([1e200, 0.0]), np.array([[1e200]]), np.array([[0.0]]))
    assert checked.verdict == checked.layers[0].verdict == "not_finite"
    assert not checked.passed


def test_the_relative_error_of_single_parameters_is_shown(rng: np.random.Generator) -> None:
    mask = np.array([[True, False], [True, True]])
    plan = make_plan([2, 2, 1], ["tanh", "linear"], {(0, 1): mask, (1, 2): None})
    checked = check(plan, Rule(), random_parameters(plan, rng), *random_batch(plan, "mse", rng))
    shown = checked.relative
    assert np.isnan(shown).tolist() == (~plan.present).tolist()
    g, n = checked.analytic[plan.present], checked.numeric[plan.present]
    np.testing.assert_allclose(shown[plan.present], np.abs(g - n) / (np.abs(g) + np.abs(n)), rtol=1e-12)
    assert checked.links[0].count == 3


def test_inputs_that_are_not_scaled_pass_too(rng: np.random.Generator) -> None:
    # Measurements around a thousand: a move of 1e-5 would bend tanh, and the quotient would be no derivative.
    plan = make_plan([3, 4, 1], ["tanh", "linear"])
    x, y = random_batch(plan, "mse", rng)
    parameters = random_parameters(plan, rng)
    plan.weights(parameters, 0)[:, 0] *= 1e-3
    checked = check(plan, Rule(loss="mse"), parameters, x * [1000.0, 1.0, 1.0], y)
    assert checked.passed
    assert not any(checked.unresolved)


def test_the_check_computes_in_double_precision_whatever_the_run_does(rng: np.random.Generator) -> None:
    plan = make_plan([2, 3, 1], ["tanh", "linear"])
    x, y = random_batch(plan, "mse", rng)
    checked = check(plan, Rule(loss="mse"), random_parameters(plan, rng).astype(np.float32), x, y)
    assert checked.analytic.dtype == np.float64
    assert checked.passed


def test_progress_is_told_and_may_cancel(rng: np.random.Generator) -> None:
    plan = make_plan([2, 1], ["linear"])
    x, y = random_batch(plan, "mse", rng)
    told: list[tuple[int, int]] = []

    def note(done: int, of: int) -> None:
        told.append((done, of))
        if done == 2:
            raise CancelledError("Stopped.")

    with pytest.raises(CancelledError):
        check(plan, Rule(loss="mse"), random_parameters(plan, rng), x, y, progress=note)
    assert told == [(0, 3), (1, 3), (2, 3)]


def test_every_activation_with_a_kink_is_found_out_by_its_slopes() -> None:
    # A table entry that forgot its kink would make honest checks fail: look for jumps of f and f' at 0.
    h = 1e-7
    z = np.array([[-h], [h]])
    for name in ELEMENTWISE:
        entry = ACTIVATIONS[name]
        first = entry.slope(z, entry.value(z))
        near = np.array([[-2 * h], [-h], [h], [2 * h]])
        slopes = entry.slope(near, entry.value(near)).ravel()
        second = (slopes[1] - slopes[0], slopes[3] - slopes[2])
        jumps = abs(first[1, 0] - first[0, 0]) > 1e-3 or abs(second[1] - second[0]) > 0.5 * h
        assert jumps == (0.0 in entry.kinks), name
