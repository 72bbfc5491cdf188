"""From an empty sheet to a network that learns, by the gestures and menus of every day."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.files.project import open_project
from bpviz.model.spec import Network
from bpviz.training.figures import PLOTS
from bpviz.ui.canvas.overlays import Hint
from bpviz.ui.commands import COMMANDS
from bpviz.ui.main_window import MainWindow
from tests.ui.canvas.hand import LEFT, NO_KEY, Hand
from tests.ui.conftest import Answers

# They ask for a file or end the window, and are tried by themselves.
ASKING = {
    *("quit", "preferences", "about", "breakpoints", "open", "open_data", "save", "save_as"),
    *("palette", "shortcuts"),
}


@pytest.fixture
def sheet(window: MainWindow, answers: Answers) -> MainWindow:
    """A window after File > New."""
    answers.path = None
    window.actions_by_name["new"].trigger()
    return window


def _double_click(window: MainWindow, place: QPoint) -> None:
    viewport = window.canvas.pane.viewport()
    for press in (QTest.mousePress, QTest.mouseDClick):
        press(viewport, LEFT, NO_KEY, place)
        QTest.mouseRelease(viewport, LEFT, NO_KEY, place)


def _hint(window: MainWindow) -> Hint:
    hint = window.canvas.findChild(Hint)
    assert hint is not None
    return hint


def _roles(window: MainWindow) -> list[str]:
    layers = window.document.project.network.layers
    return [layer.role for layer in sorted(layers, key=lambda layer: layer.x)]


def test_new_shows_an_empty_sheet_that_says_what_to_do(sheet: MainWindow) -> None:
    assert sheet.document.project.network == Network()
    assert sheet.document.title == "Untitled"
    assert not sheet.document.modified
    assert _hint(sheet).isVisible()
    assert _hint(sheet).text == "Double-click to place the inputs"
    assert not sheet.actions_by_name["play"].isEnabled()
    assert "empty" in sheet.pill.text()
    assert not sheet.pill.property("bad"), "nothing is wrong yet"
    assert sheet.inspector.summary.problems.isHidden()


def test_nothing_of_the_run_before_is_left(window: MainWindow, answers: Answers, qtbot: QtBot) -> None:
    window.controller.run_to(20)
    qtbot.waitUntil(lambda: not window.controller.playing and window.controller.latest.step == 20)  # type: ignore[union-attr]
    window.actions_by_name["new"].trigger()
    assert {name: label.text() for name, label in window.status.parts.items() if label.text()} == {}
    assert all(panel.figure is None for panel in window.board.panels.values())
    assert not any(item.look.map for item in window.canvas.scene.parts.nodes.values())
    assert window.status.message.sentence == ""


def test_three_double_clicks_make_a_network_that_learns(sheet: MainWindow, qtbot: QtBot) -> None:
    sheet.data_panel.thumbnails.chosen.emit("xor")
    assert sheet.document.project.network == Network()
    _double_click(sheet, QPoint(80, 120))
    assert _roles(sheet) == ["input"]
    assert _hint(sheet).text.startswith("Double-click to the right")
    assert [node.feature for node in sheet.document.project.network.layers[0].nodes] == ["x", "y"]
    _double_click(sheet, QPoint(200, 120))
    assert _roles(sheet) == ["input", "output"]
    assert _hint(sheet).isHidden()
    assert sheet.actions_by_name["play"].isEnabled()
    _double_click(sheet, QPoint(sheet.canvas.width() - 12, 60))
    assert _roles(sheet) == ["input", "hidden", "output"]
    qtbot.waitUntil(lambda: sheet.controller.latest is not None)
    first = sheet.controller.latest.train_loss  # type: ignore[union-attr]
    sheet.controller.run_to(300)
    qtbot.waitUntil(lambda: sheet.controller.latest.train_loss < 0.8 * first, timeout=20_000)  # type: ignore[union-attr]


def test_the_first_layer_stands_where_it_was_wished(sheet: MainWindow) -> None:
    place = QPoint(150, 130)
    _double_click(sheet, place)
    layer = sheet.document.project.network.layers[0]
    middle = QPointF(layer.x, sum(node.y for node in layer.nodes) / layer.size)
    assert (sheet.canvas.pane.mapFromScene(middle) - place).manhattanLength() <= 4


def test_the_menus_do_the_same_without_a_pointer(sheet: MainWindow) -> None:
    for roles in (["input"], ["input", "output"], ["input", "hidden", "output"]):
        sheet.actions_by_name["add_layer"].trigger()
        assert _roles(sheet) == roles
    for _ in roles:
        sheet.document.undo_stack.undo()
    assert sheet.document.project.network == Network()
    for text in ("Add inputs", "Add outputs", "Add layer"):
        menu = sheet.menus.context("empty")
        entry = next(action for action in menu.actions() if action.objectName() == "add_layer")
        assert entry.text().replace("&", "") == text
        entry.trigger()
        menu.deleteLater()


def test_every_command_copes_with_a_sheet_that_is_no_network_yet(sheet: MainWindow, answers: Answers) -> None:
    for layers, entry in product((0, 1), COMMANDS.values()):
        if entry.entries is not None or entry.name in ASKING:
            continue
        sheet.files.new()
        for _ in range(layers):
            sheet.canvas.editor.add_layer()
        sheet.actions_by_name[entry.name].trigger()
    for layers, name in product((0, 1), PLOTS):
        sheet.files.new()
        for _ in range(layers):
            sheet.canvas.editor.add_layer()
        sheet.exports.plot(name)
    assert all(told.endswith(".") for told in answers.told)


def test_the_hand_copes_with_it_too(sheet: MainWindow, qtbot: QtBot) -> None:
    hand = Hand(sheet.canvas)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Delete, Qt.Key.Key_F, Qt.Key.Key_Escape, Qt.Key.Key_Down):
        hand.key(key)
    hand.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hand.drag(QPointF(-60, -60), QPointF(60, 60))
    hand.click(QPointF(10, 10))
    for zoom in (sheet.canvas.zoom_in, sheet.canvas.zoom_out, sheet.canvas.fit):
        zoom()
    sheet.theme.set_mode("dark")
    assert sheet.document.project.network == Network()
    assert not sheet.canvas.selection


def test_it_is_saved_and_opened(sheet: MainWindow, answers: Answers, qtbot: QtBot, tmp_path: Path) -> None:
    for layers in (0, 1):
        if layers:
            sheet.canvas.editor.add_layer()
        answers.path = tmp_path / f"{layers}.bpviz"
        sheet.files.save_as()
        qtbot.waitUntil(answers.path.exists)
        qtbot.waitUntil(lambda: not sheet.document.modified)
        assert open_project(answers.path).project == sheet.document.project
    sheet.files.open_example("xor")
    sheet.files.open_path(tmp_path / "0.bpviz")
    assert sheet.document.project.network == Network()
    assert _hint(sheet).isVisible()


def test_a_feature_chosen_without_inputs_is_refused_in_a_sentence(sheet: MainWindow) -> None:
    sheet.data_panel.chips.toggled.emit("x^2", True)
    assert sheet.document.project.network == Network()
