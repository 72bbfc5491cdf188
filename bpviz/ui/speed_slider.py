"""How fast a run plays, as a slider."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QWidget

from bpviz.training.speed import DEFAULT_SPEED, SPEEDS, Speed
from bpviz.ui.keys import tell_keys
from bpviz.ui.theme import Theme


class SpeedSlider(QWidget):
    """One stop for each entry of `SPEEDS`.

    Signals:
        changed: (Speed).
    """

    changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(SPEEDS) - 1)
        self.slider.setValue(SPEEDS.index(DEFAULT_SPEED))
        self.slider.setPageStep(1)
        theme.size(self.slider, width=104)
        tell_keys(self.slider, "Speed, from one phase a second to flat out", "faster", "slower")
        self.slider.setAccessibleName("Speed")
        self.label = QLabel(DEFAULT_SPEED.label)
        self.label.setProperty("look", "field")
        self.slider.valueChanged.connect(self._on_value)
        caption = QLabel("Speed")
        caption.setProperty("look", "field")
        caption.setBuddy(self.slider)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, 0, 4, 0)
        layout.setSpacing(8)
        for widget in (caption, self.slider, self.label):
            layout.addWidget(widget)
        theme.changed.connect(self._on_theme)
        self._on_theme()

    @property
    def speed(self) -> Speed:
        """The speed it stands at."""
        return SPEEDS[self.slider.value()]

    def change_by(self, stops: int) -> None:
        """Go some stops faster, or slower if negative."""
        self.slider.setValue(self.slider.value() + stops)

    @Slot(int)
    def _on_value(self, stop: int) -> None:
        self.label.setText(SPEEDS[stop].label)
        self.changed.emit(SPEEDS[stop])

    @Slot()
    def _on_theme(self) -> None:
        metrics = self._theme.metrics()
        self.label.setFixedWidth(max(metrics.horizontalAdvance(speed.label) for speed in SPEEDS) + 4)
