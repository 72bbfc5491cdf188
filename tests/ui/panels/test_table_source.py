"""A table comes from a file or the clipboard; a large file under a dialog that can be ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QTimer, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from bpviz.errors import DataError
from bpviz.ui.panels import table_source
from bpviz.ui.panels.table_source import ReadingDialog, TableSource, copied_table, first_reading


@pytest.fixture(autouse=True)
def clipboard(qapp: QApplication) -> Iterator[None]:
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def test_copied_cells_are_a_table(qapp: QApplication) -> None:
    QGuiApplication.clipboard().setText("a\tb\n1,5\t2\n")
    source = copied_table()
    reading = first_reading(source, None)
    assert reading is not None
    assert reading.table.rows == (("1.5", "2"),)
    assert source.is_text


def test_a_copied_file_is_opened(tmp_path: Path, qapp: QApplication) -> None:
    path = tmp_path / "größe.csv"
    path.write_text("a,b\n1,2\n")
    copied = QMimeData()
    copied.setUrls([QUrl.fromLocalFile(str(path))])
    QGuiApplication.clipboard().setMimeData(copied)
    assert copied_table() == TableSource(path)


def test_without_anything_copied_it_says_what_to_do(qapp: QApplication) -> None:
    with pytest.raises(DataError, match=r"There is no table to paste; copy its cells first"):
        copied_table()


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: object) -> TableSource:
    monkeypatch.setattr(table_source, "LARGE_BYTES", 10)
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "1,2\n" * 50_000, encoding="utf-8")
    return TableSource(path)


def test_a_large_file_is_read_under_a_dialog(large: TableSource, qtbot: QtBot) -> None:
    reading = first_reading(large, None)
    assert reading is not None
    assert len(reading.table.rows) == 50_000


def test_the_dialog_ends_the_reading(large: TableSource, qtbot: QtBot) -> None:
    dialog = ReadingDialog(large)
    qtbot.addWidget(dialog)
    cancel = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
    QTimer.singleShot(0, dialog, cancel.click)
    assert not dialog.exec()
    assert dialog.reading is None
    assert dialog.fault == ""
    dialog.reader.close()


def test_a_large_file_that_can_not_be_divided_shows_its_lines_and_one_that_is_no_text_says_so(
    large: TableSource, qtbot: QtBot
) -> None:
    assert isinstance(large.what, Path)
    assert not TableSource(large.what.with_name("nowhere.csv")).is_large
    large.what.write_text("a,b\n1,2\n" + "3\n" * 9, encoding="utf-8")
    reading = first_reading(large, None)
    assert reading is not None
    assert reading.fault.startswith("Row 2 of t.csv has 1 cell")
    assert reading.table.rows[:2] == (("a,b",), ("1,2",))
    large.what.write_bytes(b"a,b\n1,\0\n" * 9)
    with pytest.raises(DataError, match=r"t\.csv holds no text"):
        first_reading(large, None)
