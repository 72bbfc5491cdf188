"""Who computes a run: the reference until kernels are ready, and never other bits than a saved run's own."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpviz.engine.kernels.loader import KernelLoader
from bpviz.model.edits import on_network, resize_layer, set_training
from bpviz.model.spec import Project
from bpviz.training.engines import Engines
from bpviz.training.run_state import RunState
from bpviz.training.session import Session
from bpviz.training.snapshot import Snapshot
from bpviz.ui.run.controller import TrainingController
from tests.ui.run.asking import report_of

SMALL, WIDE = "links float64", "blocks float64"


class FakeKernels:
    """Kernels that become ready when a test says so; what they compute is computed by the real ones."""

    def __init__(self, *ready: str) -> None:
        self.error: str | None = None
        self.notice: str | None = None
        self.programs = set(ready)
        self.wanted: list[str] = []
        self.started = self.closed = 0

    def ready(self, name: str) -> bool:
        self.wanted.append(name)
        return name in self.programs

    def start(self) -> None:
        self.started += 1

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def trained(small: Project) -> RunState:
    """A run of the compiled engine, saved after 10 steps."""
    session = Session(small, path="kernel")
    session.advance(10)
    return session.state()


def _widened(project: Project) -> Project:
    """The same with a hidden layer that is too wide for a list of links."""
    layer = project.network.layers[1]
    ids = tuple(f"n{500 + at}" for at in range(300))
    return on_network(lambda network: resize_layer(network, layer.id, 300, ids))(project)


def test_without_kernels_the_reference_computes(small: Project, trained: RunState) -> None:
    engines = Engines(None)
    assert engines.session(small, None).path == "reference"
    taken_over = engines.session(small, trained)
    assert (taken_over.path, taken_over.events[-1].kind) == ("reference", "path")
    assert list(engines.news()) == []


def test_a_run_begins_with_kernels_that_are_ready(small: Project) -> None:
    session = Engines(FakeKernels(SMALL)).session(small, None)
    assert (session.path, session.story.told) == ("kernel", ())


def test_a_run_is_handed_over_between_two_steps_as_soon_as_kernels_are_ready(small: Project) -> None:
    kernels = FakeKernels()
    engines = Engines(kernels)
    session = engines.session(small, None)
    session.advance(3)
    paths = []
    for ready in ((), (SMALL,), ()):
        kernels.programs.update(ready)
        assert engines.settle(session)
        paths.append(session.path)
    assert paths == ["reference", "kernel", "kernel"]
    assert [(event.step, event.kind) for event in session.events] == [(3, "path")]


def test_a_saved_run_of_kernels_waits_for_them(small: Project, trained: RunState) -> None:
    kernels = FakeKernels()
    engines = Engines(kernels)
    session = engines.session(small, trained)
    assert not engines.settle(session)
    assert not engines.settle(session)
    news = list(engines.news())
    assert len(news) == 1
    assert "goes on as soon as" in news[0]
    kernels.programs.add(SMALL)
    assert engines.settle(session)
    assert (session.path, session.events) == ("kernel", ())


def test_a_saved_run_goes_on_by_the_reference_if_kernels_will_never_be_ready(
    small: Project, trained: RunState
) -> None:
    kernels = FakeKernels()
    kernels.error = "It can't be."
    engines = Engines(kernels)
    session = engines.session(small, trained)
    assert engines.settle(session)
    assert (session.path, session.events[-1].step) == ("reference", 10)
    assert list(engines.news()) == ["It can't be."]
    engines.settle(session)
    assert list(engines.news()) == []


def test_an_edit_that_needs_another_program_goes_back_to_the_reference_meanwhile(small: Project) -> None:
    kernels = FakeKernels(SMALL)
    engines = Engines(kernels)
    session = engines.session(small, None)
    session.advance(2)
    session.follow(_widened(small))
    assert engines.settle(session)
    assert kernels.wanted[-1] == WIDE
    kernels.programs.add(WIDE)
    assert engines.settle(session)
    paths = [(event.step, event.path) for event in session.events if event.kind == "path" and event.step]
    assert paths == [(2, "reference"), (2, "kernel")]


def test_single_precision_has_a_program_of_its_own(small: Project) -> None:
    kernels = FakeKernels(SMALL)
    Engines(kernels).session(set_training(small, precision="float32"), None)
    assert kernels.wanted == ["links float32"]


# Behind the window


def test_kernels_are_started_after_the_first_snapshot_and_closed_with_the_controller(
    controller: TrainingController, seen: list[Snapshot], small: Project, qtbot: QtBot
) -> None:
    kernels = FakeKernels()
    controller.use_kernels(kernels)
    controller.load(small)
    assert kernels.started == 0
    qtbot.waitUntil(lambda: kernels.started == 1)
    assert seen
    controller.close()
    assert kernels.closed == 1


def test_a_run_that_plays_is_handed_over_and_goes_on(
    controller: TrainingController, seen: list[Snapshot], small: Project, qtbot: QtBot
) -> None:
    kernels = FakeKernels()
    controller.use_kernels(kernels)
    controller.load(small)
    controller.play()
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].step > 3)
    kernels.programs.add(SMALL)
    qtbot.waitUntil(lambda: seen[-1].path == "kernel")
    step = seen[-1].step
    qtbot.waitUntil(lambda: seen[-1].step > step)
    controller.pause()
    events = report_of(controller, qtbot).state.events
    assert [event.kind for event in events] == ["path"]


@pytest.mark.parametrize("command", ["play", "make_step", "finish_epoch"])
def test_a_reopened_run_waits_and_then_gives_the_bits_of_one_that_never_stopped(
    command: str,
    controller: TrainingController,
    seen: list[Snapshot],
    small: Project,
    trained: RunState,
    qtbot: QtBot,
) -> None:
    kernels = FakeKernels()
    said: list[str] = []
    controller.said.connect(said.append)
    controller.use_kernels(kernels)
    controller.load(small, trained)
    getattr(controller, command)()
    qtbot.waitUntil(lambda: len(said) == 1)
    report_of(controller, qtbot)
    assert seen[-1].step == trained.step
    kernels.programs.add(SMALL)
    qtbot.waitUntil(lambda: seen[-1].step > trained.step)
    controller.pause()
    state = report_of(controller, qtbot).state
    alone = Session(small, path="kernel")
    alone.advance(state.step)
    np.testing.assert_array_equal(state.parameters, alone.parameters)
    assert len(said) == 1


def test_a_waiting_run_is_not_walked_through(
    controller: TrainingController, seen: list[Snapshot], small: Project, trained: RunState, qtbot: QtBot
) -> None:
    controller.use_kernels(FakeKernels())
    controller.load(small, trained)
    with qtbot.waitSignal(controller.said):
        controller.look_inside(lambda walk: walk.move("phase"))
    report_of(controller, qtbot)
    assert seen[-1].cursor is None


def test_closing_while_a_run_waits_is_clean(
    controller: TrainingController, small: Project, trained: RunState, qtbot: QtBot
) -> None:
    controller.use_kernels(FakeKernels())
    with qtbot.waitSignal(controller.said):
        controller.load(small, trained)
        controller.play()
    controller.close()
    assert not controller._thread.isRunning()


def test_the_real_kernels_take_over(
    controller: TrainingController, seen: list[Snapshot], small: Project, qtbot: QtBot
) -> None:
    controller.use_kernels(KernelLoader())
    controller.load(small)
    controller.play()
    # Where nothing is cached yet they are compiled first.
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].path == "kernel", timeout=120_000)
    step = seen[-1].step
    qtbot.waitUntil(lambda: seen[-1].step > step + 1000)
    controller.pause()
    assert np.isfinite(seen[-1].train_loss)


def test_closing_while_the_real_kernels_are_prepared_is_clean(
    controller: TrainingController, seen: list[Snapshot], small: Project, qtbot: QtBot
) -> None:
    loader = KernelLoader()
    controller.use_kernels(loader)
    controller.load(small)
    qtbot.waitUntil(lambda: loader._thread.is_alive())
    controller.close()
    assert not loader._thread.is_alive()


def test_maps_over_the_plane_follow_less_often_than_figures_and_stand_right_at_rest(
    controller: TrainingController, seen: list[Snapshot], small: Project, qtbot: QtBot
) -> None:
    controller.use_kernels(FakeKernels(SMALL))
    controller.set_wants("all", frozenset({"map", "node_maps", "parameters"}))
    controller.load(small)
    controller.play()
    qtbot.waitUntil(lambda: len(seen) > 20)
    controller.pause()
    qtbot.waitUntil(lambda: seen[-1].steps_per_s == 0)
    playing = [snapshot.plane for snapshot in seen[2:-1]]
    assert all(playing)
    assert len({id(plane) for plane in playing}) < len(playing)
    session = Session(small, path="kernel")
    session.advance(seen[-1].step)
    plane = session.snapshot({"map"}).plane
    assert plane is not None
    assert seen[-1].plane is not None
    np.testing.assert_array_equal(seen[-1].plane.values, plane.values)
