"""The preferences: theme and motion.  Each takes effect at once, so there is nothing to confirm."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from bpviz.palette import ThemeMode
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form
from bpviz.ui.preferences import Preferences
from bpviz.ui.theme import Theme


class PreferencesDialog(QDialog):
    """Shows and sets what `Preferences` remembers about looks."""

    def __init__(self, preferences: Preferences, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self._preferences, self._theme = preferences, theme
        self.mode = Choice()
        self.mode.fill(
            [
                ("light", "Light", "Dark on light"),
                ("dark", "Dark", "Light on dark"),
                ("system", "As the system", "Light or dark as the system shows"),
            ]
        )
        self.mode.show_value(theme.mode)
        self.reduced = QCheckBox("Reduce motion")
        self.reduced.setChecked(theme.reduced_motion)
        form = Form()
        form.add("Theme", self.mode, "Colors of the window")
        form.add("", self.reduced, "Nothing moves by itself")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.mode.chosen.connect(self._on_mode)
        self.reduced.toggled.connect(self._on_reduced)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(form)
        layout.addWidget(buttons)
        self.setMinimumWidth(320)

    @Slot(str)
    def _on_mode(self, name: str) -> None:
        modes: dict[str, ThemeMode] = {"light": "light", "dark": "dark", "system": "system"}
        self._preferences.theme = modes[name]
        self._theme.set_mode(modes[name])

    @Slot(bool)
    def _on_reduced(self, reduced: bool) -> None:
        self._preferences.reduced_motion = reduced
        self._theme.set_reduced_motion(reduced=reduced)
