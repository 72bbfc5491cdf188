"""The player without Qt, without a thread, and with a clock that only we move."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

import pytest

from bpviz.errors import SettingError
from bpviz.model.edits import add_node, remove_nodes, set_training
from bpviz.model.spec import BiasAddress, Project, Stop
from bpviz.training.breakpoints import Breakpoint
from bpviz.training.known import Known
from bpviz.training.places import WHOLE
from bpviz.training.player import Player
from bpviz.training.run import Run
from bpviz.training.screen import FRAME_S
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.speed import Speed
from bpviz.training.walk import Move, Walk
from tests.training.hands import differences
from tests.training.projects import circle, retrained, sine
from tests.training.test_observer import Clock

STEP_S = 0.001
PHASES = 9  # of a network with two hidden layers


class Programs:
    """Compiled programs that are ready, or fail, when we say so."""

    def __init__(self, *, all_ready: bool = True) -> None:
        self.all_ready = all_ready
        self.error: str | None = None
        self.notice: str | None = None

    def ready(self, _name: str) -> bool:
        return self.all_ready

    def start(self) -> None:
        """Nothing is to be started."""

    def close(self) -> None:
        """Nothing is to be closed."""


class Theater:
    """A player, what its audience has heard, and a timer that calls it as it says.

    Attributes:
        draws: Whether snapshots are drawn at once.
    """

    def __init__(
        self, clock: Clock, project: Project | None = None, programs: Programs | None = None
    ) -> None:
        self.clock = clock
        self.shown: list[Snapshot] = []
        self.said: list[str] = []
        self.ended: list[int] = []
        self.closing = False
        self.draws = True
        self.player = Player(self, lambda: self.closing, self.clock)
        if programs is not None:
            self.player.stage.use_kernels(programs)
        if project is not None:
            self.player.arrange(lambda stage: stage.load(1, project))
            self.draw()

    def show(self, snapshot: Snapshot) -> None:
        self.shown.append(snapshot)

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def end(self, run_id: int) -> None:
        self.ended.append(run_id)

    @property
    def run(self) -> Run:
        run = self.player.stage.run
        assert run is not None
        return run

    @property
    def session(self) -> Session:
        return self.run.session

    def draw(self) -> None:
        while self.draws and self.player.screen.in_flight:
            self.player.acknowledge()

    def wait(self, seconds: float) -> None:
        """Let the timer run until so much later, or until there is nothing to do."""
        self.draw()
        until = self.clock.now_s + seconds
        while self.clock.now_s < until and (wait_ms := self.player.wait_ms) is not None:
            self.clock.now_s += wait_ms / 1000
            self.player.slice()
            self.draw()


Open: TypeAlias = Callable[..., Theater]


@pytest.fixture
def theater_of(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open theaters in which time passes only while somebody waits, or steps are made."""
    clock, advance = Clock(), Session.advance

    def timed(session: Session, steps: int) -> int:
        made = advance(session, steps)
        clock.now_s += made * STEP_S
        return made

    monkeypatch.setattr(Session, "advance", timed)
    return partial(Theater, clock)


def test_a_run_begins_paused_and_is_shown(theater_of: Open) -> None:
    theater = theater_of(circle())
    assert [(seen.step, seen.run_id) for seen in theater.shown] == [(0, 1)]
    assert not theater.player.playing
    assert theater.player.wait_ms is None


def test_without_a_run_nothing_happens_whatever_is_asked(theater_of: Open) -> None:
    theater = theater_of()
    player = theater.player
    for ask in (player.play, player.pause, player.make_step, player.finish_epoch, player.acknowledge):
        ask()
    player.play(goal=5)
    player.seek(3)
    player.look_inside(lambda walk: walk.move("phase"))
    player.slice()
    assert player.screen.report(frozenset()) is None
    assert (player.playing, player.wait_ms, theater.shown) == (False, None, [])


def test_the_next_snapshot_waits_until_the_last_was_drawn_and_the_reference_rests_meanwhile(
    theater_of: Open,
) -> None:
    theater = theater_of(circle())
    theater.draws = False
    theater.player.play()
    theater.wait(1.0)
    assert len(theater.shown) == 2
    step = theater.session.step
    assert step > 0
    theater.player.slice()  # a call that was on its way changes nothing about that
    assert theater.player.wait_ms is None
    theater.player.acknowledge()
    theater.wait(1.0)
    assert len(theater.shown) == 3
    assert theater.session.step > step


def test_kernels_train_on_while_the_window_draws(theater_of: Open) -> None:
    theater = theater_of(circle(), Programs())
    theater.draws = False
    theater.player.play()
    theater.wait(0.2)
    assert theater.session.path == "kernel"
    assert len(theater.shown) == 2
    step = theater.session.step
    theater.wait(0.2)
    assert theater.session.step > step
    assert len(theater.shown) == 2
    theater.draws = True
    theater.player.acknowledge()
    theater.wait(0.1)
    assert theater.shown[-1].step > step


def test_snapshots_come_no_faster_than_frames(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.play()
    before = len(theater.shown)
    theater.wait(1.0)
    assert 0.5 / FRAME_S < len(theater.shown) - before <= 1.0 / FRAME_S + 1


def test_at_a_pace_it_makes_so_many_steps_a_second(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.set_speed(Speed("step", 100))
    theater.player.play()
    assert theater.player.wait_ms == 10
    theater.wait(1.0)
    assert theater.session.step == pytest.approx(100, abs=3)
    assert theater.shown[-1].steps_per_s == pytest.approx(100, rel=0.05)


def test_to_a_goal_it_goes_flat_out_ends_there_and_tells_so_once(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.set_speed(Speed("step", 3))
    theater.player.play(goal=200)
    theater.wait(5.0)
    assert (theater.session.step, theater.ended, theater.player.playing) == (200, [1], False)
    assert theater.shown[-1].step == 200
    seconds = theater.run.seconds
    assert 0 < seconds < 5
    theater.wait(5.0)
    theater.clock.now_s += 9
    theater.player.pause()
    assert theater.run.seconds == seconds


def test_an_epoch_is_finished_and_in_the_past_its_end_is_shown(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.make_step()
    theater.draw()
    theater.player.finish_epoch()
    theater.wait(1.0)
    assert theater.session.step == 3
    theater.player.play(goal=9)
    theater.wait(1.0)
    theater.player.seek(4)
    theater.wait(1.0)
    theater.player.finish_epoch()
    assert (theater.run.timeline.step, theater.run.timeline.at_end, len(theater.run.timeline.lines)) == (
        6,
        False,
        1,
    )


def test_a_stop_rule_ends_playing_and_play_goes_on_past_it(theater_of: Open) -> None:
    theater = theater_of(circle(stop=Stop(epochs=2)))
    theater.player.play()
    theater.wait(1.0)
    assert (theater.session.step, theater.ended, theater.shown[-1].stopped_by) == (6, [1], "epochs")
    theater.player.play()
    theater.wait(0.05)
    assert theater.session.step > 6
    assert theater.player.playing


def test_a_run_that_diverges_ends_and_says_where_to_go_back_to(theater_of: Open) -> None:
    theater = theater_of(sine(learning_rate=30.0))
    theater.player.play()
    theater.wait(1.0)
    assert theater.ended == [1]
    last = theater.shown[-1]
    assert last.stopped_by == "diverged"
    assert last.timeline is not None
    assert last.timeline.good is not None


def test_phase_by_phase_each_is_shown_when_it_is_due(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.set_speed(Speed("phase", 4))
    theater.player.play()
    before = len(theater.shown)
    theater.wait(2.5)
    assert theater.session.step == 1
    walked = [seen.cursor.index for seen in theater.shown[before:] if seen.cursor is not None]
    assert walked == [*range(PHASES), *range(len(walked) - PHASES)]
    assert 9 <= len(walked) <= 11


def test_play_flat_out_leaves_the_walk_and_makes_the_step_it_was_in(theater_of: Open) -> None:
    theater = theater_of(circle())
    for _ in range(3):
        theater.player.look_inside(lambda walk: walk.move("phase"))
        theater.draw()
    theater.player.play()
    theater.wait(0.05)
    straight = Session(circle())
    straight.advance(theater.session.step)
    assert theater.run.walk.cursor is None
    assert differences(theater.session.moment(), straight.moment()) == []


def test_one_step_is_made_paused_and_in_the_past_only_shown(theater_of: Open) -> None:
    theater = theater_of(circle())
    for _ in range(4):
        theater.player.make_step()
        theater.draw()
    assert (theater.session.step, theater.player.playing) == (4, False)
    theater.player.seek(1)
    theater.wait(1.0)
    theater.player.make_step()
    timeline = theater.run.timeline
    assert (timeline.step, timeline.last_step, timeline.at_end, len(timeline.lines)) == (2, 4, False, 1)


def test_play_from_the_past_makes_a_branch_and_the_old_future_stays(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.play(goal=50)
    theater.wait(1.0)
    future = theater.session.moment()
    theater.player.seek(20)
    theater.wait(1.0)
    assert theater.shown[-1].step == 20
    theater.player.play()
    theater.wait(0.05)
    theater.player.pause()
    timeline = theater.run.timeline
    assert (timeline.line.number, timeline.line.forked_at, timeline.at_end) == (2, 20, True)
    timeline.switch(1)
    assert differences(theater.session.moment(), future) == []


def test_a_seek_shows_a_kept_moment_at_once_and_the_step_itself_when_it_is_repeated(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.play(goal=300)
    theater.wait(5.0)
    theater.player.seek(299)
    first = theater.shown[-1]
    assert first.timeline is not None
    assert first.step < 299
    assert not first.timeline.exact
    assert theater.player.wait_ms is None, "the reference rests until that is drawn"
    theater.draw()
    theater.wait(5.0)
    last = theater.shown[-1]
    assert last.timeline is not None
    assert (last.step, last.timeline.exact, last.timeline.last_step) == (299, True, 300)
    assert theater.player.wait_ms is None


def test_whoever_seeks_somewhere_else_on_the_way_gets_there(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.play(goal=300)
    theater.wait(5.0)
    theater.player.seek(299)
    theater.draw()
    theater.player.slice()
    theater.draw()
    theater.player.seek(7)
    theater.draw()
    theater.wait(5.0)
    straight = Session(circle())
    straight.advance(7)
    assert differences(theater.session.moment(), straight.moment()) == []


def test_an_edit_does_not_pause_and_a_value_reaches_only_the_run_that_was_meant(theater_of: Open) -> None:
    project = circle()
    theater = theater_of(project)
    theater.player.play()
    theater.wait(0.1)
    theater.player.adjust(lambda stage: stage.follow(retrained(project, learning_rate=0.5), 7))
    assert theater.player.playing
    assert theater.shown[-1].edition == 7
    address = BiasAddress(project.network.layers[1].nodes[0].id)
    theater.player.adjust(lambda stage: stage.set_values(1, {address: 0.25}))
    assert theater.session.value(address) == 0.25
    theater.player.adjust(lambda stage: stage.set_values(2, {address: 4.0}))
    assert theater.session.value(address) == 0.25
    assert theater.said == ["That was meant for another run; nothing was changed in this one."]


def test_an_edit_that_ends_a_run_keeps_it_and_undo_brings_it_back(theater_of: Open) -> None:
    project = circle()
    theater = theater_of(project)
    theater.player.play(goal=30)
    theater.wait(1.0)
    kept = theater.session.moment()
    theater.player.arrange(lambda stage: stage.replace(2, set_training(project, seed=9), "A new seed."))
    theater.draw()
    assert theater.said == ["A new seed; undo brings it back."]
    assert (theater.session.step, theater.shown[-1].run_id) == (0, 2)
    theater.player.arrange(lambda stage: stage.replace(3, project, "A new seed."))
    theater.draw()
    assert theater.said[1:] == ["The run from before is back, at step 30."]
    assert differences(theater.session.moment(), kept) == []
    assert theater.run.ids == {1, 3}


def test_a_run_of_the_compiled_engine_waits_for_it(theater_of: Open) -> None:
    saved = Session(circle(), path="kernel")
    saved.advance(40)
    programs = Programs(all_ready=False)
    theater = theater_of(None, programs)
    theater.player.arrange(lambda stage: stage.load(1, saved.project, saved.state()))
    theater.draw()
    theater.player.play()
    theater.wait(1.0)
    assert (theater.session.step, theater.player.wait_ms, theater.player.playing) == (40, 50, True)
    assert "as soon as that is ready" in theater.said[0]
    programs.all_ready = True
    theater.wait(0.2)
    assert theater.session.step > 40
    assert theater.session.path == "kernel"


def test_if_the_compiled_engine_never_comes_the_reference_takes_over_and_one_is_told_why(
    theater_of: Open,
) -> None:
    saved = Session(circle(), path="kernel")
    saved.advance(40)
    programs = Programs(all_ready=False)
    programs.error = "The compiled engine is not to be had."
    theater = theater_of(None, programs)
    theater.player.arrange(lambda stage: stage.load(1, saved.project, saved.state()))
    theater.draw()
    theater.player.play()
    theater.wait(0.1)
    assert theater.session.path == "reference"
    assert theater.session.step > 40
    assert theater.said == ["The compiled engine is not to be had."]


def test_when_all_is_closing_nothing_more_is_begun(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.play()
    theater.closing = True
    assert theater.player.wait_ms is None
    theater.player.slice()
    assert (theater.session.step, theater.player.playing) == (0, False)


def test_a_step_beyond_the_run_is_refused_in_a_sentence_and_the_run_stands_where_it_stood(
    theater_of: Open,
) -> None:
    theater = theater_of(circle())
    theater.player.play(goal=5)
    theater.wait(1.0)
    with pytest.raises(SettingError, match="choose one of them"):
        theater.player.seek(6)
    assert (theater.session.step, theater.run.timeline.at_end, theater.player.wait_ms) == (5, True, None)


def test_views_that_want_more_get_it_at_once_and_nobody_else_a_picture(theater_of: Open) -> None:
    theater = theater_of(circle())
    before = len(theater.shown)
    theater.player.screen.set_wants(frozenset({"parameters"}))
    theater.draw()
    theater.player.screen.set_wants(frozenset())
    assert len(theater.shown) == before + 1
    assert theater.shown[-1].parameters is not None


def test_a_report_from_the_past_has_the_run_as_it_ends_and_the_numbers_that_are_looked_at(
    theater_of: Open,
) -> None:
    theater = theater_of(circle())
    theater.player.play(goal=30)
    theater.wait(1.0)
    theater.player.seek(12)
    theater.draw()
    theater.wait(1.0)
    report = theater.player.screen.report(frozenset())
    assert report is not None
    assert report.state is not None
    assert (report.snapshot.step, report.state.step, theater.run.timeline.step) == (12, 30, 12)


def test_while_it_plays_moments_are_kept_so_that_any_step_is_near(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.play()
    theater.wait(1.0)
    kept = [moment.step for moment in theater.run.timeline.line.moments]
    assert 5 <= len(kept) <= 12
    assert kept[0] == 0


def test_phases_are_played_at_any_speed_and_in_the_past_without_leaving_it(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.play(goal=20)
    theater.wait(1.0)
    theater.player.seek(4)
    theater.wait(1.0)
    theater.player.play(phases=True)
    before = len(theater.shown)
    theater.wait(5.1)
    walked = [seen.cursor.index for seen in theater.shown[before:] if seen.cursor is not None]
    assert walked == [*range(PHASES), *range(len(walked) - PHASES)]
    assert 10 <= len(walked) <= 12, "two a second, although the speed is in steps"
    assert (theater.run.timeline.last_step, len(theater.run.timeline.lines)) == (20, 1)
    theater.player.play()
    theater.wait(0.05)
    assert theater.run.walk.cursor is None, "play itself goes on with steps"


def edited(project: Project, chance: random.Random) -> Project:
    """The project with a hidden node more or less, or another rate."""
    layer = project.network.layers[1]
    if chance.random() < 0.3:
        return retrained(project, learning_rate=chance.choice((0.1, 0.2)))
    if len(layer.nodes) > 2 and chance.random() < 0.5:
        return replace(project, network=remove_nodes(project.network, {layer.nodes[-1].id}))
    return replace(project, network=add_node(project.network, layer.id, f"n{chance.random()}"))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_shown_of_a_step_is_of_the_network_that_made_it(theater_of: Open, seed: int) -> None:
    """However somebody walks, winds, plays, edits and takes back, no snapshot mixes two networks."""
    theater, chance = theater_of(circle()), random.Random(seed)
    player, projects = theater.player, [circle()]
    player.screen.set_wants(frozenset({"trace", "parameters"}))

    def follow(project: Project) -> None:
        player.arrange(lambda stage: stage.follow(project))

    def edit() -> None:
        projects.append(edited(theater.session.project, chance))
        follow(projects[-1])

    ways: list[tuple[int, Callable[[], object]]] = [
        (6, lambda: player.look_inside(lambda walk: walk.move("phase"))),
        (6, lambda: player.look_inside(lambda walk: walk.move("back"))),
        (2, lambda: player.look_inside(lambda walk: walk.move("first"))),
        (3, lambda: player.look_inside(lambda walk: walk.move("last"))),
        (1, lambda: player.look_inside(lambda walk: walk.look_beside(1))),
        (3, player.make_step),
        (3, edit),
        (1, lambda: follow(chance.choice(projects))),
        (1, lambda: player.seek(chance.randint(0, theater.run.timeline.last_step))),
        (1, lambda: player.play(phases=True)),
        (1, player.play),
    ]
    seen_in_update = 0
    for _ in range(150):
        chance.choices([way for _, way in ways], [weight for weight, _ in ways])[0]()
        theater.wait(0.005)
        for snapshot in theater.shown:
            if snapshot.trace is None:
                continue
            assert snapshot.trace.trace.plan.size == snapshot.compiled.plan.size
            assert snapshot.parameters is not None
            assert snapshot.parameters.size == snapshot.compiled.plan.size
            known = Known.of(snapshot)
            assert known is not None
            assert known.parameters("value").size == snapshot.compiled.plan.size
            seen_in_update += snapshot.cursor is not None and snapshot.cursor.is_last
        theater.shown.clear()
    assert seen_in_update


def test_phases_that_are_played_stop_at_a_breakpoint(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.guard.watch([Breakpoint("mean_loss", "exceeds", 0.0)])
    theater.player.play(phases=True)
    theater.wait(60.0)
    assert (theater.player.playing, theater.ended) == (False, [1])
    cursor = theater.shown[-1].cursor
    assert cursor is not None
    assert (cursor.phase.kind, cursor.stopped_at) == ("loss", WHOLE)
    assert len(theater.said) == 1
    theater.player.set_speed(Speed("step", 100))
    theater.player.play()
    theater.wait(1.0)
    assert theater.session.step > 10, "play itself knows no breakpoints"
    assert len(theater.said) == 1


def test_the_next_breakpoint_is_gone_on_to_and_that_can_be_given_up(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.guard.watch([Breakpoint("z", "not_finite")])
    theater.player.go_on_to_breakpoint(most_steps=5)
    assert theater.player.playing
    theater.wait(5.0)
    assert (theater.player.playing, theater.ended, theater.session.step) == (False, [1], 5)
    assert theater.said == ["No breakpoint was met in 5 steps."]
    theater.player.go_on_to_breakpoint(most_steps=5)
    theater.player.pause()
    assert (theater.player.playing, theater.player.wait_ms) == (False, None)
    theater.player.guard.watch([Breakpoint("mean_loss", "exceeds", 0.0)])
    theater.player.go_on_to_breakpoint()
    theater.wait(5.0)
    cursor = theater.shown[-1].cursor
    assert cursor is not None
    assert cursor.stopped_at == WHOLE


def test_a_step_forward_by_hand_says_which_breakpoint_it_meets_and_a_step_back_says_nothing(
    theater_of: Open,
) -> None:
    theater = theater_of(circle())
    theater.player.guard.watch([Breakpoint("mean_loss", "exceeds", 0.0)])
    moves: tuple[Move, ...] = ("phase", "phase", "phase", "phase", "phase", "phase", "back", "back")
    for move, said in zip(moves, (0, 0, 0, 0, 1, 1, 1, 1), strict=True):
        theater.player.look_inside(partial(Walk.move, move=move))
        theater.draw()
        assert len(theater.said) == said


def test_an_example_that_is_not_there_is_said_and_nothing_moves(theater_of: Open) -> None:
    theater = theater_of(circle())
    theater.player.look_inside(lambda walk: walk.look_at_row(int(theater.session.prepared.test_rows[0])))
    assert len(theater.said) == 1
    assert theater.run.walk.cursor is None


def test_phases_of_a_stopped_run_are_played_on_until_it_stops_again(theater_of: Open) -> None:
    theater = theater_of(circle(stop=Stop(epochs=1)))
    theater.player.play()
    theater.wait(1.0)
    theater.player.play(phases=True)
    theater.wait(2.0)
    assert theater.player.playing
    assert theater.shown[-1].cursor is not None
