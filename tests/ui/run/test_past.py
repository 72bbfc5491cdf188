"""Looking at a run's past through the window's parts: what is shown, what goes on from there, and undo."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.files.project import open_project, save_project
from bpviz.model.edits import add_node, on_network, set_training
from bpviz.model.naming import first_free_number
from bpviz.model.spec import Project
from bpviz.training.snapshot import Snapshot
from bpviz.training.timeline_view import TimelineView
from bpviz.ui.document import Document
from bpviz.ui.run.controller import TrainingController
from bpviz.ui.run.past import Past
from bpviz.ui.saving import saved_now
from tests.ui.run.asking import report_of


class Desk:
    """A document, its run and its past, wired as the window wires them."""

    def __init__(self, project: Project, controller: TrainingController, qtbot: QtBot) -> None:
        self.document = Document(project, first_free_number(project.network))
        self.controller, self._qtbot = controller, qtbot
        self.past = Past(self.document, controller)
        self.failures: list[str] = []
        self.document.edited.connect(controller.follow)
        self.document.values_set.connect(controller.set_values)
        controller.run_began.connect(self.document.begin_run)
        controller.snapshot.connect(self.past.follow)
        controller.failed.connect(self.failures.append)
        controller.set_wants("test", frozenset({"parameters", "batch_loss"}))
        controller.load(project)

    @property
    def latest(self) -> Snapshot:
        """The last snapshot."""
        assert self.controller.latest is not None
        return self.controller.latest

    @property
    def view(self) -> TimelineView:
        """How the timeline stands."""
        assert self.latest.timeline is not None
        return self.latest.timeline

    @property
    def parameters(self) -> bytes:
        """What is shown, bit for bit."""
        assert self.latest.parameters is not None
        return self.latest.parameters.tobytes()

    def settle(self) -> None:
        """Wait until all that was asked was done and drawn."""
        seen = report_of(self.controller, self._qtbot).snapshot
        while seen.timeline is None or not seen.timeline.exact:
            seen = report_of(self.controller, self._qtbot).snapshot
        self._qtbot.waitUntil(lambda: self.controller.latest is not None and _key(self.latest) == _key(seen))

    def run_to(self, step: int) -> None:
        """Train and wait."""
        self.controller.run_to(step)
        self._qtbot.waitUntil(lambda: not self.controller.playing)
        self.settle()

    def seek(self, step: int) -> None:
        """Wind and wait."""
        self.past.seek(step)
        self.settle()


def _key(snapshot: Snapshot) -> object:
    view = snapshot.timeline
    assert view is not None
    lines = tuple((line.number, line.name) for line in view.lines)
    return snapshot.run_id, snapshot.edition, snapshot.step, view.line, view.at_end, view.exact, lines


@pytest.fixture
def desk(qapp: QApplication, small: Project, controller: TrainingController, qtbot: QtBot) -> Desk:
    """The small project at its start."""
    return Desk(small, controller, qtbot)


def _with_rate(desk: Desk, rate: float) -> None:
    desk.document.apply("rate", partial(set_training, learning_rate=rate))
    desk.settle()


def test_what_is_shown_is_what_the_run_followed_there(desk: Desk, small: Project) -> None:
    desk.run_to(20)
    _with_rate(desk, 0.25)
    desk.run_to(40)
    desk.seek(10)
    assert desk.latest.step == 10
    assert not desk.view.at_end
    assert desk.document.project == small
    assert desk.document.in_past
    assert desk.document.present.training.learning_rate == 0.25
    desk.seek(30)
    assert desk.document.project.training.learning_rate == 0.25
    desk.past.to_end()
    desk.settle()
    assert desk.latest.step == 40
    assert desk.document.present is desk.document.project
    assert desk.document.undo_stack.count() == 1


def test_what_is_saved_is_the_end_wherever_the_run_is_looked_at(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.run_to(20)
    _with_rate(desk, 0.25)
    desk.run_to(40)
    end = desk.parameters
    desk.seek(5)
    report = report_of(desk.controller, qtbot)
    assert report.snapshot.step == 5
    save_project(tmp_path / "it.bpviz", saved_now(desk.document, report))
    saved = open_project(tmp_path / "it.bpviz")
    assert saved.project.training.learning_rate == 0.25
    assert saved.state is not None
    assert (saved.state.step, saved.state.parameters.tobytes()) == (40, end)


def test_play_from_the_past_is_a_branch_and_undo_leads_back(desk: Desk) -> None:
    desk.run_to(30)
    end = desk.parameters
    desk.seek(10)
    there = desk.parameters
    desk.past.lines.branch_off()
    desk.settle()
    assert (desk.view.line, desk.view.at_end, desk.latest.step) == (2, True, 10)
    desk.run_to(15)
    branch = desk.parameters
    assert desk.document.undo_stack.undoText() == "go on from step 10"
    desk.document.undo_stack.undo()
    desk.settle()
    assert (desk.view.line, desk.latest.step, desk.parameters) == (1, 30, end)
    desk.document.undo_stack.redo()
    desk.settle()
    assert (desk.view.line, desk.latest.step, desk.parameters) == (2, 15, branch)
    desk.seek(10)
    assert desk.parameters == there


def test_an_edit_in_the_past_is_made_on_a_branch(desk: Desk, small: Project) -> None:
    desk.run_to(30)
    _with_rate(desk, 0.25)
    desk.run_to(40)
    end = desk.parameters
    desk.seek(10)
    _with_rate(desk, 0.125)
    assert (desk.view.line, desk.latest.step) == (2, 10)
    assert desk.latest.project == desk.document.project
    assert desk.document.project.training.learning_rate == 0.125
    desk.document.undo_stack.undo()
    assert desk.document.project == small
    desk.document.undo_stack.undo()
    desk.settle()
    assert desk.document.project.training.learning_rate == 0.25
    assert (desk.view.line, desk.latest.step, desk.parameters) == (1, 40, end)
    desk.document.undo_stack.redo()
    desk.document.undo_stack.redo()
    desk.settle()
    assert (desk.view.line, desk.document.project.training.learning_rate) == (2, 0.125)
    assert desk.failures == []


def test_undo_in_the_past_takes_back_the_last_edit_at_the_end(desk: Desk, small: Project) -> None:
    desk.run_to(20)
    _with_rate(desk, 0.25)
    desk.run_to(40)
    desk.seek(10)
    desk.document.undo_stack.undo()
    desk.settle()
    assert not desk.document.in_past
    assert desk.document.project == small
    assert (desk.view.line, desk.view.at_end, desk.latest.step) == (1, True, 40)


def test_a_network_is_drawn_as_it_was_and_its_values_fit(desk: Desk, small: Project) -> None:
    desk.run_to(20)
    layer = small.network.layers[1].id
    edit = partial(add_node, layer_id=layer, node_id=desk.document.new_id("n"))
    desk.document.apply("add node", on_network(edit))
    desk.run_to(40)
    desk.seek(10)
    assert desk.document.project.network == small.network
    assert desk.latest.compiled.plan.size == len(np.frombuffer(desk.parameters))
    desk.seek(25)
    assert desk.document.project.network != small.network


def test_lines_are_switched_renamed_and_removed_and_all_of_it_can_be_undone(desk: Desk) -> None:
    desk.run_to(20)
    desk.seek(10)
    _with_rate(desk, 0.125)
    desk.run_to(15)
    history = desk.document.undo_stack
    desk.past.lines.switch(1)
    desk.settle()
    assert (desk.view.line, desk.latest.step) == (1, 20)
    desk.past.lines.rename(2, "slower")
    desk.settle()
    assert [line.name for line in desk.view.lines] == ["", "slower"]
    desk.past.lines.remove(2)
    desk.settle()
    assert [line.number for line in desk.view.lines] == [1]
    for _ in range(3):
        history.undo()
    desk.settle()
    assert [line.name for line in desk.view.lines] == ["", ""]
    assert (desk.view.line, desk.latest.step) == (2, 15)
    assert desk.document.project.training.learning_rate == 0.125
    for _ in range(3):
        history.redo()
    desk.settle()
    assert [line.number for line in desk.view.lines] == [1]
    assert desk.failures == []


def test_the_line_that_is_shown_is_not_removed(desk: Desk) -> None:
    desk.run_to(20)
    desk.past.lines.remove(1)
    assert desk.document.undo_stack.count() == 0


def test_two_edits_right_after_each_other_make_one_branch(desk: Desk) -> None:
    desk.run_to(20)
    desk.seek(10)
    desk.document.apply("rate", partial(set_training, learning_rate=0.125))
    desk.document.apply("clip", partial(set_training, clip_norm=1.0))
    desk.settle()
    assert [line.number for line in desk.view.lines] == [1, 2]
    assert desk.document.project.training.clip_norm == 1.0


def test_a_value_set_in_the_past_is_set_on_a_branch(desk: Desk) -> None:
    desk.run_to(20)
    desk.seek(10)
    address = next(iter(desk.latest.compiled.addresses()))
    desk.document.push_value(address, 0.0, 0.5)
    desk.settle()
    assert (desk.view.line, desk.latest.step, desk.document.in_past) == (2, 10, False)


def test_another_run_is_in_the_present(desk: Desk) -> None:
    desk.run_to(20)
    _with_rate(desk, 0.25)
    desk.run_to(30)
    desk.seek(10)
    desk.controller.reset()
    desk.settle()
    assert not desk.document.in_past
    assert desk.document.project.training.learning_rate == 0.25
    assert [ghost.kind for ghost in desk.latest.ghosts] == ["run"]
