"""What columns are taken for is shown for each, and changed by a click or by keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.data.datasets import facts
from bpviz.data.settings import DataSettings
from bpviz.ui.panels.columns_table import USE_COLUMN
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.table_dialog import TableDialog
from tests.data.birds import write_birds


@pytest.fixture
def dialog(tmp_path: Path, qtbot: QtBot, theme: object) -> TableDialog:
    dialog = TableDialog(write_birds(tmp_path / "birds.csv"))
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    return dialog


def row_of(dialog: TableDialog, name: str) -> int:
    return [one.name for one in dialog.choices.columns.columns.accounts].index(name)


def shown(dialog: TableDialog, name: str) -> list[str]:
    model = dialog.choices.columns.columns
    return [str(model.data(model.index(row_of(dialog, name), at))) for at in range(model.columnCount())]


def choose(qtbot: QtBot, dialog: TableDialog, name: str, label: str) -> None:
    """Open what a column may be by a click, and take one by the keys."""
    table = dialog.choices.columns
    index = table.columns.index(row_of(dialog, name), USE_COLUMN)
    table.scrollTo(index)
    place = table.visualRect(index).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.x(), place.y()))
    editor = table.editor
    assert isinstance(editor, Choice)
    view = editor.view()
    qtbot.waitUntil(view.isVisible)
    entry = view.model().index(editor.findText(label), 0)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(entry).center())


def test_every_column_is_a_row_with_what_it_is_taken_for(dialog: TableDialog) -> None:
    assert shown(dialog, "island") == ["island", "Category, 3 inputs", "Biscoe, Dream, Torgersen", ""]
    assert shown(dialog, "sex")[1:] == ["Category, 2 inputs", "female, male", "7"]
    assert shown(dialog, "notes")[1:] == ["Left out: text", "bird 0, bird 1, bird 2, … (333)", ""]
    assert shown(dialog, "column 1")[1] == "Left out: row number"
    assert shown(dialog, "species")[1] == "Target"


def test_one_click_changes_what_a_column_is_taken_for(dialog: TableDialog, qtbot: QtBot) -> None:
    choose(qtbot, dialog, "island", "Left out")
    qtbot.waitUntil(lambda: shown(dialog, "island")[1] == "Left out")
    choose(qtbot, dialog, "sex", "Yes or no")
    qtbot.waitUntil(lambda: shown(dialog, "sex")[1] == "Yes or no")
    assert dialog.choices.features == ["bill length", "bill depth", "sex=male", "tagged"]
    assert facts(dialog.choices.settings).columns == tuple(dialog.choices.features)


def test_a_column_becomes_the_target_by_a_click(dialog: TableDialog, qtbot: QtBot) -> None:
    choose(qtbot, dialog, "island", "Target")
    qtbot.waitUntil(lambda: dialog.choices.target.value == "island")
    assert shown(dialog, "species")[1] == "Category, 3 inputs"


def test_what_a_column_can_not_be_is_refused_and_it_stays(dialog: TableDialog, qtbot: QtBot) -> None:
    choose(qtbot, dialog, "island", "Yes or no")
    assert (
        "'island' has 3 different values, so it can't be taken as yes or no" in dialog.choices.problem.text()
    )
    assert shown(dialog, "island")[1] == "Category, 3 inputs"
    assert dialog.open_button.isEnabled()


def test_missing_values_can_be_filled(dialog: TableDialog) -> None:
    choices = dialog.choices
    assert choices.problem.text().startswith("8 of 333 rows lack a value: rows 4 (bill length), 8 (sex)")
    choices.missing.setFocus()
    QTest.keyClick(choices.missing, Qt.Key.Key_Down)
    assert choices.missing.value == "mean"
    assert choices.problem.text() == ""
    assert choices.settings.fills == (("bill length", "mean"), ("sex", "mean"))
    assert shown(dialog, "sex")[3] == "7: most frequent value"


def test_the_keys_open_what_a_column_may_be(dialog: TableDialog, qtbot: QtBot) -> None:
    table = dialog.choices.columns
    table.setFocus()
    table.setCurrentIndex(table.columns.index(row_of(dialog, "study"), USE_COLUMN))
    QTest.keyClick(table, Qt.Key.Key_F2)
    editor = table.editor
    assert isinstance(editor, Choice)
    assert editor.value == "out"
    view = editor.view()
    qtbot.waitUntil(view.isVisible)
    QTest.keyClick(view, Qt.Key.Key_Home)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(dialog, "study")[1] == "Number")


def test_settings_of_a_project_are_shown_as_they_were_chosen(dialog: TableDialog) -> None:
    choices = dialog.choices
    choices.choose_use("island", "out")
    chosen = choices.settings
    choices.show_settings(chosen)
    assert choices.settings == chosen
    assert shown(dialog, "island")[1] == "Left out"
    numbers = DataSettings("table", chosen.table, targets=("bill length", "bill depth"))
    choices.show_settings(numbers)
    assert choices.target.currentText() == "bill length, bill depth"
    assert choices.settings.targets == ("bill length", "bill depth")
    assert choices.settings.uses == ()
