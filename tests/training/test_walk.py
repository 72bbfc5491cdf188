from __future__ import annotations

from dataclasses import replace

import numpy as np

from bpviz.model.edits import set_activation
from bpviz.model.spec import Stop
from bpviz.training.session import Session
from tests.training.projects import circle, first_weight

PHASES = 9  # of a network with two hidden layers: enter, 3 forward, loss, 3 backward, update


def place(session: Session) -> int | None:
    return None if session.cursor is None else session.cursor.index


def test_walking_through_a_step_changes_nothing_until_its_update() -> None:
    session = Session(circle())
    before = session.parameters.copy()
    for index in range(PHASES - 1):
        session.move_cursor("phase")
        assert place(session) == index
        assert session.step == 0
        assert np.array_equal(session.parameters, before)
    session.move_cursor("phase")
    assert session.cursor is not None
    assert session.cursor.is_last
    assert session.step == 1


def test_walked_steps_are_the_steps_that_play_makes() -> None:
    walked, played = Session(circle(optimizer="adam")), Session(circle(optimizer="adam"))
    for _ in range(2 * PHASES):
        walked.move_cursor("phase")
    played.advance(2)
    assert np.array_equal(walked.parameters, played.parameters)
    assert walked.state().history["steps/total"].tolist() == played.state().history["steps/total"].tolist()


def test_in_the_update_the_trace_is_that_of_the_step_just_made() -> None:
    session = Session(circle())
    for _ in range(PHASES):
        session.move_cursor("phase")
    trace = session.snapshot(frozenset({"trace"})).trace
    assert trace is not None
    assert trace.before.step == 0
    np.testing.assert_allclose(trace.after.parameters, session.parameters, rtol=1e-15)


def test_stepping_back_from_an_update_returns_the_state_before_it() -> None:
    session = Session(circle(optimizer="adam"))
    session.advance(4)
    kept = session.state()
    for _ in range(PHASES):
        session.move_cursor("phase")
    session.move_cursor("back")
    assert (session.step, place(session)) == (4, PHASES - 2)
    back = session.state()
    assert np.array_equal(back.parameters, kept.parameters)
    assert np.array_equal(back.slots, kept.slots)
    assert back.place == kept.place
    assert np.array_equal(back.history["steps/total"], kept.history["steps/total"])
    session.move_cursor("phase")
    assert session.step == 5


def test_stepping_back_leads_from_a_new_step_into_the_one_before() -> None:
    session = Session(circle())
    for _ in range(PHASES + 1):
        session.move_cursor("phase")
    assert (session.step, place(session)) == (1, 0)
    session.move_cursor("back")
    assert (session.step, place(session)) == (0, PHASES - 2)


def test_stepping_back_before_anything_was_walked_does_nothing() -> None:
    session = Session(circle())
    session.move_cursor("back")
    assert session.cursor is None
    session.move_cursor("phase")
    session.move_cursor("back")
    assert place(session) == 0


def test_examples_are_looked_at_one_after_the_other_and_then_comes_the_update() -> None:
    session = Session(circle())  # batches of ten
    for example in range(10):
        session.move_cursor("example")
        assert session.cursor is not None
        assert (session.cursor.example, session.cursor.examples) == (example, 10)
        assert session.cursor.phase.kind == "backward"
        assert session.step == 0
    session.move_cursor("example")
    assert session.step == 1
    assert session.cursor is not None
    assert session.cursor.is_last
    session.move_cursor("example")
    assert session.cursor is not None
    assert (session.cursor.example, session.step) == (0, 1)


def test_playing_and_editing_end_the_walk() -> None:
    session = Session(circle())
    session.move_cursor("phase")
    session.advance(1)
    assert session.cursor is None
    session.move_cursor("phase")
    session.set_value(first_weight(session.project), 1.0)
    assert session.snapshot().cursor is None


def test_walking_on_lets_a_stopped_run_go_on() -> None:
    session = Session(circle(stop=Stop(epochs=1)))
    session.advance(100)
    step = session.step
    for _ in range(PHASES):
        session.move_cursor("phase")
    assert session.step == step + 1


def test_a_step_that_can_not_be_made_can_not_be_walked() -> None:
    network = circle(2).network
    for layer in network.layers[1:]:
        network = set_activation(network, layer.id, "linear")
    session = Session(replace(circle(learning_rate=1e300), network=network))
    session.advance(10)
    session.move_cursor("phase")
    assert session.cursor is None
    assert session.stopped is not None
    assert "finite" in session.stopped


def test_a_step_that_only_the_runs_own_precision_can_not_hold_ends_the_walk() -> None:
    network = circle(2).network
    for layer in network.layers[1:]:
        network = set_activation(network, layer.id, "linear")
    session = Session(replace(circle(precision="float32", learning_rate=1e30), network=network))
    assert session.advance(1) == 1
    for _ in range(7):
        session.move_cursor("phase")
    assert session.cursor is None
    assert session.step == 1
    assert session.stopped is not None
