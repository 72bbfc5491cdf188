"""Which keys run which command: those of the table, unless the user chose others.

What tells of keys elsewhere, such as the tooltip of a button, names the command by `tell_keys` or
`write_keys` and gets its text from `show_keys`, again whenever keys change.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QWidget

from bpviz.ui.preferences import Preferences


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


class _Told(QObject):
    """Brings a widget's tooltip, or the text of a label, up to the keys in force.

    It is a child of the widget, so that a window finds those it has, and goes with it.
    """

    def __init__(self, widget: QWidget, text: str, names: tuple[str, ...]) -> None:
        super().__init__(widget)
        self._widget, self._text, self._names = widget, text, names

    def show(self, keys: Keys) -> None:
        """Say them."""
        known = [keys.text(name) for name in self._names]
        if isinstance(self._widget, QLabel):
            self._widget.setText(self._text.format(*(key or "its entry in a menu" for key in known)))
            return
        # Not a comma between: that is a key, too.
        words = " or ".join(filter(None, known))
        self._widget.setToolTip(f"{self._text} ({words})" if words else self._text)


def tell_keys(widget: QWidget, about: str, *names: str) -> None:
    """Say in a widget's tooltip what it does, with the keys of the commands that do the same."""
    widget.setToolTip(about)
    _Told(widget, about, names)


def write_keys(label: QLabel, text: str, *names: str) -> None:
    """Write a text with ``{}`` for the keys of each command."""
    _Told(label, text, names)


def show_keys(root: QWidget, keys: Keys) -> None:
    """Bring all such texts in a window up to the keys in force."""
    for told in root.findChildren(_Told):
        told.show(keys)
