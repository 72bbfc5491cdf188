"""The way back in one pass over the weights makes the reference's steps, and is taken where it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numba import njit

from bpviz.arrays import Array, BoolArray
from bpviz.engine.kernels import codes, machine, shapes
from bpviz.engine.kernels.certainty import BOUNDED, LARGEST_SLOPE
from bpviz.engine.kernels.choice import DEFAULTS, Choice
from bpviz.engine.kernels.nodes import activate
from bpviz.engine.kernels.tiles import LANES
from bpviz.engine.optimizers import OPTIMIZERS
from bpviz.engine.penalties import PENALTIES
from bpviz.engine.plan import Plan
from bpviz.engine.update import Rule
from tests.engine.kernels import Pair, distance, worst_steps
from tests.engine.networks import make_plan, random_batch, random_parameters

NEAR = 1e-10
"""As in `test_kernels`."""

SIZES = (17, 70, 40, 33, 2)
"""More rows and columns than one block of weights has, and not a multiple of either; few outputs."""

HEIGHT = 66
"""Rows of those blocks: whole sixes, not whole tiles, as where blocks are as large as they are."""


@pytest.fixture(autouse=True)
def narrow_panels(choose: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks so small that these networks have several of them, and enough weights."""
    choose(once_weights=0)
    monkeypatch.setattr(shapes, "BLOCK_ROWS", HEIGHT)
    for precision, columns in shapes._PANEL.items():
        monkeypatch.setitem(shapes._PANEL, precision, columns // 4)


def wide_plan(*, frozen: bool = False, dense: bool = False) -> Plan:
    """Three hidden layers, with links that skip one and two of them, and one layer that leads nowhere."""
    rng = np.random.default_rng(4)

    def some(target: int, source: int) -> BoolArray | None:
        return None if dense else np.asarray(rng.uniform(size=(SIZES[target], SIZES[source])) < 0.8)

    pairs = ((0, 1), (1, 2), (1, 3), (2, 4), (1, 4))
    links = {(s, t): some(t, s) for s, t in pairs}
    plan = make_plan(SIZES, ("tanh",) * (len(SIZES) - 1), links)
    return (
        Plan(plan.layers, plan.links, plan.trainable & (rng.uniform(size=plan.size) < 0.7))
        if frozen
        else plan
    )


def wide_pair(plan: Plan, size: int = 9, **settings: Any) -> tuple[Pair, Array]:
    """A run of it, and start values; the last batch of an epoch is short."""
    rng = np.random.default_rng(5)
    x, y = random_batch(plan, "half_squared", rng, examples=23)
    rule = Rule(examples=23, **settings)
    return Pair(plan, rule, x, y, "blocks", size=size, rate=0.01), random_parameters(plan, rng, 0.2)


@pytest.mark.parametrize("frozen", [False, True], ids=["all learn", "some frozen"])
@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_and_penalty_steps_like_the_reference(
    optimizer: str, penalty: str, frozen: bool
) -> None:
    plan = wide_plan(frozen=frozen)
    pair, parameters = wide_pair(plan, optimizer=optimizer, penalty=penalty, penalty_rate=0.3)
    by_sign = optimizer == "rprop" or penalty.endswith("l1")
    assert worst_steps(pair, parameters, 12, by_sign=by_sign)["blocks"] < NEAR


again = pytest.mark.parametrize("again", [0, 10**6], ids=["kept", "made again"])
"""Whether a gradient that is asked for as a whole is written, or made twice."""


@again
@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_clipped_step_is_like_the_reference(
    optimizer: str, penalty: str, again: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "_AGAIN_ROWS", again)
    plan = wide_plan(frozen=True)
    pair, parameters = wide_pair(plan, optimizer=optimizer, penalty=penalty, penalty_rate=0.3, clip_norm=0.1)
    assert pair.reference(pair.begun(parameters)).clip_scale < 1
    by_sign = optimizer == "rprop" or penalty.endswith("l1")
    assert worst_steps(pair, parameters, 12, by_sign=by_sign)["blocks"] < NEAR


@again
def test_clipped_steps_leave_the_same_bits_in_whatever_slices(
    again: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "_AGAIN_ROWS", again)
    pair, parameters = wide_pair(wide_plan(), optimizer="adam", clip_norm=0.1)
    assert_slices_leave_the_same_bits(pair, parameters)


@again
@pytest.mark.parametrize("once", [0, 10**9], ids=["block by block", "products of whole matrices"])
def test_a_batch_in_pieces_steps_like_the_reference(
    once: int, again: int, monkeypatch: pytest.MonkeyPatch, choose: Callable[..., None]
) -> None:
    monkeypatch.setattr(shapes, "_AGAIN_ROWS", again)
    choose(once_weights=once)
    monkeypatch.setattr(shapes, "_VALUES", 1)
    for clip_norm in (None, 0.1):
        pair, parameters = wide_pair(wide_plan(), 23, optimizer="momentum", clip_norm=clip_norm)
        assert worst_steps(pair, parameters, 12)["blocks"] < NEAR


@pytest.mark.parametrize("joined", [0, 10**9], ids=["joined", "apart"])
def test_products_of_whole_matrices_step_like_the_reference_joined_with_the_update_or_not(
    joined: int, monkeypatch: pytest.MonkeyPatch, choose: Callable[..., None]
) -> None:
    choose(once_weights=10**9)
    monkeypatch.setattr(shapes, "_JOINED", joined)
    pair, parameters = wide_pair(wide_plan(), optimizer="adam", penalty="l2", penalty_rate=0.3)
    assert worst_steps(pair, parameters, 12)["blocks"] < NEAR
    assert_slices_leave_the_same_bits(pair, parameters)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
def test_free_steps_stay_with_the_reference(optimizer: str) -> None:
    pair, parameters = wide_pair(wide_plan(), optimizer=optimizer)
    result, state = pair.run(pair.kernel(), pair.begun(parameters), 200), pair.begun(parameters)
    for _ in range(200):
        state = pair.reference(state).after
    assert distance(result.state.parameters, state.parameters) < NEAR
    assert distance(result.state.slots, state.slots) < NEAR


@pytest.mark.parametrize("work", [0, 10**9], ids=["our own", "by BLAS"])
@pytest.mark.parametrize("size", [1, 2, 7, 8, 9, 15, 16, 17, 23])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_batches_of_any_size_step_like_the_reference(
    size: int, precision: str, work: int, choose: Callable[..., None]
) -> None:
    choose(turned_work=work, turned_rows=work)
    pair, parameters = wide_pair(wide_plan(dense=True), size)
    pair.x, pair.y = pair.x.astype(precision), pair.y.astype(precision)
    near = NEAR if precision == "float64" else 2e-5
    assert worst_steps(pair, parameters, 10)["blocks"] < near


@pytest.mark.parametrize("near", [1, 2**19], ids=["in parts", "at once"])
@pytest.mark.parametrize("output", ["softmax", "linear"])
def test_examples_that_are_taken_forward_in_parts_step_like_the_reference(
    output: str, near: int, monkeypatch: pytest.MonkeyPatch, choose: Callable[..., None]
) -> None:
    choose(turned_work=0, turned_rows=0)
    monkeypatch.setattr(shapes, "_NEAR", near)
    loss = "categorical_cross_entropy" if output == "softmax" else "mse"
    plan = make_plan((17, 70, 40, 3), (("tanh",) * 30 + ("relu",) * 40, "sigmoid", output))
    rng = np.random.default_rng(5)
    x, y = random_batch(plan, loss, rng, examples=75)
    pair = Pair(plan, Rule(examples=75, loss=loss), x, y, "blocks", size=75, rate=0.01)
    parameters = random_parameters(plan, rng, 0.2)
    assert worst_steps(pair, parameters, 12)["blocks"] < NEAR
    assert_slices_leave_the_same_bits(pair, parameters)
    kernel = pair.kernel()
    pair.run(kernel, pair.begun(parameters), 1)
    assert isinstance(kernel._shape, shapes.Matrices)
    assert (kernel._shape._net.near < 75).tolist() == [False, near == 1, near == 1, False]


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_wide_layers_that_are_activated_a_few_examples_at_a_time_step_like_the_reference(
    precision: str, choose: Callable[..., None]
) -> None:
    choose(turned_work=0, turned_rows=0)
    plan = make_plan((3, 1100, 20), (("gelu",) * 600 + ("relu",) * 500, "linear"))
    rng = np.random.default_rng(5)
    x, y = random_batch(plan, "mse", rng, examples=40)
    pair = Pair(plan, Rule(examples=40, loss="mse"), x, y, "blocks", size=40, rate=0.01)
    pair.x, pair.y = pair.x.astype(precision), pair.y.astype(precision)
    near = NEAR if precision == "float64" else 2e-5
    assert worst_steps(pair, random_parameters(plan, rng, 0.2), 3)["blocks"] < near


def assert_slices_leave_the_same_bits(pair: Pair, parameters: Array) -> None:
    """Twenty steps at once and in four calls: the same parameters, and the same records."""
    kernel, whole, parts = pair.kernel(), pair.tables(), pair.tables()
    state = pair.begun(parameters)
    expected = kernel.run(state, pair.stream(0), whole, 20, 0.0)
    done = 0
    for steps in (1, 2, 7, 10):
        parts = replace(parts, step_records=done, node_records=done)
        state = kernel.run(state, pair.stream(done), parts, steps, 0.0).state
        done += steps
    assert expected.steps == done
    np.testing.assert_array_equal(state.parameters, expected.state.parameters)
    np.testing.assert_array_equal(parts.total, whole.total)


def gradient_after_a_step(pair: Pair, parameters: Array) -> Array:
    """What a kernel has of the gradient of the weights once a step is made: nothing, if never as a whole.

    Those of the outputs are so few that they are always made as a whole.
    """
    kernel = pair.kernel()
    assert pair.run(kernel, pair.begun(parameters), 1).steps == 1
    assert isinstance(kernel._shape, shapes.Matrices)
    inner = pair.plan.weight_slices[pair.plan.incoming[len(SIZES) - 1][0]].start
    written: Array = kernel._shape._gradient[:inner]
    return written


def test_the_gradient_is_only_written_where_it_is_asked_for_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pair, parameters = wide_pair(wide_plan())
    assert not gradient_after_a_step(pair, parameters).any()
    clipped = replace(pair, rule=replace(pair.rule, clip_norm=0.5))
    assert not gradient_after_a_step(clipped, parameters).any()
    monkeypatch.setattr(shapes, "_AGAIN_ROWS", 0)
    assert gradient_after_a_step(clipped, parameters).any()
    # What can't be certain before the gradient is known is found out step by step.
    monkeypatch.setitem(machine.LIMITS, "float64", 2.0 * float(np.square(parameters).sum()))
    assert gradient_after_a_step(pair, parameters).any()


activated = njit(lambda code, z, a, slope: activate(code, z, a, slope, 0, z.size))


def activations_far_out(name: str, precision: str) -> tuple[Array, Array]:
    """Activations and slopes of numbers near and far, the ends and NaN among them; NaN comes last."""
    info = np.finfo(precision)
    far = 2.0 ** np.linspace(info.minexp, info.maxexp - 1, 4000)
    ends = [0.0, -0.0, info.max, info.min, np.inf, -np.inf]
    z = np.concatenate([np.linspace(-40, 40, 8096), far, -far, ends])
    z = np.append(z, np.full(-len(z) % LANES, np.nan)).astype(precision)
    a, slope = np.zeros_like(z), np.zeros_like(z)
    activated(codes.ACTIVATIONS[name], z, a, slope)
    return a, slope


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", sorted(codes.ACTIVATIONS.keys() - {"softmax"}))
def test_activations_that_are_not_looked_at_stay_within_1_for_all_that_is_finite(
    name: str, precision: str
) -> None:
    a, _ = activations_far_out(name, precision)
    if codes.ACTIVATIONS[name] in BOUNDED:
        assert np.nanmax(np.abs(a)) <= 2**0.5
    else:
        assert np.nanmax(np.abs(a)) > 2**0.5  # all that could be spared are


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("name", sorted(codes.ACTIVATIONS.keys() - {"softmax"}))
def test_where_an_activation_is_finite_its_slope_is_within_what_steps_are_bounded_by(
    name: str, precision: str
) -> None:
    a, slope = activations_far_out(name, precision)
    assert not np.isfinite(a[-1])
    assert np.abs(slope[np.isfinite(a)]).max() <= LARGEST_SLOPE


@pytest.mark.parametrize("factor", [1.5, 10.0, 1e3, 1e6])
def test_slices_leave_the_same_bits_whichever_way_each_step_went(
    factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, parameters = wide_pair(wide_plan(), optimizer="adam")
    limit = factor * float(np.square(parameters).sum())
    monkeypatch.setitem(machine.LIMITS, "float64", limit)
    assert_slices_leave_the_same_bits(pair, parameters)


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e250])
@pytest.mark.parametrize("place", [0, -1, 250])
@pytest.mark.parametrize("clip_norm", [None, 0.1])
def test_no_weight_has_moved_when_a_step_is_refused(
    number: float, place: int, clip_norm: float | None
) -> None:
    pair, parameters = wide_pair(wide_plan(dense=True), clip_norm=clip_norm)
    parameters[place] = number
    result = pair.run(pair.kernel(), pair.begun(parameters), 5)
    assert (result.steps, result.unsafe) == (0, True)
    np.testing.assert_array_equal(result.state.parameters, parameters)


def test_few_weights_and_long_batches_are_left_to_a_pass_each(choose: Callable[..., None]) -> None:
    pair, parameters = wide_pair(wide_plan())
    choose(once_rows=9)
    assert not gradient_after_a_step(pair, parameters).any()
    choose(once_weights=pair.plan.weight_count + 1)
    assert gradient_after_a_step(pair, parameters).any()
    choose(once_weights=0, once_rows=8)
    assert gradient_after_a_step(pair, parameters).any()
    assert worst_steps(pair, parameters, 10)["blocks"] < NEAR


def test_few_examples_are_carried_forward_by_blas_unless_weights_are_many() -> None:
    plan = make_plan((1000, 600, 100, 20), ("tanh",) * 3)
    for choice in DEFAULTS.values():

        def turned(rows: int, choice: Choice = choice) -> list[bool]:
            return [shapes._way(plan, link, choice, rows).turned for link in plan.links]

        assert turned(1) == turned(8) == [True, False, False]
        assert turned(9) == turned(256) == [True, True, True]
        assert turned(257) == [choice.own(link.present.size, 257) for link in plan.links]


def test_links_of_a_few_nodes_are_left_to_blas() -> None:
    plan = make_plan((15, 600, 100, 10), ("tanh",) * 3)
    for choice in DEFAULTS.values():
        for rows in (1, 32, 257):
            first, _, last = (shapes._way(plan, link, choice, rows) for link in plan.links)
            assert first == last == (False, False, False)
