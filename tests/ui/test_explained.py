"""The explanation in the window: its key, its place, the selection, the walk, the picture that it lights."""

from __future__ import annotations

from threading import Event, Timer

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpviz.training.snapshot import Snapshot
from bpviz.ui import explained
from bpviz.ui.document import Selection
from bpviz.ui.explanation.panel import ExplanationPanel
from bpviz.ui.main_window import MainWindow


@pytest.fixture
def panel(window: MainWindow, qtbot: QtBot) -> ExplanationPanel:
    """The explanation of Mazur's step, brought by its key."""
    window.files.open_example("mazur")
    window.canvas.setFocus()
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: window.explanation.panel.shown is not None)
    return window.explanation.panel


def _node(window: MainWindow, layer: int, at: int) -> str:
    return window.document.project.network.layers[layer].nodes[at].id


def _latest(window: MainWindow) -> Snapshot:
    assert window.controller.latest is not None
    return window.controller.latest


def _press(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    """Walk by a key, until the picture is there."""
    with qtbot.waitSignal(window.controller.snapshot):
        QTest.keyClick(window.canvas.pane, key)


def test_the_usual_key_copies_the_formula_wherever_the_focus_is_in_the_panel(
    window: MainWindow, panel: ExplanationPanel
) -> None:
    window.desk.select(Selection(nodes=frozenset({_node(window, 1, 0)})))
    buttons = [button for button in panel.findChildren(QAbstractButton) if button.isVisible()]
    assert buttons
    for focus in (panel.sheet.view, *buttons):
        focus.setFocus()
        QGuiApplication.clipboard().setText("before")
        QTest.keyClick(focus, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert " = " in QGuiApplication.clipboard().text()
        assert "bpviz network" not in QGuiApplication.clipboard().text()


def test_out_of_sight_it_costs_nothing(window: MainWindow) -> None:
    window.explanation.show_snapshot(_latest(window))
    assert not window.explanation.findChildren(ExplanationPanel)
    assert window.explanation.panel.shown is None
    assert window.explanation.panel.wants == frozenset()


def test_it_is_made_ready_while_nobody_looks(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: bool(window.explanation.findChildren(ExplanationPanel)))
    panel = window.explanation.panel
    assert panel.wants == frozenset()
    window.canvas.setFocus()
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: panel.shown is not None)
    assert window.explanation.findChildren(ExplanationPanel) == [panel]


def test_what_is_read_ahead_is_over_when_the_window_closes(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, read = Event(), Event()

    def slow(_name: str) -> None:
        go.wait(10)
        read.set()

    monkeypatch.setattr(explained, "import_module", slow)
    window.explanation._read_ahead()
    Timer(0.1, go.set).start()
    window.abandon()
    assert read.is_set()
    assert not window.explanation.findChildren(ExplanationPanel)


def test_its_key_brings_it_in_front_with_the_keys(window: MainWindow, panel: ExplanationPanel) -> None:
    assert panel.isVisible()
    assert panel.sheet.view.hasFocus()
    assert window.arrangement.docks["explanation"].width() >= 380
    assert panel.sheet.heading.text() == "Loss of an example ≈ 0.298371"


def test_a_click_on_a_connection_explains_it(window: MainWindow, panel: ExplanationPanel) -> None:
    window.canvas.desk.select(Selection(pairs=frozenset({(_node(window, 0, 0), _node(window, 1, 0))})))
    assert panel.sheet.heading.text() == "Gradient of the loss of i1 → h1 ≈ 0.000438568"


def test_walking_by_keys_hides_and_brings_numbers(
    window: MainWindow, panel: ExplanationPanel, qtbot: QtBot
) -> None:
    window.canvas.desk.select(Selection(nodes=frozenset({_node(window, 1, 0)})))
    _press(window, qtbot, Qt.Key.Key_N)
    assert panel.sheet.heading.text() == "Delta of h1"
    assert panel.sheet.moment.text() == "Not computed yet: comes with Backward: Hidden 1."
    for _ in range(5):
        _press(window, qtbot, Qt.Key.Key_N)
    assert panel.sheet.heading.text() == "Delta of h1 ≈ 0.00877135"
    _press(window, qtbot, Qt.Key.Key_B)
    assert panel.sheet.heading.text() == "Delta of h1"


def test_pointing_at_a_term_lights_the_picture_and_back(window: MainWindow, panel: ExplanationPanel) -> None:
    window.canvas.desk.select(Selection(nodes=frozenset({_node(window, 1, 0)})))
    view, shown = panel.sheet.view, panel.shown
    assert shown is not None
    weight = next(leaf for leaf in view.links if shown.refs[leaf].key == "value")
    QTest.mouseMove(view, view.rect_of(weight).center().toPoint())
    target = _node(window, 2, 0)
    assert window.canvas.scene.parts.nodes[target].look.lifted
    QTest.mouseMove(view, QPoint(1, view.height() - 1))
    assert not window.canvas.scene.parts.nodes[target].look.lifted
    place = window.canvas.pane.mapFromScene(window.canvas.scene.parts.nodes[target].pos())
    QTest.mouseMove(window.canvas.pane.viewport(), place)
    assert {shown.refs[leaf].key for leaf in view.lit} == {"value", "delta"}  # the term


def test_backspace_in_it_deletes_nothing(window: MainWindow, panel: ExplanationPanel) -> None:
    window.canvas.desk.select(Selection(nodes=frozenset({_node(window, 1, 0)})))
    before = window.document.project
    QTest.keyClick(panel.sheet.view, Qt.Key.Key_Return)
    QTest.keyClick(panel.sheet.view, Qt.Key.Key_Backspace)
    assert window.document.project is before


def test_in_a_wide_window_it_has_a_column_beside_the_inspector(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1920, 1000)
    window.actions_by_name["explain"].trigger()
    docks = window.arrangement.docks
    qtbot.waitUntil(lambda: docks["explanation"].width() >= 380 and docks["inspector"].isVisible())
    assert docks["inspector"] not in window.tabifiedDockWidgets(docks["explanation"])
    assert docks["explanation"].x() < docks["inspector"].x()
    window.arrangement.reset()
    assert docks["inspector"] in window.tabifiedDockWidgets(docks["explanation"])


def test_another_project_is_explained_by_its_own_numbers(
    window: MainWindow, panel: ExplanationPanel, qtbot: QtBot
) -> None:
    window.files.open_example("four_layers")
    qtbot.waitUntil(lambda: panel.shown is not None)
    assert "0.298371" not in panel.sheet.heading.text()


def test_tab_leads_through_the_panel_in_front_and_never_behind_it(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["explain"].trigger()
    panel = window.explanation.panel
    qtbot.waitUntil(lambda: panel.shown is not None)
    met: list[QWidget] = [panel.sheet.view]
    while panel.sheet.choices[0] not in met and len(met) < 200:
        QTest.keyClick(met[-1], Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert not window.inspector.isAncestorOf(focus)
        met.append(focus)
    assert panel.sheet.choices[0] in met
    window.arrangement.docks["inspector"].raise_()
    assert not panel.sheet.isEnabled()
    assert window.inspector.isEnabled()


def test_what_is_worked_out_is_not_given_away_beside_it(
    window: MainWindow, panel: ExplanationPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Snapshot] = []
    for part in (window.canvas, window.inspector):
        monkeypatch.setattr(part, "show_snapshot", seen.append)
    panel.sheet.blanks.hide_wanted.emit(None)
    assert [one.trace for one in seen] == [None, None]  # nothing of the step, in either
    seen.clear()
    for _ in range(4):
        _press(window, qtbot, Qt.Key.Key_N)
    assert all(one.trace is None for one in seen)
    assert window.pill.text() == "Loss."
    panel.sheet.blanks.reveal_wanted.emit(None)
    assert seen[-1].trace is not None
    assert "0.298" in window.pill.text()
    panel.sheet.blanks.hide_wanted.emit(None)
    seen.clear()
    window.controller.make_step()  # another step: it is forgotten
    qtbot.waitUntil(lambda: bool(seen) and seen[-1].trace is not None and seen[-1].step == 1)
    assert not panel.learner.mask.hidden
