"""Keys are looked up and changed in one list."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from bpviz.ui.commands import COMMANDS
from bpviz.ui.commands.keys_dialog import KeysDialog
from bpviz.ui.keys import Keys
from bpviz.ui.preferences import Preferences

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def keys(preferences: Preferences) -> Keys:
    """The keys of the table."""
    return Keys({command.name: command.keys for command in COMMANDS.values()}, preferences)


@pytest.fixture
def dialog(keys: Keys, qtbot: QtBot) -> Iterator[KeysDialog]:
    """The list, in sight."""
    dialog = KeysDialog(keys)
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    dialog.close()


def _rows(dialog: KeysDialog) -> dict[str, str]:
    rows = (dialog.list.topLevelItem(at) for at in range(dialog.list.topLevelItemCount()))
    return {row.text(0): row.text(2) for row in rows if row is not None}


def test_every_command_is_listed_with_its_keys(dialog: KeysDialog) -> None:
    rows = _rows(dialog)
    assert len(rows) >= len({command.plain for command in COMMANDS.values()})
    assert rows["Redo"] == "Ctrl+Shift+Z  or  Ctrl+Y"


def test_words_and_keys_find_a_command(dialog: KeysDialog) -> None:
    QTest.keyClicks(dialog.search, "ctrl+y")
    assert list(_rows(dialog)) == ["Redo"]
    dialog.search.setText("phase before far")
    assert dialog.chosen == "step_back"
    dialog.search.setText("quokka")
    assert not dialog.field.isEnabled()
    assert dialog.told.text().startswith("No command")


def test_new_keys_are_kept_in_the_preferences(
    dialog: KeysDialog, keys: Keys, preferences: Preferences
) -> None:
    dialog.choose("fit")
    QTest.keyClick(dialog.field, Qt.Key.Key_0, CTRL)
    assert keys.of("fit") == ("Ctrl+0",)
    assert dialog.told.text() == "Ctrl+0 runs Fit to window now."
    assert preferences.keys == {"fit": "Ctrl+0"}
    assert Keys({"fit": "F"}, preferences).of("fit") == ("Ctrl+0",)
    assert dialog.reset.isEnabled()
    dialog.reset.click()
    assert keys.of("fit") == ("F",)
    assert preferences.keys == {}


def test_a_clash_names_the_other_command_and_nothing_is_changed_until_one_wishes(
    dialog: KeysDialog, keys: Keys
) -> None:
    dialog.choose("fit")
    QTest.keyClick(dialog.field, Qt.Key.Key_Z, CTRL)
    assert dialog.told.text().startswith("Ctrl+Z runs Undo already")
    assert keys.of("fit") == ("F",)
    assert keys.of("undo") == ("Ctrl+Z",)
    dialog.take.click()
    assert keys.of("fit") == ("Ctrl+Z",)
    assert keys.of("undo") == ()
    dialog.choose("undo")
    dialog.reset.click()
    assert keys.of("undo") == ("Ctrl+Z",)
    assert keys.of("fit") == ()
    dialog.reset_all.click()
    assert keys.of("fit") == ("F",)


def test_a_command_can_do_without_keys(dialog: KeysDialog, keys: Keys) -> None:
    dialog.choose("step_phase")
    dialog.clear.click()
    assert keys.of("step_phase") == ()
    assert not dialog.clear.isEnabled()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Shift, Qt.Key.Key_Control])
def test_keys_that_lead_on_are_none(dialog: KeysDialog, keys: Keys, key: Qt.Key) -> None:
    dialog.choose("fit")
    QTest.keyClick(dialog.field, key)
    assert keys.of("fit") == ("F",)


def test_a_key_that_is_taken_elsewhere_is_refused_in_a_sentence(dialog: KeysDialog) -> None:
    dialog.choose("fit")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.told.text() == "Return takes what was typed; choose other keys."
    assert dialog.isVisible()
