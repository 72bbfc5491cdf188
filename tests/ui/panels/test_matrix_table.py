"""The numbers of a layer are typed and pasted in the inspector, by keys."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.model.edits import on_network, remove_pairs, set_starts
from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.model.spec import Address, Project
from bpviz.training.session import Session
from bpviz.ui.document import Document, Selection
from bpviz.ui.panels.grid import Grid
from bpviz.ui.panels.inspector import Inspector
from bpviz.ui.panels.matrix_table import MatrixTable
from bpviz.ui.theme import Theme

WANTS = frozenset({"parameters"})
Change = tuple[Address, float, float]


class Desk:
    """An inspector whose layer is selected, with a run that does what it asks for."""

    def __init__(self, project: Project, theme: Theme, qtbot: QtBot) -> None:
        self.document = Document(project, first_free_number(project.network))
        self.inspector = Inspector(self.document, theme)
        qtbot.addWidget(self.inspector)
        self.inspector.resize(300, 600)
        self.inspector.show()
        self.inspector.activateWindow()
        self.heard: list[list[Change]] = []
        self.inspector.values_edited.connect(self._on_edited)
        self.select(1)

    @property
    def table(self) -> MatrixTable:
        return self.inspector.layer.matrix

    @property
    def grid(self) -> Grid:
        return self.table.grid

    def select(self, layer: int) -> None:
        layer_id = self.document.project.network.layers[layer].id
        self.inspector.show_selection(Selection(layers=frozenset({layer_id})))
        self.show()

    def show(self) -> None:
        self.inspector.show_snapshot(Session(self.document.project).snapshot(WANTS))

    def shown(self) -> list[list[str]]:
        model = self.table.model
        return [
            [str(model.data(model.index(row, column)) or "") for column in range(model.columnCount())]
            for row in range(model.rowCount())
        ]

    def paste(self, text: str, row: int = 0, column: int = 0) -> None:
        self.grid.setFocus()
        self.grid.go_to(row, column)
        QGuiApplication.clipboard().setText(text)
        QTest.keyClick(self.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def _on_edited(self, changes: list[Change]) -> None:
        self.heard.append(changes)
        values = {address: new for address, _, new in changes}
        self.document.apply("set start values", partial(set_starts, values=values))
        self.show()


@pytest.fixture
def desk(theme: Theme, qtbot: QtBot) -> Desk:
    return Desk(EXAMPLES["textbook_case"].build(), theme, qtbot)


def type_here(text: str, key: Qt.Key = Qt.Key.Key_Tab) -> None:
    """Type into the cell where one is, and go on."""
    first = QApplication.focusWidget()
    assert first is not None
    QTest.keyClicks(first, text[:1])
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, text[1:])
    QTest.keyClick(editor, key)


def test_a_layer_shows_its_numbers_by_target_and_source(desk: Desk) -> None:
    assert desk.shown() == [["0.2", "0.4", "−0.5", "−0.4"], ["−0.3", "0.1", "0.2", "0.2"]]
    model = desk.table.model
    across = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(4)]
    assert across == ["x1", "x2", "x3", "bias"]
    assert [model.headerData(at, Qt.Orientation.Vertical) for at in range(2)] == ["h1", "h2"]
    desk.select(0)
    assert not desk.table.isVisible()


def test_cells_are_typed_one_after_the_other(desk: Desk, qtbot: QtBot) -> None:
    desk.grid.go_to(0, 0)
    desk.grid.setFocus()
    qtbot.waitUntil(desk.grid.hasFocus)

    for text in ("=cos(1)", "0,5", "-1"):
        type_here(text)
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_Escape)

    values = desk.table.model.matrix
    assert values is not None
    np.testing.assert_allclose(values.values[0, :3], (0.5403023058681398, 0.5, -1))
    assert [len(changes) for changes in desk.heard] == [1, 1, 1]


def test_a_cell_that_is_no_number_stays_and_nothing_changes(desk: Desk, qtbot: QtBot) -> None:
    before = desk.document.project
    desk.grid.go_to(1, 1)
    desk.grid.setFocus()
    qtbot.waitUntil(desk.grid.hasFocus)

    type_here("1x", Qt.Key.Key_Return)
    qtbot.waitUntil(desk.grid.hasFocus)

    assert desk.shown()[1][1] == "1x"
    assert "“1x” is not a number" in desk.table.problem.text()
    assert desk.document.project == before
    desk.grid.go_to(1, 1)
    type_here("2000000", Qt.Key.Key_Return)
    qtbot.waitUntil(desk.grid.hasFocus)
    assert "This needs a number from −1 000 000 to 1 000 000" in desk.table.problem.text().replace(
        "\u202f", " "
    )
    desk.grid.go_to(1, 1)
    type_here("2", Qt.Key.Key_Return)
    qtbot.waitUntil(desk.grid.hasFocus)
    assert desk.table.problem.text() == ""
    assert desk.shown()[1][1] == "2"


def test_a_whole_matrix_is_one_edit(desk: Desk) -> None:
    before = desk.document.project

    desk.paste("[.1 .2 .3; .4 .5 .6]", 1, 1)

    assert desk.shown() == [["0.1", "0.2", "0.3", "−0.4"], ["0.4", "0.5", "0.6", "0.2"]]
    assert len(desk.heard) == 1
    assert desk.document.undo_stack.count() == 1
    desk.document.undo_stack.undo()
    desk.show()
    assert desk.document.project == before
    assert desk.shown() == [["0.2", "0.4", "−0.5", "−0.4"], ["−0.3", "0.1", "0.2", "0.2"]]


@pytest.mark.parametrize("text", ["[1 2; 3 4]", "[1 2 x; 3 4 5]", "[1 2 3; 4 5 2e6]", ""])
def test_a_matrix_that_does_not_fit_is_said_and_changes_nothing(desk: Desk, text: str) -> None:
    before = desk.shown()

    desk.paste(text)

    assert desk.table.problem.text().endswith(".")
    assert desk.shown() == before
    assert desk.heard == []


def test_a_removed_pair_is_an_empty_cell_that_takes_nothing(theme: Theme, qtbot: QtBot) -> None:
    project = EXAMPLES["two_by_two"].build()
    ends = project.network.layers[0].nodes[0].id, project.network.layers[1].nodes[0].id
    desk = Desk(on_network(partial(remove_pairs, pairs=[ends]))(project), theme, qtbot)

    assert desk.shown() == [["", "0.8", "0"], ["0.4", "0.6", "0"]]
    index = desk.table.model.index(0, 0)
    assert not desk.table.model.flags(index) & Qt.ItemFlag.ItemIsEditable


def test_while_a_number_is_typed_those_of_the_run_wait(desk: Desk, qtbot: QtBot) -> None:
    desk.grid.go_to(0, 0)
    desk.grid.setFocus()
    qtbot.waitUntil(desk.grid.hasFocus)
    QTest.keyClicks(desk.grid, "7")
    run = Session(desk.document.project)
    run.advance(1)

    desk.inspector.show_snapshot(run.snapshot(WANTS))
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "5")
    QTest.keyClick(editor, Qt.Key.Key_Escape)

    matrix = desk.table.model.matrix
    assert matrix is not None
    assert desk.heard == []
    assert matrix.values[0, 0] == pytest.approx(run.parameters[0], abs=0)


def test_delete_in_a_cell_is_not_the_windows_delete(desk: Desk, qtbot: QtBot) -> None:
    desk.grid.setFocus()
    qtbot.waitUntil(desk.grid.hasFocus)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(desk.grid, event)
    assert event.isAccepted()


def test_the_hint_of_a_cell_tells_all_its_digits(desk: Desk) -> None:
    desk.paste("[=1/3 2 3; 4 5 6]")
    model = desk.table.model
    assert desk.shown()[0][0] == "0.3333"
    assert "0.3333333333333333" in str(model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole))
    assert desk.grid.visualRect(model.index(0, 0)).topLeft() == QPoint(0, 0)


def test_few_columns_share_the_width_and_there_is_room_for_a_bar_only_where_one_is_needed(
    desk: Desk, qtbot: QtBot
) -> None:
    grid, inspector = desk.grid, desk.inspector
    inspector.resize(600, 600)
    qtbot.waitUntil(lambda: grid.horizontalHeader().length() == grid.viewport().width())
    high = grid.height()
    assert not grid.horizontalScrollBar().isVisible()
    inspector.resize(160, 600)
    qtbot.waitUntil(grid.horizontalScrollBar().isVisible)
    assert grid.height() > high
