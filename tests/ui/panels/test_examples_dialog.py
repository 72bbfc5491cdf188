"""Examples are typed, pasted and declared by keys and clicks, and become one edit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from bpviz.data.datasets import load
from bpviz.data.settings import DataSettings, Table
from bpviz.data.sheet import Sheet
from bpviz.data.sheet_column import SheetColumn
from bpviz.model.examples import EXAMPLES
from bpviz.model.naming import first_free_number
from bpviz.ui.document import Document
from bpviz.ui.panels.examples_dialog import ExamplesDialog
from bpviz.ui.panels.examples_model import ExamplesModel
from bpviz.ui.theme import Theme

Open = Callable[[str], ExamplesDialog]


@pytest.fixture
def opened(theme: Theme, qtbot: QtBot) -> Open:
    """Opens the dialog on an example."""

    def open_on(name: str) -> ExamplesDialog:
        project = EXAMPLES[name].build()
        dialog = ExamplesDialog(Document(project, first_free_number(project.network)), theme)
        qtbot.addWidget(dialog)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.grid)
        return dialog

    return open_on


def document(dialog: ExamplesDialog) -> Document:
    return dialog._document


def cells(dialog: ExamplesDialog) -> list[list[str]]:
    sheet = dialog.model.sheet
    return [[column.text(row) for column in sheet.columns] for row in range(sheet.rows)]


def stands(dialog: ExamplesDialog, row: int) -> bool:
    """Whether one stands in the first cell of a row, and nothing is being typed."""
    return dialog.grid.place == (row, 0) and dialog.grid.hasFocus()


def click(button: QWidget) -> None:
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def keys(dialog: ExamplesDialog, *texts: str) -> None:
    """Type texts with Tab after each, from the cell where one is."""
    for text in texts:
        QTest.keyClicks(QApplication.focusWidget() or dialog.grid, text[:1])
        editor = QApplication.focusWidget()
        assert editor is not None
        QTest.keyClicks(editor, text[1:])
        QTest.keyClick(editor, Qt.Key.Key_Tab)


def paste(dialog: ExamplesDialog, text: str, row: int = 0, column: int = 0) -> None:
    dialog.grid.setFocus()
    dialog.grid.go_to(row, column)
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(dialog.grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("name", ["spiral", "iris", "mazur", "diabetes"])
def test_examples_that_came_along_are_read_only_until_they_are_ones_own(opened: Open, name: str) -> None:
    dialog = opened(name)
    project = document(dialog).project
    before = cells(dialog)

    keys(dialog, "7")
    assert cells(dialog) == before
    assert not dialog.use_button.isVisible()
    click(dialog.mine_button)
    click(dialog.use_button)

    after = document(dialog).project
    assert after.data.source == "table"
    assert after.network == project.network
    assert after.training == project.training
    old, new = load(project.data, project.training.seed), load(after.data, project.training.seed)
    np.testing.assert_array_equal(old.inputs, new.inputs)
    assert old.classes == new.classes


def test_a_table_is_typed_in_from_nothing(opened: Open) -> None:
    dialog = opened("spiral")
    click(dialog.empty_button)

    assert not dialog.use_button.isEnabled()
    keys(dialog, "0,35", "=9/10", ".5")
    assert cells(dialog) == [["0.35", "0.9", "0.5"], ["", "", ""]]
    click(dialog.delete_rows_button)
    assert dialog.use_button.isEnabled()
    click(dialog.use_button)

    data = document(dialog).project.data
    assert data.table is not None
    assert (data.table.columns, data.table.rows) == (("x1", "x2", "y"), (("0.35", "0.9", "0.5"),))
    assert (data.targets, data.train_share, data.scaling) == (("y",), 1.0, "none")
    assert document(dialog).undo_stack.count() == 1
    document(dialog).undo_stack.undo()
    assert document(dialog).project == EXAMPLES["spiral"].build()


def test_what_is_no_number_stays_and_is_said_beside_its_place(opened: Open) -> None:
    dialog = opened("two_by_two")

    keys(dialog, "abc")

    assert cells(dialog)[0][0] == "abc"
    assert dialog.problem.text().startswith("Row 1, x1: “abc” is not a number")
    assert not dialog.use_button.isEnabled()
    assert document(dialog).project == EXAMPLES["two_by_two"].build()
    dialog.grid.closePersistentEditor(dialog.grid.currentIndex())
    dialog.grid.setFocus()
    dialog.grid.go_to(0, 0)
    keys(dialog, "4")
    assert dialog.problem.text() == ""
    assert dialog.use_button.isEnabled()


def test_a_block_is_pasted_and_one_that_does_not_fit_changes_nothing(opened: Open) -> None:
    dialog = opened("two_by_two")

    paste(dialog, "1\t2\t0,25\n3\t4\t0,75\n")
    assert cells(dialog) == [["1", "2", "0.25"], ["3", "4", "0.75"]]
    paste(dialog, "1\t2\n3")
    assert "make all rows alike" in dialog.problem.text()
    paste(dialog, "1\tx")
    assert "“x” is not a number" in dialog.problem.text()
    assert cells(dialog) == [["1", "2", "0.25"], ["3", "4", "0.75"]]
    dialog.grid.selectAll()
    QTest.keyClick(dialog.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1\t2\t0.25\n3\t4\t0.75"


def test_columns_come_and_go_and_are_renamed_in_the_header(opened: Open, qtbot: QtBot) -> None:
    dialog = opened("two_by_two")
    click(dialog.input_button)
    click(dialog.target_button)
    assert [column.name for column in dialog.model.sheet.columns] == ["x1", "x2", "x3", "y", "y2"]
    click(dialog.delete_column_button)

    header = dialog.grid.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(2) + 20, header.height() // 2)
    QTest.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert dialog.grid.name_edit.isVisible()
    QTest.keyClicks(dialog.grid.name_edit, "height")
    QTest.keyClick(dialog.grid.name_edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.model.sheet.columns[2].name == "height"
    assert not dialog.grid.name_edit.isVisible()

    QTest.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.keyClicks(dialog.grid.name_edit, "x1")
    QTest.keyClick(dialog.grid.name_edit, Qt.Key.Key_Return)
    assert "Another column is called 'x1'" in dialog.problem.text()
    QTest.mouseDClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    QTest.keyClicks(dialog.grid.name_edit, "other")
    QTest.keyClick(dialog.grid.name_edit, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert [column.name for column in dialog.model.sheet.columns] == ["x1", "x2", "height", "y"]


def test_a_renamed_input_keeps_its_node_and_weights(opened: Open) -> None:
    dialog = opened("two_by_two")
    before = document(dialog).project

    dialog.model.rename(0, "height")
    click(dialog.use_button)

    after = document(dialog).project
    assert [node.feature for node in after.network.layers[0].nodes] == ["height", "x2"]
    assert after.start == before.start


def test_classes_are_declared_and_those_that_are_not_are_named(opened: Open) -> None:
    dialog = opened("four_classes")
    assert dialog.classes.text() == "1, 2, 3, 4"

    dialog.classes.setFocus()
    dialog.classes.selectAll()
    QTest.keyClicks(dialog.classes, "4, 3, 2")
    dialog.grid.setFocus()
    assert dialog.use_button.isEnabled()
    dialog.grid.go_to(1, 2)
    keys(dialog, "9")
    assert "“9” is none of the classes '4', '3', '2'" in dialog.problem.text()
    assert not dialog.use_button.isEnabled()
    dialog.classes.setFocus()
    QTest.keyClick(dialog.classes, Qt.Key.Key_End)
    QTest.keyClicks(dialog.classes, ", 9")
    dialog.grid.setFocus()
    click(dialog.use_button)

    after = document(dialog).project
    assert after.data.classes == ("4", "3", "2", "9")
    assert after.network.output is not None
    assert [node.name for node in after.network.output.nodes] == ["4", "3", "2", "9"]


def test_cells_are_emptied_and_return_goes_down(opened: Open) -> None:
    dialog = opened("xor_one_node")
    dialog.grid.go_to(0, 0)

    QTest.keyClick(dialog.grid, Qt.Key.Key_Return)
    assert dialog.grid.place == (1, 0)
    QTest.keyClick(dialog.grid, Qt.Key.Key_Delete)
    assert cells(dialog)[1][0] == ""
    assert dialog.hint.text() == "Row 2, x1: fill this cell in, or delete the row."
    assert dialog.problem.text() == ""


def test_return_while_typing_goes_down_by_one(opened: Open, qtbot: QtBot) -> None:
    dialog = opened("xor_one_node")

    for row in (1, 2, 3):
        QTest.keyClicks(dialog.grid, "7")
        editor = QApplication.focusWidget()
        assert editor is not None
        QTest.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(partial(stands, dialog, row))

    assert [row[0] for row in cells(dialog)] == ["7", "7", "7", "1"]


def test_buttons_take_what_is_being_typed_along(opened: Open) -> None:
    dialog = opened("two_by_two")

    QTest.keyClicks(dialog.grid, "7")
    click(dialog.input_button)

    assert cells(dialog) == [["7", "0.9", "", "0.5"]]


def test_what_was_not_touched_is_no_edit(opened: Open) -> None:
    dialog = opened("four_classes")

    click(dialog.use_button)

    assert document(dialog).undo_stack.count() == 0
    assert not dialog.isVisible()


def test_cancel_leaves_the_document_alone(opened: Open) -> None:
    dialog = opened("four_classes")
    keys(dialog, "5")

    dialog.grid.setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.reject()

    assert document(dialog).project == EXAMPLES["four_classes"].build()


def test_a_table_that_can_not_be_used_is_said_and_can_be_replaced(theme: Theme, qtbot: QtBot) -> None:
    project = EXAMPLES["two_by_two"].build()
    broken = Document(project, 99)
    table = Table("words", ("x", "k"), (("1", "only"),))
    broken.replace_all(EXAMPLES["spiral"].build(), 99)
    broken.turn_to(
        type(project)(network=project.network, data=DataSettings("table", table, ("k",)), title="broken")
    )
    dialog = ExamplesDialog(broken, theme)
    qtbot.addWidget(dialog)

    assert "fewer than two" in dialog.problem.text()


def test_a_hundred_thousand_rows_are_shown_and_edited_at_once(theme: Theme, qtbot: QtBot) -> None:
    numbers = np.linspace(0, 1, 100_000)
    sheet = Sheet(
        "many", [SheetColumn("x", "input", numbers.copy()), SheetColumn("y", "target", numbers.copy())]
    )
    model = ExamplesModel(sheet, theme, read_only=False)

    assert model.rowCount() == 100_000
    assert model.setData(model.index(99_999, 0), "=1/4")
    assert model.data(model.index(99_999, 0)) == "0.25"
    assert sheet.first_fault() is None
