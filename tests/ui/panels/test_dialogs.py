"""Dialogs fit their screen: what they hold scrolls, their buttons stay in sight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.panels.checklist import Checklist
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.preferences_dialog import PreferencesDialog
from bpviz.ui.panels.table_dialog import TableDialog
from bpviz.ui.preferences import Preferences
from bpviz.ui.theme import Theme

Make = Callable[[Path, Theme], FittingDialog]


def _table(folder: Path, theme: Theme) -> FittingDialog:
    path = folder / "a.csv"
    head = ",".join(f"column number {at}" for at in range(40))
    path.write_text(f"{head}\n" + "\n".join(",".join(["1.5"] * 40) for _ in range(30)), encoding="utf-8")
    return TableDialog(path)


def _checklist(folder: Path, theme: Theme) -> FittingDialog:
    return Checklist("Features", "About", [f"column {at}" for at in range(99)], ["column 3"])


def _preferences(folder: Path, theme: Theme) -> FittingDialog:
    return PreferencesDialog(Preferences(folder / "bpviz.ini"), theme)


@pytest.mark.parametrize("make", [_table, _checklist, _preferences])
@pytest.mark.parametrize("percent", [100, 200])
def test_buttons_are_on_the_screen(
    theme: Theme, qtbot: QtBot, tmp_path: Path, make: Make, percent: int
) -> None:
    theme.set_text_percent(percent)
    dialog = make(tmp_path, theme)
    qtbot.addWidget(dialog)
    dialog.show()
    room = dialog.screen().availableGeometry()
    assert dialog.width() < room.width()
    assert dialog.height() < room.height()
    for button in dialog.buttons.buttons():
        assert dialog.rect().contains(button.mapTo(dialog, QPoint(0, 0)))
        assert dialog.rect().contains(button.mapTo(dialog, button.rect().bottomRight()))


def test_content_larger_than_the_screen_scrolls(theme: Theme, qtbot: QtBot) -> None:
    dialog = FittingDialog("Large", QDialogButtonBox.StandardButton.Close)
    qtbot.addWidget(dialog)
    large = QWidget()
    large.setFixedSize(3000, 3000)
    QVBoxLayout(dialog.content).addWidget(large)
    foot = QLabel("Said in any case")
    dialog.add_foot(foot)
    dialog.show()
    assert dialog.content.height() >= 3000
    assert dialog.height() < dialog.screen().availableGeometry().height()
    assert dialog.rect().contains(foot.geometry())
