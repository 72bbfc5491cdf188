"""Which keys run which command: those of the table, unless the user chose others.

What tells of keys elsewhere, such as the tooltip of a button, names the command by `tell_keys` or
`write_keys` and gets its text from `show_keys`, again whenever keys change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QWidget

from bpviz.ui.preferences import Preferences

_TIP: Final = "tipWithKeys"
_TEXT: Final = "textWithKeys"


class Keys(QObject):
    """The keys in force.

    Signals:
        changed: Some command has others.
    """

    changed = Signal()

    def __init__(
        self, defaults: Mapping[str, str], preferences: Preferences, parent: QObject | None = None
    ) -> None:
        """Take what the user chose from the preferences.

        Args:
            defaults: By name of each command its keys, separated by spaces.
            preferences: Remember what differs.
            parent: Qt's.
        """
        super().__init__(parent)
        self._defaults, self._preferences = dict(defaults), preferences
        self._chosen = {name: keys for name, keys in preferences.keys.items() if name in self._defaults}

    def of(self, name: str) -> tuple[str, ...]:
        """The keys of a command, each as Qt writes it for programs."""
        return tuple(self._chosen.get(name, self._defaults.get(name, "")).split())

    def text(self, name: str) -> str:
        """The first of them, as menus show it; empty for none."""
        return shown(next(iter(self.of(name)), ""))

    def is_chosen(self, name: str) -> bool:
        """Whether the user chose them."""
        return name in self._chosen

    def owner(self, keys: str, but: str = "") -> str:
        """Return the command that has some keys, other than ``but``; empty for none."""
        return next((name for name in self._defaults if name != but and keys in self.of(name)), "")

    def choose(self, name: str, keys: str) -> None:
        """Give a command other keys, or none; whoever had them keeps what is left."""
        chosen = dict(self._chosen)
        for key in keys.split():
            other = self.owner(key, but=name)
            if other:
                chosen[other] = " ".join(one for one in self.of(other) if one != key)
        chosen[name] = keys
        self._take(chosen)

    def reset(self, name: str = "") -> None:
        """Give one command the keys of the table again, or all of them.

        Whoever has got one of them meanwhile gives it back.
        """
        if not name:
            self._take({})
            return
        self.choose(name, self._defaults[name])

    def _take(self, chosen: Mapping[str, str]) -> None:
        self._chosen = {name: keys for name, keys in chosen.items() if keys != self._defaults[name]}
        self._preferences.keys = self._chosen
        self.changed.emit()


def shown(keys: str) -> str:
    """Keys as menus show them."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def tell_keys(widget: QWidget, about: str, *names: str) -> None:
    """Say in a widget's tooltip what it does, with the keys of the commands that do the same."""
    widget.setProperty(_TIP, [about, *names])
    widget.setToolTip(about)


def write_keys(label: QLabel, text: str, *names: str) -> None:
    """Write a text with ``{}`` for the keys of each command."""
    label.setProperty(_TEXT, [text, *names])


def show_keys(root: QWidget, keys: Keys) -> None:
    """Bring all such texts in a window up to the keys in force."""
    for widget in root.findChildren(QWidget):
        if (told := widget.property(_TIP)) is not None:
            about, *names = told
            # Not a comma between: that is a key, too.
            words = " or ".join(filter(None, map(keys.text, names)))
            widget.setToolTip(f"{about} ({words})" if words else about)
        if (written := widget.property(_TEXT)) is not None and isinstance(widget, QLabel):
            text, *names = written
            widget.setText(text.format(*(keys.text(name) or "its entry in a menu" for name in names)))
