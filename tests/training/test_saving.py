from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from bpviz.arrays import IntArray
from bpviz.engine.optimizers import OPTIMIZERS as ENGINE_OPTIMIZERS
from bpviz.errors import SettingError
from bpviz.model.edits import (
    add_node,
    on_network,
)
from bpviz.model.spec import Stop
from bpviz.training.session import Session
from tests.training.projects import OPTIMIZERS, circle, equal, first_weight, retrained


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("last_batch", ["keep", "carry over"])
def test_a_saved_run_goes_on_bit_for_bit(optimizer: str, last_batch: str) -> None:
    project = circle(
        optimizer=optimizer,
        learning_rate=0.001,
        last_batch=last_batch,
        penalty="playground_l1",
        penalty_rate=0.1,
        schedule="cosine",
        stop=Stop(patience=50, epochs=1000),
    )
    session = Session(project)
    session.advance(13)  # in the middle of an epoch
    session.set_value(first_weight(project), 0.2)
    session.advance(4)
    copy = Session(project, state=session.state())
    assert equal(copy.state(), session.state())
    session.advance(31)
    copy.advance(31)
    assert equal(copy.state(), session.state())


def test_a_saved_run_in_single_precision_goes_on_bit_for_bit() -> None:
    project = circle(precision="float32", optimizer="adam")
    session = Session(project)
    session.advance(13)
    copy = Session(project, state=session.state())
    session.advance(20)
    copy.advance(20)
    assert equal(copy.state(), session.state())


def test_a_stopped_run_comes_back_stopped() -> None:
    project = circle(stop=Stop(epochs=2))
    session = Session(project)
    session.advance(100)
    copy = Session(project, state=session.state())
    assert copy.stopped == session.stopped
    assert copy.advance(10) == 0


def test_a_run_edited_and_saved_goes_on_bit_for_bit() -> None:
    project = circle(3, 2, optimizer="adam")
    session = Session(project)
    session.advance(7)
    hidden = project.network.layers[1]
    session.follow(on_network(lambda network: add_node(network, hidden.id, "n90"))(project))
    session.follow(retrained(session.project, batch_size=4))
    session.advance(1)
    copy = Session(session.project, state=session.state())
    for run in (session, copy):
        run.advance(10)
        run.follow(on_network(lambda network: add_node(network, hidden.id, "n91"))(run.project))
        run.advance(10)
    assert equal(copy.state(), session.state())


def test_the_state_of_another_network_is_refused() -> None:
    state = Session(circle(3, 2)).state()
    with pytest.raises(SettingError, match="does not fit"):
        Session(circle(4, 2), state=state)
    with pytest.raises(SettingError, match="does not fit"):
        Session(circle(3, 2, optimizer="adam"), state=state)
    for name in ("parameters", "start", "slots"):
        other = replace(state, **{name: getattr(state, name).astype(np.float32)})
        with pytest.raises(SettingError, match="does not fit"):
            Session(circle(3, 2), state=other)
    with pytest.raises(SettingError, match="can't go on: the history lacks 'count'"):
        Session(circle(3, 2), state=replace(state, history={}))
    with pytest.raises(SettingError, match="can't go on"):
        Session(circle(3, 2), state=replace(state, place=replace(state.place, position=99)))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_square_below_0_is_refused_and_no_run_comes_to_one(optimizer: str) -> None:
    project = circle(optimizer=optimizer)
    session = Session(project)
    session.advance(30)
    state, positive = session.state(), ENGINE_OPTIMIZERS[optimizer].positive
    assert (state.slots[list(positive)] >= 0).all()
    for slot in range(len(state.slots)):
        slots = state.slots.copy()
        slots[slot, -1] = -1e-9
        refused = pytest.raises(SettingError, match="square below 0") if slot in positive else nullcontext()
        with refused:
            assert Session(project, state=replace(state, slots=slots)).advance(1) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        np.array(3),
        np.array([1, 2, 3]),
        np.array([3, 5]),
        np.array([0, 5]),
        np.array([1, -5]),
        np.array([1, 9999]),
    ],
)
def test_a_history_whose_bins_can_not_be_is_refused(wrong: IntArray) -> None:
    session = Session(circle())
    state = session.state()
    for table in ("steps", "nodes", "epochs"):
        history = {**state.history, f"{table}/state": wrong}
        with pytest.raises(SettingError, match="can't go on: the history"):
            Session(circle(), state=replace(state, history=history))


def test_a_state_can_not_be_changed_by_the_run_it_came_from() -> None:
    session = Session(circle())
    state = session.state()
    before = state.parameters.copy()
    session.advance(5)
    assert np.array_equal(state.parameters, before)
    with pytest.raises(ValueError, match="read-only"):
        state.parameters[0] = 1.0
