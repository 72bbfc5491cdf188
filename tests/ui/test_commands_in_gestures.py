"""Any command during any gesture: the gesture is given up first, and nothing of it stays behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QGraphicsView
from pytestqt.qtbot import QtBot

from bpviz.model.edits import on_network, rename, set_training
from bpviz.model.spec import Project, WeightAddress
from bpviz.ui.commands import COMMANDS
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from tests.ui.canvas.hand import Hand
from tests.ui.canvas.takes import NAMES, take_up
from tests.ui.conftest import Answers

T = TypeVar("T")


class Bench:
    """A window in which one gesture after another is begun, each on the same project."""

    def __init__(self, window: MainWindow, answers: Answers, project: Project, qtbot: QtBot) -> None:
        answers.unsaved_answer = "cancel"
        self.window, self.project, self._qtbot = window, project, qtbot
        self.hand = Hand(window.canvas)
        self.selection = Selection()
        self._ready: Project | None = None
        self._size = window.size()

    def begin(self, gesture: str) -> None:
        """Show the project with something to undo, to redo and selected, and begin."""
        window, document = self.window, self.window.document
        window.pages.setCurrentWidget(window.canvas)
        answered: list[object] = []
        window.controller.ask(frozenset(), answered.append)
        self._qtbot.waitUntil(lambda: bool(answered))  # a dialog may come with an answer asked for before
        _close_dialog()  # one that nothing waits for
        window.presenting.end()  # with its large texts, a small screen leaves hardly a picture
        self._qtbot.waitUntil(lambda: window.presenting.settled)
        window.resize(self._size)  # without a desktop nothing gives it back
        QApplication.processEvents()  # what a panel that comes or goes leaves to the layout
        if (
            QApplication.activeWindow() is not window or QApplication.focusWidget() is None
        ):  # a dialog was open
            window.activateWindow()
            window.canvas.pane.setFocus()
            self._qtbot.waitUntil(lambda: QApplication.focusWidget() is window.canvas.pane)
        stack = document.undo_stack
        if not (stack.canUndo() and stack.canRedo() and document.project == self._ready):
            self._prepare()
        window.canvas.fit()
        self.selection = Selection(nodes=frozenset({self.hand.layer(1).nodes[1].id}))
        window.canvas.desk.select(self.selection)
        take_up(self.hand, gesture)
        assert window.canvas.pane.gesture is not None

    def _prepare(self) -> None:
        document, layer = self.window.document, self.project.network.layers[2].id
        document.replace_all(self.project, 1000)
        for name in ("One", "Two"):
            document.apply("rename", on_network(partial(rename, item_id=layer, name=name)))
        document.undo_stack.undo()
        self._ready = document.project

    def check(self, what: str) -> None:
        """Nothing is under way, the picture is that of the document, and moving on does nothing more."""
        canvas, document = self.window.canvas, self.window.document
        assert canvas.pane.gesture is None, what
        assert canvas.scene.network == document.project.network, what
        nodes = {node.id for layer in document.project.network.layers for node in layer.nodes}
        assert canvas.selection.nodes <= nodes, what
        canvas.pane.setFocus()  # a term of the explanation that has the keys is lit in the picture
        assert not any(item.look.lifted for item in canvas.scene.parts.nodes.values()), what
        before, chosen = document.project, canvas.selection
        self.hand.move(QPointF(11, 13))
        self.hand.release(QPointF(11, 13))
        self.hand.release(QPointF(11, 13), Qt.MouseButton.MiddleButton)
        assert (document.project, canvas.selection) == (before, chosen), what


@pytest.fixture
def bench(window: MainWindow, answers: Answers, small: Project, qtbot: QtBot) -> Bench:
    """The bench, with the small project."""
    return Bench(window, answers, small, qtbot)


def _close_dialog() -> None:
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QDialog):
        dialog.reject()


def _mixed(entries: Iterable[T]) -> Iterator[tuple[str, T]]:
    """Each with three of the gestures, and with each gesture as many: the whole product takes minutes."""
    for k, entry in enumerate(entries):
        yield from ((NAMES[(3 * k + step) % len(NAMES)], entry) for step in range(3))


def test_every_command_of_the_table_gives_a_gesture_up_first(bench: Bench) -> None:
    for gesture, entry in _mixed(COMMANDS.values()):
        action = bench.window.actions_by_name[entry.name]
        if entry.entries is not None:
            continue
        bench.begin(gesture)
        QTimer.singleShot(0, _close_dialog)
        given_up: list[object] = []
        action.triggered.connect(
            lambda _, given_up=given_up: given_up.append(bench.window.canvas.pane.gesture)
        )
        if not action.isEnabled():
            bench.window.canvas.give_up()
        else:
            action.trigger()
            assert given_up == [None], entry.name
        bench.check(f"{entry.name} during {gesture}")


@pytest.mark.parametrize("gesture", NAMES)
def test_the_keys_of_every_command_give_a_gesture_up_first(bench: Bench, gesture: str) -> None:
    for entry in COMMANDS.values():
        for keys in entry.keys.split():
            bench.begin(gesture)
            QTimer.singleShot(0, _close_dialog)
            QTest.keySequence(bench.window.canvas.pane, QKeySequence(keys))
            if bench.window.canvas.pane.gesture is not None:  # it goes on as if nothing had been
                assert not bench.window.actions_by_name[entry.name].isEnabled(), keys
                bench.window.canvas.give_up()
            bench.check(f"{keys} during {gesture}")


def test_every_other_action_of_the_window_leaves_nothing_half_done(bench: Bench) -> None:
    tabled = set(bench.window.actions_by_name.values())
    others = [
        action
        for action in bench.window.findChildren(QAction)
        if action not in tabled and action.menu() is None and not action.isSeparator() and action.isEnabled()
    ]
    assert len(others) > 30, "examples, plots and panels are among them"
    for gesture, action in _mixed(others):
        bench.begin(gesture)
        action.trigger()
        bench.window.canvas.give_up()  # some, such as showing a panel, have nothing to do with the picture
        bench.check(f"{action.text()} during {gesture}")


def test_no_action_that_the_library_of_plots_brings_along_can_be_done(bench: Bench, qtbot: QtBot) -> None:
    panels = bench.window.board.panels.values()
    qtbot.waitUntil(lambda: any(panel.view is not None for panel in panels))
    scenes = [view.scene() for view in bench.window.findChildren(QGraphicsView)]
    brought = [action for scene in scenes for action in getattr(scene, "contextMenu", ())]
    assert brought
    assert not any(action.isEnabled() for action in brought)


def test_escape_brings_back_drawing_and_selection(bench: Bench) -> None:
    for gesture in NAMES:
        bench.begin(gesture)
        before = bench.window.document.project
        count = bench.window.document.undo_stack.count()
        QTest.keyClick(bench.window.canvas.pane, Qt.Key.Key_Escape)
        assert bench.window.canvas.selection == bench.selection
        bench.check(gesture)
        assert bench.window.document.project == before
        assert bench.window.document.undo_stack.count() == count


def test_delete_while_a_band_is_drawn_over_what_is_selected(bench: Bench) -> None:
    bench.begin("frame")
    column, chosen = bench.hand.layer(1), bench.selection.nodes
    bench.hand.move(QPointF(column.x + 45, column.nodes[2].y + 10))
    assert bench.window.canvas.selection.nodes > chosen, "the band takes more in"
    QTest.keyClick(bench.window.canvas.pane, Qt.Key.Key_Delete)
    nodes = {node.id for layer in bench.window.document.project.network.layers for node in layer.nodes}
    assert not nodes & chosen
    assert len(nodes) == sum(layer.size for layer in bench.project.network.layers) - 1, (
        "the band was given up"
    )
    bench.check("frame")


def test_an_edit_from_elsewhere_gives_a_gesture_up(bench: Bench) -> None:
    edits: tuple[Callable[[Project], Project], ...] = (
        partial(set_training, learning_rate=0.7),
        on_network(lambda n: rename(n, n.layers[1].id, "Mine")),
    )
    for gesture, edit in product(NAMES, edits):
        bench.begin(gesture)
        bench.window.document.apply("edit", edit)
        assert bench.window.canvas.selection == bench.selection
        bench.check(gesture)


def test_a_weight_is_set_where_its_drag_is_dropped_in_one_entry(bench: Bench) -> None:
    document, hand, pane = bench.window.document, bench.hand, bench.window.canvas.pane
    bench.begin("frame")
    bench.window.canvas.give_up()
    pair = bench.window.canvas.scene.placement.topology.pair(0)
    values = bench.window.canvas.scene.value_of
    bench._qtbot.waitUntil(lambda: values(WeightAddress(*pair)) is not None)
    bench.begin("weigh")
    begun, index = document.project.start, document.undo_stack.index()
    hand.move_to(pane.pointer + QPoint(0, 40))
    assert document.project.start == begun, "nothing is set before"
    QTest.mouseRelease(pane.viewport(), Qt.MouseButton.LeftButton, pos=pane.pointer)
    assert document.project.start != begun
    assert document.undo_stack.index() == index + 1
    document.undo_stack.undo()
    assert document.project.start == begun
