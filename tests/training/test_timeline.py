from __future__ import annotations

import random
from dataclasses import replace
from itertools import count, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpviz.errors import SettingError
from bpviz.model.spec import Project, Stop
from bpviz.training import history
from bpviz.training.bins import BinTable
from bpviz.training.session import Session
from bpviz.training.snapshot import Path
from bpviz.training.timeline import Timeline
from tests.training.hands import NUMBERS, OFTEN, PATHS, Hand, Move, differences, some_project
from tests.training.projects import circle, first_weight, retrained, sine

pytestmark = pytest.mark.thorough


@st.composite
def projects(draw: st.DrawFn) -> Project:
    return some_project(lambda options: draw(st.sampled_from(options)))


@st.composite
def scripts(draw: st.DrawFn) -> list[Move]:
    numbers = st.integers(0, NUMBERS[-1])
    return draw(st.lists(st.tuples(st.sampled_from(OFTEN), numbers, numbers), min_size=8, max_size=30))


def played(project: Project, path: Path, script: list[Move], room: int | None, tick_s: float) -> Hand:
    hand = Hand(project, path, room_moments=room, tick_s=tick_s)
    for move in script:
        hand.perform(move)
    return hand


def ticking() -> Timeline:
    """A run that keeps a moment at every step."""
    return Timeline(Session(circle()))


def go(timeline: Timeline, steps: int) -> int:
    """Make steps while a clock runs so quickly that every one of them is kept."""
    clock = count(1)
    return sum(timeline.advance(1, lambda: float(next(clock))) for _ in range(steps))


@given(
    projects(),
    st.sampled_from(PATHS),
    scripts(),
    st.sampled_from((None, 3, 10)),
    st.sampled_from((0.0, 0.03, 0.2)),
)
@settings(max_examples=300)
def test_every_place_of_a_run_is_what_a_straight_run_has_there(
    project: Project, path: Path, script: list[Move], room: int | None, tick_s: float
) -> None:
    played(project, path, script, room, tick_s).check(seeks=[len(script), 7])


@given(projects(), st.sampled_from(PATHS), scripts(), st.sampled_from((None, 5)))
@settings(max_examples=40)
def test_so_it_is_where_bins_merge_every_few_steps(
    project: Project, path: Path, script: list[Move], room: int | None
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BinTable.__init__, "__defaults__", (8,))
        patch.setattr(history, "NODE_BINS", 4)
        played(project, path, script, room, 0.1).check(seeks=[5])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_fifty_seeks_back_and_forth_show_what_play_showed(path: Path, precision: str) -> None:
    chance = random.Random(1)
    hand = Hand(circle(optimizer="adam", precision=precision), path)
    for _ in range(6):
        hand.perform(("play", 13, 0))
        hand.perform(("edit", chance.choice(NUMBERS), chance.choice(NUMBERS)))
    for _ in range(50):
        hand.perform(("seek", chance.choice(NUMBERS), 0))
    hand.check()


def test_a_failure_is_repeated_as_it_was_and_so_is_what_was_tried_against_it() -> None:
    project = sine(learning_rate=30.0)
    timeline = Timeline(Session(project))
    assert go(timeline, 200) < 200
    failed = timeline.session.moment()
    assert "left the finite numbers" in (timeline.session.stopped or "")
    timeline.seek(1)
    assert timeline.session.stopped is None
    timeline.seek(failed.step)
    assert differences(timeline.session.moment(), failed) == []
    for rate in (1e-3, 1e-6):  # at weights of 1e150 no rate helps
        timeline.follow(retrained(project, learning_rate=rate))
        timeline.go_on()
        assert timeline.advance(1) == 0
    after = timeline.session.moment()
    timeline.seek(failed.step - 1)
    timeline.seek(failed.step)
    assert differences(timeline.session.moment(), after) == []
    kinds = [event.kind for event in timeline.story.events]
    assert kinds == ["stopped", "edited", "continued", "stopped", "edited", "continued", "stopped"]


def test_a_good_moment_is_the_latest_whose_loss_is_near_the_best_whatever_was_measured_before() -> None:
    project = sine(learning_rate=30.0)
    timeline = Timeline(Session(project))
    go(timeline, 200)
    good = timeline.good_moment()
    assert good is not None
    losses: dict[int, float] = {}
    for kept in list(timeline.line.moments):
        timeline.seek(kept.step)
        losses[kept.step] = timeline.session.evaluate().train_loss
    best = min(losses.values())
    assert good.step == max(step for step, loss in losses.items() if loss <= 10 * best)
    assert max(losses.values()) > 10 * best, "there is something to beware of"
    timeline.seek(good.step)
    timeline.follow(retrained(project, learning_rate=0.01))
    assert timeline.advance(50) == 50


def test_start_best_and_what_was_before_an_edit_or_a_failure_outlast_thinning_out() -> None:
    session = Session(circle(stop=Stop(epochs=20)))
    timeline = Timeline(session, 12 * session.moment().nbytes)
    go(timeline, 10)
    timeline.follow(retrained(session.project, learning_rate=0.1))
    go(timeline, 200)
    assert session.stopped is not None
    kept = {moment.place for moment in timeline.line.moments}
    assert {(0, 0), (10, 0), (60, 2)} <= kept
    best = timeline.line.moments.best
    assert best is not None
    assert best.state.metrics.train_loss == min(
        kept.state.metrics.train_loss for kept in timeline.line.moments
    )
    assert sum(moment.nbytes for moment in timeline.line.moments) <= 12 * session.moment().nbytes


def test_any_step_is_near_a_kept_one_however_long_the_run() -> None:
    session = Session(circle(2))
    timeline = Timeline(session, 20 * session.moment().nbytes)
    go(timeline, 300)
    steps = [moment.step for moment in timeline.line.moments]
    gaps = [after - before for before, after in zip(steps, [*steps[1:], 300], strict=True)]
    assert len(steps) > 20 / 2 - 1
    assert max(gaps) <= 3 * 300 / 20


def test_moments_are_as_near_to_each_other_behind_a_hand_over_or_an_edit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s, step_s, advance = 0.0, {"kernel": 1e-5, "reference": 1e-3}, Session.advance

    def timed(session: Session, steps: int) -> int:
        nonlocal now_s
        made = advance(session, steps)
        now_s += made * step_s[session.path]
        return made

    monkeypatch.setattr(Session, "advance", timed)
    timeline = Timeline(Session(circle(), path="kernel"))
    timeline.advance(60_000, lambda: now_s)
    timeline.hand_over("reference")
    timeline.advance(1_000, lambda: now_s)
    steps = [moment.step for moment in timeline.line.moments if moment.step > 60_000]
    assert max(after - before for before, after in pairwise(steps)) <= 200  # of 1 ms each
    assert len(steps) >= 5


def test_without_room_for_one_moment_there_is_a_sentence() -> None:
    with pytest.raises(SettingError, match=r"One moment of this run needs .* MB; allow at least so much"):
        Timeline(Session(circle()), 100)


def test_steps_and_branches_that_are_not_there_are_a_sentence_and_nothing_moves() -> None:
    timeline = ticking()
    go(timeline, 5)
    for step in (-1, 6):
        for way in (timeline.seek, timeline.glance):
            with pytest.raises(SettingError, match="the steps 0 to 5; choose one"):
                way(step)
    with pytest.raises(SettingError, match="no branch 7; choose among 1"):
        timeline.switch(7)
    with pytest.raises(SettingError, match="no branch 7; choose among 1"):
        timeline.remove(7)
    with pytest.raises(SettingError, match="switch to another one first"):
        timeline.remove(1)
    assert (timeline.step, timeline.at_end, list(timeline.lines)) == (5, True, [1])


def test_a_run_that_a_first_version_saved_begins_at_its_saved_step() -> None:
    straight = Session(circle())
    straight.advance(5)
    saved = replace(straight.state(), began=None)
    timeline = Timeline(Session(straight.project, state=saved))
    timeline.advance(4)
    straight.advance(4)
    timeline.seek(5)
    assert (timeline.first_step, timeline.step, timeline.last_step) == (5, 5, 9)
    with pytest.raises(SettingError, match="5 to 9"):
        timeline.seek(4)
    timeline.to_end()
    assert differences(timeline.session.moment(), straight.moment()) == []


def test_a_branch_leaves_the_old_future_where_it_was() -> None:
    timeline = ticking()
    go(timeline, 12)
    future = timeline.session.moment()
    timeline.seek(4)
    timeline.set_value(first_weight(timeline.session.project), 0.5)
    timeline.advance(3)
    line = timeline.line
    assert (line.number, line.parent, line.forked_at, timeline.last_step) == (2, 1, 4, 7)
    timeline.switch(1)
    assert differences(timeline.session.moment(), future) == []
    removed = timeline.remove(2)
    assert list(timeline.lines) == [1]
    timeline.put_back(removed)
    timeline.switch(2)
    assert timeline.step == 7


def test_looking_at_the_past_shows_the_curves_of_the_whole_run() -> None:
    timeline = ticking()
    go(timeline, 12)
    timeline.seek(3)
    seen = timeline.session.snapshot(frozenset({"batch_loss", "train_loss"}), look=timeline.look())
    assert seen.step == 3
    assert seen.series["batch_loss"].last_step[-1] == 11


def test_a_place_in_the_past_changes_no_path_and_going_on_there_is_a_branch() -> None:
    timeline = ticking()
    go(timeline, 6)
    timeline.seek(2)
    timeline.hand_over("kernel")
    assert (timeline.session.path, len(timeline.lines)) == ("reference", 1)
    timeline.go_on()
    assert (timeline.at_end, timeline.line.number, timeline.step) == (True, 2, 2)
