"""Examples are chosen on the map and in their table, and marked in both; breakpoints stop walks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.training.breakpoints import Breakpoint
from bpviz.training.marks import Points
from bpviz.training.phases import Cursor
from bpviz.training.places import NodePlace, Place
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.breakpoints_dialog import BreakpointsDialog
from bpviz.ui.panels.examples_dialog import ExamplesDialog
from bpviz.ui.plots.plane_layers import PointsLayer
from bpviz.ui.preferences import Preferences

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def said(window: MainWindow, qtbot: QtBot) -> list[str]:
    """Sentences of the run; the map is drawn."""
    heard: list[str] = []
    window.controller.said.connect(heard.append)
    panel = window.board.panels["map"]
    qtbot.waitUntil(lambda: panel._view is not None and panel.figure is not None)
    return heard


def _row(window: MainWindow, *, in_batch: bool) -> int:
    """An example of the training part that is in the batch or not, and can't be taken for another one."""
    batch, test = _batch(window), _points(window).points.test
    if in_batch:
        return next(row for row in batch if _stands_alone(window, row, batch))
    train = [row for row in range(len(test)) if not test[row] and row not in batch]
    return next(row for row in train if _stands_alone(window, row, batch))


def _batch(window: MainWindow) -> list[int]:
    latest = window.controller.latest
    assert latest is not None
    assert latest.cursor is not None
    return [int(row) for row in latest.cursor.rows]


def _points(window: MainWindow) -> Points:
    figure = window.board.panels["map"].figure
    assert figure is not None
    return figure.all(Points)[0]


def _stands_alone(window: MainWindow, row: int, others: list[int], apart: int = 15) -> bool:
    here = _pixel(window, row)
    return all((_pixel(window, one) - here).manhattanLength() > apart for one in others if one != row)


def _pixel(window: MainWindow, row: int) -> QPoint:
    view = window.board.panels["map"]._view
    assert view is not None
    points = _points(window).points
    place = view.frame.view.mapViewToScene(QPointF(float(points.x[row]), float(points.y[row])))
    return QPoint(view.frame.widget.mapFromScene(place))


def _click(window: MainWindow, at: QPoint) -> None:
    view = window.board.panels["map"]._view
    assert view is not None
    QTest.mouseClick(view.frame.widget.viewport(), LEFT, pos=at)


def _looked_at(window: MainWindow) -> int | None:
    latest = window.controller.latest
    return None if latest is None or latest.cursor is None else latest.cursor.row


def _begin(window: MainWindow, qtbot: QtBot) -> None:
    window.walks.stepper.move("phase")
    qtbot.waitUntil(
        lambda: window.controller.latest is not None and window.controller.latest.cursor is not None
    )


def test_a_click_on_the_map_looks_at_an_example_and_marks_it(
    window: MainWindow, said: list[str], qtbot: QtBot
) -> None:
    _begin(window, qtbot)
    row = _row(window, in_batch=True)
    window.walks.stepper.go_to_phase(2)
    _click(window, _pixel(window, row) + QPoint(1, 1))
    qtbot.waitUntil(lambda: _looked_at(window) == row)
    latest = window.controller.latest
    assert latest is not None
    assert latest.cursor is not None
    assert latest.cursor.index == 2
    assert _points(window).chosen == row
    view = window.board.panels["map"]._view
    assert view is not None
    layer = view.layers[PointsLayer]
    assert isinstance(layer, PointsLayer)
    rings = layer._rings.points()
    assert len(rings) == 12, "a thin one around each of the batch, a thick one on its ground around this"
    assert {ring.pos().x() for ring in rings[-2:]} == {_points(window).points.x[row]}
    assert not said
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_Comma)
    qtbot.waitUntil(lambda: _points(window).chosen != row)


def test_what_this_batch_does_not_have_is_said_to_come_later(
    window: MainWindow, said: list[str], qtbot: QtBot
) -> None:
    _begin(window, qtbot)
    row = _row(window, in_batch=False)
    _click(window, _pixel(window, row))
    qtbot.waitUntil(lambda: bool(said))
    assert "is not in the batch of this step; its turn comes at step " in said[0]
    assert _looked_at(window) is None
    _click(window, QPoint(3, 3))  # beside the plane
    view = window.board.panels["map"]._view
    assert view is not None
    assert not view.layers[PointsLayer].row_at((1e3, 1e3), view.frame.pixel)  # type: ignore[attr-defined]


def test_a_row_of_the_table_is_looked_at_and_marked(
    window: MainWindow, said: list[str], qtbot: QtBot
) -> None:
    _begin(window, qtbot)
    inside = _batch(window)[4]
    outside = next(row for row in range(20) if row not in _batch(window))
    window.data_panel.show_examples()
    dialog = window.findChild(ExamplesDialog)
    assert isinstance(dialog, ExamplesDialog)
    header = dialog.grid.verticalHeader()
    dialog.grid.scrollTo(dialog.model.index(inside, 0))
    QTest.mouseClick(header.viewport(), LEFT, pos=QPoint(5, header.sectionViewportPosition(inside) + 5))
    qtbot.waitUntil(lambda: _looked_at(window) == inside)
    assert dialog.model.headerData(inside, Qt.Orientation.Vertical) == f"▸ {inside + 1}"
    said.clear()
    dialog.grid.scrollTo(dialog.model.index(outside, 0))
    QTest.mouseClick(header.viewport(), LEFT, pos=QPoint(5, header.sectionViewportPosition(outside) + 5))
    qtbot.waitUntil(lambda: bool(said))
    assert dialog.hint.isVisible()
    assert dialog.hint.text() == said[0]
    assert dialog.model.headerData(inside, Qt.Orientation.Vertical) == f"▸ {inside + 1}", "still that one"


def test_rows_that_were_typed_are_not_learned_from_yet(
    window: MainWindow, said: list[str], qtbot: QtBot
) -> None:
    window.data_panel.show_examples()
    dialog = window.findChild(ExamplesDialog)
    assert isinstance(dialog, ExamplesDialog)
    QTest.mouseClick(dialog.mine_button, LEFT)
    header = dialog.grid.verticalHeader()
    QTest.mouseClick(header.viewport(), LEFT, pos=QPoint(5, header.sectionViewportPosition(1) + 5))
    assert "before looking at one" in dialog.hint.text()
    assert _looked_at(window) is None


def test_breakpoints_are_remembered_and_act_in_the_next_window_too(
    window: MainWindow, preferences: Preferences, said: list[str], qtbot: QtBot
) -> None:
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: not window.controller.playing and bool(said))
    assert said == ["No breakpoint is set; set one by Run > Breakpoints."]
    assert window.status.message.sentence == said[0]
    said.clear()
    window.walks._on_changed((Breakpoint("a", "zero"), Breakpoint("z", "zero", on=False)), 20)
    assert window.walks.breakpoints == (Breakpoint("a", "zero"), Breakpoint("z", "zero", on=False))
    assert preferences.breakpoint_steps == 20
    window.arrangement.bring("explanation")
    window.canvas.pane.setFocus()
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: bool(said))
    qtbot.waitUntil(lambda: not window.controller.playing and _stopped(window) is not None)
    place = _stopped(window)
    assert isinstance(place, NodePlace)
    node = window.document.project.network.layers[1].nodes[place.node].id
    assert window.document.selection == Selection(nodes=frozenset({node}))
    assert said[0].startswith("Breakpoint: activation of h1.")
    assert window.status.message.sentence == said[0], "it is not hushed by the end of the way there"
    qtbot.waitUntil(lambda: window.explanation.panel.way.ref is not None)
    ref = window.explanation.panel.way.ref
    assert ref is not None
    assert (ref.key, ref.place) == ("a", place), "what stopped it is what is explained"
    window.canvas.desk.select(Selection())
    window.controller.pausing(lambda player: player.pause())
    with qtbot.waitSignal(window.controller.snapshot):
        pass
    assert not window.document.selection, "whoever selects something else there keeps it"


def _stopped(window: MainWindow) -> Place | None:
    latest = window.controller.latest
    return None if latest is None or latest.cursor is None else latest.cursor.stopped_at


def test_the_list_of_breakpoints_opens_by_its_key(
    window: MainWindow, said: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[BreakpointsDialog] = []

    def exec_it(dialog: BreakpointsDialog) -> int:
        opened.append(dialog)
        dialog.condition.show_value("misclassified")
        dialog.add_button.click()
        return 0

    monkeypatch.setattr(BreakpointsDialog, "exec", exec_it)
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    assert len(opened) == 1
    assert window.walks.breakpoints == (Breakpoint("loss", "misclassified"),)


def test_a_click_on_the_map_of_a_run_that_trains_lets_it_train(
    window: MainWindow, said: list[str], qtbot: QtBot
) -> None:
    window.controller.play()
    latest = window.controller.latest
    assert latest is not None
    _click(window, _pixel(window, 3))
    qtbot.waitUntil(lambda: _step(window) > latest.step)
    assert window.controller.playing
    assert not said
    window.controller.pause()


def _step(window: MainWindow) -> int:
    return 0 if window.controller.latest is None else window.controller.latest.step


def _walks(window: MainWindow, qtbot: QtBot, index: int, example: int | None) -> None:
    """Wait until somebody stands there, and that is drawn."""

    def stands() -> bool:
        cursor = _cursor(window)
        return cursor is not None and (cursor.index, cursor.example) == (index, example)

    qtbot.waitUntil(stands)


def _chosen(window: MainWindow) -> tuple[int | None, str]:
    """Which example the explanation and the strip show."""
    return window.explanation.panel.way.example, window.strip.example.text()


def test_the_example_is_one_in_the_strip_and_in_the_explanation(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_E)
    panel = window.explanation.panel
    qtbot.waitUntil(lambda: panel.shown is not None)
    panel.sheet.example.setValue(4)
    assert _cursor(window) is None, "who only reads is led nowhere"
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_N)
    _walks(window, qtbot, 0, None)
    assert _chosen(window) == (None, "Batch of 10")
    for _ in range(2):
        QTest.keyClick(window.canvas.pane, Qt.Key.Key_Period)
    _walks(window, qtbot, 0, 1)
    assert _chosen(window) == (1, "Ex. 2 of 10")
    panel.sheet.example.setValue(7)
    _walks(window, qtbot, 0, 6)
    assert _chosen(window) == (6, "Ex. 7 of 10")
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_Comma)
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_N)
    _walks(window, qtbot, 1, 5)
    assert _chosen(window) == (5, "Ex. 6 of 10")
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: _step(window) == 1)
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_I)
    _walks(window, qtbot, 0, 5)
    assert _step(window) == 0


def _cursor(window: MainWindow) -> Cursor | None:
    return None if window.controller.latest is None else window.controller.latest.cursor
