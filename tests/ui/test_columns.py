"""From a file of birds to a trained network with island and sex as inputs, by clicks alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from bpviz.data.datasets import facts
from bpviz.ui.main_window import MainWindow
from bpviz.ui.panels.columns_dialog import ColumnsDialog
from bpviz.ui.panels.columns_table import USE_COLUMN, ColumnsTable
from bpviz.ui.panels.data_panel import DataPanel
from bpviz.ui.panels.table_dialog import TableDialog
from tests.data.birds import write_birds

INPUTS = ("bill length", "bill depth", "island=Biscoe", "island=Dream", "island=Torgersen", "sex=female",
          "sex=male")  # fmt: skip


def choose(qtbot: QtBot, table: ColumnsTable, name: str, label: str) -> None:
    row = [one.name for one in table.columns.accounts].index(name)
    index = table.columns.index(row, USE_COLUMN)
    table.scrollTo(index)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    editor = table.editor
    assert editor is not None
    view = editor.view()
    qtbot.waitUntil(view.isVisible)
    place = view.visualRect(view.model().index(editor.findText(label), 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: table.columns.accounts[row].use != "switch")


def meanwhile(kind: type[QDialog], act: Callable[[QDialog], None]) -> list[BaseException]:
    """Do something in a dialog when it is open; what goes wrong is in the list, and the dialog closes."""
    failed: list[BaseException] = []

    def run() -> None:
        dialog = QApplication.activeModalWidget()
        try:
            assert isinstance(dialog, kind)
            act(dialog)
        except BaseException as error:  # noqa: BLE001 - a border: else the dialog would stay open for ever
            failed.append(error)
        if isinstance(dialog, QDialog) and dialog.isVisible():
            dialog.reject()

    QTimer.singleShot(0, run)
    return failed


def test_birds_are_learned_with_island_and_sex_as_inputs(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    def open_it(dialog: QDialog) -> None:
        assert isinstance(dialog, TableDialog)
        choose(qtbot, dialog.choices.columns, "tagged", "Left out")
        dialog.choices.missing.setFocus()
        QTest.keyClick(dialog.choices.missing, Qt.Key.Key_Down)
        QTest.mouseClick(dialog.open_button, Qt.MouseButton.LeftButton)

    failed = meanwhile(TableDialog, open_it)
    window.files.open_path(write_birds(tmp_path / "birds.csv"))
    assert failed == []
    project = window.document.project
    assert facts(project.data).columns == INPUTS
    assert project.network.input is not None
    assert tuple(node.feature for node in project.network.input.nodes) == INPUTS
    assert project.data.fills == (("bill length", "mean"), ("sex", "mean"))
    assert window.controller.problem == ""
    window.controller.run_to(20)
    qtbot.waitUntil(lambda: window.controller.latest is not None and window.controller.latest.step == 20)

    panel = window.findChild(DataPanel)
    assert isinstance(panel, DataPanel)
    assert (
        "Left out: column 1 (row number), tagged, seen on (date or time), bird_id (id), notes (text), "
        "study (never changes)." in panel.summary
    )

    def change_it(dialog: QDialog) -> None:
        assert isinstance(dialog, ColumnsDialog)
        choose(qtbot, dialog.choices.columns, "island", "Target")
        QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)

    failed = meanwhile(ColumnsDialog, change_it)
    panel.columns_button.click()
    assert failed == []
    assert window.document.project.data.targets == ("island",)
    assert facts(window.document.project.data).columns == (
        "bill length", "bill depth", "sex=female", "sex=male",
        "species=Adelie", "species=Chinstrap", "species=Gentoo",
    )  # fmt: skip
    assert window.controller.problem == ""
    window.actions_by_name["undo"].trigger()
    assert window.document.project == project
