"""Edits, undo and redo as a run sees them: what is shown is the run's, and undo gives back all that was."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.files.project import Saved, open_project, save_project
from bpviz.model.edits import move_nodes, on_network, remove_layer, remove_nodes, rename, set_data
from bpviz.model.naming import counting_from, first_free_number
from bpviz.model.spec import BiasAddress, Layer, Project
from bpviz.training.report import Report
from bpviz.training.session import Session
from bpviz.ui.document import Document
from bpviz.ui.run.controller import TrainingController
from tests.ui.run.asking import report_of


class Desk:
    """A document and its run, wired as the window wires them."""

    def __init__(self, project: Project, controller: TrainingController, qtbot: QtBot) -> None:
        self.document = Document(project, first_free_number(project.network))
        self.controller, self._qtbot = controller, qtbot
        self.said: list[str] = []
        self.document.edited.connect(controller.follow)
        self.document.values_set.connect(controller.set_values)
        controller.run_began.connect(self.document.begin_run)
        controller.said.connect(self.said.append)
        controller.load(project)

    def run_to(self, step: int) -> None:
        """Train and wait."""
        self.controller.run_to(step)
        self._qtbot.waitUntil(lambda: not self.controller.playing)

    def report(self) -> Report:
        """How the run stands, after all that was asked of it."""
        return report_of(self.controller, self._qtbot)

    def apply(self, edit: Callable[[Project], Project]) -> None:
        """Edit the project."""
        self.document.apply("edit", edit)

    def undo(self, times: int = 1) -> None:
        """Take edits back, one right after the other."""
        for _ in range(times):
            self.document.undo_stack.undo()


@pytest.fixture
def desk(qapp: QApplication, small: Project, controller: TrainingController, qtbot: QtBot) -> Desk:
    """The small project at its start."""
    return Desk(small, controller, qtbot)


def _hidden(project: Project) -> Layer:
    return next(layer for layer in project.network.layers if layer.role == "hidden")


def _noise(value: float) -> Callable[[Project], Project]:
    return partial(set_data, new_id=counting_from(900), noise=value)


def _names(desk: Desk) -> list[str]:
    return [layer.name for layer in desk.report().snapshot.compiled.plan.layers]


def test_a_name_given_during_a_run_is_the_runs_name_too(desk: Desk) -> None:
    desk.run_to(30)
    desk.apply(on_network(partial(rename, item_id=_hidden(desk.document.project).id, name="Alpha")))
    drawn = [layer.name or layer.role.capitalize() for layer in desk.document.project.network.layers]
    assert "Alpha" in drawn
    assert _names(desk) == drawn
    assert desk.report().state.step == 30


def test_what_was_moved_and_renamed_is_what_is_saved(desk: Desk, tmp_path: Path) -> None:
    desk.run_to(10)
    layer = _hidden(desk.document.project)
    desk.apply(on_network(partial(rename, item_id=layer.id, name="Alpha")))
    desk.apply(on_network(partial(move_nodes, heights={layer.nodes[0].id: 333.0})))
    report = desk.report()
    assert report.project == desk.document.project
    path = tmp_path / "mine.bpviz"
    save_project(path, Saved(report.project, report.state, desk.document.next_id))
    assert open_project(path).project == desk.document.project


def test_names_given_during_a_walk_are_spoken_and_the_walk_goes_on(desk: Desk) -> None:
    desk.run_to(5)
    for _ in range(2):
        desk.controller.look_inside(lambda walk: walk.move("phase"))
    layer = _hidden(desk.document.project)
    before = desk.report().snapshot.cursor
    desk.apply(on_network(partial(rename, item_id=layer.id, name="Alpha")))
    after = desk.report().snapshot.cursor
    assert before is not None
    assert after is not None
    assert (after.index, after.phase.title) == (before.index, "Forward: Alpha")


def test_undo_brings_a_trained_run_back_also_after_a_name_was_given(desk: Desk) -> None:
    desk.run_to(40)
    desk.apply(on_network(partial(rename, item_id=_hidden(desk.document.project).id, name="Alpha")))
    desk.run_to(60)
    trained = desk.report().state.parameters
    desk.apply(_noise(0.25))
    assert desk.report().state.step == 0
    desk.undo()
    report = desk.report()
    assert report.state.step == 60
    np.testing.assert_array_equal(report.state.parameters, trained)


def test_undo_beyond_new_data_gives_back_a_removed_layer_with_its_weights(desk: Desk) -> None:
    desk.run_to(30)
    compiled = desk.report().snapshot.compiled
    before = compiled.values(desk.report().state.parameters)
    layer = _hidden(desk.document.project)
    desk.apply(on_network(partial(remove_layer, layer_id=layer.id)))
    desk.run_to(40)
    desk.apply(_noise(0.25))
    desk.run_to(7)
    desk.undo(2)
    report = desk.report()
    assert report.state.step == 40
    after = report.snapshot.compiled.values(report.state.parameters)
    for node in layer.nodes:
        assert after[BiasAddress(node.id)] == before[BiasAddress(node.id)]


def test_a_value_set_by_hand_is_undone_also_beyond_new_data(desk: Desk) -> None:
    desk.run_to(30)
    address = BiasAddress(_hidden(desk.document.project).nodes[0].id)
    snapshot = desk.report().snapshot
    assert snapshot.parameters is not None
    old = float(snapshot.parameters[snapshot.compiled.index(address)])
    desk.document.push_value(address, old, 7.5)
    desk.apply(_noise(0.25))
    desk.undo(2)
    report = desk.report()
    assert report.snapshot.compiled.values(report.state.parameters)[address] == old
    desk.document.undo_stack.redo()
    report = desk.report()
    assert report.snapshot.compiled.values(report.state.parameters)[address] == 7.5


def test_a_value_set_in_a_run_that_is_gone_is_said_to_be_of_another(desk: Desk) -> None:
    desk.run_to(30)
    address = BiasAddress(_hidden(desk.document.project).nodes[0].id)
    desk.document.push_value(address, 0.0, 7.5)
    desk.controller.reset()
    start = desk.report().state.parameters
    desk.undo()
    np.testing.assert_array_equal(desk.report().state.parameters, start)
    assert any("another run" in sentence for sentence in desk.said)


def test_redo_goes_on_with_the_run_that_undo_left(desk: Desk) -> None:
    desk.run_to(20)
    desk.apply(_noise(0.25))
    desk.run_to(9)
    desk.undo()
    assert desk.report().state.step == 20
    desk.document.undo_stack.redo()
    assert desk.report().state.step == 9


def test_a_run_that_came_back_goes_on_as_if_it_had_never_been_away(desk: Desk) -> None:
    desk.run_to(30)
    removed = on_network(partial(remove_nodes, node_ids=[_hidden(desk.document.project).nodes[0].id]))
    alone = Session(desk.document.project)
    alone.advance(30)
    desk.apply(removed)
    alone.follow(desk.document.project)
    desk.apply(_noise(0.25))
    desk.undo()
    desk.run_to(55)
    alone.advance(25)
    np.testing.assert_array_equal(desk.report().state.parameters, alone.parameters)


def test_before_the_first_step_the_curve_begins_at_what_was_edited(small: Project) -> None:
    session = Session(small)
    address = BiasAddress(_hidden(small).nodes[0].id)
    session.set_value(address, 3.0)
    losses = session.snapshot(frozenset({"train_loss"})).series["train_loss"]
    assert losses.last.tolist() == [session.metrics.train_loss]
