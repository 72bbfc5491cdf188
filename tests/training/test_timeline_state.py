"""A timeline that was told and taken up again is the same one: every moment, line and event, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.errors import BpvizError, SettingError
from bpviz.model.edits import add_node, remove_nodes
from bpviz.model.spec import BiasAddress, Project
from bpviz.training.moment import Moment
from bpviz.training.run_state import Event
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from bpviz.training.timeline import Timeline
from bpviz.training.timeline_state import (
    TimelineState,
    copy_of,
    end_of,
    repeated,
    restored,
    state_of,
    taken_up,
)
from tests.training.projects import EDITS, circle, edited, equal, first_weight, retrained

ROOM = 64_000_000


def steady() -> Callable[[], float]:
    """A clock after which a moment is due about every three steps."""
    ticks = count()
    return lambda: next(ticks) * 0.05


def rewired(project: Project, pick: int = 0) -> Project:
    """The project with a hidden node more, or one less."""
    layer = project.network.layers[1]
    network = project.network
    if layer.size > 2:
        return replace(project, network=remove_nodes(network, [layer.nodes[0].id]))
    return replace(project, network=add_node(network, layer.id, f"n{900 + pick}"))


def film(path: Path = "reference", **training: Any) -> Timeline:
    """A timeline with edits of every kind, an attic, and two branches; it stands at the end of the second."""
    timeline = Timeline(Session(circle(**training), path=path))
    clock = steady()
    timeline.advance(11, clock)
    timeline.follow(rewired(timeline.session.project))
    timeline.advance(7, clock)
    timeline.set_value(first_weight(timeline.session.project), 0.25)
    timeline.advance(9, clock)
    timeline.follow(retrained(timeline.session.project, optimizer="adam"))
    timeline.advance(13, clock)
    timeline.seek(20)
    timeline.follow(retrained(timeline.session.project, learning_rate=0.2))
    timeline.advance(5, clock)
    timeline.seek(14)
    timeline.follow(rewired(timeline.session.project, 1))
    timeline.advance(6, clock)
    timeline.lines[2].name = "faster, ω"
    return timeline


def again(timeline: Timeline, room_bytes: int = ROOM) -> Timeline:
    """The timeline, told and taken up by another session."""
    project, state = end_of(timeline)
    session = Session(project, state=state, path=state.path)
    return restored(session, state_of(timeline, room_bytes))


def assert_same_moment(first: Moment, second: Moment) -> None:
    for name in ("parameters", "start", "slots"):
        assert getattr(first.state, name).tobytes() == getattr(second.state, name).tobytes()
    for name in ("step", "cleared_at", "path", "rewirings", "place", "watch", "metrics"):
        assert getattr(first.state, name) == getattr(second.state, name)
    assert (first.project, first.events, first.shape) == (second.project, second.events, second.shape)
    assert len(first.boxes) == len(second.boxes)
    for one, two in zip(first.boxes, second.boxes, strict=True):
        assert one.indices.tobytes() == two.indices.tobytes()
        assert one.numbers.parameters.tobytes() == two.numbers.parameters.tobytes()


def assert_same_film(first: Timeline, second: Timeline, steps: list[int] | None = None) -> None:
    """Every line of both, at its end and at some steps."""
    assert first.lines.keys() == second.lines.keys()
    assert first.line.number == second.line.number
    for number in (*first.lines, first.line.number):
        for timeline in (first, second):
            timeline.switch(number)
            timeline.to_end()
        assert equal(first.session.state(), second.session.state())
        assert_same_moment(first.session.moment(), second.session.moment())
        for step in steps or range(first.first_step, first.last_step, 3):
            if first.first_step <= step <= first.last_step:
                for timeline in (first, second):
                    timeline.seek(step)
                assert_same_moment(first.session.moment(), second.session.moment())
    for number, line in first.lines.items():
        other = second.lines[number]
        for name in ("number", "parent", "forked_at", "name", "inherited"):
            assert getattr(line, name) == getattr(other, name)


@pytest.mark.parametrize("training", [{}, {"optimizer": "adam", "precision": "float32"}], ids=str)
def test_every_step_of_every_line_is_the_same_again(training: dict[str, Any]) -> None:
    timeline = film(**training)
    assert_same_film(timeline, again(timeline))


def test_a_run_of_both_engines_is_the_same_again() -> None:
    timeline = film("kernel")
    timeline.hand_over("reference")
    timeline.advance(4)
    assert_same_film(timeline, again(timeline))


def test_it_goes_on_the_same_on_every_line() -> None:
    first = film()
    second = again(first)
    for number in (1, 2, 3):
        for timeline in (first, second):
            timeline.switch(number)
            timeline.advance(9)
        assert equal(first.session.state(), second.session.state())


def test_undo_after_it_was_taken_up_brings_back_what_was_removed() -> None:
    timeline = Timeline(Session(circle()))
    timeline.advance(5)
    before = timeline.session.project
    kept = timeline.session.parameters.tobytes()
    timeline.follow(rewired(before))
    second = again(timeline)
    for each in (timeline, second):
        each.follow(before)
    assert second.session.parameters.tobytes() == kept
    assert equal(timeline.session.state(), second.session.state())


def test_it_can_be_told_from_anywhere_in_the_past() -> None:
    timeline = film()
    state = end_of(timeline)[1]
    timeline.seek(7)
    project, past = end_of(timeline)
    assert equal(past, state)
    second = restored(Session(project, state=past), state_of(timeline, ROOM))
    assert timeline.step == 7
    timeline.to_end()
    assert_same_film(timeline, second, [3, 15, 19])


@settings(max_examples=12)
@given(data=st.data())
def test_a_random_run_is_the_same_again_with_less_room(data: st.DataObject) -> None:
    timeline = Timeline(Session(circle(optimizer=data.draw(st.sampled_from(["sgd", "adam"])))))
    clock = steady()
    for at in range(data.draw(st.integers(1, 6))):
        timeline.advance(data.draw(st.integers(1, 12)), clock)
        if data.draw(st.booleans()):
            timeline.seek(data.draw(st.integers(0, timeline.last_step)))
        project, kind = timeline.session.project, data.draw(st.sampled_from(EDITS))
        network = edited(project.network, kind, at)
        try:
            timeline.follow(replace(project, network=network))
        except BpvizError:
            timeline.to_end()
    timeline.advance(data.draw(st.integers(0, 9)), clock)
    least = state_of(timeline, ROOM).nbytes
    second = again(timeline, data.draw(st.integers(least // 3, least)) + 2_000_000)
    assert_same_film(timeline, second, data.draw(st.lists(st.integers(0, 40), min_size=1, max_size=4)))


def test_a_copy_of_the_present_line_is_independent_of_it() -> None:
    timeline = film()
    timeline.seek(9)
    copy = copy_of(timeline)
    assert (list(copy.lines), copy.step, timeline.step) == ([3], 20, 9)
    copy.follow(retrained(copy.session.project, learning_rate=1.0))
    copy.advance(8)
    assert timeline.step == 9
    assert_same_film(timeline, film())


# How much is kept


def test_moments_are_thinned_out_until_they_fit() -> None:
    timeline = Timeline(Session(circle()))
    clock = steady()
    timeline.advance(40, clock)
    timeline.follow(retrained(timeline.session.project, learning_rate=0.2))
    timeline.advance(400, clock)
    whole = state_of(timeline, ROOM)
    half = state_of(timeline, whole.nbytes // 2)
    assert whole.nbytes // 8 < half.nbytes <= whole.nbytes // 2
    places = {moment.place for moment in half.lines[0].moments}
    best = timeline.line.moments.best
    assert best is not None
    assert {(0, 0), (40, 0), best.place} <= places  # start, before the edit, best
    assert len(places) < len(whole.lines[0].moments) == len(timeline.line.moments)
    assert_same_film(timeline, again(timeline, whole.nbytes // 2), [0, 33, 40, 41, 377])


def test_room_for_one_moment_is_enough_and_less_is_a_sentence() -> None:
    timeline = Timeline(Session(circle()))
    timeline.advance(50, steady())
    with pytest.raises(SettingError, match=r"One moment of this run needs 0\.01 MB; allow at least so much"):
        state_of(timeline, 100)
    moments = state_of(timeline, 3_000).lines[0].moments
    assert [moment.step for moment in moments] == [0]
    assert_same_film(timeline, again(timeline, 3_000), [0, 17])
    with pytest.raises(SettingError, match=r"The 3 branches of this run need .* MB with one moment each"):
        state_of(film(), 3_000)


def test_what_moments_share_is_told_once() -> None:
    timeline = film()
    told = state_of(timeline, ROOM)
    assert len(told.moments) < sum(len(line.moments) for line in told.lines)
    assert {id(moment) for line in told.lines for moment in line.moments} == {id(one) for one in told.moments}
    kept = {id(moment) for line in timeline.lines.values() for moment in line.moments}
    assert kept == {id(moment) for moment in told.moments}


# What is no timeline of this run


def with_line(state: TimelineState, **changes: Any) -> TimelineState:
    first, *others = state.lines
    return replace(state, lines=(replace(first, **changes), *others))


def with_moment(state: TimelineState, change: Callable[[Moment], Moment]) -> TimelineState:
    first, *others = state.lines[0].moments
    return with_line(state, moments=(change(first), *others))


def with_state(**changes: Any) -> Callable[[TimelineState], TimelineState]:
    return lambda told: with_moment(told, lambda it: replace(it, state=replace(it.state, **changes)))


def with_story(told: TimelineState, *events: Event) -> TimelineState:
    ending = told.lines[0].ending
    assert ending is not None
    story = replace(ending.story, events=events)
    return with_line(told, ending=replace(ending, story=story))


@pytest.mark.parametrize(
    "change",
    [
        lambda told: replace(told, line=9),
        lambda told: replace(told, line=1),
        lambda told: replace(told, lines=()),
        lambda told: replace(told, lines=(*told.lines, told.lines[0])),
        lambda told: with_line(told, parent=1),
        lambda told: with_line(told, moments=()),
        lambda told: with_line(told, ending=None),
        lambda told: with_line(told, ending=replace(told.lines[0].ending, history={})),
        lambda told: with_story(told),
        lambda told: with_story(told, *reversed(told.lines[0].ending.story.events)),
        lambda told: with_moment(told, lambda moment: replace(moment, events=2)),
        lambda told: with_moment(told, lambda moment: replace(moment, events=99)),
        lambda told: with_moment(told, lambda moment: replace(moment, shape=((1, 2**40),) * 3)),
        lambda told: with_moment(told, lambda moment: replace(moment, shape=((0, 0),) * 3)),
        lambda told: with_moment(told, lambda it: replace(it, project=retrained(it.project, seed=8))),
        with_state(step=2**50),
        with_state(parameters=np.zeros(3)),
        with_state(parameters=np.zeros(24, dtype=np.float32)),
        with_state(slots=np.zeros((1, 3))),
        lambda told: replace(told, attic=(replace(told.boxes[0], indices=told.boxes[0].indices + 10**6),)),
        lambda told: replace(told, attic=(replace(told.boxes[0], indices=told.boxes[0].indices[1:]),)),
    ],
)
def test_what_does_not_fit_is_refused_and_the_run_is_as_it_was(
    change: Callable[[TimelineState], TimelineState],
) -> None:
    timeline = film()
    told = change(state_of(timeline, ROOM))
    project, state = end_of(timeline)
    session = Session(project, state=state)
    with pytest.raises(BpvizError):
        restored(session, told)
    assert equal(session.state(), state)
    again, lost = taken_up(session, told)
    assert lost == ("timeline",)
    again.seek(11)
    again.to_end()
    assert equal(session.state(), state)


@pytest.mark.parametrize("lie", ["continued", "remark", "stopped"])
def test_events_that_nobody_can_repeat_are_a_sentence_and_no_endless_loop(lie: str) -> None:
    timeline = film()
    project, state = end_of(timeline)
    told = state_of(timeline, ROOM)
    ending = told.lines[0].ending
    assert ending is not None
    first, *others = ending.story.events
    done = Event(13, "value", address=BiasAddress(project.network.layers[-1].nodes[0].id), old=0.0, new=1.0)
    never = {
        "continued": Event(13, "continued"),
        "remark": Event(13, "remark", words="went on"),
        "stopped": Event(13, "stopped", rule="epochs"),
    }[lie]
    events = (first, done, never, *others)
    ending = replace(
        ending,
        story=replace(ending.story, events=events),
        moment=replace(ending.moment, events=len(events)),
    )
    changed = with_line(told, ending=ending, moments=told.lines[0].moments[:1])
    found = restored(Session(project, state=state), changed)
    found.switch(1)
    with pytest.raises(SettingError, match="What was done at step 13 can't be repeated"):
        found.seek(16)
    found.to_end()
    assert found.step == 40


# A run without its timeline


def test_a_run_is_repeated_from_its_start_where_that_is_known() -> None:
    timeline = film()
    project, state = end_of(timeline)
    found, lost = taken_up(Session(project, state=state), None)
    assert (lost, found.first_step, found.last_step) == ((), 0, 20)
    for step in (0, 11, 14, 17, 19):
        timeline.seek(step)
        found.seek(step)
        assert_same_moment(timeline.session.moment(), found.session.moment())


def test_which_engine_computed_first_is_known_by_what_changed() -> None:
    run = Session(circle(), path="kernel")
    run.advance(3)
    run.hand_over("reference")
    run.advance(3)
    found = repeated(Session(run.project, state=run.state()))
    paths = []
    for step in (2, 4):
        found.seek(step)
        paths.append(found.session.path)
    assert paths == ["kernel", "reference"]


def test_a_start_that_is_not_one_of_this_run_is_not_used() -> None:
    run = Session(circle())
    run.advance(4)
    for lie in (retrained(circle(), seed=9), circle(loss="categorical_cross_entropy"), circle(4)):
        found = repeated(Session(run.project, state=replace(run.state(), began=lie)))
        assert found.first_step == 4


def test_a_run_that_nothing_tells_of_begins_where_it_stands() -> None:
    run = Session(circle())
    run.advance(9)
    for began, events in ((None, ()), (run.project, (Event(4, "remark", words="went on"),))):
        state = replace(run.state(), began=began, events=events)
        found = repeated(Session(run.project, state=state))
        assert (found.first_step, found.last_step) == (9, 9)
        with pytest.raises(SettingError, match="only step 9 is known"):
            found.seek(4)
        found.advance(3)
        with pytest.raises(SettingError, match="has the steps 9 to 12"):
            found.seek(4)
