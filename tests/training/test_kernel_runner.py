from __future__ import annotations

from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpviz.engine.update import State
from bpviz.model.examples import EXAMPLES
from bpviz.model.spec import Project, Stop
from bpviz.training.batches import Batching
from bpviz.training.bins import BinTable
from bpviz.training.kernel_runner import KernelRunner
from bpviz.training.paths import make_runner
from bpviz.training.runner import Progress, ReferenceRunner, Setup
from bpviz.training.session import Session
from tests.training.projects import circle, equal, first_weight, iris, retrained, sine
from tests.training.test_runner import begun

pytestmark = pytest.mark.thorough


def histories_agree(one: Progress, other: Progress) -> bool:
    """Whether two runs recorded the same, but for the rounding of other orders of summation."""
    first, second = one.history.arrays(), other.history.arrays()
    return all(np.allclose(first[name], second[name], rtol=1e-9, atol=1e-12) for name in first)


@pytest.mark.parametrize("last_batch", ["keep", "carry over"])
@pytest.mark.parametrize("shuffle", ["each epoch", "never"])
def test_a_run_goes_where_the_reference_goes(shuffle: str, last_batch: str) -> None:
    setup, here = begun(shuffle=shuffle, last_batch=last_batch)
    _, there = begun(shuffle=shuffle, last_batch=last_batch)
    KernelRunner(setup).advance(here, 700, 0.0)
    ReferenceRunner(setup).advance(there, 700, 0.0)
    np.testing.assert_allclose(here.state.parameters, there.state.parameters, rtol=1e-9)
    assert here.batch_loss == pytest.approx(there.batch_loss, rel=1e-9)
    assert (here.batches.epoch, here.batches.position) == (there.batches.epoch, there.batches.position)
    np.testing.assert_array_equal(here.batches.indices, there.batches.indices)
    np.testing.assert_array_equal(here.batches.carried, there.batches.carried)
    assert histories_agree(here, there)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=12))
def test_slices_change_no_bit(slices: list[int]) -> None:
    setup, parts = begun(optimizer="adam", penalty="l1", penalty_rate=0.1)
    _, whole = begun(optimizer="adam", penalty="l1", penalty_rate=0.1)
    runner = KernelRunner(setup)
    for steps in slices:
        assert runner.advance(parts, steps, 0.0).steps == steps
    runner.advance(whole, sum(slices), 0.0)
    np.testing.assert_array_equal(parts.state.parameters, whole.state.parameters)
    np.testing.assert_array_equal(parts.state.slots, whole.state.slots)
    first, second = parts.history.arrays(), whole.history.arrays()
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_a_batch_size_set_in_mid_epoch_counts_from_the_next_one() -> None:
    setup, here = begun()
    _, there = begun()
    for progress, runner in ((here, KernelRunner(setup)), (there, ReferenceRunner(setup))):
        runner.advance(progress, 1, 0.0)
        progress.batches.follow(Batching(4, shuffled=True, carries_over=True))
        runner.advance(progress, 40, 0.0)
    np.testing.assert_allclose(here.state.parameters, there.state.parameters, rtol=1e-10)
    assert here.batches.batching == Batching(4, shuffled=True, carries_over=True)
    np.testing.assert_array_equal(here.batches.carried, there.batches.carried)


def test_a_divergence_is_located_and_the_state_before_it_stays() -> None:
    runs = Session(sine(learning_rate=30.0), path="kernel"), Session(sine(learning_rate=30.0))
    for run in runs:
        run.advance(2000)
        assert run.step < 2000
        assert np.isfinite(run.parameters).all()
    assert runs[0].stopped is not None
    assert "left the finite numbers" in runs[0].stopped
    assert (runs[0].stopped, runs[0].step) == (runs[1].stopped, runs[1].step)


def test_steps_among_enormous_numbers_are_made_by_the_reference() -> None:
    setup, here = begun(penalty="none")
    here.state = State(0, here.state.parameters * 1e120, here.state.slots)
    outcome = KernelRunner(setup).advance(here, 3, 0.0)
    assert outcome.steps == here.state.step == here.history.steps.records == 3


def test_a_small_gradient_ends_the_call() -> None:
    setup, progress = begun()
    outcome = KernelRunner(setup).advance(progress, 50, 1e9)
    assert (outcome.steps, outcome.small_gradient, progress.state.step) == (1, True, 1)


def test_a_penalty_too_strong_for_kernels_is_left_to_the_reference() -> None:
    project = circle(penalty="playground_l2", penalty_rate=1e9, learning_rate=1e-12)
    one, other = Session(project, path="kernel"), Session(project)
    one.advance(20)
    other.advance(20)
    np.testing.assert_array_equal(one.parameters, other.parameters)


def test_what_kernels_do_not_know_is_left_to_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpviz.engine.kernels.codes.LOSSES", {})
    setup, here = begun()
    _, there = begun()
    make_runner("kernel", setup).advance(here, 5, 0.0)
    ReferenceRunner(setup).advance(there, 5, 0.0)
    np.testing.assert_array_equal(here.state.parameters, there.state.parameters)


def test_a_run_is_handed_over_between_two_steps_and_says_so() -> None:
    session, reference = Session(circle(optimizer="momentum")), Session(circle(optimizer="momentum"))
    session.advance(10)
    session.hand_over("kernel")
    session.advance(200)
    reference.advance(210)
    assert (session.path, session.events[-1].step, session.events[-1].kind) == ("kernel", 10, "path")
    np.testing.assert_allclose(session.parameters, reference.parameters, rtol=1e-9)


def test_a_run_goes_on_from_a_saved_one_bit_for_bit() -> None:
    whole = Session(iris(optimizer="adam"), path="kernel")
    whole.advance(137)
    begun_run = Session(iris(optimizer="adam"), path="kernel")
    begun_run.advance(64)
    resumed = Session(iris(optimizer="adam"), state=begun_run.state(), path="kernel")
    resumed.advance(73)
    assert equal(whole.state(), resumed.state())


def test_edits_and_values_set_by_hand_reach_the_kernel() -> None:
    project = circle()
    sessions = Session(project, path="kernel"), Session(project)
    for session in sessions:
        session.advance(5)
        session.set_value(first_weight(project), 0.75)
        session.advance(5)
        assert session.follow(retrained(project, learning_rate=0.2, penalty="l2", penalty_rate=0.5))
        session.advance(5)
    np.testing.assert_allclose(sessions[0].parameters, sessions[1].parameters, rtol=1e-10)


def test_what_a_session_handed_out_never_changes() -> None:
    session = Session(circle(5, 4), path="kernel")
    session.advance(3)
    seen = session.parameters
    copy = seen.copy()
    session.advance(50)
    np.testing.assert_array_equal(seen, copy)


def test_single_precision_stays_single() -> None:
    session = Session(circle(precision="float32"), path="kernel")
    session.advance(100)
    assert session.parameters.dtype == np.float32
    assert np.isfinite(session.metrics.train_loss)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize(
    "project",
    [
        iris(),
        circle(penalty="l2", penalty_rate=0.3),
        sine(),
        circle(train_share=1.0, penalty="l1", samples=30),
        circle(40, 30, penalty="l2", penalty_rate=0.3),
        EXAMPLES["digits"].build(),
    ],
    ids=["classes", "one output", "numbers", "no test part", "matrices", "classes by matrices"],
)
def test_at_ends_of_epochs_a_kernel_measures_what_the_reference_measures(
    project: Project, precision: str
) -> None:
    project = retrained(project, precision=precision)
    session = Session(project, path="kernel")
    seen: list[tuple[float | None, float | None]] = []
    for _ in range(4):
        session.advance(session.steps_per_epoch)
        measured, exact = astuple(session.metrics), astuple(session.evaluate())
        assert [number is None for number in measured] == [number is None for number in exact]
        seen += zip(measured, exact, strict=True)
    pairs = [(one, other) for one, other in seen if one is not None]
    one, other = np.array(pairs).T
    np.testing.assert_allclose(one, other, rtol=1e-12 if precision == "float64" else 1e-5)


def test_measuring_does_not_depend_on_slices_also_when_its_bins_merge() -> None:
    whole, parts = Session(circle(), path="kernel"), Session(circle(), path="kernel")
    whole.advance(9001 * 3)
    for steps in (1, 3, 6142, 2, 12_288, 567, 3000):
        parts.advance(steps)
    parts.advance(whole.step - parts.step)
    assert whole._progress.history.epochs.stride == 8
    assert equal(whole.state(), parts.state())


def test_epochs_are_measured_as_often_as_on_the_reference_path() -> None:
    sessions = Session(circle(), path="kernel"), Session(circle())
    for session in sessions:
        session._progress.history.epochs = BinTable(session.history.epochs.names, 8)
        session.advance(50)
        session.advance(27 * 3 - 50)
    kernel, reference = (session._progress.history.epochs.arrays() for session in sessions)
    for name in reference:
        np.testing.assert_allclose(kernel[name], reference[name], rtol=1e-9, err_msg=name)
    assert sessions[0].metrics.train_loss == pytest.approx(sessions[1].metrics.train_loss, rel=1e-9)


def test_rules_that_watch_epochs_are_left_to_the_session() -> None:
    session = Session(circle(stop=Stop(target_loss=0.1, epochs=2000)), path="kernel")
    reference = Session(circle(stop=Stop(target_loss=0.1, epochs=2000)))
    session.advance(10_000)
    reference.advance(10_000)
    assert session.stopped is not None
    assert (session.stopped, session.step) == (reference.stopped, reference.step)


def test_setups_are_not_changed_by_running() -> None:
    setup, progress = begun()
    x = setup.x.copy()
    KernelRunner(replace_setup(setup)).advance(progress, 20, 0.0)
    np.testing.assert_array_equal(setup.x, x)


def replace_setup(setup: Setup) -> Setup:
    """The same with arrays that can't be written to."""
    x, y = setup.x.copy(), setup.y.copy()
    x.flags.writeable = y.flags.writeable = False
    return replace(setup, x=x, y=y)
