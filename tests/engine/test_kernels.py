"""The compiled path makes the reference's steps, for every entry of the tables and any network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.arrays import Array, BoolArray
from bpviz.engine.activations import ACTIVATIONS
from bpviz.engine.kernels import codes
from bpviz.engine.kernels.choice import DEFAULTS
from bpviz.engine.kernels.engine import PROGRAMS, program_for
from bpviz.engine.kernels.layout import DRAWN
from bpviz.engine.losses import LOSSES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.order import order
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.plan import Plan
from bpviz.engine.schedules import SCHEDULES
from bpviz.engine.update import Rule, layer_norms, node_means, penalty_cost, update_ratios
from tests.engine.kernels import SHAPES, STATES, Pair, distance, worst_steps
from tests.engine.networks import (
    ELEMENTWISE,
    cases,
    legal_outputs,
    make_plan,
    random_batch,
    random_parameters,
)

NEAR = 1e-10
"""Of a vector's norm: as near as float64 lets two orders of summation come, and some."""

NEAR_SINGLE = 2e-5
"""Likewise of float32: some units in the last place of numbers around 1, for sums of a few dozen terms."""

both_shapes = pytest.mark.parametrize("shape", SHAPES)


def masked_plan(hidden: str = "tanh", output: str = "tanh", outputs: int = 3) -> Plan:
    """Two hidden layers with removed pairs, and a link that skips the second one."""
    rng = np.random.default_rng(1)

    def some(*shape: int) -> BoolArray:
        return np.asarray(rng.uniform(size=shape) < 0.7)

    links: Mapping[tuple[int, int], BoolArray | None] = {
        (0, 1): some(5, 3),
        (1, 2): some(4, 5),
        (1, 3): some(outputs, 5),
        (2, 3): None,
    }
    return make_plan((3, 5, 4, outputs), (hidden, hidden, output), links)


def mixed_plan(loss: str) -> Plan:
    """Every activation in one hidden layer, and side by side at the outputs those that the loss allows."""
    rng = np.random.default_rng(1)
    count = len(ELEMENTWISE)
    allowed = legal_outputs(loss)
    output = allowed * 3 if len(allowed) == 1 else allowed
    sizes = (3, count, 4, len(output))
    links: Mapping[tuple[int, int], BoolArray | None] = {
        (s, t): np.asarray(rng.uniform(size=(sizes[t], sizes[s])) < 0.7)
        for s, t in ((0, 1), (1, 2), (1, 3), (2, 3))
    }
    return make_plan(sizes, (tuple(ELEMENTWISE), "tanh", tuple(output)), links)


def pair_of(
    plan: Plan, shape: str = "links", loss: str = "half_squared", **fields: Any
) -> tuple[Pair, Array]:
    """A run on random examples, five batches an epoch of which the last is short, and start values."""
    rng = np.random.default_rng(7)
    x, y = random_batch(plan, loss, rng, examples=23)
    rule = fields.pop("rule", Rule(loss=loss, examples=23))
    return Pair(plan, rule, x, y, shape, **fields), random_parameters(plan, rng, 0.5)


def one_to_one(examples: int, size: int) -> tuple[Pair, Array]:
    """A run of one weight and one bias, and start values."""
    x = np.linspace(-1, 1, examples)[:, None]
    plan, parameters = passing_on(1, "tanh")
    return Pair(plan, Rule("half_squared"), x, x, size=size), parameters


def counts_by_sign(rule: Rule) -> bool:
    """Whether a parameter moves by the sign of its gradient, however small that is."""
    return rule.optimizer == "rprop" or rule.loss == "mae" or rule.penalty.endswith("l1")


@pytest.mark.parametrize("activation", ELEMENTWISE)
def test_every_activation_steps_like_the_reference(activation: str) -> None:
    pair, parameters = pair_of(masked_plan(activation))
    assert max(worst_steps(pair, parameters).values()) < NEAR


@pytest.mark.parametrize(
    ("loss", "output"), [(loss, output) for loss in LOSSES for output in legal_outputs(loss)]
)
def test_every_legal_loss_and_output_steps_like_the_reference(loss: str, output: str) -> None:
    pair, parameters = pair_of(masked_plan(output=output), loss=loss)
    assert max(worst_steps(pair, parameters).values()) < NEAR


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_combination_of_the_tables_steps_like_the_reference(
    optimizer: str, penalty: str, loss: str
) -> None:
    # All activations take part, hidden and at the outputs, so that this is the whole product of the tables.
    rule = Rule(loss=loss, optimizer=optimizer, penalty=penalty, penalty_rate=0.3, clip_norm=0.5, examples=23)
    pair, parameters = pair_of(mixed_plan(loss), loss=loss, rule=rule, rate=0.01)
    assert max(worst_steps(pair, parameters, by_sign=counts_by_sign(rule)).values()) < NEAR


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_sets_the_same_pace(schedule: str) -> None:
    pair, parameters = pair_of(masked_plan(), schedule=schedule, warmup=2.5)
    short = {"every": 1.5, "epochs": 6.0}
    pair.options = {
        option.name: short.get(option.name, option.default) for option in SCHEDULES[schedule].options
    }
    assert max(worst_steps(pair, parameters).values()) < NEAR


@both_shapes
@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_two_hundred_free_steps_stay_together(shape: str, optimizer: str) -> None:
    pair, parameters = pair_of(masked_plan(), shape, rule=Rule(optimizer=optimizer, examples=23), rate=0.01)
    result = pair.run(pair.kernel(), pair.begun(parameters), STATES)
    state = pair.begun(parameters)
    for _ in range(STATES):
        state = pair.reference(state).after
    assert result.state.step == STATES
    assert distance(result.state.parameters, state.parameters) < NEAR


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_what_is_frozen_neither_moves_nor_remembers(optimizer: str) -> None:
    plan = masked_plan()
    rng = np.random.default_rng(2)
    plan = Plan(plan.layers, plan.links, plan.trainable & (rng.uniform(size=plan.size) < 0.6))
    rule = Rule(optimizer=optimizer, penalty="l2", penalty_rate=0.3, clip_norm=0.5, examples=23)
    pair, parameters = pair_of(plan, rule=rule)
    assert max(worst_steps(pair, parameters, by_sign=counts_by_sign(rule)).values()) < NEAR
    for shape in SHAPES:
        after = pair.run(pair.kernel(shape), pair.begun(parameters), 30).state
        np.testing.assert_array_equal(after.parameters[~plan.trainable], parameters[~plan.trainable])
        assert not after.slots[:, ~plan.trainable].any()


@given(case=cases(), optimizer=st.sampled_from(list(OPTIMIZERS)), penalty=st.sampled_from(list(PENALTIES)))
@settings(max_examples=60)
def test_any_drawing_steps_like_the_reference(
    case: tuple[Plan, str, Array, Array, Array], optimizer: str, penalty: str
) -> None:
    plan, loss, parameters, x, y = case
    rule = Rule(
        loss=loss, optimizer=optimizer, penalty=penalty, penalty_rate=0.1, clip_norm=1.0, examples=len(x)
    )
    pair = Pair(plan, rule, x, y, size=2, rate=0.01)
    assert max(worst_steps(pair, parameters, by_sign=counts_by_sign(rule)).values()) < NEAR


@pytest.mark.parametrize("examples", [1, 2, DRAWN - 1, DRAWN, DRAWN + 1, DRAWN + 2, 2 * DRAWN + 1, 1000])
def test_the_order_of_an_epoch_is_that_of_the_reference(examples: int) -> None:
    pair, parameters = one_to_one(examples, size=examples)
    result = pair.run(pair.kernel(), pair.begun(parameters), 3)
    assert result.stream.epoch == 3
    np.testing.assert_array_equal(result.stream.indices, order(pair.seed, 3, examples))


def test_batches_laid_out_ahead_are_those_laid_out_one_at_a_time() -> None:
    pair, parameters = one_to_one(1000, size=5)
    kernel = pair.kernel()
    state = pair.begun(parameters)
    for _ in range(210):  # more than are laid out together, and into the next epoch
        state = pair.run(kernel, state, 1).state
    np.testing.assert_array_equal(
        pair.run(kernel, pair.begun(parameters), 210).state.parameters, state.parameters
    )


def test_batches_of_any_size_step_like_the_reference() -> None:
    plan = masked_plan()
    for size in (1, 2, 15, 16, 17, 23):
        pair, parameters = pair_of(plan, size=size)
        assert max(worst_steps(pair, parameters).values()) < NEAR


def test_a_batch_longer_than_the_room_is_taken_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpviz.engine.kernels.shapes._VALUES", 1)
    pair, parameters = pair_of(masked_plan(), size=23)
    assert max(worst_steps(pair, parameters).values()) < NEAR


@pytest.mark.parametrize("most", [0, 10**6], ids=["by BLAS", "our own"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("sizes", [(5, 70, 33, 10), (40, 16, 48, 3), (17, 31, 1)])
def test_layers_of_any_width_step_like_the_reference(
    sizes: tuple[int, ...], precision: str, most: int, choose: Callable[..., None]
) -> None:
    # Widths around one, two and four registers of every machine, and batches around the rows of a block.
    choose(own_pairs=most, own_rows=1, once_rows=0)
    plan = make_plan(sizes, ("tanh",) * (len(sizes) - 1))
    for size in (1, 7, 8, 9, 23):
        pair, parameters = pair_of(plan, size=size)
        pair.x, pair.y = pair.x.astype(precision), pair.y.astype(precision)
        near = NEAR if precision == "float64" else NEAR_SINGLE
        assert max(worst_steps(pair, parameters / 4, 10).values()) < near


def test_few_examples_and_many_pairs_are_left_to_blas() -> None:
    pairs = (800 * 700, 700 * 100, 100 * 3)
    single, double = DEFAULTS["float32"], DEFAULTS["float64"]
    for choice in (single, double):
        assert [choice.own(count, 32) for count in pairs] == [False, True, True]
    assert [double.own(count, 4) for count in pairs] == [False, False, False]
    assert [single.own(count, 4) for count in pairs] == [False, True, True]


@pytest.mark.parametrize("loss", LOSSES)
def test_single_precision_is_near_the_reference_in_single_precision(loss: str) -> None:
    rule = Rule(loss=loss, optimizer="adam", penalty="l2", penalty_rate=0.1, examples=23)
    pair, parameters = pair_of(mixed_plan(loss), loss=loss, rule=rule, rate=0.01)
    pair.x, pair.y = pair.x.astype(np.float32), pair.y.astype(np.float32)
    for shape in SHAPES:
        result = pair.run(pair.kernel(shape), pair.begun(parameters), 1)
        assert result.state.parameters.dtype == result.state.slots.dtype == np.float32
    assert max(worst_steps(pair, parameters).values()) < NEAR_SINGLE


@both_shapes
def test_records_are_those_of_the_reference(shape: str) -> None:
    rule = Rule(optimizer="momentum", penalty="l2", penalty_rate=0.3, examples=23)
    pair, parameters = pair_of(masked_plan(), shape, rule=rule)
    state, tables = pair.begun(parameters), pair.tables()
    pair.kernel().run(state, pair.stream(0), tables, 12, 0.0)
    for at in range(12):
        made = pair.reference(state)
        loss = made.trace.mean_loss
        cost = loss + penalty_cost(pair.plan, rule, state.parameters)
        norms = layer_norms(pair.plan, made.trace.gradient)
        ratios = update_ratios(pair.plan, made.change, state.parameters)
        row = [loss, cost, *norms, *ratios]
        for table in (tables.total, tables.low, tables.high, tables.last):
            np.testing.assert_allclose(table[at], row, rtol=1e-9)
        np.testing.assert_allclose(tables.node_total[at], np.concatenate(node_means(made.trace)), atol=1e-12)
        state = made.after


@both_shapes
def test_bins_are_the_same_in_whatever_slices_a_run_is_made(shape: str) -> None:
    pair, parameters = pair_of(masked_plan(), shape, rule=Rule(optimizer="adam", examples=23))
    kernel = pair.kernel()
    whole = replace(pair.tables(), step_stride=8, node_stride=16)
    expected = kernel.run(pair.begun(parameters), pair.stream(0), whole, 150, 0.0)
    parts, state, done = replace(pair.tables(), step_stride=8, node_stride=16), pair.begun(parameters), 0
    for steps in (1, 2, 7, 64, 1, 75):
        parts = replace(parts, step_records=done, node_records=done)
        result = kernel.run(state, pair.stream(done), parts, steps, 0.0)
        state, done = result.state, done + steps
    np.testing.assert_array_equal(state.parameters, expected.state.parameters)
    np.testing.assert_array_equal(state.slots, expected.state.slots)
    for name in ("total", "low", "high", "last", "node_total"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name))


@both_shapes
def test_a_call_ends_after_a_step_with_a_small_gradient(shape: str) -> None:
    pair, parameters = pair_of(masked_plan(), shape)
    result = pair.run(pair.kernel(), pair.begun(parameters), 50, least_norm=1e9)
    assert (result.steps, result.small_gradient, result.unsafe) == (1, True, False)


@both_shapes
@pytest.mark.parametrize("number", [np.nan, np.inf, 1e250])
def test_a_step_that_might_leave_the_finite_numbers_is_not_made(shape: str, number: float) -> None:
    pair, parameters = pair_of(masked_plan(), shape)
    state = pair.begun(parameters)
    state.parameters[0] = number
    before, tables = state.parameters.copy(), pair.tables()
    result = pair.kernel().run(state, pair.stream(0), tables, 5, 0.0)
    assert (result.steps, result.unsafe) == (0, True)
    np.testing.assert_array_equal(state.parameters, before)
    np.testing.assert_array_equal(result.state.parameters, before)
    assert not tables.total.any()


def test_a_state_that_goes_in_stays_as_it_is() -> None:
    for shape in SHAPES:
        pair, parameters = pair_of(masked_plan(), shape, rule=Rule(optimizer="adam", examples=23))
        state = pair.begun(parameters)
        state.parameters.flags.writeable = state.slots.flags.writeable = False
        pair.run(pair.kernel(), state, 5)
        np.testing.assert_array_equal(state.parameters, pair.begun(parameters).parameters)


def test_every_entry_of_the_tables_has_a_number() -> None:
    tables = (
        (codes.ACTIVATIONS, ACTIVATIONS),
        (codes.LOSSES, LOSSES),
        (codes.PENALTIES, PENALTIES),
        (codes.OPTIMIZERS, OPTIMIZERS),
        (codes.SCHEDULES, SCHEDULES),
    )
    for known, table in tables:
        assert set(known) == set(table)
    plan = masked_plan()
    assert codes.missing(plan, Rule(), "constant") is None
    assert codes.missing(plan, Rule(), "tomorrow's schedule") == "tomorrow's schedule"


def test_small_networks_are_lists_of_links_and_wide_ones_matrices() -> None:
    assert program_for(masked_plan(), "float64") == "links float64"
    wide = make_plan((64, 128, 10), ("relu", "softmax"))
    assert program_for(wide, "float32") == "blocks float32"
    assert len(PROGRAMS) == 4


def passing_on(outputs: int, activation: str) -> tuple[Plan, Array]:
    """A network whose outputs get the inputs as they are, and its parameters."""
    plan = make_plan((outputs, outputs), (activation,))
    return plan, np.concatenate([np.eye(outputs).ravel(), np.zeros(outputs)])


@both_shapes
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize(
    ("loss", "activation", "z", "y"),
    [
        ("categorical_cross_entropy", "softmax", [36.0, 0.0], [1.0, 0.0]),
        ("categorical_cross_entropy", "softmax", [0.0, 36.0], [0.0, 1.0]),
        ("categorical_cross_entropy", "softmax", [-3.0, 60.0, 0.0], [0.0, 1.0, 0.0]),
        ("categorical_cross_entropy", "softmax", [5.0, 5.0, 5.0], [0.0, 0.0, 1.0]),
        ("categorical_cross_entropy", "softmax", [0.0, 3.0, 3.5, 1.0], [0.0, 0.0, 0.0, 1.0]),
        ("binary_cross_entropy", "sigmoid", [36.0, -36.0], [1.0, 0.0]),
        ("binary_cross_entropy", "sigmoid", [60.0, -60.0], [0.0, 0.0]),
    ],
)
def test_the_loss_of_a_sure_output_keeps_its_digits(
    shape: str, dtype: type, loss: str, activation: str, z: list[float], y: list[float]
) -> None:
    plan, parameters = passing_on(len(z), activation)
    x: Array = np.array([z], dtype=dtype)
    pair = Pair(plan, Rule(loss=loss), x, np.array([y], dtype=dtype), shape, size=1)
    found = pair.run(pair.kernel(), pair.begun(parameters), 1)
    expected = pair.reference(pair.begun(parameters)).trace.mean_loss
    assert found.loss > 0
    assert found.loss == pytest.approx(expected, rel=8 * float(np.finfo(dtype).eps), abs=0)


@both_shapes
@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_outputs_that_are_no_numbers_hit_no_class(shape: str, outputs: int) -> None:
    # Of each second example in the test part z overflows, and the sine of that is NaN; the last output stays.
    plan = make_plan((1, outputs), (("sine",) * max(1, outputs - 1) + ("linear",) * (outputs > 1),))
    weights = np.full(outputs, 1e10)
    weights[1:][-1:] = 0
    parameters = np.concatenate([weights, np.zeros(outputs)])
    y = np.eye(outputs)[[0, 0, outputs - 1, outputs - 1]] if outputs > 1 else np.array([[1.0], [0], [1], [0]])
    pair = Pair(plan, Rule(), np.zeros((4, 1)), y, shape, size=4)
    kernel = pair.kernel()
    kernel.examine(np.array([[1e-10], [1e300]] * 2), y, 0.5)
    tables = pair.tables()
    with np.errstate(over="ignore", invalid="ignore"):
        result = kernel.run(pair.begun(parameters), pair.stream(0), tables, 1, 0.0, look_every=1)
    # Of the other two one is right; a single output says yes to both, and both mean it.
    assert result.looks[0, 4] == (0.5 if outputs == 1 else 0.25)


@pytest.mark.parametrize("steps", [1, 3, 10])
def test_a_step_schedule_drops_at_the_same_steps_as_on_the_reference_path(steps: int) -> None:
    plan, parameters = passing_on(2, "linear")
    x = np.ones((steps, 2))
    for every in (0.1, 0.3, 0.7, 1.1):
        options = {"every": every, "factor": 0.9}
        pair = Pair(plan, Rule(), x, 2 * x, size=1, schedule="step", options=options)
        kernel, state = pair.kernel(), pair.begun(parameters)
        for _ in range(100):
            made = pair.reference(state).after
            moved = pair.run(kernel, state, 1).state.parameters - state.parameters
            np.testing.assert_allclose(moved, made.parameters - state.parameters, rtol=1e-9)
            state = replace(state, step=state.step + 1)


@both_shapes
def test_a_loss_too_large_for_a_number_is_infinite(shape: str) -> None:
    plan, parameters = passing_on(1, "linear")
    pair = Pair(plan, Rule(), np.zeros((3, 1)), np.zeros((3, 1)), shape, size=3)
    kernel = pair.kernel()
    kernel.examine(np.array([[0.0], [1.0], [1e300]]), np.zeros((3, 1)), 0.5)
    result = kernel.run(pair.begun(parameters), pair.stream(0), pair.tables(), 1, 0.0, look_every=1)
    assert result.looks[0, 2] == np.inf
