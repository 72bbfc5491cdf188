"""Which keys run which command."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from bpviz.ui.keys import Keys, show_keys, tell_keys, write_keys
from bpviz.ui.preferences import Preferences

TABLE = {"first": "Ctrl+A F", "second": ",", "third": ""}


@pytest.fixture
def keys(preferences: Preferences, qapp: object) -> Keys:
    """Keys of three commands."""
    return Keys(TABLE, preferences)


def test_the_table_is_in_force_until_somebody_chooses(keys: Keys) -> None:
    assert [keys.of(name) for name in TABLE] == [("Ctrl+A", "F"), (",",), ()]
    assert keys.owner(",") == "second"
    assert keys.owner(",", but="second") == ""


def test_whoever_loses_keys_keeps_the_others(keys: Keys, preferences: Preferences) -> None:
    heard: list[bool] = []
    keys.changed.connect(lambda: heard.append(True))
    keys.choose("third", "F ,")
    assert [keys.of(name) for name in TABLE] == [("Ctrl+A",), (), ("F", ",")]
    assert heard == [True]
    again = Keys(TABLE, preferences)
    assert [again.of(name) for name in TABLE] == [keys.of(name) for name in TABLE]
    keys.reset()
    assert [keys.of(name) for name in TABLE] == [tuple(one.split()) for one in TABLE.values()]
    assert preferences.keys == {}


def test_a_command_that_is_no_more_is_forgotten(preferences: Preferences, qapp: object) -> None:
    preferences.keys = {"gone": "F", "third": "T"}
    keys = Keys(TABLE, preferences)
    assert keys.owner("F") == "first"
    assert keys.of("third") == ("T",)


def test_texts_follow_the_keys(keys: Keys, qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    layout = QVBoxLayout(root)
    button, label = QPushButton(), QLabel()
    layout.addWidget(button)
    layout.addWidget(label)
    tell_keys(button, "Do it", "first", "second")
    write_keys(label, "Press {} or {}.", "first", "third")
    assert button.toolTip() == "Do it"
    show_keys(root, keys)
    assert button.toolTip() == "Do it (Ctrl+A or ,)"
    assert label.text() == "Press Ctrl+A or its entry in a menu."
    keys.choose("first", "")
    keys.choose("second", "")
    show_keys(root, keys)
    assert button.toolTip() == "Do it"


@pytest.mark.parametrize("text", ["nonsense", "[1]", '{"first": 3}', "{"])
def test_damaged_preferences_count_as_not_set(preferences: Preferences, qapp: object, text: str) -> None:
    preferences._settings.setValue("keys/chosen", text)
    assert Keys(TABLE, preferences).of("first") == ("Ctrl+A", "F")
