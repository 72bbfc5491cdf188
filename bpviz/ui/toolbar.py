"""The toolbar: files, undo, the run with its speed, and what the network's colors show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QSlider, QToolBar, QToolButton, QWidget

from bpviz.training.speed import DEFAULT_SPEED, SPEEDS, Speed
from bpviz.ui.actions import with_keys
from bpviz.ui.theme import ICON_PX, Theme

_FILES: Final = ("new", "open", "save")
_EDITS: Final = ("undo", "redo")
_STEPS: Final = ("step_epoch", "step_batch", "step_example", "step_phase", "step_back")
_VIEWS: Final = ("view_weights", "view_gradients", "view_deltas", "view_activations", "view_outputs")


class RunToolBar(QToolBar):
    """The one toolbar.

    Signals:
        speed_changed: (Speed).
    """

    speed_changed = Signal(object)

    def __init__(self, actions: Mapping[str, QAction], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Toolbar", parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        theme.size(self, icon=ICON_PX)
        self._actions, self._theme = actions, theme
        self._playing = False
        self._add_group(_FILES)
        self._add_group(_EDITS)
        self._add_text_button("reset")
        self.play_button = self._add_play()
        self.step_button = self._add_step()
        self.addSeparator()
        self.speed = SpeedSlider(theme)
        self.speed.changed.connect(self.speed_changed)
        self.addWidget(self.speed)
        spacer = QWidget()
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        for name in _VIEWS:
            self.addAction(actions[name])
        # Offers what a narrow window has no room for; Qt's own picture is dark on dark.
        for button in self.findChildren(QToolButton, "qt_toolbar_ext_button"):
            theme.show_icon(button, "chevron-right", "secondary")
        theme.changed.connect(self._paint_play)
        self._paint_play()

    @Slot(bool)
    def show_playing(self, playing: bool) -> None:
        """Let the button say Pause while the run plays."""
        self._playing = playing
        self._paint_play()

    def _add_group(self, names: tuple[str, ...]) -> None:
        for name in names:
            self.addAction(self._actions[name])
        self.addSeparator()

    def _add_text_button(self, name: str) -> QToolButton:
        self.addAction(self._actions[name])
        button = self.widgetForAction(self._actions[name])
        assert isinstance(button, QToolButton)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def _add_play(self) -> QToolButton:
        button = (
            QToolButton()
        )  # not the action's own: on the accent its picture needs another color than in menus
        button.setProperty("look", "primary")
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(self._actions["play"].trigger)
        self._actions["play"].changed.connect(self._on_play_changed)
        self.addWidget(button)
        return button

    def _add_step(self) -> QToolButton:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for name in _STEPS:
            menu.addAction(self._actions[name])
        button = QToolButton()
        button.setDefaultAction(self._actions["step_batch"])
        button.setText("Step")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._actions["step_batch"].changed.connect(lambda: button.setText("Step"))
        self.addWidget(button)
        return button

    @Slot()
    def _paint_play(self) -> None:
        name = "pause" if self._playing else "play"
        self._actions["play"].setText(f"&{name.capitalize()}")
        self._theme.show_icon(self._actions["play"], name)
        self._theme.show_icon(self.play_button, name, "surface")
        self.play_button.ensurePolished()
        widths = []
        for text in ("Play", "Pause"):  # as wide for one as for the other
            self.play_button.setText(text)
            widths.append(self.play_button.sizeHint().width())
        self.play_button.setMinimumWidth(max(widths))
        self.play_button.setText(name.capitalize())

    @Slot()
    def _on_play_changed(self) -> None:
        action = self._actions["play"]
        self.play_button.setEnabled(action.isEnabled())
        self.play_button.setToolTip(action.toolTip())


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
        self.slider.setToolTip(with_keys("Speed, from one phase a second to flat out", "faster", "slower"))
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
