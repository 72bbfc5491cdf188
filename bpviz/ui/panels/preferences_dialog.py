"""The preferences: looks, and room for moments.  Each takes effect at once: there is nothing to confirm."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, QTimer, Slot
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QVBoxLayout, QWidget

from bpviz.palette import ThemeMode
from bpviz.ui.panels.dialogs import FittingDialog
from bpviz.ui.panels.fields import Choice
from bpviz.ui.panels.form import Form
from bpviz.ui.panels.line_edits import Bounds, NumberEdit
from bpviz.ui.preferences import FILE_MOMENTS_MB, MOMENTS_MB, TEXT_PERCENTS, Preferences
from bpviz.ui.theme import Theme

_WANTED_PX: Final = QSize(320, 0)


class PreferencesDialog(FittingDialog):
    """Shows and sets what `Preferences` remembers about looks, and about room for moments."""

    def __init__(self, preferences: Preferences, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Preferences", QDialogButtonBox.StandardButton.Close, _WANTED_PX, parent)
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
        low, high = TEXT_PERCENTS
        self.text_size = NumberEdit(Bounds(low, high, step=10, whole=True))
        self.text_size.show_value(theme.text_percent)
        self.reduced = QCheckBox("Reduce motion")
        self.reduced.setChecked(theme.reduced_motion)
        form = Form()
        form.add("Theme", self.mode, "Colors of the window")
        self.size_row = form.add("Text size (%)", self.text_size, "Of texts and all that stands around them")
        form.add("", self.reduced, "Nothing moves by itself")
        self.moments = _megabytes(MOMENTS_MB, preferences.moments_mb)
        self.file_moments = _megabytes(FILE_MOMENTS_MB, preferences.file_moments_mb)
        form.add_section("Moments of a run (MB)")
        form.add("In memory", self.moments, "Memory for winding a run, from the next run on")
        form.add(
            "In files",
            self.file_moments,
            "Moments and branches that are saved with a run; 0 saves it as it stands, and none of them",
        )
        close = self.buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAutoDefault(False)  # Return in a field takes its number and goes on
        self.mode.chosen.connect(self._on_mode)
        self.text_size.committed.connect(self._on_text_size)
        self.reduced.toggled.connect(self._on_reduced)
        self.moments.committed.connect(self._on_moments)
        self.file_moments.committed.connect(self._on_file_moments)
        layout = QVBoxLayout(self.content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(form)
        layout.addStretch(1)

    @Slot(str)
    def _on_mode(self, name: str) -> None:
        modes: dict[str, ThemeMode] = {"light": "light", "dark": "dark", "system": "system"}
        self._preferences.theme = modes[name]
        self._theme.set_mode(modes[name])

    @Slot(float)
    def _on_text_size(self, percent: float) -> None:
        self._preferences.text_percent = int(percent)
        self._theme.set_text_percent(int(percent))
        self.fit()
        QTimer.singleShot(0, self, self.fit)  # as wide as it is now, labels stand beside their fields again

    @Slot(float)
    def _on_moments(self, megabytes: float) -> None:
        self._preferences.moments_mb = int(megabytes)

    @Slot(float)
    def _on_file_moments(self, megabytes: float) -> None:
        self._preferences.file_moments_mb = int(megabytes)

    @Slot(bool)
    def _on_reduced(self, reduced: bool) -> None:
        self._preferences.reduced_motion = reduced
        self._theme.set_reduced_motion(reduced=reduced)


def _megabytes(bounds: tuple[int, int], value: int) -> NumberEdit:
    edit = NumberEdit(Bounds(*bounds, whole=True))
    edit.show_value(value)
    return edit
