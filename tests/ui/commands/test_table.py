"""The table of commands: its keys, and that it is the only one."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from bpviz.ui.commands import COMMANDS, MENUS
from bpviz.ui.main_window import MainWindow

DESKTOP = {  # openbox, GNOME, KDE and Xfce keep these for themselves, or hand them to input methods
    "Ctrl+Esc",
    "Ctrl+Space",
    "Ctrl+Shift+Space",
    "Ctrl+Shift+U",
    "Ctrl+Shift+E",
    "Ctrl+.",
    "Ctrl+;",
    "Shift+Space",
    "Print",
    "Shift+Print",
    "F10",
    "F11",
}

KEYS = [(entry.name, key) for entry in COMMANDS.values() for key in entry.keys.split()]
LETTERS = [(name, key) for name, key in KEYS if len(key) == 1 and key.isalpha()]


@pytest.mark.parametrize(("name", "keys"), KEYS)
def test_no_keys_are_a_window_managers(name: str, keys: str) -> None:
    assert "Meta" not in keys
    assert "Alt" not in keys, "Alt opens menus, and with Shift, Ctrl, arrows or Tab it is the desktop's"
    assert not re.fullmatch(r"Ctrl\+.*F\d+", keys), "KDE changes desktops by them"
    assert keys not in DESKTOP, name


def test_what_is_on_or_off_by_itself_is_no_choice_among_others(window: MainWindow) -> None:
    stays = {name for name, action in window.actions_by_name.items() if action.isCheckable()}
    assert stays == {name for name, command in COMMANDS.items() if command.checked is not None}
    alone = {name for name in stays if window.actions_by_name[name].actionGroup() is None}
    assert alone == {"minimap"}
    minimap = window.actions_by_name["minimap"]
    for shown in (False, True):
        minimap.trigger()
        assert minimap.isChecked() == window.canvas.minimap.wanted == shown
    choices = [command.choice for command in COMMANDS.values() if command.choice]
    assert all(choices.count(choice) > 1 for choice in choices)


def test_walking_has_a_letter_a_phase_and_one_back() -> None:
    assert {name: key for name, key in LETTERS if name.startswith("step_")} == {
        "step_example": "X",
        "step_phase": "N",
        "step_back": "B",
    }


def test_every_view_that_one_changes_to_often_has_a_key_of_its_own() -> None:
    views = {name.removeprefix("view_"): key for name, key in LETTERS if name.startswith("view_")}
    assert views == {
        "weights": "W",
        "gradients": "G",
        "deltas": "D",
        "activations": "A",
        "outputs": "O",
        "changes": "V",
        "slopes": "S",
        "still": "Z",
    }


def test_letters_are_commands_over_the_network_and_letters_in_a_field(
    window: MainWindow, qtbot: QtBot
) -> None:
    done: list[str] = []
    for name, _ in LETTERS:
        window.actions_by_name[name].triggered.connect(lambda _, name=name: done.append(name))
    fields = [field for field in window.findChildren(QLineEdit) if field.isVisible() and field.isEnabled()]
    assert len(fields) > 5
    for field in fields:
        field.setFocus()
        qtbot.waitUntil(field.hasFocus)
        for _, key in LETTERS:
            QTest.keyClick(field, Qt.Key(ord(key)))
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not done
    window.canvas.pane.setFocus()
    qtbot.waitUntil(window.canvas.pane.hasFocus)
    for name, key in LETTERS:
        if window.actions_by_name[name].isEnabled():
            QTest.keyClick(window.canvas.pane, Qt.Key(ord(key)))
            assert done[-1] == name


def test_a_letter_does_nothing_together_with_shift(window: MainWindow, qtbot: QtBot) -> None:
    done: list[str] = []
    window.actions_by_name["step_phase"].triggered.connect(lambda _: done.append("phase"))
    window.canvas.pane.setFocus()
    qtbot.waitUntil(window.canvas.pane.hasFocus)
    QTest.keyClick(window.canvas.pane, Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    assert not done


def test_tips_of_other_controls_name_the_keys_of_the_command(window: MainWindow) -> None:
    buttons = [button.toolTip() for button in window.canvas.findChildren(QToolButton)]
    assert "Show the whole network (F)" in buttons
    assert "Ctrl+Up or Ctrl+Down" in window.speed.slider.toolTip()
    window.commands.keys.choose("fit", "Ctrl+0")
    buttons = [button.toolTip() for button in window.canvas.findChildren(QToolButton)]
    assert "Show the whole network (Ctrl+0)" in buttons


def test_every_command_is_whole() -> None:
    for command in COMMANDS.values():
        assert (command.run is None) != (command.entries is None), command.name
        assert command.menu in MENUS or command.on_network, command.name
        assert command.about, command.name
        assert not command.about.endswith("."), command.name
        assert command.checked is not None or not command.choice, command.name


def test_letters_of_a_menu_lead_to_one_entry_each() -> None:
    for title in set(MENUS) - {"Run"}:  # more entries than their words have letters
        letters = [
            command.label[command.label.index("&") + 1].lower()
            for command in COMMANDS.values()
            if command.menu == title
        ]
        assert len(letters) == len(set(letters)), (title, letters)


def test_no_keys_run_two_commands() -> None:
    keys = [key for _, key in KEYS]
    assert len(keys) == len(set(keys))
