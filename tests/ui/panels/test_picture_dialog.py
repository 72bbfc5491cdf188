"""The dialog shows the picture as it will be, refuses what can't be made, and remembers what was chosen."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from bpviz.errors import FileError
from bpviz.files.figures import FIGURE_FORMATS
from bpviz.files.picture_settings import PictureSettings
from bpviz.palette import DARK, LIGHT
from bpviz.ui.panels.animation_dialog import AnimationDialog
from bpviz.ui.panels.line_edits import NumberEdit, OptionalNumber
from bpviz.ui.panels.picture_dialog import PictureChoice, PictureDialog
from bpviz.ui.preferences import Preferences
from bpviz.ui.theme import Theme
from tests.files.test_figures import line, lines


def draw(kind: str, look: PictureSettings) -> bytes:
    return FIGURE_FORMATS[kind].content(lines(line("a", [2.0, 1.0])), look)


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(tmp_path / "bpviz.ini")


@pytest.fixture
def dialog(theme: Theme, preferences: Preferences, qtbot: QtBot) -> PictureDialog:
    found = PictureDialog("Export plot", draw, theme, preferences)
    qtbot.addWidget(found)
    found.open()
    qtbot.waitUntil(lambda: not found.preview.image.isNull(), timeout=30_000)
    return found


def type_into(field: OptionalNumber | NumberEdit, text: str) -> None:
    edit = field.edit if isinstance(field, OptionalNumber) else field
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, Qt.Key.Key_Return)


def shape(dialog: PictureDialog) -> float:
    return dialog.preview.image.width() / dialog.preview.image.height()


def test_the_preview_has_the_shape_and_the_theme_that_are_chosen(dialog: PictureDialog, qtbot: QtBot) -> None:
    assert dialog.preview.image.pixelColor(1, 1).name() == LIGHT.surface
    QTest.mouseClick(dialog.width_field.switch, Qt.MouseButton.LeftButton)
    type_into(dialog.width_field, "600")
    type_into(dialog.height_field, "200")
    assert dialog.settings.size == (600.0, 200.0)
    qtbot.waitUntil(lambda: abs(shape(dialog) - 3) < 0.05, timeout=30_000)
    dialog.theme.setFocus()
    QTest.keyClick(dialog.theme, Qt.Key.Key_End)
    assert dialog.settings.theme == "dark"
    qtbot.waitUntil(lambda: dialog.preview.image.pixelColor(1, 1).name() == DARK.surface, timeout=30_000)


def test_what_can_not_be_made_is_said_and_not_taken(dialog: PictureDialog) -> None:
    QTest.mouseClick(dialog.width_field.switch, Qt.MouseButton.LeftButton)
    before = dialog.settings
    type_into(dialog.width_field, "20")
    assert "has no room for its letters" in dialog.problem.text()
    assert dialog.settings == before


def test_another_unit_keeps_the_size(dialog: PictureDialog) -> None:
    QTest.mouseClick(dialog.width_field.switch, Qt.MouseButton.LeftButton)
    type_into(dialog.width_field, "1200")
    type_into(dialog.height_field, "800")
    dialog.unit.setFocus()
    QTest.keyClick(dialog.unit, Qt.Key.Key_End)
    assert (dialog.settings.size, dialog.settings.unit) == ((159.0, 106.0), "mm")


def test_the_picture_is_copied_as_it_would_be_written(dialog: PictureDialog) -> None:
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().image()
    with Image.open(io.BytesIO(draw("png", dialog.settings))) as written:
        assert (copied.width(), copied.height()) == written.size


def test_it_is_remembered(
    theme: Theme, preferences: Preferences, dialog: PictureDialog, qtbot: QtBot
) -> None:
    type_into(dialog.dpi, "300")
    QTest.mouseClick(dialog.font_size.switch, Qt.MouseButton.LeftButton)
    type_into(dialog.font_size, "9.5")
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel), Qt.MouseButton.LeftButton)
    preferences.sync()
    again = PictureChoice.remembered(Preferences(preferences.path))
    assert again == dialog.choice
    assert (again.settings.dpi, again.settings.font_size, again.theme) == (300, 9.5, "window")


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "[]", '{"dpi": "many"}', '{"size": [1, 2]}', '{"other": 1}', '{"size": 5}', "null"],
)
def test_what_is_damaged_counts_as_not_chosen(preferences: Preferences, text: str) -> None:
    preferences.picture = text
    assert PictureChoice.remembered(preferences) == PictureChoice()


def test_the_windows_theme_is_that_of_the_moment(theme: Theme) -> None:
    assert PictureChoice().of(theme).theme == "light"
    theme.set_mode("dark")
    assert PictureChoice().of(theme).theme == "dark"
    assert PictureChoice(theme="light").of(theme).theme == "light"


def test_what_can_not_be_drawn_is_said(theme: Theme, preferences: Preferences, qtbot: QtBot) -> None:
    def refuse(kind: str, look: PictureSettings) -> bytes:
        raise FileError(f"There is no {kind} of it.")

    dialog = PictureDialog("Export plot", refuse, theme, preferences)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.problem.text() == "There is no png of it.", timeout=30_000)


@pytest.mark.parametrize("percent", [100, 150])
def test_no_label_of_the_export_dialogs_is_broken(
    theme: Theme, preferences: Preferences, percent: int, qtbot: QtBot
) -> None:
    theme.set_text_percent(percent)
    pictures = PictureDialog("Export plot", draw, theme, preferences)
    frames = AnimationDialog([], (0, 10), "light")
    for dialog in (pictures, frames):
        qtbot.addWidget(dialog)
        dialog.open()
        labels = [label for label in dialog.findChildren(QLabel) if label.property("look") == "field"]
        assert len(labels) == 6
        for label in labels:
            assert label.fontMetrics().horizontalAdvance(label.text()) <= label.contentsRect().width()
    qtbot.waitUntil(lambda: not pictures.preview.image.isNull(), timeout=30_000)
