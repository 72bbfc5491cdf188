from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.engine.activations import ACTIVATIONS
from bpviz.errors import BpvizError, ModelError, SettingError
from bpviz.model.edits import (
    add_node,
    connect,
    on_network,
    remove_nodes,
    remove_pairs,
    set_activation,
    set_frozen,
)
from bpviz.model.examples import EXAMPLES
from bpviz.model.problems import network_problems
from bpviz.model.spec import BiasAddress, Project, Start, Stop, WeightAddress
from bpviz.training import paths
from bpviz.training.figures import PLOTS
from bpviz.training.run_state import Event
from bpviz.training.runner import ReferenceRunner
from bpviz.training.series import SERIES
from bpviz.training.session import Session
from bpviz.training.wants import everything
from tests.training.projects import (
    EDITS,
    OPTIMIZERS,
    circle,
    edited,
    equal,
    first_weight,
    iris,
    retrained,
    sine,
)

# Learning


def test_the_spiral_is_learned_from_end_to_end() -> None:
    session = Session(EXAMPLES["spiral"].build())
    first = session.metrics
    session.advance(40 * session.steps_per_epoch)
    assert session.metrics.train_loss < 0.5 * first.train_loss
    assert session.epoch == 40


@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
@settings(max_examples=10)
def test_slices_do_not_change_a_bit(slices: list[int]) -> None:
    project = circle(optimizer="adam", last_batch="carry over", stop=Stop(patience=1000))
    sliced, whole = Session(project), Session(project)
    for steps in slices:
        assert sliced.advance(steps) == steps
    whole.advance(sum(slices))
    assert equal(sliced.state(), whole.state())


def test_the_same_project_gives_the_same_numbers_and_another_seed_others() -> None:
    first, second, other = Session(circle()), Session(circle()), Session(retrained(circle(), seed=8))
    for session in (first, second, other):
        session.advance(30)
    assert equal(first.state(), second.state())
    assert not np.array_equal(first.parameters, other.parameters)


def test_the_batch_size_changes_neither_the_data_nor_the_start() -> None:
    small, large = Session(circle(batch_size=1)), Session(circle(batch_size=None))
    assert np.array_equal(small.prepared.train_x, large.prepared.train_x)
    assert np.array_equal(small.start, large.start)


def test_test_metrics_are_taken_at_the_start_and_at_every_end_of_an_epoch() -> None:
    session = Session(circle())  # 23 examples by 10: three steps an epoch
    session.advance(7)
    bins = session.snapshot(frozenset({"test_loss"})).series["test_loss"]
    assert bins.first.tolist() == [0, 3, 6]
    batches = session.snapshot(frozenset({"batch_loss"})).series["batch_loss"]
    assert batches.first.tolist() == list(range(7))


def test_the_recorded_loss_is_that_of_each_batch_before_its_update() -> None:
    session = Session(circle())
    expected = []
    for _ in range(5):
        expected.append(session.peek().trace.mean_loss)
        session.advance(1)
    assert session.snapshot(frozenset({"batch_loss"})).series["batch_loss"].mean.tolist() == expected
    assert session.snapshot().batch_loss == expected[-1]


def test_records_are_those_of_the_step() -> None:
    session = Session(circle(penalty="l2", penalty_rate=3.0))
    made = session.peek()
    session.advance(1)
    snapshot = session.snapshot(frozenset(SERIES))
    plan = session.compiled.plan
    for at, layer in enumerate(session.compiled.layer_ids[1:], start=1):
        parts = plan.layer_slices(at)
        gradient = np.concatenate([made.trace.gradient[part] for part in parts])
        change = np.concatenate([made.change[part] for part in parts])
        before = np.concatenate([made.before.parameters[part] for part in parts])
        assert snapshot.series[f"gradient/{layer}"].last[0] == pytest.approx(
            np.linalg.norm(gradient), rel=1e-12
        )
        ratio = np.linalg.norm(change) / np.linalg.norm(before)
        assert snapshot.series[f"ratio/{layer}"].last[0] == pytest.approx(ratio, rel=1e-12)
    assert snapshot.nodes is not None
    signed = np.concatenate([delta.mean(axis=0) for delta in made.trace.delta[1:]])
    np.testing.assert_allclose(snapshot.nodes.of("delta")[:, 0], signed, rtol=1e-12)
    weights = made.before.parameters[: plan.weight_count]
    cost = made.trace.mean_loss + 3.0 / (2 * 23) * float(weights @ weights)
    assert snapshot.series["batch_cost"].last[0] == pytest.approx(cost, rel=1e-12)


def test_few_steps_an_epoch_are_not_measured_more_often_than_metrics_are_kept() -> None:
    session = Session(EXAMPLES["mazur"].build())
    session.advance(6000)
    bins = session.snapshot(frozenset({"train_loss"})).series["train_loss"]
    assert len(bins.first) <= 2048
    assert bins.first[0] == 0
    assert bins.last_step[-1] >= 5996  # every fourth epoch is measured by now


def test_mazurs_error_after_ten_thousand_updates() -> None:
    session = Session(EXAMPLES["mazur"].build())
    assert session.metrics.train_loss == pytest.approx(0.298371109, abs=5e-10)
    session.advance(1)
    assert session.evaluate().train_loss == pytest.approx(0.291027774, abs=5e-10)
    session.advance(9999)
    assert session.evaluate().train_loss == pytest.approx(3.5102e-5, rel=1e-4)


@pytest.mark.parametrize("schedule", ["constant", "step", "exponential", "cosine", "inverse"])
def test_a_schedule_counts_in_epochs_of_the_run(schedule: str) -> None:
    session = Session(circle(schedule=schedule, warmup=1.0))
    rates = []
    for _ in range(9):
        rates.append(session.learning_rate)
        assert session.peek().rate == rates[-1]
        session.advance(1)
    assert rates[0] == pytest.approx(0.03 / 3)
    assert rates[:3] == sorted(rates[:3])
    assert all(later <= sooner for sooner, later in pairwise(rates[2:]))


def test_single_precision_is_the_runs_type_alone() -> None:
    session = Session(circle(precision="float32", optimizer="adam"))
    session.advance(20)
    state = session.state()
    assert {array.dtype.name for array in (state.parameters, state.start, state.slots)} == {"float32"}
    assert session.peek().trace.gradient.dtype == np.float64
    assert session.outputs(session.prepared.dataset.inputs).dtype == np.float64
    double = Session(circle(optimizer="adam"))
    double.advance(20)
    np.testing.assert_allclose(session.parameters, double.parameters, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "project", [circle(), iris(), sine()], ids=["two classes", "three classes", "number"]
)
def test_outputs_of_raw_data_are_what_the_metrics_were_measured_on(project: Project) -> None:
    session = Session(project)
    session.advance(25)
    prepared = session.prepared
    outputs = session.outputs(prepared.dataset.inputs[prepared.test_rows])
    if prepared.dataset.classes is None:
        loss = 0.5 * float(((outputs - prepared.test_y) ** 2).sum(axis=1).mean())
        assert session.evaluate().test_loss == pytest.approx(loss, rel=1e-12)
    else:
        share = float(prepared.correct(outputs, prepared.test_y).mean())
        assert session.evaluate().test_accuracy == share


# Stopping


def test_a_run_stops_after_its_epochs_and_may_go_on() -> None:
    session = Session(circle(stop=Stop(epochs=2)))
    assert session.advance(100) == 6
    assert session.snapshot().stopped == "Stopped after 2 epochs, as set."
    assert session.advance(100) == 0
    session.go_on()
    assert session.stopped is None
    assert session.advance(100) == 100


def test_a_target_loss_stops_at_the_end_of_an_epoch() -> None:
    session = Session(circle(optimizer="adam", learning_rate=0.05, stop=Stop(target_loss=0.2)))
    session.advance(5000)
    assert session.stopped is not None
    assert session.epoch == int(session.epoch)
    assert session.metrics.train_loss <= 0.2
    losses = session.snapshot(frozenset({"train_loss"})).series["train_loss"].mean
    assert (losses[:-1] > 0.2).all()


def test_a_small_gradient_stops_right_after_its_step() -> None:
    session = Session(circle(batch_size=None, stop=Stop(gradient_norm=0.05)))
    session.advance(5000)
    assert session.stopped == "Stopped: the norm of the gradient is below 0.05."
    series = session.snapshot(frozenset({"gradient"})).series
    norms = np.sqrt(sum(series[f"gradient/{layer}"].mean ** 2 for layer in session.compiled.layer_ids[1:]))
    assert norms[-1] < 0.05
    assert (norms[:-1] >= 0.05).all()


def test_patience_stops_a_run_that_does_not_get_better() -> None:
    session = Session(circle(learning_rate=1e-12, stop=Stop(patience=4)))
    session.advance(1000)
    assert session.stopped is not None
    assert "no better test loss for 4 epochs" in session.stopped


def test_a_run_that_diverges_stands_before_the_step_that_did() -> None:
    network = circle(2).network
    for layer in network.layers[1:]:
        network = set_activation(network, layer.id, "linear")
    session = Session(replace(circle(learning_rate=1e6), network=network))
    done = session.advance(1000)
    assert session.stopped is not None
    assert f"at step {done + 1}" in session.stopped
    assert session.step == done < 1000
    assert np.isfinite(session.parameters).all()
    assert session.snapshot(frozenset({"trace"})).trace is None
    stopped = session.stopped
    assert session.follow(retrained(session.project, learning_rate=1e-8))
    assert session.stopped == stopped  # the loss of these weights is not finite at any rate
    for address in session.compiled.addresses():
        session.set_value(address, 0.1)
    assert session.snapshot().stopped is None
    assert session.advance(3) == 3


# Edits


def test_other_settings_keep_the_weights() -> None:
    session = Session(circle(optimizer="momentum"))
    session.advance(10)
    before = session.state()
    assert session.follow(retrained(session.project, learning_rate=0.5, penalty="l2", penalty_rate=0.1))
    after = session.state()
    assert np.array_equal(after.parameters, before.parameters)
    assert np.array_equal(after.slots, before.slots)
    words = "learning rate 0.03 → 0.5, penalty none → l2, penalty rate 0 → 0.1"
    assert session.story.told == ((10, words),)
    assert session.learning_rate == 0.5


def test_a_new_optimizer_begins_with_an_empty_memory() -> None:
    session = Session(circle(optimizer="momentum"))
    session.advance(10)
    session.follow(retrained(session.project, optimizer="adam"))
    state = session.state()
    assert state.slots.shape[0] == 2
    assert not state.slots.any()
    assert state.cleared_at == 10
    assert session.advance(5) == 5


def test_a_new_batch_size_holds_from_the_next_epoch() -> None:
    session = Session(circle())
    session.advance(1)
    session.follow(retrained(session.project, batch_size=5))
    sizes = []
    for _ in range(4):
        sizes.append(len(session.peek().trace.x))
        session.advance(1)
    assert sizes == [10, 3, 5, 5]


def test_what_is_frozen_stays() -> None:
    project = circle()
    address = first_weight(project)
    session = Session(project)
    session.advance(3)
    value = session.value(address)
    session.follow(on_network(lambda network: set_frozen(network, [address], frozen=True))(project))
    session.advance(10)
    assert session.value(address) == value
    assert session.story.told[-1] == (3, "frozen parameters changed")


def test_an_edit_of_the_network_keeps_every_weight_whose_ends_remain() -> None:
    session = Session(circle(3, 2, optimizer="adam"))
    session.advance(20)
    old = {address: session.value(address) for address in session.compiled.addresses()}
    before, slots = session.compiled, session.state().slots
    hidden = session.project.network.layers[1]
    grown = on_network(lambda network: add_node(network, hidden.id, "n90"))(session.project)
    assert session.follow(grown)
    for address, value in old.items():
        assert session.value(address) == value
        assert np.array_equal(
            session.state().slots[:, session.compiled.index(address)], slots[:, before.index(address)]
        )
    new = set(session.compiled.addresses()) - set(old)
    assert all("n90" in str(address) for address in new)
    at = [session.compiled.index(address) for address in new]
    assert not session.state().slots[:, at].any()
    assert session.step == 20
    assert session.events[-1] == Event(20, "edited", project=grown)
    assert session.advance(10) == 10


def test_what_left_comes_back_with_its_memory_when_an_edit_is_undone() -> None:
    project = circle(3, 2, optimizer="adam")
    session = Session(project)
    session.advance(20)
    kept = session.state()
    gone = project.network.layers[1].nodes[1].id
    assert session.follow(on_network(lambda network: remove_nodes(network, [gone]))(project))
    assert session.follow(project)
    back = session.state()
    assert np.array_equal(back.parameters, kept.parameters)
    assert np.array_equal(back.slots, kept.slots)
    assert np.array_equal(back.start, kept.start)
    assert session.story.told == ()  # undone before the next step: nothing has happened to the run


def test_what_comes_back_later_finds_the_others_moved_on() -> None:
    project = circle(3, 2, optimizer="adam")
    session = Session(project)
    session.advance(20)
    address = first_weight(project)
    value, other = session.value(address), BiasAddress(project.network.layers[2].nodes[0].id)
    pair = (address.source, address.target)
    session.follow(on_network(lambda network: remove_pairs(network, [pair]))(project))
    with pytest.raises(ModelError, match="no connection"):
        session.value(address)
    moved = session.value(other)
    session.advance(20)
    assert session.value(other) != moved
    session.follow(project)
    assert session.value(address) == value
    assert [event.step for event in session.events] == [20, 40]


def test_new_connections_start_from_the_initializer_and_alike_every_time() -> None:
    project = circle(3, 2)
    source, target = project.network.layers[0].nodes[0].id, project.network.layers[2].nodes[0].id
    linked = on_network(lambda network: connect(network, source, target))(project)
    values = []
    for slices in ([10], [3, 7]):
        session = Session(project)
        for steps in slices:
            session.advance(steps)
        session.follow(linked)
        values.append(session.value(WeightAddress(source, target)))
    assert values[0] == values[1] != 0.0


def test_an_edit_that_needs_a_new_run_is_left_to_the_caller() -> None:
    session = Session(circle())
    session.advance(5)
    before = session.state()
    assert not session.follow(retrained(session.project, seed=9))
    assert equal(session.state(), before)


@pytest.mark.parametrize(
    "fields",
    [
        {"loss": "categorical_cross_entropy"},
        {"learning_rate": float("nan")},
        {"batch_size": 0},
        {"warmup": -1.0},
    ],
    ids=str,
)
def test_an_edit_that_cannot_run_changes_nothing(fields: dict[str, Any]) -> None:
    session = Session(circle())
    session.advance(5)
    before, project = session.state(), session.project
    with pytest.raises(BpvizError):
        session.follow(retrained(project, **fields))
    assert equal(session.state(), before)
    assert session.project == project
    assert session.advance(5) == 5


def test_moving_things_in_the_picture_is_followed_and_nothing_is_told_of_it() -> None:
    session = Session(circle())
    network = session.project.network
    moved = tuple(replace(layer, x=layer.x + 10) for layer in network.layers)
    assert session.follow(replace(session.project, network=replace(network, layers=moved)))
    assert session.story.told == ()
    assert session.compiled.network.layers[0].x == network.layers[0].x + 10


def test_before_the_first_step_an_edit_of_the_batch_size_holds_at_once() -> None:
    session = Session(circle())
    session.follow(retrained(session.project, batch_size=4))
    assert len(session.peek().trace.x) == 4


def test_another_path_takes_over_as_an_event_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "RUNNERS", {"reference": ReferenceRunner, "kernel": ReferenceRunner})
    session = Session(circle())
    session.advance(5)
    session.hand_over("kernel")
    session.hand_over("kernel")
    assert session.path == session.snapshot().path == "kernel"
    assert [(event.step, event.kind) for event in session.events] == [(5, "path")]
    assert session.advance(5) == 5
    back = Session(circle(), state=session.state(), path="reference")
    assert [event.step for event in back.events] == [5, 10]
    kept = Session(circle(), state=session.state(), path="kernel")
    assert kept.events == session.events


# Values set by hand


def test_a_value_set_by_hand_is_an_event_and_its_opposite_takes_it_back() -> None:
    project = circle()
    address = first_weight(project)
    session = Session(project)
    session.advance(4)
    old = session.value(address)
    session.set_value(address, 0.25)
    session.set_value(address, 0.5)
    assert session.value(address) == 0.5
    (event,) = session.events
    assert (event.step, event.kind, event.address, event.old, event.new) == (4, "value", address, old, 0.5)
    assert "set to 0.5" in session.story.told[0][1]
    session.set_value(address, old)
    assert session.story.told == ()


def test_several_values_are_set_all_or_none() -> None:
    project = circle()
    session = Session(project)
    session.advance(4)
    first, bias = first_weight(project), BiasAddress(session.compiled.node_ids[-1][0])
    with pytest.raises(ModelError):
        session.set_values({first: 0.25, BiasAddress("gone"): 1.0})
    assert not session.events
    session.set_values({first: 0.25, bias: 3.0})
    assert (session.value(first), session.value(bias)) == (0.25, 3.0)
    assert [event.new for event in session.events] == [0.25, 3.0]
    assert session.metrics == session.evaluate()


def test_metrics_follow_a_value_set_by_hand() -> None:
    session = Session(circle())
    session.advance(4)
    before = session.metrics
    session.set_value(BiasAddress(session.compiled.node_ids[-1][0]), 3.0)
    assert session.metrics != before
    assert session.metrics == session.evaluate()


def test_a_removed_connection_has_no_weight_to_set_and_a_frozen_one_has() -> None:
    project = circle()
    address = first_weight(project)
    frozen = on_network(lambda network: set_frozen(network, [address], frozen=True))(project)
    session = Session(frozen)
    session.set_value(address, 0.75)
    session.advance(3)
    assert session.value(address) == 0.75
    pair = (address.source, address.target)
    session.follow(on_network(lambda network: remove_pairs(network, [pair]))(frozen))
    with pytest.raises(ModelError):
        session.set_value(address, 1.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "0.5", True, None, np.array([1.0, 2.0])])
def test_a_value_that_is_no_number_is_refused(value: Any) -> None:
    session = Session(circle())
    address = first_weight(session.project)
    before = session.value(address)
    with pytest.raises(SettingError, match="finite"):
        session.set_value(address, value)
    assert session.value(address) == before


@pytest.mark.parametrize("value", [1, np.float32(1), Fraction(2, 2)])
def test_a_number_of_any_type_can_be_set(value: Any) -> None:
    session = Session(circle())
    session.set_value(first_weight(session.project), value)
    assert session.value(first_weight(session.project)) == 1.0


def test_a_value_that_single_precision_can_not_hold_is_refused() -> None:
    session = Session(circle(precision="float32"))
    address = first_weight(session.project)
    before = session.value(address)
    with pytest.raises(SettingError, match="finite"):
        session.set_value(address, 1e300)
    assert session.value(address) == before


def test_start_values_set_by_hand_count_before_what_is_drawn() -> None:
    project = circle()
    address = first_weight(project)
    session = Session(replace(project, start=Start(((address, 0.125),))))
    plain = Session(project)
    assert session.value(address) == 0.125
    others = np.delete(session.parameters, session.compiled.index(address))
    assert np.array_equal(others, np.delete(plain.parameters, plain.compiled.index(address)))


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_every_example_trains(name: str) -> None:
    session = Session(EXAMPLES[name].build())
    assert session.advance(3) == 3 or session.stopped
    assert all(
        activation in ACTIVATIONS
        for layer in session.compiled.plan.layers
        for activation in layer.activations
    )


@given(
    st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 50), st.integers(0, 5)), max_size=10),
    st.sampled_from(OPTIMIZERS),
)
@settings(max_examples=15)
def test_a_run_survives_any_edits_and_its_saved_twin_goes_on_alike(
    edits: list[tuple[str, int, int]], optimizer: str
) -> None:
    project = circle(3, 2, optimizer=optimizer, learning_rate=0.001)
    session, drawings = Session(project), [project]
    for kind, pick, steps in edits:
        if kind == "undo":
            wanted = drawings.pop() if len(drawings) > 1 else project
        else:
            wanted = replace(drawings[-1], network=edited(drawings[-1].network, kind, pick))
            drawings.append(wanted)
        if network_problems(wanted.network):
            continue
        assert session.follow(wanted)
        session.advance(steps)
        snapshot = session.snapshot(everything())
        assert snapshot.parameters is not None
        assert not snapshot.parameters[~session.compiled.plan.present].any()
        assert all(plot.figure(snapshot).title for plot in PLOTS.values())
    twin = Session(session.project, state=session.state())
    session.advance(7)
    twin.advance(7)
    assert equal(twin.state(), session.state())


@pytest.mark.parametrize("path", ["reference", "kernel"])
def test_the_loss_of_the_linear_neuron_is_a_straight_line_down_to_the_last_digit(path: Any) -> None:
    # Each step takes the error times 0.8, so the loss is 4 * 0.64^n, until two weights of opposite signs are
    # as near to each other as float64 lets them be: nothing is clipped before.
    session = Session(EXAMPLES["linear_neuron"].build(), path=path)
    session.advance(200)
    series = session.snapshot(frozenset({"batch_loss", "train_loss"})).series
    for name in ("batch_loss", "train_loss"):
        bins = series[name]
        line = 4 * 0.64 ** np.arange(len(bins.last))
        np.testing.assert_allclose(bins.last[:60], line[:60], rtol=1e-6)
        assert (bins.last[60:] > 0).all()
        assert (bins.last[165:] == 1.1093356479670479e-31).all()
    assert session.metrics.train_loss == 1.1093356479670479e-31


def test_before_the_first_step_the_curves_begin_with_the_network_as_it_was_edited() -> None:
    session = Session(circle())
    before = session.metrics.train_loss
    session.set_value(first_weight(session.project), 3.0)
    layer = session.project.network.layers[1]
    session.follow(on_network(lambda network: set_activation(network, layer.id, "relu"))(session.project))
    metrics = session.metrics
    assert metrics.train_loss != before
    seen = session.snapshot(everything()).series
    assert seen["train_loss"].mean.tolist() == [metrics.train_loss]
    assert seen["test_loss"].mean.tolist() == [metrics.test_loss]
    assert seen["train_accuracy"].mean.tolist() == [metrics.train_accuracy]
    session.advance(session.steps_per_epoch)
    both = [metrics.train_loss, session.metrics.train_loss]
    assert session.snapshot(everything()).series["train_loss"].mean.tolist() == both
