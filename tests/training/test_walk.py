"""Walking through steps: it shows what Play would make, forward and back, and ends where Play ends."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.engine.backprop import Trace
from bpviz.errors import SettingError
from bpviz.model.edits import add_node, set_activation
from bpviz.model.spec import Project, Stop
from bpviz.training.phases import Cursor
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from bpviz.training.timeline import Timeline
from bpviz.training.walk import Walk
from tests.training.hands import PATHS, differences
from tests.training.projects import circle, first_weight, retrained

PHASES = 9  # of a network with two hidden layers: enter, 3 forward, loss, 3 backward, update


def walk_of(project: Project) -> tuple[Walk, Timeline]:
    timeline = Timeline(Session(project))
    return Walk(timeline), timeline


def with_a_node(project: Project) -> Project:
    network = add_node(project.network, project.network.layers[1].id, "extra")
    return replace(project, network=network)


def place(walk: Walk) -> int | None:
    return None if walk.cursor is None else walk.cursor.index


def linear(**training: Any) -> Project:
    """A network whose numbers grow without bounds at a large rate."""
    network = circle(2).network
    for layer in network.layers[1:]:
        network = set_activation(network, layer.id, "linear")
    return replace(circle(**training), network=network)


def test_walking_through_a_step_changes_nothing_until_its_update() -> None:
    walk, timeline = walk_of(circle())
    before = timeline.session.parameters.copy()
    for index in range(PHASES - 1):
        walk.move("phase")
        assert place(walk) == index
        assert timeline.step == 0
        assert np.array_equal(timeline.session.parameters, before)
    walk.move("phase")
    assert walk.cursor is not None
    assert walk.cursor.is_last
    assert timeline.step == 1


def test_walked_steps_are_the_steps_that_play_makes() -> None:
    walk, timeline = walk_of(circle(optimizer="adam"))
    played = Session(circle(optimizer="adam"))
    for _ in range(2 * PHASES):
        walk.move("phase")
    played.advance(2)
    assert np.array_equal(timeline.session.parameters, played.parameters)
    walked = timeline.session.state().history["steps/total"]
    assert walked.tolist() == played.state().history["steps/total"].tolist()


def test_in_the_update_the_trace_is_that_of_the_step_just_made() -> None:
    walk, timeline = walk_of(circle())
    for _ in range(PHASES):
        walk.move("phase")
    look = timeline.look(walk.cursor, walk.trace)
    trace = timeline.session.snapshot(frozenset({"trace"}), look=look).trace
    assert trace is not None
    assert trace.before.step == 0
    np.testing.assert_allclose(trace.after.parameters, timeline.session.parameters, rtol=1e-15)


def test_stepping_back_from_an_update_shows_the_state_before_it_and_the_run_goes_on_from_its_end() -> None:
    walk, timeline = walk_of(circle(optimizer="adam"))
    timeline.advance(4)
    kept = timeline.session.state()
    for _ in range(PHASES):
        walk.move("phase")
    after = timeline.session.state()
    walk.move("back")
    assert (timeline.step, place(walk), timeline.at_end) == (4, PHASES - 2, False)
    back = timeline.session.state()
    assert np.array_equal(back.parameters, kept.parameters)
    assert np.array_equal(back.slots, kept.slots)
    assert back.place == kept.place
    walk.move("phase")
    assert (timeline.step, timeline.at_end) == (5, True)
    again = timeline.session.state()
    assert np.array_equal(again.parameters, after.parameters)
    assert np.array_equal(again.history["steps/total"], after.history["steps/total"])


def test_back_from_the_first_phase_of_a_step_is_the_update_before_it() -> None:
    walk, timeline = walk_of(circle())
    for _ in range(PHASES + 1):
        walk.move("phase")
    assert (timeline.step, place(walk)) == (1, 0)
    walk.move("back")
    assert (timeline.step, place(walk)) == (1, PHASES - 1)
    walk.move("back")
    assert (timeline.step, place(walk)) == (0, PHASES - 2)


def test_back_from_rest_is_the_update_that_led_there_and_there_is_none_at_the_start() -> None:
    walk, timeline = walk_of(circle())
    walk.move("back")
    assert walk.cursor is None
    timeline.advance(3)
    walk.move("back")
    assert (timeline.step, place(walk)) == (3, PHASES - 1)
    assert walk.trace is not None
    assert walk.trace.before.step == 2


@given(st.lists(st.sampled_from(("phase", "phase", "phase", "back", "back", "example")), max_size=300))
@settings(max_examples=10)
def test_any_walk_shows_at_each_place_what_it_showed_there_before(moves: list[str]) -> None:
    walk, timeline = walk_of(circle(optimizer="momentum"))
    shown: dict[tuple[int, int], bytes] = {}
    furthest = 0
    for move in moves:
        walk.move(move)  # type: ignore[arg-type]
        furthest = max(furthest, timeline.step)
        if walk.cursor is None:
            continue
        assert walk.trace is not None
        key = (walk.trace.before.step, walk.cursor.index)
        numbers = walk.trace.trace.gradient.tobytes() + timeline.session.parameters.tobytes()
        assert shown.setdefault(key, numbers) == numbers
    timeline.to_end()
    played = Session(circle(optimizer="momentum"))
    played.advance(furthest)
    assert np.array_equal(timeline.session.parameters, played.parameters)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_three_hundred_moves_over_twenty_steps_end_where_play_ends(path: Path, precision: str) -> None:
    project = circle(optimizer="adam", precision=precision)
    timeline, played = Timeline(Session(project, path=path)), Session(project, path=path)
    walk, chance, shown = Walk(timeline), random.Random(4), dict[tuple[int, int], bytes]()
    for count in range(300):
        # Forward for some while and back for some while, so that it comes far and sees places again.
        ahead = chance.random() < (0.85 if count % 60 < 45 else 0.1)
        walk.move("phase" if ahead else "back")
        if walk.trace is None or walk.cursor is None:
            continue
        key = (walk.trace.before.step, walk.cursor.index)
        numbers = walk.trace.trace.gradient.tobytes() + timeline.session.parameters.tobytes()
        assert shown.setdefault(key, numbers) == numbers
    while timeline.step < 20 or not timeline.at_end:
        walk.move("phase")
    played.advance(20)
    assert {step for step, _ in shown} >= set(range(10)), "it came far"
    assert differences(timeline.session.moment(), played.moment()) == []


def test_back_from_the_first_phase_is_the_update_before_it_also_behind_an_edit() -> None:
    walk, timeline = walk_of(circle(learning_rate=0.5))
    timeline.advance(4)
    timeline.follow(retrained(timeline.session.project, learning_rate=0.25))
    walk.move("phase")
    walk.move("back")
    assert (timeline.step, place(walk)) == (4, PHASES - 1)
    assert walk.trace is not None
    assert walk.trace.rate == 0.5
    walk.move("phase")
    assert walk.trace.before.step == 4


CHANGES: dict[str, Callable[[Timeline], object]] = {
    "a node": lambda timeline: timeline.follow(with_a_node(timeline.session.project)),
    "a rule": lambda timeline: timeline.follow(retrained(timeline.session.project, optimizer="adam")),
    "a value": lambda timeline: timeline.set_value(first_weight(timeline.session.project), 3.0),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("later", [0, 2])
def test_an_update_is_shown_by_what_made_it_whatever_was_changed_behind_it(change: str, later: int) -> None:
    walk, timeline = walk_of(circle())
    timeline.advance(3)
    CHANGES[change](timeline)
    changed = timeline.session.moment()
    timeline.advance(later)
    ended = timeline.session.moment()
    timeline.seek(3)
    for move in ("back", "first", "last"):
        walk.move(move)
    assert (timeline.step, place(walk), step_of(walk)) == (3, PHASES - 1, 2)
    look = timeline.look(walk.cursor, walk.trace)
    snapshot = timeline.session.snapshot(frozenset({"trace", "parameters"}), look=look)
    assert snapshot.trace is not None
    assert snapshot.trace is walk.trace
    assert snapshot.rule is not None
    assert snapshot.rule.optimizer == "sgd"
    assert snapshot.parameters is not None
    assert snapshot.compiled.plan.size == trace_of(walk).plan.size
    np.testing.assert_allclose(snapshot.trace.after.parameters, snapshot.parameters, rtol=1e-15)
    walk.move("phase")
    assert (step_of(walk), trace_of(walk).plan.size) == (3, changed.compiled.plan.size)
    walk.move("back")
    walk.end()
    assert differences(timeline.session.moment(), changed) == []
    timeline.to_end()
    assert differences(timeline.session.moment(), ended) == []


def test_examples_are_looked_at_one_after_the_other_and_then_comes_the_update() -> None:
    walk, timeline = walk_of(circle())  # batches of ten
    for example in range(10):
        walk.move("example")
        assert walk.cursor is not None
        assert (walk.cursor.example, walk.cursor.examples) == (example, 10)
        assert walk.cursor.phase.kind == "backward"
        assert timeline.step == 0
    walk.move("example")
    assert timeline.step == 1
    assert walk.cursor is not None
    assert walk.cursor.is_last
    walk.move("example")
    assert walk.cursor is not None
    assert (walk.cursor.example, timeline.step) == (0, 1)


def test_walking_on_lets_a_stopped_run_go_on() -> None:
    walk, timeline = walk_of(circle(stop=Stop(epochs=1)))
    timeline.advance(100)
    step = timeline.step
    for _ in range(PHASES):
        walk.move("phase")
    assert timeline.step == step + 1


def test_a_step_that_can_not_be_made_can_not_be_walked() -> None:
    walk, timeline = walk_of(linear(learning_rate=1e300))
    timeline.advance(10)
    walk.move("phase")
    assert walk.cursor is None
    assert timeline.session.stopped is not None
    assert "finite" in timeline.session.stopped


def test_a_step_that_only_the_runs_own_precision_can_not_hold_ends_the_walk() -> None:
    walk, timeline = walk_of(linear(precision="float32", learning_rate=1e30))
    assert timeline.advance(1) == 1
    for _ in range(7):
        walk.move("phase")
    assert walk.cursor is None
    assert timeline.step == 1
    assert timeline.session.stopped is not None


def test_names_given_meanwhile_are_spoken_and_nothing_else_changes() -> None:
    walk, timeline = walk_of(circle())
    for _ in range(2):
        walk.move("phase")
    project = timeline.session.project
    layers = [
        replace(layer, name="Alpha" if at == 1 else layer.name)
        for at, layer in enumerate(project.network.layers)
    ]
    timeline.follow(replace(project, network=replace(project.network, layers=tuple(layers))))
    walk.rename(timeline.session.rule, timeline.session.compiled.plan)
    assert walk.cursor is not None
    assert (walk.cursor.index, walk.cursor.phase.title) == (1, "Forward: Alpha")
    assert retrained(timeline.session.project) == timeline.session.project


def cursor_of(walk: Walk) -> Cursor:
    assert walk.cursor is not None
    return walk.cursor


def trace_of(walk: Walk) -> Trace:
    assert walk.trace is not None
    return walk.trace.trace


def step_of(walk: Walk) -> int:
    assert walk.trace is not None
    return walk.trace.before.step


def numbers(walk: Walk) -> bytes:
    """Every value of the step that somebody stands in."""
    made = trace_of(walk)
    return b"".join(part.tobytes() for part in (*made.z, *made.a, *made.delta[1:], made.gradient, made.x))


def test_one_example_is_walked_from_its_entering_on_and_back_and_forward_keep_it() -> None:
    walk, timeline = walk_of(circle())
    walk.look_at(3)
    assert (place(walk), cursor_of(walk).example, timeline.step) == (0, 3, 0)
    shown = [cursor_of(walk).text]
    assert shown[0].startswith("Example 4 of 10 enters the network")
    for index in range(1, PHASES):
        walk.move("phase")
        assert (place(walk), cursor_of(walk).example) == (index, 3)
        shown.append(cursor_of(walk).text)
    made = trace_of(walk)
    assert f"a = {made.a[-1][3, 0]:.4g}".replace("-", "−") in shown[3]
    assert f"delta = {made.delta[-1][3, 0]:.4g}".replace("-", "−") in shown[5]
    for index in reversed(range(PHASES - 1)):
        walk.move("back")
        assert (place(walk), cursor_of(walk).example, cursor_of(walk).text) == (index, 3, shown[index])


def test_another_example_or_the_whole_batch_is_looked_at_in_the_same_phase() -> None:
    walk, timeline = walk_of(circle())
    for _ in range(3):
        walk.move("phase")
    for example in (0, 9, None, 4):
        walk.look_at(example)
        assert (place(walk), cursor_of(walk).example) == (2, example)
    before = walk.cursor
    for none in (-1, 10, 1000):
        walk.look_at(none)
        assert walk.cursor == before
    walk.move("last")
    walk.look_at(7)
    assert (place(walk), cursor_of(walk).example, timeline.step) == (PHASES - 1, 7, 1)


def test_first_and_last_lead_to_the_ends_of_the_step() -> None:
    walk, timeline = walk_of(circle())
    walk.move("first")
    assert (place(walk), timeline.step) == (0, 0)
    walk.look_at(2)
    walk.move("last")
    assert (place(walk), cursor_of(walk).example, timeline.step) == (PHASES - 1, 2, 1)
    walk.move("last")
    assert (place(walk), timeline.step) == (PHASES - 1, 1)
    walk.move("first")
    assert (place(walk), cursor_of(walk).example, timeline.step) == (0, 2, 0)


def test_it_is_known_which_rows_of_the_data_a_batch_has() -> None:
    walk, timeline = walk_of(circle(train_share=0.5))
    prepared = timeline.session.prepared
    for step in range(5):
        walk.move("first")
        rows = cursor_of(walk).rows
        raw = prepared.dataset.inputs[rows]
        assert np.array_equal(prepared.encode_inputs(raw), trace_of(walk).x)
        assert cursor_of(walk).row is None
        walk.look_at(len(rows) - 1)
        assert cursor_of(walk).row == rows[-1]
        walk.move("last")
        assert np.array_equal(cursor_of(walk).rows, rows), "also behind the step"
        walk.end()
        assert timeline.step == step + 1


def test_a_row_of_the_data_is_looked_at_if_the_batch_has_it() -> None:
    walk, timeline = walk_of(circle())
    session = timeline.session
    rows = session.coming_rows.tolist()
    later = next(row for row in session.prepared.train_rows.tolist() if row not in rows)
    with pytest.raises(SettingError, match=r"its turn comes at step [12]\."):
        walk.look_at_row(later)
    assert walk.cursor is None, "nobody walks because of it"
    walk.look_at_row(rows[6])
    assert (place(walk), cursor_of(walk).example, cursor_of(walk).row) == (0, 6, rows[6])
    with pytest.raises(SettingError, match="in the test part"):
        walk.look_at_row(int(session.prepared.test_rows[0]))
    assert cursor_of(walk).example == 6
    walk.move("last")
    walk.look_at_row(rows[1])  # of the step that is shown, not of the one that comes then
    assert cursor_of(walk).example == 1


def test_the_turn_of_a_row_is_the_step_whose_batch_has_it() -> None:
    _, timeline = walk_of(circle())
    train = timeline.session.prepared.train_rows.tolist()
    timeline.advance(4)  # in the middle of the second epoch
    told = {row: timeline.session.turn_of(row) for row in train}
    assert set(told.values()) == {3, 4, 5}
    _, other = walk_of(circle())
    other.advance(3)
    for step in (3, 4, 5):
        assert sorted(other.session.coming_rows) == [row for row in train if told[row] == step]
        other.advance(1)


def test_a_row_that_waits_for_another_epoch_is_said_to() -> None:
    walk, timeline = walk_of(circle(last_batch="carry over"))
    session = timeline.session
    left = [row for row in session.prepared.train_rows.tolist() if session.turn_of(row) is None]
    assert len(left) == 3
    with pytest.raises(SettingError, match="waits for a later epoch"):
        walk.look_at_row(left[0])


def test_the_example_looked_at_is_looked_at_in_the_next_step_where_its_batch_has_it() -> None:
    whole, _ = walk_of(circle(batch_size=None))  # in another order each epoch
    whole.look_at(5)
    assert whole.cursor is not None
    row = cursor_of(whole).row
    places = set()
    for _ in range(3 * PHASES):
        whole.move("phase")
        assert cursor_of(whole).row == row
        places.add(cursor_of(whole).example)
    assert len(places) > 1
    parts, _ = walk_of(circle())
    parts.look_at(7)
    for _ in range(2 * PHASES):  # the third batch of the epoch has three examples
        parts.move("phase")
    assert parts.cursor is not None
    assert (cursor_of(parts).examples, cursor_of(parts).example) == (3, 2)


WAYS = ("phase", "phase", "phase", "phase", "back", "example", "first", "last", 0, 2, 9, None)


@pytest.mark.parametrize("precision", ["float64", "float32"])
@given(ways=st.lists(st.sampled_from(WAYS), max_size=60))
@settings(max_examples=25)
def test_however_examples_are_walked_the_run_is_the_one_that_plays(
    precision: str, ways: list[str | int | None]
) -> None:
    project = circle(optimizer="adam", precision=precision)
    walk, timeline = walk_of(project)
    shown: dict[int, object] = {}
    for way in ways:
        if isinstance(way, str):
            walk.move(way)  # type: ignore[arg-type]
        else:
            walk.look_at(way)
        if walk.cursor is not None:
            first = shown.setdefault(step_of(walk), numbers(walk))
            assert first == numbers(walk), "each step has one set of numbers, whichever example is looked at"
            assert walk.cursor.example in (None, *range(walk.cursor.examples))
    timeline.to_end()
    played = Session(project)
    played.advance(timeline.step)
    assert differences(timeline.session.moment(), played.moment()) == []


def test_one_goes_from_example_to_example_in_the_same_phase_and_to_the_whole_batch_before_them() -> None:
    walk, _ = walk_of(circle())
    walk.look_beside(-1)
    assert walk.cursor is None
    walk.look_beside(1)
    walk.move("phase")
    seen = []
    for places in (1, 1, -1, -1, -1, -1, 99, 1):
        walk.look_beside(places)
        seen.append(cursor_of(walk).example)
        assert place(walk) == 1
    assert seen == [1, 2, 1, 0, None, None, 9, 9]


def test_looking_into_a_stopped_run_leaves_it_stopped_until_a_step_is_made() -> None:
    walk, timeline = walk_of(circle(stop=Stop(epochs=1)))
    timeline.advance(100)
    before = timeline.session.moment()
    walk.look_at(2)
    walk.move("phase")
    assert timeline.session.stopped_by == "epochs"
    assert differences(timeline.session.moment(), before) == []
    walk.move("last")
    assert timeline.session.stopped_by is None
