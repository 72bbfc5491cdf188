"""The run behind the window: commands go in, snapshots come out, nothing is lost and nothing waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from bpviz.data.settings import DataSettings
from bpviz.model.edits import connect, on_network, remove_link, set_data, set_training
from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import counting_from
from bpviz.model.spec import BiasAddress, Project, Stop
from bpviz.training.player import Player
from bpviz.training.report import Report
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.training.speed import Speed
from bpviz.ui.run.controller import TrainingController
from tests.ui.run.asking import report_of


@pytest.fixture
def load(controller: TrainingController, qtbot: QtBot) -> Callable[[Project], None]:
    """Load a project and wait until it is there."""

    def load_and_wait(project: Project) -> None:
        with qtbot.waitSignal(controller.snapshot):
            controller.load(project)

    return load_and_wait


Load = Callable[[Project], None]
Train = Callable[[int, int], None]


def _without_its_last_link(project: Project) -> Project:
    source, target = project.network.links[-1].key
    return on_network(partial(remove_link, source=source, target=target))(project)


def test_loading_shows_the_start_and_does_not_play(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project
) -> None:
    load(small)
    assert (seen[0].step, controller.playing, controller.problem) == (0, False, "")


def test_training_in_the_thread_gives_the_bits_of_a_session(
    controller: TrainingController, load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.run_to(150)
    qtbot.waitUntil(lambda: not controller.playing)
    alone = Session(small)
    alone.advance(150)
    state = report_of(controller, qtbot).state
    assert state.step == 150
    np.testing.assert_array_equal(state.parameters, alone.parameters)


class _Painted(QWidget):
    """Notes when it is painted."""

    def __init__(self, noted: list[str]) -> None:
        super().__init__()
        self._noted = noted

    def paintEvent(self, event: QPaintEvent) -> None:
        self._noted.append("painted")


def test_what_takes_long_is_handed_over_once_the_window_is_drawn_and_before_what_is_asked_next(
    controller: TrainingController, load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    noted: list[str] = []
    widget = _Painted(noted)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    qtbot.waitUntil(lambda: bool(noted))
    noted.clear()

    controller.tell_once_drawn(lambda _player: noted.append("edit"))
    widget.update()
    qtbot.waitUntil(lambda: len(noted) == 2)
    assert noted == ["painted", "edit"]

    controller.tell_once_drawn(lambda _player: noted.append("another edit"))
    controller.tell(lambda _player: noted.append("play"))
    controller.tell_once_drawn(lambda _player: noted.append("a third"))
    report_of(controller, qtbot)
    assert noted[2:] == ["another edit", "play", "a third"]


def test_snapshots_come_in_order_and_carry_time_and_speed(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.play()
    qtbot.waitUntil(lambda: len(seen) >= 6 and seen[-1].steps_per_s > 0)
    controller.pause()
    steps = [snapshot.step for snapshot in seen]
    assert steps == sorted(steps)
    assert seen[-1].seconds > 0


def test_the_next_snapshot_waits_until_the_window_has_drawn(
    controller: TrainingController, load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    flying: list[int] = []
    most: list[int] = []

    def draw(_: Snapshot) -> None:
        flying.append(1)
        most.append(len(flying))

    controller.snapshot.connect(draw)
    controller._asked.connect(lambda what: flying.clear() if what is Player.acknowledge else None)
    controller.play()
    qtbot.waitUntil(lambda: len(most) >= 10)
    controller.pause()
    assert max(most) == 1


def test_what_views_want_is_in_the_snapshot_and_nothing_else(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    assert seen[-1].parameters is None
    controller.set_wants("a", frozenset({"parameters"}))
    controller.set_wants("b", frozenset({"trace"}))
    qtbot.waitUntil(lambda: seen[-1].parameters is not None and seen[-1].trace is not None)
    controller.set_wants("a", frozenset())
    controller.make_step()
    qtbot.waitUntil(lambda: seen[-1].step == 1)
    assert seen[-1].parameters is None
    assert seen[-1].trace is not None


def test_playing_is_said_once(
    controller: TrainingController, load: Load, small: Project, qtbot: QtBot
) -> None:
    heard: list[bool] = []
    controller.playing_changed.connect(heard.append)
    load(small)
    controller.play()
    controller.play()
    controller.pause()
    controller.pause()
    assert heard == [True, False]


def test_a_stop_rule_ends_playing_and_says_why(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(set_training(small, stop=Stop(epochs=2)))
    controller.play()
    qtbot.waitUntil(lambda: not controller.playing)
    qtbot.waitUntil(lambda: seen[-1].stopped is not None)
    assert seen[-1].epoch == 2
    controller.play()  # a user who plays on is not held back by what stopped the run
    qtbot.waitUntil(lambda: seen[-1].epoch > 2)


def test_one_step_one_epoch_and_the_phases_of_a_step(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.make_step()
    qtbot.waitUntil(lambda: seen[-1].step == 1)
    controller.finish_epoch()
    qtbot.waitUntil(lambda: not controller.playing and seen[-1].epoch == 1)
    step = seen[-1].step
    controller.look_inside(lambda walk: walk.move("phase"))
    qtbot.waitUntil(lambda: seen[-1].cursor is not None)
    assert seen[-1].step == step
    controller.look_inside(lambda walk: walk.move("back"))
    qtbot.waitUntil(lambda: seen[-1].cursor is None or seen[-1].cursor.index == 0)


def test_slow_speeds_go_by_phases_and_by_steps(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.set_speed(Speed("phase", 50))
    controller.play()
    qtbot.waitUntil(lambda: seen[-1].cursor is not None)
    controller.set_speed(Speed("step", 200))
    qtbot.waitUntil(lambda: seen[-1].step > 3)
    controller.pause()
    assert seen[-1].steps_per_s < 1000


def test_the_speed_shown_is_never_that_of_another_pace(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.play()
    qtbot.waitUntil(lambda: seen[-1].steps_per_s > 0)
    controller.set_speed(Speed("phase", 50))
    qtbot.waitUntil(lambda: seen[-1].cursor is not None)
    assert seen[-1].steps_per_s == 0


def test_a_retuned_run_goes_on_with_its_weights(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.run_to(20)
    qtbot.waitUntil(lambda: not controller.playing)
    controller.follow(small, set_training(small, learning_rate=0.5))
    controller.make_step()
    qtbot.waitUntil(lambda: seen[-1].step == 21)
    assert seen[-1].learning_rate == 0.5
    assert {snapshot.run_id for snapshot in seen} == {1}


def test_a_rewired_run_keeps_what_still_has_two_ends(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.run_to(20)
    qtbot.waitUntil(lambda: not controller.playing)
    source, target = small.network.layers[0].nodes[0].id, small.network.layers[2].nodes[0].id
    after = on_network(partial(connect, source=source, target=target))(small)
    before = report_of(controller, qtbot).state.parameters
    controller.follow(small, after)
    report = report_of(controller, qtbot)
    assert report.state.step == 20
    assert report.state.parameters.size > before.size
    assert set(before.tolist()) <= set(report.state.parameters.tolist())


def _at(seen: list[Snapshot], run_id: int, step: int) -> bool:
    return (seen[-1].run_id, seen[-1].step) == (run_id, step)


@pytest.fixture
def train(controller: TrainingController, seen: list[Snapshot], qtbot: QtBot) -> Train:
    """Train a run to a step, and wait until it stands there."""

    def train(run_id: int, step: int) -> None:
        controller.run_to(step)
        qtbot.waitUntil(lambda: not controller.playing and _at(seen, run_id, step))

    return train


def test_other_data_start_the_run_again_and_it_is_said(
    controller: TrainingController,
    seen: list[Snapshot],
    load: Load,
    train: Train,
    small: Project,
    qtbot: QtBot,
) -> None:
    load(small)
    said: list[str] = []
    controller.said.connect(said.append)
    noisy = set_data(small, counting_from(900), noise=0.2)
    controller.follow(small, noisy)
    qtbot.waitUntil(lambda: _at(seen, 2, 0))
    train(2, 20)
    controller.follow(noisy, small)
    qtbot.waitUntil(lambda: _at(seen, 3, 0))
    assert len(said) == 1, "nothing was lost by the first of the two edits"
    assert said[0].endswith("again; undo brings it back.")


def test_undo_of_what_started_the_run_again_brings_the_run_back(
    controller: TrainingController,
    load: Load,
    train: Train,
    small: Project,
    qtbot: QtBot,
) -> None:
    load(small)
    train(1, 20)
    kept = report_of(controller, qtbot).state
    other = set_training(small, precision="float32")
    controller.follow(small, other)
    train(2, 7)
    with qtbot.waitSignal(controller.said) as back:
        controller.follow(other, small)
    assert back.args is not None
    assert back.args[0].endswith("at step 20.")
    np.testing.assert_array_equal(report_of(controller, qtbot).state.parameters, kept.parameters)
    controller.follow(small, other)  # redo
    assert report_of(controller, qtbot).state.step == 7


def test_a_run_that_was_brought_back_goes_on_bit_for_bit(
    controller: TrainingController,
    load: Load,
    train: Train,
    small: Project,
    qtbot: QtBot,
) -> None:
    load(small)
    train(1, 20)
    other = set_training(small, seed=7)
    controller.follow(small, other)
    controller.follow(other, small)
    train(3, 50)
    alone = Session(small)
    alone.advance(50)
    np.testing.assert_array_equal(report_of(controller, qtbot).state.parameters, alone.parameters)


def test_another_document_brings_no_run_back(
    controller: TrainingController,
    load: Load,
    train: Train,
    small: Project,
    qtbot: QtBot,
) -> None:
    load(small)
    train(1, 20)
    other = set_training(small, seed=7)
    controller.follow(small, other)
    load(other)
    controller.follow(other, small)
    assert report_of(controller, qtbot).state.step == 0


def test_nothing_is_wanted_while_nobody_watches(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.set_wants("a", frozenset({"parameters"}))
    qtbot.waitUntil(lambda: seen[-1].parameters is not None)
    controller.set_watched(watched=False)
    controller.make_step()
    qtbot.waitUntil(lambda: seen[-1].step == 1)
    assert seen[-1].parameters is None
    controller.set_watched(watched=True)
    qtbot.waitUntil(lambda: seen[-1].parameters is not None)


def test_a_run_that_plays_plays_on_after_it_was_started_again(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.play()
    qtbot.waitUntil(lambda: seen[-1].step > 5)
    controller.follow(small, set_training(small, seed=7))
    qtbot.waitUntil(lambda: seen[-1].run_id == 2 and seen[-1].step > 5)
    assert controller.playing


def test_an_edit_that_cannot_run_pauses_and_loses_nothing(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    problems: list[str] = []
    controller.problem_changed.connect(problems.append)
    load(small)
    controller.play()
    qtbot.waitUntil(lambda: seen[-1].step > 5)
    broken = _without_its_last_link(small)
    controller.follow(small, broken)
    assert not controller.playing
    assert problems[-1].endswith(".")
    controller.play()  # refused
    assert not controller.playing
    step = report_of(controller, qtbot).state.step
    controller.follow(broken, small)
    assert problems[-1] == ""
    assert report_of(controller, qtbot).state.step == step > 5


def test_a_project_that_cannot_run_starts_as_soon_as_it_can(
    controller: TrainingController, seen: list[Snapshot], small: Project, qtbot: QtBot
) -> None:
    broken = _without_its_last_link(small)
    controller.load(broken)
    assert controller.problem
    answers: list[Report | None] = []
    controller.reset()
    with qtbot.waitSignal(controller.snapshot):
        controller.follow(broken, small)
    controller.ask(frozenset(), answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers[0] is not None


def test_a_run_that_cannot_begin_says_why_and_waits_for_a_remedy(
    controller: TrainingController, small: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Problems are looked for before; this one turns up only when the data are read.
    monkeypatch.setattr("bpviz.ui.run.controller.problems", lambda project: ())
    impossible = replace(small, data=DataSettings(source="table"))
    with qtbot.waitSignal(controller.failed) as heard:
        controller.load(impossible)
    assert heard.args == [controller.problem]
    with qtbot.waitSignal(controller.snapshot):
        controller.follow(impossible, small)
    assert controller.problem == ""


def test_a_late_snapshot_of_a_replaced_run_is_dropped(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    late = replace(seen[-1], run_id=0)
    count = len(seen)
    controller._on_arrived(late)
    assert len(seen) == count


def test_reset_stands_at_the_start_again(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    start = report_of(controller, qtbot).state.parameters
    controller.run_to(10)
    qtbot.waitUntil(lambda: not controller.playing)
    controller.reset()
    qtbot.waitUntil(lambda: seen[-1].run_id == 2)
    state = report_of(controller, qtbot).state
    assert state.step == 0
    np.testing.assert_array_equal(state.parameters, start)


def test_a_value_set_by_hand_reaches_the_run(
    controller: TrainingController, load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.make_step()
    address = BiasAddress(small.network.layers[1].nodes[0].id)
    controller.set_values(1, {address: 0.75})
    report = report_of(controller, qtbot)
    assert report.snapshot.parameters is not None
    assert report.snapshot.parameters[report.snapshot.compiled.index(address)] == 0.75


def test_a_saved_run_goes_on_bit_for_bit(
    controller: TrainingController, load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.run_to(33)
    qtbot.waitUntil(lambda: not controller.playing)
    saved = report_of(controller, qtbot).state
    with qtbot.waitSignal(controller.snapshot):
        controller.load(small, saved)
    controller.run_to(66)
    qtbot.waitUntil(lambda: not controller.playing)
    alone = Session(small)
    alone.advance(66)
    np.testing.assert_array_equal(report_of(controller, qtbot).state.parameters, alone.parameters)


def test_a_fault_pauses_the_run_and_is_said_in_a_sentence(
    controller: TrainingController, load: Load, small: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(small)

    def fail(self: Session, steps: int) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(Session, "advance", fail)
    said: list[str] = []
    controller.failed.connect(said.append)
    with qtbot.captureExceptions() as raised:  # the fault comes after the sentence, in the other thread
        controller.play()
        qtbot.waitUntil(lambda: bool(said) and bool(raised))
    assert not controller.playing
    assert "fault in bpviz" in said[0]
    assert raised[0][0] is ZeroDivisionError


def test_play_that_can_make_no_step_says_why_every_time(
    controller: TrainingController, seen: list[Snapshot], load: Load, qtbot: QtBot
) -> None:
    load(set_training(EXAMPLES["plane"].build(), learning_rate=30.0))
    for _ in range(2):
        controller.play()
        qtbot.waitUntil(lambda: not controller.playing)
        qtbot.waitUntil(lambda: seen[-1].stopped_by == "diverged")
        assert "reset the run" in (seen[-1].stopped or "")
        assert controller.latest is seen[-1]
        seen.append(replace(seen[-1], stopped=None, stopped_by=None))  # so that the next has to say it anew


def test_closing_while_it_plays_is_clean_and_may_be_repeated(
    controller: TrainingController, seen: list[Snapshot], load: Load, small: Project, qtbot: QtBot
) -> None:
    load(small)
    controller.play()
    qtbot.waitUntil(lambda: seen[-1].step > 0)
    controller.close()
    controller.close()
    assert not controller._thread.isRunning()


def test_a_controller_that_never_ran_has_no_thread(controller: TrainingController) -> None:
    assert not controller._thread.isRunning()
    controller.play()
    controller.close()
