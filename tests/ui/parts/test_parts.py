"""Parts are dragged into the picture, or put there by keys; every entry of the table can do both."""

from __future__ import annotations

from typing import Any

import numpy as np
import PySide6
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.model.spec import Network
from bpviz.ui.document import Selection
from bpviz.ui.main_window import MainWindow
from bpviz.ui.parts import PartsPanel
from bpviz.ui.parts.dropping import data_of
from bpviz.ui.parts.table import PARTS

COPY, LEFT, NO_KEY = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
INTO_LINKS = [name for name, part in PARTS.items() if part.goes == "into a link"]
WHOLE = [name for name, part in PARTS.items() if part.goes == "anywhere"]


class Dragging:
    """Drags a part over the picture of a window, as Qt tells a widget of it."""

    def __init__(self, window: MainWindow, name: str) -> None:
        self._port, self._pane = window.canvas.pane.viewport(), window.canvas.pane
        self.data = data_of(name)

    def over(self, point: QPointF, keys: Qt.KeyboardModifier = NO_KEY) -> bool:
        """Come to a point of the scene; whether it would be taken there."""
        # Whole pixels are deprecated from 6.12 on, and the only ones that can be given before.
        pixel: Any = self._pane.mapFromScene(point)
        place: Any = QPointF(pixel) if PySide6.__version_info__ >= (6, 12) else pixel
        for kind in (QDragEnterEvent, QDragMoveEvent):
            event = kind(place, COPY, self.data, LEFT, keys)
            event.ignore()
            QApplication.sendEvent(self._port, event)
        return event.isAccepted()

    def drop(self, point: QPointF, keys: Qt.KeyboardModifier = NO_KEY) -> None:
        self.over(point, keys)
        place = QPointF(self._pane.mapFromScene(point))
        QApplication.sendEvent(self._port, QDropEvent(place, COPY, self.data, LEFT, keys))

    def leave(self) -> None:
        QApplication.sendEvent(self._port, QDragLeaveEvent())


@pytest.fixture
def panel(window: MainWindow) -> PartsPanel:
    window.arrangement.bring("parts")
    found = window.arrangement.docks["parts"].widget()
    assert isinstance(found, PartsPanel)
    return found


def network_of(window: MainWindow) -> Network:
    return window.document.project.network


def middle_of_link(window: MainWindow, source: int, target: int) -> QPointF:
    """On a line between the first nodes of two layers."""
    placement = window.canvas.scene.placement
    layers = network_of(window).layers
    k = placement.topology.find((layers[source].nodes[0].id, layers[target].nodes[0].id))
    assert k is not None
    line = placement.polylines(np.array([k]))[0]
    return QPointF(*line[len(line) // 2].tolist())


def in_column(window: MainWindow, layer: int) -> QPointF:
    """Below a column, where nothing is."""
    column = network_of(window).layers[layer]
    return QPointF(column.x, column.nodes[-1].y + 60)


@pytest.mark.parametrize("name", INTO_LINKS)
def test_a_layer_dropped_on_a_connection_goes_in_between(
    window: MainWindow, panel: PartsPanel, name: str
) -> None:
    before = network_of(window)
    dragging, point = Dragging(window, name), middle_of_link(window, 0, 1)
    assert dragging.over(point)
    assert panel.dropping.pair is not None
    assert window.document.undo_stack.count() == 0, "nothing happens before the drop"
    dragging.drop(point)
    after = network_of(window)
    assert len(after.layers) == len(before.layers) + 1
    first, second = before.layers[0].id, before.layers[1].id
    (new,) = (layer for layer in after.layers if layer.id not in {old.id for old in before.layers})
    assert after.link(first, second) is None
    assert after.link(first, new.id) is not None
    assert after.link(new.id, second) is not None
    assert new.activation == name.removeprefix("layer_")
    assert window.document.undo_stack.count() == 1
    window.document.undo_stack.undo()
    assert network_of(window) == before


def test_with_ctrl_held_connections_are_left_alone(window: MainWindow, panel: PartsPanel) -> None:
    Dragging(window, "layer_tanh").over(middle_of_link(window, 0, 1), Qt.KeyboardModifier.ControlModifier)
    assert panel.dropping.pair is None


def test_a_node_goes_into_a_column_into_a_connection_or_makes_a_column(
    window: MainWindow, panel: PartsPanel
) -> None:
    sizes = [layer.size for layer in network_of(window).layers]
    Dragging(window, "node").drop(in_column(window, 1))
    assert [layer.size for layer in network_of(window).layers] == [sizes[0], sizes[1] + 1, *sizes[2:]]
    window.document.undo_stack.undo()
    layers = network_of(window).layers
    Dragging(window, "node").drop(middle_of_link(window, 0, 1))
    assert sum(layer.size for layer in network_of(window).layers) == sum(sizes) + 1
    window.document.undo_stack.undo()
    between = QPointF((layers[1].x + layers[2].x) / 2, 300.0)
    Dragging(window, "node").drop(between + QPointF(0, 400))
    assert sum(layer.size for layer in network_of(window).layers) == sum(sizes) + 1
    assert window.document.undo_stack.count() == 1


@pytest.mark.parametrize("name", WHOLE)
def test_a_network_dropped_anywhere_is_drawn_instead(
    window: MainWindow, panel: PartsPanel, name: str
) -> None:
    before = network_of(window)
    Dragging(window, name).drop(QPointF(0, 500))
    assert network_of(window) != before
    assert window.document.undo_stack.count() == 1
    window.document.undo_stack.undo()
    assert network_of(window) == before


def test_a_part_that_is_carried_away_leaves_nothing(window: MainWindow, panel: PartsPanel) -> None:
    dragging, before = Dragging(window, "node"), network_of(window)
    hints: list[str] = []
    window.canvas.pane.hinted.connect(hints.append)
    dragging.over(middle_of_link(window, 0, 1))
    assert hints[-1]
    dragging.leave()
    assert (hints[-1], panel.dropping.pair) == ("", None)
    assert (network_of(window), window.document.undo_stack.count()) == (before, 0)


def test_what_is_no_part_is_not_taken(window: MainWindow, panel: PartsPanel) -> None:
    dragging = Dragging(window, "node")
    dragging.data = data_of("no such part")
    assert not dragging.over(QPointF(0, 500))
    dragging.data.setText("some text")
    assert not dragging.over(QPointF(0, 500))


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("selected", [False, True])
def test_enter_puts_a_part_at_what_is_selected_or_at_the_end(
    window: MainWindow, panel: PartsPanel, name: str, selected: bool
) -> None:
    before = network_of(window)
    if selected:
        window.desk.select(Selection(layers=frozenset({before.layers[1].id})))
    panel.list.setCurrentRow(list(PARTS).index(name))
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert network_of(window) != before
    assert window.document.undo_stack.count() == 1
    if selected and PARTS[name].goes == "into a link":
        (new,) = {layer.id for layer in network_of(window).layers} - {layer.id for layer in before.layers}
        assert network_of(window).link(before.layers[1].id, new) is not None


def test_on_an_empty_sheet_layers_are_the_inputs_and_the_outputs_first(
    window: MainWindow, panel: PartsPanel
) -> None:
    window.actions_by_name["new"].trigger()
    Dragging(window, "layer_tanh").drop(QPointF(0, 0))
    Dragging(window, "layer_tanh").drop(QPointF(200, 0))
    assert [layer.role for layer in network_of(window).layers] == ["input", "output"]


def test_every_part_says_what_it_is_and_has_a_picture(panel: PartsPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not panel.list.item(0).icon().isNull() and not panel.list.pictures.busy)
    for row, part in enumerate(PARTS.values()):
        item = panel.list.item(row)
        assert item.text() == part.label
        assert part.about in item.data(Qt.ItemDataRole.AccessibleDescriptionRole)
        assert not item.icon().isNull()


def test_the_row_that_is_dragged_is_the_one_that_arrives(panel: PartsPanel) -> None:
    panel.list.setCurrentRow(2)
    data = panel.list.mimeData(panel.list.selectedItems())
    assert data.formats() == data_of("node").formats()
    assert panel.list.mimeData([]).formats() == []


def test_a_part_may_leave_twice_or_after_it_was_dropped(window: MainWindow, panel: PartsPanel) -> None:
    dragging = Dragging(window, "node")
    place = middle_of_link(window, 0, 1)
    dragging.over(place)
    dragging.leave()
    dragging.leave()  # Qt would complain of a leaving without a coming, and that is a failure here
    dragging.drop(place)
    dragging.leave()
